"""Rules: from their files, listed or in tables, to the source form."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from accessrules.conditions import (
    MOST_CLAUSES,
    AllOf,
    AnyOf,
    Clause,
    Condition,
    Not,
    Test,
    TooManyClauses,
    clauses_of,
    meet,
)
from accessrules.reading.draft import Draft, text_of
from accessrules.reading.formcheck import check_form
from accessrules.reading.forms import ContestedForm, RuleForm, RulesHead, SourceForm_
from accessrules.reading.yamlfiles import Path_, YamlFile
from accessrules.rules import ONE_CERTIFICATE_PER, SCOPES, Contested, Ending, Rule, Source
from accessrules.suggesting import did_you_mean, nearest
from accessrules.unarytests import read_test
from accessrules.values import Unreadable, json_value
from accessrules.vocabulary import AS_OF, Vocabulary

__all__ = ["read_condition", "read_rule", "read_rules"]


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


def read_rule(data: Any, decision: str, group: str | None, file: YamlFile, path: Path_, draft: Draft) -> None:
    """One rule into the draft, or its problems."""
    form = check_form(RuleForm, data, file, path, draft.problems)
    before = len(draft.problems)
    name = form.id if form else data.get("id") if isinstance(data, dict) else None
    if form is None:
        draft.broken.add(("rule", str(name) if name else ""))
        if isinstance(data, dict):
            _check_rest(data, decision, file, path, draft)
        return
    if form.id in draft.rules:
        first = draft.rules[form.id].place
        draft.blame(file, (*path, "id"), f"the rule id `{form.id}` is taken, see {first}", "give the rule another id")
        return
    rule = _rule(form, decision, group, file, path, draft)
    if rule is None or len(draft.problems) > before:
        draft.broken.add(("rule", form.id))
    else:
        draft.rules[rule.id] = rule


def _check_rest(data: dict[str, Any], decision: str, file: YamlFile, path: Path_, draft: Draft) -> None:
    """The further problems of a rule that has no right form: in its conditions and its names."""
    if isinstance(when := data.get("when"), dict):
        _when(when, file, (*path, "when"), draft)
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
                _when(when, file, (*path, key, index, "when"), draft)


def _outcome_names(decision: str, draft: Draft) -> dict[str, tuple[str, ...]]:
    return {o: tuple(t for t in (w.en, w.zh) if t) for o, w in draft.decisions[decision].outcomes.items()}


def _rule(form: RuleForm, decision: str, group: str | None, file: YamlFile, path: Path_, draft: Draft) -> Rule | None:
    outcomes = _outcomes(form, decision, file, path, draft)
    condition, clauses = _when(form.when, file, (*path, "when"), draft)
    sources = _binding(form.source, "makes the rule", file, (*path, "source"), draft)
    ending = None
    if form.ended:
        brought_by = _binding(form.ended.source, "ended it", file, (*path, "ended", "source"), draft)
        ending = Ending(form.ended.on, brought_by)
    _check_period(form, file, path, draft)
    contested = [
        _contested(one, decision, file, (*path, "contested", i), draft) for i, one in enumerate(form.contested)
    ]
    _check_contested(contested, outcomes, clauses, file, (*path, "contested"), draft)
    _check_scope(form, file, path, draft)
    return Rule(
        id=form.id,
        decision=decision,
        condition=condition,
        clauses=clauses,
        outcomes=outcomes,
        sources=sources,
        title=text_of(form.title),
        group=group,
        start=form.in_force.from_ if form.in_force else None,
        until=form.in_force.until if form.in_force else None,
        ended=ending,
        details=_details(form.details),
        exception_to=tuple(sorted(set(form.exception_to))),
        contested=tuple(sorted(contested, key=_contested_order)),
        note=text_of(form.note),
        retroactive=form.retroactive,
        place=file.place(path),
    )


def _check_scope(form: RuleForm, file: YamlFile, path: Path_, draft: Draft) -> None:
    """What one certificate is for decides how many an enterprise needs: a slip there would go unnoticed."""
    scope = form.details.get(ONE_CERTIFICATE_PER, SCOPES[0])
    if scope not in SCOPES:
        help = did_you_mean(str(scope), dict.fromkeys(SCOPES, ()), "values")
        where: Path_ = (*path, "details", ONE_CERTIFICATE_PER)
        draft.blame(file, where, f"`{scope}` is not a value of `{ONE_CERTIFICATE_PER}`", help)


def _binding(forms: list[SourceForm_], what: str, file: YamlFile, path: Path_, draft: Draft) -> tuple[Source, ...]:
    """The sources, one of which at least is more than context."""
    sources = draft.sources(forms, file, path)
    if sources and all(source.context for source in sources):
        draft.blame(file, path, "every source is only `context`", f"name the instrument that {what}")
    return sources


def _check_contested(
    contested: list[Contested],
    outcomes: frozenset[str],
    clauses: tuple[Clause, ...],
    file: YamlFile,
    path: Path_,
    draft: Draft,
) -> None:
    for i, one in enumerate(contested):
        if outcomes == {one.reading}:
            same = f"the other reading is the rule's own outcome `{one.reading}`"
            draft.blame(file, (*path, i, "reading"), same, "name another")
        if not any(meet(a, b) is not None for a in one.clauses for b in clauses):
            apart = "can never hold where the rule does"
            draft.blame(file, (*path, i, "when"), apart, "name a part of the rule's own `when`")


def _outcomes(form: RuleForm, decision: str, file: YamlFile, path: Path_, draft: Draft) -> frozenset[str]:
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


def _check_period(form: RuleForm, file: YamlFile, path: Path_, draft: Draft) -> None:
    start, until = (form.in_force.from_, form.in_force.until) if form.in_force else (None, None)
    if start and until and start >= until:
        draft.blame(
            file,
            (*path, "in_force"),
            f"`from` {start} is not before `until` {until}",
            "`until` is the first day out of force",
        )
    if form.ended and start and form.ended.on <= start:
        draft.blame(
            file,
            (*path, "ended", "on"),
            f"ended on {form.ended.on}, not after its start {start}",
            "check the two dates",
        )
    if form.ended and until and form.ended.on >= until:
        draft.blame(
            file,
            (*path, "ended", "on"),
            f"ended on {form.ended.on}, when `until` {until} had ended it",
            "drop `ended:`",
        )


def _when(raw: dict[str, Any], file: YamlFile, path: Path_, draft: Draft) -> tuple[Condition, tuple[Clause, ...]]:
    vocabulary = Vocabulary(draft.facts)
    before = len(draft.problems)
    condition = read_condition(raw, vocabulary, file, path, draft)
    if len(draft.problems) > before or condition is None:
        return AllOf(), ({},)
    try:
        clauses = clauses_of(condition, vocabulary)
    except TooManyClauses:
        draft.blame(file, path, f"expands to more than {MOST_CLAUSES} clauses", "split the rule, or nest less")
        return AllOf(), ({},)
    if not clauses:
        draft.blame(file, path, "can never hold: its tests exclude each other", "drop one of the tests")
    ordered = [{fact: clause[fact] for fact in sorted(clause)} for clause in clauses]
    return condition, tuple(sorted(ordered, key=_clause_order))


def _clause_order(clause: Clause) -> str:
    """A key that orders equal clauses of permuted files alike; sets are ordered by their members."""
    return repr([(f, sorted(map(str, a.members)) if hasattr(a, "members") else a.intervals) for f, a in clause.items()])


def read_condition(raw: Any, vocabulary: Vocabulary, file: YamlFile, path: Path_, draft: Draft) -> Condition | None:
    """A `when` mapping as a condition tree; None where something in it is wrong or rests on a broken fact."""
    if not isinstance(raw, dict):
        draft.blame(file, path, "is not a mapping", "write `fact: test`, one a line")
        return None
    parts: list[Condition | None] = []
    for key, value in raw.items():
        where = (*path, key)
        if key == "any":
            parts.append(_any(value, vocabulary, file, where, draft))
        elif key in ("not", "unless"):
            inner = read_condition(value, vocabulary, file, where, draft)
            if inner == AllOf():
                draft.blame(file, where, f"`{key}` is empty, so the rule could never apply", "name a test, or drop it")
            parts.append(inner and Not(inner))
        else:
            parts.append(_test(key, value, vocabulary, file, where, draft))
    return None if None in parts else AllOf(tuple(p for p in parts if p is not None))


def _any(raw: Any, vocabulary: Vocabulary, file: YamlFile, path: Path_, draft: Draft) -> Condition | None:
    if not isinstance(raw, list) or not raw:
        draft.blame(file, path, "`any` is not a list of conditions", "write `any: [ {fact: test}, {fact: test} ]`")
        return None
    parts = [read_condition(one, vocabulary, file, (*path, i), draft) for i, one in enumerate(raw)]
    return None if None in parts else AnyOf(tuple(p for p in parts if p is not None))


def _test(name: str, raw: Any, vocabulary: Vocabulary, file: YamlFile, path: Path_, draft: Draft) -> Condition | None:
    if name == AS_OF.name:
        draft.blame(
            file, path, "`as_of` is no fact to test", "the days on which a rule holds stand in `in_force`", of_key=True
        )
        return None
    fact = vocabulary.get(name)
    if fact is None:
        if not draft.is_broken("fact", name):
            known = vocabulary.names()
            meant = nearest(name, {**known, "any": (), "not": (), "unless": ()})
            draft.blame(
                file,
                path,
                f"unknown fact `{name}`",
                did_you_mean(meant or name, {meant: ()} if meant else known, "facts"),
                of_key=True,
            )
        return None
    if ("fact", name) in draft.broken:
        return None
    try:
        return Test(name, read_test(raw, fact))
    except Unreadable as wrong:
        draft.blame(file, path, wrong.message, wrong.help)
        return None


def _contested(form: ContestedForm, decision: str, file: YamlFile, path: Path_, draft: Draft) -> Contested:
    known = _outcome_names(decision, draft)
    draft.expect("outcome", form.reading, known, file, (*path, "reading"))
    _, clauses = _when(form.when, file, (*path, "when"), draft)
    return Contested(clauses, form.reading, form.by.text(), text_of(form.note))


def _contested_order(one: Contested) -> str:
    return repr((one.reading, one.by.dump(), [_clause_order(c) for c in one.clauses], one.note and one.note.dump()))


def _details(raw: Any) -> Any:
    """Details as JSON carries them."""
    if isinstance(raw, dict):
        return {key: _details(raw[key]) for key in sorted(raw)}
    if isinstance(raw, list):
        return [_details(one) for one in raw]
    return json_value(raw) if isinstance(raw, (Decimal, dt.date)) else raw
