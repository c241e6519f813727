"""Prices in other currencies: what they are worth, how they are changed, and what is told of them."""

from __future__ import annotations

import pytest

from ccsim import api
from ccsim.errors import ScenarioError
from ccsim.experiments.drawn import uncertainty_of
from ccsim.language.scenario import Scenario
from ccsim.scenario import loads
from ccsim.scenario.diff import differences

DESK = """\
scenario: desk
currency: USD
currencies: {EUR: 1.08 USD, PHP: 58.2 per USD}
horizon: {start: 2026-03-02, length: 1d, drain: 1h}
run: {replications: 4}
handle_time: {law: exponential, mean: 4m}
patience: {law: exponential, mean: 3m}
demand: {calls: {per_hour: 12}}
vendors:
  lisbon: {paid_hour: 18.50 EUR}
  manila: {paid_hour: 640PHP}
  own: {kind: in_house, paid_hour: 30}
pools:
  lisbon: {vendor: lisbon, staffing: 2}
  manila: {vendor: manila, staffing: 2}
  own: {vendor: own, staffing: 1}
  more: {vendor: own, paid_hour: 31 USD, staffing: 1}
"""
BOT = "channels: [phone], workflows: [calls], contained: 20%, session: 1m, price: {session: 0.10 EUR, month: 900 EUR}"


def prices(scenario: Scenario) -> dict[str, float]:
    return {name: vendor.paid_hour for name, vendor in scenario.vendors.items()}


def faults(text: str = DESK, *settings: str) -> list[tuple[str, str]]:
    with pytest.raises(ScenarioError) as caught:
        loads(text, settings=settings)
    return [(one.key, one.message) for one in caught.value.faults]


def test_a_price_is_worth_what_its_rate_says() -> None:
    scenario = loads(DESK)
    assert prices(scenario) == {"lisbon": pytest.approx(19.98), "manila": pytest.approx(640 / 58.2), "own": 30.0}
    assert scenario.pools["more"].paid_hour == 31.0
    assert scenario.currencies == {"EUR": 1.08, "PHP": pytest.approx(1 / 58.2)}


def test_every_kind_of_price_may_be_in_another_currency() -> None:
    scenario = loads(DESK, settings=[f"bots={{b: {{{BOT}}}}}"])
    price = scenario.bots["b"].price
    assert (price.session, price.month) == (pytest.approx(0.108), pytest.approx(972.0))
    goal = loads(DESK, settings=["goals=[{kpi: cost_per_contact, at_most: 5 EUR}]"]).goals[0]
    assert goal.at_most == pytest.approx(5.4)


@pytest.mark.parametrize(
    ("setting", "same"),
    [
        ("currencies.EUR=1.2", "currencies.EUR=1.2 USD"),
        ("currencies.EUR=x1.1", "currencies.EUR=1.188 USD"),
        ("currencies.PHP=+2", "currencies.PHP=60.2 per USD"),
        ("vendors.lisbon.paid_hour=+2", "vendors.lisbon.paid_hour=20.5 EUR"),
        ("vendors.lisbon.paid_hour=+2 EUR", "vendors.lisbon.paid_hour=20.5 EUR"),
        ("vendors.lisbon.paid_hour=x2", "vendors.lisbon.paid_hour=37 EUR"),
        ("vendors.lisbon.paid_hour=19.98", "vendors.lisbon.paid_hour=18.50 EUR"),
    ],
)
def test_a_change_keeps_the_currency_in_which_the_value_is_written(setting: str, same: str) -> None:
    assert differences(loads(DESK, settings=[setting]), loads(DESK, settings=[same])) == ()


