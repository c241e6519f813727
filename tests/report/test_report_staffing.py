"""Required, scheduled and present agents; backlog by age."""

from dataclasses import replace

import pandas as pd
import pytest

from ccsim.report.backlog import BAND_NAMES, backlog_by_day
from ccsim.report.clock import Clock
from ccsim.report.facts import Facts
from ccsim.report.staffing import agents_by_step, cover, staffing_of
from ccsim.results.held_tables import Tables
from ccsim.results.run import Run
from ccsim.units import DAY, HOUR
from tests.support.stand_in.centre import INTERVAL, MEASURED, POOLS


def small(required: list[int], scheduled: list[int], signed_in: list[int]) -> tuple[Tables, Clock]:
    """Two pools in two hours; values in agents, pool by pool."""
    places = {"interval": [0, 1, 0, 1], "pool": [0, 0, 1, 1]}
    plan = pd.DataFrame(
        places | {"required_us": [a * HOUR for a in required], "scheduled_us": [a * HOUR for a in scheduled]}
    )
    seen = pd.DataFrame(places | {"replication": 0, "signed_in_us": [a * HOUR for a in signed_in]})
    pools = pd.DataFrame({"pool": [0, 1], "name": ["a", "b"], "site": ["x", "none"], "vendor": ["v", "v"]})
    tables = Tables(
        {"workforce_plan": plan, "pool_intervals": seen, "pools": pools, "replications": pd.DataFrame({"r": [0]})}
    )
    return tables, Clock(replace(MEASURED, warm_up=0, length=2 * HOUR, interval=HOUR))


def test_surplus_elsewhere_does_not_make_up_for_a_shortfall() -> None:
    tables, clock = small([10, 10, 0, 0], [12, 6, 5, 5], [9, 6, 5, 5])
    staffing = staffing_of(tables, clock)
    made = cover(staffing, staffing.inside("all", ""))
    weeks = 168 / 2
    assert made.required == pytest.approx(20 * weeks)
    assert made.short == pytest.approx(4 * weeks)
    assert made.over == pytest.approx((2 + 10) * weeks)
    assert made.short_present == pytest.approx((1 + 4) * weeks)
    assert made.short_share == pytest.approx(0.2)
    data = agents_by_step(staffing, staffing.inside("all", ""), clock.folded())
    assert data["scheduled"].tolist() == [17, 11]
    assert staffing.groups("site") == ["x"]
    assert cover(staffing, staffing.inside("site", "none")).short_share is None


def test_mean_agents_of_a_week_are_those_of_the_estimates(run: Run) -> None:
    facts = Facts(run)
    staffing = staffing_of(run.tables, facts.clock)
    whole = cover(staffing, staffing.inside("all", ""))
    for kpi, hours in (("agents_required", whole.required), ("agents_scheduled", whole.scheduled)):
        row = facts.one(kpi)
        assert row is not None
        assert hours / 168 == pytest.approx(row["estimate"])
    agents = facts.one("agents")
    short = facts.one("understaffing")
    assert agents is not None
    assert short is not None
    assert whole.present / 168 == pytest.approx(agents["estimate"])
    assert whole.short_share == pytest.approx(short["estimate"])
    by_site = [cover(staffing, staffing.inside("site", name)).required for name in staffing.groups("site")]
    assert sum(by_site) == pytest.approx(whole.required)
    assert len(POOLS) == len(staffing.pools)


def test_backlog_adds_up_and_has_a_name_for_every_day(run: Run) -> None:
    data = backlog_by_day(run.tables, MEASURED)
    assert len(data) == MEASURED.length // DAY + 1
    assert data[list(BAND_NAMES)].sum(axis=1).tolist() == pytest.approx(data["total"].tolist())
    waiting = run.tables["backlog"]["waiting"].sum() / run.replications
    assert data["total"].sum() == pytest.approx(waiting)
    assert (data["low"] < data["total"]).all()
    assert (data["high"] > data["total"]).all()
    nothing = Tables({"backlog": run.tables["backlog"].iloc[:0], "replications": run.tables["replications"]})
    assert backlog_by_day(nothing, MEASURED).empty


def test_clock_of_a_site_is_its_own(run: Run) -> None:
    scenario = dict(run.provenance["scenario"]) | {"sites": {"tokyo": {"time_zone": "Asia/Tokyo"}}}
    facts = Facts(replace(run, provenance={**run.provenance, "scenario": scenario}))
    assert facts.clock_of_site("tokyo").zone_name == "Asia/Tokyo"
    assert facts.clock_of_site("austin") is facts.clock
    assert facts.clock.interval == INTERVAL
