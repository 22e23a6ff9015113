"""Which rules apply to a case, by the index alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accessrules import Case, RuleSet


def applying(
    rules: RuleSet,
    decision: str,
    case: Mapping[str, Any] | Case,
    days: Mapping[str, Any],
    given: Mapping[str, str],
) -> tuple[str, ...]:
    """The ids of the rules whose clauses hold, sorted; what the case leaves unknown must not matter."""
    index = rules.index
    known = rules.decider(decision).read(case, days.get("as_of"), days.get("known_on")).cells
    outcomes = {name: 1 << index.axes[name].cell_of(outcome) for name, outcome in given.items()}
    box = {**index.everything, **known, **outcomes}
    possible = index.meeting(box) & index.of_decision[decision]
    for fact, mask in box.items():
        for n in range(mask.bit_length()):
            assert not mask >> n & 1 or possible & ~index.accepting[fact][n] == 0, fact
    return tuple(sorted(index.rules[n].id for n in index.rules_of(possible)))
