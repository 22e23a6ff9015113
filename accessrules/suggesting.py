"""Did you mean: the known name nearest to what somebody wrote, in either language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from accessrules.finding import ranked

__all__ = ["did_you_mean", "nearest"]

_SHORTEST, _NEAR = 2, 0.6
"""From how many characters on something is suggested, and how alike it must at least be spelt."""


def nearest(written: str, names: Mapping[str, Iterable[str]]) -> str | None:
    """The id whose own name, label or alias is nearest to what was written, or None.

    >>> nearest("冰箱", {"household_refrigerator": ["Household refrigerator", "家用电冰箱"]})
    'household_refrigerator'
    >>> nearest("purpse", {"purpose": [], "category": []})
    'purpose'
    """
    if len(written.strip()) < _SHORTEST:
        return None
    found = ranked(written, ((name, (name, *others)) for name, others in sorted(names.items())), near=_NEAR)
    return found[0] if found else None


def did_you_mean(written: str, names: Mapping[str, Iterable[str]], what: str, most: int = 8) -> str:
    """A help text: the nearest name, else the names there are.

    >>> did_you_mean("reserch", {"research": [], "export": []}, "values")
    'did you mean `research`?'
    >>> did_you_mean("xyz", {"research": [], "export": []}, "values")
    'the values are `export`, `research`'
    """
    found = nearest(written, names)
    if found is not None:
        return f"did you mean `{found}`?"
    listed = sorted(names)
    if not listed:
        return f"there are no {what}"
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return f"the {what} are " + ", ".join(f"`{name}`" for name in listed[:most]) + more
