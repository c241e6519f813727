"""Bills: paid time is cut where a premium begins or ends, by the clock of the site, whatever the report interval."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from ccsim.engine import simulate
from ccsim.metrics.estimates import estimate
from ccsim.model import compile_model
from ccsim.results.frame import measured_of
from ccsim.results.tables import Assembler
from ccsim.scenario import loads
from ccsim.units import HOUR, MINUTE

INTERVALS = ("15m", "30m", "1h", "4h", "8h", "1d")

NIGHTS = """
scenario: nights
horizon: {start: START, length: LENGTH, drain: 2h}
handle_time: {law: exponential, mean: 4m}
demand: {calls: {per_hour: 6}}
sites: {there: {region: ap, time_zone: ZONE, hours: 24x7}}
vendors: {partner: {kind: bpo, paid_hour: 20, premiums: PREMIUMS}}
pools:
  seat: {site: there, vendor: partner, staffing: [[00:00, 2], [06:00, 0], [22:00, 2]]}
  days: {site: there, staffing: [[00:00, 0], [06:00, 1], [22:00, 0]]}
"""


def sums(text: str, replication: int = 0, **settings: str) -> dict[str, np.ndarray]:
    """Columns of the pools' sums of one replication, pools in order of their names."""
    model = compile_model(loads(text, settings=settings))
    table = simulate(model, seed=1, replication=replication).tables["pool_sums"]
    from ccsim.results.tables import columns_of

    names = [column.name for column in columns_of("pool_sums", model.thresholds)][1:]
    return {name: table[:, i] for i, name in enumerate(names)}


def night(zone: str, start: str = "2026-03-02", length: str = "1w", premiums: str = "{night: 100%}") -> str:
    return NIGHTS.replace("ZONE", zone).replace("START", start).replace("LENGTH", length).replace("PREMIUMS", premiums)


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Asia/Kathmandu", "Australia/Adelaide", "Asia/Tokyo", "UTC"])
def test_a_bill_does_not_hang_on_the_report_interval(zone: str) -> None:
    bills = [sums(night(zone), **{"horizon.interval": interval}) for interval in INTERVALS]
    assert len({int(bill["rated_us"][1]) for bill in bills}) == 1
    paid, rated = int(bills[0]["paid_us"][1]), int(bills[0]["rated_us"][1])
    # all planned hours are of the night; who finishes a contact after 06:00 is paid the plain price for it
    assert rated - paid == 2 * 8 * HOUR * 7
    assert paid - 2 * 8 * HOUR * 7 == int(bills[0]["overtime_us"][1])


@pytest.mark.parametrize("seed", range(3))
def test_intervals_add_up_to_the_whole_to_the_microsecond(seed: int) -> None:
    text = night("Asia/Kathmandu", premiums="{night: 33.3333%, weekend: 10.1%, overtime: 7.77%, combine: highest}")
    for interval in INTERVALS:
        model = compile_model(loads(text, settings={"horizon.interval": interval}))
        tables = simulate(model, seed=seed, replication=0).tables
        by_interval = np.zeros((2, tables["pool_sums"].shape[1] - 1), np.int64)
        np.add.at(by_interval, tables["pool_intervals"][:, 1], tables["pool_intervals"][:, 2:])
        assert (by_interval == tables["pool_sums"][:, 1:]).all()
        if interval == INTERVALS[0]:
            first = tables["pool_sums"]
        assert (first == tables["pool_sums"]).all()


SEAT = """
scenario: rate-card
horizon: {start: 2026-03-02, length: 1w, drain: 1h}
handle_time: {law: exponential, mean: 4m}
patience: {law: exponential, mean: 3m}
demand: {calls: {per_hour: 6}}
vendors: {partner: {kind: bpo, paid_hour: 20, premiums: PREMIUMS}}
pools: {seat: {vendor: partner, staffing: 1}}
"""


