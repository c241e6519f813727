"""Names of clocks as other tools write them: hints never turn a sign, and offsets that stay all year are told."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from ccsim.errors import ScenarioError
from ccsim.language import zone_hints, zone_names
from ccsim.language.zone_hints import zone_hint
from ccsim.scenario.load import loads, read_text

TEXT = """
scenario: zone-names
time_zone: "{zone}"
horizon: {{start: 2026-03-02, length: 1d}}
handle_time: 4m
demand: {{calls: {{per_hour: 10}}}}
pools: {{desk: {{staffing: 3}}}}
"""


def _fault(zone: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        loads(TEXT.format(zone=zone))
    (fault,) = caught.value.faults
    return fault.message


def _warnings(zone: str) -> list[str]:
    return [remark.message for remark in read_text(TEXT.format(zone=zone)).remarks if remark.kind == "warning"]


@pytest.mark.parametrize(
    "zone",
    [
        *("GMT+1", "UTC+2", "UTC-05:00", "UTC+5:30", "+05:30", "-08:00", "utc + 1", "GMT1", "UTC \u22125"),
        *("UTC+8.5", "-5", "UTC+12", "UTC-11", "Z+3"),
    ],
)
def test_a_fixed_offset_is_never_answered_with_another(zone: str) -> None:
    said = _fault(zone)
    assert "a fixed offset has no summer time: name a place, like " in said
    assert "Etc/" not in said.partition(";")[2]
    assert "GMT" not in said.partition(";")[2]


def test_the_place_of_an_offset_lies_on_its_side_of_the_world() -> None:
    assert _fault("GMT+1").endswith(
        "name a place, like Europe/Madrid (UTC+1 in winter), or Africa/Lagos (UTC+1 all year)"
    )
    assert _fault("UTC-05:00").endswith(
        "name a place, like America/New_York (UTC-5 in winter), or America/Bogota (UTC-5 all year)"
    )
    assert _fault("UTC+5:30").endswith("name a place, like Asia/Kolkata")
    assert _fault("UTC+9.5").endswith(
        "name a place, like Australia/Adelaide (UTC+9:30 in winter), or Australia/Darwin (UTC+9:30 all year)"
    )
    assert _fault("UTC-03:30").endswith("name a place, like America/St_Johns")
    assert _fault("UTC+00:00").endswith("name a place, like Europe/London (UTC in winter), or UTC itself")


def test_the_turned_sign_is_told_where_an_offset_is_almost_one_of_the_database() -> None:
    both = "for UTC-1 name a place like Atlantic/Azores, for UTC+1 name a place like Europe/Madrid"
    assert _fault("etc/gmt+1").endswith(f"and the sign of Etc/GMT is turned: {both}")
    assert _fault("Etc/GMT+15").endswith("name a place, like Europe/Madrid")


def test_the_places_of_offsets_have_them() -> None:
    for minutes, (changing, still) in zone_names.BY_OFFSET.items():
        for place, changes in ((changing, True), (still, False)):
            if place is not None:
                offsets = {ZoneInfo(place).utcoffset(datetime(2026, month, 5)) for month in (1, 7)}
                # The lesser offset is that of winter, south of the equator too.
                assert min(offsets) == timedelta(minutes=minutes), place  # type: ignore[type-var]
                assert (len(offsets) == 2) == changes, place


@pytest.mark.parametrize(
    ("zone", "place"),
    [
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("Romance Standard Time", "Europe/Paris"),
        ("India Standard Time", "Asia/Kolkata"),
        ("Eastern Standard Time", "America/New_York"),
        ("SA Pacific Standard Time", "America/Bogota"),
        ("Eastern Time", "America/New_York"),
        ("(UTC-08:00) Pacific Time (US & Canada)", "America/Los_Angeles"),
        ("(UTC+01:00) Amsterdam, Berlin, Bern", "Europe/Amsterdam"),
        ("IST", "Asia/Kolkata"),
        ("BST", "Europe/London"),
        ("PST", "America/Los_Angeles"),
        ("AEST", "Australia/Sydney"),
        ("Madrid", "Europe/Madrid"),
        ("new york", "America/New_York"),
        ("Bangalore", "Asia/Kolkata"),
        ("America/New_Yrok", "America/New_York"),
        ("America/NewYork", "America/New_York"),
        ("europe/berlin", "Europe/Berlin"),
        ("Asia/Manilla", "Asia/Manila"),
        ("Asia/Mumbai", "Asia/Kolkata"),
        ("Spain", "Europe/Madrid"),
        ("Central Standard Time (Mexico)", "America/Mexico_City"),
        ("Russia Time Zone 3", "Europe/Samara"),
        ("Lord Howe Standard Time", "Australia/Lord_Howe"),
        ("Central Asia Standard Time", "Asia/Bishkek"),
        ("British Summer Time", "Europe/London"),
        ("Berlin time", "Europe/Berlin"),
        ("UTC+1 (Madrid)", "Europe/Madrid"),
        ("(GMT-05:00) Eastern Standard Time (America/New_York)", "America/New_York"),
        ("Eastern Time - New York", "America/New_York"),
        ("CET-1CEST", "Europe/Berlin"),
        ("EST/EDT", "America/New_York"),
        ("Z", "UTC"),
        ("right/Europe/Berlin", "Europe/Berlin"),
    ],
)
def test_names_of_other_tools_lead_to_a_place(zone: str, place: str) -> None:
    assert f"did you mean '{place}'" in _fault(zone)


@pytest.mark.parametrize("zone", ["Qqqq Standard Time", "QST", "WSTX", "Europe", "Europe/Foo", "DST", "no"])
def test_a_name_that_nobody_knows_is_told_what_one_looks_like(zone: str) -> None:
    # `QST` is as like MST, HST and EST as letters can be, and so is none of them.
    assert _fault(zone).endswith("; name a place, like Europe/Madrid")


@pytest.mark.parametrize(
    ("zone", "places"),
    [
        ("IST", "'Asia/Kolkata' or 'Europe/Dublin' or 'Asia/Jerusalem'"),
        ("BST", "'Europe/London' or 'Asia/Dhaka'"),
        ("CST", "'America/Chicago' or 'Asia/Shanghai' or 'America/Havana'"),
        ("PST", "'America/Los_Angeles' or 'Asia/Manila'"),
        ("AMT", "'America/Manaus' or 'Asia/Yerevan'"),
    ],
)
def test_abbreviations_of_several_places_name_them_all(zone: str, places: str) -> None:
    assert _fault(zone).endswith(f"; did you mean {places}?")


def test_a_misspelt_name_is_never_answered_with_another_city() -> None:
    assert _fault("Europe/Berln").endswith("; did you mean 'Europe/Berlin'?")
    assert "Belfast" not in _fault("Europe/Berln")


def test_every_place_that_is_offered_is_a_zone() -> None:
    known = available_timezones()
    tables = (
        *(zone_names.WINDOWS, zone_names.PLAIN, zone_names.WHOLE, zone_names.ABBREVIATIONS),
        zone_names.PLACES,
    )
    offered = {place for table in tables for places in zone_names.places_by_name(table).values() for place in places}
    offered |= {place for places in zone_names.BY_OFFSET.values() for place in places if place is not None}
    assert offered <= known
    assert not any(place.startswith("Etc/") for place in offered)


def test_no_misspelling_is_answered_with_a_fixed_offset() -> None:
    known = available_timezones()
    for text in ("ESTT", "GMTT", "MSTX", "Etc/GTM+5", "Etc/GMT", "HSTT"):
        assert not any(f"'{fixed}'" in zone_hint(text, known) for fixed in zone_hints._FIXED)


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("EST", "EST is UTC-5 all year, without summer time; for New York say America/New_York"),
        (
            "MST",
            "MST is UTC-7 all year, without summer time; for Denver say America/Denver, for Phoenix America/Phoenix",
        ),
        ("HST", "HST is UTC-10 all year, without summer time; for Honolulu say Pacific/Honolulu"),
        ("GMT", "GMT is UTC all year, without summer time; for London say Europe/London"),
        (
            "Etc/GMT+5",
            "Etc/GMT+5 is UTC-5 (its sign is turned) all year, without summer time; "
            "for UTC-5 name a place like America/New_York, for UTC+5 name a place like Asia/Karachi",
        ),
        (
            "Etc/GMT+1",
            "Etc/GMT+1 is UTC-1 (its sign is turned) all year, without summer time; "
            "for UTC-1 name a place like Atlantic/Azores, for UTC+1 name a place like Europe/Madrid",
        ),
    ],
)
def test_offsets_that_stay_all_year_are_told(zone: str, said: str) -> None:
    assert _warnings(zone) == [said]


@pytest.mark.parametrize("zone", ["UTC", "Etc/UTC", "CET", "EST5EDT", "Asia/Calcutta", "America/Phoenix"])
def test_utc_and_places_are_fine(zone: str) -> None:
    assert _warnings(zone) == []


def test_every_zone_without_summer_time_that_is_no_place_is_told_its_offset() -> None:
    winter, summer = datetime(2026, 1, 5), datetime(2026, 7, 5)
    for zone in sorted(available_timezones()):
        offset = ZoneInfo(zone).utcoffset(winter)
        assert offset is not None
        named = zone.startswith(("Etc/", "GMT", "Greenwich")) or zone in ("EST", "MST", "HST")
        if zone in ("Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu", "Factory") or not named:
            assert zone_hints.fixed_offset(zone) == "", zone
            continue
        assert ZoneInfo(zone).utcoffset(summer) == offset, zone
        hours = offset // timedelta(hours=1)
        said = f"UTC{hours:+d}" if hours else "UTC"
        assert zone_hints.fixed_offset(zone).startswith(f"{zone} is {said} "), zone


def test_one_zone_in_several_places_is_told_once() -> None:
    text = TEXT.format(zone="UTC") + (
        "markets:\n  us: {region: NA, time_zone: EST}\n  ca: {region: NA, time_zone: EST}\n"
    )
    text = text.replace("{calls: {per_hour: 10}}", "{calls: {per_hour: 10, markets: {us: 50%, ca: 50%}}}")
    told = [remark for remark in read_text(text).remarks if "EST" in remark.message]
    assert [remark.key for remark in told] == ["markets.us.time_zone"]
