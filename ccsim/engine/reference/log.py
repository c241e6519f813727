"""The two logs: a row for each visit, and a row for each span of an agent's time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.engine.reference.to_come import first_answered
from ccsim.kernel import layout
from ccsim.records import outcomes

if TYPE_CHECKING:
    from ccsim.engine.reference.to_come import ToCome
    from ccsim.engine.reference.visit import Visit


class Log:
    """Rows as the results code reads them, see `ccsim.kernel.layout`."""

    def __init__(self) -> None:
        self._visits: list[tuple[int, ...]] = []
        self._spans: list[tuple[int, ...]] = []

    def visit(self, visit: Visit, wrapped: int) -> None:
        """A visit that has ended, or is open at the end of the run."""
        agent = layout.NONE if visit.agent is None else visit.agent.row
        times = visit.joined, visit.left, visit.talked, wrapped
        result = agent, visit.waited, visit.outcome, visit.returning, visit.line_row
        name = visit.queue, *_case(visit), visit.place
        of_case = visit.opened, visit.bot_flags, visit.handled, first_answered(visit)
        self._visits.append((*name, visit.counted, *times, *result, *of_case, *_lengths(visit), int(visit.all_of_hand)))

    def rated(self, visit: Visit, wrapped: int, translated: int) -> None:
        """What a contact lived through in its visits before the last one, where it is rated."""
        assert visit.agent is not None
        waits = {True: 0, False: 0}
        for one in visit.before:
            waits[one.centre.lines[one.facts.lines[0][0]].live] += one.left - one.joined
        transfers = sum(one.outcome == outcomes.TRANSFERRED for one in visit.before)
        times = visit.joined, visit.left, visit.talked, wrapped
        result = visit.agent.row, visit.outcome, layout.PART_RATED, transfers, translated
        name = visit.queue, *_case(visit), visit.place
        of_contact = waits[True], visit.before[0].bot_flags, waits[False], first_answered(visit)
        requeued = sum(one.outcome == outcomes.REQUEUED for one in visit.before)
        self._visits.append((*name, visit.counted, *times, *result, *of_contact, *_lengths(visit)[:-1], requeued, 0))

    def case_of(self, visit: Visit, outcome: int, end: int) -> None:
        """What has come of a contact whose agent still writes it up when the run ends."""
        assert visit.agent is not None
        said = visit.counted, 0, 0, visit.talked, end, visit.agent.row, outcome, layout.PART_CASE, visit.returning, 0
        date, _ = _case(visit)
        of_case = visit.opened, 0, visit.handled, first_answered(visit)
        self._visits.append((visit.queue, date, 0, visit.place, *said, *of_case, 0, 0, 0, 0, 0))

    def case_to_come(self, later: ToCome, end: int) -> None:
        """A case has a contact to come when the run ends."""
        visit = later.after
        said = 0, 0, 0, 0, end, layout.NONE, outcomes.OPEN_WAITING, layout.PART_CASE, 0, 0
        date, _ = _case(visit)
        of_case = visit.opened, 0, later.handled, visit.first
        self._visits.append((later.queue, date, 0, later.place, *said, *of_case, 0, 0, 0, 0, 0))

    def held(self, visit: Visit, since: int, until: int) -> None:
        """A visit was in hand, and was then laid down."""
        assert visit.agent is not None
        self._part(visit, layout.PART_HELD, visit.agent.row, (since, since, 0, until))

    def lay(self, visit: Visit, since: int, until: int) -> None:
        """A visit that was laid down lay in its line."""
        self._part(visit, layout.PART_WAITED, layout.NONE, (since, until, 0, until))

    def laid_down(self, visit: Visit, *, ended: bool) -> None:
        """Of a visit that was laid down: until when it was not in hand all the time, and how long it lay."""
        assert visit.agent is not None
        talk, wrap = (visit.lay_in_talk, visit.lay_in_wrap_up) if ended else (0, 0)
        times = visit.joined, visit.left, talk, visit.touched
        self._part(visit, layout.PART_WHOLE, visit.agent.row, times, wrap, visit.line_row)

    def _part(self, visit: Visit, kind: int, agent: int, times: tuple[int, ...], wrap: int = 0, line: int = 0) -> None:
        self._visits.append((visit.queue, 0, 0, 0, visit.counted, *times, agent, 0, kind, wrap, line, *([0] * 9)))

    def span(self, pool: int, what: int, since: int, until: int, detail: int = layout.NONE) -> None:
        """Time of an agent; `detail`: the cause of time away, the unpaid time of a stay."""
        if since < until:
            self._spans.append((pool, what, since, until, detail))

    def visits(self) -> NDArray[np.int64]:
        """[visits, LOG_WIDTH]"""
        return np.array(self._visits, np.int64).reshape(-1, layout.LOG_WIDTH)

    def spans(self) -> NDArray[np.int64]:
        """[spans, SPAN_WIDTH]"""
        return np.array(self._spans, np.int64).reshape(-1, layout.SPAN_WIDTH)


def _lengths(visit: Visit) -> tuple[int, int, int, int]:
    """How long the customer of a callback waited on the phone; how long the agent stayed; hand-overs; the wait before
    in other queues."""
    return visit.on_phone, visit.held, visit.hand_over, visit.waited_before


def _case(visit: Visit) -> tuple[int, int]:
    """The case of a visit: its stream and local date in one word, and its number."""
    return visit.stream << 32 | visit.date & 0xFFFFFFFF, visit.number
