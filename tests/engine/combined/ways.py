"""From one queue to another: warm and cold transfers, what is sent back, time-outs, vendors with their own quality."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np

from .base import MINUTE, Combination, Move, Ratio, Tables, equilibrium

FOUR_DAYS = 4 * 1440.0

Centre = tuple[int, int, int, int, tuple[bool, ...]]
"""Agents of the first tier in talks, contacts that wait for them, hand-overs, experts in talks of their own, and the
line of the second tier: whether each was handed over warm, so that an agent of the first tier stays with them."""


@cache
def warm_and_cold_and_sent_back() -> Combination:
    """Two tiers: 60 % of the escalated are warm, the second tier sends a fifth back, 15 % begin in a wrong queue.

    A chain over the state above. The wrong queue has agents for all: what comes out of it, and what goes straight to
    the first tier, are a Poisson stream together.
    """
    rate, talk, escalated, warm, expert_talk, back, hand_over, patience = 0.62, 3.0, 0.4, 0.6, 4.0, 0.2, 1.0, 6.0
    agents, experts, most_first, most_second = 3, 2, 9, 9

    def busy(state: Centre) -> int:
        return state[0] + state[2] + sum(state[4])

    def settled(state: Centre) -> Centre:
        """Experts who are free take the next ones, then the agents who are free do."""
        talks, first, handing, expert, line = state
        while line and expert + handing < experts:
            is_warm, line = line[0], line[1:]
            handing, expert = (handing + 1, expert) if is_warm else (handing, expert + 1)
        while first and busy((talks, first, handing, expert, line)) < agents:
            talks, first = talks + 1, first - 1
        return talks, first, handing, expert, line

    def joined(state: Centre) -> tuple[Centre, str]:
        talks, first, *rest = state
        if busy(state) < agents:
            return (talks + 1, first, *rest), "visit"
        if first < most_first:
            return (talks, first + 1, *rest), "visit waited"
        return state, "visit blocked"

    def moves(state: Centre) -> Iterator[Move]:
        talks, first, handing, expert, line = state
        to, names = joined(state)
        yield to, rate, names
        if talks:
            ends = talks / talk
            yield settled((talks - 1, first, handing, expert, line)), ends * (1 - escalated), ""
            free = expert + handing < experts
            if free or len(line) < most_second:
                for is_warm, share in ((True, warm), (False, 1 - warm)):
                    names = f"escalated {'warm' if is_warm else 'cold'} {'' if free else 'waited_for_expert'}"
                    to = settled((talks - 1, first, handing, expert, (*line, is_warm)))
                    yield to, ends * escalated * share, names
            else:
                yield settled((talks - 1, first, handing, expert, line)), ends * escalated, "cut"
        if handing:
            yield settled((talks, first, handing - 1, expert + 1, line)), handing / hand_over, "handed_over"
        if expert:
            after = (talks, first, handing, expert - 1, line)
            yield settled(after), expert / expert_talk * (1 - back), ""
            to, names = joined(after)  # who is sent back joins before the expert looks for work
            yield settled(to), expert / expert_talk * back, f"sent_back {names}"
        if first:
            yield (talks, first - 1, handing, expert, line), first / patience, "abandoned"
        for i in range(len(line)):
            left = (talks, first, handing, expert, line[:i] + line[i + 1 :])
            yield settled(left), 1 / patience, "abandoned_expert"

    chain = equilibrium((0, 0, 0, 0, ()), moves)
    assert chain.rate["cut"] < 1e-6 * rate
    text = """
horizon: {start: 2026-01-05, warm_up: 6h, length: 8d, drain: 1d, interval: 1d}
patience: {law: exponential, mean: 6m}
demand: {calls: {per_minute: 0.62}}
workflows:
  calls:
    misrouted: {wrong: {share: 15%, handle_time: {law: exponential, mean: 1m}}}
    tiers:
      t1:
        handle_time: {law: exponential, mean: 3m}
        escalated: 40%
        warm: 60%
        hand_over: {law: exponential, mean: 1m}
      t2: {handle_time: {law: exponential, mean: 4m}, sent_back: 20%}
  wrong: {handle_time: {law: exponential, mean: 1m}}
