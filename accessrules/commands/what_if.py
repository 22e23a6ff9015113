"""`what-if`: where along one fact the answer changes, or a map along two."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from accessrules.axes import Axis
from accessrules.cases import ReadCase
from accessrules.commands.inputs import Asked, Given
from accessrules.commands.maps import Sheet, map_table, map_text
from accessrules.commands.options import Verb, about_case
from accessrules.commands.output import Look, print_document, print_json, stdout_look, write_out
from accessrules.commands.telling import Teller, joined
from accessrules.deciding import Decider
from accessrules.errors import AccessRulesError, Problem, QueryError
from accessrules.explaining.document import Block, Item, Items
from accessrules.exploring.whatif import Map, what_if_map
from accessrules.replacing import write_file
from accessrules.values import Unreadable, named_value
from accessrules.valuesets import Named, ValueSet
from accessrules.vocabulary import Fact

__all__ = ["command"]

_FIGURES = (".svg", ".png")


@click.command("what-if", cls=Verb)
@about_case()
@click.option(
    "--vary",
    multiple=True,
    required=True,
    metavar="FACT=RANGE",
    help="A fact, or as_of, and its values: 400..600 (ends included), a,b,c, or *. Twice draws a map.",
)
@click.option("--out", metavar="FILE", help="Draw the map as a figure: .svg or .png. Needs the extra `plot`.")
def command(given: Given, vary: tuple[str, ...], out: str | None) -> None:
    """Show where along a fact the answer changes, each region with its rule. Two --vary draw a map.

    \b
    accessrules what-if category=fridge --vary effective_volume=400..600
    accessrules what-if category=fridge --vary effective_volume --vary as_of=*
    accessrules what-if category=fridge --vary effective_volume=400..600 \\
        --vary as_of=2015-01-01..2022-01-01 --out map.svg
    """
    asked = given.read()
    decider = asked.rules.decider(asked.decision)
    case = decider.read(asked.case, None, None)
    grid = _grid(decider, case, vary, out)
    teller = Teller(asked.rules, given.lang)
    if out is not None:
        _draw(Path(out), grid, asked, teller, quiet=given.format == "json")
    if given.format == "json":
        print_json({"decision": asked.name, "vary": [fact.name for fact in grid.facts], "regions": grid.dump()})
    elif len(grid.facts) == 1:
        print_document(
            teller.document(*_opening(asked, grid, teller), *_along(asked, decider, case, grid, teller)), given.format
        )
    else:
        _print_map(asked, decider, case, grid, teller)
    if out is not None and given.format == "text":
        write_out("\n" + teller.text("figure_made", file=out))


# ------------------------------------------------------------------------------------------------ what is varied


def _grid(decider: Decider, case: ReadCase, vary: Sequence[str], out: str | None) -> Map:
    """The answers over what is varied; raises with every problem of `--vary` and `--out`."""
    problems: list[Problem] = []
    wanted: dict[str, Any] = {}
    for one in vary:
        name, equals, spec = (part.strip() for part in one.partition("="))
        if name in wanted:
            problems.append(Problem(f"--vary {one}", f"`{name}` is varied twice", "vary it once"))
            continue
        try:
            wanted[name] = _named(spec, decider.index.facts.get(name)) if equals else "*"
        except Unreadable as wrong:
            problems.append(Problem(f"--vary {one}", wrong.message, wrong.help))
    if out is not None and not out.lower().endswith(_FIGURES):
        problems.append(
            Problem(f"--out {out}", "is no figure that can be drawn", "name a file that ends in .svg or .png")
        )
    elif out is not None and len(vary) < 2:
        problems.append(
            Problem(f"--out {out}", "a figure has two axes", "give a second --vary, such as `--vary as_of=*`")
        )
    if not wanted:
        raise AccessRulesError(problems)
    try:
        grid = what_if_map(decider, case, wanted)
    except QueryError as wrong:
        problems.extend(
            Problem(p.path.replace("$.vary", "--vary").replace("--vary.", "--vary "), p.message, p.help)
            for p in wrong.problems
        )
    if problems:
        raise AccessRulesError(problems)
    return grid


def _named(spec: str, fact: Fact | None) -> Any:
    """A list of named values by their ids; ranges and `*` as they are."""
    if fact is None or not fact.values or spec == "*":
        return spec
    return [named_value(one.strip(), fact) or one.strip() for one in spec.split(",")]


# ------------------------------------------------------------------------------------------------ in words


def _opening(asked: Asked, grid: Map, teller: Teller) -> list[Block]:
    return [
        teller.heading("what_if_title", 1, question=teller.labels.question(asked.name)),
        *teller.case(asked, without=[fact.name for fact in grid.facts]),
    ]


def _along(asked: Asked, decider: Decider, case: ReadCase, grid: Map, teller: Teller) -> list[Block]:
    """One item a region, with its rule and sources."""
    lead = teller.paragraph("what_if_one", fact=teller.labels.fact(grid.facts[0].name))
    return [
        *([lead] if len(grid.facts) == 1 else []),
        Items(
            tuple(
                Item(
                    teller.say(
                        "region",
                        region=joined(_words(sets, grid, teller), teller.text("between")),
                        answer=teller.answer(asked.name, *answer),
                    ),
                    _below(sets, decider, case, grid, teller),
                )
                for sets, answer in grid.regions()
            )
        ),
    ]


def _words(sets: tuple[ValueSet, ...], grid: Map, teller: Teller) -> list[Any]:
    pairs = zip(grid.facts, sets, strict=True)
    if len(grid.facts) == 1:
        return [teller.say("sentence_part", text=teller.labels.allowed(f, s)) for f, s in pairs]
    return [teller.say("test", fact=teller.labels.fact(f.name), test=teller.labels.allowed(f, s)) for f, s in pairs]


def _below(sets: tuple[ValueSet, ...], decider: Decider, case: ReadCase, grid: Map, teller: Teller) -> tuple[Item, ...]:
    """What is behind the answer of a region."""
    axes = decider.index.axes
    spot = {
        fact.name: 1 << _first_cell(allowed, axes[fact.name]) for fact, allowed in zip(grid.facts, sets, strict=True)
    }
    return teller.because(decider, {**case.cells, **spot})


def _first_cell(allowed: ValueSet, axis: Axis) -> int:
    """The first cell that has values of the set."""
    if isinstance(allowed, Named):
        return min(axis.cell_of(one) for one in allowed.members)
    return max(bisect_right(axis.cuts, allowed.intervals[0][0]) - 1, 0)


# ------------------------------------------------------------------------------------------------ the map


def _print_map(asked: Asked, decider: Decider, case: ReadCase, grid: Map, teller: Teller) -> None:
    sheet = Sheet.of(grid)
    opening = _opening(asked, grid, teller)
    rest = [teller.heading("map_regions"), *_along(asked, decider, case, grid, teller)]
    if asked.format != "text":
        print_document(teller.document(*opening, *map_table(sheet, asked.name, teller), *rest), asked.format)
        return
    look: Look = stdout_look()
    print_document(teller.document(*opening), "text", look)
    write_out("\n" + map_text(sheet, asked.name, teller, look) + "\n\n")
    print_document(teller.document(*rest), "text", look)


def _draw(path: Path, grid: Map, asked: Asked, teller: Teller, *, quiet: bool) -> None:
    try:
        from accessrules.commands.figures import draw
    except ImportError as wrong:
        if (wrong.name or "").split(".")[0] != "matplotlib":
            raise
        raise QueryError(
            [
                Problem(
                    "--out",
                    "drawing needs matplotlib, which is not installed",
                    "install it with `pip install 'accessrules[plot]'`",
                )
            ]
        ) from None
    notes: list[str] = []
    write_file(path, lambda temporary: notes.extend(draw(temporary, Sheet.of(grid), asked, teller)))
    if not quiet:
        for note in notes:
            click.echo(note, err=True)
