"""zen-engine: one decision table, the first row that fits decides."""

from __future__ import annotations

import datetime as dt
from typing import Any

import zen

from benchmarks.peers.peer import LAW, RowPeer
from benchmarks.problem import FLAGS, Facts, PlainRule, Problem

_FIELDS = ("category", "volume", "power", "purpose", *FLAGS, "day")


class Zen(RowPeer):
    """The table lies in the engine's own loader: a decision made from its text is compiled anew for each call."""

    package = "zen-engine"
    gets = "a list of dicts with days as numbers, made beforehand"
    priorities = "order of the rows (hit policy `first`)"
    lacks = f"unknown facts; {LAW} (a trace tells the row)"

    def __init__(self, problem: Problem, threads: int = 1) -> None:
        self.engine = zen.ZenEngine({"loader": {"type": "static", "content": {"route": _content(problem)}}})

    def case(self, facts: Facts, day: dt.date) -> Any:
        """A dict of what rules test."""
        return {**{name: facts[name] for name in _FIELDS[:-1]}, "day": day.toordinal()}

    def decide(self, case: Any) -> Any:
        """Its answer."""
        return self.engine.evaluate("route", case)

    def outcome(self, answer: Any) -> str:
        """In an answer."""
        return str(answer["result"]["outcome"])

    def decide_rows(self, rows: Any) -> Any:
        """One after the other; its batches, which keep all answers, are slower."""
        return [self.outcome(self.decide(case)) for case in rows]


def _content(problem: Problem) -> dict[str, Any]:
    """The decision as zen-engine's JSON."""
    rules = [_row(rule) for own in problem.by_category().values() for rule in own]
    rules.append({"_id": "default", **dict.fromkeys(_FIELDS, ""), "out": '"nothing"'})
    columns = [{"id": name, "name": name, "type": "expression", "field": name} for name in _FIELDS]
    table = {
        "hitPolicy": "first",
        "inputs": columns,
        "outputs": [{"id": "out", "name": "out", "type": "expression", "field": "outcome"}],
        "rules": rules,
    }
    place = {"position": {"x": 0, "y": 0}}
    return {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", **place},
            {"id": "table", "type": "decisionTableNode", "name": "table", "content": table, **place},
            {"id": "out", "type": "outputNode", "name": "out", **place},
        ],
        "edges": [
            {"id": "first", "sourceId": "in", "targetId": "table", "type": "edge"},
            {"id": "second", "sourceId": "table", "targetId": "out", "type": "edge"},
        ],
    }


def _row(rule: PlainRule) -> dict[str, str]:
    """A row of the table: a cell a field."""
    cells = dict.fromkeys(_FIELDS, "") | {"category": f'"{rule.category}"', "day": f">= {rule.start.toordinal()}"}
    cells["volume"] = f"[{rule.low}..{rule.high})" if rule.high is not None else f">= {rule.low}"
    if rule.power is not None:
        cells["power"] = f">= {rule.power}"
    if rule.purpose is not None:
        cells["purpose"] = f'"{rule.purpose}"'
    if rule.flag is not None:
        cells[rule.flag] = str(rule.wanted).lower()
    return {"_id": rule.id, **cells, "out": f'"{rule.outcome}"'}
