"""Run the study: the fewest hired with which the weakest week of the peak keeps its service level, by when they begin.

`python experiments/07-hiring-ahead/study.py`; points that are there already are not simulated again.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date, timedelta
from math import floor
from pathlib import Path
from typing import Any, Final

from ccsim import api

sys.path.append(str(Path(__file__).parents[2]))
from experiments.studies import (
    PEOPLE,
    Points,
    Study,
    erlang_a_agents,
    fewest_people,
    interval,
    label_ends,
    least,
    picture,
    plus_minus,
    study,
    told,
)

DESK: Final = Path(__file__).with_name("desk.yaml")
LOOKS: Final = ("o-", "s--", "^:")
HOURS: Final = 40
"""Paid hours of a person a week."""
PAID_HOUR: Final = 14
THERE: Final = 24
"""People of the desk who are there already."""
LOAD: Final = 9_600 * 1.5 / 40 * 5 / 60
"""Erlangs of the peak."""


def main() -> None:
    made = study(__file__, __doc__)
    asked = made.asked
    wanted = asked["batches"] * len(asked["leave"]) * len(asked["lead"])
    points = Points.of(made, DESK, ("batch", "leave", "lead"), wanted)
    found = {
        (leave, lead): [point(asked, points, batch, leave, lead) for batch in range(asked["batches"])]
        for leave in asked["leave"]
        for lead in asked["lead"]
    }
    draw(made, found)
    made.says(table(asked, found))


# ---- Simulation
# -----------------------------------------------------------------------------------------------------------


def staying(leave: float, week: int) -> float:
    """Share of the hired who are still there in a week, from 0 on."""
    return float((1 - leave / 100) ** (week / 4))


def still_there(hired: int, leave: float, week: int) -> int:
    """How many of the hired are still there in a week, whole people."""
    return floor(hired * staying(leave, week) + 0.5)


def handle_time(asked: Mapping[str, Any], week: int) -> float:
    """Factor on the handle time of the hired in a week, from 0 on, of which the first ones are training."""
    steps: list[float] = asked["handle_time"]
    return steps[min(week - asked["training"], len(steps) - 1)]


def point(asked: Mapping[str, Any], points: Points, batch: int, leave: float, lead: int) -> dict[str, float]:
    """The fewest hired with which the weakest week of the peak keeps the service level."""
    first_day = asked["first_day"]
    first_day = first_day if isinstance(first_day, date) else date.fromisoformat(first_day)

    def simulate(hired: int) -> dict[str, float]:
        settings = []
        for week in range(asked["weeks"]):
            begins = first_day + timedelta(weeks=week)
            settings.append(
                f"pools.hired_{week + 1}={{vendor: own, from: {begins}, until: {begins + timedelta(weeks=1)}, "
                f"shifts: [{{agents: {still_there(hired, leave, lead + week)}, start: 08:00, length: 8h, "
                "days: mon-fri}], "
                f"handle_time: {handle_time(asked, lead + week)}}}"
            )
        run = api.run(DESK, replications=asked["replications"], seed=asked["seed"] + batch, settings=settings)
        weeks = api.by_period(run, ["service_level"], periods=["week"], scopes=["all"])
        paid = sum(still_there(hired, leave, week) for week in range(lead + asked["weeks"]))
        return {
            "weakest": float(weeks["estimate"].min()),
            "service_level": float(run.estimate("service_level")["estimate"]),
            "cost": hired * asked["hire"] + paid * HOURS * PAID_HOUR,
        }

    target = asked["service_level"] / 100
    guess = by_flow(asked, leave, lead)
    return points.get((batch, leave, lead), lambda: fewest_people(simulate, "weakest", target, asked["hired"], guess))


# ---- What they say --------------------------------------------------------------------------------------------------

Found = dict[tuple[float, int], list[dict[str, float]]]


def agents_missing(asked: Mapping[str, Any]) -> float:
    """Agents as good as those of the desk that the peak lacks, by Erlang A."""
    target = asked["service_level"] / 100
    needed = erlang_a_agents(target, calls=LOAD / 5, handle_time=5.0, patience=3.0, within=1 / 3, there=THERE)
    return needed - THERE


def by_flow(asked: Mapping[str, Any], leave: float, lead: int) -> float:
    """Hired who do as much, in their weakest week of the peak, as the agents that it lacks."""
    weeks = range(lead, lead + asked["weeks"])
    return agents_missing(asked) * max(handle_time(asked, week) / staying(leave, week) for week in weeks)


def values(found: Found, leave: float, lead: int, value: str) -> list[float]:
    return [one[value] for one in found[leave, lead]]


def cheapest(asked: Mapping[str, Any], found: Found, leave: float) -> tuple[int, list[int]]:
    """The lead that costs least, and those that cannot be told from it."""
    return least({lead: values(found, leave, lead, "cost") for lead in asked["lead"]})


def draw(made: Study, found: Found) -> None:
    asked = made.asked
    leads = asked["lead"]
    with picture(made, 7.8, 3.6) as figure:
        people, money = figure.subplots(1, 2)
        for axes, value, unit in ((people, PEOPLE, 1), (money, "cost", 1000)):
            ends = {}
            for leave, look in zip(asked["leave"], LOOKS, strict=False):
                shown = [interval([one / unit for one in values(found, leave, lead, value)]) for lead in leads]
                axes.errorbar(leads, [one for one, _ in shown], yerr=[half for _, half in shown], fmt=look, capsize=3)
                best, _ = cheapest(asked, found, leave)
                if axes is money:
                    axes.plot(best, shown[leads.index(best)][0], "o", markersize=12, markerfacecolor="none",
                              color="0.2")  # fmt: skip
                ends[f"{leave} % leave\nin four weeks"] = shown[-1][0]
            axes.set_ylim(0, 1.08 * max(ends.values()))
            label_ends(axes, leads[-1], ends)
        people.set_title("People to hire", loc="left", fontsize=9)
        money.set_title("What they cost until the peak is over,\nthousand EUR (circle: the least)", loc="left",
                        fontsize=9)  # fmt: skip
        for axes in (people, money):
            axes.set_xticks(leads)
            axes.set_xlim(leads[0] - 1, leads[-1] + 7)
            axes.set_xlabel("training begins, weeks before the peak")


def table(asked: Mapping[str, Any], found: Found) -> list[str]:
    leads = asked["lead"]
    lines = [
        f"| leave in four weeks | | {' | '.join(f'{one} weeks ahead' for one in leads)} | least cost |",
        f"|---|---|{'---|' * (len(leads) + 1)}",
    ]
    for leave in asked["leave"]:
        best, _ = choice = cheapest(asked, found, leave)
        people = [plus_minus(values(found, leave, lead, PEOPLE), 1) for lead in leads]
        flow = [f"{by_flow(asked, leave, lead):.1f}" for lead in leads]
        cost = [plus_minus([one / 1000 for one in values(found, leave, lead, "cost")], 1) for lead in leads]
        more = []
        for lead in leads:
            differences = [
                (a - b) / 1000
                for a, b in zip(values(found, leave, lead, "cost"), values(found, leave, best, "cost"), strict=True)
            ]
            more.append("" if lead == best else plus_minus(differences, 1))
        whole = [plus_minus([100 * one for one in values(found, leave, lead, "service_level")], 1) for lead in leads]
        lines += [
            f"| {leave} % | hired | {' | '.join(people)} | |",
            f"| | by flow | {' | '.join(flow)} | |",
            f"| | thousand EUR | {' | '.join(cost)} | {told(choice, 'weeks ahead')} |",
            f"| | more than the least | {' | '.join(more)} | |",
            f"| | service level of the whole peak, % | {' | '.join(whole)} | |",
        ]
    return [
        *lines,
        "",
        f"By Erlang A the peak lacks {agents_missing(asked):.1f} agents as good as those who are there. "
        f"{asked['batches']} batches of {asked['replications']} peaks; ± is half a 95 % interval.",
    ]


if __name__ == "__main__":
    main()
