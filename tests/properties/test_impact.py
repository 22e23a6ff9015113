"""An impact counts every row once, as the row alone would be told; the order of the rows changes nothing."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from accessrules import Decision, RuleSet
from accessrules.exploring.asking import needs
from accessrules.impact import Impact, Tally, impact
from accessrules.registers.lines import Lines
from accessrules.registers.rows import rows_of
from accessrules.unarytests import read_test
from tests.properties.strategies import Files, cases
from tests.properties.test_comparing import edited, loaded

Row = dict[str, Any]
OTHER = {"as_of", "known_on", "shop"}


@st.composite
def counted(draw: st.DrawFn) -> tuple[RuleSet, RuleSet, str, list[Row]]:
    """Two rule sets, a decision, and rows of complete, incomplete and broken cases."""
    files: tuple[Files, Files] = draw(edited())
    before, after = loaded(files[0]), loaded(files[1])
    assume(before is not None and after is not None)
    assert before is not None and after is not None  # noqa: PT018 - for the types
    rows: list[Row] = []
    for _ in range(draw(st.integers(1, 4))):
        asked = draw(cases(files[0], complete=draw(st.booleans())))
        if asked.facts:
            shop = draw(st.sampled_from("ab"))
            rows.append({**asked.facts, "as_of": asked.as_of, "known_on": asked.known_on, "shop": shop})
    assume(rows)
    if draw(st.booleans()):
        rows.append({draw(st.sampled_from(sorted(rows[0].keys() - OTHER))): ["no", "value"]})
    return before, after, draw(st.sampled_from(sorted(before.form.decisions))), rows


def asked(rules: RuleSet, decision: str, row: Row) -> Decision:
    facts = {name: value for name, value in row.items() if name not in OTHER}
    return rules.decide(facts, decision=decision, as_of=row["as_of"], known_on=row["known_on"])


def expected(decisions: tuple[Decision, Decision]) -> str:
    """In which of the four a row belongs, from its two decisions."""
    if any(needs(one.answer, one.rules.index) for one in decisions):
        return "undecided"
    one, other = (decision.answer for decision in decisions)
    if (one.end, one.possible_status) != (other.end, other.possible_status):
        return "changed"
    return "unchanged" if one.status == "decided" else "undecided"


def lies_in(row: Row, decision: Decision, region: Mapping[str, str]) -> bool:
    """Whether a row lies in a region for sure, given what is presumed of it."""
    case = decision.case
    values = {**case.presumed, **case.facts, "as_of": case.as_of}
    index = decision.rules.index
    for name, words in region.items():
        value, fact = values.get(name), index.facts[name]
        if value is None or fact.set_of(value) - read_test(words, fact):  # type: ignore[operator]
            return False
    return True


def add(*tallies: Tally) -> dict[str, Any]:
    total: dict[str, Any] = {}
    for tally in tallies:
        for name, count in flat(tally).items():
            total[name] = total.get(name, 0) + count
    return total


def flat(tally: Tally) -> dict[str, int]:
    dumped = tally.dump()
    approvals = dumped.pop("approvals", {})
    return {**dumped, **{f"{side} {name}": n for side, both in approvals.items() for name, n in both.items()}}


@settings(max_examples=2 * settings().max_examples)
@given(counted())
def test_each_row_is_counted_once_and_as_its_two_decisions_say(made: tuple[RuleSet, RuleSet, str, list[Row]]) -> None:
    """A row that changes lies in the region that counts it, and has that region's answer before and after."""
    before, after, decision, rows = made
    for row in rows:
        alone = impact(before, after, [row], decision=decision)
        total = alone.total
        assert total.rows == 1 == total.changed + total.unchanged + total.undecided + total.rejected
        assert sum(one.rows for one in alone.regions if one.change.kind == "answer") + alone.several == total.changed
        if ["no", "value"] in row.values():
            assert total.rejected == 1
            assert alone.first_rejected[0].problems
            continue
        decisions = (asked(before, decision, row), asked(after, decision, row))
        kind = expected(decisions)
        event(kind)
        assert getattr(total, kind) == 1
        assert sum(one.rows for one in alone.reasons) == total.undecided
        inside = [one for one in alone.regions if one.rows]
        assert inside == [one for one in alone.regions if lies_in(row, decisions[0], one.change.region)]
        for one in inside:
            event(f"in a region of {one.change.kind}")
            for side, said in zip((one.change.before, one.change.after), decisions, strict=True):
                assert (side.status, side.outcome) == (said.status, said.outcome)
        check_approvals(alone, decisions)


