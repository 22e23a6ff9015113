"""`export sql`: what it writes and where, and every way to call it wrong."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from accessrules import load_rules
from accessrules.commands.export import _OPTIONS
from accessrules.exporting import export_sql
from tests.commands.conftest import SAMPLE, Ran, Run
from tests.exporting.tables import small_rules

pytest.importorskip("sqlglot", reason="sqlglot is not installed: `pip install 'accessrules[sql]'`")

GOLDEN = Path(__file__).parent / "golden"
MAP = "Typ: category\nvol.gross: {}\nnote: null\n"


@pytest.fixture
def export(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Run `export sql` on the sample, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return lambda *args: run("export", "sql", "--rules", str(SAMPLE), *args, rules=None)


def test_what_is_written(export: Callable[..., Ran], golden: Callable[[str, Path], None]) -> None:
    """The whole statement, for a small decision: to be read as a diff when it changes."""
    asked = ("--decision", "issuing_authority", "--columns", "category,effective_volume", "--on", "2018-03-14")
    ran = export(*asked, "--dialect", "postgres", "--table", "trade.register", "--view", "trade.decided")
    assert (ran.code, ran.err) == (0, "")
    golden(ran.out, GOLDEN / "export.sql")


@pytest.mark.parametrize(
    ("args", "asked"),
    [
        ((), {}),
        (("--on", "2018-03-14", "--known-on", "2010-01-01"), {"as_of": "2018-03-14", "known_on": "2010-01-01"}),
        (("--columns", "category, purpose"), {"columns": ["category", "purpose"]}),
        (("--columns", "register.csv"), {"columns": ["category", "purpose", "as_of"]}),
        (("--columns", "./register.jsonl"), {"columns": ["category", "purpose"]}),
        (("--map", "map.yaml"), {"columns": {"Typ": "category", "vol.gross": "effective_volume"}}),
        (("--columns", "category", "--prefix", "ar_"), {"columns": ["category"], "prefix": "ar_"}),
    ],
)
def test_it_writes_what_the_library_gives(
    export: Callable[..., Ran], args: tuple[str, ...], asked: dict[str, object]
) -> None:
    Path("register.csv").write_text("id,category,purpose,as_of\n1,pump,,\n")
    Path("register.jsonl").write_text('{"id": 1, "category": "pump", "purpose": null}\n')
    Path("map.yaml").write_text(MAP.format("effective_volume"))
    ran = export(*args)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == export_sql(load_rules(SAMPLE), **asked).sql  # type: ignore[arg-type]


def test_a_file_is_written_whole_and_nothing_is_said(export: Callable[..., Ran]) -> None:
    ran = export("--columns", "category", "--out", "decided.sql")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert Path("decided.sql").read_bytes().decode() == export("--columns", "category").out
    assert [path.name for path in Path.cwd().iterdir()] == ["decided.sql"]


@pytest.mark.parametrize("columns", ["n.x", "n.x,as_of", "as_of, n.x"])
def test_a_fact_with_a_dot_is_no_file(run: Run, tmp_path: Path, columns: str) -> None:
    rules = small_rules(tmp_path, {"n.x": "type: integer"}, [("n.x: at least 10", "a"), ("n.x: below 10", "b")])
    ran = run("export", "sql", "--rules", str(tmp_path), "--columns", columns, rules=None)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == export_sql(rules, columns=columns.replace(" ", "").split(",")).sql


def test_a_proposal_is_taken_for_law(export: Callable[..., Ran]) -> None:
    Path("p.yaml").write_text("proposal: no-freezers\ntitle: P\nrepeal: [{id: freezer.a}]\n")
    ran = export("--proposal", "p.yaml")
    assert ran.code == 0, ran.err
    assert "'freezer.a'" not in ran.out
    assert "sample 7+no-freezers" in ran.out
    assert "'freezer.a'" in export().out


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--dialect", "postgre"), "--dialect: unknown dialect `postgre`\n  help: did you mean `postgres`?"),
        (("--decision", "acces_route"), "--decision: unknown decision `acces_route`\n  help: did you mean `access_"),
        (("--columns", "categry"), "--columns: unknown fact `categry`\n  help: did you mean `category`?"),
        (("--columns", ""), "--columns: unknown fact ``\n  help: the facts are"),
        (("--columns", "category,category,ccc"), "--columns: unknown fact `ccc`"),
        (("--columns", "category,a.b"), "--columns: unknown fact `a.b`"),
        (("--columns", "access_route"), "--columns: `access_route` is a decision, not a fact to give"),
        (("--columns", "near.csv"), "--columns: the column `catgory` is no fact; did you mean `category`?"),
        (("--columns", "answer.csv"), "--columns: the answer has a column `status` too\n  help: give "),
        (("--columns", "nothing.csv"), "nothing.csv:1:1: cannot be read: no such file or directory"),
        (("--columns", "map.yaml"), "map.yaml:1:1: the kind of table is not known"),
        (("--map", "map.yaml"), "map.yaml:2:12: $.vol.gross: unknown fact `volume`"),
        (("--map", "nothing.yaml"), "nothing.yaml:1:1: cannot be read"),
        (("--map", "map.yaml", "--columns", "category"), "--map: the columns are given by `--columns` too"),
        (("--map", "answer.yaml"), "answer.yaml:1:9: $.Status: the answer has a column `Status` too"),
        (("--map", "carried.yaml"), "carried.yaml:2:11: $.problems: the answer has a column `problems` too"),
        (("--on", "2018-02-30"), "--on: there is no day `2018-02-30`"),
        (("--on", "2018-03-14", "--columns", "as_of"), "--on: `as_of` is given, and is the column `as_of` too"),
        (("--known-on", "soon"), "--known-on: `soon` is not a date"),
        (("--table", "a..b"), "--table: `a..b` is no name of a table"),
        (("--view", ""), "--view: `` is no name of a table"),
        (("--view", "a", "--view", "b"), "--view: `--view` is given twice"),
        (("--out", "nowhere/x.sql"), "--out: `nowhere/x.sql` cannot be written: no such file"),
        (("--out", ""), "--out: `.` is no name of a file"),
        (("--out", "."), "--out: `.` is no name of a file"),
        (("--format", "json"), "no such option"),
    ],
)
def test_a_wrong_call_is_told_and_writes_nothing(export: Callable[..., Ran], args: tuple[str, ...], told: str) -> None:
    Path("map.yaml").write_text(MAP.format("volume"))
    Path("answer.yaml").write_text("Status: category\n")
    Path("answer.csv").write_text("category,status\nfridge,1\n")
    Path("carried.yaml").write_text("Typ: category\nproblems: null\n")
    Path("near.csv").write_text("catgory,effective_volume\nfridge,1\n")
    before = {path.name for path in Path.cwd().iterdir()}
    ran = export(*args)
    assert (ran.code, ran.out) == (2, "")
    assert f"error: {told}" in ran.err or told in ran.err.lower()
    assert {path.name for path in Path.cwd().iterdir()} == before


def test_what_is_too_large_is_told_at_the_columns(export: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accessrules.exporting.places.places.__defaults__", (3, 1000))
    ran = export()
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: --columns: `access_route` has more than 3 boxes over these columns")
    assert "help: name only the columns that the table has, or fix the day asked about" in ran.err


def test_without_sqlglot_it_says_what_to_install(export: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sqlglot", None)
    ran = export()
    assert (ran.code, ran.out) == (2, "")
    assert "needs sqlglot, which is not installed\n  help: install it with `pip install 'accessrules[sql]'`" in ran.err


def test_an_unknown_kind_of_export_is_told(run: Run) -> None:
    ran = run("export", "sqll", rules=None)
    assert (ran.code, ran.out) == (2, "")
    assert "`accessrules export --help`" in ran.err
    assert run("export", "--help", rules=None).code == 0


def test_each_argument_of_the_library_has_its_option() -> None:
    """So that every problem is told where the caller wrote it."""
    assert set(_OPTIONS) == inspect.signature(export_sql).parameters.keys() - {"rules"}
