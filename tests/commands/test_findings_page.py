"""docs/findings.md: every code is explained, with its severity and an example that the checker really prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from accessrules.commands.findingwords import finding_item
from accessrules.commands.inputs import Setting
from accessrules.commands.telling import Teller
from accessrules.explaining.document import Document, Items
from accessrules.explaining.writers import write_text
from accessrules.findings import CODES
from tests.docs_check import ROOT

FILE = ROOT / "docs" / "findings.md"
PAGE = FILE.read_text(encoding="utf-8")
_YAML = re.compile(r"```yaml\n# (\S+)\n(.*?)```", re.DOTALL)
_SHOWN = re.compile(r"(?<=```text\n)(.*?)(?=```)", re.DOTALL)


def sections() -> dict[str, str]:
    """The page in sections by code; what stands before the first is under the empty one."""
    opening, *rest = re.split(r"^## `(\w+)`\n", PAGE, flags=re.MULTILINE)
    return {"": opening, **dict(zip(rest[::2], rest[1::2], strict=True))}


def printed(code: str, text: str, folder: Path) -> str:
    """What is printed of the findings of a code, for the rules of a section laid over those of the opening."""
    for name, content in (*_YAML.findall(sections()[""]), *_YAML.findall(text)):
        (folder / "tiny" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "tiny" / name).write_text(content, encoding="utf-8")
    setting = Setting(folder="tiny", proposals=(), lang="en", format="text")
    steps = re.search(r"`accessrules check --most-steps (\d+)`", text)
    found = setting.rules.check(most_steps=int(steps[1]) if steps else None)
    teller = Teller(setting.rules, "en")
    items = tuple(finding_item(one, setting, teller) for one in found if one.code == code)
    return write_text(Document((Items(items),)), width=100)


def test_every_code_has_its_section_and_its_line_in_the_table() -> None:
    """In the order in which findings are listed, each with its usual severity."""
    assert list(sections()) == ["", *CODES]
    rows = re.findall(r"^\| \[`(\w+)`\]\(#(\w+)\) \| (\w+)", PAGE, re.MULTILINE)
    assert rows == [(code, code, severity) for code, severity in CODES.items()]
    for code, severity in CODES.items():
        assert re.match(rf"\n\*\*{severity}\b", sections()[code], re.IGNORECASE), code
        assert "*What to do:*" in sections()[code]


@pytest.mark.parametrize("code", list(CODES))
def test_the_example_of_each_code_is_what_is_printed(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """The example has a finding of that code, and the page shows it word for word."""
    monkeypatch.chdir(tmp_path)
    section = sections()[code]
    text = printed(code, section, tmp_path)
    assert f"{code}: " in text
    if request.config.getoption("--rewrite-golden"):
        page = FILE.read_text(encoding="utf-8")
        now = re.split(rf"^## `{code}`\n", page, flags=re.MULTILINE)[1]
        now = re.split(r"^## ", now, flags=re.MULTILINE)[0]
        FILE.write_text(page.replace(now, _SHOWN.sub(lambda _: text, now, count=1)), encoding="utf-8")
    else:
        (shown,) = _SHOWN.findall(section)
        assert shown == text
