"""What differs between two scenarios: nothing is left out, and order means nothing where it means nothing."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccsim.errors import ScenarioError
from ccsim.scenario import Scenario, digest, load, loads, to_canonical
from ccsim.scenario.diff import Difference, differences
from ccsim.scenario.load import Opened
from tests.scenario.scenario_leaves import changed, leaves, shuffled
from tests.scenario.scenario_mutants import mutated
from tests.support.files import CENTRE, GLOBE, SCENARIOS
from tests.support.scenario_texts import lab

HEADINGS = [field.title for field in Scenario.model_fields.values()]
SILENT = ("scenario", "title", "goals", "report")


WORK = "{calls: {tiers: {t1: {resolved: 70%, escalated: 20%}, t2: {handle_time: 9m}}, patience: {mean: 1m, zero: 5%}}}"
POOLS = "{desk: {staffing: 12, tier: [t1, t2]}, night: {staffing: [[00:00, 2], [06:00, 0]], channels: [phone]}}"


def said(file: Path, *overrides: str) -> list[str]:
    """What some settings change, as lines."""
    opened = Opened(str(file))
    return [str(one) for one in differences(opened.loaded().scenario, opened.loaded((), overrides).scenario)]


@pytest.mark.parametrize("file", [CENTRE, GLOBE, SCENARIOS / "web_shop.yaml"], ids=lambda file: file.stem)
def test_every_setting_that_changes_shows(file: Path) -> None:
    base = load(file)
    seen = set()
    for path, kind in leaves(base):
        other = changed(base, path, kind)
        assert to_canonical(other) != to_canonical(base), path
        for found in (differences(base, other), differences(other, base)):
            assert found, path
            assert {one.section for one in found} == {Scenario.model_fields[str(path[0])].title}, path
            assert all(one.before != one.after for one in found), path
            assert all(one.what and "\n" not in str(one) and one.key for one in found), path
            assert {one.results for one in found} == {path[0] not in SILENT}, path
        seen.add(path[0])
    assert len(seen) > 12


@pytest.mark.parametrize("file", [CENTRE, GLOBE], ids=["centre", "globe"])
@given(seed=st.integers(0, 2**32))
@settings(derandomize=True, max_examples=25, deadline=None)
def test_order_of_declaration_shows_nothing(file: Path, seed: int) -> None:
    base = load(file)
    other = shuffled(base, random.Random(seed))
    assert differences(base, other) == ()
    assert digest(base) == digest(other)
    changes = differences(base, load(file, variants=["more"]))
    assert changes == differences(other, load(file, variants=["more"]))


def test_no_difference_means_the_same_canonical_form() -> None:
    text = lab(
        workflows=WORK, pools=POOLS, variants="{more: {pools.desk.staffing: +2}, less: {pools.desk.staffing: 3}}"
    )
    base, seed = loads(text), random.Random(4)
    equal = different = 0
    for _ in range(250):
        try:
            other = loads(mutated(seed, 1, text))
        except ScenarioError:
            continue
        found = differences(base, other)
        assert (not found) == (to_canonical(base) == to_canonical(other)) == (digest(base) == digest(other))
        equal, different = equal + (not found), different + bool(found)
    assert equal > 3, "some mutants (of variants, say) mean the same"
    assert different > 15


def test_variants_of_the_big_scenario_read_like_a_plan() -> None:
    opened = Opened(str(SCENARIOS / "global_support.yaml"))
    base = opened.loaded().scenario
    assert differences(base, opened.loaded().scenario) == ()
    lines = [str(one) for one in differences(base, opened.loaded(["outsource_more"]).scenario)]
    assert "Pools / manila_ads: 40 people more (201 -> 241)" in lines
    assert lines[-1] == "Routing / vendor share of ads_basic: northwind 70 % -> 85 %, in_house 30 % -> 15 %"
    cross = differences(base, opened.loaded(["cross_train"]).scenario)
    assert {one.what for one in cross} == {"workflows: commerce added", "workflows: ads_basic added"}
    for name in opened.variants:
        found = differences(base, opened.loaded([name]).scenario)
        assert found
        assert len({one.key for one in found}) == len(found)


WORDS: list[tuple[Path, str, str]] = [
    (GLOBE, "demand.ads.per_week=x1.1", "Demand / ads: 10 % more contacts a week (20,000 -> 22,000)"),
    (GLOBE, "demand.ads.season.mar=120%", "Demand / ads: season mar 110 % -> 120 %"),
    (GLOBE, "demand.ads.trend=1% per week", "Demand / ads: trend -0.5 % a week -> 1 % a week"),
    (GLOBE, "demand.ads.day_factor.cv=12%", "Demand / ads: day-to-day volume uncertainty CV 9 % -> 12 %"),
    (
        GLOBE,
        "demand.ads.markets={us: 50%, germany: 50%}",
        "Demand / ads: markets: germany 40 % -> 50 %, us 60 % -> 50 %",
    ),
    (
        GLOBE,
        "demand.ads.profile=always_on",
        "Demand / ads: profile hours of the day busiest at 08:00 -> busiest at 12:00",
    ),
    (GLOBE, "pools.krakow_risk.headcount=7", "Pools / krakow_risk: 2 people fewer (9 -> 7)"),
    (GLOBE, "pools.krakow_t1.shrinkage=~", "Pools / krakow_t1: shrinkage: absence 4 %, meetings 5 % -> the vendor's"),
    (GLOBE, "pools.experts.staffing=12", "Pools / experts: 3 agents more at all times (9 -> 12)"),
    (GLOBE, "vendors.in_house.paid_hour=42.5", "Vendors / in_house: price of a paid hour 41.00 USD -> 42.50 USD"),
    (GLOBE, "routing.overflow.0.after=90s", "Routing / overflow step to any region opens after: 1m -> 1m30s"),
    (GLOBE, "sites.manila.holidays=VN", "Sites / manila: public holidays PH -> VN"),
    (
        GLOBE,
        "shift_patterns.day.breaks.1=45m unpaid",
        "Shift patterns / day: breaks 2 length 30m -> 45m",
    ),
    (
        GLOBE,
        "surges.outage.for=4h",
        "Surges / outage: full effect for 3h -> 4h",
    ),
    (GLOBE, "goals.1.at_most=4%", "Goals / abandonment of bug: at most 5 % -> 4 %"),
    (GLOBE, "goals.3.at_most=8.5", "Goals / cost per contact of northwind: at most 9.00 USD -> 8.50 USD"),
    (GLOBE, "currency=EUR", "Scenario / currency: USD -> EUR"),
    (
        CENTRE,
        "channels.fax={patience: {law: weibull, mean: 150s, shape: 0.8, zero: 2%}}",
        "Channels / fax: new: patience (weibull, mean 2m30s, shape 0.8, share that leaves at once 2 %)",
    ),
    (
        GLOBE,
        "shift_patterns.short={paid: 4h, starts: [08:00], breaks: [15m unpaid]}",
        "Shift patterns / short: new: paid time 4h, starts 08:00, breaks (length 15m, paid no)",
    ),
    (CENTRE, "channels.chat.max_wait=~", "Channels / chat: longest wait after 20m -> none"),
    (CENTRE, "handle_time.talk.mean=+30s", "Handle time / talk mean: 4m -> 4m30s"),
    (
        CENTRE,
        "handle_time.talk={law: exponential, mean: 4m}",
        "Handle time / talk: lognormal, mean 4m, CV 0.8 -> exponential, mean 4m",
    ),
    (CENTRE, "handle_time.wrap_up=20%", "Handle time / wrap-up share of talk: 15 % -> 20 %"),
    (CENTRE, "workflows.billing.tiers.t1.resolved=+2%", "Workflows / billing: t1 resolved 74 % -> 76 %"),
    (
        CENTRE,
        "workflows.billing.returns.after_abandon.share=40%",
        "Workflows / billing: returns after abandon share 45 % -> 40 %",
    ),
    (
        CENTRE,
        "pools.desk.staffing=[[00:00, 0], [07:00, 6], [10:00, 8], [20:00, 0]]",
        "Pools / desk: 2 agents more from 10:00 to 20:00 (at most 6 -> 8)",
    ),
    (
        CENTRE,
        "pools.desk.staffing[2026-03-04 14:00..15:00]=+2",
        "Pools / desk: 2 agents more from 2026-03-04 14:00 to 2026-03-04 15:00",
    ),
    (
        CENTRE,
        "demand.billing.rate[2026-03-04 14:00..15:00]=+12 per hour",
        "Demand / billing: 12 contacts an hour more from 2026-03-04 14:00 to 2026-03-04 15:00",
    ),
    (CENTRE, "demand.sales.rate=x1.25", "Demand / sales: 25 % more contacts a day (576 -> 720)"),
    (
        CENTRE,
        "demand.billing.rates={per: hour, steps: [[00:00, 0], [10:00, 49], [20:00, 0]]}",
        "Demand / billing: 490 contacts a day as before, at other times (at most 42.5 -> 49 an hour)",
    ),
    (CENTRE, "pools.south.shifts.1.days=[fri, sat]", "Pools / south: shift at 22:00 sat-sun days sat-sun -> fri-sat"),
    (CENTRE, "pools.south.shifts.0.agents=5", "Pools / south: 2 agents more (3 -> 5)"),
    (CENTRE, "queue_groups.voice.lines=~", "Queue groups / voice: lines 60 -> no limit"),
    (
        CENTRE,
        "queue_groups.voice.hours.sun=10:00-12:00",
        "Queue groups / voice: hours: mon-fri 07:00-22:00, sat 09:00-12:00 and 14:00-18:00 -> "
        "mon-fri 07:00-22:00, sat 09:00-12:00 and 14:00-18:00, sun 10:00-12:00",
    ),
    (CENTRE, "routing.choose_agent=random", "Routing / choice of agent: best skill, longest idle -> random"),
    (CENTRE, "run.seed=7", "Run / seed: 84000 -> 7"),
    (CENTRE, "pools.desk.skills.sales=1", "Pools / desk: workflows sales level 2 -> 1"),
]


@pytest.mark.parametrize(("file", "override", "line"), WORDS, ids=[override for _, override, _ in WORDS])
def test_a_change_is_told_in_the_planners_words(file: Path, override: str, line: str) -> None:
    lines = said(file, override)
    assert line in lines, lines


def test_what_is_new_and_what_is_gone_says_what_it_is() -> None:
    base = load(GLOBE)
    less = base.model_copy(update={"pools": {k: v for k, v in base.pools.items() if k != "krakow_risk"}})
    (gone,), (new,) = differences(base, less), differences(less, base)
    text = "9 people, shift patterns split, site krakow, vendor in_house, workflows risk, certifications payments"
    assert gone == Difference("Pools", "krakow_risk", "pools.krakow_risk", f"gone: {text}", text, "", True)
    assert new == Difference("Pools", "krakow_risk", "pools.krakow_risk", f"new: {text}", "", text, True)


def test_keys_are_those_that_a_planner_writes() -> None:
    base = load(GLOBE)
    keys: dict[str, Any] = {
        "pools.experts.deferred.keep_free": ("pools.experts.deferred={keep_free: 2}",),
        "surges.outage.for": ("surges.outage.for=4h",),
        "goals.1": ("goals.1.at_most=4%",),
        "workflows.ads.tiers.t1.transfers": ("workflows.ads.tiers.t1.transfers.risk=5%",),
    }
    for key, overrides in keys.items():
        assert [one.key for one in differences(base, load(GLOBE, settings=overrides))] == [key]


def test_another_source_of_demand_is_one_difference() -> None:
    flat, weekly = loads(lab()), loads(lab(demand="{calls: {per_week: 42_336, profile: evening}}"))
    assert [str(one) for one in differences(flat, weekly)] == [
        "Demand / calls: demand 6,048 contacts a day -> 42,336 contacts a week by a profile"
    ]


def test_a_trace_from_another_file_is_the_same_demand(tmp_path: Path) -> None:
    for name, times in (("a", "0\n9\n"), ("b", "0\n9\n"), ("c", "0\n8\n")):
        (tmp_path / f"{name}.csv").write_text("time\n" + times)
    one, same, other = (
        loads(lab(demand=f"{{calls: {{trace: {name}.csv}}}}"), base_dir=tmp_path) for name in ("a", "b", "c")
    )
    (found,) = differences(one, same)
    assert (str(found), found.results) == ("Demand / calls: recorded contacts file a.csv -> b.csv", False)
    changes = differences(one, other)
    assert [change.results for change in changes] == [True, False]
    assert str(changes[0]) == "Demand / calls: recorded contacts times: 2 values -> 2 values, different in detail"


def test_small_and_large_changes_stay_apart() -> None:
    base = loads(lab())
    for override in ("handle_time.mean=120000001us", "demand.calls.rate=x1.000000001"):
        (one,) = differences(base, loads(lab(), settings=[override]))
        assert one.before != one.after
    silent = loads(lab(demand="{calls: {per_minute: 0}, more: {per_minute: 1}}"))
    assert str(differences(base, silent)[0]) == "Demand / calls: 6,048 contacts a day -> 0 contacts a day"


@given(st.data())
@settings(derandomize=True, max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_many_changes_at_once_show_each_of_their_sections(data: st.DataObject) -> None:
    base = load(GLOBE)
    places = [leaf for leaf in leaves(base) if leaf[1] not in ("drop", "shorter", "turned")]
    chosen = data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=12, unique=True))
    other = base
    for path, kind in chosen:
        other = changed(other, path, kind)
    found = differences(base, shuffled(other, random.Random(1)))
    assert {one.section for one in found} == {Scenario.model_fields[str(path[0])].title for path, _ in chosen}
    assert found == differences(base, other)
    assert [HEADINGS.index(one.section) for one in found] == sorted(HEADINGS.index(one.section) for one in found)
