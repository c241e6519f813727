"""One line: who leaves at once, who is turned away and comes back, who is answered first and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from .base import MINUTE, Combination, Move, Ratio, Tables, equilibrium

FOUR_DAYS = 4 * 1440.0


def announced_share(wait: float, steps: list[tuple[float, float]]) -> float:
    """Share that leaves at an announced wait (minutes): that of the last step below it."""
    return max((share for above, share in steps if wait > above), default=0.0)


@cache
def leaving_at_once_and_coming_back() -> Combination:
    """Balking in three steps, patience, and half of both come back.

    A chain over the contacts there and the customers who are to come back: the announced wait of a contact that finds
    all 4 agents busy and q waiting is (q + 1) x 3 min / 4.
    """
    rate, handle, patience, agents, away, back = 1.5, 3.0, 4.0, 4, 20.0, 0.5
    steps = [(0.5, 0.1), (1.5, 0.3), (3.0, 0.7)]
    most_waiting, most_away = 22, 45

    def arrival(there: int, away_now: int, speed: float, name: str) -> Iterator[Move]:
        if there < agents:
            yield (there + 1, away_now), speed, f"{name} arrived"
            return
        leaves = announced_share((there - agents + 1) * handle / agents, steps)
        yield (there, min(away_now + 1, most_away)), speed * leaves * back, f"{name} arrived waited balked"
        yield (there, away_now), speed * leaves * (1 - back), f"{name} arrived waited balked"
        if there < agents + most_waiting:
            yield (there + 1, away_now), speed * (1 - leaves), f"{name} arrived waited"

    def moves(state: tuple[int, int]) -> Iterator[Move]:
        there, away_now = state
        yield from arrival(there, away_now, rate, "new")
        if away_now:
            yield from arrival(there, away_now - 1, away_now / away, "again")
        if there:
            yield (there - 1, away_now), min(there, agents) / handle, "ended"
        if there > agents:
            gives_up = (there - agents) / patience
            yield (there - 1, min(away_now + 1, most_away)), gives_up * back, "abandoned"
            yield (there - 1, away_now), gives_up * (1 - back), "abandoned"

    chain = equilibrium((0, 0), moves)
    text = """
horizon: {start: 2026-01-05, warm_up: 6h, length: 4d, drain: 1d, interval: 1d}
handle_time: {law: exponential, mean: 3m}
demand: {calls: {per_minute: 1.5}}
channels:
  phone:
    patience: {law: exponential, mean: 4m}
    balking: {steps: [{above: 30s, share: 10%}, {above: 90s, share: 30%}, {above: 3m, share: 70%}]}
workflows: {calls: {returns: {after_abandon: {share: 50%, after: {law: exponential, mean: 20m}}}}}
pools: {desk: {staffing: 4}}
"""

    def measured(tables: Tables) -> dict[str, Ratio]:
        arrived = tables.queues("arrived")
        return {
            "balked": (tables.queues("balked"), arrived),
            "abandoned": (tables.queues("abandoned"), arrived),
            "waited": (tables.queues("waited"), tables.queues("offered")),
            "contacts a case": (arrived, arrived - tables.queues("repeated")),
            "waiting": (tables.queues("waiting_us") / MINUTE, FOUR_DAYS),
        }

    expected = {
        "balked": chain.rate["balked"] / chain.rate["arrived"],
        "abandoned": chain.rate["abandoned"] / chain.rate["arrived"],
        "waited": chain.rate["waited"] / chain.rate["arrived"],
        "contacts a case": chain.rate["arrived"] / chain.rate["new"],
        "waiting": chain.mean(lambda state: max(0, state[0] - agents)),
    }
    return Combination(text, expected, measured)


@cache
def announced_waits_of_a_slow_pool() -> Combination:
    """Balking at a wait that counts slow agents as less than one, two pools in order of preference, patience.

    A chain over the busy agents of each pool and those who wait: with all busy an answer is due every
    2 min / (2 + 3 / 1.6), as the second pool takes 1.6 times as long.
    """
    rate, handle, patience, first, second, factor = 2.2, 2.0, 3.0, 2, 3, 1.6
    steps = [(0.6, 0.25), (1.8, 0.6)]
    most_waiting = 40

    def moves(state: tuple[int, int, int]) -> Iterator[Move]:
        a, b, waiting = state
        if a < first:
            yield (a + 1, b, waiting), rate, "arrived"
        elif b < second:
            yield (a, b + 1, waiting), rate, "arrived"
        else:
            leaves = announced_share((waiting + 1) * handle / (first + second / factor), steps)
            yield state, rate * leaves, "arrived balked"
            if waiting < most_waiting:
                yield (a, b, waiting + 1), rate * (1 - leaves), "arrived"
        if a:
            yield (a, b, waiting - 1) if waiting else (a - 1, b, 0), a / handle, "ended ended_first"
        if b:
            yield (a, b, waiting - 1) if waiting else (a, b - 1, 0), b / (handle * factor), "ended"
        if waiting:
            yield (a, b, waiting - 1), waiting / patience, "abandoned"

    chain = equilibrium((0, 0, 0), moves)
    text = """
