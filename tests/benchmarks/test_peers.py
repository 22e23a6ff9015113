"""The benchmark's peers: each that is installed gives the outcomes of the rules, and one that does not is found out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click import ClickException
from click.testing import CliRunner

pytest.importorskip("pyarrow", reason="needs benchmarks/peers/requirements.txt")
pytest.importorskip("numpy", reason="needs benchmarks/peers/requirements.txt")

from benchmarks.columns import cases_of, table_of
from benchmarks.peers import __main__ as program
from benchmarks.peers.files import Files, measure_files
from benchmarks.peers.one import Disagreement, Job, Result, check_decisions, check_table, checked_cases
from benchmarks.peers.peer import PEERS, Peer, Skipped, peer_class
from benchmarks.peers.report import Report
from benchmarks.problem import Problem, problem

MADE = problem(30)
OF_OTHER_FORMS = ("accessrules", "if/elif (Python)")
"""They take the files, and the generated code, of a problem in the place of its plain rules."""


def peer_of(name: str, made: Problem = MADE) -> Peer:
    """A peer, built; skips the test where it is not there."""
    try:
        return peer_class(name)(made)
    except Skipped as reason:
        pytest.skip(f"{name}: {reason}")


def test_the_reference_agrees_with_what_peers_are_held_against() -> None:
    """The reference interpreter gives each outcome of the generated Python on the cases of all checks."""
    program.hold_against_reference()


@pytest.mark.parametrize("name", PEERS)
def test_each_peer_decides_as_the_rules_do(name: str) -> None:
    """One by one where it can, and as a table."""
    peer = peer_of(name)
    if peer.alone:
        check_decisions(peer, MADE)
    check_table(peer, MADE)


@pytest.mark.parametrize("name", [name for name in PEERS if name not in OF_OTHER_FORMS])
@pytest.mark.parametrize("forgotten", ["rank", "day"])
def test_a_peer_that_forgets_something_is_found_out(name: str, forgotten: str) -> None:
    """With the priority of the later rules, or the first day of all rules, left out, it disagrees."""
    changes: dict[str, Any] = {"rank": {"rank": -1}, "day": {"start": min(rule.start for rule in MADE.rules)}}
    wrong = tuple(
        replace(rule, **changes[forgotten]) if rule.rank or forgotten == "day" else rule for rule in MADE.rules
    )
    peer = peer_of(name, replace(MADE, rules=wrong))
    with pytest.raises((Disagreement, AssertionError)):
        check_table(peer, MADE)


def test_unknown_facts_are_checked_too() -> None:
    """A table of accessrules with unknown facts ends as each row alone does."""
    check_table(peer_of("accessrules"), MADE, unknown=0.1)


def test_cases_survive_the_columns() -> None:
    """A table of cases has those cases; a random one has so many rows, and lacks facts where it should."""
    cases = checked_cases(MADE)[:50]
    assert cases_of(table_of(cases)) == cases
    table = MADE.table(2_000, unknown=0.1)
    lacking = [len(facts) for facts, _ in cases_of(table) if len(facts) < 8]
    assert 140 < len(lacking) < 260
    assert {5, 6, 7} == set(lacking)
    assert all(len(facts) == 8 for facts, _ in cases_of(MADE.table(100)))


def test_a_run_prints_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small run checks, times, prints, and writes the page's measured part and figure."""
    pytest.importorskip("matplotlib")
    monkeypatch.setattr(program, "hold_against_reference", lambda: None)  # slow, and a test of its own
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- measured -->\nyesterday\n<!-- end -->\nafter\n", encoding="utf-8")
    arguments = ["--rules", "30", "--rows", "500", "--peer", "if/elif (Python)", "--write", str(page)]
    done = CliRunner().invoke(program.main, arguments)
    assert done.exit_code == 0, done.output
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n<!-- measured -->\nOne run")
    assert text.endswith("<!-- end -->\nafter\n")
    assert "| if/elif (Python) | 1 |" in text
    assert "yesterday" not in text
    assert page.with_suffix(".svg").read_text(encoding="utf-8").count("One decision") == 1


def test_wrong_calls_are_told() -> None:
    """An unknown peer, and a page without marks."""
    done = CliRunner().invoke(program.main, ["--peer", "nobody"])
    assert done.exit_code == 1
    assert "no peer 'nobody'; there are accessrules" in done.output
    with pytest.raises(ClickException, match="measured"):
        program.written("a page", "tables")


def result(peer: str, rate: float, rules: int = 300, threads: int = 1, unknown: float = 0.0, us: float = 1.0) -> Result:
    """A result with so many decisions a second."""
    job = Job(peer, rules, 1_000, threads, unknown)
    return Result(job, decide_us=us, rows=1_000, build_s=1.0, first_s=1.0, steady_s=1_000 / rate)


def test_what_is_wanted_is_told_as_ratios() -> None:
    """Measured against bound, either way; what was not measured is neither met nor missed."""
    own = [result("accessrules", 10e6), result("accessrules", 14e6, threads=2), result("accessrules", 3e6, unknown=0.1)]
    others = [result("C loop", 40e6), result("zen-engine", 1e5, us=4), result("OpenFisca-Core", 1e6)]
    wanted = {one.what: one for one in Report([*own, *others]).wanted()}

    def told(what: str) -> tuple[float | None, bool | None]:
        measured = wanted[what].measured
        return (None if measured is None else round(measured, 3)), wanted[what].met

    assert told("decide / zen-engine") == (0.25, True)
    assert told("decide_table / C loop, one thread each") == (0.25, False)
    assert told("decide_table / OpenFisca-Core, one thread each") == (10, True)
    assert told("decide_table, a tenth of the rows unknown / none") == (0.3, True)
    assert told("decide_table, two cores / one") == (1.4, False)
    assert told("decide_table, 3,000 rules / 300") == (None, None)


def test_files_are_measured_and_told() -> None:
    """Both write a file of so many rows; time and memory are ratios of the run."""
    pytest.importorskip("polars")
    found = measure_files(30, 2_000)
    assert set(found.taken) == {"accessrules", "Polars"}
    assert all(seconds > 0 and memory > 10 for seconds, memory in found.taken.values())
    made = Files(10, 30, {"accessrules": (6.0, 2048.0), "Polars": (3.0, 512.0)})
    report = Report([result("C loop", 1e6)], made)
    wanted = [(one.what, one.measured, one.met) for one in report.wanted() if one.what.startswith("Parquet")]
    assert wanted == [("Parquet to Parquet / Polars", 2, True), ("Parquet to Parquet, GiB of memory", 2, False)]
    assert "Parquet in, Parquet out, 10 rows at 30 rules" in report.markdown()
    assert "Parquet in" not in Report([result("C loop", 1e6)]).markdown()


def test_a_peer_that_is_skipped_is_told() -> None:
    """With its reason, once."""
    missing = [Result(Job("cedarpy", size, 1_000), skipped="`cedarpy` is not installed") for size in (30, 300)]
    text = Report([result("C loop", 1e6), *missing]).markdown()
    assert text.count("Not measured: cedarpy: `cedarpy` is not installed.") == 1
