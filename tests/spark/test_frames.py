"""A Spark DataFrame decided by the shipped rules: columns, types, what is told, what is kept."""

from __future__ import annotations

import datetime as dt
import os
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from accessrules import AccessRulesError, QueryError, load_rules, tables

RULES = load_rules()
SCHEMA = "n int, category string, effective_volume double"
REFRIGERATORS = [
    (0, "household_refrigerator", 520.0),
    (1, "household_refrigerator", None),
    (2, "household_refrigerator", -1.0),
    (3, None, 520.0),
    (4, "fridge, or so", float("nan")),
    (5, "household_refrigerator", 100.0),
]
Rows = Callable[[Any], list[dict[str, Any]]]


@pytest.fixture
def frame(spark: Any) -> Any:
    """Some refrigerators, in several partitions; two rows are wrong."""
    return spark.createDataFrame(REFRIGERATORS, SCHEMA).repartition(3)


def one_machine(**question: Any) -> list[dict[str, Any]]:
    """The same refrigerators decided as an Arrow table."""
    import pyarrow as pa

    names = [column.split()[0] for column in SCHEMA.split(", ")]
    table = pa.table(dict(zip(names, zip(*REFRIGERATORS, strict=True), strict=True)))
    rows: list[dict[str, Any]] = RULES.decide_table(table, **question).to_pylist()
    return rows


