"""JSON Schemas (draft 2020-12): of the rule files, of a case, and of a decision.

Those of rule files come from the forms that read them, that of a case from a vocabulary. The schema of a decision
is the published contract of `Decision.model_dump()`; a later version may add keys, never drop one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from accessrules import units
from accessrules.errors import Problem, QueryError
from accessrules.rules import CONFIDENCES, SourceForm
from accessrules.suggesting import did_you_mean
from accessrules.values import json_value
from accessrules.vocabulary import Fact

__all__ = ["SCHEMAS", "case_schema", "decision_schema", "file_schema", "schema"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILES = ("ruleset", "vocabulary", "details", "instruments", "precedence", "rules", "casebook", "proposal")
SCHEMAS = (*FILES, "case", "decision")
"""The names of the schemas that there are."""

_STATUSES = ["decided", "undetermined", "conflict", "no_rule"]

Schema = dict[str, Any]


def schema(name: str, form: Callable[[], SourceForm], lang: str = "en") -> Schema:
    """The schema of that name; `form` gives the rule set whose vocabulary a case is checked against.

    Raises QueryError for an unknown name.
    """
    if name not in SCHEMAS:
        known = dict.fromkeys(SCHEMAS, ())
        raise QueryError([Problem("$.schema", f"unknown schema `{name}`", did_you_mean(name, known, "schemas"))])
    if name == "case":
        return case_schema(form(), lang)
    return decision_schema() if name == "decision" else file_schema(name)


def file_schema(name: str) -> Schema:
    """The schema of a kind of rule file."""
    from accessrules.reading.proposalforms import FILE_FORMS

    return {"$schema": DIALECT, **FILE_FORMS[name].model_json_schema(by_alias=True)}


# ---------------------------------------------------------------------------------------------------- a case


def case_schema(form: SourceForm, lang: str = "en") -> Schema:
    """The schema of a case: its facts with their values and questions in the language, and its two days.

    It allows what `RuleSet.decide` and `--facts` accept: numbers, or text with a unit; null for unknown.
    """
    facts = {fact.name: _fact(fact, lang) for fact in form.vocabulary if not fact.derived}
    day = {"type": ["string", "null"], "format": "date", "pattern": _DAY}
    return {
        "$schema": DIALECT,
        "title": f"A case for {form.name} {form.version}",
        **_object(
            {
                "facts": {"type": "object", "properties": facts, "additionalProperties": False},
                "as_of": {**day, "description": "the day asked about; null: unknown"},
                "known_on": {**day, "description": "ask with what was published by that day; null: with everything"},
            },
            required=["facts"],
        ),
    }


_DAY = r"^\d{4}-\d{2}-\d{2}$"


def _fact(fact: Fact, lang: str) -> Schema:
    described: Schema = {"title": fact.label.say(lang), "description": fact.question.say(lang)}
    if fact.presume is not None:
        described["default"] = json_value(fact.presume)
    return {**described, "anyOf": [*_values(fact, lang), {"type": "null", "title": "unknown"}]}


def _values(fact: Fact, lang: str) -> list[Schema]:
    if fact.values:
        return [{"const": value.id, "title": value.label.say(lang)} for value in fact.values.values()]
    if fact.type == "boolean":
        return [{"type": "boolean"}]
    if fact.type == "date":
        return [{"type": "string", "format": "date", "pattern": _DAY}]
    bounds = {
        key: json_value(bound)
        for key, bound in (("minimum", fact.minimum), ("maximum", fact.maximum))
        if bound is not None
    }
    return [{"type": fact.type, **bounds}, *_quantity(fact)]


def _quantity(fact: Fact) -> list[Schema]:
    """Text with a unit that converts to the fact's own."""
    if fact.unit is None:
        return []
    names = sorted(unit for unit in units.UNITS if units.convertible(unit, fact.unit))
    return [
        {"type": "string", "pattern": r"^\s*[+-]?\d+(\.\d+)?\s*\D.*$", "description": f"a number in {', '.join(names)}"}
    ]


# ---------------------------------------------------------------------------------------------------- a decision


def decision_schema() -> Schema:
    """The schema of a decision as JSON."""
    parts = {**_answer(), **_reasons(), **_what_is_left(), **_neighbourhood()}
    return {"$schema": DIALECT, "title": "A decision, explained", **_object(parts)}


