"""docs/tables.md shows what is really printed."""

from __future__ import annotations

import contextlib
import io
import re

from tests.docs_check import ROOT

PAGE = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")


def test_the_example_prints_what_the_page_shows() -> None:
    code = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, re.DOTALL)
    assert code
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code[1], {})
    assert printed.getvalue() == code[2]
