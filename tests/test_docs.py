"""The documents name only what is there, and show what is really printed."""

from __future__ import annotations

from tests.docs_check import broken_references


def test_every_reference_in_the_documents_leads_somewhere() -> None:
    """No link and no file name in README.md or docs/ is broken."""
    assert broken_references() == []
