"""Synthetic registers: the same for the same seed, labelled row by row, with exactly the shares that are stated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from accessrules import load_rules
from accessrules.errors import RegisterError
from accessrules.synthetic import Assumption, Assumptions, read_assumptions
from accessrules.unarytests import read_test
from accessrules.vocabulary import key_of

RULES = load_rules()
VOCABULARY = RULES.form.vocabulary
FILES = sorted((Path(RULES.form.folder) / "registers").glob("*.yaml"))
SAMPLE = load_rules(Path(__file__).parent / "commands" / "sample").form.vocabulary


@pytest.fixture(params=FILES, ids=lambda path: str(path.stem))
def shipped(request: pytest.FixtureRequest) -> Assumptions:
    return read_assumptions(request.param, VOCABULARY)


def written(folder: Path, text: str) -> Assumptions:
    path = folder / "made.yaml"
    path.write_text(text, encoding="utf-8")
    return read_assumptions(path, SAMPLE)


def test_the_file_is_named_for_its_register(shipped: Assumptions) -> None:
    assert shipped.name in {path.stem for path in FILES}
    assert shipped.title.zh


def test_the_same_seed_gives_the_same_rows_however_many(shipped: Assumptions) -> None:
    rows = list(shipped.rows(300, 7))
    assert rows[:100] == list(shipped.rows(100, 7))
    assert [row[1:-1] for row in rows] != [row[1:-1] for row in shipped.rows(300, 8)]


def test_every_row_says_that_it_is_made_up(shipped: Assumptions) -> None:
    assert shipped.columns[-1] == "synthetic"
    assert {row[-1] for row in shipped.rows(50, 7)} == {f"{shipped.name} seed 7"}
    assert len({row[0] for row in shipped.rows(50, 7)}) == 50


def rows_about(found: Assumptions, column: str, n: int, rows: list[list[Any]]) -> Iterator[Any]:
    """The values of a column in the rows that its n-th assumption is about."""
    for row in rows:
        case = dict(zip(found.columns, row, strict=True))
        if next((i for i, one in enumerate(found.by_column[column]) if holds(one, case)), None) == n:
            yield case[column]


def holds(one: Assumption, case: dict[str, Any]) -> bool:
    return all(case[name] is not None and is_in(name, case[name], allowed) for name, allowed in one.when.items())


def is_in(name: str, value: Any, allowed: Any) -> bool:
    return (key_of(value) if VOCABULARY[name].is_ordered else value) in allowed


def is_of(column: str, words: str, value: Any) -> bool:
    """Whether a value is one of those that a share is for."""
    fact = VOCABULARY.get(column)
    if value is None or fact is None:
        return (words == "unknown") if value is None else value == words
    return is_in(column, value, read_test(words, fact))


def test_shares_are_exact_in_every_deck(shipped: Assumptions) -> None:
    """No share is off by anything in each full deck of the rows that it is about."""
    rows = list(shipped.rows(20_000, 3))
    checked = 0
    for column, some in shipped.by_column.items():
        for n, one in enumerate(some):
            values = rows_about(shipped, column, n, rows)
            size = len(one.deck)
            while len(deck := list(islice(values, size))) == size:
                checked += 1
                for words, share in one.shares.items():
                    assert sum(is_of(column, words, value) for value in deck) * 100 == share * size
    assert checked > 1_000


def test_the_published_share_is_that_of_the_source() -> None:
    """35.09 % of household refrigerators have 500 L or more; nothing else claims to be published."""
    found = read_assumptions(next(path for path in FILES if path.stem == "household-appliances"), VOCABULARY)
    published = {(c, *one.shares.items()) for c, some in found.by_column.items() for one in some if one.source}
    assert [one[0] for one in published] == ["effective_volume"]
    assert all(one.basis == "published" or one.source is None for some in found.by_column.values() for one in some)
    volumes = (row[2] for row in found.rows(20_000, 1) if row[1] == "household_refrigerator")
    assert sum(volume >= 500 for volume in islice(volumes, 10_000)) == 3_509  # type: ignore[operator]


def test_values_are_of_the_range_and_step_that_is_stated(tmp_path: Path) -> None:
    found = written(
        tmp_path,
        """
