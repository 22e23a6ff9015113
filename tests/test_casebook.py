"""The casebook: cases read with every problem at its place, and run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from accessrules import RuleFileError, load_rules
from accessrules.casebook import decided_by, read_casebook, run_casebook
from tests.reading.test_cases import CASES, laid_over_base

SAMPLE = Path(__file__).parent / "commands" / "sample"
RULES = load_rules(SAMPLE)

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a casebook and give the folder that it is in."""

    def writing(text: str) -> Path:
        (tmp_path / "casebook").mkdir(exist_ok=True)
        (tmp_path / "casebook" / "book.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return writing


def test_the_shipped_cases_all_pass() -> None:
    rules = load_rules()
    result = run_casebook(rules, read_casebook(rules))
    assert result.results
    assert [one.case.id for one in result.failed] == []


DRAFT = {
    "proposal": "pumps",
    "title": "Pumps",
    "cases": [{"id": "p", "facts": {"category": "pump"}, "expect": {"by": "default"}}],
}


def test_cases_of_a_proposal_come_last_or_take_the_place_of_others(write: Write) -> None:
    """Of two proposals the later one's case counts, as a case and not as a mistake."""
    other = {"id": "p", "facts": {"category": "pump"}, "expect": {"status": "conflict"}}
    once = RULES.propose(DRAFT)
    twice = once.propose({**DRAFT, "proposal": "again", "cases": [other]})
    book = write(
        "cases: [{id: p, facts: {}, expect: {status: undetermined}}, {id: q, facts: {}, expect: {by: default}}]"
    )
    for rules, by, status in ((once, "default", None), (twice, None, "conflict")):
        first, second = read_casebook(rules, book)
        assert (first.id, first.by, first.status, second.id) == ("p", by, status, "q")
    assert [one.id for one in read_casebook(once, book / "empty")] == ["p"]
    assert read_casebook(RULES, book / "empty") == ()


def test_what_is_wrong_in_the_cases_of_a_proposal_is_told(tmp_path: Path) -> None:
    """All of it, at its place: the same id twice, an unknown outcome, a fact that is none, no list."""
    file = tmp_path / "draft.yaml"
    cases = [
        "{id: a, facts: {category: pump}, expect: {outcome: cc}}",
        "{id: a, facts: {}, expect: {by: default}}",
        "{id: a, facts: {}, expect: {by: default}}",
        "{id: b, facts: {colour: red}, expect: {by: default}}",
    ]
    file.write_text("proposal: p\ntitle: P\ncases:\n" + "".join(f"  - {one}\n" for one in cases), "utf-8")
    with pytest.raises(RuleFileError) as wrong:
        read_casebook(RULES.propose(file))
    assert [(p.place.line, p.path) for p in wrong.value.problems if p.place] == [
        (4, "$.cases[0].expect.outcome"),
        (6, "$.cases[2].id"),
        (7, "$.cases[3].facts.colour"),
    ]
    with pytest.raises(RuleFileError, match=r"\$\.cases"):
        RULES.propose({**DRAFT, "cases": "none"})
    with pytest.raises(RuleFileError) as wrong:
        RULES.propose({**DRAFT, "cases": [5, {"id": "x"}], "repeal": [{"id": "no.such.rule"}]})
    assert sorted(p.path for p in wrong.value.problems) == ["$.cases[0]", "$.cases[1]", "$.repeal[0].id"]


def test_a_folder_without_casebook_has_no_cases(tmp_path: Path) -> None:
    assert read_casebook(RULES, tmp_path) == ()


def test_text_is_read_as_a_person_says_it(write: Write) -> None:
    (case,) = read_casebook(
        RULES,
        write(
            "cases: [{id: a, facts: {holds_licence: yes, effective_volume: 0.5 m3}, expect: {status: undetermined}}]"
        ),
    )
    assert dict(case.case.facts) == {"holds_licence": True, "effective_volume": 500}


def test_a_default_decides_as_default(write: Write) -> None:
    cases = read_casebook(RULES, write("cases: [{id: a, facts: {category: pump}, expect: {by: default}}]"))
    (one,) = run_casebook(RULES, cases).results
    assert one.passed
    assert decided_by(one.decision) == "default"


def test_a_status_that_differs_fails(write: Write) -> None:
    cases = read_casebook(RULES, write("cases: [{id: a, facts: {category: pump}, expect: {status: conflict}}]"))
    (one,) = run_casebook(RULES, cases).results
    assert [(m.part, m.expected, m.got) for m in one.mismatches] == [("status", "conflict", "decided")]


def test_rules_that_only_may_prevail_are_not_covered(write: Write) -> None:
    cases = read_casebook(
        RULES, write("cases: [{id: a, facts: {category: refrigerator}, expect: {status: undetermined}}]")
    )
    coverage = run_casebook(RULES, cases).coverage
    assert len(coverage.uncovered_rules) == coverage.rules


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (
            "{id: a, facts: {categry: pump}, expect: {by: default}}",
            "1:34: $.cases[0].facts.categry: unknown fact `categry`",
        ),
        ("{id: a, facts: {category: pmp}, expect: {by: default}}", "did you mean `pump`?"),
        ("{id: a, facts: {holds_licence: perhaps}, expect: {by: default}}", "neither yes nor no"),
        ("{id: a, decision: acces_route, expect: {by: default}}", "did you mean `access_route`?"),
        ("{id: a, expect: {outcome: cc}}", "did you mean `ccc`?"),
        ("{id: a, expect: {outcome: ccc, status: conflict}}", "a case that is `conflict` has no outcome"),
        ("{id: a, expect: {by: large.licenced}}", "did you mean `large.licensed`?"),
        ("{id: a, expect: {}}", "nothing is expected"),
        ("{id: a, as_of: 2018-02-30, expect: {by: default}}", "there is no day `2018-02-30`"),
        ("{id: a, expects: {by: default}}", "did you mean `expect`?"),
        ("{id: a, expect: {by: default}}, {id: a, expect: {by: default}}", "the case id `a` is taken"),
        ("{id: a, facts: {access_route: ccc}, expect: {by: default}}", "is a decision, not a fact to give"),
    ],
)
def test_each_problem_has_its_place(write: Write, case: str, said: str) -> None:
    with pytest.raises(RuleFileError) as wrong:
        read_casebook(RULES, write(f"cases: [{case}]"))
    assert said in str(wrong.value)
    assert all(problem.place and problem.place.file.endswith("book.yaml") for problem in wrong.value.problems)


