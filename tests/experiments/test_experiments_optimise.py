"""Searches over decisions: a known optimum, a known front, one answer for any workers and stops, faults all at once."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

import ccsim.engine
from ccsim.errors import CcsimError, ScenarioError
from ccsim.experiments.asked import Changes, Effort
from ccsim.experiments.model_digest import digest_of_model
from ccsim.experiments.optimise import DecisionSearch, OptimiseAsked, optimised, plan_search
from ccsim.experiments.optimise_asked import decisions_of
from ccsim.experiments.optimise_front import dominates
from ccsim.experiments.optimise_sampler import INSTALL, Proposed
from ccsim.experiments.replicate import Stop
from ccsim.experiments.simulated_before import simulated_before
from ccsim.experiments.sweep import UnfinishedSweep
from ccsim.experiments.sweep_parts import simulate_task
from ccsim.results.tables import SIMULATED
from ccsim.theory.impatient import erlang_a
from tests.support.sweep_desk import DESK

QUEUE: Final = """\
scenario: queue
horizon: {start: 2026-01-05, warm_up: 2h, length: 46h}
demand: {calls: {per_minute: 4, profile: flat}}
handle_time: {law: exponential, mean: 2m}
patience: {law: exponential, mean: 1m}
vendors: {own: {kind: in_house, paid_hour: 20}}
sites: {here: {region: eu, time_zone: UTC, hours: 24x7}}
pools: {desk: {site: here, vendor: own, staffing: 12}}
run: {replications: 8, seed: 4}
"""
CHATS: Final = """\
scenario: chats
horizon: {start: 2026-01-05, length: 1d, drain: 2h}
patience: {law: exponential, mean: 3m}
channels: {chat: {kind: live, concurrency: 1}}
workflows: {orders: {handle_time: {mean: 6m, cv: 0.7}, fcr: 90%}}
demand: {chats: {workflow: orders, channel: chat, per_hour: 40, profile: flat}}
queue_groups: {door: {hours: 08:00-20:00}}
bots: {helper: {channels: [chat], session: {mean: 1m, cv: 0.5}, contained: 20%}}
pools: {desk: {staffing: [[00:00, 0], [08:00, 4], [20:00, 0]], paid_hour: 20}}
run: {replications: 4, seed: 3}
"""
TWO: Final = ["pools.a.staffing=1..4", "pools.b.staffing=1..3"]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.yaml").write_text(DESK)
    (tmp_path / "queue.yaml").write_text(QUEUE)
    (tmp_path / "chats.yaml").write_text(CHATS)
    return tmp_path


def search_of(scenario: str, vary: list[str], *, settings: Sequence[str] = (), **given: Any) -> DecisionSearch:
    effort = Effort(**{name: given.pop(name) for name in ("replications", "seed", "workers") if name in given})
    return plan_search(OptimiseAsked(scenario, vary, changes=Changes(settings=settings), effort=effort, **given))


def found(scenario: str, vary: list[str], **given: Any) -> dict[str, Any]:
    made: dict[str, Any] = optimised(search_of(scenario, vary, **given)).provenance["search"]
    return made


def test_the_optimum_of_a_queue_is_that_of_erlang_a(files: Path) -> None:
    """Fewest agents with at most 5 % abandoned, of 31 plans with 20 trials; the truth is clear of the limit."""

    def lost(agents: int) -> float:
        return float(erlang_a(4 / 60, 120, agents, 60).p_abandon)

    least = next(n for n in range(1, 40) if lost(n) <= 0.05)
    assert lost(least) < 0.045 < 0.06 < lost(least - 1)
    made = found(
        "queue.yaml",
        ["pools.desk.staffing=1..31"],
        minimise=["cost_per_day"],
        subject_to=["abandonment <= 5%"],
        trials=20,
    )
    best = [one for one in made["plans"] if one["standing"] == "best"]
    assert [one["values"] for one in best] == [{"pools.desk.staffing": str(least)}]
    assert best[0]["objectives"][0]["value"] == pytest.approx(24 * 20 * least)
    assert made["not_looked_at"]["grid"] == 31
    assert made["not_looked_at"]["tried"] == 20


def test_the_front_of_a_search_is_that_of_the_enumeration(files: Path) -> None:
    """30 of 48 plans: no plan of the whole grid clearly beats what is on the front, and hardly any of it is missing."""
    vary = ["pools.a.staffing=1..8", "pools.b.staffing=1..6"]
    asked: dict[str, Any] = {"minimise": ["cost_per_day"], "maximise": ["service_level"], "goals": False}
    whole = found("desk.yaml", vary, trials=48, **asked)
    part = found("desk.yaml", vary, trials=30, **asked)
    assert whole["not_looked_at"]["tried"] == 48
    truth = [(one["objectives"][0], -one["objectives"][1]) for one in whole["trials"]]
    fronts = {}
    for name, made in (("whole", whole), ("part", part)):
        front = [one for one in made["plans"] if one["standing"] == "front"]
        assert front
        by_trial = {one["trial"]: one["objectives"] for one in made["trials"]}
        fronts[name] = [(by_trial[one["trial"]][0], -by_trial[one["trial"]][1]) for one in front]
    noise = 0.02  # three replications of four hours
    for cost, lost in fronts["whole"]:
        assert not any(dominates(one, (cost, lost - noise)) for one in truth)
    missed = [
        (cost, lost)
        for cost, lost in fronts["part"]
        if any(dominates(one, (cost * 0.9, lost - 3 * noise)) for one in truth)
    ]
    assert not missed
    dearest = max(cost for cost, _ in truth)
    share = dominated_area(part["trials"], dearest) / dominated_area(whole["trials"], dearest)
    assert 0.97 <= share <= 1 + 1e-12


def dominated_area(trials: list[dict[str, Any]], dearest: float) -> float:
    """Service level that some plan reaches at a cost or less, over the costs up to the dearest plan's."""
    plans = sorted(tuple(one["objectives"]) for one in trials)
    ends = [cost for cost, _ in plans[1:]] + [dearest]
    covered, best = 0.0, 0.0
    for (cost, level), end in zip(plans, ends, strict=True):
        best = max(best, level)
        covered += best * (end - cost)
    return covered


