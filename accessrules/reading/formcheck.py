"""From raw data to a form, with every deviation as a problem in words that a drafter understands."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from accessrules.errors import Problem
from accessrules.reading.yamlfiles import Path_, YamlFile
from accessrules.suggesting import did_you_mean

__all__ = ["NAMES", "check_form"]

_FormT = TypeVar("_FormT", bound=BaseModel)

NAMES = "a name begins with a letter and has letters, digits, `_`, `.`, `-`"
_A = {"list_type": "a list", "dict_type": "keys and values", "model_type": "keys and values", "string_type": "a text"}
_WANTED = {
    "string_type": "text (put numbers and dates in quotes)",
    "int_type": "a whole number",
    "bool_type": "`true` or `false`",
    "list_type": "a list",
    "dict_type": "a mapping of keys to values",
    "model_type": "a mapping of keys to values",
    "model_attributes_type": "a mapping of keys to values",
    "float_type": "a number",
    "decimal_type": "a number",
}


def check_form(
    form: type[_FormT],
    data: object,
    file: YamlFile,
    path: Path_,
    problems: list[Problem],
    stand_ins: Mapping[str, object] | None = None,
) -> _FormT | None:
    """The data as a form, or None with its problems added.

    With `stand_ins`, keys that are wrong or missing are dropped or get their stand-in once they are told, so that
    whoever called can look for further problems in the rest.
    """
    try:
        return form.model_validate(data)
    except ValidationError as wrong:
        errors = wrong.errors(include_url=False)
        problems.extend(_problem(form, error, file, path) for error in errors)
    if stand_ins is None or not isinstance(data, dict):
        return None
    bad = {str(error["loc"][0]) for error in errors if error["loc"]}
    kept = {key: value for key, value in data.items() if key not in bad}
    return form.model_validate({**{k: v for k, v in stand_ins.items() if k not in kept}, **kept})


def _problem(form: type[BaseModel], error: ErrorDetails, file: YamlFile, path: Path_) -> Problem:
    inside = tuple(part for part in error["loc"] if part != "[key]")
    where = (*path, *inside)
    kind, given, context = error["type"], error.get("input"), error.get("ctx", {})
    key = str(inside[-1]) if inside else "the value"
    if error["loc"][-1:] == ("[key]",):
        expected = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        help = did_you_mean(key, dict.fromkeys(expected, ()), "keys") if expected else NAMES
        return file.problem(
            where, f"`{key}` is no key here" if expected else f"`{key}` is not a name", help, of_key=True
        )
    if given is None and kind != "missing":
        return file.problem(where, f"`{key}` is empty", f"give it {_A.get(kind, 'a value')}, or drop it")
    if kind == "missing":
        return file.problem(where[:-1], f"`{key}` is missing", f"add `{key}:`")
    if kind == "extra_forbidden":
        keys = dict.fromkeys(_keys(form, inside[:-1]), ())
        return file.problem(where, f"unknown key `{key}`", did_you_mean(key, keys, "keys"), of_key=True)
    if kind == "unreadable":
        return file.problem(where, context["message"], context["help"])
    if kind in ("literal_error", "enum"):
        allowed = [word.strip(" '") for word in str(context["expected"]).replace(" or ", ", ").split(",")]
        help = did_you_mean(str(given), dict.fromkeys(allowed, ()), "values")
        return file.problem(where, f"`{given}` is not a value of `{key}`", help)
    if kind == "string_pattern_mismatch":
        return file.problem(where, f"`{given}` is not a name", NAMES, of_key=True)
    if kind in ("too_short", "string_too_short"):
        least = context.get("min_length", 1)
        return file.problem(where, f"`{key}` is too short", f"it needs at least {least}")
    if kind in ("too_long", "string_too_long"):
        return file.problem(where, f"`{key}` is too long", f"at most {context.get('max_length')}")
    wanted = _WANTED.get(kind, error["msg"][:1].lower() + error["msg"][1:])
    return file.problem(where, f"`{_shown(given)}` does not fit `{key}`", f"it must be {wanted}")


def _keys(form: Any, inside: tuple[int | str, ...]) -> list[str]:
    """The keys that a form allows at a place inside it."""
    for part in inside:
        form = _part(form, part)
    form = _plain(form)
    if not (isinstance(form, type) and issubclass(form, BaseModel)):
        return []
    return [field.alias or name for name, field in form.model_fields.items()]


def _part(form: Any, part: int | str) -> Any:
    form = _plain(form)
    if isinstance(form, type) and issubclass(form, BaseModel):
        for name, field in form.model_fields.items():
            if part in (field.alias or name, name):
                return field.annotation
        return None
    arguments = get_args(form)
    return arguments[-1] if get_origin(form) in (list, dict) else None


def _plain(form: Any) -> Any:
    """The type without `Annotated` and `None`."""
    while True:
        if get_origin(form) is Annotated:
            form = get_args(form)[0]
        elif get_origin(form) in (Union, types.UnionType):
            form = next(a for a in get_args(form) if a is not type(None))
        else:
            return form


def _shown(given: object) -> str:
    if given is None or isinstance(given, bool):
        return {None: "nothing", True: "true", False: "false"}[given]
    text = "a list" if isinstance(given, list) else "a mapping" if isinstance(given, dict) else str(given)
    return text if len(text) <= 60 else text[:57] + "..."
