"""Desks whose cheapest staff is known: from a Markov chain of every plan, or from Erlang A."""

SPECIALISTS = """scenario: specialists
title: Specialists and generalists
horizon: {start: 2026-01-01, warm_up: 2h, length: 48h}
service_level: {rule: abandons count against, within: 20s}
run: {seed: 4}
handle_time: {law: exponential, mean: 4m}
demand:
  a: {per_minute: 1.0, profile: flat}
  b: {per_minute: 0.5, profile: flat}
workflows:
  a: {patience: {law: exponential, mean: 2m}, pools: [specialists, generalists]}
  b: {patience: {law: exponential, mean: 3m}, priority: 1}
pools:
  specialists: {staffing: 3, workflows: [a], paid_hour: 18}
  generalists: {staffing: 5, workflows: [a, b], paid_hour: 23}
goals:
  - {kpi: service_level, workflow: a, at_least: 80%, within: 20s}
  - {kpi: service_level, workflow: b, at_least: 80%, within: 20s}
"""
"""The chain's optimum of 9 x 9 plans: 2 specialists and 6 generalists, 174 an hour (a 83.68 %, b 81.40 %). The next
that does: 1 and 7 at 179. The dearest cheaper one, 3 and 5 at 169, has 77.52 % in b."""

TWO_PACES = """scenario: two-paces
title: Fast and dear, slow and cheap
horizon: {start: 2026-01-01, warm_up: 2h, length: 48h}
service_level: {rule: abandons count against, within: 20s}
run: {seed: 6}
handle_time: {law: exponential, mean: 4m}
patience: {law: exponential, mean: 2m30s}
demand:
  calls: {per_minute: 1.6, profile: flat}
workflows:
  calls: {pools: [fast, slow]}
pools:
  fast: {staffing: 4, paid_hour: 31}
  slow: {staffing: 4, paid_hour: 21.5, handle_time: 1.3}
goals:
  - {kpi: service_level, at_least: 80%, within: 20s}
"""
"""The chain's optimum: 1 fast and 9 slow, 224.5 an hour (80.82 %). The next that does: 2 and 8 at 234; a search that
only swaps one for one stops at 5 and 4, 241. The dearest cheaper one, 3 and 6 at 222, has 76.91 %."""

ONE_POOL = """scenario: one-pool
horizon: {start: 2026-01-01, warm_up: 1h, length: 8h}
service_level: {rule: abandons count against, within: 20s}
handle_time: {law: exponential, mean: 4m}
patience: {law: exponential, mean: 2m30s}
demand: {calls: {per_minute: 3.4, profile: flat}}
pools: {desk: {staffing: 9}}
goals:
  - {kpi: service_level, at_least: 80%, within: 20s}
"""
"""Erlang A: 16 agents answer 82.85 % in time, 15 agents 75.99 %."""


TWO_SHIFTS = """scenario: two-shifts
horizon: {start: 2026-01-05, length: 2d}
service_level: {rule: abandons count against, within: 20s}
run: {seed: 3}
handle_time: {law: exponential, mean: 4m}
patience: {law: exponential, mean: 2m30s}
demand: {calls: {rates: {per: hour, every: 4h, values: [0, 0, 102, 204, 0, 0]}}}
pools:
  desk:
    paid_hour: 20
    shifts:
      - {agents: 9, start: 08:00, length: 4h}
      - {agents: 9, start: 12:00, length: 4h, breaks: [{after: 1h, length: 15m, paid: no}]}
goals:
  - {kpi: service_level, at_least: 80%, within: 20s}
"""
"""Two shifts that share nothing, of 102 and 204 contacts an hour: 6.8 and 13.6 Erlangs."""

