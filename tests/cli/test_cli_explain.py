"""`ccsim explain`: keys, routes and rosters by one command, as text or JSON; odd words are exit 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ccsim.commands.explain_route import route_lines
from tests.cli.small_centre import ccsim, small


def test_the_command_prints_text_or_one_document(small_file: Path) -> None:
    done = ccsim("explain", small_file, "route", "help.italy.it.gold.phone")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == route_lines(small(), "help.italy.it.gold.phone")
    done = ccsim("explain", small_file, "route", "help.italy.it.gold.phone", "--json")
    document = json.loads(done.stdout, parse_constant=pytest.fail)
    assert document["stream"]["name"] == "help.italy.it.gold.phone"
    assert document["currency"] == "EUR"
    assert [leg["tier"] for leg in document["legs"]] == ["t1", "t2", "t1"]
    assert document["legs"][0]["queue_groups"][0]["name"] == "front"
    assert document["channel"] == {"name": "phone", "kind": "live"}


def test_variants_and_settings_change_the_route(small_file: Path) -> None:
    done = ccsim("explain", f"{small_file}:no_help", "route", "help.it.gold.phone")
    assert "  all assigned to own" in done.stdout
    done = ccsim("explain", small_file, "route", "help.it.gold.phone", "--set", "pools.texas.paid_hour=99")
    assert "EUR 99.00" in done.stdout


def test_keys_are_explained_as_ever_and_as_json(small_file: Path) -> None:
    done = ccsim("explain", small_file, "routing.prefer")
    assert done.stdout.startswith("routing.prefer: cheapest")
    document = json.loads(ccsim("explain", small_file, "routing.prefer", "--json").stdout)
    assert document["parts"][0]["value"] == "cheapest"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["route"], "`route` needs a STREAM: help"),
        (["route", ""], "`route` needs a STREAM: help"),
        (["roster"], "`roster` needs a POOL: cashier, expert, far, plain, roma, texas"),
        (["roster", "rom"], "there is no pool 'rom'; did you mean 'roma'?"),
        (["pools.roma", "help"], "expected one key, or `route STREAM` or `roster POOL`, got 'pools.roma' and 'help'"),
        (["rout", "help"], "expected one key, or `route STREAM`"),
    ],
)
def test_odd_words_are_exit_2(small_file: Path, words: list[str], says: str) -> None:
    done = ccsim("explain", small_file, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_scenario_with_faults_is_not_explained(small_file: Path) -> None:
    done = ccsim("explain", small_file, "route", "help", "--set", "pools.roma.tier=t9")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "pools.roma.tier" in done.stderr


def test_the_help_names_all_three() -> None:
    said = " ".join(ccsim("explain", "--help").stdout.split())
    for words in ("explain SCENARIO KEY", "explain SCENARIO route STREAM", "explain SCENARIO roster POOL"):
        assert words in said


def test_a_calendar_is_explained_with_its_days(tmp_path: Path) -> None:
    text = (
        "scenario: may\ntime_zone: Europe/London\nhorizon: {start: 2026-04-30, warm_up: 1d, length: 25d}\n"
        "handle_time: 4m\npatience: never\ndemand: {calls: {per_hour: 2}}\npools: {desk: {staffing: 3}}\n"
        "markets: {uk: {region: eu, time_zone: Europe/London, holidays: GB-ENG}}\n"
        "sites: {leeds: {region: eu, time_zone: Europe/London, hours: 24x7}}\n"
    )
    path = tmp_path / "may.yaml"
    path.write_text(text)
    # Monday 25 May is the last counted day; the end of the horizon is not one.
    done = ccsim("explain", path, "markets.uk.holidays")
    assert "  days in the horizon: 2026-05-04, 2026-05-25" in done.stdout.splitlines()
    shorter = ccsim("explain", path, "markets.uk.holidays", "--set", "horizon.length=24d", "--json")
    assert json.loads(shorter.stdout)["dates"] == ["2026-05-04"]
    path.write_text(text.replace("2026-04-30", "2026-09-01"))
    assert "  days in the horizon: none" in ccsim("explain", path, "markets.uk.holidays").stdout
    assert "days in" not in ccsim("explain", path, "sites.leeds.holidays").stdout, "it has none"
