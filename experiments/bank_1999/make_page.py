"""Simulate the bank's month and lay it beside what happened: `python make_page.py --out FOLDER`."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import bank_figures as figures
import numpy as np
import pandas as pd
from bank_calls import TYPES, is_open, read_extract, regular_days
from bank_compare import (
    HOURS,
    MEASURES,
    Estimate,
    hours_inside,
    on_regular_days,
    ratio_error,
    real,
    real_calls,
    simulated,
    simulated_calls,
    waterfall,
)
from bank_laws import call_gap_mean, call_gap_tail, day_factor_cv
from bank_roster import agent_days, call_gaps, staffing

from ccsim.errors import CcsimError
from ccsim.report.page import render_page, write_page

HERE: Final = Path(__file__).resolve().parent
SCENARIOS: Final = HERE.parents[1] / "scenarios" / "bank_1999"
REPLICATIONS: Final = 40
ZERO_PATIENCE: Final = 1.9
"""Percent; from the raw file, where calls that ended in the IVR are: see the scenario's README."""
AWAY_JANUARY_S: Final = 66
"""Mean time between calls on the weekdays of 13 to 28 January, seconds; from the raw file."""
LONG_WAIT_S: Final = 180
FREE, MODELLED, ARRIVALS, AGENTS, TALK = "free", "modelled", "arrivals", "agents", "talk"


@dataclass(frozen=True, slots=True)
class Simulation:
    """One way to simulate the month: a scenario file and its variants, in the order of the swaps."""

    key: str
    label: str
    """What stands beside its bar."""
    file: str
    variants: tuple[str, ...] = ()


SIMULATIONS: Final = (
    Simulation(FREE, "model, agents free between calls", "month.yaml", ("free_between_calls",)),
    Simulation(MODELLED, "model, with time between calls", "month.yaml"),
    Simulation(ARRIVALS, "+ real volume", "recorded.yaml"),
    Simulation(AGENTS, "+ real agents day by day", "recorded.yaml", ("real_agents",)),
    Simulation(TALK, "+ real handle times", "recorded.yaml", ("real_agents", "real_talk")),
)
Simulator = Callable[[Simulation, int], pd.DataFrame]


def simulate_with_ccsim(simulate: Simulation, replications: int) -> pd.DataFrame:
    """Simulate the month and return its calls as `simulated_calls` makes them."""
    from ccsim import api
    from ccsim.records.outcomes import OUTCOMES

    print(f"simulating the month {replications} times: {simulate.label}", flush=True)
    run = api.run(SCENARIOS / simulate.file, variants=list(simulate.variants), replications=replications, visits=True)
    return simulated_calls(run.tables["visits"], run.tables["queues"], OUTCOMES)


def page_values(extract: pd.DataFrame, replications: int, simulator: Simulator) -> dict[str, Any]:
    """Everything that the page's template says, from the extract and the replications."""
    calls = extract[is_open(extract)]
    regular = calls[calls["date"].isin(regular_days())]
    actual = on_regular_days(real_calls(calls))
    replications = {simulate.key: on_regular_days(simulator(simulate, replications)) for simulate in SIMULATIONS}
    values = page_figures(actual, replications) | page_tables(actual, replications) | facts(regular, calls)
    constants = {
        "zero": ZERO_PATIENCE,
        "away_january": AWAY_JANUARY_S,
        "simulated": f"ccsim {version('ccsim')}.",
    }
    counts = {"replications": replications, "days": len(regular_days()), "hours": len(HOURS)}
    return (
        values
        | counts
        | constants
        | {
            "learned": learned(actual, replications, values["away"]),
            "wrong": wrong(actual, replications),
        }
    )


def learned(actual: pd.DataFrame, replications: dict[str, pd.DataFrame], away: str) -> str:
    """The page in one sentence."""
    free, modelled, final = (float(simulated(replications[key], "wait").mean[0]) for key in (FREE, MODELLED, TALK))
    return (
        f"take agents as free whenever they do not talk, and the model says callers waited {free:.0f} s "
        f"on average where they waited {interval_text(real(actual, 'wait'), 0, 1.0)} s; add the {away} s "
        f"that the record shows an agent to be away after each call, and it says {modelled:.0f} s "
        f"({final:.0f} s with the real calls, agents and talk times): staff by the time agents are ready, "
        "not by the time they are there."
    )