@pytest.mark.parametrize("text", ["", "null", "[1]", "cases: {}", "cases: [", "case: []"])
def test_a_file_that_is_no_casebook_is_told(write: Write, text: str) -> None:
    with pytest.raises(RuleFileError):
        read_casebook(RULES, write(text))


def test_all_problems_of_all_files_are_told_at_once(write: Write) -> None:
    folder = write("cases: [{id: a, expect: {}}, {id: b, facts: {x: 1}, expect: {by: y}}]")
    (folder / "casebook" / "other.yaml").write_text("cases: [{id: c, expect: {outcome: z}}]")
    with pytest.raises(RuleFileError) as wrong:
        read_casebook(RULES, folder)
    assert len(wrong.value.problems) == 4


def test_one_open_rule_decides_whatever_else_yields(tmp_path: Path) -> None:
    """An unknown fact that changes only which rules yield hides neither the open rule nor its coverage."""
    laid_over_base(CASES / "good" / "open_whatever_yields", tmp_path)
    rules = load_rules(tmp_path / "rules")
    (tmp_path / "rules" / "casebook").mkdir()
    (tmp_path / "rules" / "casebook" / "book.yaml").write_text(
        "cases: [{id: a, facts: {category: household_refrigerator, effective_volume: 300}, expect: {by: small.open}}]",
        encoding="utf-8",
    )
    result = run_casebook(rules, read_casebook(rules))
    assert result.failed == ()
    assert "small.open" not in result.coverage.uncovered_rules


def test_a_detail_that_must_not_be_there_is_null(write: Write) -> None:
    case = "{{id: a, facts: {{effective_volume: 600}}, as_of: 2018-03-14, expect: {{details: {{{details}}}}}}}"
    for details, passes in (("nowhere: null", True), ("nowhere: 1", False)):
        folder = write("cases: [" + case.format(details=details) + "]")
        (result,) = run_casebook(RULES, read_casebook(RULES, folder)).results
        assert result.passed is passes
