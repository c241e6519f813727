"""The opening backlog, contact by contact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from ccsim.centre.streams import Stream
from ccsim.draws.keys import FIRST_OF_BACKLOG
from ccsim.kernel.layout import Ints
from ccsim.language.scenario import Scenario
from ccsim.model.routes import zone_of
from ccsim.model.staffed_pools import Clocks


def opening_backlog(scenario: Scenario, streams: Sequence[Stream], clocks: Clocks) -> Ints:
    """Contacts that wait at the start: when they came (0 or before), rank of their stream, date and number.

    They are split over the streams of their volume by largest remainders, so that their number is exact; the contacts
    of each stream lie evenly among all. Their date is that of the start by the stream's clock, so that a contact keeps
    its random numbers when ages change. Sorted by the first, then by stream and number.
    """
    of_volume: dict[str, list[int]] = defaultdict(list)
    for rank, stream in enumerate(streams):
        of_volume[stream.volume].append(rank)
    rows: list[tuple[int, int, int, int]] = []
    numbers: dict[int, int] = defaultdict(lambda: FIRST_OF_BACKLOG)
    for name, ranks in of_volume.items():
        for batch in scenario.demand[name].backlog:
            shares = [streams[rank].share for rank in ranks]
            order = _interleaved(ranks, whole_parts(batch.contacts, shares))
            for place, rank in enumerate(order):
                stretch = batch.oldest - batch.youngest
                age = batch.oldest - (stretch * place // (len(order) - 1) if len(order) > 1 else 0)
                clock = clocks.of(zone_of(scenario, streams[rank].market))
                rows.append((-age, rank, clock.day(clock.date_at(0)).number, numbers[rank]))
                numbers[rank] += 1
    return np.array(sorted(rows), np.int64).reshape(-1, 4)


def whole_parts(total: int, shares: Sequence[float]) -> list[int]:
    """Whole parts of a total in proportion to shares: largest remainders, the first of equals."""
    exact = [total * share / sum(shares) for share in shares]
    parts = [int(part) for part in exact]
    order = sorted(range(len(shares)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def _interleaved(ranks: Sequence[int], parts: Sequence[int]) -> list[int]:
    """Each stream as often as it has contacts, evenly among the others."""
    places = [((2 * k + 1) / (2 * part), rank) for rank, part in zip(ranks, parts, strict=True) for k in range(part)]
    return [rank for _, rank in sorted(places)]
