"""The command lines that decide a case again, ready to be pasted into a shell."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from accessrules.ruleset import RuleSet
from accessrules.values import read_value, value_text
from accessrules.vocabulary import FactValue

__all__ = ["decide_line", "witness_line"]


def decide_line(
    rules: RuleSet,
    options: Sequence[str],
    facts: Mapping[str, FactValue | None],
    days: tuple[dt.date | str | None, dt.date | str | None],
    decision: str,
) -> str:
    """The command line that decides a case; `options` say with which rules, `days` are `as_of` and `known_on`."""
    as_of, known_on = days
    words = ["accessrules", "decide", *options]
    for name, value in facts.items():
        words.append(f"{name}=unknown" if value is None else f"{name}={value_text(value, rules.form.vocabulary[name])}")
    words += ["--on", "unknown" if as_of is None else str(as_of)]
    if known_on is not None:
        words += ["--known-on", str(known_on)]
    if decision != rules.default_decision:
        words += ["--decision", decision]
    return shlex.join(words)


def witness_line(rules: RuleSet, options: Sequence[str], witness: Mapping[str, Any], decision: str) -> str:
    """The command line that decides a witness; what the rule set has no fact for is left out."""
    vocabulary = rules.form.vocabulary
    facts = {
        name: None if value is None else read_value(value, vocabulary[name])
        for name, value in witness["facts"].items()
        if name in vocabulary
    }
    return decide_line(rules, options, facts, (witness["as_of"], witness["known_on"]), decision)
