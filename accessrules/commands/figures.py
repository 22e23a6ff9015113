"""The map of the answers along two facts as a figure (matplotlib, the extra `plot`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from textwrap import wrap
from typing import Any

import matplotlib
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from accessrules.commands.inputs import Asked
from accessrules.commands.maps import Ending, Sheet
from accessrules.commands.telling import Teller
from accessrules.values import number_text
from accessrules.valuesets import Cut, Ordered, ValueSet
from accessrules.vocabulary import Fact

__all__ = ["draw"]

# Okabe and Ito's colours for the colour-blind; the hatches tell the regions apart in black and white.
_COLOURS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7", "#999999")
_HATCHES = ("", "//", "..", "\\\\", "xx", "--", "++", "oo")
_UNSETTLED = {"~": ("#FFFFFF", "...."), "?": ("#E5E5E5", ""), "!": ("#FFFFFF", "XXXX"), "-": ("#FFFFFF", "")}
_CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans CJK JP",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti SC",
    "Microsoft YaHei",
    "SimHei",
    "Droid Sans Fallback",
    "AR PL UMing CN",
)
_MARGIN = 0.15
"""What is shown beyond the first and last change, as a part of what lies between them."""


def draw(path: Path, sheet: Sheet, asked: Asked, teller: Teller) -> list[str]:
    """Draw the map into an SVG or PNG file; gives what there is to say about it. The same map gives the same bytes."""
    font, notes = _font(), []
    if teller.lang == "zh" and font is None:
        notes.append(teller.text("figure_latin"))
        teller = Teller(asked.rules, "en")
    families = [font, "DejaVu Sans"] if font else ["DejaVu Sans"]
    settings: Any = {
        "font.family": families,
        "svg.hashsalt": "accessrules",
        "svg.fonttype": "path",
        "hatch.linewidth": 0.6,
        "axes.unicode_minus": False,
    }
    with matplotlib.rc_context(settings):
        figure = _figure(sheet, asked, teller, plain=font is None)
        kind = path.suffix.lower().lstrip(".")
        metadata: dict[str, Any] = {"Date": None} if kind == "svg" else {"Software": None}
        figure.savefig(path, format=kind, dpi=150, metadata=metadata, bbox_inches="tight")
    return notes


def _font() -> str | None:
    """The first font with Chinese characters that is installed."""
    there = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in _CHINESE if name in there), None)


@dataclass(frozen=True, slots=True)
class _Scale:
    """One axis of the figure: where each segment begins and ends on it."""

    spans: tuple[tuple[tuple[float, float], ...], ...]
    low: float
    high: float

    @classmethod
    def of(cls, fact: Fact, segments: tuple[ValueSet, ...]) -> _Scale:
        """The scale of a fact; ordered values keep their distances, named ones stand side by side."""
        if not fact.is_ordered:
            return cls(tuple(((float(n), n + 1.0),) for n in range(len(segments))), 0.0, float(len(segments)))
        cuts = sorted({cut for one in segments for pair in _intervals(one) for cut in pair})
        low, high = _window(cuts, fact)
        return cls(tuple(tuple(_clipped(pair, low, high) for pair in _intervals(one)) for one in segments), low, high)


def _intervals(values: ValueSet) -> tuple[tuple[Cut, Cut], ...]:
    assert isinstance(values, Ordered)
    return values.intervals


def _window(cuts: list[Cut], fact: Fact) -> tuple[float, float]:
    """What is shown of an axis: what was asked for; towards an end that nobody named, the changes with a margin."""
    first, last = cuts[0][0], cuts[-1][0]
    changes = [float(key) for key, _ in cuts[1:-1]]
    if not changes:
        changes = [float(key) for key in (first, last) if _is_named(key, fact)] or [0.0]
    between = max(changes) - min(changes)
    margin = between * _MARGIN if between else max(abs(changes[0]) * _MARGIN, 1.0) if fact.type != "date" else 730.0
    low = float(first) if _is_named(first, fact) else min(changes) - margin
    high = float(last) if _is_named(last, fact) else max(changes) + margin
    if fact.minimum is not None:
        low = max(low, float(fact.minimum))
    return low, high if high > low else low + 1.0


def _is_named(key: int | Decimal, fact: Fact) -> bool:
    """Whether an end is one that somebody named, rather than the end of all values."""
    if key in (fact.minimum, fact.maximum):
        return False
    if fact.type == "date":
        return dt.date.min.toordinal() < key <= dt.date.max.toordinal()
    return Decimal(key).is_finite()


def _clipped(pair: tuple[Cut, Cut], low: float, high: float) -> tuple[float, float]:
    return max(float(pair[0][0]), low), min(float(pair[1][0]), high)


# ---------------------------------------------------------------------------------------------------- drawing


def _figure(sheet: Sheet, asked: Asked, teller: Teller, *, plain: bool) -> Figure:
    crowded = 0 if sheet.down.is_ordered else len(sheet.rows)
    figure = Figure(figsize=(10, max(6.0, 2.5 + 0.45 * crowded)))
    axes: Axes = figure.subplots()
    x, y = _Scale.of(sheet.across, sheet.columns), _Scale.of(sheet.down, sheet.rows)
    looks = _looks(sheet)
    for row, ending, runs in _runs(sheet, x):
        for left, right in runs:
            for bottom, top in y.spans[row]:
                _region(axes, left, right, bottom, top, looks[ending], sheet.signs[ending])
    axes.set_xlim(x.low, x.high)
    axes.set_ylim(*((y.low, y.high) if sheet.down.is_ordered else (y.high, y.low)))
    _ticks(axes.xaxis, sheet.across, sheet.columns, x, teller, across=True)
    _ticks(axes.yaxis, sheet.down, sheet.rows, y, teller, across=False)
    axes.set_xlabel(_axis_name(sheet.across, teller))
    axes.set_ylabel(_axis_name(sheet.down, teller))
    axes.set_title("\n".join(_title(sheet, asked, teller, plain=plain)), loc="left", fontsize=10)
    handles = [_patch(looks[e], f"{sheet.signs[e]}  {_said(e, asked, teller)}") for e in sheet.signs]
    inches = 1.2 if sheet.across.is_ordered else 1.9
    axes.legend(
        handles=handles,
        loc="upper center",
        bbox_to_anchor=(0.5, -inches / (0.77 * figure.get_figheight())),
        ncols=1 if len(handles) < 4 else 2,
        frameon=False,
        handlelength=3,
        handleheight=1.5,
    )
    return figure


def _runs(sheet: Sheet, x: _Scale) -> Iterator[tuple[int, Ending, list[tuple[float, float]]]]:
    """Along each row, the stretches of one answer."""
    for row in range(len(sheet.rows)):
        for ending, columns in groupby(range(len(sheet.columns)), key=lambda c: sheet.answers[row, c]):
            runs: list[tuple[float, float]] = []
            for left, right in (span for c in columns for span in x.spans[c]):
                if runs and runs[-1][1] == left:
                    runs[-1] = (runs[-1][0], right)
                else:
                    runs.append((left, right))
            yield row, ending, runs


def _looks(sheet: Sheet) -> dict[Ending, tuple[str, str]]:
    """A colour and a hatch for each ending."""
    decided = [e for e in sheet.signs if e[0] == "decided"]
    return {
        e: (_COLOURS[decided.index(e) % 8], _HATCHES[decided.index(e) % 8])
        if e in decided
        else _UNSETTLED[sheet.signs[e]]
        for e in sheet.signs
    }


def _region(axes: Axes, left: float, right: float, bottom: float, top: float, look: tuple[str, str], sign: str) -> None:
    if right < left or top < bottom:
        return
    colour, hatch = look
    axes.add_patch(
        Rectangle(
            (left, bottom),
            right - left,
            top - bottom,
            facecolor=colour,
            hatch=hatch,
            edgecolor="#33333380",
            linewidth=0.8,
        )
    )
    box = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
    axes.text(
        (left + right) / 2,
        (bottom + top) / 2,
        sign,
        ha="center",
        va="center",
        fontsize=10,
        weight="bold",
        bbox=box,
        clip_on=True,
    )


def _patch(look: tuple[str, str], label: str) -> Patch:
    return Patch(facecolor=look[0], hatch=look[1], edgecolor="#333333", label=label)


def _said(ending: Ending, asked: Asked, teller: Teller) -> str:
    status, outcome, is_open = ending
    return teller.answer(asked.name, status, outcome, "open" if is_open else None).text


def _axis_name(fact: Fact, teller: Teller) -> str:
    name = teller.labels.fact(fact.name)
    return teller.text("in_unit", type=name, unit=fact.unit) if fact.unit else name


def _title(sheet: Sheet, asked: Asked, teller: Teller, *, plain: bool) -> list[str]:
    """The question, then the case that the map is about."""
    read = asked.rules.decider(asked.decision).read(asked.case, None, None)
    varied = {sheet.across.name, sheet.down.name}
    facts = [one for one in teller.facts(read, varied) if read.facts.keys() - varied]
    if "as_of" not in varied:
        facts.append(teller.day(asked.as_of))
    room = 100 if teller.lang == "en" else 56
    lines = [*wrap(teller.labels.question(asked.name), room), *wrap(teller.text("between").join(facts), room)]
    return [one.encode("ascii", "replace").decode() for one in lines] if plain and teller.lang != "en" else lines


def _ticks(axis: Any, fact: Fact, segments: Iterable[ValueSet], scale: _Scale, teller: Teller, *, across: bool) -> None:
    """Ticks where the answer changes; named values in the middle of their band."""
    if not fact.is_ordered:
        room = (24 if across else 48) // (2 if teller.lang == "zh" else 1)
        names = [
            "\n".join(wrap(teller.labels.allowed(fact, one), room, max_lines=2, placeholder=" …")) for one in segments
        ]
        axis.set_ticks([(a + b) / 2 for ((a, b),) in scale.spans], names)
        if across and len(names) > 4:
            axis.set_tick_params(rotation=40)
        return
    ends = sorted({end for spans in scale.spans for pair in spans for end in pair if scale.low <= end <= scale.high})
    if fact.type == "date" and len(ends) > 3:
        ends = ends[1:-1]  # where the figure ends, nothing changes
    kept = _apart(ends, (scale.high - scale.low) / (22 if across else 20))
    axis.set_ticks(kept, [_shown(end, fact) for end in kept])
    if across and fact.type == "date":
        axis.set_tick_params(rotation=40)


def _apart(ends: list[float], least: float) -> list[float]:
    """The ends that leave room for each other's labels; changes before the figure's own ends."""
    kept: list[float] = []
    for end in [*ends[1:-1], *ends[-1:], *ends[:1]]:
        if all(abs(end - other) >= least for other in kept):
            kept.append(end)
    return sorted(kept)


def _shown(end: float, fact: Fact) -> str:
    if fact.type == "date":
        return dt.date.fromordinal(round(end)).isoformat()
    return number_text(Decimal(repr(round(end, 6))))
