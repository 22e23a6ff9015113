"""The phrases of the verbs: both languages, with the same places, and none unused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from accessrules.commands import words
from accessrules.commands.words import WORDS

_PLACE = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("word", sorted(WORDS))
def test_both_languages_have_the_phrase_with_the_same_places(word: str) -> None:
    english, chinese = WORDS[word]
    assert english
    assert chinese
    assert sorted(_PLACE.findall(english)) == sorted(_PLACE.findall(chinese))


def test_no_phrase_is_unused() -> None:
    folder = Path(words.__file__).parent
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in folder.glob("*.py")
        if path.name not in ("words.py", "draftwords.py")
    )
    made = (
        "type_",
        "rank_",
        "part_",
        "read_",
        "severity_",
        "found_",
        "count_",
        "code_",
        "about_",
        "regions_",
        "changed_",
        "bump_",
        "why_",
        "or_",
        "other_",
        "kind_",
    )
    statuses = {"undetermined", "conflict", "no_rule", "exception", "rank", "special", "new"}
    own = [w for w in WORDS if not w.startswith(made) and w not in statuses]
    unused = [w for w in own if f'"{w}"' not in code and f'"{w.removesuffix("_one")}"' not in code]
    assert unused == []
