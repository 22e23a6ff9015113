"""What all tests share: hypothesis profiles (a quick one that always draws the same examples, a long one for nights),
and the comparison with expected outputs."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

# Rule sets are large examples: their generation alone may take longer than hypothesis expects of one.
_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)

# A failing example is made small, but not explained: that would take minutes.
_PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.target, Phase.shrink)
_ALWAYS = settings(deadline=None, phases=_PHASES, suppress_health_check=_SLOW, report_multiple_bugs=False)

settings.register_profile("quick", _ALWAYS, max_examples=40, derandomize=True)
settings.register_profile("thorough", _ALWAYS, max_examples=1000)
settings.load_profile("thorough" if os.environ.get("ACCESSRULES_THOROUGH") else "quick")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--rewrite-golden` writes what the tests see in the place of what they expect; review it as a diff."""
    parser.addoption("--rewrite-golden", action="store_true", help="rewrite the expected outputs beside the tests")


_NEEDS = {
    ("durable_rules_engine", "rete"): ("accessrules/rete/", "tests/rete/", "tests/properties/test_rete.py"),
    ("sqlglot", "sql"): ("accessrules/exporting/exports.py",),
}
"""What needs a package of an extra, by the package and the extra."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a package that is not installed, and say so: durable-rules needs a C compiler."""
    for (package, extra), needing in _NEEDS.items():
        if importlib.util.find_spec(package) is None:
            skipped = pytest.mark.skip(reason=f"{package} is not installed: `pip install 'accessrules[{extra}]'`")
            for item in items:
                if item.nodeid.startswith(needing):
                    item.add_marker(skipped)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, Path], None]:
    """Compare a text with a file of what it should be, or rewrite that file."""

    def compare(text: str, expected: Path) -> None:
        if request.config.getoption("--rewrite-golden"):
            expected.parent.mkdir(parents=True, exist_ok=True)
            expected.write_text(text, encoding="utf-8")
        assert expected.is_file(), f"no {expected}: write it with --rewrite-golden, and read it"
        assert text == expected.read_text(encoding="utf-8")

    return compare
