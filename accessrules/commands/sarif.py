"""Findings as SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format), for editors and code hosts."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from accessrules.commands.findingwords import nearby, reproduce
from accessrules.commands.inputs import Setting
from accessrules.commands.telling import Teller
from accessrules.findings import CODES, Finding, Findings

__all__ = ["sarif"]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_LANGUAGES = {"en": "en-US", "zh": "zh-CN"}


def sarif(found: Findings, setting: Setting, teller: Teller) -> dict[str, Any]:
    """One run: every code with what it means and its usual level, and a result for each finding.

    A result's location is the place of its first rule; the other places are related locations. What has no place of
    its own is located at the rule set's file. Places below the current folder are told relative to it.
    """
    driver: dict[str, Any] = {"name": "accessrules", "rules": [_rule(code, teller) for code in CODES]}
    if number := _version():
        driver["version"] = number
    run = {
        "tool": {"driver": driver},
        "language": _LANGUAGES[teller.lang],
        "results": [_result(one, setting, teller) for one in found],
        "properties": {"ruleset": setting.rules.identity()},
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _version() -> str:
    try:
        return version("accessrules")
    except PackageNotFoundError:
        return ""


def _rule(code: str, teller: Teller) -> dict[str, Any]:
    return {
        "id": code,
        "shortDescription": {"text": teller.text(f"about_{code}")},
        "defaultConfiguration": {"level": CODES[code]},
    }


def _result(one: Finding, setting: Setting, teller: Teller) -> dict[str, Any]:
    locations = [_location(place) for place in one.places]
    properties: dict[str, Any] = {
        "decision": one.decision,
        "rules": list(one.rules),
        "region": dict(one.region),
        "witness": None if one.witness is None else dict(one.witness),
        "help": one.help.say(teller.lang),
    }
    if (command := reproduce(one, setting)) is not None:
        properties["reproduce"] = command
    return {
        "ruleId": one.code,
        "ruleIndex": list(CODES).index(one.code),
        "level": one.severity,
        "message": {"text": one.message.say(teller.lang)},
        "locations": locations[:1] or [_whole_set(setting)],
        "relatedLocations": [{"id": n, **other} for n, other in enumerate(locations[1:], 1)],
        "properties": properties,
    }


def _location(place: str) -> dict[str, Any]:
    file, _, number = place.rpartition(":")
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(file)}, "region": {"startLine": int(number)}}}


def _whole_set(setting: Setting) -> dict[str, Any]:
    file = str(Path(setting.rules.form.folder) / "ruleset.yaml")
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(file)}}}


def _uri(file: str) -> str:
    seen = nearby(file)
    return Path(seen).as_uri() if Path(seen).is_absolute() else quote(Path(seen).as_posix())