horizon: {start: 2026-01-05, warm_up: 3h, length: 4d, drain: 1d, interval: 1d}
handle_time: {law: exponential, mean: 2m}
demand: {calls: {per_minute: 2.2}}
channels:
  phone:
    patience: {law: exponential, mean: 3m}
    balking: {steps: [{above: 36s, share: 25%}, {above: 108s, share: 60%}]}
workflows: {calls: {pools: [a, b]}}
pools: {a: {staffing: 2}, b: {staffing: 3, handle_time: 1.6}}
"""

    def measured(tables: Tables) -> dict[str, Ratio]:
        arrived = tables.queues("arrived")
        return {
            "balked": (tables.queues("balked"), arrived),
            "abandoned": (tables.queues("abandoned"), arrived),
            "answered by the first": (
                tables.queues("answered", "a", "routes"),
                tables.queues("answered", "", "routes"),
            ),
            "occupancy of the first": tables.occupancy("a"),
            "occupancy of the second": tables.occupancy("b"),
            "waiting": (tables.queues("waiting_us") / MINUTE, FOUR_DAYS),
        }

    expected = {
        "balked": chain.rate["balked"] / rate,
        "abandoned": chain.rate["abandoned"] / rate,
        "answered by the first": chain.rate["ended_first"] / chain.rate["ended"],
        "occupancy of the first": chain.mean(lambda state: state[0]) / first,
        "occupancy of the second": chain.mean(lambda state: state[1]) / second,
        "waiting": chain.mean(lambda state: state[2]),
    }
    return Combination(text, expected, measured)


@cache
def redials_by_phone_and_email() -> Combination:
    """No place to wait, 70 % of the blocked come back, half of them by email, twice at most.

    A chain over the busy agents and those who will dial for the second and the third time; emails have agents for all.
    """
    rate, handle, agents, away, back, by_phone = 2.0, 4.0, 8, 6.0, 0.7, 0.5
    most = (28, 16)

    def arrival(busy: int, second: int, third: int, speed: float, attempt: int) -> Iterator[Move]:
        if busy < agents:
            yield (busy + 1, second, third), speed, "arrived answered"
        elif attempt == 2:
            yield (busy, second, third), speed * back, "arrived blocked stopped"
            yield (busy, second, third), speed * (1 - back), "arrived blocked"
        else:
            later = (min(second + 1, most[0]), third) if attempt == 0 else (second, min(third + 1, most[1]))
            yield (busy, *later), speed * back * by_phone, "arrived blocked"
            yield (busy, second, third), speed * back * (1 - by_phone), "arrived blocked email"
            yield (busy, second, third), speed * (1 - back), "arrived blocked"

    def moves(state: tuple[int, int, int]) -> Iterator[Move]:
        busy, second, third = state
        yield from arrival(busy, second, third, rate, 0)
        if second:
            yield from arrival(busy, second - 1, third, second / away, 1)
        if third:
            yield from arrival(busy, second, third - 1, third / away, 2)
        if busy:
            yield (busy - 1, second, third), busy / handle, "ended"

    happens = equilibrium((0, 0, 0), moves).rate
    text = """
horizon: {start: 2026-01-05, warm_up: 3h, length: 4d, drain: 1d, interval: 1d}
handle_time: {law: exponential, mean: 4m}
patience: never
channels: {phone: {}, email: {kind: deferred}}
demand: {calls: {per_minute: 2, channels: {phone: 100%, email: 0%}}}
workflows:
  calls:
    returns:
      after_blocked:
        share: 70%
        after: {law: exponential, mean: 6m}
        attempts: 2
        channels: {phone: {phone: 50%, email: 50%}}
