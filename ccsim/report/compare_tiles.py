"""Numbers of a comparison: what one alternative costs and does for the goals, beside the base."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ccsim.kpis.shown import names_in
from ccsim.kpis.verdicts import MARKS, STANDINGS, Verdict
from ccsim.report.compared import COST, Compared, Row, signed, unit_of
from ccsim.report.overview import Tile
from ccsim.results.comparison import Alternative
from ccsim.results.summary import work_said
from ccsim.results.text import ends_of

NUMBERS: Final = 3
GOAL_SAID: Final[dict[Verdict, str]] = {
    "pass": f"{MARKS['pass'][0]} passes its goal",
    "fail": f"{MARKS['fail'][0]} fails its goal",
    "inconclusive": f"{MARKS['inconclusive'][0]} its goal is inconclusive",
}


def shown_alternative(compared: Compared) -> Alternative:
    """The variant that the numbers are of: the chosen one; if that is the base or nobody, the cheapest variant of the
    next best standing.
    """
    chosen, variants = compared.chosen, compared.made.variants
    if chosen is not None and chosen is not compared.made.alternatives[0]:
        return chosen

    def rank(one: Alternative) -> tuple[int, float]:
        row = compared.standing(one)
        return STANDINGS.index(row["meets"]), row["value"] or 0.0

    return min(variants, key=rank)


def tiles(compared: Compared) -> list[Tile]:
    """Differences of one alternative from the base: cost, KPIs of the goals (those it fails first), then others."""
    variant = shown_alternative(compared)
    found: list[Tile] = []
    seen: set[str] = set()
    for words, kpi, row, said in _wanted(compared, variant):
        if row is None or kpi in seen or compared.facts.kpis[kpi].better == "neither":
            continue
        seen.add(kpi)
        found.append(_tile(compared, row, kpi, words, said))
        if len(found) == NUMBERS:
            break
    return found


def _wanted(compared: Compared, variant: Alternative) -> Iterator[tuple[str, str, Row | None, str]]:
    cost = compared.row(variant, COST)
    yield compared.facts.kpis[COST[0]].title, COST[0], cost, _decided(cost)
    order = {"fail": 0, "inconclusive": 1, "pass": 2}
    asked = [one for one in compared.questions if not compared.facts.kpis[one.kpi].in_money]
    if compared.made.goals:
        own = compared.made.runs[variant.name].goals
        asked.sort(key=lambda one: order[own[one.goal or 0]["verdict"]])
        for one in asked:
            verdict: Verdict = own[one.goal or 0]["verdict"]
            yield one.words, one.kpi, compared.answer_to(one, variant), GOAL_SAID[verdict]
    else:
        for one in asked:
            row = compared.answer_to(one, variant)
            yield one.words, one.kpi, row, _decided(row)
    for kpi in names_in("best variants"):
        scope, name = compared.facts.told_of(kpi)
        row = compared.row(variant, (kpi, scope, name, None))
        yield f"{compared.facts.kpis[kpi].title}{work_said(scope)}", kpi, row, _decided(row)


def _decided(row: Row | None) -> str:
    if row is None:
        return ""
    words = {"better": "significantly better", "worse": "significantly worse"}
    return words.get(row["good"], "no difference" if row["verdict"] == "equal" else "not decided")


def _tile(compared: Compared, row: Row, kpi: str, words: str, said: str) -> Tile:
    compared.facts.used.add(kpi)
    cell, shown = signed(row), unit_of(row)
    interval = cell.interval or ("± 0" if ends_of(row) is not None and row["verdict"] != "equal" else "")
    text = "±0" if row["verdict"] == "equal" else cell.text
    return Tile(f"{words[0].upper()}{words[1:]}", kpi, text, interval, shown.unit, said)
