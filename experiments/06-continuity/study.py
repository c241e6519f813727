"""Run the study: what plans for the loss of a site cost in a year, and what they save on a bad day.

`python experiments/06-continuity/study.py`; points that are there already are not simulated again.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ccsim import api
from ccsim.units import HOUR

sys.path.append(str(Path(__file__).parents[2]))
from experiments.studies import Points, Study, decided, interval, label_ends, picture, plus_minus, study

DESK: Final = Path(__file__).with_name("desk.yaml")
DAY: Final = "2026-09-09"
NOTHING: Final = "nothing"
CALLED: Final = "called in"
HOURS: Final = range(8, 20)


def main() -> None:
    made = study(__file__, __doc__)
    asked = made.asked
    plans = [NOTHING, *asked["plans"]]
    points = Points.of(made, DESK, ("batch", "plan", "bad"), 2 * asked["batches"] * len(plans))
    found = {
        plan: [
            (point(asked, points, batch, plan, False), point(asked, points, batch, plan, True))
            for batch in range(asked["batches"])
        ]
        for plan in plans
    }
    draw(made, found)
    made.says(table(asked, found))


def point(asked: Mapping[str, Any], points: Points, batch: int, plan: str, bad: bool) -> dict[str, float]:
    """A Wednesday with a plan, as usual or with the site lost."""
    held = asked["plans"].get(plan)
    variants = [held["variant"]] if held and (bad or held["every_day"]) else []
    if bad:
        variants.append(asked["outage"])  # last: a plan that replaces a curve drops what was changed of it

    def simulate() -> dict[str, float]:
        run = api.run(DESK, replications=asked["replications"], seed=asked["seed"] + batch, variants=variants)
        kpis = ("service_level", "arrived_per_day", "repeat_rate", "case_resolution", "cost_per_day")
        found = {name: float(run.estimate(name)["estimate"]) for name in kpis}
        called = held and bad and not held["every_day"]
        found["called_cost"] = float(run.estimate("cost_per_day", "pool", "called")["estimate"]) if called else 0.0
        hours = api.by_interval(run, "abandonment", every=HOUR)
        return found | {f"abandonment_{one}": float(hours["estimate"].iloc[one]) for one in HOURS}

    return points.get((batch, plan, bad), simulate)


# ---- What they say --------------------------------------------------------------------------------------------------

Found = dict[str, list[tuple[dict[str, float], dict[str, float]]]]


def lost(day: Mapping[str, float]) -> float:
    """Cases of a day whose customers give up for good."""
    return day["arrived_per_day"] * (1 - day["repeat_rate"]) * (1 - day["case_resolution"])


def more_lost(found: Found, plan: str) -> list[float]:
    """Cases that a bad day costs with a plan beyond a usual day without one, by batch."""
    usual = [lost(one) for one, _ in found[NOTHING]]
    return [lost(bad) - base for (_, bad), base in zip(found[plan], usual, strict=True)]


def held(asked: Mapping[str, Any], found: Found, plan: str, worth: float) -> list[float]:
    """What it costs in a year without a bad day to hold a plan ready, less what it saves on usual days, by batch."""
    month = asked["plans"].get(plan, {}).get("month", 0)
    return [
        12 * month
        + asked["working_days"]
        * (usual["cost_per_day"] - base["cost_per_day"] + worth * (lost(usual) - lost(base)))
        for (usual, _), (base, _) in zip(found[plan], found[NOTHING], strict=True)
    ]  # fmt: skip


def bad_day(found: Found, plan: str, worth: float) -> list[float]:
    """What a bad day costs with a plan beyond a usual one with it: cases lost, and who is called, by batch."""
    return [worth * (lost(bad) - lost(usual)) + bad["called_cost"] for usual, bad in found[plan]]


def yearly(asked: Mapping[str, Any], found: Found, plan: str, worth: float, bad_days: float) -> list[float]:
    """What a year with so many bad days costs beyond one without any and without a plan, by batch."""
    return [
        fixed + bad_days * one
        for fixed, one in zip(held(asked, found, plan, worth), bad_day(found, plan, worth), strict=True)
    ]


def pays_from(asked: Mapping[str, Any], found: Found, plan: str, other: str, worth: float) -> list[float]:
    """Bad days a year from which on a plan is cheaper than another, by batch; infinite where it never is."""
    return [
        (fixed - other_fixed) / (other_one - one) if other_one > one else float("inf")
        for fixed, other_fixed, one, other_one in zip(
            held(asked, found, plan, worth), held(asked, found, other, worth),
            bad_day(found, plan, worth), bad_day(found, other, worth), strict=True)
    ]  # fmt: skip


def draw(made: Study, found: Found) -> None:
    asked = made.asked
    worth = asked["lost_case"][-1]
    with picture(made, 7.8, 3.7) as figure:
        day, year = figure.subplots(1, 2)
        ends: dict[str, float] = {}
        for number, (plan, days) in enumerate(found.items()):
            look: dict[str, Any] = {"color": f"C{number}", "fmt": "os^D"[number] + "-", "markersize": 4}
            hours = [interval([100 * bad[f"abandonment_{one}"] for _, bad in days]) for one in HOURS]
            day.errorbar([one + 0.5 for one in HOURS], [one for one, _ in hours], yerr=[half for _, half in hours],
                         label=plan, capsize=2, **look)  # fmt: skip
            costs = [interval([one / 1000 for one in yearly(asked, found, plan, worth, n)]) for n in asked["bad_days"]]
            year.errorbar(asked["bad_days"], [one for one, _ in costs], yerr=[half for _, half in costs], capsize=2,
                          **look)  # fmt: skip
            ends[plan] = costs[-1][0]
        label_ends(year, asked["bad_days"][-1], ends)
        day.axvline(10, color="0.5", linewidth=0.8)
        day.annotate("site lost", (10, 0), (3, 3), textcoords="offset points", color="0.3", fontsize=8)
        day.legend(frameon=False, title="held ready", loc="upper left", ncols=2, fontsize=8)
        day.set_xlabel("hour of the bad day")
        day.set_ylim(0, 90)
        day.set_title("Customers who abandon, %", loc="left", fontsize=9)
        year.set_xlim(right=asked["bad_days"][-1] * 1.62)
        year.set_xticks(asked["bad_days"])
        year.set_xlabel("bad days a year")
        year.set_title(f"Cost of a year, thousand GBP: what is held\nready, and {worth} GBP for each case lost",
                       loc="left", fontsize=9)  # fmt: skip


def table(asked: Mapping[str, Any], found: Found) -> list[str]:
    worths = asked["lost_case"]
    heads = ["held ready", "service level of the bad day", "cases it loses", "fewer than with nothing"]
    heads += ["cost of who is called, GBP a bad day", "held ready for a year, thousand GBP"]
    heads += [f"pays against nothing, a case at {one} GBP" for one in worths]
    heads += [f"pays against {CALLED}, a case at {one} GBP" for one in worths]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for plan, days in found.items():
        cells = [
            plus_minus([100 * bad["service_level"] for _, bad in days], 1, "%"),
            plus_minus(more_lost(found, plan), 0),
        ]
        if plan == NOTHING:
            cells += [""] * (len(heads) - 1 - len(cells))
        else:
            fewer = [a - b for a, b in zip(more_lost(found, NOTHING), more_lost(found, plan), strict=True)]
            cells += [
                plus_minus(fewer, 0) + ("" if decided(fewer) else ", not decided"),
                plus_minus([bad["called_cost"] for _, bad in days], 0),
                plus_minus([one / 1000 for one in held(asked, found, plan, 0)], 1),
            ]
            cells += [from_(pays_from(asked, found, plan, NOTHING, worth), asked["working_days"]) for worth in worths]
            cells += [
                "" if plan == CALLED else from_(pays_from(asked, found, plan, CALLED, worth), asked["working_days"])
                for worth in worths
            ]
        lines.append(f"| {plan} | {' | '.join(cells)} |")
    usual = plus_minus([100 * one["service_level"] for one, _ in found[NOTHING]], 1, "%")
    cases = plus_minus([lost(one) for one, _ in found[NOTHING]], 1)
    return [
        *lines,
        "",
        f"A usual Wednesday: service level {usual}, {cases} cases lost. Cases that a bad day loses are counted beyond "
        f"those. {asked['batches']} batches of {asked['replications']} days; ± is half a 95 % interval.",
    ]


def from_(values: list[float], most: float) -> str:
    """From how many bad days a year on a plan pays, of `most` at most."""
    if min(values) > most:
        return "never"
    if max(values) == float("inf"):
        return "never, or not decided"
    return plus_minus(values, 1, "days a year") if interval(values)[0] > 0 else "from the first"


if __name__ == "__main__":
    main()
