"""Cases of the casebook that the rules answer otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from accessrules.casebook import CaseResult, case_results, read_casebook, shown_day
from accessrules.checking.survey import places
from accessrules.checking.words import told
from accessrules.findings import Finding
from accessrules.values import json_value

if TYPE_CHECKING:
    from accessrules.ruleset import RuleSet

__all__ = ["failing_cases"]


def failing_cases(rules: RuleSet) -> Iterator[Finding]:
    """A finding for each case that does not give what it expects; raises RuleFileError where the casebook is wrong."""
    for result in case_results(rules, read_casebook(rules)):
        if not result.passed:
            yield _finding(rules, result)


def _finding(rules: RuleSet, result: CaseResult) -> Finding:
    case, decision = result.case, result.decision
    at_odds = _at_odds(result)
    en, zh = (separator.join(told_in) for separator, told_in in zip(("; ", "；"), _differing(result), strict=True))
    message, help, severity = told("case", "proposed" if rules.proposals else "", case=case.id, en=en, zh=zh)
    names = [name for name in (case.by, decision.rule) if name is not None and name in rules.form.rules]
    involved = tuple(dict.fromkeys([*names, *at_odds]))
    return Finding(
        "case",
        case.decision,
        involved,
        message,
        help,
        severity,
        witness={
            "facts": {name: json_value(value) for name, value in case.case.facts.items()},
            "as_of": shown_day(case.case.as_of),
            "known_on": shown_day(case.case.known_on),
        },
        places=(f"{case.place.file}:{case.place.line}", *places(rules, involved)),
    )


def _at_odds(result: CaseResult) -> list[str]:
    """The rules between which nothing is settled, also where an earlier decision rests on them."""
    answer, rules = result.decision.answer, result.decision.rules.index.rules
    return [rules[n].id for n in sorted({n for one in (*answer.resolutions, *answer.failed) for n in one.conflict})]


def _differing(result: CaseResult) -> tuple[list[str], list[str]]:
    """What differs, in both languages; that there is no outcome is told by the status, once."""
    told_in: tuple[list[str], list[str]] = ([], [])
    by_status = False
    for one in result.mismatches:
        got_en, got_zh = _value(one.got)
        if one.part in ("outcome", "status") and result.decision.status != "decided" and not by_status:
            got_en, got_zh = _status(result)
            by_status = True
        kind, _, key = one.part.partition(".")
        told_in[0].append(f"{kind}{f' `{key}`' if key else ''} {_value(one.expected)[0]}, got {got_en}")
        told_in[1].append(f"{_PARTS[kind]}{f' `{key}` ' if key else ''}应为 {_value(one.expected)[1]}，实为 {got_zh}")
    return told_in


_PARTS = {"outcome": "结论", "status": "状态", "by": "决定规则", "details": "要求"}


def _value(value: Any) -> tuple[str, str]:
    return ("nothing", "无") if value is None else (f"`{value}`",) * 2


def _status(result: CaseResult) -> tuple[str, str]:
    """The status of an answer that is not decided, with what it comes from."""
    status = result.decision.status
    names = _at_odds(result) if status == "conflict" else result.decision.possible
    if not names:
        return f"`{status}`", f"`{status}`"
    en, zh = ", ".join(f"`{name}`" for name in names), "、".join(f"`{name}`" for name in names)
    if status == "conflict":
        return f"`{status}` between {en}", f"`{status}`（{zh} 之间）"
    return f"`{status}` ({en} possible)", f"`{status}`（可能为 {zh}）"
