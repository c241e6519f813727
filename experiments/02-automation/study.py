"""Run the study: at every containment find the agents that keep the service level, and what they and the bot cost.

`python experiments/02-automation/study.py [--out FOLDER]`; points that are there already are not played again.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from math import floor, sqrt
from pathlib import Path
from statistics import mean, stdev
from typing import Any, Final

import yaml

from ccsim import api

HERE: Final = Path(__file__).parent
DESK: Final = HERE / "desk.yaml"
BEGIN, END = "<!-- written by study.py -->", "<!-- end -->"
LOOKS: Final = ("o-", "s--", "^:")


@dataclass(frozen=True, slots=True)
class Point:
    """What one batch of replications says of one bot, at the service level that is kept."""

    batch: int
    contained: int
    """Per cent of the sessions; 0 without a bot."""
    falsely: int
    """Per cent of the contained."""
    agents: float
    """Agents from 08:00 to 20:00, between two whole numbers where the service level lies between theirs."""
    cost: float
    """Cost a day, agents and bot, GBP."""
    resolved: float
    """Share of cases resolved."""
    repeats: float
    """Share of contacts that are repeat contacts."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE.parent.parent / "out" / "02-automation")
    out: Path = parser.parse_args().out
    study = yaml.safe_load((HERE / "study.yaml").read_text(encoding="utf-8"))
    points = played(study, out)
    draw(study, points)
    table = write_table(study, points)
    print(table)
    print(f"\nPicture and table: experiments/02-automation; points: {out}", file=sys.stderr)


# ---- Play -----------------------------------------------------------------------------------------------------------


def played(study: dict[str, Any], out: Path) -> list[Point]:
    """Every point of every batch; what the file of points holds is not played again."""
    out.mkdir(parents=True, exist_ok=True)
    file = out / "points.csv"
    found = {(one.batch, one.contained, one.falsely): one for one in stored(file)}
    wanted = [(batch, *bot) for bot in bots(study) for batch in range(study["batches"])]
    for number, key in enumerate(wanted):
        if key in found:
            continue
        print(f"\r{number} of {len(wanted)} points", end="", file=sys.stderr, flush=True)
        near = min(found.values(), key=lambda one: (abs(one.contained - key[1]), one.batch), default=None)
        found[key] = point(study, *key, near.agents if near else mean(study["agents"]))
        store(file, list(found.values()))
    print(file=sys.stderr)
    return [found[key] for key in wanted]


