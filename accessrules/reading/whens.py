"""`when`: from the mapping that a drafter writes to a condition and its clauses."""

from __future__ import annotations

from typing import Any

from accessrules.conditions import (
    MOST_CLAUSES,
    AllOf,
    AnyOf,
    Clause,
    Condition,
    Not,
    Test,
    TooManyClauses,
    clauses_of,
)
from accessrules.reading.draft import Draft
from accessrules.reading.yamlfiles import Path_, YamlFile
from accessrules.suggesting import did_you_mean, nearest
from accessrules.unarytests import read_test
from accessrules.values import Unreadable
from accessrules.vocabulary import AS_OF, Vocabulary

__all__ = ["clause_order", "read_when"]


def read_when(raw: dict[str, Any], file: YamlFile, path: Path_, draft: Draft) -> tuple[Condition, tuple[Clause, ...]]:
    """The condition and its clauses; those that always hold where something is wrong."""
    vocabulary = Vocabulary(draft.facts)
    before = len(draft.problems)
    condition = _condition(raw, vocabulary, file, path, draft)
    if len(draft.problems) > before or condition is None:
        return AllOf(), ({},)
    try:
        clauses = clauses_of(condition, vocabulary)
    except TooManyClauses:
        draft.blame(file, path, f"expands to more than {MOST_CLAUSES} clauses", "split the rule, or nest less")
        return AllOf(), ({},)
    if not clauses:
        draft.blame(file, path, "can never hold: its tests exclude each other", "drop one of the tests")
    ordered = [{fact: clause[fact] for fact in sorted(clause)} for clause in clauses]
    return condition, tuple(sorted(ordered, key=clause_order))


def clause_order(clause: Clause) -> str:
    """A key that orders equal clauses of permuted files alike; sets are ordered by their members."""
    return repr([(f, sorted(map(str, a.members)) if hasattr(a, "members") else a.intervals) for f, a in clause.items()])


def _condition(raw: Any, vocabulary: Vocabulary, file: YamlFile, path: Path_, draft: Draft) -> Condition | None:
    """A `when` mapping as a condition tree; None where something in it is wrong or rests on a broken fact."""
    if not isinstance(raw, dict):
        draft.blame(file, path, "is not a mapping", "write `fact: test`, one a line")
        return None
    parts: list[Condition | None] = []
    for key, value in raw.items():
        where = (*path, key)
        if key == "any":
            parts.append(_any(value, vocabulary, file, where, draft))
        elif key in ("not", "unless"):
            inner = _condition(value, vocabulary, file, where, draft)
            if inner == AllOf():
                draft.blame(file, where, f"`{key}` is empty, so the rule could never apply", "name a test, or drop it")
            parts.append(inner and Not(inner))
        else:
            parts.append(_test(key, value, vocabulary, file, where, draft))
    return None if None in parts else AllOf(tuple(p for p in parts if p is not None))


def _any(raw: Any, vocabulary: Vocabulary, file: YamlFile, path: Path_, draft: Draft) -> Condition | None:
    if not isinstance(raw, list) or not raw:
        draft.blame(file, path, "`any` is not a list of conditions", "write `any: [ {fact: test}, {fact: test} ]`")
        return None
    parts = [_condition(one, vocabulary, file, (*path, i), draft) for i, one in enumerate(raw)]
    return None if None in parts else AnyOf(tuple(p for p in parts if p is not None))


def _test(name: str, raw: Any, vocabulary: Vocabulary, file: YamlFile, path: Path_, draft: Draft) -> Condition | None:
    if name == AS_OF.name:
        draft.blame(
            file, path, "`as_of` is no fact to test", "the days on which a rule holds stand in `in_force`", of_key=True
        )
        return None
    fact = vocabulary.get(name)
    if fact is None:
        if not draft.is_broken("fact", name):
            known = vocabulary.names()
            meant = nearest(name, {**known, "any": (), "not": (), "unless": ()})
            draft.blame(
                file,
                path,
                f"unknown fact `{name}`",
                did_you_mean(meant or name, {meant: ()} if meant else known, "facts"),
                of_key=True,
            )
        return None
    if ("fact", name) in draft.broken:
        return None
    try:
        return Test(name, read_test(raw, fact))
    except Unreadable as wrong:
        draft.blame(file, path, wrong.message, wrong.help)
        return None
