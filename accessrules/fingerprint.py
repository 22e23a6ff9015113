"""The fingerprint of a rule set: a digest of everything it says, whatever the order in which it is said."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from accessrules.rules import Rule, SourceForm
from accessrules.values import number_text

__all__ = ["FINGERPRINT_KIND", "SHOWN_OF_FINGERPRINT", "fingerprint", "plain"]

FINGERPRINT_KIND = "sha256:"
"""How every fingerprint begins."""

SHOWN_OF_FINGERPRINT = len(FINGERPRINT_KIND) + 12
"""So many characters of a fingerprint are shown in texts; so many name a rule set well enough."""

# Where a thing stands and how its condition was nested say nothing about what it means.
_MEANINGLESS = {"place", "folder", "condition"}


_PLAIN = (str, int, bool, type(None))


def fingerprint(form: SourceForm) -> str:
    """`sha256:` and 64 hexadecimal digits, over the canonical JSON of the source form (sorted keys and lists)."""
    text = json.dumps(plain(form), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return FINGERPRINT_KIND + hashlib.sha256(text.encode()).hexdigest()


def plain(value: Any) -> Any:
    """A value of the source form as plain data: equal where it says the same, whatever its order and place."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Rule):
        # Details are data of the drafter's: the order of their lists is theirs, and it counts.
        return {**_fields(value), "details": value.details}
    if dataclasses.is_dataclass(value):
        return _fields(value)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (tuple, list, set, frozenset)):
        parts = [plain(one) for one in value]
        return parts if len(parts) < 2 else sorted(parts, key=lambda one: json.dumps(one, sort_keys=True))
    if isinstance(value, dt.date):
        return value.isoformat()
    return number_text(value) if isinstance(value, Decimal) else value


def _fields(value: Any) -> dict[str, Any]:
    """The fields that say something: what is empty or false is left out, so that a new optional key changes nothing."""
    said = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return {name: plain(one) for name, one in said.items() if name not in _MEANINGLESS and not _says_nothing(one)}


def _says_nothing(value: object) -> bool:
    # Zero says something: a least value of 0 is not the same as none.
    return value is None or value is False or (isinstance(value, (str, tuple, frozenset, Mapping)) and not value)