@pytest.mark.parametrize(
    ("premiums", "weighted"),
    [
        # Monday to Friday 8 to 17 at the price, evenings to the next morning at 1.5, Friday 17 to Sunday 24 at 2
        (
            "{hours: [{mon: [00:00-08:00, 17:00-08:00], tue-thu: 17:00-08:00, times: 1.5}, "
            "{fri: 17:00-24:00, sat-sun: 24h, times: 2}]}",
            45 + (8 + 4 * 15) * 1.5 + 55 * 2,
        ),
        ("{night: 50%, weekend: 100%}", 168 + 7 * 8 * 0.5 + 48),
        ("{night: 50%, weekend: 100%, combine: highest}", 168 + (7 * 8 - 16) * 0.5 + 48),
        ("{night: {from: 21:00, to: 07:00, add: 25%}}", 168 + 70 * 0.25),
        ("{night: {from: 00:00, to: 05:00, times: 1.25}}", 168 + 35 * 0.25),
        ("{hours: {sun: 22:00-02:00, add: 50%}}", 168 + 4 * 0.5),  # over the end of the week
        ("{hours: [{mon: 09:00-12:00, add: 50%}, {mon: 11:00-13:00, add: 20%}]}", 168 + 3 * 0.5 + 2 * 0.2),
        ("{hours: [{mon: 09:00-12:00, add: 50%}, {mon: 11:00-13:00, add: 20%}], combine: highest}", 168 + 1.5 + 0.2),
        ("{overtime: 50%}", 168.0),
    ],
)
def test_windows_of_a_rate_card(premiums: str, weighted: float) -> None:
    bill = sums(SEAT.replace("PREMIUMS", premiums))
    assert int(bill["paid_us"][0]) == 168 * HOUR
    assert int(bill["rated_us"][0]) == round(weighted * HOUR)


@pytest.mark.parametrize(("start", "change"), [("2026-03-28", -1), ("2026-10-24", 1)], ids=["spring", "autumn"])
def test_a_night_of_a_clock_change_is_as_long_as_it_is(start: str, change: int) -> None:
    length, hours = f"{48 + change}h", 2 * 8 + change
    text = SEAT.replace("PREMIUMS", "{night: 100%}").replace("2026-03-02, length: 1w", f"{start}, length: {length}")
    bill = sums(text.replace("scenario: rate-card", "scenario: rate-card\ntime_zone: Europe/Berlin"))
    # both dates from midnight to midnight: 00-06 and 22-24 twice, the change between 02:00 and 03:00 of the second
    assert int(bill["rated_us"][0] - bill["paid_us"][0]) == hours * HOUR


CARD = (
    "{hours: [{mon: [00:00-08:00, 17:00-08:00], tue-thu: 17:00-08:00, times: 1.5}, "
    "{fri: 17:00-24:00, sat-sun: 24h, times: 2}], holiday: 100%, combine: highest}"
)


@pytest.mark.parametrize(
    ("start", "paid", "weighted"),
    [
        ("2026-03-16", 168, 257.0),  # 45 + 68 x 1.5 + 55 x 2
        ("2026-03-23", 167, 255.0),  # an hour less at 2 on the Sunday on which clocks go forward
        ("2026-10-19", 169, 259.0),  # an hour more on the one on which they go back
        ("2026-04-06", 168, 273.5),  # Easter Monday at 2: 15 hours by a half more, 9 by one
        ("2026-03-30", 168, 270.0),  # Good Friday: 8 hours by a half more, 9 by one, 7 are at 2 already
    ],
    ids=["plain", "spring", "autumn", "Easter Monday", "Good Friday"],
)
def test_a_rate_card_of_one_seat_round_the_clock(start: str, paid: int, weighted: float) -> None:
    text = SEAT.replace("PREMIUMS", CARD).replace("2026-03-02, length: 1w", f"{start}, length: {paid}h")
    text = text.replace("scenario: rate-card", "scenario: rate-card\ntime_zone: Europe/Berlin")
    there = (
        "sites: {there: {region: eu, time_zone: Europe/Berlin, hours: 24x7, holidays: DE}}\npools: {seat: {site: there,"
    )
    bill = sums(text.replace("pools: {seat: {", there))
    assert int(bill["paid_us"][0]) == paid * HOUR
    assert int(bill["rated_us"][0]) == weighted * HOUR  # at 20 an hour: 5,140 in a plain week


