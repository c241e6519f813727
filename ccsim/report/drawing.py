"""Figures that are drawn last, all of them, on as many processors as there are."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Final, ParamSpec

from markupsafe import Markup

from ccsim.copies import Copy
from ccsim.workers import default_workers

P = ParamSpec("P")

FEW: Final = 3
"""A processor more is not worth its while for fewer figures."""
_PLACE: Final = re.compile(r"<!-- figure (\d+) -->")
"""Where a figure will be; texts of a scenario cannot look so, as `<` is escaped in them."""


def load_drawing() -> None:
    """Load the library that draws."""
    import matplotlib.backends.backend_svg
    import matplotlib.figure  # noqa: F401


class Figures:
    """Figures of a page that are still to be drawn."""

    def __init__(self) -> None:
        self._todo: list[Callable[[], Markup]] = []

    def later(self, draw: Callable[[], Markup]) -> Markup:
        """The place of a figure."""
        self._todo.append(draw)
        return Markup(f"<!-- figure {len(self._todo) - 1} -->")  # noqa: S704 - our own words

    def put_into(self, page: str) -> str:
        """The page with all its figures drawn."""
        drawn = self._drawn()
        return _PLACE.sub(lambda found: drawn[int(found[1])], page)

    def _drawn(self) -> list[str]:
        todo = self._todo
        shares = max(1, min(default_workers(), len(todo) // FEW))
        made: list[str] = [""] * len(todo)
        with ExitStack() as stack:
            if shares > 1:
                load_drawing()  # before the copies, so that none has to load it again
            copies: dict[int, Copy] = {}
            for share in range(1, shares):
                copy = stack.enter_context(Copy())
                if copy.begin(lambda first=share: [str(draw()) for draw in todo[first::shares]]):  # type: ignore[misc]
                    copies[share] = copy
            for share in range(shares):
                if share not in copies:
                    made[share::shares] = [str(draw()) for draw in todo[share::shares]]
            for share, copy in copies.items():
                made[share::shares] = copy.answer()
        return made


_FIGURES: Final[ContextVar[Figures | None]] = ContextVar("figures to draw", default=None)


def drawn_last(draw: Callable[P, Markup]) -> Callable[P, Markup]:
    """A function that draws a figure; within `figures_last` it gives the place of the figure, which is drawn last."""

    @functools.wraps(draw)
    def place(*given: P.args, **named: P.kwargs) -> Markup:
        figures = _FIGURES.get()
        if figures is None:
            return draw(*given, **named)
        return figures.later(functools.partial(draw, *given, **named))

    return place


@contextmanager
def figures_last() -> Iterator[Figures]:
    """Inside it figures are not drawn yet; `Figures.put_into` draws them."""
    figures = Figures()
    before = _FIGURES.set(figures)
    try:
        yield figures
    finally:
        _FIGURES.reset(before)
