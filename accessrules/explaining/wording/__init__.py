"""The words of explanations, apart from their logic: one module a language."""

from __future__ import annotations

from accessrules.errors import Problem, QueryError
from accessrules.explaining.wording.en import ENGLISH
from accessrules.explaining.wording.language import Language
from accessrules.explaining.wording.zh import CHINESE
from accessrules.suggesting import did_you_mean

__all__ = ["Language", "language"]

_LANGUAGES = {"en": ENGLISH, "zh": CHINESE}


def language(lang: str) -> Language:
    """The words of a language; raises QueryError for one that there is not.

    >>> language("zh").phrases.yes
    '是'
    """
    found = _LANGUAGES.get(lang)
    if found is None:
        names = {"en": ("English", "英文"), "zh": ("Chinese", "中文")}
        raise QueryError([Problem("$.lang", f"unknown language `{lang}`", did_you_mean(str(lang), names, "languages"))])
    return found