def test_a_rate_of_a_variant_holds_for_prices_that_are_not_changed() -> None:
    """Sections are read once for all variants that share them: not so where a rate has moved."""
    text = (
        DESK + "variants: {dear: {currencies.EUR: 1.20}, new: {currencies.GBP: 1.3 USD, vendors.own.paid_hour: 20 GBP}}"
    )
    assert prices(loads(text, variants=["dear"]))["lisbon"] == pytest.approx(22.2)
    assert prices(loads(text, variants=["new"])) == {**prices(loads(DESK)), "own": pytest.approx(26.0)}


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        (
            "vendors.own.paid_hour=20 GBP",
            "no rate of GBP is known; known: EUR, PHP; say what one GBP is worth: `currenc",
        ),
        ("vendors.own.paid_hour=EUR 18.50", "write 18.50 EUR"),
        ("vendors.own.paid_hour=€18.50", "write 18.50 EUR"),
        ("vendors.own.paid_hour=20 eur", "write 20 EUR"),
        ("vendors.own.paid_hour='18,50 EUR'", "the decimal sign is a point: 18.50 EUR"),
        ("vendors.own.paid_hour=-3 EUR", "names a currency, which '30' does not; say -so many, or the whole amount"),
        ("vendors.lisbon.paid_hour=+2 PHP", "is in another unit than '18.50 EUR'; say +so many EUR"),
        ("vendors.own.currency=EUR", "a price names its currency"),
        ("pools.own.currency=EUR", "a price names its currency"),
        ("currencies.GBP=1.3", "if one GBP is worth so many USD, write `1.3 USD`; if one USD is worth so many GBP"),
        ("currencies.GBP=1.3 EUR", "expected a rate in USD, the currency of all results"),
        ("currencies.GBP=0 USD", "expected a rate from 1e-9 to 1e9"),
        ("currencies.USD=1 USD", "worth 1; leave it out"),
        ("currency=usd", "write USD"),
        ("fx={EUR: 1.1}", "stand under `currencies: {EUR: 1.08 USD}`"),
    ],
)
def test_what_is_no_price_and_no_rate_is_told_once_with_what_to_write(setting: str, told: str) -> None:
    assert [told in message for _, message in faults(DESK, setting)] == [True], faults(DESK, setting)


def test_prices_in_a_currency_whose_rate_is_faulty_are_not_told_again() -> None:
    assert [key for key, _ in faults(DESK.replace("1.08 USD", "1.08"))] == ["currencies.EUR"]
    assert [key for key, _ in faults(DESK.replace("EUR: 1.08 USD", "eur: 1.08 USD"))] == ["currencies.eur"]


def test_an_uncertain_rate_prices_each_replication(tmp_path: object) -> None:
    path = tmp_path / "desk.yaml"  # type: ignore[operator]
    path.write_text(
        DESK + "uncertain:\n  euro: {of: currencies.EUR, set_to: {low: 1.02, mode: 1.08, high: 1.15}}\n"
        "  peso: {of: currencies.PHP, times: {low: 0.9, high: 1.1}}\n"
    )
    uncertainty = uncertainty_of(str(path), (), ())
    assert uncertainty is not None
    assert uncertainty.pricing == {"euro", "peso"}
    assert uncertainty.simulating == frozenset()
    run = api.run(path, replications=4)
    drawn = [uncertainty.values(2026, replication) for replication in range(4)]
    days = [24 * (2 * 18.5 * one["euro"] + 2 * 640 / (58.2 * one["peso"]) + 30 + 31) for one in drawn]
    cost = run.estimates.query("kpi == 'cost_per_day' and scope == 'all'")["estimate"].item()
    assert cost == pytest.approx(sum(days) / 4)


@pytest.mark.parametrize("hours", [0, 700])
def test_a_bill_in_another_currency_over_a_change_of_clocks(tmp_path: object, hours: int) -> None:
    """Two seats round the clock from Friday to Sunday in New York; that Sunday has 23 hours, and its night 7."""
    path = tmp_path / "bill.yaml"  # type: ignore[operator]
    path.write_text(
        "scenario: bill\ntime_zone: America/New_York\ncurrencies: {EUR: 1.10 USD}\n"
        "horizon: {start: 2026-03-06, length: 3d, drain: 2h}\nrun: {replications: 2}\n"
        "handle_time: {law: constant, value: 1s}\npatience: {law: exponential, mean: 5m}\n"
        "demand: {calls: {per_hour: 1}}\nsites: {ny: {region: am, time_zone: America/New_York, hours: 24x7}}\n"
        "vendors: {partner: {paid_hour: 10 EUR, premiums: {night: 25%, weekend: 50%}, "
        f"minimum_hours_per_week: {hours}}}}}\npools: {{seat: {{site: ny, vendor: partner, staffing: 2}}}}\n"
    )
    weighted = 2 * (71 + 0.25 * (8 + 8 + 7) + 0.5 * (24 + 23))
    bill = 11.0 * max(weighted, hours * 71 / 168)
    cost = api.run(path).estimates.query("kpi == 'cost_per_day' and scope == 'all'")["estimate"].item()
    assert cost * 71 / 24 == pytest.approx(bill)
