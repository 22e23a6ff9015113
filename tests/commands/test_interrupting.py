"""Ctrl-C while processes work together: it goes to all of them at once, as a terminal sends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.commands.test_program import MODULE, ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="process groups are those of Unix")

SOON = 5.0
"""Seconds; far less than the work would take, and enough for a machine that has much else to do."""


def living(group: int) -> int:
    """How many processes of a group there are that have not ended."""
    listed = subprocess.run(["ps", "-A", "-o", "pgid=,stat="], capture_output=True, text=True, check=True).stdout
    states = [line.split() for line in listed.splitlines()]
    return sum(int(one[0]) == group and not one[1].startswith("Z") for one in states)


def wait_until_alone(group: int) -> None:
    end = time.monotonic() + SOON
    while living(group):
        assert time.monotonic() < end, "a worker goes on"
        time.sleep(0.05)


@pytest.mark.parametrize(("later", "times"), [(0.0, 1), (0.3, 2), (3.0, 1), (3.0, 2)])
def test_mutating_stops_at_once(later: float, times: int) -> None:
    """Whether its workers start or work, it ends as any program that is interrupted, and they end with it.

    A second one may come when Python itself no longer listens: then it ends by the signal.
    """
    program = subprocess.Popen(
        [*MODULE, "test", "--mutate"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        start_new_session=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        begun = time.monotonic()
        while living(program.pid) < 3:  # the program, what watches over its semaphores, a worker
            assert program.poll() is None
            assert time.monotonic() < begun + 60
            time.sleep(0.02)
        time.sleep(later)
        for _ in range(times):
            os.killpg(program.pid, signal.SIGINT)
            time.sleep(0.2)
        out, err = program.communicate(timeout=SOON)
        assert program.returncode in ([130] if times == 1 else [130, -signal.SIGINT])
        assert (out, err.split()) == ("", ["interrupted"])
        wait_until_alone(program.pid)
    finally:
        if living(program.pid):
            os.killpg(program.pid, signal.SIGKILL)
        program.wait()
