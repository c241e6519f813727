"""Run the study: simulate the base and its variants with the same random numbers, write comparison, picture and table.

`python experiments/01-vendor-mix/study.py`; a comparison that is there already is only drawn again.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from ccsim import api
from ccsim.results.comparison import Comparison

sys.path.append(str(Path(__file__).parents[2]))
from experiments.studies import Study, picture, study

ROOT = Path(__file__).parents[2]


def main() -> None:
    made = study(__file__, __doc__)
    asked = made.asked
    found = compared(made)
    rows = [row(found, variant, one) for one in asked["picture"] for variant in asked["variants"]]
    draw(made, rows)
    made.says(table(rows, found))


def compared(made: Study) -> Comparison:
    """The comparison; simulated unless it lies there."""
    if (made.out / "compare.json").is_file():
        return Comparison.read(made.out)
    asked = made.asked
    base = str(ROOT / asked["scenario"])
    from ccsim.experiments.progress import Talk

    with Talk() as talk:
        return api.compare(
            base,
            *(f"{base}:{variant}" for variant in asked["variants"]),
            replications=asked["replications"],
            seed=asked["seed"],
            out=made.out,
            progress=talk,
        )


def row(made: Comparison, variant: str, asked: dict[str, Any]) -> dict[str, Any]:
    """One difference, with what was asked for."""
    name = next(one.name for one in made.variants if one.name.endswith(variant))
    found = made.differences
    found = found[
        (found["variant"] == name)
        & (found["kpi"] == asked["kpi"])
        & (found["scope"] == asked["scope"])
        & (found["name"] == asked["name"])
    ]
    if "threshold_s" in asked:
        found = found[found["threshold_s"] == asked["threshold_s"]]
    (values,) = found.to_dict("records")
    return values | {"variant": variant}


def shown(values: dict[str, Any], column: str) -> float:
    """A value in the unit that is printed: shares in points of a hundred."""
    return float(values[column]) * (100.0 if values["unit"] == "share" else 1.0)


def unit(values: dict[str, Any]) -> str:
    return "% points" if values["unit"] == "share" else str(values["unit"])


def short(value: float) -> str:
    """A number with four significant digits or so, never in powers of ten."""
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}" if abs(value) < 1 else f"{value:.2f}"


def title(values: dict[str, Any]) -> str:
    threshold = values["threshold_s"]
    within = f", {threshold:g} s" if isinstance(threshold, float) and threshold == threshold else ""
    return f"{values['kpi'].replace('_', ' ')}{within} ({values['name']})"


def draw(made: Study, rows: list[dict[str, Any]]) -> None:
    """Differences with their intervals: one panel a KPI, one line a variant."""
    variants = made.asked["variants"]
    panels = len(rows) // len(variants)
    with picture(made, 7.2, 0.95 * panels + 0.6) as figure:
        for axes, first in zip(figure.subplots(panels, 1), range(0, len(rows), len(variants)), strict=True):
            for place, values in enumerate(rows[first : first + len(variants)]):
                middle = shown(values, "difference")
                ends = [[middle - shown(values, "low")], [shown(values, "high") - middle]]
                decided = values["verdict"] in ("higher", "lower")
                axes.errorbar(middle, -place, xerr=ends, fmt="o" if decided else "s", capsize=3, color=f"C{place}",
                              markerfacecolor=f"C{place}" if decided else "white")  # fmt: skip
            axes.axvline(0, color="0.5", linewidth=0.8)
            axes.set_yticks([-place for place in range(len(variants))], variants)
            axes.set_ylim(-len(variants) + 0.5, 0.5)
            axes.set_title(f"{title(rows[first])}: difference from today, {unit(rows[first])}", loc="left", fontsize=9)


def table(rows: list[dict[str, Any]], made: Comparison) -> list[str]:
    lines = ["| | variant | today | variant's | difference, 95 % interval | |", "|---|---|---|---|---|---|"]
    for values in rows:
        difference = f"{short(shown(values, 'low'))} to {short(shown(values, 'high'))} {unit(values)}"
        lines.append(
            f"| {title(values)} | {values['variant']} "
            f"| {short(shown(values, 'base'))} | {short(shown(values, 'value'))} "
            f"| {difference} | {values['verdict']}{', ' + values['good'] if values['good'] else ''} |"
        )
    replications = int(made.differences["replications"].max())
    return [*lines, "", f"{replications} paired replications of four weeks; intervals hold for both variants at once."]


if __name__ == "__main__":
    main()
