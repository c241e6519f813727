"""The columns of the sums by day: visits by whom they were assigned to and who answered, cases and ratings by pool."""

from __future__ import annotations

from typing import Final

from ccsim.kernel.cache_lines import in_lines
from ccsim.records.columns import place_of
from ccsim.records.day_tables import OF_ASSIGNEES, OF_POOL_DAYS

# Columns of `Tally.days`: what is beyond each threshold, then what every visit touches, then the others.
_DAY_COLUMNS: Final = tuple(column.name for column in OF_ASSIGNEES)
_DAY_OFTEN: Final = ("offered", "answered", "talk_us", "wrap_up_us", "resolved", "in_deadline")
_DAY_ORDER: Final = (*_DAY_OFTEN, *(name for name in _DAY_COLUMNS if name not in _DAY_OFTEN))
DAY_OFFERED: Final = _DAY_ORDER.index("offered")
DAY_ANSWERED: Final = _DAY_ORDER.index("answered")
DAY_TALK: Final = _DAY_ORDER.index("talk_us")
DAY_WRAP_UP: Final = _DAY_ORDER.index("wrap_up_us")
DAY_RESOLVED: Final = _DAY_ORDER.index("resolved")
DAY_IN_DEADLINE: Final = _DAY_ORDER.index("in_deadline")
DAY_CALLED_BACK: Final = _DAY_ORDER.index("callbacks_reached")
DAY_ABANDONED: Final = _DAY_ORDER.index("abandoned")
DAY_SHORT: Final = _DAY_ORDER.index("short_abandoned")
DAY_BALKED: Final = _DAY_ORDER.index("balked")
DAY_WAITING: Final = _DAY_ORDER.index("open_waiting")
DAY_NOT_REACHED: Final = _DAY_ORDER.index("not_reached")
DAY_EXPIRED: Final = _DAY_ORDER.index("expired")
DAY_ESCALATED: Final = _DAY_ORDER.index("escalated")
DAY_UNRESOLVED: Final = _DAY_ORDER.index("unresolved")
DAY_TRANSFERRED: Final = _DAY_ORDER.index("transferred")
DAY_WARM: Final = _DAY_ORDER.index("warm")
DAY_WARM_WAIT: Final = _DAY_ORDER.index("warm_wait_us")
DAY_HAND_OVER: Final = _DAY_ORDER.index("hand_over_us")
DAY_SUMS: Final = len(_DAY_ORDER)
DAY_PLACES: Final = tuple(_DAY_ORDER.index(name) for name in _DAY_COLUMNS)
"""Where each column of `assigned_sums` stands, behind the thresholds."""

# Columns of `Tally.pool_days`.
POOL_DAY_CASES: Final = place_of(OF_POOL_DAYS, "cases")
POOL_DAY_MISSED: Final = place_of(OF_POOL_DAYS, "cases_missed_first")
POOL_DAY_LATER: Final = place_of(OF_POOL_DAYS, "first_contacts")  # as `sums.FIRST_LATER`
POOL_DAY_FOLLOWED: Final = place_of(OF_POOL_DAYS, "followed")
POOL_DAY_FURTHER: Final = place_of(OF_POOL_DAYS, "further_contacts")
POOL_DAY_RATED: Final = place_of(OF_POOL_DAYS, "rated")  # the others of `RATED` follow
POOL_DAY_SUMS: Final = len(OF_POOL_DAYS)
POOL_DAY_WIDTH: Final = in_lines(POOL_DAY_SUMS)
