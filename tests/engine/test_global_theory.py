"""What theory says of vendors' shares, absence and regions."""

from __future__ import annotations

import numpy as np
import pytest

from ccsim import theory
from ccsim.engine import simulate
from ccsim.kernel import layout
from ccsim.model import compile_model
from ccsim.records.tables import QUEUE_SUMS
from tests.engine.two_regions import FAR, NEAR, world
from tests.support.small_globe import SMALL_GLOBE, small_globe
from tests.support.stories import script, tell

SPLIT = """
horizon: {start: 2026-01-05, warm_up: 2h, length: 2d, drain: 1d, interval: 1h}
handle_time: {law: exponential, mean: 2m}
demand: {calls: {per_minute: 10}}
vendors: {own: {kind: in_house}, helper: {}}
pools: {near: {vendor: own, staffing: 17}, far: {vendor: helper, staffing: 8}}
routing: {vendor_share: {calls: {own: 70%, helper: 30%}}}
""".strip()


def test_a_desk_split_by_vendors_is_two_erlang_c_desks() -> None:
    """A thinned Poisson stream is Poisson: each vendor is a desk of its own, at 7 and 3 calls a minute."""
    model = compile_model(script(SPLIT))
    found: dict[str, list[tuple[float, float, float]]] = {"near": [], "far": []}
    for replication in range(12):
        tables = simulate(model, seed=11, replication=replication, visits=True).tables
        rows = tables["visits"][tables["visits"][:, 5] == 1]
        for pool, name in enumerate(("far", "near")):
            mine = rows[rows[:, 10] == pool]
            waits = (mine[:, 7] - mine[:, 6]) / 60e6
            found[name].append((len(mine) / 2880, float(waits.mean()), float((waits > 0).mean())))
    for name, rate, agents in (("near", 7.0, 17), ("far", 3.0, 8)):
        desk = theory.erlang_c(rate, 2, agents)
        expected = (rate, desk.mean_wait_offered, desk.p_all_busy)
        values = np.array(found[name])
        error = values.std(axis=0, ddof=1) / len(values) ** 0.5
        assert np.all(np.abs(values.mean(axis=0) - expected) < 4 * error), (name, values.mean(axis=0), expected)


def test_absence_thins_a_roster_binomially() -> None:
    agents, share, days = 60, 0.2, 7
    body = (
        "horizon: {start: 2026-01-05, length: 7d, drain: 1d, interval: 1d}\n"
        "handle_time: 1s\nchannels: {mail: {kind: deferred}}\n"
        "demand: {calls: {channel: mail, per_day: 10, profile: flat}}\n"
        "shift_patterns: {day: {paid: 8h, starts: [08:00], work_days: 7}}\n"
        "sites: {here: {region: one, time_zone: UTC, hours: 24x7}}\n"
        f"pools: {{desk: {{headcount: {agents}, site: here, shifts: [day], shrinkage: {{absence: {share}}}}}}}\n"
    )
    model = compile_model(script(body))
    present = []
    for replication in range(20):
        table = simulate(model, seed=2, replication=replication).tables["pool_intervals"]
        absent = table[:, 9] / 28.8e9
        assert np.all(absent == np.floor(absent))
        np.testing.assert_array_equal(table[:, 6], agents * 28.8e9)  # everybody is paid
        present.extend(agents - absent)
    values = np.array(present)
    n, variance = len(values), agents * share * (1 - share)
    assert n == 20 * days
    assert values.mean() == pytest.approx(agents * (1 - share), abs=4 * (variance / n) ** 0.5)
    # (n - 1) s^2 / variance is nearly chi-squared: its standard deviation is sqrt(2 n)
    assert values.var(ddof=1) == pytest.approx(variance, abs=4 * variance * (2 / n) ** 0.5)
    days_apart = np.corrcoef(values[:-1], values[1:])[0, 1]
    assert abs(days_apart) < 4 / n**0.5


def test_a_step_that_opens_at_once_is_open_before_anybody_waits_and_preferred_last() -> None:
    body = world(f"{FAR}, {NEAR}", "overflow: [{after: 0s, to: any_region}]", more="patience: {zero: 100%}")
    story = tell(body, calls="time talk | 0 60 | 10 60 | 20 60 | 70 1")
    assert story.lives("left pool waited") == [(0, "near", 0), (10, "far", 0), (20, None, 1), (70, "near", 0)]


def test_steps_after_one_that_opens_at_once_keep_their_times() -> None:
    pools = f"{NEAR}, {FAR}, third: {{site: austin, staffing: 1, languages: [fr]}}"
    body = world(pools, "overflow: [{after: 0s, to: any_region}, {after: 30s, to: {language: fr}}]")
    body = body.replace("market: us, trace", "market: us, language: en, trace")
    story = tell(body, calls="time talk | 0 600 | 10 600 | 20 600 | 50 600")
    assert story.lives("left pool") == [(0, "near"), (10, "far"), (50, "third"), (600, "near")]


def test_steps_that_hold_no_pool_are_not_simulated() -> None:
    """A class keeps the overflow steps that somebody is in, at their times, numbered without gaps."""
    scenario = small_globe()
    classes = compile_model(scenario).rules.classes
    said = [step.after for step in scenario.routing.overflow]
    left_out = 0
    for made in classes.rows:
        first, n = made[[layout.CLASS_POOLS, layout.CLASS_POOLS_N]]
        steps, count = made[[layout.CLASS_OVERFLOWS, layout.CLASS_OVERFLOWS_N]]
        assert set(range(1, count + 1)) == set(classes.pools[first : first + n, layout.ENTRY_OVERFLOW].tolist()) - {0}
        times = classes.overflow_after[steps : steps + count].tolist()
        assert times == sorted(times)
        assert set(times) <= set(said)
        left_out += len(said) - count
    assert left_out > 0


def test_a_longer_ring_never_takes_more_contacts_out_of_the_region() -> None:
    """With the same random numbers: the later the overflow step opens, the fewer go far."""
    far = []
    for after in ("5s", "60s", "20m"):
        body = SMALL_GLOBE.replace("after: 30s, to: any_region", f"after: {after}, to: any_region")
        body = body.replace("after: 60s, to: any_vendor", "after: 30m, to: any_vendor").replace("2m, to", "31m, to")
        model = compile_model(script(body))
        tables = simulate(model, seed=1, replication=0).tables
        regions = [row[5] for row in model.names["pools"]]
        home = [row[11] for row in model.names["queues"]]
        far.append(sum(int(row[2]) for row in tables["routes"] if regions[row[1]] != home[row[0]]))
        assert sum(row[[c.name for c in QUEUE_SUMS[1:]].index("offered")] for row in tables["queue_sums"]) > 1000
    assert far[0] > far[1] > far[2]
