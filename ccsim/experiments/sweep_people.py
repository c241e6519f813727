"""People follow the work: at a point that brings more or less work, pools get people accordingly."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ccsim.errors import CcsimError
from ccsim.experiments.fresh_seed import fresh_seed
from ccsim.language.studies import KEEP_GOALS, KEEP_OCCUPANCY
from ccsim.model.offered import weekly_work
from ccsim.text.paths import joined, parse_path

if TYPE_CHECKING:
    from ccsim.experiments.prepared import Prepared
    from ccsim.experiments.replicate import Stop
    from ccsim.language.pools import Pool
    from ccsim.language.scenario import Scenario

log: Final = logging.getLogger("ccsim.sweep")

SAME: Final = 1e-9
"""Work that differs by less than this share is the same."""
LOOK_REPLICATIONS: Final = 20
"""Replications of a look at a plan of people, on average over a search: for the forecast of its time."""
UNCERTAIN: Final = "fresh replications did not confirm these people"
NOT_MET: Final = "no number of people up to this meets all goals"

Row = dict[str, Any]
"""A row of the table `people` without its point."""


def check_staff(staff: str) -> None:
    """`CcsimError` for words that say no way to follow the work."""
    if staff not in ("", KEEP_OCCUPANCY, KEEP_GOALS):
        raise CcsimError(f"--staff: expected '{KEEP_OCCUPANCY}' or '{KEEP_GOALS}', got '{staff}'")


class FollowedWork:
    """The work of a scenario as written, and what its pools need at other points."""

    def __init__(self, written: Scenario, factors: Sequence[str]) -> None:
        """`factors`: keys that are varied; pools whose people these say are left as they say."""
        self._written = written
        self._work: Mapping[str, float] | None = None
        self._left = _pools_in(factors)

    def people(self, scenario: Scenario) -> tuple[list[str], tuple[Row, ...]]:
        """Settings that give every pool people for its work at a point, in whole people, and how each pool moved.

        The occupancy that the plan foresees stays that of the scenario as written: people times the factor on the
        offered work, halves up, one at least.
        """
        if self._work is None:
            self._work = weekly_work(self._written)
        settings, rows = [], []
        for name, work in weekly_work(scenario).items():
            before = self._work.get(name, 0.0)
            if before <= 0.0 or name in self._left or self._left == {""} or abs(work / before - 1.0) < SAME:
                continue
            factor = work / before
            said = list(_scaled(name, scenario.pools[name], factor))
            row: Row = {"pool": name, "key": "", "work": factor, "before": None, "after": None, "note": ""}
            if not said:
                rows.append(row | {"note": "its people do not follow: a published roster names them"})
            for key, value, now, then in said:
                rows.append(row | {"key": key, "before": float(now), "after": float(then)})
                settings += [f"{key}={value}"] if then != now or value.startswith("x") else []
        return settings, tuple(rows)


def _pools_in(keys: Sequence[str]) -> set[str]:
    """Pools whose people some keys say; one empty name where they say those of all."""
    found = set()
    for key in keys:
        parts: Sequence[str] = ()
        with suppress(ValueError):  # said elsewhere, with its place
            parts = parse_path(key).parts
        if parts[:1] == ("pools",) and (len(parts) < 3 or parts[2] in ("headcount", "staffing", "shifts", "changes")):
            found.add(parts[1] if len(parts) > 1 else "")
    return {""} if "" in found else found


def whole_people(people: float) -> int:
    """Halves up, one at least."""
    return max(1, math.floor(people + 0.5 + SAME))


def _scaled(name: str, pool: Pool, factor: float) -> Iterator[tuple[str, str, int, int]]:
    """Key, value, people before and after for each number of people of a pool; the most at once of a staffing by
    time."""
    at = joined("pools", name)
    if pool.people_on is not None:
        for pattern, people in pool.people_on.items():
            then = whole_people(people * factor) if people else 0
            yield joined(joined(at, "shifts"), pattern), str(then), people, then
    elif pool.headcount is not None:
        then = whole_people(pool.headcount * factor)
        yield joined(at, "headcount"), str(then), pool.headcount, then
    elif pool.staffing is not None:
        grid, now = pool.staffing, round(pool.staffing.most)
        if grid.start is None and len(set(grid.values)) == 1 and not grid.repeated and not pool.changes:
            then = whole_people(now * factor)
            yield joined(at, "staffing"), str(then), now, then
        else:
            yield joined(at, "staffing"), f"x{factor:.9f}", now, math.floor(now * factor + 0.5)
    for number, shift in enumerate(pool.shifts):
        then = whole_people(shift.agents * factor)
        yield f"{joined(at, 'shifts')}.{number}.agents", str(then), shift.agents, then


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
    left = _pools_in(factors)
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
