"""What cannot be compared is refused with the reason, before anything is simulated or written."""

import pytest

from ccsim import api
from ccsim.errors import CcsimError
from ccsim.experiments.compare_alternatives import NotComparable
from ccsim.experiments.prepared import of_base
from tests.experiments.desk_files import written


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("length: 4h", "length: 5h"), "horizon, its length is: 5h, not 4h"),
        (("length: 4h", "warm_up: 1h, length: 4h"), "warm-up: 1h, not 0s"),
        (("start: 2026-01-01", "start: 2026-01-02"), "horizon, it starts at: 2026-01-02"),
        (("length: 4h", "length: 4h, interval: 1h"), "report interval: 1h, not 30m"),
        (("length: 4h", "length: 4h, drain: 1d"), "drain period: 1d, not 3d"),
        (("horizon:", "time_zone: Europe/Berlin\nhorizon:"), "starts at: .* Europe/Berlin, not .* UTC"),
        (("horizon:", "currency: EUR\nhorizon:"), "currency: EUR, not USD"),
        (("within: [20s, 60s]", "within: [20s, 30s]"), "thresholds .*: 20s and 30s, not 20s and 60s"),
        (("within: [20s, 60s]", "within: [20s, 60s], rule: answered only"), "rule of service level: answered only"),
        (("within: [20s, 60s]", "within: [20s, 60s], short_abandon: 3s"), "short abandon: 3s, not 5s"),
        (("horizon:", "cases: {resolved_within: 4h}\nhorizon:"), "time to resolve: 4h, not 1d"),
        (("horizon:", "cases: {repeat_window: 1d}\nhorizon:"), "repeat window: 1d, not 1w"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_the_reason(file, tmp_path, calls, change, reason):
    other = written(tmp_path, "other.yaml", change)
    with pytest.raises(NotComparable, match=reason):
        api.compare(file, other, out=tmp_path / "out")
    assert calls == []
    assert not (tmp_path / "out").exists()


def test_missing_goals_are_no_hindrance_and_every_reason_is_told(file, tmp_path):
    less = written(
        tmp_path, "less.yaml", ("  - {kpi: asa, at_most: 40s}\n", ""), ("  hard: {goals.1.at_most: 1s}\n", "")
    )
    made = api.compare(file, less)
    assert len(made.runs[made.variants[0].name].goals) == 2  # of the base; and the same name is told apart
    odd = written(tmp_path, "odd.yaml", ("length: 4h", "length: 5h"), ("horizon:", "currency: EUR\nhorizon:"))
    with pytest.raises(NotComparable) as refused:
        api.compare(file, odd, f"{odd}:more")
    assert len(str(refused.value).splitlines()) == 4


def test_a_variant_of_the_base_may_be_named_alone(file, tmp_path):
    assert of_base(file, ["more", tmp_path / "x.yaml"]) == [f"{file}:more", tmp_path / "x.yaml"]
    assert of_base(f"{file}:hard", ["more"]) == [f"{file}:hard:more"]
    (made,) = api.compare(file, "more", replications=2).variants
    assert made.name == api.compare(file, f"{file}:more", replications=2).variants[0].name
    with pytest.raises(CcsimError) as refused:
        of_base(file, ["mroe", "more", "less"])
    assert [line.split(" ")[0] for line in str(refused.value).splitlines()] == ["mroe:", "less:"]
    assert "its variants are more, " in str(refused.value)


def test_what_makes_no_comparison_is_said(file, calls):
    for given, reason in (
        ({}, "nothing to compare with"),
        ({"replications": 1}, "at least 2 replications"),
        ({"max_replications": 5}, "need until"),
        ({"until": "decided", "replications": 5}, "give max_replications"),
        ({"workers": 0}, "workers must be at least 1"),
        ({"seed": -1}, "seed from 0"),
        ({"until": "decided", "max_replications": 1}, "at least 2"),
        ({"until": "soon"}, "expected decided, precision=5%, or best="),
        ({"until": "decided", "settings": ["goals=~"]}, "the base has none"),
    ):
        variants = [f"{file}:more"] if given else []
        with pytest.raises(CcsimError, match=reason):
            api.compare(file, *variants, **given)
    with pytest.raises(CcsimError) as refused:
        api.compare(file, f"{file}:no_such", "nowhere.yaml")
    assert "no_such" in str(refused.value)
    assert "nowhere.yaml" in str(refused.value)
    assert calls == []


def test_settings_need_files_so_that_all_alternatives_have_them(file, calls):
    for scenarios in ((api.load(file), f"{file}:more"), (file, api.load(file, variants=["more"]))):
        with pytest.raises(CcsimError, match="settings need the scenario's file"):
            api.compare(*scenarios, settings=["handle_time.mean=3m"])
    assert calls == []


GOAL_OF_A_POOL = """\
scenario: two-pools
horizon: {start: 2026-01-01, length: 1h}
demand: {calls: {per_minute: 1}}
handle_time: 2m
pools: {desk: {staffing: 4}, spare: {staffing: 1}}
goals:
  - {kpi: asa, at_most: 40s}
  - {kpi: occupancy, at_most: 80%, pool: spare}
run: {replications: 2}
"""


@pytest.fixture
def pools(tmp_path):
    """Files of a base with a goal about a pool, and of a variant that does not have it; for the real engine."""
    base, variant = tmp_path / "base.yaml", tmp_path / "variant.yaml"
    base.write_text(GOAL_OF_A_POOL)
    lines = GOAL_OF_A_POOL.replace(", spare: {staffing: 1}", "").splitlines()
    variant.write_text("\n".join(line for line in lines if "pool: spare" not in line))
    return base, variant


def test_a_goal_about_what_the_variant_does_not_have_has_no_value_there(pools):
    made = api.compare(*pools, workers=1)
    assert [goal["estimate"] is None for goal in made.runs[made.variants[0].name].goals] == [False, True]
    assert made.difference("occupancy", scope="pool", name="spare")["verdict"] == "missing"
    chances = made.best[made.best["goal"] == 1].set_index("alternative")["probability_best"]
    assert chances["two-pools"] == 1
    assert chances.isna()[made.variants[0].name]


def test_nobody_waits_for_a_goal_that_can_never_be_decided(pools, tmp_path):
    with pytest.raises(NotComparable, match=r"goals\.1 \(occupancy\), and variant has no pool spare"):
        api.compare(*pools, until="decided", out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_variant_that_takes_away_what_a_goal_is_about_is_a_fault(pools):
    pools[0].write_text(GOAL_OF_A_POOL + "variants: {less: {pools.spare: ~}}\n")
    with pytest.raises(CcsimError, match=r"goals\.1\.pool: there is no pool 'spare'"):
        api.compare(pools[0], f"{pools[0]}:less")


def test_another_threshold_of_a_goal_is_refused(pools):
    goal = "{kpi: service_level, at_least: 80%, within: 45s}"
    pools[1].write_text(pools[1].read_text().replace("{kpi: asa, at_most: 40s}", goal))
    with pytest.raises(NotComparable, match=r"thresholds .*: 20s and 45s, not 20s"):
        api.compare(*pools)
