"""People follow the work: where a change brings more or less of it, pools get people accordingly."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ccsim.errors import RemarkKind
from ccsim.scenario.overrides import Override
from ccsim.text.paths import joined, parse_path
from ccsim.text.tree import Leaf

if TYPE_CHECKING:
    from ccsim.language.pools import Pool
    from ccsim.language.scenario import Scenario

SAME: Final = 1e-9
"""Work that differs by less than this share is the same."""

Row = dict[str, Any]
"""How the people of a pool moved: the columns of the table `people` of a sweep without its point."""


class PeopleTold(NamedTuple):
    """What is to be told of people that follow."""

    text: str
    kind: RemarkKind


def following(
    before: Scenario, after: Scenario, own: Sequence[str], asked: Override
) -> tuple[list[Override], list[PeopleTold]]:
    """Overrides by which people follow the work of a variant, and what its author should know of them.

    `before`, `after`: the scenario without and with the variant and what it is on, whose keys are `own`; `asked`: its
    key `staff`, in whose place and name the overrides stand.
    """
    settings, rows = FollowedWork(before).people(after, own)
    place = asked.value.place
    made = [Override(asked.by, key, place, Leaf(value, True, place)) for key, _, value in map(_split, settings)]
    moved = [f"{_shown(row)} {row['before']:g} -> {row['after']:g}" for row in rows if row["before"] != row["after"]]
    told = [PeopleTold(f"pool {row['pool']}: {row['note']}", "warning") for row in rows if row["note"]]
    told += [
        PeopleTold(
            f"people follow as if bot {name} answered in full all the time, not only from its date on", "warning"
        )
        for name, bot in after.bots.items()
        if bot != before.bots.get(name) and (bot.start is not None or bot.ramp)
    ]
    if moved:
        told.append(PeopleTold(f"people follow the work: {', '.join(moved)}", "assumed"))
    elif not told:
        why = "no pool gets other people: the variant changes the work of none, or says its people itself"
        told.append(PeopleTold(why, "warning"))
    return made, told


def _split(setting: str) -> tuple[str, str, str]:
    return setting.partition("=")


def _shown(row: Row) -> str:
    """The pool of a row; with its shifts or their pattern, where it has several numbers of people."""
    rest = row["key"].removeprefix(joined("pools", row["pool"])).removeprefix(".")
    rest = rest.removeprefix("shifts.")
    return row["pool"] if rest in ("headcount", "staffing") else f"{row['pool']} {rest}"


def _weekly_work(scenario: Scenario) -> dict[str, float]:
    from ccsim.model.offered import weekly_work  # with numpy, which is loaded where people follow the work alone

    return weekly_work(scenario)


class FollowedWork:
    """The work of a scenario as written, and what its pools need at other points."""

    def __init__(self, written: Scenario) -> None:
        self._written = written
        self._work: Mapping[str, float] | None = None

    def people(self, scenario: Scenario, keys: Sequence[str]) -> tuple[list[str], tuple[Row, ...]]:
        """Settings that give every pool people for its work at a point, in whole people, and how each pool moved.

        The occupancy that the plan foresees stays that of the scenario as written: people times the factor on the
        offered work, halves up, one at least. `keys` make the point; pools whose people these say are left as they say.
        """
        left = pools_in(keys)
        if self._work is None:
            self._work = _weekly_work(self._written)
        settings, rows = [], []
        for name, work in _weekly_work(scenario).items():
            before = self._work.get(name, 0.0)
            if before <= 0.0 or name in left or left == {""} or abs(work / before - 1.0) < SAME:
                continue
            factor = work / before
            said = list(_scaled(name, scenario.pools[name], factor))
            row: Row = {"pool": name, "key": "", "work": factor, "before": None, "after": None, "note": ""}
            if not said:
                rows.append(row | {"note": "its people do not follow: " + _why_not(scenario.pools[name])})
            for key, value, now, then in said:
                rows.append(row | {"key": key, "before": float(now), "after": float(then)})
                settings += [f"{key}={value}"] if then != now or value.startswith("x") else []
        return settings, tuple(rows)


def pools_in(keys: Sequence[str]) -> set[str]:
    """Pools whose people some keys say; one empty name where they say those of all."""
    found = set()
    for key in keys:
        parts: Sequence[str] = ()
        with suppress(ValueError):  # said elsewhere, with its place
            parts = parse_path(key).parts
        if parts[:1] == ("pools",) and (len(parts) < 3 or parts[2] in ("headcount", "staffing", "shifts", "changes")):
            found.add(parts[1] if len(parts) > 1 else "")
    return {""} if "" in found else found


def _why_not(pool: Pool) -> str:
    return "they are still to be found" if _searched(pool) else "a published roster names them"


def _searched(pool: Pool) -> bool:
    return pool.searched is not None or pool.searched_on is not None


def whole_people(people: float) -> int:
    """Halves up, one at least."""
    return max(1, math.floor(people + 0.5 + SAME))


def _scaled(name: str, pool: Pool, factor: float) -> Iterator[tuple[str, str, int, int]]:
    """Key, value, people before and after for each number of people of a pool; the most at once of a staffing by
    time."""
    at = joined("pools", name)
    if _searched(pool):
        return
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