SHIFT = """
scenario: shift
time_zone: Europe/Berlin
horizon: {start: 2026-04-02, length: 2d, drain: 1d}
channels: {email: {kind: deferred}}
handle_time: 5m
demand: {w: {per_day: 10, channel: email}}
sites: {here: {region: eu, time_zone: Europe/Berlin, hours: 24x7, holidays: DE, on_holidays: 50%}}
vendors: {own: {kind: in_house, paid_hour: 10, premiums: PREMIUMS, BILLED}}
shift_patterns: {day: {paid: 8h, starts: [START], work_days: 7, breaks: [20m, 40m unpaid, 20m]}}
pools: {desk: {site: here, vendor: own, headcount: 10, shifts: [day], shrinkage: {training: 5%}}}
"""


def shift(premiums: str, start: str = "08:00", billed: str = "billed_in: 0s") -> dict[str, np.ndarray]:
    return sums(SHIFT.replace("PREMIUMS", premiums).replace("START", start).replace("BILLED", billed))


def test_people_at_home_on_a_holiday_are_paid_the_plain_price() -> None:
    bill = shift("{holiday: 100%}")  # Good Friday is the second day: five of ten people work
    assert int(bill["absent_us"][0]) == 5 * 8 * HOUR
    worked = int(bill["paid_us"][0] - bill["absent_us"][0]) - 10 * 8 * HOUR
    assert int(bill["rated_us"][0] - bill["paid_us"][0]) == worked >= 5 * 8 * HOUR


def test_absentees_are_paid_no_premium() -> None:
    text = SHIFT.replace("PREMIUMS", "{hours: {daily: 24h, add: 50%}}").replace("START", "08:00").replace("BILLED", "")
    bill = sums(text.replace(", }", "}").replace("training: 5%", "absence: 40%"))
    assert int(bill["absent_us"][0]) > 5 * 8 * HOUR
    assert 2 * int(bill["rated_us"][0] - bill["paid_us"][0]) == int(bill["paid_us"][0] - bill["absent_us"][0])


def test_paid_breaks_and_training_in_a_night_have_its_premium() -> None:
    bill = shift("{night: 100%, holiday: 0%}", "22:00")
    extra = int(bill["rated_us"][0] - bill["paid_us"][0])
    assert int(bill["break_us"][0]) > 0
    # 22:00 to 06:00 of a shift of 8 h 40 min holds all of it but the last 40 minutes
    assert extra > 0.9 * int(bill["paid_us"][0] - bill["absent_us"][0]) - 10 * HOUR


def test_a_stay_is_billed_in_whole_steps() -> None:
    stays = 15  # ten on Maundy Thursday, five on Good Friday: each of 8 h paid, 8 h 40 min with the unpaid break
    for step, each in (("15m", 0), ("1h", 0), ("7h", 6 * 60), ("5h", 2 * 60), ("45m", 15)):
        plain, rounded = shift("{}"), shift("{}", billed=f"billed_in: {step}")
        assert int(plain["overtime_us"][0]) == 0
        assert (plain["paid_us"] == rounded["paid_us"]).all()
        assert int(rounded["rated_us"][0] - plain["rated_us"][0]) == stays * each * MINUTE


LATE = """
scenario: late
horizon: {start: 2026-03-02, length: 2d, drain: RUN_OUT, interval: 1h}
channels: {email: {kind: deferred}}
handle_time: 1m
demand: {w: {per_day: 24, channel: email}}
vendors: {own: {kind: in_house, paid_hour: 10, billed_in: 1h}}
pools: {desk: {vendor: own, shifts: [{agents: 1, start: "START", length: 4h30m, days: mon-tue}]}, rest: {staffing: 1}}
"""


