"""Faults of bots, returns and callbacks are told together, and none hides another that does not depend on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.errors import ScenarioError
from ccsim.scenario import load, read

HEAD = """
scenario: life
horizon: {start: 2026-09-07, length: 1d}
markets: {us: {region: am, time_zone: UTC, languages: {en: 70%, es: 30%}}}
channels: {chat: {}, phone: {}, email: {kind: deferred}}
"""

FIVE = """
workflows:
  orders:
    tiers: {t1: {handle_time: 5m, resolved: 80%, escalated: 25%}, t2: {handle_time: 9m}}
    returns: {after_unresolved: {share: 50%, after: 1d, channels: {email: 100%}}}
  tech: {handle_time: 5m, callback: {waiting: 2, accepted: 50%}}
bots:
  helper: {channels: chat, session: 2m, contained: 100%}
demand:
  calls: {workflow: orders, channels: {chat: 60%, phone: 40%}, per_week: 6_000, markets: {us: 100%}}
  mails: {workflow: tech, channel: email, per_week: 100, markets: {us: 100%}}
pools:
  desk: {staffing: 10, languages: [en], channels: [phone, email]}
  second: {tier: t2, staffing: 3, languages: [en, es]}
"""


def faults(tmp_path: Path, text: str) -> list[tuple[str, str]]:
    file = tmp_path / "life.yaml"
    file.write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(file)
    return [(fault.key, fault.message) for fault in caught.value.faults]


def test_faults_of_the_life_of_a_contact_come_at_once(tmp_path: Path) -> None:
    found = faults(tmp_path, FIVE)
    said = {
        "workflows.orders.tiers.t1.escalated": "resolved and escalated are 105% together",
        "workflows.orders.returns.after_unresolved.channels": "come back by email, but nothing of that workflow",
        "workflows.tech.callback": "all work of tech is deferred (email)",
        "bots.helper.contained": "nobody who meets the bot ever reaches an agent",
        "demand.calls": "none takes workflow orders at tier t1 on channels chat, phone in language es",
        "demand.mails": "none takes workflow tech at tier t1 on channel email in language es",
    }
    for key, message in said.items():
        assert any(key == at and message in why for at, why in found), (key, found)
    assert {key for key, _ in found} == set(said)


def test_a_share_that_could_not_be_read_brings_on_no_further_faults(tmp_path: Path) -> None:
    text = """
workflows:
  orders: {tiers: {t1: {handle_time: 5m, escalated: many}, t2: {handle_time: 9m}}, returns: {after_abandon: {share: 2}}}
bots: {helper: {channels: chat, session: soon, contained: lots, returns: {share: 50%, after: 1d}}}
demand: {calls: {workflow: orders, channel: chat, per_week: 600, markets: {us: 100%}}}
pools: {desk: {staffing: 10}, second: {tier: t2, staffing: 3}}
"""
    assert {key for key, _ in faults(tmp_path, text)} == {
        "workflows.orders.tiers.t1.escalated",
        "workflows.orders.returns.after_abandon.share",
        "workflows.orders.returns.after_abandon.after",
        "bots.helper.session",
        "bots.helper.contained",
    }


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("callback: {after: 1m, accepted: 50%}", "callbacks are offered to live contacts"),
        ("balking: {own_patience: yes}", "no wait is announced for deferred work"),
    ],
)
def test_a_workflow_of_deferred_work_alone_offers_nothing(tmp_path: Path, said: str, message: str) -> None:
    text = f"""
