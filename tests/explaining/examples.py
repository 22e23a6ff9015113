"""Cases of every kind of answer, over the small rule set beside this file."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from accessrules import Decision, RuleSet, load_rules

HERE = Path(__file__).parent
REFRIGERATOR = {"category": "refrigerator"}


@dataclass(frozen=True)
class Example:
    """A case, and what `RuleSet.decide` is asked beside it."""

    facts: dict[str, Any] = field(default_factory=dict)
    as_of: str | None = None
    known_on: str | None = None
    decision: str | None = None


EXAMPLES: dict[str, Example] = {
    "decided": Example({**REFRIGERATOR, "effective_volume": 520}, "2018-03-14"),
    "decided_later": Example({**REFRIGERATOR, "effective_volume": 520}, "2021-03-14"),
    "decided_exception": Example({**REFRIGERATOR, "effective_volume": 480.5, "purpose": "research"}, "2021-03-14"),
    "decided_several": Example({"category": "gas", "holds_licence": True}, "2021-03-14"),
    "decided_unknown": Example({"category": "gas"}, "2021-03-14"),
    "decided_rank": Example({"category": "blanket", "employees": 3, "manufactured_on": "2018-05-01"}, "2019-01-01"),
    "default": Example({"category": "other_product"}, "2018-03-14"),
    "default_or_rule": Example({"category": "other_appliance", "purpose": None}, "2018-03-14"),
    "undetermined_inner": Example({"category": "appliance", "purpose": "research"}),
    "contested": Example({**REFRIGERATOR, "effective_volume": 500}, "2018-03-14", known_on="2018-03-14"),
    "undetermined": Example(REFRIGERATOR, "2018-03-14"),
    "undetermined_all": Example(),
    "undetermined_explicitly": Example({**REFRIGERATOR, "effective_volume": 520, "purpose": None}, "2018-03-14"),
    "open": Example({"category": "rope"}, "2019-01-01"),
    "open_later": Example({"category": "rope"}, "2018-09-29"),
    "conflict": Example({"category": "helmet", "holds_licence": False}, "2020-01-01"),
    "conflict_possible": Example({"category": "helmet"}, "2020-01-01"),
    "conflict_before": Example({"category": "helmet", "holds_licence": False}, "2020-01-01", decision="procedure"),
    "no_rule_possible": Example(as_of="2018-03-14", decision="procedure"),
    "no_rule": Example({"category": "other_product"}, "2018-03-14", decision="procedure"),
    "chained": Example({**REFRIGERATOR, "effective_volume": 520}, "2018-03-14", decision="procedure"),
    "chained_open": Example({"category": "rope"}, "2019-01-01", decision="procedure"),
    "markup": Example({"category": "lamp"}, "2018-03-14"),
}


@cache
def rules() -> RuleSet:
    """The small rule set."""
    return load_rules(HERE / "rules")


@cache
def hurried_rules() -> RuleSet:
    """The same rules with no patience for the unknown: its answers are not always exact."""
    return RuleSet(rules().form, most_steps=1)


def decide(name: str) -> Decision:
    """The decision of an example."""
    one = EXAMPLES[name]
    return rules().decide(one.facts, decision=one.decision, as_of=one.as_of, known_on=one.known_on)
