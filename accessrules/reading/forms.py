"""The shapes of rule files (format 1), as pydantic models; the published JSON Schemas come from them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler, WithJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError

from accessrules.rules import Confidence, Rank
from accessrules.texts import Text
from accessrules.values import Unreadable, read_date

__all__ = [
    "NAME_PATTERN",
    "CaseForm",
    "CasebookFile",
    "ContestedForm",
    "Day",
    "DecisionForm",
    "DetailsFile",
    "Details_",
    "EndedForm",
    "FactForm",
    "Form",
    "InstrumentForm",
    "InstrumentsFile",
    "Name",
    "OrganForm",
    "PrecedenceFile",
    "PrincipleForm",
    "RuleForm",
    "RuleParts",
    "RulesFile",
    "RulesHead",
    "RulesetFile",
    "RulesetHead",
    "SourceForm_",
    "Sources",
    "TableForm",
    "TextForm",
    "ValueForm",
    "VocabularyFile",
    "Words",
]


class Form(BaseModel):
    """A mapping with known keys and nothing else."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


class TextForm(Form):
    """A text in English and Chinese; plain text stands for its English."""

    en: str = Field(min_length=1)
    zh: str | None = Field(default=None, min_length=1)

    def text(self) -> Text:
        """As the source form has it."""
        return Text(self.en, self.zh)


class OutcomeForm(TextForm):
    """What an outcome is called; `approval: false` where it is none, so that a portfolio does not count it."""

    approval: bool = True


def _day(raw: object) -> object:
    try:
        return read_date(raw)
    except Unreadable as wrong:
        raise PydanticCustomError("unreadable", "{message}", {"message": wrong.message, "help": wrong.help}) from None


class _OrShort:
    """In the JSON Schema: the form in full, or one of its short spellings."""

    def __init__(self, *short: dict[str, Any]) -> None:
        self.short = short

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [*self.short, handler(core)]}


