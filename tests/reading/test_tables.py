"""Titles of table rows, and what a rule set says of itself."""

from __future__ import annotations

from pathlib import Path

from accessrules import load_rules
from tests.reading.test_cases import CASES, laid_over_base


def test_a_table_title_names_the_value_in_each_language(tmp_path: Path) -> None:
    """`{fact}` in a table's title is the label of the value that the row's `when` names."""
    laid_over_base(CASES / "good" / "table", tmp_path)
    title = load_rules(tmp_path / "rules").form.rules["other.licensed"].title
    assert title is not None
    assert (title.en, title.zh) == ("any other product: production licence", "其他产品：生产许可证")
