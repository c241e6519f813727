"""What the studies share: the command, points that are not simulated twice, the fewest people, intervals, the README.

A study is a folder with `study.yaml` (the question and what is varied), a scenario, `study.py`, `README.md` with the
table between two marks, and `picture.svg`.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import floor, sqrt
from pathlib import Path
from statistics import mean, stdev
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BEGIN: Final = "<!-- written by study.py -->"
END: Final = "<!-- end -->"
PEOPLE: Final = "people"
"""Name of the people in what `fewest_people` finds."""


@dataclass(frozen=True, slots=True)
class Study:
    """A study as it is run."""

    folder: Path
    """Where its files lie."""
    asked: Mapping[str, Any]
    """`study.yaml`."""
    out: Path
    """Where its points and results are kept."""
    page: Path
    """Where README.md and picture.svg are written."""

    def says(self, table: Sequence[str]) -> None:
        """Write the table into the README, and print it."""
        text = "\n".join(table)
        write_table(self.page / "README.md", text)
        print(text)
        print(f"\nPicture and table: {self.page}; points: {self.out}", file=sys.stderr)


def study(file: str, doc: str | None) -> Study:
    """The study of a `study.py`, with what its command line says."""
    folder = Path(file).resolve().parent
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=folder.parent.parent / "out" / folder.name,
                        help="where points are kept (out/NAME); those that are there are kept")  # fmt: skip
    parser.add_argument("--study", type=Path, default=folder / "study.yaml", help="what is varied (study.yaml)")
    parser.add_argument("--page", type=Path, default=folder, help="folder of README.md and picture.svg (the study's)")
    said = parser.parse_args()
    asked = yaml.safe_load(said.study.read_text(encoding="utf-8"))
    return Study(folder, asked, said.out, said.page)


# ---- Points ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Points:
    """What was simulated, in a CSV: numbers by the values of the keys. Another study or scenario has another CSV."""

    file: Path
    keys: Sequence[str]
    wanted: int
    """How many there will be; for the line on the screen."""
    found: dict[tuple[str, ...], dict[str, float]] = field(default_factory=dict)

    @classmethod
    def of(cls, made: Study, scenario: Path, keys: Sequence[str], wanted: int) -> Points:
        """Those of a study that are there already."""
        asked = repr(made.asked).encode() + scenario.read_bytes()
        points = cls(made.out / f"points-{hashlib.sha256(asked).hexdigest()[:8]}.csv", keys, wanted)
        if points.file.is_file():
            with points.file.open(encoding="utf-8", newline="") as text:
                for row in csv.DictReader(text):
                    key = tuple(row.pop(name) for name in keys)
                    points.found[key] = {name: float(value) for name, value in row.items()}
        return points

    def get(self, key: Sequence[object], simulate: Callable[[], Mapping[str, float]]) -> dict[str, float]:
        """A point; simulated and kept unless it is there."""
        name = tuple(map(str, key))
        if name not in self.found:
            print(f"\r{len(self.found)} of {self.wanted} points", end="", file=sys.stderr, flush=True)
            self.found[name] = dict(simulate())
            self._write()
        return self.found[name]

    def _write(self) -> None:
        """All points, whole or not at all."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        part = self.file.with_suffix(".part")
        with part.open("w", encoding="utf-8", newline="") as text:
            writer = csv.writer(text)
            writer.writerow([*self.keys, *next(iter(self.found.values()))])
            writer.writerows([*key, *values.values()] for key, values in self.found.items())
        part.replace(self.file)


def fewest_people(
    simulate: Callable[[int], Mapping[str, float]], kpi: str, target: float, between: Sequence[int], guess: float
) -> dict[str, float]:
    """The fewest people with which a KPI reaches a target, and all else that was simulated, at that place.

    Two neighbours are found that lie on the two sides of the target, and everything is interpolated between them: 11.4
    people are 11 on six days of ten and 12 on four. `between` says the fewest and the most that are tried; SystemExit
    if the target is not between them.
    """
    fewest, most = between
    simulated: dict[int, Mapping[str, float]] = {}

    def at(people: int) -> Mapping[str, float]:
        if people not in simulated:
            simulated[people] = simulate(people)
        return simulated[people]

    low, high, people = fewest, most, floor(guess)
    while high - low > 1:
        people = min(max(people, low + 1), high - 1)
        if at(people)[kpi] >= target:
            high, people = people, people - 1
        else:
            low, people = people, people + 1
    below, above = at(low), at(high)
    if not below[kpi] < target <= above[kpi]:
        raise SystemExit(f"no {kpi} of {target:g} with {fewest} to {most} people: widen the range in study.yaml")
    part = (target - below[kpi]) / (above[kpi] - below[kpi])
    return {PEOPLE: low + part * (high - low)} | {
        name: value + part * (above[name] - value) for name, value in below.items()
    }