workflows: {{orders: {{handle_time: 5m, {said}}}}}
demand: {{mails: {{workflow: orders, channel: email, per_week: 600, markets: {{us: 100%}}}}}}
pools: {{desk: {{staffing: 10}}}}
"""
    ((key, why),) = faults(tmp_path, text)
    assert key == f"workflows.orders.{said.partition(':')[0]}"
    assert why.startswith(message)
    both = text.replace("channel: email", "channels: {email: 50%, phone: 50%}")
    (tmp_path / "both.yaml").write_text(HEAD + both, encoding="utf-8")
    load(tmp_path / "both.yaml")


CENTRE = """
workflows: {orders: {tiers: {t1: {handle_time: 5m, escalated: 20%TIER}, t2: {handle_time: 9m}}WORK}}
vendors: {own: {kind: in_houseVENDOR}}
demand: {calls: {workflow: orders, channel: phone, per_week: 600, markets: {us: 100%}}}
pools: {desk: {vendor: own, staffing: 10POOL}, second: {tier: t2, staffing: 3}}
MORE
"""


@pytest.mark.parametrize(
    ("where", "said", "key", "message"),
    [
        ("MORE", "ivr: {menu: {}}", "ivr", "stands under `bots:`"),
        ("MORE", "proactive: {}", "proactive", "stands under `deflections:`"),
        ("MORE", "incidents: {}", "incidents", "stands under `surges:`"),
        (
            "MORE",
            "bots: {b: {channels: phone, session: 1m, contained: 10%, price: {per_resolution: 1}}}",
            "bots.b.price.per_resolution",
            "a resolution, is `contained`",
        ),
        (
            "MORE",
            "bots: {b: {channels: phone, session: 1m, contained: 10%, handed_off: 90%}}",
            "bots.b.handed_off",
            "neither `contained` nor `left`",
        ),
        ("MORE", "deflections: {d: {share: 5%, start: 2026-09-07}}", "deflections.d.start", "is `from`"),
        ("MORE", "goals: [{kpi: first_call_resolution, at_least: 70%}]", "goals.0.kpi", "say `fcr`"),
        ("TIER", ", bounced: 5%", "workflows.orders.tiers.t1.bounced", "is `sent_back`"),
        (
            "WORK",
            ", returns: {after_cleared: {share: 5%, after: 1h}}",
            "workflows.orders.returns.after_cleared",
            "as `after_closed` says",
        ),
        (
            "WORK",
            ", callback: {waiting: 2, accepted: 5%, reattempts: 2}",
            "workflows.orders.callback.reattempts",
            "are `attempts: 3`",
        ),
        ("WORK", ", max_wait: {after: 1m, to: t2}", "workflows.orders.max_wait.to", "is `then: {tier: t2}` or"),
        ("WORK", ", max_wait: {after: 1m, then: {pool: second}}", "workflows.orders.max_wait.then.pool", "{tier: t2}"),
        ("WORK", ", max_wait: {after: 1m, goes_on: yes}", "workflows.orders.max_wait.goes_on", "`wait: goes_on`"),
        (
            "WORK",
            ", callback: {waiting: 2, accepted: 5%, place: when_idle}",
            "workflows.orders.callback.place",
            "say `served: when_idle`",
        ),
        (
            "WORK",
            ", callback: {after: 1m, accepted: 5%, served: lost}",
            "workflows.orders.callback.served",
            "say `loses_place`",
        ),
        (
            "WORK",
            ", callback: {after: 1m, accepted: 5%, expires: 0s}",
            "workflows.orders.callback.expires",
            "above 0s",
        ),
        (
            "WORK",
            ", callback: {after: 1m, accepted: 5%, every: 30m}",
            "workflows.orders.callback.every",
            "is `between`",
        ),
        (
            "WORK",
            ", returns: {after_abandon: {share: 5%, after: 1h, max: 3}}",
            "workflows.orders.returns.after_abandon.max",
            "is `attempts`",
        ),
        (
            "WORK",
            ", patience: {mean: 2m, after_returns: 0.5}",
            "workflows.orders.patience.after_returns",
            "did you mean 'after_return'",
        ),
        ("WORK", ", balking: {patience: yes}", "workflows.orders.balking.patience", "say `own_patience: yes`"),
        (
            "MORE",
            "assists: {a: {handle_time: 0.9, causes: [outage]}}",
            "assists.a.causes",
            "give these a workflow of their own",
        ),
        ("WORK", ", balking: {above: 1m, share: 5%}", "workflows.orders.balking.above", "steps: [{above: 2m"),
        ("VENDOR", ", resolved: 1.05", "vendors.own.resolved", "quality: {resolved: +4%"),
        ("POOL", ", quality: {misrouted: 0.9}", "pools.desk.quality.misrouted", "is `transferred`"),
    ],
)
def test_what_is_plainly_meant_is_named(tmp_path: Path, where: str, said: str, key: str, message: str) -> None:
    text = CENTRE
    for place in ("TIER", "WORK", "VENDOR", "POOL", "MORE"):
        text = text.replace(place, said if place == where else "")
    assert any(key == at and message in why for at, why in faults(tmp_path, text))


def test_quality_that_moves_ratings_needs_ratings(tmp_path: Path) -> None:
    quality = CENTRE.replace("VENDOR", ", quality: {satisfaction: 0.3}")
    for more, warned in (("", True), ("satisfaction: defaults", False)):
        text = HEAD + quality.replace("MORE", more)
        for place in ("TIER", "WORK", "POOL"):
            text = text.replace(place, "")
        (tmp_path / "rated.yaml").write_text(text, encoding="utf-8")
        remarks = read(tmp_path / "rated.yaml").remarks
        said = [one.key for one in remarks if "nothing is rated" in one.message]
        assert said == (["vendors.own.quality.satisfaction"] if warned else [])
