"""A comparison as its page reads it: rows by variant and KPI, sentences, figures and tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from ccsim.report import sentences
from ccsim.report.compare_figures import Spread, cost_plot, difference_plot
from ccsim.report.facts import Facts
from ccsim.report.numbers import Shown, percent, said, shown_in
from ccsim.report.parts import Cell, Chart, Column, Section, Table, word
from ccsim.report.sections import KEY_FIGURES
from ccsim.results.comparison import Alternative, Comparison
from ccsim.results.parquet import plain_rows

Row = Mapping[str, Any]
Key = tuple[str, str, str, float | None]
"""KPI, scope, name, threshold in seconds."""

MOST_PANELS: Final = 6
MOST_VARIANTS: Final = 6
"""Variants that stand side by side; the comparison's CSV has all."""
COST: Final[Key] = ("cost_per_day", "all", "all", None)


class Compared:
    """What the page asks a comparison for."""

    def __init__(self, made: Comparison) -> None:
        self.made = made
        self.facts = Facts(made.base)
        self._rows: dict[tuple[str, Key], Row] = {}
        for row in plain_rows(made.differences):
            self._rows[row["variant"], (row["kpi"], row["scope"], row["name"], row["threshold_s"])] = row

    def row(self, variant: Alternative, key: Key) -> Row | None:
        """Difference of a variant; None where there is none."""
        found = self._rows.get((variant.name, key))
        return None if found is None or found["difference"] is None else found

    def short(self, alternative: Alternative) -> str:
        """A name without the base's before it."""
        base = self.made.alternatives[0].name
        return alternative.name.removeprefix(f"{base}+")

    @property
    def goal_keys(self) -> list[tuple[str, Key]]:
        """Words and key of every goal that is limited to one part at most, each once; service level without goals."""
        found: dict[Key, str] = {}
        for goal in self.made.goals:
            scope = list(goal["scope"].items())
            if len(scopes := scope or [("all", "all")]) == 1:
                where, name = scopes[0]
                found.setdefault((goal["kpi"], where, str(name), goal["threshold_s"]), sentences.goal_name(goal))
        threshold = None if self.facts.threshold is None else self.facts.threshold / 1e6
        keys = found or {("service_level", "all", "all", threshold): "service level"}
        return [(words, key) for key, words in keys.items()]

    def title(self, key: Key, words: str) -> str:
        """A KPI's words, with its threshold."""
        self.facts.used.add(key[0])
        return words if key[3] is None else f"{words}, {key[3]:g} s"


def answer(compared: Compared) -> str:
    """Which variants are surely better on some goal and worse on none."""
    made = compared.made
    good = []
    for variant in made.variants:
        verdicts = [row["good"] for _, key in compared.goal_keys if (row := compared.row(variant, key)) is not None]
        if "better" in verdicts and "worse" not in verdicts:
            good.append(f"{compared.short(variant)} ({cost_words(compared, variant)})")
    whole = len(made.variants)
    of = "the variant" if whole == 1 else f"{whole} variants"
    if not good:
        return f"Of {of} none is surely better than {made.base.name} on a goal without being worse on another."
    return f"Of {of} surely better on a goal and on none surely worse: {'; '.join(good)}."


def cost_words(compared: Compared, variant: Alternative) -> str:
    """What a variant costs more or less, and whether that is sure."""
    row = compared.row(variant, COST)
    if row is None:
        return "cost not known"
    if row["verdict"] == "equal":
        return "costs the same"
    more = "more" if row["difference"] > 0 else "less"
    sure = "not decided" if row["verdict"] == "not decided" else "sure"
    return f"{_size(row)} {more}, {sure}"


def _size(row: Row) -> str:
    """Size of a difference: `4.2 ± 0.9 points`."""
    shown = _difference_unit(row)
    half = None if row["low"] is None else (row["high"] - row["low"]) / 2
    cell = shown.cell(abs(row["difference"]), half)
    return f"{cell.text}{f' ± {cell.half}' if cell.half else ''} {shown.unit}"


