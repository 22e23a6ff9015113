"""The tests of tables need the extra `tables`."""

from __future__ import annotations

import importlib.util

import pytest

if importlib.util.find_spec("pyarrow") is None:
    collect_ignore_glob = ["*.py"]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
