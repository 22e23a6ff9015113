"""With explanations a table is decided as without them: what is rejected, or comes later, does not end the run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from accessrules import RuleSet, load_rules
from accessrules.tables import Question, blocks, files
from accessrules.tables.batching import decide_file

FRIDGE = "household_refrigerator"
DAY = "2018-03-14"
SECONDS = [253_402_300_800, 1_520_985_600]
"""The first second of the year 10000, and a day."""


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


@pytest.mark.parametrize(
    "days",
    [
        pa.array(SECONDS, pa.timestamp("s")),
        pa.array([1_000 * s for s in SECONDS], pa.timestamp("ms")),
        pa.array([1_000_000 * s for s in SECONDS], pa.timestamp("us")),
        pa.array([1_000 * s for s in SECONDS], pa.int64()).view(pa.date64()),
        pa.array([s // 86_400 for s in SECONDS], pa.int32()).view(pa.date32()),
    ],
    ids=lambda days: str(days.type),
)
def test_a_day_beyond_the_calendar_is_rejected_alone(rules: RuleSet, days: Any) -> None:
    columns = {"category": [FRIDGE] * 2, "effective_volume": [520] * 2}
    for column in (days, days.dictionary_encode()):
        found = rules.decide_table(pa.table({**columns, "as_of": column}), also=["explanation"])
        assert found["status"].to_pylist() == ["rejected", "decided"]
        refused, explained = found["explanation"].to_pylist()
        assert refused is None
        assert json.loads(explained)["as_of"] == DAY
    pq.write_table(pa.table({**columns, "as_of": days}), "in.parquet")
    done = decide_file(rules, "in.parquet", Path("out.csv"), Question(also=("explanation",)))
    assert done.statuses == {"rejected": 1, "decided": 1}


def test_rows_in_which_nothing_is_a_fact(rules: RuleSet, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = blocks.blocks_of
    monkeypatch.setattr(files, "blocks_of", lambda register: rows(register, 2))
    Path("in.jsonl").write_text(f'{{"note": 1}}\n{{\n{{}}\n{{"note": 2}}\n{{"category": "{FRIDGE}"}}\n')
    decide_file(rules, "in.jsonl", Path("out.jsonl"), Question(as_of=DAY, also=("explanation",)))
    found = [json.loads(json.loads(line)["explanation"]) for line in Path("out.jsonl").read_text().splitlines()]
    assert found[0] == found[1] == found[2] == json.loads(rules.decide({}, as_of=DAY).model_dump_json())
    assert found[3]["facts"] != found[0]["facts"]
