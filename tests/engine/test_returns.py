"""Returns: relations between scenarios that must hold to the digit, and rates against linear equations."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from scipy import stats

from ccsim.api import run
from ccsim.engine import simulate
from ccsim.language.scenario import Scenario
from ccsim.model import compile_model
from ccsim.records.outcomes import OUTCOMES
from ccsim.scenario import loads
from ccsim.units import DAY
from tests.support.engines import compare
from tests.support.stories import VISIT

CHANNELS = ("chat", "email", "phone")
DESK = """
scenario: desk
horizon: {start: 2026-06-01, warm_up: 6h, length: 2d, drain: 4d, interval: 30m}
run: {replications: 1, seed: 5}
channels:
  phone: {patience: {mean: 90s, zero: 2%, after_return: AGAIN}}
  chat: {patience: {mean: 3m}, concurrency: 2, speed: [1.0, 0.7]}
  email: {kind: deferred}
handle_time: {talk: {mean: 4m, cv: 0.7}, wrap_up: 10%}
workflows:
  help:
    fcr: {phone: 70%, chat: 60%, email: 65%}
    returns: RETURNS
demand:
  ask: {workflow: help, channels: {phone: 60%, chat: 40%, email: 0%}, per_hour: 40}
queue_groups: {door: {lines: 12, hours: {daily: 06:00-22:00}}}
pools: {desk: {staffing: 5}}
"""
ALL = """
      after_unresolved: {share: {phone: 60%, chat: 80%, email: 50%}, after: {mean: 3h}, attempts: 3, channels: MIX}
      after_abandon: {share: 50%, after: {mean: 10m}, attempts: 2, channels: MIX}
      after_blocked: {share: 70%, after: {mean: 5m}, attempts: 4}
      after_closed: {share: 60%, after: {mean: 9h}, channels: MIX}
      after_resolved: {share: 5%, after: {mean: 8h}, attempts: 2}
