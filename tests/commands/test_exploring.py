"""`flips`, `why-not`, `timeline` and `what-if`, in words and as JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Run

LARGE = ("category=refrigerator", "effective_volume=520")
ON = ("--on", "2018-03-14")


# ---------------------------------------------------------------------------------------------------- timeline


def test_the_timeline_has_each_period_with_its_rule_and_sources(run: Run) -> None:
    text = run("timeline", *LARGE, *ON).text
    assert "from 2005-09-01 to before 2020-10-01: production licence ← the day asked about, 2018-03-14" in text
    assert "“Large refrigerators need a licence” (large.licensed)" in text
    assert "Licence Regulations, Order No. 1, catalogue" in text


def test_the_timeline_as_json_tiles_and_marks_one_period(run: Run) -> None:
    data = run("timeline", *LARGE, *ON, "--format", "json").json
    assert [p["outcome"] for p in data["periods"]] == ["no_approval", "production_licence", "ccc"]
    assert [p["current"] for p in data["periods"]] == [False, True, False]
    assert (data["periods"][0]["from"], data["periods"][-1]["until"]) == (None, None)


def test_the_timeline_marks_no_period_for_an_unknown_day(run: Run) -> None:
    data = run("timeline", *LARGE, "--on", "unknown", "--format", "json").json
    assert not any(p["current"] for p in data["periods"])


def test_the_timeline_marks_today_where_no_day_is_given(run: Run) -> None:
    assert "← today, " in run("timeline", *LARGE).text
    assert "← 今天（" in run("timeline", *LARGE, "--lang", "zh").text


def test_the_timeline_names_what_is_missing(run: Run) -> None:
    assert "Not known, and it matters: effective volume" in run("timeline", "category=refrigerator").text


def test_a_timeline_without_any_change_says_so(run: Run) -> None:
    assert "on every day: no approval" in run("timeline", "category=pump").text


# ---------------------------------------------------------------------------------------------------- contested

AT_500 = ("category=refrigerator", "effective_volume=500")
READ = "Read otherwise: certification, according to a trade report."


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        (("timeline",), "before 2020-10-01: production licence (contested)"),
        (("flips",), "As it is, the answer is: production licence (contested)."),
        (("why-not", "small.certified"), "What the answer is instead"),
    ],
)
def test_that_an_answer_is_contested_is_told(run: Run, call: tuple[str, ...], answer: str) -> None:
    text = run(*call, *AT_500, *ON).text
    assert answer in text
    assert "production licence (contested)" in text
    assert "(contested)" not in run(*call, *LARGE, *ON).text
    chinese = run(*call, *AT_500, *ON, "--lang", "zh").text
    assert "生产许可证（存在不同理解）" in chinese


@pytest.mark.parametrize("call", [("timeline",), ("why-not", "small.certified"), ("why-not", "large.licensed")])
def test_who_reads_it_otherwise_is_told(run: Run, call: tuple[str, ...]) -> None:
    assert READ in run(*call, *AT_500, *ON).text
    assert READ not in run(*call, *LARGE, *ON).text


def test_a_flip_to_a_contested_answer_says_so(run: Run) -> None:
    text = run("flips", "category=refrigerator", "effective_volume=499", *ON).text
    assert "499 L → 500 L gives: production licence (contested)" in text
    assert READ in text


def test_contested_readings_are_in_the_json_of_each(run: Run) -> None:
    period = run("timeline", *AT_500, *ON, "--format", "json").json["periods"][1]
    why_not = run("why-not", "large.licensed", *AT_500, *ON, "--format", "json").json
    assert period["contested"] == why_not["contested"]
    assert [one["reading"] for one in period["contested"]] == ["ccc"]


# ---------------------------------------------------------------------------------------------------- flips


def test_flips_say_what_would_change_the_answer(run: Run) -> None:
    text = run("flips", *LARGE, *ON).text
    assert "As it is, the answer is: production licence." in text
    assert "effective volume: 520 L → 499 L gives: certification" in text
    assert "使结论改变的最小变动如下" in run("flips", *LARGE, *ON, "--lang", "zh").text


def test_flips_as_json_have_the_whole_decision(run: Run) -> None:
    data = run("flips", *LARGE, *ON, "--format", "json").json
    assert data["now"]["outcome"] == "production_licence"
    assert {one["outcome"] for one in data["flips"]} == {"ccc"}
    assert data["flips"][0]["decision"]["outcome"] == data["flips"][0]["outcome"]


def test_flips_over_a_category_are_asked_for(run: Run) -> None:
    data = run("flips", *LARGE, *ON, "--over", "category", "--at-most", "1", "--format", "json").json
    assert {tuple(one["changes"]) for one in data["flips"]} == {("category",)}


def test_flips_say_where_there_are_none(run: Run) -> None:
    assert "No change of up to 2 facts gives another answer." in run("flips", "category=pump").text


def test_a_default_is_told_as_one(run: Run) -> None:
    assert "No rule applies; this is what holds where none does." in run("timeline", "category=pump").text


def test_rules_that_may_each_decide_are_named(run: Run) -> None:
    text = run("what-if", "category=gas_cooker", "purpose=unknown", "--vary", "made_on=2000-01-01..2020-01-01").text
    assert "Not known, and it matters: burners" in text
    text = run("timeline", "category=appliance", "holds_licence=no", "effective_volume=100", "purpose=domestic").text
    assert "Which rule decides depends on what is not known, but the answer is the same:" in text


def test_rules_at_odds_are_named(run: Run) -> None:
    text = run("timeline", "category=gas_cooker", "burners=8", "made_on=2018-01-01").text
    assert "none, because the rules contradict each other ← today" in text
    assert "- cooker.eight.a - cooker.eight.b" in text


def test_flips_over_an_unknown_fact_are_refused(run: Run) -> None:
    ran = run("flips", *LARGE, "--over", "categry")
    assert ran.code == 2
    assert ran.err.startswith("error: --over: unknown fact `categry`")


# ---------------------------------------------------------------------------------------------------- why-not


@pytest.mark.parametrize(
    ("rule", "facts", "said"),
    [
        ("small.certified", [*LARGE, *ON], "does not hold. It would give: certification"),
        ("large.certified", [*LARGE[:1], "effective_volume=3", *ON], "of its 3 tests, 2 do not hold."),
        ("large.licensed", [*LARGE, *ON], "It does decide the case: production licence."),
        ("large.licensed", ["category=refrigerator", *ON], "Whether it applies is not known"),
        ("freezer.a", ["category=freezer", "holds_licence=yes"], "It applies, but another rule goes before it."),
        ("freezer.a", ["category=freezer", "holds_licence=yes"], "goes before it: its source is of higher rank"),
        (
            "cooker.eight.a",
            ["category=gas_cooker", "burners=8", "made_on=2018-01-01"],
            "It applies, but no rule settles",
        ),
        ("issued.by-bodies", [*LARGE, *ON], "It does not apply"),
    ],
)
def test_why_not_says_why(run: Run, rule: str, facts: list[str], said: str) -> None:
    ran = run("why-not", rule, *facts)
    assert ran.code == 0
    assert said in ran.text


def test_why_not_shows_what_decides_instead(run: Run) -> None:
    text = run("why-not", "freezer.a", "category=freezer", "holds_licence=yes").text
    assert "What the answer is instead production licence" in text


def test_why_not_as_json_is_the_library_s(run: Run) -> None:
    data = run("why-not", "small.certified", *LARGE, *ON, "--format", "json").json
    assert (data["decides"], data["applies"], data["outcome"]) == (False, False, "ccc")


def test_an_unknown_rule_is_suggested(run: Run) -> None:
    ran = run("why-not", "small.certifed", *LARGE)
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean `small.certified`?" in ran.err


def test_a_rule_of_another_decision_is_told(run: Run) -> None:
    ran = run("why-not", "small.certified", *LARGE, "--decision", "issuing_authority")
    assert "it is a rule of `access_route`" in ran.err


# ---------------------------------------------------------------------------------------------------- what-if


def test_what_if_shows_each_region_with_its_rule(run: Run) -> None:
    text = run("what-if", "category=refrigerator", *ON, "--vary", "effective_volume=400..600").text
    assert "from 400 L to below 500 L: certification - “Small refrigerators need certification”" in text
    assert "from 500 L to at most 600 L: production licence" in text


def test_what_if_as_json_has_the_regions(run: Run) -> None:
    data = run("what-if", "category=refrigerator", *ON, "--vary", "effective_volume=400..600", "--format", "json").json
    assert data["regions"] == [
        {
            "region": {"effective_volume": "from 400 L to below 500 L"},
            "status": "decided",
            "outcome": "ccc",
            "rule": "small.certified",
        },
        {
            "region": {"effective_volume": "from 500 L to at most 600 L"},
            "status": "decided",
            "outcome": "production_licence",
            "rule": "large.licensed",
        },
    ]


def test_named_values_may_go_by_their_names(run: Run) -> None:
    data = run("what-if", *LARGE, *ON, "--vary", "category=fridge,泵", "--format", "json").json
    assert [one["region"]["category"] for one in data["regions"]] == ["pump", "refrigerator"]


def test_what_if_names_what_is_missing(run: Run) -> None:
    text = run("what-if", "category=refrigerator", *ON, "--vary", "purpose").text
    assert "Not known, and it matters: effective volume" in text


MAP = ("category=refrigerator", "--vary", "effective_volume=400..600", "--vary", "as_of=2015-01-01..2022-01-01")


def test_two_facts_draw_a_map_that_fits_and_reads_without_colour(run: Run) -> None:
    ran = run("what-if", *MAP)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert max(len(line) for line in lines) <= 80
    assert "Across: day asked about. Down: effective volume." in lines
    assert f"from 500 L to at most 600 L  {'A' * 12}{'B' * 12}" in lines
    assert f"from 400 L to below 500 L    {'B' * 24}" in lines
    assert "  AAA  production licence" in lines
    assert "No day was given" not in ran.text


def test_a_map_in_chinese_fits_too(run: Run) -> None:
    from rich.cells import cell_len

    ran = run("what-if", *MAP, "--lang", "zh")
    assert max(cell_len(line) for line in ran.out.splitlines()) <= 80
    assert "横向：询问日期；纵向：有效容积。" in ran.out


@pytest.mark.parametrize("width", [20, 40])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("color", [False, True])
def test_a_map_fits_where_there_is_little_room(
    run: Run, monkeypatch: pytest.MonkeyPatch, width: int, lang: str, color: bool
) -> None:
    from click import unstyle
    from rich.cells import cell_len

    from accessrules.commands.output import Look

    monkeypatch.setattr(Look, "of", classmethod(lambda *_: Look(width, color, boxes=True)))
    ran = run("what-if", *MAP, "--lang", lang)
    lines = unstyle(ran.out).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert ("Across: day asked about. Down: effective volume." if lang == "en" else "横向：询问日期；") in " ".join(
        lines
    )
    assert any(line.startswith("  AAA  ") for line in lines)


@pytest.mark.parametrize("format", ["md", "html"])
def test_a_map_is_a_table_elsewhere(run: Run, format: str) -> None:
    out = run("what-if", *MAP, "--format", format).out
    assert ("<table>" if format == "html" else "| --- |") in out.replace("|---|", "| --- |")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--vary", "categry"], "error: --vary categry: unknown fact `categry`"),
        (["--vary", "effective_volume=600..400"], "is empty"),
        (["--vary", "effective_volume=x..y"], "`x` is not a number"),
        (["--vary", "category=cooler"], "may be any of"),
        (["--vary", "purpose", "--vary", "purpose"], "`purpose` is varied twice"),
        (["--vary", "purpose", "--vary", "category", "--vary", "holds_licence"], "3 facts are varied"),
        (["--vary", "purpose", "--out", "map.svg"], "a figure has two axes"),
        (["--vary", "purpose", "--vary", "category", "--out", "map.pdf"], "ends in .svg or .png"),
        ([], "missing option '--vary'"),
    ],
)
def test_what_cannot_be_varied_is_told(run: Run, args: list[str], said: str) -> None:
    ran = run("what-if", "effective_volume=3", *args)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_many_columns_are_drawn_in_blocks(run: Run) -> None:
    from accessrules.commands.maps import Sheet, map_text
    from accessrules.commands.output import Look
    from accessrules.commands.telling import Teller
    from accessrules.exploring.whatif import what_if_map
    from accessrules.ruleset import load_rules
    from tests.commands.conftest import SAMPLE

    rules = load_rules(SAMPLE)
    decider = rules.decider()
    case = decider.read({"effective_volume": 520}, None, None)
    sheet = Sheet.of(what_if_map(decider, case, {"category": "*", "as_of": "*"}))
    drawn = map_text(sheet, "access_route", Teller(rules, "en"), Look(12, color=True, boxes=True))
    assert "\x1b[" in drawn
    assert "Rows" in drawn


# ---------------------------------------------------------------------------------------------------- figures


@pytest.mark.parametrize(
    "vary",
    [
        MAP,
        (*LARGE, "--vary", "category", "--vary", "as_of=*"),
        ("--vary", "category", "--vary", "effective_volume", *ON),
        ("category=refrigerator", "--vary", "purpose", "--vary", "holds_licence", *ON),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_figure_is_drawn(run: Run, tmp_path: Path, vary: tuple[str, ...], lang: str) -> None:
    pytest.importorskip("matplotlib")
    file = tmp_path / "map.svg"
    ran = run("what-if", *vary, "--out", str(file), "--lang", lang)
    assert ran.code == 0
    assert file.read_text(encoding="utf-8").startswith("<?xml")
    assert str(file) in ran.out.replace("\n", "")
    assert list(tmp_path.iterdir()) == [file]


def test_the_same_map_gives_the_same_figure(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    files = [tmp_path / "a.svg", tmp_path / "b.svg"]
    for file in files:
        run("what-if", *MAP, "--out", str(file))
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_figure_goes_with_json_in_silence(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    file = tmp_path / "map.png"
    assert run("what-if", *MAP, "--out", str(file), "--format", "json", "--lang", "zh").json["vary"] == [
        "effective_volume",
        "as_of",
    ]
    assert file.read_bytes().startswith(b"\x89PNG")


def test_a_figure_without_a_chinese_font_has_english_labels(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = pytest.importorskip("accessrules.commands.figures")
    monkeypatch.setattr(figures, "_font", lambda: None)
    ran = run("what-if", *MAP, "--out", str(tmp_path / "map.svg"), "--lang", "zh")
    assert "未找到中文字体" in ran.err


def test_a_figure_without_matplotlib_is_refused(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for name in [n for n in sys.modules if n.split(".")[0] == "matplotlib" or n == "accessrules.commands.figures"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    ran = run("what-if", *MAP, "--out", str(tmp_path / "map.svg"))
    assert (ran.code, ran.out, list(tmp_path.iterdir())) == (2, "", [])
    assert "pip install 'accessrules[plot]'" in ran.err


def test_a_figure_that_cannot_be_written_is_told(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    ran = run("what-if", *MAP, "--out", str(tmp_path / "nowhere" / "map.svg"))
    assert (ran.code, ran.out) == (2, "")
    assert "cannot be written: no such file or directory" in ran.err
