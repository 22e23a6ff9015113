"""Tables of cases: what `decide` says of each row, and what a database says that ran the exported query."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from accessrules import CaseError, RuleSet, load_rules
from accessrules.axes import Axis
from accessrules.casebook import read_casebook
from accessrules.exporting import export_sql
from accessrules.vocabulary import AS_OF, KNOWN_ON, Fact

Row = tuple[Any, ...]
Said = tuple[str, str | None, str | None]
Ask = Callable[["Table", str], Sequence[Row]]
"""Makes a table `cases` in a database, its first column `n` numbering the rows, and gives what a query says."""

DAYS = (AS_OF.name, KNOWN_ON.name)
DOUBLE, DECIMAL = "DOUBLE PRECISION", "DECIMAL(18, 7)"
_TYPES = {"category": "VARCHAR", "choice": "VARCHAR", "boolean": "BOOLEAN", "integer": "BIGINT", "date": "DATE"}


@dataclass(frozen=True)
class Table:
    """Rows of facts for one decision. `columns` has the facts' types in SQL, `days` what is the same for all rows."""

    decision: str
    columns: Mapping[str, str]
    rows: Sequence[Row]
    days: Mapping[str, Any] = field(default_factory=dict)

    def decided(self, rules: RuleSet) -> list[Said]:
        """What `decide` says of each row."""
        return [self._decided(rules, row) for row in self.rows]

    def _decided(self, rules: RuleSet, row: Row) -> Said:
        facts = dict(zip(self.columns, row, strict=True))
        days = {**self.days, **{name: facts.pop(name) for name in DAYS if name in facts}}
        try:
            decision = rules.decide(facts, decision=self.decision, **days)
        except CaseError:
            return "rejected", None, None
        return decision.status, decision.outcome, decision.rule

    def told(self, rules: RuleSet, dialect: str, ask: Ask) -> list[Said]:
        """What the exported query says of each row, in order."""
        made = export_sql(rules, decision=self.decision, columns=list(self.columns), dialect=dialect, **self.days)
        rows = sorted(ask(self, made.sql), key=lambda row: int(row[0]))
        assert [row[0] for row in rows] == list(range(len(self.rows)))
        assert all((row[-1] is None) == (row[-4] != "rejected") for row in rows)
        return [row[-4:-1] for row in rows]


def column_type(fact: Fact, number: str = DOUBLE) -> str:
    """The type of a fact's column; numbers are `number`."""
    return _TYPES.get(fact.type, number)


_VOLUMES = (499.99999999999994, 500.0, -0.0, -5e-324, float("nan"), float("inf"), float("-inf"), None)
ODD_VOLUMES = Table(
    "access_route",
    {"category": _TYPES["category"], "effective_volume": DOUBLE, "as_of": _TYPES["date"]},
    [("refrigerator", volume, dt.date(2018, 3, 14)) for volume in _VOLUMES],
)
"""Of the sample rules: floats on both sides of the threshold and of the range's end, and what is no number."""


# ------------------------------------------------------------------------------------------------------- small rules


def small_rules(folder: Path, facts: Mapping[str, str], rules: Sequence[tuple[str, str]]) -> RuleSet:
    """Rules r0, r1, … of one decision, from what each asks for and its outcome; facts from how they are declared."""
    outcomes = ", ".join(f"{name}: {{en: {name}}}" for name in sorted({outcome for _, outcome in rules}))
    rule = "  - {{id: r{}, when: {{{}}}, outcome: {}, source: [{{instrument: act}}]}}"
    lines = [rule.format(n, when, outcome) for n, (when, outcome) in enumerate(rules)]
    declared = [f"  {name}: {{{how}, label: {{en: {name}}}, question: {{en: A?}}}}" for name, how in facts.items()]
    files = {
        "ruleset.yaml": "{format: 1, name: small, version: '1', organs: {o: {en: O}}, "
        f"decisions: {{route: {{question: {{en: Q?}}, outcomes: {{{outcomes}}}}}}}}}",
        "vocabulary.yaml": "\n".join(["facts:", *declared]),
        "instruments.yaml": "instruments: {act: {title: {en: A}, issuer: o, rank: law, published: 2000-01-01, "
        "confidence: unverified}}",
        "decisions/route.yaml": "\n".join(["decision: route", "rules:", *lines]),
    }
    (folder / "decisions").mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return load_rules(folder)


# ----------------------------------------------------------------------------------------------------- shipped rules


def shipped_table(
    rules: RuleSet, decision: str, draw: random.Random, size: int = 200, *, columns: float = 1.0
) -> Table:
    """Rows from the casebook of the decision, and random ones, over all facts that can matter or a share of them."""
    index = rules.index
    names = [*rules.decider(decision).chain.facts]
    names += [name for name in DAYS if name not in names]
    names = [name for name in names if draw.random() < columns]
    rows: list[Row] = []
    for case in read_casebook(rules):
        if case.decision == decision:
            given = rules.decide(case.case, decision=decision).case
            known = {**given.presumed, **given.facts, AS_OF.name: given.as_of, KNOWN_ON.name: given.known_on}
            rows.append(tuple(_plain(known.get(name)) for name in names))
    draw.shuffle(rows)
    rows = rows[:size]
    rows += [tuple(_random(index.axes[name], draw) for name in names) for _ in range(size)]
    return Table(decision, {name: column_type(index.facts[name]) for name in names}, rows)


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _random(axis: Axis, draw: random.Random) -> Any:
    """A value of a fact, often at an end of its cells, sometimes an inner category, sometimes unknown or wrong."""
    fact = axis.fact
    if draw.random() < 0.1:
        return None
    if draw.random() < 0.005:
        return {"category": "no such thing", "choice": "?", "integer": -1, "number": -0.5}.get(fact.type)
    if fact.type == "boolean":
        return draw.random() < 0.5
    if fact.values:
        return draw.choice(sorted(fact.values))
    value = axis.sample(draw.randrange(axis.size))
    if isinstance(value, dt.date):
        return value + dt.timedelta(days=draw.choice((0, 0, -1, 1))) if dt.date.min < value < dt.date.max else value
    return _plain(value)
