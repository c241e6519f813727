"""The first screen of a page: the question answered, the goals, three numbers, one picture."""

from __future__ import annotations

from dataclasses import dataclass

from ccsim.kpis.definitions import MAIN_SERVICE
from ccsim.kpis.shown import lines_in
from ccsim.kpis.verdicts import MARKS, Verdict
from ccsim.report import charts, sentences
from ccsim.report.charts import SHARE, Panel
from ccsim.report.facts import Facts, Row
from ccsim.report.numbers import shown_in
from ccsim.report.parts import Cell, Chart
from ccsim.report.service import Service
from ccsim.report.staffing import KINDS, Staffing, agents_by_step

NUMBERS = 3
"""Big numbers of the first screen."""


@dataclass(frozen=True, slots=True)
class GoalLine:
    """One goal against the run."""

    verdict: Verdict
    mark: str
    """Sign and word."""
    why: str
    """What keeps it from passing."""
    name: str
    kpi: str
    target: str
    value: str
    interval: str
    unit: str
    chance: str
    chance_interval: str


@dataclass(frozen=True, slots=True)
class Tile:
    """One big number."""

    title: str
    kpi: str
    value: str
    interval: str
    unit: str
    about: str = ""


def goal_lines(facts: Facts) -> list[GoalLine]:
    """Every goal in the order of the scenario."""
    lines = []
    for goal in facts.run.goals:
        facts.used.add(goal["kpi"])
        shown = shown_in(goal["unit"], (goal["estimate"], goal["at_least"], goal["at_most"]))
        cell = shown.of(goal)
        lines.append(
            GoalLine(
                verdict=goal["verdict"],
                mark=MARKS[goal["verdict"]],
                why=goal["why"],
                name=sentences.goal_name(goal),
                kpi=goal["kpi"],
                target=sentences.goal_target(goal),
                value=cell.text,
                interval=cell.interval,
                unit=shown.unit if cell.value is not None else goal["note"],
                chance=sentences.goal_chance(goal),
                chance_interval=sentences.chance_interval(goal),
            )
        )
    return lines


def tiles(facts: Facts) -> list[Tile]:
    """The first numbers that are known: of live work those of the main channel, of deferred work without live alone."""
    found: list[Tile] = []
    channel = facts.main_channel
    for line in lines_in("first numbers"):
        if len(found) == NUMBERS:
            break
        if line.work == "deferred" and channel is not None:
            continue
        about = line.about.format(threshold=facts.threshold_text, rule=facts.measured.rule)
        if line.work != "live":
            found += _tile(facts, facts.one(line.kpi), line.head, about)
        elif channel is not None:
            found += _tile(facts, facts.one(line.kpi, "channel", channel), f"{line.head}, {channel}", about)
    return found


def _tile(facts: Facts, row: Row | None, title: str, about: str = "") -> list[Tile]:
    if row is None:
        return []
    facts.used.add(row["kpi"])
    shown = shown_in(row["unit"], (row["estimate"],))
    cell: Cell = shown.of(row)
    return [Tile(title, row["kpi"], cell.text, cell.interval, shown.unit.removesuffix(" per contact"), about)]


def picture(facts: Facts, service: Service, staffing: Staffing) -> Chart | None:
    """Service of the main live channel above the agents behind it, on one axis of time; None without live work."""
    channel, steps = facts.main_channel, facts.clock.folded()
    if channel is None:
        return None
    data = service.by_step(MAIN_SERVICE, channel, steps)
    if data.empty:
        return None
    goal = facts.goal_line(MAIN_SERVICE, channel)
    agents = agents_by_step(staffing, staffing.inside("all", ""), steps)
    text = sentences.service_by_time(channel, data, steps.said, goal)
    panel = Panel(f"{channel}: answered within {facts.threshold_text}", data, goal)
    drawn = charts.service_and_staffing("first", panel, agents, steps, SHARE_TO_100, text)
    both = data.merge(agents, on=["step", "time"], how="outer", sort=True)
    units = dict.fromkeys(("estimate", "low", "high", "band_low", "band_high"), "share")
    return Chart(f"Service and agents by {steps.said}", drawn, text, data=both, units=units | AGENTS)


AGENTS = dict.fromkeys(KINDS, "agents")
SHARE_TO_100 = charts.Scale(SHARE.label, SHARE.factor, top=101.0)


def summary_row(facts: Facts) -> list[str]:
    """What was simulated, in short: contacts a week, agents, weeks, replications."""
    parts = []
    arrived = facts.one("arrived_per_day")
    if arrived is not None:
        facts.used.add("arrived_per_day")
        parts.append(f"{shown_in(arrived['unit']).of(arrived).text} contacts a day")
    people = int(facts.tables["pools"]["headcount"].sum()) if "headcount" in facts.tables["pools"] else 0
    if people:
        pools = len(facts.tables["pools"])
        parts.append(f"{people:,} agents in {pools:,} pool{'s' * (pools != 1)}")
    days = facts.measured.length / 86_400e6
    parts.append(f"{days:g} days counted" if days >= 2 else f"{days * 24:g} hours counted")
    replications = facts.replications
    parts.append(f"{replications} replication{'s' * (replications != 1)}")
    return parts
