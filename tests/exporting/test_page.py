"""docs/sql.md shows what is really printed."""

from __future__ import annotations

import contextlib
import io
import re

import pytest

from tests.docs_check import ROOT

PAGE = (ROOT / "docs" / "sql.md").read_text(encoding="utf-8")


def test_the_example_prints_what_the_page_shows() -> None:
    for name in ("sqlglot", "duckdb"):
        pytest.importorskip(name, reason=f"{name} is not installed")
    code = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, re.DOTALL)
    assert code
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code[1], {})
    assert printed.getvalue() == code[2]
