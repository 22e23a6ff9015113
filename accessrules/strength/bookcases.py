"""Ready cases: a case with the answer that a rule set gives, plain enough to stand in a casebook, as YAML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from accessrules.casebook import BookCase, decided_by, shown_day
from accessrules.cases import Case
from accessrules.decision import Decision
from accessrules.errors import Place
from accessrules.reading.forms import NAME_PATTERN
from accessrules.ruleset import RuleSet
from accessrules.values import json_value
from accessrules.vocabulary import AS_OF

__all__ = ["answered", "as_json", "as_yaml", "case_name", "ready_case", "simplified"]

_NOWHERE = Place("", 1, 1)
_LETTERS = {
    "confirmed-by-official-text": "A",
    "confirmed-by-secondary": "B",
    "from-source-article": "C",
    "unverified": "D",
}


def case_name(*parts: str) -> str:
    """The id of a case, from what it is for: letters, digits, dots and dashes."""
    return re.sub(r"[^\w.-]+", "-", "-".join(parts))


def ready_case(
    rules: RuleSet, id: str, decision: str, witness: Mapping[str, Any], details: Collection[str] = (), note: str = ""
) -> BookCase:
    """The case of a witness with the answer that the rules give, and these keys of its details."""
    case = Case(witness["facts"], witness["as_of"], witness["known_on"])
    return answered(rules, BookCase(id, case, decision, None, None, None, {}, "", None, _NOWHERE), details)


def answered(rules: RuleSet, case: BookCase, details: Collection[str]) -> BookCase:
    """The case with the answer that the rules give, and these keys of its details."""
    decided = rules.decide(case.case, decision=case.decision)
    said = decided.answer.details
    return replace(
        case,
        outcome=decided.outcome,
        status=None if decided.status == "decided" else decided.status,
        by=decided_by(decided),
        details={key: said.get(key) for key in sorted(details)},
        confidence=_confidence(decided),
    )


def _confidence(decided: Decision) -> str:
    """The letter of the least sure source of the rule that decides.

    D where the answer is open or a conflict; B where no rule applies, since that is derived.
    """
    rule = decided.rules.form.rules.get(decided_by(decided) or "")
    if decided.status in ("undetermined", "conflict"):
        return "D"
    if rule is None:
        return "B"
    return max(_LETTERS[source.confidence] for source in rule.sources if not source.context)


def simplified(
    rules: RuleSet, case: BookCase, still: Callable[[BookCase], bool], keep: Collection[str] = ()
) -> BookCase:
    """The case without each fact, in the order of their names, whose loss leaves the answer and what must `still` hold.

    `keep` names facts that stay. The day only goes where the answer is a decided one.
    """
    for name in sorted(case.case.facts, key=lambda fact: (rules.form.vocabulary[fact].type == "category", fact)):
        if name in keep:
            continue
        facts = {other: value for other, value in case.case.facts.items() if other != name}
        fewer = replace(case, case=replace(case.case, facts=facts))
        if answered(rules, fewer, case.details.keys()) == fewer and still(fewer):
            case = fewer
    if AS_OF.name not in keep and case.case.as_of is not None and case.status is None:
        fewer = replace(case, case=replace(case.case, as_of=None))
        if answered(rules, fewer, case.details.keys()) == fewer and still(fewer):
            case = fewer
    return case


def as_json(case: BookCase) -> dict[str, Any]:
    """The case as its file has it, as plain data."""
    expect = {"outcome": case.outcome, "status": case.status, "by": case.by, "details": dict(case.details) or None}
    days = {"as_of": shown_day(case.case.as_of), "known_on": shown_day(case.case.known_on)}
    return {
        "id": case.id,
        **{name: day for name, day in days.items() if day is not None},
        "decision": case.decision,
        "confidence": case.confidence,
        "facts": {name: json_value(value) for name, value in case.case.facts.items()},
        "expect": {name: value for name, value in expect.items() if value is not None},
    }


def as_yaml(case: BookCase) -> str:
    """The case as an entry of `cases:`, as the shipped casebook writes them.

    >>> from accessrules import load_rules
    >>> witness = {"facts": {"category": "pesticide"}, "as_of": "2018-03-14", "known_on": None}
    >>> print(as_yaml(ready_case(load_rules(), "pesticide", "access_route", witness)))
      - {id: pesticide, as_of: 2018-03-14, decision: access_route, confidence: B,
         facts: {category: pesticide},
         expect: {outcome: other_regime, by: pesticide.agriculture}}
    """
    data = as_json(case)
    facts, expect = data.pop("facts"), data.pop("expect")
    head = ", ".join(f"{name}: {_flow(value)}" for name, value in data.items())
    return f"  - {{{head},\n     facts: {_flow(facts)},\n     expect: {_flow(expect)}}}"


_BARE = re.compile(rf"{NAME_PATTERN}|^\d{{4}}-\d\d-\d\d$")
"""What needs no quotes: names and days."""


def _flow(value: Any) -> str:
    """A value as YAML writes it in a line: words bare, every other text in quotes."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_flow(str(name))}: {_flow(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(one) for one in value) + "]"
    if isinstance(value, str) and _BARE.match(value) and value not in ("true", "false", "null"):
        return value
    return json.dumps(value, ensure_ascii=False)