"""
SOME = "{phone: {phone: 40%, email: 60%}, chat: {phone: 50%, chat: 25%, email: 25%}}"


def desk(returns: str = ALL, mix: str = SOME, again: str = "[80%, 50%]") -> Scenario:
    return loads(DESK.replace("RETURNS", returns).replace("MIX", mix).replace("AGAIN", again))


def tables(scenario: Scenario, replication: int = 0) -> dict[str, np.ndarray]:
    return simulate(compile_model(scenario), seed=scenario.run.seed, replication=replication, visits=True).tables


def same(one: Scenario, other: Scenario) -> bool:
    """Whether two scenarios give the same rows in every table."""
    found, wanted = tables(one), tables(other)
    return all(np.array_equal(found[name], wanted[name]) for name in wanted)


# Both engines


@pytest.mark.parametrize("again", ["100%", "[80%, 50%]", "300%"])
def test_both_engines_simulate_every_return_alike(again: str) -> None:
    kept = compare(compile_model(desk(again=again)), seed=5)
    assert len(np.unique(kept.tables["queue_sums"][:, 0])) == 3  # nobody starts by email, and some come back by it


# Relations


def test_a_mix_of_the_same_channel_is_no_mix() -> None:
    plain = desk(ALL.replace(", channels: MIX", ""))
    assert same(desk(mix="{phone: {phone: 100%}, chat: {chat: 100%}, email: {email: 100%}}"), plain)
    assert not same(desk(), plain)


def test_shares_of_0_are_as_if_nothing_was_said() -> None:
    none = "{after_unresolved: {share: 0%, after: 1h, channels: {phone: 100%}}, after_closed: {share: 0%, after: 1h}}"
    assert same(desk(none, again="100%"), desk("{}", again="100%"))


def test_no_limit_may_be_said() -> None:
    assert same(desk(ALL.replace("attempts: 3", "attempts: none")), desk(ALL.replace(", attempts: 3", "")))


def test_a_factor_of_1_is_as_patient_and_one_factor_holds_for_all_returns() -> None:
    assert same(desk(again="100%"), desk(again="[1, 1, 1]"))
    assert same(desk(again="50%"), desk(again="[50%, 50%]"))
    assert not same(desk(again="50%"), desk(again="100%"))


def test_the_order_of_channels_changes_nothing() -> None:
    turned = "{chat: {email: 25%, chat: 25%, phone: 50%}, phone: {email: 60%, phone: 40%}}"
    scenario = loads(
        DESK.replace("RETURNS", ALL)
        .replace("MIX", turned)
        .replace("AGAIN", "[80%, 50%]")
        .replace("{phone: 60%, chat: 40%, email: 0%}", "{email: 0%, chat: 40%, phone: 60%}")
    )
    assert same(scenario, desk())


def test_a_mix_moves_returns_and_changes_nothing_else_that_a_contact_draws() -> None:
    """Where nobody waits, the first contact of every case is the same, and so is the second but for its channel."""
    calm = "{after_unresolved: {share: 70%, after: {mean: 3h}CHANNELS}}"
    text = (
        DESK.replace("AGAIN", "100%")
        .replace("staffing: 5", "staffing: 60")
        .replace("{lines: 12, hours: {daily: 06:00-22:00}}", "{}")
    )
    plain = tables(loads(text.replace("RETURNS", calm.replace("CHANNELS", ""))))["visits"]
    mixed = tables(loads(text.replace("RETURNS", calm.replace("CHANNELS", ", channels: {phone: 50%, chat: 50%}"))))[
        "visits"
    ]
    cases = [VISIT[name] for name in ("case_queue", "date", "number", "contact")]

    def lives(rows: np.ndarray, contact: int) -> dict[tuple[int, ...], tuple[int, ...]]:
        chosen = rows[rows[:, VISIT["contact"]] == contact]
        return {
            tuple(row[cases].tolist()): tuple(row[[0, VISIT["joined_us"], VISIT["outcome"]]].tolist()) for row in chosen
        }

    assert lives(plain, 0) == lives(mixed, 0)
    seconds, moved = lives(plain, 1), lives(mixed, 1)
    assert {case: life[1] for case, life in seconds.items()} == {case: life[1] for case, life in moved.items()}
    assert 0.4 < sum(moved[case][0] != seconds[case][0] for case in seconds) / len(seconds) < 0.6


def test_a_case_is_counted_where_it_opened_and_its_contacts_where_they_came() -> None:
    kept = tables(desk())
    rows = {int(row[0]): row for row in kept["queue_sums"]}
    visits = kept["visits"]
    of_email = visits[visits[:, 0] == 1]
    assert set(of_email[:, VISIT["case_queue"]].tolist()) == {0, 2}
    scenario = run(desk(), replications=2, workers=1)
    by_channel = scenario.estimates[scenario.estimates["scope"] == "channel"].set_index(["kpi", "name"])["estimate"]
    assert by_channel["repeat_rate", "email"] == 1.0
    assert by_channel["contacts_per_case", "phone"] > 1.3
    assert "email" not in by_channel["contacts_per_case"].dropna().index
    assert len(rows) == 3


# Theory

OPEN_DESK = """
scenario: theory
horizon: {start: 2026-06-01, warm_up: WARM, length: LENGTH, drain: 30d, interval: 4h}
run: {replications: 20, seed: 3}
channels: {phone: {kind: live}, chat: {kind: live}, email: {kind: live}}
handle_time: {value: 10m}
"""


def estimates(text: str) -> dict[tuple[str, str, str], tuple[float, float]]:
    found = run(loads(text), workers=2).estimates
    return {
        (row.kpi, row.scope, row.name): (float(row.estimate), float(row.standard_error))
        for row in found.dropna(subset=["estimate", "standard_error"]).itertuples()
    }


def agree(found: tuple[float, float], wanted: float, rel: float = 0.02) -> None:
    estimate, error = found
    assert abs(estimate - wanted) <= 5.1 * error, (estimate, wanted, error)
    assert error < rel * wanted


def test_flows_between_channels_solve_their_linear_equations() -> None:
    first = dict(zip(CHANNELS, (80.0, 40.0, 60.0), strict=True))
    resolved = dict(zip(CHANNELS, (0.65, 0.7, 0.75), strict=True))
    share = dict(zip(CHANNELS, (0.6, 0.7, 0.5), strict=True))
    mix = {
        "chat": {"chat": 0.4, "email": 0.2, "phone": 0.4},
        "email": {"chat": 0.1, "email": 0.6, "phone": 0.3},
        "phone": {"chat": 0.2, "email": 0.3, "phone": 0.5},
    }
    text = OPEN_DESK.replace("WARM", "3d").replace("LENGTH", "6d") + f"""
