"""Calendars of public holidays: countries whose parts have more days, and what countries and parts are called."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from ccsim.centre.calendars import holidays_between
from ccsim.errors import ScenarioError
from ccsim.language.calendar_codes import known_calendars, parts_by_country
from ccsim.language.calendar_hints import _also_called, calendar_hint
from ccsim.language.calendar_parts import _OFTEN_MORE, FIRST_YEAR, _table, often_more
from ccsim.scenario.load import loads, read_text

HOLIDAYS = """
scenario: bank-holidays
time_zone: Europe/London
horizon: {{start: 2026-01-01, length: {length}}}
handle_time: 1m
markets: {{uk: {{region: eu, time_zone: Europe/London, holidays: {calendar}}}}}
demand: {{calls: {{market: uk, per_day: 200, profile: flat, holidays: {factor}}}}}
pools: {{desk: {{staffing: 5}}}}
"""


def _told(calendar: str, length: str = "365d", factor: str = "0") -> list[str]:
    loaded = read_text(HOLIDAYS.format(calendar=calendar, length=length, factor=factor))
    return [str(remark) for remark in loaded.remarks if "public holidays" in remark.message]


SITES = """
scenario: two-sites
time_zone: Europe/London
horizon: {start: 2026-05-18, length: 2w}
handle_time: 5m
patience: {mean: 5m}
markets: {uk: {region: eu, time_zone: Europe/London, holidays: GB}}
demand: {calls: {market: uk, per_hour: 2}}
sites:
  leeds: {region: eu, time_zone: Europe/London, hours: 24x7, holidays: GB, on_holidays: 50%}
  zurich: {region: eu, time_zone: Europe/Zurich, hours: 24x7, holidays: CH}
pools: {desk: {site: leeds, staffing: 4}}
"""


def test_only_places_whose_holidays_matter_are_told_and_each_calendar_once() -> None:
    def told(text: str) -> list[str]:
        return [f"{one.key} {one.message[:2]}" for one in read_text(text).remarks if "public holidays" in one.message]

    assert told(SITES) == ["sites.leeds.holidays GB"], "no volume minds the holidays of uk, and nobody works in zurich"
    both = SITES.replace("per_hour: 2", "per_hour: 2, profile: flat, holidays: 30%").replace("per_hour", "per_week")
    assert told(both) == ["markets.uk.holidays GB"]
    (said,) = [one.message for one in read_text(both).remarks if "public holidays" in one.message]
    assert said.endswith("(named at 2 places)")


def test_a_country_whose_parts_have_more_days_is_told_with_their_numbers() -> None:
    assert _told("GB") == [
        "<text>:6:64: warning: markets.uk.holidays: GB: 7 public holidays in 2026, days in lieu counted; "
        "its parts have more, e.g. GB-ENG 9"
    ]
    assert _told("GB", length="400d") == [
        "<text>:6:64: warning: markets.uk.holidays: GB: 7 public holidays in 2026, 8 public holidays in 2027, "
        "days in lieu counted; its parts have more, e.g. GB-ENG 9, 10"
    ]
    assert [len(_told(code)) for code in ("CA", "AU", "CH", "ES", "DE")] == [1] * 5


def test_a_calendar_that_is_right_or_that_nothing_looks_at_is_not_told() -> None:
    assert [_told(code) for code in ("PH", "PL", "GB-ENG", "CA-ON", "US-TX")] == [[]] * 5
    assert _told("GB", factor="1") == []
    assert _told("US", factor="1") == []


def test_a_country_of_which_most_parts_have_more_days_is_an_assumption() -> None:
    assert _told("US") == [
        "<text>:6:64: assumed: markets.uk.holidays: US: the public holidays of the whole country; "
        "many parts have more days, e.g. US-CA"
    ]
    assert [len(_told(code)) for code in ("IN", "IT", "BR", "NZ")] == [1] * 4
    text = SITES.replace("GB, on", "US, on")
    text = text.replace("CH}", "IN}").replace("4}}", "4}, more: {site: zurich, staffing: 4}}")
    (said,) = [one for one in read_text(text).remarks if "holidays" in one.message]
    assert (said.kind, said.key) == ("assumed", "sites.leeds.holidays"), "several countries are told in one line"
    assert said.message.startswith("US, IN: the public holidays of the whole country; many parts have more days")


def test_the_days_of_countries_and_their_parts_are_those_of_the_package() -> None:
    def days(calendar: str, year: int) -> int:
        return len(holidays_between(calendar, date(year, 1, 1), date(year, 12, 31)))

    years = range(FIRST_YEAR, FIRST_YEAR + 21)
    for country, parts in parts_by_country().items():
        if not parts:
            continue
        own = [days(country, year) for year in years]
        more = {
            part: [days(f"{country}-{part}", y) > count for y, count in zip(years, own, strict=True)] for part in parts
        }
        everywhere = all(all(by_year) for by_year in more.values())
        mostly = all(2 * sum(in_year) >= len(parts) for in_year in zip(*more.values(), strict=True))
        assert everywhere == (country in _table()), country
        assert (mostly and not everywhere) == (often_more(country) is not None), country
        if everywhere:
            part, counts = _table()[country]
            assert counts == [(count, days(part, year)) for year, count in zip(years, own, strict=True)], part
        elif mostly:
            assert all(more[(often_more(country) or "").partition("-")[2]]), country
    assert {part[:2] for part in _OFTEN_MORE.split()}.isdisjoint(_table())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("UK", "GB"), ("uk", "GB"), ("England", "GB-ENG"), ("USA", "US"), ("Germany", "DE"), ("gb_eng", "GB-ENG")),
        *(("GB-England", "GB-ENG"), ("US-Texas", "US-TX"), ("DE-Bayern", "DE-BY"), ("AU-Victoria", "AU-VIC")),
        *(("Texas", "US-TX"), ("Ontario", "CA-ON"), ("New South Wales", "AU-NSW"), ("Californa", "US-CA")),
        *(("us.tx", "US-TX"), ("Bavaria", "DE-BY"), ("AT-Wien", "AT-9")),
    ],
)
def test_names_of_countries_and_parts_lead_to_their_codes(text: str, code: str) -> None:
    with pytest.raises(ScenarioError, match=f"did you mean '{code}'"):
        loads(HOLIDAYS.format(calendar=text, length="1d", factor="0"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("GB-LND", "; its parts are ENG, NIR, SCT, WLS"),
        ("PH-MNL", "; PH has no parts of its own"),
        ("DEE", "or a part like DE-BY"),
        ("XQZW", "or a part like DE-BY"),
    ],
)
def test_codes_are_not_compared_by_their_letters(text: str, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(HOLIDAYS.format(calendar=text, length="1d", factor="0"))
    (fault,) = caught.value.faults
    assert fault.message.endswith(said)


def test_every_calendar_that_is_offered_is_one() -> None:
    known = set(known_calendars())
    assert {code for codes in _also_called().values() for code in codes} <= known
    assert all(calendar_hint(code.lower()) == f"; did you mean '{code}'?" for code in ("DE", "GB-NIR", "CH-ZH"))


def test_of_all_countries_only_those_are_loaded_that_are_asked_for() -> None:
    code = """
import sys
import subprocess
import sys
from datetime import date
from ccsim.centre.calendars import holidays_between
print(len(holidays_between("DE", date(2026, 1, 1), date(2026, 12, 31))))
print([name for name in sys.modules if name.startswith("holidays.countries.")])
import holidays
from holidays.countries import Norway
print(Norway.country, holidays.countries.Sweden.country, "FR" in holidays.list_supported_countries())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["9", "['holidays.countries.germany']", "NO SE True"]