def test_opening_hours_chats_at_a_time_and_containment_are_decisions_too(files: Path) -> None:
    """Nothing here costs more or is worse with more of it, so the best plan is known: the most of everything."""
    vary = [
        "bots.helper.contained=10%..40%:4",
        "channels.chat.concurrency=1..3",
        "queue_groups.door.hours=08:00-20:00,10:00-18:00",
    ]
    made = found("chats.yaml", vary, minimise=["cost_per_resolved_case"], trials=16)
    assert (made["not_looked_at"]["grid"], made["not_looked_at"]["tried"]) == (24, 16)
    (best,) = [one["values"] for one in made["plans"] if one["standing"] == "best"]
    assert list(best.values()) == ["40%", "3", "08:00-20:00"]


def test_workers_and_the_batch_leave_no_trace(files: Path) -> None:
    asked: dict[str, Any] = {"minimise": ["cost_per_day"], "maximise": ["service_level"], "trials": 11}
    digests = set()
    for workers in (1, 2, 3):
        made = optimised(search_of("desk.yaml", TWO, workers=workers, **asked))
        digests.add((made.digest, str(made.provenance["search"])))
    assert len(digests) == 1
    other = optimised(search_of("desk.yaml", TWO, seed=5, **asked))
    assert other.digest not in {digest for digest, _ in digests}


