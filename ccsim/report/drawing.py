"""Figures that are drawn last, all of them, on as many processors as there are."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Final, ParamSpec, Self

from markupsafe import Markup

from ccsim.copies import Copy, worth_it
from ccsim.workers import default_workers

P = ParamSpec("P")

FEW: Final = 3
"""A processor more is not worth its while for fewer figures."""
MOST_QUEUED: Final = 1024
"""Most figures whose numbers wait in a pipe: the least that a pipe has room for is 4,096 bytes."""
_BYTES: Final = 4
"""Of a figure's number in the pipe."""
_PLACE: Final = re.compile(r"<!-- figure (\d+) -->")
"""Where a figure will be; texts of a scenario cannot look so, as `<` is escaped in them."""


def load_drawing() -> None:
    """Load the library that draws."""
    import matplotlib.backends.backend_svg
    import matplotlib.figure  # noqa: F401


class Figures:
    """Figures of a page that are still to be drawn. A context: left, nobody draws any more.

    Copies of this process and, once the page is otherwise made, the process itself take them one after the other.
    """

    def __init__(self) -> None:
        self._todo: list[Callable[[], Markup]] = []
        self._queue = -1
        """A pipe with the numbers of figures that nobody has begun."""
        self._queued = 0
        self._copies: list[Copy] = []
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def later(self, draw: Callable[[], Markup]) -> Markup:
        """The place of a figure."""
        self._todo.append(draw)
        return Markup(f"<!-- figure {len(self._todo) - 1} -->")  # noqa: S704 - our own words

    def begin(self) -> None:
        """Let copies, where they are worth it, begin with the figures that there are; once."""
        shares = min(default_workers(), len(self._todo) // FEW)
        if self._queued or shares < 2 or not worth_it():
            return
        load_drawing()  # before the copies, so that none has to load it again
        self._queued = min(len(self._todo), MOST_QUEUED)
        self._queue, write = os.pipe()
        self._stack.callback(os.close, self._queue)
        os.write(write, b"".join(number.to_bytes(_BYTES, "little") for number in range(self._queued)))
        os.close(write)
        for _ in range(1, shares):
            copy = self._stack.enter_context(Copy())
            if copy.begin(self._drawn_of_queue):
                self._copies.append(copy)

    def put_into(self, page: str) -> str:
        """The page with all its figures drawn."""
        self.begin()
        drawn = {number: str(self._todo[number]()) for number in range(self._queued, len(self._todo))}
        drawn |= self._drawn_of_queue()
        for copy in self._copies:
            drawn |= copy.answer()
        return _PLACE.sub(lambda found: drawn[int(found[1])], page)

    def _drawn_of_queue(self) -> dict[int, str]:
        """Draw what is next until nothing is left; SVG by number."""
        drawn = {}
        while self._queued and (taken := os.read(self._queue, _BYTES)):
            number = int.from_bytes(taken, "little")
            drawn[number] = str(self._todo[number]())
        return drawn


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
    with Figures() as figures:
        before = _FIGURES.set(figures)
        try:
            yield figures
        finally:
            _FIGURES.reset(before)
