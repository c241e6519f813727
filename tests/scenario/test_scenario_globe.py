"""What planners write of markets, sites, vendors, rosters and routes, and the typed values that it becomes."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.centre.streams import streams_of
from ccsim.errors import Fault, ScenarioError
from ccsim.language.calendar_codes import known_calendars
from ccsim.language.names import BUILT_IN_PROFILES
from ccsim.language.premiums import Premiums
from ccsim.language.profiles import built_in
from ccsim.language.routing import OverflowStep, Translation
from ccsim.language.shift_patterns import PatternBreak
from ccsim.scenario import Loaded, Scenario, loads, read_text
from ccsim.scenario.load import Opened
from ccsim.units import DAY, HOUR, MINUTE, SECOND, WEEK
from tests.support.files import GLOBE
from tests.support.scenario_texts import only_fault, scenario

TEXT = GLOBE.read_text()
WORLD = loads(TEXT)


def test_markets_and_their_languages() -> None:
    us, germany = WORLD.markets["us"], WORLD.markets["germany"]
    assert (us.region, us.time_zone, us.holidays) == ("NA", "America/New_York", "US-NY")
    assert us.languages == {"en": 0.9, "es": 0.1}
    assert (us.residency, germany.residency) == (None, ("EMEA",))


def test_causes_and_peers() -> None:
    assert WORLD.causes["bug"].fixed == "2026-03-12T12:00:00"
    assert (WORLD.causes["bug"].kind, WORLD.causes["bug"].remaining) == ("defect", 0.05)
    assert WORLD.channels["community"].peers.share == 0.55


def test_a_tier_keeps_what_it_does_not_send_on() -> None:
    text = "{calls: {tiers: {t1: {escalated: 10%, transfers: {sales: 5%}}, t2: {}}}, sales: {}}"
    pools = "{desk: {staffing: 1, tier: [t1, t2]}}"
    tier = scenario(workflows=text, pools=pools).workflows["calls"].tiers["t1"]
    assert tier.resolved == pytest.approx(0.85)
    assert tier.transfers == {"sales": 0.05}
    assert WORLD.workflows["risk"].certification == "payments"


def test_profiles_are_drawn_over_the_day() -> None:
    shop = WORLD.profiles["shop"]
    assert shop.weekdays == (1.0, 1.0, 1.0, 1.0, 1.0, 0.4, 0.0)
    assert len(shop.hours.values) * shop.hours.every == DAY
    values = shop.hours.values
    assert (values[0], values[len(values) // 3], values[20 * HOUR // shop.hours.every]) == (1, 6, 2)
    # Linear from one step to the next, and from the last to the first of the next day.
    assert values[4 * HOUR // shop.hours.every] == pytest.approx(3.5)


@pytest.mark.parametrize("name", BUILT_IN_PROFILES)
def test_built_in_profiles_are_whole_weeks(name: str) -> None:
    profile = built_in(name)
    assert len(profile.hours.values) * profile.hours.every == DAY
    assert len(profile.hours.values) in (1, 48)
    assert len(profile.weekdays) == 7
    assert sum(profile.hours.values) > 0
    assert sum(profile.weekdays) > 0
    assert loads(TEXT.replace("profile: shop", f"profile: {name}")).demand["ads"].profile == (
        profile if name != "shop" else None
    )


def test_an_own_profile_goes_before_one_that_is_built_in() -> None:
    text = TEXT.replace("  shop:\n", "  evening:\n").replace("profile: shop", "profile: evening")
    assert loads(text).demand["ads"].profile == WORLD.profiles["shop"]


def test_surges() -> None:
    launch, outage = WORLD.surges["launch"], WORLD.surges["outage"]
    assert (launch.at, launch.time_zone, launch.length, launch.fades) == ("2026-03-10T09:00:00", None, 2 * DAY, DAY)
    assert (launch.workflows, launch.markets, launch.channels) == (("ads",), ("us",), ("phone",))
    assert (outage.time_zone, outage.length, outage.times, outage.segments) == ("UTC", 3 * HOUR, 2.5, None)


def test_a_volume_with_all_that_shapes_it() -> None:
    ads = WORLD.demand["ads"]
    assert (ads.per_week, ads.profile, ads.rate) == (20_000, WORLD.profiles["shop"], None)
    assert ads.season == (1, 1, 1.1, 1, 1, 0.8, 0.8, 0.8, 1, 1, 1, 1)
    assert ads.trend == pytest.approx(math.log(0.995) / WEEK)
    assert (ads.holidays, ads.day_factor.shared, ads.day_factor.correlation) == (0.4, "economy", 0.6)  # type: ignore[union-attr]
    assert ads.markets == {"us": 0.6, "germany": 0.4}
    risk = WORLD.demand["risk"]
    assert (risk.per_week, risk.market, risk.language, risk.cause) == (2_100, "us", "en", "how_to")
    assert risk.profile == built_in("always_on")


def test_streams_are_the_product_of_the_shares() -> None:
    streams = [stream for stream in streams_of(WORLD) if stream.volume == "ads"]
    assert len(streams) == 3 * 2 * 2 * 3
    assert sum(stream.share for stream in streams) == pytest.approx(1, abs=1e-12)
    assert {stream.language for stream in streams} == {"en", "es", "de"}


@pytest.mark.parametrize("text", ["{per_week: 70}", "{per_week: 70, profile: flat}", "{per_day: 10, profile: flat}"])
def test_a_volume_without_a_shape_stays_a_flat_rate(text: str) -> None:
    volume = scenario(demand="{calls: " + text + "}").demand["calls"]
    assert volume.profile is None
    assert volume.per_week is None
    assert volume.rate is not None
    assert volume.rate.grid.values[0] * WEEK == pytest.approx(70)


@pytest.mark.parametrize("more", ["season: {dec: 140%}", "trend: 1% per year", "holidays: 50%"])
def test_what_multiplies_a_flat_volume_gives_it_a_profile(more: str) -> None:
    text = "{calls: {per_day: 10, profile: flat, market: m, " + more + "}}"
    markets = "{m: {region: r, time_zone: UTC, holidays: DE}}"
    volume = scenario(demand=text, markets=markets).demand["calls"]
    assert (volume.per_week, volume.profile, volume.rate) == (70, built_in("flat"), None)


def test_no_contacts_need_no_profile() -> None:
    volume = scenario(demand="{calls: {per_week: 0, profile: evening}}").demand["calls"]
    assert volume.profile is None
    assert volume.rate is not None
    assert volume.rate.grid.values == (0.0,)


@pytest.mark.parametrize(
    ("text", "growth", "period"),
    [
        ("1% per day", 0.01, DAY),
        ("0.5% per week", 0.005, WEEK),
        ("-2% per month", -0.02, 365.25 / 12 * DAY),
        ("+12 % per year", 0.12, 365.25 * DAY),
        ("0% per week", 0.0, WEEK),
    ],
)
def test_trends_are_compound_growth(text: str, growth: float, period: float) -> None:
    volume = loads(TEXT.replace("-0.5% per week", text)).demand["ads"]
    assert math.exp(volume.trend * period) == pytest.approx(1 + growth, rel=1e-12)


def test_sites_and_vendors() -> None:
    manila, krakow = WORLD.sites["manila"], WORLD.sites["krakow"]
    assert (manila.region, manila.holidays, manila.on_holidays) == ("APAC", "PH", 0.6)
    assert krakow.hours.spans[-1] == (5 * DAY + 6 * HOUR, 5 * DAY + 18 * HOUR)
    northwind = WORLD.vendors["northwind"]
    assert (northwind.kind, northwind.paid_hour) == ("bpo", 13.8)
    assert northwind.premiums == Premiums(night=0.15, weekend=0.1)
    assert northwind.shrinkage == {"absence": 0.06, "training": 0.03}


def test_shift_patterns() -> None:
    day, split, half = (WORLD.shift_patterns[name] for name in ("day", "split", "half"))
    assert (day.paid, day.starts, day.work_days, day.days) == (8 * HOUR, (6 * HOUR, 8 * HOUR), 5, (0, 1, 2, 3, 4, 5))
    quarter, lunch = PatternBreak(length=15 * MINUTE), PatternBreak(length=30 * MINUTE, paid=False)
    assert day.breaks == (quarter, lunch, quarter)
    assert day.length == 8 * HOUR + 30 * MINUTE
    assert (split.split_after, split.split_gap, split.length, split.work_days) == (4 * HOUR, 3 * HOUR, 11 * HOUR, 4)
    assert (half.starts, half.share) == ((9 * HOUR,), 0.2)


def test_pools_with_a_roster() -> None:
    manila, krakow, risk = (WORLD.pools[name] for name in ("manila_t1", "krakow_t1", "krakow_risk"))
    assert (manila.headcount, manila.patterns, manila.shifts, manila.staffing) == (240, ("around",), (), None)
    assert (manila.languages, manila.shrinkage) == ({"en": 1.0, "es": 1.0}, None)
    assert krakow.languages == {"de": 1.0, "en": 0.9}
    assert krakow.shrinkage == {"absence": 0.04, "meetings": 0.05}
    assert (risk.patterns, risk.certifications, list(risk.skills or ())) == (("split",), ("payments",), ["risk"])


def test_routing() -> None:
    routing = WORLD.routing
    assert routing.prefer == ("same_region", "cheapest")
    assert routing.overflow == (
        OverflowStep(after=60 * SECOND, to="any_region"),
        OverflowStep(after=120 * SECOND, to="any_vendor"),
        OverflowStep(
            after=240 * SECOND, to="language", language="en", translated=Translation(handle_time=1.25, price=0.35)
        ),
    )
    assert routing.vendor_share == {"ads": {"northwind": 0.7, "in_house": 0.3}}
    planning = WORLD.planning
    assert (planning.required, planning.answered, planning.within, planning.occupancy) == (
        *("erlang_c", 0.85, 30 * SECOND),
        0.8,
    )
    entry_point = WORLD.queue_groups["german_phone"]
    assert (entry_point.markets, entry_point.clock) == (("germany",), "market")


def test_goals_for_parts() -> None:
    assert [(goal.market, goal.language, goal.cause, goal.site, goal.vendor) for goal in WORLD.goals] == [
        ("germany", "de", None, None, None),
        (None, None, "bug", None, None),
        (None, None, None, "manila", None),
        (None, None, None, None, "northwind"),
    ]


def changed(**settings: str) -> Scenario:
    return loads(TEXT, settings={key.replace("__", "."): value for key, value in settings.items()})


def test_overrides_of_the_parts_of_planners() -> None:
    assert loads(TEXT, variants=["more"]).pools["manila_t1"].headcount == 250
    assert loads(TEXT, variants=["more"]).demand["ads"].per_week == 24_000
    # People are whole: 9 x 1.5 is 13.5, halves up.
    assert changed(pools__krakow_risk__headcount="x1.5").pools["krakow_risk"].headcount == 14
    assert changed(routing__vendor_share__ads="{northwind: 85%, in_house: 15%}").routing.vendor_share["ads"] == {
        "northwind": 0.85,
        "in_house": 0.15,
    }
    assert changed(routing__overflow__0__after="0s").routing.overflow[0].after == 0
    assert changed(demand__ads__trend="-2% per month").demand["ads"].trend == pytest.approx(
        math.log(0.98) / (365.25 / 12 * DAY)
    )
    assert changed(vendors__northwind__premiums__night="+5%").vendors["northwind"].premiums.night == 0.2
    assert changed(shift_patterns__day__starts="[07:00, 08:00]").shift_patterns["day"].starts == (7 * HOUR, 8 * HOUR)
    assert changed(sites__krakow__hours="24x7").sites["krakow"].hours.spans == ((0, WEEK),)
    assert changed(surges__launch__times="x2").surges["launch"].times == pytest.approx(2.8)
    assert changed(demand__ads__day_factor__correlation="+10%").demand["ads"].day_factor.correlation == 0.7  # type: ignore[union-attr]


def test_the_rate_of_a_volume_with_a_profile() -> None:
    stretch = "demand.ads.rate[2026-03-10 09:00..12:00]"
    ads = loads(TEXT, settings=[f"{stretch}=x1.3"]).demand["ads"]
    assert ads.per_week == 20_000
    assert [(one.start, one.end, one.times) for one in ads.changes] == [
        ("2026-03-10T09:00:00", "2026-03-10T12:00:00", 1.3)
    ]
    assert loads(TEXT, settings=["demand.ads.rate=x1.1"]).demand["ads"].per_week == 22_000
    flat = loads(TEXT, settings=["demand.ads.rate=12 per hour"]).demand["ads"]
    assert (flat.per_week, flat.profile, flat.season, flat.trend, flat.holidays) == (None, None, (), 0.0, 1.0)
    assert flat.rate is not None
    assert flat.rate.grid.values[0] * HOUR == pytest.approx(12)


def test_the_order_of_declaration_changes_nothing(tmp_path: Path) -> None:
    lines = TEXT.split("\n")
    us = next(line for line in lines if line.startswith("  us:"))
    lines.remove(us)
    germany = next(at for at, line in enumerate(lines) if line.startswith("  germany:"))
    lines.insert(germany + 1, us)
    assert loads("\n".join(lines)) == WORLD


@given(st.lists(st.integers(1, 1_000), min_size=1, max_size=8))
@settings(derandomize=True, max_examples=60, deadline=None)
def test_rounded_shares_are_a_whole(parts: list[int]) -> None:
    """Shares rounded to a hundredth of a percent pass where the rounding stays within the tolerance."""
    whole = sum(parts)
    rounded = [round(10_000 * part / whole) for part in parts]
    text = ", ".join(f"s{number}: {share / 100}%" for number, share in enumerate(rounded))
    segments = ", ".join(f"s{number}: {{}}" for number in range(len(parts)))
    demand = "{calls: {per_minute: 1, segments: {" + text + "}}}"
    if abs(sum(rounded) - 10_000) <= 1:
        shares = scenario(demand=demand, segments="{" + segments + "}").demand["calls"].segments
        assert shares is not None
        assert sum(shares.values()) == pytest.approx(1, abs=1e-12)
    else:
        assert "add up to" in only_fault(demand=demand, segments="{" + segments + "}").message


def test_every_variant_is_read_as_if_it_were_alone() -> None:
    """Sections that variants share are read once; nothing of one variant is seen in another."""
    path = GLOBE
    opened = Opened(str(path))
    together = [opened.loaded().scenario, opened.loaded(["more"]).scenario, opened.loaded().scenario]
    settings = ["markets.us.time_zone=America/Chicago"]
    moved = opened.loaded([], settings).scenario
    assert together == [WORLD, read_text(TEXT, variants=["more"]).scenario, WORLD]
    assert moved == read_text(TEXT, settings=settings).scenario
    assert moved.demand == WORLD.demand
    assert together[0].pools["krakow_t1"] is together[1].pools["krakow_t1"]


CHANGES = [
    "pools.manila_t1.headcount=x2", "pools.manila_t1.languages=[es]", "pools.manila_t1.certifications=[other]",
    "pools.krakow_t1.workflows=[risk]", "pools.krakow_t1.shifts=[half]", "pools.experts.staffing=0",
    "pools.experts.tier=t1",
    "pools.manila_t1.vendor=in_house", "pools.manila_t1.channels=[email]", "markets.us.residency=[EMEA]",
    "markets.us.time_zone=Asia/Tokyo", "markets.germany.region=APAC", "queue_groups.german_phone.hours=24x7",
    "queue_groups.german_phone.clock=scenario", "routing.overflow=[]", "routing.overflow.0.after=1s",
    "routing.vendor_share.ads={in_house: 1}", "demand.ads.profile=always_on", "demand.ads.language=fr",
    "demand.ads.channels={phone: 1}", "demand.ads.per_week=x2", "shift_patterns.around.starts=[08:00]",
    "shift_patterns.day.starts=[05:00]", "sites.krakow.hours=24x7", "channels.phone.kind=deferred",
    "time_zone=Asia/Tokyo",
    "workflows.risk.tiers.t1.transfers={ads: 5%}", "workflows.ads.tiers.t1.escalated=~",
    "profiles.shop.weekdays={daily: 1}",
    "horizon.start=2026-07-06", "segments.premium.priority=7", "causes.bug.remaining=50%", "surges.outage.times=3",
    "shift_patterns.around.starts=[24:00]", "sites.krakow.region=MARS", "profiles.shop.hours=[[00:00, 1]]",
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_reading_does_not_know_of_those_before(change: str) -> None:
    opened = Opened("globe.yaml", text=TEXT)
    for chosen in ([], [change], [change, "run.seed=7"], []):
        alone = outcome(lambda: read_text(TEXT, name="globe.yaml", settings=chosen))  # noqa: B023
        assert outcome(lambda: opened.loaded([], chosen)) == alone  # noqa: B023


@given(st.lists(st.lists(st.sampled_from(CHANGES), max_size=2), min_size=1, max_size=6))
@settings(derandomize=True, max_examples=30, deadline=None)
def test_readings_of_one_file_do_not_know_of_one_another(readings: list[list[str]]) -> None:
    opened = Opened("globe.yaml", text=TEXT)
    for chosen in readings:
        alone = outcome(lambda: read_text(TEXT, name="globe.yaml", settings=chosen))  # noqa: B023
        assert outcome(lambda: opened.loaded([], chosen)) == alone  # noqa: B023


def outcome(read: Callable[[], Loaded]) -> Scenario | list[Fault]:
    try:
        return read().scenario
    except ScenarioError as error:
        return error.faults


def test_the_calendars_are_those_of_the_package() -> None:
    import holidays

    codes = set(holidays.registry.EntityLoader.get_country_codes(include_aliases=False))
    theirs = {*codes, *(f"{code}-{part}" for code in codes for part in getattr(holidays, code).subdivisions)}
    assert set(known_calendars()) == theirs
