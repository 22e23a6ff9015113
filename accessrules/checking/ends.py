"""Conflicts, and gaps: where a decision comes to no outcome."""

from __future__ import annotations

from collections.abc import Iterator

from accessrules.atlas import Meeting
from accessrules.checking.survey import Survey
from accessrules.findings import Finding
from accessrules.regions import meet

__all__ = ["conflicts_and_gaps"]


def conflicts_and_gaps(survey: Survey) -> Iterator[Finding]:
    """A finding for each box of each set of rules in conflict, and of what no rule and no default answers.

    Where an earlier decision fails, that is the finding, and it is not told again for the decisions that rest on it.
    """
    at_odds: dict[tuple[int, ...], list[Meeting]] = {}
    gaps: list[Meeting] = []
    for meeting in survey.applicable:
        resolution = survey.resolution(meeting)
        if meeting.settled and resolution.status == "conflict":
            at_odds.setdefault(resolution.conflict, []).append(meeting)
        elif meeting.settled and resolution.status == "no_rule":
            gaps.append(meeting)
    for rules, meetings in at_odds.items():
        names = tuple(survey.index.rules[n].id for n in rules)
        circle = not survey.resolution(meetings[0]).prevailing
        for box in survey.region(meetings):
            variant = "circle" if circle else ""
            yield survey.finding("conflict", variant, names, box, rules=", ".join(f"`{name}`" for name in names))
    meant = survey.index.form.decisions[survey.decision].gaps_meant
    # A witness with no answer for sure, where there is one, so that `decide` shows it, and not that it is but possible.
    sure = survey.atlas.where_only(frozenset(gaps).__contains__) if gaps else []
    for box in survey.region(gaps) if gaps else ():
        shown = next((met for part in sure if (met := meet(box, part)) is not None), box)
        yield survey.finding("gap", "meant" if meant else "", (), box, shown, decision=survey.decision)