def wrong(actual: pd.DataFrame, replications: dict[str, pd.DataFrame]) -> str:
    """What does not fit even with every real input, in one sentence."""
    shares = {
        m: (100 * real(actual, m).mean[0], 100 * simulated(replications[TALK], m).mean[0])
        for m in ("waited", "abandoned")
    }
    (queue, queue_model), (gone, gone_model) = shares["waited"], shares["abandoned"]
    return (
        f"even with the real calls, agents and talk times, {queue_model:.0f} % of the callers queue instead "
        f"of {queue:.0f} %, and {gone_model:.1f} % give up instead of {gone:.1f} %."
    )


def page_figures(actual: pd.DataFrame, replications: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """Hourly figures, the hours that fit, the table by hour, and the steps."""
    charts, inside, rows = [], {}, [{"hour": f"{hour}:00"} for hour in HOURS]
    for measure, (title, scale) in CHARTS.items():
        happened = real(actual, measure, ["hour"])
        model = simulated(replications[MODELLED], measure, ["hour"])
        final = simulated(replications[TALK], measure, ["hour"])
        charts.append(figures.by_hour(measure, title, scale, happened, model, final))
        inside[measure] = hours_inside(happened, model)
        for i, row in enumerate(rows):
            row[f"{measure}_real"] = interval_text(happened, i, scale)
            row[f"{measure}_model"] = f"{model.mean[i] * scale:.1f}"
            row[f"{measure}_month"] = f"{model.month_low[i] * scale:.1f} to {model.month_high[i] * scale:.1f}"
    ordered = [(simulate.label, replications[simulate.key]) for simulate in SIMULATIONS]
    steps = {m: waterfall(ordered, m) for m in MEASURES}
    drawn = [figures.waterfall(m, CHARTS[m][0], CHARTS[m][1], steps[m], real(actual, m)) for m in MEASURES]
    return {
        "charts": charts,
        "inside": inside,
        "by_hour": rows,
        "step_charts": drawn,
        "steps": step_rows(steps, actual),
    }


CHARTS: Final = {
    "wait": ("Mean wait, s", 1.0),
    "waited": ("Queue share, %", 100.0),
    "abandoned": ("Abandoned, %", 100.0),
}
"""Title and factor of each measure."""


def interval_text(estimate: Estimate, index: int, scale: float) -> str:
    """`45.8 +- 6.2`, the half width of a 95 % interval."""
    return f"{estimate.mean[index] * scale:.1f} ± {(estimate.high[index] - estimate.mean[index]) * scale:.1f}"


def step_rows(steps: dict[str, list[Any]], actual: pd.DataFrame) -> list[dict[str, str]]:
    """The waterfall as rows of text: value and change of each measure, then what is left to the real days."""
    rows = []
    for i, simulate in enumerate(SIMULATIONS):
        row = {"label": simulate.label}
        for measure, (_, scale) in CHARTS.items():
            step = steps[measure][i]
            row[measure] = f"{step.value * scale:.1f}"
            row[f"{measure}_change"] = (
                "" if step.change is None else f"{step.change * scale:+.1f} ± {step.half_width * scale:.1f}"
            )
        rows.append(row)
    left, there = {"label": "left unexplained"}, {"label": "real days"}
    for measure, (_, scale) in CHARTS.items():
        happened = real(actual, measure)
        left[measure] = ""
        left[f"{measure}_change"] = f"{(happened.mean[0] - steps[measure][-1].value) * scale:+.1f}"
        there[measure] = f"{happened.mean[0] * scale:.1f}"
        there[f"{measure}_change"] = f"± {(happened.high[0] - happened.mean[0]) * scale:.1f}"
    return [*rows, left, there]


def page_tables(actual: pd.DataFrame, replications: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """The headline numbers, the numbers by type, and the days side by side."""
    headline = []
    for measure, (title, scale) in CHARTS.items():
        model = simulated(replications[MODELLED], measure)
        headline.append(
            {
                "name": title,
                "real": interval_text(real(actual, measure), 0, scale),
                "model": f"{model.mean[0] * scale:.1f} ± {(model.high[0] - model.mean[0]) * scale:.1f}",
                "month": f"{model.month_low[0] * scale:.1f} to {model.month_high[0] * scale:.1f}",
                "free": f"{simulated(replications[FREE], measure).mean[0] * scale:.1f}",
            }
        )
    kinds = []
    for kind, name in TYPES.items():
        row = {"kind": kind, "name": name, "calls": f"{(actual['type'] == kind).sum():,}"}
        for measure, (_, scale) in CHARTS.items():
            row[f"{measure}_real"] = interval_text(real(actual[actual["type"] == kind], measure), 0, scale)
            mine = replications[TALK][replications[TALK]["type"] == kind]
            row[f"{measure}_model"] = f"{simulated(mine, measure).mean[0] * scale:.1f}"
        kinds.append(row)
    sides = [frame.groupby("day")["wait"].mean() for frame in (actual, replications[TALK])]
    correlation = float(np.corrcoef(*pd.concat(sides, axis=1).dropna().to_numpy().T)[0, 1])
    long = {
        f"long_{name}": f"{100 * (calls['wait'] > LONG_WAIT_S).mean():.1f}"
        for name, calls in (("real", actual), ("model", replications[TALK]))
    }
    return {"headline": headline, "kinds": kinds, "day_correlation": f"{correlation:.2f}", **long}


def facts(regular: pd.DataFrame, calls: pd.DataFrame) -> dict[str, Any]:
    """Numbers of the data that the page speaks of."""
    served = regular[regular["outcome"] == "AGENT"]
    days = agent_days(regular)
    span = float((days["last"] - days["first"]).sum())
    daily = regular.groupby("date").size().to_numpy()
    gaps = call_gaps(regular)
    away = call_gap_mean(gaps)
    at_work, talking = agents_at_work(calls), talking_agents(regular)
    held = [t * (1 + away / served["service"].mean()) for t in talking]
    error = ratio_error(daily[:, None].astype(float), np.ones((len(daily), 1)))[0]
    return {
        "agents_chart": figures.agents_by_hour(at_work, talking, held),
        "calls": f"{len(regular):,}",
        "month_calls": f"{len(calls):,}",
        "daily": f"{daily.mean():,.0f} ± {1.96 * error:,.0f}",
        "day_cv": f"{100 * day_factor_cv(daily):.0f}",
        "away": f"{away:.0f}",
        "away_tail": f"{100 * call_gap_tail(gaps, 0.05):.0f}",
        "away_quiet": f"{call_gap_mean(gaps[gaps['waiting'] == 0]):.0f}",
        "away_queue": f"{call_gap_mean(gaps[gaps['waiting'] >= 3]):.0f}",
        "talk": f"{served['service'].mean():.0f}",
        "busy": f"{100 * float(days['busy'].sum()) / span:.0f}",
        "short": f"{100 * float((served['service'] <= 10).mean()):.1f}",
        "agents_a_day": f"{days.groupby('date').size().mean():.0f}",
    }


def agents_at_work(calls: pd.DataFrame) -> list[float]:
    """Mean agents at work by hour of the regular days."""
    table = staffing(calls).sum(axis=1).to_numpy().reshape(-1, 24, 4).mean(axis=2)
    first = calls["date"].min()
    return [float(x) for x in table[[(day - first).days for day in regular_days()]].mean(axis=0)[list(HOURS)]]


def talking_agents(regular: pd.DataFrame) -> list[float]:
    """Mean agents talking by hour of the regular days."""
    served = regular[regular["outcome"] == "AGENT"]
    start = (served["arrival"] + served["wait"]).to_numpy(dtype=float)
    end = start + served["service"].to_numpy(dtype=float)
    inside = [np.clip(np.minimum(end, (h + 1) * 3600) - np.maximum(start, h * 3600), 0, None).sum() for h in HOURS]
    return [float(seconds) / 3600 / len(regular_days()) for seconds in inside]


def main(arguments: list[str] | None = None) -> int:
    """Make the page and say where it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/bank_1999"), help="folder of the page")
    parser.add_argument("--replications", type=int, default=REPLICATIONS, help="replications of the month, each way")
    args = parser.parse_args(arguments)
    if args.replications < 2:
        parser.error("--replications: expected at least 2, for there is no interval without")
    logging.basicConfig(format="%(message)s")
    logging.getLogger("ccsim").setLevel(logging.INFO)  # the engine says when it compiles
    try:
        values = page_values(read_extract(SCENARIOS / "calls.csv.gz"), args.replications, simulate_with_ccsim)
        page = args.out / "index.html"
        write_page(render_page(HERE / "bank_page.html", **values), page)
    except (CcsimError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"The bank's month, simulated and real: {page}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
