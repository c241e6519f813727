"""Regions that look misspelt, and those whose customers others serve at once; pools that were renamed."""

from __future__ import annotations

import numpy as np
import pytest

from ccsim.engine import simulate
from ccsim.errors import ScenarioError
from ccsim.model import compile_model
from ccsim.scenario import loads
from ccsim.scenario.load import read_text

CENTRE = """
scenario: centre
horizon: {start: 2026-03-02, length: 1w, drain: 1d}
markets:
  uk: {region: UKREGION, time_zone: Europe/London, languages: {en: 100%}}
  us: {region: americas, time_zone: America/New_York, languages: {en: 100%}}
handle_time: {law: exponential, mean: 4m}
demand:
  orders: {per_hour: 6, markets: {uk: 50%, us: 50%}}
  returns: {per_hour: 2, market: uk}
sites:
  leeds: {region: emea, time_zone: Europe/London, hours: 24x7}
  austin: {region: americas, time_zone: America/Chicago, hours: 24x7}
pools:
  leeds: {site: leeds, staffing: 2, workflows: LEEDS}
  austin: {site: austin, staffing: 2}
routing: {overflow: [{after: AFTER, to: any_region}]}
"""


def told(region: str = "emea", leeds: str = "[orders, returns]", after: str = "30s") -> list[tuple[str, str]]:
    text = CENTRE.replace("UKREGION", region).replace("LEEDS", leeds).replace("AFTER", after)
    return [(one.key, one.message) for one in read_text(text).remarks if one.kind == "warning"]


def test_a_region_that_looks_misspelt_is_told() -> None:
    assert ("markets.uk.region", "no site is in 'emae'; did you mean 'emea'?") in told("emae")
    assert told() == []
    assert not any("did you mean" in said for _, said in told("asia"))


def test_a_region_that_others_serve_at_once_is_told() -> None:
    said = (
        "no pool in emea takes returns: pools of every region may answer contacts of uk from the "
        "first second, not only when `any_region` opens"
    )
    assert told(leeds="[orders]") == [("markets.uk.region", said)]
    assert told(leeds="[orders]", after="0s") == []  # asked for


STAFFED = """
scenario: crew
horizon: {start: 2026-03-02, length: 2w, drain: 1d}
channels: {email: {kind: deferred}}
handle_time: {law: exponential, mean: 4m}
demand: {mails: {per_hour: 6, channel: email}}
sites: {here: {region: eu, time_zone: UTC, hours: 24x7}}
shift_patterns: {day: {paid: 8h, starts: 09:00}}
pools:
  NAME: {site: here, headcount: 20, shifts: day, shrinkage: {absence: 20%}DRAWS}
"""


def away(name: str, draws: str = "") -> np.ndarray:
    model = compile_model(loads(STAFFED.replace("NAME", name).replace("DRAWS", draws)))
    return simulate(model, seed=3, replication=0).tables["pool_intervals"]


def test_a_renamed_pool_may_keep_its_absences() -> None:
    old = away("desk")
    assert np.array_equal(old, away("front_office", ", draws_as: desk"))
    assert not np.array_equal(old, away("front_office"))


def test_two_pools_do_not_draw_alike() -> None:
    text = (
        STAFFED.replace("NAME", "desk").replace("DRAWS", "")
        + "  new: {site: here, headcount: 3, shifts: day, draws_as: desk}\n"
    )
    with pytest.raises(ScenarioError, match=r"pools\.new\.draws_as: desk already uses the random-number stream desk"):
        loads(text)
