"""Impact: the change regions between two rule sets, counted over a register.

Every row falls in one of four: its answer changes, or not, or it cannot be decided, or it is rejected.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from accessrules.changes import Change
from accessrules.registers import NearFact, Register, Rejected

if TYPE_CHECKING:
    from accessrules.ruleset import RuleSet

__all__ = ["Approvals", "Group", "Impact", "Reason", "ReasonKind", "RegionCount", "Tally", "impact"]

ReasonKind: TypeAlias = Literal["missing", "open", "conflict", "no_rule"]
"""Why a row cannot be decided: facts are missing, the sources leave it open, rules are in conflict, no rule applies."""


@dataclass(frozen=True, slots=True)
class Approvals:
    """How many rows need an approval, and of how many it is not sure whether they do. Rejected rows are in neither."""

    needed: int
    unsure: int

    def dump(self) -> dict[str, int]:
        """As JSON carries it."""
        return {"needed": self.needed, "unsure": self.unsure}


def _approvals(before: Approvals | None, after: Approvals | None) -> dict[str, Any]:
    """As JSON carries them; nothing where the decision is not about approvals."""
    if before is None or after is None:
        return {}
    return {"approvals": {"before": before.dump(), "after": after.dump()}}


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows counted, with their approvals before and after; those are None where the decision is not about approvals.

    INVARIANT: `rows` is the sum of the four after it.
    """

    rows: int
    changed: int
    unchanged: int
    undecided: int
    rejected: int
    before: Approvals | None
    after: Approvals | None

    def dump(self) -> dict[str, Any]:
        """As JSON carries it."""
        return {
            "rows": self.rows,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "undecided": self.undecided,
            "rejected": self.rejected,
            **_approvals(self.before, self.after),
        }


@dataclass(frozen=True, slots=True)
class Group:
    """The rows with one value in a column: as JSON carries it, None for an empty cell.

    `is_readable` is false for the one group of rows whose value cannot be told.
    """

    value: Any
    is_readable: bool
    tally: Tally

    def dump(self) -> dict[str, Any]:
        """As JSON carries it."""
        return {"value": self.value, "readable": self.is_readable, **self.tally.dump()}


@dataclass(frozen=True, slots=True)
class RegionCount:
    """A change region with its rows: `rows` lie in it whatever their missing facts are, `partly` only perhaps.

    `by`: for each column asked for, the values with their rows in the region, most first.
    """

    change: Change
    rows: int
    partly: int
    before: Approvals | None
    after: Approvals | None
    by: Mapping[str, Sequence[tuple[Any, int]]]

    def dump(self) -> dict[str, Any]:
        """As JSON carries it."""
        by = {c: [{"value": value, "rows": rows} for value, rows in found] for c, found in self.by.items()}
        return {
            **self.change.model_dump(),
            "rows": self.rows,
            "partly": self.partly,
            **_approvals(self.before, self.after),
            "by": by,
        }


@dataclass(frozen=True, slots=True)
class Reason:
    """Why some rows cannot be decided, under which of the two rule sets (`before`, `after`).

    `facts` are those that are missing and matter; `rules` those that leave it open or contradict each other.
    `may_change` counts the rows that lie partly in a region of another answer.
    """

    kind: ReasonKind
    sides: tuple[str, ...]
    facts: tuple[str, ...]
    rules: tuple[str, ...]
    rows: int
    may_change: int

    def dump(self) -> dict[str, Any]:
        """As JSON carries it."""
        return {
            "reason": self.kind,
            "sides": list(self.sides),
            "facts": list(self.facts),
            "rules": list(self.rules),
            "rows": self.rows,
            "may_change": self.may_change,
        }


