"""The shipped rules in databases: every decision, row by row what `decide` says."""

from __future__ import annotations

import random

import pytest

from accessrules import RuleSet, load_rules
from tests.exporting.conftest import DuckDB, Postgres
from tests.exporting.tables import Said, Table, shipped_table

pytest.importorskip("sqlglot", reason="sqlglot is not installed: `pip install 'accessrules[sql]'`")

_DECISIONS = ("access_route", "issuing_authority", "market_clearance", "oversight", "procedure", "reform_test")


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


@pytest.fixture(scope="module")
def tables(rules: RuleSet) -> dict[str, tuple[Table, list[Said]]]:
    """Each decision's table with what `decide` says."""
    made = {name: shipped_table(rules, name, random.Random(name)) for name in rules.form.decisions}
    return {name: (table, table.decided(rules)) for name, table in made.items()}


def test_all_decisions_are_asked(rules: RuleSet) -> None:
    assert sorted(rules.form.decisions) == list(_DECISIONS)


def test_the_rows_are_of_all_kinds(tables: dict[str, tuple[Table, list[Said]]]) -> None:
    """A comparison that only met one status would prove little."""
    said = [one for _, expected in tables.values() for one in expected]
    assert {status for status, _, _ in said} == {"decided", "undetermined", "no_rule", "rejected"}
    assert len({rule for _, _, rule in said}) > 100
    assert any(status == "undetermined" and rule for status, _, rule in said)
    assert all(len(expected) > 200 for _, expected in tables.values())


@pytest.mark.parametrize("decision", _DECISIONS)
def test_duckdb_decides_the_shipped_rules(
    decision: str, rules: RuleSet, tables: dict[str, tuple[Table, list[Said]]], duckdb: DuckDB
) -> None:
    table, expected = tables[decision]
    assert table.told(rules, "duckdb", duckdb) == expected


@pytest.mark.parametrize("decision", _DECISIONS)
def test_postgres_decides_the_shipped_rules(
    decision: str, rules: RuleSet, tables: dict[str, tuple[Table, list[Said]]], postgres: Postgres
) -> None:
    table, expected = tables[decision]
    assert table.told(rules, "postgres", postgres) == expected


@pytest.mark.parametrize("decision", _DECISIONS)
def test_what_has_no_column_is_presumed_or_unknown(decision: str, rules: RuleSet, duckdb: DuckDB) -> None:
    table = shipped_table(rules, decision, random.Random(f"{decision}, half"), size=40, columns=0.5)
    assert table.told(rules, "duckdb", duckdb) == table.decided(rules)