def _answer() -> Schema:
    return {
        "decision": _TEXT,
        "status": {"enum": _STATUSES},
        "outcome": {**_OR_NULL, "description": "the outcome's id; null unless decided"},
        "details": {"type": "object", "description": "data that goes with the outcome"},
        "exact": {"type": "boolean", "description": "false where the search over unknown facts was cut short"},
        "as_of": _DAY_OR_NULL,
        "known_on": _DAY_OR_NULL,
        "facts": {"type": "object", "additionalProperties": _VALUE},
        "presumed": {"type": "object", "additionalProperties": _VALUE},
    }


def _reasons() -> Schema:
    yielded = {
        "rule": _TEXT,
        "outcome": _OR_NULL,
        "to": _TEXT,
        "principle": {"enum": ["exception", "rank", "special", "new"]},
        "authority": _OR_NULL,
        "certain": {"type": "boolean", "description": "whether it is so whatever the facts not known are"},
    }
    at_odds = {**_named(), "outcome": _OR_NULL, "sources": _sources()}
    either = {"anyOf": [_rule_reason(), _default_reason()]}
    return {
        "because": _list(either, "the prevailing rules, the deciding one first"),
        "yielded": _list(_object(yielded), "rules that apply but are defeated"),
        "conflict": _list(_object(at_odds), "the rules that disagree"),
    }


def _what_is_left() -> Schema:
    question = {"fact": _TEXT, "question": _words(), "values": {"type": "array"}}
    open_rule = {**_named(), "outcomes": _list(_TEXT), "sources": _sources()}
    note = {"anyOf": [_words(), {"type": "null"}]}
    reading = {"rule": _TEXT, "reading": _TEXT, "by": _words(), "note": note}
    return {
        "possible": _list(_TEXT, "the outcomes that some completion gives, sorted"),
        "possible_status": _list({"enum": _STATUSES}, "their statuses, sorted"),
        "needs": _list(_object(question), "best question first"),
        "open": _list(_object(open_rule), "rules that leave it open"),
        "contested": _list(_object(reading), "other readings"),
        "via": _list(_TEXT, "earlier decisions that failed"),
    }


def _neighbourhood() -> Schema:
    failing = _object({"fact": _TEXT, "value": _VALUE, "test": _TEXT})
    change = {"on": _ISO_DAY, "status": {"enum": _STATUSES}, "outcome": _OR_NULL, "rule": _OR_NULL}
    sure = {"contested": {"type": "boolean"}, "confidence": {"enum": list(CONFIDENCES)}}
    doubt = {"on": _ISO_DAY, "rule": _TEXT, **sure}
    ruleset = {
        "name": _TEXT,
        "version": _TEXT,
        "fingerprint": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
        "format": {"type": "integer"},
    }
    missed = _object({"rule": _TEXT, "outcome": _OR_NULL, "failing": failing})
    return {
        "near_misses": _list(missed, "rules of another outcome that fail on one test"),
        "next_change": {"anyOf": [_object(change), {"type": "null"}]},
        "next_doubt": {"anyOf": [_object(doubt), {"type": "null"}]},
        "ruleset": _object(ruleset),
    }


_TEXT: Schema = {"type": "string"}
_OR_NULL: Schema = {"type": ["string", "null"]}
_ISO_DAY: Schema = {"type": "string", "format": "date", "pattern": _DAY}
_DAY_OR_NULL: Schema = {"type": ["string", "null"], "format": "date", "pattern": _DAY}
_VALUE: Schema = {"type": ["string", "number", "boolean", "null"]}


def _object(properties: Schema, required: Sequence[str] | None = None) -> Schema:
    """An object with these keys and no other; all of them required unless some are named."""
    needed = list(properties if required is None else required)
    return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}


def _list(items: Schema, description: str = "") -> Schema:
    return {"type": "array", "items": items, **({"description": description} if description else {})}


def _words() -> Schema:
    return _object({"en": _TEXT, "zh": _TEXT}, required=["en"])


def _named() -> Schema:
    return {"rule": _TEXT, "title": _words()}


def _sources() -> Schema:
    return _list(
        _object(
            {
                "instrument": _TEXT,
                "at": _TEXT,
                "at_zh": {"type": ["string", "null"]},
                "confidence": {"enum": list(CONFIDENCES)},
                "context": {"type": "boolean"},
            }
        )
    )


def _rule_reason() -> Schema:
    test = _object({"fact": _TEXT, "value": _VALUE, "test": _TEXT, "holds": {"type": ["boolean", "null"]}})
    certain = {"type": "boolean", "description": "whether it prevails whatever the facts not known are"}
    kind = {"default": {"const": False}}
    return _object({**_named(), **kind, "tests": _list(test), "sources": _sources(), "certain": certain})


def _default_reason() -> Schema:
    return _object({"rule": {"type": "null"}, "default": {"const": True}, "sources": _sources()})
