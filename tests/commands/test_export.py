"""`export sql`: what is written, that it answers as `decide` does, and every way to call it wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Run

pytest.importorskip("sqlglot", reason="sqlglot is not installed: `pip install 'accessrules[sql]'`")

FRIDGE = "refrigerator"
NAMED = ("--columns", "category,size=effective_volume", "--on", "2018-03-14")


def test_what_is_written_decides_a_table(run: Run) -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    ran = run("export", "sql", *NAMED, "--table", "shop.products", "--view", "decided")
    assert (ran.code, ran.err) == (0, "")
    assert "CREATE OR REPLACE VIEW" in ran.out
    database = duckdb.connect()
    database.execute('CREATE SCHEMA shop; CREATE TABLE shop.products (n INTEGER, category TEXT, "size" DOUBLE)')
    rows = [(1, FRIDGE, 520.0), (2, FRIDGE, 400.0), (3, FRIDGE, None), (4, "frigde", 1.0)]
    database.executemany("INSERT INTO shop.products VALUES (?, ?, ?)", rows)
    database.execute(ran.out)
    found = database.execute("SELECT n, status, outcome, rule FROM decided ORDER BY n").fetchall()
    assert found[3] == (4, "rejected", None, None)
    for n, category, size in rows[:3]:
        facts = [f"category={category}", f"effective_volume={'unknown' if size is None else size}"]
        one = run("decide", *facts, "--on", "2018-03-14", "--format", "json").json
        rule = next((because["rule"] for because in one["because"]), None)
        assert found[n - 1] == (n, one["status"], one["outcome"], rule)


def test_it_is_written_to_a_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "decided.sql"
    ran = run("export", "sql", *NAMED, "--out", str(path))
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert path.read_text(encoding="utf-8") == run("export", "sql", *NAMED).out


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "spark"])
def test_each_dialect_reads_what_is_written(run: Run, dialect: str) -> None:
    import sqlglot

    text = run("export", "sql", *NAMED, "--dialect", dialect).out
    (statement,) = sqlglot.parse(text, read=dialect)
    assert statement is not None
    assert statement.named_selects[-4:] == ["status", "outcome", "rule", "problems"]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--dialect", "oracle"), "'oracle' is not one of 'duckdb', 'postgres', 'spark'"),
        (("--decision", "rout"), "--decision: unknown decision `rout`"),
        (("--columns", "catgory", "--on", "2018-03-14"), "--columns: unknown fact `catgory`"),
        (("--columns", "category"), "--on: no day is given, and no column is `as_of`"),
        (("--columns", "category,category", "--on", "2018-03-14"), "names no columns, or one of them twice"),
        (("--columns", "a=category,b=category", "--on", "2018-03-14"), "--columns: `category` has two columns"),
        (("--on", "2018-02-30"), "--on: there is no day `2018-02-30`"),
        (("--known-on", "soon"), "--known-on: `soon` is not a date"),
        (("--table", "a..b"), "--table: `a..b` is no name of a table"),
        ((*NAMED, "--out", "nowhere/x.sql"), "--out: `nowhere/x.sql` cannot be written"),
    ],
)
def test_a_wrong_call_is_told(run: Run, args: tuple[str, ...], told: str) -> None:
    ran = run("export", "sql", *args)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
