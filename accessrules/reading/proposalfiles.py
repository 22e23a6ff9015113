"""Proposals: from a file to the source form that a rule set would have if it were law."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from accessrules.conditions import AllOf
from accessrules.errors import RuleFileError
from accessrules.fingerprint import FINGERPRINT_KIND, SHOWN_OF_FINGERPRINT
from accessrules.reading.declarations import read_instruments
from accessrules.reading.draft import Draft
from accessrules.reading.formcheck import check_form
from accessrules.reading.forms import CaseForm
from accessrules.reading.proposalforms import REMOVABLE, AmendForm, InsertHead, ProposalHead, RepealForm
from accessrules.reading.ruleparts import binding, check_rest, read_rule, saying
from accessrules.reading.wholeset import check_whole
from accessrules.reading.yamlfiles import Path_, YamlFile
from accessrules.rules import Ending, Rule, Source, SourceForm
from accessrules.suggesting import did_you_mean

__all__ = ["read_proposal"]

_BLANK = Rule("", "", AllOf(), ({},), frozenset(), ())
_SAID_BY = {"when": ("condition", "clauses"), "in_force": ("start", "until")}
"""The fields of a rule that a key fills, where they are not called as it is."""


def read_proposal(file: YamlFile, base: SourceForm, fingerprint: Callable[[], str]) -> tuple[str, SourceForm]:
    """A proposal's id, and the source form with what it inserts, amends and repeals; the base is left as it is.

    `fingerprint` gives that of the base, and is only asked where the proposal names the one it was written for.
    Raises RuleFileError with every problem.
    """
    draft = Draft(
        problems=list(file.problems),
        facts=dict(base.vocabulary.facts),
        instruments=dict(base.instruments),
        decisions=dict(base.decisions),
        rules=dict(base.rules),
        base=base.rules,
    )
    head = None
    if not file.problems:
        stand_ins = {"proposal": "unnamed", "title": "untitled"}
        head = check_form(ProposalHead, file.data, file, (), draft.problems, stand_ins)
    if head is not None:
        _Reader(file, head, draft).read(fingerprint)
    if head is None or draft.problems:
        raise RuleFileError(draft.problems)
    instruments, rules = dict(sorted(draft.instruments.items())), dict(sorted(draft.rules.items()))
    return head.proposal, replace(base, instruments=instruments, rules=rules)


class _Reader:
    """Brings a proposal's changes into a draft that holds the rule set, and collects what is wrong."""

    def __init__(self, file: YamlFile, head: ProposalHead, draft: Draft) -> None:
        self.file, self.head, self.draft = file, head, draft
        self.named: dict[str, Path_] = {}
        """The rules that are amended or repealed, and where."""
        self.named_now: dict[str, list[str]] = {}
        """Who names a rule that is gone or amended from a day on, then names these: none, or it and its follower."""
        self.inserted = {one["id"] for one in head.insert if isinstance(one, dict) and isinstance(one.get("id"), str)}

    def read(self, fingerprint: Callable[[], str]) -> None:
        """The whole file."""
        head, draft, before = self.head, self.draft, dict(self.draft.rules)
        if head.base is not None:
            self._check_base(head.base, fingerprint())
        # The same places, for a reader of files that have nothing but instruments.
        read_instruments(replace(self.file, data={"instruments": head.instruments}), draft)
        for n, data in enumerate(head.amend):
            self._amend(data, ("amend", n))
        for n, data in enumerate(head.repeal):
            self._repeal(data, ("repeal", n))
        for n, data in enumerate(head.insert):
            self._insert(data, ("insert", n))
        for n, data in enumerate(head.cases):  # what they say is checked against the whole rules, with the casebook
            check_form(CaseForm, data, self.file, ("cases", n), draft.problems)
        self._carry_exceptions()
        check_whole(draft, {name for name, rule in draft.rules.items() if before.get(name) is not rule})

    def _check_base(self, named: str, fingerprint: str) -> None:
        """The fingerprint of the base is named in full, or by as many digits as texts show, or more."""
        if not fingerprint.startswith(named):
            message = f"the proposal was written for the rules `{named}`; these are `{fingerprint}`"
            self._blame(("base",), message, "review it against these rules, then name them, or drop `base:`")
        elif len(named) < SHOWN_OF_FINGERPRINT:
            least = SHOWN_OF_FINGERPRINT - len(FINGERPRINT_KIND)
            help = f"give {least} or more of its digits after `{FINGERPRINT_KIND}`"
            self._blame(("base",), f"`{named}` is too short for a fingerprint", help)

    def _blame(self, path: Path_, message: str, help: str) -> None:
        self.draft.blame(self.file, path, message, help)

    # ------------------------------------------------------------------------------------------------ the changes

    def _insert(self, data: Any, path: Path_) -> None:
        where = {key: data[key] for key in ("decision", "group") if key in data} if isinstance(data, dict) else data
        head = check_form(InsertHead, where, self.file, path, self.draft.problems)
        known = dict.fromkeys(self.draft.decisions, ())
        if head and self.draft.expect("decision", head.decision, known, self.file, (*path, "decision")):
            rule = {key: value for key, value in data.items() if key not in where}
            read_rule(rule, head.decision, head.group, self.file, path, self.draft)
            return
        # Whatever it would have been called: to name it, or its group, elsewhere is no second problem.
        names = (data.get("id", ""), data.get("group")) if isinstance(data, dict) else ("",)
        self.draft.broken.update(("rule", name) for name in names if isinstance(name, str))

    def _repeal(self, data: Any, path: Path_) -> None:
        form = check_form(RepealForm, data, self.file, path, self.draft.problems)
        rule = self._named(data, path)
        if form is None or rule is None:
            return
        self._refuse_empty(form, path, "drop it")
        if form.from_ is None:
            self.named_now[rule.id] = []
            del self.draft.rules[rule.id]
        else:
            self._end(rule, form.from_, self._sources(form, path), path)

    def _amend(self, data: Any, path: Path_) -> None:
        form = check_form(AmendForm, data, self.file, path, self.draft.problems)
        rule = self._named(data, path)
        if rule is None:
            return
        if form is None:
            check_rest(data, rule.decision, self.file, path, self.draft)
            group = data.get("group", rule.group)
            self.draft.set_aside(data, rule.decision, group if isinstance(group, str) else None, self.file.place(path))
            self.draft.broken.add(("rule", self._follower(rule)))
            return
        changed = self._changed(rule, form, path)
        if form.from_ is None:
            self.draft.rules[rule.id] = saying(form, form.model_fields_set, changed, self.file, path, self.draft)
        else:
            self._amend_from(form.from_, form, rule, changed, path)

    def _changed(self, rule: Rule, form: AmendForm, path: Path_) -> Rule:
        """The rule without what the amendment removes, and in its group; the rest is read like a rule's own text."""
        if not form.model_fields_set - {"id", "from_", "remove"} and not form.remove:
            self._blame(path, f"changes nothing in the rule `{rule.id}`", "name a key with what it is to say")
        self._refuse_empty(form, path, "name it in `remove`")
        removed: dict[str, Any] = {}
        for n, key in enumerate(form.remove):
            if key not in REMOVABLE:
                help = did_you_mean(key, dict.fromkeys(REMOVABLE, ()), "keys that can", most=len(REMOVABLE))
                self._blame((*path, "remove", n), f"`{key}` cannot be removed", help)
                continue
            blank = {field: getattr(_BLANK, field) for field in _SAID_BY.get(key, (key,))}
            if key in form.model_fields_set:
                self._blame((*path, "remove", n), f"`{key}` is removed and given at once", "do one of the two")
            elif all(getattr(rule, field) == value for field, value in blank.items()):
                self._blame((*path, "remove", n), f"the rule `{rule.id}` has no `{key}`", "drop it from `remove`")
            removed.update(blank)
        if "group" in form.model_fields_set:
            removed["group"] = form.group
        return replace(rule, place=self.file.place(path), **removed)

    def _amend_from(self, day: dt.date, form: AmendForm, rule: Rule, changed: Rule, path: Path_) -> None:
        """The old rule ends on the day; under another id, the amended one takes its place from then on."""
        keys = form.model_fields_set
        for key in ("in_force", "ended"):
            if key in keys or key in form.remove:
                help = f"drop `from:` to change `{key}` outright, or drop `{key}`"
                self._blame((*path, key), f"`{key}` cannot change from a day on", help)
        sources = self._sources(form, path)
        cited = {source.instrument for source in rule.sources if not source.context}
        together = [*rule.sources, *(source for source in sources if source.instrument not in cited)]
        follower = self._follower(rule)
        if self._end(rule, day, sources, path):
            ordered = tuple(sorted(together, key=lambda s: (s.context, s.instrument, s.at)))
            changed = replace(changed, id=follower, start=day, sources=ordered)
        amended = saying(form, keys - {"in_force", "ended"}, changed, self.file, path, self.draft)
        if follower in self.draft.rules:
            message = f"the rule id `{follower}` is taken, see {self.draft.place_of(follower)}"
            self._blame((*path, "id"), message, "give the proposal another id")
        elif amended.id == follower:
            self.named_now[rule.id] = [rule.id, follower]
            self.draft.rules[follower] = amended
        else:
            self.draft.broken.add(("rule", follower))
            self.draft.unread.append(amended)

    def _follower(self, rule: Rule) -> str:
        """The id of the rule that takes a rule's place from a day on."""
        return f"{rule.id}.{self.head.proposal}"

    def _carry_exceptions(self) -> None:
        """What is an exception to a rule is one to the rule that takes its place, and none to a rule that is gone."""
        if self.named_now:
            draft = self.draft
            draft.rules = {name: self._carried(rule) for name, rule in draft.rules.items()}
            draft.unread = [self._carried(rule) for rule in draft.unread]

    def _carried(self, rule: Rule) -> Rule:
        if self.named_now.keys().isdisjoint(rule.exception_to):
            return rule
        named = {one for name in rule.exception_to for one in self.named_now.get(name, [name])}
        return replace(rule, exception_to=tuple(sorted(named - {rule.id})))

    # ------------------------------------------------------------------------------------------------ their parts

    def _named(self, data: Any, path: Path_) -> Rule | None:
        """The rule that an entry names, where it is there to be changed."""
        name = data.get("id") if isinstance(data, dict) else None
        if not isinstance(name, str):
            return None
        where = (*path, "id")
        if name in self.named:
            first = self.file.place(self.named[name])
            self._blame(where, f"the rule `{name}` is changed twice, see {first}", "keep one of the two")
            return None
        self.named[name] = where
        if name in self.draft.rules:
            return self.draft.rules[name]
        if name in self.inserted:
            self._blame(where, f"the rule `{name}` is inserted by this proposal", "insert it as it is meant")
        else:
            known = {r.id: tuple(t for t in (r.title.en, r.title.zh) if t) if r.title else () for r in self._rules()}
            self._blame(where, f"unknown rule `{name}`", did_you_mean(name, known, "rules"))
        return None

    def _rules(self) -> list[Rule]:
        return list(self.draft.rules.values())

    def _refuse_empty(self, form: AmendForm | RepealForm, path: Path_, otherwise: str) -> None:
        for key in sorted(key.rstrip("_") for key in form.model_fields_set if getattr(form, key) is None):
            self._blame((*path, key), f"`{key}` is empty", f"give it a value, or {otherwise}")

    def _sources(self, form: AmendForm | RepealForm, path: Path_) -> tuple[Source, ...]:
        """What changes the rule: the sources given, else the one instrument that the proposal declares."""
        if form.source is not None:
            return binding(form.source, "changes the rule", self.file, (*path, "source"), self.draft)
        own = list(self.head.instruments)
        if len(own) != 1:
            many = f"declares {len(own)} instruments" if own else "declares no instrument"
            self._blame(path, f"`source` is missing: the proposal {many}", "name the instrument that changes the rule")
            return ()
        declared = self.draft.instruments.get(own[0])
        return (Source(declared.id, "", declared.confidence),) if declared else ()

    def _end(self, rule: Rule, day: dt.date, sources: tuple[Source, ...], path: Path_) -> bool:
        """End a rule on a day; False, and a problem, where it has ended or would never have begun."""
        where = (*path, "from")
        over = rule.ended.on if rule.ended else rule.until
        if rule.ended is not None or (over and over <= day):
            self._blame(where, f"the rule `{rule.id}` ends on {over} already", "amend its days, or drop the entry")
        elif rule.start and day <= rule.start:
            message = f"`from` {day} is not after {rule.start}, when the rule `{rule.id}` begins"
            self._blame(where, message, "name a later day, or drop `from:` to change the rule outright")
        else:
            self.draft.rules[rule.id] = replace(rule, ended=Ending(day, sources))
            return True
        return False
