"""Handle times of a forecast as they are written: forms, faults, remarks, changes and words."""

from __future__ import annotations

import pytest

from ccsim.errors import ScenarioError
from ccsim.language.curves import Grid
from ccsim.language.handling import FromForecast, HandleTime
from ccsim.report.assumptions import assumptions
from ccsim.scenario import loads
from ccsim.scenario.canonical import digest, to_canonical
from ccsim.scenario.diff import differences
from ccsim.scenario.load import Loaded, read_text
from ccsim.units import DAY, HOUR, MINUTE, SECOND

HEAD = "scenario: s\nhorizon: {start: 2026-06-01, length: 1w}\n"
POOLS = "pools: {desk: {staffing: 9}}\n"
TIERS = "pools: {desk: {staffing: 9, tier: [t1, t2]}}\n"


def read(
    aht: str = "320s", handle_time: str = "{from_forecast: yes, cv: 0.8}", more: str = "", **how: object
) -> Loaded:
    written = f", aht: {aht}" if aht else ""
    demand = f"demand: {{calls: {{per_minute: 1{written}}}}}\n"
    given = f"handle_time: {handle_time}\n" if handle_time else ""
    pools = TIERS if "t2:" in more else POOLS
    return read_text(HEAD + demand + given + pools + more, **how)  # type: ignore[arg-type]


def faults(aht: str = "320s", handle_time: str = "{from_forecast: yes, cv: 0.8}", more: str = "") -> list[str]:
    with pytest.raises(ScenarioError) as error:
        read(aht, handle_time, more)
    return [f"{fault.key}: {fault.message}" for fault in error.value.faults]


@pytest.mark.parametrize(
    ("written", "grid"),
    [
        ("320s", Grid(every=DAY, values=(320.0 * SECOND,))),
        ("[[00:00, 320s], [12:00, 4m50s]]", Grid(every=12 * HOUR, values=(320.0 * SECOND, 290.0 * SECOND))),
        (
            "{every: 30m, start: 2026-06-01 08:00, values: [5m, 0s, 310s]}",
            Grid(
                every=30 * MINUTE,
                start="2026-06-01T08:00:00",
                values=(300.0 * SECOND, 0.0, 310.0 * SECOND),
            ),
        ),
        ("{every: 12h, values: [5m, 6m]}", Grid(every=12 * HOUR, values=(300.0 * SECOND, 360.0 * SECOND))),
    ],
)
def test_forms_of_an_aht(written: str, grid: Grid) -> None:
    assert read(written).scenario.demand["calls"].aht == grid


@pytest.mark.parametrize(
    ("written", "cv", "handle_time", "assumed"),
    [
        ("{from_forecast: yes, cv: 0.8}", "", HandleTime(talk=FromForecast(cv=0.8)), []),
        (
            "{from_forecast: yes, cv: 80%, wrap_up: 15%}",
            "",
            HandleTime(talk=FromForecast(cv=0.8), wrap_up_share=0.15),
            [],
        ),
        ("{from_forecast: yes, cv: 0}", "", HandleTime(talk=FromForecast(cv=0.0)), []),
        (
            "{from_forecast: yes}",
            "",
            HandleTime(talk=FromForecast()),
            ["handle times of the forecast are taken as exponential; say `cv:`"],
        ),
        (
            "{from_forecast: yes}",
            "handle_time_cv: 70%\n",
            HandleTime(talk=FromForecast(cv=0.7)),
            ["handle times of the forecast are taken as lognormal, with the scenario's handle_time_cv 0.7"],
        ),
    ],
)
def test_forms_of_a_handle_time(written: str, cv: str, handle_time: HandleTime, assumed: list[str]) -> None:
    loaded = read(handle_time=written, more=cv)
    assert loaded.scenario.handle_time == handle_time
    assert [remark.message for remark in loaded.remarks if remark.kind == "assumed"] == assumed


def test_wherever_a_handle_time_may_stand() -> None:
    more = """\
channels: {chat: {handle_time: {from_forecast: yes, cv: 0.1}}}
workflows:
  calls:
    handle_time: {phone: {from_forecast: yes, cv: 0.2}}
    tiers: {t1: {handle_time: {from_forecast: yes, cv: 0.3}, escalated: 10%}, t2: {}}
"""
    scenario = read(handle_time="", more=more).scenario
    assert scenario.channels["chat"].handle_time == HandleTime(talk=FromForecast(cv=0.1))
    calls = scenario.workflows["calls"]
    assert calls.by_channel == {"phone": HandleTime(talk=FromForecast(cv=0.2))}
    assert calls.tiers["t1"].handle_time == HandleTime(talk=FromForecast(cv=0.3))


@pytest.mark.parametrize(
    ("aht", "handle_time", "fault"),
    [
        ("0s", "{from_forecast: yes}", "demand.calls.aht: expected a time above 0 somewhere"),
        ("320", "{from_forecast: yes}", "demand.calls.aht: expected a duration"),
        ("[[01:00, 5m]]", "{from_forecast: yes}", "demand.calls.aht.0: expected the first step at 00:00"),
        ("{every: 1h, values: [5m]}", "{from_forecast: yes}", "demand.calls.aht.values: expected values for one day"),
        ("5m", "{from_forecast: no}", "handle_time.from_forecast: expected yes; for a handle time of your own"),
        ("5m", "{from_forecast: yes, mean: 3m}", "handle_time.mean: `mean` does not go with `from_forecast`"),
        ("5m", "{from_forecast: yes, talk: 3m}", "handle_time.talk: `talk` does not go with `from_forecast`"),
        ("5m", "{from_forecast: yes, cvv: 1}", "handle_time.cvv: unknown key 'cvv'"),
        ("5m", "{from_forecast: yes, cv: 200}", "handle_time.cv: expected a ratio"),
        ("5m", "{from_forecast: yes, wrap_up: 30s}", "handle_time.wrap_up: expected a share"),
    ],
)
def test_faults(aht: str, handle_time: str, fault: str) -> None:
    (told,) = faults(aht, handle_time)
    assert told.startswith(fault)


