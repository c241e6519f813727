"""Faults in what planners write: each at its place. A `§` stands before the line and column that a fault must name."""

# One row a fault.
# ruff: noqa: E501

from __future__ import annotations

import pytest

from ccsim.errors import Fault
from ccsim.scenario import loads
from tests.support.files import GLOBE
from tests.support.scenario_texts import faults_of

TEXT = GLOBE.read_text()


def put(*changes: tuple[str, str]) -> str:
    """The globe with some words in place of others."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return text


def found(text: str) -> list[Fault]:
    return faults_of(text.replace("§", ""))


def place_of(text: str) -> tuple[int, int]:
    before = text[: text.index("§")]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


NAMES = [
    ("region: NA, time_zone: America/New_York", "region: NA, time_zone: §America/New_Yrok", "markets.us.time_zone", "there is no time zone 'America/New_Yrok'; did you mean 'America/New_York'"),
    ("holidays: US-NY", "holidays: §US-XX", "markets.us.holidays", "there is no part 'XX' of the holiday calendar US"),
    ("holidays: US-NY", "holidays: §USA", "markets.us.holidays", "there is no holiday calendar 'USA'; say a country like DE"),
    ("holidays: PH", "holidays: §ph", "sites.manila.holidays", "did you mean 'PH'"),
    ("residency: EMEA", "residency: §EMAE", "markets.germany.residency", "there is no site in the region 'EMAE'; did you mean 'EMEA'"),
    ("market: germany, language: de}", "market: §germny, language: de}", "goals.0.market", "there is no market 'germny'; did you mean 'germany'"),
    ("market: germany, language: de}", "market: germany, language: §dee}", "goals.0.language", "no market and no pool speaks 'dee'; did you mean 'de'"),
    ("at_most: 5%, cause: bug", "at_most: 5%, cause: §bugs", "goals.1.cause", "there is no cause 'bugs'; did you mean 'bug'"),
    ("site: manila}\n", "site: §manilla}\n", "goals.2.site", "there is no site 'manilla'; did you mean 'manila'"),
    ("vendor: northwind}\n", "vendor: §nortwind}\n", "goals.3.vendor", "there is no vendor 'nortwind'; did you mean 'northwind'"),
    ("transfers: {risk: 6%}", "transfers: {§rsk: 6%}", "workflows.ads.tiers.t1.transfers.rsk", "there is no workflow 'rsk'; did you mean 'risk'"),
    ("certification: payments", "certification: §paymnts", "workflows.risk.certification", "no pool holds the certification 'paymnts'; did you mean 'payments'"),
    ("workflows: [ads], markets: [us]", "workflows: [§adds], markets: [us]", "surges.launch.workflows.0", "there is no workflow 'adds'"),
    ("workflows: [ads], markets: [us]", "workflows: [ads], markets: [§usa]", "surges.launch.markets.0", "there is no market 'usa'"),
    ("markets: {us: 60%, germany: 40%}", "markets: {us: 60%, §germay: 40%}", "demand.ads.markets.germay", "there is no market 'germay'; did you mean 'germany'"),
    ("channels: {phone: 70%, email", "channels: {§fone: 70%, email", "demand.ads.channels.fone", "there is no channel 'fone'; did you mean 'phone'"),
    ("segments: {self_serve: 80%, premium", "segments: {§selfserve: 80%, premium", "demand.ads.segments.selfserve", "did you mean 'self_serve'"),
    ("causes: {how_to: 60%, bug", "causes: {§how_two: 60%, bug", "demand.ads.causes.how_two", "there is no cause 'how_two'; did you mean 'how_to'"),
    ("profile: shop", "profile: §shp", "demand.ads.profile", "there is no profile 'shp'; did you mean 'shop'"),
    ("profile: always_on", "profile: §allways_on", "demand.risk.profile", "did you mean 'always_on'"),
    ("market: us, language: en", "market: §us2, language: en", "demand.risk.market", "there is no market 'us2'; did you mean 'us'"),
    ("market: us, language: en", "market: us, language: §eng", "demand.risk.language", "no market and no pool speaks 'eng'"),
    ("cause: how_to", "cause: §other", "demand.risk.cause", "there is no cause 'other'"),
    ("site: manila, vendor: northwind, headcount", "site: §manla, vendor: northwind, headcount", "pools.manila_t1.site", "there is no site 'manla'; did you mean 'manila'"),
    ("site: manila, vendor: northwind, headcount", "site: manila, vendor: §noth, headcount", "pools.manila_t1.vendor", "there is no vendor 'noth'; did you mean 'northwind'"),
    ("shifts: [day, half]", "shifts: [day, §hlf]", "pools.krakow_t1.shifts.1", "there is no shift pattern 'hlf'; did you mean 'half'"),
    ("{language: en, translated", "{language: §fr, translated", "routing.overflow.2.to.language", "no pool speaks 'fr'"),
    ("vendor_share: {ads: {northwind: 70%", "vendor_share: {ads: {§northwnd: 70%", "routing.vendor_share.ads.northwnd", "there is no vendor 'northwnd'; did you mean 'northwind'"),
    ("vendor_share: {ads:", "vendor_share: {§add:", "routing.vendor_share.add", "there is no workflow 'add'; did you mean 'ads'"),
    ("markets: germany, clock", "markets: §german, clock", "queue_groups.german_phone.markets", "there is no market 'german'; did you mean 'germany'"),
]  # fmt: skip

QUANTITIES = [
    ("languages: {en: 90%, es: 10%}", "languages: §{en: 90%, es: 11%}", "markets.us.languages", "the shares add up to 101%; expected 100%"),
    ("markets: {us: 60%, germany: 40%}", "markets: §{us: 60%, germany: 35.5%}", "demand.ads.markets", "the shares add up to 95.5%; expected 100%"),
    ("{northwind: 70%, in_house: 30%}", "§{northwind: 85%, in_house: 30%}", "routing.vendor_share.ads", "the shares add up to 115%"),
    ("segments: {self_serve: 80%, premium: 20%}", "segments: {self_serve: 80%, premium: §120%}", "demand.ads.segments.premium", "a share of at most 100%"),
    ("markets: {us: 60%, germany: 40%}", "markets: §{}", "demand.ads.markets", "expected at least 1 in the map"),
    ("times: 1.4", "times: §-1", "surges.launch.times", "must not be negative"),
    ("for: 2d", "for: §2", "surges.launch.for", "a duration needs a unit"),
    ("for: 2d, ", "", "surges.launch.for", "is missing: expected a duration"),
    ("at: 2026-03-10 09:00", "at: §2026-03-32", "surges.launch.at", "a date and time that exist"),
    ("season: {mar: 110%", "season: {§march: 110%", "demand.ads.season.march", "expected months like dec or jun-aug, got 'march'"),
    ("season: {mar: 110%", "season: {jun: 1, mar: 110%", "demand.ads.season.jun-aug", "jun has a factor twice"),
    ("trend: -0.5% per week", "trend: §2%", "demand.ads.trend", "say per what, as in 2% per month"),
    ("trend: -0.5% per week", "trend: §1% per decade", "demand.ads.trend", "expected a trend like 0.5% per week"),
    ("trend: -0.5% per week", "trend: §-95% per week", "demand.ads.trend", "from -90% to 1000% per week"),
    ("holidays: 40%", "holidays: §often", "demand.ads.holidays", "expected a ratio"),
    ("correlation: 60%", "correlation: §160%", "demand.ads.day_factor.correlation", "at most 100%"),
    ("shared: economy, correlation", "§correlation", "demand.ads.day_factor.correlation", "needs `shared:`"),
    ("hours: [[00:00, 1], [08:00, 6]", "hours: [§[01:00, 1], [08:00, 6]", "profiles.shop.hours.0", "first step at 00:00"),
    ("hours: [[00:00, 1], [08:00, 6], [20:00, 2]]", "hours: §[[00:00, 0]]", "profiles.shop.hours", "a weight above 0"),
    ("hours: [[00:00, 1], [08:00, 6]", "hours: §[[00:00, 1], [08:00:30, 6]", "profiles.shop.hours", "steps at whole minutes"),
    ("weekdays: {mon-fri: 1, sat: 40%}", "weekdays: {mon-fri: 1, §fri: 40%}", "profiles.shop.weekdays.fri", "fri has a weight twice"),
    ("weekdays: {mon-fri: 1, sat: 40%}", "weekdays: {mon-fri: 1, §sonntag: 40%}", "profiles.shop.weekdays.sonntag", "days like mon"),
    ("weekdays: {mon-fri: 1, sat: 40%}", "weekdays: §{mon-fri: 0}", "profiles.shop.weekdays", "a weight above 0"),
    ("breaks: [15m, 30m unpaid, 15m], days: mon-sat", "breaks: [15m, §30m free, 15m], days: mon-sat", "shift_patterns.day.breaks.1", "expected a break like 15m or 30m unpaid, got '30m free'"),
    ("breaks: [15m, 30m unpaid, 15m], days: mon-sat", "breaks: [15m, §30, 15m], days: mon-sat", "shift_patterns.day.breaks.1", "a duration needs a unit"),
    ("starts: [06:00, 08:00]", "starts: [06:00, §24:00]", "shift_patterns.day.starts.1", "a start of a shift like 07:30"),
    ("starts: [06:00, 08:00]", "starts: [06:00, §6:00]", "shift_patterns.day.starts.1", "appears twice"),
    ("{paid: 8h, starts: [06:00, 08:00]", "{paid: §8, starts: [06:00, 08:00]", "shift_patterns.day.paid", "a duration needs a unit"),
    ("{paid: 8h, starts: [06:00, 08:00]", "{paid: §24h, starts: [06:00, 08:00]", "shift_patterns.day.paid", "whole minutes"),
    ("{paid: 8h, starts: [06:00, 08:00]", "{paid: §23h45m, starts: [06:00, 08:00]", "shift_patterns.day.paid", "longer than a day"),
    ("{paid: 4h, starts: 09:00,", "{paid: 4h, starts: 09:00, breaks: §[2h, 2h],", "shift_patterns.half.breaks", "4h of paid breaks fill a shift of 4h"),
    ("split: {after: 4h, gap: 3h}", "split: §{after: 8h, gap: 3h}", "shift_patterns.split.split", "after the end of a shift of 11h"),
    ("split: {after: 4h, gap: 3h}", "split: §{after: 4h}", "shift_patterns.split.split.gap", "is missing"),
    ("share: 20%, days: mon-fri", "share: 20%, days: §sat", "shift_patterns.half.days", "5 shifts a week do not fit into 1 day"),
    ("work_days: 4", "work_days: §8", "shift_patterns.split.work_days", "at most 7"),
    ("shrinkage: {absence: 6%, training: 3%}", "shrinkage: §{absence: 60%, training: 43%}", "vendors.northwind.shrinkage", "103% of the paid time is away"),
    ("shrinkage: {absence: 6%, training: 3%}", "shrinkage: {absence: §6, training: 3%}", "vendors.northwind.shrinkage.absence", "for a percentage write 6%"),
    ("night: 15%", "nihgt: 15%", "vendors.northwind.premiums.nihgt", "unknown key 'nihgt'; did you mean 'night'"),
    ("kind: in_house, paid_hour", "kind: §inhouse, paid_hour", "vendors.in_house.kind", "one of in_house, bpo, vendor, got 'inhouse'; did you mean 'in_house'"),
    ("on_holidays: 60%", "on_holidays: §60", "sites.manila.on_holidays", "for a percentage write 60%"),
    ("holidays: PH, on_holidays: 60%", "§on_holidays: 60%", "sites.manila.on_holidays", "needs `holidays:`"),
    ("hours: 24x7", "hours: §always", "sites.manila.hours", "expected hours like 07:00-24:00"),
    (", hours: 24x7", "", "sites.manila.hours", "is missing: expected hours"),
    ("answered: 85%", "answered: §100%", "planning.answered", "above 0% and below 100%"),
    ("required: erlang_c", "required: §erlang", "planning.required", "one of erlang_c, square_root, workload, got 'erlang'"),
    ("occupancy: 80%}", "occupancy: §0%}", "planning.occupancy", "above 0"),
    ("peers: 55%", "peers: §155%", "channels.community.peers", "at most 100%"),
    ("remaining: 5%", "remaining: §5", "causes.bug.remaining", "for a percentage write 5%"),
    ("fixed: 2026-03-12 12:00", "fixed: §soon", "causes.bug.fixed", "expected a local time"),
    ("kind: defect", "kind: §defekt", "causes.bug.kind", "one of defect, policy, how_to, other"),
    ("languages: {de: 100%, en: 90%}", "languages: {de: 100%, en: §0%}", "pools.krakow_t1.languages.en", "above 0"),
    ("headcount: 80", "headcount: §many", "pools.krakow_t1.headcount", "between which `ccsim staff` finds it, got 'many'"),
    ("headcount: 80", "headcount: §0", "pools.krakow_t1.headcount", "no agents at any time"),
    ("prefer: [same_region, cheapest]", "prefer: [same_region, §cheepest]", "routing.prefer.1", "did you mean 'cheapest'"),
    ("to: any_region", "to: §any_regions", "routing.overflow.0.to", "any_region, any_vendor"),
    ("handle_time: 1.25, price", "handle_time: §0, price", "routing.overflow.2.to.translated.handle_time", "a positive number"),
]  # fmt: skip

BETWEEN = [
    # One or several.
    ("markets: {us: 60%, germany: 40%}", "market: us\n    §markets: {us: 60%, germany: 40%}", "demand.ads.markets", "say market or markets, not both"),
    ("channels: {phone: 70%", "channel: phone\n    §channels: {phone: 70%", "demand.ads.channels", "say channel or channels, not both"),
    ("segments: {self_serve: 80%", "segment: premium\n    §segments: {self_serve: 80%", "demand.ads.segments", "say segment or segments, not both"),
    ("causes: {how_to: 60%", "cause: bug\n    §causes: {how_to: 60%", "demand.ads.causes", "say cause or causes, not both"),
    # Profiles.
    # Tiers and transfers.
    ("transfers: {risk: 6%}", "transfers: {ads: §6%}", "workflows.ads.tiers.t1.transfers.ads", "a workflow cannot transfer to itself"),
    ("resolved: 80%, escalated: 10%", "resolved: 90%, escalated: §10%", "workflows.ads.tiers.t1.escalated", "resolved, escalated and transferred are 106% together"),
    ("resolved: 80%, escalated: 10%, transfers: {risk: 6%}", "escalated: §97%, transfers: {risk: 6%}", "workflows.ads.tiers.t1.escalated", "escalated and transferred are 103% together"),
    ("      t2: {}", "      t2: {escalated: §3%}", "workflows.ads.tiers.t2.escalated", "t2 is the last tier; it cannot escalate"),
    # Rosters.
    ("headcount: 80, shifts: [day, half]", "shifts: §[day, half]", "pools.krakow_t1.shifts", "shifts by name need `headcount`"),
    ("headcount: 80, shifts: [day, half],", "§headcount: 80,", "pools.krakow_t1.shifts", "headcount needs `shifts:`"),
    ("site: krakow, vendor: in_house, headcount: 80", "vendor: in_house, §headcount: 80", "pools.krakow_t1.site", "headcount needs `site:`"),
    ("site: krakow, staffing: 9", "site: krakow, staffing: 9, headcount: 3", "pools.experts", "got staffing and headcount"),
    ("site: krakow, staffing: 9", "site: krakow", "pools.experts", "got none of them"),
    ("site: krakow, staffing: 9", "site: krakow, staffing: 9, §shrinkage: {absence: 3%}", "pools.experts.shrinkage", "needs `headcount:` or `roster:`, of which it is a part"),
    ("starts: [06:00, 08:00]", "starts: [05:00, 06:00, 14:00]", "pools.krakow_t1.shifts.0", "pattern day at site krakow: the shifts 05:00-13:30, 14:00-22:30 lie outside its hours, mon-fri 06:00-22:00, sat 06:00-18:00, on every day"),
    ("meetings: 5%}", "meetings: 95%}", "pools.krakow_t1.shrinkage", "30m of breaks and 98.9583% away (meetings 98.9583% of a shift that is worked) fill the shifts of pattern day, 8h paid"),
    # Routing.
    ("{after: 2m, to: any_vendor}", "§{after: 30s, to: any_vendor}", "routing.overflow.1.after", "expected overflow steps in rising order of `after`, got 30s after 1m"),
    ("{after: 2m, to: any_vendor}", "{after: 2m, to: §any_region}", "routing.overflow.1.to", "any_region may already answer when this overflow step opens"),
    ("to: {language: en, translated", "to: §{translated", "routing.overflow.2.to.language", "is missing"),
    ("vendor_share: {ads: {northwind: 70%, in_house: 30%}}", "vendor_share: {ads: {northwind: 70%, in_house: 20%, idle: §10%}}", "routing.vendor_share.ads.idle", "no pool of idle takes workflow ads; those of in_house, northwind have"),
    # Goals.
    ("market: germany, language: de}", "market: germany, language: es}", "goals.0", "no stream has this market and language"),
    ("vendor: northwind}\n", "vendor: §idle}\n", "goals.3.vendor", "no pool has vendor idle"),
    ("at_most: 90%, site: manila", "at_most: 90%, §market: us", "goals.2.market", "occupancy is not counted by market"),
    ("kpi: abandonment, at_most: 5%, cause: bug", "kpi: balking, at_most: 5%, §site: manila", "goals.1.site", "balking is not counted by site"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "key", "said"), [*NAMES, *QUANTITIES, *BETWEEN])
def test_faults_have_their_key_and_place(old: str, new: str, key: str, said: str) -> None:
    text = put(*([("vendors:\n", "vendors:\n  idle: {}\n")] if "idle" in new else []), (old, new))
    faults = found(text)
    assert len(faults) == 1, "\n".join(map(str, faults))
    assert faults[0].key == key
    assert said in faults[0].message
    if "§" in text:
        assert (faults[0].line, faults[0].column) == place_of(text)
    assert faults[0].line > 0
    assert faults[0].column > 0


def test_the_globe_is_fine() -> None:
    loads(TEXT)


def told(*changes: tuple[str, str]) -> list[tuple[str, str]]:
    return [(fault.key, fault.message) for fault in found(put(*changes))]


def test_what_shapes_a_week_needs_a_profile() -> None:
    needs = "needs per_day or per_week with a `profile:`"
    shaped = [(f"demand.ads.{name}", needs) for name in ("season", "trend", "holidays")]
    assert told(("    profile: shop\n", "")) == shaped
    spread = ("demand.ads.profile", "a profile spreads per_day or per_week, not per_hour")
    assert told(("per_week: 20_000", "per_hour: 120")) == [
        spread,
        *((key, f"{needs}; per_hour already has the shape") for key, _ in shaped),
    ]


def test_a_site_that_opens_on_too_few_days() -> None:
    faults = told(("mon-fri: 06:00-22:00, sat: 06:00-18:00", "mon-wed: 06:00-22:00"))
    assert [key for key, _ in faults] == [
        f"pools.{name}" for name in ("krakow_t1.shifts.0", "krakow_t1.shifts.1", "krakow_risk.shifts.0")
    ]
    assert all("do not fit its hours, mon-wed 06:00-22:00, which allow 3 days" in said for _, said in faults)


def test_a_shift_may_go_over_the_end_of_the_week() -> None:
    """Sunday 22:00 to Monday 06:30 lies in hours that are written by day."""
    text = put(
        ("hours: 24x7", "hours: {mon-sat: 00:00-24:00, sun: 00:00-24:00}"),
        ("starts: [00:00, 08:00, 16:00]", "starts: [00:00, 08:00, 16:00, 22:00]"),
    )
    loads(text)
    early = told(("hours: 24x7", "hours: {mon-sat: 00:00-24:00, sun: 00:00-20:00}"))
    assert all(key.startswith("demand.") for key, _ in early)


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        (("70%", "40%"), "the shares of its patterns add up to 110%; they must not exceed 100%"),
        (("70%", "20%"), "the shares of its patterns add up to 90% and no other pattern takes the rest"),
    ],
)
def test_shares_of_patterns(shares: tuple[str, str], said: str) -> None:
    first, second = shares
    changes = [
        ("days: mon-sat}", "days: mon-sat, share: " + first + "}"),
        ("share: 20%, days: mon-fri", f"share: {second}, days: mon-fri"),
    ]
    assert told(*changes) == [("pools.krakow_t1.shifts", said)]
    loads(put(("days: mon-sat}", "days: mon-sat, share: 80%}")))


def test_shrinkage_of_a_vendor_fills_the_shift() -> None:
    (fault,) = found(put(("{absence: 6%, training: 3%}", "{absence: 1%, training: 94%}")))
    assert fault.key == "pools.manila_t1.shifts"
    assert (
        "94.9495% away (training 94.9495% of a shift that is worked) fill the shifts of pattern around" in fault.message
    )


def test_holidays_without_a_calendar() -> None:
    faults = told(("holidays: US-NY, ", ""), ("holidays: DE-NW, ", ""))
    assert faults == [("demand.ads.holidays", "none of its markets has a holiday calendar")]


def test_a_surge_that_meets_nobody() -> None:
    faults = told(
        ("channels: phone}", "channels: email, causes: bug, segments: premium}"),
        ("workflows: [ads], markets", "workflows: [risk], markets"),
    )
    assert faults == [("surges.launch", "no volume has these workflows, markets, channels, segments, causes")]


def test_a_certification_that_no_pool_holds() -> None:
    faults = told(("     certifications: payments}", "     }"), (", certifications: [payments]}", "}"))
    assert faults == [("workflows.risk.certification", "no pool holds the certification 'payments'")]


def test_too_many_streams() -> None:
    many = ", ".join(f"{name}: 0.1%" for name in ["premium", *(f"s{number}" for number in range(999))])
    segments = "".join(f"s{number}: {{}}, " for number in range(999))
    changes = [
        ("segments: {self_serve: {priority: 2}, ", "segments: {" + segments),
        ("segments: {self_serve: 80%, premium: 20%}", "segments: {" + many + "}"),
    ]
    # 1,000 segments x 3 languages x 3 channels x 2 causes, and the one stream of risk.
    assert len(loads(put(*changes)).demand["ads"].segments or ()) == 1_000
    causes = "".join(f"c{number}: {{}}\n  " for number in range(4))
    split = "causes: {how_to: 40%, bug: 20%, c0: 10%, c1: 10%, c2: 10%, c3: 10%}"
    changes += [("causes:\n  bug", "causes:\n  " + causes + "bug"), ("causes: {how_to: 60%, bug: 40%}", split)]
    (fault,) = found(put(*changes))
    assert fault.key == "demand.ads"
    assert fault.message == "its shares make 54,000 streams; there must not be more than 50,000"


def test_draws_and_names_that_meet_after_expansion() -> None:
    twin = "  ads.us: {per_day: 3, workflow: ads, channels: {phone: 1}, segments: {premium: 1}, causes: {bug: 1}, market: us, profile: flat}\n"
    changes = [("  risk: {per_day", twin + "  risk: {per_day")]
    (fault,) = found(put(*changes))
    assert fault.key in ("demand.ads.us", 'demand."ads.us"')
    assert fault.message == "a stream of ads is called ads.us.en.premium.phone.bug already"
    drawn = [("  risk: {per_day", twin.replace("ads.us: {", "other: {draws_as: ads.us, ") + "  risk: {per_day")]
    assert told(*drawn) == [
        ("demand.other", "a stream of ads uses the random-number stream ads.us.en.premium.phone.bug already")
    ]
    same = [("  risk: {per_day", "  other: {draws_as: ads, per_day: 3, workflow: ads, market: us}\n  risk: {per_day")]
    assert told(*same) == [("demand.other.draws_as", "ads already uses the random-number stream ads")]


def test_a_trace_is_of_one_kind(tmp_path: pytest.TempPathFactory) -> None:
    (tmp_path / "calls.csv").write_text("time\n1\n2\n")  # type: ignore[operator]
    row = "risk: {per_day: 300, market: us, language: en, segment: premium, cause: how_to, profile: always_on}"
    split = put((row, "risk: {trace: calls.csv, market: us, language: en, segments: {premium: 1}, causes: {bug: 1}}"))
    assert [fault.message for fault in faults_of(split, base_dir=tmp_path)] == [
        "a trace is replayed as recorded; say one segment",
        "a trace is replayed as recorded; say one cause",
    ]
    several = put((row, "risk: {trace: calls.csv, market: us}"))
    assert [fault.message for fault in faults_of(several, base_dir=tmp_path)] == [
        "its market speaks en, es; say the `language` of the recorded contacts"
    ]


def test_a_transfer_needs_a_handle_time_there() -> None:
    changes = [
        ("handle_time: {talk: {mean: 6m, cv: 0.8}, wrap_up: 30s}\n", ""),
        ("t1: {resolved", "t1: {handle_time: 3m, resolved"),
        ("t2: {}", "t2: {handle_time: 9m}"),
        ("tiers: {t1: {}}", "tiers: {t1: {handle_time: {phone: 9m}}}"),
    ]
    assert told(*changes) == [
        (
            "workflows.ads.tiers.t1.transfers.risk",
            f"there is no handle time for workflow risk at tier t1 on channel {channel}; give one there, on the channel, or for the whole scenario",
        )
        for channel in ("community", "email")
    ]


def test_all_faults_come_at_once() -> None:
    faults = told(
        ("holidays: PH", "holidays: XX"),
        ("share: 20%", "share: 200%"),
        ("to: any_region", "to: mars"),
        ("us: 60%", "us: 61%"),
    )
    assert [key for key, _ in faults] == [
        "demand.ads.markets",
        "sites.manila.holidays",
        "shift_patterns.half.share",
        "routing.overflow.0.to",
    ]
