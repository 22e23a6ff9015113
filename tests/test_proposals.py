"""Proposals: what they may say and what then holds, every mistake at once, and how they stack.

`tests/proposals/bad` has proposals to the rules of `tests/cases/base` beside the exact errors, `good` beside what they
make of the rules that they touch and of some answers.
"""

from __future__ import annotations

import datetime as dt
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from accessrules import QueryError, RuleFileError, RuleSet, editing, load_rules
from accessrules.index import Index
from accessrules.schemas import file_schema
from tests.properties.test_proposals import parts
from tests.reading.test_cases import CASES

PROPOSALS = Path(__file__).parent / "proposals"
Golden = Callable[[str, Path], None]

DRAFT = {"title": "D", "issuer": "samr", "rank": "rule", "published": "2026-01-01", "confidence": "unverified"}
SMALL = {"category": "household_refrigerator", "effective_volume": 100}
LARGE = {"category": "household_refrigerator", "effective_volume": 500}
RESEARCH = {"category": "other_product", "purpose": "research"}


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules(CASES / "base")


def proposal(**said: Any) -> dict[str, Any]:
    """A proposal with one instrument, `draft`."""
    return {"proposal": "p", "title": "P", "instruments": {"draft": DRAFT}, **said}


def new_rule(name: str = "new", **said: Any) -> dict[str, Any]:
    """A rule to insert."""
    return {"decision": "access_route", "id": name, "outcome": "ccc", "source": [{"instrument": "draft"}], **said}


@pytest.mark.parametrize("file", sorted((PROPOSALS / "bad").glob("*.yaml")), ids=lambda file: file.stem)
def test_bad_proposals_give_exactly_these_errors(
    rules: RuleSet, file: Path, monkeypatch: pytest.MonkeyPatch, golden: Golden
) -> None:
    """Every problem of a proposal is told at once, at its place, with what would be right."""
    monkeypatch.chdir(PROPOSALS / "bad")
    with pytest.raises(RuleFileError) as wrong:
        rules.propose(file.name)
    golden(f"{wrong.value}\n".replace(str(CASES), "CASES"), file.with_suffix(".txt"))


@pytest.mark.parametrize("file", sorted((PROPOSALS / "good").glob("*.yaml")), ids=lambda file: file.stem)
def test_good_proposals_make_exactly_these_rules(rules: RuleSet, file: Path, golden: Golden) -> None:
    """The rules that are new, other or gone, and the answers over time."""
    proposed = rules.propose(file)
    before, after = rules.form.rules, proposed.form.rules
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    lines = [f"{name}: {_told(after.get(name))}" for name in sorted(changed)]
    for case in (SMALL, LARGE, RESEARCH):
        lines.append(json.dumps(case))
        lines += [f"  {p['from']}: {p['outcome']} by {p['rule']}" for p in proposed.timeline(case)]
        lines += [f"  known on 2025-12-31: {proposed.decide(case, as_of='2026-08-01', known_on='2025-12-31').outcome}"]
    golden("\n".join(lines) + "\n", file.with_suffix(".txt"))


def _told(rule: Any) -> str:
    if rule is None:
        return "gone"
    ended = rule.ended and f"{rule.ended.on} by {[s.instrument for s in rule.ended.sources]}"
    sources = [s.instrument for s in rule.sources]
    return (
        f"{rule.outcome} from {rule.start} until {rule.until}, ended {ended}, sources {sources}, {dict(rule.details)}"
    )


def test_an_exception_follows_an_amended_rule_and_forgets_one_that_is_gone(rules: RuleSet) -> None:
    """What is an exception to a rule is one to the rule that takes its place; to a rule struck out it is none."""
    general = "refrigerator.small.certified"
    special = new_rule("special", when=RESEARCH, outcome="no_approval", exception_to=[general])
    base = rules.propose(proposal(insert=[special]))
    later = {"proposal": "later", "title": "L", "instruments": {"later": DRAFT}}
    amended = base.propose({**later, "amend": [{"id": general, "from": "2026-07-01", "outcome": "no_approval"}]})
    assert amended.form.rules["special"].exception_to == (general, f"{general}.later")
    struck = base.propose({**later, "repeal": [{"id": general}]})
    assert struck.form.rules["special"].exception_to == ()
    assert base.form.rules["special"].exception_to == (general,)


