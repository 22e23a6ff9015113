"""Did you mean: the known name nearest to what somebody wrote, in either language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

__all__ = ["did_you_mean", "nearest"]


def nearest(written: str, names: Mapping[str, Iterable[str]]) -> str | None:
    """The id whose own name, label or alias is nearest to what was written, or None.

    >>> nearest("冰箱", {"household_refrigerator": ["Household refrigerator", "家用电冰箱"]})
    'household_refrigerator'
    >>> nearest("purpse", {"purpose": [], "category": []})
    'purpose'
    """
    owner: dict[str, str] = {}
    for name, others in sorted(names.items()):
        for text in (name, *others):
            owner.setdefault(text.casefold().replace("_", " "), name)
    wanted = written.strip().casefold().replace("_", " ")
    if wanted in owner:
        return owner[wanted]
    close = get_close_matches(wanted, owner, n=1, cutoff=0.6)
    if close:
        return owner[close[0]]
    # Chinese names are short and are often written without their modifier: 冰箱 for 家用电冰箱.
    holding = [text for text in owner if len(wanted) >= 2 and (wanted in text or (len(text) >= 2 and text in wanted))]
    return owner[min(holding, key=lambda text: (abs(len(text) - len(wanted)), text))] if holding else None


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
