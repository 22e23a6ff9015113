"""One rule: from what its keys say to the source form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal
from typing import Any

from accessrules.conditions import AllOf, meet
from accessrules.reading.draft import Draft, text_of
from accessrules.reading.formcheck import check_form
from accessrules.reading.forms import ContestedForm, RuleForm, RuleParts, SourceForm_
from accessrules.reading.whens import clause_order, read_when
from accessrules.reading.yamlfiles import Path_, YamlFile
from accessrules.rules import ONE_CERTIFICATE_PER, SCOPES, Contested, Ending, Rule, Source
from accessrules.suggesting import did_you_mean
from accessrules.values import json_value

__all__ = ["binding", "check_period", "check_rest", "read_rule", "saying"]


def read_rule(data: Any, decision: str, group: str | None, file: YamlFile, path: Path_, draft: Draft) -> None:
    """One rule into the draft, or its problems."""
    form = check_form(RuleForm, data, file, path, draft.problems)
    before = len(draft.problems)
    if form is None:
        name = data.get("id") if isinstance(data, dict) else None
        draft.broken.add(("rule", str(name) if name else ""))
        if isinstance(data, dict):
            check_rest(data, decision, file, path, draft)
            draft.set_aside(data, decision, group, file.place(path))
        return
    if form.id in draft.rules:
        taken = f"the rule id `{form.id}` is taken, see {draft.place_of(form.id)}"
        draft.blame(file, (*path, "id"), taken, "give the rule another id")
    blank = Rule(form.id, decision, AllOf(), ({},), frozenset(), (), group=group, place=file.place(path))
    rule = saying(form, {*form.model_fields_set, "outcome"}, blank, file, path, draft)
    if len(draft.problems) > before:
        draft.broken.add(("rule", form.id))
        draft.unread.append(rule)
    else:
        draft.rules[rule.id] = rule


def check_rest(data: dict[str, Any], decision: str, file: YamlFile, path: Path_, draft: Draft) -> None:
    """The further problems of a rule that has no right form: in its conditions and its names."""
    if isinstance(when := data.get("when"), dict):
        read_when(when, file, (*path, "when"), draft)
    known = _outcome_names(decision, draft)
    if isinstance(outcome := data.get("outcome"), str):
        draft.expect("outcome", outcome, known, file, (*path, "outcome"))
    instruments = {i.id: i.names() for i in draft.instruments.values()}
    for key, inner, kind, names in (
        ("source", "instrument", "instrument", instruments),
        ("contested", "reading", "outcome", known),
    ):
        entries = data.get(key)
        for index, one in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(one, dict) and isinstance(name := one.get(inner), str):
                draft.expect(kind, name, names, file, (*path, key, index, inner))
            if isinstance(one, dict) and isinstance(when := one.get("when"), dict):
                read_when(when, file, (*path, key, index, "when"), draft)


def _outcome_names(decision: str, draft: Draft) -> dict[str, tuple[str, ...]]:
    return {o: tuple(t for t in (w.en, w.zh) if t) for o, w in draft.decisions[decision].outcomes.items()}


def saying(form: RuleParts, keys: Collection[str], rule: Rule, file: YamlFile, path: Path_, draft: Draft) -> Rule:
    """The rule with what these keys of a form say, in the place of what it said before; the problems to the draft."""
    said: dict[str, Any] = {key: text_of(getattr(form, key)) for key in ("title", "note") if key in keys}
    if "outcome" in keys or "open" in keys:
        said["outcomes"] = _outcomes(form, rule.decision, file, path, draft)
    if "when" in keys:
        said["condition"], said["clauses"] = read_when(form.when, file, (*path, "when"), draft)
    if "source" in keys:
        said["sources"] = binding(form.source, "makes the rule", file, (*path, "source"), draft)
    if "in_force" in keys:
        said["start"] = form.in_force.from_ if form.in_force else None
        said["until"] = form.in_force.until if form.in_force else None
    if "ended" in keys:
        said["ended"] = _ending(form, file, (*path, "ended", "source"), draft)
    if "details" in keys:
        said["details"] = _details(form.details)
    if "exception_to" in keys:
        said["exception_to"] = tuple(sorted(set(form.exception_to)))
    if "retroactive" in keys:
        said["retroactive"] = form.retroactive
    contested = list(rule.contested)
    if "contested" in keys:
        contested = [
            _contested(one, rule.decision, file, (*path, "contested", i), draft) for i, one in enumerate(form.contested)
        ]
        said["contested"] = tuple(sorted(contested, key=_contested_order))
    changed = replace(rule, **said)
    check_period(changed, file, path, draft)
    _check_contested(contested, changed, file, (*path, "contested"), draft)
    _check_scope(changed, file, path, draft)
    return changed


def _ending(form: RuleParts, file: YamlFile, path: Path_, draft: Draft) -> Ending | None:
    if form.ended is None:
        return None
    return Ending(form.ended.on, binding(form.ended.source, "ended it", file, path, draft))


def _check_scope(rule: Rule, file: YamlFile, path: Path_, draft: Draft) -> None:
    """What one certificate is for decides how many an enterprise needs: a slip there would go unnoticed."""
    scope = rule.details.get(ONE_CERTIFICATE_PER, SCOPES[0])
    if scope not in SCOPES:
        help = did_you_mean(str(scope), dict.fromkeys(SCOPES, ()), "values")
        where: Path_ = (*path, "details", ONE_CERTIFICATE_PER)
        draft.blame(file, where, f"`{scope}` is not a value of `{ONE_CERTIFICATE_PER}`", help)


def binding(
    forms: list[SourceForm_] | None, what: str, file: YamlFile, path: Path_, draft: Draft
) -> tuple[Source, ...]:
    """The sources, one of which at least is more than context."""
    sources = draft.sources(forms, file, path)
    if sources and all(source.context for source in sources):
        draft.blame(file, path, "every source is only `context`", f"name the instrument that {what}")
    return sources


def _check_contested(contested: list[Contested], rule: Rule, file: YamlFile, path: Path_, draft: Draft) -> None:
    for i, one in enumerate(contested):
        if rule.outcomes == {one.reading}:
            same = f"the other reading is the rule's own outcome `{one.reading}`"
            draft.blame(file, (*path, i, "reading"), same, "name another")
        if not any(meet(a, b) is not None for a in one.clauses for b in rule.clauses):
            apart = "can never hold where the rule does"
            draft.blame(file, (*path, i, "when"), apart, "name a part of the rule's own `when`")


def _outcomes(form: RuleParts, decision: str, file: YamlFile, path: Path_, draft: Draft) -> frozenset[str]:
    known = _outcome_names(decision, draft)
    if (form.outcome is None) == (form.open is None):
        draft.blame(
            file,
            path,
            "a rule has either `outcome` or `open`",
            "give the outcome, or the outcomes that the sources leave open",
        )
        return frozenset()
    if form.outcome is not None:
        draft.expect("outcome", form.outcome, known, file, (*path, "outcome"))
        return frozenset([form.outcome])
    assert form.open is not None
    for index, one in enumerate(form.open):
        draft.expect("outcome", one, known, file, (*path, "open", index))
    if len(set(form.open)) < 2:
        draft.blame(file, (*path, "open"), "`open` names one outcome only", "name at least two, or use `outcome`")
    return frozenset(form.open)


def check_period(rule: Rule, file: YamlFile, path: Path_, draft: Draft) -> None:
    """The days of a rule, one against the other."""
    start, until, ended = rule.start, rule.until, rule.ended.on if rule.ended else None
    if start and until and start >= until:
        message = f"`from` {start} is not before `until` {until}"
        draft.blame(file, (*path, "in_force"), message, "`until` is the first day out of force")
    where: Path_ = (*path, "ended", "on")
    if ended and start and ended <= start:
        draft.blame(file, where, f"ended on {ended}, not after its start {start}", "check the two dates")
    if ended and until and ended >= until:
        draft.blame(file, where, f"ended on {ended}, when `until` {until} had ended it", "drop `ended:`")


def _contested(form: ContestedForm, decision: str, file: YamlFile, path: Path_, draft: Draft) -> Contested:
    known = _outcome_names(decision, draft)
    draft.expect("outcome", form.reading, known, file, (*path, "reading"))
    _, clauses = read_when(form.when, file, (*path, "when"), draft)
    return Contested(clauses, form.reading, form.by.text(), text_of(form.note))


def _contested_order(one: Contested) -> str:
    return repr((one.reading, one.by.dump(), [clause_order(c) for c in one.clauses], one.note and one.note.dump()))


def _details(raw: Any) -> Any:
    """Details as JSON carries them."""
    if isinstance(raw, dict):
        return {key: _details(raw[key]) for key in sorted(raw)}
    if isinstance(raw, list):
        return [_details(one) for one in raw]
    return json_value(raw) if isinstance(raw, (Decimal, dt.date)) else raw
