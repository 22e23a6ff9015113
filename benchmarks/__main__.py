"""Print how fast loading, proposing, deciding, explaining and asking are, as a table or JSON, in ratios of one run."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from typing import Any

import click

from accessrules import AccessRulesError, RuleSet, load_rules
from accessrules.impact import impact
from accessrules.reading.loading import shipped_folder
from accessrules.registers.lines import Lines
from accessrules.registers.rows import rows_of
from accessrules.registers.writing import write_csv
from accessrules.synthetic import read_assumptions
from benchmarks.measuring import markdown, microseconds, seconds
from benchmarks.problem import Problem, problem, proposal
from benchmarks.proving import proving

SIZES = (30, 300, 3_000, 30_000)
COUNTED = 100_000
"""Rows of the register that is counted."""


def measure(size: int) -> dict[str, Any]:
    """One rule set of generated rules."""
    made: Problem = problem(size)
    cases = made.cases(2_000)
    rules = RuleSet(made.form())
    for facts, day in cases:  # the peer and the engine must agree before either is timed
        decided, written = rules.decide(facts, as_of=day).outcome, made.python(facts, day)
        assert decided == written, (facts, day, decided, written)
    spins = 20_000
    each = [(facts, day) for facts, day in cases] * (spins // len(cases))
    median, p99 = microseconds(lambda i: rules.decide(each[i][0], as_of=each[i][1]), spins)
    written_median, _ = microseconds(lambda i: made.python(*each[i]), spins)
    explained, _ = microseconds(lambda i: rules.decide(each[i][0], as_of=each[i][1]).model_dump_json(), 200)
    return {
        "rules": size,
        "read_s": seconds(made.form, 1),
        "read_and_compile_s": seconds(lambda: RuleSet(made.form()).decider(), 1 if size > 3_000 else 3),
        "propose_s": seconds(lambda: rules.propose(proposal()).decider()),
        **drafting(made, rules),
        "decide_median_us": median,
        "decide_p99_us": p99,
        "if_elif_median_us": written_median,
        "explain_json_us": explained,
        "reference_us": reference(made) if size <= 30 else None,
    }


def drafting(made: Problem, rules: RuleSet) -> dict[str, float | None]:
    """A check, each of rules never checked before, and the diff of a one-rule proposal; not of the largest set."""
    if len(rules.form.rules) > 3_000:
        return {"check_s": None, "diff_s": None}
    fresh = iter([RuleSet(made.form()) for _ in range(3)])
    draft = rules.propose(proposal())
    assert rules.diff(draft).of("answer")
    return {"check_s": seconds(lambda: next(fresh).check()), "diff_s": seconds(lambda: rules.diff(draft))}


def reference(made: Problem) -> float | None:
    """The reference interpreter of the tests on one complete case; None where the tests are not there.

    It compares every rule's region with every other's by trying values before it starts: only for the smallest set.
    """
    try:
        from tests.reference.interpreter import Interpreter
    except ImportError:
        return None
    interpreter = Interpreter(made.form())
    cases = made.cases(20)
    return microseconds(lambda i: interpreter.decide(cases[i][0], "route", cases[i][1]), 20)[0]


def errors(size: int) -> float:
    """Seconds to collect the problems of a rule set in which every rule has one."""
    made = problem(size)
    for rule in made.files["decisions"][0]["rules"]:
        rule["when"] = {**rule["when"], "volume": "at least 500"}

    def load() -> None:
        found = 0
        try:
            made.form()
        except AccessRulesError as wrong:
            found = len(wrong.problems)
        assert found == size

    return seconds(load)


def shipped() -> dict[str, float]:
    """The shipped rules: a decision, its explanation, the next question with nothing known, start-up."""
    rules = load_rules()
    facts = {"category": "household_refrigerator", "effective_volume": 520}
    decide, _ = microseconds(lambda i: rules.decide(facts, as_of="2018-03-14"), 20_000)
    explain, _ = microseconds(lambda i: rules.decide(facts, as_of="2018-03-14").model_dump_json(), 300)
    unknown = {fact.name: None for fact in rules.form.vocabulary if not fact.derived}
    asked = {
        name: len(rules.decider(name).chain.facts) - 1 for name in ("access_route", "market_clearance")
    }  # known_on

    def ask(decision: str) -> float:
        return microseconds(lambda i: rules.ask(unknown, decision=decision), 5)[0]

    def start_up(*arguments: str) -> float:
        return seconds(lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True), 5)

    decide_command = ("-m", "accessrules", "decide", *(f"{k}={v}" for k, v in facts.items()), "--on", "2018-03-14")
    return {
        "load_s": seconds(load_rules),
        "decide_us": decide,
        "explain_json_us": explain,
        **{f"ask_{count}_unknown_us": ask(name) for name, count in asked.items()},
        "start_up_s": start_up(*decide_command),
        "python_alone_s": start_up("-c", "pass"),
    }


def counting() -> dict[str, float]:
    """A synthetic register of 100,000 rows, read from text and counted: µs a row, and what a row more costs in memory.

    One rule set against itself, so that the cost of comparing, which does not depend on the rows, is left out.
    """
    rules = load_rules()
    assumptions = read_assumptions(shipped_folder() / "registers" / "household-appliances.yaml", rules.form.vocabulary)
    text = io.StringIO()
    write_csv(text, assumptions.columns, assumptions.rows(COUNTED, seed=7))
    data = text.getvalue().encode()

    def count(part: bytes) -> None:
        register = rows_of("register", Lines(io.BytesIO(part)), "csv")
        found = impact(rules, rules, register, by=["maker_size"], as_of="2018-03-14")
        assert found.total.rejected == 0

    tenth = data[: data.index(b"\nS10001,") + 1]
    count(tenth)  # what is made once and kept is no memory of the rows
    peaks = [_peak(lambda part=part: count(part)) for part in (tenth, data)]  # type: ignore[misc]
    return {"impact_row_us": seconds(lambda: count(data)) / COUNTED * 1e6, "impact_memory_ratio": peaks[1] / peaks[0]}


def _peak(call: Callable[[], Any]) -> float:
    """The most memory that a call holds at once, in bytes."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def wanted(sizes: list[dict[str, Any]], own: dict[str, Any], wrong: dict[int, float]) -> list[tuple[str, float, float]]:
    """What the project set itself: (what, measured ratio, at most)."""
    by = {row["rules"]: row for row in sizes}
    middle = by[300]
    asking = min(own[key] for key in own if key.startswith("ask_") and int(key.split("_")[1]) >= 12)
    return [
        ("decide at 30,000 rules / at 30", by[30_000]["decide_median_us"] / by[30]["decide_median_us"], 4),
        ("decide at 300 rules / if-elif code", middle["decide_median_us"] / middle["if_elif_median_us"], 12),
        ("explanation as JSON / decide, 300 rules", middle["explain_json_us"] / middle["decide_median_us"], 100),
        ("explanation as JSON / decide, shipped rules", own["explain_json_us"] / own["decide_us"], 100),
        ("ask, twelve or more facts unknown / decide, shipped rules", asking / own["decide_us"], 20_000),
        ("one-rule proposal / load, 3,000 rules", by[3_000]["propose_s"] / by[3_000]["read_and_compile_s"], 1 / 20),
        ("check / load, 300 rules", middle["check_s"] / middle["read_and_compile_s"], 200),
        ("check of 3,000 rules / of 300", by[3_000]["check_s"] / middle["check_s"], 12),
        ("diff of a one-rule proposal / check, 3,000 rules", by[3_000]["diff_s"] / by[3_000]["check_s"], 1 / 20),
        ("impact, a row / decide, shipped rules", own["impact_row_us"] / own["decide_us"], 20),
        ("impact, peak memory of 100,000 rows / of 10,000", own["impact_memory_ratio"], 1.5),
        ("errors of 3,000 rules / of 300", wrong[3_000] / wrong[300], 10 * 1.5),
    ]


@click.command()
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print.")
def main(form: str) -> None:
    """Measure, and print a table in Markdown or JSON."""
    sizes = [measure(size) for size in SIZES]
    own, wrong = {**shipped(), **counting(), **proving()}, {size: errors(size) for size in (300, 3_000)}
    ratios = wanted(sizes, own, wrong)
    if form == "json":
        listed = [{"what": what, "ratio": ratio, "at_most": most} for what, ratio, most in ratios]
        click.echo(json.dumps({"sizes": sizes, "shipped": own, "errors_s": wrong, "ratios": listed}, indent=1))
        return
    columns = list(sizes[0])
    rows = [[row[c] for c in columns] for row in sizes]
    click.echo(markdown(columns, rows))
    click.echo(markdown(["shipped rules", ""], [[key, value] for key, value in own.items()]))
    click.echo(markdown(["ratio", "measured", "at most"], [list(row) for row in ratios]))


if __name__ == "__main__":
    main()
