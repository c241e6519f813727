"""Uncertain inputs: drawn by name and replication, the same for any number of workers, checked before anything is
simulated."""

from pathlib import Path

import numpy as np
import pytest

from ccsim import api
from ccsim.draws.number_laws import CutOffLaw
from ccsim.errors import CcsimError, ScenarioError
from ccsim.experiments.drawn import Uncertainty, uncertainty_of
from ccsim.language.uncertain import NumberLaw
from ccsim.results.parquet import plain_rows
from tests.support.workbook_reader import pages_of

DESK = """
scenario: desk
horizon: {start: 2026-01-05, length: 10h}
demand: {calls: {per_minute: 2, profile: flat}, mails: {per_minute: 1, profile: flat}}
handle_time: {law: exponential, mean: 2m}
patience: {law: exponential, mean: 1m}
vendors: {own: {kind: in_house, paid_hour: 20}}
pools: {house: {vendor: own, staffing: 7}}
run: {replications: 12, seed: 11}
goals: [{kpi: service_level, at_least: 80%, within: 20s}]
"""
INPUTS = {
    "volume": "{of: demand.*.rate, times: {law: normal, mean: 1, sd: 10%}}",
    "aht": "{of: handle_time.mean, times: {low: 0.8, mode: 1, high: 1.3}}",
    "wage": "{of: vendors.own.paid_hour, times: {law: lognormal, mean: 1, sd: 10%}}",
}


def desk(folder: Path, inputs: dict[str, str] = INPUTS, more: str = "") -> Path:
    said = "".join(f"  {name}: {text}\n" for name, text in inputs.items())
    path = folder / f"desk{len(list(folder.iterdir()))}.yaml"
    path.write_text(DESK + more + (f"uncertain:\n{said}" if said else ""))
    return path


def uncertainty(path: Path) -> Uncertainty:
    found = uncertainty_of(str(path), (), ())
    assert found is not None
    return found


def test_inputs_without_spread_change_nothing_to_the_last_digit(tmp_path: Path) -> None:
    plain = api.run(desk(tmp_path, {}))
    still = {
        "volume": "{of: demand.*.rate, times: {law: normal, mean: 1, sd: 0}}",
        "aht": "{of: handle_time.mean, times: {low: 1, mode: 1, high: 1}}",
        "wage": "{of: vendors.own.paid_hour, add: {low: 0, high: 0}}",
        "calls": "{of: demand.calls.per_minute, set_to: {values: [2]}}",
    }
    drawn = api.run(desk(tmp_path, still))

    assert drawn.digest == plain.digest
    assert drawn.estimates.equals(plain.estimates)
    assert plain.spread is None
    assert plain.inputs is None


def test_any_number_of_workers_and_any_order_give_the_same_run(tmp_path: Path) -> None:
    one = api.run(desk(tmp_path), workers=1)
    two = api.run(desk(tmp_path, dict(reversed(INPUTS.items()))), workers=2)

    assert one.digest == two.digest
    assert one.estimates.equals(two.estimates)
    assert one.spread is not None
    assert one.spread.equals(two.spread)


def test_fewer_replications_are_the_first_of_more(tmp_path: Path) -> None:
    path = desk(tmp_path)
    few, many = api.run(path, replications=4), api.run(path, replications=8)
    for name in ("queue_sums", "pool_sums"):
        table = many.tables[name]
        assert few.tables[name].equals(table[table["replication"] < 4].reset_index(drop=True))


def test_an_input_moves_no_other_one_and_no_contact(tmp_path: Path) -> None:
    whole = uncertainty(desk(tmp_path)).values(5, 3)
    alone = uncertainty(desk(tmp_path, {"aht": INPUTS["aht"]})).values(5, 3)

    assert alone["aht"] == whole["aht"]
    wage = api.run(desk(tmp_path, {"wage": INPUTS["wage"]}))
    assert wage.digest == api.run(desk(tmp_path, {})).digest  # prices alone: the same contacts


