"""Visits, cases and ratings by vendor, site or pool and workflow, market or language: held against the log."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest

from ccsim import api
from ccsim.kpis.definitions import KPIS
from ccsim.kpis.goals import WITH_POOLS
from ccsim.language.goals import Goal
from ccsim.metrics.goals import judge, kpi_of_goal
from ccsim.metrics.parts import codes_within
from ccsim.metrics.sums import Sums
from ccsim.records.outcomes import HANDLED, OUTCOMES

TEXT = """
scenario: partners
horizon: {start: 2026-03-02, warm_up: 2h, length: 46h, drain: 1d}
service_level: {within: 20s}
patience: {mean: 2m}
markets:
  uk: {region: eu, time_zone: Europe/London, languages: {en: 100%}}
  be: {region: eu, time_zone: Europe/Brussels, languages: {fr: 60%, nl: 40%}}
sites:
  leeds: {region: eu, time_zone: Europe/London, hours: 24x7}
  sofia: {region: eu, time_zone: Europe/Sofia, hours: 24x7}
vendors: {own: {kind: in_house, paid_hour: 30}, partner: {paid_hour: 20}}
channels: {phone: {}, chat: {}, email: {kind: deferred, deadline: 1h}}
demand:
  orders: {per_minute: 1.2, markets: {uk: 60%, be: 40%}, channels: {phone: 70%, email: 30%}}
  tech: {per_minute: 0.7, markets: {uk: 50%, be: 50%}, channels: {phone: 60%, chat: 40%}}
workflows:
  orders:
    tiers: {t1: {resolved: 70%, transfers: {tech: 10%}, handle_time: {mean: 3m, cv: 0.7}}}
    returns: {after_unresolved: {share: 60%, after: 30m}}
  tech:
    tiers:
      t1: {resolved: 60%, escalated: 20%, escalated_as: email, handle_time: {mean: 4m, cv: 0.7}}
      t2: {resolved: 90%, handle_time: 6m}
pools:
  house: {vendor: own, site: leeds, tier: [t1, t2], staffing: 4}
  helpers: {vendor: partner, site: sofia, tier: [t1, t2], staffing: 5, handle_time: 1.2}
routing:
  vendor_share: {orders: {own: 50%, partner: 50%}, tech: {own: 40%, partner: 60%}}
  overflow: [{after: 30s, to: any_vendor}]
satisfaction: {base: 4.6, moved_by: {unresolved: -1}}
goals:
  - {kpi: service_level, vendor: partner, workflow: tech, at_least: 1%}
  - {kpi: abandonment, vendor: partner, language: nl, workflow: orders, at_most: 99%, by: day}
  - {kpi: fcr, vendor: own, market: uk, at_least: 99%}
  - {kpi: deadline_met, vendor: own, workflow: tech, channel: email, at_least: 1%}
