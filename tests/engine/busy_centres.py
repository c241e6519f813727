"""Small busy centres on a coarse grid of times: some hundred contacts each, and much happens at the same instant."""

from __future__ import annotations

import random

from ccsim.language.scenario import Scenario
from tests.support.stories import script

DESK = """
horizon: {{start: 2026-03-02 06:00, warm_up: 1h, length: 7h, drain: 3h, interval: 30m}}
service_level: {{within: [1m, 2m]}}
segments: {{gold: {{priority: 1, wait_credit: 2m}}, all: {{priority: 2}}}}
channels:
  phone: {{max_wait: 9m, patience: {{law: {patience}, zero: 10%}}}}
  email: {{kind: deferred, deadline: 2h, priority: 3}}
workflows:
  a:
    tiers:
      t1:
        handle_time:
          talk: {{law: empirical, values: [1m, 2m, 5m]}}
          wrap_up: {{law: empirical, values: [0s, 30s, 1m]}}
        escalated: 20%
        transfers: {{b: 15%}}
        resolved: 40%
      t2: {{handle_time: {{talk: 4m, wrap_up: 30%}}, priority: 1}}
    returns:
      after_abandon: {{share: 50%, after: {{law: constant, value: 5m}}, attempts: 2}}
      after_blocked: {{share: 50%, after: {{law: constant, value: 3m}}}}
      after_closed: {{share: 60%, after: {{law: constant, value: 1h}}, attempts: 1}}
      after_unresolved: {{share: 60%, after: {{law: exponential, mean: 10m}}}}
      after_resolved: {{share: 20%, after: {{law: exponential, mean: 20m}}}}
  b: {{handle_time: {{talk: {{mean: 3m, cv: 1}}, wrap_up: 20s}}, priority: 2}}
demand:
  a: {{per_hour: 16, channels: {{phone: 70%, email: 30%}}, segments: {{gold: 30%, all: 70%}}}}
  b: {{per_hour: 8, channel: phone}}
  traced: {{workflow: a, channel: phone, trace: calls.csv}}
pools:
  p:
    tier: [t1, t2]
    skills: {{a: {{level: 2}}, b: {{level: 1}}}}
    staffing: {{every: 3h, values: [0, 0, 1, 2, 0, 1, 0, 0]}}
    paid_hour: 9
  q:
    tier: [t1, t2]
    skills: {{a: {{level: 1, handle_time: 1.25}}, b: {{level: 1}}}}
    paid_hour: 7
    deferred: {{keep_free: 1}}
    shifts:
      - agents: 2
        start: 06:30
        length: 5h
        breaks: [{{after: 1h, length: 15m}}, {{after: 75m, length: 10m, paid: false}}]
      - {{agents: 1, start: 08:00, length: 3h}}
      - {{agents: 1, start: 10:00, length: 2h, breaks: [{{after: 1h55m, length: 5m, paid: false}}]}}
queue_groups:
  door: {{channels: [phone], lines: {lines}, max_waiting: 3, hours: 07:00-13:30, at_closing: {closing}}}
routing: {{choose_agent: {agent}, choose_contact: {contact}}}
"""

CHATS = """
horizon: {{start: 2026-03-02 06:00, length: 6h, drain: 2h, interval: 1h}}
channels:
  chat: {{concurrency: 3, speed: [1.0, 0.7, 0.5], patience: {{law: {patience}}}}}
  text: {{concurrency: 2, speed: [1.0, 0.8], max_wait: 4m}}
  email: {{kind: deferred, deadline: 1h}}
workflows:
  a:
    handle_time: {{talk: {{law: empirical, values: [2m, 4m, 7m]}}, wrap_up: {{law: empirical, values: [0s, 1m]}}}}
    returns: {{after_abandon: {{share: 40%, after: {{law: constant, value: 6m}}}}}}
demand:
  chats: {{workflow: a, channel: chat, per_hour: 40}}
  texts: {{workflow: a, channel: text, per_hour: 15}}
  mails: {{workflow: a, channel: email, per_hour: 6}}
pools:
  p: {{staffing: {{every: 30m, values: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 1, 2, 3, 1, 0, 2, {lines}, 1, 3, 2,
       2, 2, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}}}}
  q:
    deferred: {{keep_free: 1}}
    shifts:
      - {{agents: 2, start: 06:30, length: 3h, breaks: [{{after: 1h, length: 15m}}]}}
      - {{agents: 1, start: 09:00, length: 2h, breaks: [{{after: 30m, length: 20m, paid: false}}]}}
queue_groups: {{door: {{channels: [text], max_waiting: 2, hours: 06:30-11:30, at_closing: {closing}}}}}
routing: {{choose_agent: {agent}, choose_contact: {contact}}}
"""

