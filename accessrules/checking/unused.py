"""Facts that no rule tests, instruments that no rule cites, groups that no exception names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from accessrules.checking.words import told
from accessrules.errors import Place
from accessrules.findings import Finding

if TYPE_CHECKING:
    from accessrules.ruleset import RuleSet

__all__ = ["unused"]


def unused(rules: RuleSet) -> Iterator[Finding]:
    """A finding for each fact, and one for all instruments and one for all groups."""
    form = rules.form
    tested = {fact for rule in form.rules.values() for clause in rule.clauses for fact in clause}
    tested |= {f for rule in form.rules.values() for one in rule.contested for clause in one.clauses for f in clause}
    for fact in form.vocabulary:
        if not fact.derived and fact.name not in tested:
            yield _finding("fact", [fact.place], fact=fact.name)
    cited = {s.instrument for r in form.rules.values() for s in (*r.sources, *(r.ended.sources if r.ended else ()))}
    cited |= {s.instrument for d in form.decisions.values() if d.default for s in d.default.sources}
    cited |= {one.instrument for authorities in form.authorities.values() for one in authorities}
    yield from _all("instruments", {name: one.place for name, one in form.instruments.items() if name not in cited})
    named = {name for rule in form.rules.values() for name in rule.exception_to}
    # A group stands where the first of its rules does.
    groups = {r.group: r.place for r in reversed(list(form.rules.values())) if r.group and r.group not in named}
    yield from _all("groups", groups)


def _all(variant: str, found: Mapping[str, Place | None]) -> Iterator[Finding]:
    if names := sorted(found):
        listed = ", ".join(f"`{name}`" for name in names)
        yield _finding(variant, [found[name] for name in names], names=listed)


def _finding(variant: str, places: Iterable[Place | None], **told_of: str) -> Finding:
    message, help, severity = told("unused", variant, **told_of)
    at = tuple(f"{place.file}:{place.line}" for place in places if place)
    return Finding("unused", None, (), message, help, severity, places=at)
