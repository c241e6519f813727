"""`ccsim explain SCENARIO route STREAM`: it says what the engine does, and a planner can read it."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from ccsim.cli import app
from ccsim.commands.explain_route import route_document, route_lines
from ccsim.commands.route_facts import _hours, find_streams, route_of
from ccsim.errors import ScenarioError
from ccsim.model.route_arrays import pool_arrays, seats_of
from ccsim.model.routes import make_routes
from ccsim.scenario import load, loads
from ccsim.scenario.expand import streams_of
from ccsim.scenario.open_hours import ALWAYS, QUARTERS
from ccsim.scenario.roads import Roads, kind_of, legs_of
from ccsim.scenario.sections import Scenario

GLOBE = Path(__file__).parent.parent / "scenario" / "globe.yaml"
FLAGSHIP = Path(__file__).parent.parent.parent / "scenarios" / "global_support.yaml"
DAY_BITS = QUARTERS // 7

SMALL = """\
scenario: small
currency: EUR
horizon: {start: 2026-03-02, length: 1w}
handle_time: 5m
markets:
  italy: {region: EMEA, time_zone: Europe/Rome, languages: {it: 90%, en: 10%}, residency: [EMEA, NA]}
  malta: {region: EMEA, time_zone: Europe/Malta, languages: {en: 100%}}
segments: {gold: {priority: 1}, rest: {}}
channels: {phone: {kind: live, patience: {mean: 2m, zero: 5%}}, email: {kind: deferred, deadline: 4h, peers: 20%}}
workflows:
  help: {tiers: {t1: {escalated: 10%, transfers: {pay: 4%}}, t2: {}}}
  pay: {certification: money, patience: {mean: 9m}, tiers: {t1: {}}}
demand:
  help: {per_day: 900, profile: flat, markets: {italy: 90%, malta: 10%}, channels: {phone: 60%, email: 40%},
         segments: {gold: 30%, rest: 70%}}
sites:
  rome:   {region: EMEA, time_zone: Europe/Rome, hours: 24x7}
  austin: {region: NA, time_zone: America/Chicago, hours: 24x7}
  delhi:  {region: APAC, time_zone: Asia/Kolkata, hours: 24x7}
vendors: {own: {kind: in_house, paid_hour: 30}, ace: {paid_hour: 12}}
pools:
  roma:   {site: rome, vendor: own, staffing: 5, languages: {it: 80%, en: 100%}, workflows: [help]}
  texas:  {site: austin, vendor: ace, staffing: 5, languages: [it, en], workflows: [help], handle_time: 1.2}
  plain:  {site: austin, vendor: ace, staffing: 5, languages: [en], workflows: [help, pay], certifications: [money]}
  far:    {site: delhi, vendor: ace, staffing: 5, languages: [it, en], workflows: [help, pay]}
  expert: {site: rome, vendor: own, tier: t2, staffing: [[00:00, 0], [09:00, 2], [17:00, 0]]}
  cashier: {site: rome, vendor: own, staffing: 2, workflows: [pay], certifications: [money]}
queue_groups: {front: {clock: market, channels: [phone], tiers: [t1], workflows: [help], lines: 40,
                       hours: {mon-fri: 08:00-20:00, sat-sun: closed}, at_closing: clear}}
routing:
  prefer: cheapest
  overflow:
    - {after: 20s, to: any_region}
    - {after: 90s, to: any_vendor}
    - {after: 3m, to: {language: en, translated: {handle_time: 1.5, price: 0.25}}}
  vendor_share: {help: {own: 25%, ace: 75%}}
"""


TEXT = """\
help.italy.it.gold.phone
  workflow help, market italy (EMEA, Europe/Rome), language it
  segment gold, channel phone (live), cause all
  14.58 % of the volume help

