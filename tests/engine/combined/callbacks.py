"""Callbacks and bots: who accepts, who is reached in time, what a bot leaves to people."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

from .base import MINUTE, Combination, Move, Ratio, Tables, equilibrium

FOUR_DAYS = 4 * 1440.0

Desk = tuple[int, int, int, int, str]
"""Talks and callbacks with agents of the own vendor, talks and callbacks with those of the partner, and the line in
order: `o` a contact that is the own vendor's and `p` one of the partner's; in capitals where it waits as a callback."""


@cache
def callbacks_between_two_vendors() -> Combination:
    """Callbacks, five places, contacts assigned to vendors by share, overflow at once, a slower partner, patience.

    A chain over the state above. A callback is offered where one waits already of those assigned to the same vendor;
    an agent who becomes free takes the first of the line, whoever it was assigned to.
    """
    rate, share, places, accepted, patience = 2.3, {"o": 0.55, "p": 0.45}, 5, 0.5, 2.5
    own, partner = 2, 3
    talk, callback, factor = 2.0, 3.0, 1.3

    def arrival(state: Desk, who: str, speed: float) -> Iterator[Move]:
        ol, oc, pl, pc, line = state
        own_free, partner_free = ol + oc < own, pl + pc < partner
        names = f"arrived arrived_{who}"
        if own_free and (who == "o" or not partner_free):
            yield (ol + 1, oc, pl, pc, line), speed, f"{names} {who}_by_own"
        elif partner_free:
            yield (ol, oc, pl + 1, pc, line), speed, names
        elif len(line) >= places:
            yield state, speed, f"{names} blocked blocked_{who}"
        elif who in line.lower():
            yield (ol, oc, pl, pc, line + who.upper()), speed * accepted, f"{names} callback callback_{who}"
            yield (ol, oc, pl, pc, line + who), speed * (1 - accepted), names
        else:
            yield (ol, oc, pl, pc, line + who), speed, names

    def freed(state: Desk, by_own: bool) -> tuple[Desk, str]:
        ol, oc, pl, pc, line = state
        if not line:
            return state, ""
        first, line = line[0], line[1:]
        calls = first.isupper()
        if by_own:
            return (ol + (not calls), oc + calls, pl, pc, line), f"{first.lower()}_by_own"
        return (ol, oc, pl + (not calls), pc + calls, line), ""

    def moves(state: Desk) -> Iterator[Move]:
        ol, oc, pl, pc, line = state
        for who, part in share.items():
            yield from arrival(state, who, rate * part)
        ends = [
            (ol, talk, (ol - 1, oc, pl, pc, line), True),
            (oc, callback, (ol, oc - 1, pl, pc, line), True),
            (pl, talk * factor, (ol, oc, pl - 1, pc, line), False),
            (pc, callback * factor, (ol, oc, pl, pc - 1, line), False),
        ]
        for many, mean, after, by_own in ends:
            if many:
                to, names = freed(after, by_own)
                yield to, many / mean, names
        for i, who in enumerate(line):
            if who.islower():
                yield (ol, oc, pl, pc, line[:i] + line[i + 1 :]), 1 / patience, f"abandoned abandoned_{who}"

    chain = equilibrium((0, 0, 0, 0, ""), moves)
    text = """
horizon: {start: 2026-01-05, warm_up: 3h, length: 4d, drain: 1d, interval: 1d}
handle_time: {law: exponential, mean: 2m}
demand: {calls: {per_minute: 2.3, market: m}}
markets: {m: {region: eu, time_zone: UTC, languages: {en: 100%}}}
sites: {x: {region: eu, time_zone: UTC, hours: 24x7}}
vendors: {own: {kind: in_house}, partner: {}}
channels:
  phone:
    patience: {law: exponential, mean: 150s}
    callback: {waiting: 1, accepted: 50%, handle_time: {law: exponential, mean: 3m}}
