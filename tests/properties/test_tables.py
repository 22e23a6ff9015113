"""A table is decided as its rows are one by one, whatever its chunks, the order of its columns, its types."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from accessrules import CaseError, Decision, RuleSet
from tests.properties.strategies import Files, cases, rule_sets

np = pytest.importorskip("numpy", reason="NumPy is not installed: `pip install 'accessrules[tables]'`")
pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed: `pip install 'accessrules[tables]'`")

Row = dict[str, Any]
DAYS = ("as_of", "known_on")
TEXT = (pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string()), pa.dictionary(pa.uint32(), pa.string()))
TYPES: Mapping[str, tuple[Any, ...]] = {
    "category": TEXT,
    "purpose": TEXT,
    "licensed": (pa.bool_(), pa.dictionary(pa.int32(), pa.bool_())),
    "phases": (pa.int8(), pa.int64(), pa.uint16(), pa.dictionary(pa.int8(), pa.int32())),
    "volume": (pa.float64(), pa.decimal128(20, 6), pa.dictionary(pa.int16(), pa.float64())),
    "made_on": (pa.date32(), pa.date64(), pa.string(), pa.timestamp("us"), pa.dictionary(pa.int8(), pa.date32())),
    "as_of": (pa.date32(), pa.date64(), pa.string(), pa.timestamp("s")),
    "known_on": (pa.date32(), pa.string(), pa.timestamp("ns")),
}


@st.composite
def tables(
    draw: st.DrawFn, *, complete: bool = False, types: Mapping[str, tuple[Any, ...]] = TYPES
) -> tuple[RuleSet, str, list[Row], Any]:
    """A rule set, a decision, some rows as a program gives them, and the same rows as an Arrow table."""
    files: Files = draw(rule_sets())
    decision = draw(st.sampled_from(sorted(files.form.decisions)))
    asked = [draw(cases(files, complete=complete)) for _ in range(draw(st.integers(1, 6)))]
    names = sorted({name for one in asked for name in one.facts})
    assume(names)
    rows = [{name: one.facts.get(name) for name in names} | one.days for one in asked]
    order = draw(st.permutations([*names, *DAYS]))
    columns = {name: column(draw, types[name], [row[name] for row in rows]) for name in order}
    table = pa.table(columns)
    return (
        files.rules,
        decision,
        rows,
        pa.concat_tables(table.slice(n, 1) for n in range(len(rows))) if draw(st.booleans()) else table,
    )


def column(draw: st.DrawFn, types: tuple[Any, ...], values: list[Any]) -> Any:
    """The values as an Arrow array of one of the types that hold them, mostly; else as text of what they are."""
    for type_ in draw(st.permutations(types)):
        try:
            made = pa.array([plain(value, type_) for value in values], type_)
            event(f"as {type_}")
            return made
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError, ValueError, TypeError):
            continue
    return pa.array([None if value is None else str(value) for value in values])


def plain(value: Any, type_: Any) -> Any:
    """A value as Arrow takes it for a type, where it loses nothing."""
    is_text = type_ in (*TEXT, pa.string())
    if isinstance(value, str) and not is_text:
        value = dt.date.fromisoformat(value)
    if isinstance(value, dt.date):
        if pa.types.is_timestamp(type_):
            return dt.datetime(value.year, value.month, value.day)
        return value.isoformat() if is_text else value
    if value is None or isinstance(value, str) == is_text:
        return value
    raise TypeError(value)


def alone(rules: RuleSet, decision: str, table: Any, n: int) -> Decision | CaseError:
    """The row of a table, decided by itself as Python sees it."""
    (row,) = table.slice(n, 1).to_pylist()
    days = {name: row.pop(name) for name in DAYS}
    row = {name: midnight(value) for name, value in row.items()}
    try:
        return rules.decide(row, decision=decision, **{name: midnight(value) for name, value in days.items()})
    except CaseError as wrong:
        return wrong


def midnight(value: Any) -> Any:
    """A timestamp at midnight stands for its day."""
    return value.date() if isinstance(value, dt.datetime) and value.time() == dt.time() else value


@settings(max_examples=3 * settings().max_examples)
@given(st.one_of(tables(), tables(complete=True)), st.sampled_from([1, 2]))
def test_each_row_is_decided_as_it_is_alone(made: tuple[RuleSet, str, list[Row], Any], threads: int) -> None:
    """Status, outcome, rule, possible outcomes, missing facts; a row that `decide` refuses is rejected, with why."""
    rules, decision, _, table = made
    also = ["possible", "needs", "explanation"]
    found = rules.decide_table(table, decision=decision, also=also, threads=threads)
    short = rules.decide_table(table, decision=decision, threads=threads)
    assert found.drop_columns(also).equals(short)
    assert found.column_names == [*table.column_names, "status", "outcome", "rule", "problems", *also]
    for n, row in enumerate(found.to_pylist()):
        one = alone(rules, decision, table, n)
        if isinstance(one, CaseError):
            event("rejected")
            assert (row["status"], row["outcome"], row["rule"], row["explanation"]) == ("rejected", None, None, None)
            told = {(p["message"], p["help"]) for p in row["problems"]}
            assert told == {(p.message, p.help) for p in one.problems}
            continue
        event(one.status)
        assert row["problems"] is None
        assert (row["status"], row["outcome"], row["rule"]) == (one.status, one.outcome, one.rule)
        assert row["possible"] == list(one.possible)
        assert row["needs"] == [need["fact"] for need in one.model_dump()["needs"]]
        assert row["explanation"] == one.model_dump_json()


@given(tables())
def test_a_row_alone_is_as_in_the_table(made: tuple[RuleSet, str, list[Row], Any]) -> None:
    """What comes before and after a row changes nothing, nor do the other columns that are no facts."""
    rules, decision, rows, table = made
    whole = rules.decide_table(table, decision=decision).to_pylist()
    more = table.append_column("shop", pa.array([f"shop {n}" for n in range(len(rows))]))
    twice = rules.decide_table(pa.concat_tables([more, more]).take(list(range(len(rows)))[::-1]), decision=decision)
    for n, row in enumerate(reversed(twice.to_pylist())):
        assert row.pop("shop") == f"shop {n}"
        assert row == whole[n]


@given(st.decimals(0, 2000, places=3), st.sampled_from(["L", "m3", "dm3", "mL"]))
def test_a_unit_of_a_column_is_the_unit_of_its_values(number: Decimal, unit: str) -> None:
    """A column mapped with a unit is decided as if each value had been written with it."""
    from accessrules import load_rules

    rules = load_rules()
    spec = {"volume": {"fact": "effective_volume", "unit": unit}}
    for value in (float(number), number):
        table = pa.table({"category": ["household_refrigerator"], "volume": [value]})
        (row,) = rules.decide_table(table, as_of="2018-03-14", mapping=spec).to_pylist()
        facts = {"category": "household_refrigerator", "effective_volume": f"{number:f} {unit}"}
        one = rules.decide(facts, as_of="2018-03-14")
        assert (row["status"], row["outcome"], row["rule"]) == (one.status, one.outcome, one.rule)


_WHOLE = st.integers(-1000, 1000).map(float)
_EDGES = st.one_of(_WHOLE, st.floats(-1e15, 1e15))


@settings(max_examples=5 * settings().max_examples)
@given(st.one_of(st.sets(_EDGES, max_size=20), st.sets(_WHOLE, max_size=20)), st.lists(_EDGES, max_size=20))
def test_the_place_among_cuts_is_exact(edges: set[float], others: list[float]) -> None:
    """Each float is above exactly as many cuts as a plain search says, also right beside a cut."""
    from accessrules.tables.cells import by_search, ends_of

    cuts = np.array(sorted(edges), np.float64)
    near = [np.nextafter(cut, toward) for cut in cuts for toward in (-np.inf, np.inf)]
    values = np.array([*cuts, *near, *others], np.float64)
    found = by_search(cuts)(values, ends_of(values))
    assert found.tolist() == np.searchsorted(cuts, values, side="right").tolist()
    event("by the grid" if len(cuts) > 1 and np.diff(cuts).min() * (1 << 16) > cuts[-1] - cuts[0] else "too close")


_NUMBERS = st.one_of(st.integers(-20_000, 20_000), st.integers(-(1 << 63), (1 << 63) - 1))
_CUTS = st.one_of(_NUMBERS, st.integers((1 << 63) - 9, (1 << 63) + 9), st.integers(-(1 << 70), 1 << 70))


@settings(max_examples=5 * settings().max_examples)
@given(st.one_of(st.sets(_CUTS, max_size=300), st.sets(st.integers(-99, 99))), st.lists(_NUMBERS), st.booleans())
def test_the_place_of_whole_numbers_is_exact(edges: set[int], others: list[int], is_wide: bool) -> None:
    """The same of whole numbers, by a table or a search, of 32 and of 64 bits."""
    from accessrules.tables.cells import by_table, ends_of

    limit = (1 << 63) - 1 if is_wide else (1 << 31) - (1 << 14)
    cuts = sorted(edge for edge in edges if is_wide or -limit <= edge <= limit)
    near = [cut + step for cut in cuts for step in (-1, 0, 1)]
    values = np.array([one for one in near + others if -limit <= one <= limit], np.int64 if is_wide else np.int32)
    found = by_table(cuts)(values, ends_of(values))
    assert found.tolist() == [sum(cut <= value for cut in cuts) for value in values.tolist()]