def test_prices_are_those_of_each_replication(tmp_path: Path) -> None:
    path = desk(tmp_path, {"wage": INPUTS["wage"]})
    run = api.run(path, replications=5)
    drawn = uncertainty(path).values(11, 0)["wage"]
    alone = api.run(desk(tmp_path, {}), replications=1, settings=[f"vendors.own.paid_hour=x{drawn}"])
    assert run.measured.drawn is not None
    assert run.measured.drawn.paid_hour["house"][0] == alone.measured.paid_hour["house"]

    first, mean = alone.estimate("cost_per_day")["estimate"], run.estimate("cost_per_day")["estimate"]
    prices = np.array(run.measured.drawn.paid_hour["house"])
    assert mean == pytest.approx(first * prices.mean() / prices[0], rel=1e-12)  # 7 agents, whoever calls
    assert run.spread is not None
    cost = run.spread[run.spread["kpi"] == "cost_per_day"].iloc[0]
    assert cost["from_inputs"] == 1.0


def test_the_reference_engine_simulates_the_same(tmp_path: Path) -> None:
    path = desk(tmp_path, more="")
    kernel = api.run(path, replications=2, settings=["horizon.length=2h"])
    assert api.run(path, replications=2, settings=["horizon.length=2h"], engine="reference").digest == kernel.digest


def test_a_gamma_rate_spreads_calls_as_theory_says(tmp_path: Path) -> None:
    """Poisson calls, mean m, of a rate with standard deviation s of it: variance m + (s m)^2."""
    inputs = {"volume": "{of: demand.*.rate, times: {law: gamma, mean: 1, sd: 8%}}"}
    run = api.run(desk(tmp_path, inputs), replications=300, settings=["run.again=300"])
    calls = 3 * 60 * 10
    wanted = calls + (0.08 * calls) ** 2
    counts = run.tables["queue_sums"].groupby("replication")["arrived"].sum()

    assert counts.var() == pytest.approx(wanted, rel=0.3)  # three standard errors of a variance of 300
    assert run.spread is not None
    row = run.spread[run.spread["kpi"] == "arrived_per_day"].iloc[0]
    assert row["from_inputs_low"] < (0.08 * calls) ** 2 / wanted < row["from_inputs_high"]


def test_ranks_are_correlated_as_was_said(tmp_path: Path) -> None:
    inputs = INPUTS | {"aht": INPUTS["aht"][:-1] + ", moves_with: {volume: 0.6}}"}
    found = uncertainty(desk(tmp_path, inputs))
    drawn = [found.values(1, replication) for replication in range(2_000)]
    ranks = [np.argsort(np.argsort([one[name] for one in drawn])) for name in ("aht", "volume", "wage")]
    matrix = np.corrcoef(ranks)

    assert matrix[0, 1] == pytest.approx(0.6, abs=0.06)
    assert abs(matrix[1, 2]) < 0.07


@pytest.mark.parametrize(
    ("law", "mean", "sd"),
    [
        ({"law": "normal", "mean": 2.0, "sd": 0.5}, 2.0, 0.5),
        ({"law": "lognormal", "mean": 2.0, "sd": 0.5}, 2.0, 0.5),
        ({"law": "gamma", "mean": 2.0, "sd": 0.5}, 2.0, 0.5),
        ({"law": "beta", "mean": 0.4, "sd": 0.05}, 0.4, 0.05),
        ({"law": "uniform", "low": 1.0, "high": 3.0}, 2.0, 2 / 12**0.5),
        ({"law": "triangular", "low": 0.0, "mode": 1.0, "high": 5.0}, 2.0, (21 / 18) ** 0.5),
        ({"law": "empirical", "values": (1.0, 2.0, 6.0)}, 3.0, (14 / 3) ** 0.5),
    ],
)
def test_laws_have_their_moments(law: dict, mean: float, sd: float) -> None:
    drawn = CutOffLaw(NumberLaw(**law))
    values = np.array([drawn.at((i + 0.5) / 20_001) for i in range(20_001)])

    assert values.mean() == pytest.approx(mean, rel=2e-3)
    assert values.std() == pytest.approx(sd, rel=5e-3)
    assert drawn.ends[0] <= values.min() <= values.max() <= drawn.ends[1]


