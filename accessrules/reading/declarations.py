"""What rules build on: the rule set's decisions and organs, the vocabulary, the instruments, the authorities."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal
from typing import Any

from accessrules import units
from accessrules.errors import Place
from accessrules.reading.draft import Draft, text_of
from accessrules.reading.formcheck import NAMES, check_form
from accessrules.reading.forms import (
    NAME_PATTERN,
    DecisionForm,
    DetailsFile,
    FactForm,
    InstrumentForm,
    InstrumentsFile,
    PrecedenceFile,
    RulesetFile,
    RulesetHead,
    ValueForm,
    VocabularyFile,
)
from accessrules.reading.yamlfiles import Path_, YamlFile
from accessrules.rules import FORMAT, Authority, DecisionDeclaration, Default, Instrument, Organ
from accessrules.suggesting import did_you_mean
from accessrules.texts import Text
from accessrules.values import Unreadable, read_value
from accessrules.valuesets import Key
from accessrules.vocabulary import AS_OF, KNOWN_ON, Fact, Value

__all__ = ["read_decisions", "read_details", "read_instruments", "read_precedence", "read_ruleset", "read_vocabulary"]

_RESERVED = {"any", "not", "unless", AS_OF.name, KNOWN_ON.name}


def read_ruleset(file: YamlFile, draft: Draft) -> None:
    """ruleset.yaml: name, version, organs; the decisions follow once the instruments are known."""
    data = file.data
    if isinstance(data, dict) and "format" in data and data["format"] != FORMAT:
        draft.blame(
            file, ("format",), f"format `{data['format']}` is not supported", f"this version reads `format: {FORMAT}`"
        )
        draft.broken.add(("decision", ""))
        return
    shell = {key: value for key, value in data.items() if key != "decisions"} if isinstance(data, dict) else data
    form = check_form(
        RulesetHead, shell, file, (), draft.problems, {"format": FORMAT, "name": "unnamed", "version": ""}
    )
    if form is None:
        draft.broken.add(("decision", ""))
        return
    declared = _read_decision_forms(data.get("decisions"), form, file, draft)
    draft.ruleset = form
    draft.organs = _organs(form, file, draft)
    if form.main is not None:
        draft.expect("decision", form.main, dict.fromkeys(declared, ()), file, ("main",))


def _read_decision_forms(declared: object, form: RulesetHead, file: YamlFile, draft: Draft) -> Collection[str]:
    """Each decision on its own; gives the names of all, right or wrong."""
    if not isinstance(declared, dict) or not declared:
        check_form(RulesetFile, {**form.model_dump(), "decisions": declared}, file, (), draft.problems)
        draft.broken.add(("decision", ""))
        return ()
    for name, one in declared.items():
        decision = check_form(DecisionForm, one, file, ("decisions", name), draft.problems)
        if not _is_name(name):
            draft.blame(file, ("decisions", name), f"`{name}` is not a name", NAMES, of_key=True)
        elif decision is not None:
            draft.decision_forms[name] = decision
            continue
        draft.broken.add(("decision", name))
    return declared


def _organs(form: RulesetHead, file: YamlFile, draft: Draft) -> dict[str, Organ]:
    organs = {name: Organ(name, Text(o.en, o.zh), o.succeeded_by) for name, o in form.organs.items()}
    for organ in organs.values():
        where: Path_ = ("organs", organ.id, "succeeded_by")
        if organ.succeeded_by is not None:
            draft.expect("organ", organ.succeeded_by, dict.fromkeys(organs, ()), file, where)
        seen, at = {organ.id}, organ
        while at.succeeded_by in organs:
            at = organs[at.succeeded_by]
            if at.id in seen:
                draft.blame(file, where, f"the organ `{organ.id}` succeeds itself", "remove one `succeeded_by`")
                break
            seen.add(at.id)
    return organs


def read_decisions(file: YamlFile, draft: Draft) -> None:
    """The decisions of ruleset.yaml, each of which is also a fact for later decisions."""
    if draft.ruleset is None:
        return
    for name, form in draft.decision_forms.items():
        where: Path_ = ("decisions", name)
        if name in _RESERVED or name in draft.facts:
            draft.blame(file, where, f"the name `{name}` is taken", "give the decision another name", of_key=True)
            draft.broken.add(("decision", name))
            continue
        draft.decisions[name] = _decision(name, form, file, where, draft)
        values = {o: Value(o, words.text()) for o, words in form.outcomes.items()}
        label = form.label.text() if form.label else _spoken(name)
        draft.facts[name] = Fact(
            name, "choice", form.question.text(), label, values=values, derived=True, place=file.keys.get(where)
        )


def _decision(name: str, form: DecisionForm, file: YamlFile, where: Path_, draft: Draft) -> DecisionDeclaration:
    assert draft.ruleset is not None
    default = None
    if form.default is not None:
        sources = draft.sources(form.default.source, file, (*where, "default", "source"))
        known = {o: (w.en, w.zh or "") for o, w in form.outcomes.items()}
        if draft.expect("outcome", form.default.outcome, known, file, (*where, "default")):
            default = Default(form.default.outcome, sources)
    outcomes = {o: form.outcomes[o].text() for o in sorted(form.outcomes)}
    precedence = form.precedence or draft.ruleset.precedence
    no_approval = frozenset(o for o, words in form.outcomes.items() if not words.approval)
    meant = form.default is None and "default" in form.model_fields_set
    question, place = form.question.text(), file.keys.get(where)
    return DecisionDeclaration(name, question, outcomes, default, precedence, no_approval, meant, place)


def read_vocabulary(file: YamlFile, draft: Draft) -> None:
    """vocabulary.yaml: each fact on its own, so that one wrong fact hides no other problem."""
    for name, data in _entries(VocabularyFile, "facts", "fact", file, draft):
        form = check_form(FactForm, data, file, ("facts", name), draft.problems)
        before = len(draft.problems)
        if form is None:
            draft.broken.add(("fact", name))
        elif not _is_name(name):
            draft.blame(file, ("facts", name), f"`{name}` is not a name", NAMES, of_key=True)
        elif name in _RESERVED:
            draft.blame(
                file, ("facts", name), f"the name `{name}` is reserved", "give the fact another name", of_key=True
            )
        elif name in draft.facts:
            _twice(f"the fact `{name}` is declared", draft.facts[name].place, ("facts", name), file, draft)
        else:
            draft.facts[name] = _fact(name, form, file, draft)
            if len(draft.problems) > before:
                draft.broken.add(("fact", name))


def read_details(file: YamlFile, draft: Draft) -> None:
    """details.yaml: what each key of `details` is called."""
    for name, data in _entries(DetailsFile, "details", "detail", file, draft):
        shown = check_form(DetailsFile, {"details": {name: data}}, file, (), draft.problems)
        if shown and name in draft.details:
            _twice(f"the detail `{name}` is named", draft.detail_places[name], ("details", name), file, draft)
        elif shown:
            draft.details[name] = shown.details[name].text()
            draft.detail_places[name] = file.keys.get(("details", name))


def _twice(what: str, first: Place | None, path: Path_, file: YamlFile, draft: Draft) -> None:
    see = f", first at {first}" if first else ""
    draft.blame(file, path, f"{what} twice{see}", "keep one of the two", of_key=True)


def _entries(form: type[Any], key: str, kind: str, file: YamlFile, draft: Draft) -> list[tuple[str, Any]]:
    """The entries of a file that is one mapping of named things; anything else is a problem of the file."""
    data = file.data
    if isinstance(data, dict) and isinstance(data.get(key), dict):
        if len(data) > 1:
            check_form(form, {**data, key: {}}, file, (), draft.problems)
        return list(data[key].items())
    check_form(form, data, file, (), draft.problems)
    draft.broken.add((kind, ""))
    return []


def _fact(name: str, form: FactForm, file: YamlFile, draft: Draft) -> Fact:
    where: Path_ = ("facts", name)
    named = form.type in ("category", "choice")
    if named and not form.values:
        draft.blame(file, where, f"the {form.type} `{name}` has no values", "add `values:`", of_key=True)
    if not named and form.values:
        draft.blame(
            file, (*where, "values"), f"a {form.type} has no named values", "remove `values:`, or make it a choice"
        )
    if form.unit is not None and form.type not in ("number", "integer"):
        draft.blame(file, (*where, "unit"), f"a {form.type} has no unit", "remove `unit:`")
    elif form.unit is not None and units.known(form.unit) is None:
        draft.blame(
            file,
            (*where, "unit"),
            f"unknown unit `{form.unit}`",
            did_you_mean(form.unit, dict.fromkeys(units.UNITS, ()), "units", most=12),
        )
    values = {v: _value(v, form.values[v]) for v in sorted(form.values)}
    under = _inner_categories(values, form, file, where, draft)
    low, high = (_bound(form, key, file, where, draft) for key in ("min", "max"))
    if low is not None and high is not None and low > high:
        draft.blame(file, (*where, "max"), "`max` lies below `min`", "swap them")
    label = text_of(form.label) or _spoken(name)
    question = text_of(form.question) or Text(f"{label.en}?", f"{label.zh}？" if label.zh else None)
    place = file.keys.get(where)
    fact = Fact(name, form.type, question, label, form.unit, low, high, values, under=under, place=place)
    if form.presume is None or (named and not form.values):
        return fact
    try:
        presumed = read_value(form.presume, fact)
    except Unreadable as wrong:
        draft.blame(file, (*where, "presume"), wrong.message, wrong.help)
        return fact
    if presumed in under:
        draft.blame(file, (*where, "presume"), f"`{presumed}` has values under it", "presume one of those")
    return replace(fact, presume=presumed)


def _value(name: str, form: ValueForm) -> Value:
    also = tuple(sorted(n for names in form.also.values() for n in names))
    return Value(name, Text(form.en, form.zh), form.under, also)


def _inner_categories(
    values: dict[str, Value], form: FactForm, file: YamlFile, where: Path_, draft: Draft
) -> dict[str, frozenset[str]]:
    """Each value that others are under, with the leaves under it."""
    leaves: dict[str, set[str]] = {}
    parents = {v.under for v in values.values() if v.under}
    for value in values.values():
        at: Path_ = (*where, "values", value.id, "under")
        if value.under is None:
            continue
        if form.type != "category":
            draft.blame(
                file,
                at,
                f"the values of a {form.type} are not under each other",
                "make it a category, or remove `under:`",
            )
            continue
        if value.under not in values:
            names = {v.id: v.names() for v in values.values()}
            draft.blame(file, at, f"unknown value `{value.under}`", did_you_mean(value.under, names, "values"))
            continue
        seen = {value.id}
        above: str | None = value.under
        while above is not None and above in values:
            if above in seen:
                draft.blame(file, at, f"the category `{value.id}` is under itself", "remove one `under:`")
                return {}
            seen.add(above)
            if value.id not in parents:
                leaves.setdefault(above, set()).add(value.id)
            above = values[above].under
    return {inner: frozenset(found) for inner, found in sorted(leaves.items())}


def _bound(form: FactForm, key: str, file: YamlFile, where: Path_, draft: Draft) -> Key | None:
    raw = getattr(form, key)
    if raw is None:
        return None
    fits = (
        (form.type == "date" and isinstance(raw, dt.date))
        or (form.type in ("integer", "number") and isinstance(raw, int) and not isinstance(raw, bool))
        or (form.type == "number" and isinstance(raw, Decimal))
    )
    if not fits:
        what = {"integer": "a whole number", "number": "a number without unit", "date": "a date"}.get(form.type)
        help = f"it must be {what}" if what else f"remove `{key}:`"
        draft.blame(file, (*where, key), f"`{raw}` does not fit `{key}` of a {form.type}", help)
        return None
    return raw.toordinal() if isinstance(raw, dt.date) else raw


def _is_name(name: str) -> bool:
    return re.fullmatch(NAME_PATTERN, name) is not None


def _spoken(name: str) -> Text:
    return Text(name.replace("_", " "))


def read_instruments(file: YamlFile, draft: Draft) -> None:
    """instruments.yaml: each instrument on its own."""
    for name, data in _entries(InstrumentsFile, "instruments", "instrument", file, draft):
        form = check_form(InstrumentForm, data, file, ("instruments", name), draft.problems)
        if not _is_name(name):
            draft.blame(file, ("instruments", name), f"`{name}` is not a name", NAMES, of_key=True)
        if form is None:
            draft.broken.add(("instrument", name))
        elif name in draft.instruments:
            first = draft.instruments[name].place
            _twice(f"the instrument `{name}` is declared", first, ("instruments", name), file, draft)
        else:
            draft.instruments[name] = _instrument(name, form, file)


def _instrument(name: str, form: InstrumentForm, file: YamlFile) -> Instrument:
    return Instrument(
        id=name,
        title=form.title.text(),
        issuers=tuple(sorted(set(form.issuer))),
        rank=form.rank,
        published=form.published,
        confidence=form.confidence,
        number=text_of(form.number),
        effective=form.effective,
        until=form.until,
        date_confidence=form.date_confidence,
        read=form.read,
        note=text_of(form.note),
        url=form.url,
        place=file.keys.get(("instruments", name)),
    )


def read_precedence(file: YamlFile, draft: Draft) -> None:
    """precedence.yaml: the articles behind the principles."""
    form = check_form(PrecedenceFile, file.data, file, (), draft.problems)
    known = {i.id: i.names() for i in draft.instruments.values()}
    for principle, entries in (form.principles if form else {}).items():
        for index, entry in enumerate(entries):
            draft.expect("instrument", entry.instrument, known, file, ("principles", principle, index, "instrument"))
        found = [Authority(e.instrument, e.at, e.from_) for e in entries]
        draft.authorities[principle] = tuple(sorted(found, key=lambda a: (a.start or dt.date.min, a.instrument, a.at)))
