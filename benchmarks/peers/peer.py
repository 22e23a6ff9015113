"""What a peer is: the rules of the problem in its own form, one decision, and a table of them."""

from __future__ import annotations

import datetime as dt
import operator
from abc import ABC, abstractmethod
from importlib import import_module
from typing import Any, ClassVar

from benchmarks.columns import cases_of, table_of
from benchmarks.problem import OUTCOMES, Facts, Problem

PEERS = {
    "accessrules": "own:Own",
    "if/elif (Python)": "if_elif:IfElif",
    "C loop": "c_loop:CLoop",
    "NumPy masks": "numpy_masks:NumpyMasks",
    "OpenFisca-Core": "openfisca_formula:OpenFisca",
    "DuckDB, one CASE": "duckdb_case:OneCase",
    "DuckDB, a CASE a category": "duckdb_case:CaseByCategory",
    "Polars when/then": "polars_frames:Whens",
    "Polars join": "polars_frames:Join",
    "zen-engine": "zen_table:Zen",
    "durable-rules": "durable_session:Durable",
    "rule-engine": "rule_engine_lists:RuleEngine",
    "cedarpy": "cedar_policies:Cedar",
}
"""Where each peer is."""


NAMES = (*OUTCOMES, "nothing")
"""The outcomes, numbered."""

SIGNS = {">=": operator.ge, "<": operator.lt, "==": operator.eq}
LAW = "precedence from the law; known on; checks for overlaps and gaps"
"""What none of them knows."""


class Skipped(Exception):  # noqa: N818 (no error: it is told in the peer's place)
    """Why a peer takes no part."""


class Peer(ABC):
    """A peer with the rules of one problem built in; what is built lazily belongs to its first call.

    `gets` says in which form it gets a table and whether that conversion is in the time; `priorities`, how "the later
    rule goes first" is said; `lacks`, what of accessrules' answers it cannot express.
    """

    package: ClassVar[str | None] = None
    gets: ClassVar[str]
    priorities: ClassVar[str]
    lacks: ClassVar[str]
    threaded: ClassVar[bool] = False
    row_by_row: ClassVar[bool] = False
    """Whether it decides a table case after case: such a table is kept short."""
    alone: ClassVar[bool] = True
    """Whether it decides one case in a way that somebody would use."""

    @abstractmethod
    def __init__(self, problem: Problem, threads: int = 1) -> None:
        """Build the rules; raises Skipped where something is missing."""

    @abstractmethod
    def case(self, facts: Facts, day: dt.date) -> Any:
        """A case in the peer's own form; not in the time."""

    @abstractmethod
    def decide(self, case: Any) -> Any:
        """The outcome of one case (or an answer that `outcome` reads it from)."""

    def outcome(self, answer: Any) -> str:
        """The outcome in an answer of `decide`; not in the time."""
        return str(answer)

    @abstractmethod
    def rows(self, table: Any) -> Any:
        """An Arrow table in the peer's own form; not in the time."""

    @abstractmethod
    def decide_rows(self, rows: Any) -> Any:
        """The outcomes of a table, in the order of its rows."""

    def outcomes(self, answer: Any) -> list[str]:
        """The outcomes in an answer of `decide_rows`; not in the time."""
        return list(answer)


class RowPeer(Peer):
    """A peer that decides case after case."""

    row_by_row = True

    def rows(self, table: Any) -> Any:
        """A list of cases."""
        return [self.case(facts, day) for facts, day in cases_of(table)]

    def decide_rows(self, rows: Any) -> Any:
        """One after the other."""
        decide = self.decide
        return [decide(case) for case in rows]


class ColumnPeer(Peer):
    """A peer that decides columns; one case is a table of one row."""

    def case(self, facts: Facts, day: dt.date) -> Any:
        """A table of one row."""
        return self.rows(table_of([(facts, day)]))

    def decide(self, case: Any) -> Any:
        """A column of one outcome."""
        return self.decide_rows(case)

    def outcome(self, answer: Any) -> str:
        """The only one."""
        return self.outcomes(answer)[0]

    def rows(self, table: Any) -> Any:
        """The Arrow table itself."""
        return table

    def outcomes(self, answer: Any) -> list[str]:
        """From an Arrow column."""
        found: list[str] = answer.to_pylist()
        return found


def peer_class(name: str) -> type[Peer]:
    """The class of a peer; raises Skipped where what it needs is not installed."""
    module, _, kind = PEERS[name].partition(":")
    try:
        found: type[Peer] = getattr(import_module(f"benchmarks.peers.{module}"), kind)
    except ImportError as wrong:
        raise Skipped(f"`{wrong.name}` is not installed, or cannot be imported") from wrong
    return found
