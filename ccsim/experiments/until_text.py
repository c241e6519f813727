"""What `--until` says between its looks: how far it is, and what it still waits for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ccsim.kpis.definitions import KPIS, MAIN_COST
from ccsim.language.goals import Goal, when_of
from ccsim.metrics.decide import Open, Until
from ccsim.metrics.goals import kpi_of_goal, scope_of
from ccsim.metrics.paired import title_of
from ccsim.metrics.ranking import Selection, named
from ccsim.results.measured import Measured
from ccsim.results.text import limits_of, shown

MOST_TOLD: Final = 2
"""So many open questions are told in full; of more, how many."""


def caps_line(until: Until, alternatives: int) -> str:
    """What is waited for and what ends it, said before it begins."""
    limit = "no limit of time (--max-time)"
    if until.most_seconds < float("inf"):
        limit = f"at most {until.most_seconds / 60:g} min (--max-time)"
    return (
        f"until {until}: at most {until.most_replications:,} replications of each of {alternatives} alternatives "
        f"(--max-replications), {limit}"
    )


def choice_line(
    until: Until, selection: Selection, names: Sequence[str], measured: Measured, simulated: int, whole: int
) -> str:
    """Which alternative `best` chose, with which probability, and after how many replications the others were out.

    `simulated` replications in all; `whole`: so many if nobody had been out before the end.
    """
    kpi = KPIS[until.kpi]
    assert selection.chosen is not None
    zone = shown(until.zone, None, kpi.unit.replace("money", measured.currency))
    way = "highest" if kpi.better == "higher" else "lowest"
    return (
        f"{names[selection.chosen]} has the {way} {_inside(kpi.title)}, or one within {zone} of it, with "
        f"{(1 - until.error) * 100:g} % probability (Kim and Nelson's procedure); out were {named(selection, names)} "
        f"replications{f' ({simulated:,} were simulated in place of {whole:,})' if simulated < whole else ''}"
    )


def progress_line(waiting: Sequence[Open], goals: Sequence[Goal], measured: Measured, now: int, most: int) -> str:
    """How far a look is, and why it is not enough; `waiting` is not empty."""
    first = sorted(waiting, key=lambda one: (one.more is None, one.more or 0))
    told = "; ".join(_told(one, goals, measured) for one in first[:MOST_TOLD])
    rest = f"; and {len(first) - MOST_TOLD} more" if len(first) > MOST_TOLD else ""
    return f"{now:,} of at most {most:,} replications, not decided yet: {told}{rest}"


def _inside(title: str) -> str:
    """A title inside a sentence; abbreviations stay as they are."""
    return title if title[:2].isupper() else f"{title[0].lower()}{title[1:]}"


def _told(one: Open, goals: Sequence[Goal], measured: Measured) -> str:
    more = f", about {one.more:,} more replications" if one.more else ""
    if one.goal is None:
        kpi = KPIS[one.measure]
        does = "the one with fewer agents" if kpi.unit == "agents" else f"better by {_inside(kpi.title)}"
        does = "cheaper" if one.measure == MAIN_COST else does
        return f"is {one.alternative} or {one.against} {does} (difference {_value(one, kpi.unit, measured)}){more}"
    goal = goals[one.goal]
    kpi, within = kpi_of_goal(goal, measured)
    title = title_of(goal.kpi, None if within is None else within / 1e6)
    where = ", ".join(scope_of(goal).values())
    name = f"{one.alternative}: {title[0].lower()}{title[1:]}{f' ({where})' if where else ''} {when_of(goal)}".rstrip()
    if one.against:
        return f"{name}, difference {_value(one, kpi.unit, measured)}{more}"
    unit = kpi.unit.replace("money", measured.currency)
    limits = limits_of({"at_least": goal.at_least, "at_most": goal.at_most, "unit": unit})
    return f"{name} {_value(one, kpi.unit, measured)}, goal {limits}{more}"


def _value(one: Open, unit: str, measured: Measured) -> str:
    ends = None if one.low is None or one.high is None else (one.low, one.high)
    return "not known" if one.estimate is None else shown(one.estimate, ends, unit.replace("money", measured.currency))
