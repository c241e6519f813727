"""From when until when something is there: a pool that opens, a market that begins, a team that goes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from ccsim.language.changes import Change
from ccsim.language.reading import Reading
from ccsim.text.paths import joined
from ccsim.text.quantities import LocalTime
from ccsim.text.tree import Map

_EVER: Final = (LocalTime("0001-01-01T00:00:00"), LocalTime("9999-12-31T00:00:00"))

DATED: Final = ("from", "until", "on", "days", "dates", "date", "weeks", "week", "between", "special_days")
"""Words by which one says when something holds that holds at all times."""
DATED_OVERFLOW: Final = dict.fromkeys(
    (*DATED, "hours"),
    "a step is open at all times; agents who take overflow for a time are a pool of their own, with its dates: "
    "pools.NAME: {from: 2026-03-15, until: 2026-03-22, ...}",
)


def from_before_until(values: dict[str, Any], node: Map, key: str, rd: Reading, never: str) -> bool:
    """Whether `from` lies before `until`; remarks on dates for which it is never there in the run.

    `never`: what comes of these: `nobody of it ever works`. A `from` before the run, or an `until` after it, is no
    news.
    """
    start, until = values.get("start"), values.get("until")
    if start is not None and until is not None and start >= until:
        at = joined(key, "until")
        rd.fault(f"expected a time after `from`, {_said(start)}, got {_said(until)}", node.entries["until"].place, at)
        return False
    if rd.start is None or rd.simulated is None:
        return True
    room = timedelta(days=1)  # clocks differ
    ends = rd.start + rd.simulated
    if start is not None and datetime.fromisoformat(start) >= ends + room:
        what = f"{_said(start)} lies after the end of the run, {ends.date()}: {never}"
        rd.warn(what, node.entries["from"].node.place, joined(key, "from"))
    if until is not None and datetime.fromisoformat(until) <= rd.start - room:
        what = f"{_said(until)} lies before the run begins, {rd.start.date()}: {never}"
        rd.warn(what, node.entries["until"].node.place, joined(key, "until"))
    return True


def nothing_outside(start: LocalTime | None, until: LocalTime | None) -> tuple[Change, ...]:
    """The changes of a rate or a staffing that leave nothing before `start` and from `until` on."""
    before = () if start is None else (Change(start=_EVER[0], end=start, set_to=0.0),)
    after = () if until is None else (Change(start=until, end=_EVER[1], set_to=0.0),)
    return (*before, *after)


def from_until_text(start: LocalTime | None, until: LocalTime | None) -> str:
    """Both in words: `from 2026-06-15 until 2026-09-01`; empty where there are none."""
    said = [f"{word} {_said(at)}" for word, at in (("from", start), ("until", until)) if at is not None]
    return " ".join(said)


def _said(at: LocalTime) -> str:
    """A local time as one writes it: midnight as the date."""
    return at.removesuffix("T00:00:00").replace("T", " ").removesuffix(":00")
