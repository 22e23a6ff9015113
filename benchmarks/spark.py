"""Print what deciding a register with Spark takes, on one core and on two, as a table: `python -m benchmarks.spark`.

Parquet to Parquet, beside Spark reading and writing the same rows undecided, and beside one machine without Spark.
Each figure comes from a process of its own that is held to its cores, so that Java and Python share them.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import click
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from accessrules import RuleSet
from accessrules.tables import Question
from accessrules.tables.batching import decide_file
from benchmarks.problem import FLAGS, PURPOSES, problem

PARTS = 8
"""So many files has a register, of which tasks take one or several."""


class Asked(NamedTuple):
    """One register and how it is measured."""

    folder: Path
    rules: int
    rows: int
    repeat: int
    cores: int
    batch: int


def write_register(folder: Path, rows: int, categories: int) -> None:
    """The register in parts, and the same once more in one file."""
    (folder / "parts").mkdir()
    drawn = np.random.default_rng(7)
    names = pa.array([f"c{n}" for n in range(categories)]), pa.array(PURPOSES)
    start = np.datetime64("2005-09-01")

    def part(number: int) -> pa.Table:
        size = rows * (number + 1) // PARTS - rows * number // PARTS
        made, asked = (start + drawn.integers(0, 7000, size).astype("timedelta64[D]") for _ in range(2))
        return pa.table(
            {
                "category": names[0].take(drawn.integers(0, categories, size)),
                "volume": drawn.integers(0, 10_000, size) / 10,
                "power": drawn.integers(0, 100, size),
                "purpose": names[1].take(drawn.integers(0, len(PURPOSES), size)),
                "manufactured_on": made,
                "as_of": asked,
                **{flag: drawn.random(size) < 0.5 for flag in FLAGS},
            }
        )

    tables = [part(number) for number in range(PARTS)]
    for number, table in enumerate(tables):
        pq.write_table(table, folder / "parts" / f"{number}.parquet")
    pq.write_table(pa.concat_tables(tables), folder / "whole.parquet")


def seconds(call: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def hold(cores: int) -> None:
    """Hold this process and its children to so many cores, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])


def with_spark(asked: Asked) -> dict[str, Any]:
    """Seconds to start, for the first job, and for the later ones; and how often each outcome came."""
    hold(asked.cores)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    rules = RuleSet(problem(asked.rules).form())
    begun = time.perf_counter()
    builder = SparkSession.builder.master(f"local[{asked.cores}]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.memory", "2g").config("spark.log.level", "OFF")
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    spark = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", asked.batch).getOrCreate()
    started = time.perf_counter() - begun
    register = spark.read.parquet(str(asked.folder / "parts"))
    target = str(asked.folder / "decided")

    def copy() -> None:
        register.write.mode("overwrite").parquet(target)

    def decide() -> None:
        rules.decide_table(register).write.mode("overwrite").parquet(target)

    first = seconds(lambda: rules.decide_table(register.limit(1)).collect())
    copies = [seconds(copy) for _ in range(asked.repeat)]
    decided = [seconds(decide) for _ in range(asked.repeat)]
    counts = {row["outcome"]: row["count"] for row in spark.read.parquet(target).groupBy("outcome").count().collect()}
    spark.stop()
    return {"start": started, "first": first, "copy": copies, "decide": decided, "outcomes": counts}


def without_spark(asked: Asked) -> dict[str, Any]:
    """Seconds of the same on one machine, and how often each outcome came."""
    hold(asked.cores)
    rules = RuleSet(problem(asked.rules).form())
    source, target = str(asked.folder / "whole.parquet"), asked.folder / "one.parquet"
    found: list[Any] = []

    def decide() -> None:
        found.append(decide_file(rules, source, target, Question(), threads=asked.cores))

    return {"decide": [seconds(decide) for _ in range(asked.repeat)], "outcomes": dict(found[-1].outcomes)}


def alone(work: Callable[[Asked], dict[str, Any]], asked: Asked) -> dict[str, Any]:
    """What work finds in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, asked).result()


def line(asked: Asked) -> list[str]:
    """One line of the table; the two ways must agree before either is told."""
    spark, one = alone(with_spark, asked), alone(without_spark, asked)
    if spark["outcomes"] != one["outcomes"]:
        raise click.ClickException(f"Spark and one machine disagree: {spark['outcomes']}, {one['outcomes']}")
    took = statistics.median(spark["decide"])
    shown = [f"{asked.cores}", f"{asked.rows:,}", f"{spark['start']:.1f}", f"{spark['first']:.1f}"]
    shown += [_range(spark["copy"]), _range(spark["decide"]), f"{asked.rows / took / 1e6:.2f} M", _range(one["decide"])]
    return [*shown, f"{asked.rows / statistics.median(one['decide']) / 1e6:.2f} M"]


def _range(times: list[float]) -> str:
    """The median, and from where to where the others lay."""
    return f"{statistics.median(times):.2f} ({min(times):.2f}–{max(times):.2f})"


COLUMNS = (
    "cores",
    "rows",
    "session start, s",
    "first decision, s",
    "read and write, s",
    "read, decide, write, s",
    "rows a second",
    "without Spark, s",
    "rows a second",
)


@click.command()
@click.option("--rows", type=int, multiple=True, default=(1_000_000, 5_000_000), help="Sizes of the register.")
@click.option("--rules", type=int, default=300, help="Rules of the common problem.")
@click.option("--cores", type=int, multiple=True, default=(1, 2), help="Numbers of cores.")
@click.option("--repeat", type=int, default=3, help="How often each is measured.")
@click.option("--batch", type=int, default=10_000, help="Rows that Spark gives to Python at once.")
def main(rows: tuple[int, ...], rules: int, cores: tuple[int, ...], repeat: int, batch: int) -> None:
    """Measure, and print a table in Markdown: medians, and in brackets the lowest and the highest."""
    click.echo("| " + " | ".join(COLUMNS) + " |\n" + "|---" * len(COLUMNS) + "|")
    for size in rows:
        with tempfile.TemporaryDirectory() as folder:
            write_register(Path(folder), size, problem(rules).categories)
            for count in cores:
                asked = Asked(Path(folder), rules, size, repeat, count, batch)
                click.echo("| " + " | ".join(line(asked)) + " |")


if __name__ == "__main__":
    main()
