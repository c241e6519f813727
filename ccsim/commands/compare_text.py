"""What `ccsim compare` prints: a sentence a variant, and the KPIs of the trade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ccsim.metrics.paired import title_of
from ccsim.results.comparison import Alternative, Comparison
from ccsim.results.parquet import plain_rows
from ccsim.results.text import decimals_for, limits_of, rounded, short, three_digits

TRADE: Final = (
    "service_level", "abandonment", "mean_wait", "deadline_met", "backlog", "occupancy", "agents", "cost_per_day",
    "cost_per_contact", "cost_per_resolution",
)  # fmt: skip
"""KPIs of the trade between service and cost, after those of the goals; those without any difference are left out."""

MOST_KPIS: Final = 8
MOST_TABLES: Final = 3
"""With more variants than this there is a sentence for each, and tables on demand only."""
MOST_CHANGES: Final = 4

Row = Mapping[str, Any]


def document(made: Comparison) -> dict[str, Any]:
    """The comparison as one JSON document."""
    return {
        "comparison": made.base.name,
        "folder": None if made.folder is None else str(made.folder),
        "seed": made.seed,
        "replications": made.replications,
        "method": dict(made.method),
        "alternatives": [
            {
                "name": one.name,
                "digest": one.digest,
                "changes": list(one.changes),
                "goals": list(made.runs[one.name].goals),
            }
            for one in made.alternatives
        ],
        "best": plain_rows(made.best),
        "differences": plain_rows(made.differences),
    }


def lines(made: Comparison, *, kpis: Sequence[str] = (), every: bool = False) -> Iterator[str]:
    """The comparison for people, line by line.

    Parameters
    ----------
    kpis
        Print these, by every part.
    every
        Print every KPI of the whole.
    """
    others = len(made.variants)
    yield (
        f"{made.base.name} against {others} variant{'s' * (others != 1)}: {made.replications} paired replications, "
        + (f"seed {made.seed}")
    )
    yield f"  {made.method['text']}"
    if made.decided is not None:
        yield f"  until {made.method['until']}: {made.method['why']}"
    rows = plain_rows(made.differences)
    goal_rows = plain_rows(made.best)
    for one in made.variants:
        own = [row for row in rows if row["variant"] == one.name]
        yield ""
        yield from _sentences(made, one, own)
        chosen = list(_chosen(made, own, kpis=kpis, every=every))
        if chosen and (others <= MOST_TABLES or kpis or every):
            yield from _table(chosen)
    if goal_rows:
        yield ""
        yield from _best(made, goal_rows)
    yield ""
    if others > MOST_TABLES and not kpis and not every:
        yield "Tables: --kpi KPI, or --all"
    yield f"Results: {made.folder}" if made.folder is not None else "Results were not stored"


def _sentences(made: Comparison, one: Alternative, rows: Sequence[Row]) -> Iterator[str]:
    changes = list(one.changes[:MOST_CHANGES])
    if len(one.changes) > MOST_CHANGES:
        changes.append(f"and {len(one.changes) - MOST_CHANGES} more")
    yield f"{one.name}: {'; '.join(changes) if changes else 'no difference that changes results'}"
    yield f"  {cost_sentence(rows)} {goals_sentence(made, rows)}".rstrip()


def cost_sentence(rows: Sequence[Row]) -> str:
    """What a variant costs more or less, and whether that is sure."""
    row = _whole(rows, "cost_per_day")
    if row is None or row["difference"] is None:
        return "What it costs is not known: no pool has a paid_hour." if row is not None else ""
    if row["verdict"] == "equal":
        return "It costs the same."
    amount = f"{_size(row)} {row['unit'].partition('/')[0]} a day"
    word = "more" if row["difference"] > 0 else "less"
    return f"It costs {amount} {word}, {_sure(row)}."


def goals_sentence(made: Comparison, rows: Sequence[Row]) -> str:
    """How a variant does on the KPIs of the goals, and whether that is sure; service level where there are none."""
    told = []
    for kpi, threshold in _goal_lines(made) or [("service_level", None)]:
        row = _whole(rows, kpi, threshold)
        if row is None or row["difference"] is None or kpi == "cost_per_day":
            continue
        title = title_of(kpi, row["threshold_s"])
        if row["verdict"] == "equal":
            told.append(f"{title} is the same")
            continue
        word = "higher" if row["difference"] > 0 else "lower"
        told.append(f"{title} is {_size(row)} {_unit(row)} {word}, {_sure(row)}")
    return "; ".join(told) + "." if told else ""


def _goal_lines(made: Comparison) -> list[tuple[str, float | None]]:
    return list(dict.fromkeys((goal["kpi"], goal["threshold_s"]) for goal in made.goals))


def _sure(row: Row) -> str:
    if row["verdict"] != "not decided":
        good = f" and {row['good']}" if row["good"] else ""
        return f"sure{good}"
    more = row["more_replications"]
    return "not decided" if more is None else f"not decided (about {_about(more)} more replications would)"


def _about(number: float) -> str:
    """A count with two digits: more would be pretence."""
    return rounded(number, min(2 - len(str(round(number))), 0))


def _whole(rows: Sequence[Row], kpi: str, threshold: float | None = None) -> Row | None:
    mine = [row for row in rows if row["kpi"] == kpi and row["scope"] == "all"]
    return next((row for row in mine if threshold is None or row["threshold_s"] == threshold), None)


def _chosen(made: Comparison, rows: Sequence[Row], *, kpis: Sequence[str], every: bool) -> Iterator[Row]:
    """Rows that are printed of one variant."""
    if kpis or every:
        parts = Counter((row["kpi"], row["scope"], row["threshold_s"]) for row in rows)
        for row in rows:
            split = parts[row["kpi"], row["scope"], row["threshold_s"]] > 1
            if (row["kpi"] in kpis and (split or row["scope"] == "all")) or (every and row["scope"] == "all"):
                yield row
        return
    wanted = list(dict.fromkeys([*(kpi for kpi, _ in _goal_lines(made)), *TRADE]))
    count = 0
    for kpi in wanted:
        of_goals = [threshold for name, threshold in _goal_lines(made) if name == kpi]
        for row in rows:
            fits = row["kpi"] == kpi and row["scope"] == "all" and row["difference"] is not None
            if fits and (row["threshold_s"] in of_goals or (not of_goals and row["verdict"] != "equal")):
                count += 1
                if count <= MOST_KPIS:
                    yield row


def _table(rows: Sequence[Row]) -> Iterator[str]:
    head = ["  KPI", "base", "variant", "difference", "", "pairing saved"]
    cells = [head]
    for row in rows:
        where = "" if row["scope"] == "all" else f" ({row['scope']} {row['name']})"
        saved = "" if row["pairing_saved"] is None else f"x{row['pairing_saved']:.3g}"
        cells.append(
            [
                f"  {title_of(row['kpi'], row['threshold_s'])}{where}",
                short(row["base"], row["base_half_width"], row["unit"]),
                short(row["value"], row["value_half_width"], row["unit"]),
                _difference(row),
                row["good"] or row["verdict"],
                saved,
            ]
        )
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    for texts in cells:
        yield "  ".join(text.ljust(width) for text, width in zip(texts, widths, strict=True)).rstrip()


def _half(row: Row) -> float | None:
    return None if row["low"] is None else float(row["high"] - row["low"]) / 2


def _scaled(row: Row) -> tuple[float, float | None]:
    """Difference and half-width, shares in points (hundredths)."""
    scale = 100.0 if row["unit"] == "share" else 1.0
    half = _half(row)
    return row["difference"] * scale, None if half is None else half * scale


def _unit(row: Row) -> str:
    return "points" if row["unit"] == "share" else str(row["unit"])


def _size(row: Row) -> str:
    """Size of a difference with its half-width: `7.7 ± 0.4`."""
    value, half = _scaled(row)
    if not half:
        return three_digits(abs(value))
    decimals = decimals_for(half)
    return f"{rounded(abs(value), decimals)} ± {rounded(half, decimals)}"


def _difference(row: Row) -> str:
    if row["difference"] is None:
        return row["note"] or "-"
    if row["verdict"] == "equal":
        return "none"
    size = _size(row)
    sign = "" if not size.partition(" ")[0].strip("0.,") else "+" if row["difference"] > 0 else "-"
    return f"{sign}{size} {_unit(row)}"


def _best(made: Comparison, rows: Sequence[Row]) -> Iterator[str]:
    """Per goal: how likely each alternative's mean is best, and the share of the replications that it won."""
    yield "Goals: met?, probability that the mean is best, replications won"
    for number, goal in enumerate(made.goals):
        scope = "".join(f" ({what} {name})" for what, name in goal["scope"].items())
        yield f"  {title_of(goal['kpi'], goal['threshold_s'])}{scope}, {limits_of(goal)}"
        cells = []
        for row in (row for row in rows if row["goal"] == number):
            met = {True: "pass", False: "FAIL", None: "not known"}[made.runs[row["alternative"]].goals[number]["met"]]
            cells.append(
                [f"    {row['alternative']}", met, _percent(row["probability_best"]), _percent(row["share_won"])]
            )
        widths = [max(len(row[i]) for row in cells) for i in range(4)]
        for cell in cells:
            first, met, chance, won = (text.ljust(width) for text, width in zip(cell, widths, strict=True))
            yield f"{first}  {met}  best {chance}  won {won}".rstrip()


def _percent(share: float | None) -> str:
    if share is None:
        return "not known"
    if 0 < share < 0.01:
        return "< 1 %"
    if 0.99 < share < 1:
        return "> 99 %"
    return f"{share * 100:.0f} %"