workflows:
  help:
    fcr: {{{', '.join(f'{c}: {resolved[c]}' for c in CHANNELS)}}}
    returns:
      after_unresolved:
        share: {{{', '.join(f'{c}: {share[c]}' for c in CHANNELS)}}}
        after: {{mean: 4h}}
        channels: {{{', '.join(f'{c}: {mix[c]}' for c in CHANNELS)}}}
demand:
  ask: {{workflow: help, per_hour: 180, channels: {{{', '.join(f'{c}: {first[c] / 180.0}' for c in CHANNELS)}}}}}
pools: {{desk: {{staffing: 120}}}}
""".replace("'", "")  # fmt: skip
    found = estimates(text)
    step = np.array([[(1 - resolved[a]) * share[a] * mix[a][b] for b in CHANNELS] for a in CHANNELS])
    inverse = np.linalg.inv(np.eye(3) - step)
    flow = np.array([first[c] for c in CHANNELS]) @ inverse
    ends = inverse @ np.array([resolved[c] for c in CHANNELS])
    for i, channel in enumerate(CHANNELS):
        agree(found["arrived_per_day", "channel", channel], 24 * flow[i])
        agree(found["contacts_per_case", "channel", channel], inverse[i].sum())
        agree(found["case_resolution", "channel", channel], ends[i])
        agree(found["repeat_rate", "channel", channel], 1 - first[channel] / flow[i], 0.05)
    weights = np.array([first[c] for c in CHANNELS]) / 180.0
    agree(found["contacts_per_case", "all", "all"], weights @ inverse.sum(axis=1))


def test_a_cap_stops_the_returns_that_were_drawn_beyond_it() -> None:
    resolved, share, most = 0.6, 0.75, 2
    found = estimates(OPEN_DESK.replace("WARM", "3d").replace("LENGTH", "10d") + f"""
workflows: {{help: {{fcr: {resolved},
  returns: {{after_unresolved: {{share: {share}, after: {{mean: 5h}}, attempts: {most}}}}}}}}}
demand: {{ask: {{workflow: help, per_hour: 100}}}}
pools: {{desk: {{staffing: 60}}}}
""")  # fmt: skip
    q = (1 - resolved) * share
    agree(found["contacts_per_case", "all", "all"], 1 + q + q**2)
    agree(found["repeat_rate", "all", "all"], (q + q**2) / (1 + q + q**2))
    agree(found["stopped_by_cap", "all", "all"], q**3)
    agree(found["case_resolution", "all", "all"], resolved * (1 + q + q**2))


def test_a_day_of_demand_comes_back_over_the_days_that_follow() -> None:
    """First contacts of one day, unresolved ones again after an exponential time: a uniform arrival and gamma times."""
    unresolved, share, mean, handle = 0.4, 0.75, 20.0, 1 / 6
    scenario = loads(f"""
scenario: one_day
horizon: {{start: 2026-06-01, length: 6d, drain: 0s, interval: 1d}}
run: {{replications: 20, seed: 9}}
handle_time: {{value: 10m}}
workflows: {{help: {{fcr: {1 - unresolved},
  returns: {{after_unresolved: {{share: {share}, after: {{mean: {mean}h}}}}}}}}}}
