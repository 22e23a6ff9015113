"""The documents name only what is there, and show what is really printed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from accessrules import load_rules
from accessrules.commands import app
from tests.docs_check import ROOT, broken_references
from tests.reading.test_cases import CASES, laid_over_base

README = (ROOT / "README.md").read_text(encoding="utf-8")
FORMAT = (ROOT / "docs" / "rule-format.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    """Each command of the README's table and of its first example."""
    shown = [
        *re.findall(r"`(accessrules [a-z-]+[^`\n]*)`", README),
        *re.findall(r"^(accessrules .*)$", README, re.MULTILINE),
    ]
    return sorted(set(shown))


def run(command: str, stdin: str = "") -> Any:
    """Run a command line in this process."""
    return CliRunner().invoke(app, shlex.split(command)[1:], input=stdin)


def test_every_reference_in_the_documents_leads_somewhere() -> None:
    """No link and no file name in README.md or docs/ is broken."""
    assert broken_references() == []


def test_the_readme_shows_what_is_printed(request: pytest.FixtureRequest) -> None:
    """The decision in the README is the one that its command prints."""
    shown = re.search(r"<!-- printed -->\n```text\n(.*?)\n```", README, re.DOTALL)
    assert shown
    printed = run(re.findall(r"^(accessrules .*)$", README, re.MULTILINE)[0]).stdout.rstrip()
    if request.config.getoption("--rewrite-golden"):
        (ROOT / "README.md").write_text(README.replace(shown[1], printed), encoding="utf-8")
    else:
        assert printed == shown[1]


@pytest.mark.parametrize("command", commands())
def test_each_command_of_the_readme_answers(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command that the README shows runs from the root of the checkout, and is answered."""
    monkeypatch.chdir(ROOT)
    result = run(command, stdin="?\n?\n?\n")
    assert result.exit_code in (0, 3), result.output
    assert result.stdout


def test_the_python_of_the_readme_says_what_it_says() -> None:
    """Each line of the README's Python gives what its comment says."""
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert code
    space: dict[str, Any] = {}
    compared = 0
    for line in code[1].splitlines():
        source, _, comment = line.partition("#")
        if comment.strip().startswith("'"):
            assert repr(eval(source, space)) == comment.strip()
            compared += 1
        elif source.strip():
            exec(source, space)
    assert compared == 3


def test_the_rules_of_the_drafters_guide_load(tmp_path: Path) -> None:
    """The guide's first rule and its table are rules that load (beside the vocabulary that they speak of)."""
    laid_over_base(CASES / "base", tmp_path)
    folder = tmp_path / "rules"
    (folder / "decisions" / "refrigerators.yaml").unlink()
    pieces = [
        p
        for p in re.findall(r"```yaml\n(.*?)```", FORMAT, re.DOTALL)
        if p.lstrip("# ").startswith(("rules/", "decision:"))
    ]
    assert len(pieces) == 2
    for number, text in enumerate(pieces):
        (folder / "decisions" / f"guide{number}.yaml").write_text(text, encoding="utf-8")
    vocabulary = folder / "vocabulary.yaml"
    more = "      pumps: {en: pumps, zh: 泵}\n      cement: {en: cement, zh: 水泥}\n"
    text = vocabulary.read_text(encoding="utf-8")
    vocabulary.write_text(text.replace("      other_product:", f"{more}      other_product:"), encoding="utf-8")
    instruments = folder / "instruments.yaml"
    instruments.write_text(instruments.read_text(encoding="utf-8") + _REG440, encoding="utf-8")
    rules = load_rules(folder)
    assert sorted(rules.form.rules) == ["cement.licensed", "pumps.licensed", "refrigerator.large.licensed"]


_REG440 = """\
  reg440-2005:
    {title: Regulations, issuer: state_council, rank: regulation, published: 2005-07-09, confidence: unverified}
"""
