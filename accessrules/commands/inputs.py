"""From what the command line gave to a case that can be asked about, or every problem of it at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from accessrules.cases import Case
from accessrules.commands.factsfile import FactsFile, read_facts_file
from accessrules.errors import AccessRulesError, CaseError, Problem, QueryError
from accessrules.ruleset import RuleSet, load_rules
from accessrules.values import UNKNOWN_WORDS, Unreadable, read_date, read_typed
from accessrules.vocabulary import AS_OF, KNOWN_ON

__all__ = ["DAY_OPTIONS", "Asked", "Given", "Setting", "checked_day", "checked_decision", "option_day"]

DAY_OPTIONS = {AS_OF.name: "--on", KNOWN_ON.name: "--known-on"}


@dataclass(frozen=True)
class Setting:
    """What every verb is told: where the rules are, what is proposed, in which language and format to answer."""

    folder: str | None
    proposals: tuple[str, ...]
    lang: str
    format: str

    @cached_property
    def base(self) -> RuleSet:
        """The rule set as it is, without the proposals, loaded when it is first wanted."""
        return load_rules(self.folder)

    @cached_property
    def rules(self) -> RuleSet:
        """The rule set with the proposals applied."""
        rules = self.base
        for proposal in self.proposals:
            rules = rules.propose(proposal)
        return rules

    @property
    def options(self) -> tuple[str, ...]:
        """The options that name these rules on a command line."""
        folder = () if self.folder is None else ("--rules", self.folder)
        return (*folder, *(word for proposal in self.proposals for word in ("--proposal", proposal)))


@dataclass(frozen=True)
class Given(Setting):
    """What a verb about a case was given, as it was typed."""

    facts: tuple[str, ...]
    file: str | None
    on: str | None
    known_on: str | None
    decision: str | None
    all_decisions: bool = False

    def read(self) -> Asked:
        """The case, typed; raises AccessRulesError with every problem of arguments, file, dates and decision."""
        return _Reader(self).asked()


@dataclass(frozen=True)
class Asked:
    """A case that can be asked about. `took_today` says that no day was given."""

    rules: RuleSet
    case: Case
    decision: str | None
    took_today: bool
    lang: str
    format: str

    @property
    def name(self) -> str:
        """The name of the decision asked about."""
        return self.rules.decider(self.decision).decision

    @property
    def as_of(self) -> dt.date | None:
        """The day asked about."""
        assert self.case.as_of is None or isinstance(self.case.as_of, dt.date)
        return self.case.as_of

    @property
    def known_on(self) -> dt.date | None:
        """The day as known on which it is asked."""
        assert self.case.known_on is None or isinstance(self.case.known_on, dt.date)
        return self.case.known_on


class _Reader:
    """Reads what was given, and collects what is wrong with it."""

    def __init__(self, given: Given) -> None:
        self.given, self.rules = given, given.rules
        self.problems: list[Problem] = []
        self.typed: dict[str, str] = {}

    def asked(self) -> Asked:
        file = read_facts_file(self.given.file) if self.given.file is not None else FactsFile.empty()
        self.problems.extend(file.problems)
        facts = {**file.facts, **self._arguments(file)}
        as_of, took_today = self._as_of(file)
        known_on = self._day("known_on", self.given.known_on, file)
        self._check(facts, file)
        decision = self._decision()
        if self.problems:
            raise AccessRulesError(self.problems)
        return Asked(self.rules, Case(facts, as_of, known_on), decision, took_today, self.given.lang, self.given.format)

    def _arguments(self, file: FactsFile) -> dict[str, Any]:
        """The `fact=value` arguments, each typed by its fact; those of no fact stay text."""
        read: dict[str, Any] = {}
        for argument in self.given.facts:
            name, equals, text = (part.strip() for part in argument.partition("="))
            if not equals or not name:
                self._blame(
                    argument,
                    f"`{_short(argument)}` is not a fact with a value",
                    "write `fact=value`, such as `purpose=export`",
                )
                continue
            if name in self.typed or name in file.facts:
                where = "the facts file" if name in file.facts else f"`{_short(self.typed[name])}`"
                self._blame(argument, f"`{name}` is given twice, see {where}", "give it once")
                continue
            self.typed[name] = argument
            fact = self.rules.form.vocabulary.get(name)
            try:
                read[name] = text if fact is None or fact.derived else read_typed(text, fact)
            except Unreadable as wrong:
                self._blame(argument, wrong.message, wrong.help)
        return read

    def _as_of(self, file: FactsFile) -> tuple[dt.date | None, bool]:
        if self.given.on is None and "as_of" not in file.days:
            return dt.date.today(), True
        return self._day("as_of", self.given.on, file), False

    def _day(self, name: str, text: str | None, file: FactsFile) -> dt.date | None:
        """A day from its option or from the facts file; both may only say the same."""
        days: list[dt.date | None] = []
        option = DAY_OPTIONS[name]
        try:
            if text is not None:
                days.append(option_day(text))
        except Unreadable as wrong:
            self.problems.append(Problem(option, wrong.message, wrong.help))
        try:
            if name in file.days:
                days.append(None if file.days[name] is None else read_date(file.days[name]))
        except Unreadable as wrong:
            self.problems.append(file.problem((name,), wrong.message, wrong.help))
        if len(set(days)) == 2:
            self.problems.append(
                file.problem((name,), f"`{name}` is {days[1]}, but {option} is {days[0]}", "give it once")
            )
        return days[0] if days else None

    def _check(self, facts: Mapping[str, Any], file: FactsFile) -> None:
        """Every value against the vocabulary; each problem at its argument or its place in the file."""
        anyone = next(iter(self.rules.form.decisions))
        try:
            self.rules.decider(anyone).read(Case(facts), None, None)
        except CaseError as wrong:
            for one in wrong.problems:
                name = one.path.removeprefix("$.facts.")
                help = f"give it with `{DAY_OPTIONS[name]} DATE`" if name in DAY_OPTIONS else one.help
                if name in self.typed:
                    self._blame(self.typed[name], one.message, help)
                else:
                    self.problems.append(file.problem_of_fact(name, one.message, help))

    def _decision(self) -> str | None:
        if not (self.given.all_decisions and self.given.decision == "all"):
            checked_decision(self.rules, self.given.decision, self.problems)
        return self.given.decision

    def _blame(self, argument: str, message: str, help: str) -> None:
        self.problems.append(Problem(_short(argument), message, help))


def checked_day(option: str, text: str | None, problems: list[Problem]) -> dt.date | None:
    """The day of an option, None where none is given or it is `unknown`; what is wrong is added to the problems."""
    try:
        return None if text is None else option_day(text)
    except Unreadable as wrong:
        problems.append(Problem(option, wrong.message, wrong.help))
        return None


def checked_decision(rules: RuleSet, decision: str | None, problems: list[Problem]) -> None:
    """Add what is wrong with the name of a decision (None: the main one) to the problems."""
    try:
        rules.decider(decision)
    except QueryError as wrong:
        problems.extend(Problem("--decision", one.message, one.help) for one in wrong.problems)


def option_day(text: str) -> dt.date | None:
    """The day of an option: a date, `today`, or None for `unknown`; Unreadable for any other text."""
    return None if text in UNKNOWN_WORDS else dt.date.today() if text == "today" else read_date(text)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
