"""The engine's own findings, as regions of source form."""

from __future__ import annotations

from collections.abc import Mapping

from accessrules.atlas import Atlas, Meeting
from accessrules.resolving import Resolution
from accessrules.valuesets import ValueSet


def resolution(atlas: Atlas, meeting: Meeting) -> Resolution:
    """What the clauses that meet come to."""
    return atlas.resolver.resolve(atlas.decision, atlas.index.rules_of(meeting.clauses))


def where_status(atlas: Atlas, status: str) -> list[Mapping[str, ValueSet]]:
    """Where the decision has a status while those that it rests on succeed."""
    assert not atlas.unexplored
    found = atlas.where(lambda meeting: meeting.settled and resolution(atlas, meeting).status == status)
    return [{fact: atlas.index.axes[fact].set_of(cells) for fact, cells in box.items()} for box in found]
