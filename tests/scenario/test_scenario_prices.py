"""Hours without a price beside hours that have one: told, as every plan that moves work there would look cheaper."""

from __future__ import annotations

import pytest

from ccsim.scenario.load import read_text

DESK = """
scenario: desk
currency: EUR
horizon: {start: 2026-03-02, length: 1d}
demand: {calls: {per_minute: 1, profile: flat}}
handle_time: {mean: 4m, cv: 1}
vendors: {own: {kind: in_house, paid_hour: 20}, out: {kind: bpo PRICE}}
pools:
  a: {vendor: own, staffing: 6}
  b: {vendor: out, staffing: 2 OWN}
  c: {vendor: out, staffing: 2 OWN}
"""


def warnings(price: str = "", own: str = "", paid: str = "20") -> list[tuple[str, str]]:
    text = DESK.replace("PRICE", price).replace("OWN", own).replace("paid_hour: 20", f"paid_hour: {paid}")
    return [(one.key, one.message) for one in read_text(text).remarks if one.kind == "warning"]


def test_a_vendor_without_a_price_is_told_once_with_its_pools() -> None:
    why = "hours of b, c cost nothing, as no price is written and those of other pools have one"
    assert warnings() == [("vendors.out", f"{why}; say `paid_hour:`, or `paid_hour: 0` if that is meant")]


@pytest.mark.parametrize(
    ("price", "own", "paid"),
    [(", paid_hour: 12", "", "20"), (", paid_hour: 0", "", "20"), ("", ", paid_hour: 12", "20"), ("", "", "0")],
    ids=["priced", "free of charge, as it is said", "priced by pool", "nothing is priced"],
)
def test_prices_that_are_written_or_missing_everywhere_are_not_told(price: str, own: str, paid: str) -> None:
    assert warnings(price, own, paid) == []
