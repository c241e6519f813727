"""Which pools a search for staff may change, within which bounds, by which key."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from ccsim.errors import CcsimError
from ccsim.text.paths import joined

if TYPE_CHECKING:
    from ccsim.experiments.staffing_model import Heads
    from ccsim.language.pools import Pool
    from ccsim.language.scenario import Scenario

MULTIPLE: Final = 2
"""Most people by default: so many times what the pool has now or the first guess gives it, and `SOME` more."""
SOME: Final = 10


@dataclass(frozen=True, slots=True)
class Lever:
    """A pool whose people may change."""

    pool: str
    key: str
    """Dotted key of the number of people."""
    now: int
    least: int
    most: int
    """0: not said; see `MULTIPLE`."""

    def within(self, guess: int) -> Lever:
        """With the default for what was not said."""
        most = MULTIPLE * max(self.now, guess) + SOME
        return self if self.most else replace(self, most=max(most, self.least))


def levers_of(
    scenario: Scenario, pools: Sequence[str] = (), between: Mapping[str, tuple[int, int]] | None = None
) -> list[Lever]:
    """The pools that may change, by name: those with a `headcount`, or a `staffing` that is the same at all times.

    Parameters
    ----------
    scenario
        The scenario.
    pools
        Only these; default all that can.
    between
        Least and most people by pool; default 1 and `MULTIPLE`.

    `CcsimError` with every fault: no such pool, a plan that is no number of people, bounds the wrong way round.
    """
    between = {} if between is None else between
    faults = []
    for name in dict.fromkeys([*pools, *between]):
        if name not in scenario.pools:
            near = get_close_matches(name, scenario.pools, n=1)
            faults.append(f"there is no pool '{name}'" + (f"; did you mean '{near[0]}'?" if near else ""))
        elif _people(scenario.pools[name]) is None:
            faults.append(f"pool '{name}': {why_not(scenario.pools[name])}")
        elif pools and name not in pools:
            faults.append(f"pool '{name}' has bounds, but is not among --pools")
    for name, (least, most) in between.items():
        if not 1 <= least <= most:
            faults.append(f"bounds of pool '{name}': expected at least 1, and no less than that, got {least}..{most}")
    found = []
    for name, pool in sorted(scenario.pools.items()):
        people = _people(pool)
        if people is not None and (not pools or name in pools):
            kind, now = people
            least, most = between.get(name, (1, 0))
            found.append(Lever(name, joined(joined("pools", name), kind), now, least, most))
    if not found and not faults:
        faults.append("no pool has a headcount, or a staffing that is one number: there is nothing to search")
    if faults:
        raise CcsimError("\n".join(faults))
    return found


def settings_of(levers: Sequence[Lever], heads: Heads) -> list[str]:
    """A plan as settings: `pools.desk.headcount=12`, only what differs from now."""
    return [f"{one.key}={n}" for one, n in zip(levers, heads, strict=True) if n != one.now]


def read_between(texts: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Bounds by pool from texts like `leeds=10..40`; `CcsimError` with every text that is none."""
    found, faults = {}, []
    for text in texts:
        match = re.fullmatch(r"(.+)=\s*(\d{1,9})\s*\.\.\s*(\d{1,9})\s*", text)
        if match is None:
            faults.append(f"--between: expected POOL=LEAST..MOST like leeds=10..40, got {text!r}")
        else:
            found[match[1].strip()] = (int(match[2]), int(match[3]))
    if faults:
        raise CcsimError("\n".join(faults))
    return found


def why_not(pool: Pool) -> str:
    """Why the people of a pool are no number that a search may change."""
    plan = "a published roster" if pool.roster else "shifts of named numbers" if pool.shifts else "a staffing by time"
    return f"its plan is {plan}, not one number of people; give it a headcount and shift patterns to search it"


def _people(pool: Pool) -> tuple[str, int] | None:
    """The key of the number of people and the number; None where there is no such number."""
    if pool.headcount is not None:
        return "headcount", pool.headcount
    grid = pool.staffing
    if grid is None or grid.start is not None or len(set(grid.values)) != 1 or grid.repeated or pool.changes:
        return None  # with changes of single hours, which another number would drop
    return "staffing", round(grid.values[0])