def test_a_source_given_takes_the_place_of_the_proposals_own(rules: RuleSet) -> None:
    """A repeal or an amendment may name what brings it about; several instruments make it say so."""
    two = {"draft": DRAFT, "other": DRAFT}
    with pytest.raises(RuleFileError, match="`source` is missing: the proposal declares 2 instruments"):
        rules.propose(proposal(instruments=two, repeal=[{"id": "refrigerator.small.certified", "from": "2026-07-01"}]))
    source = [{"instrument": "other", "at": "2"}]
    amend = [{"id": "refrigerator.small.certified", "from": "2026-07-01", "outcome": "no_approval", "source": source}]
    form = rules.propose(proposal(instruments=two, amend=amend)).form
    ended = form.rules["refrigerator.small.certified"].ended
    assert ended is not None
    assert ended.on == dt.date(2026, 7, 1)
    assert [s.instrument for s in ended.sources] == ["other"]
    assert [s.instrument for s in form.rules["refrigerator.small.certified.p"].sources] == ["other"]


def test_the_fingerprint_of_the_base_may_be_named(rules: RuleSet) -> None:
    """A proposal that names its base is applied to that one only."""
    named = proposal(base=rules.fingerprint, insert=[new_rule()])
    assert "new" in rules.propose(named).form.rules
    with pytest.raises(RuleFileError, match="was written for the rules"):
        rules.propose(proposal(insert=[new_rule("before")])).propose(named)


def test_a_fingerprint_may_be_as_short_as_it_is_shown(rules: RuleSet) -> None:
    """12 digits do, as every text shows them, and any more; fewer do not, nor digits of another, nor more than all."""
    digits = rules.fingerprint
    for length in (len("sha256:") + 12, len("sha256:") + 13, len(digits) - 1):
        assert "new" in rules.propose(proposal(base=digits[:length], insert=[new_rule()])).form.rules
    other = digits[: len("sha256:") + 11] + ("0" if digits[len("sha256:") + 11] != "0" else "1")
    for wrong in (other, digits + "0", digits.removeprefix("sha256:"), "", "sha256:"):
        with pytest.raises(RuleFileError, match=r"was written for the rules|is too short"):
            rules.propose(proposal(base=wrong, insert=[new_rule()]))
    with pytest.raises(RuleFileError, match="is too short") as told:
        rules.propose(proposal(base=digits[: len("sha256:") + 11], insert=[new_rule()]))
    assert told.value.problems[0].help == "give 12 or more of its digits after `sha256:`"


def test_the_schema_says_how_short_a_fingerprint_may_be(rules: RuleSet) -> None:
    """What it allows is what is read."""
    schema = file_schema("proposal")
    for length, allowed in ((12, True), (64, True), (11, False)):
        data = proposal(base=rules.fingerprint[: len("sha256:") + length], insert=[])
        assert jsonschema.Draft202012Validator(schema).is_valid(data) == allowed


def test_proposals_stack(rules: RuleSet) -> None:
    """One is made to what another makes of the rules; both stand in the version, and survive pickling."""
    first = proposal(insert=[new_rule(when=RESEARCH)])
    second = {"proposal": "a", "title": "A", "amend": [{"id": "new", "outcome": "no_approval"}]}
    both = rules.propose(first).propose(second)
    assert (both.version, both.proposals) == ("1+a+p", ("a", "p"))
    assert both.decide(RESEARCH, as_of="2026-07-01").model_dump()["because"][0]["rule"] == "new"
    assert (rules.version, rules.proposals) == ("1", ())
    again = pickle.loads(pickle.dumps(both))
    assert (again.version, again.fingerprint) == (both.version, both.fingerprint)
    with pytest.raises(RuleFileError, match="the rule id `new` is taken"):
        both.propose(first)


