"""The drafter's walk in docs/drafting.md runs as it stands there, and prints what it shows."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.commands.conftest import Run

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "drafting.md").read_text(encoding="utf-8")
STEP = re.compile(r"^( *)```sh\n(.*?)^ *```\n\n^ *```text\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)


def test_the_walk_runs_as_it_is_written(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every command is answered, and each line shown is printed by the commands above it, in that order."""
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    draft = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert draft
    (tmp_path / "draft.yaml").write_text(draft[1], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    steps = STEP.findall(PAGE)
    assert len(steps) == PAGE.count("```sh") == PAGE.count("```text")
    for indent, *blocks in steps:
        commands, shown = (re.sub(f"^{indent}", "", block, flags=re.MULTILINE) for block in blocks)
        printed: list[str] = []
        for command in commands.splitlines():
            program, *arguments = shlex.split(command)
            ran = run(*arguments, rules=None)
            assert (program, ran.code in (0, 1), ran.err) == ("accessrules", True, ""), command
            printed += ran.out.splitlines()
        lines = iter(printed)
        missing = [line for line in shown.splitlines() if line not in lines]
        assert not missing, commands
