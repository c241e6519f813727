"""Contacts that begin in a wrong queue, as arrays."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from ccsim.centre.legs import legs_of, misroutes_of, transfers_of
from ccsim.centre.misroutes import triage_of
from ccsim.kernel.layout import NONE
from ccsim.kernel.misroute_rows import Misroutes
from ccsim.language.handling import FromForecast, HandleTime
from ccsim.language.laws import Law
from ccsim.language.transfers import Misroute
from ccsim.model.law_rows import LawRows
from ccsim.model.local_time import works_from
from ccsim.model.routes import Queue, Routes


def misrouted_from(routes: Routes, queue: Queue) -> list[tuple[tuple[str, str], Misroute]]:
    """Wrong queues that the contacts of a queue may begin in; none where it is not the first of its stream."""
    return misroutes_of(routes.scenario, queue.kind.workflow) if queue.begins else []


def goes_on_to(routes: Routes, queue: Queue) -> list[tuple[str, str]]:
    """Where contacts of a queue are transferred to; none where they come by mistake alone and go back to their own."""
    if by_mistake(routes, queue) is not None:
        return []
    return [to for to, _ in transfers_of(routes.scenario, queue.kind.workflow, queue.kind.tier)]


def handled_as_found_out(routes: Routes, queue: Queue) -> bool:
    """Whether contacts come to a queue by mistake alone, and it is said how long that takes to find out."""
    mistake = by_mistake(routes, queue)
    return mistake is not None and mistake.handle_time is not None


def by_mistake(routes: Routes, queue: Queue) -> Misroute | None:
    """The misroute of a queue to which contacts come by mistake alone."""
    scenario, workflow, leg = routes.scenario, queue.stream.workflow, (queue.kind.workflow, queue.kind.tier)
    wrong = dict(misroutes_of(scenario, workflow)).get(leg)
    if wrong is None or leg in legs_of(scenario, workflow, by_mistake=False, channel=queue.stream.channel):
        return None
    return wrong


def misroute_arrays(routes: Routes, kinds: Sequence[Queue], laws: LawRows, start_utc: int) -> Misroutes:
    """The arrays of `Misroutes`; `kinds`: a queue of each kind, in order; `start_utc`: microseconds since 1970 of the
    horizon's start."""
    scenario = routes.scenario
    triages = sorted(scenario.triage.items())
    order = [name for name, _ in triages]
    rows: list[tuple[int, int, int, int]] = []
    until: list[float] = []
    handled: list[HandleTime | None] = []
    for queue in kinds:
        wrong = misrouted_from(routes, queue)
        goes = transfers_of(routes.scenario, queue.kind.workflow, queue.kind.tier)
        triage = triage_of(scenario, queue.kind.workflow, queue.kind.channel) if wrong else None
        rows.append((len(until), len(wrong), len(goes), NONE if triage is None else order.index(triage[0])))
        until.extend(itertools.accumulate(one.share for _, one in wrong))
        handled.extend(one.handle_time for _, one in wrong)
    first, count, transfers, triaged = np.array(rows if until else [], np.int64).reshape(-1, 4).T.copy()
    return Misroutes(
        first=first,
        rows=count,
        transfers=transfers,
        triage=triaged,
        until=np.array(until, np.float64),
        talk_law=np.array([laws.row(None if one is None else _talk(one)) for one in handled], np.int64),
        wrap_law=np.array([laws.row(None if one is None else one.wrap_up) for one in handled], np.int64),
        wrap_share=np.array([one.wrap_up_share if one else 0.0 for one in handled], np.float64),
        triaged=np.array([one.misrouted for _, one in triages], np.float64),
        triaged_from=np.array(
            [(works_from(one.start, scenario.time_zone, start_utc), one.ramp) for _, one in triages], np.int64
        ).reshape(-1, 2),
    )


def _talk(handle: HandleTime) -> Law | None:
    return None if isinstance(handle.talk, FromForecast) else handle.talk
