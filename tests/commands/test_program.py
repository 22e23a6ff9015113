"""The program as a shell sees it: entry points, help, closed pipes, interrupts, colours, faults."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from accessrules.commands import app
from accessrules.commands.app import TRACEBACK, VERBS
from accessrules.commands.output import Look
from tests.commands.conftest import SAMPLE, Run

ROOT = Path(__file__).parents[2]
MODULE = [sys.executable, "-m", "accessrules"]
LARGE = ["decide", "--rules", str(SAMPLE), "category=fridge", "effective_volume=520", "--on", "2018-03-14"]


def call(args: list[str], **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        args, capture_output=True, encoding="utf-8", cwd=ROOT, env={**os.environ, **extra}, check=False
    )


@pytest.mark.parametrize("program", [MODULE, [sys.executable, "cli.py"]], ids=["module", "checkout"])
def test_each_entry_point_runs(program: list[str]) -> None:
    done = call([*program, *LARGE])
    assert (done.returncode, done.stderr) == (0, "")
    assert "Answer: production licence." in done.stdout
    assert call([*program, *LARGE, "x"]).returncode == 2


def test_a_pipe_has_no_colours_and_80_columns() -> None:
    done = call([*MODULE, *LARGE], COLUMNS="200", FORCE_COLOR="1")
    assert "\x1b" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_a_closed_pipe_is_quiet() -> None:
    program = subprocess.Popen([*MODULE, "schema", "rules"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
    assert program.stdout
    assert program.stderr
    program.stdout.close()
    assert program.stderr.read() == b""
    assert program.wait() == 141
    program.stderr.close()


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_an_interrupt_ends_cleanly() -> None:
    program = subprocess.Popen(
        [*MODULE, "ask", "--rules", str(SAMPLE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    assert program.stdout
    while b"Which product" not in program.stdout.readline():
        pass
    time.sleep(0.2)  # until it waits for an answer
    program.send_signal(signal.SIGINT)
    _, err = program.communicate()
    assert (program.returncode, err.strip()) == (130, b"interrupted")


def test_output_that_the_encoding_has_not_is_replaced() -> None:
    done = subprocess.run(
        [*MODULE, *LARGE, "--lang", "zh"],
        capture_output=True,
        cwd=ROOT,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"?" in done.stdout


def test_json_is_utf_8_whatever_the_encoding() -> None:
    done = call([*MODULE, *LARGE, "--format", "json"], PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, "")
    assert "大容积电冰箱" in done.stdout


# ---------------------------------------------------------------------------------------------------- in this process


def test_the_list_of_verbs_is_shown(run: Run) -> None:
    out = run("--help", rules=None).out
    assert all(f"  {verb} " in out for verb in VERBS)


@pytest.mark.parametrize("verb", list(VERBS))
def test_each_verb_has_help_with_an_example(run: Run, verb: str) -> None:
    ran = run(verb, "--help", rules=None)
    assert (ran.code, ran.err) == (0, "")
    assert f"  accessrules {verb}" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


@pytest.mark.parametrize("columns", ["40", "60"])
def test_help_fits_a_narrow_terminal_but_for_its_examples(
    run: Run, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    lines = run("--help", rules=None).out.splitlines()
    assert max(len(one) for one in lines if not one.startswith("  accessrules ")) <= int(columns)


def test_without_a_verb_the_help_is_shown_and_it_ends_with_2() -> None:
    from click.testing import CliRunner

    result = CliRunner().invoke(app, [])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Verbs:" in result.stderr


def test_the_version_is_printed(run: Run) -> None:
    ran = run("--version", rules=None)
    assert ran.code == 0
    assert ran.out.startswith("accessrules ")


def test_a_fault_of_the_program_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError("of\nsorts")

    monkeypatch.setattr("accessrules.commands.schema.print_json", fail)
    ran = run("schema", "rules", rules=None)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "error: unexpected: ZeroDivisionError of sorts\n"
        "  help: this is a fault of the program; ACCESSRULES_TRACEBACK=1 shows where\n"
    )
    monkeypatch.setenv(TRACEBACK, "1")
    with pytest.raises(AssertionError, match="of"):
        run("schema", "rules", rules=None)


def test_a_file_that_cannot_be_read_is_no_fault(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise PermissionError(13, "Permission denied", "/secret")

    monkeypatch.setattr("accessrules.commands.schema.print_json", fail)
    assert run("schema", "rules", rules=None).err == "error: /secret: permission denied\n"


class Terminal:
    """A stream that is a terminal."""

    encoding = "UTF-8"

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environ", "color", "boxes"),
    [
        ({}, True, True),
        ({"NO_COLOR": "1"}, False, True),
        ({"NO_COLOR": ""}, True, True),
        ({"TERM": "dumb"}, False, False),
    ],
)
def test_colours_are_for_terminals_that_want_them(environ: dict[str, str], color: bool, boxes: bool) -> None:
    look = Look.of(Terminal(), environ)  # type: ignore[arg-type]
    assert (look.color, look.boxes) == (color, boxes)


def test_boxes_are_for_terminals_that_have_them() -> None:
    terminal = Terminal()
    terminal.encoding = "ascii"
    assert not Look.of(terminal, {}).boxes  # type: ignore[arg-type]


def test_colours_on_a_terminal(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    look = Look(60, color=True, boxes=True)
    monkeypatch.setattr(Look, "of", classmethod(lambda *_: look))
    ran = run("what-if", "--vary", "category=fridge,pump", "--vary", "effective_volume=400..600", "--on", "2018-03-14")
    assert "\x1b[38;5;16m\x1b[48;5;" in ran.out
    plain = click.unstyle(ran.out)
    assert max(map(len, plain.splitlines())) <= 60
    assert "\x1b[31m" in run("decide", "x").err
