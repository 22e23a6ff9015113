"""`register`: a synthetic register, made from stated assumptions; or the assumptions themselves."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

import click

from accessrules.commands.inputs import Setting
from accessrules.commands.options import Verb, about_rules
from accessrules.commands.output import show
from accessrules.commands.progress import progress
from accessrules.commands.regionwords import region_text
from accessrules.commands.telling import Teller
from accessrules.errors import Place, Problem, QueryError, RegisterError
from accessrules.explaining.document import Block, Heading, Item, Items, Span, line
from accessrules.registers.rows import STANDARD_INPUT, kind_of
from accessrules.registers.writing import write_csv, write_json_lines
from accessrules.replacing import write_file
from accessrules.suggesting import did_you_mean
from accessrules.synthetic import Assumption, Assumptions, Made, read_assumptions
from accessrules.unarytests import test_words
from accessrules.values import number_text

__all__ = ["command"]

_LIKE = "household-appliances"
_TOLD_EVERY = 1_000
_BASES = {"published": "basis_published", "assumed": "basis_assumed"}


@click.command("register", cls=Verb)
@click.argument("out", required=False, metavar="[OUT]")
@about_rules()
@click.option(
    "--rows", type=click.IntRange(0), metavar="N", help="How many rows; without it, the assumptions are shown."
)
@click.option("--seed", type=int, default=1, show_default=True, metavar="S", help="Another seed gives other rows.")
@click.option(
    "--like",
    metavar="NAME",
    default=_LIKE,
    show_default=True,
    help="A file of the rule set's `registers/`, or a path, that says what the rows are made from.",
)
def command(setting: Setting, out: str | None, rows: int | None, seed: int, like: str) -> None:
    """Make a register of products that do not exist, to try a proposal on.

    OUT is CSV or JSON Lines by its extension; without it, or with `-`, CSV goes to standard output. The last column of
    each row says that it is synthetic, from what and with which seed. The same seed gives the same rows. `--format`
    is that of the assumptions.

    \b
    accessrules register
    accessrules register --rows 10000 --seed 7 register.csv
    """
    assumptions = read_assumptions(_file(setting, like), setting.rules.form.vocabulary)
    if rows is None:
        if out is not None:
            raise QueryError([Problem("--rows", f"how many rows `{out}` is to have is not said", "give `--rows N`")])
        teller = Teller(setting.rules, setting.lang)
        show(setting, lambda: _as_json(assumptions, teller), lambda: _blocks(assumptions, teller))
        return
    if setting.format != "text":
        help = "leave it out: a register is CSV, or JSON Lines where OUT ends in `.jsonl`"
        raise QueryError([Problem("--format", f"a register is not written as `{setting.format}`", help)])
    write = write_csv if out in (None, STANDARD_INPUT) or kind_of(str(out)) == "csv" else write_json_lines
    with progress("register", rows) as told:
        made = _watched(assumptions.rows(rows, seed), told)
        if out is None or out == STANDARD_INPUT:
            sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
            write(sys.stdout, assumptions.columns, made)
        else:
            write_file(Path(out), lambda temporary: _write(temporary, write, assumptions, made), asked_by="OUT")


def _watched(rows: Iterable[list[Made]], told: Callable[[int], None]) -> Iterator[list[Made]]:
    for n, row in enumerate(rows):
        if n % _TOLD_EVERY == 0:
            told(n)
        yield row


def _write(
    path: Path, write: Callable[[TextIO, Any, Any], None], assumptions: Assumptions, rows: Iterable[list[Made]]
) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        write(stream, assumptions.columns, rows)


def _file(setting: Setting, like: str) -> Path:
    """The file of that name in the rule set's `registers/`, or at that path."""
    folder = Path(setting.rules.form.folder) / "registers"
    if like.endswith(".yaml"):
        return Path(like)
    found = folder / f"{like}.yaml"
    if not found.is_file():
        known = {path.stem: () for path in folder.glob("*.yaml")}
        help = did_you_mean(like, known, "registers") if known else f"write `{like}.yaml` into `{folder}`"
        raise RegisterError([Problem("--like", f"there are no assumptions called `{like}`", help, Place(str(folder)))])
    return found


# ------------------------------------------------------------------------------------------------ the assumptions


def _as_json(found: Assumptions, teller: Teller) -> dict[str, Any]:
    def dump(one: Assumption) -> dict[str, Any]:
        return {
            "when": _when(one, teller),
            "shares": {value: float(share) for value, share in one.shares.items()},
            "basis": one.basis,
            "source": one.source and one.source.dump(),
            "note": one.note and one.note.dump(),
        }

    columns = {column: [dump(one) for one in some] for column, some in found.by_column.items()}
    return {"register": found.name, "title": found.title.dump(), "columns": columns}


def _when(one: Assumption, teller: Teller) -> dict[str, str]:
    """Where an assumption holds, in the words of rule files."""
    return {name: test_words(allowed, teller.rules.form.vocabulary[name]) for name, allowed in one.when.items()}


def _blocks(found: Assumptions, teller: Teller) -> Iterator[Block]:
    yield teller.heading("register_title", 1, title=found.title.say(teller.lang))
    yield teller.paragraph("register_synthetic", command=Span("accessrules register --rows 1000", "code"))
    for column, some in found.by_column.items():
        fact = teller.rules.form.vocabulary.get(column)
        yield Heading(line(teller.labels.fact(column) if fact else column))
        yield Items(tuple(_assumption(column, one, teller) for one in some))


def _assumption(column: str, one: Assumption, teller: Teller) -> Item:
    where = region_text(_when(one, teller), teller) if one.when else ""
    basis = Span(teller.text(_BASES[one.basis]), "good" if one.basis == "published" else "unsure")
    title = teller.say("assumption", where=where, basis=basis) if where else (basis,)
    is_fact = column in teller.rules.form.vocabulary
    below = [
        Item(
            teller.say("share", share=number_text(share), value=teller.labels.test(column, words) if is_fact else words)
        )
        for words, share in one.shares.items()
    ]
    if one.source:
        below.append(Item(teller.say("source_is", citation=one.source.say(teller.lang))))
    if one.note:
        below.append(Item(teller.say("rule_note", note=one.note.say(teller.lang))))
    return Item(title, tuple(below))
