"""Visits, cases and ratings by vendor, site or pool and channel together: held against the log of visits, the vendor's
own row and the channel's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from ccsim import api
from ccsim.errors import CcsimError, ScenarioError
from ccsim.kpis.definitions import KPIS
from ccsim.language.goals import Goal
from ccsim.metrics.goals import judge, kpi_of_goal
from ccsim.metrics.parts import codes_within
from ccsim.metrics.sums import Sums
from ccsim.records.outcomes import HANDLED, OUTCOMES
from ccsim.results.parquet import plain_rows
from ccsim.scenario import loads
from ccsim.units import HOUR
from tests.engine.desks import VENDOR_DESK
from tests.support.workbook_reader import pages_of

GOALS = """goals:
  - {kpi: service_level, vendor: partner, channel: phone, at_least: 1%, within: 20s}
  - {kpi: service_level, vendor: partner, channel: chat, at_least: 99.9%, within: 20s}
  - {kpi: abandonment, vendor: own, channel: phone, at_most: 90%, worst: day}
  - {kpi: deadline_met, vendor: own, channel: email, at_least: 1%}
  - {kpi: csat, vendor: own, channel: phone, at_least: 1%}
satisfaction: {base: 4.6}
channels: {phone: {}, chat: {}, email: {kind: deferred, deadline: 1h}}
"""
TEXT = (
    VENDOR_DESK.split("goals:")[0]
    .replace("length: 20h", "length: 48h")
    .replace("workflow: calls}", "workflow: calls, channels: {phone: 50%, chat: 40%, email: 10%}}")
) + GOALS
CHANNELS = ("phone", "chat", "email")
PARTS = {"vendor": ("own", "partner"), "site": ("leeds", "sofia"), "pool": ("house", "slow", "tech")}
BY_ANSWERER = [name for name, kpi in KPIS.items() if kpi.by_answerer]
OF_LIVE_WORK = [name for name in BY_ANSWERER if KPIS[name].assigned and name != "deadline_met"]
"""What is counted of live work alone, unless a channel is asked for."""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    path = tmp_path_factory.mktemp("desk") / "desk.yaml"
    path.write_text(TEXT, "utf-8")
    return api.run(path, replications=2, seed=3, visits=True)


@pytest.fixture(scope="module")
def sums(run):
    return Sums(run.tables, run.measured)


def _ratio(sums: Sums, kpi: str, **scope: str) -> tuple[float, float]:
    """Numerator and denominator over all replications."""
    goal = Goal(kpi=kpi, at_least=0.5, within=20_000_000 if KPIS[kpi].by_threshold else None, **scope)
    made, threshold = kpi_of_goal(goal, sums.measured)
    codes = codes_within(sums, made, scope)
    top, bottom = (sums.evaluate(one, made, codes, 1, threshold).sum() for one in (made.numerator, made.denominator))
    return float(top), float(bottom)


def _visits(run) -> pd.DataFrame:
    visits, queues, pools = run.tables["visits"], run.tables["queues"], run.tables["pools"]
    visits = visits[visits["counted"] == 1].copy()
    visits["what"] = [OUTCOMES[code] for code in visits["outcome"]]
    for name in ("workflow", "channel"):
        visits[name] = queues[name].to_numpy()[visits["queue"]]
    vendor = dict(zip(pools["pool"], pools["vendor"], strict=True)) | {-1: ""}
    visits["by"] = [vendor[pool] for pool in visits["pool"]]
    visits["wait"] = visits["left_us"] - visits["joined_us"]
    return visits[~visits["what"].isin(["blocked", "closed"])]


def test_channels_add_up_to_the_vendor(sums):
    told = set()
    for kpi in BY_ANSWERER:
        channels = [name for name in CHANNELS if name != "email" or kpi not in OF_LIVE_WORK]
        for scope, names in PARTS.items():
            for name in names:
                whole = _ratio(sums, kpi, **{scope: name})
                parts = [_ratio(sums, kpi, **{scope: name, "channel": channel}) for channel in channels]
                for place in (0, 1):
                    assert sum(one[place] for one in parts) == whole[place], (kpi, scope, name)
                if sum(one[1] > 0 for one in parts) > 1:
                    told.add(kpi)
    assert {"service_level", "abandonment", "aht", "resolved", "fcr", "fcr_measured", "repeat_rate", "csat"} <= told


def test_what_vendors_handled_adds_up_to_the_channel(sums):
    for kpi in ("aht", "resolved", "fcr", "csat", "nps"):
        for channel in CHANNELS:
            parts = [_ratio(sums, kpi, vendor=name, channel=channel) for name in PARTS["vendor"]]
            whole = _ratio(sums, kpi, channel=channel)
            assert sum(one[0] for one in parts) == whole[0] != 0, (kpi, channel)
            if kpi != "fcr":  # cases that ended without an agent are of no vendor
                assert sum(one[1] for one in parts) == whole[1], (kpi, channel)


def test_what_was_handled_is_that_of_the_log(run, sums):
    visits = _visits(run)
    for vendor in PARTS["vendor"]:
        for channel in CHANNELS:
            mine = visits[(visits["by"] == vendor) & (visits["channel"] == channel) & visits["what"].isin(HANDLED)]
            assert len(mine) > 20
            top, bottom = _ratio(sums, "aht", vendor=vendor, channel=channel)
            assert (top, bottom) == ((mine["wrapped_us"] - mine["left_us"]).sum(), len(mine))
            resolved = (mine["what"] == "resolved").sum()
            assert _ratio(sums, "resolved", vendor=vendor, channel=channel) == (resolved, len(mine))


def test_what_was_assigned_is_that_of_the_log(run, sums):
    """`tech` is called by phone and is of one pool; `chats`, by phone too, is shared: it counts for who answered."""
    visits = _visits(run)
    calls, tech, shared = (visits[visits["workflow"] == name] for name in ("calls", "tech", "chats"))
    given, queues = run.tables["assigned"], run.tables["queues"]["channel"].to_numpy()
    vendors = run.tables["vendors"]["name"].to_numpy()
    for channel in ("phone", "chat"):
        for vendor in PARTS["vendor"]:
            assigned = given.loc[
                (vendors[given["vendor"]] == vendor) & (queues[given["queue"]] == channel), "assigned"
            ].sum()
            more = tech if vendor == "own" and channel == "phone" else tech[:0]
            still = _open(run, channel, vendor)
            assert _ratio(sums, "abandonment", vendor=vendor, channel=channel)[1] == assigned + len(more) - still
            theirs = shared[(shared["by"] == vendor) & (shared["channel"] == channel)]
            bottom = _ratio(sums, "service_level", vendor=vendor, channel=channel)[1]
            assert bottom == assigned + len(more) + len(theirs) - still
    lost = sum(_ratio(sums, "abandonment", vendor=vendor, channel="chat")[0] for vendor in PARTS["vendor"])
    assert lost == ((calls["what"] == "abandoned") & (calls["channel"] == "chat")).sum() > 0


def _open(run, channel: str, vendor: str) -> int:
    rows = run.tables["assigned_sums"].merge(run.tables["assignees"], on="assignee")
    return int(rows[(rows["channel"] == channel) & (rows["vendor"] == vendor)]["open_waiting"].sum())


def test_cases_are_those_that_opened_on_the_channel(run, sums):
    visits = run.tables["visits"]
    key = ["replication", "case_queue", "date", "number"]
    visits = visits.sort_values([*key, "contact", "visit"])
    opened = visits.groupby(key)["joined_us"].transform("first")
    since = run.measured.warm_up
    visits = visits[(opened >= since) & (opened < since + run.measured.length)]
    of_case = visits[(visits["pool"] >= 0) & (visits["outcome"] != OUTCOMES.index("open_in_hand"))].groupby(key).first()
    channel = run.tables["queues"]["channel"].to_numpy()[of_case.index.get_level_values("case_queue")]
    vendor = run.tables["pools"]["vendor"].to_numpy()[of_case["pool"]]
    resolved = of_case["outcome"] == OUTCOMES.index("resolved")
    for name in PARTS["vendor"]:
        for by in CHANNELS:
            mine = (vendor == name) & (channel == by)
            assert _ratio(sums, "fcr", vendor=name, channel=by) == (resolved[mine].sum(), mine.sum())


def test_goals_judge_them(run, sums):
    met, missed, worst, due, rated = run.goals
    assert (met["verdict"], missed["verdict"], worst["verdict"]) == ("pass", "fail", "pass")
    assert met["scope"] == {"channel": "phone", "vendor": "partner"}
    for goal, channel in ((met, "phone"), (missed, "chat")):
        top, bottom = _ratio(sums, "service_level", vendor="partner", channel=channel)
        assert goal["estimate"] == pytest.approx(top / bottom)
    top, bottom = _ratio(sums, "deadline_met", vendor="own", channel="email")
    assert due["estimate"] == pytest.approx(top / bottom)
    top, bottom = _ratio(sums, "csat", vendor="own", channel="phone")
    assert rated["estimate"] == pytest.approx(top / bottom)


def test_the_worst_day_is_that_of_the_log(run):
    start = datetime(2026, 3, 2, tzinfo=UTC)
    goal = Goal(kpi="aht", at_most=9000.0, by="day", vendor="partner", channel="chat")
    [judged] = judge([goal], run.tables, run.measured)
    visits = _visits(run)
    mine = visits[(visits["by"] == "partner") & (visits["channel"] == "chat") & visits["what"].isin(HANDLED)]
    days = [(start + timedelta(microseconds=at)).date().isoformat() for at in mine["joined_us"].tolist()]
    means = (mine["wrapped_us"] - mine["left_us"]).groupby(days).mean()
    assert judged["time"]["judged"] == 1  # the first and the last day are counted in part
    assert judged["estimate"] == pytest.approx(means["2026-03-03"] / 1e6)


def test_a_channel_that_nobody_has_is_of_no_part(sums):
    kpi, _ = kpi_of_goal(Goal(kpi="aht", at_most=1.0, vendor="own", channel="fax"), sums.measured)
    assert (codes_within(sums, kpi, {"vendor": "own", "channel": "fax"}) < 0).all()


@pytest.mark.parametrize(
    ("goal", "why"),
    [
        ("kpi: aht, vendor: own, tier: t1, at_most: 9m",
         "aht is counted by tier or by vendor, not by both together: say a goal for each, or one by vendor and "
         "workflow, channel, market or language, which are kept together"),
        ("kpi: cost_per_contact, vendor: own, channel: phone, at_most: 9",
         "cost_per_contact is counted by channel or by vendor, not by both together: say a goal for each"),
        ("kpi: fcr, vendor: own, channel: phone, at_least: 10%, by: day",
         "fcr by channel and vendor is kept for the whole counted time: leave out `by`, or channel"),
        ("kpi: aht, vendor: own, channel: phone, at_most: 9m, hours: 08:00-12:00", "is kept by day: leave out `hours`"),
        ("kpi: service_level, vendor: own, site: leeds, channel: phone, at_least: 10%",
         "service_level is counted by site or by vendor, not by both together"),
    ],
)  # fmt: skip
def test_what_is_not_kept_together_is_refused(goal, why):
    with pytest.raises(ScenarioError) as refused:
        loads(TEXT.replace(GOALS.splitlines()[1], f"  - {{{goal}}}"))
    assert [one for one in str(refused.value).splitlines() if why in one], str(refused.value)


def test_they_are_not_known_by_the_hour(run):
    within = {"vendor": "own", "channel": "phone"}
    with pytest.raises(CcsimError, match="kept by day"):
        api.by_interval(run, "aht", within=within, every=HOUR)
    with pytest.raises(CcsimError, match="not known by"):
        api.by_interval(run, "fcr", within=within, every=HOUR)


def test_both_engines_give_the_same_tables(run, tmp_path):
    path = tmp_path / "desk.yaml"
    path.write_text(TEXT.replace("length: 48h", "length: 6h").replace(", worst: day", ""), "utf-8")
    kernel, reference = (api.run(path, replications=1, seed=3, engine=engine) for engine in ("kernel", "reference"))
    for name in ("assignees", "assigned_sums", "first_answers", "ratings"):
        pd.testing.assert_frame_equal(kernel.tables[name], reference.tables[name])
    assert set(kernel.tables["assignees"]["channel"]) == set(CHANNELS)


def test_the_estimates_have_what_a_goal_of_each_part_and_channel_finds(run, sums):
    estimates = run.estimates
    for scope, names in PARTS.items():
        mine = estimates[estimates["scope"] == f"{scope}+channel"]
        assert set(mine["kpi"]) == set(BY_ANSWERER)
        told = set(mine["name"])
        never = {"tech+chat", "tech+email"}  # who had no visit of a channel is left out
        assert told == {f"{name}+{channel}" for name in names for channel in CHANNELS} - never
        for row in plain_rows(mine):
            name, _, channel = row["name"].partition("+")
            within = None if row["threshold_s"] is None else round(row["threshold_s"] * 1_000_000)
            goal = Goal(kpi=row["kpi"], at_least=0.5, within=within, channel=channel, **{scope: name})
            found = judge([goal], run.tables, run.measured, sums=sums)[0]
            for value in ("estimate", "low", "high"):
                assert found[value] == row[value], row


def test_tables_for_spreadsheets_have_them(run, tmp_path):
    stored = run.write(tmp_path / "out")
    table = api.read_csv(stored.folder / "by_vendor_channel.csv").set_index("vendor+channel")
    assert set(table.index) == {f"{name}+{channel}" for name in PARTS["vendor"] for channel in CHANNELS}
    row = run.estimate("service_level", "vendor+channel", "partner+phone", 20)
    columns = ("service_level_20s_share", "service_level_20s_share_low", "service_level_20s_share_high")
    assert [table.loc["partner+phone", one] for one in columns] == [row[one] for one in ("estimate", "low", "high")]
    assert run.by("vendor+channel", ["aht"]).index.name == "vendor+channel"
    assert {"by_site_channel.csv", "by_pool_channel.csv"} <= {path.name for path in stored.folder.iterdir()}

    pages = pages_of(api.report(run, tmp_path / "tables.xlsx").read_bytes())
    sheet = pages["By vendor and channel"]
    told = dict(zip(sheet.column("Vendor+channel"), sheet.column("Service level within 20 s (%)"), strict=True))
    assert told["partner+phone"] == pytest.approx(row["estimate"])
    assert {"By site and channel", "By pool and channel"} <= set(pages)
