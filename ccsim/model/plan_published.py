"""Plan rows of a published roster: who signs in, is away and signs out when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np

from ccsim.kernel import layout
from ccsim.kernel.layout import NONE
from ccsim.language.names import plain
from ccsim.language.rosters import PublishedRoster, RosterStretch
from ccsim.model.plan import Plan
from ccsim.model.shift_layout import BREAK
from ccsim.units import DAY


class _Piece(NamedTuple):
    """What an agent does for a while, neighbours of one kind and cause together."""

    kind: str
    cause: int
    start: int
    end: int
    own: bool
    """Whether it is of the group that is planned."""


def causes_of(roster: PublishedRoster) -> dict[int, str]:
    """Cause of shrinkage by activity, for those away from the line that occur: `Team Meeting` is `team_meeting`."""
    return {
        number: plain(roster.activities[number]) or BREAK
        for number in sorted(set(roster.activity))
        if roster.kinds[number] in ("paid", "unpaid")
    }


def plan_published(plan: Plan, rank: int, first: int, roster: PublishedRoster, causes: Mapping[str, int]) -> int:
    """Rows of the people of a roster, whose agents begin with row `first`; how many people there are.

    `causes`: number of each cause of shrinkage. A shift without time on the line is paid time away, nobody signs in.
    Of a group there are only its own stretches; the shift, and its parts between which people are signed out, are those
    of all groups.
    """
    number = {activity: causes[cause] for activity, cause in causes_of(roster).items()}
    since: list[int] = []
    until: list[int] = []
    for _, stretches in groupby(zip(roster.stretches(), roster.own(), strict=True), key=lambda one: one[0].shift):
        shift = list(stretches)
        agent = first + shift[0][0].who
        parts = [_pieces(part, roster, number) for part in _parts(shift)]
        for run in (run for part in parts for run in _runs(part)):
            since.append(run[0].start)
            until.append(run[-1].end)
        if any(one.kind in ("line", "elsewhere") for part in parts for one in part):
            _plan_shift(plan, rank, agent, parts)
        else:
            _plan_away(plan, agent, [one for part in parts for one in part if one.kind == "paid" and one.own])
    plan.rostered.between(np.array(since, np.int64), np.array(until, np.int64), rank)
    return len(roster.people)


def _parts(shift: Sequence[tuple[RosterStretch, bool]]) -> Iterator[list[tuple[RosterStretch, bool]]]:
    """Parts of a shift between which the agent is signed out."""
    part = [shift[0]]
    for one in shift[1:]:
        if one[0].start > part[-1][0].end:
            yield part
            part = []
        part.append(one)
    yield part


def _pieces(
    part: Sequence[tuple[RosterStretch, bool]], roster: PublishedRoster, number: Mapping[int, int]
) -> list[_Piece]:
    found: list[_Piece] = []
    for one, own in part:
        piece = _Piece(roster.kinds[one.activity], number.get(one.activity, 0), one.start, one.end, own)
        last = found[-1] if found else None
        if last is not None and (last.kind, last.cause, last.own) == (piece.kind, piece.cause, own):
            found[-1] = last._replace(end=one.end)
        else:
            found.append(piece)
    return found


def _runs(part: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    """Pieces of the group that touch, without unpaid time at an end where another group goes on."""
    run: list[_Piece] = []
    for piece in (*part, None):
        if piece is not None and piece.own:
            run.append(piece)
            continue
        while run and piece is not None and run[-1].kind == "unpaid":
            run.pop()
        if run:
            yield run
        run = []


def _plan_shift(plan: Plan, rank: int, agent: int, parts: Sequence[Sequence[_Piece]]) -> None:
    """Rows of a shift. Its planned end is that of the part, be it of this group or of another: what goes on after a
    change of groups is no overtime."""
    day = -1
    for part in parts:
        if part[-1].end <= 0 or part[0].start >= plan.span.end:
            continue
        date = (plan.span.start_utc + max(part[0].start, 0)) // DAY
        day = date if day < 0 else day
        for run in _runs(part):
            comes, end = max(run[0].start, 0), run[-1].end
            if end <= 0 or comes >= plan.span.end:
                continue
            paid = sum(max(one.end - max(one.start, 0), 0) for one in run if one.kind != "unpaid")
            before = (plan.span.start_utc + comes) // DAY - day
            plan.add(comes, layout.SIGN_IN, agent, part[-1].end, paid, before)
            for kind, cause, start, until, _ in run:
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