register: made
title: Made
columns:
  effective_volume:
    - {shares: {above 5 L to at most 5.5 L: 100}, step: 0.1 L, basis: assumed}
  burners:
    - {shares: {from 2 to at most 4: 100}, basis: assumed}
  made_on:
    - {shares: {from 2018-01-01 to before 2018-01-03: 100}, basis: assumed}
  purpose:
    - {when: {effective_volume: below 5.3 L}, shares: {export: 50, unknown: 50}, basis: assumed}
  shop:
    - {when: {purpose: export}, shares: {here: 100}, basis: assumed}
""",
    )
    columns = list(zip(*found.rows(400, 1), strict=True))
    assert sorted(set(map(str, columns[1]))) == ["5.1", "5.2", "5.3", "5.4", "5.5"]
    assert set(columns[2]) == {2, 3, 4}
    assert set(columns[3]) == {dt.date(2018, 1, 1), dt.date(2018, 1, 2)}
    pairs = set(zip((float(v) < 5.3 for v in columns[1]), columns[4], columns[5], strict=True))
    assert pairs == {(True, "export", "here"), (True, None, None), (False, None, None)}


def test_every_problem_of_the_file_is_told_at_its_place(tmp_path: Path) -> None:
    with pytest.raises(RegisterError) as wrong:
        written(
            tmp_path,
            """register: made
title: Made
columns:
  synthetic:
    - {shares: {no: 100}, basis: assumed}
  issuing_authority:
    - {shares: {national: 100}, basis: assumed}
  category:
    - {shares: {frigde: 100}, basis: assumed}
  effective_volume:
    - when: {categori: pump, purpose: export}
      shares: {at least 5 L: 50, from 1 kg to below 2 kg: 50}
      step: 1 kg
      basis: assumed
  purpose:
    - {shares: {export: 100}, step: 1, basis: assumed}
  made_on:
    - {shares: {from 2018-01-01 to before 2019-01-01: 100}, basis: assumed}
  burners:
    - {shares: {from 2 to at most 3 or 5: 100}, basis: assumed}
""",
        )
    assert [(p.place and p.place.line, p.message) for p in wrong.value.problems] == [
        (4, "the column `synthetic` is made by itself"),
        (6, "`issuing_authority` is a decision, not a fact to give"),
        (9, "`frigde` is not a value of `category`"),
        (11, "`categori` is no fact of a column before"),
        (11, "`purpose` is no fact of a column before"),
        (12, "the range has no beginning or no end"),
        (12, "`kg` is not a unit of `effective_volume`"),
        (13, "`kg` is not a unit of `effective_volume`"),
        (16, "only a number has a step"),
        (20, "the range has no beginning or no end"),
    ]
    assert all(p.help for p in wrong.value.problems)


@pytest.mark.parametrize(
    ("assumption", "message"),
    [
        ("shares: {pump: 99.99}, basis: assumed", "the shares are 99.99 together, not 100"),
        ("shares: {pump: 100}, basis: published", "what is published has a `source`, and nothing else has"),
        ("shares: {pump: 100}, basis: assumed, source: a report", "what is published has a `source`"),
        ("shares: {pump: 33.33333, valve: 66.66667}, basis: assumed", "`66.66667` is no share"),
        ("shares: {pump: 0, valve: 100}, basis: assumed", "`0` is no share"),
        ("shares: {pump: -1, valve: 101}, basis: assumed", "`101` is no share"),
        ("shares: {pump: many}, basis: assumed", "`many` is no share"),
        ("shares: {}, basis: assumed", "`shares` is too short"),
        ("shares: {pump: 100}, basis: guessed", "`guessed` is not a value of `basis`"),
        ("shares: {pump: 100}", "`basis` is missing"),
    ],
)
def test_shares_that_are_none_are_told(tmp_path: Path, assumption: str, message: str) -> None:
    with pytest.raises(RegisterError) as wrong:
        written(tmp_path, f"register: made\ntitle: Made\ncolumns:\n  category:\n    - {{{assumption}}}\n")
    assert any(message in p.message for p in wrong.value.problems)


@pytest.mark.parametrize("text", ["", "register: made\n", "columns: [", "- 1\n"])
def test_a_file_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(RegisterError):
        written(tmp_path, text)
    with pytest.raises(RegisterError, match="cannot be read"):
        read_assumptions(tmp_path / "not-there.yaml", SAMPLE)