def bots(study: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """Contained and falsely contained, per cent; first without a bot."""
    yield 0, 0
    for falsely in study["falsely_contained"]:
        for contained in study["contained"]:
            yield contained, falsely


def point(study: dict[str, Any], batch: int, contained: int, falsely: int, guess: float) -> Point:
    """The fewest agents that keep the service level, from neighbours that lie on its two sides."""
    fewest, most = study["agents"]
    target = study["service_level"] / 100
    runs: dict[int, dict[str, float]] = {}

    def run(agents: int) -> dict[str, float]:
        if agents not in runs:
            runs[agents] = kpis(study, batch, contained, falsely, agents)
        return runs[agents]

    low, high, agents = fewest, most, floor(guess)
    while high - low > 1:
        agents = min(max(agents, low + 1), high - 1)
        if run(agents)["service_level"] >= target:
            high, agents = agents, agents - 1
        else:
            low, agents = agents, agents + 1
    if low == fewest or high == most:
        raise SystemExit(f"no {study['service_level']} % with {fewest} to {most} agents: widen `agents` in study.yaml")
    below, above = run(low), run(high)
    part = (target - below["service_level"]) / (above["service_level"] - below["service_level"])

    def between(kpi: str) -> float:
        return below[kpi] + part * (above[kpi] - below[kpi])

    cost, resolved, repeats = map(between, ("cost_per_day", "case_resolution", "repeat_rate"))
    return Point(batch, contained, falsely, low + part, cost, resolved, repeats)


def kpis(study: dict[str, Any], batch: int, contained: int, falsely: int, agents: int) -> dict[str, float]:
    """Play the desk with so many agents; the same customers come whatever the bot does."""
    settings = [f"pools.desk.staffing=[[00:00, 0], [08:00, {agents}], [20:00, 0]]"]
    if contained:
        settings += [f"bots.helper.contained={contained}%", f"bots.helper.falsely_contained={falsely}%"]
    run = api.run(
        DESK,
        replications=study["replications"],
        seed=study["seed"] + batch,
        variants=[study["variant"]] if contained else [],
        settings=settings,
    )
    names = ("service_level", "cost_per_day", "case_resolution", "repeat_rate")
    return {name: float(run.estimate(name)["estimate"]) for name in names}


def store(file: Path, points: list[Point]) -> None:
    """Write the points, whole or not at all."""
    part = file.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(field.name for field in fields(Point))
        writer.writerows(map(astuple, points))
    part.replace(file)


def stored(file: Path) -> list[Point]:
    """The points of a file; none without one."""
    if not file.is_file():
        return []
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    return [
        Point(*(int(row[one]) for one in ("batch", "contained", "falsely")),
              *(float(row[one]) for one in ("agents", "cost", "resolved", "repeats")))
        for row in rows
    ]  # fmt: skip


# ---- What they say --------------------------------------------------------------------------------------------------


def curve(study: dict[str, Any], points: list[Point], falsely: int, value: str) -> list[list[float]]:
    """By containment, the first without a bot: a value of each batch."""
    by_bot = {(one.batch, one.contained, one.falsely): getattr(one, value) for one in points}
    places = [(0, 0), *((contained, falsely) for contained in study["contained"])]
    return [[by_bot[batch, *place] for batch in range(study["batches"])] for place in places]


def savings(study: dict[str, Any], points: list[Point], falsely: int) -> list[list[float]]:
    """What the bot saves a day against the desk without one, GBP, by containment and batch."""
    without, *with_bot = curve(study, points, falsely, "cost")
    return [[base - cost for base, cost in zip(without, costs, strict=True)] for costs in with_bot]


def break_even(study: dict[str, Any], saved: list[list[float]]) -> list[float] | None:
    """Containment at which each batch neither saves nor loses, per cent; None where the curve does not cross 0."""
    found = []
    for batch in range(study["batches"]):
        line = [one[batch] for one in saved]
        for i in range(1, len(line)):
            if line[i - 1] < 0 <= line[i]:
                from_, to = study["contained"][i - 1 : i + 1]
                found.append(from_ + (to - from_) * -line[i - 1] / (line[i] - line[i - 1]))
                break
    return found if len(found) == study["batches"] else None


def interval(values: list[float]) -> tuple[float, float]:
    """Mean of batches and half its 95 % interval (Student's t)."""
    from scipy.stats import t

    return mean(values), float(t.ppf(0.975, len(values) - 1)) * stdev(values) / sqrt(len(values))


def draw(study: dict[str, Any], points: list[Point]) -> None:
    """What the bot saves, and what becomes of the cases, by containment."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "02-automation", "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(7.2, 3.3), layout="constrained")
        money, cases = figure.subplots(1, 2)
        for falsely, look in zip(study["falsely_contained"], LOOKS, strict=True):
            said = f"{falsely} % of it false"
            saved = [interval(one) for one in savings(study, points, falsely)]
            money.errorbar(study["contained"], [one for one, _ in saved], yerr=[half for _, half in saved], fmt=look,
                           capsize=3, label=said)  # fmt: skip
            resolved = [interval([100 * one for one in each]) for each in curve(study, points, falsely, "resolved")]
            cases.errorbar([0, *study["contained"]], [one for one, _ in resolved], yerr=[half for _, half in resolved],
                           fmt=look, capsize=3, label=said)  # fmt: skip
        money.axhline(0, color="0.5", linewidth=0.8)
        money.set_title("Saved at the same service level, GBP a day", loc="left", fontsize=9)
        cases.set_title("Cases resolved, %", loc="left", fontsize=9)
        for axes in (money, cases):
            axes.set_xlabel("contained, % of sessions")
        money.legend(frameon=False)
        figure.savefig(HERE / "picture.svg", format="svg", metadata={"Date": None})


def write_table(study: dict[str, Any], points: list[Point]) -> str:
    """The figures into the README, between two marks."""
    lines = [
        "| falsely contained | breaks even at | agents at 30 % | saved at 30 % | saved at 60 % | resolved at 60 % |",
        "|---|---|---|---|---|---|",
    ]
    at = {contained: place for place, contained in enumerate(study["contained"])}
    for falsely in study["falsely_contained"]:
        saved = savings(study, points, falsely)
        even = break_even(study, saved)
        agents = curve(study, points, falsely, "agents")[1:]
        resolved = curve(study, points, falsely, "resolved")[1:]
        lines.append(
            f"| {falsely} % | {plus_minus(even, 1, '% of sessions') if even else 'nowhere here'} "
            f"| {plus_minus(agents[at[30]], 1)} | {plus_minus(saved[at[30]], 0, 'GBP a day')} "
            f"| {plus_minus(saved[at[60]], 0, 'GBP a day')} "
            f"| {plus_minus([100 * one for one in resolved[at[60]]], 1, '%')} |"
        )
    agents, resolved = (curve(study, points, study["falsely_contained"][0], one)[0] for one in ("agents", "resolved"))
    lines += [
        "",
        f"Without a bot: {plus_minus(agents, 1)} agents, {plus_minus([100 * one for one in resolved], 1, '%')} of the "
        f"cases resolved. {study['batches']} batches of {study['replications']} replications; ± is half a 95 % "
        "interval.",
    ]
    table = "\n".join(lines)
    page = HERE / "README.md"
    head, rest = page.read_text(encoding="utf-8").split(BEGIN)
    page.write_text(f"{head}{BEGIN}\n{table}\n{END}{rest.split(END)[1]}", encoding="utf-8")
    return table


def plus_minus(values: list[float], decimals: int, unit: str = "") -> str:
    """A mean with half its interval."""
    middle, half = interval(values)
    return f"{middle:,.{decimals}f} ± {half:,.{decimals}f} {unit}".rstrip()


if __name__ == "__main__":
    main()
