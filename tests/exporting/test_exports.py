"""`export_sql`: what it gives, names of every kind, and every way to ask wrongly."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from accessrules import AccessRulesError, QueryError, RuleSet, load_rules
from accessrules.exporting import ANSWERS, DIALECTS, SqlExport, export_sql
from accessrules.exporting.places import places
from accessrules.exporting.plan import plan
from tests.commands.conftest import SAMPLE
from tests.exporting.conftest import DuckDB, Postgres
from tests.exporting.tables import DOUBLE, ODD_VOLUMES, Table, small_rules

sqlglot = pytest.importorskip("sqlglot", reason="sqlglot is not installed: `pip install 'accessrules[sql]'`")

DAY = "2018-03-14"


@pytest.fixture(scope="module")
def sample() -> RuleSet:
    return load_rules(SAMPLE)


def problems_of(rules: RuleSet, **asked: Any) -> list[tuple[str, str]]:
    """Path and message of each problem."""
    with pytest.raises(AccessRulesError) as caught:
        export_sql(rules, **asked)
    assert all(one.help for one in caught.value.problems)
    return [(one.path, one.message) for one in caught.value.problems]


@pytest.mark.parametrize(
    ("asked", "path", "message"),
    [
        ({"dialect": "oracle"}, "$.dialect", "unknown dialect `oracle`"),
        ({"decision": "acces_route"}, "$.decision", "unknown decision `acces_route`"),
        ({"columns": ["categry"]}, "$.columns.categry", "unknown fact `categry`"),
        ({"columns": {"Typ": "categry"}}, "$.columns.Typ", "unknown fact `categry`"),
        ({"columns": {"Typ": 5}}, "$.columns.Typ", "unknown fact `5`"),
        ({"columns": ["access_route"]}, "$.columns.access_route", "`access_route` is a decision, not a fact to give"),
        ({"columns": "category"}, "$.columns", "`category` is no list of columns"),
        ({"columns": {"a": {"fact": "category"}}}, "$.columns.a", "unknown fact `{'fact': 'category'}`"),
        ({"columns": [["category"]]}, "$.columns", "`['category']` is no name of a column"),
        ({"columns": {5: "category"}}, "$.columns", "`5` is no name of a column"),
        ({"columns": [None]}, "$.columns", "`None` is no name of a column"),
        ({"columns": 5}, "$.columns", "`5` is no list of columns"),
        ({"columns": b"category"}, "$.columns", "`b'category'` is no list of columns"),
        ({"table": None}, "$.table", "`None` is no name of a table"),
        ({"table": 5}, "$.table", "`5` is no name of a table"),
        ({"view": 5}, "$.view", "`5` is no name of a table"),
        ({"prefix": None}, "$.prefix", "`None` is no text"),
        ({"prefix": 5}, "$.prefix", "`5` is no text"),
        ({"view": ["a"], "table": "t"}, "$.view", "`['a']` is no name of a table"),
        ({"dialect": ["duckdb"]}, "$.dialect", "unknown dialect `['duckdb']`"),
        ({"columns": {"Rule": "category"}}, "$.columns.Rule", "the answer has a column `Rule` too"),
        ({"columns": {"a": "category", "status": None}}, "$.columns.status", "the answer has a column `status` too"),
        (
            {"columns": {"a": "category", "X_Rule": None}, "prefix": "x_"},
            "$.columns.X_Rule",
            "the answer has a column `X_Rule` too",
        ),
        (
            {"columns": {"a": "category", "b": "category"}},
            "$.columns.b",
            "`category` has two columns, `a` and `b`",
        ),
        ({"as_of": "2018-02-30"}, "$.as_of", "there is no day `2018-02-30`"),
        ({"as_of": DAY, "columns": ["as_of"]}, "$.as_of", "`as_of` is given, and is the column `as_of` too"),
        ({"known_on": "soon"}, "$.known_on", "`soon` is not a date"),
        ({"table": ""}, "$.table", "`` is no name of a table"),
        ({"view": "a.b.c.d"}, "$.view", "`a.b.c.d` is no name of a table"),
    ],
)
def test_a_wrong_question_is_told(sample: RuleSet, asked: dict[str, Any], path: str, message: str) -> None:
    assert problems_of(sample, **asked) == [(path, message)]


def test_all_that_is_wrong_is_told_at_once(sample: RuleSet) -> None:
    found = problems_of(sample, columns=["categry", "burner"], as_of="x", known_on="y")
    assert [path for path, _ in found] == ["$.as_of", "$.columns.burner", "$.columns.categry", "$.known_on"]


def test_without_sqlglot_it_says_what_to_install(sample: RuleSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sqlglot", None)
    assert problems_of(sample) == [("$.dialect", "writing SQL needs sqlglot, which is not installed")]


@pytest.mark.parametrize("bounds", [{"most_boxes": 5}, {"most_steps": 5}])
def test_what_is_too_large_is_refused(sample: RuleSet, bounds: dict[str, int]) -> None:
    planned = plan(sample, None, None, None, None)
    assert len(places(planned)) > 1
    with pytest.raises(QueryError, match="too much for one query") as caught:
        places(planned, **bounds)
    assert caught.value.problems[0].help == "name only the columns that the table has, or fix the day asked about"


@pytest.mark.parametrize("volume", ["12345678.12345678", "1000000000000000", "0.0000000000000001"])
def test_a_threshold_that_no_column_may_hold_exactly_is_refused(sample: RuleSet, volume: str) -> None:
    rule = {"id": "odd", "decision": "access_route", "outcome": "ccc", "source": [{"instrument": "regs"}]}
    insert = [{**rule, "when": {"effective_volume": f"at least {volume} L"}}]
    rules = sample.propose({"proposal": "odd", "title": "Odd", "insert": insert})
    message = f"the rules compare `effective_volume` with `{volume}`, of more than 15 digits"
    columns = {"Typ": "category", "Liter": "effective_volume"}
    assert problems_of(rules, columns=columns, as_of=DAY) == [("$.columns.Liter", message)]
    export_sql(rules, columns=["category"], as_of=DAY)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_it_is_one_statement_of_its_dialect_and_the_same_each_time(sample: RuleSet, dialect: str) -> None:
    made = export_sql(sample, dialect=dialect, view="x.decided", table="x.register")
    (parsed,) = sqlglot.parse(made.sql, dialect=dialect)
    assert parsed.key == "create"
    assert (made.decision, made.dialect) == ("access_route", dialect)
    assert export_sql(load_rules(SAMPLE), dialect=dialect, view="x.decided", table="x.register") == made


@pytest.mark.parametrize("view", [None, "decided"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_its_first_line_says_what_made_it(sample: RuleSet, dialect: str, view: str | None) -> None:
    made = export_sql(sample, dialect=dialect, view=view, as_of=DAY)
    first = f"/* accessrules: access_route of sample 7, as_of {DAY}, {sample.fingerprint} */"
    assert made.sql.splitlines()[0] == first
    assert made.sql.count("/*") == 1


@pytest.mark.parametrize("version", ["1*/ DROP TABLE cases; /*", "1\\n-- 2", "/*/", "-- 1"])
def test_no_version_ends_the_first_line(version: str, tmp_path: Path, duckdb: DuckDB, postgres: Postgres) -> None:
    small_rules(tmp_path, {"amount": "type: integer"}, [("amount: at least 10", "a"), ("amount: below 10", "b")])
    path = tmp_path / "ruleset.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("'1'", f'"{version}"'), encoding="utf-8")
    rules = load_rules(tmp_path)
    for dialect, database in (("duckdb", duckdb), ("postgres", postgres)):
        made = export_sql(rules, dialect=dialect, columns=["amount"])
        first, second = made.sql.splitlines()[:2]
        assert (first[:3], first[-3:], second[:5]) == ("/* ", " */", "WITH ")
        assert answers(made, database, "BIGINT", ["9", "10"]) == ["b", "a"]


ODD_NAMES = ("select", "Größe", 'a "quoted" one', "it's", "back\\slash", "x.y", "ÄÖ 体积", "CATEGORY", "case", "code")


@pytest.mark.parametrize("table", ["order", "Trade.Register", "accessrules_value", "ACCESSRULES_answer", "it's"])
def test_tables_and_columns_may_have_any_name(sample: RuleSet, table: str, duckdb: DuckDB, postgres: Postgres) -> None:
    facts = ("category", "effective_volume")
    for n, name in enumerate(ODD_NAMES):
        columns = dict(zip((name, ODD_NAMES[n - 1]), facts, strict=True))
        row = ("refrigerator", 520, "pump", -1)
        for dialect, database in (("duckdb", duckdb), ("postgres", postgres)):
            made = export_sql(sample, dialect=dialect, columns=columns, as_of=DAY, table=table, prefix="x_")
            found = database.run([*_filled(table, [*columns], row), made.sql])
            found = sorted(found, key=lambda one: str(one[2]))
            assert [one[2:5] for one in found] == [
                ("decided", "production_licence", "large.licensed"),
                ("rejected", None, None),
            ]
            assert found[1][5] == f"`{ODD_NAMES[n - 1]}` is no number of at least 0 L"


def _filled(table: str, columns: Sequence[str], values: Sequence[object]) -> list[str]:
    """Statements that make a table of two columns, a text and a number, with two rows."""
    parts = [f'"{part}"' for part in table.split(".")]
    name, first, second = ".".join(parts), *(column.replace('"', '""') for column in columns)
    rows = "('{}', {}), ('{}', {})".format(*values)
    made = [f"CREATE SCHEMA IF NOT EXISTS {parts[0]}"] if len(parts) > 1 else []
    made += [f"DROP TABLE IF EXISTS {name}", f'CREATE TABLE {name} ("{first}" VARCHAR, "{second}" {DOUBLE})']
    return [*made, f"INSERT INTO {name} VALUES {rows}"]


def test_floats_lie_on_their_side(sample: RuleSet, duckdb: DuckDB, postgres: Postgres) -> None:
    expected = ODD_VOLUMES.decided(sample)
    assert [outcome for _, outcome, _ in expected[:3]] == ["ccc", "production_licence", "ccc"]
    assert ODD_VOLUMES.told(sample, "duckdb", duckdb) == expected
    assert ODD_VOLUMES.told(sample, "postgres", postgres) == expected


def test_a_view_is_made_and_may_be_made_again(sample: RuleSet, duckdb: DuckDB, postgres: Postgres) -> None:
    columns = ["category", "effective_volume"]
    for dialect, database in (("duckdb", duckdb), ("postgres", postgres)):
        made = export_sql(sample, dialect=dialect, columns=columns, as_of=DAY, table="seen.t", view="seen.decided")
        fill = _filled("seen.t", columns, ("fridge", 1, "refrigerator", 520))
        found = database.run(
            ["DROP SCHEMA IF EXISTS seen CASCADE", *fill, made.sql, made.sql, "SELECT * FROM seen.decided ORDER BY 1"]
        )
        assert found == [
            ("fridge", 1, "rejected", None, None, "`category` is no value of the vocabulary"),
            ("refrigerator", 520, "decided", "production_licence", "large.licensed", None),
        ]


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("view", [None, "seen.decided"])
def test_a_column_of_the_table_never_takes_the_place_of_the_answers(
    sample: RuleSet, name: str, view: str | None, duckdb: DuckDB, postgres: Postgres
) -> None:
    """Also where nobody told of it when the statement was written: the database refuses it."""
    for dialect, database in (("duckdb", duckdb), ("postgres", postgres)):
        fill = _filled("seen.answers", ["category", name], ("refrigerator", 520, "pump", 1))
        database.run(["CREATE SCHEMA IF NOT EXISTS seen", "DROP VIEW IF EXISTS seen.decided", *fill, "SELECT 1"])
        asked: dict[str, Any] = {"dialect": dialect, "columns": ["category"], "as_of": DAY, "table": "seen.answers"}
        with pytest.raises(Exception, match=f'(?i)"{name}".*ambiguous|ambiguous.*"{name}"'):
            database.run([export_sql(sample, **asked, view=view).sql])
        found = database.run([export_sql(sample, **asked, prefix="x_").sql])
        assert ("refrigerator", 520, "undetermined", None, None, None) in found


@pytest.mark.parametrize("classes", [2, 26, 27, 28, 29, 57, 58, 59, 60, 61, 62, 63, 130])
def test_a_fact_may_have_any_number_of_classes(
    classes: int, tmp_path: Path, duckdb: DuckDB, postgres: Postgres
) -> None:
    """Also as many as fill a word, or half of it: sums of bits overflow nowhere."""
    rules = _in_bands(classes, tmp_path)
    rows: list[tuple[Any, ...]] = [(n, flag) for n in range(classes) for flag in (True, None)]
    table = Table("route", {"amount": "BIGINT", "flag": "BOOLEAN"}, [*rows, (None, False), (None, None)])
    expected = table.decided(rules)
    assert len({rule for _, _, rule in expected}) == classes + 1
    assert table.told(rules, "duckdb", duckdb) == expected
    assert table.told(rules, "postgres", postgres) == expected


def _in_bands(classes: int, folder: Path) -> RuleSet:
    """A rule set with one rule for each number; every third only where a flag is set."""
    flags, outcomes = (", flag: true", "", ""), ("even", "odd")
    rules = [(f"amount: {n}{flags[n % 3]}", outcomes[n % 2]) for n in range(classes)]
    return small_rules(folder, {"amount": "type: integer, min: 0", "flag": "type: boolean"}, rules)


def answers(made: SqlExport, database: DuckDB | Postgres, kind: str, values: Sequence[str]) -> list[str]:
    """The outcome of each row, or else its status, of a table of one column, from its values as SQL."""
    (column,) = made.columns.values()
    fill = [f"INSERT INTO cases VALUES ({n}, CAST({value} AS {kind}))" for n, value in enumerate(values)]
    table = ["DROP TABLE IF EXISTS cases", f'CREATE TABLE cases (n INTEGER, "{column}" {kind})']
    asked = f"SELECT COALESCE(outcome, status) FROM ({made.sql.rstrip().removesuffix(';')}) AS decided ORDER BY n"
    return [said for (said,) in database.run([*table, *fill, asked])]


@pytest.mark.parametrize("kind", ["TIMESTAMP", "TIMESTAMPTZ"])
@pytest.mark.parametrize(("declared", "last"), [("type: date", "after"), ("type: date, max: 2020-12-31", "rejected")])
def test_a_timestamp_is_its_day_at_any_time_of_it(
    kind: str, declared: str, last: str, tmp_path: Path, duckdb: DuckDB, postgres: Postgres
) -> None:
    """On the last day that a fact may have, too."""
    rules = [("made: from 2018-03-14", "after"), ("made: before 2018-03-14", "before")]
    made = small_rules(tmp_path, {"made": declared}, rules)
    said = {
        "'0001-01-01 00:00'": "before",
        "'2018-03-13 23:59:59.999'": "before",
        "'2018-03-14 00:00'": "after",
        "'2020-12-31 23:59:59'": "after",
        "'2021-01-01 00:00'": last,
        "'9999-12-31 00:00'": last,
        "'9999-12-31 23:59:59'": last,
        "'10000-01-01 00:00'": "rejected",
        "'infinity'": "rejected",
        "'-infinity'": "rejected",
        "NULL": "undetermined",
    }
    for dialect, database in (("duckdb", duckdb), ("postgres", postgres)):
        sql = export_sql(made, dialect=dialect, columns=["made"])
        assert answers(sql, database, kind, [*said]) == [*said.values()]


@pytest.mark.parametrize("values", [2, 6])
def test_names_may_stand_in_any_type_of_text(values: int, tmp_path: Path, duckdb: DuckDB, postgres: Postgres) -> None:
    """Whether they are few or so many that a table of them is joined."""
    names = ", ".join(f"k{n}: {{en: K{n}}}" for n in range(values))
    facts = {"kind": f"type: choice, values: {{{names}}}"}
    rules = small_rules(tmp_path, facts, [(f"kind: k{n}", f"o{n}") for n in range(values)])
    types = {"VARCHAR": "'k1 '", "CHAR(4)": "'K1'", "kinds": "'other'"}
    for dialect, database in (("duckdb", duckdb), ("postgres", postgres)):
        made = export_sql(rules, dialect=dialect, columns=["kind"])
        database.run(["DROP TABLE IF EXISTS cases", "DROP TYPE IF EXISTS kinds", "SELECT 1"])
        database.run(["CREATE TYPE kinds AS ENUM ('k1', 'other')", "SELECT 1"])
        for kind, wrong in types.items():
            assert answers(made, database, kind, ["'k1'", wrong, "NULL"]) == ["o1", "rejected", "undetermined"]


_WIDEST = {"HUGEINT": 2**127 - 1, "UHUGEINT": 2**128 - 1, "DECIMAL(38, 0)": 10**38 - 1, "DECIMAL(38, 37)": "9.5"}


@pytest.mark.parametrize("kind", [*_WIDEST, "BIGNUM"])
def test_the_widest_numbers_are_decided_as_double(kind: str, tmp_path: Path, duckdb: DuckDB) -> None:
    """As docs/sql.md says: what DuckDB cannot compare with the thresholds is cast."""
    rules = small_rules(tmp_path, {"x": "type: number"}, [("x: at least 99.99999", "a"), ("x: below 99.99999", "b")])
    made = export_sql(rules, columns=["x"])
    values = [f"CAST('{_WIDEST.get(kind, 10**60)}' AS {kind})", f"CAST('1' AS {kind})", "NULL"]
    said = ["b" if kind.endswith("37)") else "a", "b", "undetermined"]
    assert answers(made, duckdb, "DOUBLE", values) == said
    with pytest.raises(Exception, match=r"(?i)cast"):
        answers(made, duckdb, kind, values)


@pytest.mark.parametrize("kind", ["HUGEINT", "UHUGEINT", "DECIMAL(38, 0)", "DECIMAL(38, 10)"])
def test_ordinary_values_in_wide_columns_are_decided(kind: str, tmp_path: Path, duckdb: DuckDB) -> None:
    rules = small_rules(tmp_path, {"x": "type: number"}, [("x: at least 99.99999", "a"), ("x: below 99.99999", "b")])
    made = export_sql(rules, columns=["x"])
    assert answers(made, duckdb, kind, ["100", "99", str(10**20), "NULL"]) == ["a", "b", "a", "undetermined"]
