"""The flagship: as big, as rich and as plausible as it says; every variant reads and changes what it names."""

from __future__ import annotations

from typing import Any

import pytest

from ccsim import api
from ccsim.centre.expected import expected_contacts
from ccsim.centre.streams import streams_of
from ccsim.language.scenario import Scenario
from ccsim.results.run import Run
from tests.support.files import SCENARIOS

FILE = SCENARIOS / "global_support.yaml"
WEAK = {"seoul_desk": "over", "toronto_french": "under", "tokyo_accounts": "under"}
"""Pools that are meant to lie outside 55 to 92 % occupancy, and on which side."""
VARIANTS = (
    *("more_agents", "outsource_more", "bring_in_house", "follow_the_sun", "regional_hours", "cross_train"),
    *("better_bot", "no_bot", "bot_overreach"),
)


@pytest.fixture(scope="module")
def flagship() -> Scenario:
    return api.load(FILE)


@pytest.fixture(scope="module")
def simulated() -> Run:
    return api.run(FILE, replications=1, workers=1)


def test_it_is_global(flagship: Scenario) -> None:
    assert len(flagship.sites) >= 14
    assert {site.region for site in flagship.sites.values()} == {"NA", "LATAM", "EMEA", "APAC"}
    assert {market.region for market in flagship.markets.values()} == {"NA", "LATAM", "EMEA", "APAC"}
    assert len({language for market in flagship.markets.values() for language in market.languages}) >= 12
    assert {pool.site for pool in flagship.pools.values()} == set(flagship.sites)


def test_it_has_every_kind_of_work(flagship: Scenario) -> None:
    workflows = {volume.workflow for volume in flagship.demand.values()}
    assert workflows == {"ads_basic", "ads_advanced", "risk", "partner", "media", "commerce", "enterprise"}
    streams = streams_of(flagship)
    assert {stream.channel for stream in streams} == {"phone", "chat", "email", "in_app", "social", "community"}
    assert {stream.segment for stream in streams} == {"self_serve", "premium", "enterprise"}
    assert {stream.workflow for stream in streams} == workflows
    assert 1_000 <= len(streams) <= 1_800
    linked = {to for one in flagship.workflows.values() for tier in one.tiers.values() for to in tier.transfers}
    assert linked == {"risk", "ads_advanced"}
    assert any(cause.kind == "defect" and cause.fixed for cause in flagship.causes.values())


def test_it_has_the_size_of_a_platform(flagship: Scenario) -> None:
    weeks = flagship.horizon.length / (7 * 86_400 * 1_000_000)
    assert weeks == 4
    assert flagship.horizon.warm_up == flagship.horizon.length // 4
    assert 580_000 < sum(expected_contacts(flagship).values()) / weeks < 620_000
    kinds = [vendor.kind for vendor in flagship.vendors.values()]
    assert kinds.count("in_house") == 1
    assert kinds.count("bpo") >= 3
    assert 3_000 <= sum(pool.headcount or 0 for pool in flagship.pools.values()) <= 6_000
    assert 45 <= len(flagship.pools) <= 60
    assert {name for pool in flagship.pools.values() for name in pool.patterns} == set(flagship.shift_patterns)


def test_it_is_readable_and_says_that_it_is_invented() -> None:
    text = FILE.read_text(encoding="utf-8")
    lines = text.splitlines()
    assert len(lines) < 650
    assert max(map(len, lines)) <= 120
    head = text[: text.index("scenario:")]
    assert "EVERY FIGURE IS INVENTED" in head
    assert all(name in head for name in WEAK)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_reads_and_changes_something(variant: str, flagship: Scenario) -> None:
    assert api.load(FILE, variants=[variant]) != flagship


def test_outsourcing_moves_the_share_and_the_people(flagship: Scenario) -> None:
    more = api.load(FILE, variants=["outsource_more"])
    assert flagship.routing.vendor_share["ads_basic"] == {"northwind": 0.7, "in_house": 0.3}
    assert more.routing.vendor_share["ads_basic"] == {"northwind": 0.85, "in_house": 0.15}

    def people(scenario: Scenario, vendor: str) -> int:
        return sum(pool.headcount or 0 for pool in scenario.pools.values() if pool.vendor == vendor)

    assert people(more, "northwind") > people(flagship, "northwind")
    assert people(more, "in_house") < people(flagship, "in_house")


def by(run: Run, kpi: str, scope: str, **equal: Any) -> dict[str, float]:
    """Estimates of a KPI by the names of a scope."""
    rows = run.estimates
    rows = rows[(rows["kpi"] == kpi) & (rows["scope"] == scope)]
    for column, value in equal.items():
        rows = rows[rows[column] == value]
    return dict(zip(rows["name"], rows["estimate"], strict=True))


def test_the_phone_is_answered_as_in_a_plausible_operation(simulated: Run) -> None:
    assert 0.70 <= by(simulated, "service_level", "channel", threshold_s=20.0)["phone"] <= 0.95
    assert 0.02 <= by(simulated, "abandonment", "channel")["phone"] <= 0.10
    assert 0.02 <= simulated.estimate("abandonment")["estimate"] <= 0.10