queue_groups: {entry: {workflows: [calls], tiers: [t1], max_waiting: 9}}
pools:
  front: {workflows: [calls], tier: t1, staffing: 3}
  back: {workflows: [calls], tier: t2, staffing: 2}
  other: {workflows: [wrong], staffing: 40}
"""
    length = 8 * 1440.0

    def measured(tables: Tables) -> dict[str, Ratio]:
        first, second = {"workflow": "calls", "tier": "t1"}, {"workflow": "calls", "tier": "t2"}
        offered, offered_second = tables.queues("offered", **first), tables.queues("offered", **second)
        warm_visits = tables.queues("warm", **first)
        return {
            "waited for the first tier": (tables.queues("waited", **first), offered),
            "abandoned the first tier": (tables.queues("abandoned", **first), offered),
            "abandoned the second tier": (tables.queues("abandoned", **second), offered_second),
            "occupancy of the first tier": tables.occupancy("front"),
            "occupancy of the second tier": tables.occupancy("back"),
            "waited for the second tier": (tables.queues("waited", **second), offered_second),
            "minutes an agent stays": (tables.queues("warm_wait_us", **first) / MINUTE, warm_visits),
            "minutes of hand-over": (tables.queues("hand_over_us", **first) / MINUTE, warm_visits),
            "sent back": (tables.queues("transferred", **second), tables.queues("arrived")),
            "waiting for the first tier": (tables.queues("waiting_us", **first) / MINUTE, length),
            "waiting for the second tier": (tables.queues("waiting_us", **second) / MINUTE, length),
        }

    happens = chain.rate
    offered = happens["visit"] - happens["blocked"]
    expected = {
        "waited for the first tier": happens["waited"] / offered,
        "abandoned the first tier": happens["abandoned"] / offered,
        "abandoned the second tier": happens["abandoned_expert"] / happens["escalated"],
        "occupancy of the first tier": chain.mean(busy) / agents,
        "occupancy of the second tier": chain.mean(lambda state: state[2] + state[3]) / experts,
        "waited for the second tier": happens["waited_for_expert"] / happens["escalated"],
        "minutes an agent stays": chain.mean(lambda state: sum(state[4])) / happens["warm"],
        "minutes of hand-over": hand_over * happens["handed_over"] / happens["warm"],
        "sent back": happens["sent_back"] / rate,
        "waiting for the first tier": chain.mean(lambda state: state[1]),
        "waiting for the second tier": chain.mean(lambda state: len(state[4])),
    }
    return Combination(text, expected, measured, replications=24)


@cache
def time_outs_at_once_to_a_shared_line() -> Combination:
    """A workflow without a wait of its own: who finds all busy joins the line of another one, which has nine places.

    A chain over the busy agents of both and the line in order, each with the patience of its own workflow.
    """
    specific, general, places = 1.9, 0.7, 9
    handle, patience, agents = (2.0, 2.5), (2.0, 5.0), (3, 3)

    def joined(state: tuple[int, int, str], who: str) -> tuple[tuple[int, int, str], str]:
        a, b, line = state
        if b < agents[1]:
            return (a, b + 1, line), ""
        return ((a, b, line + who), f"waited_{who}") if len(line) < places else (state, f"blocked blocked_{who}")

    def moves(state: tuple[int, int, str]) -> Iterator[Move]:
        a, b, line = state
        if a < agents[0]:
            yield (a + 1, b, line), specific, ""
        else:
            to, names = joined(state, "s")
            yield to, specific, f"led_on {names}"
        to, names = joined(state, "g")
        yield to, general, names
        if a:
            yield (a - 1, b, line), a / handle[0], ""
        if b:
            yield (a, b, line[1:]) if line else (a, b - 1, ""), b / handle[1], ""
        for i, who in enumerate(line):
            to = (a, b, line[:i] + line[i + 1 :])
            yield to, 1 / patience["sg".index(who)], f"abandoned abandoned_{who}"

    chain = equilibrium((0, 0, ""), moves)
    text = """
