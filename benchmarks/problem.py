"""The common problem: generated market-access rules over nine facts, and cases for them.

Each category has five rules: four bands of volume with further tests, and a newer one that replaces the first for
one purpose. The same rules are written as plain Python (`as_python`): one function a category, newest rule first.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accessrules.reading.draft import Draft
from accessrules.reading.loading import read_files
from accessrules.reading.yamlfiles import YamlFile
from accessrules.rules import SourceForm

PURPOSES = ("domestic_market", "export", "research", "exhibition", "repair")
OUTCOMES = ("licence", "certificate", "declaration", "exempt")
FLAGS = ("holds_licence", "holds_certificate", "made_under_licence")
_START = dt.date(2005, 9, 1)


@dataclass(frozen=True)
class Problem:
    """Rule files as data, and the same rules as a Python function of (facts, day)."""

    files: dict[str, list[dict[str, Any]]]
    python: Callable[[dict[str, Any], dt.date], str]
    categories: int

    def form(self) -> SourceForm:
        """The rule set, read."""
        named = {
            role: [YamlFile(f"{role}-{i}.yaml", data) for i, data in enumerate(datas)]
            for role, datas in self.files.items()
        }
        return read_files(named, Draft())

    def cases(self, count: int, seed: int = 7) -> list[tuple[dict[str, Any], dt.date]]:
        """Complete cases: facts and the day asked about."""
        random_ = random.Random(seed)
        return [
            (
                {
                    "category": f"c{random_.randrange(self.categories)}",
                    "volume": random_.choice((random_.randrange(0, 1000), random_.randrange(0, 10000) / 10)),
                    "power": random_.randrange(0, 100),
                    "purpose": random_.choice(PURPOSES),
                    "manufactured_on": _START + dt.timedelta(days=random_.randrange(0, 7000)),
                    **{flag: random_.random() < 0.5 for flag in FLAGS},
                },
                _START + dt.timedelta(days=random_.randrange(0, 7000)),
            )
            for _ in range(count)
        ]


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
    listed: list[dict[str, Any]] = []
    code: dict[str, list[str]] = {}
    for c in range(categories):
        edges = sorted(random_.sample(range(50, 950, 50), 3))
        bands = list(zip([0, *edges], [*edges, None], strict=True))
        lines = code.setdefault(f"c{c}", [])
        own = [_band(c, band, low, high, random_, lines) for band, (low, high) in enumerate(bands)]
        listed.extend(own)
        replaced = own[0]
        lines.insert(0, _replace(c, replaced, listed, lines[0]))
    return Problem(
        {
            "ruleset": [_ruleset()],
            "vocabulary": [_vocabulary(categories)],
            "instruments": [_instruments()],
            "decisions": [{"decision": "route", "rules": listed}],
        },
        _as_python(code),
        categories,
    )


def _band(c: int, band: int, low: int, high: int | None, random_: random.Random, lines: list[str]) -> dict[str, Any]:
    volume = (
        f"below {high} L" if not low else f"at least {low} L" if high is None else f"from {low} L to below {high} L"
    )
    flag, wanted = random_.choice(FLAGS), random_.random() < 0.5
    power = random_.randrange(10, 90, 10)
    start = _START + dt.timedelta(days=random_.randrange(0, 3000))
    outcome = random_.choice(OUTCOMES)
    when: dict[str, Any] = {"category": f"c{c}", "volume": volume}
    tests = [f"volume >= {low}"] + ([f"volume < {high}"] if high is not None else [])
    if band % 2:
        when |= {"power": f"at least {power} W", flag: wanted}
        tests += [f"power >= {power}", f"facts['{flag}'] is {wanted}"]
    lines.append(f"if {' and '.join(tests)} and day >= {start.toordinal()}: return '{outcome}'")
    return {
        "id": f"c{c}.band{band}",
        "when": when,
        "outcome": outcome,
        "in_force": {"from": start},
        "source": [{"instrument": "old", "at": f"part {c}"}],
    }


def _replace(c: int, replaced: dict[str, Any], listed: list[dict[str, Any]], line: str) -> str:
    purpose = PURPOSES[c % len(PURPOSES)]
    listed.append(
        {
            **replaced,
            "id": f"c{c}.later",
            "when": {**replaced["when"], "purpose": purpose},
            "outcome": "exempt",
            "source": [{"instrument": "new", "at": f"part {c}"}],
        }
    )
    return line.replace("if ", f"if facts['purpose'] == '{purpose}' and ").rsplit("return", 1)[0] + "return 'exempt'"


def _as_python(code: dict[str, list[str]]) -> Callable[[dict[str, Any], dt.date], str]:
    """One function a category, and a dict to find it: what a good programmer would write by hand."""
    source = []
    for name, lines in code.items():
        source.append(f"def {name}(facts, day):\n    volume = facts['volume']; power = facts['power']")
        source.extend(f"    {line}" for line in lines)
        source.append("    return 'nothing'")
    source.append("functions = {" + ", ".join(f"'{name}': {name}" for name in code) + "}")
    source.append("def decide(facts, day):\n    return functions[facts['category']](facts, day.toordinal())")
    space: dict[str, Any] = {}
    exec("\n".join(source), space)  # the generated peer, from this module's own text
    decide: Callable[[dict[str, Any], dt.date], str] = space["decide"]
    return decide


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
