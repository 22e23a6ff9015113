"""Registers: every row is given or told, whatever the file holds."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessrules import load_rules
from accessrules.errors import RegisterError
from accessrules.registers import (
    ABSENT,
    MOST_ROW_BYTES,
    Readings,
    Register,
    Rejected,
    Row,
    check_mapping,
    open_register,
    plan_columns,
    read_cell,
)
from accessrules.registers.columns import NearFact
from accessrules.registers.lines import Lines
from accessrules.registers.rows import rows_of
from accessrules.registers.writing import write_csv, write_json_lines
from accessrules.values import Unreadable, json_value, number_text

FACTS = load_rules(Path(__file__).parent / "commands" / "sample").form.vocabulary.facts


def read(folder: Path, data: bytes | str, name: str = "register.csv") -> tuple[list[str], list[Row | Rejected]]:
    """The columns and rows of a file with this in it."""
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    with open_register(str(path)) as register:
        rows = list(register)
        return register.columns, rows


def told(one: Row | Rejected) -> Any:
    """The cells of a row, or what is wrong with it."""
    return one.cells if isinstance(one, Row) else [(p.column, p.message) for p in one.problems]


def test_csv_is_read_with_its_row_and_line_numbers(tmp_path: Path) -> None:
    columns, rows = read(tmp_path, '\ufeffa, b \n\n1,"x\ny"\n\n2,"say ""hi"""\r\n')
    assert columns == ["a", "b"]
    assert rows == [Row(1, 3, ["1", "x\ny"]), Row(2, 6, ["2", 'say "hi"'])]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the register is empty"),
        ("\n\n", "the register is empty"),
        ("a,b,a\n1,2,3\n", "the column `a` stands twice in the header"),
        ("a;b\n1;2\n", "the header has one column, with semicolons in it"),
        ("a\tb\n1\t2\n", "the header has one column, with tabs in it"),
        ('"a\n', "the header cannot be read: a quote is not closed"),
        ('"a"b,c\n1,2\n', "the header cannot be read: the quotes of the row are broken"),
        ("a" * (MOST_ROW_BYTES + 1), "the header cannot be read: the line is longer than 1 MB"),
        ("a,b\r1,2\r", "the header cannot be read: its lines end with CR alone"),
        ("类别\n".encode("gb18030"), "is not UTF-8 text"),
        ("a,b\n".encode("utf-16"), "is not UTF-8 text"),
    ],
)
def test_a_header_that_is_none_is_refused(tmp_path: Path, text: str | bytes, problem: str) -> None:
    with pytest.raises(RegisterError) as wrong:
        read(tmp_path, text)
    assert [p.message for p in wrong.value.problems] == [problem]
    assert all(p.help and p.place for p in wrong.value.problems)


def test_two_columns_without_a_name_are_no_duplicates(tmp_path: Path) -> None:
    assert read(tmp_path, "a,,\n1,,\n")[0] == ["a", "", ""]


def test_a_header_alone_is_a_register_without_rows(tmp_path: Path) -> None:
    assert read(tmp_path, "a,b\n") == (["a", "b"], [])


def test_a_row_with_other_cells_than_the_header_is_told(tmp_path: Path) -> None:
    _, rows = read(tmp_path, "a,b\n1\n1,2,3\n1,2\n")
    assert [told(one) for one in rows] == [
        [(None, "the row has 1 cell, the header 2")],
        [(None, "the row has 3 cells, the header 2")],
        ["1", "2"],
    ]


def test_what_a_stray_quote_swallows_is_given_back(tmp_path: Path) -> None:
    """Only the row with the quote is lost to it, and it is told; also where another quote ends it much later."""
    lines = ["a,b", '"1,x', "2,y", "3,z"]
    _, rows = read(tmp_path, "\n".join(lines))
    assert [(one.number if isinstance(one, Row) else one.row, one.line) for one in rows] == [(1, 2), (2, 3), (3, 4)]
    assert [told(one) for one in rows] == [
        [(None, "a quote is not closed")],
        ["2", "y"],
        ["3", "z"],
    ]
    _, rows = read(tmp_path, 'a,b\n"1,x\n2,y\n3,z"\n4,w\n')
    assert [told(one) for one in rows if isinstance(one, Row)] == [["2", "y"], ["3", 'z"'], ["4", "w"]]
    _, rows = read(tmp_path, 'a,b\n"1,x\n' + "2,y\n" * 500)
    assert sum(isinstance(one, Row) for one in rows) == 500


def test_broken_quotes_are_told(tmp_path: Path) -> None:
    _, rows = read(tmp_path, 'a,b\n"1"x,2\n3,4\n')
    assert [told(one) for one in rows] == [[(None, "the quotes of the row are broken")], ["3", "4"]]


