"""What `ccsim new` writes: a scenario without faults and without warnings, whatever is wished for."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ccsim import api, theory
from ccsim.new.countries import by_name, countries
from ccsim.new.sizing import WeeklyLoad, needed, shares, staffed
from ccsim.new.text import scenario_text
from ccsim.new.wishes import CHANNELS, LIVE, WishError, Wishes, channels_of, markets_of, sites_of
from ccsim.scenario import loads, read_text
from ccsim.scenario.look import look

START = date(2026, 6, 1)


def wished(
    markets: str = "uk",
    channels: str = "phone",
    sites: str = "leeds",
    contacts: int = 6_000,
    *,
    languages: tuple[str, ...] = (),
    people: int | None = None,
    vendor: str | None = None,
    start: date = START,
) -> Wishes:
    where, offices = markets_of(markets, None), sites_of(sites, None)
    return Wishes(where, channels_of(channels), offices, languages, contacts, people, vendor, start)


def text_of(wishes: Wishes) -> str:
    return scenario_text("made", wishes, staffed(wishes))


def said(text: str) -> list[str]:
    """Faults and warnings of a scenario and of all its variants."""
    looked = look("made.yaml", text=text)
    return [str(one) for one in (*looked.faults, *(one for one in looked.remarks if one.kind == "warning"))]


@pytest.mark.parametrize("vendor", [None, "partner"])
@pytest.mark.parametrize("sites", ["leeds", "leeds,sofia", "manila", "new_york,manila,london"])
@pytest.mark.parametrize("channels", ["phone", "phone,chat,email", "email", "chat,messaging,social"])
@pytest.mark.parametrize("markets", ["uk", "uk,germany", "us,japan,france"])
def test_every_combination_is_without_faults_and_warnings(
    markets: str, channels: str, sites: str, vendor: str | None
) -> None:
    text = text_of(wished(markets, channels, sites, vendor=vendor))
    loaded = read_text(text)
    assert [str(one) for one in loaded.remarks if one.kind == "warning"] == []
    assert tuple(loaded.scenario.markets) == tuple(markets.split(","))
    assert set(loaded.scenario.sites) == set(sites.split(","))
    assert {goal.channel for goal in loaded.scenario.goals} == set(channels.split(","))
    assert len(loaded.scenario.vendors) == (2 if vendor else 1)
    assert {pool.vendor for pool in loaded.scenario.pools.values()} == set(loaded.scenario.vendors) or sites == "leeds"


@given(
    markets=st.lists(
        st.sampled_from(sorted(by_name())), min_size=1, max_size=4, unique_by=lambda name: by_name()[name]
    ),
    channels=st.sets(st.sampled_from(CHANNELS), min_size=1),
    sites=st.lists(st.sampled_from(["leeds", "sofia", "manila", "austin", "tokyo", "cairo"]), min_size=1, unique=True),
    contacts=st.integers(1, 60_000),
    vendor=st.sampled_from([None, "partner"]),
    languages=st.sampled_from([(), ("en",), ("fr", "de")]),
    start=st.dates(date(2025, 1, 1), date(2027, 12, 31)),
)
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
def test_any_wishes_make_a_scenario_that_is_fine_with_its_variants(
    markets: list[str],
    channels: set[str],
    sites: list[str],
    contacts: int,
    vendor: str | None,
    languages: tuple[str, ...],
    start: date,
) -> None:
    from ccsim.new.wishes import date_of

    wishes = wished(
        ",".join(markets),
        ",".join(channels),
        ",".join(sites),
        contacts,
        vendor=vendor,
        languages=languages,
        start=date_of(start.isoformat()),
    )
    assert said(text_of(wishes)) == []


@pytest.mark.parametrize("country", countries(), ids=lambda country: country.names[0])
def test_every_country_is_a_market_and_a_site(country) -> None:
    text = text_of(wished(country.names[0], sites=country.names[0]))
    loaded = read_text(text)
    assert [str(one) for one in loaded.remarks if one.kind == "warning"] == []
    market = loaded.scenario.markets[country.names[0]]
    assert (market.time_zone, market.holidays) == (country.time_zone, country.calendar)
    assert sum(share for _, share in country.languages) == 100


def test_there_are_forty_countries_and_no_name_twice() -> None:
    assert len(countries()) >= 40
    names = [name for one in countries() for name in {*one.names, one.calendar.partition("-")[0].lower()}]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("markets", "channels", "sites", "contacts"),
    [
        ("uk", "phone", "leeds", 6_000),
        ("uk,germany", "phone,chat,email", "leeds,sofia", 12_000),
        ("us,japan,uk", "phone", "manila", 20_000),
        ("uk", "phone", "leeds", 600),
    ],
)
def test_its_goals_are_roughly_met(markets: str, channels: str, sites: str, contacts: int) -> None:
    run = api.run(loads(text_of(wished(markets, channels, sites, contacts))), replications=3)
    for goal in run.goals:
        assert goal["verdict"] != "fail", goal
        if goal["kpi"] == "service_level":
            assert goal["estimate"] > 0.8
    assert run.estimate("occupancy")["estimate"] > 0.35 or contacts == 600


def test_people_follow_the_load() -> None:
    few, some, many = (needed(wished(contacts=contacts)) for contacts in (600, 6_000, 60_000))
    assert few < some < many
    assert many / some < 10  # a large desk needs fewer people for each contact
    work = WeeklyLoad(wished(contacts=60_000)).hours_a_week
    assert many * 37.5 * 0.81 > work
    agents = WeeklyLoad(wished(contacts=6_000)).agents()
    minutes = 5.5
    assert max(agents) > 0
    assert sum(agents) / 2 * 5 > 6_000 * minutes / 60
    peak = max(agents)
    assert theory.agents_for_service_level(1.0, minutes, 0.9, 1 / 3, patience=3.0) < peak < 60
    assert WeeklyLoad(wished(channels="email")).agents() == [0] * 48


def test_people_that_are_said_are_those_that_are_employed() -> None:
    scenario = loads(text_of(wished(sites="leeds,sofia,manila", people=100)))
    assert sum(pool.headcount or 0 for pool in scenario.pools.values()) == 100
    scenario = loads(text_of(wished(people=31, vendor="partner")))
    assert sum(pool.headcount or 0 for pool in scenario.pools.values()) == 31
    assert scenario.pools["partner_leeds"].vendor == "partner"


def test_languages_that_are_served() -> None:
    scenario = loads(text_of(wished("switzerland,germany,japan", languages=("fr", "de"))))
    assert scenario.markets["switzerland"].languages == pytest.approx({"de": 0.76, "fr": 0.24})
    assert scenario.markets["germany"].languages == {"de": 1.0}
    assert scenario.markets["japan"].languages == {"fr": 1.0}


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=50))
def test_shares_are_a_hundred(weights: list[float]) -> None:
    found = shares([(str(number), weight) for number, weight in enumerate(weights)])
    assert sum(share for _, share in found) == 100
    assert all(share >= 1 for _, share in found)


def test_live_channels_have_an_hour_and_the_others_a_deadline() -> None:
    scenario = loads(text_of(wished(channels=",".join(CHANNELS))))
    assert set(scenario.queue_groups["opening_hours"].channels or ()) == set(LIVE)
    for name, channel in scenario.channels.items():
        assert (channel.kind == "live") == (name in LIVE)
    assert math.isclose(sum((scenario.demand["support"].channels or {}).values()), 1)


@pytest.mark.parametrize("text", ["", ",", "uk,", "uk,uk", "atlantis", "uk=Nowhere", "uk,GB", "x" * 200])
def test_markets_that_cannot_be_understood(text: str) -> None:
    if text == "uk,GB":
        assert [place.name for place in markets_of(text, None)] == ["uk", "gb"]
        return
    with pytest.raises(WishError, match=r"--markets: "):
        markets_of(text, None)
