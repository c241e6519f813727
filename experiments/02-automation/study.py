"""Run the study: at every containment find the agents that keep the service level, and what they and the bot cost.

`python experiments/02-automation/study.py`; points that are there already are not simulated again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import mean
from typing import Any, Final

from ccsim import api

sys.path.append(str(Path(__file__).parents[2]))
from experiments.studies import PEOPLE, Points, Study, crossing, fewest_people, interval, picture, plus_minus, study

DESK: Final = Path(__file__).with_name("desk.yaml")
LOOKS: Final = ("o-", "s--", "^:")
COST: Final = "cost_per_day"
"""Cost a day, agents and bot, GBP."""
RESOLVED: Final = "case_resolution"
"""Share of cases resolved."""


def main() -> None:
    made = study(__file__, __doc__)
    asked = made.asked
    keys = [(batch, *bot) for bot in bots(asked) for batch in range(asked["batches"])]
    points = Points.of(made, DESK, ("batch", "contained", "falsely"), len(keys))
    guess = mean(asked["agents"])
    found: Found = {}
    for key in keys:
        found[key] = point(asked, points, *key, guess)
        guess = found[key][PEOPLE]
    draw(made, found)
    made.says(table(asked, found))


# ---- Simulation
# -----------------------------------------------------------------------------------------------------------

Found = dict[tuple[int, int, int], dict[str, float]]
"""What each batch of replications says of each bot, at the service level that is kept: by batch, by contained of the
sessions (0 without a bot) and by falsely contained of those, %."""


def bots(asked: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    """Contained and falsely contained, per cent; first without a bot."""
    yield 0, 0
    for falsely in asked["falsely_contained"]:
        for contained in asked["contained"]:
            yield contained, falsely


def point(
    asked: Mapping[str, Any], points: Points, batch: int, contained: int, falsely: int, guess: float
) -> dict[str, float]:
    """The fewest agents from 08:00 to 20:00 that keep the service level; the same customers come with any bot."""

    def simulate(agents: int) -> dict[str, float]:
        settings = [f"pools.desk.staffing=[[00:00, 0], [08:00, {agents}], [20:00, 0]]"]
        if contained:
            settings += [f"bots.helper.contained={contained}%", f"bots.helper.falsely_contained={falsely}%"]
        run = api.run(
            DESK,
            replications=asked["replications"],
            seed=asked["seed"] + batch,
            variants=[asked["variant"]] if contained else [],
            settings=settings,
        )
        names = ("service_level", COST, RESOLVED, "repeat_rate")
        return {name: float(run.estimate(name)["estimate"]) for name in names}

    target = asked["service_level"] / 100
    key = (batch, contained, falsely)
    return points.get(key, lambda: fewest_people(simulate, "service_level", target, asked["agents"], guess))


# ---- What they say --------------------------------------------------------------------------------------------------


def curve(asked: Mapping[str, Any], found: Found, falsely: int, value: str) -> list[list[float]]:
    """By containment, the first without a bot: a value of each batch."""
    places = [(0, 0), *((contained, falsely) for contained in asked["contained"])]
    return [[found[batch, *place][value] for batch in range(asked["batches"])] for place in places]


def savings(asked: Mapping[str, Any], found: Found, falsely: int) -> list[list[float]]:
    """What the bot saves a day against the desk without one, GBP, by containment and batch."""
    without, *with_bot = curve(asked, found, falsely, COST)
    return [[base - cost for base, cost in zip(without, costs, strict=True)] for costs in with_bot]


def break_even(asked: Mapping[str, Any], saved: list[list[float]]) -> list[float] | None:
    """Containment at which each batch neither saves nor loses, per cent; None where the curve does not cross 0."""
    places = [crossing(asked["contained"], [one[batch] for one in saved]) for batch in range(asked["batches"])]
    found = [one for one in places if one is not None]
    return found if len(found) == len(places) else None


def draw(made: Study, found: Found) -> None:
    """What the bot saves, and what becomes of the cases, by containment."""
    asked = made.asked
    with picture(made, 7.2, 3.3) as figure:
        money, cases = figure.subplots(1, 2)
        for falsely, look in zip(asked["falsely_contained"], LOOKS, strict=False):
            said = f"{falsely} % of it false"
            saved = [interval(one) for one in savings(asked, found, falsely)]
            money.errorbar(asked["contained"], [one for one, _ in saved], yerr=[half for _, half in saved], fmt=look,
                           capsize=3, label=said)  # fmt: skip
            resolved = [interval([100 * one for one in each]) for each in curve(asked, found, falsely, RESOLVED)]
            cases.errorbar([0, *asked["contained"]], [one for one, _ in resolved], yerr=[half for _, half in resolved],
                           fmt=look, capsize=3, label=said)  # fmt: skip
        money.axhline(0, color="0.5", linewidth=0.8)
        money.set_title("Saved at the same service level, GBP a day", loc="left", fontsize=9)
        cases.set_title("Cases resolved, %", loc="left", fontsize=9)
        for axes in (money, cases):
            axes.set_xlabel("contained, % of sessions")
        money.legend(frameon=False)


def table(asked: Mapping[str, Any], found: Found) -> list[str]:
    lines = [
        "| falsely contained | breaks even at | agents at 30 % | saved at 30 % | saved at 60 % | resolved at 60 % |",
        "|---|---|---|---|---|---|",
    ]
    at = {contained: place for place, contained in enumerate(asked["contained"])}
    for falsely in asked["falsely_contained"]:
        saved = savings(asked, found, falsely)
        even = break_even(asked, saved)
        agents = curve(asked, found, falsely, PEOPLE)[1:]
        resolved = curve(asked, found, falsely, RESOLVED)[1:]
        lines.append(
            f"| {falsely} % | {plus_minus(even, 1, '% of sessions') if even else 'nowhere here'} "
            f"| {plus_minus(agents[at[30]], 1)} | {plus_minus(saved[at[30]], 0, 'GBP a day')} "
            f"| {plus_minus(saved[at[60]], 0, 'GBP a day')} "
            f"| {plus_minus([100 * one for one in resolved[at[60]]], 1, '%')} |"
        )
    agents, resolved = (curve(asked, found, asked["falsely_contained"][0], one)[0] for one in (PEOPLE, RESOLVED))
    return [
        *lines,
        "",
        f"Without a bot: {plus_minus(agents, 1)} agents, {plus_minus([100 * one for one in resolved], 1, '%')} of the "
        f"cases resolved. {asked['batches']} batches of {asked['replications']} replications; ± is half a 95 % "
        "interval.",
    ]


if __name__ == "__main__":
    main()
