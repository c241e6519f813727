"""People follow the work: at a point that brings more or less work, pools get people accordingly."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ccsim.errors import CcsimError
from ccsim.experiments.fresh_seed import fresh_seed
from ccsim.language.studies import KEEP_GOALS, KEEP_OCCUPANCY
from ccsim.scenario.followed_work import Row, pools_in

if TYPE_CHECKING:
    from ccsim.experiments.prepared import Prepared
    from ccsim.experiments.replicate import Stop
    from ccsim.language.scenario import Scenario

log: Final = logging.getLogger("ccsim.sweep")

LOOK_REPLICATIONS: Final = 20
"""Replications of a look at a plan of people, on average over a search: for the forecast of its time."""
UNCERTAIN: Final = "fresh replications did not confirm these people"
NOT_MET: Final = "no number of people up to this meets all goals"


def check_staff(staff: str) -> None:
    """`CcsimError` for words that say no way to follow the work."""
    if staff not in ("", KEEP_OCCUPANCY, KEEP_GOALS):
        raise CcsimError(f"--staff: expected '{KEEP_OCCUPANCY}' or '{KEEP_GOALS}', got '{staff}'")


# ---- keep goals: a search at each point ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StaffSearch:
    """How the people of a point are to be found: the cheapest that meet all goals."""

    source: str
    """File with its variants; the process that searches reads it."""
    settings: tuple[str, ...]
    pools: tuple[str, ...]
    """Pools that may change, or shift patterns of them."""
    seed: int
    """Of the sweep; the search takes another one, so that its random numbers are not those of the point."""
    anyway: bool

    def looks(self) -> int:
        """Looks at plans that it is foreseen to take."""
        from ccsim.experiments.staffing import foreseen_looks

        return foreseen_looks(len(self.pools))

    def found(self, *, workers: int, stop: Stop) -> tuple[Callable[..., Prepared], tuple[Row, ...]] | None:
        """What prepares the point with the people that were found, and how each pool moved; None where it was
        stopped."""
        from ccsim.experiments.prepared import prepare
        from ccsim.experiments.staffing_call import staff
        from ccsim.experiments.staffing_pools import settings_of

        made = staff(
            self.source,
            pools=self.pools,
            seed=search_seed(self.seed),
            settings=self.settings,
            workers=workers,
            anyway=self.anyway,
            stop=stop,
        )
        if made.stopped or stop.asked:
            return None
        chosen = made.found or made.nearest
        heads = made.now_heads if chosen is None else chosen.heads
        note = NOT_MET if made.found is None else "" if made.certified else UNCERTAIN
        rows = tuple(
            {"pool": one.pool, "key": one.key, "work": None, "before": float(one.now), "after": float(n), "note": note}
            for one, n in zip(made.levers, heads, strict=True)
        )
        settings = [*self.settings, *settings_of(made.levers, heads)]

        def prepared(**given: Any) -> Prepared:
            return prepare(self.source, settings=settings, anyway=self.anyway, **given)

        return prepared, rows


def search_for(
    scenario: Scenario, source: str, settings: Sequence[str], factors: Sequence[str], *, seed: int, anyway: bool
) -> StaffSearch:
    """The search at a point; `CcsimError` where there are no goals to keep, or no pool may change."""
    from ccsim.experiments.staffing_pools import levers_of

    if not scenario.goals:
        raise CcsimError(f"'{KEEP_GOALS}': the scenario has no goals to keep: say some with `goals:`")
    left = pools_in(factors)
    free = [one.name for one in levers_of(scenario) if one.pool not in left and left != {""}]
    if not free:
        raise CcsimError(f"'{KEEP_GOALS}': no pool is left whose people may change: the factors say them all")
    return StaffSearch(source, tuple(settings), tuple(free), seed, anyway)


def search_seed(seed: int) -> int:
    """Seed of the search at the points of a sweep."""
    return fresh_seed(f"ccsim sweep {seed} people")


def with_point(rows: Sequence[Row], point: int) -> tuple[Row, ...]:
    """Rows of the table `people`."""
    return tuple({"point": point} | row for row in rows)
