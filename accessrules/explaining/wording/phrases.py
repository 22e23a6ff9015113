"""What an explanation says, by name: each language fills in the same phrases with the same places.

A place is `{name}`; what is put there may carry a style. `wording/en.py` and `wording/zh.py` have the words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from accessrules.explaining.document import Line, Span, line

__all__ = ["Phrases", "fill"]

_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Every phrase of an explanation."""

    # Between sentences, and between the things of a list
    space: str
    separator: str

    # The answer
    answer: str
    undetermined: str
    undetermined_why: str
    possible: str
    open: str
    open_why: str
    partly_open: str
    conflict: str
    conflict_why: str
    conflict_ruling: str
    no_rule: str
    no_rule_why: str
    maybe_conflict: str
    maybe_no_rule: str
    maybe_either: str
    via: str
    via_maybe: str
    case: str
    empty_case: str
    on_day: str
    no_day: str
    known_on: str
    published: str
    inexact: str
    contested_below: str
    presumed: str

    # Later
    later: str
    later_undetermined: str
    later_open: str
    later_conflict: str
    later_no_rule: str
    by_rule: str
    doubted: str
    read_otherwise: str
    never: str
    never_known: str
    known_until: str

    # Sections
    head_needs: str
    head_why: str
    head_open: str
    head_conflict: str
    head_yielded: str
    head_contested: str
    head_changes: str
    head_details: str
    head_about: str

    # Questions
    tell_apart: str
    more: str

    # Reasons
    several_true: str
    several_maybe: str
    several_open: str
    some_maybe: str
    default: str
    default_maybe: str
    default_open: str
    outcomes_left: str
    headed: str
    named_rule: str
    test: str
    test_value: str
    test_presumed: str
    test_presumed_same: str
    test_unknown: str
    source: str
    gives: str
    leaves_open: str

    # Sources
    citation: str
    citation_number: str
    citation_at: str
    citation_confidence: str
    context: str
    read_in_part: str
    day_unsure: str

    # Precedence
    yields: str
    yield_alike: str
    some_yield: str
    deciding: str
    exception: str
    rank: str
    special: str
    new: str
    exception_authority: str
    authority: str

    # Other readings, near misses
    contested: str
    contested_rule: str
    near_miss: str
    near_rule: str

    # Words
    yes: str
    no: str
    any: str
    unknown: str
    labelled: str
    per_category: str
    per_enterprise: str
    quantity: str

    # The end
    ruleset: str
    advice: str


def fill(phrase: str, **parts: str | Span | Line) -> Line:
    """The phrase with its places filled; what is filled in is never read as a phrase itself.

    >>> fill("from {day} on", day=Span("2018-08-01", "strong"))[1].style
    'strong'
    """
    pieces = _PLACE.split(phrase)
    return line(*(parts[piece] if n % 2 else piece for n, piece in enumerate(pieces)))
