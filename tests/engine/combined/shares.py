"""Shares of contacts whatever they wait: settings that ramp up, misrouting, deflection, tenure, satisfaction."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import cache

from .base import MINUTE, Combination, Move, Ratio, Tables, equilibrium, mean_of_pieces


def ramp(since: float, begins: float, lasts: float = 0.0) -> float:
    """How far something is in use: from 0 at its beginning evenly to 1 (hours)."""
    if since < begins:
        return 0.0
    return min(1.0, (since - begins) / lasts) if lasts else 1.0


@cache
def assists_that_ramp_up() -> Combination:
    """Two assists, each with a date and a ramp, with the quality of a vendor and handle times.

    Means over time of functions that are linear between 12 h, 24 h and 48 h: factors multiply, then points are added.
    """
    fcr, vendor, adds, times, shorter, handle = 0.7, -0.05, 0.10, 1.2, 0.8, 4.0
    edges = (0.0, 12.0, 24.0, 48.0, 72.0)

    def resolved(at: float) -> float:
        """The first assist is in use for all before the second one begins, so their ramps do not meet."""
        return fcr * (1 + (times - 1) * ramp(at, 24, 24)) + vendor + adds * ramp(at, 12, 12)

    expected = {
        "share resolved": mean_of_pieces(edges, resolved),
        "minutes": handle * mean_of_pieces(edges, lambda at: 1 - (1 - shorter) * ramp(at, 12, 12)),
        "resolved on the second day": mean_of_pieces((24.0, 48.0), resolved),
    }
    text = """
horizon: {start: 2026-01-05, length: 3d, drain: 1d, interval: 1d}
patience: never
demand: {calls: {per_minute: 2}}
handle_time: {law: exponential, mean: 4m}
vendors: {v: {quality: {resolved: -5%}}}
workflows: {calls: {fcr: 70%}}
assists:
  a: {from: 2026-01-05 12:00, ramp: 12h, handle_time: 0.8, resolved: +10%}
  b: {from: 2026-01-06, ramp: 1d, resolved: 1.2}
pools: {desk: {vendor: v, staffing: 60}}
"""

    def measured(tables: Tables) -> dict[str, Ratio]:
        answered = tables.queues("answered")
        return {
            "share resolved": (tables.queues("resolved"), answered),
            "minutes": (tables.queues("talk_us") / MINUTE, answered),
            "resolved on the second day": (tables.interval("resolved", 1), tables.interval("answered", 1)),
        }

    return Combination(text, expected, measured, brief="30h")


@cache
def deflections_of_one_cause_and_of_all() -> Combination:
    """A deflection of one cause that ramps up, one of all causes, and returns.

    Means over time, linear between 24 h, 36 h and 48 h; both miss a contact by the product of what each misses.
    """
    cause, own, general, fcr, back = 0.4, 0.3, 0.2, 0.7, 0.6
    edges = (0.0, 24.0, 36.0, 48.0, 96.0)
    of_all = mean_of_pieces(edges, lambda at: general * ramp(at, 36))
    of_cause = mean_of_pieces(edges, lambda at: 1 - (1 - own * ramp(at, 24, 24)) * (1 - general * ramp(at, 36)))
    deflected = cause * of_cause + (1 - cause) * of_all
    expected = {
        "deflected": deflected,
        "deflected of the cause": of_cause,
        "the cause among cases": cause * (1 - of_cause) / (1 - deflected),
        "contacts a case": 1 / (1 - (1 - fcr) * back),
    }
    text = """
horizon: {start: 2026-01-05, length: 4d, drain: 3d, interval: 1d}
patience: never
demand: {calls: {per_minute: 2, causes: {x: 40%, y: 60%}}}
causes: {x: {}, y: {}}
handle_time: {law: exponential, mean: 2m}
workflows:
  calls: {fcr: 70%, returns: {after_unresolved: {share: 60%, after: {law: exponential, mean: 2h}}}}