help t1: contacts come in here
  door      front: mon-fri 08:00-20:00 by the market's clock (Europe/Rome); those who wait when it closes are \
sent away; 40 lines
  patience  exponential, mean 2m; 5 % leave at once when nobody is free
  priority  1 (1 is served first)
        pool   site         vendor  paid hour  pace        on shift
  75 % assigned to ace
  at once (nobody of ace in EMEA can take it):
    1.  texas  austin (NA)  ace     EUR 12.00  x1.2        24x7
  after 20s, every region: nobody else
  after 1m30s, every vendor:
    1.  roma   rome (EMEA)  own     EUR 30.00  x1.25       24x7
  after 3m, whoever speaks en through a translator (handle times x1.5, EUR 0.25 a visit):
    1.  plain  austin (NA)  ace     EUR 12.00  x1.5 in en  24x7
  25 % assigned to own
  at once:
    1.  roma   rome (EMEA)  own     EUR 30.00  x1.25       24x7
  after 20s, every region: nobody else
  after 1m30s, every vendor:
    1.  texas  austin (NA)  ace     EUR 12.00  x1.2        24x7
  after 3m, whoever speaks en through a translator (handle times x1.5, EUR 0.25 a visit):
    1.  plain  austin (NA)  ace     EUR 12.00  x1.5 in en  24x7
  barred    far (APAC); residency: contacts of italy stay in EMEA, NA

help t2: 10 % of what t1 handles goes on to it
  door      none: always open
  patience  exponential, mean 2m; 5 % leave at once when nobody is free
  priority  1 (1 is served first)
        pool    site         vendor  paid hour  on shift
  all assigned to own (the only one of `vendor_share` with a pool for it)
  at once:
    1.  expert  rome (EMEA)  own     EUR 30.00  09:00-17:00
  after 20s, every region; after 1m30s, every vendor; after 3m, whoever speaks en: nobody else

pay t1: 4 % of what help t1 handles is transferred to it
  door      none: always open
  needs     certification money
  patience  exponential, mean 9m
  priority  1 (1 is served first)
        pool     site         vendor  paid hour  pace        on shift
  at once:
    1.  cashier  rome (EMEA)  own     EUR 30.00  x1          24x7
  after 20s, every region; after 1m30s, every vendor: nobody else
  after 3m, whoever speaks en through a translator (handle times x1.5, EUR 0.25 a visit):
    1.  plain    austin (NA)  ace     EUR 12.00  x1.5 in en  24x7
  barred    far (APAC); residency: contacts of italy stay in EMEA, NA; not certified for money