@pytest.mark.parametrize("after", [0, 4, 11])
def test_a_search_that_was_stopped_goes_on_to_the_same_answer(files: Path, after: int) -> None:
    search = search_of("desk.yaml", TWO, minimise=["cost_per_day"], trials=11, workers=1)
    whole = optimised(search)
    stop, simulated = Stop(), []

    def simulate(task: Any, plan: Any, **given: Any) -> Any:
        made = simulate_task(task, plan, **given)
        simulated.append(task.number)
        if len(simulated) > after:
            stop.ask()
        return made

    with pytest.raises(UnfinishedSweep, match=r"stopped: \d+ of 11 trials are done; .*--resume goes on"):
        optimised(search, out="out", stop=stop, simulate=simulate)
    first = len(simulated)
    again = optimised(
        search, out="out", resume=True, simulate=lambda *a, **k: simulated.append(0) or simulate_task(*a, **k)
    )
    assert again.digest == whole.digest
    assert again.provenance["search"] == whole.provenance["search"]
    twice = len(simulated) - (12 + 1 + len(whole.provenance["search"]["plans"]))
    assert twice in (0, 1)  # what was in flight on the one thread, and not finished, is simulated again
    assert first > 0
    with pytest.raises(CcsimError, match=r"another sweep; it differs in trials \(11, not 10\)"):
        optimised(search_of("desk.yaml", TWO, minimise=["cost_per_day"], trials=10), out="out", resume=True)


def test_prices_of_a_batch_are_priced_and_not_simulated(files: Path) -> None:
    simulated: list[int] = []

    def simulate(task: Any, plan: Any, **given: Any) -> Any:
        simulated.append(len(task.points))
        return simulate_task(task, plan, **given)

    search = search_of("desk.yaml", ["vendors.own.paid_hour=18..22"], minimise=["cost_per_day"], goals=False)
    made = optimised(search, simulate=simulate).provenance["search"]
    assert simulated[:2] == [1, 5]  # as written, then all prices in one
    assert [one["values"] for one in made["plans"] if one["standing"] == "best"] == [{"vendors.own.paid_hour": "18"}]


