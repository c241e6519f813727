"""What planners write in place of a key: `check` tells what to write, in one fault at its place."""

from __future__ import annotations

import pytest

from ccsim.errors import ScenarioError
from ccsim.scenario import loads
from ccsim.scenario.diff import differences

TEAM = """\
scenario: team
horizon: {start: 2026-06-01, length: 1w}
markets: {uk: {region: eu, time_zone: UTC, languages: {en: 60%, de: 40%}}}
demand:
  calls: {per_week: 900, profile: flat, market: uk}
  mails: {per_week: 300, profile: flat, market: uk, workflow: calls}
workflows: {calls: {handle_time: {mean: 3m, cv: 0.8}}}
patience: {mean: 2m}
sites: {here: {region: eu, time_zone: UTC, hours: 24x7}}
vendors: {own: {kind: in_house, paid_hour: 20, shrinkage: {training: 4%}}}
shift_patterns: {day: {paid: 8h, start: 08:00}}
queue_groups: {door: {hours: {mon-fri: 08:00-16:00}}}
pools:
  both: {site: here, vendor: own, headcount: 12, shifts: [day], languages: {en: 100%, de: 90%}}
  listed: {site: here, vendor: own, headcount: 12, shifts: [day], languages: [en]}
"""
BOT = "channels: [phone], workflows: [calls], contained: 20%, session: 1m"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("pools.listed.languages.de=80%", "as a whole: `pools.listed.languages: {en: ..., de: 80%}`"),
        ("pools.both.languages.fr=80%", "there is no key 'fr' in pools.both.languages; known: de, en"),
        ("pools.both.training={at: 2026-06-02}", "`leave_on: [2026-06-15]` of a pool of these people"),
        ("pools.both.premiums={night: 25%}", "vendors.NAME.premiums"),
        ("pools.both.days=mon-fri", "shift_patterns.NAME.days"),
        ("pools.more={like: both}", "a pool is written out"),
        ("pools.both.headcount[2026-06-02]=-2", "a pool of their own, with `from:` and `until:`"),
        ("run.seed[2026-06-02]=3", "a `horizon:` of its own"),
        ("vendors.own.shrinkage={training: {share: 20%, from: 2026-06-02}}", "shrinkage is the same at all times"),
        ("vendors.own.premiums={night: {from: 22:00, to: 06:00, of: 10%}}", "unknown key 'of'; say `add`"),
        ("queue_groups.door.hours=mon-fri 08:00-20:00", "are a map, like {mon-fri: 08:00-20:00}"),
        ("demand=x1.2", "by its key `rate`: demand.calls.rate: x1.2, demand.mails.rate: x1.2"),
        (f"bots={{helper: {{{BOT}, starts: 2026-06-02}}}}", "the date from which it answers is `from`"),
        ("currencies={BGN: 0.5}", "if one BGN is worth so many USD, write `0.5 USD`"),
    ],
)
def test_one_fault_says_what_to_write(change: str, told: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(TEAM, settings=[change])
    assert len(caught.value.faults) == 1, caught.value
    assert told in caught.value.faults[0].message


def test_a_second_language_is_added_to_a_team_by_its_key() -> None:
    text = TEAM.replace("languages: {en: 100%, de: 90%}", "languages: {en: 100%}")
    added = loads(text, settings=["pools.both.languages.de=90%"])
    assert differences(added, loads(TEAM)) == ()


@pytest.mark.parametrize(
    ("headcount", "told"),
    [("auto", "at least 1, no bound"), ("{min: 4, max: 90}", "at least 4, at most 90"), ("{max: 9}", "at most 9")],
)
def test_people_to_be_found_have_words_in_a_comparison(headcount: str, told: str) -> None:
    found = differences(loads(TEAM), loads(TEAM, settings=[f"pools.both.headcount={headcount}"]))
    assert any("people to be found" in str(one) and told in str(one) for one in found)
    assert all(one.before and one.after for one in found)
