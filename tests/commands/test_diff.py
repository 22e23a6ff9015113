"""`diff`: what changes between two rule sets, in each format and language, and every wrong call."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from accessrules import RuleSet, load_rules
from accessrules.commands import changewords, inputs, output
from tests.commands.conftest import SAMPLE, Ran, Run

HERE = Path(__file__).parent
SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)

EDITS = {
    "ruleset.yaml": [('version: "7"', 'version: "8"')],
    "vocabulary.yaml": [("      pump: {", "      bicycle: {en: bicycles, zh: 自行车}\n      pump: {")],
    "decisions/routes.yaml": [
        # An answer: what is licensed of cookers, and which refrigerators are large.
        ("burners: at least 3, made_on: from 2010-01-01", "burners: from 4 to below 7, made_on: from 2012-01-01"),
        (
            "effective_volume: at least 500 L}\n    outcome: prod",
            "effective_volume: from 500 L to at most 700.5 L}\n    outcome: prod",
        ),
        # Details, and reasons alone.
        ("fees: [1, 2]", "fees: [1, 3]"),
        ("{en: Whether exports need anything is open", "{en: What exports need is open"),
    ],
}


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample as `old`, and as `new` with some rules changed; the call is made from beside them."""
    shutil.copytree(SAMPLE, tmp_path / "old")
    shutil.copytree(SAMPLE, tmp_path / "new")
    for name, edits in EDITS.items():
        file = tmp_path / "new" / name
        text = file.read_text(encoding="utf-8")
        for old, new in edits:
            assert text.count(old) == 1
            text = text.replace(old, new)
        file.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def same_vocabulary(pair: Path) -> None:
    """Take the value that is added away again: it asks for another version by itself."""
    shutil.copy(pair / "old" / "vocabulary.yaml", pair / "new" / "vocabulary.yaml")


def diff(run: Run, *args: str) -> Ran:
    return run("diff", "old", "new", *args, rules=None)


# ---------------------------------------------------------------------------------------------------- what is told


@pytest.mark.usefixtures("pair")
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("format", ["text", "md", "html"])
def test_changes_are_told_like_this(run: Run, lang: str, format: str, golden: Callable[[str, Path], None]) -> None:
    """The number of regions and the version that they ask for; then each with both sides, sources, and a case."""
    ran = diff(run, "--lang", lang, "--format", format)
    assert (ran.code, ran.err) == (0, "")
    golden(ran.out, HERE / "golden" / f"diff.{lang}.{format.replace('text', 'txt')}")


def test_json_is_what_the_library_finds(run: Run, pair: Path) -> None:
    before, after = load_rules(pair / "old"), load_rules(pair / "new")
    changes = before.diff(after)
    data = diff(run, "--format", "json").json
    assert list(data) == ["changes", "bump", "causes", "added", "removed", "publications", "before", "after"]
    assert (data["changes"], data["bump"]) == (changes.model_dump(), changes.bump)
    assert (data["before"], data["after"]) == (before.identity(), after.identity())
    assert {one["kind"] for one in data["changes"]} == {"answer", "details", "reasons"}


@pytest.mark.usefixtures("pair")
def test_reasons_are_only_counted_unless_they_are_wanted(run: Run) -> None:
    few, all_ = diff(run), diff(run, "--reasons")
    assert ("--reasons lists it" in few.text, "--reasons lists it" in all_.text) == (True, False)
    assert ("What exports need is open" in few.text, "What exports need is open" in all_.text) == (False, True)
    assert "The same answer for other reasons:" in all_.out


