"""`impact` and `register`: what is told, in each format and language, and every way to get a register wrong."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from accessrules.commands.progress import progress
from tests.commands.conftest import SAMPLE, Ran, Run
from tests.commands.test_program import MODULE, ROOT

HERE = Path(__file__).parent
REGISTER = """\
product,category,effective_volume,purpose,holds_licence,maker,as_of
P1,fridge,520,,yes,Alpha,2018-03-14
P2,fridge,,,,Beta,2018-03-14
P3,冰箱,0.4 m3,,no,Alpha,
P4,fridge,600 L,export,,Beta,2018-03-14
P5,freezer,,,yes,Alpha,2018-03-14
P6,pump,,,,,2018-03-14
P7,frigde,5 kg,,maybe,Beta,2018-03-14
P8,pump
"""
EDITS = (
    (
        "outcome: production_licence\n    in_force: {from: 2005-09-01}",
        "outcome: no_approval\n    in_force: {from: 2005-09-01}",
    ),
    ("exception_to: [large.licensed]\n", "exception_to: [large.licensed]\n    details: {days: 30}\n"),
)

Ask = Callable[..., Ran]


def edited(folder: Path, file: str, edits: tuple[tuple[str, str], ...]) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """The sample rules, in which no approval is none."""
    folder = tmp_path / "base"
    shutil.copytree(SAMPLE, folder)
    edited(folder, "ruleset.yaml", (("zh: 无需准入}", "zh: 无需准入, approval: false}"),))
    return folder


@pytest.fixture
def draft(base: Path) -> Path:
    """The same with large refrigerators freed, and working days for the small ones."""
    folder = base.parent / "draft"
    shutil.copytree(base, folder)
    edited(folder, "decisions/routes.yaml", EDITS)
    return folder


@pytest.fixture
def ask(run: Run, base: Path, draft: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Ask:
    """Ask about a register given as text, against the draft."""
    monkeypatch.chdir(tmp_path)

    def call(*args: str, text: str | bytes = REGISTER, name: str = "register.csv") -> Ran:
        Path(name).write_bytes(text.encode() if isinstance(text, str) else text)
        return run("impact", name, "--against", str(draft), "--on", "2018-03-14", *args, rules=base)

    return call


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("format", ["text", "md", "html"])
def test_an_impact_is_told_like_this(ask: Ask, lang: str, format: str, golden: Callable[[str, Path], None]) -> None:
    """The sums, each region with its rows, each column, what cannot be decided and why, what was rejected and why."""
    ran = ask("--by", "maker", "--by", "category", "--lang", lang, "--format", format)
    assert (ran.code, ran.err) == (1, "")
    golden(ran.out, HERE / "golden" / f"impact.{lang}.{format.replace('text', 'txt')}")


def test_json_is_the_impact_and_nothing_else(ask: Ask, golden: Callable[[str, Path], None]) -> None:
    ran = ask("--by", "maker", "--format", "json")
    assert (ran.code, ran.err) == (1, "")
    golden(ran.out, HERE / "golden" / "impact.json")


def test_approvals_are_told_only_of_a_decision_about_them(ask: Ask) -> None:
    """Who issues it is no approval: no sum, no column, no key in JSON; the main decision has all three."""
    for decision, told in (("access_route", True), ("issuing_authority", False)):
        asked = ("--decision", decision, "--by", "maker")
        assert ("need an approval" in ask(*asked).out) == told
        assert ("approvals before" in ask(*asked, "--format", "md").out) == told
        data = ask(*asked, "--format", "json").json
        parts = (data, *data["by"]["maker"], *data["regions"])
        assert data["regions"]
        assert all(("approvals" in part) == told for part in parts)


def test_it_fits_a_narrow_terminal(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    from accessrules.commands.output import Look

    monkeypatch.setattr(Look, "of", classmethod(lambda *_: Look(40, color=False, boxes=False)))
    for lang, letter in (("en", 1), ("zh", 2)):
        out = ask("--by", "maker", "--lang", lang).out
        assert max(sum(letter if ord(c) > 0x2E80 else 1 for c in line) for line in out.splitlines()) <= 40


def test_without_rejected_rows_the_code_is_0(ask: Ask) -> None:
    good = "\n".join(REGISTER.splitlines()[:7])
    ran = ask(text=good)
    assert (ran.code, ran.err) == (0, "")
    assert "Rejected rows" not in ran.out


def test_without_a_day_today_is_taken_and_told(run: Run, draft: Path, tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    file.write_text("category,as_of\nfridge,2018-03-14\n", encoding="utf-8")
    assert "today is taken" not in run("impact", str(file), "--against", str(draft)).text
    file.write_text("category,as_of\nfridge,\n", encoding="utf-8")
    ran = run("impact", str(file), "--against", str(draft))
    assert f"No day was given, so today is taken: {dt.date.today()}." in ran.text


def test_a_column_that_nearly_is_a_fact_is_told_and_not_read(ask: Ask) -> None:
    ran = ask(text="category,efective_volume\nfridge,520\n")
    assert "The column efective_volume is not read as a fact. If it is “effective volume”, name it" in ran.text
    assert "cannot be decided: 1 " in ran.text
    assert "effective volume (no column has it)" in ran.text


def test_a_map_says_which_column_is_which(ask: Ask) -> None:
    Path("map.yaml").write_text("产品: category\n容积: effective_volume\ncategory: null\n", encoding="utf-8")
    text = "产品,容积,category\n冰箱,520 L,A\n冰箱,600,A\n"
    ran = ask("--map", "map.yaml", "--by", "category", "--format", "json", text=text)
    assert (ran.code, ran.json["changed"], ran.json["by"]["category"][0]["value"]) == (0, 2, "A")


def test_a_register_without_rows_is_told(ask: Ask) -> None:
    for name, text in (("register.csv", "category\n"), ("register.jsonl", "")):
        ran = ask(text=text, name=name)
        assert (ran.code, ran.err) == (0, "")
        assert "The register has no rows." in ran.text


def test_rows_that_say_they_are_synthetic_are_told(ask: Ask) -> None:
    ran = ask(text="category,synthetic\nfridge,made up\nfridge,\n")
    assert "1 row is labelled synthetic" in ran.text


def test_no_rule_and_another_decision(ask: Ask) -> None:
    ran = ask("--decision", "issuing_authority", "--format", "json", text="category\npump\n")
    assert ran.json["reasons"] == [
        {"reason": "no_rule", "sides": ["before", "after"], "facts": [], "rules": [], "rows": 1, "may_change": 0}
    ]
    assert "no rule applies" in ask("--decision", "issuing_authority", text="category\npump\n").text


def test_many_values_are_counted_and_the_rest_told(ask: Ask) -> None:
    text = "category,maker\n" + "".join(f"pump,M{n}\n" for n in range(30))
    assert "Values not shown: 10, with 10 rows; --format json lists them." in ask("--by", "maker", text=text).text


def test_too_many_values_to_group_by_are_refused(ask: Ask) -> None:
    ran = ask("--by", "maker", text="category,maker\n" + "".join(f"pump,M{n}\n" for n in range(1_001)))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: --by: the column `maker` has more than 1000 values to group by")


# ------------------------------------------------------------------------------------------------- rejected rows


def test_twenty_rejected_rows_are_told_and_all_are_written(ask: Ask) -> None:
    text = "category\n" + "frigde\n" * 30 + "pump\n"
    ran = ask(text=text)
    assert ran.out.count("did you mean `refrigerator`?") == 20
    assert "Not shown: 10. With --rejected FILE all of them are written." in ran.text
    ran = ask("--rejected", "wrong.jsonl", text=text)
    assert "All of them are in wrong.jsonl: 30." in ran.text
    lines = [json.loads(line) for line in Path("wrong.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(one["row"], one["line"]) for one in lines] == [(n, n + 1) for n in range(1, 31)]
    assert lines[0]["problems"] == [
        {
            "column": "category",
            "message": "`frigde` is not a value of `category`",
            "help": "did you mean `refrigerator`?",
        }
    ]


def test_the_file_of_rejected_rows_is_empty_where_there_are_none(ask: Ask) -> None:
    assert ask("--rejected", "wrong.jsonl", text="category\npump\n").code == 0
    assert Path("wrong.jsonl").read_text() == ""


def test_what_is_wrong_with_the_call_leaves_no_file_of_rejected_rows(ask: Ask) -> None:
    Path("wrong.jsonl").write_text("as it was")
    for args in (["--by", "nothing"], ["--decision", "nothing"]):
        assert ask("--rejected", "wrong.jsonl", *args).code == 2
    assert Path("wrong.jsonl").read_text() == "as it was"
    assert sorted(path.name for path in Path().iterdir()) == ["base", "draft", "register.csv", "wrong.jsonl"]


def test_the_register_is_not_overwritten(ask: Ask) -> None:
    ran = ask("--rejected", "./register.csv")
    assert (ran.code, ran.err) == (
        2,
        "error: --rejected: `register.csv` is the register itself\n  help: name another file\n",
    )
    assert Path("register.csv").read_text(encoding="utf-8") == REGISTER


def test_a_file_that_cannot_be_written_is_told(ask: Ask) -> None:
    ran = ask("--rejected", "nowhere/wrong.jsonl")
    assert ran.code == 2
    assert "--rejected: `nowhere/wrong.jsonl` cannot be written" in ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="a Unix signal")
def test_interrupted_it_says_so_and_leaves_no_file(draft: Path, tmp_path: Path) -> None:
    args = ["impact", "-", "--rules", str(SAMPLE), "--against", str(draft), "--rejected", str(tmp_path / "wrong.jsonl")]
    program = subprocess.Popen(
        [*MODULE, *args], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert program.stdin is not None
    program.stdin.write(b"category\nfrigde\n" * 10)
    program.stdin.flush()
    waited = 0
    while not list(tmp_path.glob(".wrong*")) and waited < 600:
        time.sleep(0.1)
        waited += 1
    program.send_signal(signal.SIGINT)
    out, err = program.communicate(timeout=60)
    # Python itself ends by the signal, which a shell gives as 130 too, where it came in the midst of an `exec`.
    assert program.returncode in (130, -signal.SIGINT)
    assert (out, err.split()) == (b"", [b"interrupted"])
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []


# --------------------------------------------------------------------------------------------------- wrong calls


@pytest.mark.parametrize(
    ("args", "text", "said"),
    [
        (["--by", "makr"], REGISTER, ["error: --by: there is no column `makr`", "did you mean `maker`?"]),
        (["--decision", "x"], REGISTER, ["error: --decision: unknown decision `x`"]),
        (["--known-on", "soon"], REGISTER, ["error: --known-on: `soon` is not a date"]),
        ([], "shop\nA\n", ["no column of the register is a fact", "the facts are `burners`"]),
        ([], "categori,b\nA,b\n", ["no column of the register is a fact", "`categori` may be `category`"]),
        ([], "a,a\n", ["register.csv:1:1: the column `a` stands twice in the header"]),
        ([], "", ["register.csv:1:1: the register is empty"]),
        (["--map", "none.yaml"], REGISTER, ["none.yaml:1:1: cannot be read"]),
    ],
)
def test_what_is_wrong_is_told_where_it_is(ask: Ask, args: list[str], text: str, said: list[str]) -> None:
    ran = ask(*args, text=text)
    assert (ran.code, ran.out) == (2, "")
    assert all(one in ran.err for one in said), ran.err


def test_json_lines_without_a_fact_are_told_at_the_end(ask: Ask) -> None:
    ran = ask("--by", "shp", text='{"shop": "A"}\n', name="register.jsonl")
    assert (ran.code, ran.out) == (2, "")
    assert "no column of the register is a fact" in ran.err
    assert "there is no column `shp`" in ran.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- category\n", ["map.yaml:1:1: the map is not a mapping"]),
        ("maker: 5\n", ["map.yaml:1:8: $.maker: `maker` is not mapped to a fact"]),
        (
            "makr: purpose\nmaker: purpos\n",
            ["map.yaml:1:7: $.makr: there is no column `makr`", "fact `purpos`"],
        ),
        ("maker: category\n", ["`category` has two columns, `category` and `maker`"]),
    ],
)
def test_what_is_wrong_with_a_map_is_told_in_the_map(ask: Ask, text: str, said: list[str]) -> None:
    Path("map.yaml").write_text(text)
    ran = ask("--map", "map.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert all(one in ran.err for one in said), ran.err


def test_there_must_be_one_thing_to_compare_with(run: Run) -> None:
    ran = run("impact", "register.csv")
    assert (ran.code, ran.out) == (2, "")
    assert "error: --proposal: there is nothing to compare with" in ran.err
    ran = run("impact", "register.csv", "--proposal", "draft.yaml", "--against", "draft")
    assert (ran.code, ran.out) == (2, "")
    assert "error: --against: it is given beside `--proposal`" in ran.err


def test_the_documented_run_is_the_one_that_is_printed(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each line that docs/impact.md shows of a proposal's impact is printed, in that order."""
    page = (ROOT / "docs" / "impact.md").read_text(encoding="utf-8")
    commands = re.search(r"```sh\n(.*?)```", page, re.DOTALL)
    shown = re.search(r"```text\n(.*?)```", page, re.DOTALL)
    assert commands
    assert shown
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    monkeypatch.chdir(tmp_path)
    make, count = (shlex.split(line)[1:] for line in commands[1].splitlines())
    assert run(*make, rules=None).code == 0
    ran = run(*count, rules=None)
    assert ran.code == 0
    lines = iter(ran.out.splitlines())
    assert all(line in lines for line in shown[1].splitlines())


