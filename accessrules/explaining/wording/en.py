"""English."""

from __future__ import annotations

from collections.abc import Sequence

from accessrules.explaining.wording.language import End, Language
from accessrules.explaining.wording.phrases import Phrases

__all__ = ["ENGLISH"]

_PHRASES = Phrases(
    space=" ",
    separator="; ",
    answer="Answer: {outcome}.",
    undetermined="Answer: {not_settled}. Facts are missing.",
    undetermined_why="not settled yet",
    possible="Still possible: {outcomes}.",
    open="Answer: {open}. They do not settle the matter, and no further fact about the case would.",
    open_why="left open by the law’s own sources",
    partly_open="Some cases stay open whatever the facts, for the sources do not settle them: see below.",
    conflict="Answer: {conflict}.",
    conflict_why="there is none, because the rules contradict each other",
    conflict_ruling="Nothing in the order of precedence says which of them prevails. "
    "It is for the body above those that made them to rule on it{authority}.",
    no_rule="Answer: {no_rule}.",
    no_rule_why="there is none, because no rule covers this case",
    maybe_conflict="It is also possible that the rules contradict each other, so that there is no answer.",
    maybe_no_rule="It is also possible that no rule applies, so that there is no answer.",
    maybe_either="It is also possible that the rules contradict each other, or that no rule applies, "
    "so that there is no answer.",
    via="It rests on another question, which has no answer itself: {questions}",
    published="known to the public",
    via_maybe="Where there is none, that is because another question has no answer: {questions}",
    case="The case: {facts}.",
    empty_case="nothing is known",
    on_day="on {day}",
    no_day="no date given",
    known_on="Only what had been published by {day} is counted.",
    inexact="So much is unknown that the search was cut short: some of what is listed as possible may not be. "
    "More facts make it exact.",
    contested_below="Not everybody reads the law this way: see “Other readings”.",
    presumed="Presumed, unless you say otherwise — {facts}.",
    later="The answer changes on {day}: then {outcome}{rule}.",
    later_undetermined="On {day} this changes: from then on the answer depends on further facts.",
    later_open="On {day} this changes: from then on the sources leave the answer open{rule}.",
    later_conflict="On {day} this changes: from then on the rules contradict each other{rule}.",
    later_no_rule="On {day} this changes: from then on no rule applies{rule}.",
    by_rule=", under {rule}",
    doubted="From {day} on the same answer rests on {rule} ({why}).",
    read_otherwise="not everybody reads it this way",
    never="These rules know of no later change.",
    never_known="No later change was known on {day}.",
    known_until="The rules say what was known on {day}; what has changed since is not in them.",
    head_needs="What to find out, most useful first",
    head_why="Why",
    head_open="What the sources leave open",
    head_conflict="The rules that contradict each other",
    head_yielded="Rules that apply but give way",
    head_contested="Other readings",
    head_changes="What could change the answer",
    head_details="What goes with it",
    head_about="About this answer",
    tell_apart="Tell apart: {values}.",
    more="{count} more",
    several_true="The first rule decides; the others apply as well and agree with it.",
    several_maybe="Which of these applies depends on what is not known, but each gives the same answer.",
    several_open="What the sources leave open decides which of these applies.",
    some_maybe="Depending on further facts, these apply as well:",
    default="No rule applies to the case; this is what holds where none does.",
    default_maybe="Where no rule applies, the answer is the same.",
    default_open="Should no rule apply, then: {outcome}.",
    outcomes_left="Leaves open: {outcomes}",
    headed="{title} ({id})",
    named_rule="“{title}” ({rule})",
    test="{fact}: {test}{value}",
    test_value=" (here: {value})",
    test_presumed=" (presumed: {value})",
    test_presumed_same=" (presumed)",
    test_unknown=" (not known)",
    source="Source: {citation}",
    gives="{rule}: {outcome}",
    leaves_open="left open",
    citation="{title}{number}{at}{notes}",
    citation_number=", {number}",
    citation_at=", {at}",
    citation_confidence=" — {notes}",
    context="for context only",
    read_in_part="text read in part",
    day_unsure="its date is not confirmed",
    yields="gives way to {to}: {reason}{authority}",
    yield_alike="To {to} these give way: {reason}{authority}",
    some_yield="Depending on further facts, these apply as well, and give way:",
    deciding="the deciding rule",
    exception="that one is declared the exception",
    rank="that one rests on a source of higher rank",
    special="of rules by the same body, that one is more special",
    new="of rules by the same body, that one is newer",
    exception_authority=" (it stands in {authority})",
    authority=" ({authority})",
    contested="Read otherwise: {outcome}, according to {by}.",
    contested_rule="Read otherwise, {rule} gives: {outcome}, according to {by}.",
    near_miss="{fact}: {test}{value}",
    near_rule="then {rule} applies as well: {outcome}",
    yes="yes",
    no="no",
    any="any",
    unknown="not known",
    per_category="each category of products",
    per_enterprise="the whole enterprise",
    labelled="{label}: {value}",
    quantity="{label} {value}",
    ruleset="Rules: {name}, version {version}, fingerprint {fingerprint}.",
    advice="This is information, not legal advice.",
)

_CONFIDENCE = {
    "confirmed-by-official-text": "confirmed by the official text",
    "confirmed-by-secondary": "confirmed by a secondary report",
    "from-source-article": "known from one article only",
    "unverified": "not verified",
}

_SINGULAR = {
    "days": "day",
    "weeks": "week",
    "working days": "working day",
    "months": "month",
    "years": "year",
    "pieces": "piece",
}
_WRITTEN = {"m2": "m²", "m3": "m³", "mm2": "mm²", "cm2": "cm²", "cm3": "cm³", "dm3": "dm³"}


def _quantity(number: str, unit: str) -> str:
    if unit == "CNY":
        return f"CNY {number}"
    if unit in ("%", "°C"):
        return f"{number}{'' if unit == '%' else ' '}{unit}"
    if number == "1":
        unit = _SINGULAR.get(unit, unit)
    return f"{number} {_WRITTEN.get(unit, unit)}".rstrip()


def _numbers(low: End | None, high: End | None) -> str:
    upper = f"{'at most' if high[1] else 'below'} {high[0]}" if high else ""
    if low is None:
        return upper
    word = "above" if not low[1] else "from" if high else "at least"
    lower = f"{word} {low[0]}"
    return f"{lower} to {upper}" if upper else lower


def _days(first: str | None, last: str | None, after: str | None) -> str:
    if first and after:
        return f"from {first} to before {after}"
    return f"from {first}" if first else f"before {after}"


def _listed(names: Sequence[str], word: str = "and") -> str:
    *most, last = names
    return f"{', '.join(most)} {word} {last}" if most else last


def _any_of(names: Sequence[str]) -> str:
    return _listed(names, "or")


def _none_of(names: Sequence[str]) -> str:
    if len(names) > 2:
        return "none of " + _listed(names)
    return f"not {names[0]}" if len(names) == 1 else f"neither {names[0]} nor {names[1]}"


ENGLISH = Language(
    lang="en",
    phrases=_PHRASES,
    quantity=_quantity,
    numbers=_numbers,
    days=_days,
    any_of=_any_of,
    none_of=_none_of,
    listed=_listed,
    instrument=str,
    at=str,
    confidence=_CONFIDENCE,
)
