"""What may be given as a table, and every way to get one wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from accessrules import AccessRulesError, QueryError, RuleSet, load_rules
from accessrules.errors import RegisterError
from accessrules.tables import blocks, table

pd = pytest.importorskip("pandas", reason="pandas is not installed")
pl = pytest.importorskip("polars", reason="polars is not installed")

FRIDGE = "household_refrigerator"
DAY = "2018-03-14"


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def said(found: pa.Table) -> list[tuple[Any, ...]]:
    return [(row["status"], row["outcome"], row["rule"]) for row in found.to_pylist()]


LARGE = ("decided", "production_licence", "refrigerator.large.licensed")
SMALL = ("decided", "ccc", "refrigerator.small.ccc")
OPEN = ("undetermined", None, None)
REJECTED = ("rejected", None, None)
COLUMNS = {"category": [FRIDGE, FRIDGE, None, "frigde"], "effective_volume": [520.0, 100.0, 520.0, 520.0]}


@pytest.mark.parametrize(
    "make",
    [
        pa.table,
        lambda columns: pa.table(columns).to_batches()[0],
        lambda columns: pa.RecordBatchReader.from_batches(pa.table(columns).schema, pa.table(columns).to_batches()),
        pl.DataFrame,
        pd.DataFrame,
    ],
    ids=["arrow", "batch", "reader", "polars", "pandas"],
)
def test_tables_of_programs(rules: RuleSet, make: Callable[[Any], Any]) -> None:
    found = rules.decide_table(make(COLUMNS), as_of=DAY)
    assert isinstance(found, pa.Table)
    assert said(found) == [LARGE, SMALL, OPEN, REJECTED]
    assert found["problems"].to_pylist()[3] == [
        {
            "column": "category",
            "message": "`frigde` is not a value of `category`",
            "help": f"did you mean `{FRIDGE}`?",
        }
    ]


def test_files(rules: RuleSet) -> None:
    Path("a.csv").write_text(f"category,effective_volume\nfridge,520\n{FRIDGE},0.1 m3\n,520 L\nfrigde,520\n")
    Path("a.jsonl").write_text(
        "".join(
            f'{{"category": {category}, "effective_volume": {volume}}}\n'
            for category, volume in zip(
                (f'"{FRIDGE}"', f'"{FRIDGE}"', "null", '"frigde"'), ("520", '"0.1 m3"', "520.0", "520"), strict=True
            )
        )
    )
    pq.write_table(pa.table(COLUMNS), "a.parquet")
    for name in ("a.csv", "a.jsonl", "a.parquet"):
        assert said(rules.decide_table(name, as_of=DAY)) == [LARGE, SMALL, OPEN, REJECTED], name
        assert said(rules.decide_table(Path(name), as_of=DAY)) == [LARGE, SMALL, OPEN, REJECTED], name
    pq.write_table(pa.table(COLUMNS).slice(1, 1), "b.parquet")
    both = rules.decide_table("?.parquet", as_of=DAY)
    assert said(both) == [LARGE, SMALL, OPEN, REJECTED, SMALL]
    assert both.schema.field("category").type == pa.string()


def test_a_row_that_cannot_be_read_stays_in_its_place(rules: RuleSet) -> None:
    Path("a.csv").write_text(f"category,effective_volume\nonly one\n{FRIDGE},100\n")
    found = rules.decide_table("a.csv", as_of=DAY)
    assert said(found) == [REJECTED, SMALL]
    assert found["problems"].to_pylist()[0][0]["message"] == "the row has 1 cell, the header 2"
    Path("a.jsonl").write_text(f'{{"category": "{FRIDGE}", "effective_volume": 100}}\n{{broken\n{{"x": 1}}\n')
    found = rules.decide_table("a.jsonl", as_of=DAY)
    assert said(found) == [SMALL, REJECTED, OPEN]
    assert found["x"].to_pylist() == [None, None, 1]


def test_the_day_of_each_row(rules: RuleSet) -> None:
    days = [dt.date(2018, 3, 14), dt.date(2021, 1, 1), None]
    columns = {"category": [FRIDGE] * 3, "effective_volume": [520] * 3}
    expected = [rules.decide({"category": FRIDGE, "effective_volume": 520}, as_of=day) for day in days[:2]]
    outcomes = [one.outcome for one in expected]
    for name, asked in (("as_of", {}), ("day", {"as_of": "day"}), ("day", {"as_of_column": "day"})):
        table = pa.table({**columns, name: days})
        found = rules.decide_table(table, **asked)["outcome"].to_pylist()  # type: ignore[arg-type]
        assert found == [*outcomes, None], (name, asked)
    with_default = rules.decide_table(pa.table({**columns, "day": days}), as_of_column="day", as_of="2018-03-14")
    assert with_default["outcome"].to_pylist() == [*outcomes, outcomes[0]]
    midnight = pd.DataFrame(
        {**columns, "day": pd.to_datetime([f"{days[0]} 00:00", f"{days[1]} 00:00", "2018-03-14 10:00"])}
    )
    found = rules.decide_table(midnight, as_of="day")
    assert found["outcome"].to_pylist() == [*outcomes, None]
    assert found["status"].to_pylist()[2] == "rejected"
    spelt = pa.table({"category": [FRIDGE] * 3, "as_of": ["2018-03-14", "14.03.2018", "2018/03/14"]})
    assert rules.decide_table(spelt)["status"].to_pylist() == ["undetermined", "rejected", "rejected"]


def test_a_null_is_unknown_and_with_a_word_not_given(rules: RuleSet) -> None:
    table = pa.table({"category": [FRIDGE], "effective_volume": [520], "purpose": pa.array([None], pa.string())})
    assert said(rules.decide_table(table, as_of=DAY)) == [OPEN]
    mapping = {"purpose": {"fact": "purpose", "null": "not given"}}
    assert said(rules.decide_table(table, as_of=DAY, mapping=mapping)) == [LARGE]


def test_values_that_are_none(rules: RuleSet) -> None:
    wrong = [float("nan"), float("inf"), -1.0, 1e200, 520.0]
    table = pa.table({"category": [FRIDGE] * 5, "effective_volume": wrong})
    found = rules.decide_table(table, as_of=DAY)
    assert found["status"].to_pylist() == ["rejected"] * 3 + ["decided"] * 2
    told = [p and p[0]["message"] for p in found["problems"].to_pylist()]
    assert told == ["`nan` is not a number", "`inf` is not a number", "`-1 L` is out of range", None, None]
    lists = pa.table({"category": [FRIDGE], "effective_volume": [[520]]})
    (problem,) = rules.decide_table(lists, as_of=DAY)["problems"].to_pylist()[0]
    assert problem["message"] == "`effective_volume` has several values"
    beyond = pa.table({"category": [FRIDGE], "as_of": pa.array([10_000_000], pa.int32()).cast(pa.date32())})
    assert rules.decide_table(beyond)["status"].to_pylist() == ["rejected"]


def refused(call: Callable[[], Any]) -> list[tuple[str, str, str]]:
    with pytest.raises(AccessRulesError) as wrong:
        call()
    return [(one.path, one.message, one.help) for one in wrong.value.problems]


@pytest.mark.parametrize(
    ("columns", "asked", "problem"),
    [
        (
            {"catgory": [FRIDGE], "effective_volume": [1]},
            {},
            ("$.columns.catgory", "the column `catgory` is no fact; did you mean `category`?"),
        ),
        ({"x": [1]}, {}, ("$.columns", "no column of the table is a fact")),
        ({"category": ["a"], "rule": [1]}, {}, ("$.columns.rule", "the table has a column `rule` already")),
        ({"category": ["a"]}, {"as_of": "yesterday"}, ("$.as_of", "`yesterday` is not a date")),
        ({"category": ["a"]}, {"as_of_column": "day"}, ("$.mapping.day", "there is no column `day`")),
        ({"category": ["a"]}, {"known_on": "2018-02-30"}, ("$.known_on", "there is no day `2018-02-30`")),
        ({"category": ["a"]}, {"decision": "acces_route"}, ("$.decision", "unknown decision `acces_route`")),
        ({"category": ["a"]}, {"also": ["need"]}, ("$.also", "unknown column `need`")),
        ({"v": [1]}, {"mapping": {"kind": "category"}}, ("$.mapping.kind", "there is no column `kind`")),
        ({"v": [1]}, {"mapping": {"v": "volume"}}, ("$.mapping.v", "unknown fact `volume`")),
        ({"v": [1]}, {"mapping": {"v": 3}}, ("$.mapping.v", "says not what the column is")),
        ({"v": [1]}, {"mapping": {"v": {"unit": "L"}}}, ("$.mapping.v", "names no fact")),
        (
            {"v": [1]},
            {"mapping": {"v": {"fact": "effective_volume", "unit": "kg"}}},
            ("$.mapping.v.unit", "`kg` is not a unit of `effective_volume`"),
        ),
        (
            {"v": [1]},
            {"mapping": {"v": {"fact": "effective_volume", "null": "zero"}}},
            ("$.mapping.v.null", "`zero` is no meaning"),
        ),
    ],
)
def test_columns_and_questions_that_are_unclear(
    rules: RuleSet, columns: dict[str, Any], asked: dict[str, Any], problem: tuple[str, str]
) -> None:
    ((path, message, help),) = refused(lambda: rules.decide_table(pa.table(columns), **asked))
    assert path == problem[0]
    assert message.startswith(problem[1])
    assert help


def test_no_table(rules: RuleSet) -> None:
    for given in (COLUMNS, [{"category": FRIDGE}], 3, None, pl.LazyFrame(COLUMNS)):
        ((path, message, help),) = refused(lambda given=given: rules.decide_table(given))  # type: ignore[misc]
        assert (path, message) == ("$.table", f"a `{type(given).__name__}` is no table")
        assert help
    twice = pa.table([pa.array([FRIDGE]), pa.array([FRIDGE])], names=["category", "category"])
    assert refused(lambda: rules.decide_table(twice))[0][1] == "there are 2 columns `category`"
    mixed = pd.DataFrame({"category": [FRIDGE, 1]})
    assert (
        refused(lambda: rules.decide_table(mixed))[0][1]
        == "the column `category` mixes types: `str`, and in row 2 `int`"
    )


def test_files_that_cannot_be_read(rules: RuleSet) -> None:
    pq.write_table(pa.table(COLUMNS), "whole.parquet")
    Path("cut.parquet").write_bytes(Path("whole.parquet").read_bytes()[:300])
    Path("empty.parquet").write_bytes(b"")
    Path("empty.csv").write_text("")
    Path("twice.csv").write_text("category,category\na,b\n")
    Path("folder.csv").mkdir()
    Path("folder").mkdir()
    Path("other.parquet").write_bytes(b"")
    pq.write_table(pa.table({"category": ["a"]}), "z.parquet")
    expected = {
        "cut.parquet": "cannot be read: it is no whole Parquet file",
        "empty.parquet": "cannot be read: it is no whole Parquet file",
        "empty.csv": "the register is empty",
        "twice.csv": "the column `category` stands twice in the header",
        "folder.csv": "cannot be read: is a directory",
        "folder": "is a directory, not a table",
        "nothing.csv": "cannot be read: no such file or directory",
        "nothing.xlsx": "the kind of table is not known",
        "no*.csv": "no file matches",
        "[wz]*.parquet": "has other columns than the first file (not in all files: `effective_volume`)",
    }
    for name, message in expected.items():
        with pytest.raises(RegisterError) as wrong:
            rules.decide_table(name)
        (problem,) = wrong.value.problems
        assert (problem.message, bool(problem.help)) == (message, True), name
        assert problem.place is not None, name


def test_no_rows(rules: RuleSet) -> None:
    for given in (pa.table({"category": pa.array([], pa.string())}), pl.DataFrame({"category": []})):
        found = rules.decide_table(given)
        assert (found.num_rows, found.column_names[1:4]) == (0, ["status", "outcome", "rule"])
    Path("a.csv").write_text("category,effective_volume\n")
    assert rules.decide_table("a.csv").num_rows == 0


def test_many_rows_in_many_pieces_keep_their_order(rules: RuleSet, monkeypatch: pytest.MonkeyPatch) -> None:
    volumes = np.random.default_rng(3).integers(0, 1000, 5_000)
    columns = pa.table({"category": pa.array([FRIDGE] * 5_000).dictionary_encode(), "effective_volume": volumes})
    whole = rules.decide_table(columns, as_of=DAY)
    assert whole["outcome"].to_pylist() == ["production_licence" if v >= 500 else "ccc" for v in volumes.tolist()]
    for module in (table, blocks):
        monkeypatch.setattr(module, "ROWS_AT_ONCE", 7)
    for threads in (1, 3):
        assert rules.decide_table(columns, as_of=DAY, threads=threads).equals(whole)


def test_an_error_in_a_thread_is_raised(rules: RuleSet, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> None:
        raise QueryError([])

    monkeypatch.setattr(table.TableDecider, "decide", fails)
    for threads in (1, 2):
        with pytest.raises(QueryError):
            rules.decide_table(pa.table(COLUMNS), threads=threads)


def test_what_is_kept_for_the_next_table_changes_nothing(rules: RuleSet) -> None:
    """Tables of the same form, asked about in other ways, with wrong values and with others in between."""
    good = pa.table({"category": [FRIDGE, "cement"], "v": [500.0, 1.0]})
    bad = pa.table({"category": ["fridg"] * 300, "v": [float(n) for n in range(300)]})
    other = pa.table({"category": [FRIDGE, "cement"], "v": [0.5, 0.001]})
    specs: list[Any] = ["effective_volume", None, {"fact": "effective_volume", "unit": "m3"}]
    asked: list[tuple[pa.Table, dict[str, Any]]] = [
        (one, {"as_of": day, "mapping": {"v": spec}, "also": also})
        for one in (good, bad, other)
        for day in (DAY, None)
        for spec in specs
        for also in ([], ["needs"])
    ]
    alone = [RuleSet(rules.form).decide_table(one, **how) for one, how in asked]
    assert [rules.decide_table(one, **how) for one, how in asked] == alone
    assert [rules.decide_table(one, **how) for one, how in reversed(asked)] == alone[::-1]