# ------------------------------------------------------------------------------------------------------ register


def test_a_synthetic_register_is_read_without_a_rejected_row(run: Run, tmp_path: Path) -> None:
    """CSV and JSON Lines of one seed are the same rows, to a file as to standard output."""
    for name in ("register.csv", "register.jsonl"):
        path = tmp_path / name
        ran = run("register", "--rows", "300", "--seed", "7", str(path), rules=None)
        assert (ran.code, ran.out, ran.err) == (0, "", "")
    piped = run("register", "--rows", "300", "--seed", "7", rules=None)
    assert piped.out.encode() == (tmp_path / "register.csv").read_bytes()
    found = []
    for name in ("register.csv", "register.jsonl"):
        args = ("--against", "rules", "--by", "category", "--on", "2018-03-14", "--format", "json")
        ran = run("impact", str(tmp_path / name), *args, rules=None)
        assert ran.code == 0
        found.append({k: v for k, v in ran.json.items() if k != "register"})
    assert found[0] == found[1]
    assert (found[0]["rows"], found[0]["synthetic"], found[0]["rejected"], found[0]["near"]) == (300, 300, 0, [])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_without_rows_the_assumptions_are_told(run: Run, lang: str, golden: Callable[[str, Path], None]) -> None:
    ran = run("register", "--lang", lang, rules=None)
    assert (ran.code, ran.err) == (0, "")
    golden(ran.out, HERE / "golden" / f"register.{lang}.txt")


