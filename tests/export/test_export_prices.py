"""Lines of rate cards as `dim_price` has them."""

from __future__ import annotations

import pytest

from ccsim.export.prices import HOURLY, SHARE, PriceLine, prices_of_run
from ccsim.results.frame import measured_of
from ccsim.scenario import to_canonical
from tests.support.stories import script

CARD = """
demand: {calls: {per_week: 100, profile: flat}}
handle_time: 5m
sites: {s: {region: eu, time_zone: Europe/Berlin, hours: 24x7}}
vendors:
  own: {kind: in_house, paid_hour: 30}
  helper:
    paid_hour: 12
    billed_in: 15m
    minimum_hours_per_week: 200
    premiums: {night: 20%, overtime: 50%, hours: [{mon-thu: 17:00-22:00, times: 1.5}], COMBINE}
pools:
  desk: {site: s, vendor: own, staffing: 2}
  dear: {site: s, vendor: helper, staffing: 1, paid_hour: 19}
  cheap: {site: s, vendor: helper, staffing: 1}
"""


@pytest.mark.parametrize(("combine", "only"), [("add", ""), ("highest", "only the highest counts")])
def test_every_line_of_a_card_is_there(combine: str, only: str) -> None:
    scenario = script(CARD.replace("COMBINE", f"combine: {combine}").strip())
    lines = list(prices_of_run(measured_of(scenario, ()), to_canonical(scenario)))
    assert [line for line in lines if line.pool] == [
        PriceLine(vendor, pool, "paid hour", "", price, HOURLY)
        for vendor, pool, price in (("own", "desk", 30.0), ("helper", "dear", 19.0), ("helper", "cheap", 12.0))
    ]
    of_vendor = {line.what: line for line in lines if line.vendor == "helper" and not line.pool}
    assert {what: (line.value, line.unit) for what, line in of_vendor.items()} == {
        "paid hour": (12.0, HOURLY),
        "premium: night": (0.2, SHARE),
        "premium: overtime": (0.5, SHARE),
        "premium: hours of the week": (0.5, SHARE),
        "step of a billed stay": (15.0, "min"),
        "least hours that are billed": (200.0, "h per week"),
    }
    assert of_vendor["premium: night"].when.startswith("22:00-06:00")
    assert of_vendor["premium: hours of the week"].when.startswith("mon-thu 17:00-22:00")
    assert all(line.when.endswith(only) for what, line in of_vendor.items() if what.startswith("premium"))
    assert [line.what for line in lines if line.vendor == "own" and not line.pool] == ["paid hour"]


def test_without_the_scenario_prices_of_pools_are_known() -> None:
    scenario = script(CARD.replace(", COMBINE", "").strip())
    lines = list(prices_of_run(measured_of(scenario, ()), {}))
    assert [(line.pool, line.value) for line in lines] == [("desk", 30.0), ("dear", 19.0), ("cheap", 12.0)]
