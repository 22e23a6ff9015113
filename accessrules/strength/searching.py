"""Looking for one case in which two rule sets differ, completely, in a decision that may rest on earlier ones.

Where nothing differs whatever outcomes the earlier decisions have, nothing does. So the decision is searched on its own
for each of their outcomes, which is a small space; only where something differs there, a case is looked for that really
has such an outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Generic, TypeVar

from accessrules.changes import Change
from accessrules.comparing import first_change
from accessrules.conditions import Clause
from accessrules.diagrams import TooLong
from accessrules.ruleset import RuleSet
from accessrules.unarytests import read_test

__all__ = ["MOST_STEPS", "search"]

_Found = TypeVar("_Found")

MOST_STEPS = 200_000
"""So many groups of cells are looked at, at most, for each outcome of the earlier decisions, and around each place."""


def search(
    before: RuleSet,
    after: RuleSet,
    decision: str,
    marks: Sequence[Clause],
    wanted: Callable[[Change], _Found | None],
    *,
    most_steps: int = MOST_STEPS,
    reasons: bool = False,
) -> _Found | None:
    """What `wanted` makes of the first change that it wants, where the marks hold; None: it wants none of all changes.

    Where only reasons change is none, unless `reasons`.

    Raises TooLong where some part took more than `most_steps` and nothing was found in the others.
    """
    earlier = before.index.chain(decision)[:-1]

    def look(
        marks: Sequence[Clause], wanted: Callable[[Change], _Found | None], given: Mapping[str, str] | None = None
    ) -> _Found | None:
        return first_change(before, after, decision, marks, wanted, most_steps=most_steps, given=given, reasons=reasons)

    if not earlier:
        return look(marks, wanted)
    places = _Places(before, lambda marks: look(marks, wanted))
    for outcomes in product(*(sorted(before.form.decisions[name].outcomes) for name in earlier)):
        given = dict(zip(earlier, outcomes, strict=True))
        try:
            found = look(marks, places.real, given)
        except TooLong:
            places.too_long = True
            continue
        if found is not None:
            return found
    if places.too_long:
        raise TooLong
    return None


class _Places(Generic[_Found]):
    """The regions of changes that were found for some outcomes of the earlier decisions, each looked at once."""

    def __init__(self, before: RuleSet, look: Callable[[Sequence[Clause]], _Found | None]) -> None:
        self.facts, self.look = before.index.facts, look
        self.looked: set[str] = set()
        self.too_long = False

    def real(self, change: Change) -> _Found | None:
        """What is wanted, of a real case in the region of a change."""
        place = repr(sorted(change.region.items()))
        if place in self.looked:
            return None
        self.looked.add(place)
        try:
            return self.look([{fact: read_test(words, self.facts[fact]) for fact, words in change.region.items()}])
        except TooLong:
            self.too_long = True
            return None
