"""A file decided into another: every row is there once, in its order, and a run that fails leaves what was there."""

from __future__ import annotations

import csv
import errno
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from accessrules import AccessRulesError, RuleSet, load_rules
from accessrules.errors import QueryError, RegisterError
from accessrules.tables import Question, blocks, files, table, writing
from accessrules.tables.batching import Batched, decide_file

FRIDGE = "household_refrigerator"
DAY = "2018-03-14"
COUNT = 100


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


@pytest.fixture(autouse=True)
def few_rows_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (blocks, files, table):
        monkeypatch.setattr(module, "ROWS_AT_ONCE", 7)
    monkeypatch.setattr(writing, "_ROWS_OF_A_GROUP", 20)
    rows = blocks.blocks_of
    monkeypatch.setattr(files, "blocks_of", lambda register: rows(register, 7))


def volume(n: int) -> int | None:
    return None if n % 10 == 3 else 495 + n % 10


def answer(n: int) -> tuple[str, str | None]:
    found = volume(n)
    if found is None:
        return "undetermined", None
    return "decided", "production_licence" if found >= 500 else "ccc"


def write(name: str, count: int = COUNT, broken: bool = True) -> None:
    """A register in which every tenth row is wrong, if that is wanted."""
    categories = ["frigde" if broken and n % 10 == 7 else FRIDGE for n in range(count)]
    volumes = [volume(n) for n in range(count)]
    if name.endswith(".parquet"):
        columns = {"product": [f"P{n}" for n in range(count)], "category": categories, "effective_volume": volumes}
        pq.write_table(pa.table(columns), name, row_group_size=13)
        return
    rows = zip(range(count), categories, volumes, strict=True)
    if name.endswith(".jsonl"):
        lines = [json.dumps({"product": f"P{n}", "category": c, "effective_volume": v}) for n, c, v in rows]
    else:
        lines = ["product,category,effective_volume"]
        lines += [f"P{n},{c},{'' if v is None else v}" for n, c, v in rows]
    Path(name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def read(name: str) -> list[dict[str, Any]]:
    if name.endswith(".parquet"):
        return list(pq.read_table(name).to_pylist())
    text = Path(name).read_text(encoding="utf-8")
    if not name.endswith(".csv"):
        return [json.loads(line) for line in text.splitlines()]
    return [{key: value or None for key, value in row.items()} for row in csv.DictReader(text.splitlines())]


def run(rules: RuleSet, source: str, target: str, **asked: Any) -> Batched:
    threads = asked.pop("threads", 2)
    return decide_file(rules, source, Path(target), Question(as_of=DAY, **asked), threads=threads)


@pytest.mark.parametrize("target", ["out.csv", "out.jsonl", "out.parquet"])
@pytest.mark.parametrize("source", ["in.csv", "in.jsonl", "in.parquet"])
def test_every_row_is_there_once_in_its_order(rules: RuleSet, source: str, target: str) -> None:
    write(source)
    found = run(rules, source, target, also=("possible", "needs"))
    assert found.rows == COUNT == sum(found.statuses.values())
    rows, refused = read(target), read(f"{target}.rejected")
    assert found.rejected == Path(f"{target}.rejected")
    assert [row["product"] for row in rows] == [f"P{n}" for n in range(COUNT) if n % 10 != 7]
    for row in rows:
        n = int(row["product"][1:])
        assert (row["status"], row["outcome"]) == answer(n)
        if answer(n)[1] is None:
            between = (lambda names: ";".join(names)) if target.endswith(".csv") else list
            assert row["possible"] == between(["ccc", "production_licence"])
            assert row["needs"] == between(["effective_volume"])
    assert [one["row"] for one in refused] == [n + 1 for n in range(COUNT) if n % 10 == 7]
    for one in refused:
        assert one["values"]["product"] == f"P{one['row'] - 1}"
        assert one["problems"][0]["column"] == "category"
        assert one["line"] == {"in.csv": one["row"] + 1, "in.jsonl": one["row"], "in.parquet": None}[source]


def test_threads_and_pieces_change_nothing(rules: RuleSet) -> None:
    write("in.parquet")
    for threads in (1, 2, 5):
        run(rules, "in.parquet", f"{threads}.jsonl", threads=threads)
    assert Path("1.jsonl").read_bytes() == Path("2.jsonl").read_bytes() == Path("5.jsonl").read_bytes()


def test_types_of_parquet_stay(rules: RuleSet) -> None:
    columns = {"category": [FRIDGE], "effective_volume": [520], "note": ["x"], "day": pa.array([1], pa.date32())}
    pq.write_table(pa.table(columns), "in.parquet")
    run(rules, "in.parquet", "out.parquet")
    types = pq.read_schema("out.parquet")
    assert types.types == [pa.string(), pa.int64(), pa.string(), pa.date32(), pa.string(), pa.string(), pa.string()]


def test_columns_that_come_later(rules: RuleSet) -> None:
    lines = [{"category": FRIDGE, "effective_volume": 100}] * 10 + [{"category": FRIDGE, "purpose": "export", "x": [1]}]
    Path("in.jsonl").write_text("\n".join(map(json.dumps, lines)))
    run(rules, "in.jsonl", "out.jsonl")
    rows = read("out.jsonl")
    assert [set(row) - {"status", "outcome", "rule"} for row in rows[-2:]] == [
        {"category", "effective_volume"},
        {"category", "purpose", "x"},
    ]
    assert (rows[0]["outcome"], rows[-1]["status"]) == ("ccc", "undetermined")
    for target in ("out.csv", "out.parquet"):
        with pytest.raises(RegisterError, match="comes only after row 7"):
            run(rules, "in.jsonl", target)
        assert not Path(target).exists()
    assert len({path.name for path in Path.cwd().iterdir()}) == 2


def test_a_type_that_changes(rules: RuleSet) -> None:
    lines = [{"category": FRIDGE, "note": 1}] * 10 + [{"category": FRIDGE, "note": "x"}]
    Path("in.jsonl").write_text("\n".join(map(json.dumps, lines)))
    with pytest.raises(RegisterError, match="the column `note` changes its type after row 7"):
        run(rules, "in.jsonl", "out.parquet")
    run(rules, "in.jsonl", "out.csv")
    assert [row["note"] for row in read("out.csv")] == ["1"] * 10 + ["x"]


@pytest.mark.parametrize("target", ["out.csv", "out.jsonl", "out.parquet"])
def test_no_rows(rules: RuleSet, target: str) -> None:
    Path("in.csv").write_text("product,category\n")
    assert run(rules, "in.csv", target).rows == 0
    assert read(target) == []
    if target == "out.csv":
        assert Path(target).read_text() == '"product","category","status","outcome","rule"\n'
    Path("in.jsonl").write_text("\n")
    with pytest.raises(RegisterError, match="the register is empty"):
        run(rules, "in.jsonl", target)


def test_all_rows_rejected(rules: RuleSet) -> None:
    Path("in.csv").write_text("category\nx\ny,z\n")
    for target in ("out.csv", "out.jsonl", "out.parquet"):
        assert run(rules, "in.csv", target).statuses == {"rejected": 2}
        assert read(target) == []
        assert len(read(f"{target}.rejected")) == 2


def test_what_an_earlier_run_rejected_goes_with_its_result(rules: RuleSet) -> None:
    write("in.csv")
    run(rules, "in.csv", "out.csv")
    assert Path("out.csv.rejected").exists()
    write("in.csv", broken=False)
    assert run(rules, "in.csv", "out.csv").rejected is None
    assert not Path("out.csv.rejected").exists()


def test_a_source_that_breaks_midway_leaves_what_was_there(rules: RuleSet) -> None:
    write("in.parquet", 2_000)
    whole = Path("in.parquet").read_bytes()
    middle = len(whole) // 2
    Path("in.parquet").write_bytes(whole[:middle] + bytes(200) + whole[middle + 200 :])
    for target in ("out.csv", "out.parquet"):
        Path(target).write_text("what was there")
        with pytest.raises(RegisterError, match="it is broken after row"):
            run(rules, "in.parquet", target)
        assert Path(target).read_text() == "what was there"
    assert sorted(path.name for path in Path.cwd().iterdir()) == ["in.parquet", "out.csv", "out.parquet"]


@pytest.mark.parametrize("target", ["out.csv", "out.jsonl", "out.parquet"])
def test_a_full_disk_leaves_what_was_there(rules: RuleSet, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    write("in.csv")
    Path(target).write_text("what was there")
    monkeypatch.setattr(pq.ParquetWriter, "write_table", full)
    monkeypatch.setattr(pa.csv, "write_csv", full)
    monkeypatch.setattr(writing._JsonLines, "write", full)
    with pytest.raises(QueryError, match="cannot be written: no space left on device"):
        run(rules, "in.csv", target)
    assert Path(target).read_text() == "what was there"
    assert sorted(path.name for path in Path.cwd().iterdir()) == ["in.csv", target]


def test_interrupted_it_leaves_what_was_there(rules: RuleSet) -> None:
    write("in.csv")
    Path("out.csv").write_text("what was there")

    def interrupt(rows: int, share: float | None) -> None:
        assert rows > 0
        assert share is not None
        assert 0 <= share <= 1
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        decide_file(rules, "in.csv", Path("out.csv"), Question(as_of=DAY), watch=interrupt)
    assert sorted(path.name for path in Path.cwd().iterdir()) == ["in.csv", "out.csv"]
    assert Path("out.csv").read_text() == "what was there"


def _into(told: list[tuple[int, float | None]]) -> Any:
    return lambda *one: told.append(one)


def test_progress_never_goes_back_and_comes_to_the_end(rules: RuleSet) -> None:
    for source in ("in.csv", "in.parquet"):
        write(source)
        told: list[tuple[int, float | None]] = []
        decide_file(rules, source, Path("out.csv"), Question(as_of=DAY), watch=_into(told))
        assert told == sorted(told)
        assert told[-1][0] == COUNT


def test_files_that_cannot_be(rules: RuleSet) -> None:
    write("in.csv")
    for target, message in (
        ("in.csv", "`in.csv` is the register itself"),
        ("out.xlsx", "the kind of table is not known"),
        ("nowhere/out.csv", "`nowhere/out.csv` cannot be written: no such file or directory"),
        ("in.csv/out.csv", "`in.csv/out.csv` cannot be written: not a directory"),
    ):
        with pytest.raises(AccessRulesError) as wrong:
            run(rules, "in.csv", target)
        assert [one.message for one in wrong.value.problems] == [message]
    assert [path.name for path in Path.cwd().iterdir()] == ["in.csv"]
