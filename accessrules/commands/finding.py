"""Finding things by what they are called, in either language, best first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

__all__ = ["ranked"]

_Thing = TypeVar("_Thing")
_NEAR = 0.75


def ranked(text: str, things: Iterable[tuple[_Thing, Sequence[str]]]) -> list[_Thing]:
    """The things that have a name like the text: equal, beginning with it, holding it, holding its words, spelt alike.

    >>> ranked("fridge", [("freezer", ["freezer"]), ("large", ["fridge-freezer"]), ("small", ["Fridge"])])
    ['small', 'large']
    """
    wanted = _plain(text)
    if not wanted:
        return []
    found = []
    for n, (thing, names) in enumerate(things):
        best = min((_distance(wanted, _plain(name)) for name in names if name), default=None)
        if best is not None and best < (5,):
            found.append((best, n, thing))
    return [thing for _, _, thing in sorted(found, key=lambda one: one[:2])]


def _distance(wanted: str, name: str) -> tuple[float, ...]:
    """How far a name is from what is wanted: a class, then the length of what it has beside it."""
    beside = abs(len(name) - len(wanted))
    if wanted == name:
        return (0, 0)
    if name.startswith(wanted):
        return (1, beside)
    if wanted in name:
        return (2, beside)
    if all(word in name for word in wanted.split()):
        return (3, beside)
    alike = max(_likeness(wanted, part) for part in (name, *name.split()))
    return (4, 1 - alike, beside) if alike >= _NEAR else (5,)


def _likeness(a: str, b: str) -> float:
    """How alike two texts are spelt, from 0 to 1."""
    matcher = SequenceMatcher(None, a, b)
    return matcher.ratio() if matcher.real_quick_ratio() >= _NEAR else 0.0


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").replace(".", " ").replace("-", " ").split())
