"""Counting a register: each row to its verdict, the verdicts into an impact."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from accessrules.axes import Axis
from accessrules.cases import asked_day
from accessrules.errors import Problem, RegisterError
from accessrules.impact import Approvals, Group, Impact, Reason, RegionCount, Tally
from accessrules.judging import SIDES, Judge, Spot, Verdict
from accessrules.registers import (
    ABSENT,
    PLAIN,
    Absent,
    Cell,
    CellProblem,
    Columns,
    Readings,
    Register,
    Rejected,
    Row,
    Spec,
    check_mapping,
    nearest_column,
    plan_columns,
    read_specs,
)
from accessrules.suggesting import did_you_mean
from accessrules.values import Unreadable, json_value
from accessrules.vocabulary import AS_OF, KNOWN_ON, FactValue

if TYPE_CHECKING:
    from accessrules.ruleset import RuleSet

__all__ = ["MOST_GROUPS", "SHOWN_REJECTED", "SYNTHETIC", "Counting"]

MOST_GROUPS = 1_000
"""A column with more values than this cannot be grouped by."""

SHOWN_REJECTED = 20
"""How many rejected rows an impact keeps."""

SYNTHETIC = "synthetic"
"""The column in which a register says that its rows are made up."""

_MOST_VERDICTS = 1 << 16
_LONGEST_VALUE = 200
_Key: TypeAlias = tuple[bool, Any]
"""A group's key: whether its value can be read, and the value."""

_UNREADABLE: _Key = (False, None)


class _Verdicts(dict[tuple[Spot, ...], Verdict]):
    """The verdict on each combination of spots, judged when it is first met; as many as fit are remembered."""

    def __init__(self, judge: Callable[[tuple[Spot, ...]], Verdict]) -> None:
        super().__init__()
        self._judge = judge

    def __missing__(self, spots: tuple[Spot, ...]) -> Verdict:
        found = self._judge(spots)
        if len(self) >= _MOST_VERDICTS:
            self.clear()
        self[spots] = found
        return found


class _Grouping:
    """The rows by the value of one column."""

    def __init__(self, column: str) -> None:
        self.column = column
        self.place: int | None = None
        self.readings: Readings[_Key] | None = None
        self.counts: Counter[tuple[_Key, Verdict | None]] = Counter()
        self._keys: set[_Key] = set()

    def key(self, cells: Sequence[Cell]) -> _Key:
        """The group of a row; RegisterError where there are too many."""
        cell = "" if self.place is None else cells[self.place]
        try:
            found = _carried(cell) if self.readings is None else self.readings.of(cell)
        except Unreadable:
            return _UNREADABLE
        if found not in self._keys:
            self._keys.add(found)
            if len(self._keys) > MOST_GROUPS:
                message = f"the column `{self.column}` has more than {MOST_GROUPS} values to group by"
                raise RegisterError([Problem(f"$.by.{self.column}", message, "group by a column with fewer")])
        return found


def _carried(cell: Cell) -> _Key:
    """The group of a cell that is no fact: its text."""
    if cell is None:
        return True, None
    text = cell if isinstance(cell, str) else _text(cell.value)
    text = text.strip()
    return True, (text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 3] + "...") or None


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _of_fact(value: FactValue | Absent | None) -> _Key:
    return True, None if isinstance(value, Absent) else json_value(value)


