"""Rules: from their files, listed or in tables, to the source form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from accessrules.reading.draft import Draft
from accessrules.reading.formcheck import check_form
from accessrules.reading.forms import RulesHead
from accessrules.reading.ruleparts import read_rule
from accessrules.reading.yamlfiles import Path_, YamlFile

__all__ = ["read_rules"]


def read_rules(file: YamlFile, draft: Draft) -> None:
    """A file in decisions/: its listed rules and those of its table."""
    data = file.data
    form = check_form(RulesHead, data, file, (), draft.problems, {"decision": ""})
    if form is None or not form.decision:
        draft.broken.add(("rule", ""))
        return
    if not draft.expect("decision", form.decision, dict.fromkeys(draft.decisions, ()), file, ("decision",)):
        draft.broken.add(("rule", ""))
        return
    listed = [(("rules", i), one) for i, one in enumerate(form.rules)]
    rows = _rows(form, file, draft) if form.table else []
    if not listed and not rows and form.table is None and not data.get("rules"):
        draft.blame(file, (), "the file has no rules", "add `rules:` or `table:`")
    for path, one in [*listed, *rows]:
        read_rule(one, form.decision, form.group, file, path, draft)


def _rows(form: RulesHead, file: YamlFile, draft: Draft) -> list[tuple[Path_, dict[str, Any]]]:
    """A table's rows as rules: what all share, overlaid with each column at its dotted path."""
    assert form.table is not None
    rows: list[tuple[Path_, dict[str, Any]]] = []
    for index, row in enumerate(form.table.rows):
        path: Path_ = ("table", "rows", index)
        if len(row) != len(form.table.columns):
            draft.blame(
                file,
                path,
                f"the row has {len(row)} values for {len(form.table.columns)} columns",
                "give one value a column, `null` for none",
            )
            draft.broken.add(("rule", ""))
            continue
        rule = _copy(form.table.each)
        for at, (column, value) in enumerate(zip(form.table.columns, row, strict=True)):
            if value is not None:
                keys = column.split(".")
                rule = _overlaid(rule, keys, value)
                file.places[*path, *(int(key) if key.isdecimal() else key for key in keys)] = file.place((*path, at))
        rows.append((path, _titled(rule, draft)))
    return rows


def _copy(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _copy(value) for key, value in data.items()}
    return [_copy(one) for one in data] if isinstance(data, list) else data


def _overlaid(data: Any, path: Sequence[str], value: Any) -> Any:
    """The data with a value at the path; a number in the path is a place in a list that is there."""
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(data, list) and key.isdecimal() and int(key) < len(data):
        data[int(key)] = _overlaid(data[int(key)], rest, value)
        return data
    inner = data if isinstance(data, dict) else {}
    inner[key] = _overlaid(inner.get(key), rest, value)
    return inner


def _titled(rule: dict[str, Any], draft: Draft) -> dict[str, Any]:
    """The rule with `{fact}` in its title replaced by the label of the value that its `when` names."""
    title, when = rule.get("title"), rule.get("when")
    if not isinstance(title, dict) or not isinstance(when, dict):
        return rule

    def label(fact: str, lang: str) -> str:
        raw = str(when.get(fact, ""))
        value = draft.facts[fact].values.get(raw) if fact in draft.facts else None
        return value.label.say(lang) if value else raw

    def filled(text: str, lang: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda found: label(found[1], lang), text)

    rule["title"] = {lang: filled(text, lang) if isinstance(text, str) else text for lang, text in title.items()}
    return rule
