"""An index from one that differs in a few rules, so that a proposal costs a fraction of a load.

Clauses stay in the order of their rules. What comes or goes shifts the bits of all that follow, and to shift a whole
bit set is one operation, however many clauses it has; what costs time, to turn the tests of every rule into cells, is
not done again. `tests/properties/test_proposals.py` holds the result to an index that is built anew, part by part.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from accessrules.axes import Axis, bits_of
from accessrules.index import Compiled, Index, readings_of, timed_clauses
from accessrules.regions import Box
from accessrules.rules import SourceForm
from accessrules.spaces import Cells, box_of, cuts_of
from accessrules.valuesets import ValueSet

__all__ = ["edited"]

_Part = TypeVar("_Part")


class _Edit(NamedTuple):
    """From the base's clause `at` on, `drop` of them make way for others, each with its rule's id."""

    at: int
    drop: int
    add: list[tuple[str, Mapping[str, ValueSet]]]


_MOST_CLAUSES = 200
"""So many clauses come and go, at most, for an index to be edited; beyond, it is built anew.

Each change moves every bit set once more, so that many cost their number times the size of the index, where building
costs its size alone. Over bases of 300, 3,000 and 10,000 rules the two were measured to cost the same at 40 to 170
amended rules far apart, and at 100 to 500 that are neighbours.
"""


def edited(base: Index, form: SourceForm) -> Index:
    """The index of a source form that differs from the base's in some rules.

    INVARIANT: both have the same facts, decisions and organs, and the form has the base's instruments unchanged; then
    a rule that is the same object in both has the same clauses in both.
    """
    edits = _edits(base, form)
    if sum(edit.drop + len(edit.add) for edit in edits) > _MOST_CLAUSES:
        return Index(form)
    axes = _axes(base, form, edits)
    added = [[box_of(clause, axes) for _, clause in edit.add] for edit in edits]
    number = {name: n for n, name in enumerate(form.rules)}
    renumbered = [number.get(rule.id, -1) for rule in base.rules]
    clause_rule = _spliced(
        [renumbered[n] for n in base.clause_rule], edits, [[number[name] for name, _ in edit.add] for edit in edits]
    )
    size = base.all_clauses.bit_length() + sum(len(edit.add) - edit.drop for edit in edits)
    testing = {
        fact: _spliced_bits([bits], edits, [[_bits(fact in box for box in boxes)] for boxes in added])[0]
        for fact, bits in base.testing.items()
    }
    accepting = {fact: _accepting(base, axis, edits, added) for fact, axis in axes.items()}

    def boxes() -> tuple[dict[str, int], ...]:
        # Plain cases are decided without, and to move them all is most of the work: it waits until somebody asks.
        return tuple(_spliced(_moved_boxes(base, axes), edits, added))

    return Index(form, Compiled(tuple(clause_rule), Cells(axes, size, boxes, accepting, testing)))


def _edits(base: Index, form: SourceForm) -> list[_Edit]:
    """What changes, from the first clause to the last; neighbouring changes are one."""
    before = list(base.number)
    changed = {rule.id for rule in base.rules if form.rules.get(rule.id) is not rule}
    edits: list[_Edit] = []
    for name in sorted(changed | (form.rules.keys() - base.number.keys())):
        n = bisect_left(before, name)
        at = bisect_left(base.clause_rule, n)
        drop = bisect_left(base.clause_rule, n + 1) - at if name in base.number else 0
        timed = timed_clauses(form.rules[name], form) if name in form.rules else []
        add: list[tuple[str, Mapping[str, ValueSet]]] = [(name, clause) for clause in timed]
        if edits and edits[-1].at + edits[-1].drop == at:
            last = edits.pop()
            last.add.extend(add)
            edits.append(last._replace(drop=last.drop + drop))
        else:
            edits.append(_Edit(at, drop, add))
    return edits


def _axes(base: Index, form: SourceForm, edits: Sequence[_Edit]) -> dict[str, Axis]:
    """The axes, cut where the remaining clauses, the new ones and the contested readings begin and end.

    A cut of the base is still needed where the bit of some remaining clause turns over.
    """
    dropped = sum((1 << edit.drop) - 1 << edit.at for edit in edits)
    new = [clause for edit in edits for _, clause in edit.add]
    cuts = cuts_of(base.facts, (*new, *readings_of(form.rules.values())))
    axes: dict[str, Axis] = {}
    for fact, axis in base.axes.items():
        cells = base.accepting[fact]
        kept = (axis.cuts[i] for i in range(1, len(axis.cuts) - 1) if (cells[i - 1] ^ cells[i]) & ~dropped)
        again = Axis(axis.fact, cuts[fact].union(kept))
        axes[fact] = axis if again.cuts == axis.cuts else again
    return axes


def _moved_boxes(base: Index, axes: Mapping[str, Axis]) -> Sequence[dict[str, int]]:
    """The base's boxes in the cells of the new axes. Those of clauses that are dropped may be wrong."""
    recut = [fact for fact, axis in axes.items() if axis is not base.axes[fact]]
    if not recut:
        return base.clause_boxes
    boxes = [box.copy() for box in base.clause_boxes]
    for fact in recut:
        steps = _recutting(base.axes[fact], axes[fact])
        moved: dict[int, int] = {}
        for box in boxes:
            if (mask := box.get(fact)) is not None:
                found = moved.get(mask)
                box[fact] = moved[mask] = _moved(mask, steps) if found is None else found
    return boxes


