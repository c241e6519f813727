"""Plan rows of a published roster: who signs in, is away and signs out when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np

from ccsim.kernel import layout
from ccsim.kernel.layout import NONE
from ccsim.language.rosters import PublishedRoster, RosterStretch
from ccsim.model.plan import Plan
from ccsim.model.shift_layout import BREAK
from ccsim.units import DAY

_APART: Final = re.compile(r"\W+")


class _Piece(NamedTuple):
    """What an agent does for a while, neighbours of one kind and cause together."""

    kind: str
    cause: int
    start: int
    end: int


def causes_of(roster: PublishedRoster) -> dict[int, str]:
    """Cause of shrinkage by activity, for those away from the line that occur: `Team Meeting` is `team_meeting`."""
    return {
        number: _APART.sub("_", roster.activities[number].casefold()).strip("_") or BREAK
        for number in sorted(set(roster.activity))
        if roster.kinds[number] != "line"
    }


def plan_published(plan: Plan, rank: int, first: int, roster: PublishedRoster, causes: Mapping[str, int]) -> int:
    """Rows of the people of a roster, whose agents begin with row `first`; how many people there are.

    `causes`: number of each cause of shrinkage. A shift without time on the line is paid time away, nobody signs in.
    """
    number = {activity: causes[cause] for activity, cause in causes_of(roster).items()}
    since: list[int] = []
    until: list[int] = []
    for _, stretches in groupby(roster.stretches(), key=lambda one: one.shift):
        shift = list(stretches)
        agent = first + shift[0].who
        parts = [_pieces(part, roster, number) for part in _parts(shift)]
        for part in parts:
            since.append(part[0].start)
            until.append(part[-1].end)
        if any(one.kind == "line" for part in parts for one in part):
            _plan_shift(plan, rank, agent, parts)
        else:
            _plan_away(plan, agent, [one for part in parts for one in part if one.kind == "paid"])
    plan.rostered.between(np.array(since, np.int64), np.array(until, np.int64), rank)
    return len(roster.people)


def _parts(shift: Sequence[RosterStretch]) -> Iterator[list[RosterStretch]]:
    """Parts of a shift between which the agent is signed out."""
    part = [shift[0]]
    for one in shift[1:]:
        if one.start > part[-1].end:
            yield part
            part = []
        part.append(one)
    yield part


def _pieces(part: Sequence[RosterStretch], roster: PublishedRoster, number: Mapping[int, int]) -> list[_Piece]:
    found: list[_Piece] = []
    for one in part:
        piece = _Piece(roster.kinds[one.activity], number.get(one.activity, 0), one.start, one.end)
        if found and (found[-1].kind, found[-1].cause) == (piece.kind, piece.cause):
            found[-1] = found[-1]._replace(end=one.end)
        else:
            found.append(piece)
    return found


def _plan_shift(plan: Plan, rank: int, agent: int, parts: Sequence[Sequence[_Piece]]) -> None:
    day = -1
    for part in parts:
        comes, end = max(part[0].start, 0), part[-1].end
        if end <= 0 or comes >= plan.span.end:
            continue
        date = (plan.span.start_utc + comes) // DAY
        day = date if day < 0 else day
        paid = sum(max(one.end - max(one.start, 0), 0) for one in part if one.kind != "unpaid")
        plan.add(comes, layout.SIGN_IN, agent, end, paid, date - day)
        for kind, cause, start, until in part:
            since = max(start, 0)  # the horizon may begin in it
            if until <= since:
                continue
            if kind == "line":
                plan.plan_time(rank, since, until, 1)
            else:
                plan.add(since, layout.BREAK, agent, until - since, 1 if kind == "paid" else 0, cause)
        plan.add(end, layout.SIGN_OUT, agent)


def _plan_away(plan: Plan, agent: int, pieces: Sequence[_Piece]) -> None:
    """A day of leave or training: paid, by cause, as for those whom a holiday keeps away."""
    for piece in pieces:
        since = max(piece.start, 0)
        if piece.end > since:
            plan.add(since, layout.SIGN_IN, agent, NONE, piece.end - since, piece.cause)
