"""Every relative link and every named file in README.md and docs/ leads somewhere; `python -m tests.docs_check`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
_LINK = re.compile(r"\[[^\]]*\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")
_FILE = re.compile(r"`((?:accessrules|tests|docs|rules|benchmarks)/[\w./-]+\.\w+)`")


def broken_references() -> list[str]:
    """`file: reference` for each link or file name that leads nowhere."""
    broken = []
    for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = page.read_text(encoding="utf-8")
        wanted = [page.parent / link for link in _LINK.findall(text)]
        wanted += [ROOT / name for name in _FILE.findall(text)]
        broken += [f"{page.relative_to(ROOT)}: {target}" for target in wanted if not target.exists()]
    return broken


if __name__ == "__main__":
    found = broken_references()
    print("\n".join(found) or "all references lead somewhere")
    sys.exit(bool(found))
