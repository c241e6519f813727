"""Which pools a search for staff may change, within which bounds, by which key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from ccsim.errors import CcsimError
from ccsim.text.faults import near
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
    """A pool, or a shift or shift pattern of one, whose people may change."""

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
    """Of people on one shift of the pool: when it starts; on a shift pattern: its name; nothing where all its people
    are meant."""
    hours: float = 1.0
    """Paid time of one person, in a unit that is the same for the levers of a pool."""
    stay: int = 0
    """People of its pool, on other shifts, who do not change."""
    stay_hours: float = 0.0
    """Their paid time, in the unit of `hours`."""

    @property
    def name(self) -> str:
        """Whom it is about: `leeds`, `leeds 08:00`, `leeds early`."""
        return f"{self.pool} {self.shift}" if self.shift else self.pool

    def within(self, guess: int) -> Lever:
        """With the default for what was not said."""
        most = MULTIPLE * max(self.now, guess) + SOME
        return self if self.most else replace(self, most=max(most, self.least))


def levers_of(
    scenario: Scenario, pools: Sequence[str] = (), between: Mapping[str, tuple[int, int]] | None = None
) -> list[Lever]:
    """The numbers of people that may change, by pool: those that are still to be found (`auto`, or bounds); where there
    is none, every `headcount`, the people on each shift pattern where a pool says them, and every `staffing` that is
    the same at all times. Of a pool with named shifts that is among `pools`, each shift is one.

    Parameters
    ----------
    scenario
        The scenario.
    pools
        Only these pools, or shifts and shift patterns of pools by their `Lever.name`; default all that can.
    between
        Least and most people by pool or `Lever.name`; default 1 and `MULTIPLE`.

    `CcsimError` with every fault: no such pool, a plan that is no number of people, bounds the wrong way round.
    """
    between = {} if between is None else between
    every = {name: _people(name, pool, scenario) for name, pool in sorted(scenario.pools.items())}
    known = [one for some in every.values() for one in some]
    faults = [
        *_faults_of_names(scenario, known, dict.fromkeys([*pools, *between])),
        *(f"bounds of pool '{name}': expected {why}" for name, why in _faults_of_bounds(known, between)),
    ]
    searched = [one for one in known if one.lever.searched]
    asked = (
        [one for one in known if _among(one.lever, pools)] if pools else searched or [one for one in known if one.usual]
    )
    faults += [
        f"pool '{one.lever.name}' has no number of people yet: name it among --pools, or set one"
        for one in searched
        if one not in asked
    ]
    why = "is not among --pools" if pools else "others are still to be found: name it with --pools"
    faults += [
        f"pool '{name}' has bounds, but {why}"
        for name in between
        if any(_among(one.lever, [name]) for one in known) and not any(_among(one.lever, [name]) for one in asked)
    ]
    if not asked and not faults:
        faults.append("no pool has a headcount, or a staffing that is one number: there is nothing to search")
    if faults:
        raise CcsimError("\n".join(faults))
    found = [one.lever for one in asked]
    bounds = (between.get(one.name, between.get(one.pool, (one.least, one.most))) for one in found)
    found = [_with_others(one, known, asked) for one in found]
    return _guessed(
        [replace(one, least=low, most=high) for one, (low, high) in zip(found, bounds, strict=True)], scenario
    )


def _with_others(lever: Lever, known: Sequence[_People], asked: Sequence[_People]) -> Lever:
    """With the people of its pool who do not change."""
    others = [one.lever for one in known if one.lever.pool == lever.pool and one not in asked]
    people, hours = sum(one.now for one in others), sum(one.now * one.hours for one in others)
    return replace(lever, stay=people, stay_hours=float(hours))


def _among(lever: Lever, names: Sequence[str]) -> bool:
    """Whether it, or its pool, is named."""
    return lever.pool in names or lever.name in names


def _faults_of_names(scenario: Scenario, known: Sequence[_People], names: Iterable[str]) -> Iterator[str]:
    able = {name for one in known for name in (one.lever.pool, one.lever.name)}
    for name in names:
        if name in scenario.pools and name not in able:
            yield f"pool '{name}': {why_not(scenario.pools[name])}"
        elif name not in able:
            yield f"there is no pool '{name}'{near(name, {*scenario.pools, *able})}"


def _faults_of_bounds(known: Sequence[_People], between: Mapping[str, tuple[int, int]]) -> Iterator[tuple[str, str]]:
    for name, (least, most) in between.items():
        low = min((one.may_be for one in known if _among(one.lever, [name])), default=1)
        if not low <= least <= max(most, 1):
            yield name, f"at least {low}, and no less than that, got {least}..{most}"


def _guessed(levers: list[Lever], scenario: Scenario) -> list[Lever]:
    """With a first guess, within the bounds, where the number is to be found."""
    names = list(dict.fromkeys(one.pool for one in levers if one.searched))
    if not names:
        return levers
    from ccsim.experiments.staffing_guess import planned_for

    guess = planned_for(scenario, names)
    made = []
    for one in levers:
        if one.searched:
            planned = guess[one.pool]
            n = planned.people if one.key.endswith(".headcount") else planned.on.get(one.shift, 0)
            one = replace(one, now=min(max(n, one.least), one.most or max(n, 1)))
        made.append(one)
    return made


def kept_manned(levers: Sequence[Lever], fits: Callable[[Sequence[str]], bool]) -> list[Lever]:
    """The same, where patterns may go without anybody: one person stays on those without whom nobody could answer.

    Parameters
    ----------
    fits
        Whether the scenario can be simulated with some settings.
    """
    made = list(levers)
    while (free := [place for place, one in enumerate(made) if one.least == 0]) and not fits(
        [f"{one.key}={one.least}" for one in made]
    ):
        place = max(free, key=lambda place: (made[place].now, -place))
        made[place] = replace(made[place], least=1, now=max(made[place].now, 1))
    return made


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

    lever: Lever
    usual: bool = True
    """Whether it changes where nobody names its pool."""
    may_be: int = 1
    """Fewest people that make sense: nobody works a shift pattern, if need be."""


def _people(name: str, pool: Pool, scenario: Scenario) -> list[_People]:
    """The numbers of people of a pool; nothing where it has none."""
    at = joined("pools", name)
    said = pool.searched
    if pool.people_on is not None:
        return list(_on_patterns(name, pool, scenario))
    if pool.headcount is not None:
        least, most = (1, 0) if said is None else (said.least, said.most or 0)
        return [_People(Lever(name, f"{at}.headcount", pool.headcount, least, most, said is not None))]
    if pool.shifts:
        starts = [clock_text(shift.start) for shift in pool.shifts]
        names = [one if starts.count(one) == 1 else f"{one} ({n})" for n, one in enumerate(starts, 1)]
        return [
            _People(
                Lever(name, f"{at}.shifts.{number}.agents", one.agents, 1, 0, shift=names[number], hours=_paid(one)),
                usual=False,
            )
            for number, one in enumerate(pool.shifts)
        ]
    grid = pool.staffing
    if grid is None or grid.start is not None or len(set(grid.values)) != 1 or grid.repeated or pool.changes:
        return []  # with changes of single hours, which another number would drop
    return [_People(Lever(name, f"{at}.staffing", round(grid.values[0]), 1, 0))]


def _on_patterns(name: str, pool: Pool, scenario: Scenario) -> Iterator[_People]:
    """People by shift pattern; those of which some are still to be found are these alone."""
    searched = pool.searched_on or {}
    for pattern, people in (pool.people_on or {}).items():
        said = searched.get(pattern)
        least, most = (min(people, 1), 0) if said is None else (said.least, said.most or 0)
        week = scenario.shift_patterns[pattern]
        key = joined(joined("pools", name) + ".shifts", pattern)
        lever = Lever(name, key, people, least, most, said is not None, pattern, float(week.paid * week.work_days))
        yield _People(lever, usual=True, may_be=0)


def _paid(shift: Shift) -> float:
    """Paid microseconds of a shift in a week; a single date counts as a day."""
    unpaid = sum(pause.length for pause in shift.breaks if not pause.paid)
    return float((shift.length - unpaid) * max(len(shift.days) or len(shift.on), 1))
