"""Warm transfers: an agent of the first tier stays until one of the second has taken over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..cases import Case
from ..formulas import named, ratio, waits
from ..laws import MINUTE, Law, exponential, mean_of, second_moment
from ..measures import Ask
from ..replications import Asks, Simulation, Steady, relaxation
from ..sums import Wanted
from .ways import handle_law, plenty

TIERS = {"t1": ("calls/t1",), "t2": ("calls/t2",)}
FIRST, SECOND = "first", "second"

MEASURES: Mapping[str, Ask] = {
    "transfers_per_minute": ratio("t2.came", "length", "mean", MINUTE),
    "p_transfer_waits": ratio("t2.waited", "t2.came"),
    "mean_wait_for_t2": ratio(waits("t2"), "t2.came", "mean", 1 / MINUTE),
    "t1_agents_held_waiting_for_t2": ratio("t1.warm_wait_us", "length", "mean"),
    "pairs_in_hand_over": ratio("t1.hand_over_us", "length", "mean"),
    "t1_agent_minutes_per_contact": ratio(f"{FIRST}:held_us", f"{FIRST}:answered", "mean", 1 / MINUTE),
    "t2_agent_minutes_per_transfer": ratio(f"{SECOND}:held_us", f"{SECOND}:answered", "mean", 1 / MINUTE),
    "mean_t1_agents_busy": ratio(f"{FIRST}:in_hand_us", "length", "mean"),
    "mean_t2_agents_busy": ratio(f"{SECOND}:in_hand_us", "length", "mean"),
    "agent_minutes_per_contact": ratio(["t1.talk_us", "t2.talk_us"], "t1.answered", "mean", 1 / MINUTE),
    "customer_minutes_per_contact": ratio(
        [*waits("t1"), "t1.talk_us", "t2.talk_us", "-t2.hand_over_us"], "t1.came", "mean", 1 / MINUTE
    ),
}
"""The wait for the second tier lies in the talk of the first, as the time for which its agent stays."""


def warm(case: Case) -> list[Simulation]:
    """Two tiers, of agents of their own or of more than are ever needed."""
    model = case.model
    rate = float(model["contacts_per_minute"])
    if "t1" in model:
        share = float(model["warm_transfer_share_of_t1_visits"])
        first = _law(model["t1"], "talk_minutes_mean")
        hand_over = _law(model["hand_over"], "minutes_mean")
        second = _law(model["t2"], "talk_after_hand_over_minutes_mean")
        agents = (int(model["t1"]["agents"]), int(model["t2"]["agents"]))
    else:
        share = float(model["warm_transfer_share"])
        first, second = (
            exponential(model["t1_talk_minutes_mean"]),
            exponential(model["t2_talk_after_hand_over_minutes_mean"]),
        )
        hand_over = handle_law(str(model["hand_over_law"]), float(model["hand_over_minutes"]))
        both = mean_of(hand_over) * share
        agents = (plenty(rate * (mean_of(first) + both)), plenty(rate * (share * mean_of(second) + both)))
    replications = [_simulate("", rate, share, (first, second), agents, hand_over)]
    if "if_cold" in case.expected:
        replications.append(_simulate("cold", rate, share, (first, second), agents, None))
    return replications


def _law(said: Mapping[str, Any], mean: str) -> Law:
    name = next((str(said[key]) for key in ("talk_law", "law") if key in said), "exponential")
    return handle_law(name, float(said[mean]))


def _simulate(
    name: str, rate: float, share: float, talk: tuple[Law, Law], agents: tuple[int, int], hand_over: Law | None
) -> Simulation:
    first: dict[str, Any] = {"handle_time": talk[0], "escalated": share}
    if hand_over is not None:
        first |= {"warm": 1.0, "hand_over": hand_over}
    said: dict[str, Any] = {
        "scenario": "warm",
        "patience": "never",
        "workflows": {"calls": {"tiers": {"t1": first, "t2": {"handle_time": talk[1]}}}},
        "demand": {"calls": {"per_minute": rate}},
        "pools": {
            FIRST: {"tier": "t1", "staffing": agents[0]},
            SECOND: {"tier": "t2", "staffing": agents[1]},
        },
    }
    together = 0.0 if hand_over is None else mean_of(hand_over)
    relax = handle = 0.0
    for law, part, more, servers in ((talk[0], 1.0, share, agents[0]), (talk[1], share, 1.0, agents[1])):
        mean = mean_of(law) + more * together
        handle = max(handle, mean)
        load = rate * part * mean / servers
        second = second_moment(law) * (mean / mean_of(law)) ** 2
        relax = max(relax, relaxation(rate * part, second, servers, load, mean))
    return Simulation(name, said, _asks(name), Steady(rate, 2 * relax, handle), Wanted(TIERS))


def _asks(name: str) -> Asks:
    def ask(path: tuple[str, ...]) -> Ask | str | None:
        if (path[0] == "if_cold") != (name == "cold"):
            return None
        measure = path[-1]
        if measure in MEASURES:
            return MEASURES[measure]
        for tier, pool in (("t1", FIRST), ("t2", SECOND)):
            if measure.endswith(f"_{tier}"):
                return named(measure.removesuffix(f"_{tier}"), tier, MINUTE, pool) or "no table holds it"
        return "no table holds it"

    return ask
