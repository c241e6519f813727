"""Which streams the words of `explain route` name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.commands.explain_route import route_document, route_lines
from ccsim.commands.route_facts import find_streams
from ccsim.errors import ScenarioError
from ccsim.scenario import load, loads
from tests.cli.small_centre import ccsim, small
from tests.support.files import GLOBE

WORDS = small()


def test_a_volume_and_parts_of_a_name_choose_streams() -> None:
    scenario = small()
    assert len(find_streams(scenario, "help")) == 12
    assert [stream.name for stream in find_streams(scenario, "help.phone.gold")] == [
        "help.italy.en.gold.phone",
        "help.italy.it.gold.phone",
        "help.malta.en.gold.phone",
    ]
    lines = route_lines(scenario, "help.it.gold")
    assert lines[:4] == [
        "help.it.gold has 2 streams; the first is shown; name another in full:",
        "  help.italy.it.gold.email",
        "  help.italy.it.gold.phone",
        "",
    ]
    assert route_document(scenario, "help.it.gold")["matches"] == [
        "help.italy.it.gold.email",
        "help.italy.it.gold.phone",
    ]


def test_streams_that_go_the_same_way_are_said_to() -> None:
    scenario = load(GLOBE)
    lines = route_lines(scenario, "ads.us.en.premium.phone")
    assert lines[0] == "ads.us.en.premium.phone has 2 streams; all are routed this way:"


def test_many_streams_are_told_by_their_parts() -> None:
    lines = route_lines(load(GLOBE), "ads")
    assert lines[0] == "ads has 36 streams; the first is shown. Add words to name another:"
    assert lines[1:6] == [
        "  market    germany, us",
        "  language  de, en, es",
        "  segment   premium, self_serve",
        "  channel   community, email, phone",
        "  cause     bug, how_to",
    ]


def test_names_with_dots() -> None:
    scenario = loads(
        'scenario: s\nhorizon: {start: 2026-03-02, length: 1d}\nhandle_time: 5m\ndemand: {"a.b": {per_day: 9, '
        "channels: {phone: 50%, chat: 50%}}}\npools: {desk: {staffing: 3}}\n"
    )
    assert [stream.name for stream in find_streams(scenario, "a.b.chat")] == ["a.b.chat"]
    with pytest.raises(ScenarioError, match=r"did you mean 'a\.b'"):
        find_streams(scenario, "a.c")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("hlep", "there is no stream 'hlep'; did you mean 'help'?"),
        ("help.itly", "help has no part 'itly'; did you mean 'italy' or 'it'?"),
        ("help.italy.italy", "help.italy has no part 'italy'"),
        ("help.italy.it.gold.phone.x", "help.italy.it.gold.phone has no more parts"),
        ("help.", "help has no part ''"),
        ("help..phone", "help has no part ''"),
        (".", "there is no stream '.'"),
        ("help\n", "there is no stream 'help\\n'"),
        ("x" * 5_000, "there is no stream 'xxx"),
        ("help." + "y" * 5_000, "help has no part 'yyy"),
        ("italy", "there is no stream 'italy'"),
    ],
)
def test_names_that_nothing_has(small_file: Path, name: str, says: str) -> None:
    done = ccsim("explain", small_file, "route", name)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{small_file}: demand: {says}")
    assert len(done.stderr) < 500
    assert done.stderr.count("\n") == 1


@given(st.text(max_size=30))
@settings(derandomize=True, max_examples=150)
def test_any_words_find_streams_or_say_why(words: str) -> None:
    for name in (words, f"help.{words}", f"help.phone.{words}"):
        found, faults = [], []
        try:
            found = find_streams(WORDS, name)
        except ScenarioError as error:
            faults = error.faults
        assert bool(found) != bool(faults)
        assert all(stream.volume == "help" for stream in found)
