"""Goals that judge a vendor, a site or a pool on work that it may not answer are refused, with what it answers."""

from __future__ import annotations

import pytest

from ccsim.errors import ScenarioError
from ccsim.scenario import loads

DESK = """scenario: desk
horizon: {start: 2026-03-02, length: 1d}
aht: 4m
markets:
  uk: {region: eu, time_zone: Europe/London, languages: {en: 100%}}
  be: {region: eu, time_zone: Europe/Brussels, languages: {fr: 60%, nl: 40%}}
sites:
  leeds: {region: eu, time_zone: Europe/London, hours: 24x7}
  sofia: {region: eu, time_zone: Europe/Sofia, hours: 24x7}
vendors: {own: {kind: in_house}, partner: {}}
channels: {phone: {}, chat: {}, email: {kind: deferred, deadline: 1d}}
demand:
  orders: {per_minute: 1, markets: {uk: 60%, be: 40%}, channels: {phone: 70%, email: 30%}}
  tech: {per_minute: 1, market: uk, channels: {phone: 60%, chat: 40%}}
workflows: {orders: {tiers: {t1: {escalated: 10%}, t2: {}}}, tech: {}}
pools:
  house: {vendor: own, site: leeds, tier: [t1, t2], staffing: 9}
  helpers:
    {vendor: partner, site: sofia, channels: [phone, email], workflows: [orders], languages: [en, fr], staffing: 9}
  chats: {vendor: partner, site: leeds, channels: chat, staffing: 2}
routing: {overflow: [{after: 5m, to: {language: en}}]}
goals:
"""


@pytest.mark.parametrize(
    ("goal", "key", "why"),
    [
        (
            "kpi: service_level, pool: helpers, channel: chat, at_least: 80%",
            "channel",
            "no pool of pool helpers may answer contacts on channel chat: they answer channel email or phone; say one "
            "of these",
        ),
        (
            "kpi: aht, site: sofia, workflow: tech, at_most: 9m",
            "workflow",
            "no pool of site sofia may answer contacts of workflow tech: they answer workflow orders; say one of these",
        ),
        (
            "kpi: abandonment, vendor: partner, workflow: tech, channel: phone, at_most: 9%",
            "workflow",
            "no pool of vendor partner may answer contacts of workflow tech on channel phone: they answer channel chat;"
            " say one of these",
        ),
        (
            "kpi: csat, vendor: partner, workflow: tech, language: fr, at_least: 80%",
            "",
            "no stream has this workflow and language",
        ),
        (
            "kpi: occupancy, vendor: partner, tier: t2, at_most: 90%",
            "tier",
            "no pool of vendor partner serves tier t2, only t1: say one of these, or leave out `tier`",
        ),
        (
            "kpi: occupancy, vendor: own, site: sofia, at_most: 90%",
            "",
            "no pool is of site sofia and vendor own: say one of them",
        ),
        (
            "kpi: fcr, pool: chats, market: be, at_least: 80%",
            "market",
            "no pool of pool chats may answer contacts of market be: they answer market uk; say one of these",
        ),
        (
            "kpi: fcr, vendor: own, segment: all, at_least: 80%",
            "",
            "or one by vendor and workflow, channel, market or language",
        ),
    ],
)
def test_who_may_not_answer_is_not_judged(goal, key, why):
    with pytest.raises(ScenarioError) as refused:
        loads(f"{DESK}  - {{{goal}}}\nsatisfaction: {{base: 4.5}}\n")
    [fault] = refused.value.faults
    assert why in fault.message
    assert fault.key == ".".join(filter(None, ("goals.0", key)))
    assert fault.line == DESK.count("\n") + 1


@pytest.mark.parametrize(
    "goal",
    [
        "kpi: service_level, vendor: partner, channel: chat, at_least: 80%",
        "kpi: aht, pool: helpers, language: nl, at_most: 9m",  # in English, after five minutes
        "kpi: fcr, pool: chats, workflow: tech, channel: phone, at_least: 80%",  # a case of phone may be answered there
        "kpi: deadline_met, site: sofia, channel: email, market: be, workflow: orders, at_least: 80%",
        "kpi: occupancy, vendor: own, tier: t2, at_most: 90%",
        "kpi: occupancy, vendor: partner, site: leeds, at_most: 90%",
        "kpi: abandonment, vendor: partner, language: fr, workflow: orders, at_most: 9%, worst: day",
    ],
)
def test_who_may_answer_is(goal):
    assert len(loads(f"{DESK}  - {{{goal}}}\nsatisfaction: {{base: 4.5}}\n").goals) == 1