queue_groups: {entry: {max_waiting: 5}}
pools: {a: {site: x, vendor: own, staffing: 2}, b: {site: x, vendor: partner, staffing: 3, handle_time: 1.3}}
routing: {vendor_share: {calls: {own: 55%, partner: 45%}}, overflow: [{after: 0s, to: any_vendor}]}
"""

    def measured(tables: Tables) -> dict[str, Ratio]:
        arrived, callbacks = tables.queues("arrived"), tables.queues("callbacks")
        found: dict[str, Ratio] = {
            "callbacks": (callbacks, arrived),
            "abandoned": (tables.queues("abandoned"), arrived),
            "blocked": (tables.queues("blocked"), arrived),
            "minutes to a callback": (tables.queues("wait_callback_us") / MINUTE, tables.queues("callbacks_reached")),
            "waiting": (tables.queues("waiting_us") / MINUTE, FOUR_DAYS),
            "own handled by own": tuple(tables.assigned("assigned", c, "own") for c in ("handled_by_it", "assigned")),
            "occupancy of own": tables.occupancy("a"),
            "occupancy of partner": tables.occupancy("b"),
        }
        for vendor in ("own", "partner"):
            abandoned, offered, reached = (
                tables.assigned("assigned_sums", column, vendor)
                for column in ("abandoned", "offered", "callbacks_reached")
            )
            found[f"abandoned of {vendor}"] = (abandoned, offered - reached)
        return found

    happens = chain.rate
    expected = {
        "callbacks": happens["callback"] / rate,
        "abandoned": happens["abandoned"] / rate,
        "blocked": happens["blocked"] / rate,
        "minutes to a callback": chain.mean(lambda state: sum(map(str.isupper, state[4]))) / happens["callback"],
        "waiting": chain.mean(lambda state: sum(map(str.islower, state[4]))),
        "own handled by own": happens["o_by_own"] / (happens["arrived_o"] - happens["blocked_o"]),
        "occupancy of own": chain.mean(lambda state: state[0] + state[1]) / own,
        "occupancy of partner": chain.mean(lambda state: state[2] + state[3]) / partner,
    }
    for who, vendor in (("o", "own"), ("p", "partner")):
        live = happens[f"arrived_{who}"] - happens[f"callback_{who}"] - happens[f"blocked_{who}"]
        expected[f"abandoned of {vendor}"] = happens[f"abandoned_{who}"] / live
    return Combination(text, expected, measured)


@cache
def callbacks_that_expire_before_the_hours() -> Combination:
    """Hours of calling, expiry, attempts that nobody answers, and patience of those who stay on the line.

    Closed forms: contacts come evenly from 0 to 9 o'clock, the first agents at 9, enough for all. Who accepts before 5
    has expired by then. The second attempt begins at 9:30:30: who accepted before 5:30:30 has expired by that time.
    """
    opening, expiry, accepted, answered, patience = 9.0, 4.0, 0.7, 0.8, 0.5
    second_delay = (30 + 0.5) / 60  # between the attempts, and the first one that nobody answers
    at_first = expiry / opening
    at_second = (expiry - second_delay) / opening
    first = accepted * answered * at_first
    second = accepted * (1 - answered) * answered * at_second
    # accepted evenly over the time before the attempt that has not expired: half of it, and the delay of the second
    minutes_first = 60 * expiry / 2
    minutes_second = 60 * (expiry - second_delay) / 2 + 60 * second_delay
    expected = {
        "accepted": accepted,
        "expired": accepted * ((1 - at_first) + (1 - answered) * (at_first - at_second)),
        "reached": first + second,
        "not reached": accepted * (1 - answered) ** 2 * at_second,
        "attempts": accepted * (at_first + (1 - answered) * at_second),
        "minutes to a callback": (first * minutes_first + second * minutes_second) / (first + second),
        # mean of exp(-wait / patience) over waits from 0 to 9 h
        "abandoned": (1 - accepted) * (1 - patience / opening * (1 - math.exp(-opening / patience))),
    }
    text = """
horizon: {start: 2026-01-05, length: 1d, drain: 1d, interval: 1d}
handle_time: {law: exponential, mean: 3m}
demand: {calls: {per_minute: 2, until: 2026-01-05 09:00}}
channels:
  phone:
    patience: {law: exponential, mean: 30m}
    callback:
      waiting: 0
      accepted: 70%
      hours: 09:00-20:00
      expires: 4h
      answered: 80%
      attempts: 2
      unanswered: 30s
      between: 30m
