"""The tables of docs/coverage.md as data."""

from __future__ import annotations

import re

from tests.docs_check import ROOT

__all__ = ["TABLES", "in_backticks"]


def _tables(text: str) -> dict[str, list[list[str]]]:
    """The rows of the table under each heading of the third level."""
    found: dict[str, list[list[str]]] = {}
    for part in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        heading, _, body = part.partition("\n")
        body = re.split(r"^#", body, flags=re.MULTILINE)[0]
        rows = [line for line in body.splitlines() if line.startswith("| ")][1:]
        found[heading.strip()] = [
            [cell.strip() for cell in row.strip().removeprefix("|").removesuffix("|").split("|")] for row in rows
        ]
    return found


def in_backticks(cell: str) -> list[str]:
    """What a cell names in code."""
    return re.findall(r"`([^`]+)`", cell)


TABLES = _tables((ROOT / "docs" / "coverage.md").read_text(encoding="utf-8"))
