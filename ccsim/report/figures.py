"""Figures as inline SVG that take their colours from the page: readable in dark and in light."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Colour to draw with, and the page's colour that takes its place. The hex codes mean nothing else.
INK: Final = "#010101"
FAINT: Final = "#020202"
FIRST: Final = "#030303"
SECOND: Final = "#040404"
THIRD: Final = "#050505"
PAPER: Final = "#060606"
_PAGE_COLOURS: Final = {
    INK: "var(--ink)",
    FAINT: "var(--faint)",
    FIRST: "var(--first)",
    SECOND: "var(--second)",
    THIRD: "var(--third)",
    PAPER: "var(--paper)",
}

_STYLE: Final = {
    "axes.edgecolor": FAINT,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titley": 1.0,  # where it would be found to belong, by measuring every letter below it
    "figure.facecolor": "none",
    "font.family": "sans-serif",
    "font.size": 10,
    "grid.alpha": 0.35,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "svg.fonttype": "none",
    "text.color": INK,
    "xtick.color": INK,
    "xtick.labelcolor": INK,
    "ytick.color": INK,
    "ytick.labelcolor": INK,
}


@contextmanager
def figure_style(salt: str) -> Iterator[None]:
    """Draw in the house style inside this block.

    `salt` names the figure: its ids inside a page are made from it, so it differs between the figures of one
    page, and equal data give equal bytes.
    """
    import matplotlib as mpl

    settings: Any = {**_STYLE, "svg.hashsalt": salt}
    with mpl.rc_context(settings):
        yield


def labelled(axes: Any, labels: tuple[str, str]) -> None:
    """Names of both axes, with their units, in the size and on the grid of the figures of studies."""
    axes.set_xlabel(labels[0], fontsize=8.5)
    axes.set_ylabel(labels[1], fontsize=8.5)
    axes.tick_params(labelsize=8.5)
    axes.grid(color=FAINT)


def thousands(value: float, _: object) -> str:
    """A number at an axis, `-12,000` with a minus sign; for `set_major_formatter`."""
    return f"{value:,.10g}".replace("-", "\N{MINUS SIGN}")


def inline_svg(figure: Figure, description: str, *, tight: bool = True) -> Markup:
    """A figure as an `<svg>` element that fits the width it is given; call it inside `figure_style`.

    `description` is what a reader who cannot see it is told. No date, no XML header, no fixed size; colours
    become the page's variables `--ink`, `--faint`, `--first`, `--second`, `--third` and `--paper`. `tight` cuts the
    margins to what is drawn; without it the figure keeps its size and is drawn once instead of twice.
    """
    buffer = io.StringIO()
    figure.savefig(
        buffer, format="svg", bbox_inches="tight" if tight else None, metadata={"Date": None, "Creator": None}
    )
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    used = set(re.findall(r"#([\w.-]+)[\")]", svg))
    svg = re.sub(r' id="([^"]*)"', lambda found: found[0] if found[1] in used else "", svg)
    for drawn, colour in _PAGE_COLOURS.items():
        svg = svg.replace(drawn, colour)
    head, rest = svg.split(">", 1)
    head = re.sub(r'\s(?:width|height)="[^"]*"', "", head)
    return Markup(f'{head} role="img" aria-label="{escape(description)}">{rest}')  # noqa: S704 - our own drawing
