"""`batch`: what it tells, its exit codes, and every way to call it wrong."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from accessrules.commands.progress import progress_of_rows
from tests.commands.conftest import SAMPLE, Run
from tests.commands.test_program import MODULE, ROOT

pytest.importorskip("pyarrow", reason="pyarrow is not installed: `pip install 'accessrules[tables]'`")

REGISTER = """\
product,category,effective_volume,holds_licence,as_of
P1,fridge,520,yes,2018-03-14
P2,fridge,,,2018-03-14
P3,冰箱,0.4 m3,no,
P4,frigde,5 kg,maybe,2018-03-14
P5,pump
"""


@pytest.fixture(autouse=True)
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("register.csv").write_text(REGISTER, encoding="utf-8")


def test_it_tells_the_sums_and_the_rejected_rows(run: Run) -> None:
    ran = run("batch", "register.csv", "out.csv", "--on", "2018-03-14")
    assert (ran.code, ran.err) == (1, "")
    for part in (
        "Decided: out.csv",
        "Rows: 5",
        "rejected: 2",
        "row 4, line 5 of the file",
        "category: `frigde` is not a value of `category`",
        "holds_licence: `maybe` is neither yes nor no",
        "row 5, line 6 of the file - the row has 2 cells, the header 5",
        "All of them are in out.csv.rejected: 2.",
    ):
        assert part in ran.text, part
    lines = Path("out.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == '"product","category","effective_volume","holds_licence","as_of","status","outcome","rule"'
    assert [line.split(",")[0] for line in lines[1:]] == ['"P1"', '"P2"', '"P3"']
    refused = [json.loads(line) for line in Path("out.csv.rejected").read_text(encoding="utf-8").splitlines()]
    assert [(one["row"], len(one["problems"])) for one in refused] == [(4, 3), (5, 1)]


def test_it_tells_them_in_chinese_and_as_json(run: Run) -> None:
    chinese = run("batch", "register.csv", "out.csv", "--on", "2018-03-14", "--lang", "zh")
    assert "已判定：out.csv" in chinese.out
    assert "登记册行数：5" in chinese.out
    found = run("batch", "register.csv", "out.parquet", "--on", "2018-03-14", "--format", "json").json
    assert (found["rows"], sum(found["statuses"].values()), found["rejected"]) == (5, 5, "out.parquet.rejected")
    assert found["columns"] == {
        "product": None,
        "category": "category",
        "effective_volume": "effective_volume",
        "holds_licence": "holds_licence",
        "as_of": "as_of",
    }
    assert found["as_of"] == "2018-03-14"


def test_with_no_day_it_takes_today_and_says_so(run: Run) -> None:
    assert "No day was given, so today is taken" in run("batch", "register.csv", "out.csv").text


def test_standard_input_and_a_map(run: Run) -> None:
    Path("map.yaml").write_text("size: {fact: effective_volume, unit: m3}\nnote: null\n")
    rows = "category,size,note\nfridge,0.5,a\nfridge,0.499,b\n"
    ran = run("batch", "-", "out.jsonl", "--map", "map.yaml", "--on", "2018-03-14", input=rows)
    assert ran.code == 0
    outcomes = [json.loads(line)["outcome"] for line in Path("out.jsonl").read_text().splitlines()]
    expected = [
        run("decide", "category=fridge", f"effective_volume={size}", "--on", "2018-03-14", "--format", "json").json
        for size in (500, 499)
    ]
    assert outcomes == [one["outcome"] for one in expected]
    assert outcomes[0] != outcomes[1]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("nothing.csv", "out.csv"), "nothing.csv:1:1: cannot be read: no such file or directory"),
        (("register.csv", "register.csv"), "OUT: `register.csv` is the register itself"),
        (("register.csv", "out.xlsx"), "out.xlsx:1:1: the kind of table is not known"),
        (("register.csv", "nowhere/out.csv"), "OUT: `nowhere/out.csv` cannot be written"),
        (("register.csv", "out.csv", "--decision", "rout"), "--decision: unknown decision `rout`"),
        (("register.csv", "out.csv", "--on", "2018-02-30"), "--on: there is no day `2018-02-30`"),
        (("register.csv", "out.csv", "--map", "map.yaml"), "map.yaml:2:34: $.size.unit: `kg` is not a unit of"),
        (("near.csv", "out.csv"), "IN: the column `catgory` is no fact; did you mean `category`?"),
        (("twice.csv", "out.csv"), "twice.csv:1:1: the column `category` stands twice in the header"),
        (("decided.csv", "out.csv"), "IN: the table has a column `status` already, as the answer has"),
    ],
)
def test_a_wrong_call_is_told_and_writes_nothing(run: Run, args: tuple[str, ...], told: str) -> None:
    Path("map.yaml").write_text("size:\n  {fact: effective_volume, unit: kg}\n")
    Path("near.csv").write_text("catgory,effective_volume\nfridge,1\n")
    Path("twice.csv").write_text("category,category\nfridge,pump\n")
    Path("decided.csv").write_text("category,status\nfridge,decided\n")
    before = {path.name for path in Path.cwd().iterdir()}
    ran = run("batch", *args)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert {path.name for path in Path.cwd().iterdir()} == before
    assert Path("register.csv").read_text(encoding="utf-8") == REGISTER


def ended_by(ending: signal.Signals, tmp_path: Path, *before: str) -> tuple[int, bytes, bytes]:
    """The exit code and the output of a run that gets a signal while it waits for rows."""
    args = ["batch", "-", str(tmp_path / "out.csv"), "--rules", str(SAMPLE)]
    program = subprocess.Popen(
        [*before, *MODULE, *args], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert program.stdin is not None
    program.stdin.write(b"category\nfridge\n" * 10)
    program.stdin.flush()
    waited = 0
    while not list(tmp_path.glob(".out*")) and waited < 600:
        time.sleep(0.1)
        waited += 1
    program.send_signal(ending)
    out, err = program.communicate(timeout=60)
    return program.returncode, out, err


@pytest.mark.skipif(sys.platform == "win32", reason="a Unix signal")
def test_interrupted_it_says_so_and_leaves_no_file(tmp_path: Path) -> None:
    code, out, err = ended_by(signal.SIGINT, tmp_path)
    assert code in (130, -signal.SIGINT)
    assert (out, err.split()) == (b"", [b"interrupted"])
    assert [path.name for path in tmp_path.iterdir()] == ["register.csv"]


@pytest.fixture
def a_closed_terminal_ends() -> Iterator[None]:
    """Also where the tests themselves run under `nohup`, which programs that they start inherit."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.skipif(sys.platform == "win32", reason="Unix signals")
@pytest.mark.usefixtures("a_closed_terminal_ends")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_ended_from_outside_it_leaves_no_file(tmp_path: Path, name: str) -> None:
    """Also where that is because its terminal was closed."""
    ending = signal.Signals[name]
    assert ended_by(ending, tmp_path) == (128 + ending, b"", b"")
    assert [path.name for path in tmp_path.iterdir()] == ["register.csv"]


@pytest.mark.skipif(sys.platform == "win32", reason="a Unix signal")
def test_under_nohup_it_goes_on_when_its_terminal_is_closed(tmp_path: Path) -> None:
    code, out, _ = ended_by(signal.SIGHUP, tmp_path, "nohup")
    assert (code, b"Rows: 19" in out) == (1, True)  # every other row is a header
    assert {path.name for path in tmp_path.iterdir()} == {"register.csv", "out.csv", "out.csv.rejected"}


def test_progress_is_told_on_a_terminal_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_of_rows("batch") as told:
        told(1, 0.5)
        told(2, None)
    assert capsys.readouterr() == ("", "")
