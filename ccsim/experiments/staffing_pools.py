"""Which pools a search for staff may change, within which bounds, by which key."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, NamedTuple

from ccsim.errors import CcsimError
from ccsim.text.paths import joined
from ccsim.text.scalars import clock_text

if TYPE_CHECKING:
    from ccsim.experiments.staffing_model import Heads
    from ccsim.language.pools import Pool
    from ccsim.language.scenario import Scenario
    from ccsim.language.shifts import Shift

MULTIPLE: Final = 2
"""Most people by default: so many times what the pool has now or the first guess gives it, and `SOME` more."""
SOME: Final = 10


@dataclass(frozen=True, slots=True)
class Lever:
    """A pool, or a shift of one, whose people may change."""

    pool: str
    key: str
    """Dotted key of the number of people."""
    now: int
    """Today's people; a first guess where the scenario leaves the number to be found."""
    least: int
    most: int
    """0: not said; see `MULTIPLE`."""
    searched: bool = False
    """Whether the scenario leaves the number to be found: `headcount: auto`, or bounds."""
    shift: str = ""
    """Of people on one shift of the pool: when it starts; nothing where all its people are meant."""
    hours: float = 1.0
    """Paid time of one person, in a unit that is the same for the levers of a pool."""

    @property
    def name(self) -> str:
        """Whom it is about: `leeds`, `leeds 08:00`."""
        return f"{self.pool} {self.shift}" if self.shift else self.pool

    def within(self, guess: int) -> Lever:
        """With the default for what was not said."""
        most = MULTIPLE * max(self.now, guess) + SOME
        return self if self.most else replace(self, most=max(most, self.least))


def levers_of(
    scenario: Scenario, pools: Sequence[str] = (), between: Mapping[str, tuple[int, int]] | None = None
) -> list[Lever]:
    """The pools that may change, by name: those whose `headcount` is still to be found (`auto`, or bounds); where there
    is none, those with a `headcount`, or a `staffing` that is the same at all times. Of a pool with named shifts that
    is among `pools`, each shift is one.

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
    searched = [name for name, pool in sorted(scenario.pools.items()) if pool.searched is not None]
    faults = [
        f"pool '{name}' has no number of people yet: name it among --pools, or set one"
        for name in searched
        if pools and name not in pools
    ]
    for name in dict.fromkeys([*pools, *between]):
        if name not in scenario.pools:
            near = get_close_matches(name, scenario.pools, n=1)
            faults.append(f"there is no pool '{name}'" + (f"; did you mean '{near[0]}'?" if near else ""))
        elif not _people(scenario.pools[name], shifts=True):
            faults.append(f"pool '{name}': {why_not(scenario.pools[name])}")
        elif pools and name not in pools:
            faults.append(f"pool '{name}' has bounds, but is not among --pools")
        elif searched and not pools and name not in searched:
            faults.append(f"pool '{name}' has bounds, but the headcount of others is to be found: name it with --pools")
    for name, (least, most) in between.items():
        if not 1 <= least <= most:
            faults.append(f"bounds of pool '{name}': expected at least 1, and no less than that, got {least}..{most}")
    asked = pools or searched
    found = []
    for name, pool in sorted(scenario.pools.items()):
        said = pool.searched
        least, most = between.get(name, (1, 0) if said is None else (said.least, said.most or 0))
        for one in _people(pool, shifts=name in pools) if not asked or name in asked else ():
            key = joined("pools", name) + f".{one.key}"
            found.append(Lever(name, key, one.now, least, most, said is not None, one.shift, one.hours))
    if not found and not faults:
        faults.append("no pool has a headcount, or a staffing that is one number: there is nothing to search")
    if faults:
        raise CcsimError("\n".join(faults))
    return _guessed(found, scenario)


def _guessed(levers: list[Lever], scenario: Scenario) -> list[Lever]:
    """With a first guess, within the bounds, where the number is to be found."""
    names = [one.pool for one in levers if one.searched]
    if not names:
        return levers
    from ccsim.experiments.staffing_guess import planned_for

    guess = planned_for(scenario, names)
    return [
        replace(one, now=min(max(guess[one.pool], one.least), one.most or guess[one.pool])) if one.searched else one
        for one in levers
    ]


def settings_of(levers: Sequence[Lever], heads: Heads) -> list[str]:
    """A plan as settings: `pools.desk.headcount=12`, only what the scenario does not say."""
    return [f"{one.key}={n}" for one, n in zip(levers, heads, strict=True) if one.searched or n != one.now]


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
    plan = "a published roster" if pool.roster else "a staffing by time"
    return f"its plan is {plan}, not one number of people; give it a headcount and shift patterns to search it"


class _People(NamedTuple):
    """A number of people that a search may change."""

    key: str
    now: int
    shift: str = ""
    hours: float = 1.0


def _people(pool: Pool, *, shifts: bool) -> list[_People]:
    """The numbers of people of a pool, those of its named `shifts` where they are asked for; nothing where it has
    none."""
    if pool.headcount is not None:
        return [_People("headcount", pool.headcount)]
    if pool.shifts:
        starts = [clock_text(shift.start) for shift in pool.shifts]
        return [
            _People(
                f"shifts.{number}.agents",
                shift.agents,
                starts[number] if starts.count(starts[number]) == 1 else f"{starts[number]} ({number + 1})",
                _paid(shift),
            )
            for number, shift in enumerate(pool.shifts if shifts else ())
        ]
    grid = pool.staffing
    if grid is None or grid.start is not None or len(set(grid.values)) != 1 or grid.repeated or pool.changes:
        return []  # with changes of single hours, which another number would drop
    return [_People("staffing", round(grid.values[0]))]


def _paid(shift: Shift) -> float:
    """Paid microseconds of a shift in a week; a single date counts as a day."""
    unpaid = sum(pause.length for pause in shift.breaks if not pause.paid)
    return float((shift.length - unpaid) * max(len(shift.days) or len(shift.on), 1))
