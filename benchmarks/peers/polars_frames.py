"""Polars: the rules as when/then expressions, or as a frame with a row a category that is joined to the cases."""

from __future__ import annotations

import functools
import itertools
import operator
from typing import Any

import polars as pl

from benchmarks.peers.peer import LAW, SIGNS, ColumnPeer
from benchmarks.problem import FLAGS, OUTCOMES, PlainRule, Problem

NAMES = pl.Enum((*OUTCOMES, "nothing"))
"""Ten times as fast as text."""


class Whens(ColumnPeer):
    """A when/then a rule, and the first of them that is not null; in one chain they are planned in minutes at 3,000."""

    package = "polars"
    gets = "Arrow columns; to its frames in the time"
    priorities = "order of the branches"
    lacks = f"unknown facts (null takes the next branch); why; {LAW}"
    threaded = True

    def __init__(self, problem: Problem, threads: int = 1) -> None:
        self.build(problem)

    def build(self, problem: Problem) -> None:
        """The rules as expressions."""
        whens = [
            pl.when(_tests(rule)).then(pl.lit(rule.outcome, dtype=NAMES))
            for own in problem.by_category().values()
            for rule in own
        ]
        self.outcome_of: Any = pl.coalesce(*whens, pl.lit("nothing", dtype=NAMES)).alias("outcome")

    def frame(self, rows: Any) -> Any:
        """The cases."""
        frame: Any = pl.from_arrow(rows)
        return frame.lazy()

    def decide_rows(self, rows: Any) -> Any:
        """A series."""
        return self.frame(rows).select(self.outcome_of).collect()["outcome"].to_arrow()


class Join(Whens):
    """A row a category with the edges of each of its rules; possible as all categories have rules of one shape."""

    def build(self, problem: Problem) -> None:
        """The rules as a frame, and what compares its columns with those of a case."""
        by_category = problem.by_category()
        some = next(iter(by_category.values()))
        rows = [
            functools.reduce(operator.or_, map(_edges, itertools.count(), own), {"category": category})
            for category, own in by_category.items()
        ]
        edges = pl.DataFrame(rows, infer_schema_length=None)
        self.edges = edges.with_columns(pl.col("^outcome.*$").cast(NAMES)).lazy()
        whens = [pl.when(_holds(n, rule)).then(pl.col(f"outcome{n}")) for n, rule in enumerate(some)]
        self.outcome_of = pl.coalesce(*whens, pl.lit("nothing", dtype=NAMES)).alias("outcome")

    def frame(self, rows: Any) -> Any:
        """The cases, each with the rules of its category."""
        cases = super().frame(rows).with_columns(pl.col("category", "purpose").cast(pl.String))
        return cases.join(self.edges, on="category", how="left", maintain_order="left")


def _tests(rule: PlainRule) -> Any:
    """Whether a rule holds."""
    tests = [SIGNS[sign](pl.col(fact), value) for fact, sign, value in rule.tests()]
    return functools.reduce(operator.and_, tests, pl.col("category") == rule.category)


def _edges(n: int, rule: PlainRule) -> dict[str, Any]:
    """The columns of the n-th rule of a category; a test that it lacks is null, or holds for all."""
    return {
        f"low{n}": float(rule.low),
        f"high{n}": float(rule.high if rule.high is not None else "inf"),
        f"power{n}": rule.power or 0,
        f"start{n}": rule.start,
        f"purpose{n}": rule.purpose,
        f"outcome{n}": rule.outcome,
        **{f"{flag}{n}": rule.wanted if flag == rule.flag else None for flag in FLAGS},
    }


def _holds(n: int, shape: PlainRule) -> Any:
    """Whether the n-th rule of a case's category holds; `shape` says which tests such rules have."""
    volume, high = pl.col("volume"), pl.col(f"high{n}")
    holds = (volume >= pl.col(f"low{n}")) & (volume < high) & (pl.col("day") >= pl.col(f"start{n}"))
    if shape.power is not None:
        holds &= pl.col("power") >= pl.col(f"power{n}")
        for flag in FLAGS:
            holds &= (pl.col(flag) == pl.col(f"{flag}{n}")).fill_null(True)
    if shape.purpose is not None:
        holds &= pl.col("purpose") == pl.col(f"purpose{n}")
    return holds
