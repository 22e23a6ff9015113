"""A case as an explanation looks at it: the cells of every fact, earlier decisions included, against tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accessrules.cases import ReadCase
from accessrules.deciding import Answer, Decider
from accessrules.exploring.readings import earlier_answers, earlier_cells
from accessrules.index import Index
from accessrules.regions import Box
from accessrules.values import json_value
from accessrules.vocabulary import AS_OF, KNOWN_ON

if TYPE_CHECKING:
    from accessrules.decision import Decision

__all__ = ["View"]


@dataclass(frozen=True, slots=True)
class View:
    """A decided case with its cells. `cells` has every fact that is not wholly unknown, earlier outcomes too."""

    decider: Decider
    answer: Answer
    case: ReadCase
    index: Index
    cells: Mapping[str, int]
    values: Mapping[str, Any]

    @classmethod
    def of(cls, decision: Decision) -> View:
        """The view of a decision."""
        rules, case = decision.rules, decision.case
        decider = rules.decider(decision.decision)
        cells, values = (
            dict(case.cells),
            {**case.presumed, **case.facts, AS_OF.name: case.as_of, KNOWN_ON.name: case.known_on},
        )
        earlier = earlier_answers(decider, case.cells)
        cells.update(earlier_cells(decider, earlier))
        values.update((name, answer.outcome) for name, answer in earlier.items())
        return cls(decider, decision.answer, case, rules.index, cells, {k: json_value(v) for k, v in values.items()})

    def holds(self, fact: str, mask: int) -> bool | None:
        """Whether the fact passes a test on these cells; None where that is not known."""
        mine = self.cells.get(fact, self.index.everything[fact])
        return False if not mine & mask else None if mine & ~mask else True

    def may_hold(self, box: Box) -> bool:
        """Whether no test of the box is known to fail."""
        return all(self.holds(fact, mask) is not False for fact, mask in box.items())

    def nearest_clause(self, rule: int) -> Box:
        """The rule's clause with the fewest tests that fail, then that are not known; the first of them."""

        def distance(n: int) -> tuple[int, int, int]:
            outcomes = [self.holds(fact, mask) for fact, mask in self.index.clause_boxes[n].items()]
            return outcomes.count(False), outcomes.count(None), n

        return self.index.clause_boxes[min(self.index.numbers_of[rule], key=distance)]

    def tests(self, rule: int) -> list[dict[str, Any]]:
        """The tests of the rule's nearest clause with the case's values: category first, time last."""
        box = self.nearest_clause(rule)
        shown = [fact for fact in box if fact != KNOWN_ON.name or self.case.known_on is not None]
        order = {"category": 0}

        def place(fact: str) -> tuple[int, str]:
            return (2 if fact in (AS_OF.name, KNOWN_ON.name) else order.get(self.index.facts[fact].type, 1), fact)

        return [self.test(fact, box[fact]) for fact in sorted(shown, key=place)]

    def test(self, fact: str, mask: int) -> dict[str, Any]:
        """One test in words, with the case's value and whether it holds (None: not known)."""
        words = self.index.words(fact, mask)
        return {"fact": fact, "value": self.values.get(fact), "test": words, "holds": self.holds(fact, mask)}