deflections:
  a: {share: 30%, causes: x, from: 2026-01-06, ramp: 1d}
  b: {share: 20%, from: 2026-01-06 12:00}
pools: {desk: {staffing: 60}}
"""

    def measured(tables: Tables) -> dict[str, Ratio]:
        cases, away = tables.cases, tables.queues("deflected")
        of_cause = tables.queues("deflected", cause="x")
        cases_of_cause = tables.queues("arrived", cause="x") - tables.queues("repeated", cause="x")
        return {
            "deflected": (away, cases + away),
            "deflected of the cause": (of_cause, of_cause + cases_of_cause),
            "the cause among cases": (cases_of_cause, cases),
            "contacts a case": (cases + tables.queues("further_contacts"), cases),
        }

    return Combination(text, expected, measured, brief="40h")


@cache
def wrong_queues_bots_and_triage() -> Combination:
    """Two wrong queues, triage that ramps up, a bot whose hand-offs have context or may be misrouted.

    Closed forms: triage is in use for none of the first 12 h, half of the next 12 h and all of the last 24 h. Hand-offs
    with context go straight on and take half the time.
    """
    tech, sales, triaged, by_bot, meets_bot, handed, context = 0.12, 0.06, 0.05, 0.10, 0.6, 0.5, 0.4
    handle, factor = 6.0, 0.5
    in_use = mean_of_pieces((0.0, 12.0, 24.0, 48.0), lambda at: ramp(at, 12, 12))
    hand_offs = meets_bot * handed
    with_context = hand_offs * context
    wrong = (1 - meets_bot) * (in_use * triaged + (1 - in_use) * (tech + sales)) + (hand_offs - with_context) * by_bot
    people = 1 - meets_bot + hand_offs
    expected = {
        "handed off": hand_offs,
        "visits": people + wrong,
        "wrongly in tech": wrong * tech / (tech + sales),
        "wrongly in sales": wrong * sales / (tech + sales),
        "minutes in the right queue": handle * (1 - with_context / people * (1 - factor)),
    }
    text = """
horizon: {start: 2026-01-05, length: 2d, drain: 1d, interval: 1d}
patience: never
channels: {chat: {}}
demand: {calls: {per_minute: 2, channel: chat}}
handle_time: {law: exponential, mean: 3m}
workflows:
  calls: {handle_time: {law: exponential, mean: 6m}, misrouted: {tech: {share: 12%, aht: 90s}, sales: 6%}}
  tech: {}
  sales: {}
triage: {ai: {misrouted: 5%, from: 2026-01-05 12:00, ramp: 12h}}
bots:
  b:
    channels: chat
    share: 60%
    session: {law: exponential, mean: 2s}
    contained: 50%
    context: 40%
    context_handle_time: 0.5
    misrouted: 10%
