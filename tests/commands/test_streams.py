"""Standard streams that are closed, endless or in another encoding, and files that are none."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.commands.conftest import SAMPLE, Run
from tests.commands.test_program import LARGE, MODULE, ROOT

RULES = ["--rules", str(SAMPLE)]
unix = pytest.mark.skipif(sys.platform == "win32", reason="a Unix shell and its devices")


def shell(redirection: str, *args: str) -> tuple[int, str, str]:
    """Run the program with a shell's redirection."""
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {redirection}', "sh", *MODULE, *args],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


@unix
@pytest.mark.parametrize("args", [["decide", *RULES, "--facts", "-"], ["ask", *RULES]])
def test_a_closed_standard_input_is_told(args: list[str]) -> None:
    code, out, err = shell("<&-", *args)
    assert (code, out) == (2, "")
    assert "there is no standard input" in err


@unix
@pytest.mark.parametrize(
    "args", [LARGE, [*LARGE, "--format", "json"], ["schema", "rules"], ["schema"], ["--help"], ["--version"]]
)
@pytest.mark.parametrize("closed", [">&-", ">&- <&-", ">&- 2>&- <&-"])
def test_a_closed_standard_output_is_quiet(args: list[str], closed: str) -> None:
    assert shell(closed, *args) == (0, "", "")


@unix
def test_a_closed_standard_error_is_quiet() -> None:
    assert shell("2>&-", "decide", *RULES, "x=1") == (2, "", "")


@unix
def test_a_standard_input_that_cannot_be_read_is_told() -> None:
    code, _, err = shell("0>/dev/null", "decide", *RULES, "--facts", "-")
    assert code == 2
    assert "standard input:1:1: cannot be read" in err


@pytest.mark.parametrize("more", [[], ["--decision", "all"]], ids=["one", "all"])
def test_json_is_utf_8_where_the_encoding_has_no_chinese(more: list[str]) -> None:
    done = subprocess.run(
        [*MODULE, *LARGE, "--format", "json", *more],
        capture_output=True,
        cwd=ROOT,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"},
    )
    assert (done.returncode in (0, 3), done.stderr) == (True, b"")
    assert "大容积电冰箱".encode() in done.stdout


@unix
def test_an_endless_input_is_refused() -> None:
    assert "is longer than 16 MB" in shell("</dev/zero", "decide", *RULES, "--facts", "-")[2]
    code, _, err = shell("</dev/zero", "ask", *RULES)
    assert (code, err.splitlines()[0]) == (2, "error: ask: an answer is longer than 10000 characters")


@unix
@pytest.mark.parametrize("file", ["/dev/zero", "/"])
def test_facts_are_not_read_from_devices_and_folders(run: Run, file: str) -> None:
    ran = run("decide", "--facts", file)
    assert (ran.code, ran.out) == (2, "")
    assert f"error: {file}:1:1: is no ordinary file\n  help: name a text file" in ran.err


@unix
def test_facts_are_read_from_a_named_pipe(run: Run, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text("category: pump"), daemon=True)
    writer.start()
    assert run("decide", "--facts", str(pipe), "--on", "2018-03-14").code == 0
    writer.join()


def test_a_facts_file_is_no_longer_than_standard_input_may_be(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "facts.yaml"
    file.write_bytes(b" " * 16_000_001)
    assert f"{file}:1:1: is longer than 16 MB" in run("decide", "--facts", str(file)).err


def test_what_is_not_utf_8_is_told_with_its_place(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "facts.yaml"
    file.write_bytes(b"category: pump\npurpose: \xff\n")
    assert f"{file}:2:10: is not UTF-8 text" in run("decide", "--facts", str(file)).err
