"""What only the whole rule set shows: exceptions that name nothing or run in circles, circles of decisions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from accessrules.errors import Place, Problem
from accessrules.ordering import circles
from accessrules.reading.draft import Draft
from accessrules.rules import Rule
from accessrules.suggesting import did_you_mean

__all__ = ["check_whole"]


def check_whole(draft: Draft, changed: Collection[str] = ()) -> None:
    """Add the problems of the rule set as a whole; a circle is told at one of the `changed` rules, if it has any.

    What rules that could not be read are called, and what they name, counts like that of the others.
    """
    rules = [*draft.rules.values(), *draft.unread]
    named = {rule.id: rule for rule in reversed(rules) if rule.id}
    groups: dict[str, dict[str, list[str]]] = {}
    for rule in rules:
        if rule.group is not None:
            groups.setdefault(rule.decision, {}).setdefault(rule.group, []).append(rule.id)
            if rule.group in named:
                taken = f"the group `{rule.group}` has the id of a rule, see {named[rule.group].place}"
                _blame(draft, rule, taken, "rename the group")
    below: dict[str, list[str]] = {}
    for rule in rules:
        if rule.exception_to:
            known = groups.get(rule.decision, {})
            below.setdefault(rule.id, []).extend(
                one for name in rule.exception_to for one in _members(name, rule, known, named, draft)
            )
    for circle in circles(below):
        at = next((name for name in circle if name in changed), circle[0])
        _blame(draft, named[at], f"exceptions in a circle: {_shown(circle)}", "drop one `exception_to`")
    _check_decisions(draft, changed)


def _check_decisions(draft: Draft, changed: Collection[str]) -> None:
    tested = {name: set[str]() for name in draft.decisions}
    for rule in draft.rules.values():
        for clause in rule.clauses:
            tested[rule.decision] |= draft.decisions.keys() & clause.keys()
    for circle in circles(tested):
        rules = (
            r for r in draft.rules.values() if r.decision in circle and any(set(c) & set(circle) for c in r.clauses)
        )
        guilty = min(rules, key=lambda r: (r.id not in changed, circle.index(r.decision)))
        _blame(draft, guilty, f"decisions in a circle: {_shown(circle)}", "a decision may only test earlier ones")


def _shown(circle: Sequence[str]) -> str:
    return " → ".join(f"`{name}`" for name in [*circle, circle[0]])


def _members(
    name: str, rule: Rule, groups: Mapping[str, list[str]], rules: Mapping[str, Rule], draft: Draft
) -> list[str]:
    """The ids of the rules that a name in `exception_to` stands for."""
    path = f"$.{rule.id}.exception_to" if rule.id else "$.exception_to"
    if name == rule.id or rule.id in groups.get(name, ()):
        what = "itself" if name == rule.id else f"the group `{name}` that holds it"
        _blame(draft, rule, f"is an exception to {what}", "name the other rules", path)
        return []
    if name in groups:
        return groups[name]
    if name in rules:
        other = rules[name].decision
        if other != rule.decision:
            _blame(draft, rule, f"`{name}` is a rule of `{other}`", "exceptions stay within one decision", path)
            return []
        return [name]
    if not draft.is_broken("rule", name):
        known = dict.fromkeys([*groups, *(one for one, r in rules.items() if r.decision == rule.decision)], ())
        _blame(draft, rule, f"unknown rule or group `{name}`", did_you_mean(name, known, "rules and groups"), path)
    return []


def _blame(draft: Draft, rule: Rule, message: str, help: str, path: str = "") -> None:
    draft.problems.append(Problem(path or f"$.{rule.id}", message, help, rule.place or Place("")))