def test_prices_of_a_later_batch_are_priced_too(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """4 plans of people at 7 prices, in batches: every replication is simulated once, and nothing else differs."""
    vary = ["pools.a.staffing=2..5", "vendors.own.paid_hour=18..24:7"]
    asked: dict[str, Any] = {"minimise": ["cost_per_day"], "maximise": ["service_level"], "trials": 20, "workers": 1}
    search = search_of("desk.yaml", vary, **asked)
    assert (search.priced, search.simulated, search.plans) == (("vendors.own.paid_hour",), 4, 20)
    simulated: list[tuple[Any, ...]] = []
    monkeypatch.setattr(ccsim.engine, "simulate", counted(ccsim.engine.simulate, simulated))
    again = optimised(replace(search, priced=()))
    many = len(simulated)
    made = optimised(search, out="out")
    assert made.digest == again.digest
    assert made.provenance["search"] == again.provenance["search"]
    here = simulated[many:]
    assert len(here) == len(set(here)) <= 3 * 4 + 6 * 4 < many
    assert not (files / "out" / "replications").exists()  # they go once the answer is there


def counted(simulate: Any, simulated: list[tuple[Any, ...]]) -> Any:
    """The engine, and what it was asked for: the staffing of a model says which plan it is."""

    def one(model: Any, *, seed: int, replication: int, **given: Any) -> Any:
        simulated.append((digest_of_model(model)[0], seed, replication))
        return simulate(model, seed=seed, replication=replication, **given)

    return one


def test_a_damaged_or_full_memory_of_replications_is_only_slower(files: Path) -> None:
    """A replication is read as it was simulated, or simulated again."""
    asked = search_of("desk.yaml", TWO, minimise=["cost_per_day"], workers=1).base.tasks[0]
    simulate, times = asked.prepared.simulator(4), []

    def one(replication: int) -> Any:
        times.append(replication)
        return simulate(replication)

    with simulated_before(None) as before:
        first = before.simulator(one, "desk")
        tables = [first(0).tables for _ in range(3)]
        assert times == [0]
        for name in SIMULATED:
            assert (tables[0][name] == tables[2][name]).all()
            assert tables[0][name].dtype == tables[2][name].dtype
        (file,) = Path(before.folder).iterdir()
        content = file.read_bytes()
        for wrong in (content[:-1], content.replace(b"sha256", b"sha255", 1), b"", content[:-1] + b"!"):
            file.write_bytes(wrong)
            assert before.simulator(one, "desk")(0).tables["waits"].shape == tables[0]["waits"].shape
        assert times == [0] * 5
        small = replace(before, most_bytes=len(content))
        other = small.simulator(one, "other")
        for _ in range(2):
            other(0)
        assert times == [0] * 7  # there was no room
    assert not Path(before.folder).exists()


def test_all_faults_are_told_at_once(files: Path) -> None:
    with pytest.raises(ScenarioError) as told:
        search_of(
            "desk.yaml",
            ["pools.a.stafing=1..4", "pools.b.staffing=3..3", "x", "pools.a.staffing=many,3"],
            minimise=["cost_per_dy"],
            maximise=["csat", "csat"],
            subject_to=["abandonment < 5%", "asa <= blue", "aba <= 3"],
            trials=1,
        )
    text = str(told.value)
    for part in (
        "--vary pools.a.stafing=1: pools.a.stafing: there is no key 'stafing'",
        "--vary: pools.b.staffing: both ends are 3",
        "got 'x'",
        "--vary pools.a.staffing=many",
        "--minimise: there is no KPI 'cost_per_dy'; did you mean 'cost_per_day'?",
        "--maximise: csat is an objective twice",
        "got 'abandonment < 5%'",
        "--subject-to 'asa <= blue': expected a duration",
        "--subject-to 'aba <= 3': there is no KPI 'aba'",
        "--trials: expected at least 2 plans, got 1",
    ):
        assert part in text, part
    with pytest.raises(ScenarioError, match="say what is to be best, like --minimise cost_per_day"):
        search_of("desk.yaml", TWO)
    with pytest.raises(ScenarioError, match=r"run\.seed: cannot be varied"):
        search_of("desk.yaml", ["run.seed=1..4"], minimise=["cost_per_day"])


def test_a_plan_that_cannot_be_is_a_trial_with_its_reason(files: Path) -> None:
    """Each date fits by itself; a pool that ends before it begins does not."""
    vary = ["pools.b.from=2026-01-05,2026-01-07", "pools.b.until=2026-01-06,2026-01-08"]
    given: dict[str, Any] = {"goals": False, "settings": ["horizon.length=3d"], "replications": 2}
    made = found("desk.yaml", vary, minimise=["cost_per_day"], **given)
    why = {tuple(one["values"].values()): one["why"] for one in made["trials"] if one["why"]}
    assert list(why) == [("2026-01-07", "2026-01-06")]
    assert "pools.b" in next(iter(why.values()))
    assert (made["not_looked_at"]["refused"], made["not_looked_at"]["tried"]) == (1, 4)


@pytest.mark.parametrize(
    ("said", "count", "second"),
    [("0%..60%", 25, "2.5%"), ("2m..4m", 21, "2.1m"), ("20..40", 21, "21"), ("0%..7%", 29, "0.25%"), ("5,7", 2, "7")],
)
def test_a_range_without_a_number_is_tried_in_round_steps(said: str, count: int, second: str) -> None:
    (made,), faults = decisions_of([f"k={said}"])
    assert (len(made.values), made.values[1], faults) == (count, second, [])


def test_proposals_are_never_made_twice_and_reach_every_plan() -> None:
    decisions, _ = decisions_of(["a=1..4", "b=x,y,z"])
    sampler = Proposed(decisions, 1, 3)
    seen: list[tuple[int, ...]] = []
    while cells := sampler.ask(5):
        for cell in cells:
            sampler.tell(cell, None if cell[0] == 2 else [float(sum(cell))], [cell[1] - 1.0])
        seen += cells
    assert len(seen) == len(set(seen)) == 12


def test_without_optuna_a_small_grid_is_tried_whole_and_a_large_one_says_what_to_install(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *given: Any, **more: Any) -> Any:
        if name.partition(".")[0] == "optuna":
            raise ImportError(name)
        return real(name, *given, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    assert found("desk.yaml", ["pools.a.staffing=2,3"], minimise=["cost_per_day"])["sampler"].startswith("every")
    with pytest.raises(CcsimError) as told:
        found("desk.yaml", TWO, minimise=["cost_per_day"], trials=5)
    assert str(told.value) == INSTALL
