"""`portfolio`: what the products of one enterprise need, and its certificates before and after merging."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from accessrules.commands.factsfile import read_data_file
from accessrules.commands.inputs import DAY_OPTIONS, Setting, option_day
from accessrules.commands.options import Verb, about_rules
from accessrules.commands.output import show
from accessrules.commands.portfoliowords import blocks
from accessrules.commands.telling import Teller
from accessrules.errors import AccessRulesError, CaseError, Problem
from accessrules.portfolio import Portfolio
from accessrules.reading.yamlfiles import YamlFile, shown_path
from accessrules.suggesting import did_you_mean
from accessrules.values import Unreadable
from accessrules.vocabulary import AS_OF, KNOWN_ON

__all__ = ["command"]

UNSETTLED = 3
_KEYS = (AS_OF.name, KNOWN_ON.name, "facts", "products")


@click.command("portfolio", cls=Verb)
@click.argument("file", metavar="FILE")
@about_rules()
@click.option("--on", metavar="DATE", help="The day asked about, `today` or `unknown`; it goes before the file's.")
@click.option("--known-on", metavar="DATE", help="Ask with what was published by that day; it goes before the file's.")
def command(setting: Setting, file: str, on: str | None, known_on: str | None) -> int:
    """Show what several products need, with the certificates before and after merging.

    FILE is YAML or JSON, `-` is standard input: `products`, each with a `name` and its `facts`; beside them the
    `facts` that all share, `as_of` and `known_on`. Without a day, today is taken. The exit code is 3 where it is not
    settled what a product needs.

    \b
    accessrules portfolio docs/portfolio.yaml
    accessrules portfolio docs/portfolio.yaml --on 2017-06-01 --lang zh
    """
    read = read_data_file(file, "portfolio -")
    found, took_today = _Reader(setting, read, {AS_OF.name: on, KNOWN_ON.name: known_on}).portfolio()
    teller = Teller(setting.rules, setting.lang)
    show(setting, found.model_dump, lambda: blocks(found, teller, took_today=took_today))
    return UNSETTLED if found.unsettled else 0


class _Reader:
    """Reads the file and the options, and tells every problem at its place."""

    def __init__(self, setting: Setting, file: YamlFile, options: dict[str, str | None]) -> None:
        self.setting, self.file, self.options = setting, file, options
        self.problems: list[Problem] = list(file.problems)

    def portfolio(self) -> tuple[Portfolio, bool]:
        """The portfolio, and whether today was taken as its day."""
        data = self._data()
        days = {name: self._day(name, data) for name in self.options}
        took_today = self.options[AS_OF.name] is None and AS_OF.name not in data
        if took_today:
            days[AS_OF.name] = dt.date.today()
        if self.file.problems:
            raise AccessRulesError(self.problems)
        facts = {} if data.get("facts") is None else data["facts"]
        try:
            found = self.setting.rules.portfolio(data.get("products", ()), facts=facts, **days)
        except CaseError as wrong:
            places = {shown_path(path): path for path in (*self.file.places, *self.file.keys)}
            raise AccessRulesError([*self.problems, *(self._placed(one, places) for one in wrong.problems)]) from None
        if self.problems:
            raise AccessRulesError(self.problems)
        return found, took_today

    def _data(self) -> dict[str, Any]:
        """The file's mapping, with what is wrong with its keys told."""
        data = self.file.data
        if not isinstance(data, dict):
            if not self.file.problems:
                wrong = self.file.problem((), "the portfolio is not a mapping", "write `products:` with a list below")
                raise AccessRulesError([*self.problems, wrong])
            return {}
        known = dict.fromkeys(_KEYS, ())
        for key in data:
            if key not in known:
                help = did_you_mean(key, known, "keys")
                self.problems.append(self.file.problem((key,), f"unknown key `{key}`", help, of_key=True))
        return data

    def _day(self, name: str, data: dict[str, Any]) -> dt.date | str | None:
        """A day of the option, else of the file, which is checked with the facts."""
        text = self.options[name]
        if text is None:
            return data.get(name)
        try:
            return option_day(text)
        except Unreadable as wrong:
            self.problems.append(Problem(DAY_OPTIONS[name], wrong.message, wrong.help))
            return None

    def _placed(self, problem: Problem, places: dict[str, Any]) -> Problem:
        """The problem with its place in the file: that of the value, or of the nearest thing around it."""
        path = problem.path
        while path not in places and path != "$":
            path = path[: max(path.rfind("."), path.rfind("["), 1)]
        help = problem.help
        name = problem.path.rpartition(".")[2]
        if name in DAY_OPTIONS and ".facts." in problem.path:
            help = f"give it beside `products`, as `{name}:`"
        return Problem(problem.path, problem.message, help, self.file.place(places.get(path, ())))