def without_nan(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Not a number equals nothing, itself least of all."""
    return [{key: "nan" if value != value else value for key, value in row.items()} for row in rows]


@pytest.mark.parametrize("decision", ["access_route", "procedure"])
def test_the_shipped_rules_reject_the_same_rows(frame: Any, rows_of: Rows, decision: str) -> None:
    """Rejected rows stay, with why; the answers are plain text."""
    also = ["possible", "needs", "explanation"]
    question: dict[str, Any] = {"decision": decision, "as_of": "2018-03-14", "also": also}
    found = RULES.decide_table(frame, **question)
    rows = rows_of(found)
    assert without_nan(rows) == without_nan(one_machine(**question))
    assert [row["status"] == "rejected" for row in rows] == [False, False, True, False, True, False]
    assert [problem["column"] for problem in rows[4]["problems"]] == ["category", "effective_volume"]
    types = {field.name: field.dataType.simpleString() for field in found.schema}
    assert [types[name] for name in ("n", "category", "effective_volume")] == ["int", "string", "double"]
    assert {types[name] for name in ("status", "outcome", "rule", "explanation")} == {"string"}
    assert types["problems"] == "array<struct<column:string,message:string,help:string>>"
    assert types["possible"] == types["needs"] == "array<string>"


def test_it_is_lazy_and_goes_on_as_any_frame(frame: Any) -> None:
    """Nothing runs before it is asked for; what comes is a frame to filter, group and count."""
    decided = RULES.decide_table(frame, as_of="2018-03-14")
    counts = {row["status"]: row["count"] for row in decided.groupBy("status").count().collect()}
    assert counts == {"decided": 2, "undetermined": 2, "rejected": 2}
    assert decided.where("outcome = 'production_licence'").count() == 1
    assert RULES.decide_table(frame.limit(0), as_of="2018-03-14").collect() == []


def test_columns_that_sql_finds_hard_to_name_are_carried(spark: Any) -> None:
    """Dots, quotes, Chinese, and two names that differ in their case alone."""
    names = ["a.b", "x`y", "N", "n", "名称"]
    listed = ", ".join(f"{place} AS `{name.replace('`', '``')}`" for place, name in enumerate(names))
    frame = spark.sql(f"SELECT {listed}, 'household_refrigerator' AS category")
    decided = RULES.decide_table(frame)
    assert decided.columns[: len(names)] == names
    assert list(decided.collect()[0])[: len(names)] == list(range(len(names)))


@pytest.mark.parametrize("day", ["d", "t", "text"])
def test_days_may_stand_in_columns(spark: Any, rows_of: Rows, day: str) -> None:
    """A date, a moment without a time zone, a text, named by `as_of`; and a unit of a column."""
    frame = spark.sql(
        "SELECT n, 'household_refrigerator' AS category, 0.52BD AS volume, d, CAST(d AS TIMESTAMP_NTZ) AS t,"
        " CAST(d AS STRING) AS text FROM VALUES (0, DATE'2018-03-14'), (1, DATE'2020-12-08') AS list(n, d)"
    )
    mapping = {"volume": {"fact": "effective_volume", "unit": "m3"}}
    rows = rows_of(RULES.decide_table(frame, as_of=day, mapping=mapping))
    facts = {"category": "household_refrigerator", "effective_volume": 520}
    assert [row["outcome"] for row in rows] == [RULES.decide(facts, as_of=row["d"]).outcome for row in rows]
    assert len({row["outcome"] for row in rows}) == 2


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ("category AS CATEGORY", "$.columns.CATEGORY: the column `CATEGORY` is no fact; did you mean `category`?"),
        ("category, n AS Status", "$.columns.Status: Spark takes it for the answer's column `status`"),
        ("category, n AS status", "$.columns.status: the table has a column `status` already, as the answer has"),
        ("category, category", "$.columns.category: there are 2 columns `category`"),
        ("category, TIMESTAMP'2018-03-14 12:00:00' AS as_of", "to_date(as_of)"),
        ("category, INTERVAL 1 MONTH AS m", "the columns are `category` string, `m` interval month"),
        ("category, array() AS m", "the columns are `category` string, `m` array<void>"),
        ("category, map() AS m", "has a type that Spark cannot give to Python"),
        ("n", "$.columns: no column of the table is a fact"),
    ],
)
def test_unclear_columns_are_told_before_any_job(frame: Any, columns: str, told: str) -> None:
    """On the driver, with what would be right, when the table is given."""
    with pytest.raises(AccessRulesError) as wrong:
        RULES.decide_table(frame.selectExpr(*columns.split(", ")))
    assert told in str(wrong.value)
    assert all(problem.help for problem in wrong.value.problems)


def test_a_moment_that_is_no_fact_is_carried(frame: Any, rows_of: Rows) -> None:
    """Only what is read as a day must be one."""
    table = frame.selectExpr("n", "category", "effective_volume", "TIMESTAMP'2018-03-14 12:00:00' AS seen")
    rows = rows_of(RULES.decide_table(table, as_of="2018-03-14"))
    assert {row["seen"].date() for row in rows} == {dt.date(2018, 3, 14)}


def test_a_wrong_question_is_told_as_ever(frame: Any) -> None:
    """Unknown decisions, days and mappings."""
    for question in ({"decision": "route"}, {"as_of": "yesterday"}, {"mapping": {"volume": "effective_volume"}}):
        with pytest.raises(AccessRulesError):
            RULES.decide_table(frame, **question)


def test_a_worker_keeps_the_compiled_rules(frame: Any) -> None:
    """No worker compiles the rules twice, in however many tasks and calls it takes part."""

    def remembered(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa

        from accessrules.tables import spark as module

        list(batches)
        info = module._tables.cache_info()
        kernels = len(module._tables(sent)._kernels)
        yield pa.RecordBatch.from_pylist(
            [dict(zip("abcd", (os.getpid(), info.hits, info.misses, kernels), strict=True))]
        )

    sent = pickle.dumps(RULES)
    names = "a long, b long, c long, d long"

    def workers() -> dict[int, list[int]]:
        rows = frame.repartition(6).mapInArrow(remembered, names).collect()
        return {row["a"]: list(row)[1:] for row in rows}

    day = "2011-03-15"  # no other test has asked about it
    RULES.decide_table(frame.repartition(8), as_of=day).collect()
    before = workers()
    for _ in range(2):
        RULES.decide_table(frame.repartition(8), as_of=day).collect()
    after = workers()
    shared = before.keys() & after.keys()
    assert shared
    assert (
        sum(after[one][0] - before[one][0] for one in shared) >= 8 + 6
    )  # found again, six times by `remembered` itself
    for one in shared:
        assert after[one][1] == before[one][1] or before[one][1] == 0  # rules are compiled once at most
        assert after[one][2] - before[one][2] <= 1  # and so is the kernel of this question


def test_what_is_wrong_with_a_row_does_not_depend_on_earlier_jobs() -> None:
    """A worker that has seen many wrong values suggests what it would have suggested at first."""
    import pyarrow as pa

    from accessrules.tables.questions import Question
    from accessrules.tables.spark import DecideBatches

    decide = DecideBatches(pickle.dumps(RULES), pickle.dumps((["category"], Question(as_of="2018-03-14"))), None)

    def problems(values: list[str]) -> list[Any]:
        batches = decide(iter([pa.record_batch({"category": values})]))
        return [told for batch in batches for told in batch["problems"].to_pylist()]

    first = problems(["household_refrigerator_"])
    assert first[0][0]["help"] == "did you mean `household_refrigerator`?"
    assert len({told[0]["message"] for told in problems([f"bad{n}" for n in range(66_000)])}) > 60_000
    assert problems(["household_refrigerator_"]) == first


def test_a_worker_of_another_version_says_so(frame: Any, spark: Any) -> None:
    """Two versions may decide differently: the job fails, in words that say why."""
    from pyspark.errors import PythonException

    from accessrules.tables.spark import DecideBatches

    told = "the worker has accessrules .*, the driver 0.0.0"
    decide = DecideBatches(pickle.dumps(RULES), b"", "0.0.0")
    with pytest.raises(QueryError, match=told):
        next(decide(iter([])))
    with pytest.raises(PythonException, match=told):
        frame.mapInArrow(decide, frame.schema).collect()


def test_pandas_on_spark_is_told_how() -> None:
    """It keeps an index, which a table has not."""
    frame = type("DataFrame", (), {"__module__": "pyspark.pandas.frame"})()
    with pytest.raises(QueryError, match=r"frame\.to_spark\(\)"):
        RULES.decide_table(frame)


@pytest.mark.parametrize("missing", ["pandas", "pyarrow"])
def test_what_is_missing_is_told(frame: Any, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    """With what to install."""
    monkeypatch.setattr(tables, "find_spec", lambda name: None if name == missing else name)
    with pytest.raises(QueryError, match=f"needs {missing}(.|\n)*pip install 'accessrules\\[spark\\]'"):
        RULES.decide_table(frame)
