"""Shrinkage: what each cause takes of the rostered time, and what they make together.

The one rule: causes add up as shares of the rostered time. A cause that is said of the worked time takes that share of
what whole days away leave.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ccsim.language.places import WorkedShare
from ccsim.language.pools import Pool
from ccsim.language.scenario import Scenario

WHOLE_DAYS: Final = ("absence", "leave")
"""Causes of shrinkage that take whole days; every other one is a block in each shift that is worked."""

Said = Mapping[str, "float | WorkedShare"]


def shrinkage_of(scenario: Scenario, pool: Pool) -> tuple[Said, str]:
    """What is said of a pool's people by cause, and whose it is: its own (empty), else its vendor's name."""
    if pool.shrinkage is not None:
        return pool.shrinkage, ""
    vendor = scenario.vendors.get(pool.vendor) if pool.vendor is not None else None
    said = vendor.shrinkage if vendor is not None else None
    return (said, pool.vendor or "") if said is not None else ({}, "")


def rostered_shares(said: Said) -> dict[str, float]:
    """What each cause takes of the rostered time, from 0 to 1; they add up to the shrinkage before breaks.

    Holidays on which people are at home come beside it: their shifts are no part of the rostered time here.
    """
    first = {cause: share for cause, share in said.items() if not isinstance(share, WorkedShare)}
    left = 1.0 - sum(share for cause, share in first.items() if cause in WHOLE_DAYS)
    whole = {c: s.share * left for c, s in said.items() if isinstance(s, WorkedShare) and c in WHOLE_DAYS}
    left -= sum(whole.values())
    blocks = {c: s.share * left for c, s in said.items() if isinstance(s, WorkedShare) and c not in WHOLE_DAYS}
    found = first | whole | blocks
    return {cause: found[cause] for cause in said}


def block_shares(rostered: Mapping[str, float]) -> dict[str, float]:
    """What each cause that is a block takes of the paid time of a shift that is worked.

    More than its share of the rostered time, since the shifts of those who are away all day have no block.

    Parameters
    ----------
    rostered
        Shares of the rostered time by cause, less than 1 together.
    """
    there = 1.0 - sum(share for cause, share in rostered.items() if cause in WHOLE_DAYS)
    return {cause: share / there for cause, share in rostered.items() if cause not in WHOLE_DAYS}
