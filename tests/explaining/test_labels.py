"""Facts, values and tests are called what people call them."""

from __future__ import annotations

import pytest

from accessrules.explaining.labels import MOST_NAMES, Labels
from accessrules.vocabulary import AS_OF, KNOWN_ON
from tests.explaining.examples import rules

ENGLISH, CHINESE = Labels(rules().form, "en"), Labels(rules().form, "zh")


@pytest.mark.parametrize(
    ("fact", "test", "english", "chinese"),
    [
        ("effective_volume", "at least 500 L", "at least 500 L", "500 L 及以上"),
        ("effective_volume", "below 500 L", "below 500 L", "小于 500 L"),
        ("effective_volume", "above 500 L", "above 500 L", "大于 500 L"),
        ("effective_volume", "at most 500 L", "at most 500 L", "500 L 及以下"),
        ("effective_volume", "500 L", "500 L", "500 L"),
        ("effective_volume", "0.5 m3", "500 L", "500 L"),
        ("effective_volume", "from 500 L to below 800 L", "from 500 L to below 800 L", "500 L（含）至 800 L（不含）"),
        ("effective_volume", "above 5 L to at most 8 L", "above 5 L to at most 8 L", "5 L（不含）至 8 L（含）"),
        ("effective_volume", "not 500 L", "below 500 L or above 500 L", "小于 500 L或者大于 500 L"),
        ("employees", "at most 5", "below 6", "小于 6"),
        ("employees", "5", "5", "5"),
        ("as_of", "from 2018-08-01", "from 2018-08-01", "自 2018-08-01 起"),
        ("as_of", "before 2018-08-01", "before 2018-08-01", "2018-08-01 之前"),
        ("as_of", "2018-08-01", "2018-08-01", "2018-08-01"),
        (
            "as_of",
            "from 2018-08-01 to before 2019-01-01",
            "from 2018-08-01 to before 2019-01-01",
            "自 2018-08-01 起至 2018-12-31 止",
        ),
        ("purpose", "research", "research", "科研"),
        ("purpose", "not research", "not research", "不是科研"),
        ("purpose", ["domestic_market", "export", "research"], "any", "不限"),
        ("purpose", ["export", "research"], "not domestic market", "不是国内销售"),
        ("category", ["lamp", "rope"], "lamp or steel wire rope", "灯具或者钢丝绳"),
        ("category", "not [lamp, rope]", "neither lamp nor steel wire rope", "既不是灯具也不是钢丝绳"),
        ("category", "appliance", "household appliance", "家用电器"),
        ("holds_licence", "true", "yes", "是"),
        ("holds_licence", False, "no", "否"),
        ("holds_licence", "any", "any", "不限"),
        ("access_route", "ccc", "compulsory product certification (CCC)", "强制性产品认证（CCC）"),
        ("effective_volume", "purple", "purple", "purple"),
        ("no_such_fact", "whatever", "whatever", "whatever"),
    ],
)
def test_a_test_is_said_in_the_words_of_the_language(fact: str, test: object, english: str, chinese: str) -> None:
    assert ENGLISH.test(fact, test) == english
    assert CHINESE.test(fact, test) == chinese


@pytest.mark.parametrize(
    ("fact", "value", "english", "chinese"),
    [
        ("effective_volume", 520, "520 L", "520 L"),
        ("effective_volume", 499.9, "499.9 L", "499.9 L"),
        ("holds_licence", True, "yes", "是"),
        ("holds_licence", None, "not known", "未知"),
        ("category", "refrigerator", "household refrigerator", "家用电冰箱"),
        ("manufactured_on", "2018-03-14", "2018-03-14", "2018-03-14"),
        ("category", "no_such_value", "no_such_value", "no_such_value"),
        ("no_such_fact", 3, "3", "3"),
    ],
)
def test_a_value_is_said_by_its_label(fact: str, value: object, english: str, chinese: str) -> None:
    assert ENGLISH.value(fact, value) == english
    assert CHINESE.value(fact, value) == chinese


def test_what_is_none_of_many_is_listed() -> None:
    assert ENGLISH.language.none_of(["a", "b", "c"]) == "none of a, b and c"
    assert CHINESE.language.none_of(["甲", "乙", "丙"]) == "不属于下列各项：甲、乙、丙"


def test_a_long_list_of_names_ends_with_a_count() -> None:
    names = [str(n) for n in range(MOST_NAMES + 5)]
    assert ENGLISH.few(names) == [*names[: MOST_NAMES - 1], "6 more"]
    assert ENGLISH.few(names[:MOST_NAMES]) == names[:MOST_NAMES]


def test_a_fact_without_a_chinese_label_is_called_by_its_question() -> None:
    assert CHINESE.fact("access_route") == "“该产品在销售之前需要取得哪一种准入许可？”"
    assert ENGLISH.fact("access_route") == "access route"


def test_the_two_time_axes_have_labels() -> None:
    assert ENGLISH.fact(AS_OF.name) == "day asked about"
    assert CHINESE.fact(KNOWN_ON.name) == "所依据的文件已公布"


def test_what_the_rule_set_has_not_is_shown_as_it_is() -> None:
    assert ENGLISH.fact("no_such_fact") == ENGLISH.question("no_such_fact") == "no_such_fact"
    assert ENGLISH.title("no.such.rule") == ENGLISH.rule("no.such.rule")[0].text == "no.such.rule"
    assert ENGLISH.outcome("no_such_decision", "x") == ENGLISH.outcome("access_route", "x") == "x"
    source = {"instrument": "lost", "at": "", "confidence": "guessed", "context": False}
    assert "".join(span.text for span in ENGLISH.citation(source)) == "lost — guessed"


def test_a_source_is_cited_with_title_number_place_and_confidence() -> None:
    source = {"instrument": "regulations", "at": "catalogue", "confidence": "confirmed-by-secondary", "context": False}
    assert "".join(span.text for span in ENGLISH.citation(source)) == (
        "Regulations on the Administration of Production Licences for Industrial Products, "
        "State Council Order No. 440, catalogue — confirmed by a secondary report"
    )
    assert "".join(span.text for span in CHINESE.citation(source)) == (
        "《中华人民共和国工业产品生产许可证管理条例》（State Council Order No. 440）目录——据二手资料核实"
    )