TWO_PATTERNS = """scenario: two-patterns
horizon: {start: 2026-01-05, length: 7d}
service_level: {rule: abandons count against, within: 20s}
run: {seed: 3}
handle_time: {law: exponential, mean: 4m}
patience: {law: exponential, mean: 2m30s}
demand: {calls: {rates: {per: hour, every: 4h, values: [0, 0, 102, 204, 60, 0]}}}
sites: {hall: {region: here, time_zone: UTC, hours: 24x7}}
vendors: {own: {kind: in_house, paid_hour: 20, premiums: {hours: [{daily: 16:00-24:00, add: 50%}]}}}
shift_patterns:
  day:  {paid: 8h, start: 08:00, work_days: 7}
  late: {paid: 8h, start: 12:00, work_days: 7}
pools:
  desk: {site: hall, vendor: own, shifts: {day: auto, late: {min: 0, max: 20}}}
goals:
  - {kpi: service_level, at_least: 81%, within: 20s}
"""
"""A pool on two shift patterns that overlap at midday; the evening of the late one costs half as much again. By Erlang
A in each block of four hours: 12 on days and 4 on lates, 2,720 a day (82.33 %). The dearest cheaper one, 13 and 3 at
2,680, has 79.53 %; were an hour of both equally dear, 11 and 5 would cost as little."""

DESKS = {f"desk_{n:02d}": (1.2 + 0.55 * n, 11 + (7 * n) % 13) for n in range(14)}
"""Desks that share nothing: contacts a minute and price of an hour by name."""


def many_desks(agents=lambda load: round(load) + 2):
    """A scenario of `DESKS` with one goal for all of them together; `agents`: today's, from the offered load."""
    load = {name: 4 * rate for name, (rate, _) in DESKS.items()}
    lines = ["scenario: many-desks", "horizon: {start: 2026-01-01, warm_up: 2h, length: 24h}", "run: {seed: 8}"]
    lines += ["service_level: {rule: abandons count against, within: 20s}", "handle_time: {law: exponential, mean: 4m}"]
    lines += ["demand:", *(f"  {name}: {{per_minute: {rate}, profile: flat}}" for name, (rate, _) in DESKS.items())]
    lines += ["workflows:"]
    lines += [f"  {name}: {{patience: {{law: exponential, mean: 2m30s}}, pools: [{name}]}}" for name in DESKS]
    lines += ["pools:"]
    lines += [
        f"  {name}: {{staffing: {agents(load[name])}, workflows: [{name}], paid_hour: {price}}}"
        for name, (_, price) in DESKS.items()
    ]
    return "\n".join([*lines, "goals:", "  - {kpi: service_level, at_least: 80%, within: 20s}", ""])


def written(folder, text, *changes):
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "desk.yaml").write_text(text)
    return str(folder / "desk.yaml")


def mail_desks(n=12):
    """Desks of calls and mail that share nothing, in a week of which days vary by a fifth: one goal for the calls of
    all, one for the mail, which piles up on a desk that is short of people.
    """
    rates = {f"desk_{k:02d}": 0.8 + 0.1 * k for k in range(n)}
    lines = ["scenario: mail-desks", "horizon: {start: 2026-01-05, warm_up: 1d, length: 7d}", "run: {seed: 11}"]
    lines += ["service_level: {rule: abandons count against, within: 20s}", "handle_time: {law: exponential, mean: 4m}"]
    lines += ["channels:", "  phone: {kind: live, patience: {law: exponential, mean: 2m30s}}"]
    lines += ["  email: {kind: deferred, deadline: 24h}", "demand:"]
    lines += [
        f"  {name}: {{per_minute: {rate:g}, profile: flat, channels: {{phone: 60%, email: 40%}}, day_cv: 20%}}"
        for name, rate in rates.items()
    ]
    lines += ["workflows:", *(f"  {name}: {{pools: [{name}]}}" for name in rates), "pools:"]
    lines += [
        f"  {name}: {{staffing: {round(4 * rate * 1.25) + 2}, workflows: [{name}], paid_hour: {11 + (7 * k) % 13}, "
        f"deferred: {{keep_free: 1}}}}"
        for k, (name, rate) in enumerate(rates.items())
    ]
    lines += ["goals:", "  - {kpi: service_level, channel: phone, at_least: 80%, within: 20s}"]
    return "\n".join([*lines, "  - {kpi: deadline_met, channel: email, at_least: 97%}", ""])
