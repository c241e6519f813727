"""Run the study: the fewest agents that keep the service level and the time of a customer, by chats at a time.

`python experiments/05-chat-concurrency/study.py`; points that are there already are not simulated again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

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

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DESK: Final = Path(__file__).with_name("desk.yaml")
LOOKS: Final = ("o-", "s--", "^:")
LOAD: Final = 2.5 * 8
"""Agents' time that chats ask for each minute, one at a time, in minutes."""


def main() -> None:
    made = study(__file__, __doc__)
    asked = made.asked
    wanted = asked["batches"] * len(asked["chats"]) * len(asked["concurrency"])
    points = Points.of(made, DESK, ("batch", "chats", "concurrency"), wanted)
    found = {
        (chats, at_once): [point(asked, points, batch, chats, at_once) for batch in range(asked["batches"])]
        for chats in asked["chats"]
        for at_once in asked["concurrency"]
    }
    draw(made, found)
    made.says(table(asked, found))


def point(asked: Mapping[str, Any], points: Points, batch: int, chats: str, at_once: int) -> dict[str, float]:
    """The fewest agents that keep the service level with so many chats at a time."""
    speed: Sequence[float] = asked["chats"][chats][:at_once]

    def simulate(agents: int) -> dict[str, float]:
        run = api.run(
            DESK,
            replications=asked["replications"],
            seed=asked["seed"] + batch,
            settings=[
                f"channels.chat.concurrency={at_once}",
                f"channels.chat.speed={list(speed)}",
                f"pools.desk.staffing={agents}",
            ],
        )
        names = {"service_level": "service_level", "cost": "cost_per_contact", "wait": "asa", "chat": "aht"}
        return {name: float(run.estimate(kpi)["estimate"]) for name, kpi in names.items()}

    guess = LOAD / speed[-1] / at_once + 2
    target = asked["service_level"] / 100
    return points.get(
        (batch, chats, at_once), lambda: fewest_people(simulate, "service_level", target, asked["agents"], guess)
    )


# ---- What they say --------------------------------------------------------------------------------------------------

Found = dict[tuple[str, int], list[dict[str, float]]]


def values(found: Found, chats: str, at_once: int, value: str) -> list[float]:
    return [one[value] for one in found[chats, at_once]]


def minutes(found: Found, chats: str, at_once: int) -> list[float]:
    """A customer's time from the request to the end of the chat, minutes."""
    return [(one["wait"] + one["chat"]) / 60 for one in found[chats, at_once]]


def fewest(asked: Mapping[str, Any], found: Found, chats: str) -> tuple[int, list[int]]:
    """Chats at a time that take the fewest agents, and those that cannot be told from it."""
    return least({one: values(found, chats, one, PEOPLE) for one in asked["concurrency"]})


def draw(made: Study, found: Found) -> None:
    asked = made.asked
    numbers = asked["concurrency"]
    with picture(made, 7.6, 3.6) as figure:
        people, customers = figure.subplots(1, 2)
        panels: dict[Axes, Callable[[str, int], list[float]]] = {
            people: lambda chats, at_once: values(found, chats, at_once, PEOPLE),
            customers: lambda chats, at_once: minutes(found, chats, at_once),
        }
        for axes, value in panels.items():
            ends = {}
            for chats, look in zip(asked["chats"], LOOKS, strict=False):
                shown = [interval(value(chats, one)) for one in numbers]
                axes.errorbar(numbers, [one for one, _ in shown], yerr=[half for _, half in shown], fmt=look, capsize=3)
                best, _ = fewest(asked, found, chats)
                axes.plot(best, shown[numbers.index(best)][0], "o", markersize=12, markerfacecolor="none", color="0.2")
                ends[f"{chats} chats"] = shown[-1][0]
            axes.set_ylim(bottom=0)
            label_ends(axes, numbers[-1], ends)
        people.set_title("Agents that answer 80 % within 30 s\n(circle: the fewest)", loc="left", fontsize=9)
        customers.set_title("A customer's time, wait and chat, minutes", loc="left", fontsize=9)
        for axes in (people, customers):
            axes.set_xticks(numbers)
            axes.set_xlim(0.7, numbers[-1] + 1.7)
            axes.set_xlabel("chats at a time, at most")


def table(asked: Mapping[str, Any], found: Found) -> list[str]:
    numbers = asked["concurrency"]
    lines = [
        f"| chats | | {' | '.join(f'{one} at a time' for one in numbers)} | the fewest agents |",
        f"|---|---|{'---|' * (len(numbers) + 1)}",
    ]
    for chats, speed in asked["chats"].items():
        flow = [place * one for place, one in enumerate(speed, 1)][: len(numbers)]
        rows = {
            f"{chats} | agents": [plus_minus(values(found, chats, one, PEOPLE), 1) for one in numbers],
            " | chats' work done at once": [f"{one:.2f}" for one in flow],
            " | least agents by flow": [f"{LOAD / max(flow[:one]):.1f}" for one in numbers],
            " | GBP a chat": [plus_minus(values(found, chats, one, "cost"), 2) for one in numbers],
            " | minutes of a customer": [plus_minus(minutes(found, chats, one), 1) for one in numbers],
        }
        said = [told(fewest(asked, found, chats), "at a time"), *[""] * (len(rows) - 1)]
        lines += [
            f"| {head} | {' | '.join(row)} | {one} |" for (head, row), one in zip(rows.items(), said, strict=True)
        ]
    target = asked["service_level"] / 100
    agents = erlang_a_agents(target, calls=2.5, handle_time=8.0, patience=3.0, within=0.5)
    return [
        *lines,
        "",
        f"With one at a time Erlang A says {agents:.1f} agents. "
        f"{asked['batches']} batches of {asked['replications']} times four days; ± is half a 95 % interval.",
    ]


if __name__ == "__main__":
    main()
