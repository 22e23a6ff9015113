"""The group of verbs, and what becomes of whatever goes wrong in one."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from accessrules.errors import AccessRulesError, Problem
from accessrules.suggesting import did_you_mean

__all__ = ["VERBS", "app", "main"]

VERBS = {
    "decide": "Decide a case, and explain why.",
    "ask": "Ask only what matters, one question at a time, then decide.",
    "what-if": "Where along a fact the answer changes; along two, a map.",
    "flips": "The smallest changes that give another answer.",
    "why-not": "Why a rule does not decide.",
    "timeline": "The periods of the answer over time.",
    "portfolio": "The approvals of several products, before and after merging.",
    "check": "What a drafter should look at: conflicts, gaps, rules without effect.",
    "diff": "Where two rule sets answer differently.",
    "impact": "What a change does to a register: how many rows, which, why.",
    "batch": "Decide a register of many products into a file.",
    "export": "Write a decision as SQL, for the database that has the register.",
    "register": "Make a synthetic register to try a change on.",
    "test": "Run the casebook of the rule set.",
    "facts": "List, find and show the facts of the vocabulary.",
    "rules": "List, find and show the rules.",
    "instruments": "List, find and show the legal instruments.",
    "schema": "Print a JSON Schema of a file, a case or a decision.",
}
"""Each verb with its line in the list of verbs; the file is named for the verb."""

TRACEBACK = "ACCESSRULES_TRACEBACK"
PIPE_WIDTH, LEAST_HELP = 80, 30
HUNG_UP, INTERRUPTED, CLOSED_PIPE, TERMINATED = 129, 130, 141, 143
"""The exit codes of a shell's own for a program that was interrupted, whose reader went away, or that was ended."""


class _ClosedPipe(Exception):  # noqa: N818 - it is no error: nobody reads any more
    pass


class _Verbs(click.Group):
    """A group whose commands are imported one at a time."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module = import_module(f"accessrules.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in VERBS:
            help = did_you_mean(name, dict.fromkeys(VERBS, ()), "verbs", most=len(VERBS))
            raise AccessRulesError([Problem(name, f"unknown verb `{name}`", help)])
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as wrong:
            raise _ClosedPipe from wrong  # before click turns it into an exit code of its own

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any) -> Any:  # type: ignore[override]
        extra["standalone_mode"] = False
        extra.setdefault("terminal_width", _help_width())
        run = super().main
        sys.exit(_guarded(lambda: run(args, prog_name or "accessrules", **extra)))


def _guarded(run: Callable[[], Any]) -> int:
    """Run, and give the exit code; whatever goes wrong is told in words."""
    _replace_closed_streams()
    try:
        code = run()
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except AccessRulesError as wrong:
        _tell(wrong.problems)
    except click.exceptions.NoArgsIsHelpError as wrong:
        click.echo(wrong.ctx.get_help() if wrong.ctx else wrong.format_message(), err=True)
    except click.UsageError as wrong:
        verb = wrong.ctx.command_path if wrong.ctx else "accessrules"
        _tell([Problem("", _lower(wrong.format_message()), f"see `{verb} --help`")])
    except click.ClickException as wrong:
        _tell([Problem("", _lower(wrong.format_message()))])
    except (click.Abort, KeyboardInterrupt):
        with contextlib.suppress(OSError):
            print("\ninterrupted", file=sys.stderr)
        return INTERRUPTED
    except (BrokenPipeError, _ClosedPipe):
        _drop_output()
        return CLOSED_PIPE
    except Exception as wrong:
        if os.environ.get(TRACEBACK):
            raise
        _tell([_unexpected(wrong)])
    return 2


def _unexpected(wrong: Exception) -> Problem:
    if isinstance(wrong, OSError):
        return Problem(str(wrong.filename or ""), (wrong.strerror or str(wrong)).lower())
    said = " ".join(f"{type(wrong).__name__} {wrong}".split())
    return Problem("", f"unexpected: {said[:200]}", f"this is a fault of the program; {TRACEBACK}=1 shows where")


def _replace_closed_streams() -> None:
    """What goes to an output stream that the caller has closed goes nowhere, quietly: Python has None for it."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until the program ends


def _drop_output() -> None:
    """Nobody reads any more: what is left in the buffer goes nowhere, quietly."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _help_width() -> int:
    """The columns of the help: click's own default is never below 50."""
    return max(min(shutil.get_terminal_size((PIPE_WIDTH, 24)).columns, PIPE_WIDTH) - 2, LEAST_HELP)


def _lower(text: str) -> str:
    text = text.strip().removesuffix(".")
    return text[:1].lower() + text[1:]


def _tell(problems: Sequence[Problem]) -> None:
    """Every problem with its place, what is wrong, and what would be right, on standard error."""
    from accessrules.commands.output import is_colored, plain

    def styled(text: str, **style: Any) -> str:
        return click.style(text, **style) if is_colored(sys.stderr) else text

    lines = []
    for one in problems:
        where = ": ".join(part for part in (str(one.place or ""), "" if one.path == "$" else one.path) if part)
        lines.append(
            styled("error:", fg="red", bold=True) + " " + plain(f"{where}: {one.message}" if where else one.message)
        )
        if one.help:
            lines.append("  " + styled("help:", fg="cyan") + " " + plain(one.help))
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.reconfigure(errors="replace")  # type: ignore[union-attr]
        print("\n".join(lines), file=sys.stderr, flush=True)


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("accessrules")
        except PackageNotFoundError:
            number = "(not installed)"
        print(f"accessrules {number}")
        ctx.exit()


@click.group(
    cls=_Verbs,
    name="accessrules",
    subcommand_metavar="VERB ...",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="`accessrules VERB --help` shows examples of each.",
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version."
)
def app() -> None:
    """Does this product need a production licence, a certification, or nothing, on this date, and why?

    \b
    accessrules decide category=fridge effective_volume=520 --on 2018-03-14
    accessrules ask
    accessrules facts --find 冰箱
    """


def main() -> int:
    """The console script: runs the command line and ends the program with its exit code."""
    # Ended from outside, it takes away what it has half written, as when it is interrupted.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    # Its terminal was closed; Windows has no such signal, and `nohup` takes it.
    hung_up = getattr(signal, "SIGHUP", None)
    if hung_up is not None and signal.getsignal(hung_up) is not signal.SIG_IGN:
        signal.signal(hung_up, lambda *_: sys.exit(HUNG_UP))
    app()
    return 0
