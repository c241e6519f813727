"""Effects of inputs in words and cells, for the terminal and the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ccsim.metrics.drivers import SIDES, by_target
from ccsim.report.numbers import shown_in
from ccsim.results.sweep import Sweep
from ccsim.results.text import difference_text, short

HEADS: Final = ("input", "low end", "effect", "high end", "effect")

Row = Mapping[str, Any]


class DriversTold:
    """What moves a scenario, target by target."""

    def __init__(self, made: Sweep, kpis: Sequence[str] = ()) -> None:
        self.made = made
        self.targets: list[tuple[str, list[Row]]] = [(title, list(rows)) for title, rows in by_target(made, kpis)]
        self.inputs: list[Row] = list(made.provenance["drivers"])
        self.left_out: list[str] = list(made.provenance.get("left_out", ()))

    def answer(self) -> Iterator[str]:
        """What moves each target most, in a sentence each."""
        for title, rows in self.targets:
            first = [row for row in rows if row["rank"] == 1 and row["significant"]]
            if not first:
                yield f"{title}: no effect is significant."
                continue
            most = max(first, key=lambda row: abs(row["difference"]))
            end = "" if most["value"] == "" else f" at {most['value']}"
            yield f"{title} moves most with {most['driver']}: {_effect(most)} {unit_of_effect(most)}{end}."

    def now(self, rows: Sequence[Row]) -> str:
        """The target in the scenario as written."""
        base = next((row["base"] for row in rows if row["base"] is not None), None)
        return "-" if base is None else short(base, None, rows[0]["unit"].partition("/")[0])

    def table(self, rows: Sequence[Row], most: int | None = None) -> Iterator[list[str]]:
        """A row for each input that moves a target significantly, the largest first."""
        yield list(HEADS)
        shown = [name for name in self.by_input(rows) if self.moves(rows, name)]
        for name in shown[:most]:
            cells = [name]
            for end in SIDES:
                row = next((row for row in rows if (row["driver"], row["end"]) == (name, end)), None)
                cells += ["", ""] if row is None else [row["value"], _cell(row)]
            yield cells

    def by_input(self, rows: Sequence[Row]) -> list[str]:
        """Inputs by rank."""
        return list(dict.fromkeys(str(row["driver"]) for row in rows))

    def moves(self, rows: Sequence[Row], name: str) -> bool:
        """Whether an input has a significant effect on a target."""
        return any(row["significant"] for row in rows if row["driver"] == name)

    def not_significant(self, rows: Sequence[Row]) -> list[str]:
        """Inputs without a significant effect on a target, those without any left out."""
        return [
            name
            for name in self.by_input(rows)
            if not self.moves(rows, name) and any(row["difference"] for row in rows if row["driver"] == name)
        ]

    def without(self, rows: Sequence[Row]) -> list[str]:
        """Inputs that change nothing at all in a target."""
        left = {*self.not_significant(rows)}
        return [name for name in self.by_input(rows) if not self.moves(rows, name) and name not in left]

    def noted(self, rows: Sequence[Row]) -> Iterator[str]:
        """Which inputs do not move a target, in sentences."""
        if unsure := self.not_significant(rows):
            yield f"not significant: {', '.join(unsure)}"
        if nothing := self.without(rows):
            yield f"no effect: {', '.join(nothing)}"


def unit_of_effect(row: Row) -> str:
    """The unit of a difference: `EUR a day`, `points` of shares."""
    return "points" if row["unit"] == "share" else shown_in(row["unit"]).unit


def _cell(row: Row) -> str:
    if row["difference"] is None:
        return "-"
    return _effect(row) + ("" if row["significant"] or not row["difference"] else " ?")


def _effect(row: Row) -> str:
    return difference_text(row) if row["difference"] else "none"
