"""Compare accessrules with its peers: `python -m benchmarks.peers`, see docs/performance.md."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from accessrules.cores import cores
from benchmarks.peers.one import Disagreement, Job, Result, checked_cases
from benchmarks.problem import problem

MARKED = re.compile(r"(<!-- measured -->\n).*?(<!-- end -->)", re.DOTALL)
FILE_PEERS = ("accessrules", "Polars when/then")
"""Those that must be compared for files to be."""

PATIENCE = 300
"""Seconds that one peer may take at one size."""


def hold_against_reference() -> None:
    """The generated Python against the reference interpreter, on the very cases of each peer; raises Disagreement.

    At 30 rules, as the interpreter first compares every two rules by trying values.
    """
    from tests.reference.interpreter import Interpreter

    made = problem(30)
    reference = Interpreter(made.form())
    for facts, day in checked_cases(made):
        right = reference.decide(facts, "route", day).outcome
        if made.python(facts, day) != right:
            raise Disagreement(f"the generated Python says {made.python(facts, day)}, not {right}: {facts} on {day}")


def jobs(peers: list[str], sizes: list[int], rows: int) -> Iterator[Job]:
    """What to measure, in the order of the tables."""
    from benchmarks.peers.peer import Skipped, peer_class

    for peer in peers:
        try:
            threaded = peer_class(peer).threaded
        except Skipped:
            threaded = False
        for threads in (1, 2) if threaded and cores() > 1 else (1,):
            yield from (Job(peer, size, rows, threads) for size in sizes)
        if peer == "accessrules":
            yield from (Job(peer, size, rows, unknown=0.1) for size in sizes)
            yield Job(peer, 30_000, 0)


def run(job: Job) -> Result:
    """Measure one peer in a process of its own; a disagreement is an error, a crash is told in its place."""
    command = [sys.executable, "-m", "benchmarks.peers.one", json.dumps(asdict(job))]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return Result(job, skipped=f"took more than {PATIENCE} s at {job.rules:,} rules")
    if done.returncode < 0:
        return Result(job, skipped=f"its process ended by signal {-done.returncode} at {job.rules:,} rules")
    if done.returncode:
        raise click.ClickException(f"{job}:\n{done.stderr}")
    found = json.loads(done.stdout.splitlines()[-1])
    return Result(**{**found, "job": job})


@click.command()
@click.option("--rules", "sizes", type=int, multiple=True, default=(30, 300, 3_000), help="How many; repeatable.")
@click.option("--rows", default=1_000_000, help="Rows of a table, for peers that are fast enough.")
@click.option("--file-rows", default=10_000_000, help="Rows of a Parquet file, where Polars is compared; 0 for none.")
@click.option("--peer", "chosen", multiple=True, help="Only these; repeatable.")
@click.option("--format", "form", type=click.Choice(["md", "json"]), default="md", help="How to print.")
@click.option("--figure", type=click.Path(path_type=Path), help="Draw an SVG or PNG as well.")
@click.option("--write", "page", type=click.Path(path_type=Path, exists=True), help="Replace a page's measured part.")
def main(
    sizes: tuple[int, ...],
    rows: int,
    file_rows: int,
    chosen: tuple[str, ...],
    form: str,
    figure: Path | None,
    page: Path | None,
) -> None:
    """Check every peer against the rules, time those that agree, and print tables.

    `--write docs/performance.md` also draws the page's figure, beside it.
    """
    try:
        from benchmarks.peers.files import measure_files
        from benchmarks.peers.peer import PEERS
        from benchmarks.peers.report import Report
    except ImportError as wrong:
        help = "pip install -r benchmarks/peers/requirements.txt"
        raise click.ClickException(f"`{wrong.name}` is not installed: {help}") from None
    if unknown := [peer for peer in chosen if peer not in PEERS]:
        raise click.ClickException(f"no peer {unknown[0]!r}; there are {', '.join(PEERS)}")
    hold_against_reference()
    results = []
    for job in jobs(list(chosen or PEERS), sorted(set(sizes)), rows):
        click.echo(f"{job.peer}, {job.rules:,} rules, {job.threads} thread{'s' * (job.threads > 1)}", err=True)
        results.append(run(job))
    files = None
    if file_rows and set(FILE_PEERS) <= set(chosen or PEERS):
        click.echo("files of Parquet", err=True)
        files = measure_files(300, file_rows)
    report = Report(results, files)
    click.echo(json.dumps(report.data(), indent=1) if form == "json" else report.markdown())
    if page:
        page.write_text(written(page.read_text(encoding="utf-8"), report.markdown()), encoding="utf-8")
        figure = figure or page.with_suffix(".svg")
    if figure:
        from benchmarks.peers.figure import draw

        draw(figure, report)


def written(page: str, measured: str) -> str:
    """A page with what was measured between its marks."""
    if not MARKED.search(page):
        raise click.ClickException("the page has no `<!-- measured -->` … `<!-- end -->`")
    return MARKED.sub(lambda found: f"{found[1]}{measured}{found[2]}", page)


if __name__ == "__main__":
    main()
