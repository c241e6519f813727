"""The harness itself: sums, formulas, acceptance rule, translators; without the engine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from .cases import Case, Library
from .event_loop import FakeScenario
from .families import expected_values, replications_of_all
from .families.single import any_phases
from .formulas import quantile, ratio
from .laws import CannotSay, by_moments, duration, function_of_time, law_of, mean_of, second_moment
from .measures import Ask, Result, estimate, four_sigma
from .replications import Simulation
from .report import summary
from .runner import Effort, answer
from .sums import Simulated, Table, reduce
from .visits import agents_by_load, at_instants, started_before

MINUTE = 60_000_000


# laws and times


@pytest.mark.parametrize(
    ("text", "mean", "second"),
    [
        ("det(0.1)", 0.1, 0.01),
        ("exp 1", 1, 2),
        ("exp(2)", 2, 8),
        ("E2 mean 1", 1, 1.5),
        ("M mean 3", 3, 18),
        ("LN(1,4) mean 1", 1, 5),
        ("lognormal cv=2", 1, 5),
        ("lognormal mean2 cv1", 2, 8),
        ("lognormal(mean=1.0,cv=2.0)", 1, 5),
        ("unif(1,3)", 2, 13 / 3),
        ("gamma(shape=2,mean=1.0)", 1, 1.5),
        ("hyperexp(p=0.9,m1=0.5,m2=5.5)", 1, 2 * (0.9 * 0.25 + 0.1 * 30.25)),
        ("H2 scv=4", 1, 5),
        ("weibull(shape=1,mean=2)", 2, 8),
        ("triangular(5,7,10)", 22 / 3, (25 + 49 + 100 + 35 + 50 + 70) / 6),
    ],
)
def test_laws_have_the_moments_that_their_text_says(text: str, mean: float, second: float) -> None:
    law = law_of(text)
    assert mean_of(law) == pytest.approx(mean, rel=1e-6)
    assert second_moment(law) == pytest.approx(second, rel=1e-6)


@pytest.mark.parametrize("text", ["pareto(2)", "lognormal", "hyperexp cv=0.5", "E"])
def test_a_law_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(CannotSay):
        law_of(text)


def test_moments_choose_the_law() -> None:
    assert [by_moments(2, m)["law"] for m in (4, 8, 20)] == ["constant", "exponential", "lognormal"]
    assert second_moment(by_moments(2, 20)) == pytest.approx(20)


def test_any_phase_type_law_has_its_moments() -> None:
    law = any_phases([1, 0], [2.0, 0.5], [[0, 0.4], [0, 0]])  # mean 1/2 + 0.4 * 2
    second = 2 * (1 / 4 + 0.4 * (1 / 2 * 2 + 4))
    assert mean_of(law) == pytest.approx(1.3, rel=1e-6)
    assert second_moment(law) == pytest.approx(second, rel=2e-3)


def test_durations_are_exact_and_rates_are_functions() -> None:
    assert [duration(x) for x in (20_000_000, 1, 100_000)] == ["20s", "0.000001s", "0.1s"]
    assert function_of_time("8+3*sin(2*pi*t/20) per min")(5) == pytest.approx(11)
    with pytest.raises(CannotSay):
        function_of_time("__import__('os').getcwd()")


# estimates


def test_the_jackknife_of_a_ratio_agrees_with_the_delta_method() -> None:
    random = np.random.default_rng(1)
    below = random.poisson(100, 400).astype(float)
    above = random.binomial(below.astype(int), 0.3).astype(float)
    value, se = estimate(ratio("a", "b"), {"a": above, "b": below, "replications": np.ones(400)})
    plain = above.sum() / below.sum()
    delta = np.std(above - plain * below, ddof=1) / np.sqrt(400) / below.mean()
    assert value == pytest.approx(plain)
    assert se == pytest.approx(delta, rel=0.02)


def test_a_quantile_comes_from_the_bins() -> None:
    bins = np.zeros((50, 24 * 128))
    bins[:, 100] = 80
    bins[:, 120] = 20
    sums = {"calls.bins": bins, "replications": np.ones(50)}
    assert estimate(quantile("calls", 0.5, 1000.0), sums)[0] == pytest.approx(100.625)
    assert estimate(quantile("calls", 0.9, 1000.0), sums)[0] == pytest.approx(120.5)


def test_four_standard_errors_grow_with_few_replications() -> None:
    assert four_sigma(10_000) == pytest.approx(4, abs=0.01)
    assert four_sigma(20) == pytest.approx(5.1, abs=0.15)


def result(estimated: float, se: float, expected: float, **more: Any) -> Result:
    given: dict[str, Any] = {"kind": "share", "expected_se": 0.0, "replications": 100, "slack": 0.0} | more
    return Result("X", "x", "m", given.pop("kind"), estimated, se, expected, **given)


@pytest.mark.parametrize(
    ("case", "status"),
    [
        (result(0.5, 0.001, 0.502), "ok"),
        (result(0.5, 0.001, 0.506), "FAIL"),
        (result(0.5, 0.01, 0.51), "wide"),
        (result(0.0, 0.0, 1e-20), "ok"),
        (result(0.001, 0.0001, 1e-20), "FAIL"),
        (result(0.5, 0.001, 0.506, expected_se=0.003), "ok"),
        (result(float("nan"), 0.001, 0.5), "FAIL"),
        (result(0.5, float("nan"), 0.5), "FAIL"),
        (result(7.0, 0.0, 7.0, kind="exact"), "ok"),
        (result(7.000001, 0.0, 7.0, kind="exact"), "FAIL"),
        (result(1.009, 0.0001, 1.0, kind="quantile", slack=0.01), "ok"),
        (result(1.02, 0.0001, 1.0, kind="quantile", slack=0.01), "FAIL"),
    ],
)
def test_the_acceptance_rule(case: Result, status: str) -> None:
    assert case.status == status


def test_few_rare_events_are_judged_by_the_expected_number() -> None:
    # 1 seen where 9 are expected: 8 of its own standard errors away, 2.7 of the right one
    few = result(0.0001, 0.0001, 0.0009)
    assert few.spread == pytest.approx(0.0003)
    assert few.status == "ok"
    assert result(0.9999, 0.0001, 0.9991).spread == pytest.approx(0.0003)
    assert result(0.1, 0.02, 0.2, kind="spread").spread == pytest.approx(0.04)


def test_a_value_at_its_bound_may_have_no_spread() -> None:
    assert result(22.0, 0.0, 21.9997, kind="instant").status == "ok"
    assert result(22.0, 0.0, 21.9, kind="instant").status == "FAIL"


def test_rare_shares_and_exact_values_are_left_out_of_z_squares() -> None:
    assert result(0.0, 1e-5, 1e-6).z is None
    assert result(1.0, 0.0, 1.0, kind="exact").z is None
    assert result(0.503, 0.001, 0.5).z == pytest.approx(3)


# sums and visits


def simulated(visits: list[dict[str, int]], queues: int = 1) -> Simulated:
    names = ("replication", "queue", "joined_us", "left_us", "wrapped_us", "pool", "agent", "outcome")
    rows = np.array([[v[n] for n in names] for v in visits], dtype=np.int64)
    lines = {f"calls/t{i + 1}": i for i in range(queues)}
    return Simulated(2, lines, list(range(queues)), {"desk": 0}, {"visits": Table(names, rows)}, 0, 100, 100)


def visit(replication: int, joined: int, left: int, wrapped: int, pool: int = 0, **more: int) -> dict[str, int]:
    given = {"queue": 0, "agent": 0, "outcome": 0 if pool >= 0 else 3}
    return {
        "replication": replication, "joined_us": joined, "left_us": left, "wrapped_us": wrapped, "pool": pool,
    } | given | more  # fmt: skip


def test_instants_before_and_after_an_event() -> None:
    seen = simulated([visit(0, 0, 10, 30), visit(0, 5, 5, 5, -1), visit(0, 6, 20, 20, -1), visit(1, 10, 10, 90)])
    read = at_instants({" b": 10, " a": 10}, {" b": 1, " a": 1}, {" b": "before", " a": "after"}, [(0, 20), (20, 50)])
    sums = read(seen)
    assert sums["at b.q"].tolist() == [2, 0]
    assert sums["at b.b"].tolist() == [0, 0]
    assert sums["at a.q"].tolist() == [1, 0]
    assert sums["at a.b"].tolist() == [1, 1]
    assert sums["at a.full"].tolist() == [1, 1]
    assert sums["abandons0"].tolist() == [1, 0]
    assert sums["abandons1"].tolist() == [1, 0]
    assert sums["completions1"].tolist() == [1, 0]


def test_agent_time_by_load_adds_up() -> None:
    seen = simulated([visit(0, 0, 10, 50), visit(0, 0, 20, 60), visit(0, 0, 90, 150, agent=1), visit(1, 0, 0, 100)])
    sums = agents_by_load(3, 2)(seen)
    assert sums["load1"].tolist() == [10 + 10 + 10, 100]
    assert sums["load2"].tolist() == [30, 0]
    assert sums["load0"].tolist() == [200 - 60, 100]


def test_statistics_of_those_who_started_in_time() -> None:
    seen = simulated(
        [visit(0, 0, 10, 30), visit(0, 0, 99, 200), visit(0, 0, 100, 130), visit(1, 0, 50, 60, queue=1)], 2
    )
    sums = started_before(100, "calls/t1", "calls/t2", {"calls/t1": 2, "calls/t2": 1})(seen)
    assert sums["calls/t1.mean_wait"].tolist() == [54.5, 0]
    assert sums["calls/t1.full_time"].tolist() == [121 / 200, 0]
    assert sums["calls/t2.mean_wait"].tolist() == [0, 50]


def test_tables_and_visits_of_the_fake_agree() -> None:
    said = {
        "horizon": {"warm_up": "10m", "length": "240m", "interval": "30m"},
        "service_level": {"within": ["20s"]},
        "handle_time": {"law": "exponential", "mean": "60s"},
        "patience": {"law": "exponential", "mean": "60s", "zero": 0.1},
        "demand": {"calls": {"per_minute": 3.0}},
        "pools": {"desk": {"staffing": 3}},
        "queue_groups": {"door": {"lines": 6}},
    }
    from .sums import Wanted

    seen = FakeScenario(said, {}).simulate(1, 0, 5, visits=True, workers=1)
    sums = reduce(seen, Wanted({"calls": ("calls/t1",)}, by_interval=True, waits=True))
    assert np.array_equal(sums["calls.came"], sums["calls.arrived"])
    assert np.array_equal(sums["calls.offered"], sums["calls.answered"] + sums["calls.abandoned"])
    assert np.array_equal(sum(sums[f"calls@{i}.answered"] for i in range(8)), sums["calls.answered"])
    assert np.array_equal(sums["calls.bins"].sum(axis=1), sums["calls.answered"])
    assert np.array_equal(sums["calls>desk.answered"], sums["all>all.answered"])
    assert (sums["calls.blocked"] > 0).all()
    table = seen.tables["visits"]
    waits = (table.column("left_us") - table.column("joined_us")).astype(float)
    squares = np.bincount(
        table.column("replication"), weights=waits**2 * (table.column("pool") == 0) * table.column("counted")
    )
    assert sums["calls.wait_answered_sq"] == pytest.approx(squares)


# whole cases


def case(family: str = "erlang_a", **changes: Any) -> Case:
    """M/M/3+M with its exact values (EA23)."""
    rows = json.loads((Path(__file__).parent.parent / "reference" / f"{family}.json").read_text())
    row = next(r for r in rows if r["id"] == "EA23")
    return Case("EA23", family, "", row["model"], changes.get("expected", row["expected"]), {}, False, ("engine",), "")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path)


def test_a_right_simulator_passes(library: Library) -> None:
    found = answer(case(), library, FakeScenario, Effort(quick=True))
    assert not found.error
    assert len(found.results) == 28
    assert [r.measure for r in found.results if not r.passed] == []
    assert {name for name, _ in found.not_asked} == {"p_empty", "check", "check_w"}
    assert summary([found])["passed"]


def test_a_simulator_that_is_a_tenth_slow_fails(library: Library) -> None:
    found = answer(case(), library, partial(FakeScenario, slower=1.1), Effort(quick=True))
    assert found.failed
    assert not summary([found])["passed"]


def test_an_error_of_the_engine_is_a_failure(library: Library) -> None:
    def broken(said: Mapping[str, Any], files: Mapping[str, str]) -> FakeScenario:
        raise RuntimeError("no")

    found = answer(case(), library, broken, Effort(quick=True))
    assert found.failed
    assert found.error == "RuntimeError: no"


def test_what_no_table_holds_is_listed(library: Library) -> None:
    expected = dict(case().expected) | {"mean_mood": 1.0}
    found = answer(case(expected=expected), library, FakeScenario, Effort(quick=True))
    assert ("mean_mood", "no table holds it") in found.not_asked


def test_too_many_small_misses_fail_together() -> None:
    from .runner import Answer

    rows = [result(0.502, 0.001, 0.5) for _ in range(300)]
    found = Answer(case(), rows)
    assert all(r.passed for r in rows)
    assert summary([found])["mean_z_squared"] == pytest.approx(4)
    assert not summary([found])["passed"]


def test_a_family_without_words_is_refused_with_a_reason(library: Library) -> None:
    strange = Case("Q", "unheard_of", "", {}, {"x": 1.0}, {}, False, ("engine",), "")
    with pytest.raises(CannotSay):
        replications_of_all(strange, library)


REFERENCE = Library(Path(__file__).parent.parent / "reference")


@pytest.mark.parametrize("one", [c for c in REFERENCE.cases if c.engine], ids=lambda c: c.id)
def test_every_value_is_asked_or_has_a_reason(one: Case) -> None:
    replications: list[Simulation] = replications_of_all(one, REFERENCE)
    asked = 0
    for path, value in expected_values(one):
        replies = [simulate.asks(path) for simulate in replications]
        assert any(reply is not None for reply in replies), path
        asked += any(isinstance(reply, Ask) for reply in replies)
        assert all(isinstance(v, int | float) for v in value), path
    assert asked >= 1
