"""For generated rule sets, Z3 proves that the atlas misses nothing and claims nothing that is not so."""

from __future__ import annotations

from functools import partial
from operator import attrgetter

from hypothesis import event, given, settings

from accessrules.atlas import Atlas
from accessrules.resolving import Resolution
from tests.proof.encoding import Encoding, Formula, Resolved, false_in, missed_by
from tests.proof.regions import where
from tests.properties.strategies import Files, rule_sets


def has_status(status: str, resolution: Resolution) -> bool:
    return resolution.status == status


def prevails_here(number: int, resolution: Resolution) -> bool:
    return number in resolution.prevailing


def prevails(rule: str, resolved: Resolved) -> Formula:
    return resolved.prevails.get(rule, False)


@settings(max_examples=2 * settings().max_examples)
@given(rule_sets())
def test_conflicts_and_gaps(files: Files) -> None:
    """The regions of conflicts and of gaps are exactly those that Z3 finds: none is missed, none is false."""
    encoding = Encoding(files.reference)
    for decision in files.form.decisions:
        atlas = Atlas(files.rules.decider(decision).chain.resolver, decision)
        for status in ("conflict", "no_rule"):
            regions = where(atlas, partial(has_status, status))
            event(f"{status} {'somewhere' if regions else 'nowhere'}")
            what = partial(encoding.occurs, decision, attrgetter(status))
            assert missed_by(regions, what, encoding) is None
            assert false_in(regions, what, encoding) is None


@settings(max_examples=2 * settings().max_examples)
@given(rule_sets())
def test_where_rules_prevail(files: Files) -> None:
    """The regions in which a rule prevails are exactly Z3's; where there are none, it is proved that it never does."""
    encoding = Encoding(files.reference)
    for decision in files.form.decisions:
        atlas = Atlas(files.rules.decider(decision).chain.resolver, decision)
        for rule in (name for name, one in files.form.rules.items() if one.decision == decision):
            regions = where(atlas, partial(prevails_here, atlas.index.number[rule]))
            event(f"prevails {'somewhere' if regions else 'nowhere'}")
            what = partial(encoding.occurs, decision, partial(prevails, rule))
            assert missed_by(regions, what, encoding) is None
            assert false_in(regions, what, encoding) is None
