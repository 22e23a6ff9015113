"""The explanation as data: the JSON of a decision, from which every wording is made.

Its keys and their order are fixed (`docs/decision-json.md`); the same case under the same rules gives the same
bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from accessrules.explaining.nearmisses import near_misses
from accessrules.explaining.view import View
from accessrules.exploring import neighbours
from accessrules.exploring.asking import needs
from accessrules.exploring.readings import readings
from accessrules.exploring.timeline import what_comes
from accessrules.precedence import Principle
from accessrules.resolving import Yielding
from accessrules.rules import Default, Rule, Source
from accessrules.values import json_value

if TYPE_CHECKING:
    from accessrules.decision import Decision

__all__ = ["deciding_rule", "report"]


def deciding_rule(decision: Decision) -> str | None:
    """The id of the rule that decides, or leaves open; None for a default and where none does."""
    rules = decision.rules
    return neighbours.deciding_rule(
        decision.answer, rules.index, rules.decider(decision.decision).chain.resolver.precedence
    )


def report(decision: Decision) -> dict[str, Any]:
    """The whole explanation, as JSON data."""
    view = View.of(decision)
    answer, case, index = decision.answer, decision.case, decision.rules.index
    change, doubt = what_comes(view.decider, case)
    return {
        "decision": decision.decision,
        "status": answer.status,
        "outcome": answer.outcome,
        "details": answer.details,
        "exact": answer.exact,
        "as_of": case.as_of.isoformat() if case.as_of else None,
        "known_on": case.known_on.isoformat() if case.known_on else None,
        "facts": case.json_facts(),
        "presumed": {name: json_value(v) for name, v in case.presumed.items() if name in view.decider.chain.facts},
        "because": _because(view),
        "yielded": _yielded(view),
        "conflict": [_at_odds(n, view) for n in _conflicting(view)],
        "possible": list(answer.possible),
        "possible_status": list(answer.possible_status),
        "needs": needs(answer, index),
        "open": [
            {
                **_titled(index.rules[n]),
                "outcomes": sorted(index.rules[n].outcomes),
                "sources": _sources(index.rules[n].sources),
            }
            for n in sorted(answer.open_rules)
        ],
        "contested": readings(view.decider, answer, case.cells),
        "via": list(answer.via),
        "near_misses": near_misses(view),
        "next_change": change,
        "next_doubt": doubt,
        "ruleset": decision.rules.identity(),
    }


def _because(view: View) -> list[dict[str, Any]]:
    """The prevailing rules, the deciding one first; the default after them where some completion needs it."""
    answer = view.answer
    if answer.status != "decided" and not (answer.open_rules and answer.is_open):
        return []
    prevailing = neighbours.prevailing(answer, view.decider.chain.resolver.precedence)
    always = neighbours.always_prevailing(answer)
    entries = [_reason(n, view, certain=n in always) for n in prevailing]
    if any(r.is_default for r in answer.resolutions):
        default = view.index.form.decisions[view.decider.decision].default
        assert isinstance(default, Default)
        entries.append({"rule": None, "default": True, "sources": _sources(default.sources)})
    return entries


def _reason(n: int, view: View, *, certain: bool) -> dict[str, Any]:
    rule = view.index.rules[n]
    return {
        "rule": rule.id,
        "default": False,
        "title": _title(rule),
        "tests": view.tests(n),
        "sources": _sources(rule.sources),
        "certain": certain,
    }


def _titled(rule: Rule) -> dict[str, Any]:
    return {"rule": rule.id, "title": _title(rule)}


def _title(rule: Rule) -> dict[str, str]:
    return rule.title.dump() if rule.title else {"en": rule.id}


def _sources(sources: Iterable[Source]) -> list[dict[str, Any]]:
    return [s.dump() for s in sources]


def _yielded(view: View) -> list[dict[str, Any]]:
    """Who yields in some completion, each rule once; `certain` where it does in every one."""
    rules, found = view.index.rules, dict[int, list[Yielding]]()
    resolutions = (*view.answer.resolutions, *view.answer.failed)
    for resolution in resolutions:
        for one in resolution.yielding:
            found.setdefault(one.rule, []).append(one)
    return [
        {
            "rule": rules[n].id,
            "outcome": rules[n].outcome,
            "to": rules[each[0].to].id,
            "principle": each[0].principle,
            "authority": _authority(each[0].principle, rules[each[0].to], view),
            "certain": view.answer.exact and len(each) == len(resolutions),
        }
        for n, each in sorted(found.items())
    ]


def _authority(principle: Principle, winner: Rule, view: View) -> str | None:
    """The article behind the principle on the day asked about; for an exception, where the exception stands."""
    if principle == "exception":
        source = next(s for s in winner.sources if not s.context)
        return f"{source.instrument} {source.at}".strip()
    day = view.case.as_of or dt.date.max
    entries = view.index.form.authorities.get(principle, ())
    in_force = [a for a in entries if a.start is None or a.start <= day]
    return f"{in_force[-1].instrument} {in_force[-1].at}" if in_force else None


def _conflicting(view: View) -> list[int]:
    """The rules at odds, where conflict is a way in which the case can end."""
    return sorted({n for r in (*view.answer.resolutions, *view.answer.failed) for n in r.conflict})


def _at_odds(n: int, view: View) -> dict[str, Any]:
    rule = view.index.rules[n]
    return {**_titled(rule), "outcome": rule.outcome, "sources": _sources(rule.sources)}