@dataclass(frozen=True, slots=True)
class Impact:
    """What a change does to the rows of a register.

    - `total`: all rows; `by[column]`: the same for each value of a column, most changed first.
    - `regions`: every change region of the decision, those of another answer first; `several` counts the rows whose
      answer changes but whose missing facts leave open in which region, so that it changes to the same in each.
    - `reasons`: why rows cannot be decided, the most frequent first.
    - `first_rejected`: the first rejected rows; all of them were told to `on_rejected`.
    - `columns`: each column with its fact, None where it is carried; `near`: columns called nearly like a fact.
    - `as_of` and `known_on`: the days taken for rows without their own, None where there are none or all rows have one.
    - `presumed`: what is presumed where there is no column, or an empty cell. `synthetic`: the rows labelled so.
    """

    decision: str
    as_of: dt.date | None
    known_on: dt.date | None
    total: Tally
    several: int
    regions: tuple[RegionCount, ...]
    by: Mapping[str, tuple[Group, ...]]
    reasons: tuple[Reason, ...]
    first_rejected: tuple[Rejected, ...]
    columns: Mapping[str, str | None]
    near: tuple[NearFact, ...]
    presumed: Mapping[str, Any]
    synthetic: int
    register: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def model_dump(self) -> dict[str, Any]:
        """The impact as JSON data: only dict, list, str, int, float, bool and None."""
        return {
            "decision": self.decision,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "known_on": self.known_on.isoformat() if self.known_on else None,
            **self.total.dump(),
            "several": self.several,
            "regions": [one.dump() for one in self.regions],
            "by": {column: [group.dump() for group in groups] for column, groups in self.by.items()},
            "reasons": [one.dump() for one in self.reasons],
            "first_rejected": [one.dump() for one in self.first_rejected],
            "columns": dict(self.columns),
            "near": [{"column": one.column, "fact": one.fact} for one in self.near],
            "presumed": dict(self.presumed),
            "synthetic": self.synthetic,
            "register": self.register,
            "before": dict(self.before),
            "after": dict(self.after),
        }

    def model_dump_json(self, *, indent: int | None = None) -> str:
        """The impact as JSON text: the same rows under the same rule sets give the same bytes."""
        return json.dumps(self.model_dump(), ensure_ascii=False, indent=indent)


def impact(
    before: RuleSet,
    after: RuleSet,
    rows: Register | Iterable[Mapping[str, Any]],
    *,
    by: Sequence[str] = (),
    decision: str | None = None,
    as_of: dt.date | str | None = None,
    known_on: dt.date | str | None = None,
    mapping: Mapping[str, Any] | None = None,
    on_rejected: Callable[[Rejected], None] | None = None,
) -> Impact:
    """Count the change regions between two rule sets over the rows of a register, in bounded memory.

    A column is the fact of its name, or the one that `mapping` gives it (None: it is no fact; or `{"fact": …, "unit":
    "m3"}`); other columns are carried and can be grouped `by`. An empty cell is a fact that is not given. `as_of` and
    `known_on` are the days of the rows that have none of their own in columns of that name. A row that cannot be read
    is counted as rejected and told to `on_rejected`. Raises RegisterError where no column is a fact, or `by` or
    `mapping` names what is not there, and QueryError for an unknown decision or an impossible day. Approvals are
    counted of the main decision, and of one that declares some outcome `approval: false`.

    >>> from accessrules import load_rules
    >>> rules = load_rules()
    >>> rows = [{"category": "household_refrigerator", "effective_volume": 520}, {"category": "frigde"}]
    >>> found = impact(rules, rules, rows, as_of="2018-03-14")
    >>> found.total.rows, found.total.unchanged, found.total.rejected, found.total.before
    (2, 1, 1, Approvals(needed=1, unsure=0))
    >>> found.first_rejected[0].problems[0].help
    'did you mean `household_refrigerator`?'
    """
    from accessrules.counting import Counting

    register = rows if isinstance(rows, Register) else Register.of(rows)
    counting = Counting(before, after, register, tuple(dict.fromkeys(by)), decision, (as_of, known_on), mapping or {})
    return counting.count(on_rejected)