Words = Annotated[
    TextForm,
    BeforeValidator(lambda raw: {"en": raw} if isinstance(raw, str) else raw),
    _OrShort({"type": "string", "minLength": 1}),
]
Outcome = Annotated[
    OutcomeForm,
    BeforeValidator(lambda raw: {"en": raw} if isinstance(raw, str) else raw),
    _OrShort({"type": "string", "minLength": 1}),
]
Day = Annotated[dt.date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
NAME_PATTERN = r"^[^\W\d][\w.\-]*$"


def _at(raw: object) -> object:
    return None if raw == "" else {"en": str(raw)} if type(raw) in (int, str) else raw


At = Annotated[
    TextForm | None,
    BeforeValidator(_at),
    _OrShort({"type": ["string", "integer"], "description": "article, part or annex"}),
]
Name = Annotated[str, Field(pattern=NAME_PATTERN, max_length=200)]
Names = Annotated[
    list[str],
    BeforeValidator(lambda raw: [raw] if isinstance(raw, str) else raw),
    _OrShort({"type": "string"}),
]
ONE_TEST = {
    "description": "a value, or words such as `at least 500 L`, `from 2018-08-01`, `not research`",
    "type": ["string", "number", "boolean"],
}
When = Annotated[
    dict[str, Any],
    WithJsonSchema(
        {
            "type": "object",
            "description": "fact: test, all of which must hold; any, not and unless nest",
            "properties": {
                "any": {"type": "array", "items": {"type": "object"}, "minItems": 1},
                "not": {"type": "object"},
                "unless": {"type": "object"},
            },
            "additionalProperties": {"anyOf": [ONE_TEST, {"type": "array", "items": ONE_TEST, "minItems": 1}]},
        }
    ),
]
Details_ = Annotated[dict[str, Any], WithJsonSchema({"type": "object"})]
Bound = Annotated[Any, WithJsonSchema({"type": ["number", "string"]})]


class ValueForm(Form):
    """A value of a category or choice: its labels, the category it is under, other names for it."""

    en: str = Field(min_length=1)
    zh: str | None = None
    under: str | None = None
    also: dict[Literal["en", "zh"], list[str]] = {}


class FactForm(Form):
    """A fact of the vocabulary."""

    type: Literal["category", "choice", "boolean", "integer", "number", "date"]
    question: Words | None = None
    label: Words | None = None
    unit: str | None = None
    min: Bound = None
    max: Bound = None
    values: dict[
        Name,
        Annotated[
            ValueForm,
            BeforeValidator(lambda raw: {"en": raw} if isinstance(raw, str) else raw),
            _OrShort({"type": "string"}),
        ],
    ] = {}
    presume: Annotated[Any, WithJsonSchema({"type": ["string", "number", "boolean"]})] = None


class VocabularyFile(Form):
    """vocabulary.yaml, or a file in vocabulary/."""

    facts: dict[Name, FactForm]


class DetailsFile(Form):
    """details.yaml, or a file in details/: what the keys of `details` are called."""

    details: dict[Name, Words]


class InstrumentForm(Form):
    """A legal or policy text that rules cite."""

    title: Words
    issuer: Names
    rank: Rank
    published: Day
    confidence: Confidence
    number: Words | None = None
    effective: Day | None = None
    until: Day | None = None
    date_confidence: Confidence | None = None
    read: Literal["full", "opening part or excerpt", "report only", "none", ""] = ""
    note: Words | None = None
    url: str = ""


class InstrumentsFile(Form):
    """instruments.yaml, or a file in instruments/."""

    instruments: dict[Name, InstrumentForm]


class OrganForm(Form):
    """A body that enacts instruments."""

    en: str
    zh: str | None = None
    succeeded_by: str | None = None


class SourceForm_(Form):  # noqa: N801 - `SourceForm` is the whole source form of a rule set
    """Where a rule stands."""

    instrument: str
    at: At = None
    confidence: Confidence | None = None
    context: bool = False
    note: Words | None = None


Sources = Annotated[
    list[SourceForm_],
    Field(min_length=1),
    BeforeValidator(lambda raw: [raw] if isinstance(raw, dict) else raw),
    _OrShort({"type": "object"}),
]


class DefaultForm(Form):
    """What holds where no rule applies."""

    outcome: str
    source: Sources | None = None


class DecisionForm(Form):
    """A question that rules answer."""

    question: Words
    label: Words | None = None
    outcomes: Annotated[dict[Name, Outcome], Field(min_length=1)]
    default: Annotated[
        DefaultForm | None,
        BeforeValidator(
            lambda raw: {"outcome": raw} if isinstance(raw, str) and raw != "none" else None if raw == "none" else raw
        ),
        _OrShort({"type": "string"}),
    ] = None
    precedence: Literal["legislation_law", "explicit"] | None = None


class RulesetHead(Form):
    """ruleset.yaml without its decisions, which are read one by one."""

    format: int
    name: Name
    version: str
    main: str | None = None
    known_until: Day | None = None
    organs: dict[Name, OrganForm] = {}
    precedence: Literal["legislation_law", "explicit"] = "legislation_law"


class RulesetFile(RulesetHead):
    """ruleset.yaml."""

    decisions: Annotated[dict[Name, DecisionForm], Field(min_length=1)]


class PrincipleForm(Form):
    """The article behind a principle, in force from a day on."""

    instrument: str
    at: str
    from_: Day | None = Field(default=None, alias="from")


class PrecedenceFile(Form):
    """precedence.yaml: which article makes each principle law."""

    principles: dict[Literal["rank", "special", "new", "ruling"], list[PrincipleForm]]


class PeriodForm(Form):
    """The days on which a rule is in force by its own sources: `from` included, `until` excluded."""

    from_: Day | None = Field(default=None, alias="from")
    until: Day | None = None


class EndedForm(Form):
    """An end that a later instrument brought."""

    on: Day
    source: Sources


class ContestedForm(Form):
    """Another reading of the rule where its condition holds."""

    when: When = {}
    reading: str
    by: Words
    note: Words | None = None


class RuleParts(Form):
    """What a rule may say."""

    title: Words | None = None
    when: When = {}
    outcome: str | None = None
    open: Annotated[list[str], Field(min_length=2)] | None = None
    in_force: PeriodForm | None = None
    ended: EndedForm | None = None
    source: Sources | None = None
    details: Details_ = {}
    exception_to: Names = []
    contested: list[ContestedForm] = []
    note: Words | None = None
    retroactive: bool = False


class RuleForm(RuleParts):
    """A rule."""

    id: Name
    source: Sources


class TableForm(Form):
    """Many like rules: `each` has what they share, a column is a dotted path into a rule, a row is a rule."""

    each: Annotated[dict[str, Any], WithJsonSchema({"type": "object"})] = {}
    columns: Annotated[list[str], Field(min_length=1)]
    rows: list[list[Any]]


class RulesHead(Form):
    """A file in decisions/ without its listed rules, which are read one by one."""

    decision: str
    group: Name | None = None
    rules: list[Any] = []
    table: TableForm | None = None


class RulesFile(RulesHead):
    """A file in decisions/: rules of one decision."""

    rules: list[RuleForm] = []


class ExpectForm(Form):
    """What a case must give."""

    outcome: str | None = None
    status: Literal["decided", "undetermined", "conflict", "no_rule"] | None = None
    by: str | None = None
    details: Details_ = {}


class CaseForm(Form):
    """A case of the casebook."""

    id: Annotated[str, Field(min_length=1)]
    facts: Details_ = {}
    as_of: Day | None = None
    known_on: Day | None = None
    decision: str | None = None
    expect: ExpectForm
    confidence: str = ""
    note: Words | None = None


class CasebookFile(Form):
    """A file in casebook/."""

    cases: list[CaseForm]
