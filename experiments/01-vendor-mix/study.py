"""Run the study: play the base and its variants with the same luck, write the comparison, the picture and the table.

`python experiments/01-vendor-mix/study.py [--out FOLDER]`; a comparison that is there already is only drawn again.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import yaml

from ccsim import api
from ccsim.results.comparison import Comparison

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BEGIN, END = "<!-- written by study.py -->", "<!-- end -->"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "01-vendor-mix")
    out: Path = parser.parse_args().out
    study = yaml.safe_load((HERE / "study.yaml").read_text(encoding="utf-8"))
    made = compared(study, out)
    rows = [row(made, variant, asked) for asked in study["picture"] for variant in study["variants"]]
    draw(rows, study["variants"], HERE / "picture.svg")
    write_table(rows, made)
    print(made)
    print(f"\nPicture and table: {HERE.relative_to(ROOT)}; page and tables: {out}", file=sys.stderr)


def compared(study: dict[str, Any], out: Path) -> Comparison:
    """The comparison; played unless it lies there."""
    if (out / "compare.json").is_file():
        return Comparison.read(out)
    base = str(ROOT / study["scenario"])
    from ccsim.experiments.progress import Talk

    with Talk() as talk:
        return api.compare(
            base,
            *(f"{base}:{variant}" for variant in study["variants"]),
            replications=study["replications"],
            seed=study["seed"],
            out=out,
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


def draw(rows: list[dict[str, Any]], variants: list[str], path: Path) -> None:
    """Differences with their intervals: one panel a KPI, one line a variant."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    panels = len(rows) // len(variants)
    with mpl.rc_context({"svg.hashsalt": "01-vendor-mix", "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(7.2, 0.95 * panels + 0.6), layout="constrained")
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
        figure.savefig(path, format="svg", metadata={"Date": None})


def write_table(rows: list[dict[str, Any]], made: Comparison) -> None:
    """The figures into the README, between two marks."""
    lines = ["| | variant | today | variant's | difference, 95 % interval | |", "|---|---|---|---|---|---|"]
    for values in rows:
        difference = f"{short(shown(values, 'low'))} to {short(shown(values, 'high'))} {unit(values)}"
        lines.append(
            f"| {title(values)} | {values['variant']} "
            f"| {short(shown(values, 'base'))} | {short(shown(values, 'value'))} "
            f"| {difference} | {values['verdict']}{', ' + values['good'] if values['good'] else ''} |"
        )
    replications = int(made.differences["replications"].max())
    lines += ["", f"{replications} paired replications of four weeks; intervals hold for both variants at once."]
    page = HERE / "README.md"
    text = page.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    tail = rest.split(END)[1]
    page.write_text(f"{head}{BEGIN}\n{chr(10).join(lines)}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
