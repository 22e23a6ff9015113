"""SQL equals `decide`: row by row the same status, outcome and rule, unknown facts and inner categories included."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from accessrules.values import read_value
from accessrules.vocabulary import Fact
from tests.exporting.conftest import DuckDB, Postgres
from tests.exporting.tables import DAYS, DECIMAL, DOUBLE, Row, Table, column_type
from tests.properties.strategies import Asked, Files, cases, rule_sets

pytest.importorskip("sqlglot", reason="sqlglot is not installed: `pip install 'accessrules[sql]'`")

_WRONG: dict[str, tuple[Any, ...]] = {
    "category": ("", "fridg", "Fridge"),
    "choice": ("none",),
    "integer": (-1, 99),
    "number": (-1, -0.0000001, float("inf"), float("nan")),
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[Files, Table]:
    """A rule set and a table of cases for one of its decisions; some facts have no column, some values are wrong."""
    files: Files = draw(rule_sets())
    facts = {fact.name: fact for fact in files.form.vocabulary if not fact.derived}
    asked = [draw(cases(files, complete=draw(st.booleans()))) for _ in range(draw(st.integers(1, 6)))]
    names = draw(st.lists(st.sampled_from([*facts, *facts, *DAYS]), unique=True))
    number = draw(st.sampled_from((DOUBLE, DECIMAL)))
    rows: list[Row] = []
    for one in asked:
        rows.append(tuple(one.days[n] if n in DAYS else draw(_values(one, facts[n], number)) for n in names))
    days = {name: day for name, day in asked[0].days.items() if name not in names and day is not None}
    types = {name: "DATE" if name in DAYS else column_type(facts[name], number) for name in names}
    return files, Table(asked[0].decision, types, rows, days)


@st.composite
def _values(draw: st.DrawFn, asked: Asked, fact: Fact, number: str) -> Any:
    """The value of a fact as its column has it; now and then one that is none."""
    value = asked.facts.get(fact.name)
    if draw(st.integers(0, 15)) == 0:
        value = draw(st.sampled_from(_WRONG.get(fact.type, (None,))))
        return value if number == DOUBLE or not isinstance(value, float) else -1
    if value is None:
        return None
    read = read_value(value, fact)
    return float(read) if isinstance(read, Decimal) and number == DOUBLE else read


@settings(max_examples=2 * settings().max_examples)
@given(made=tables())
def test_duckdb_says_what_decide_says(duckdb: DuckDB, made: tuple[Files, Table]) -> None:
    files, table = made
    expected = table.decided(files.rules)
    for status, _, rule in expected:
        event(f"{status}, {'a rule' if rule else 'no rule'}")
    assert table.told(files.rules, "duckdb", duckdb) == expected


@settings(max_examples=settings().max_examples // 2)
@given(made=tables())
def test_postgres_says_what_decide_says(postgres: Postgres, made: tuple[Files, Table]) -> None:
    files, table = made
    assert table.told(files.rules, "postgres", postgres) == table.decided(files.rules)
