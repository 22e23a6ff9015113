"""The shape of the files in `registers/`: what a synthetic register is made from."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from accessrules.reading.forms import Form, Name, When, Words

__all__ = ["AssumptionForm", "RegisterFile"]


def _unreadable(message: str, help: str) -> PydanticCustomError:
    return PydanticCustomError("unreadable", "{message}", {"message": message, "help": help})


def _share(raw: object) -> Decimal:
    share = Decimal(raw) if type(raw) is int else raw
    if not isinstance(share, Decimal) or not 0 < share <= 100 or share * 10_000 % 1:
        raise _unreadable(f"`{raw}` is no share", "give a percent above 0 and up to 100, with at most 4 decimals")
    return share


Share = Annotated[
    Decimal,
    BeforeValidator(_share),
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
            raise _unreadable(f"the shares are {total} together, not 100", "give each its percent")
        if (self.basis == "published") != (self.source is not None):
            raise _unreadable("what is published has a `source`, and nothing else has", "name who says so")
        return self


class RegisterFile(Form):
    """What a synthetic register is made from: columns in order, each with its assumptions."""

    register_: Name = Field(alias="register")
    title: Words
    columns: dict[Name, list[AssumptionForm]] = Field(min_length=1)
