"""A comparison as its page, its workbook and the terminal read it: rows by variant and KPI, names in short."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from ccsim.kpis.definitions import MAIN_COST, MAIN_SERVICE
from ccsim.report import sentences
from ccsim.report.facts import Facts
from ccsim.report.numbers import Shown, shown_in
from ccsim.report.parts import Cell
from ccsim.results.comparison import Alternative, Comparison
from ccsim.results.parquet import plain_rows
from ccsim.results.summary import work_said
from ccsim.results.text import ends_of

Row = Mapping[str, Any]
Goal = Mapping[str, Any]
Key = tuple[str, str, str, float | None]
"""KPI, scope, name, threshold in seconds."""

COST: Final[Key] = (MAIN_COST, "all", "all", None)
MOST_VARIANTS: Final = 6
"""Variants that stand side by side; the comparison's CSV has all."""


@dataclass(frozen=True, slots=True)
class Question:
    """A KPI of a part that a goal asks for; without goals the service level."""

    words: str
    """`service level within 20 s (phone)`."""
    kpi: str
    goal: int | None
    """Place of the goal; None without goals."""


class Compared:
    """What a comparison is asked for, each made once."""

    def __init__(self, made: Comparison) -> None:
        self.made = made
        self.facts = Facts(made.base)
        self._rows: dict[tuple[str, Key], Row] = {}
        for row in self.rows:
            self._rows[row["variant"], (row["kpi"], row["scope"], row["name"], row["threshold_s"])] = row
        base = made.alternatives[0].name
        cut = [one.name.removeprefix(f"{base}+") for one in made.alternatives]
        unique = len(set(cut)) == len(cut)
        self._short = {one.name: name if unique else one.name for one, name in zip(made.alternatives, cut, strict=True)}

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Every difference as a plain row."""
        return plain_rows(self.made.differences)

    @cached_property
    def best(self) -> dict[tuple[int, str], Row]:
        """By goal and alternative: its difference, the probability that its mean is best, the replications it won."""
        return {(row["goal"], row["alternative"]): row for row in plain_rows(self.made.best)}

    def row(self, variant: Alternative, key: Key) -> Row | None:
        """Difference of a variant; None where there is none."""
        found = self._rows.get((variant.name, key))
        return None if found is None or found["difference"] is None else found

    def short(self, alternative: Alternative) -> str:
        """A name without the base's before it, where that tells the alternatives apart."""
        return self._short[alternative.name]

    @property
    def base_name(self) -> str:
        """Name of the base."""
        return self.short(self.made.alternatives[0])

    @cached_property
    def questions(self) -> list[Question]:
        """What the goals ask, each KPI and scope once; the service level where there are no goals."""
        found: dict[tuple[Any, ...], Question] = {}
        for number, goal in enumerate(self.made.goals):
            asked = (goal["kpi"], tuple(goal["scope"].items()), goal["threshold_s"], str(goal.get("time")))
            words = title_of(goal["threshold_s"], sentences.goal_name(goal))
            found.setdefault(asked, Question(words, goal["kpi"], number))
        if found:
            return list(found.values())
        work = work_said(self.facts.told_of(MAIN_SERVICE)[0])
        return [Question(title_of(self.facts.threshold_s, f"service level{work}"), MAIN_SERVICE, None)]

    def answer_to(self, question: Question, variant: Alternative) -> Row | None:
        """The difference of a variant on what is asked; None where there is none."""
        if question.goal is not None:
            return self.goal_row(question.goal, variant)
        return self.row(variant, (question.kpi, *self.facts.told_of(question.kpi), self.facts.threshold_s))

    def goal_row(self, number: int, variant: Alternative) -> Row | None:
        """The difference of a variant on a goal, in the columns of the differences; None for the base and without one.

        `good` says `better` or `worse` as the goal wants it.
        """
        row = self.best.get((number, variant.name))
        if row is None or row["difference"] is None:
            return None
        base, own = self.made.goals[number], self.made.runs[variant.name].goals[number]
        ends = {f"{side}_{end}": one[end] for side, one in (("base", base), ("value", own)) for end in ("low", "high")}
        same = {key: base[key] for key in ("kpi", "threshold_s", "unit")}
        return {**row, **same, **ends, "base": base["estimate"], "value": own["estimate"]}

    @cached_property
    def service(self) -> Question | None:
        """The first question that is not one of cost: what cost is held against."""
        return next((one for one in self.questions if not self.facts.kpis[one.kpi].in_money), None)

    @cached_property
    def standings(self) -> dict[str, Row]:
        """By alternative: whether it meets all goals, and what it costs beside the chosen one."""
        return {row["alternative"]: row for row in plain_rows(self.made.standings)}

    def standing(self, alternative: Alternative) -> Row:
        """Whether an alternative meets all goals, and what it costs."""
        return self.standings[alternative.name]

    @cached_property
    def chosen(self) -> Alternative | None:
        """The cheapest alternative that meets all goals, or the one that comes nearest; None without goals."""
        return next((one for one in self.made.alternatives if self.standing(one)["role"]), None)

    def misses(self, alternative: Alternative, verdict: str = "fail") -> list[Goal]:
        """The goals that an alternative fails (or on which it has another verdict)."""
        return [goal for goal in self.made.runs[alternative.name].goals if goal["verdict"] == verdict]


def verdict(row: Row) -> str:
    """`better` or `worse` where that is sure and the KPI or its goal says which; else the row's own verdict."""
    return str(row["good"] or row["verdict"])


def title_of(threshold_s: float | None, words: str) -> str:
    """A KPI's words with its threshold in seconds: `service level within 20 s (phone)`."""
    if threshold_s is None:
        return words
    title, where, rest = words.partition(" (")
    return f"{title} within {threshold_s:g} s{where}{rest}"


def unit_of(row: Row) -> Shown:
    """How a difference is shown: of shares in points, which are hundredths."""
    return Shown("points", 100.0) if row["unit"] == "share" else shown_in(row["unit"], [row["base"], row["value"]])


def signed(row: Row, shown: Shown | None = None) -> Cell:
    """A difference with its sign and its interval; `none` where nothing varies."""
    if row["verdict"] == "equal":
        return Cell("none")
    cell = (shown or unit_of(row)).cell(row["difference"], ends_of(row))
    sign = "+" if row["difference"] > 0 and cell.text.strip("0.,-") else ""
    return Cell(f"{sign}{cell.text}", cell.interval, cell.value, cell.note)


def about(number: float) -> str:
    """A count with two digits: more would be pretence."""
    digits = len(str(round(number)))
    return f"{round(number, min(2 - digits, 0)):,.0f}"


def percent(share: float | None) -> str:
    """A probability or a share of replications: whole per cent, `<1` and `>99` where it is not quite none or all."""
    if share is None:
        return "-"
    if 0 < share < 0.01:
        return "<1"
    return ">99" if 0.99 < share < 1 else f"{share * 100:.0f}"
