"""Finding by name: what matches better goes first."""

from __future__ import annotations

import pytest

from accessrules.finding import ranked

CLASSES = ("gas stove", "gas stove top", "gas stovetop", "a gas stove", "biogas stover", "stove of gas")


def found(text: str, *names: str) -> list[str]:
    """The names that match, best first."""
    return ranked(text, [(name, [name]) for name in names])


def test_each_class_goes_before_the_next() -> None:
    """Equal, beginning (whole words first), whole word, contained, all words in any order."""
    assert found("gas stove", *reversed(CLASSES)) == list(CLASSES)


def test_most_words_go_before_what_is_spelt_alike() -> None:
    """What has most of the words goes first, then what has some of them, then what only looks alike."""
    names = ("large gas stove with oven", "stove", "large gaz stovo")
    assert found("gas stove oven large kitchen", *names)[0] == names[0]
    assert found("lage gas stove", "lamp glass", "stove", "gas stoves")[:2] == ["gas stoves", "stove"]
    assert found("reserch", "resort", "research") == ["research"]


def test_some_words_are_left_out_where_something_has_all() -> None:
    """A search that leads somewhere is not followed by what shares one word with it."""
    assert found("gas stove", "gas boiler", "gas stove", "other") == ["gas stove"]
    assert found("gas stove", "gas boiler", "other") == ["gas boiler"]
    assert found("gas stove", "gas stove", "gaz stove") == ["gas stove", "gaz stove"]


def test_of_equals_those_of_the_earlier_group_go_first() -> None:
    """Groups tell apart what matches alike, and nothing else."""
    assert ranked("pump", [("value", ["pump station"])], [("fact", ["pump"])]) == ["fact", "value"]
    assert ranked("pump", [("value", ["pump station"])], [("fact", ["pump set"])]) == ["value", "fact"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("batteries", "battery"),
        ("boxes", "box"),
        ("hoses", "hose"),
        ("switches", "switch"),
        ("e bike", "ebike"),
        ("ebike", "e-bike"),
        ("FRIDGE_FREEZER", "fridge-freezer"),
        ("冰箱", "冰箱"),
        ("冰箱，大", "冰箱"),
        ("５２０升冰箱", "冰箱"),
        ("fridge with 2.5 kW", "fridge"),
        ("waterpump", "water pump"),
        ("水泵", "泵"),
    ],
)
def test_one_thing_is_written_in_many_ways(text: str, name: str) -> None:
    """Plurals, hyphens, letter case, wide characters, words in one or two, measures: the name is found."""
    assert found(text, "glass", "class", name) == [name]


def test_what_is_named_last_is_what_is_meant() -> None:
    """Of two names with one word each of a phrase, that of its last noun goes first."""
    assert found("ebike charger", "ebike", "charger") == ["charger", "ebike"]
    assert found("charger for ebike", "ebike", "charger") == ["charger", "ebike"]


@pytest.mark.parametrize("text", ["", "  ", "。", "520 L", "the"])
def test_nothing_is_found_by_nothing(text: str) -> None:
    """Punctuation, measures and joining words alone name nothing."""
    assert found(text, "fridge", "charger for ebike", "of gas") == []


def test_a_name_may_be_missing() -> None:
    """An empty name matches nothing."""
    assert ranked("pump", [("a", ["", "…"]), ("b", ["pump"])]) == ["b"]


def test_of_things_that_match_alike_the_one_called_so_more_often_goes_first() -> None:
    """A heater by two of its names goes before one by a single name, wherever they stand."""
    heat_pump, gas = ["热泵热水机", "热泵热水器"], ["家用燃气快速热水器", "燃气热水器"]
    assert ranked("热水器", [("heat pump", heat_pump), ("gas", gas)]) == ["gas", "heat pump"]


@pytest.mark.parametrize(
    ("text", "head", "other"),
    [("冰箱", "非常大的家用电冰箱", "大冰箱压缩机"), ("tape", "a very red tape", "a tape reel")],
)
def test_a_name_that_ends_with_the_text_goes_before_one_that_has_it_within(text: str, head: str, other: str) -> None:
    """What stands last says what the thing is."""
    assert found(text, other, head) == [head, other]


def test_a_short_word_with_another_letter_is_another_word() -> None:
    """A mask is no mast, but a longer word with a slip, or Chinese with a wrong character, is found."""
    assert found("mask", "mast") == []
    assert found("masks", "mast") == []
    assert found("frigde", "fridge") == ["fridge"]
    assert found("安全头灰", "安全头盔") == ["安全头盔"]
