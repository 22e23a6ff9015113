"""The answers that a table's rows can have, each kept once and known by its number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Lock

from accessrules.deciding import Answer, Decider
from accessrules.exploring.asking import needs
from accessrules.exploring.neighbours import deciding_rule

__all__ = ["NOT_SURE", "SEVERAL", "Answers", "TableAnswer"]

SEVERAL, NOT_SURE = -2, -1


@dataclass(frozen=True, slots=True)
class TableAnswer:
    """What a table says of a row; `needs` are the facts that can change it, best question first."""

    status: str
    outcome: str | None
    rule: str | None
    possible: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


class Answers:
    """A growing list of answers without twins; any number of threads may add to it."""

    UNSETTLED = 0
    """The number of `undetermined` where no more than that was asked: two completions differ, in their rules too."""

    def __init__(self, decider: Decider, *, in_full: bool) -> None:
        """`in_full`: with what is possible and what is missing."""
        self.decider, self.in_full = decider, in_full
        self.precedence = decider.chain.resolver.precedence
        self.all: list[TableAnswer] = [TableAnswer("undetermined", None, None)]
        self.ways: list[int] = [SEVERAL]
        """For each answer the number of the way in which its cases end; SEVERAL, or NOT_SURE."""
        self.leading: list[int] = [SEVERAL]
        """For each answer the number of what leads in every completion of it; SEVERAL, or NOT_SURE."""
        self._numbers: dict[tuple[TableAnswer, int, object], int] = {}
        self._ways: dict[object, int] = {}
        self._leading: dict[object, int] = {}
        self._lock = Lock()

    def number(self, answer: Answer) -> int:
        """The number of an answer."""
        index = self.decider.index
        said = TableAnswer(answer.status, answer.outcome, deciding_rule(answer, index, self.precedence))
        if self.in_full:
            missing = tuple(one["fact"] for one in needs(answer, index))
            said = replace(said, possible=answer.possible, needs=missing)
        leading = frozenset(resolution.prevailing[:1] for resolution in answer.resolutions)
        with self._lock:
            way = self._way(answer)
            found = self._numbers.get((said, way, leading))
            if found is None:
                known = answer.exact and bool(leading)
                one = self._leading.setdefault(leading, len(self._leading)) if len(leading) == 1 else SEVERAL
                found = len(self.all)
                # In this order, and by place: if Ctrl-C comes between, the next answer takes the number.
                self.ways[found:] = [way]
                self.leading[found:] = [one if known else NOT_SURE]
                self.all[found:] = [said]
                self._numbers[said, way, leading] = found
        return found

    def _way(self, answer: Answer) -> int:
        if not answer.exact:
            return NOT_SURE
        statuses, possible = answer.possible_status, answer.possible
        if (len(statuses) > 1 and not answer.is_open) or (statuses == ("decided",) and len(possible) > 1):
            return SEVERAL
        return self._ways.setdefault((statuses, possible), len(self._ways))
