"""What a mapping says of a column: which fact it is, in which unit, and what an explicit null in it means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accessrules import units
from accessrules.errors import Problem, RegisterError
from accessrules.suggesting import did_you_mean
from accessrules.values import number_text
from accessrules.vocabulary import Fact

__all__ = ["PLAIN", "Spec", "read_specs"]

_KEYS = ("fact", "unit", "null")
_NULLS = ("unknown", "not given")
_BARE_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Spec:
    """`fact`: None for a column that is none. `unit`: that of bare numbers, None for the fact's own."""

    fact: str | None = None
    unit: str | None = None
    null_is_absent: bool = False

    def with_unit(self, value: Any, *, is_spoken: bool) -> Any:
        """A bare number as text with the unit of the column, anything else as it is; so is text that is not spoken.

        >>> Spec(unit="m3").with_unit(" 0.5 ", is_spoken=True), Spec(unit="m3").with_unit("500 L", is_spoken=True)
        ('0.5 m3', '500 L')
        """
        if self.unit is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            is_bare = is_spoken and _BARE_NUMBER.fullmatch(value.strip())
            return f"{value.strip()} {self.unit}" if is_bare else value
        if not isinstance(value, (int, float, Decimal)):
            return value
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        return f"{number_text(number)} {self.unit}" if number.is_finite() else value


PLAIN = Spec()
"""That of a column that no mapping speaks of."""


def read_specs(mapping: Mapping[str, Any], facts: Mapping[str, Fact], place: str) -> dict[str, Spec]:
    """A mapping from columns to facts, to None, or to `{fact, unit, null}`; raises with all that is wrong with them."""
    problems: list[Problem] = []
    specs: dict[str, Spec] = {}
    for column, said in mapping.items():
        if said is None or isinstance(said, str):
            specs[column] = Spec(said)
        elif wrong := _wrong_spec(f"{place}.{column}", said, facts):
            problems.extend(wrong)
        else:
            specs[column] = Spec(said["fact"], said.get("unit"), said.get("null") == "not given")
    if problems:
        raise RegisterError(problems)
    return specs


def _wrong_spec(path: str, spec: object, facts: Mapping[str, Fact]) -> list[Problem]:
    if not isinstance(spec, Mapping) or not all(isinstance(v, str) for v in (*spec, *spec.values())):
        return [Problem(path, "says not what the column is", "write a fact, null, or `{fact: …, unit: …}`")]
    wrong = [
        Problem(f"{path}.{key}", f"unknown key `{key}`", did_you_mean(key, dict.fromkeys(_KEYS, ()), "keys"))
        for key in spec
        if key not in _KEYS
    ]
    fact = facts.get(spec.get("fact", ""))
    if "fact" not in spec:
        wrong.append(Problem(path, "names no fact", "write `fact:` with the name of one"))
    unit = spec.get("unit")
    if fact is not None and unit is not None and (fact.unit is None or not units.convertible(unit, fact.unit)):
        help = f"it is measured in `{fact.unit}`" if fact.unit else "leave the unit out: the fact has none"
        wrong.append(Problem(f"{path}.unit", f"`{unit}` is not a unit of `{fact.name}`", help))
    if spec.get("null", _NULLS[0]) not in _NULLS:
        wrong.append(
            Problem(f"{path}.null", f"`{spec['null']}` is no meaning of null", "write `unknown` or `not given`")
        )
    return wrong
