"""What random scenarios say of deferred work: deadlines, and what lies there at the start."""

from __future__ import annotations

from hypothesis import strategies as st

from ccsim.language.backlog import Backlog
from ccsim.language.channels import Channel
from ccsim.language.deadlines import WorkingTime
from ccsim.language.demand import Volume
from ccsim.language.hours import WeekHours, week_of
from ccsim.language.queue_groups import QueueGroup
from ccsim.units import DAY, HOUR, MINUTE, SECOND


@st.composite
def deadlines(draw: st.DrawFn) -> int | WorkingTime:
    """A deadline by the clock or in working time, also by night and over a public holiday (2026-06-04 in Bavaria)."""
    if draw(st.booleans()):
        return draw(st.integers(1, 600)) * SECOND
    hours = draw(st.sampled_from([((8 * HOUR, 17 * HOUR),), ((0, 3 * HOUR), (22 * HOUR, 26 * HOUR))]))
    days = draw(st.sampled_from([range(5), range(7)]))
    return WorkingTime(
        working=draw(st.integers(1, 600)) * 10 * SECOND,
        hours=WeekHours(
            spans=week_of([(day * DAY + opens, day * DAY + closes) for day in days for opens, closes in hours])
        ),
        holidays=draw(st.sampled_from([None, "DE-BY"])),
    )


def _limited(entry_points: dict[str, QueueGroup]) -> bool:
    return any(door.lines is not None or door.max_waiting is not None for door in entry_points.values())


def with_interruptions(
    draw: st.DrawFn, channels: dict[str, Channel], entry_points: dict[str, QueueGroup]
) -> dict[str, Channel]:
    """Mails that may be laid down, where they may go back to their queue."""
    laid = draw(st.booleans()) and not _limited(entry_points)
    return channels | {"email": channels["email"].model_copy(update={"interruptible": laid})}


def with_backlogs(
    draw: st.DrawFn, demand: dict[str, Volume], warm_up: int, entry_points: dict[str, QueueGroup]
) -> dict[str, Volume]:
    """Mails that lie there at the start, where they may."""
    if warm_up or _limited(entry_points):
        return demand
    batches = [(), (Backlog(contacts=5),), (Backlog(contacts=7, oldest=3 * HOUR), Backlog(contacts=2, oldest=MINUTE))]
    return {
        name: volume.model_copy(update={"backlog": draw(st.sampled_from(batches))})
        if volume.channel == "email"
        else volume
        for name, volume in demand.items()
    }
