"""Both languages say the same things."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from accessrules import QueryError
from accessrules.explaining.wording import language
from accessrules.explaining.wording.language import Language
from accessrules.explaining.wording.phrases import Phrases, fill
from accessrules.rules import CONFIDENCES

ENGLISH, CHINESE = language("en"), language("zh")
NAMES = [one.name for one in fields(Phrases)]


def places(phrase: str) -> set[str]:
    return set(re.findall(r"\{(\w*)\}", phrase))


@pytest.mark.parametrize("name", NAMES)
def test_a_phrase_has_the_same_places_in_both_languages(name: str) -> None:
    english, chinese = getattr(ENGLISH.phrases, name), getattr(CHINESE.phrases, name)
    assert places(english) == places(chinese)
    assert english, f"{name} is empty"


@pytest.mark.parametrize("name", [name for name in NAMES if name != "space"])
def test_chinese_is_written_with_full_width_punctuation(name: str) -> None:
    words = re.sub(r"\{\w+\}", "", getattr(CHINESE.phrases, name))
    assert not re.search(r"[,;:?!()]", words)
    assert not re.search(r"[A-Za-z]", words)


@pytest.mark.parametrize("name", NAMES)
def test_english_has_no_chinese_in_it(name: str) -> None:
    assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", getattr(ENGLISH.phrases, name))


@pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=lambda words: words.lang)
def test_every_confidence_has_words(words: Language) -> None:
    assert set(words.confidence) == set(CONFIDENCES)


def test_what_is_filled_in_is_no_phrase_itself() -> None:
    assert "".join(span.text for span in fill("<{a}>", a="{b}")) == "<{b}>"


@pytest.mark.parametrize("lang", ["fr", "", "EN", None])
def test_another_language_is_refused(lang: str) -> None:
    with pytest.raises(QueryError, match="unknown language"):
        language(lang)


@pytest.mark.parametrize(
    ("number", "unit", "english", "chinese"),
    [
        ("500", "L", "500 L", "500 L"),
        ("0.5", "m3", "0.5 m³", "0.5 m³"),
        ("1", "days", "1 day", "1 日"),
        ("30", "working days", "30 working days", "30 个工作日"),
        ("1", "working days", "1 working day", "1 个工作日"),
        ("6", "months", "6 months", "6 个月"),
        ("200", "CNY", "CNY 200", "200 元"),
        ("5", "%", "5%", "5%"),
        ("95", "°C", "95 °C", "95 °C"),
        ("3", "", "3", "3"),
    ],
)
def test_a_measure_is_written_as_the_language_does(number: str, unit: str, english: str, chinese: str) -> None:
    assert ENGLISH.quantity(number, unit) == english
    assert CHINESE.quantity(number, unit) == chinese


@pytest.mark.parametrize(
    ("place", "chinese"),
    [
        ("Art. 5", "第5条"),
        ("Art. 3(2)", "第3条第2款"),
        ("Art. 3(2)(1)", "第3条第2款第1项"),
        ("Art. 99 and 102", "第99条、第102条"),
        ("Art. 2(2) and 5 and the catalogue", "第2条第2款、第5条和目录"),
        ("annex, item 3", "附件第3项"),
        ("annex 1 (not read)", "附件1（原文未查阅）"),
        ("part 1", "第1部分"),
        ("parts 1 to 3", "第1至第3部分"),
        ("parts 1 and 2", "第1、2部分"),
        ("catalogue no. 0701", "目录 0701"),
        ("existing licences", " existing licences"),
        ("“and above” includes the number", " “and above” includes the number"),
        ("第三条", "第三条"),
    ],
)
def test_a_place_in_a_text_is_cited_as_chinese_law_is(place: str, chinese: str) -> None:
    assert CHINESE.at(place) == chinese


@pytest.mark.parametrize(
    ("title", "cited"),
    [
        ("强制性产品认证管理规定", "《强制性产品认证管理规定》"),
        ("中华人民共和国民法典第一千二百五十九条", "《中华人民共和国民法典》第一千二百五十九条"),
        ("国务院常务会议(2017年6月14日)", "国务院常务会议(2017年6月14日)"),
        ("关于贯彻《条例》的通知", "关于贯彻《条例》的通知"),
        ("Customs notice", "Customs notice"),
    ],
)
def test_documents_stand_in_title_marks_and_meetings_do_not(title: str, cited: str) -> None:
    assert CHINESE.instrument(title) == cited