horizon: {start: 2026-01-05, warm_up: 6h, length: 4d, drain: 1d, interval: 1d}
demand: {a: {per_minute: 1.9}, general: {per_minute: 0.7}}
workflows:
  a:
    handle_time: {law: exponential, mean: 2m}
    patience: {law: exponential, mean: 2m}
    max_wait: {after: 0s, then: {workflow: general}}
  general: {handle_time: {law: exponential, mean: 150s}, patience: {law: exponential, mean: 5m}}
queue_groups: {entry: {workflows: [general], max_waiting: 9}}
pools: {pa: {workflows: [a], staffing: 3}, pg: {workflows: [general], staffing: 3}}
"""

    def measured(tables: Tables) -> dict[str, Ratio]:
        shared, led_on = {"workflow": "general"}, {"workflow": "general", "volume": "a"}
        offered, blocked = tables.queues("offered", **shared), tables.queues("blocked", **shared)
        arrived = tables.queues("arrived", volume="a")
        lost = tables.queues("abandoned", **led_on) + tables.queues("blocked", **led_on)
        return {
            "led on": (tables.queues("requeued"), arrived),
            "abandoned": (tables.queues("abandoned", **shared), offered),
            "blocked": (blocked, offered + blocked),
            "waited": (tables.queues("waited", **shared), offered),
            "waiting": (tables.queues("waiting_us") / MINUTE, FOUR_DAYS),
            "occupancy of the specific": tables.occupancy("pa"),
            "occupancy of the general": tables.occupancy("pg"),
            "specific lost": (lost, arrived),
        }

    happens = chain.rate
    asked = happens["led_on"] + general
    expected = {
        "led on": happens["led_on"] / specific,
        "abandoned": happens["abandoned"] / (asked - happens["blocked"]),
        "blocked": happens["blocked"] / asked,
        # who is led on has waited, even if answered at once
        "waited": (happens["led_on"] - happens["blocked_s"] + happens["waited_g"]) / (asked - happens["blocked"]),
        "waiting": chain.mean(lambda state: len(state[2])),
        "occupancy of the specific": chain.mean(lambda state: state[0]) / agents[0],
        "occupancy of the general": chain.mean(lambda state: state[1]) / agents[1],
        "specific lost": (happens["abandoned_s"] + happens["blocked_s"]) / specific,
    }
    return Combination(text, expected, measured)


@cache
def quality_of_a_vendor_along_the_way() -> Combination:
    """Escalations, transfers, what is sent back and returns, with a vendor that does all of it otherwise.

    An absorbing chain over where a contact is (first tier, second tier, tech); each visit goes to the vendor by its
    share. There are agents for all.
    """
    part = {"own": 0.6, "bpo": 0.4}
    # what a vendor's quality does: times resolved, times escalated, added to transferred
    quality = {"own": (1.0, 1.0, 0.0), "bpo": (0.9, 1.5, 0.04)}
    # resolved, escalated, transferred (of the second tier: sent back)
    said = {"t1": (0.7, 0.1, 0.05), "t2": (0.8, 0.0, 0.1), "tech": (0.9, 0.0, 0.0)}
    after_escalation, after_transfer = {"t1": "t2"}, {"t1": "tech", "t2": "t1"}
    back = 0.5
    places = list(said)

    def shares(place: str, vendor: str) -> tuple[float, float, float]:
        """Resolved, escalated, transferred, as the vendor does it; where nothing is transferred, nothing is added."""
        (resolved, escalated, transferred), (times, more, added) = said[place], quality[vendor]
        transferred = transferred + added if transferred else 0.0
        return resolved * times, escalated * more, transferred

    goes, ends = np.zeros((3, 3)), np.zeros(3)
    for i, place in enumerate(places):
        for vendor, weight in part.items():
            resolved, escalated, transferred = shares(place, vendor)
            ends[i] += weight * resolved
            if place in after_escalation:
                goes[i, places.index(after_escalation[place])] += weight * escalated
            if place in after_transfer:
                goes[i, places.index(after_transfer[place])] += weight * transferred
    visits = np.linalg.inv(np.eye(3) - goes)  # row: where it is, column: visits there from now on
    resolved_in_the_end = visits @ ends

    def resolved_at_first(vendor: str) -> float:
        """Of contacts that the vendor answers first."""
        resolved, escalated, transferred = shares("t1", vendor)
        later = dict(zip(places, resolved_in_the_end, strict=True))
        return float(resolved + escalated * later["t2"] + transferred * later["tech"])

    def of_visits(vendor: str, which: int) -> float:
        """Share of the vendor's visits that end so."""
        weights = zip(places, visits[0], strict=True)
        return float(sum(many * shares(place, vendor)[which] for place, many in weights) / visits[0].sum())

    text = """
horizon: {start: 2026-01-05, length: 3d, warm_up: 1d, drain: 4d, interval: 1d}
patience: never
vendors: {own: {kind: in_house}, bpo: {quality: {resolved: 0.9, escalated: 1.5, transferred: +4%}}}
demand: {calls: {per_minute: 1.5}}
workflows:
  calls:
    tiers:
      t1: {handle_time: {law: exponential, mean: 3m}, resolved: 70%, escalated: 10%, transfers: {tech: 5%}}
      t2: {handle_time: {law: exponential, mean: 5m}, resolved: 80%, sent_back: 10%}
    returns: {after_unresolved: {share: 50%, after: {law: exponential, mean: 3h}}}
  tech:
    handle_time: {law: exponential, mean: 4m}
    fcr: 90%
    returns: {after_unresolved: {share: 50%, after: {law: exponential, mean: 3h}}}
pools: {o: {vendor: own, tier: [t1, t2], staffing: 60}, b: {vendor: bpo, tier: [t1, t2], staffing: 60}}
routing: {vendor_share: {calls: {own: 60%, bpo: 40%}, tech: {own: 60%, bpo: 40%}}}
"""

    def measured(tables: Tables) -> dict[str, Ratio]:
        answered, contacts = tables.queues("answered"), tables.queues("arrived")
        found: dict[str, Ratio] = {
            "visits a contact": (answered, contacts),
            "of them in the second tier": (tables.queues("answered", tier="t2"), contacts),
            "of them in tech": (tables.queues("answered", workflow="tech"), contacts),
            "contacts a case": (tables.cases + tables.queues("further_contacts"), tables.cases),
            "share resolved": (tables.queues("resolved"), contacts),
            "answered by bpo": (tables.queues("answered", "b", "routes"), answered),
        }
        for pool, vendor in (("o", "own"), ("b", "bpo")):
            cases = tables.queues("cases", pool, "first_answers")
            missed = tables.queues("cases_missed_first", pool, "first_answers")
            of_pool = tables.queues("answered", pool, "routes")
            found[f"resolved at first by {vendor}"] = (cases - missed, cases)
            found[f"transferred by {vendor}"] = (tables.queues("transferred", pool, "routes"), of_pool)
            found[f"escalated by {vendor}"] = (tables.queues("escalated", pool, "routes"), of_pool)
        return found

    expected = {
        "visits a contact": float(visits[0].sum()),
        "of them in the second tier": float(visits[0, 1]),
        "of them in tech": float(visits[0, 2]),
        "contacts a case": 1 / (1 - back * (1 - float(resolved_in_the_end[0]))),
        "share resolved": float(resolved_in_the_end[0]),
        "answered by bpo": part["bpo"],
    }
    for vendor in part:
        expected[f"resolved at first by {vendor}"] = resolved_at_first(vendor)
        expected[f"transferred by {vendor}"] = of_visits(vendor, 2)
        expected[f"escalated by {vendor}"] = of_visits(vendor, 1)
    return Combination(text, expected, measured, replications=24)
