"""The common problem: generated market-access rules over nine facts, and cases for them.

Each category has five rules: four bands of volume with further tests, and a newer one that replaces the first for
one purpose. `PlainRule` says a rule in no engine's form: the YAML form, the same rules as plain Python (one function a
category, newest rule first) and those of every peer in `benchmarks/peers/` are made from it.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from accessrules.reading.draft import Draft
from accessrules.reading.loading import read_files
from accessrules.reading.yamlfiles import YamlFile
from accessrules.rules import SourceForm

PURPOSES = ("domestic_market", "export", "research", "exhibition", "repair")
OUTCOMES = ("licence", "certificate", "declaration", "exempt")
FLAGS = ("holds_licence", "holds_certificate", "made_under_licence")
START = dt.date(2005, 9, 1)


Facts: TypeAlias = dict[str, Any]
Test: TypeAlias = tuple[str, str, Any]
"""(fact or `day`, `>=` or `<` or `==`, value)."""


@dataclass(frozen=True)
class PlainRule:
    """A rule in no engine's form: every test must hold; of the rules that apply, the one of the highest rank decides.

    `low` (included) to `high` (excluded) in litres, at least `power` watts, `flag` as `wanted`, in force from `start`.
    """

    id: str
    category: str
    low: int
    high: int | None
    start: dt.date
    outcome: str
    power: int | None = None
    flag: str | None = None
    wanted: bool = True
    purpose: str | None = None
    rank: int = 0

    def tests(self) -> list[Test]:
        """What must hold, the category left aside."""
        asked: list[tuple[str | None, str, Any]] = [
            ("purpose", "==", self.purpose),
            ("volume", ">=", self.low or None),
            ("volume", "<", self.high),
            ("power", ">=", self.power),
            (self.flag, "==", self.wanted),
            ("day", ">=", self.start),
        ]
        return [(fact, sign, value) for fact, sign, value in asked if fact is not None and value is not None]


@dataclass(frozen=True)
class Problem:
    """The rules, as rule files, and as a Python function of (facts, day)."""

    rules: tuple[PlainRule, ...]
    files: dict[str, list[dict[str, Any]]]
    python: Callable[[Facts, dt.date], str]
    categories: int

    def form(self) -> SourceForm:
        """The rule set, read."""
        named = {
            role: [YamlFile(f"{role}-{i}.yaml", data) for i, data in enumerate(datas)]
            for role, datas in self.files.items()
        }
        return read_files(named, Draft())

    def by_category(self) -> dict[str, list[PlainRule]]:
        """The rules of each category, in the order in which the first that applies decides."""
        return _by_category(self.rules)

    def cases(self, count: int, seed: int = 7) -> list[tuple[Facts, dt.date]]:
        """Complete cases: facts and the day asked about."""
        random_ = random.Random(seed)
        return [
            (
                {
                    "category": f"c{random_.randrange(self.categories)}",
                    "volume": random_.choice((random_.randrange(0, 1000), random_.randrange(0, 10000) / 10)),
                    "power": random_.randrange(0, 100),
                    "purpose": random_.choice(PURPOSES),
                    "manufactured_on": START + dt.timedelta(days=random_.randrange(0, 7000)),
                    **{flag: random_.random() < 0.5 for flag in FLAGS},
                },
                START + dt.timedelta(days=random_.randrange(0, 7000)),
            )
            for _ in range(count)
        ]

    def edge_cases(self, count: int, seed: int = 3) -> list[tuple[Facts, dt.date]]:
        """Cases that fit a rule, or miss it by the smallest step: each value on one side of that rule's edge."""
        random_ = random.Random(seed)
        found = []
        for facts, _ in self.cases(count, seed):
            rule = random_.choice(self.rules)
            volumes = [rule.low, rule.low + 0.1, *([rule.high - 0.1, rule.high] if rule.high else [9999.9])]
            facts |= {"category": rule.category, "volume": round(random_.choice(volumes), 1)}
            facts["power"] = (rule.power or 50) - (random_.random() < 0.2)
            if rule.flag:
                facts[rule.flag] = rule.wanted ^ (random_.random() < 0.2)
            if rule.purpose and random_.random() < 0.8:
                facts["purpose"] = rule.purpose
            found.append((facts, rule.start + dt.timedelta(days=random_.choice((-1, 0, 0, 1)))))
        return found

    def table(self, rows: int, unknown: float = 0.0) -> Any:
        """A random register as an Arrow table (`benchmarks.columns` says its layout); needs NumPy and pyarrow.

        In the part `unknown` of its rows one to three facts, drawn row by row, are not known.
        """
        from benchmarks.columns import random_table

        return random_table(self.categories, rows, unknown)


def proposal() -> dict[str, Any]:
    """A proposal of one rule, with an instrument, a volume and a day that no rule has yet."""
    draft = {"title": "Draft", "issuer": "ministry", "rank": "rule", "confidence": "unverified"}
    rule = {
        "decision": "route",
        "id": "c0.proposed",
        "when": {"category": "c0", "volume": "at least 123 L"},
        "outcome": "exempt",
        "in_force": {"from": dt.date(2027, 1, 1)},
        "source": [{"instrument": "draft", "at": "item 1"}],
    }
    published = {**draft, "published": dt.date(2026, 7, 1)}
    return {"proposal": "one-rule", "title": "One rule", "instruments": {"draft": published}, "insert": [rule]}


