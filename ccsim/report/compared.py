"""A comparison as its page, its workbook and the terminal read it: rows by variant and KPI, names in short."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

from ccsim.kpis.definitions import MAIN_COST, MAIN_SERVICE
from ccsim.report import sentences
from ccsim.report.facts import Facts
from ccsim.report.numbers import Shown, shown_in
from ccsim.report.parts import Cell
from ccsim.results.comparison import Alternative, Comparison
from ccsim.results.parquet import plain_rows
from ccsim.results.text import ends_of

Row = Mapping[str, Any]
Goal = Mapping[str, Any]
Key = tuple[str, str, str, float | None]
"""KPI, scope, name, threshold in seconds."""

COST: Final[Key] = (MAIN_COST, "all", "all", None)
MOST_VARIANTS: Final = 6
"""Variants that stand side by side; the comparison's CSV has all."""


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
        """By goal and alternative: the probability that its mean is best, and the share of replications it won."""
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
    def goal_keys(self) -> list[tuple[str, Key]]:
        """Words and key of every goal that is limited to one part at most, each once; service level without goals."""
        found: dict[Key, str] = {}
        for goal in self.made.goals:
            if (key := key_of(goal)) is not None:
                found.setdefault(key, title_of(key, sentences.goal_name(goal)))
        threshold = None if self.facts.threshold is None else self.facts.threshold / 1e6
        bare: Key = (MAIN_SERVICE, "all", "all", threshold)
        return [(words, key) for key, words in (found or {bare: title_of(bare, "service level")}).items()]

    @cached_property
    def service(self) -> tuple[str, Key] | None:
        """Words and key of the first goal that is not a cost: what cost is held against."""
        return next(((words, key) for words, key in self.goal_keys if not self.facts.kpis[key[0]].in_money), None)

    @cached_property
    def _wanted(self) -> dict[Key, str]:
        """Which way a goal with one limit wants its KPI, where the KPI itself says neither."""
        found: dict[Key, str] = {}
        for goal in self.made.goals:
            if (key := key_of(goal)) is not None and (goal["at_least"] is None) != (goal["at_most"] is None):
                found.setdefault(key, "lower" if goal["at_least"] is None else "higher")
        return found

    def verdict(self, row: Row) -> str:
        """`better` or `worse` where that is sure and the KPI or its goal says which; else the row's own verdict."""
        wanted = self._wanted.get((row["kpi"], row["scope"], row["name"], row["threshold_s"]))
        if row["good"] or wanted is None or row["verdict"] not in ("higher", "lower"):
            return str(row["good"] or row["verdict"])
        return "better" if row["verdict"] == wanted else "worse"

    def verdicts(self, variant: Alternative) -> list[str]:
        """The verdict of every goal that can be compared."""
        rows = (self.row(variant, key) for _, key in self.goal_keys)
        return [self.verdict(row) for row in rows if row is not None]


def key_of(goal: Goal) -> Key | None:
    """Where the differences have a goal; None for one that is limited to more than one part at once, or in time."""
    if goal.get("time"):
        return None
    scopes = list(goal["scope"].items()) or [("all", "all")]
    return (goal["kpi"], scopes[0][0], str(scopes[0][1]), goal["threshold_s"]) if len(scopes) == 1 else None


def title_of(key: Key, words: str) -> str:
    """A KPI's words with its threshold: `service level within 20 s (phone)`."""
    if key[3] is None:
        return words
    title, where, rest = words.partition(" (")
    return f"{title} within {key[3]:g} s{where}{rest}"


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
