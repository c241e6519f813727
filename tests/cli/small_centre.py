"""A small centre whose eligible pools can be told by hand, and the command line in this process."""

from __future__ import annotations

from typer.testing import CliRunner, Result

from ccsim.cli import app
from ccsim.language.scenario import Scenario
from ccsim.scenario import loads

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


def small(**changes: str) -> Scenario:
    text = SMALL
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return loads(text)


def ccsim(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])
