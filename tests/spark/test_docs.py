"""The example of docs/cluster.md runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.docs_check import ROOT


def test_the_example_of_the_page_runs(spark: Any, tmp_path: Path) -> None:
    """It decides a register in files, and tells the rejected rows."""
    text = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")
    code = re.search(r"<!-- example -->\n```python\n(.*?)```", text, re.DOTALL)
    assert code
    refrigerators = [(1, "household_refrigerator", 520.0), (2, "household_refrigerator", -520.0)]
    frame = spark.createDataFrame(refrigerators, "id int, category string, effective_volume double")
    frame.write.parquet(str(tmp_path / "register"))
    here = re.sub(r'parquet\("(\w+)"\)', lambda found: f'parquet("{(tmp_path / found[1]).as_posix()}")', code[1])
    space: dict[str, Any] = {"spark": spark}
    exec(here, space)
    assert [(row["id"], row["problems"][0]["column"]) for row in space["rejected"].collect()] == [
        (2, "effective_volume")
    ]
    assert spark.read.parquet(str(tmp_path / "decided")).where("outcome = 'production_licence'").count() == 1
