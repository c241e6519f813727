"""Sizes of differences in words: how much more or less, with the interval."""

from __future__ import annotations

from collections.abc import Sequence

from ccsim.kpis.definitions import KPIS
from ccsim.report.compared import COST, Compared, Row, unit_of
from ccsim.results.comparison import Alternative
from ccsim.results.text import Ends, ends_of


def amount(row: Row) -> str:
    """Size of a difference: `8,980 USD a day`."""
    shown = unit_of(row)
    return f"{shown.cell(*_positive(row)).text} {shown.unit}"


def half(row: Row) -> str:
    """The interval of a size, to stand in brackets: `±7`, `11 to 24`."""
    text = unit_of(row).cell(*_positive(row)).interval.strip("()").replace("± ", "±")
    return f"{text}{f' {unit_of(row).unit}' if none_shown(row) else ''}" if text else "±0"


def none_shown(row: Row) -> bool:
    """Whether nothing is left of a difference when it is rounded to what its interval justifies."""
    return not unit_of(row).cell(row["difference"], ends_of(row)).text.strip("-0.,")


def significance(row: Row) -> str:
    """The interval of a size, and whether the difference is significant: `±7, significant`."""
    if ends_of(row) is None:
        return "one replication, not decided"
    return f"{half(row)}, {'not decided' if row['verdict'] == 'not decided' else 'significant'}"


def way(row: Row) -> str:
    """A difference in words: `12.1 points higher (±0.8, significant)`."""
    if row["verdict"] == "equal":
        return "the same"
    if none_shown(row):
        return f"about the same ({significance(row)})"
    return f"{amount(row)} {'higher' if row['difference'] > 0 else 'lower'} ({significance(row)})"


def _positive(row: Row) -> tuple[float, Ends | None]:
    """Size of a difference and the ends of its interval, turned with it."""
    value, ends = float(row["difference"]), ends_of(row)
    return (-value, None if ends is None else (-ends[1], -ends[0])) if value < 0 else (value, ends)


def cost_words(compared: Compared, variant: Alternative) -> str:
    """What a variant costs more or less than the base, and whether that is significant."""
    row = compared.row(variant, COST)
    if row is None:
        return "cost is not known"
    if row["verdict"] == "equal":
        return "costs the same"
    if none_shown(row):
        return f"costs about the same ({significance(row)})"
    return f"costs {amount(row)} {'more' if row['difference'] > 0 else 'less'} ({significance(row)})"


def beside_chosen(compared: Compared, alternative: Alternative) -> Row | None:
    """What an alternative costs (or needs of agents) more than the chosen one, as a row of differences; None for the
    chosen one and where that is not known.
    """
    row = compared.standing(alternative)
    if compared.chosen is None or row["difference"] is None:
        return None
    unit = KPIS[row["measure"]].unit.replace("money", compared.made.base.measured.currency)
    return {**row, "unit": unit, "base": compared.standing(compared.chosen)["value"], "kpi": row["measure"]}


def in_agents(row: Row) -> bool:
    """Whether alternatives are ranked by agents on the line, as there are no prices."""
    return str(row["kpi"]) == "agents"


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: `a`, `a and b`, `a, b and c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
