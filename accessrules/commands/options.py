"""The options that verbs share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

from accessrules.commands.inputs import Given, Setting
from accessrules.errors import Problem, QueryError

__all__ = ["Verb", "about_case", "about_rules"]

Run = TypeVar("Run", bound=Callable[..., Any])

_ALL_FORMATS = ("text", "json", "md", "html")
_CASE_HELP = "The day asked about, `today` (taken where none is given), or `unknown`."


class Verb(click.Command):
    """A verb that refuses an option given twice, unless it is one that may be repeated."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; raises with every option that stands twice."""
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        named = [one for one in order if isinstance(one, click.Option)]
        if not any(one.is_eager for one in named):
            given = Counter(one.opts[0] for one in named if not one.multiple)
            problems = [Problem(name, f"`{name}` is given twice", "give it once") for name, n in given.items() if n > 1]
            if problems:
                raise QueryError(problems)
        return super().parse_args(ctx, args)


def _options(run: Callable[..., Any], *options: Callable[[Any], Any]) -> Callable[..., Any]:
    for option in reversed(options):
        run = option(run)
    return run


def _setting(formats: tuple[str, ...]) -> tuple[Callable[[Any], Any], ...]:
    """Which rules, and where there are several formats, in which language and format to answer."""
    rules = (
        click.option(
            "--rules", "folder", metavar="DIR", help="A folder with a rule set, instead of the shipped rules."
        ),
        click.option(
            "--proposal",
            "proposals",
            multiple=True,
            metavar="FILE",
            help="Answer as if this proposal were law; may be repeated.",
        ),
    )
    if not formats:
        return rules
    return (
        *rules,
        click.option(
            "--lang",
            type=click.Choice(["en", "zh"]),
            default="en",
            show_default=True,
            help="The language of the answer.",
        ),
        click.option(
            "--format",
            "format",
            type=click.Choice(formats),
            default="text",
            show_default=True,
            help="How it is written.",
        ),
    )


def about_case(
    *,
    formats: tuple[str, ...] = _ALL_FORMATS,
    decision: str = "Which decision; by default the main one.",
    on: str = _CASE_HELP,
    all_decisions: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A verb that asks about a case: its first argument is what was given."""

    def decorate(run: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(run)
        def command(
            facts: tuple[str, ...],
            facts_file: str | None,
            on: str | None,
            known_on: str | None,
            decision: str | None,
            folder: str | None,
            proposals: tuple[str, ...],
            lang: str,
            format: str,
            **own: Any,
        ) -> Any:
            given = Given(folder, proposals, lang, format, facts, facts_file, on, known_on, decision, all_decisions)
            return run(given, **own)

        return _options(
            command,
            click.argument("facts", nargs=-1, metavar="[FACT=VALUE]..."),
            click.option(
                "--facts", "facts_file", metavar="FILE", help="Facts from a JSON or YAML file; `-` is standard input."
            ),
            click.option("--on", metavar="DATE", help=on),
            click.option("--known-on", metavar="DATE", help="Ask with what was published by that day."),
            click.option("--decision", metavar="NAME", help=decision),
            *_setting(formats),
        )

    return decorate


def about_rules(*, formats: tuple[str, ...] = _ALL_FORMATS) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A verb about the rule set: its first argument is the setting. Without `formats` there is one, in English."""

    def decorate(run: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(run)
        def command(
            folder: str | None, proposals: tuple[str, ...], lang: str = "en", format: str = "text", **own: Any
        ) -> Any:
            return run(Setting(folder, proposals, lang, format), **own)

        return _options(command, *_setting(formats))

    return decorate