def _difference_unit(row: Row) -> Shown:
    return Shown("points", 100.0) if row["unit"] == "share" else shown_in(row["unit"], [row["base"], row["value"]])


def variant_lines(compared: Compared) -> list[tuple[str, str, str]]:
    """Name, changes and effect of every variant."""
    return [
        (compared.short(v), "; ".join(v.changes) or "no difference that changes results", _effect(compared, v))
        for v in compared.made.variants
    ]


def _effect(compared: Compared, variant: Alternative) -> str:
    told = [f"{cost_words(compared, variant)[0].upper()}{cost_words(compared, variant)[1:]}"]
    for words, key in compared.goal_keys:
        row = compared.row(variant, key)
        if row is None or key == COST:
            continue
        title = compared.title(key, words)
        if row["verdict"] == "equal":
            told.append(f"{title} is the same")
            continue
        way = "higher" if row["difference"] > 0 else "lower"
        told.append(f"{title} {_size(row)} {way}, {_sure(row)}")
    return "; ".join(told) + "."


def _sure(row: Row) -> str:
    if row["verdict"] != "not decided":
        return f"sure and {row['good']}" if row["good"] else "sure"
    more = row["more_replications"]
    return "not decided" if more is None else f"not decided (about {float(more):,.0f} more replications would)"


def goal_table(compared: Compared) -> Table | None:
    """Every goal and alternative: result, whether it is met, chance that its mean is best, replications won."""
    made, rows = compared.made, []
    best = {(row["goal"], row["alternative"]): row for row in plain_rows(made.best)}
    for number, goal in enumerate(made.goals):
        compared.facts.used.add(goal["kpi"])
        for i, one in enumerate(made.alternatives):
            own, chance = made.runs[one.name].goals[number], best.get((number, one.name), {})
            head = f"{sentences.goal_name(goal)}, {sentences.goal_target(goal)}" if i == 0 else ""
            verdict = {True: "✓ met", False: "✗ missed", None: "? not known"}[own["met"]]
            if own["met"] is not None and not sentences.sure(own):
                verdict += ", too close to call"
            result = said(own) if own["estimate"] is not None else "not known"
            rows.append(
                [Cell(head, kpi=goal["kpi"] if i == 0 else ""), word(compared.short(one)), word(verdict), word(result),
                 _share(chance.get("probability_best")), _share(chance.get("share_won"))]
            )  # fmt: skip
    columns = [
        Column("goal", words=True),
        Column("alternative", words=True),
        Column("met", words=True),
        Column("result", words=True),
        Column("P(mean is best)", "%"),
        Column("Won", "% of replications"),
    ]
    return Table("Goals", columns, rows, sortable=False) if rows else None


def _share(value: float | None) -> Cell:
    return Cell("-") if value is None else Cell(percent(value).removesuffix(" %"), value=value * 100)


def differences(compared: Compared) -> Chart | None:
    """Differences of the goals' KPIs with their intervals."""
    spreads, frames = [], []
    for words, key in compared.goal_keys[:MOST_PANELS]:
        rows = [(v, row) for v in compared.made.variants if (row := compared.row(v, key)) is not None]
        if not rows:
            continue
        shown = _difference_unit(rows[0][1])
        data = pd.DataFrame(
            {
                "variant": [compared.short(v) for v, _ in rows],
                "difference": [row["difference"] * shown.factor for _, row in rows],
                "half": [
                    0.0 if row["low"] is None else (row["high"] - row["low"]) / 2 * shown.factor for _, row in rows
                ],
                "good": [row["good"] or "" for _, row in rows],
            }
        )
        spreads.append(Spread(compared.title(key, words), shown.unit, data))
        frames.append(data.assign(kpi=compared.title(key, words), unit=shown.unit))
    if not spreads:
        return None
    title = f"Difference from {compared.made.base.name}"
    note = (
        "Intervals that hold for all variants at once. Dashed: no change. Blue: surely better, orange: surely worse; "
        "diamond: neither."
    )
    drawn = difference_plot("differences", spreads, f"{title}. {answer(compared)}")
    return Chart(
        title,
        drawn,
        "",
        note,
        pd.concat(frames, ignore_index=True),
        units={"difference": "see unit", "half": "see unit"},
    )


