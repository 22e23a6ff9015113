"""The engine's own findings, as regions of source form."""

from __future__ import annotations

from collections.abc import Callable

from accessrules.atlas import Atlas, Meeting
from accessrules.resolving import Resolution
from tests.proof.encoding import Region


def where(atlas: Atlas, wanted: Callable[[Resolution], bool]) -> list[Region]:
    """Where a decision comes to what is wanted while none that it rests on fails so that it matters."""

    def chosen(meeting: Meeting) -> bool:
        rules = atlas.index.rules_of(meeting.clauses)
        return meeting.settled and wanted(atlas.resolver.resolve(atlas.decision, rules))

    assert not atlas.unexplored
    axes = atlas.index.axes
    return [{fact: axes[fact].set_of(cells) for fact, cells in box.items()} for box in atlas.where(chosen)]
