"""An impact on two rule sets by hand: different vocabularies, days in columns, rows between regions, little memory."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accessrules import QueryError, RuleSet, load_rules
from accessrules.errors import RegisterError
from accessrules.impact import impact
from accessrules.registers.lines import MOST_ROW_BYTES, Lines
from accessrules.registers.rows import open_register, rows_of

SAMPLE = Path(__file__).parent / "commands" / "sample"
BEFORE = load_rules(SAMPLE)
LARGE = {"category": "refrigerator", "effective_volume": 520}

Edit = Callable[..., RuleSet]


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    """The sample rules with texts of a file replaced."""

    def edited(file: str, *changes: tuple[str, str]) -> RuleSet:
        folder = tmp_path / "edited"
        if not folder.exists():
            shutil.copytree(SAMPLE, folder)
        path = folder / file
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        return load_rules(folder)

    return edited


def test_a_value_that_only_one_knows_is_rejected(edit: Edit) -> None:
    """Whichever of the two it is: nothing can be compared there."""
    after = edit("vocabulary.yaml", ("      pump: {", "      compressor: {en: compressors}\n      pump: {"))
    for pair in ((BEFORE, after), (after, BEFORE)):
        found = impact(*pair, [{"category": "compressor"}, {"category": "pump"}], as_of="2018-03-14")
        assert (found.total.rejected, found.total.unchanged) == (1, 1)
        assert "compressor" in found.first_rejected[0].problems[0].message


def test_a_fact_that_only_one_knows_is_read(edit: Edit) -> None:
    after = edit("vocabulary.yaml", ("  burners: {", "  noise: {type: number, unit: W}\n  burners: {"))
    assert impact(BEFORE, after, [{"noise": "loud"}]).total.rejected == 1
    assert impact(BEFORE, after, [{**LARGE, "noise": 5}], as_of="2018-03-14").total.unchanged == 1


def test_what_is_presumed_is_the_same_case_on_both_sides(edit: Edit) -> None:
    """The rule set before says what is presumed, so that only the rules differ."""
    after = edit("vocabulary.yaml", ("    presume: domestic\n", "    presume: research\n"))
    found = impact(BEFORE, after, [LARGE], as_of="2018-03-14")
    assert (found.presumed, found.total.unchanged) == ({"purpose": "domestic"}, 1)


def test_what_is_known_may_stand_in_a_column(edit: Edit) -> None:
    """A rule that rests on a later instrument changes nothing for a row that asks with less known."""
    after = edit(
        "decisions/routes.yaml", ("outcome: ccc\n    in_force: {from: 2020-10-01}", "open: [ccc, no_approval]")
    )
    rows = [{**LARGE, "known_on": day} for day in ("2018-01-01", "2021-01-01", None)]
    found = impact(BEFORE, after, rows, as_of="2021-01-01")
    assert (found.total.unchanged, found.total.changed) == (1, 2)
    assert found.known_on is None


def test_a_row_between_rules_that_change_alike_lies_in_their_region(edit: Edit) -> None:
    """Another answer whatever the missing facts are: which of two rules gives it makes no region of its own."""
    after = edit(
        "decisions/routes.yaml",
        (
            "  - id: freezer.a\n",
            "  - id: pump.old\n    when: {category: pump, holds_licence: true}\n    outcome: ccc\n"
            "    source: [{instrument: regs, at: a}]\n    details: {days: 1}\n"
            "  - id: pump.new\n    when: {category: pump, holds_licence: false}\n    outcome: ccc\n"
            "    source: [{instrument: regs, at: a}]\n    details: {days: 2}\n  - id: freezer.a\n",
        ),
    )
    found = impact(BEFORE, after, [{"category": "pump"}, {"category": "pump", "holds_licence": True}])
    assert (found.total.changed, found.several) == (2, 0)
    answers = [one for one in found.regions if one.change.kind == "answer"]
    assert [(one.rows, one.partly) for one in answers] == [(2, 0)]


def test_remembering_little_changes_nothing(edit: Edit, monkeypatch: pytest.MonkeyPatch) -> None:
    after = edit("decisions/routes.yaml", ("outcome: ccc\n    in_force: {from: 2003-05-01}", "outcome: no_approval"))
    rows = [
        {"category": c, "effective_volume": v}
        for _ in range(3)
        for c in ("refrigerator", "freezer", "pump", "frigde", "frgde", 5)
        for v in (1, 499, 500, 501, "x", "y")
    ]
    much = impact(BEFORE, after, rows, as_of="2018-03-14").model_dump()
    monkeypatch.setattr("accessrules.counting._MOST_VERDICTS", 1)
    monkeypatch.setattr("accessrules.registers.columns._MOST_REMEMBERED", 1)
    assert impact(BEFORE, after, rows, as_of="2018-03-14").model_dump() == much
    assert much["changed"] == 6


def test_a_column_that_comes_late_was_empty_before() -> None:
    found = impact(BEFORE, BEFORE, [{"category": "pump"}, {"category": "pump", "purpose": "export"}])
    assert (found.total.unchanged, found.presumed) == (2, {"purpose": "domestic"})
    rows: list[dict[str, Any]] = [{"category": "pump", "purpose": "export"}]
    assert impact(BEFORE, BEFORE, rows).presumed == {}


def test_a_decision_of_only_one_and_an_impossible_day_are_told(edit: Edit) -> None:
    with pytest.raises(QueryError, match="there is no day"):
        impact(BEFORE, BEFORE, [LARGE], as_of="2018-02-30")
    after = edit("ruleset.yaml", ("decisions:\n", "decisions:\n  other: {question: Q, outcomes: {a: A}, default: a}\n"))
    with pytest.raises(QueryError, match="only one of the rule sets has the decision `other`"):
        impact(after, BEFORE, [LARGE], decision="other")


class Failing(io.BytesIO):
    def readline(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise OSError(5, "Input/output error")
        return super().readline(size)


def test_a_file_that_breaks_off_is_told() -> None:
    with pytest.raises(RegisterError, match="cannot be read beyond line 1: input/output error"):
        list(rows_of("register", Lines(Failing(b"a\n1\n")), "csv"))


def test_standard_input_may_begin_with_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    for data in (b"", b"x" * (MOST_ROW_BYTES + 1)):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        with pytest.raises(RegisterError), open_register("-"):
            pass


CASES = [("0.4", "ccc"), ("0.5", "licence"), (" 0.52", "licence"), ("400 L", "ccc"), ("520 L", "licence"), ("", None)]


@pytest.mark.parametrize("opener", ["rows", "condensed"])
def test_a_map_gives_a_column_a_unit(opener: str, tmp_path: Path) -> None:
    """Bare numbers have it, others keep their own; it holds for rows read one by one and for many at once."""
    file = tmp_path / "in.csv"
    file.write_text("category,size\n" + "".join(f"refrigerator,{size}\n" for size, _ in CASES), encoding="utf-8")
    mapping = {"size": {"fact": "effective_volume", "unit": "m3"}}
    if opener == "condensed":
        pytest.importorskip("pyarrow", reason="needs the extra tables")
        from accessrules.tables.condensing import open_condensed as opened
    else:
        opened = open_register
    with opened(str(file)) as register:
        found = impact(BEFORE, BEFORE, register, mapping=mapping, by=["size"], as_of="2018-03-14")
    assert (found.total.rejected, found.total.undecided, found.total.unchanged) == (0, 1, 5)
    assert {group.value for group in found.by["size"]} == {400, 500, 520, None}


def test_units_and_nulls_of_values_of_programs() -> None:
    """Numbers have the unit of the map; an explicit null is not known, unless the map says that it is not given."""
    rows = [{**LARGE, "effective_volume": size, "purpose": None} for size in (0.4, 0.5, "520 L")]
    size = {"effective_volume": {"fact": "effective_volume", "unit": "m3"}}
    for null, undecided in (("unknown", 3), ("not given", 0)):
        mapping = {**size, "purpose": {"fact": "purpose", "null": null}}
        found = impact(BEFORE, BEFORE, rows, mapping=mapping, as_of="2018-03-14")
        assert (found.total.undecided, found.total.rejected) == (undecided, 0)
    with pytest.raises(RegisterError) as wrong:
        impact(
            BEFORE, BEFORE, rows, mapping={"effective_volume": {"fact": "effective_volume", "unit": "kg", "nul": "x"}}
        )
    assert [one.path for one in wrong.value.problems] == ["$.map.effective_volume.nul", "$.map.effective_volume.unit"]


def test_where_a_rejected_row_comes_does_not_matter() -> None:
    """It has no day as known on, whether it is read before or after the first that has one."""
    rows: list[dict[str, Any]] = [{**LARGE, "known_on": "2018-05-01"}, {"category": ["no", "value"]}]
    days: dict[str, Any] = {"as_of": "2018-03-14", "known_on": "2018-06-01"}
    found = [impact(BEFORE, BEFORE, each, **days).model_dump() for each in (rows, rows[::-1])]
    assert found[0]["presumed"] == found[1]["presumed"]
    assert found[0]["known_on"] == found[1]["known_on"] == "2018-06-01"