def test_what_is_cut_off_is_not_drawn() -> None:
    law = CutOffLaw(NumberLaw(law="normal", mean=1.0, sd=1.0, least=0.5, most=1.5))

    assert law.ends == pytest.approx((0.5, 1.5))
    assert law.at(0.5) == pytest.approx(1.0)
    with pytest.raises(ValueError, match="nothing is left"):
        CutOffLaw(NumberLaw(law="uniform", low=0.0, high=1.0, least=2.0))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{of: demand.*.rate, times: {law: normal, mean: 1, sd: 40%}}", "expected factors of 0 or more"),
        ("{of: demand.*.rat, times: {low: 1, high: 2}}", "nothing is written at any key like demand.*.rat"),
        ("{of: vendors.own.paid_hours, times: {low: 1, high: 2}}", "did you mean 'paid_hour'"),
        ("{of: handle_time.mean, set_to: {low: 1, high: 2}}", "expected a duration"),
        ("{of: pools.house.staffing, add: {low: -9, high: 1}}", "would make the value negative"),
        ("{of: demand.*.rate, times: {low: 1, high: 2}, moves_with: {b: 0.5}}", "there is no uncertain input 'b'"),
        ("{of: run.seed, set_to: {low: 1, high: 2}}", "run cannot be uncertain"),
        ("{of: demand.*.rate, times: {mean: 1, sd: 2}}", "say `law: normal`"),
        ("{of: demand.*.rate, times: {low: 1, mean: 2}}", "expected a law like"),
        ("{of: demand.*.rate, times: {low: 1, high: 2}, add: {low: 1, high: 2}}", "expected one of times, add, set_to"),
    ],
)
def test_what_cannot_be_drawn_is_told_before_anything_is_simulated(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ScenarioError) as told:
        api.prepare(desk(tmp_path, {"a": text}))
    assert said in str(told.value)
    assert ".yaml:1" in str(told.value)


def test_an_end_is_told_with_its_range(tmp_path: Path) -> None:
    text = "{of: workflows.w.tiers.t1.resolved, add: {low: -5%, high: 20%}}"
    path = desk(tmp_path, {"a": text}, more="workflows: {w: {tiers: {t1: {resolved: 90%}}}}\n")
    with pytest.raises(ScenarioError, match=r"got '110%' \(uncertain a at its largest, 0.2: add -0.05 to 0.2 is drawn"):
        api.prepare(path)


def test_correlations_that_no_numbers_have_are_refused(tmp_path: Path) -> None:
    law = "times: {low: 0.9, high: 1.1}"
    inputs = {
        "a": f"{{of: demand.calls.rate, {law}, moves_with: {{b: 0.9, c: 0.9}}}}",
        "b": f"{{of: demand.mails.rate, {law}, moves_with: {{c: -0.9}}}}",
        "c": f"{{of: handle_time.mean, {law}}}",
    }
    with pytest.raises(ScenarioError, match="no numbers can have these rank correlations"):
        api.prepare(desk(tmp_path, inputs))


def test_a_scenario_that_was_read_has_no_keys_to_draw_by(tmp_path: Path) -> None:
    with pytest.raises(CcsimError, match="give the scenario's file"):
        api.run(api.load(desk(tmp_path)))


def test_a_run_is_read_back_with_what_was_drawn(tmp_path: Path) -> None:
    made = api.run(desk(tmp_path), replications=6, out=tmp_path / "out")
    read = api.read(tmp_path / "out")

    assert read.spread is not None
    assert made.spread is not None
    assert read.inputs is not None
    assert read.spread["p50"].tolist() == made.spread["p50"].tolist()
    assert len(read.inputs) == 6 * 3
    assert read.measured == made.measured
    assert "Uncertain inputs" in api.report(read, tmp_path / "page.html").read_text()