@pytest.mark.parametrize("name", ["register.csv", "register.jsonl"])
def test_a_huge_row_is_told_and_the_next_is_read(tmp_path: Path, name: str) -> None:
    huge = b"x" * (3 * MOST_ROW_BYTES)
    good = b"3,4" if name.endswith("csv") else b'{"a": "3", "b": "4"}'
    _, rows = read(tmp_path, b"\n".join(([b"a,b"] if name.endswith("csv") else []) + [huge, good, huge]), name)
    assert [told(one) for one in rows] == [
        [(None, "the row is longer than 1 MB")],
        ["3", "4"],
        [(None, "the row is longer than 1 MB")],
    ]


def test_a_huge_row_in_an_open_quote_is_a_row_of_its_own(tmp_path: Path) -> None:
    _, rows = read(tmp_path, b'a,b\n"1,2\n' + b"x" * (2 * MOST_ROW_BYTES) + b"\n3,4\n")
    assert [type(one) for one in rows] == [Rejected, Rejected, Row]


def test_a_huge_cell_is_told(tmp_path: Path) -> None:
    _, rows = read(tmp_path, "a,b\n" + "x" * 200_000 + ",2\n3,4\n")
    assert [told(one) for one in rows] == [[(None, "a cell has more than 131072 characters")], ["3", "4"]]


def test_a_broken_encoding_is_told_by_row_and_column(tmp_path: Path) -> None:
    _, rows = read(tmp_path, b"a,b\n1,ok\n2,\xb1\xf9\xcf\xe4\n3,\xe5\x86\xb0\n")
    assert [told(one) for one in rows] == [["1", "ok"], [("b", "is not UTF-8 text")], ["3", "冰"]]


def test_json_lines_bring_columns_as_they_come(tmp_path: Path) -> None:
    text = '{"a": 1, "b": "x"}\n\n{"c": true, "a": 1.50}\n{"b": null}\n'
    columns, rows = read(tmp_path, text, "register.jsonl")
    assert columns == ["a", "b", "c"]
    assert [(one.number, one.line) for one in rows if isinstance(one, Row)] == [(1, 1), (2, 3), (3, 4)]
    assert [told(one) for one in rows] == [
        [(int, 1), "x"],
        [(Decimal, Decimal("1.50")), "", (bool, True)],
        ["", None, ""],
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "the line is broken JSON"),
        ("[1]", "the line is not a JSON object"),
        ("7", "the line is not a JSON object"),
        ('{"a": 1, "a": 2}', "the key `a` stands twice"),
        ('{"a": NaN}', "`NaN` is not a number"),
        ('{"a": ' + "9" * 5000 + "}", "the line is broken JSON"),
        ('{"a":' * 100_000, "the line is broken JSON"),
        (b'{"a": "\xb1"}', "is not UTF-8 text"),
        ("{" + ", ".join(f'"k{n}": 1' for n in range(1001)) + "}", "the row has keys beyond the 1000 columns"),
    ],
)
def test_a_line_that_is_no_row_is_told(tmp_path: Path, line: str | bytes, problem: str) -> None:
    raw = line.encode() if isinstance(line, str) else line
    columns, rows = read(tmp_path, raw + b'\n{"b": "1"}\n', "register.jsonl")
    first, second = rows
    assert isinstance(first, Rejected)
    assert first.problems[0].message.startswith(problem)
    assert first.problems[0].help
    assert (columns, told(second)) == (["b"], ["1"])


def test_rows_of_a_program_are_told_when_they_are_none() -> None:
    rows: Any = [{"a": 1}, ["a"], {1: 2}]
    assert [type(one) for one in Register.of(rows)] == [Row, Rejected, Rejected]


@pytest.mark.parametrize("name", ["register.xlsx", "register", "register.parquet"])
def test_another_kind_of_file_is_refused(name: str) -> None:
    with pytest.raises(RegisterError, match="kind of register is not known"), open_register(name):
        pass


def test_a_directory_is_told(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="is a directory, not a register"), open_register(str(tmp_path)):
        pass


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="cannot be read: no such file"), open_register(str(tmp_path / "no.csv")):
        pass


def test_standard_input_is_told_by_its_first_character(monkeypatch: pytest.MonkeyPatch) -> None:
    for data, found in ((b"a\n1\n", ["1"]), (b'{"a": "1"}\n', ["1"]), (b'\xef\xbb\xbf{"a": "1"}\n', ["1"])):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        with open_register("-") as register:
            assert [told(one) for one in register] == [found]
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(RegisterError, match="there is no standard input"), open_register("-"):
        pass


def test_how_far_it_has_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text("a\n" + "12345678\n" * 100_000)
    seen: list[int] = []
    with open_register(str(path), seen.append) as register:
        assert sum(1 for _ in register) == 100_000
    assert seen == sorted(seen)
    assert len(seen) > 1
    assert seen[-1] <= path.stat().st_size


# ------------------------------------------------------------------------------------------------------- columns