def test_each_witness_can_be_pasted_and_shows_both_sides(run: Run, pair: Path) -> None:
    """The two commands of each region give the answers that it says, in the order in which they stand."""
    changes = diff(run, "--format", "json").json["changes"]
    shown = re.findall(r"accessrules decide .*", diff(run, "--reasons").out)
    assert len(shown) == 2 * len(changes)
    for n, one in enumerate(changes):
        for side, command in zip(("before", "after"), shown[2 * n : 2 * n + 2], strict=True):
            data = run(*shlex.split(command)[1:], "--format", "json", rules=None).json
            assert (data["status"], data["outcome"]) == (one[side]["status"], one[side]["outcome"])
            assert (data["decision"], data["ruleset"]["version"]) == (one["decision"], "7" if side == "before" else "8")


DUTY = "  duty: {question: Is there a duty?, outcomes: {y: yes it is, n: 'no'}}\n"
PARTS = {
    "value": ("vocabulary.yaml", "      pump: {", "      bicycle: {en: bicycles}\n", "product category: bicycles"),
    "fact": ("vocabulary.yaml", "  burners: {", "  noise: {type: number, unit: W}\n", "noise"),
    "decision": ("ruleset.yaml", "organs:", DUTY, "Is there a duty?"),
    "outcome": ("ruleset.yaml", "      no_approval: {", "      tag: a tag\n", "Which approval does it need? a tag"),
}
"""Each kind of part: the file in which one is inserted, before what, and how it is told."""


@pytest.mark.parametrize("kind", sorted(PARTS))
def test_what_only_one_side_knows_asks_for_another_version(run: Run, pair: Path, kind: str) -> None:
    """Added it asks for a minor one, removed for a major one, and the exit code is that of a change."""
    shutil.rmtree(pair / "new")
    shutil.copytree(pair / "old", pair / "new")
    name, place, inserted, told = PARTS[kind]
    file = pair / "new" / name
    text = file.read_text("utf-8")
    assert text.count(place) == 1
    file.write_text(text.replace(place, inserted + place), "utf-8")
    if kind == "decision":
        (pair / "new" / "decisions" / "duty.yaml").write_text(
            "decision: duty\nrules:\n  - {id: d, when: {category: pump}, outcome: y, source: [{instrument: regs}]}\n",
            "utf-8",
        )
    there, back = diff(run, "--exit-code"), run("diff", "new", "old", "--exit-code", rules=None)
    assert (there.code, back.code) == (1, 1)
    for ran in (there, back):
        assert "Every case that both can be asked with everything known is answered as before" in ran.text
    assert f"Added, with nothing before to compare with: {told}." in there.text
    assert f"Removed, with nothing after to compare with: {told}." in back.text
    assert "version: minor, because something is added that can be asked or answered." in there.text
    assert "version: major, because something is removed that could be asked or answered." in back.text
    data = diff(run, "--format", "json").json
    assert [part["kind"] for part in data["added"]] == [kind]
    assert (data["removed"], data["bump"], data["causes"]) == ([], "minor", ["added"])


def test_a_decision_that_one_side_has_not_is_told(run: Run, pair: Path) -> None:
    (pair / "new" / "decisions" / "authorities.yaml").unlink()
    file = pair / "new" / "ruleset.yaml"
    file.write_text(re.sub(r"  issuing_authority:\n(    .*\n)+", "", file.read_text("utf-8")), "utf-8")
    shutil.rmtree(pair / "new" / "casebook")
    assert "Removed, with nothing after to compare with: Who issues it?." in diff(run).text


def test_days_of_publication_that_differ_are_told_with_a_way_to_compare_them(run: Run, pair: Path) -> None:
    """With everything known only reasons change; asked as known in between, an answer does, as the option shows."""
    shutil.rmtree(pair / "new")
    shutil.copytree(pair / "old", pair / "new")
    file = pair / "new" / "instruments.yaml"
    file.write_text(file.read_text("utf-8").replace("published: 2005-01-01", "published: 2005-06-01"), "utf-8")
    ran = diff(run, "--exit-code")
    assert (ran.code, "Another answer" in ran.text) == (1, False)
    assert "version: minor, because some rules are known from another day." in ran.text
    (option,) = re.findall(r"from 2005-01-01 until 2005-06-01: (--known-on \S+)", ran.text)
    between = diff(run, *option.split(), "--exit-code")
    assert (between.code, "Another answer" in between.text) == (1, True)
    assert "known from another day" not in between.text
    later = diff(run, "--known-on", "2005-06-01", "--exit-code")
    assert (later.code, "Another answer" in later.text) == (0, False)
    data = diff(run, "--format", "json").json
    assert data["publications"] == [{"from": "2005-01-01", "until": "2005-06-01"}]
    assert (data["bump"], data["causes"]) == ("minor", ["published"])
    for format in ("md", "html"):
        assert "--known-on 2005-01-01" in diff(run, "--format", format).out


