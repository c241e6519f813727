"""Run the study: the fewest agents that keep the service level, by the number of skills that each of them has.

`python experiments/04-cross-training/study.py`; points that are there already are not simulated again.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ccsim import api

sys.path.append(str(Path(__file__).parents[2]))
from experiments.studies import (
    PEOPLE,
    Points,
    Study,
    decided,
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
KINDS: Final = ("accounts", "billing", "cards", "delivery", "orders", "technical")
LOOKS: Final = ("o-", "s--", "^:")
CHAIN, PAIRS = "chain", "pairs"
HOURLY_PAY: Final = 20


def main() -> None:
    made = study(__file__, __doc__)
    asked = made.asked
    wanted = asked["batches"] * len(asked["days"]) * (len(asked["skills"]) + 1)
    points = Points.of(made, DESK, ("batch", "days", "form", "skills"), wanted)
    found = {
        (days, form, skills): [point(asked, points, batch, days, form, skills) for batch in range(asked["batches"])]
        for days in asked["days"]
        for form, skills in [*((CHAIN, one) for one in asked["skills"]), (PAIRS, asked["pairs"])]
    }
    draw(made, found)
    made.says(table(asked, found))


# ---- Simulation
# -----------------------------------------------------------------------------------------------------------


def skills_of(place: int, form: str, skills: int) -> list[str]:
    """Kinds of calls of a pool: its own first, then the next ones, or the other of its pair."""
    if form == PAIRS:
        return [KINDS[place], KINDS[place ^ 1]]
    return [KINDS[(place + step) % len(KINDS)] for step in range(skills)]


def point(asked: Mapping[str, Any], points: Points, batch: int, days: str, form: str, skills: int) -> float:
    """The fewest agents of all six pools that keep the service level over all calls."""
    day = asked["days"][days]

    def simulate(agents: int) -> dict[str, float]:
        settings = []
        for place, kind in enumerate(KINDS):
            own, *others = skills_of(place, form, skills)
            learned = "".join(f", {one}: {{level: 2, handle_time: {day['longer']}}}" for one in others)
            settings += [
                f"pools.{kind}.staffing={agents * (place + 1) // len(KINDS) - agents * place // len(KINDS)}",
                f"pools.{kind}.skills={{{own}: 1{learned}}}",
            ]
            if day["day_cv"]:
                settings.append(f"demand.{kind}.day_cv={day['day_cv']}")
        run = api.run(DESK, replications=asked["replications"], seed=asked["seed"] + batch, settings=settings)
        return {"service_level": float(run.estimate("service_level")["estimate"])}

    target = asked["service_level"] / 100
    guess = 52.0 - 2 * skills
    key = (batch, days, form, skills)
    return points.get(key, lambda: fewest_people(simulate, "service_level", target, asked["agents"], guess))[PEOPLE]


# ---- What they say --------------------------------------------------------------------------------------------------

Found = dict[tuple[str, str, int], list[float]]


def by_theory(calls: float, asked: Mapping[str, Any]) -> float:
    """Fewest agents of one pool for so many calls a minute, by Erlang A."""
    return erlang_a_agents(asked["service_level"] / 100, calls=calls, handle_time=5.0, patience=3.0, within=1 / 3)


def reached(found: Found, days: str, form: str, skills: int) -> list[float]:
    """How much of what all six skills save is saved, %, by batch."""
    one, all_ = found[days, CHAIN, 1], found[days, CHAIN, len(KINDS)]
    these = found[days, form, skills]
    return [100 * (a - b) / (a - c) for a, b, c in zip(one, these, all_, strict=True)]


def saved(asked: Mapping[str, Any], found: Found, days: str, skills: int, more_pay: float) -> list[float]:
    """What these skills save a day against one skill each, GBP, with so much more pay for each further skill, %."""
    pay = 24 * HOURLY_PAY
    return [
        pay * (one - these * (1 + more_pay / 100 * (skills - 1)))
        for one, these in zip(found[days, CHAIN, 1], found[days, CHAIN, skills], strict=True)
    ]


def draw(made: Study, found: Found) -> None:
    asked = made.asked
    numbers = asked["skills"]
    with picture(made, 7.6, 3.7) as figure:
        people, money = figure.subplots(1, 2)
        for days, look in zip(asked["days"], LOOKS, strict=False):
            means = [interval(found[days, CHAIN, one]) for one in numbers]
            line = people.errorbar(numbers, [one for one, _ in means], yerr=[half for _, half in means], fmt=look,
                                   capsize=3, label=days)  # fmt: skip
            middle, half = interval(found[days, PAIRS, asked["pairs"]])
            people.errorbar(asked["pairs"] + 0.15, middle, yerr=half, fmt="x", capsize=3, color=line[0].get_color())
        people.plot([], [], "x", color="0.3", label="two skills in closed pairs")
        people.set_title("Agents on the line that keep the service level", loc="left", fontsize=9)
        people.legend(frameon=False, title="a day's calls")
        last = list(asked["days"])[-1]
        ends: dict[str, float] = {}
        for more_pay, look in zip(asked["pay_per_skill"], LOOKS, strict=False):
            means = [interval(saved(asked, found, last, one, more_pay)) for one in numbers]
            money.errorbar(numbers, [one for one, _ in means], yerr=[half for _, half in means], fmt=look, capsize=3)
            best = max(range(len(numbers)), key=lambda i: means[i][0])
            ends[f"{more_pay} % more pay\nfor each further skill"] = means[-1][0]
            money.plot(numbers[best], means[best][0], "o", markersize=12, markerfacecolor="none", color="0.2")
        label_ends(money, numbers[-1], ends)
        money.axhline(0, color="0.5", linewidth=0.8)
        money.set_xlim(0.7, 9.3)
        money.set_title(f"Saved, GBP a day ({last});\ncircle: the most", loc="left", fontsize=9)
        for axes in (people, money):
            axes.set_xticks(numbers)
            axes.set_xlabel("skills of each agent")


def table(asked: Mapping[str, Any], found: Found) -> list[str]:
    lines = [
        "| a day's calls | one skill | two, in pairs | two, in a chain | three | all six "
        "| pairs reach | the chain reaches | three reach |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for days in asked["days"]:
        agents = [(CHAIN, 1), (PAIRS, 2), (CHAIN, 2), (CHAIN, 3), (CHAIN, 6)]
        parts = [(PAIRS, 2), (CHAIN, 2), (CHAIN, 3)]
        cells = [plus_minus(found[days, *one], 1) for one in agents]
        cells += [plus_minus(reached(found, days, *one), 0, "%") for one in parts]
        lines.append(f"| {days} | {' | '.join(cells)} |")
    lines += [
        "",
        "Agents on the line; a part *reached* is that of what all six skills save. By Erlang A, with days as forecast: "
        f"{6 * by_theory(1.2, asked):.1f} agents with one skill, {by_theory(7.2, asked):.1f} with all six. "
        f"{asked['batches']} batches of {asked['replications']} weeks; ± is half a 95 % interval.",
        "",
        f"| more pay for each further skill | {' | '.join(f'{one} skills' for one in asked['skills'][1:])} | most |",
        f"|---|{'---|' * len(asked['skills'])}",
    ]
    last = list(asked["days"])[-1]
    for more_pay in asked["pay_per_skill"]:
        by_skills = {one: saved(asked, found, last, one, more_pay) for one in asked["skills"][1:]}
        cells = [plus_minus(one, 0) + ("" if decided(one) else ", not decided") for one in by_skills.values()]
        most = least({one: [-each for each in values] for one, values in by_skills.items()})
        lines.append(f"| {more_pay} % | {' | '.join(cells)} | {told(most, 'skills')} |")
    return [*lines, "", f"Saved against one skill, GBP a day, with days {last}."]


if __name__ == "__main__":
    main()
