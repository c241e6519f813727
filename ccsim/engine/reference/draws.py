"""The draws of one replication, by name: whatever asks first, the same contact has the same draws."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ccsim.draws import keys
from ccsim.draws.laws import draw_time
from ccsim.draws.philox import uniforms
from ccsim.kernel import layout
from ccsim.model import Model
from ccsim.units import DAY

if TYPE_CHECKING:
    from ccsim.engine.reference.visit import Visit

#: Blocks of numbers that talk and wrap-up, or the time until a break and its length, have between them.
APART = 1 << 15


class Draws:
    """Uniforms and times of visits and agents."""

    def __init__(self, model: Model, seed: int, replication: int) -> None:
        self._model = model
        self.streams = [keys.stream_key(seed, replication, keys.STREAM, name) for name in model.random_streams]
        """Key of each stream."""
        self._pools = [keys.stream_key(seed, replication, keys.POOL, name) for name in model.pool_random_streams]

    def of(self, visit: Visit, decision: int) -> tuple[float, float]:
        """The two uniforms of a visit for a decision."""
        return uniforms(*self.streams[visit.stream], visit.date, visit.number, visit.place, decision)

    def time(self, visit: Visit, law: int, u: float, decision: int) -> float:
        """A time of a visit by a law, microseconds, not rounded."""
        key = self.streams[visit.stream]
        name = visit.date, visit.number, visit.place
        return float(draw_time(self._model.rules.laws, law, u, *key, *name, decision))

    def date(self, now: int) -> int:
        """Today in UTC, as days since 1970-01-01."""
        return int(self._model.rules.start_utc[0] + now) // DAY

    def absence(self, pool: int, number: int, date: int) -> int:
        """Cause for which an agent is away on a date, -1 if they come."""
        u = uniforms(*self._pools[pool], date, number, 0, keys.ABSENCE)[0]
        for cause, share in enumerate(self._model.rules.pools.absence[pool].tolist()):
            u -= share
            if u < 0.0:
                return cause
        return layout.NONE

    def random_break(self, pool: int, number: int, date: int, which: int) -> tuple[int, int]:
        """Time until the break at random `which` of a date is due, and its length."""
        u_due, u_length = uniforms(*self._pools[pool], date, number, which, keys.BREAK)
        breaks, laws = self._model.rules.pools.breaks[pool].tolist(), self._model.rules.laws
        times = []
        for law, u, decision in (
            (breaks[layout.BREAKS_EVERY], u_due, keys.BREAK),
            (breaks[layout.BREAKS_LENGTH], u_length, keys.BREAK + APART),
        ):
            drawn = draw_time(laws, law, u, *self._pools[pool], date, number, which, decision)
            times.append(max(rounded(float(drawn)), 1))
        return times[0], times[1]


def rounded(time: float) -> int:
    """To the nearest microsecond."""
    return math.floor(time + 0.5)
