"""KPIs of bots by bot, over the whole and by day; goals that are limited to a bot."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim import api
from ccsim.errors import ScenarioError
from ccsim.kpis.bots import BOTS
from ccsim.kpis.definitions import KPIS, scopes_of
from ccsim.metrics.periods import by_period
from ccsim.results.run import Run
from ccsim.scenario import loads

CENTRE = """
scenario: centre
horizon: {start: 2026-03-02, length: 2d, drain: 1d}
run: {replications: 3, seed: 4}
workflows: {orders: {handle_time: {mean: 4m}}}
markets: {uk: {region: emea, time_zone: Europe/London, languages: {en: 100%}},
          fr: {region: emea, time_zone: Europe/Paris, languages: {fr: 100%}}}
demand: {orders: {per_hour: 120, markets: {uk: 60%, fr: 40%}, channels: {phone: 50%, chat: 50%}}}
pools: {desk: {staffing: 20}}
bots:
  helper: {channels: [chat], markets: [uk], session: {mean: 2m}, contained: 40%}
  voice: {channels: [phone], session: {mean: 1m}, contained: 10%, left: 5%}
"""
GOALS = """
goals:
  - {kpi: containment, bot: helper, at_least: 30%}
  - {kpi: handed_off, bot: voice, market: fr, at_most: 90%}
  - {kpi: containment, bot: helper, at_least: 30%, by: day}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    path: Path = tmp_path_factory.mktemp("bots") / "centre.yaml"
    path.write_text(CENTRE + GOALS, encoding="utf-8")
    return api.run(path)


def sums_of(run: Run, bot: str, market: str | None = None) -> dict[str, int]:
    queues = run.tables["queues"]
    mine = queues[(queues["bot"] == bot) & ((market is None) | (queues["market"] == (market or "")))]["queue"]
    found = run.tables["queue_sums"]
    return dict(found[found["queue"].isin(mine)].sum())


def test_each_bot_has_its_own_numbers(run: Run) -> None:
    for bot, contained in (("helper", 0.4), ("voice", 0.1)):
        sums = sums_of(run, bot)
        row = run.estimate("containment", "bot", bot)
        ended = sums["sessions"] - sums["open_in_session"]
        assert row["estimate"] == pytest.approx((sums["contained"] + sums["falsely_contained"]) / ended)
        assert abs(row["estimate"] - contained) < 4 * (contained * (1 - contained) / ended) ** 0.5
    assert run.estimate("containment", "bot", "none")["estimate"] is None  # chats of fr meet no bot
    parts = [run.estimate("sessions_per_day", "bot", bot)["numerator"] for bot in ("helper", "voice")]
    assert sum(parts) == run.estimate("sessions_per_day")["numerator"]


def test_goals_are_judged_on_their_bot(run: Run) -> None:
    whole, market, daily = run.goals
    assert whole["estimate"] == pytest.approx(run.estimate("containment", "bot", "helper")["estimate"])
    sums = sums_of(run, "voice", "fr")
    assert market["estimate"] == pytest.approx(sums["handed_off"] / (sums["sessions"] - sums["open_in_session"]))
    days = by_period(run.tables, run.measured, kinds=("day",), kpis=["containment"], scopes=["bot"])
    mine = days[days["name"] == "helper"]["estimate"]
    assert len(mine) == 2
    assert daily["estimate"] == pytest.approx(mine.min())


def test_only_kpis_of_bots_go_by_bot() -> None:
    assert {name for name, kpi in KPIS.items() if "bot" in scopes_of(kpi)} == {kpi.name for kpi in BOTS}


@pytest.mark.parametrize(
    ("said", "key", "why"),
    [
        ("{kpi: containment, bot: helpr, at_least: 30%}", "goals.0.bot", "did you mean 'helper'?"),
        ("{kpi: service_level, bot: helper, at_least: 30%}", "goals.0.bot", "service_level is not counted by bot"),
        ("{kpi: csat, bot: helper, at_least: 30%}", "goals.0.bot", "csat is not counted by bot"),
        (
            "{kpi: containment, bot: helper, channel: phone, at_least: 30%}",
            "goals.0",
            "no stream has this channel and bot",
        ),
        ("{kpi: containment, bot: helper, market: fr, at_least: 30%}", "goals.0", "no stream has this market and bot"),
        ("{kpi: containment, bot: voice, vendor: x, at_least: 30%}", "goals.0.vendor", "there is no vendor"),
    ],
)
def test_goals_that_cannot_be_judged_are_refused(said: str, key: str, why: str) -> None:
    with pytest.raises(ScenarioError) as error:
        loads(f"{CENTRE}goals: [{said}]\n")
    assert why in {fault.key: fault.message for fault in error.value.faults}[key]