pools: {desk: {staffing: 80}}
"""

    def measured(tables: Tables) -> dict[str, Ratio]:
        arrived = tables.queues("arrived")
        right = tables.queues("answered", workflow="calls")
        return {
            "handed off": (tables.queues("handed_off"), arrived),
            "visits": (tables.queues("answered"), arrived),
            "wrongly in tech": (tables.queues("transferred", workflow="tech"), arrived),
            "wrongly in sales": (tables.queues("transferred", workflow="sales"), arrived),
            "minutes in the right queue": (tables.queues("talk_us", workflow="calls") / MINUTE, right),
        }

    return Combination(text, expected, measured, replications=30, brief="26h")


@cache
def tenure_of_a_mixed_team() -> Combination:
    """New people who take longer and resolve less, an agent chosen at random, patience, ratings by points.

    A chain over the busy of both tenures and those who wait. With all busy it does not matter who is: an answer comes
    at one rate, so the wait of those who get one follows from the number before them.
    """
    rate, handle, factor, patience, new, others = 1.6, 2.5, 1.5, 5.0, 2, 3
    fcr, times, added, most_waiting = 0.8, 0.9, -0.02, 40

    def moves(state: tuple[int, int, int]) -> Iterator[Move]:
        i, j, waiting = state
        idle = new + others - i - j
        if idle:
            yield (i + 1, j, 0), rate * (new - i) / idle, ""
            yield (i, j + 1, 0), rate * (others - j) / idle, ""
        elif waiting < most_waiting:
            yield (i, j, waiting + 1), rate, ""
        if i:
            yield (i, j, waiting - 1) if waiting else (i - 1, j, 0), i / (handle * factor), "ended ended_new"
        if j:
            yield (i, j, waiting - 1) if waiting else (i, j - 1, 0), j / handle, "ended"
        if waiting:
            yield (i, j, waiting - 1), waiting / patience, "abandoned"

    chain = equilibrium((0, 0, 0), moves)
    answers = new / (handle * factor) + others / handle

    def wait_if_answered(before: int) -> float:
        """Mean of the wait of a contact that finds so many before it, counted as 0 where it abandons."""
        stays, wait = 1.0, 0.0
        for ahead in range(before, -1, -1):
            moves_up = answers + ahead / patience
            stays *= moves_up / (moves_up + 1 / patience)
            wait += 1 / (moves_up + 1 / patience)
        return stays * wait

    by_new = chain.rate["ended_new"] / chain.rate["ended"]
    abandoned = chain.rate["abandoned"] / rate
    all_busy = new + others
    wait = chain.mean(lambda state: wait_if_answered(state[2]) if state[0] + state[1] == all_busy else 0.0)
    asa = wait / (1 - abandoned)
    resolved = by_new * (fcr * times + added) + (1 - by_new) * fcr
    expected = {
        "minutes": handle * (1 + by_new * (factor - 1)),
        "share resolved": resolved,
        "abandoned": abandoned,
        "wait of the answered": asa,
        # linear in all of them, as no rating reaches 5 and only one after a wait of 20 min would be below 1
        "rating": 4.5 - 1.2 * (1 - resolved) - 0.1 * asa - 0.3 * by_new,
    }
    text = """
horizon: {start: 2026-01-05, warm_up: 6h, length: 4d, drain: 1d, interval: 1d}
patience: {law: exponential, mean: 5m}
demand: {calls: {per_minute: 1.6}}
handle_time: {law: exponential, mean: 150s}
workflows: {calls: {fcr: 80%}}
pools:
  desk:
    staffing: 5
    tenure:
      new:
        share: 40%
        handle_time: 1.5
        quality: {resolved: {times: 0.9, add: -2%}, satisfaction: -0.3}