In a ring 1. is asked first (by cheapest); of pools with the same number the agent who has been idle longest takes it.
Times count from joining that queue. On shift: when its shifts allow somebody to be there, by the market's \
clock (Europe/Rome).
"""


def small(**changes: str) -> Scenario:
    text = SMALL
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return loads(text)


def ccsim(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL + "variants: {no_help: {routing.vendor_share.help: {own: 100%}}}\n")
    return path


def test_the_whole_text_of_a_small_centre() -> None:
    assert "\n".join(route_lines(small(), "help.italy.it.gold.phone")) + "\n" == TEXT


def test_rings_vendors_pace_and_translation() -> None:
    document = route_document(small(), "help.italy.it.gold.phone")
    first = document["legs"][0]
    roads = {road["vendor"]: road for road in first["roads"]}
    assert {vendor: road["share"] for vendor, road in roads.items()} == {"ace": 0.75, "own": 0.25}

    def pools(vendor: str) -> list[tuple[int, list[tuple[str, int, float, str | None]]]]:
        return [
            (
                ring["after_us"] // 1_000_000,
                [(one["pool"], one["choice"], round(one["pace"], 6), one["translated"]) for one in ring["pools"]],
            )
            for ring in roads[vendor]["rings"]
        ]

    assert pools("own") == [
        (0, [("roma", 1, 1.25, None)]),
        (20, []),
        (90, [("texas", 1, 1.2, None)]),
        (180, [("plain", 1, 1.5, "en")]),
    ]
    # No pool of ace is in the market's region, so its pools are open at once.
    assert pools("ace") == [
        (0, [("texas", 1, 1.2, None)]),
        (20, []),
        (90, [("roma", 1, 1.25, None)]),
        (180, [("plain", 1, 1.5, "en")]),
    ]
    assert [(barred["pool"], barred["region"]) for barred in first["barred"]] == [("far", "APAC")]
    assert first["barred"][0]["why"] == "residency: contacts of italy stay in EMEA, NA"


def test_queues_that_a_contact_may_come_to() -> None:
    lines = route_lines(small(), "help.italy.it.gold.phone")
    heads = [line for line in lines if line.startswith(("help t", "pay t"))]
    assert heads == [
        "help t1: contacts come in here",
        "help t2: 10 % of what t1 handles goes on to it",
        "pay t1: 4 % of what help t1 handles is transferred to it",
    ]
    at = lines.index(heads[2])
    assert lines[at + 1 :][:4] == [
        "  door      none: always open",
        "  needs     certification money",
        "  patience  exponential, mean 9m",
        "  priority  1 (1 is served first)",
    ]
    assert "  barred    far (APAC); residency: contacts of italy stay in EMEA, NA; not certified for money" in lines
    text = "\n".join(lines)
    assert "  75 % assigned to ace\n" in text
    assert text.index("75 % assigned to ace") < text.index("25 % assigned to own")
    assert "(nobody of ace in EMEA can take it)" in text
    assert "whoever speaks en through a translator (handle times x1.5, EUR 0.25 a visit)" in text
    assert (
        "mon-fri 08:00-20:00 by the market's clock (Europe/Rome); those who wait when it closes are sent away" in text
    )
    assert "09:00-17:00" in text


def test_deferred_work_waits_without_leaving() -> None:
    lines = route_lines(small(), "help.italy.it.rest.email")
    assert "  segment rest, channel email (deferred, to be answered within 4h), cause all" in lines
    assert lines.count("  patience  deferred: waits without leaving") == 1
    assert "  priority  none: served after all that have one" in lines
    assert "help t1: contacts come in here, 20 % answered by other customers" in lines


def test_equals_share_a_number_and_empty_rings_are_told_together() -> None:
    lines = route_lines(
        small(**{"prefer: cheapest": "prefer: same_region", "paid_hour: 30": "paid_hour: 12"}),
        "help.italy.en.gold.phone",
    )
    english = [line.split()[:2] for line in lines if line.startswith("    ") and "plain" in line]
    assert english[0] == ["1.", "plain"]
    assert any(line.startswith("    1.  texas") for line in lines)
    assert any("; after 3m, whoever speaks en: nobody else" in line for line in lines)


def test_rings_at_0s_are_open_at_once_but_asked_later() -> None:
    share = "  vendor_share: {help: {own: 25%, ace: 75%}}\n"
    ring = "    - {after: 90s, to: any_vendor}\n"
    lines = route_lines(small(**{"after: 20s": "after: 0s", share: "", ring: ""}), "help.italy.it.gold.phone")
    at = lines.index("  at once:")
    assert [line.split()[:2] for line in lines[at + 1 : at + 3]] == [["1.", "roma"], ["2.", "texas"]]
    assert lines[at + 3].startswith("  after 3m, whoever speaks en through a translator (handle times x1.5, EUR 0.25")
    assert lines[at + 4].split()[:2] == ["1.", "plain"]


def test_translators_at_0s_are_told_with_their_price() -> None:
    share = "  vendor_share: {help: {own: 25%, ace: 75%}}\n"
    rings = "    - {after: 20s, to: any_region}\n    - {after: 90s, to: any_vendor}\n"
    lines = route_lines(small(**{share: "", rings: "", "after: 3m": "after: 0s"}), "help.italy.it.gold.phone")
    at = lines.index("  at once (translated: handle times x1.5, EUR 0.25 a visit):")
    assert [line.split()[:2] for line in lines[at + 1 : at + 4]] == [["1.", "texas"], ["2.", "roma"], ["3.", "plain"]]


def test_the_only_able_vendor_gets_all() -> None:
    lines = route_lines(
        small(**{"workflows: [help], handle_time: 1.2": "workflows: [help], channels: [email]"}), "help.phone"
    )
    assert any(line.startswith("  75 % assigned to ace") for line in lines)  # in English
    it = route_lines(
        small(**{"workflows: [help], handle_time: 1.2": "workflows: [help], channels: [email]"}), "help.it.phone"
    )
    assert any(line.startswith("  all assigned to own (the only one of `vendor_share`") for line in it)


def test_a_workflow_with_pools_of_its_own() -> None:
    scenario = small(**{"workflows:\n  help: {": "workflows:\n  help: {overflow: [{after: 40s, pools: [texas]}], "})
    lines = route_lines(scenario, "help.it.gold.phone")
    at = lines.index("  after 40s, overflow:")
    assert lines[at + 1].split()[:2] == ["1.", "texas"]
    assert not any("assigned to" in line for line in lines)


@pytest.mark.parametrize("file", [GLOBE, FLAGSHIP])
def test_it_says_what_the_engine_is_told(file: Path) -> None:
    scenario = load(file)
    streams = streams_of(scenario)
    # All of the globe's streams, some of the flagship's.
    some = streams[:: max(1, len(streams) // 40)]
    routes = make_routes(scenario, streams)
    seats = seats_of(routes)
    none = np.zeros((len(routes.pools), 2), np.int64)
    pace = pool_arrays(routes, seats, none, np.zeros((len(routes.pools), 1))).pace
    queues = {(queue.stream.name, queue.kind.workflow, queue.kind.tier): i for i, queue in enumerate(routes.queues)}
    for stream in some:
        for leg in route_of(scenario, stream).legs:
            row = queues[stream.name, leg.workflow, leg.tier]
            turns = routes.turns[row]
            assert [(road.vendor or "", road.share) for road in leg.roads] == [
                (turn.vendor, turn.share) for turn in turns
            ]
            for road, turn in zip(leg.roads, turns, strict=True):
                told = routes.classes[turn.line]
                assert tuple(ring.after_us for ring in road.rings[1:]) == told.rings
                said = [(number, one) for number, ring in enumerate(road.rings) for one in ring.pools]
                assert [(number, one.pool, one.level) for number, one in said] == [
                    (entry.ring, entry.pool, entry.level) for entry in told.entries
                ]
                for (number, one), (after, other) in itertools.pairwise(said):
                    assert number < after or one.choice <= other.choice
                for _, one in said:
                    work = routes.works.index((leg.workflow, stream.language))
                    assert one.pace == pace[routes.pool_names.index(one.pool), work]
                assert [barred.pool for barred in leg.barred] == list(told.barred)
                assert all(barred.why for barred in leg.barred)
                assert told.priority == (leg.priority or 1_000_000)


def test_every_stream_of_the_globe_can_be_said() -> None:
    scenario = load(GLOBE)
    roads = Roads(scenario)
    for stream in streams_of(scenario):
        lines = route_lines(scenario, stream.name)
        assert lines[0] == stream.name
        text = "\n".join(lines)
        for workflow, tier in legs_of(scenario, stream.workflow):
            road = roads.road(kind_of(stream, workflow, tier))
            assert all(f"  {pool} " in text for pool in road.pools)
        assert all(len(line) < 160 for line in lines)


# ---- which stream ---------------------------------------------------------------------------------------------------


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
    assert lines[0] == "ads.us.en.premium.phone has 2 streams; all go this way:"


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
def test_names_that_nothing_has(file: Path, name: str, says: str) -> None:
    done = ccsim("explain", file, "route", name)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{file}: demand: {says}")
    assert len(done.stderr) < 500
    assert done.stderr.count("\n") == 1


@given(st.text(max_size=30))
@settings(derandomize=True, max_examples=150)
def test_any_words_find_streams_or_say_why(words: str) -> None:
    for name in (words, f"help.{words}", f"help.phone.{words}"):
        found, faults = [], []
        try:
            found = find_streams(_SMALL, name)
        except ScenarioError as error:
            faults = error.faults
        assert bool(found) != bool(faults)
        assert all(stream.volume == "help" for stream in found)


_SMALL = small()


# ---- hours ----------------------------------------------------------------------------------------------------------


def _bits(*spans: tuple[float, float]) -> int:
    bits = 0
    for start, end in spans:
        for at in range(int(start * 4), int(end * 4)):
            bits |= 1 << at % QUARTERS
    return bits


@pytest.mark.parametrize(
    ("bits", "said"),
    [
        (ALWAYS, "24x7"),
        (0, "never"),
        (_bits(*((day * 24 + 9, day * 24 + 17.5) for day in range(7))), "09:00-17:30"),
        (_bits(*((day * 24 + 19, day * 24 + 38) for day in range(7))), "19:00-14:00"),
        (_bits(*((day * 24 + 0, day * 24 + 24) for day in range(5))), "mon 00:00 to fri 24:00"),
        (
            _bits(*((day * 24 + 8, day * 24 + 20) for day in range(5)), (130, 136)),
            "mon-fri 08:00-20:00, sat 10:00-16:00",
        ),
        (
            _bits(*((d * 24 + h, d * 24 + h + 4) for d in (0, 2) for h in (7, 14))),
            "mon+wed 07:00-11:00 and 14:00-18:00",
        ),
        (_bits((6 * 24 + 22, 6 * 24 + 30)), "sun 22:00-06:00"),
        (
            _bits(*((day * 24 + day, day * 24 + day + 2) for day in range(7))),
            "mon 00:00-02:00, tue 01:00-03:00, wed 02:00-04:00 and 4 more",
        ),
    ],
)
def test_hours_in_short(bits: int, said: str) -> None:
    assert _hours(bits) == said


# ---- the command ----------------------------------------------------------------------------------------------------


def test_the_command_prints_text_or_one_document(file: Path) -> None:
    done = ccsim("explain", file, "route", "help.italy.it.gold.phone")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == route_lines(small(), "help.italy.it.gold.phone")
    done = ccsim("explain", file, "route", "help.italy.it.gold.phone", "--json")
    document = json.loads(done.stdout, parse_constant=pytest.fail)
    assert document["stream"]["name"] == "help.italy.it.gold.phone"
    assert document["currency"] == "EUR"
    assert [leg["tier"] for leg in document["legs"]] == ["t1", "t2", "t1"]
    assert document["legs"][0]["doors"][0]["name"] == "front"
    assert document["channel"] == {"name": "phone", "kind": "live"}


def test_variants_and_settings_change_the_road(file: Path) -> None:
    done = ccsim("explain", f"{file}:no_help", "route", "help.it.gold.phone")
    assert "  all assigned to own" in done.stdout
    done = ccsim("explain", file, "route", "help.it.gold.phone", "--set", "pools.texas.paid_hour=99")
    assert "EUR 99.00" in done.stdout


def test_keys_are_explained_as_ever_and_as_json(file: Path) -> None:
    done = ccsim("explain", file, "routing.prefer")
    assert done.stdout.startswith("routing.prefer: cheapest")
    document = json.loads(ccsim("explain", file, "routing.prefer", "--json").stdout)
    assert document["parts"][0]["value"] == "cheapest"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["route"], "`route` wants a STREAM: help"),
        (["route", ""], "`route` wants a STREAM: help"),
        (["roster"], "`roster` wants a POOL: cashier, expert, far, plain, roma, texas"),
        (["roster", "rom"], "there is no pool 'rom'; did you mean 'roma'?"),
        (["pools.roma", "help"], "expected one key, or `route STREAM` or `roster POOL`, got 'pools.roma' and 'help'"),
        (["rout", "help"], "expected one key, or `route STREAM`"),
    ],
)
def test_odd_words_are_exit_2(file: Path, words: list[str], says: str) -> None:
    done = ccsim("explain", file, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_scenario_with_faults_is_not_explained(file: Path) -> None:
    done = ccsim("explain", file, "route", "help", "--set", "pools.roma.tier=t9")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "pools.roma.tier" in done.stderr


def test_the_help_names_all_three() -> None:
    said = " ".join(ccsim("explain", "--help").stdout.split())
    for words in ("explain SCENARIO KEY", "explain SCENARIO route STREAM", "explain SCENARIO roster POOL"):
        assert words in said


HEAVY = ("numba", "pandas", "scipy", "numpy", "matplotlib", "pyarrow", "simpy", "jinja2")


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["explain", "--help"],
        ["run", "--help"],
        ["check", str(GLOBE)],
        ["explain", str(GLOBE), "route", "ads.us.en.premium.phone.bug"],
        ["explain", str(GLOBE), "route", "ads", "--json"],
        ["explain", str(GLOBE), "pools.manila_t1"],
        ["schema"],
    ],
)
def test_nothing_heavy_is_loaded(words: list[str]) -> None:
    code = (
        "import sys, atexit\n"
        f"atexit.register(lambda: print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr))\n"
        "from ccsim.start import main\n"
        "sys.argv = ['ccsim', *sys.argv[1:]]\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip() == "[]"
    assert done.stdout