def test_columns_are_facts_by_name_or_by_the_map() -> None:
    found = plan_columns(
        ["purpose", "Volumen", "category", "shop"], FACTS, {"Volumen": "effective_volume", "purpose": None}
    )
    assert found.facts == {"effective_volume": 1, "category": 2}
    assert found.near == ()


@pytest.mark.parametrize("column", ["efective_volume", "Effective volume", "effectiveVolume", "有效容积"])
def test_a_column_that_nearly_is_a_fact_is_told(column: str) -> None:
    assert plan_columns([column], FACTS, {}).near == (NearFact(column, "effective_volume"),)
    assert plan_columns([column, "effective_volume"], FACTS, {}).near == ()


def test_every_problem_of_a_map_is_told() -> None:
    mapping = {"vol": "efective_volume", "colour": "purpose", "kind": "category", "shop": None}
    with pytest.raises(RegisterError) as wrong:
        check_mapping(mapping, ["vol", "color", "kind", "category", "shop"], FACTS, "$.map")
    assert [(p.path, p.message, p.help) for p in wrong.value.problems] == [
        ("$.map.colour", "there is no column `colour`", "did you mean `color`?"),
        ("$.map.kind", "`category` has two columns, `category` and `kind`", "leave one, and map the other to `null`"),
        ("$.map.vol", "unknown fact `efective_volume`", "did you mean `effective_volume`?"),
    ]


@pytest.mark.parametrize(
    ("fact", "cell", "value"),
    [
        ("effective_volume", "0.52 m3", Decimal(520)),
        ("effective_volume", " 520 ", Decimal(520)),
        ("effective_volume", "  ", ABSENT),
        ("effective_volume", "unknown", None),
        ("category", "冰箱", "refrigerator"),
        ("category", "appliance", "appliance"),
        ("holds_licence", "是", True),
        ("burners", "3", 3),
        ("made_on", "2018-03-14", dt.date(2018, 3, 14)),
    ],
)
def test_a_cell_of_text_is_read_as_a_person_writes_it(fact: str, cell: str, value: object) -> None:
    assert read_cell(cell, FACTS[fact], is_spoken=True) == value


@pytest.mark.parametrize("cell", ["520", "fridge", [1], {"a": 1}, True])
def test_a_cell_of_a_program_is_not_coerced(cell: object) -> None:
    (row,) = Register.of([{"effective_volume": cell}])
    assert isinstance(row, Row)
    with pytest.raises(Unreadable):
        read_cell(row.cells[0], FACTS["effective_volume"], is_spoken=False)


def test_true_is_not_1_and_what_was_wrong_stays_wrong() -> None:
    readings = Readings(FACTS["burners"], lambda value: value, is_spoken=False)
    rows = Register.of([{"burners": one} for one in (1, True, 1, True, [1])])
    found: list[object] = []
    for row in rows:
        assert isinstance(row, Row)
        try:
            found.append(readings.of(row.cells[0]))
        except Unreadable as wrong:
            found.append(wrong.message)
    assert found == [
        1,
        "`true` is not a whole number",
        1,
        "`true` is not a whole number",
        "`burners` has several values",
    ]


# ------------------------------------------------------------------------------------------------------- writing

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.decimals(-1000, 1000, places=3),
    st.dates(),
    st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\r\n"), min_size=1, max_size=9),
)


@given(st.lists(st.lists(VALUES, min_size=2, max_size=2), max_size=5))
def test_what_is_written_is_read_again(rows: list[list[Any]]) -> None:
    """CSV and JSON Lines give every row with the values that it had; CSV as text."""
    as_csv, as_json = io.StringIO(), io.StringIO()
    write_csv(as_csv, ["a", "b"], rows)
    write_json_lines(as_json, ["a", "b"], rows)
    texts = _read_again(as_csv, "csv")
    assert texts == [[_text(value) for value in row] for row in rows]
    typed = _read_again(as_json, "jsonl")
    columns = list(dict.fromkeys(c for row in rows for c, value in zip("ab", row, strict=True) if value is not None))
    for row, cells in zip(rows, typed, strict=True):
        given = dict(zip("ab", row, strict=True))
        padded = [*cells, *[""] * (len(columns) - len(cells))]
        assert dict(zip(columns, padded, strict=True)) == {c: _json_cell(given[c]) for c in columns}


def _read_again(stream: io.StringIO, kind: str) -> list[list[Any]]:
    lines = Lines(io.BytesIO(stream.getvalue().encode()))
    register = rows_of("here", lines, kind)
    found = list(register)
    assert all(isinstance(one, Row) for one in found)
    return [one.cells for one in found if isinstance(one, Row)]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else number_text(value) if isinstance(value, Decimal) else str(value)


def _json_cell(value: Any) -> object:
    plain = json_value(value)
    if value is None or isinstance(plain, str):
        return plain or ""
    return (Decimal, Decimal(repr(plain))) if isinstance(plain, float) else (type(plain), plain)