@pytest.mark.parametrize("drain", ["0s", "1d"])
@pytest.mark.parametrize(("start", "ended"), [("19:30", 2), ("19:15", 2), ("20:15", 1)])
def test_a_stay_that_ends_with_the_counted_time_is_rounded_and_one_that_goes_on_is_not(
    start: str, ended: int, drain: str
) -> None:
    bill = sums(LATE.replace("START", start).replace("RUN_OUT", drain))
    added = int(bill["rated_us"][0] - bill["paid_us"][0])
    # a contact in hand at the end of a shift makes the stay longer, and what is rounded up shorter
    assert added == ended * 30 * MINUTE - int(bill["overtime_us"][0])
    assert (
        bill["rated_us"][1] == bill["paid_us"][1] == 48 * HOUR
    )  # a place that is always staffed has no stay that ends


CENTRE = """
scenario: centre
currency: EUR
horizon: {start: 2026-03-06, warm_up: 6h, length: 2d, drain: 1d, interval: INTERVAL}
markets:
  us: {region: na, time_zone: America/New_York, languages: {en: 70%, es: 30%}}
  nepal: {region: ap, time_zone: Asia/Kathmandu, languages: {ne: 60%, en: 40%}}
channels: {chat: {concurrency: 3, speed: [1, 0.7, 0.5]}, email: {kind: deferred}}
handle_time: {talk: {mean: 6m, cv: 0.8}, wrap_up: {mean: 30s, cv: 0.5}}
demand:
  help: {per_day: 400, markets: {us: 60%, nepal: 40%}, channels: {phone: 50%, chat: 30%, email: 20%}}
sites:
  austin: {region: na, time_zone: America/Chicago, hours: 24x7}
  pokhara: {region: ap, time_zone: Asia/Kathmandu, hours: 24x7}
vendors:
  own: {kind: in_house, paid_hour: 28.37, premiums: {night: 12.5%, weekend: 33.3%, overtime: 50%, combine: highest}}
  bpo: {kind: bpo, paid_hour: 9.11, billed_in: 15m, minimum_hours_per_week: 900,
        premiums: {hours: [{fri: 18:00-06:00, times: 1.37}], night: 20%}}
pools:
  austin: {site: austin, vendor: own, staffing: [[00:00, 2], [08:00, 4], [20:00, 2]], languages: [en]}
  pokhara: {site: pokhara, vendor: bpo, staffing: [[00:00, 2], [09:15, 4], [19:45, 2]], languages: [ne, en, es]}
  spare: {site: pokhara, vendor: bpo, channels: [email], staffing: 1, languages: [en, ne]}
routing: {overflow: [{after: 20s, to: any_region}, {after: 1m, to: {language: en, translated: {price: 0.37}}}]}
"""
SPLITS = ("channel", "workflow", "market", "language", "queue", "flow", "vendor", "site", "pool", "region", "owner")


def test_every_split_adds_up_to_the_same_bill_at_every_interval() -> None:
    totals = []
    for interval in ("15m", "1h", "1d"):
        scenario = loads(CENTRE.replace("INTERVAL", interval))
        model = compile_model(scenario)
        made = Assembler(model.names, model.workforce_plan, model.thresholds)
        for replication in range(2):
            made.add(simulate(model, seed=5, replication=replication))
        tables, _ = made.finish()
        measured = measured_of(scenario, model.thresholds)
        rows = estimate(tables, measured, kpis=["cost_per_day"])
        whole = rows.loc[rows["scope"] == "all", "estimate"].item()
        parts = rows[rows["scope"].isin(SPLITS)].groupby("scope")["estimate"].sum()
        assert len(parts) >= 9
        np.testing.assert_allclose(parts.to_numpy(dtype=float), whole, rtol=1e-13)
        totals.append(whole)
    for one, other in itertools.pairwise(totals):
        assert one == other
    assert totals[0] > 0
