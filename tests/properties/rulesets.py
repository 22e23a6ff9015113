"""Generated rule sets, as the data of their files: small enough for brute force, rich enough to matter.

Constants come from small pools, so that rules meet, disagree and yield; `test_generators.py` holds that they do.
"""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from hypothesis import strategies as st

from accessrules import Problem, RuleFileError, RuleSet
from accessrules.reading.draft import Draft
from accessrules.reading.loading import read_files
from accessrules.reading.yamlfiles import YamlFile
from accessrules.rules import SourceForm
from tests.reference.interpreter import Interpreter

Data = dict[str, Any]
Drawn = st.DrawFn

_ROUTES = ("body", "clearance", "route")
_RULE_NAMES = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath")
DAYS = tuple(dt.date.fromisoformat(day) for day in ("2005-09-01", "2011-03-15", "2018-08-01", "2019-07-05"))
MADE = tuple(dt.date.fromisoformat(day) for day in ("2010-01-01", "2018-08-01"))
PUBLISHED = tuple(dt.date.fromisoformat(day) for day in ("2001-05-01", "2005-07-09", "2018-09-23", "2018-09-24"))
_ISSUERS = ("samr", "aqsiq", "qtsb", "qtsb", "samr", "cnca", ["aqsiq", "cnca"], ["cnca", "samr"])

_FACTS: dict[str, Data] = {
    "category": {
        "type": "category",
        "values": {
            "appliance": {"en": "appliance", "zh": "家用电器"},
            "cold": {"en": "cold appliance", "under": "appliance"},
            "fridge": {"en": "fridge", "under": "cold", "also": {"en": ["refrigerator"]}},
            "freezer": {"en": "freezer", "under": "cold"},
            "oven": {"en": "oven", "under": "appliance"},
            "cable": {"en": "cable"},
        },
    },
    "purpose": {
        "type": "choice",
        "values": {"domestic": "domestic", "export": "export", "research": "research"},
    },
    "licensed": {"type": "boolean"},
    "phases": {"type": "integer", "min": 0},
    "volume": {"type": "number", "unit": "L", "min": 0},
    "made_on": {"type": "date"},
}
_TESTS: dict[str, tuple[Any, ...]] = {
    "category": (
        "fridge",
        "cold",
        "appliance",
        "cable",
        ["fridge", "cable"],
        "not fridge",
        "not cold",
        "not [freezer, cable]",
        ["cold", "oven"],
    ),
    "purpose": ("domestic", "export", ["export", "research"], "not research", "not [domestic, export]"),
    "licensed": (True, False, "not true"),
    "phases": (
        1,
        "at least 2",
        "below 2",
        "[1..3]",
        "above 1",
        "not 1",
        [1, 3],
        "from 1 to below 3",
        "at most 3",
        "(1..3]",
    ),
    "volume": (
        "at least 500 L",
        "below 500 L",
        "500 L",
        "from 300 L to below 500 L",
        "above 500 L",
        "at most 0.5 m3",
        "not [300 L..500 L)",
        "(300 L..500 L]",
        "above 300 L to at most 500 L",
        ["below 300 L", "500 L"],
        "at least 0 L",
        "< 300 L",
        "≥ 300000 mL",
        "below 300 L or above 500 L",
    ),
    "made_on": (
        "before 2018-08-01",
        "from 2018-08-01",
        "after 2010-01-01",
        MADE[0],
        "from 2010-01-01 to before 2018-08-01",
        "not 2018-08-01",
        ["before 2010-01-01", "2018-08-01"],
        "at most 2018-08-01",
    ),
}


@dataclass(frozen=True)
class Files:
    """The data of a rule set's files, by role."""

    ruleset: Data
    vocabulary: tuple[Data, ...]
    instruments: tuple[Data, ...]
    decisions: tuple[Data, ...]

    def read(self) -> SourceForm:
        """The source form; raises RuleFileError."""
        roles = {
            "ruleset": (self.ruleset,),
            "vocabulary": self.vocabulary,
            "instruments": self.instruments,
            "decisions": self.decisions,
        }
        files = {
            role: [YamlFile(f"{role}/{n}.yaml", data) for n, data in enumerate(held)] for role, held in roles.items()
        }
        return read_files(files, Draft())

    @cached_property
    def form(self) -> SourceForm:
        """The source form, read once."""
        return self.read()

    @cached_property
    def rules(self) -> RuleSet:
        """The engine over this rule set."""
        return RuleSet(self.form)

    @cached_property
    def reference(self) -> Interpreter:
        """The reference over this rule set."""
        return Interpreter(self.form)


_rarely = st.sampled_from((False, False, True))
_seldom = st.sampled_from((False,) * 5 + (True,))


@dataclass(frozen=True)
class Style:
    """How a rule set is: `crowded` where most rules apply to most cases, `agreed` where all have one outcome."""

    crowded: bool = False
    agreed: bool = False


_STYLES = (Style(), Style(), Style(), Style(crowded=True), Style(crowded=True, agreed=True))


