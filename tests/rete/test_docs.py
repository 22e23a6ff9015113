"""The page about durable-rules shows what it really answers."""

from __future__ import annotations

import re
from typing import Any

from tests.docs_check import ROOT


def test_the_example_of_the_page() -> None:
    """The call that the page shows gives the answer in its comment."""
    page = (ROOT / "docs" / "rete.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert code
    shown = re.search(r"# (\(.*\))", code[1])
    assert shown
    space: dict[str, Any] = {}
    exec(code[1].replace("    engine.fires", "    fired = engine.fires"), space)
    assert repr(space["fired"]) == shown[1]