class Counting:
    """One register under two rule sets; counts once."""

    def __init__(
        self,
        before: RuleSet,
        after: RuleSet,
        register: Register,
        by: Sequence[str],
        decision: str | None,
        days: tuple[dt.date | str | None, dt.date | str | None],
        mapping: Mapping[str, Any],
    ) -> None:
        self.register = register
        self.judge = Judge(before, after, decision)
        self.specs = read_specs(mapping, self.judge.facts, "$.map")
        self.mapping = {column: spec.fact for column, spec in self.specs.items()}
        self.days = {name: asked_day(name, raw) for name, raw in zip((AS_OF.name, KNOWN_ON.name), days, strict=True)}
        self.groupings = [_Grouping(column) for column in by]
        self.totals: Counter[Verdict] = Counter()
        self.rejected = self.synthetic = 0
        self.first_rejected: list[Rejected] = []
        self.left_empty: set[str] = set()
        self.has_read = False
        """Whether some row's cells were read, those of one that is rejected too: where it comes must not matter."""
        used = self.judge.used
        self._fixed = {name: self.judge.spot(name, self.days.get(name) or ABSENT, is_asked=True) for name in used}
        self._columns = Columns({}, ())
        self._readers: list[tuple[int, str, Readings[Spot]]] = []
        self._verdicts = _Verdicts(self._judged)
        if register.has_header:
            self._plan()
            self._check_columns()

    # ----------------------------------------------------------------------------------------------------- columns

    def _spot(self, name: str, value: FactValue | Absent | None) -> Spot:
        """The spot of a cell's value. For an empty cell the day is that of all rows, or what is presumed is taken."""
        if isinstance(value, Absent):
            self.left_empty.add(name)
            value = self.days.get(name) or ABSENT
        return self.judge.spot(name, value)

    def _plan(self) -> None:
        """Find out what the columns are; again where a new one has come."""
        register, columns = self.register, self.register.columns
        found = plan_columns(columns, self.judge.facts, self.mapping)
        if found.facts != self._columns.facts:
            kept = {name: readings for _, name, readings in self._readers}
            self._readers = [(n, name, kept.get(name) or self._readings(name, n)) for name, n in found.facts.items()]
            if self.has_read:
                self.left_empty |= found.facts.keys() - kept.keys()  # the rows so far had no such column
            self._verdicts.clear()
        self._columns = found
        placed = {n: name for name, n in found.facts.items()}
        for grouping in self.groupings:
            if grouping.place is None and grouping.column in columns:
                grouping.place = n = columns.index(grouping.column)
                if n in placed:
                    fact = self.judge.facts[placed[n]]
                    spec = self.specs.get(grouping.column, PLAIN)
                    grouping.readings = Readings(fact, _of_fact, is_spoken=register.is_spoken, spec=spec)

    def _readings(self, name: str, place: int) -> Readings[Spot]:
        spec, is_spoken = self.specs.get(self.register.columns[place], PLAIN), self.register.is_spoken
        return Readings(self.judge.facts[name], partial(self._spot, name), is_spoken=is_spoken, spec=spec)

    def _check_columns(self) -> None:
        """Raise where no column is a fact, or what was named is no column."""
        columns = self.register.columns
        check_mapping(self.mapping, columns, self.judge.facts, "$.map")
        problems = [
            Problem(f"$.by.{one.column}", f"there is no column `{one.column}`", nearest_column(one.column, columns))
            for one in self.groupings
            if one.column not in columns
        ]
        if not self._columns.facts.keys() - self.days.keys():
            near = ", ".join(f"`{one.column}` may be `{one.fact}`" for one in self._columns.near)
            facts = {f.name: () for f in self.judge.facts.values() if f.name not in self.days}
            help = near or did_you_mean("", facts, "facts")
            problems.append(Problem(self.register.name, "no column of the register is a fact", help))
        if problems:
            raise RegisterError(problems)

    # ----------------------------------------------------------------------------------------------------- counting

    def count(self, on_rejected: Callable[[Rejected], None] | None) -> Impact:
        """Read every row, and put the counts together."""
        register, totals, planned = self.register, self.totals, len(self.register.columns)
        place = self._place_of_label()
        for one in register.condensed(*self._told_apart()):
            if isinstance(one, Rejected):
                self._reject(one, None, on_rejected)
                continue
            if len(register.columns) != planned:
                self._plan()
                planned, place = len(register.columns), self._place_of_label()
            self.has_read = True
            cells, times = one.cells, one.times
            if place is not None and cells[place]:
                self.synthetic += times
            try:
                verdict = self._verdicts[tuple([readings[cells[n]] for n, _, readings in self._readers])]
            except (Unreadable, TypeError):
                found = self._slowly(cells)
                if isinstance(found, tuple):
                    self._reject_each(one, on_rejected)
                    continue
                verdict = found
            totals[verdict] += times
            for grouping in self.groupings:
                grouping.counts[grouping.key(cells), verdict] += times
        if not register.has_header and (totals or self.rejected) and register.columns:
            self._check_columns()
        return self._impact()

    def _place_of_label(self) -> int | None:
        columns = self.register.columns
        return columns.index(SYNTHETIC) if SYNTHETIC in columns else None

    def _slowly(self, cells: Sequence[Cell]) -> Verdict | tuple[CellProblem, ...]:
        """The verdict on a row, or everything that is wrong with it."""
        spots, problems = [], []
        for n, _, readings in self._readers:
            try:
                spots.append(readings.of(cells[n]))
            except Unreadable as wrong:
                problems.append(CellProblem(self.register.columns[n], wrong.message, wrong.help))
        return tuple(problems) or self._verdicts[tuple(spots)]

    def _judged(self, spots: tuple[Spot, ...]) -> Verdict:
        given = {name: spot for (_, name, _), spot in zip(self._readers, spots, strict=True)}
        return self.judge.judge({name: given.get(name, fixed) for name, fixed in self._fixed.items()})

    def _told_apart(self) -> tuple[dict[int, Axis], list[int], dict[int, Spec]]:
        """What the count can tell apart: the cells of facts on either side, and the values that rows are grouped by."""
        place = self._place_of_label()
        apart = {one.place for one in self.groupings if one.place is not None} | ({place} - {None})
        axes = {n: self.judge.joint_axis(name) for name, n in self._columns.facts.items()}
        specs = {n: self.specs[column] for n, column in enumerate(self.register.columns) if column in self.specs}
        return axes, sorted(n for n in apart if n is not None), specs

    def _reject_each(self, row: Row, on_rejected: Callable[[Rejected], None] | None) -> None:
        """Reject a row, and all that are like it, each for its own values."""
        for one in (row,) if row.twins is None else row.twins():
            found = self._slowly(one.cells)
            assert isinstance(found, tuple)
            self._reject(Rejected(one.number, one.line, found), one.cells, on_rejected)

    def _reject(
        self, one: Rejected, cells: Sequence[Cell] | None, on_rejected: Callable[[Rejected], None] | None
    ) -> None:
        self.rejected += 1
        if len(self.first_rejected) < SHOWN_REJECTED:
            self.first_rejected.append(one)
        if on_rejected is not None:
            on_rejected(one)
        for grouping in self.groupings:
            key = _UNREADABLE if cells is None else grouping.key(cells)
            grouping.counts[key, None] += 1

    # ------------------------------------------------------------------------------------------------------- totals

    def _impact(self) -> Impact:
        before, after = self.judge.sides
        missing = (name for name in self.judge.used if name not in self._columns.facts)
        empty = sorted(self.left_empty.intersection(self.judge.used).union(missing))
        if KNOWN_ON.name in empty:
            self.judge.regions_as_known(self._fixed[KNOWN_ON.name])  # told even where no row comes near them
        presumed = {name: json_value(self.judge.presumed(name)) for name in empty}
        days = {name: day if name in empty else None for name, day in self.days.items()}
        placed = {n: name for name, n in self._columns.facts.items()}
        changed = {v: n for v, n in self.totals.items() if v.kind == "changed" and v.region is None}
        return Impact(
            decision=self.judge.decision,
            as_of=days[AS_OF.name],
            known_on=days[KNOWN_ON.name],
            total=self._tally({**self.totals, None: self.rejected}),
            several=sum(changed.values()),
            regions=tuple(sorted(self._regions(), key=lambda one: one.change.order)),
            by={one.column: tuple(self._groups(one)) for one in self.groupings},
            reasons=tuple(self._reasons()),
            first_rejected=tuple(self.first_rejected),
            columns={column: placed.get(n) for n, column in enumerate(self.register.columns)},
            near=self._columns.near,
            presumed={name: value for name, value in presumed.items() if value is not None},
            synthetic=self.synthetic,
            register=self.register.name,
            before=before.identity(),
            after=after.identity(),
        )

    def _regions(self) -> Iterator[RegionCount]:
        for n, region in enumerate(self.judge.regions):
            inside = {v: count for v, count in self.totals.items() if v.region == n}
            tally = self._tally(inside)
            by = {one.column: tuple(_rows_by_value(one, n)) for one in self.groupings}
            partly = sum(count for v, count in self.totals.items() if n in v.partly)
            yield RegionCount(region.change, tally.rows, partly, tally.before, tally.after, by)

    def _reasons(self) -> list[Reason]:
        rows: Counter[Any] = Counter()
        may_change: Counter[Any] = Counter()
        for verdict, count in self.totals.items():
            if verdict.why is not None:
                rows[verdict.why] += count
                if any(self.judge.regions[n].change.kind == "answer" for n in verdict.partly):
                    may_change[verdict.why] += count
        found = [Reason(w.kind, w.sides, w.facts, w.rules, count, may_change[w]) for w, count in rows.items()]
        return sorted(found, key=lambda one: (-one.rows, one.kind, one.facts, one.rules, one.sides))

    def _tally(self, counts: Mapping[Any, int]) -> Tally:
        """The rows with these verdicts; None stands for rejected ones."""
        kinds: Counter[str] = Counter()
        needs: Counter[tuple[str, str]] = Counter()
        for verdict, count in counts.items():
            kinds["rejected" if verdict is None else verdict.kind] += count
            if verdict is not None:
                needs.update(dict.fromkeys(zip(SIDES, verdict.needs, strict=True), count))
        approvals: dict[str, Approvals] = {}
        if self.judge.is_about_approvals:
            approvals = {side: Approvals(needs[side, "needed"], needs[side, "unsure"]) for side in SIDES}
        return Tally(
            rows=sum(kinds.values()),
            changed=kinds["changed"],
            unchanged=kinds["unchanged"],
            undecided=kinds["undecided"],
            rejected=kinds["rejected"],
            before=approvals.get("before"),
            after=approvals.get("after"),
        )

    def _groups(self, grouping: _Grouping) -> list[Group]:
        """The groups of a column, most changed first, then largest, then by value."""
        counts: dict[_Key, Counter[Any]] = {}
        for (key, verdict), count in grouping.counts.items():
            counts.setdefault(key, Counter())[verdict] += count
        found = [Group(value, readable, self._tally(counts[readable, value])) for readable, value in counts]
        return sorted(found, key=lambda one: (-one.tally.changed, -one.tally.rows, *_order(one.value, one.is_readable)))


def _order(value: Any, readable: bool = True) -> tuple[Any, ...]:
    return not readable, value is None, str(value)


def _rows_by_value(grouping: _Grouping, region: int) -> list[tuple[Any, int]]:
    rows: Counter[Any] = Counter()
    for ((_, value), verdict), count in grouping.counts.items():
        if verdict is not None and verdict.region == region:
            rows[value] += count
    return sorted(rows.items(), key=lambda pair: (-pair[1], *_order(pair[0])))
