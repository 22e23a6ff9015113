"""The shape of the files in `registers/`: what a synthetic register is made from."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from accessrules.reading.forms import Form, Name, When, Words

__all__ = ["AssumptionForm", "RegisterFile"]


def _share(raw: object) -> object:
    return Decimal(raw) if type(raw) is int else raw


Share = Annotated[
    Decimal,
    BeforeValidator(_share),
    Field(gt=0, le=100, decimal_places=4),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": 100, "description": "percent"}),
]


class AssumptionForm(Form):
    """How often a column has which values, in the rows of which `when` holds and that of no assumption before it.

    `shares`: a value, a range in the words of tests, or `unknown` (an empty cell), with its percent; together 100.
    """

    when: When = Field(default_factory=dict)
    shares: dict[str, Share] = Field(min_length=1)
    step: Annotated[Any, WithJsonSchema({"type": ["number", "string"]})] = None
    basis: Literal["published", "assumed"]
    source: Words | None = None
    note: Words | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> AssumptionForm:
        if (total := sum(self.shares.values())) != 100:
            told = {"message": f"the shares are {total} together, not 100", "help": "give each its percent"}
            raise PydanticCustomError("unreadable", "{message}", told)
        if (self.basis == "published") != (self.source is not None):
            told = {"message": "what is published has a `source`, and nothing else has", "help": "name who says so"}
            raise PydanticCustomError("unreadable", "{message}", told)
        return self


class RegisterFile(Form):
    """What a synthetic register is made from: columns in order, each with its assumptions."""

    register_: Name = Field(alias="register")
    title: Words
    columns: dict[Name, list[AssumptionForm]] = Field(min_length=1)
