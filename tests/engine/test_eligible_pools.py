"""Eligible pools of a visit: who may take it, in which overflow step, in which order."""

from __future__ import annotations

import pytest

from ccsim.centre.eligible import NO_VENDOR, Eligibility, EligiblePools
from ccsim.centre.legs import Kind
from tests.support.stories import script

PLACES = """
markets:
  us: {region: NA, time_zone: America/New_York, languages: {en: 100%}}
  de: {region: EMEA, time_zone: Europe/Berlin, languages: {de: 100%}}
  fr: {region: EMEA, time_zone: Europe/Paris, languages: {de: 100%}, residency: [EMEA]}
sites:
  austin: {region: NA, time_zone: America/Chicago, hours: 24x7}
  berlin: {region: EMEA, time_zone: Europe/Berlin, hours: 24x7}
vendors: {own: {kind: in_house, paid_hour: 40}, helper: {paid_hour: 15}}
channels: {phone: {}, chat: {}}
handle_time: 5m
demand: {calls: {per_day: 1000, profile: flat, markets: {us: 40%, de: 40%, fr: 20%}, channels: {phone: 90%, chat: 10%}}}
""".strip()
BASE = "berlin_own: {site: berlin, vendor: own, staffing: 1}, austin_own: {site: austin, vendor: own, staffing: 1}"
REGION, VENDOR = "{after: 10s, to: any_region}", "{after: 20s, to: any_vendor}"
ENGLISH = "{after: 30s, to: {language: en}}"
SHARES = "vendor_share: {calls: {own: 60%, helper: 40%}}, "


def pools_for(
    pools: str, overflow: str = "", routing: str = "", market: str = "us", language: str = "en"
) -> EligiblePools:
    """Who may take calls of a market in a language."""
    body = f"{PLACES}\npools: {{{BASE}, {pools}}}\nrouting: {{{routing}overflow: [{overflow}]}}\n"
    return Eligibility(script(body)).pools_for(Kind("calls", "t1", "phone", language, market))


def steps(found: EligiblePools, vendor: str = NO_VENDOR) -> dict[str, int]:
    """Overflow step at which each pool opens."""
    return {entry.pool: entry.step for entry in found.by_vendor[vendor]}


def test_a_pool_without_a_site_is_near_to_everybody() -> None:
    found = pools_for("cloud: {staffing: 1}", REGION)
    assert steps(found) == {"austin_own": 0, "cloud": 0, "berlin_own": 1}


def test_a_region_that_speaks_another_language_is_not_near() -> None:
    """No pool of the region speaks it: those of other regions are open at once."""
    body = PLACES.replace("languages: {en: 100%}", "languages: {en: 60%, es: 40%}")
    pools = (
        "austin: {site: austin, staffing: 1, languages: [en, de]}, berlin: {site: berlin, staffing: 1, "
        "languages: [en, es, de]}"
    )
    scenario = script(f"{body}\npools: {{{pools}}}\nrouting: {{overflow: [{REGION}]}}\n")
    assert steps(Eligibility(scenario).pools_for(Kind("calls", "t1", "phone", "es", "us"))) == {"berlin": 0}
    assert steps(Eligibility(scenario).pools_for(Kind("calls", "t1", "phone", "en", "us"))) == {
        "austin": 0,
        "berlin": 1,
    }


def test_a_vendor_that_is_nowhere_near_is_open_at_once() -> None:
    found = pools_for("berlin_helper: {site: berlin, vendor: helper, staffing: 1}", f"{REGION}, {VENDOR}", SHARES)
    assert steps(found, "own") == {"austin_own": 0, "berlin_own": 1, "berlin_helper": 2}
    assert steps(found, "helper") == {"berlin_helper": 0, "austin_own": 2, "berlin_own": 2}
    assert found.shares == {"helper": 0.4, "own": 0.6}