demand: {{ask: {{workflow: help, rates: {{per: hour, every: 1d, start: 2026-06-01, values: [200]}}}}}}
pools: {{desk: {{staffing: 90}}}}
""")  # fmt: skip
    model = compile_model(scenario)
    days = np.zeros((20, 6))
    for replication in range(20):
        visits = simulate(model, seed=9, replication=replication, visits=True).tables["visits"]
        days[replication] = np.bincount(visits[:, VISIT["joined_us"]] // DAY, minlength=6)[:6]
    hours = (np.arange(24 * 60) + 0.5) / 60
    wanted = np.zeros(6)
    wanted[0] = 200.0 * 24
    for k in range(1, 40):
        later = hours + k * handle
        until = [stats.gamma.cdf(24.0 * (day + 1) - later, k, scale=mean).mean() for day in range(6)]
        wanted += 200.0 * 24 * (unresolved * share) ** k * np.diff([0.0, *until])
    error = days.std(axis=0, ddof=1) / np.sqrt(20)
    assert np.all(np.abs(days.mean(axis=0) - wanted) <= 5.1 * error)
    assert np.all(error < 0.06 * wanted)


BLOCKED = """
scenario: blocked
horizon: {start: 2026-06-01, length: 8d, drain: 4d, interval: 1h}
channels: {phone: {patience: {mean: 2m, after_return: [50%, 200%]}}, email: {kind: deferred}, chat: {patience: never}}
queue_groups: {door: {channels: [phone], lines: 12}}
workflows:
  help:
    handle_time: {law: exponential, mean: 5m}
    returns:
      after_blocked: {share: 70%, after: {mean: 30m}, attempts: 9, channels: {phone: 50%, chat: 30%, email: 20%}}
      after_abandon: {share: 80%, after: {mean: 20m}, attempts: 4}
demand: {ask: {workflow: help, per_hour: 100, channels: {phone: 100%, chat: 0%, email: 0%}}}
pools: {desk: {staffing: 8, channels: [phone]}, rest: {staffing: 20, channels: [chat, email]}}
"""


def test_the_blocked_come_back_by_a_mix_and_patience_changes_with_the_attempt() -> None:
    model = compile_model(loads(BLOCKED))
    rows = simulate(model, seed=3, replication=0, visits=True).tables["visits"].tolist()
    channel = {row[0]: row[1].split("/")[0].split(".")[-1] for row in model.names["queues"]}
    contacts = {(row[VISIT["case_queue"]], row[1], row[2], row[VISIT["contact"]]): row for row in rows}
    blocked = [key for key, row in contacts.items() if OUTCOMES[row[VISIT["outcome"]]] == "blocked" and key[3] < 9]
    back = [contacts.get((*key[:3], key[3] + 1)) for key in blocked]
    by = Counter(channel[row[0]] for row in back if row is not None)
    assert len(blocked) > 1000, len(blocked)
    for name, share in (("phone", 0.35), ("chat", 0.21), ("email", 0.14)):
        error = np.sqrt(share * (1 - share) / len(blocked))
        assert abs(by[name] / len(blocked) - share) < 4 * error, name
    for contact, mean in ((0, 2.0), (1, 1.0), (2, 4.0), (3, 4.0)):
        waits = [row for row in rows if row[VISIT["contact"]] == contact and row[VISIT["waited"]] == 1]
        waits = [row for row in waits if channel[row[0]] == "phone"]
        gave_up = sum(OUTCOMES[row[VISIT["outcome"]]] == "abandoned" for row in waits)
        minutes = sum(row[VISIT["left_us"]] - row[VISIT["joined_us"]] for row in waits) / 60e6
        # the mean of exponential times that are cut off by an answer, and its standard error
        assert abs(minutes / gave_up - mean) < 4 * mean / np.sqrt(gave_up), contact