def _moved(mask: int, steps: Sequence[tuple[int, int, int]]) -> int:
    for below, rest, after in steps:
        mask = mask & below | mask >> rest << after
    return mask


def _recutting(before: Axis, after: Axis) -> list[tuple[int, int, int]]:
    """What a mask goes through: the cells below stay, those from `rest` on now begin at `after`; highest cut first.

    A new cut gives both parts of its cell what the cell had. Where a cut goes, both its cells had the same.
    """
    steps: list[tuple[int, int, int]] = []
    for cut in sorted(set(before.cuts) ^ set(after.cuts), reverse=True):
        cell = bisect_left(before.cuts, cut) - 1  # the cell that ends at the cut, or that it lies in
        rest = cell + 2 if cut in before.cuts else cell
        steps.append(((1 << cell + 1) - 1, rest, cell + 1))
    return steps


def _accepting(base: Index, axis: Axis, edits: Sequence[_Edit], added: Sequence[Sequence[Box]]) -> list[int]:
    """The clauses that accept each cell: those of the base's cell that it lies in, with what is new and gone."""
    fact = axis.fact.name
    before, cells = base.axes[fact], base.accepting[fact]
    if axis is not before:
        cells = [cells[bisect_right(before.cuts, low) - 1] for low in axis.cuts[:-1]]
    new = [[(1 << len(boxes)) - 1] * axis.size for boxes in added]
    for row, boxes in zip(new, added, strict=True):
        for n, box in enumerate(boxes):
            for cell in bits_of(axis.everything & ~box.get(fact, axis.everything)):
                row[cell] ^= 1 << n
    return _spliced_bits(cells, edits, new)


def _bits(flags: Iterable[object]) -> int:
    return sum(1 << n for n, flag in enumerate(flags) if flag)


def _spliced(base: Sequence[_Part], edits: Sequence[_Edit], added: Sequence[Sequence[_Part]]) -> Iterator[_Part]:
    """What belongs to each clause, with what belongs to the new ones in its place."""
    at = 0
    for edit, new in zip(edits, added, strict=True):
        yield from base[at : edit.at]
        yield from new
        at = edit.at + edit.drop
    yield from base[at:]


def _spliced_bits(sets: Sequence[int], edits: Sequence[_Edit], added: Sequence[Sequence[int]]) -> list[int]:
    """Each bit set, with its bits of the new clauses in their place; `added` has these for each edit and set."""
    spliced = list(sets)
    # From the last edit to the first, so that the places of those still to come do not move.
    for edit, new in zip(reversed(edits), reversed(added), strict=True):
        at, below, rest, after = edit.at, (1 << edit.at) - 1, edit.at + edit.drop, edit.at + len(edit.add)
        spliced = [bits & below | own << at | bits >> rest << after for bits, own in zip(spliced, new, strict=True)]
    return spliced
