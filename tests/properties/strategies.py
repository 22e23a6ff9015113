"""Generated cases for generated rule sets (`rulesets.py`): plain ones, and with facts unknown, null or half known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.properties.rulesets import DAYS, MADE, PUBLISHED, Data, Drawn, Files, Style, loose_rules, rule_sets
from tests.reference.worlds import fitting, values

__all__ = [
    "Asked",
    "Data",
    "Drawn",
    "Files",
    "Style",
    "asked_rule_sets",
    "cases",
    "loose_rules",
    "often_asked_rule_sets",
    "rule_sets",
]

_VALUES: dict[str, tuple[Any, ...]] = {
    "category": ("fridge", "freezer", "oven", "cable"),
    "purpose": ("domestic", "export", "research"),
    "licensed": (True, False),
    "phases": (0, 1, 2, 3, 4),
    "volume": (
        500,
        499.9999999,
        500.0000001,
        300,
        "300 L",
        Decimal("299.5"),
        "0.5 m3",
        0,
        400.5,
        1200,
        Decimal("500.00"),
        "0.3 m3",
    ),
    "made_on": (dt.date(2009, 12, 31), MADE[0], "2010-01-02", MADE[1], "2018-07-31", "2020-02-29"),
}
_INNER = ("cold", "appliance")


@dataclass(frozen=True)
class Asked:
    """A case as a program gives it, and the decision it asks for."""

    facts: Mapping[str, Any]
    decision: str
    as_of: dt.date | None = None
    known_on: dt.date | None = None

    @property
    def days(self) -> dict[str, Any]:
        """The two days, as `decide` takes them."""
        return {"as_of": self.as_of, "known_on": self.known_on}


@st.composite
def cases(draw: Drawn, files: Files, *, complete: bool = False, most_worlds: int = 400) -> Asked:
    """A case for a rule set, with so few facts unknown that all its completions can be tried."""
    form = files.form
    decision = draw(st.sampled_from((form.main, form.main, *form.decisions)))
    assert decision is not None
    names = [fact.name for fact in form.vocabulary if not fact.derived]
    given = {name: draw(st.sampled_from(_VALUES[name])) for name in draw(st.permutations(names))}
    as_of: dt.date | None = draw(st.sampled_from(_around(DAYS)))
    known_on = draw(st.one_of(st.none(), st.none(), st.sampled_from(_around(PUBLISHED))))
    if complete:
        return Asked(given, decision, as_of, known_on)
    facts, worlds = dict(given), 1
    for name in draw(st.permutations(names)):
        how = draw(st.sampled_from(("given", "given", "missing", "missing", "null", "inner")))
        changed: Data = {**facts, name: None}
        if how == "missing":
            del changed[name]
        elif how == "inner" and name == "category":
            changed[name] = draw(st.sampled_from(_INNER))
        elif how == "given":
            continue
        more = len(fitting(form, name, changed))
        if worlds * more <= most_worlds:
            worlds, facts = worlds * more, changed
    if worlds * len(values(form, "as_of")) <= most_worlds and draw(st.booleans()):
        as_of = None
    return Asked(facts, decision, as_of, known_on)


def _around(these: Sequence[dt.date]) -> list[dt.date]:
    return sorted({day + dt.timedelta(days=step) for day in these for step in (-1, 0, 40)}, reverse=True)


@st.composite
def asked_rule_sets(draw: Drawn, *, complete: bool = False, most_decisions: int = 3) -> tuple[Files, Asked]:
    """A rule set and a case for it."""
    files = draw(rule_sets(most_decisions=most_decisions))
    return files, draw(cases(files, complete=complete))


@st.composite
def often_asked_rule_sets(
    draw: Drawn, *, complete: bool = False, style: Style | None = None
) -> tuple[Files, list[Asked]]:
    """A rule set and several cases for it: a rule set costs more to generate than a case."""
    files = draw(rule_sets(style=style))
    return files, [draw(cases(files, complete=complete)) for _ in range(5)]
