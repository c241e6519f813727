"""Variants and settings that add what a scenario does not have, and what is said of new names."""

from __future__ import annotations

from ccsim.language.time_outs import TimeOut
from ccsim.scenario import loads, read_text
from ccsim.scenario.load import Loaded
from ccsim.units import MINUTE
from tests.scenario.override_texts import set_
from tests.support.scenario_texts import LAB


def test_keys_that_the_language_knows_may_be_made() -> None:
    found = set_(
        "routing.choose_agent=random",
        "channels.phone.max_wait=10m",
        "workflows.calls.tiers.t1.resolved=80%",
        "pools.desk.channels=[phone]",
        "horizon.interval=1h",
        "title=Tuesday",
    )
    assert found.routing.choose_agent == ("random",)
    assert found.channels["phone"].max_wait == TimeOut(after=10 * MINUTE)
    assert found.workflows["calls"].tiers["t1"].resolved == 0.8
    assert (found.horizon.interval, found.title) == (60 * MINUTE, "Tuesday")


GROWS = """\
variants:
  night: {pools.night: {staffing: 4}}
  more_at_night: {on: night, pools.night.staffing: x2}
  mails: {demand.mails: {per_hour: 6}}
  launch: {surges.launch: {at: 2026-01-01 10:00, for: 1h, times: 2}}
  manila: {sites.manila: {region: apac, time_zone: Asia/Manila, hours: 00:00-24:00}, pools.desk.site: manila}
  mine: {profiles.mine: {hours: [[00:00, 1], [12:00, 2]]}}
  strict: {goals.0: {kpi: asa, at_most: 30s}, goals.1: {kpi: abandonment, at_most: 5%}}
  slip: {pools.dsk: {staffing: 4}}
"""


def grown(variant: str) -> Loaded:
    return read_text(LAB + GROWS, variants=[variant])


def test_a_variant_adds_what_a_section_does_not_have() -> None:
    assert set(grown("night").scenario.pools) == {"desk", "night"}
    night = grown("more_at_night").scenario.pools["night"].staffing
    assert night is not None
    assert night.values == (8.0,)
    assert set(grown("mails").scenario.demand) == {"calls", "mails"}
    assert set(grown("launch").scenario.surges) == {"launch"}
    assert grown("manila").scenario.pools["desk"].site == "manila"
    assert [goal.kpi for goal in grown("strict").scenario.goals] == ["asa", "abandonment"]
    mine = loads(LAB + GROWS, variants=["mine"], settings=["demand.mails={per_day: 9, profile: mine}"])
    assert mine.demand["mails"].profile is not None
    (applied,) = grown("night").applied
    assert (applied.key, applied.old, applied.new) == ("pools.night", "nothing", "{staffing: 4}")


def test_a_new_name_that_is_much_like_another_is_told() -> None:
    (said,) = [remark for remark in grown("slip").remarks if remark.kind == "warning" and "new" in remark.message]
    assert (said.key, said.message) == ("pools.dsk", "'dsk' is new in pools; did you mean 'desk'?")
    for variant in ("night", "mails", "launch"):
        assert not [remark for remark in grown(variant).remarks if "is new" in remark.message], variant