def test_a_volume_without_an_aht_is_told_where_it_is_asked_for() -> None:
    (told,) = faults(aht="")
    assert told == (
        "demand.calls.aht: is missing: the handle time of workflow calls at tier t1 on channel phone, to which its "
        "contacts come, is `from_forecast`; say it like 320s or [[00:00, 320s], [12:00, 290s]]"
    )


def test_a_further_tier_and_a_transfer_ask_for_it_too() -> None:
    second = """\
workflows:
  calls: {handle_time: {value: 1m}, tiers: {t1: {escalated: 10%}, t2: {handle_time: {from_forecast: yes, cv: 1}}}}
"""
    assert ["calls at tier t2" in told for told in faults("", "", second)] == [True]
    other = """\
workflows:
  calls: {handle_time: {value: 1m}, tiers: {t1: {transfers: {late: 10%}}}}
  late: {handle_time: {from_forecast: yes, cv: 1}}
"""
    assert ["late at tier t1" in told for told in faults("", "", other)] == [True]
    assert read("5m", "", other).remarks == ()


def test_an_aht_that_nothing_uses_is_remarked() -> None:
    (remark,) = [one for one in read(handle_time="{mean: 3m, cv: 1}").remarks if one.kind == "warning"]
    assert (remark.key, remark.message) == (
        "demand.calls.aht",
        "no handle time is taken from this `aht:`; to use it say `handle_time: {from_forecast: yes, cv: 0.8}` "
        "for workflow calls",
    )
    assert not [one for one in read().remarks if one.kind == "warning"]


@pytest.mark.parametrize(
    ("written", "key", "change", "values"),
    [
        ("[[00:00, 320s], [12:00, 290s]]", "demand.calls.aht", "x1.1", (352.0, 319.0)),
        ("[[00:00, 320s], [12:00, 290s]]", "demand.calls.aht", "+10s", (330.0, 300.0)),
        ("{every: 12h, values: [320s, 290s]}", "demand.calls.aht", "x0.5", (160.0, 145.0)),
        ("320s", "demand.calls.aht", "-20s", (300.0,)),
        ("320s", "demand.calls.aht", "[[00:00, 1m], [12:00, 2m]]", (60.0, 120.0)),
    ],
)
def test_changes(written: str, key: str, change: str, values: tuple[float, ...]) -> None:
    grid = read(written, settings={key: change}).scenario.demand["calls"].aht
    assert grid is not None
    assert grid.values == tuple(value * SECOND for value in values)


def test_a_variant_may_take_the_forecast_and_give_it_up() -> None:
    plain = read(handle_time="{mean: 3m, cv: 1}", settings={"handle_time": "{from_forecast: yes, cv: 1}"})
    assert plain.scenario.handle_time == HandleTime(talk=FromForecast(cv=1.0))
    assert read(settings={"handle_time.cv": "0.5"}).scenario.handle_time == HandleTime(talk=FromForecast(cv=0.5))


def test_the_canonical_form_and_its_digest() -> None:
    one, other, same = (read(aht).scenario for aht in ("320s", "321s", "5m20s"))
    assert to_canonical(one)["demand"]["calls"]["aht"] == {"every": DAY, "start": None, "values": [320.0 * SECOND]}
    talk = to_canonical(one)["handle_time"]["talk"]
    assert talk == {"law": "from_forecast", "cv": 0.8}
    assert digest(one) == digest(same) != digest(other)


def test_words_of_a_difference() -> None:
    steps = "[[00:00, 320s], [12:00, 290s]]"
    before = read(steps)
    after = read(steps, "{from_forecast: yes, cv: 0.5}", settings={"demand.calls.aht": "x1.1"})
    assert [str(found) for found in differences(before.scenario, after.scenario)] == [
        "Handle time / talk CV: 0.8 -> 0.5",
        "Demand / calls: forecast AHT: 4m50s to 5m20s, mean 5m5s -> 5m19s to 5m52s, mean 5m35s500ms",
    ]
    plain = loads(HEAD + "demand: {calls: {per_minute: 1}}\nhandle_time: {mean: 3m, cv: 1}\n" + POOLS)
    words = {found.key: found.what for found in differences(plain, before.scenario)}
    assert words["demand.calls.aht"] == "forecast AHT: none -> 4m50s to 5m20s, mean 5m5s"
    assert words["handle_time.talk"].endswith("from forecast, CV 0.8")


def test_words_of_the_page() -> None:
    told = {one.title: one.text for one in assumptions(to_canonical(read("[[00:00, 320s], [12:00, 290s]]").scenario))}
    lines = [line.strip() for line in told["Demand"].splitlines()]
    place = lines.index("forecast AHT:")
    assert lines[place + 1 : place + 3] == ["every: 12h", "values: 5m20s, 4m50s"]
    assert "from forecast, CV 0.8" in told["Handle time"]
