"""docs/sql.md shows what is really printed."""

from __future__ import annotations

import contextlib
import io
import re

import pytest

from tests.docs_check import ROOT

pytest.importorskip("sqlglot", reason="sqlglot is not installed: `pip install 'accessrules[sql]'`")
pytest.importorskip("duckdb", reason="duckdb is not installed: `pip install 'accessrules[dev]'`")


def test_the_example_prints_what_the_page_shows() -> None:
    page = (ROOT / "docs" / "sql.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", page, re.DOTALL)
    assert code
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code[1], {})
    assert printed.getvalue() == code[2]