@pytest.mark.usefixtures("pair")
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_of_many_regions_a_summary_comes_first(run: Run, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each pair of answers with its number of regions; these add up to all that are listed."""
    heading = {"en": "How many regions change how", "zh": "各种变化的情形数"}[lang]
    assert heading not in diff(run, "--lang", lang).out
    monkeypatch.setattr(changewords, "MANY", 3)
    ran = diff(run, "--lang", lang, "--reasons", "--format", "md")
    summary = ran.out.split(heading)[1].split("|")[0]
    counts = [int(count) for count in re.findall(r"[:：] ?\*\*(\d+)\*\*", summary)]
    found = diff(run, "--format", "json").json["changes"]
    assert sum(counts) == len(found)
    pairs = {(one["decision"], one["kind"], str(one["before"]["possible"]), str(one["after"]["possible"]))
             for one in found}  # fmt: skip
    assert len(counts) == len(pairs) < len(found)


@pytest.mark.usefixtures("pair")
def test_the_same_rules_have_no_changes(run: Run) -> None:
    ran = run("diff", "old", "old", "--exit-code", rules=None)
    assert (ran.code, ran.err) == (0, "")
    assert "Nothing changes." in ran.out
    assert "Suggested change of the version: none, because every case is answered as before" in ran.text
    assert run("diff", "old", "old", "--format", "json", rules=None).json["changes"] == []
    assert "<table>" not in run("diff", "old", "old", "--format", "html", rules=None).out


def test_the_version_that_is_suggested(run: Run, pair: Path) -> None:
    """Major where a decided answer changes, minor for details, patch for reasons alone."""
    same_vocabulary(pair)
    assert "version: major, because an answer that was decided changes." in diff(run).text
    for old, new, said in (
        ("fees: [1, 2]", "fees: [1, 3]", "minor, because details change"),
        ("{en: Whether exports", "{en: If exports", "patch, because only reasons change"),
    ):
        file = pair / "new" / "decisions" / "routes.yaml"
        file.write_text((SAMPLE / "decisions" / "routes.yaml").read_text("utf-8").replace(old, new), "utf-8")
        assert said in diff(run).text


def test_the_exit_code_tells_changes_of_answers_and_details(run: Run, pair: Path) -> None:
    same_vocabulary(pair)
    assert (diff(run).code, diff(run, "--exit-code").code) == (0, 1)
    file = pair / "new" / "decisions" / "routes.yaml"
    text = (SAMPLE / "decisions" / "routes.yaml").read_text("utf-8")
    file.write_text(text.replace("fees: [1, 2]", "fees: [1, 3]"), "utf-8")
    assert diff(run, "--exit-code").code == 1
    file.write_text(text.replace("{en: Whether exports", "{en: If exports"), "utf-8")
    assert (diff(run, "--exit-code").code, "1 region with other reasons only" in diff(run).text) == (0, True)


@pytest.mark.usefixtures("pair")
def test_a_decision_restricts_what_is_told(run: Run) -> None:
    everything = diff(run, "--format", "json").json["changes"]
    some = diff(run, "--decision", "issuing_authority", "--format", "json").json["changes"]
    assert some == [one for one in everything if one["decision"] == "issuing_authority"]
    assert len(some) < len(everything)


def test_what_was_known_decides_what_changes(run: Run, pair: Path) -> None:
    """A rule that rests on what is published later changes nothing before."""
    same_vocabulary(pair)
    file = pair / "new" / "decisions" / "routes.yaml"
    text = (SAMPLE / "decisions" / "routes.yaml").read_text("utf-8")
    file.write_text(
        text.replace(
            "outcome: ccc\n    source: [{instrument: notice, at: a}]",
            "outcome: no_approval\n    source: [{instrument: notice, at: a}]",
        ),
        "utf-8",
    )
    assert diff(run, "--known-on", "2018-03-14", "--exit-code").code == 0
    ran = diff(run, "--known-on", "2020-01-01", "--exit-code")
    assert (ran.code, "--known-on 2020-01-01" in ran.out) == (1, True)


@pytest.mark.usefixtures("pair")
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_fits_a_narrow_terminal_but_for_commands(run: Run, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "PIPE_WIDTH", 40)
    lines = [one for one in diff(run, "--lang", lang).out.splitlines() if "accessrules decide" not in one]
    assert max(map(len, lines)) <= 40


# ---------------------------------------------------------------------------------------------------- proposals

PROPOSALS = HERE / "proposals"
PUMPS, RESEARCH = str(PROPOSALS / "pumps.yaml"), str(PROPOSALS / "pumps-for-research.yaml")


@pytest.mark.usefixtures("pair")
@pytest.mark.parametrize("base", [["old"], ["--rules", "old"]])
def test_a_proposal_is_compared_with_its_base(run: Run, base: list[str]) -> None:
    """The base is a folder, given either way; the commands to paste name the proposals on their side only."""
    ran = run("diff", *base, "--proposal", PUMPS, "--proposal", RESEARCH, rules=None)
    assert (ran.code, ran.err) == (0, "")
    assert "pumps; purpose: not research; from 2026-07-01: no approval → certification" in ran.text
    assert "After: sample, version 7+pumps+pumps-for-research" in ran.text
    shown = re.findall(r"accessrules decide (.*)", ran.out)
    assert [one.count("--proposal") for one in shown[:2]] == [0, 2]
    told = [run("decide", *shlex.split(one), "--format", "json", rules=None).json["outcome"] for one in shown[:2]]
    assert told == ["no_approval", "ccc"]


@pytest.mark.usefixtures("pair")
def test_each_witness_of_a_check_names_the_proposals(run: Run) -> None:
    ran = run("check", "--rules", "old", "--proposal", PUMPS, rules=None)
    assert all(f"--rules old --proposal {PUMPS}" in one for one in re.findall(r"accessrules decide .*", ran.out))


def test_the_shipped_rules_are_the_base_where_none_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are read once, and stood for by the sample here."""
    read: list[str | None] = []

    def load(folder: str | None) -> RuleSet:
        read.append(folder)
        return load_rules(SAMPLE)

    monkeypatch.setattr(inputs, "load_rules", load)
    ran = run("diff", "--proposal", PUMPS, "--exit-code", rules=None)
    assert (ran.code, ran.err, read) == (1, "", [None])
    assert "--rules" not in ran.out


# ---------------------------------------------------------------------------------------------------- the small maps


@pytest.mark.usefixtures("pair")
def test_each_ordered_fact_of_a_region_has_a_bar(run: Run) -> None:
    """Each bar is well-formed, without script or style, lies within its picture, and has the ends as labels."""
    html = diff(run, "--format", "html", "--reasons").out
    changes = diff(run, "--format", "json").json["changes"]
    ordered = {"burners", "effective_volume", "made_on", "as_of"}
    bars = SVG.findall(html)
    assert len(bars) == sum(len(ordered & one["region"].keys()) for one in changes)
    assert not re.search(r"<script|style=|<style|\bid=", html)
    for svg in bars:
        root = ElementTree.fromstring(svg)
        width, height = float(root.attrib["width"]), float(root.attrib["height"])
        for one in root.iter():
            assert 0 <= float(one.attrib.get("x", 0)) + float(one.attrib.get("width", 0)) <= width
            assert 0 <= float(one.attrib.get("y", 0)) <= height


@pytest.mark.usefixtures("pair")
def test_a_bar_shows_where_the_region_lies(run: Run) -> None:
    """Ends that are in have a full dot, others a hollow one; the part between them is filled."""
    bars = SVG.findall(diff(run, "--format", "html").out)
    found: dict[str, list[tuple[str, str]]] = {}
    for svg in bars:
        root = ElementTree.fromstring(svg)
        label, *ends = [one.text or "" for one in root.iter("text")]
        dots = [one.attrib["fill"].replace("currentColor", "in").replace("white", "out") for one in root.iter("circle")]
        for filled, dot in zip(root.findall("*[@class='range']"), root.iter("circle"), strict=False):
            edges = float(filled.attrib["x"]), float(filled.attrib["x"]) + float(filled.attrib["width"])
            assert min(abs(edge - float(dot.attrib["cx"])) for edge in edges) <= 2
        found.setdefault(label, []).append((" ".join(ends), " ".join(dots)))
    assert ("700.5 L", "out") in found["effective volume"]
    assert ("2010-01-01 2011-12-31", "in in") in found["day of manufacture"]
    assert ("4 6", "in in") in found["burners"]
    assert ("2005-09-01 2020-09-30", "in in") in found["day asked about"]


# ---------------------------------------------------------------------------------------------------- wrong calls


@pytest.mark.usefixtures("pair")
@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([], "error: diff: compares two rule sets, and 0 are given\n  help: write `diff BASE OTHER`"),
        (["old"], "compares two rule sets, and 1 is given"),
        (["old", "new", "old"], "compares two rule sets, and 3 are given"),
        (["old", "new", "--rules", "old"], "error: --rules: `diff` is given folders and this option"),
        (["old", "new", "--proposal", "p.yaml"], "compares two rule sets, and 2 are given beside a proposal"),
        (["old", "--rules", "old", "--proposal", "p.yaml"], "error: --rules: `diff` is given folders and this option"),
        (["old", "--proposal", "p.yaml"], "p.yaml:1:1: cannot be read"),
        (["nowhere", "--proposal", "p.yaml"], "there is no folder `nowhere`"),
        (["old", "nowhere"], "there is no folder `nowhere`"),
        (["old", "new/ruleset.yaml"], "new/ruleset.yaml"),
        (["old", "new", "--decision", "acces_route"], "error: --decision: unknown decision `acces_route`\n  help: did"),
        (["old", "new", "--known-on", "2018-02-30"], "error: --known-on: there is no day `2018-02-30`"),
        (["old", "new", "--format", "sarif"], "see `accessrules diff --help`"),
        (["old", "new", "--lang", "fr"], "see `accessrules diff --help`"),
    ],
)
def test_a_wrong_call_is_told(run: Run, args: list[str], said: str) -> None:
    ran = run("diff", *args, rules=None)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_the_problems_of_both_rule_sets_are_told_at_once(run: Run, pair: Path) -> None:
    for name in ("old", "new"):
        (pair / name / "decisions" / "routes.yaml").write_text("decision: access_route\nrules: 5\n", "utf-8")
    ran = diff(run, "--known-on", "x")
    assert (ran.code, ran.out) == (2, "")
    ran = diff(run)
    assert "old/decisions/routes.yaml:2:" in ran.err
    assert "new/decisions/routes.yaml:2:" in ran.err


def test_a_fact_of_another_type_is_told(run: Run, pair: Path) -> None:
    file = pair / "new" / "vocabulary.yaml"
    file.write_text(file.read_text("utf-8").replace("unit: L", "unit: m3"), "utf-8")
    ran = diff(run)
    assert (ran.code, ran.out) == (2, "")
    assert "`effective_volume` is a number in L in one rule set and a number in m3 in the other" in ran.err
