"""The command line as the tests call it: in this process, on the sample rule set."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from accessrules.commands import app

SAMPLE = Path(__file__).parent / "sample"


@dataclass(frozen=True)
class Ran:
    """What a call printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on standard output, where nothing is on standard error."""
        assert not self.err
        return json.loads(self.out)

    @property
    def text(self) -> str:
        """Standard output with its lines joined, so that a test need not know where they break."""
        return " ".join(self.out.split())


Run = Callable[..., Ran]


@pytest.fixture
def run() -> Run:
    """Run the command line; `rules` is a folder, by default the sample; None leaves the option out."""

    def call(*args: str, rules: Path | None = SAMPLE, input: str | bytes | None = None) -> Ran:
        options = [] if rules is None else ["--rules", str(rules)]
        result = CliRunner().invoke(app, [args[0], *options, *args[1:]], input=input)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    return call
