"""`explain roster` in words, and rosters at the edges."""

from __future__ import annotations

import numpy as np
import pytest

from ccsim.commands.explain_roster import roster_lines
from ccsim.errors import ScenarioError
from ccsim.kernel import layout as k
from ccsim.model.compile import compile_model
from ccsim.scenario import loads
from ccsim.language.scenario import Scenario
from ccsim.units import DAY, HOUR


def desk(
    headcount: int = 24, *, length: str = "2w", demand: str = "per_week: 3000, profile: flat", more: str = ""
) -> Scenario:
    return loads(f"""\
scenario: desk
time_zone: Europe/Berlin
horizon: {{start: 2026-03-02, length: {length}, drain: 0s, interval: 30m}}
handle_time: 5m
demand: {{calls: {{{demand}}}}}
sites: {{krakow: {{region: EMEA, time_zone: Europe/Warsaw, hours: 24x7}}}}
vendors: {{house: {{kind: in_house, paid_hour: 40}}}}
shift_patterns: {{around: {{paid: 8h, starts: [00:00, 08:00, 16:00], breaks: [15m, 30m unpaid, 15m]}}}}
pools:
  crew:
    {{site: krakow, vendor: house, headcount: {headcount}, shifts: [around], shrinkage: {{absence: 6%, training: 3%}}}}
  line: {{staffing: 2}}
{more}""")


def test_the_roster_in_words() -> None:
    lines = roster_lines(desk(), "crew")
    text = "\n".join(lines)
    assert lines[0] == "crew at krakow, house: 24 people employed; all times are local (Europe/Warsaw)"
    assert "absence 6.0%" in text
    assert "training 15.3" in text
    assert "Erlang C, 80% answered within 20 s, at most 85% occupied" in text
    starts = [line for line in lines if line.startswith("  around")]
    assert sum(int(line.split()[2]) for line in starts) == 24
    assert sum(int(part.split()[-1]) for line in starts for part in line.split("   ")[-1].split(",")) == 24
    assert sum(line.startswith("  ") and line[4:7] == ":00" for line in lines) == 24
    assert "within" in lines[-1]


def test_staffing_in_words() -> None:
    lines = roster_lines(desk(), "line")
    assert lines[0] == "line: staffing as written; all times are local (Europe/Berlin)"
    assert not any(line.startswith("price") for line in lines)


def test_an_unknown_pool_is_named() -> None:
    with pytest.raises(ScenarioError, match="crew, line"):
        roster_lines(desk(), "desk")


def test_days_off_lie_together_over_the_end_of_the_week() -> None:
    text = "\n".join(roster_lines(desk(200), "crew"))
    assert "sun+mon" in text
    assert "mon+sun" not in text


@pytest.mark.parametrize("headcount", [1, 2])
def test_one_and_two_people(headcount: int) -> None:
    model = compile_model(desk(headcount))
    assert model.rules.pools.agents.tolist() == [[0, headcount], [headcount, 2]]
    assert (model.plan[:, k.N_WHAT] == k.SIGN_IN).sum() == 10 * headcount
    assert (model.workforce_plan[:, 2:] >= 0).all()
    roster_lines(desk(headcount), "crew")


def test_a_day_has_the_roster_of_a_week() -> None:
    day, week = compile_model(desk(length="1d")), compile_model(desk(length="1w"))
    first = week.plan[week.plan[:, k.N_TIME] < DAY]
    assert (day.plan == first).all()


def test_no_demand_at_all() -> None:
    model = compile_model(desk(demand="per_week: 0, profile: flat"))
    assert model.workforce_plan[:, 2].sum() == 0
    assert model.workforce_plan[:, 3].sum() > 0


def test_a_pool_without_a_site_goes_by_the_clock_of_the_scenario() -> None:
    scenario = desk()
    pool = scenario.pools["crew"].model_copy(update={"site": None, "vendor": None})
    model = compile_model(scenario.model_copy(update={"pools": {**scenario.pools, "crew": pool}}))
    comes = model.plan[(model.plan[:, k.N_WHAT] == k.SIGN_IN) & (model.plan[:, k.N_TIME] > 0), k.N_TIME]
    assert {int(time) % DAY // HOUR for time in comes} == {0, 8, 16}


def test_shrinkage_that_leaves_no_work_is_a_fault() -> None:
    scenario = desk()
    pool = scenario.pools["crew"].model_copy(update={"shrinkage": {"training": 0.6, "meetings": 0.38}})
    with pytest.raises(ScenarioError, match=r"shift_patterns\.around"):
        compile_model(scenario.model_copy(update={"pools": {**scenario.pools, "crew": pool}}))


def test_numbers_are_whole_and_finite() -> None:
    model = compile_model(desk())
    assert np.isfinite(model.rules.pools.absence).all()
    assert model.plan.dtype == model.workforce_plan.dtype == model.premium.dtype == np.int64
