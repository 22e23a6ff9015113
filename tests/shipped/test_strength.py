"""The shipped casebook notices nearly every small change of the rules; a sample, drawn by lot, stands for all.

All of them take minutes: `accessrules test --mutate`. `docs/casebook-strength.md` says what is missed, and why.
"""

from __future__ import annotations

from accessrules import load_rules
from accessrules.casebook import read_casebook
from accessrules.strength.mutants import mutants
from accessrules.strength.running import measure, sampled

SAMPLE, SEED = 60, 2026
SHARE = 0.95


def test_the_casebook_notices_what_changes_an_answer() -> None:
    rules = load_rules()
    found = measure(rules, read_casebook(rules), sampled(mutants(rules), SAMPLE, SEED), jobs=1)
    assert len(found.of("noticed")) > SAMPLE // 2
    assert found.share >= SHARE, [one.mutant.id for one in found.of("unnoticed")]
    assert found.of("not_analysed") == ()
