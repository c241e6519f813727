"""Charts of a comparison: cost against service, and every difference with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from ccsim.report.compare_answer import answer
from ccsim.report.compare_figures import Spread, difference_plot, trade_plot
from ccsim.report.compared import COST, Compared, Row, unit_of, verdict
from ccsim.report.numbers import Shown
from ccsim.report.parts import Chart
from ccsim.results.comparison import Alternative
from ccsim.results.text import ends_of

MOST_PANELS: Final = 12
HOW: Final = (
    "A dot and its 95 % interval a variant; intervals hold for all variants at once, KPI by KPI. Dashed: no change. "
    "Blue: significantly better; orange: significantly worse; diamond: neither."
)


def trade(compared: Compared) -> Chart | None:
    """Cost against the first goal that is not a cost, as differences from the base; None where one is not known."""
    if compared.service is None:
        return None
    asked = compared.service
    pairs = [(one, compared.row(one, COST), compared.answer_to(asked, one)) for one in compared.made.variants]
    known = [(one, cost, row) for one, cost, row in pairs if cost is not None and row is not None]
    if not known:
        return None
    compared.facts.used |= {COST[0], asked.kpi}
    money, shown = unit_of(known[0][1]), unit_of(known[0][2])
    names = [compared.short(one) for one, _, _ in known]
    data = pd.DataFrame(
        [
            (name, compared.standing(one)["meets"], *_moved(cost, money), *_moved(row, shown))
            for name, (one, cost, row) in zip(names, known, strict=True)
        ],
        columns=["variant", "meets", "cost", "cost_low", "cost_high", "service", "service_low", "service_high"],
    )  # fmt: skip
    units = {
        f"{what}{end}": of.unit for what, of in (("cost", money), ("service", shown)) for end in ("", "_low", "_high")
    }
    title = f"Cost and {asked.words}"
    full = " A full mark meets all goals, a hollow one does not, or is not decided." if compared.made.goals else ""
    note = f"Each variant less {compared.base_name}, with 95 % intervals that hold for all variants at once.{full}"
    better = compared.facts.kpis[asked.kpi].better
    labels = (f"Cost: difference, {money.unit}", f"Difference, {shown.unit}")
    drawn = trade_plot("trade", data, compared.base_name, labels, better, f"{title}. {answer(compared)}")
    return Chart(title, drawn, "", note, data, units=units)


def _moved(row: Row, shown: Shown) -> tuple[float, float, float]:
    """A difference and both ends of its interval (itself without one), in shown units."""
    low, high = ends_of(row) or (row["difference"],) * 2
    return row["difference"] * shown.factor, low * shown.factor, high * shown.factor


def differences(compared: Compared) -> list[Chart]:
    """A chart for cost and one for each goal's KPI: every variant's difference with its interval."""
    variants = compared.made.variants
    panels = [("cost a day", COST[0], [(one, compared.row(one, COST)) for one in variants])]
    panels += [
        (asked.words, asked.kpi, [(one, compared.answer_to(asked, one)) for one in variants])
        for asked in compared.questions
        if asked.kpi != COST[0] or (asked.goal is not None and compared.made.goals[asked.goal]["scope"])
    ]
    made = (_spread(compared, number, *panel) for number, panel in enumerate(panels[:MOST_PANELS]))
    return [chart for chart in made if chart is not None]


def _spread(
    compared: Compared, number: int, words: str, kpi: str, found: Sequence[tuple[Alternative, Row | None]]
) -> Chart | None:
    rows = [(one, row) for one, row in found if row is not None]
    if not rows:
        return None
    compared.facts.used.add(kpi)
    shown = unit_of(rows[0][1])
    moved = [(compared.short(one), *_moved(row, shown), verdict(row)) for one, row in rows]
    data = pd.DataFrame(moved, columns=["variant", "difference", "low", "high", "verdict"])
    title = f"{words[0].upper()}{words[1:]}"
    drawn = difference_plot(f"difference-{number}", Spread(shown.unit, data), f"{title}: difference, {shown.unit}")
    units = dict.fromkeys(("difference", "low", "high"), shown.unit)
    return Chart(f"{title}: difference", drawn, "", "", data, units=units)