def test_page_and_workbook_tell_the_split_of_the_variance_by_week(tmp_path: Path) -> None:
    path = desk(tmp_path)
    made = api.run(path, replications=4, settings=["horizon.length=2w"])
    rows = plain_rows(made.spread)
    weeks = [row for row in rows if row["period"] == "week"]
    assert len(weeks) >= 2

    text = api.report(made, tmp_path / "page.html").read_text("utf-8")
    by_week = text.partition("week by week")[2].partition("</table>")[0]
    assert "% of the variance" in by_week.partition("</thead>")[0]

    pages = pages_of(api.report(made, tmp_path / "workbook.xlsx").read_bytes())
    sheet = pages["Between replications"]
    assert len(sheet.rows) == len(rows)
    for mine, row in zip(sheet.rows, rows, strict=True):
        told = dict(zip(sheet.head, mine, strict=True))
        for head, name in (("P50", "p50"), ("From the inputs (%)", "from_inputs")):
            want = row[name]
            assert told[head] == (None if want is None else pytest.approx(want, rel=1e-14))  # 16 digits in a cell
    assert len(pages["Uncertain inputs"].rows) == 4 * len(INPUTS)


def test_variants_and_points_have_the_same_inputs(tmp_path: Path) -> None:
    path = desk(tmp_path)
    made = api.compare(path, settings=["pools.house.staffing=8"], replications=4, seed=3)
    inputs = [run.inputs for run in made.runs.values()]
    assert inputs[0] is not None
    assert inputs[0].equals(inputs[1])

    alone = api.run(path, replications=4, seed=3, settings=["pools.house.staffing=8"])
    assert alone.digest in {run.digest for run in made.runs.values()}
    swept = api.sweep(path, {"pools.house.staffing": "8"}, replications=4, seed=3)
    value = swept.kpi(1, "cost_per_day")["value"]
    assert value == alone.estimate("cost_per_day")["estimate"]
    with pytest.raises(CcsimError, match="in place of --until"):
        api.compare(path, settings=["pools.house.staffing=8"], until="precision=5%")


BUSY = """
scenario: busy
horizon: {start: 2026-01-05, warm_up: 1h, length: 10h}
demand: {calls: {per_minute: 2, profile: flat}}
handle_time: {law: exponential, mean: 2m}
pools: {house: {staffing: 40}}
run: {replications: 60, seed: 1}
goals: [{kpi: occupancy, at_most: 10%}]
uncertain: {volume: {of: demand.*.rate, times: {law: gamma, mean: 1, sd: 5%}}}
"""


def split_of_occupancy(folder: Path, seed: int) -> dict:
    """Nobody waits with 40 agents for 4 erlangs, so that work is a sum of n handle times, n of Poisson's law given the
    volume: its squared variation is that of the volume, 0.05 ** 2, plus (1 + 1) / 1,200 by chance.
    """
    (folder / "busy.yaml").write_text(BUSY)
    rows = plain_rows(api.run(folder / "busy.yaml", seed=seed).spread)
    return next(row for row in rows if row["kpi"] == "occupancy" and row["period"] == "all")


def test_the_forecasts_part_of_the_variance_is_that_of_a_formula(tmp_path: Path) -> None:
    row = split_of_occupancy(tmp_path, 1)
    spread = 0.1 * np.sqrt(0.05**2 + 2 / 1200)
    assert row["from_inputs_low"] <= 0.6 <= row["from_inputs_high"]
    assert row["sd"] == pytest.approx(spread, abs=4 * spread / np.sqrt(2 * 59))
    assert row["met_low"] <= 0.53  # the mean is the limit
    assert row["met_high"] >= 0.47


@pytest.mark.verify
def test_the_interval_of_the_forecasts_part_covers_a_formula(tmp_path: Path) -> None:
    rows = [split_of_occupancy(tmp_path, seed) for seed in range(40)]
    inside = [row["from_inputs_low"] <= 0.6 <= row["from_inputs_high"] for row in rows]
    assert sum(inside) >= 33  # 38 are 95 %, give or take 1.4
    found = np.array([row["from_inputs"] for row in rows])
    assert abs(found.mean() - 0.6) < 4 * found.std(ddof=1) / np.sqrt(40)
