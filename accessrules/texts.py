"""Texts in two languages, as the rule files carry them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LANGUAGES", "Text"]

LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in English and, where it is given, in Chinese."""

    en: str
    zh: str | None = None

    def say(self, lang: str) -> str:
        """The text in that language; in English where the Chinese is not given.

        >>> Text("fridge").say("zh")
        'fridge'
        """
        return (self.zh or self.en) if lang == "zh" else self.en

    def dump(self) -> dict[str, str]:
        """As in rule files and JSON: one key a language that is given."""
        return {"en": self.en} if self.zh is None else {"en": self.en, "zh": self.zh}