def check_approvals(alone: Impact, decisions: tuple[Decision, Decision]) -> None:
    """An approval is needed where every way to end is one; it is counted of a decision about approvals alone."""
    forms = [said.rules.form for said in decisions]
    name = decisions[0].decision
    about = any(form.main == name or form.decisions[name].no_approval for form in forms)
    assert about == (alone.total.before is not None) == ("approvals" in alone.model_dump())
    if not about:
        return
    for side, said in zip((alone.total.before, alone.total.after), decisions, strict=True):
        free = said.rules.form.decisions[said.decision].no_approval
        fails = {"conflict", "no_rule"} & set(said.answer.possible_status)
        each = {outcome not in free for outcome in said.possible}
        sure = not fails and len(each) == 1
        assert side is not None
        assert (side.needed, side.unsure) == (int(sure and each == {True}), int(not sure))


@given(counted(), st.randoms(use_true_random=False))
def test_rows_add_up_in_any_order(made: tuple[RuleSet, RuleSet, str, list[Row]], order: random.Random) -> None:
    """The whole is the sum of its rows and of its groups; another order gives the same, but for who is told first."""
    before, after, decision, rows = made
    by = ["shop", min(rows[0].keys() - OTHER)]
    whole = impact(before, after, rows, decision=decision, by=by)
    single = [impact(before, after, [row], decision=decision) for row in rows]
    assert flat(whole.total) == add(*(one.total for one in single))
    for groups in whole.by.values():
        assert add(*(group.tally for group in groups)) == flat(whole.total)
    for one in whole.regions:
        for values in one.by.values():
            assert sum(count for _, count in values) == one.rows
    shuffled = list(rows)
    order.shuffle(shuffled)
    again = impact(before, after, shuffled, decision=decision, by=by)
    dumps = [one.model_dump() for one in (whole, again)]
    for dump in dumps:
        del dump["first_rejected"]
    assert dumps[0] == dumps[1]


@given(counted(), st.sampled_from([2, 1 << 16]), st.booleans())
def test_rows_that_come_as_one_count_as_each(
    made: tuple[RuleSet, RuleSet, str, list[Row]], pieces: int, twice: bool
) -> None:
    """A register of which rows that are alike come as one has the same impact, rejected rows included."""
    pytest.importorskip("pyarrow", reason="pyarrow is not installed: `pip install 'accessrules[tables]'`")
    from accessrules.tables import blocks, condensing, csvfiles, files

    before, after, decision, rows = made
    text = as_csv(rows * 3 if twice else rows).encode()
    plain = rows_of("a", Lines(io.BytesIO(text)), "csv")
    ahead = csvfiles.Ahead(io.BytesIO(text))
    lines = Lines(ahead)
    register = rows_of("a", lines, "csv")
    by = ["shop", min(rows[0].keys() - OTHER)]
    with pytest.MonkeyPatch.context() as patch:
        for module in (blocks, condensing, csvfiles):
            patch.setattr(module, "ROWS_AT_ONCE", pieces)
        found = csvfiles.csv_blocks(register, lines, ahead)
        condensed = condensing.Condensed(files.TableFile("a", "csv", register.columns, True, None, found))
        told: list[list[Any]] = [[], []]
        counts = [
            impact(before, after, one, by=by, decision=decision, on_rejected=into.append)
            for one, into in zip((plain, condensed), told, strict=True)
        ]
    assert sorted(told[0], key=str) == sorted(told[1], key=str)
    dumps = [one.model_dump() for one in counts]
    for dump in dumps:
        del dump["first_rejected"]
    assert dumps[0] == dumps[1]
    event(f"{counts[0].total.rejected > 0}, {len(told[0])} rejected")


def as_csv(rows: list[Row]) -> str:
    """Rows as a person writes them; a value that is none is text that is none."""
    columns = sorted({name for row in rows for name in row})
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row[name]) if name in row else "" for name in columns])
    return text.getvalue()


def cell(value: Any) -> str:
    if value is None:
        return "unknown"
    return "no, value" if isinstance(value, list) else str(value)