@st.composite
def rule_sets(draw: Drawn, *, most_decisions: int = 3, most_rules: int = 8, style: Style | None = None) -> Files:
    """A rule set, as files."""
    facts = draw(st.lists(st.sampled_from(sorted(_FACTS)), min_size=2, max_size=4, unique=True))
    style = style or draw(st.sampled_from(_STYLES))
    names = draw(st.permutations(_ROUTES))[: draw(st.sampled_from((1, 1, 2, 2, 3)[: 2 * most_decisions]))]
    instruments = draw(_instruments())
    rule_names = iter(draw(st.permutations(_RULE_NAMES))[:most_rules])
    decisions: list[Data] = []
    tests = {fact: _TESTS[fact] for fact in facts}
    for name in names:
        decisions += draw(
            _decision_files(name, tests, sorted(instruments), rule_names, most_rules // len(names), style)
        )
        tests = {**tests, name: _OUTCOME_TESTS}
    declared = {name: draw(_declarations(sorted(instruments))) for name in names}
    ruleset: Data = {
        "format": 1,
        "name": "generated",
        "version": "1",
        "main": names[-1],
        "decisions": declared,
        "organs": {
            "samr": {"en": "SAMR"},
            "aqsiq": {"en": "AQSIQ", "succeeded_by": "samr"},
            "qtsb": {"en": "QTSB", "succeeded_by": "aqsiq"},
        },
        "precedence": draw(st.sampled_from(("legislation_law",) * 5 + ("explicit",))),
    }
    vocabulary: Data = {fact: copy.deepcopy(_FACTS[fact]) for fact in facts}
    if "purpose" in facts and draw(st.booleans()):
        vocabulary["purpose"]["presume"] = "domestic"
    if "phases" in facts and draw(st.booleans()):
        vocabulary["phases"]["max"] = 4
    return _satisfiable(Files(ruleset, ({"facts": vocabulary},), ({"instruments": instruments},), tuple(decisions)))


_OUTCOMES = ("ccc", "licence", "nothing")
_OUTCOME_TESTS = ("ccc", "licence", "not ccc", ["licence", "nothing"], "nothing", "not nothing")


@st.composite
def _declarations(draw: Drawn, instruments: list[str]) -> Data:
    declared: Data = {"question": "Which?", "outcomes": dict.fromkeys(_OUTCOMES, "an outcome")}
    default: Any = draw(st.sampled_from((None, None, "none", "nothing", {"outcome": "nothing"}, "sourced")))
    if default == "sourced":
        default = {"outcome": "ccc", "source": [draw(_sources(instruments))]}
    if default:
        declared["default"] = default
    if draw(st.integers(0, 5)) == 0:
        declared["precedence"] = draw(st.sampled_from(("explicit", "legislation_law")))
    return declared


@st.composite
def _instruments(draw: Drawn) -> dict[str, Data]:
    count = draw(st.integers(3, 5))
    published = draw(st.permutations(PUBLISHED))
    return {
        f"text{n}": {
            "title": f"Text {n}",
            "confidence": "confirmed-by-official-text",
            "issuer": draw(st.sampled_from(_ISSUERS)),
            "rank": draw(st.sampled_from(("rule",) * 5 + ("regulation", "law", "interpretation"))),
            "published": published[n % len(published)],
        }
        for n in range(count)
    }


@st.composite
def _sources(draw: Drawn, instruments: list[str]) -> Data:
    return {
        "instrument": draw(st.sampled_from(instruments)),
        "at": draw(st.sampled_from(("art. 1", "annex"))),
    }


_SIZES = ((2,), (3,), (1, 2), (2, 2), (4,), (3, 2), (2, 1, 2), (4, 4), (5, 3))
"""How many rules each file of a decision has."""


@st.composite
def _decision_files(
    draw: Drawn,
    decision: str,
    tests: Mapping[str, tuple[Any, ...]],
    instruments: list[str],
    names: Any,
    most: int,
    style: Style,
) -> list[Data]:
    """Files of one decision; rules are exceptions only to rules and groups of earlier files or places."""
    files: list[Data] = []
    earlier: list[str] = []
    conditions: list[Data] = []
    sizes = draw(st.sampled_from([sizes for sizes in _SIZES if most // 2 * style.crowded <= sum(sizes) <= most]))
    for number, size in enumerate(sizes):
        group = f"{decision}.{'xyz'[number]}" if draw(st.booleans()) else None
        outer = list(earlier)
        rules: list[Data] = []
        for _ in range(size):
            like: Data | None = draw(st.sampled_from([None, None, *conditions]))
            rule = {"id": next(names), **draw(_rule(tests, instruments, like, style))}
            conditions.append(rule["when"])
            is_exception: bool = draw(_rarely)
            general: list[str] = draw(st.lists(st.sampled_from(earlier), max_size=2, unique=True)) if earlier else []
            if general and is_exception:
                rule["exception_to"] = general[0] if len(general) == 1 else general
            rules.append(rule)
            earlier.append(rule["id"])
        file: Data = {"decision": decision, "rules": rules}
        files.append({**file, "group": group} if group else file)
        earlier = [*outer, *(rule["id"] for rule in rules), *([group] if group else [])]
    return files


@st.composite
def _rule(
    draw: Drawn, tests: Mapping[str, tuple[Any, ...]], instruments: list[str], like: Data | None, style: Style
) -> Data:
    """A rule; where `like` is given, with that condition or a narrower one."""
    when: Data
    if like is not None:
        when = {**copy.deepcopy(like), **draw(_tests_on(tests, 1, 0))}
    else:
        when = draw(_tests_on(tests, 1, 0) if style.crowded else _when(tests))
    earlier = sorted(tests.keys() - _FACTS.keys())
    chained: bool = draw(st.booleans())
    if earlier and chained:
        when[draw(st.sampled_from(earlier))] = draw(st.sampled_from(_OUTCOME_TESTS))
    rule: Data = {"when": when, "source": [draw(_sources(instruments))]}
    if style.agreed:
        rule["outcome"] = "ccc"
    elif draw(_seldom):
        rule["open"] = draw(st.sampled_from(_OPEN))
    else:
        rule["outcome"] = draw(st.sampled_from(("ccc", *_OUTCOMES)))
    if draw(_rarely):
        rule["source"].append({**draw(_sources(instruments)), "context": draw(st.booleans())})
    start, until = (None, None) if style.crowded else draw(st.sampled_from(_PERIODS))
    if start or until:
        rule["in_force"] = {key: day for key, day in (("from", start), ("until", until)) if day}
    if not style.crowded and draw(_rarely):
        later = [day for day in DAYS if (not start or day > start) and (not until or day < until)]
        if later:
            rule["ended"] = {"on": draw(st.sampled_from(later)), "source": [draw(_sources(instruments))]}
    if style.crowded or draw(_rarely):
        rule["details"] = draw(st.sampled_from(_DETAILS))
    if draw(_seldom):
        others = sorted({"ccc", *_OUTCOMES} - {rule.get("outcome")})
        readings = draw(st.lists(st.sampled_from(others), min_size=1, max_size=2, unique=True))
        rule["contested"] = [{"when": draw(_tests_on(tests, 1)), "reading": one, "by": "some"} for one in readings]
    return rule


def loose_rules(files: Files, decision: str, instruments: list[str]) -> st.SearchStrategy[Data]:
    """What a further rule of a decision might say, but for its id: it tests facts and earlier decisions."""
    form = files.form
    tests = {fact.name: _TESTS[fact.name] for fact in form.vocabulary if not fact.derived}
    for earlier in files.rules.index.chain(decision)[:-1]:
        tests[earlier] = _OUTCOME_TESTS
    return _rule(tests, instruments, None, Style())


_OPEN = (["ccc", "licence"], ["licence", "nothing"], ["nothing", "ccc", "licence"])
_DETAILS: tuple[Data, ...] = ({"days": 30}, {"days": 10}, {"days": 30, "fee": Decimal("0.5")}, {"fee": [1, 2]}, {}, {})
_PERIODS = (
    *((None, None),) * 4,
    (DAYS[0], None),
    (DAYS[1], None),
    (DAYS[2], None),
    (None, DAYS[2]),
    (DAYS[0], DAYS[3]),
)


@st.composite
def _tests_on(draw: Drawn, tests: Mapping[str, tuple[Any, ...]], most: int, least: int = 1) -> Data:
    facts = draw(st.lists(st.sampled_from(sorted(tests)), min_size=least, max_size=most, unique=True))
    return {fact: draw(st.sampled_from(tests[fact])) for fact in facts}


@st.composite
def _when(draw: Drawn, tests: Mapping[str, tuple[Any, ...]]) -> Data:
    """A condition: often a plain conjunction, sometimes nested twice."""
    when: Data = draw(_tests_on(tests, 2, 0))
    shape = draw(st.sampled_from(("plain", "plain", "plain", "any", "not", "unless", "deep")))
    if shape == "any":
        when["any"] = [draw(_tests_on(tests, 2)), draw(_tests_on(tests, 1))]
    elif shape in ("not", "unless"):
        when[shape] = draw(_tests_on(tests, 2))
    elif shape == "deep":
        when["not"] = {"any": [draw(_tests_on(tests, 2)), {"unless": draw(_tests_on(tests, 2))}]}
    return when


def _satisfiable(files: Files) -> Files:
    """The same files; what can never hold loses its nested tests, or all tests of another reading, so that it can."""
    problems: tuple[Problem, ...] = ()
    try:
        files.read()
    except RuleFileError as wrong:
        problems = wrong.problems
    for problem in problems:
        assert "can never hold" in problem.message, str(problem)
        assert problem.place is not None
        data = files.decisions[int(problem.place.file.removeprefix("decisions/").removesuffix(".yaml"))]
        rule, *reading = (int(number) for number in re.findall(r"\[(\d+)\]", problem.path))
        if "contested" in problem.path:
            data["rules"][rule]["contested"][reading[0]]["when"] = {}
            continue
        for key in ("any", "not", "unless"):
            data["rules"][rule]["when"].pop(key, None)
    return files
