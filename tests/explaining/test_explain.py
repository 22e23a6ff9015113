"""`Decision.explain`: which languages and formats there are, and what it costs not to use it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from accessrules import QueryError
from accessrules.explaining import FORMATS, explain
from tests.explaining.examples import decide


def test_the_width_is_eighty_where_none_is_given() -> None:
    decision = decide("decided")
    assert decision.explain() == explain(decision, width=80)
    assert decision.explain(width=40) != decision.explain()


@pytest.mark.parametrize("format", FORMATS)
def test_another_language_is_refused_in_every_format(format: str) -> None:
    with pytest.raises(QueryError) as raised:
        decide("decided").explain("cn", format)
    (problem,) = raised.value.problems
    assert (problem.path, problem.message) == ("$.lang", "unknown language `cn`")
    assert problem.help == "did you mean `en`?" or problem.help.startswith("the languages are")


def test_another_format_is_refused_with_the_nearest() -> None:
    with pytest.raises(QueryError) as raised:
        decide("decided").explain(format="markdown")
    (problem,) = raised.value.problems
    assert (problem.path, problem.message) == ("$.format", "unknown format `markdown`")
    assert problem.help == "did you mean `md`?"


def test_importing_the_library_does_not_import_what_sets_text() -> None:
    code = "import sys, accessrules; sys.exit('rich' in sys.modules or 'accessrules.explaining.story' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