@pytest.mark.parametrize(
    ("overflow", "opens"),
    [
        (f"{REGION}, {VENDOR}, {ENGLISH}", 3),
        ("{after: 1s, to: {language: en}}, {after: 2s, to: any_vendor}, {after: 3s, to: any_region}", 3),
        ("{after: 1s, to: {language: en}}, {after: 2s, to: any_region}, {after: 3s, to: any_vendor}", 3),
        ("{after: 1s, to: any_vendor}, {after: 2s, to: {language: en}}, {after: 3s, to: any_region}", 3),
    ],
)
def test_a_pool_opens_with_the_last_ring_that_it_needs(overflow: str, opens: int) -> None:
    """Another region, another vendor and another language: all three overflow steps."""
    pools = "far: {site: austin, vendor: helper, staffing: 1, languages: [en]}, " + (
        "near_helper: {site: berlin, vendor: helper, staffing: 1}"
    )
    found = pools_for(pools, overflow, SHARES, market="de", language="de")
    assert steps(found, "own")["far"] == opens
    assert {entry.pool: entry.translated for entry in found.by_vendor["own"]}["far"]


def test_the_first_of_several_languages_counts() -> None:
    pools = "both: {site: berlin, vendor: own, staffing: 1, languages: [en, fr]}"
    found = pools_for(
        pools, "{after: 1s, to: {language: fr}}, {after: 2s, to: {language: en}}", market="de", language="de"
    )
    assert steps(found)["both"] == 1


def test_a_vendor_without_a_step_never_serves_what_is_assigned_to_another() -> None:
    found = pools_for("austin_helper: {site: austin, vendor: helper, staffing: 1}", REGION, SHARES)
    assert set(steps(found, "own")) == {"austin_own", "berlin_own"}
    assert set(steps(found, "helper")) == {"austin_helper"}


def test_a_vendor_that_does_not_speak_the_language_has_no_share() -> None:
    pools = "helper: {site: berlin, vendor: helper, staffing: 1, languages: [en]}"
    assert pools_for(pools, routing=SHARES, market="de", language="de").shares == {"own": 1.0}


def test_eligible_pools_differ_by_region_residency_language_and_channel() -> None:
    """Eligible pools that are alike are shared; these are not."""
    pools = (
        "english: {site: berlin, staffing: 1, languages: [en]}, chatty: {site: austin, staffing: 1, channels: [chat]}, "
        "phones: {site: austin, staffing: 1, channels: [phone]}"
    )
    scenario = script(f"{PLACES}\npools: {{{BASE}, {pools}}}\nrouting: {{overflow: [{REGION}]}}\n")
    eligibility = Eligibility(scenario)

    def pools_of(market: str, language: str, channel: str = "phone") -> dict[str, int]:
        return steps(eligibility.pools_for(Kind("calls", "t1", channel, language, market)))

    assert pools_of("us", "en") == {"austin_own": 0, "phones": 0, "berlin_own": 1, "english": 1}
    assert pools_of("us", "de") == {"austin_own": 0, "phones": 0, "berlin_own": 1}
    assert pools_of("de", "en") == {"berlin_own": 0, "english": 0, "austin_own": 1, "phones": 1}
    assert pools_of("fr", "en") == {"berlin_own": 0, "english": 0}
    assert pools_of("us", "de", "chat") == {"austin_own": 0, "chatty": 0, "berlin_own": 1}


def test_the_certification_of_the_tier_goes_before_that_of_the_workflow() -> None:
    body = PLACES + (
        "\nworkflows: {calls: {certification: basic, tiers: {t1: {certification: payments}}}}\n"
        "pools: {paid: {staffing: 1, certifications: [payments]}, plain: {staffing: 1, certifications: [basic]}}\n"
    )
    scenario = script(
        body.replace(", residency: [EMEA]", "").replace(
            "demand: {", "demand: {other: {per_day: 10, profile: flat, market: us}, "
        )
    )
    found = Eligibility(scenario).pools_for(Kind("calls", "t1", "phone", "en", "us"))
    assert found.pools == {"paid"}
    assert found.barred == ("plain",)
