"""The generated rule sets are not trivial: everything that the laws are about really occurs in them."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, seed, settings

from tests.properties.strategies import Asked, Files, often_asked_rule_sets

LEAST = {
    **dict.fromkeys(
        ("decided", "undetermined", "one world", "several needs", "known_on", "ended", "nested", "chain"), 50
    ),
    **dict.fromkeys(("conflict", "no_rule", "rank", "special", "exception", "open", "via", "default"), 8),
    **dict.fromkeys(("several prevail", "details merge", "new"), 10),
    "by open sources alone": 1,
}
"""In 1,500 cases, at least so many; well under what is usual."""


def traits(files: Files, asked: Asked) -> set[str]:
    """What occurs in one example."""
    plain = files.reference.decide(asked.facts, asked.decision, **asked.days)
    resolved = [one for settled in plain.settled for one in settled.resolved]
    rules = files.form.rules.values()
    found = {
        "open": any(len(settled.ends) > 1 for settled in plain.settled),
        "by open sources alone": plain.possible_status == ("undetermined",),
        "via": bool(plain.via),
        "default": plain.status == "decided" and not any(one.prevailing for one in resolved),
        "chain": len(files.reference.chain(asked.decision)) > 1,
        "several prevail": any(len(one.prevailing) > 1 and not one.conflict for one in resolved),
        "several needs": len(plain.needs) > 1,
        "known_on": asked.known_on is not None,
        "one world": len(plain.settled) == 1,
        "ended": any(rule.ended for rule in rules),
        "nested": any(len(rule.clauses) > 1 for rule in rules),
        "details merge": any(len(one.prevailing) > 1 and one.details for one in resolved),
    }
    principles = {principle for one in resolved for _, _, principle in one.yielded}
    return {plain.status, *principles, *(trait for trait, occurs in found.items() if occurs)}


def test_everything_occurs() -> None:
    """In a fixed sample each status, each principle and each kind of rule set occurs often enough to matter."""
    seen: Counter[str] = Counter()

    @seed(2)
    @settings(max_examples=300, database=None)
    @given(often_asked_rule_sets())
    def look(generated: tuple[Files, list[Asked]]) -> None:
        files, often = generated
        for asked in often:
            seen.update(traits(files, asked))

    look()
    assert {trait: seen[trait] for trait, least in LEAST.items() if seen[trait] < least} == {}