pools: {desk: {channels: phone, staffing: 8}, mail: {channels: email, staffing: 60}}
queue_groups: {entry: {channels: [phone], max_waiting: 0}}
"""

    def measured(tables: Tables) -> dict[str, Ratio]:
        by_phone_now = tables.queues("arrived", channel="phone")
        return {
            "blocked": (tables.queues("blocked", channel="phone"), by_phone_now),
            "emails a case": (tables.queues("arrived", channel="email"), tables.cases),
            "calls a case": (by_phone_now, tables.cases),
            "stopped by the cap": (tables.queues("cases_stopped"), tables.cases),
            "given up": (tables.queues("cases_given_up"), tables.cases),
        }

    redials = happens["arrived"] - rate
    expected = {
        "blocked": happens["blocked"] / happens["arrived"],
        "emails a case": happens["email"] / rate,
        "calls a case": happens["arrived"] / rate,
        "stopped by the cap": happens["stopped"] / rate,
        # a blocked call is the last contact of its case unless an email or a redial follows
        "given up": (happens["blocked"] - happens["email"] - redials) / rate,
    }
    return Combination(text, expected, measured)


@cache
def severities_with_agents_of_their_own() -> Combination:
    """Two severities by priority, one of which takes longer and has two agents to itself, with patience.

    A chain over the reserved agents, the common ones by severity of the contact, and those who wait by severity.
    """
    rate, share, handle, factor, patience, reserved, common = 2.0, 0.25, 3.0, 1.5, 4.0, 2, 4
    severe, plain = rate * share, rate * (1 - share)
    most = (20, 30)

    def moves(state: tuple[int, int, int, int, int]) -> Iterator[Move]:
        own, with_severe, with_plain, first, second = state
        if own < reserved:
            yield (own + 1, with_severe, with_plain, first, second), severe, ""
        elif with_severe + with_plain < common:
            yield (own, with_severe + 1, with_plain, first, second), severe, ""
        elif first < most[0]:
            yield (own, with_severe, with_plain, first + 1, second), severe, "severe_waited"
        if with_severe + with_plain < common:
            yield (own, with_severe, with_plain + 1, first, second), plain, ""
        elif second < most[1]:
            yield (own, with_severe, with_plain, first, second + 1), plain, "plain_waited"
        if own:
            to = (own, with_severe, with_plain, first - 1, second)
            yield to if first else (own - 1, *state[1:]), own / (handle * factor), "by_reserved"

        def freed(severe_now: int, plain_now: int) -> tuple[int, int, int, int, int]:
            if first:
                return own, severe_now + 1, plain_now, first - 1, second
            if second:
                return own, severe_now, plain_now + 1, first, second - 1
            return own, severe_now, plain_now, first, second

        if with_severe:
            yield freed(with_severe - 1, with_plain), with_severe / (handle * factor), "severe_by_common"
        if with_plain:
            yield freed(with_severe, with_plain - 1), with_plain / handle, ""
        if first:
            yield (own, with_severe, with_plain, first - 1, second), first / patience, "severe_abandoned"
        if second:
            yield (own, with_severe, with_plain, first, second - 1), second / patience, "plain_abandoned"

    chain = equilibrium((0, 0, 0, 0, 0), moves)
    text = """
horizon: {start: 2026-01-05, warm_up: 6h, length: 4d, drain: 1d, interval: 1d}
patience: {law: exponential, mean: 4m}
demand: {calls: {per_minute: 2}}
handle_time: {law: exponential, mean: 3m}
workflows:
  calls:
    severity: {sev1: {share: 25%, priority: 1, handle_time: 1.5}, sev2: {}}
    pools: [own, common]
pools: {own: {severity: sev1, staffing: 2}, common: {staffing: 4}}
"""

    def measured(tables: Tables) -> dict[str, Ratio]:
        found: dict[str, Ratio] = {
            "severe answered by their own": (
                tables.queues("answered", "own", "routes"),
                tables.queues("answered", "", "routes", severity="sev1"),
            ),
            "occupancy of their own": tables.occupancy("own"),
            "occupancy of the common": tables.occupancy("common"),
        }
        for name, severity in (("severe", "sev1"), ("plain", "sev2")):
            offered = tables.queues("offered", severity=severity)
            found[f"{name} abandoned"] = (tables.queues("abandoned", severity=severity), offered)
            found[f"{name} waited"] = (tables.queues("waited", severity=severity), offered)
            found[f"{name} waiting"] = (tables.queues("waiting_us", severity=severity) / MINUTE, FOUR_DAYS)
        return found

    answered = chain.rate["by_reserved"] + chain.rate["severe_by_common"]
    expected = {
        "severe answered by their own": chain.rate["by_reserved"] / answered,
        "occupancy of their own": chain.mean(lambda state: state[0]) / reserved,
        "occupancy of the common": chain.mean(lambda state: state[1] + state[2]) / common,
        "severe abandoned": chain.rate["severe_abandoned"] / severe,
        "severe waited": chain.rate["severe_waited"] / severe,
        "severe waiting": chain.mean(lambda state: state[3]),
        "plain abandoned": chain.rate["plain_abandoned"] / plain,
        "plain waited": chain.rate["plain_waited"] / plain,
        "plain waiting": chain.mean(lambda state: state[4]),
    }
    return Combination(text, expected, measured)
