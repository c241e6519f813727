"""Run the study: what handing Dublin's night to Sydney saves at the same service, by the length of calls there.

`python experiments/03-follow-the-sun/study.py`; points that are there already are not simulated again.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

from ccsim import api

sys.path.append(str(Path(__file__).parents[2]))
from experiments.studies import (
    PEOPLE,
    Points,
    Study,
    crossing,
    decided,
    erlang_a_agents,
    fewest_people,
    interval,
    label_ends,
    picture,
    plus_minus,
    study,
)

NIGHT: Final = Path(__file__).with_name("night.yaml")
LOOKS: Final = ("o-", "s--", "^:")
ALONE: Final = 0.0
"""In the place of the factor: each site answers its own calls."""


def main() -> None:
    made = study(__file__, __doc__)
    asked = made.asked
    points = Points.of(made, NIGHT, ("batch", "site", "night_calls", "longer"), count(asked))
    saved = {
        (calls, premium): savings(asked, points, calls, premium)
        for calls in asked["night_calls"]
        for premium in asked["night_premium"]
    }
    draw(made, saved)
    made.says(table(asked, points, saved))


def count(asked: dict[str, Any]) -> int:
    return int(asked["batches"] * (1 + len(asked["night_calls"]) * (1 + len(asked["longer"]))))


# ---- Simulation
# -----------------------------------------------------------------------------------------------------------


def cost(premium: float) -> str:
    """Name of the cost a day with a night premium, %."""
    return f"cost_{premium}"


def point(asked: dict[str, Any], points: Points, batch: int, site: str, calls: int, longer: float) -> dict[str, float]:
    """The fewest agents of a site that keep the service level, and what they cost a day."""

    def simulate(agents: int) -> dict[str, float]:
        clock = {
            "dublin": "[[00:00, {0}], [06:00, 0], [22:00, {0}]]",
            "sydney": "[[00:00, 0], [07:00, {0}], [15:00, 0]]",
        }
        settings = [
            f"pools.{site}.staffing={clock[site].format(agents)}",
            f"demand.dublin.rates.steps=[[00:00, {calls}], [06:00, 0], [22:00, {calls}]]",
        ]
        if longer != ALONE:
            settings.append(f"pools.sydney.skills.dublin.handle_time={longer}")
        scope = ("all", "all") if longer != ALONE else ("workflow", site)
        found: dict[str, float] = {}
        for premium in asked["night_premium"]:
            if site == "dublin" or not found:
                run = api.run(
                    NIGHT,
                    replications=asked["replications"],
                    seed=asked["seed"] + batch,
                    variants=[] if longer == ALONE else ["handed_over"],
                    settings=[*settings, f"vendors.irish.premiums.night={premium}%"],
                )
                found["service_level"] = float(run.estimate("service_level", *scope)["estimate"])
            found[cost(premium)] = float(run.estimate("cost_per_day", "pool", site)["estimate"])
        return found

    load = (calls * max(longer, 1) if site == "dublin" or longer != ALONE else 0) + (60 if site == "sydney" else 0)
    guess = load / 10 + 1
    key = (batch, site, calls, longer)
    target = asked["service_level"] / 100
    return points.get(key, lambda: fewest_people(simulate, "service_level", target, asked["agents"][site], guess))


def apart(asked: dict[str, Any], points: Points, batch: int, calls: int) -> tuple[dict[str, float], dict[str, float]]:
    """Dublin by night and Sydney by day, each by itself."""
    first = asked["night_calls"][0]
    return (
        point(asked, points, batch, "dublin", calls, ALONE),
        point(asked, points, batch, "sydney", first, ALONE),  # whatever Dublin's night is
    )


def savings(asked: dict[str, Any], points: Points, calls: int, premium: float) -> list[list[float]]:
    """What handing over saves a day, EUR, by factor and batch."""
    found: list[list[float]] = []
    name = cost(premium)
    for longer in asked["longer"]:
        found.append([])
        for batch in range(asked["batches"]):
            together = point(asked, points, batch, "sydney", calls, longer)
            found[-1].append(sum(one[name] for one in apart(asked, points, batch, calls)) - together[name])
    return found


# ---- What they say --------------------------------------------------------------------------------------------------


def agents_by_theory(calls: float, handle_time_s: float, target: float) -> float:
    return erlang_a_agents(target, calls=calls / 3600, handle_time=handle_time_s, patience=180.0, within=30.0)


def by_theory(asked: dict[str, Any], calls: int, premium: float) -> float | None:
    """Factor at which handing over neither saves nor costs, by Erlang A: agents alone, no overtime."""
    target = asked["service_level"] / 100
    night = 24 * (1 + premium / 100)
    apart_cost = night * agents_by_theory(calls, 360, target) + 29 * agents_by_theory(60, 360, target)
    saved = []
    for longer in asked["longer"]:
        mean_s = 360 * (60 + calls * longer) / (60 + calls)
        saved.append(apart_cost - 29 * agents_by_theory(60 + calls, mean_s, target))
    return crossing(asked["longer"], saved)


Saved = dict[tuple[int, float], list[list[float]]]


def middle(asked: dict[str, Any]) -> float:
    """The night premium that the picture has, %."""
    premiums: list[float] = asked["night_premium"]
    return premiums[len(premiums) // 2]


def draw(made: Study, saved: Saved) -> None:
    """What handing over saves, by the length of calls, a line for each size of the night."""
    asked = made.asked
    places = asked["longer"]
    lines = {calls: saved[calls, middle(asked)] for calls in asked["night_calls"]}
    with picture(made, 7.2, 3.6) as figure:
        axes = figure.subplots()
        for values, look in zip(lines.values(), LOOKS, strict=False):
            found = [interval(one) for one in values]
            axes.errorbar([100 * (place - 1) for place in places], [one for one, _ in found],
                          yerr=[half for _, half in found], fmt=look, capsize=3)  # fmt: skip
        axes.axhline(0, color="0.5", linewidth=0.8)
        ends = {f"{calls} calls an hour": interval(values[-1])[0] for calls, values in lines.items()}
        label_ends(axes, 100 * (places[-1] - 1), ends)
        axes.set_xlim(right=100 * (places[-1] - 1) + 22)
        axes.set_xlabel("a Dublin call takes longer in Sydney by, %")
        axes.set_title("Saved by handing Dublin's night to Sydney at the same service level, EUR a day\n"
                       "(below 0 it costs; bars: 95 % intervals)", loc="left", fontsize=9)  # fmt: skip


def table(asked: dict[str, Any], points: Points, saved: Saved) -> list[str]:
    premiums = asked["night_premium"]
    heads = ["night, calls an hour", "agents in Dublin alone", "more agents in Sydney, calls as long"]
    heads += ["saved, calls as long", "saved, 40 % longer"]
    heads += [f"neither saves nor costs, premium {one} %" for one in premiums] + ["by Erlang A"]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    batches = range(asked["batches"])
    for calls in asked["night_calls"]:
        alone = [apart(asked, points, batch, calls) for batch in batches]
        more = [
            point(asked, points, batch, "sydney", calls, 1.0)[PEOPLE] - alone[batch][1][PEOPLE] for batch in batches
        ]
        values = saved[calls, middle(asked)]
        cells = [plus_minus([one[0][PEOPLE] for one in alone], 1), plus_minus(more, 1)]
        cells += [shown(values[0]), shown(values[asked["longer"].index(1.4)])]
        cells += [longer_by(asked, [even(asked, saved[calls, one], batch) for batch in batches]) for one in premiums]
        foreseen = [by_theory(asked, calls, one) for one in premiums]
        cells.append(", ".join("beyond" if one is None else f"{100 * (one - 1):.1f} %" for one in foreseen))
        lines.append(f"| {calls} | {' | '.join(cells)} |")
    return [
        *lines,
        "",
        f"Saved: EUR a day with a premium of {middle(asked)} %. {asked['batches']} batches of {asked['replications']} "
        "weeks; ± is half a 95 % interval.",
    ]


def even(asked: dict[str, Any], values: list[list[float]], batch: int) -> float | None:
    """Factor at which a batch neither saves nor costs."""
    return crossing(asked["longer"], [one[batch] for one in values])


def longer_by(asked: dict[str, Any], evens: list[float | None]) -> str:
    """How much longer calls may take, where every batch says so."""
    found = [100 * (one - 1) for one in evens if one is not None]
    if len(found) < len(evens):
        return f"beyond {100 * (asked['longer'][-1] - 1):.0f} % longer" if not found else "not decided"
    return plus_minus(found, 1, "% longer")


def shown(values: list[float]) -> str:
    return plus_minus(values, 0) + ("" if decided(values) else ", not decided")


if __name__ == "__main__":
    main()
