"""Break-even: values of keys at which a KPI reaches a value or that of a base."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import ccsim.engine
from ccsim.cli import app
from ccsim.errors import CcsimError, OutputError
from ccsim.experiments import sweep
from ccsim.experiments.solve import solve
from ccsim.experiments.solve_asked import target_of, varied_between
from ccsim.experiments.solve_said import told_of
from ccsim.experiments.sweep_parts import simulate_task
from ccsim.report.written import written
from ccsim.results.sweep_store import read_sweep
from ccsim.theory import ImpatientQueue, erlang_a
from tests.support.sweep_desk import DESK
from tests.support.workbook_reader import pages_of

DEARER = """\
  dearer: {pools.a.staffing: 3, vendors.own.paid_hour: 18}
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "desk.yaml").write_text(DESK + DEARER)
    monkeypatch.chdir(tmp_path)
    return "desk.yaml"


def test_a_price_is_solved_exactly_and_simulated_once(desk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The base pays 2 x 20 an hour; three at p cost the same at p = 40 / 3: no chance is in either."""
    looks: list[int] = []
    simulated: list[int] = []
    simulate = ccsim.engine.simulate

    def counted(*model: Any, **given: Any) -> Any:
        simulated.append(given["replication"])
        return simulate(*model, **given)

    monkeypatch.setattr(ccsim.engine, "simulate", counted)
    made = solve(
        f"{desk}:dearer", "vendors.own.paid_hour=10..30", "cost_per_day = base", told=lambda _, n: looks.append(n)
    )
    assert (made.found.outcome, made.found.precise, made.base) == ("root", True, "desk")
    assert made.at(made.found.root or Fraction(0)) == pytest.approx(40 / 3, abs=1e-4)
    assert set(looks) == {10}
    assert len(looks) > 1
    assert sorted(simulated) == sorted([*range(10)] * 2)  # the base and the variant; every price is priced
    number = solve(desk, "vendors.own.paid_hour=10.0..30.0", "cost_per_day = 1_500")  # 48 hours a day, 400 a week
    assert number.at(number.found.root or Fraction(0)) == pytest.approx((1_500 - 400 / 7 * 12) / 48, abs=1e-3)
    assert number.base == ""


def test_whole_numbers_are_answered_with_neighbours(desk: str) -> None:
    made = solve(desk, "pools.a.staffing=1..8", "service_level = 85%", most=80)
    assert (made.found.outcome, made.found.precise) == ("neighbours", True)
    low, high = (made.said(part) for part in (made.found.low or Fraction(0), made.found.high or Fraction(0)))
    assert (low, high) == ("2", "3")


def test_a_volume_is_that_of_erlang_a(tmp_path: Path) -> None:
    """The rate at which five agents answer 80 % within 20 s, patience 1 min, handle time 2 min."""
    text = """\
scenario: line
horizon: {start: 2026-01-05, warm_up: 2h, length: 20h}
demand: {calls: {per_minute: 2, profile: flat}}
handle_time: {law: exponential, mean: 2m}
patience: {law: exponential, mean: 1m}
pools: {desk: {staffing: 5}}
run: {replications: 10, seed: 11}
"""
    (tmp_path / "line.yaml").write_text(text)

    def level(rate: float) -> float:
        queue: ImpatientQueue = erlang_a(rate, 2.0, 5, 1.0)
        return float(queue.answered_within(1 / 3))

    low, high = 1.0, 4.0
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if level(middle) > 0.8 else (low, middle)
    made = solve(
        tmp_path / "line.yaml", "demand.calls.per_minute=1.2..3.2", "service_level = 80%", precision=0.02, most=160
    )
    assert made.found.outcome == "root"
    ends = [made.at(part) for part in (made.found.low or Fraction(0), made.found.high or Fraction(0))]
    half = (ends[1] - ends[0]) / 2
    assert half <= 0.02 * 2.0 * 1.01
    assert made.at(made.found.root or Fraction(0)) == pytest.approx(low, abs=2 * half)


def test_a_bot_breaks_even_where_its_price_is_what_people_cost_less(tmp_path: Path) -> None:
    """It contains a quarter of the contacts, so 30 of 40 people are left: 10 x 24 x 20 a day for 2,880 sessions."""
    text = """\
scenario: line
horizon: {start: 2026-01-05, warm_up: 2h, length: 20h}
demand: {calls: {per_minute: 2, profile: flat}}
handle_time: {law: exponential, mean: 15m}
vendors: {own: {kind: in_house, paid_hour: 20}}
pools: {desk: {vendor: own, staffing: 40}}
run: {replications: 10, seed: 11}
variants:
  bot: {bots.helper: {channels: phone, contained: 25%, handle_time: {mean: 1m}}}
  priced: {bots.helper: {channels: phone, contained: 25%, handle_time: {mean: 1m}, price: {session: 1}}}
"""
    path = tmp_path / "line.yaml"
    path.write_text(text)
    asked = f"{path}:bot", "bots.helper.price.session=0.5..4"
    made = solve(*asked, "cost_per_day = base", staff="keep occupancy")
    assert made.found.outcome == "root"
    assert made.at(made.found.root or Fraction(0)) == pytest.approx(4_800 / 2_880, rel=0.03)
    assert solve(*asked, "cost_per_day = base").found.outcome == "no change"  # with all 40 it never does
    share = solve(f"{path}:priced", "bots.helper.contained=5%..30%", "cost_per_day = base", staff="keep occupancy")
    assert (share.found.outcome, share.found.precise) == ("steps", True)  # 34 people cost what is saved: any share
    ends = [share.at(part) for part in (share.found.low or Fraction(0), share.found.high or Fraction(0))]
    assert ends == pytest.approx([13.75, 16.25], abs=0.3)
    assert "whole numbers" in " ".join(told_of(share)["answer"])
    with pytest.raises(CcsimError, match="expected 'keep occupancy', got 'keep goals'"):
        solve(*asked, "cost_per_day = base", staff="keep goals")


@pytest.mark.parametrize(
    ("until", "value"), [("utilisation = 110%", 1.1), ("service_level = 80%", 0.8), ("contacts_per_case = 1.2", 1.2)]
)
def test_what_is_sought_is_written_as_in_a_goal(until: str, value: float) -> None:
    assert target_of(until).value == value


@pytest.mark.parametrize(
    ("vary", "until", "why"),
    [
        ("pools.a.staffing", "asa = 10s", "expected KEY=LOW..HIGH"),
        ("pools.a.staffing=1..3:4", "asa = 10s", "expected KEY=LOW..HIGH"),
        ("pools.a.staffing=3..3", "asa = 10s", "both ends are 3"),
        ("run.seed=1..3", "asa = 10s", "cannot be varied"),
        ("pools.a.staffing=1..3", "asa", "expected KPI = VALUE or KPI = base"),
        ("pools.a.staffing=1..3", "asaa = 3s", "there is no KPI 'asaa'; did you mean 'asa'"),
        ("pools.a.staffing=1..3", "asa = soon", "asa: expected"),
        ("pools.a.staffing=1..3", "abandonment = 500%", "abandonment: expected a share of at most 100%, got '500%'"),
        ("pools.a.staffing=-1..3", "asa = 10s", "an end with . or - is a change of what stands there"),
        ("pools.q.staffing=1..3", "asa = 10s", "pools.q"),
    ],
)
def test_bad_input_says_what_would_do(desk: str, vary: str, until: str, why: str) -> None:
    with pytest.raises(CcsimError, match=why):
        solve(desk, vary, until)


def test_targets_and_ranges_are_read_as_planners_write_them() -> None:
    assert (target_of("cost per resolution = base").kpi, target_of("Occupancy=85%").value) == (
        "cost_per_resolution",
        0.85,
    )
    assert target_of("asa = 1m30s").value == 90
    key, span = varied_between("bots.helper.contains=10%..50%")
    assert (key, span.at(Fraction(1, 2))) == ("bots.helper.contains", "30%")


def test_on_the_command_line(desk: str) -> None:
    def ccsim(*given: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(app, ["solve", *given, "--quiet"])
        return done.exit_code, done.stdout, done.stderr

    price = ("--vary", "vendors.own.paid_hour=10..30", "--until", "cost_per_day = base")
    code, printed, said = ccsim(f"{desk}:dearer", *price)
    assert (code, said) == (0, "")
    assert printed.splitlines()[0] == "Cost a day is that of desk, 1,646 USD at vendors.own.paid_hour = 13.33333."
    document = json.loads(ccsim(f"{desk}:dearer", *price, "--json")[1], parse_constant=pytest.fail)
    assert (document["outcome"], document["base"], document["replications"]) == ("root", "desk", 10)
    assert document["value"] == pytest.approx(40 / 3, abs=1e-4)
    code, printed, _ = ccsim(desk, "--vary", "vendors.own.paid_hour=10..30", "--until", "cost_per_day = 5_000")
    assert code == 1
    assert "does not reach 5000 USD between 10 and 30 of vendors.own.paid_hour: it is below at both ends." in printed
    code, printed, _ = ccsim(
        desk, "--vary", "patience.mean=50s..70s", "--until", "service_level = 78%", "--max-replications", "10"
    )
    assert code == 4
    assert "It is not decided whether Service level reaches 78 %" in printed
    code, _, said = ccsim(
        desk, "--vary", "patience.mean=50s..70s", "--until", "service_level = 78%", "--precision", "x"
    )
    assert (code, "--precision" in said) == (2, True)


def test_a_stored_search_is_resumed_and_reads_back_what_the_answer_rests_on(
    desk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = (desk, "pools.b.staffing=1..5", "abandonment = base")
    given = {"base": f"{desk}:more", "replications": 4, "most": 8, "workers": 1}
    want = solve(*asked, **given)  # type: ignore[arg-type]
    numbers: list[int] = []

    def simulate(task, *more, **rest):
        numbers.append(task.number)
        if len(numbers) == 3:
            raise KeyboardInterrupt
        return simulate_task(task, *more, **rest)

    with monkeypatch.context() as patch:
        patch.setattr(sweep, "simulate_task", simulate)
        with pytest.raises(KeyboardInterrupt):
            solve(*asked, out="out", **given)  # type: ignore[arg-type]
    monkeypatch.setattr(sweep, "simulate_task", lambda *more, **rest: numbers.append(0) or simulate_task(*more, **rest))
    before, numbers[:] = len(numbers) - 1, []
    made = solve(*asked, out="out", resume=True, **given)  # type: ignore[arg-type]
    assert made.found == want.found
    simulated = len(numbers)
    numbers.clear()
    assert solve(*asked, **given).found == want.found  # type: ignore[arg-type]
    assert simulated == len(numbers) - before
    numbers.clear()
    again = solve(*asked, out="out", resume=True, **given)  # type: ignore[arg-type]
    assert not numbers
    read = read_sweep("out")
    assert again.sweep is not None
    assert read.digest == again.sweep.digest
    for number, one in enumerate(made.looked, 1):
        row = read.kpi(number, "abandonment")
        assert (row["difference"], row["replications"]) == (one.gap.gap, one.gap.replications)
    with pytest.raises(OutputError, match=r"until \(abandonment = base, not cost_per_day = 1_500\)"):
        solve(*asked[:2], "cost_per_day = 1_500", out="out", resume=True, **given)  # type: ignore[arg-type]


def test_its_page_has_answer_curve_and_every_point(desk: str) -> None:
    made = solve(desk, "pools.a.staffing=1..8", "service_level = 85%", most=20, replications=5, out="out")
    assert made.sweep is not None
    text = written("out").read_text("utf-8")
    assert told_of(made)["answer"][0].split(" passes")[0] in text
    assert text.count("<svg") == 1
    points = text.partition('id="points"')[2].partition("</table>")[0]
    assert points.count("<tr>") == 1 + len(made.looked)
    assert "kpi-service_level" in points
    assert pages_of(written("out", "workbook.xlsx").read_bytes())["Points"].rows
