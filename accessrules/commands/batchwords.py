"""A decided register in words: how many rows got which answer, what was presumed, and the rows that were rejected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from accessrules.commands.rejectedwords import rejections
from accessrules.commands.telling import Teller
from accessrules.explaining.document import Block, Item, Items, Paragraph, Span
from accessrules.explaining.story import about
from accessrules.explaining.wording.phrases import fill

if TYPE_CHECKING:
    from accessrules.tables.batching import Batched

__all__ = ["blocks"]

_FAILED = {"undetermined": "batch_undetermined", "conflict": "batch_conflict", "no_rule": "batch_no_rule"}


def blocks(found: Batched, target: str, teller: Teller, format: str, *, took_today: bool) -> Iterator[Block]:
    """What an adviser reads; `target` is the file that was written."""
    yield teller.heading("batch_title", 1, file=Span(target, "code"))
    yield Items((Item(teller.say("impact_rows", count=_number(found.rows)), tuple(_parts(found, teller))),))
    between = teller.text("between")
    if found.presumed:
        stated = between.join(teller.labels.stated(name, value) for name, value in found.presumed.items())
        yield Paragraph(fill(teller.labels.phrases.presumed, facts=stated))
    if found.statuses["undetermined"] and found.missing:
        facts = teller.text("name_list").join(teller.labels.fact(name) for name in found.missing)
        yield teller.paragraph("batch_missing", facts=facts)
    if took_today and found.as_of is not None:
        yield teller.paragraph("took_today", day=found.as_of.isoformat())
    if found.rejected is not None:
        yield teller.heading("rejected_title")
        yield rejections(found.first_rejected, teller, format)
        file = Span(str(found.rejected), "code")
        yield teller.paragraph("rejected_written", count=_number(found.statuses["rejected"]), file=file)
    yield about(teller.rules.identity(), teller.labels)


def _parts(found: Batched, teller: Teller) -> Iterator[Item]:
    """The rows by their answer, most first; then those without one."""
    for outcome, count in sorted(found.outcomes.items(), key=lambda pair: (-pair[1], pair[0])):
        label = teller.labels.outcome(found.decision, outcome)
        yield Item(teller.say("batch_outcome", outcome=label, count=_number(count)))
    for status, word in _FAILED.items():
        if found.statuses[status]:
            yield Item(teller.say(word, count=_number(found.statuses[status])))
    if found.statuses["rejected"]:
        yield Item(teller.say("impact_rejected", count=_number(found.statuses["rejected"])))


def _number(count: int) -> Span:
    return Span(f"{count:,}", "strong")