def test_the_assumptions_as_json(run: Run) -> None:
    found = run("register", "--format", "json", rules=None).json
    (volume, *_) = found["columns"]["effective_volume"]
    assert volume["when"] == {"category": "household_refrigerator"}
    assert volume["shares"] == {"from 500 L to at most 800 L": 35.09, "from 50 L to below 500 L": 64.91}
    assert (volume["basis"], "Zhongyikang" in volume["source"]["en"]) == ("published", True)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["register.csv"], "error: --rows: how many rows `register.csv` is to have is not said"),
        (["--rows", "5", "register.xlsx"], "register.xlsx:1:1: the kind of register is not known"),
        (["--rows", "5", "--format", "md"], "error: --format: a register is not written as `md`"),
        (["--rows", "5", "--like", "household-appliance"], "did you mean `household-appliances`?"),
        (["--rows", "5", "--like", "none.yaml"], "none.yaml:1:1: cannot be read"),
        (["--rows", "-5"], "error: invalid value for '--rows'"),
        (["--rows", "5", "nowhere/register.csv"], "error: OUT: `nowhere/register.csv` cannot be written"),
    ],
)
def test_what_is_wrong_with_a_call_of_register_is_told(run: Run, args: list[str], said: str) -> None:
    ran = run("register", *args, rules=None)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_a_rule_set_without_registers_is_told(run: Run) -> None:
    ran = run("register", "--rows", "5")
    assert ran.code == 2
    assert "there are no assumptions called `household-appliances`" in ran.err


# ------------------------------------------------------------------------------------------------------ progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_is_drawn_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    for stream, dumb, drawn in (
        (Terminal(), "xterm", True),
        (Terminal(), "dumb", False),
        (io.StringIO(), "xterm", False),
    ):
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setenv("TERM", dumb)
        with progress("impact", 100) as told:
            told(50)
            time.sleep(0.2)
        assert ("impact" in stream.getvalue(), "50%" in stream.getvalue()) == (drawn, drawn)
