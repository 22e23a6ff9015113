"""Generated proposals, and the same changes written into the files of a rule set by hand."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator

from hypothesis import strategies as st

from tests.properties.strategies import Data, Drawn, Files, loose_rules

_DAYS = tuple(dt.date.fromisoformat(day) for day in ("2008-05-01", "2018-08-01", "2019-07-05", "2026-01-01"))
_NEW = ("aspen", "elder", "zinnia")
_GROUPS = ("body.x", "clearance.x", "route.x", "drafted")


@st.composite
def proposals(draw: Drawn, files: Files, name: str = "draft", most: int = 3) -> Data:
    """A proposal for a rule set, most often a right one; it touches each rule once."""
    rules = {rule["id"]: (file, rule) for file, rule in _rules(files)}
    instruments = {
        f"{name}.text": {
            "title": "A draft",
            "issuer": draw(st.sampled_from(("samr", "cnca"))),
            "rank": draw(st.sampled_from(("rule", "rule", "law"))),
            "published": draw(st.sampled_from((*_DAYS, dt.date(2005, 7, 9)))),
            "confidence": "unverified",
        }
    }
    proposal: Data = {"proposal": name, "title": "A draft", "instruments": instruments}
    sources = [*files.form.instruments, f"{name}.text"]
    for one in draw(st.lists(st.sampled_from(sorted(rules)), max_size=most, unique=True)):
        key = draw(st.sampled_from(("amend", "amend", "repeal")))
        made = draw(_amendments(files, *rules[one], sources) if key == "amend" else _repeals(rules[one][1]))
        proposal.setdefault(key, []).append({"id": one, **made})
    for one in draw(st.lists(st.sampled_from(_NEW), max_size=2, unique=True)):
        decision = draw(st.sampled_from(sorted(files.form.decisions)))
        made = draw(loose_rules(files, decision, sources))
        general: list[str] = draw(st.lists(st.sampled_from(sorted(rules)), max_size=1))
        own = {"exception_to": [n for n in general if rules[n][0]["decision"] == decision]}
        group = draw(st.sampled_from((None, None, *_GROUPS)))
        proposal.setdefault("insert", []).append(
            {"decision": decision, "id": f"{one}.{name}", **({"group": group} if group else {}), **made, **own}
        )
    return proposal


def _days(rule: Data) -> list[dt.date]:
    """The days from which a rule can be changed: in its period, and only where it has not been ended."""
    period = rule.get("in_force", {})
    return (
        []
        if "ended" in rule
        else [
            day
            for day in _DAYS
            if ("from" not in period or period["from"] < day) and ("until" not in period or day < period["until"])
        ]
    )


@st.composite
def _repeals(draw: Drawn, rule: Data) -> Data:
    day = draw(st.sampled_from((None, *_days(rule))))
    return {"from": day} if day else {}


@st.composite
def _amendments(draw: Drawn, files: Files, file: Data, rule: Data, sources: list[str]) -> Data:
    new = draw(loose_rules(files, file["decision"], sources))
    day = draw(st.sampled_from((None, *_days(rule))))
    can = sorted(new.keys() - ({"in_force", "ended"} if day else set()))
    kept = draw(st.lists(st.sampled_from(can), min_size=1, max_size=2, unique=True))
    made: Data = {key: new[key] for key in kept}
    if "outcome" in made:
        made.pop("open", None)
    gone = [key for key in ("details", "exception_to", "contested") if rule.get(key) and key not in made]
    removing: bool = draw(st.booleans())
    if gone and removing:
        made["remove"] = [draw(st.sampled_from(gone))]
    if draw(st.integers(0, 4)) == 0:
        made["group"] = draw(st.sampled_from(_GROUPS))
    if day:
        made["from"] = day
    return made


def _rules(files: Files) -> Iterator[tuple[Data, Data]]:
    """Each rule with the file that it stands in."""
    return ((file, rule) for file in files.decisions for rule in file["rules"])


def touched(files: Files, proposal: Data) -> set[str]:
    """The rules that a proposal changes or names, and those that name one that it ends or strikes out."""
    changed = {one["id"] for key in ("amend", "repeal") for one in proposal.get(key, ())}
    groups: set[str] = {file["group"] for file, rule in _rules(files) if rule["id"] in changed and "group" in file}
    named: set[str] = {n for key in ("amend", "insert") for one in proposal.get(key, ()) for n in _names(one)}
    joined = {one["group"] for key in ("amend", "insert") for one in proposal.get(key, ()) if "group" in one}
    return changed | named | joined | groups | {r["id"] for _, r in _rules(files) if changed & set(_names(r))}


def _names(rule: Data) -> list[str]:
    names = rule.get("exception_to", [])
    return [names] if isinstance(names, str) else list(names)


def by_hand(files: Files, proposal: Data) -> Files:
    """The rule set with a proposal's changes written into its files."""
    files = copy.deepcopy(Files(files.ruleset, files.vocabulary, files.instruments, files.decisions))
    named_now: dict[str, list[str]] = {}
    _repeal(files, proposal, named_now)
    moved = _amended(files, proposal, named_now)
    for one in proposal.get("insert", ()):
        rule = {key: copy.deepcopy(value) for key, value in one.items() if key not in ("decision", "group")}
        moved.append({"decision": one["decision"], "group": one.get("group"), "rules": [rule]})
    decisions = [file for file in (*files.decisions, *moved) if file["rules"]]
    decisions = [{key: value for key, value in file.items() if value is not None} for file in decisions]
    for file in decisions:
        for rule in file["rules"]:
            if any(name in named_now for name in _names(rule)):
                now = {new for name in _names(rule) for new in named_now.get(name, [name])}
                rule["exception_to"] = sorted(now - {rule["id"]})
    instruments = (*files.instruments, {"instruments": proposal["instruments"]})
    return Files(files.ruleset, files.vocabulary, instruments, tuple(decisions))


def _found(files: Files, change: Data) -> tuple[Data, Data]:
    """The rule that a change names, with its file."""
    return next(found for found in _rules(files) if found[1]["id"] == change["id"])


def _repeal(files: Files, proposal: Data, named_now: dict[str, list[str]]) -> None:
    (own,) = proposal["instruments"]
    for change in proposal.get("repeal", ()):
        file, rule = _found(files, change)
        if "from" in change:
            rule["ended"] = {"on": change["from"], "source": {"instrument": own}}
        else:
            file["rules"].remove(rule)
            named_now[change["id"]] = []


def _amended(files: Files, proposal: Data, named_now: dict[str, list[str]]) -> list[Data]:
    """The rules as they are amended, each in a file of its own; what they take the place of ends, or is taken out."""
    (own,) = proposal["instruments"]
    moved: list[Data] = []
    for change in proposal.get("amend", ()):
        file, rule = _found(files, change)
        new = copy.deepcopy(rule)
        if "from" in change:
            rule["ended"] = {"on": change["from"], "source": change.get("source", {"instrument": own})}
            new["id"] = f"{rule['id']}.{proposal['proposal']}"
            new["in_force"] = {**new.get("in_force", {}), "from": change["from"]}
            new["source"].append({"instrument": own})
            named_now[rule["id"]] = [rule["id"], new["id"]]
        else:
            file["rules"].remove(rule)
        for key in change.get("remove", ()):
            new.pop(key)
        if {"outcome", "open"} & change.keys():
            new.pop("outcome", None)
            new.pop("open", None)
        new.update({k: v for k, v in change.items() if k not in ("id", "from", "remove", "group")})
        moved.append({"decision": file["decision"], "group": change.get("group", file.get("group")), "rules": [new]})
    return moved
