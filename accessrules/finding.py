"""Finding things by what they are called, in either language, best first.

A person names a product in their own words: with a measure (`refrigerator 520L`, `500升冰箱`), in the plural, as one
word or two (`e bike`), or with words beside it that no name has (`large refrigerator`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TypeAlias, TypeVar

from accessrules.units import without_measures

__all__ = ["ranked"]

_Thing = TypeVar("_Thing")
_Distance: TypeAlias = tuple[float, ...]
"""A class, the smaller the nearer, then what tells apart within it."""

_EXACT, _BEGINNING, _WHOLE_WORD, _CONTAINS, _ALL_WORDS, _MOST_WORDS, _SOME_WORDS, _ALIKE = range(8)
_NEAR, _MOST = 0.78, 0.75
"""How alike two texts must be spelt: one letter in four is another word (a mask is no mast), one in five may be a slip;
and what part of the words is most of them."""
_NEAR_WORD, _SHORTEST_NEAR = 0.8, 4
"""How alike two words must be spelt to count as one, and from how many letters on."""

_PIECE = re.compile(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff]+")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_JOINING = frozenset(["a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"])
"""Words that say nothing themselves; what a phrase names stands last before the first of them."""


def ranked(text: str, *groups: Iterable[tuple[_Thing, Sequence[str]]], near: float = _NEAR) -> list[_Thing]:
    """The things that have a name like the text, each given with its names, best first.

    A name that is the text goes before one that begins with it, then one that has it as a whole word, that contains
    it, that has all its words in any order, that has most of them, and that is spelt alike (`near`, from 0 to 1: how
    alike that must be). What has only some of the words is left out where something has all of them. Of things that
    match alike, those of an earlier group go first, then those whose name ends with the text (it names what the thing
    is), and of these the ones with more such names.

    >>> ranked("fridges", [("freezer", ["freezer"]), ("large", ["fridge-freezer"]), ("small", ["Fridge"])])
    ['small', 'large']
    >>> ranked("500升大冰箱", [("freezer", ["冰柜"]), ("fridge", ["冰箱", "fridge"])])
    ['fridge']
    """
    wanted = list(dict.fromkeys(w for w in (_phrase(text), _phrase(without_measures(text))) if w.words))
    if not wanted:
        return []
    found = []
    for group, things in enumerate(groups):
        for n, (thing, names) in enumerate(things):
            phrases = [phrase for phrase in map(_name, names) if phrase.words]
            each = [min(ds) for p in phrases if (ds := [d for w in wanted if (d := _distance(w, p, near))])]
            if each:
                best = min(each)
                as_near = sum(distance[0] == best[0] for distance in each)
                found.append(((best[0], group, *best[1:]), (-as_near, n), thing))
    best_class = min((distance[0] for distance, _, _ in found), default=_ALIKE)
    kept = [one for one in found if one[0][0] != _SOME_WORDS or best_class > _ALL_WORDS]
    return [thing for _, _, thing in sorted(kept, key=lambda one: one[:2])]


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A text as it is compared. `words` are without endings; Chinese has none, so its pairs of characters count."""

    text: str
    words: tuple[str, ...]
    whole: str
    """The words in a row, with a space around each."""

    squeezed: str
    """The words without anything between them."""

    names_last: str
    """The word that says what the thing is: in a noun phrase the last one."""

    def has(self, word: str) -> bool:
        """Whether a word of another phrase is one of its words, or two of them written as one."""
        if _CHINESE.match(word):
            return word in self.squeezed or (len(self.squeezed) == 1 and self.squeezed in word)
        return word in self.words or any(a + b == word for a, b in zip(self.words, self.words[1:], strict=False))


def _phrase(text: str) -> _Phrase:
    pieces = _PIECE.findall(unicodedata.normalize("NFKC", text).casefold().replace("_", " "))
    stems = [piece if _CHINESE.match(piece) else _stem(piece) for piece in pieces]
    words = [word for stem in stems for word in (_pairs(stem) if _CHINESE.match(stem) else [stem])]
    saying = tuple(word for word in words if word not in _JOINING) or tuple(words)
    first = next((n for n, word in enumerate(words) if word in _JOINING and n), len(words))
    last = words[first - 1] if words else ""
    return _Phrase(" ".join(pieces), saying, f" {' '.join(stems)} ", "".join(stems), last)


_name = lru_cache(maxsize=10_000)(_phrase)
"""The phrase of a name; remembered, as the names of a vocabulary are compared again and again."""


def _pairs(run: str) -> list[str]:
    return [run[n : n + 2] for n in range(len(run) - 1)] or [run]


def _stem(word: str) -> str:
    """A word without what the plural changes: batteries and battery, boxes and box, hoses and hose are one."""
    if len(word) < 4 or not word.isascii():
        return word
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    word = word.removesuffix("e")
    return word[:-1] + "i" if word.endswith("y") else word


def _distance(wanted: _Phrase, name: _Phrase, near: float) -> _Distance | None:
    """How far a name is from what is wanted; None where they have too little in common."""
    beside = abs(len(name.text) - len(wanted.text))
    if wanted.whole == name.whole or wanted.squeezed == name.squeezed:
        return (_EXACT, wanted.text != name.text, beside)
    if name.whole.startswith(wanted.whole):
        return (_BEGINNING, 0, beside)
    if name.text.startswith(wanted.text):
        return (_BEGINNING, 1, beside)
    if wanted.whole in name.whole:
        return (_WHOLE_WORD, not name.whole.endswith(wanted.whole), beside)
    if wanted.text in name.text:
        return (_CONTAINS, not name.text.endswith(wanted.text), beside)
    return _by_words(wanted, name, beside) or _by_spelling(wanted, name, near, beside)


def _by_words(wanted: _Phrase, name: _Phrase, beside: int) -> _Distance | None:
    """By the words that they share: all of them, or at least half, or all that the name has."""
    shared = [_share(word, n, wanted, name) for n, word in enumerate(wanted.words)]
    if all(share == 1 for share in shared):
        return (_ALL_WORDS, 0, beside)
    covered = sum(shared) / len(shared)
    if not covered:
        return None
    named = sum(wanted.has(word) for word in name.words) / len(name.words)
    if covered < 0.5 and named < 1:
        return None
    many = covered >= _MOST or _likeness(wanted.text, name.text, _MOST)
    return (_MOST_WORDS if many else _SOME_WORDS, -covered, not name.has(wanted.names_last), -named, beside)


def _share(word: str, n: int, wanted: _Phrase, name: _Phrase) -> float:
    """How far the name has the n-th word that is wanted: 1, less where it is only spelt alike, or 0."""
    neighbours = (wanted.words[max(n - 1, 0) : n + 1], wanted.words[n : n + 2])
    if name.has(word) or any("".join(pair) in name.words for pair in neighbours if len(pair) == 2):
        return 1
    if len(word) < _SHORTEST_NEAR:
        return 0
    return _NEAR_WORD * max(_likeness(word, other, _NEAR_WORD) for other in name.words)


def _by_spelling(wanted: _Phrase, name: _Phrase, near: float, beside: int) -> _Distance | None:
    alike = _likeness(wanted.text, name.text, near)
    return (_ALIKE, 1 - alike, beside) if alike else None


def _likeness(a: str, b: str, least: float) -> float:
    """How alike two texts are spelt, from 0 to 1; 0 below the least."""
    matcher = SequenceMatcher(None, a, b)
    if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
        return 0
    ratio = matcher.ratio()
    return ratio if ratio >= least else 0