routing: {choose_agent: random}
satisfaction: {base: 4.5, moved_by: {wait: {per: 1m, by: -0.1}, unresolved: -1.2}}
"""

    def measured(tables: Tables) -> dict[str, Ratio]:
        answered = tables.queues("answered")
        return {
            "minutes": (tables.queues("talk_us") / MINUTE, answered),
            "share resolved": (tables.queues("resolved"), answered),
            "abandoned": (tables.queues("abandoned"), tables.queues("offered")),
            "wait of the answered": (tables.queues("wait_answered_us") / MINUTE, answered),
            "rating": (tables.queues("score"), tables.queues("rated")),
        }

    return Combination(text, expected, measured, replications=24)


@cache
def satisfaction_by_odds() -> Combination:
    """Odds of ratings by outcome, way, vendor, workflow and repeat, NPS, and who answers the survey.

    A mixture of logistic functions over the ways in which a contact ends. Agents are there for all, so waits do not
    count; vendors resolve alike, so the one who ends a contact is independent of its way.
    """
    share = {"own": (0.6, 0.0), "bpo": (0.4, -0.4)}  # of visits, points
    constant, if_resolved, repeat, transferred, escalated, tech = 0.2, 2.0, -0.6, -0.4, -0.2, 0.3
    cuts, promoter, detractor = (-1.5, -0.8, 0.0, 1.0), 1.2, -0.1
    answers_satisfied, answers_other, back = 0.12, 0.31, 0.5
    # how often a contact ends so, and the points of its way
    ways = [
        (0.6, if_resolved),
        (0.1, 0.0),
        (0.2 * 0.7, if_resolved + escalated),
        (0.2 * 0.3, escalated),
        (0.1 * 0.9, if_resolved + transferred + tech),
        (0.1 * 0.1, transferred + tech),
    ]
    unresolved = 0.1 + 0.2 * 0.3 + 0.1 * 0.1
    repeated = unresolved * back  # of contacts: each is followed by another with this probability

    def chance(points: float) -> float:
        return 1 / (1 + math.exp(-points))

    def mean(of: Callable[[float], float], vendors: tuple[str, ...] = ("own", "bpo")) -> float:
        total = sum(share[vendor][0] for vendor in vendors)
        return sum(
            share[vendor][0] / total * weight * part * of(constant + points + share[vendor][1] + again)
            for vendor in vendors
            for weight, points in ways
            for part, again in ((1 - repeated, 0.0), (repeated, repeat))
        )

    def above(cut: float) -> float:
        return mean(lambda points: chance(points - cut))

    satisfied = above(0.0)
    response = answers_satisfied * satisfied + answers_other * (1 - satisfied)
    expected = {
        "satisfied": satisfied,
        "satisfied of bpo": mean(chance, ("bpo",)),
        "rating": 1 + sum(map(above, cuts)),
        "nps": above(promoter) - (1 - above(detractor)),
        "response": response,
        "satisfied in the survey": answers_satisfied * satisfied / response,
    }
    text = """
horizon: {start: 2026-01-05, warm_up: 1d, length: 4d, drain: 2d, interval: 1d}
patience: never
vendors: {own: {kind: in_house}, bpo: {}}
demand: {calls: {per_minute: 2}}
handle_time: {law: exponential, mean: 3m}
workflows:
  calls:
    tiers: {t1: {resolved: 60%, escalated: 20%, transfers: {tech: 10%}}, t2: {resolved: 70%}}
    returns: {after_unresolved: {share: 50%, after: {law: exponential, mean: 2h}}}
  tech: {fcr: 90%, returns: {after_unresolved: {share: 50%, after: {law: exponential, mean: 2h}}}}
pools: {o: {vendor: own, tier: [t1, t2], staffing: 80}, b: {vendor: bpo, tier: [t1, t2], staffing: 80}}
routing: {vendor_share: {calls: {own: 60%, bpo: 40%}, tech: {own: 60%, bpo: 40%}}}
satisfaction:
  csat:
    constant: 0.2
    resolved: 2
    per_minute_of_wait: 0
    per_hour_of_wait: 0
    repeat: -0.6
    transferred: -0.4
    escalated: -0.2
    translated: 0
  cut_points: [-1.5, -0.8, 0, 1]
  nps: {promoter: 1.2, detractor: -0.1}
  vendors: {bpo: -0.4}
  workflows: {tech: 0.3}
  response: {satisfied: 12%, not_satisfied: 31%}
"""

    def measured(tables: Tables) -> dict[str, Ratio]:
        rated, responded = tables.queues("rated"), tables.queues("responded")
        by_bpo = tables.queues("rated", "b", "ratings")
        return {
            "satisfied": (tables.queues("satisfied"), rated),
            "satisfied of bpo": (tables.queues("satisfied", "b", "ratings"), by_bpo),
            "rating": (tables.queues("score"), rated),
            "nps": (tables.queues("promoters") - tables.queues("detractors"), rated),
            "response": (responded, rated),
            "satisfied in the survey": (tables.queues("responded_satisfied"), responded),
        }

    return Combination(text, expected, measured, replications=24)
