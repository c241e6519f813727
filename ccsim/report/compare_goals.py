"""Goals of a comparison: every alternative against every goal, in short and one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ccsim.kpis.verdicts import MARKS, Verdict
from ccsim.report import sentences
from ccsim.report.compared import (
    MOST_VARIANTS,
    Compared,
    Goal,
    Row,
    about,
    percent,
    signed,
    title_of,
    unit_of,
    verdict,
)
from ccsim.report.numbers import said, shown_in
from ccsim.report.parts import Cell, Column, Table, word
from ccsim.results.comparison import Alternative
from ccsim.results.text import ends_of

NARROW: Final = 3
"""So many alternatives fit beside the picture; more take the whole width."""


@dataclass(frozen=True, slots=True)
class GoalCell:
    """An alternative against a goal."""

    verdict: Verdict
    mark: str
    """Sign and word."""
    why: str
    """Why it is inconclusive."""
    value: Cell
    unit: str
    best: str
    """Probability that its mean is best, per cent."""
    won: str
    """Share of the replications that it won, per cent."""
    difference: str
    """What is not decided; empty for the base and where it is."""


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal against every alternative."""

    name: str
    kpi: str
    target: str
    cells: tuple[GoalCell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Goals by alternative."""

    heads: tuple[str, ...]
    lines: tuple[GoalLine, ...]
    note: str = ""

    @property
    def wide(self) -> bool:
        """Whether it takes the whole width."""
        return len(self.heads) > NARROW


def matrix(compared: Compared) -> Matrix | None:
    """Every goal and the first alternatives; None without goals."""
    made = compared.made
    alternatives = made.alternatives[: MOST_VARIANTS + 1]
    lines = []
    for number, goal in enumerate(made.goals):
        compared.facts.used.add(goal["kpi"])
        cells = tuple(goal_cell(compared, number, one) for one in alternatives)
        lines.append(GoalLine(sentences.goal_name(goal), goal["kpi"], sentences.goal_target(goal), cells))
    left = len(made.alternatives) - len(alternatives)
    note = f"{left} more variants are in the table of goals below." if left else ""
    return Matrix(tuple(compared.short(one) for one in alternatives), tuple(lines), note) if lines else None


def goal_cell(compared: Compared, number: int, alternative: Alternative) -> GoalCell:
    """One alternative against a goal of the base, by its number."""
    own = compared.made.runs[alternative.name].goals[number]
    verdict: Verdict = own["verdict"]
    chance = compared.best.get((number, alternative.name), {})
    shown = shown_in(own["unit"], (own["estimate"], own["at_least"], own["at_most"]))
    return GoalCell(
        verdict,
        MARKS[verdict],
        own["why"],
        shown.of(own),
        shown.unit if own["estimate"] is not None else "",
        percent(chance.get("probability_best")),
        percent(chance.get("share_won")),
        _undecided(compared.goal_row(number, alternative)),
    )


def _undecided(row: Row | None) -> str:
    if row is None or row["verdict"] != "not decided":
        return ""
    return f"not decided (+{about(row['more_replications'])})" if row["more_replications"] else "not decided"


def goal_table(compared: Compared) -> Table | None:
    """Every goal and alternative, a row each: verdict, result, difference, chance to be best, replications won."""
    made, rows = compared.made, []
    for number, goal in enumerate(made.goals):
        for i, one in enumerate(made.alternatives):
            cell, own = goal_cell(compared, number, one), made.runs[one.name].goals[number]
            name = title_of(goal["threshold_s"], sentences.goal_name(goal))
            head = f"{name}, {_limits(goal)}" if i == 0 else ""
            row = compared.goal_row(number, one)
            rows.append(
                [
                    Cell(head, kpi=goal["kpi"] if i == 0 else ""),
                    word(compared.short(one)),
                    word(cell.mark),
                    word(said(own) if own["estimate"] is not None else own["note"] or "not known"),
                    word(_difference(row) if i else "base"),
                    word("" if row is None else cell.difference or verdict(row)),
                    Cell(cell.best),
                    Cell(cell.won),
                ]
            )
    titles = ("Goal", "Alternative", "Verdict", "Result", "Difference from the base", "Decided")
    columns = [
        *(Column(title, words=True) for title in titles),
        Column("P(mean is best)", "%"),
        Column("Won", "% of replications"),
    ]
    return Table("Goals one by one", columns, rows, sortable=False) if rows else None


def _limits(goal: Goal) -> str:
    return sentences.goal_target({**goal, "threshold_s": None})


def _difference(row: Row | None) -> str:
    if row is None:
        return "not known"
    cell = signed(row)
    if cell.value is None:
        return cell.text
    interval = f" {cell.interval}" if cell.interval else " ± 0" if ends_of(row) is not None else ""
    return f"{cell.text}{interval} {unit_of(row).unit}"
