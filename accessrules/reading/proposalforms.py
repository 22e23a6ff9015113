"""The shapes of proposals, and the list of all kinds of files."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

from accessrules.reading.forms import (
    CasebookFile,
    CaseForm,
    Day,
    Details_,
    DetailsFile,
    Form,
    InstrumentForm,
    InstrumentsFile,
    Name,
    PrecedenceFile,
    RuleForm,
    RuleParts,
    RulesetFile,
    RulesFile,
    Sources,
    VocabularyFile,
    Words,
)

__all__ = ["FILE_FORMS", "REMOVABLE", "AmendForm", "InsertHead", "ProposalHead", "RepealForm"]


class InsertHead(Form):
    """Where an inserted rule belongs."""

    decision: str
    group: Name | None = None


class InsertForm(RuleForm, InsertHead):
    """A rule that a proposal inserts."""


REMOVABLE = (
    "contested",
    "details",
    "ended",
    "exception_to",
    "group",
    "in_force",
    "note",
    "retroactive",
    "title",
    "when",
)
"""What a rule can do without."""

# Checked where it is used: a key that cannot be removed must not hide the further problems of its entry.
Removable = Annotated[str, WithJsonSchema({"enum": list(REMOVABLE)})]


class AmendForm(RuleParts):
    """What a proposal changes in a rule: from a day on, or else outright, as if it had always been so."""

    id: str
    from_: Day | None = Field(default=None, alias="from")
    group: Name | None = None
    remove: list[Removable] = Field(default_factory=list)


class RepealForm(Form):
    """A rule that a proposal ends from a day on, or else strikes out, as if it had never been."""

    id: str
    from_: Day | None = Field(default=None, alias="from")
    source: Sources | None = None


_BASE = WithJsonSchema(
    {
        "type": "string",
        "pattern": "^sha256:[0-9a-f]{12,64}$",
        "description": "the fingerprint of the rules that it was written for; the first 12 digits are enough",
    }
)


class ProposalHead(Form):
    """A proposal without its changes, which are read one by one."""

    proposal: Name
    title: Words
    base: Annotated[str, _BASE] | None = None
    note: Words | None = None
    instruments: Details_ = Field(default_factory=dict)
    insert: list[Any] = Field(default_factory=list)
    amend: list[Any] = Field(default_factory=list)
    repeal: list[Any] = Field(default_factory=list)
    cases: list[Any] = Field(default_factory=list)


class ProposalFile(ProposalHead):
    """A proposal: what it would insert, amend and repeal in a rule set, by which draft instruments, with its cases."""

    instruments: dict[Name, InstrumentForm] = Field(default_factory=dict)
    insert: list[InsertForm] = Field(default_factory=list)
    amend: list[AmendForm] = Field(default_factory=list)
    repeal: list[RepealForm] = Field(default_factory=list)
    cases: list[CaseForm] = Field(default_factory=list)


FILE_FORMS: dict[str, type[Form]] = {
    "ruleset": RulesetFile,
    "vocabulary": VocabularyFile,
    "details": DetailsFile,
    "instruments": InstrumentsFile,
    "precedence": PrecedenceFile,
    "rules": RulesFile,
    "casebook": CasebookFile,
    "proposal": ProposalFile,
}
"""Each kind of file by the name of its schema."""
