"""Three numbers of a comparison: for cost and two KPIs, the variant that does best against the base."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ccsim.kpis.shown import names_in
from ccsim.report.compared import COST, Compared, Key, Row, signed, title_of, unit_of
from ccsim.report.overview import Tile
from ccsim.results.comparison import Alternative
from ccsim.results.text import ends_of

NUMBERS: Final = 3


def tiles(compared: Compared) -> list[Tile]:
    """The difference of the best variant for cost, the first two other KPIs of the goals, and more if those lack."""
    found: list[Tile] = []
    seen: set[str] = set()
    for words, key in _wanted(compared):
        rows = [(one, row) for one in compared.made.variants if (row := compared.row(one, key)) is not None]
        better = compared.facts.kpis[key[0]].better
        if not rows or better == "neither" or key[0] in seen:
            continue
        sign = 1 if better == "higher" else -1
        variant, row = max(rows, key=lambda pair: sign * pair[1]["difference"])
        seen.add(key[0])
        found.append(_tile(compared, variant, row, words))
        if len(found) == NUMBERS:
            break
    return found


def _wanted(compared: Compared) -> Iterator[tuple[str, Key]]:
    yield compared.facts.kpis[COST[0]].title, COST
    yield from ((words, key) for words, key in compared.goal_keys if not compared.facts.kpis[key[0]].in_money)
    for kpi in names_in("best variants"):
        key = (kpi, "all", "all", None)
        yield title_of(key, compared.facts.kpis[kpi].title), key


def _tile(compared: Compared, variant: Alternative, row: Row, words: str) -> Tile:
    compared.facts.used.add(row["kpi"])
    cell, shown = signed(row), unit_of(row)
    sure = {"better": "significantly better", "worse": "significantly worse, so the base is best"}
    said = sure.get(row["good"], "no difference" if row["verdict"] == "equal" else "not decided")
    interval = cell.interval or ("± 0" if ends_of(row) is not None and row["verdict"] != "equal" else "")
    name = f"{compared.short(variant)}: " if len(compared.made.variants) > 1 else ""
    text = "±0" if row["verdict"] == "equal" else cell.text
    return Tile(f"{words[0].upper()}{words[1:]}", row["kpi"], text, interval, shown.unit, f"{name}{said}")