GLOBE = """
horizon: {{start: 2026-03-02 06:00, warm_up: 30m, length: 6h, drain: 6h, interval: 30m}}
markets:
  us: {{region: NA, time_zone: America/New_York, languages: {{en: 70%, es: 30%}}, residency: [NA]}}
  de: {{region: EMEA, time_zone: Europe/Berlin, languages: {{de: 80%, en: 20%}}}}
channels:
  phone: {{patience: {{law: {patience}, zero: 5%}}}}
  forum: {{kind: deferred, peers: 40%, deadline: 2h}}
workflows:
  sales:
    tiers:
      t1: {{handle_time: {{talk: 4m, wrap_up: 1m}}, escalated: 15%, transfers: {{billing: 20%}}, resolved: 50%}}
      t2: {{handle_time: 6m, certification: payments}}
  billing: {{handle_time: 5m, certification: payments}}
demand:
  sales: {{per_hour: 45, markets: {{us: 50%, de: 50%}}, channels: {{phone: 80%, forum: 20%}}}}
  billing: {{per_hour: 8, markets: {{us: 60%, de: 40%}}, channel: phone}}
sites:
  austin: {{region: NA, time_zone: America/Chicago, hours: 24x7}}
  berlin: {{region: EMEA, time_zone: Europe/Berlin, hours: 24x7}}
vendors:
  own: {{kind: in_house, paid_hour: 30, shrinkage: {{absence: 25%, leave: 10%, training: 6%}}}}
  helper: {{paid_hour: 12}}
shift_patterns: {{day: {{paid: 8h, starts: [02:00, 08:00], breaks: [15m, 30m unpaid]}}}}
pools:
  texas:
    site: austin
    vendor: own
    tier: [t1, t2]
    staffing: {{every: 2h, values: [1, 1, 1, {lines}, 1, 3, 2, 2, 2, 2, 2, 2]}}
    languages: [en, es]
    certifications: [payments]
  helpers: {{site: austin, vendor: helper, staffing: 1, languages: {{en: 90%}}, workflows: [sales]}}
  prussia:
    site: berlin
    vendor: own
    tier: [t1, t2]
    headcount: 12
    shifts: [day]
    languages: {{de: 100%, en: 80%}}
    certifications: [payments]
    deferred: {{keep_free: 1}}
queue_groups: {{door: {{channels: [phone], lines: 9, hours: 00:00-12:00, at_closing: {closing}}}}}
routing:
  choose_agent: {agent}
  choose_contact: {contact}
  prefer: [same_region]
  vendor_share: {{sales: {{own: 60%, helper: 40%}}}}
  overflow:
    - {{after: 20s, to: any_vendor}}
    - {{after: 40s, to: any_region}}
    - {{after: 1m, to: {{language: en, translated: {{handle_time: 1.5, price: 0.2}}}}}}
"""

QUIET = """
horizon: {{start: 2026-03-02 00:00, length: 3d, drain: 1h, interval: 1h}}
shift_patterns: {{day: {{paid: 8h, starts: [00:30, 09:00], breaks: [15m, 30m unpaid]}}}}
handle_time: {{law: empirical, values: [5m, 10m, 50m]}}
patience: {{law: constant, value: 10m}}
demand: {{calls: {{per_hour: 6}}}}
sites: {{here: {{region: EMEA, time_zone: UTC, hours: 24x7}}}}
pools:
  a: {{staffing: {{every: 2h, values: [2, 1, 3, 0, 2, 1, 0, 3, 1, 2, 0, 1]}}}}
  aa: {{site: here, headcount: 5, shifts: [day], shrinkage: {{absence: 30%}}}}
  b: {{staffing: {{every: 1h, values: [1, 3, 1, 0, 2, 0, 3, 1, 2, 2, 1, 0, 3, 1, 2, 0, 1, 3, 0, 2, 1, 1, 0, 2]}}}}
  c: {{staffing: {{every: 1h, values: [3, 1, 2, 0, 1, 1, 2, 3, 0, 1, 2, 1, 0, 2, 3, 1, 1, 0, 2, 1, 3, 2, 1, 1]}}}}
routing: {{choose_agent: {agent}}}
"""
"""Staffing rises and falls while agents of other pools are idle."""

AGENTS = (
    "longest_idle",
    "fewest_in_hand",
    "least_occupied",
    "random",
    "[best_skill, longest_idle]",
    "[cheapest, random]",
)
CONTACTS = (
    "oldest",
    "priority_then_oldest",
    "level_then_oldest",
    "priority_then_level_then_oldest",
    "earliest_deadline",
    "oldest",
)


def _calls(rng: random.Random) -> str:
    """Recorded calls on whole minutes, several at a time."""
    rows = []
    for minute in sorted(rng.choices(range(600), k=60)):
        talk, wrap = rng.choice(("60", "120", ".")), rng.choice(("0", "60", "."))
        rows.append(f"{minute * 60} {talk} {wrap} {rng.choice(('0', '60', '180', '.', 'never'))}")
    return "time talk wrap_up patience | " + " | ".join(rows)


def centre(kind: str, seed: int) -> Scenario:
    """A desk, a centre with chats or a globe; the seed chooses its rules."""
    rng = random.Random(f"{kind} {seed}")
    text = {"desk": DESK, "chats": CHATS, "globe": GLOBE, "quiet": QUIET}[kind].format(
        agent=AGENTS[seed % len(AGENTS)],
        contact=CONTACTS[seed % len(CONTACTS)],
        patience=("constant, value: 3m", "exponential, mean: 2m", "empirical, values: [1m, 2m, 6m]")[seed % 3],
        closing=("clear", "serve")[seed % 2],
        lines=(2, 3, 4)[seed % 3],
    )
    return script(text, **({"calls": _calls(rng)} if kind == "desk" else {}))