# ---- What they say --------------------------------------------------------------------------------------------------


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Mean of batches and half its 95 % interval (Student's t)."""
    from scipy.stats import t

    return mean(values), float(t.ppf(0.975, len(values) - 1)) * stdev(values) / sqrt(len(values))


def plus_minus(values: Sequence[float], decimals: int, unit: str = "") -> str:
    """A mean with half its interval."""
    middle, half = interval(values)
    return f"{middle:,.{decimals}f} ± {half:,.{decimals}f} {unit}".rstrip()


def decided(values: Sequence[float]) -> bool:
    """Whether the interval of a difference leaves 0 out."""
    middle, half = interval(values)
    return abs(middle) > half


def crossing(places: Sequence[float], values: Sequence[float]) -> float | None:
    """Where a curve first reaches or leaves 0, between two of its places; None where it does not."""
    for i in range(1, len(values)):
        if (values[i - 1] < 0) != (values[i] < 0):
            return places[i - 1] + (places[i] - places[i - 1]) * values[i - 1] / (values[i - 1] - values[i])
    return None


def least(by_choice: Mapping[int, Sequence[float]]) -> tuple[int, list[int]]:
    """The choice with the least mean, and those that cannot be told from it, paired by batch."""
    best = min(by_choice, key=lambda one: sum(by_choice[one]))
    near = [
        one
        for one, values in by_choice.items()
        if one != best and not decided([a - b for a, b in zip(values, by_choice[best], strict=True)])
    ]
    return best, near


def told(choice: tuple[int, list[int]], unit: str) -> str:
    """What `least` has found, in words."""
    best, near = choice
    return f"{best} {unit}" + (f" (or {', '.join(map(str, near))}: not decided)" if near else "")


def erlang_a_agents(
    target: float, *, calls: float, handle_time: float, patience: float, within: float, there: int = 0
) -> float:
    """Fewest agents that answer a share `target` of the calls in time by Erlang A, interpolated as those that are
    simulated are; all times in one unit, calls for each of it. From `there` on."""
    from ccsim.theory import erlang_a

    agents, served = there + 1, 0.0
    while True:
        level = erlang_a(calls, handle_time, agents, patience).answered_within(within)
        if level >= target:
            return agents - 1 + (target - served) / (level - served)
        agents, served = agents + 1, level


@contextmanager
def picture(made: Study, width: float, height: float) -> Iterator[Figure]:
    """A figure that is saved as the study's picture, the same file for the same numbers."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": made.folder.name, "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(width, height), layout="constrained")
        yield figure
        figure.savefig(made.page / "picture.svg", format="svg", metadata={"Date": None})


def label_ends(axes: Axes, x: float, ends: Mapping[str, float]) -> None:
    """The names of lines beside their ends at `x`, in the colours C0, C1, ..., apart from each other."""
    bottom, top = axes.get_ylim()
    lines = max(name.count("\n") for name in ends) + 1
    apart, last = 0.06 * lines * (top - bottom), float("-inf")
    for number, (name, y) in sorted(enumerate(ends.items()), key=lambda one: one[1][1]):
        last = max(y, last + apart)
        axes.annotate(name, (x, last), (6, 0), textcoords="offset points", va="center", color=f"C{number}", fontsize=8)


def write_table(page: Path, table: str) -> None:
    """The figures into the README, between two marks."""
    head, rest = page.read_text(encoding="utf-8").split(BEGIN)
    page.write_text(f"{head}{BEGIN}\n{table}\n{END}{rest.split(END)[1]}", encoding="utf-8")
