"""The figure: one decision, and a table of them, as bars on a logarithmic axis (matplotlib)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.figure import Figure

from benchmarks.peers.report import Report

_OWN, _PEER = "#0072B2", "#BBBBBB"
Bars = list[tuple[str, float, str]]
"""(name, length, what is written beside it)."""


def draw(path: Path, report: Report) -> None:
    """Draw an SVG or PNG; the same results give the same bytes."""
    size = report.middle
    with matplotlib.rc_context({"font.size": 9, "svg.hashsalt": "accessrules", "svg.fonttype": "none"}):
        alone, tables = _alone(report), _tables(report)
        figure = Figure(figsize=(7, 1.5 + 0.22 * (len(alone) + len(tables))), layout="constrained")
        above, below = figure.subplots(2, 1, height_ratios=(len(alone) + 1, len(tables) + 1))
        _panel(above, alone, f"One decision, {size:,} rules: microseconds (shorter is better)")
        _panel(below, tables, f"A table, {size:,} rules: decisions a second (longer is better)")
        metadata: dict[str, Any] = {"Date": None} if path.suffix == ".svg" else {"Software": None}
        figure.savefig(path, dpi=150, metadata=metadata)


def _alone(report: Report) -> Bars:
    found = [(peer, report.single(peer, report.middle)) for peer in dict.fromkeys(kind[1] for kind in report.kinds())]
    return sorted(((peer, time, _text(time)) for peer, time in found if time), key=lambda bar: -bar[1])


def _tables(report: Report) -> Bars:
    bars = []
    for name, peer, threads, unknown in report.kinds():
        rate = report.rate(peer, report.middle, threads, unknown)
        if rate:
            bars.append((f"{name} · {threads} threads" if threads > 1 else name, rate, _text(rate)))
    return sorted(bars, key=lambda bar: bar[1])


def _text(value: float) -> str:
    """Two digits, in thousands and millions."""
    for unit, name in ((1e6, " M"), (1e3, " k")):
        if value >= unit:
            return f"{value / unit:.2g}{name}" if value < 100 * unit else f"{value / unit:.0f}{name}"
    return f"{value:.2g}" if value < 100 else f"{value:.0f}"


def _panel(axes: Any, bars: Bars, title: str) -> None:
    names, lengths, texts = zip(*bars, strict=True)
    colours = [_OWN if name.startswith("accessrules") else _PEER for name in names]
    drawn = axes.barh(range(len(bars)), lengths, color=colours, height=0.7)
    axes.bar_label(drawn, texts, padding=3)
    axes.set_yticks(range(len(bars)), names)
    axes.set_xscale("log")
    axes.set_xlim(min(lengths) / 3, max(lengths) * 3)
    axes.set_ylim(-0.6, len(bars) - 0.4)
    axes.set_title(title, fontsize=9, loc="left", fontweight="bold")
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", which="both", length=0, labelcolor="#777777")
    axes.xaxis.set_major_formatter(lambda value, _: _text(value))
    axes.grid(axis="x", color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