def trade(compared: Compared) -> Chart | None:
    """Cost against the first goal's KPI (that is not a cost) with every alternative; None where one is not known."""
    wanted = [(words, key) for words, key in compared.goal_keys if not key[0].startswith("cost")]
    rows = [(v, compared.row(v, COST)) for v in compared.made.variants]
    if not wanted or any(row is None for _, row in rows):
        return None
    words, key = wanted[0]
    services = [compared.row(v, key) for v in compared.made.variants]
    pairs = [(v, c, s) for (v, c), s in zip(rows, services, strict=True) if c is not None and s is not None]
    if not pairs:
        return None
    shown, cost = shown_in(pairs[0][2]["unit"], [pairs[0][2]["base"]]), shown_in(pairs[0][1]["unit"])
    base = (
        compared.short(compared.made.alternatives[0]),
        *_ends(pairs[0][1], "base", cost),
        *_ends(pairs[0][2], "base", shown),
    )
    lines = [base, *((compared.short(v), *_ends(c, "value", cost), *_ends(s, "value", shown)) for v, c, s in pairs)]
    data = pd.DataFrame(lines, columns=["alternative", "cost", "cost_half", "service", "service_half"])
    title, service = "Cost against service", compared.title(key, words)
    units = {"cost": cost.unit, "cost_half": cost.unit, "service": shown.unit, "service_half": shown.unit}
    note = "Bars: each alternative's own 95 % interval, wider than that of the paired differences. Square: the base."
    drawn = cost_plot("trade", data, f"{service}, {shown.unit}", f"Cost, {cost.unit}", f"{title}: {service}")
    return Chart(title, drawn, "", note, data, units=units)


def _ends(row: Row, which: str, shown: Shown) -> tuple[float, float]:
    return row[which] * shown.factor, (row[f"{which}_half_width"] or 0.0) * shown.factor


def side_by_side(compared: Compared) -> Section:
    """The main KPIs of the base and every variant, with differences."""
    made, threshold = compared.made, compared.facts.threshold
    variants = made.variants[:MOST_VARIANTS]
    columns = [Column("KPI", words=True), Column("base")]
    for variant in variants:
        columns += [Column(head, group=compared.short(variant)) for head in ("value", "difference")]
        columns.append(Column("verdict", words=True, group=compared.short(variant)))
    rows: list[list[Cell]] = []
    for name in KEY_FIGURES:
        definition = compared.facts.kpis[name]
        at = None if threshold is None or not definition.by_threshold else threshold / 1e6
        found = [compared.row(v, (name, "all", "all", at)) for v in variants]
        known = [row for row in found if row is not None]
        if not known or not any(row["base"] or row["value"] for row in known):
            continue
        compared.facts.used.add(name)
        shown = shown_in(known[0]["unit"], [row["base"] for row in known])
        cells = [Cell(definition.title, unit=shown.unit, kpi=name)]
        cells.append(shown.cell(known[0]["base"], known[0]["base_half_width"]))
        for row in found:
            cells += [Cell("-")] * 3 if row is None else _compared_cells(row, shown)
        rows.append(cells)
    note = (
        "" if len(made.variants) <= MOST_VARIANTS else f"The first {MOST_VARIANTS} variants; differences.csv has all."
    )
    return Section(
        "side", "Side by side", tables=[Table("Side by side", columns, rows, note, sortable=False)] if rows else []
    )


def _compared_cells(row: Row, shown: Shown) -> list[Cell]:
    half = None if row["low"] is None else (row["high"] - row["low"]) / 2
    cell = shown.cell(row["difference"], half)
    sign = "+" if row["difference"] > 0 and cell.text.strip("0.,-") else ""
    none = row["verdict"] == "equal"
    difference = Cell("none") if none else Cell(f"{sign}{cell.text}", cell.half, cell.value, cell.note)
    return [shown.cell(row["value"], row["value_half_width"]), difference, word(row["good"] or row["verdict"])]