def test_the_rule_that_follows_needs_its_name(rules: RuleSet) -> None:
    """The id of an amended rule is made of the old one and the proposal's, and must be free."""
    taken = rules.propose(proposal(insert=[new_rule("refrigerator.small.certified.late")]))
    late = {"proposal": "late", "title": "L", "instruments": {"late": DRAFT}}
    with pytest.raises(RuleFileError, match=r"`refrigerator\.small\.certified\.late` is taken") as wrong:
        taken.propose(
            {**late, "amend": [{"id": "refrigerator.small.certified", "from": "2026-07-01", "outcome": "no_approval"}]}
        )
    assert wrong.value.problems[0].place is None


def test_a_rule_ends_once(rules: RuleSet) -> None:
    """A rule that a proposal has ended cannot be ended by the next."""
    ended = rules.propose(proposal(repeal=[{"id": "refrigerator.small.certified", "from": "2026-07-01"}]))
    with pytest.raises(RuleFileError, match="ends on 2026-07-01 already"):
        ended.propose(
            {
                "proposal": "again",
                "title": "A",
                "instruments": {"again": DRAFT},
                "repeal": [{"id": "refrigerator.small.certified", "from": "2026-06-01"}],
            }
        )


def test_a_mapping_has_paths_and_no_lines(rules: RuleSet) -> None:
    """What is wrong with a proposal made in Python is told by its path."""
    with pytest.raises(RuleFileError) as wrong:
        rules.propose(proposal(insert=[new_rule(outcome="licence")], repeal=3))
    assert str(wrong.value).startswith("$.insert[0].outcome: unknown outcome `licence`\n")
    assert [p.path for p in wrong.value.problems] == ["$.insert[0].outcome", "$.repeal"]


@pytest.mark.parametrize("given", [3, None, ["p"]])
def test_what_is_no_proposal_is_told(rules: RuleSet, given: Any) -> None:
    """Neither a path nor a mapping: that is said."""
    with pytest.raises(RuleFileError, match="is no proposal"):
        rules.propose(given)


def test_a_file_that_is_not_there_is_told(rules: RuleSet, tmp_path: Path) -> None:
    """No file, one problem, with its reason."""
    with pytest.raises(RuleFileError, match=r"none\.yaml:1:1: \$: cannot be read: no such file or directory"):
        rules.propose(tmp_path / "none.yaml")


def test_what_a_proposal_inserts_is_asked_for_by_its_name(rules: RuleSet) -> None:
    """The rules of a proposal are rules like any other: they can be asked why they do not decide."""
    proposed = rules.propose(proposal(insert=[new_rule(when=RESEARCH)]))
    assert proposed.decide(SMALL, as_of="2026-07-01").why_not("new")
    with pytest.raises(QueryError):
        rules.decide(SMALL, as_of="2026-07-01").why_not("new")


@pytest.mark.parametrize(("count", "moved"), [(1, True), (150, True), (300, False)])
def test_many_rules_are_not_moved_in_one_by_one(
    rules: RuleSet, count: int, moved: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few changes move what is there, which costs their number times its size; for many it is built anew."""
    moves: list[object] = []
    move = editing._spliced_bits

    def noted(*args: Any) -> list[int]:
        moves.append(args)
        return move(*args)

    monkeypatch.setattr(editing, "_spliced_bits", noted)
    bands = [{"effective_volume": f"from {n} L to below {n + 1} L"} for n in range(count)]
    proposed = rules.propose(proposal(insert=[new_rule(f"new.{n}", when=when) for n, when in enumerate(bands)]))
    assert bool(moves) == moved
    assert parts(proposed.index) == parts(Index(proposed.form))
