"""Text from rule files made safe to set: one line, and nothing that a terminal or a browser acts on."""

from __future__ import annotations

import unicodedata

__all__ = ["clean", "cleaned_line"]

_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of writing: with them a text can be made to read as another."""

_GONE = "\N{REPLACEMENT CHARACTER}"


def clean(text: str) -> str:
    r"""The text on one line, with a replacement character for each control character and turn of direction.

    >>> clean("a\n\tb\x1b[31m")
    'a b�[31m'
    """
    if text.isascii() and text.isprintable():
        return text
    text = "".join(" " if c in "\n\r\t\v\f\x85\u2028\u2029" else c for c in text)
    kept = "".join(_GONE if unicodedata.category(c) in ("Cc", "Cs") or c in _TURNING else c for c in text)
    while "  " in kept:
        kept = kept.replace("  ", " ")
    return kept


def cleaned_line(text: str) -> str:
    """The text cleaned, with the spaces that it begins with: a line of a file."""
    return " " * (len(text) - len(text.lstrip(" "))) + clean(text).lstrip(" ")
