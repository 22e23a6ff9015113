"""For generated rule sets, Z3 proves that the atlas misses nothing and claims nothing that is not so."""

from __future__ import annotations

from functools import partial
from operator import attrgetter

import pytest
from hypothesis import event, given, settings

pytest.importorskip("z3", reason="z3-solver is not installed: `pip install 'accessrules[proof]'`")

from accessrules.atlas import Atlas
from tests.proof.encoding import Encoding, Formula, Resolved, counterexample, false_in, missed_by
from tests.proof.regions import resolution, where_status
from tests.properties.strategies import Files, rule_sets


@settings(max_examples=2 * settings().max_examples)
@given(rule_sets())
def test_conflicts_and_gaps(files: Files) -> None:
    """The regions of conflicts and of gaps are exactly those that Z3 finds: none is missed, none is false."""
    encoding = Encoding(files.reference)
    for decision in files.form.decisions:
        atlas = Atlas(files.rules.decider(decision).chain.resolver, decision)
        for status in ("conflict", "no_rule"):
            regions = where_status(atlas, status)
            event(f"{status} {'somewhere' if regions else 'nowhere'}")
            what = partial(encoding.occurs, decision, attrgetter(status))
            assert missed_by(regions, what, encoding) is None
            assert false_in(regions, what, encoding) is None


@settings(max_examples=2 * settings().max_examples)
@given(rule_sets())
def test_rules_that_never_prevail(files: Files) -> None:
    """A rule prevails in no meeting of the atlas exactly where Z3 proves that it prevails in no case."""
    encoding = Encoding(files.reference)
    for decision in files.form.decisions:
        atlas = Atlas(files.rules.decider(decision).chain.resolver, decision)
        prevailing = {n for m in atlas.meetings() if m.settled for n in resolution(atlas, m).prevailing}
        for rule in (name for name, one in files.form.rules.items() if one.decision == decision):

            def prevails(resolved: Resolved, rule: str = rule) -> Formula:
                return resolved.prevails.get(rule, False)

            somewhere = counterexample(encoding.domain, encoding.occurs(decision, prevails, {})) is not None
            event(f"{'some' if somewhere else 'no'} case")
            assert somewhere == (atlas.index.number[rule] in prevailing)