"""
PARTS = {"workflow": ("orders", "tech"), "channel": ("phone", "chat", "email"), "market": ("uk", "be"),
         "language": ("en", "fr", "nl")}  # fmt: skip
OWNERS = {"vendor": ("own", "partner"), "site": ("leeds", "sofia"), "pool": ("house", "helpers")}
BY_ANSWERER = [name for name, kpi in KPIS.items() if kpi.by_answerer]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    made = tmp_path_factory.mktemp("desk") / "desk.yaml"
    made.write_text(TEXT, "utf-8")
    return made


@pytest.fixture(scope="module")
def run(path):
    return api.run(path, replications=2, seed=3, visits=True)


@pytest.fixture(scope="module")
def sums(run):
    return Sums(run.tables, run.measured)


@pytest.fixture(scope="module")
def visits(run):
    """Counted visits that joined a queue, with the names of their queue and of who answered."""
    found, queues, pools = run.tables["visits"], run.tables["queues"], run.tables["pools"]
    found = found[found["counted"] == 1].copy()
    found["what"] = [OUTCOMES[code] for code in found["outcome"]]
    for name in WITH_POOLS:
        found[name] = queues[name].to_numpy()[found["queue"]]
    vendor = dict(zip(pools["pool"], pools["vendor"], strict=True)) | {-1: ""}
    found["by"] = [vendor[pool] for pool in found["pool"]]
    return found


def _ratio(sums: Sums, kpi: str, **scope: str) -> tuple[float, float]:
    """Numerator and denominator over all replications."""
    goal = Goal(kpi=kpi, at_least=0.5, within=20_000_000 if KPIS[kpi].by_threshold else None, **scope)
    made, threshold = kpi_of_goal(goal, sums.measured)
    codes = codes_within(sums, made, scope)
    top, bottom = (sums.evaluate(one, made, codes, 1, threshold).sum() for one in (made.numerator, made.denominator))
    return float(top), float(bottom)


def test_parts_add_up_to_the_vendor(sums):
    told = set()
    for kpi, (scope, names), beside in product(BY_ANSWERER, OWNERS.items(), ("workflow", "market", "language")):
        for name in names:
            parts = [_ratio(sums, kpi, **{scope: name, beside: part}) for part in PARTS[beside]]
            whole = _ratio(sums, kpi, **{scope: name})
            assert sum(part[0] for part in parts) == whole[0], (kpi, name, beside)
            assert sum(part[1] for part in parts) == whole[1], (kpi, name, beside)
            if sum(part[1] > 0 for part in parts) > 1:
                told.add(kpi)
    assert {"service_level", "abandonment", "aht", "resolved", "fcr", "fcr_measured", "repeat_rate", "csat"} <= told


def test_several_at_once_add_up_too(sums):
    for kpi in ("aht", "resolved", "fcr", "csat", "abandonment"):
        whole = _ratio(sums, kpi, vendor="partner", workflow="orders")
        parts = [_ratio(sums, kpi, vendor="partner", workflow="orders", language=one) for one in PARTS["language"]]
        assert sum(part[0] for part in parts) == whole[0] > 0
        assert sum(part[1] for part in parts) == whole[1]


def test_what_was_handled_is_that_of_the_log(sums, visits):
    for vendor, workflow, language in product(OWNERS["vendor"], PARTS["workflow"], PARTS["language"]):
        inside = (visits["by"] == vendor) & (visits["workflow"] == workflow) & (visits["language"] == language)
        mine = visits[inside & visits["what"].isin(HANDLED)]
        assert len(mine) > 50
        scope = {"vendor": vendor, "workflow": workflow, "language": language}
        assert _ratio(sums, "aht", **scope) == ((mine["wrapped_us"] - mine["left_us"]).sum(), len(mine))
        assert _ratio(sums, "resolved", **scope) == ((mine["what"] == "resolved").sum(), len(mine))


def test_what_was_assigned_is_that_of_the_log(run, sums):
    given, queues = run.tables["assigned"], run.tables["queues"]
    vendors = run.tables["vendors"]["name"].to_numpy()[given["vendor"]]
    of = {name: queues[name].to_numpy()[given["queue"]] for name in (*WITH_POOLS, "kind")}
    for vendor, workflow, market in product(OWNERS["vendor"], PARTS["workflow"], PARTS["market"]):
        inside = (vendors == vendor) & (of["workflow"] == workflow) & (of["market"] == market) & (of["kind"] == "live")
        lost, offered = _ratio(sums, "abandonment", vendor=vendor, workflow=workflow, market=market)
        assert offered == given["assigned"][inside].sum() > 100  # nobody waits when the run ends
        assert 0 < lost < offered
    top = sum(_ratio(sums, "abandonment", vendor=name, workflow="tech")[0] for name in OWNERS["vendor"])
    assert top == _ratio(sums, "abandonment", workflow="tech")[0]


def test_escalations_that_are_deferred_work_are_of_their_channel(run, sums, visits):
    """Calls of `tech` go to its second tier as email: by vendor and channel they are email, as by channel alone."""
    mine = visits[(visits["workflow"] == "tech") & (visits["channel"] == "email")]
    assert len(mine) > 100
    told = [_ratio(sums, "deadline_met", vendor=one, workflow="tech", channel="email") for one in OWNERS["vendor"]]
    assert sum(one[1] for one in told) == len(mine)
    parts = [_ratio(sums, "aht", vendor=one, workflow="tech", channel="email") for one in OWNERS["vendor"]]
    assert tuple(map(sum, zip(*parts, strict=True))) == _ratio(sums, "aht", workflow="tech", channel="email")


def test_goals_judge_them(run, sums):
    served, lost, solved, due = run.goals
    assert [one["verdict"] for one in run.goals] == ["pass", "pass", "fail", "pass"]
    top, bottom = _ratio(sums, "service_level", vendor="partner", workflow="tech")
    assert served["estimate"] == pytest.approx(top / bottom)
    assert lost["scope"] == {"workflow": "orders", "language": "nl", "vendor": "partner"}
    assert lost["time"]["judged"] == 1
    top, bottom = _ratio(sums, "fcr", vendor="own", market="uk")
    assert solved["estimate"] == pytest.approx(top / bottom)
    assert due["estimate"] is not None


def test_a_name_that_nobody_has_is_of_no_part(run):
    [judged] = judge([Goal(kpi="aht", at_most=1.0, vendor="own", workflow="orders", channel="chat")],
                     run.tables, run.measured)  # fmt: skip
    assert judged["estimate"] is None


def test_both_engines_give_the_same_tables(tmp_path):
    short = tmp_path / "desk.yaml"
    short.write_text(TEXT.split("goals:")[0].replace("length: 46h", "length: 4h"), "utf-8")
    kernel, reference = (api.run(short, replications=1, seed=3, engine=engine) for engine in ("kernel", "reference"))
    for name in ("assignees", "assigned_sums", "first_answers", "ratings"):
        pd.testing.assert_frame_equal(kernel.tables[name], reference.tables[name])