def problem(rules: int) -> Problem:
    """The problem with so many rules (a multiple of five)."""
    categories = max(1, rules // 5)
    random_ = random.Random(rules)
    listed: list[PlainRule] = []
    for c in range(categories):
        edges = sorted(random_.sample(range(50, 950, 50), 3))
        bands = list(zip([0, *edges], [*edges, None], strict=True))
        own = [_band(f"c{c}", band, low, high, random_) for band, (low, high) in enumerate(bands)]
        purpose = PURPOSES[c % len(PURPOSES)]
        listed += [*own, replace(own[0], id=f"c{c}.later", purpose=purpose, outcome="exempt", rank=1)]
    files = {
        "ruleset": [_ruleset()],
        "vocabulary": [_vocabulary(categories)],
        "instruments": [_instruments()],
        "decisions": [{"decision": "route", "rules": [_yaml(rule) for rule in listed]}],
    }
    return Problem(tuple(listed), files, _as_python(_by_category(listed)), categories)


def _band(category: str, band: int, low: int, high: int | None, random_: random.Random) -> PlainRule:
    flag, wanted = random_.choice(FLAGS), random_.random() < 0.5
    power = random_.randrange(10, 90, 10)
    start = START + dt.timedelta(days=random_.randrange(0, 3000))
    rule = PlainRule(f"{category}.band{band}", category, low, high, start, random_.choice(OUTCOMES))
    return replace(rule, power=power, flag=flag, wanted=wanted) if band % 2 else rule


def _by_category(rules: Iterable[PlainRule]) -> dict[str, list[PlainRule]]:
    found: dict[str, list[PlainRule]] = {}
    for rule in sorted(rules, key=lambda rule: -rule.rank):
        found.setdefault(rule.category, []).append(rule)
    return found


def _yaml(rule: PlainRule) -> dict[str, Any]:
    """A rule as a rule file has it; the newer instrument gives the higher rank."""
    low, high = rule.low, rule.high
    volume = (
        f"below {high} L" if not low else f"at least {low} L" if high is None else f"from {low} L to below {high} L"
    )
    when: dict[str, Any] = {"category": rule.category, "volume": volume}
    if rule.power is not None:
        when["power"] = f"at least {rule.power} W"
    if rule.flag is not None:
        when[rule.flag] = rule.wanted
    if rule.purpose is not None:
        when["purpose"] = rule.purpose
    return {
        "id": rule.id,
        "when": when,
        "outcome": rule.outcome,
        "in_force": {"from": rule.start},
        "source": [{"instrument": "new" if rule.rank else "old", "at": f"part {rule.category[1:]}"}],
    }


def _as_python(rules: dict[str, list[PlainRule]]) -> Callable[[Facts, dt.date], str]:
    """One function a category, and a dict to find it: what a good programmer would write by hand."""
    source = []
    for category, own in rules.items():
        source.append(f"def {category}(facts, day):\n    volume = facts['volume']; power = facts['power']")
        source.extend(f"    if {_python_tests(rule)}: return '{rule.outcome}'" for rule in own)
        source.append("    return 'nothing'")
    source.append("functions = {" + ", ".join(f"'{category}': {category}" for category in rules) + "}")
    source.append("def decide(facts, day):\n    return functions[facts['category']](facts, day.toordinal())")
    space: dict[str, Any] = {}
    exec("\n".join(source), space)  # the generated peer, from this module's own text
    decide: Callable[[Facts, dt.date], str] = space["decide"]
    return decide


def _python_tests(rule: PlainRule) -> str:
    def test(fact: str, sign: str, value: Any) -> str:
        if fact == "day":
            return f"day {sign} {value.toordinal()}"
        if isinstance(value, bool):
            return f"facts['{fact}'] is {value}"
        return f"{fact} {sign} {value}" if fact in ("volume", "power") else f"facts['{fact}'] {sign} {value!r}"

    return " and ".join(test(*one) for one in rule.tests())


def _ruleset() -> dict[str, Any]:
    outcomes = {name: {"en": name} for name in (*OUTCOMES, "nothing")}
    return {
        "format": 1,
        "name": "benchmark",
        "version": "1",
        "decisions": {"route": {"question": "Which route?", "outcomes": outcomes, "default": "nothing"}},
    }


def _vocabulary(categories: int) -> dict[str, Any]:
    return {
        "facts": {
            "category": {"type": "category", "values": {f"c{c}": {"en": f"category {c}"} for c in range(categories)}},
            "volume": {"type": "number", "unit": "L", "min": 0},
            "power": {"type": "integer", "unit": "W", "min": 0},
            "purpose": {"type": "choice", "values": {name: {"en": name} for name in PURPOSES}},
            "manufactured_on": {"type": "date"},
            **{flag: {"type": "boolean"} for flag in FLAGS},
        }
    }


def _instruments() -> dict[str, Any]:
    shared = {"issuer": "ministry", "rank": "rule", "confidence": "unverified"}
    return {
        "instruments": {
            "old": {"title": "Old", "published": dt.date(2005, 7, 1), **shared},
            "new": {"title": "New", "published": dt.date(2005, 8, 1), **shared},
        }
    }
