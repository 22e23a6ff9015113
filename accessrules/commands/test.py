"""`test`: the casebook of the rule set, with what it covers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import click

from accessrules.casebook import (
    DEFAULT,
    BookCase,
    BookResult,
    CaseResult,
    Mismatch,
    decided_by,
    read_casebook,
    run_casebook,
    shown_day,
)
from accessrules.commands.inputs import Setting
from accessrules.commands.options import Verb, about_rules
from accessrules.commands.output import show
from accessrules.commands.reproducing import decide_line
from accessrules.commands.telling import Teller
from accessrules.errors import AccessRulesError, Problem, QueryError
from accessrules.explaining.document import Block, Item, Items, Paragraph, Span, line
from accessrules.suggesting import did_you_mean
from accessrules.unarytests import test_words

__all__ = ["command"]

FOUND = 1


@click.command("test", cls=Verb)
@click.argument("patterns", metavar="[ID]...", nargs=-1)
@click.option("--mutate", is_flag=True, help="Make small changes to the rules, and tell which no case notices.")
@click.option("--suggest", is_flag=True, help="Write cases for rules and clauses that no case covers.")
@click.option("--decision", metavar="NAME", help="With --mutate or --suggest: only rules of this decision.")
@click.option("--rule", "names", metavar="ID", multiple=True, help="With --mutate or --suggest: only this rule.")
@click.option("--sample", metavar="N", type=click.IntRange(min=1), help="With --mutate: only N changes, drawn by lot.")
@click.option("--seed", metavar="S", type=int, help="With --sample: another S, another lot; 0 where none is given.")
@about_rules()
def command(setting: Setting, patterns: tuple[str, ...], mutate: bool, suggest: bool, **chosen: Any) -> int:
    """Run the cases of the rule set's casebook. The exit code is 1 where a case fails.

    ID names cases; `*` stands for any letters. Coverage is shown where all cases run. With --mutate the exit code is 1
    where no case notices a change; that takes minutes for the shipped rules.

    \b
    accessrules test
    accessrules test 'S0*' S38-gas-cooker --format json
    accessrules test --mutate --rule refrigerator.large.licensed
    accessrules test --mutate --sample 100 --seed 7
    """
    _check_together(mutate, suggest, chosen)
    cases = read_casebook(setting.rules)
    if not cases and not suggest:
        place = str(Path(setting.rules.form.folder) / "casebook")
        raise AccessRulesError(
            [Problem(place, "the rule set has no cases", "write them in `casebook/*.yaml`, see `schema casebook`")]
        )
    used = _chosen(cases, patterns)
    if mutate or suggest:
        from accessrules.commands.strengthening import Meant, mutated, suggestions

        return (mutated if mutate else suggestions)(setting, used, Meant(**chosen))
    result = run_casebook(setting.rules, used)
    teller = Teller(setting.rules, setting.lang)
    show(
        setting,
        lambda: _as_json(result, setting, whole=not patterns),
        lambda: _blocks(result, setting, teller, whole=not patterns),
    )
    return FOUND if result.failed else 0


def _check_together(mutate: bool, suggest: bool, chosen: Mapping[str, Any]) -> None:
    """Raise with every option that stands without the one that it goes with."""
    problems = []
    if mutate and suggest:
        problems.append(Problem("--suggest", "`--mutate` and `--suggest` are two questions", "ask one at a time"))
    for option, given, goes_with, there in (
        ("--decision", chosen["decision"], "`--mutate` or `--suggest`", mutate or suggest),
        ("--rule", chosen["names"], "`--mutate` or `--suggest`", mutate or suggest),
        ("--sample", chosen["sample"], "`--mutate`", mutate),
        ("--seed", chosen["seed"] is not None, "`--sample`", chosen["sample"]),
    ):
        if given and not there:
            problems.append(Problem(option, f"`{option}` says nothing without {goes_with}", f"add {goes_with}"))
    if problems:
        raise QueryError(problems)


def _chosen(cases: tuple[BookCase, ...], patterns: tuple[str, ...]) -> list[BookCase]:
    """The cases that a pattern names; raises with every pattern that names none."""
    if not patterns:
        return list(cases)
    known = {case.id: () for case in cases}
    problems = [
        Problem(pattern, f"no case is called `{pattern}`", did_you_mean(pattern, known, "cases"))
        for pattern in patterns
        if not any(fnmatchcase(name, pattern) for name in known)
    ]
    if problems:
        raise AccessRulesError(problems)
    return [case for case in cases if any(fnmatchcase(case.id, pattern) for pattern in patterns)]


def reproduce(case: BookCase, setting: Setting) -> str:
    """The command line that decides a case."""
    days = (shown_day(case.case.as_of), shown_day(case.case.known_on))
    return decide_line(setting.rules, setting.options, case.case.facts, days, case.decision)


# ---------------------------------------------------------------------------------------------------- as JSON


def _as_json(result: BookResult, setting: Setting, *, whole: bool) -> dict[str, Any]:
    rules, coverage = setting.rules, result.coverage
    return {
        "passed": len(result.results) - len(result.failed),
        "failed": len(result.failed),
        "cases": [_case_json(one, setting) for one in result.results],
        "coverage": {
            "rules": {
                "covered": coverage.rules - len(coverage.uncovered_rules),
                "total": coverage.rules,
                "uncovered": list(coverage.uncovered_rules),
            },
            "clauses": {
                "covered": coverage.covered_clauses,
                "total": coverage.clauses,
                "uncovered": [
                    {
                        "rule": rule,
                        "when": {f: test_words(allowed, rules.form.vocabulary[f]) for f, allowed in clause.items()},
                    }
                    for rule, clause in coverage.uncovered_clauses
                ],
            },
        }
        if whole
        else None,
        "ruleset": {"name": rules.name, "version": rules.version, "fingerprint": rules.fingerprint},
    }


def _case_json(one: CaseResult, setting: Setting) -> dict[str, Any]:
    return {
        "id": one.case.id,
        "place": str(one.case.place),
        "decision": one.case.decision,
        "passed": one.passed,
        "status": one.decision.status,
        "outcome": one.decision.outcome,
        "by": decided_by(one.decision),
        "mismatches": [{"part": m.part, "expected": m.expected, "got": m.got} for m in one.mismatches],
        "reproduce": reproduce(one.case, setting),
    }


# ---------------------------------------------------------------------------------------------------- in words


def _blocks(result: BookResult, setting: Setting, teller: Teller, *, whole: bool) -> Iterator[Block]:
    total, failed = len(result.results), len(result.failed)
    yield teller.ruleset_heading("test_title")
    told = teller.counted("test_failed", failed, total=str(total)) if failed else teller.counted("test_passed", total)
    yield Paragraph(told)
    if failed:
        yield teller.heading("failing")
        yield Items(tuple(_failing(one, setting, teller) for one in result.failed))
    if whole:
        yield from _covered(result, teller)


def _failing(one: CaseResult, setting: Setting, teller: Teller) -> Item:
    place = one.case.place
    title = teller.say("failing_case", id=Span(one.case.id, "strong"), place=f"{place.file}:{place.line}")
    parts = [Item(_mismatch(m, one, teller)) for m in one.mismatches]
    note = [Item(line(one.case.note.say(teller.lang)))] if one.case.note else []
    return Item(
        title,
        (*parts, *note, Item(teller.say("reproduce", command=Span(reproduce(one.case, setting), "command")))),
        mark="✗",
    )


def _mismatch(one: Mismatch, result: CaseResult, teller: Teller) -> Any:
    kind, _, key = one.part.partition(".")
    part = teller.text("part_details", key=key) if key else teller.text(f"part_{kind}")
    shown = [_value(value, kind, result, teller) for value in (one.expected, one.got)]
    return teller.say("failing_part", part=part, expected=Span(shown[0], "strong"), got=Span(shown[1], "bad"))


def _value(value: Any, kind: str, result: CaseResult, teller: Teller) -> str:
    if value is None and kind == "outcome":
        return teller.text(result.decision.status)
    if value is None:
        return teller.text("nothing")
    if kind == "outcome":
        return f"{value} ({teller.labels.outcome(result.case.decision, value)})"
    if kind == "by" and value == DEFAULT:
        return teller.text("the_default")
    return str(value)


def _covered(result: BookResult, teller: Teller) -> Iterator[Block]:
    coverage = result.coverage
    yield teller.heading("coverage")
    counts: Sequence[tuple[str, int, int]] = (
        ("coverage_rules", coverage.rules - len(coverage.uncovered_rules), coverage.rules),
        ("coverage_clauses", coverage.covered_clauses, coverage.clauses),
    )
    yield Items(tuple(Item(teller.say(word, covered=str(part), total=str(whole))) for word, part, whole in counts))
    if coverage.uncovered_rules:
        yield teller.heading("uncovered")
        yield Items(tuple(Item(teller.labels.rule(name), _place(name, teller)) for name in coverage.uncovered_rules))
    if coverage.uncovered_clauses:
        yield teller.heading("uncovered_clauses")
        yield Items(tuple(_clause(rule, clause, teller) for rule, clause in coverage.uncovered_clauses))


def _place(rule: str, teller: Teller) -> tuple[Item, ...]:
    place = teller.rules.form.rules[rule].place
    return (Item(line(Span(f"{place.file}:{place.line}", "muted"))),) if place else ()


def _clause(rule: str, clause: Any, teller: Teller) -> Item:
    tests = [
        teller.text(
            "test", fact=teller.labels.fact(f), test=teller.labels.allowed(teller.rules.index.facts[f], allowed)
        )
        for f, allowed in clause.items()
    ]
    return Item(teller.labels.rule(rule), (Item(line(teller.text("between").join(tests))),))
