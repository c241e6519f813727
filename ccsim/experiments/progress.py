"""Talk while a run is simulated: to stderr, a bar only on a terminal, nothing when asked to be quiet."""

from __future__ import annotations

import logging
import sys
import time
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Protocol, Self, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

LINE_EVERY: Final = 15.0
"""Seconds between lines where there is no terminal."""


class Progress(Protocol):
    """What `replicate` tells of its progress."""

    def start(self, replications: int) -> None:
        """So many replications are about to be simulated."""

    def advance(self, replications: int, visits: int) -> None:
        """So many more have been simulated, with so many visits."""

    def stop(self) -> None:
        """No more will be simulated."""


class Quiet:
    """Says nothing."""

    def start(self, replications: int) -> None: ...
    def advance(self, replications: int, visits: int) -> None: ...
    def stop(self) -> None: ...


def say(text: str, stream: TextIO | None = None) -> None:
    """One line of talk for the user, on stderr, so that stdout stays data."""
    with suppress(OSError, ValueError):  # a full or closed stderr does not end a run
        print(text, file=sys.stderr if stream is None else stream, flush=True)


def short_time(seconds: float) -> str:
    """A time for people: `4.2 s`, `3 min 20 s`, `2 h 5 min`."""
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


class Talk:
    """Tells how far a run is: a bar on a terminal, else a line now and then. A context, for its log messages.

    Inside it, messages of the loggers `ccsim.*` (level INFO and above) are said as lines, so that the engine
    can say that it compiles its kernel without knowing who listens.
    """

    def __init__(self, *, stream: TextIO | None = None, line_every: float = LINE_EVERY) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._line_every = line_every
        self._bar: RichProgress | None = None
        self._task: Any = None
        self._total = self._done = self._visits = 0
        self._said = 0.0
        self._base = (0.0, 0, 0)
        """When the first replications were done, how many, and their visits."""
        self._handler = _Saying(self)
        self._level = logging.NOTSET

    def __enter__(self) -> Self:
        logger = logging.getLogger("ccsim")
        self._level = logger.level
        logger.setLevel(logging.INFO)
        logger.addHandler(self._handler)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        logger = logging.getLogger("ccsim")
        logger.removeHandler(self._handler)
        logger.setLevel(self._level)

    def say(self, text: str) -> None:
        """One line, above the bar where there is one."""
        if self._bar is not None:
            self._bar.console.print(text, markup=False, highlight=False)
        else:
            say(text, self._stream)

    def start(self, replications: int) -> None:
        self._total, self._done, self._visits = replications, 0, 0
        self._base = (0.0, 0, 0)
        self._said = time.monotonic()
        if self._stream.isatty():
            self._open_bar()

    def _open_bar(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._bar = Progress(
            TextColumn("replications"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=Console(file=self._stream),
            transient=True,
        )
        self._bar.start()
        self._task = self._bar.add_task("", total=self._total, rate="")

    def advance(self, replications: int, visits: int) -> None:
        now = time.monotonic()
        self._done += replications
        self._visits += visits
        if self._done == replications:  # the first of all may have compiled the kernel: rates count from here
            self._base = (now, self._done, self._visits)
        if self._bar is not None:
            if now - self._said > 0.1 or self._done == self._total:
                self._said = now
                self._bar.update(self._task, completed=self._done, rate=self._rate(now))
        elif now - self._said >= self._line_every and self._done < self._total:
            self._said = now
            self.say(f"{self._done} of {self._total} replications{self._pace(now)}")

    def _pace(self, now: float) -> str:
        since, done, _ = self._base
        if self._done == done:
            return ""
        left = (now - since) / (self._done - done) * (self._total - self._done)
        return f", {self._rate(now)}, about {short_time(left)} left"

    def _rate(self, now: float) -> str:
        since, done, visits = self._base
        spent = now - since
        if self._done == done or spent <= 0:
            return ""
        replications, each = (self._done - done) / spent, (self._visits - visits) / spent
        return f"{replications:.3g} replications/s, {_large(each)} visits/s"

    def stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


class _Saying(logging.Handler):
    """Says log messages as lines."""

    def __init__(self, talk: Talk) -> None:
        super().__init__(logging.INFO)
        self._talk = talk

    def emit(self, record: logging.LogRecord) -> None:
        self._talk.say(record.getMessage())


def _large(number: float) -> str:
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if number >= size:
            return f"{number / size:.3g} {letter}"
    return f"{number:.3g}"
