"""Redundant rules are those that can be dropped, and no name of a rule decides about that or any other finding."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from hypothesis import event, given, settings
from hypothesis import strategies as st

from accessrules.atlas import Atlas
from accessrules.findings import Finding, Findings
from tests.properties.strategies import Files, Style, rule_sets
from tests.properties.test_checking import of


class Told:
    """What the rules of a decision come to, told without their names."""

    def __init__(self, files: Files, decision: str) -> None:
        self.rules, self.decision = files.rules, decision
        self.resolver = files.rules.decider(decision).chain.resolver
        meetings = Atlas(self.resolver, decision).meetings()
        self.met = sorted({files.rules.index.rules_of(meeting.clauses) for meeting in meetings})
        self.own = [n for n, rule in enumerate(files.rules.index.rules) if rule.decision == decision]

    def _standing(self, n: int) -> tuple[int, int]:
        standing = self.rules.precedence.standings[n]
        return standing.rank, standing.published.toordinal()

    def _said(self, n: int) -> object:
        rule = self.rules.index.rules[n]
        return rule.outcomes, str(sorted(rule.details.items()))

    def comes_to(self, rules: tuple[int, ...]) -> object:
        """Status, outcomes, details and the standing of what decides; of a conflict what each side says."""
        found = self.resolver.resolve(self.decision, rules)
        if found.status == "conflict":
            return {self._said(n) for n in found.conflict}
        best = max(map(self._standing, found.prevailing), default=None)
        return found.status, found.ends, dict(found.details or {}), best

    def same_without(self, *gone: int) -> bool:
        """Whether every case comes to the same without some rules."""
        return all(self.comes_to(one) == self.comes_to(tuple(n for n in one if n not in gone)) for one in self.met)

    def equals(self, a: int, b: int) -> bool:
        """Whether two rules apply to the same cases, say the same, and stand the same."""
        together = all((a in one) == (b in one) for one in self.met)
        return together and self._said(a) == self._said(b) and self._standing(a) == self._standing(b)

    def first(self, n: int) -> int:
        """The first of the equals of a rule."""
        return next(m for m in self.own if self.equals(m, n))


@settings(max_examples=4 * settings().max_examples)
@given(rule_sets())
def test_redundant_is_what_can_be_dropped(files: Files) -> None:
    """Without a redundant rule each case comes to the same. Of equals as many are told as can go at once."""
    found = files.rules.check()
    for decision in files.form.decisions:
        told = Told(files, decision)
        number = files.rules.index.number
        redundant = {number[one.rules[0]] for one in of(found, "redundant", decision)}
        dead = {number[one.rules[0]] for one in of(found, "never_prevails", decision)}
        for n in set(told.own) - dead:
            equals = {m for m in redundant if told.equals(m, n)}
            event(f"redundant: {n in redundant}, equals: {len(equals - {n})}")
            if n in redundant:
                assert told.same_without(*equals)
            elif told.same_without(n):
                assert equals
                assert not told.same_without(n, *equals)


@st.composite
def renamed_rule_sets(draw: st.DrawFn) -> tuple[Files, Files, dict[str, str]]:
    """A rule set, the same with the ids of its rules exchanged, and the old id of each new one."""
    files = draw(
        rule_sets(style=draw(st.sampled_from((Style(), Style(crowded=True), Style(True, True), Style(True, True)))))
    )
    now = dict(zip(files.form.rules, draw(st.permutations(list(files.form.rules))), strict=True))
    decisions = copy.deepcopy(files.decisions)
    for rule in (rule for file in decisions for rule in file["rules"]):
        rule["id"] = now[rule["id"]]
        names = rule.get("exception_to", [])
        rule["exception_to"] = [now.get(name, name) for name in ([names] if isinstance(names, str) else names)]
    return files, replace(files, decisions=decisions), {new: old for old, new in now.items()}


def findings_of(files: Files, found: Findings, old: Mapping[str, str]) -> Counter[tuple[object, ...]]:
    """Findings by code, decision, severity and rules, these by their old ids, and of equals the first.

    `files` are those before. The place that one about rules shows is an example, and so are the rules that
    one that never prevails yields to.
    """

    def rules(one: Finding) -> object:
        ids = [old[name] for name in one.rules]
        if one.code == "redundant":
            assert one.decision is not None
            told = Told(files, one.decision)
            gone, *instead = (told.first(files.rules.index.number[name]) for name in ids)
            return gone, frozenset(instead)
        return frozenset(ids) if one.code == "conflict" else ids[0] if one.code == "never_prevails" else tuple(ids)

    return Counter((one.code, one.decision, one.severity, rules(one)) for one in found)


@settings(max_examples=5 * settings().max_examples)
@given(renamed_rule_sets())
def test_names_of_rules_do_not_matter(generated: tuple[Files, Files, dict[str, str]]) -> None:
    """Rules that are renamed have the same findings under their new names; of equals, names say which is told."""
    files, renamed, old = generated
    before = findings_of(files, files.rules.check(), {name: name for name in files.form.rules})
    after = findings_of(files, renamed.rules.check(), old)
    for code in sorted({str(code) for code, *_ in before}):
        event(code)
    # There are as many conflicts and gaps as boxes, and what they cover can be cut into boxes in more than one way.
    assert before.keys() == after.keys()
    assert {key: n for key, n in before.items() if key[0] not in ("conflict", "gap")} == {
        key: n for key, n in after.items() if key[0] not in ("conflict", "gap")
    }
