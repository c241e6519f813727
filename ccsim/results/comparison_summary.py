"""A comparison in a few lines: what each variant changes, and what that does to goals and cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, Any, Final

from ccsim.kpis.definitions import MAIN_COST
from ccsim.kpis.shown import names_in
from ccsim.results.summary import aligned, told_of, within
from ccsim.results.text import decimals_for, ends_of, ends_text, rounded, short, side_of, three_digits

if TYPE_CHECKING:
    from ccsim.results.comparison import Alternative, Comparison

Row = Mapping[str, Any]
Key = tuple[str, str, str, float | None]
"""KPI, scope, name, threshold in seconds."""

HEAD: Final = ["  KPI", "base", "variant", "difference", ""]


def comparison_summary(made: Comparison) -> str:
    """The comparison as text, KPIs by the names that `comparison.difference` takes."""
    lines = [_simulated(made)]
    for variant, rows in _tables(made):
        lines += ["", _said(variant), *aligned([HEAD, *rows])]
    return "\n".join(lines)


def comparison_html(made: Comparison) -> str:
    """The same as HTML, for a notebook."""
    parts = [f"<p>{escape(_simulated(made))}</p>"]
    for variant, rows in _tables(made):
        head = "".join(f"<th>{escape(text.strip())}</th>" for text in HEAD)
        body = "".join(f"<tr>{''.join(f'<td>{escape(cell.strip())}</td>' for cell in row)}</tr>" for row in rows)
        caption = f"<caption>{escape(_said(variant))}</caption>"
        parts.append(f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
    return "".join(parts)


def _simulated(made: Comparison) -> str:
    others = len(made.variants)
    return f"{made.base.name} against {others} variant{'s' * (others != 1)}: {made.replications_told}, seed {made.seed}"


def _said(variant: Alternative) -> str:
    return f"{variant.name}: {'; '.join(variant.changes) or 'no difference that changes results'}"


def _tables(made: Comparison) -> Iterator[tuple[Alternative, list[list[str]]]]:
    from ccsim.results.parquet import plain_rows

    found: dict[tuple[str, Key], Row] = {}
    for row in plain_rows(made.differences):
        found[row["variant"], (row["kpi"], row["scope"], row["name"], row["threshold_s"])] = row
    keys = list(_keys(made))
    for variant in made.variants:
        rows = [found[variant.name, key] for key in keys if (variant.name, key) in found]
        yield variant, [_cells(row) for row in rows if row["difference"] is not None]


def _keys(made: Comparison) -> Iterator[Key]:
    """The KPIs of the goals where they are limited to one part at most and not in time, then the cost."""
    for goal in made.goals:
        scopes = list(goal["scope"].items())
        if len(scopes) < 2 and not goal.get("time"):
            scope, name = scopes[0] if scopes else ("all", "all")
            yield goal["kpi"], scope, name, goal["threshold_s"]
    if not made.goals:
        mixed = len(set(made.base.tables["queues"]["kind"])) > 1
        for threshold in (*(t / 1e6 for t in made.base.measured.thresholds), None):
            yield from ((kpi, *told_of(kpi, mixed=mixed), threshold) for kpi in names_in("no goals"))
    if not any(goal["kpi"] == MAIN_COST and not goal["scope"] for goal in made.goals):
        yield MAIN_COST, "all", "all", None


def _cells(row: Row) -> list[str]:
    where = "" if row["scope"] == "all" else f" ({row['scope']} {row['name']})"
    return [
        f"  {within(row['kpi'], row['threshold_s'])}{where}",
        short(row["base"], ends_of(row, "base_"), row["unit"]),
        short(row["value"], ends_of(row, "value_"), row["unit"]),
        _difference(row),
        row["good"] or row["verdict"],
    ]


def _difference(row: Row) -> str:
    """With its sign and interval; of shares in points, which are hundredths."""
    scale, unit = (100.0, "points") if row["unit"] == "share" else (1.0, row["unit"])
    value, ends = row["difference"] * scale, ends_of(row)
    sign = "+" if value > 0 else ""
    if ends is None or ends[0] == ends[1]:
        return f"{sign}{three_digits(value)} {unit}"
    low, high = (end * scale for end in ends)
    decimals = decimals_for(side_of(value, (low, high)))
    return f"{sign}{rounded(value, decimals)} {ends_text(value, low, high, decimals)} {unit}"