def test_two_thirds_of_a_million_contacts_a_week_arrive(simulated: Run) -> None:
    assert 600_000 <= simulated.tables["replications"]["contacts"].iloc[0] / 4 <= 700_000


def test_every_pool_is_well_occupied_but_for_three_weak_spots(simulated: Run, flagship: Scenario) -> None:
    occupancy = by(simulated, "occupancy", "pool")
    outside = {
        name: "over" if occupancy[name] > 0.92 else "under"
        for name in flagship.pools
        if not 0.55 <= occupancy[name] <= 0.92
    }
    assert outside == WEAK


def test_every_site_language_and_tier_handles_contacts(simulated: Run, flagship: Scenario) -> None:
    answered = simulated.tables["routes"].merge(simulated.tables["pools"], on="pool")
    assert set(answered.loc[answered["answered"] > 0, "site"]) == set(flagship.sites)
    assert set(answered.loc[answered["answered"] > 0, "name"]) == set(flagship.pools)
    queues = simulated.tables["queue_sums"].merge(simulated.tables["queues"], on="queue")
    queues = queues[queues["answered"] > 0]
    spoken = {language for market in flagship.markets.values() for language in market.languages}
    assert set(queues["language"]) == spoken
    assert set(queues["tier"]) == {"t1", "t2", "t3"}
    assert set(queues["market"]) == set(flagship.markets)
    assert set(queues["workflow"]) == set(flagship.workflows)


def test_the_defect_is_gone_once_it_is_fixed(simulated: Run) -> None:
    queues = simulated.tables["queue_sums"].merge(simulated.tables["queues"], on="queue")
    arrived = queues[queues["volume"] == "ads_basic"].groupby("cause")["arrived"].sum()
    share = arrived["billing_bug"] / arrived.sum()
    assert 0.03 < share < 0.07  # 10 % of the volume for two of four weeks, then 8 % of that


def test_shares_of_vendors_are_those_of_the_scenario(simulated: Run) -> None:
    queues = simulated.tables["queues"]
    basic = queues[(queues["workflow"] == "ads_basic") & (queues["language"] == "de") & (queues["tier"] == "t1")]
    visits = simulated.tables["assigned"].merge(simulated.tables["vendors"], on="vendor")
    assigned = visits[visits["queue"].isin(basic["queue"])].groupby("name")["assigned"].sum()
    assert assigned["northwind"] / assigned.sum() == pytest.approx(0.7, abs=0.01)


def test_it_has_every_step_of_the_life_of_a_contact(flagship: Scenario) -> None:
    tiers = [tier for workflow in flagship.workflows.values() for tier in workflow.tiers.values()]
    phone = flagship.channels["phone"]
    assert set(flagship.bots) == {"assistant", "voice_menu"}
    assert phone.balking is not None
    assert phone.callback is not None
    assert any(tier.warm_by_channel for tier in tiers)
    assert any(tier.escalated_as for tier in tiers)
    assert any(workflow.misrouted for workflow in flagship.workflows.values())
    assert any(vendor.quality for vendor in flagship.vendors.values())
    assert flagship.satisfaction is not None
    assert flagship.deflections
    assert flagship.assists


def test_every_step_of_the_life_of_a_contact_happens(simulated: Run) -> None:
    estimates = {kpi: simulated.estimate(kpi)["estimate"] for kpi in
                 ("containment_7d", "false_containment", "callbacks", "balking", "warm_transfer_rate", "transfer_rate",
                  "csat", "deflected_per_day", "repeat_rate")}  # fmt: skip
    assert all(value > 0 for value in estimates.values()), estimates
    assert estimates["containment_7d"] < simulated.estimate("containment")["estimate"]


def test_bots_are_told_apart() -> None:
    """Two weeks less: what the bot ends, what is left of it, and who is helped in the end."""
    settings = ["horizon.length=1w", "horizon.warm_up=1d", "run.replications=1"]
    runs = {
        name: api.run(FILE, variants=[name] if name else [], settings=settings)
        for name in ("", "better_bot", "no_bot", "bot_overreach")
    }
    told = {
        kpi: {name: run.estimate(kpi)["estimate"] for name, run in runs.items()}
        for kpi in ("containment", "case_resolution", "agents_required", "repeat_rate")
    }
    assert told["containment"]["no_bot"] < told["containment"][""] < told["containment"]["better_bot"]
    assert told["containment"]["better_bot"] < told["containment"]["bot_overreach"]
    assert (
        told["case_resolution"]["bot_overreach"] < told["case_resolution"][""] < told["case_resolution"]["better_bot"]
    )
    assert told["agents_required"]["no_bot"] > told["agents_required"][""] > told["agents_required"]["better_bot"]
    assert told["repeat_rate"]["bot_overreach"] > 1.3 * told["repeat_rate"][""]
