"""The exported SQL in Spark: row by row what `decide` says."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from accessrules import load_rules
from accessrules.exporting import export_sql
from tests.commands.conftest import SAMPLE
from tests.exporting.tables import ODD_VOLUMES, Ask, Row, Table, shipped_table, small_rules

pytest.importorskip("sqlglot", reason="sqlglot is not installed: `pip install 'accessrules[sql]'`")

_TYPES = {"VARCHAR": "STRING", "DOUBLE PRECISION": "DOUBLE"}


@pytest.fixture(scope="module")
def ask(spark: Any) -> Ask:
    """What fills the table and runs a query over it."""

    def run(table: Table, sql: str) -> Sequence[Row]:
        types = ", ".join(f"{name} {_TYPES.get(kind, kind)}" for name, kind in table.columns.items())
        rows = [(n, *row) for n, row in enumerate(table.rows)]
        spark.createDataFrame(rows, f"n INT, {types}").createOrReplaceTempView("cases")
        return [tuple(row) for row in spark.sql(sql).collect()]

    return run


@pytest.mark.parametrize("name", ["sample", "shipped"])
def test_spark_decides_the_main_decision(ask: Ask, name: str) -> None:
    """Unknown and wrong values included."""
    rules = load_rules(SAMPLE if name == "sample" else None)
    table = shipped_table(rules, "access_route", random.Random(name), size=150)
    expected = table.decided(rules)
    assert {"decided", "undetermined", "rejected"} <= {status for status, _, _ in expected}
    assert table.told(rules, "spark", ask) == expected


def test_numbers_that_are_none_are_rejected_and_floats_lie_on_their_side(ask: Ask) -> None:
    rules = load_rules(SAMPLE)
    expected = ODD_VOLUMES.decided(rules)
    assert [status for status, _, _ in expected].count("rejected") == 4
    assert ODD_VOLUMES.told(rules, "spark", ask) == expected


def test_columns_may_have_any_name(spark: Any) -> None:
    columns = {"a `quoted` one": "category", "it's \\n": "effective_volume"}
    spark.createDataFrame([("refrigerator", -1.0)], [*columns]).createOrReplaceTempView("odd")
    made = export_sql(load_rules(SAMPLE), dialect="spark", columns=columns, as_of="2018-03-14", table="odd")
    (row,) = spark.sql(made.sql).collect()
    assert tuple(row)[2:] == ("rejected", None, None, "`it's \\n` is no number of at least 0 L")


def test_a_timestamp_is_its_day_at_any_time_of_it(spark: Any, tmp_path: Path) -> None:
    """On the last day that there is, too."""
    rules = small_rules(
        tmp_path, {"made": "type: date"}, [("made: from 2018-03-14", "a"), ("made: before 2018-03-14", "b")]
    )
    spark.sql(
        "SELECT n, CAST(made AS TIMESTAMP_NTZ) AS made FROM VALUES (0, '2018-03-13 23:59:59'),"
        " (1, '2018-03-14 00:00:00'), (2, '9999-12-31 23:59:59') AS list(n, made)"
    ).createOrReplaceTempView("cases")
    made = export_sql(rules, dialect="spark", columns=["made"])
    assert [row["outcome"] for row in sorted(spark.sql(made.sql).collect())] == ["b", "a", "a"]


@pytest.mark.parametrize("ansi", ["true", "false"])
def test_floats_of_any_size_may_be_whole_numbers(spark: Any, tmp_path: Path, ansi: str) -> None:
    """Also those beyond every type of whole numbers, and decimals of as many digits as there are."""
    rules = small_rules(tmp_path, {"n": "type: integer"}, [("n: at least 10", "a"), ("n: below 10", "b")])
    said = {
        "1e19D": "a",
        "-1e299D": "b",
        "10.0D": "a",
        "9.5D": None,
        "double('NaN')": None,
        "double('-Infinity')": None,
        "CAST(repeat('9', 38) AS DECIMAL(38, 0))": "a",
        "CAST(9.5 AS DECIMAL(38, 37))": None,
        "9223372036854775807L": "a",
        "float(9)": "b",
        "9Y": "b",
    }
    spark.conf.set("spark.sql.ansi.enabled", ansi)
    try:
        made = export_sql(rules, dialect="spark", columns=["n"])
        for value, outcome in said.items():
            spark.sql(f"SELECT {value} AS n").createOrReplaceTempView("cases")
            (row,) = spark.sql(made.sql).collect()
            assert (row["outcome"], row["status"]) == (outcome, "decided" if outcome else "rejected"), value
    finally:
        spark.conf.unset("spark.sql.ansi.enabled")


@pytest.mark.parametrize(
    "kind", ["CHAR(4)", "VARCHAR(4)", "STRING COLLATE UTF8_LCASE", "STRING COLLATE UTF8_BINARY_RTRIM"]
)
@pytest.mark.parametrize("values", [2, 6])
def test_names_are_read_as_they_stand(spark: Any, tmp_path: Path, kind: str, values: int) -> None:
    """Whatever the type of text, and whether there are few values or so many that a table of them is joined."""
    if "COLLATE" in kind and spark.version < "4":
        pytest.skip("Spark 3 has no collations")
    names = ", ".join(f"k{n}: {{en: K{n}}}" for n in range(values))
    facts = {"kind": f"type: choice, values: {{{names}}}"}
    rules = small_rules(tmp_path, facts, [(f"kind: k{n}", f"o{n}") for n in range(values)])
    spark.sql("DROP TABLE IF EXISTS names")
    spark.sql(f"CREATE TABLE names (n INT, kind {kind}) USING parquet")
    spark.sql("INSERT INTO names VALUES (0, 'k1'), (1, 'K1'), (2, 'k1 ')")
    made = export_sql(rules, dialect="spark", columns=["kind"], table="names")
    found = [row["outcome"] or row["status"] for row in sorted(spark.sql(made.sql).collect())]
    spark.sql("DROP TABLE names")
    assert found == [*["rejected" if kind.startswith("CHAR") else "o1"], "rejected", "rejected"]


def test_a_column_called_as_one_of_the_answer_is_refused(spark: Any) -> None:
    """Also where nobody told of it when the statement was written; with a prefix it is carried along."""
    spark.createDataFrame([("refrigerator", 5)], ["category", "Status"]).createOrReplaceTempView("odd")
    asked: dict[str, Any] = {"dialect": "spark", "columns": ["category"], "table": "odd"}
    with pytest.raises(Exception, match=r"`status` is ambiguous"):
        spark.sql(export_sql(load_rules(SAMPLE), **asked).sql)
    (row,) = spark.sql(export_sql(load_rules(SAMPLE), **asked, prefix="x_").sql).collect()
    assert (row["Status"], row["x_status"]) == (5, "undetermined")
