"""What sections say about one another: every visit has a handle time, every shift lies in its site's hours, ..."""

from __future__ import annotations

from ccsim.language.reading import Remembered
from ccsim.language.scenario import Scenario
from ccsim.scenario.checks import (
    bots,
    deferred,
    demand,
    endless,
    files,
    goals,
    people,
    plan,
    prices,
    regions,
    routes,
    slips,
    work,
)
from ccsim.scenario.checks.whole import Whole
from ccsim.text.faults import Faults
from ccsim.text.tree import Map


def check(scenario: Scenario, root: Map, faults: Faults, memory: Remembered) -> None:
    """Note every fault between the sections of a scenario; it may be partial because of faults noted before.

    A check is skipped where an earlier fault has taken away what it would look at.
    """
    whole = Whole(scenario, root, faults, memory)
    for part in (demand, files, work, deferred, people, prices, slips, goals, bots, routes, regions, plan, endless):
        for one in part.CHECKS:
            one(whole)