pools: {desk: {staffing: [[00:00, 0], [09:00, 2000]]}}
"""

    def measured(tables: Tables) -> dict[str, Ratio]:
        arrived, reached = tables.queues("arrived"), tables.queues("callbacks_reached")
        return {
            "accepted": (tables.queues("callbacks"), arrived),
            "expired": (tables.queues("expired"), arrived),
            "reached": (reached, arrived),
            "not reached": (tables.queues("not_reached"), arrived),
            "attempts": (tables.queues("callback_attempts"), arrived),
            "minutes to a callback": (tables.queues("wait_callback_us") / MINUTE, reached),
            "abandoned": (tables.queues("abandoned"), arrived),
        }

    return Combination(text, expected, measured, replications=60, brief="")


@cache
def a_bot_with_few_sessions_for_one_segment() -> Combination:
    """A bot for one segment, with six sessions, hand-offs with context, false containment, returns by phone, its price.

    Flows of contacts a minute through a tree; the sessions are a loss system (Erlang B). Agents are there for all.
    """
    rate, gold, to_bot, session, sessions = 3.0, 0.3, 0.8, 5.0, 6
    contained, left, falsely, context, factor = 0.45, 0.10, 0.35, 0.6, 0.7
    fcr_chat, fcr_phone, back, bot_back, bot_away = 0.75, 0.8, 0.5, 0.8, 0.5  # away: hours
    handle = 4.0

    asks = rate * (1 - gold) * to_bot
    full = 1.0
    for number in range(1, sessions + 1):
        full = asks * session * full / (number + asks * session * full)
    begun = asks * (1 - full)
    handed_off = begun * (1 - contained - left)
    chats = rate - asks + asks * full + handed_off
    after_bot = begun * contained * falsely * bot_back
    after_chat = chats * (1 - fcr_chat) * back
    again = (1 - fcr_phone) * back  # a phone call brings on the next one
    phone = (after_bot + after_chat) / (1 - again)
    solved_by_phone = fcr_phone / (1 - again)  # of those who call, in the end
    solved_by_bot = begun * contained * (1 - falsely)
    expected = {
        "full": full,
        "sessions": begun / rate,
        "phone calls": phone / rate,
        "contacts": (rate + phone) / rate,
        "contained for 24 h": contained * (1 - falsely * bot_back * (1 - math.exp(-24 / bot_away))),
        "free of charge": falsely * bot_back * (1 - math.exp(-0.75 / bot_away)),  # back within 45 min
        "minutes of a chat": handle * (1 - handed_off / chats * context * (1 - factor)),
        "share resolved": (solved_by_bot + chats * fcr_chat + (after_bot + after_chat) * solved_by_phone) / rate,
        "without an agent": solved_by_bot / rate,
        "resolved elsewhere": solved_by_bot / rate,
        # who left, the falsely contained who stay away or whose first call fails, and chats that fail
        "missed at first": (
            begun * left
            + begun * contained * falsely * (1 - bot_back)
            + after_bot * (1 - fcr_phone)
            + chats * (1 - fcr_chat)
        )
        / rate,
        "missed at first by gold": 1 - fcr_chat,
    }
    text = """
horizon: {start: 2026-01-05, warm_up: 6h, length: 4d, drain: 2d, interval: 1d}
handle_time: {law: exponential, mean: 4m}
patience: never
segments: {gold: {}, basic: {}}
channels: {phone: {}, chat: {}}
demand: {help: {per_minute: 3, channels: {chat: 100%, phone: 0%}, segments: {gold: 30%, basic: 70%}}}
workflows:
  help:
    fcr: {chat: 75%, phone: 80%}
    returns: {after_unresolved: {share: 50%, after: {law: exponential, mean: 20m}, channels: {phone: 100%}}}
bots:
  robo:
    channels: chat
    segments: basic
    share: 80%
    session: {law: exponential, mean: 5m}
    sessions: 6
    contained: 45%
    left: 10%
    falsely_contained: 35%
    context: 60%
    context_handle_time: 0.7
    returns: {share: 80%, after: {law: exponential, mean: 30m}, channels: {phone: 100%}}
    price: {contained: 1, returned_within: 45m}
pools: {desk: {staffing: 60}}
"""

    def measured(tables: Tables) -> dict[str, Ratio]:
        cases = tables.cases
        begun, refused = tables.queues("sessions"), tables.queues("sessions_full")
        kept = tables.queues("contained") + tables.queues("falsely_contained")
        by_gold = tables.queues("arrived", segment="gold", channel="chat")
        return {
            "full": (refused, refused + begun),
            "sessions": (begun, cases),
            "phone calls": (tables.queues("arrived", channel="phone"), cases),
            "contacts": (tables.queues("arrived"), cases),
            "contained for 24 h": (
                kept - tables.queues("false_followed_24h"),
                begun - tables.queues("open_in_session"),
            ),
            "free of charge": (tables.queues("free_of_charge"), kept),
            "minutes of a chat": (
                tables.queues("talk_us", channel="chat") / MINUTE,
                tables.queues("answered", channel="chat"),
            ),
            "share resolved": (cases - tables.queues("cases_given_up") - tables.queues("cases_open"), cases),
            "without an agent": (tables.queues("cases_without_agent"), cases),
            "resolved elsewhere": (tables.queues("cases_resolved_elsewhere"), cases),
            "missed at first": (tables.queues("cases_missed_first"), cases),
            "missed at first by gold": (tables.queues("cases_missed_first", segment="gold"), by_gold),
        }

    return Combination(text, expected, measured)
