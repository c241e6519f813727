"""What `ccsim compare` prints: the answer, a sentence a variant, the KPIs of the trade, and the rest on demand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any, Final

from ccsim.commands.restored_text import restored_lines
from ccsim.kpis.definitions import KPIS, MAIN_COST
from ccsim.kpis.shown import names_in
from ccsim.kpis.verdicts import BRIEF
from ccsim.metrics.paired import title_of
from ccsim.report.compare_answer import answer
from ccsim.report.compare_words import changes_in_short, sentence
from ccsim.report.compared import Compared, Question, about, percent, verdict
from ccsim.results.comparison import Comparison
from ccsim.results.parquet import plain_rows
from ccsim.results.summary import aligned, work_said
from ccsim.results.text import (
    Ends,
    decimals_for,
    ends_of,
    ends_text,
    few,
    limits_of,
    rounded,
    short,
    side_of,
    three_digits,
)

MOST_KPIS: Final = 8
MOST_BESIDE: Final = 2
"""So many variants stand beside each other; of more there is a sentence each, and tables on demand only."""
WIDTH: Final = 100

Row = Mapping[str, Any]
Key = tuple[str, str, str, float | None]


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
                "replications": made.runs[one.name].replications,
                "changes": list(one.changes),
                "goals": list(made.runs[one.name].goals),
            }
            for one in made.alternatives
        ],
        "answer": answer(Compared(made)),
        "standings": plain_rows(made.standings),
        "best": plain_rows(made.best),
        "differences": plain_rows(made.differences),
    }


def lines(made: Comparison, *, kpis: Sequence[str] = (), every: bool = False) -> Iterator[str]:
    """The comparison for people, line by line: one screen without `kpis` and `every`.

    Parameters
    ----------
    kpis
        Print these, by every part.
    every
        Print every KPI of the whole.
    """
    compared, others = Compared(made), len(made.variants)
    yield (
        f"{compared.base_name} against {others} variant{'s' * (others != 1)}: {made.replications_told}, "
        + f"seed {made.seed}"
    )
    yield from _wrapped(str(made.method["text"]), "  ")
    yield from _wrapped(few(made.fewest_replications), "  ")
    if made.decided is not None:
        yield from _wrapped(f"until {made.method['until']}: {made.method['why']}", "  ")
    yield from _wrapped(answer(compared), "")
    yield ""
    for one in made.variants:
        yield from _wrapped(f"{compared.short(one)}: {changes_in_short(one.changes)}", "  ", first="")
        yield from _wrapped(sentence(compared, one), "  ")
    on_demand = bool(kpis or every)
    if on_demand:
        yield from _on_demand(compared, kpis, every=every)
    elif others <= MOST_BESIDE:
        yield ""
        yield from _beside(compared)
    yield from _restored(made)
    if made.goals and every:
        yield ""
        yield from _goals(compared)
    yield ""
    if not on_demand:
        if others <= MOST_BESIDE:
            yield "pass, fail, ?: the goal, by its interval; ? (+n): not decided, n more replications would do"
            yield "Differences of shares are in points, hundredths of the whole."
        yield from _wrapped(_pairing(compared) + "More: --kpi KPI, --all, or the page", "")
    yield f"Results: {made.folder}" if made.folder is not None else "Results were not stored"


def _restored(made: Comparison) -> Iterator[str]:
    """Time to restore of each alternative with a surge that says when service is restored."""
    told = [line for one in made.alternatives for line in restored_lines(made.runs[one.name], one.name)]
    if told:
        yield ""
        yield from told


def _wrapped(text: str, indent: str, *, first: str | None = None) -> list[str]:
    start = indent if first is None else first
    return wrap(text, WIDTH, initial_indent=start, subsequent_indent=indent, break_on_hyphens=False)


def _pairing(compared: Compared) -> str:
    saved = sorted(row["pairing_saved"] for row in compared.rows if row["pairing_saved"] is not None)
    if not saved:
        return ""
    return f"Pairing: variance of differences divided by {three_digits(saved[len(saved) // 2])} (median). "


def _on_demand(compared: Compared, kpis: Sequence[str], *, every: bool) -> Iterator[str]:
    """A table a variant, with what the pairing saved."""
    for one in compared.made.variants:
        own = [row for row in compared.rows if row["variant"] == one.name]
        if chosen := list(_wanted(own, kpis, every=every)):
            yield ""
            yield f"{compared.short(one)} against {compared.base_name}"
            yield from _table(chosen)


def _wanted(rows: Sequence[Row], kpis: Sequence[str], *, every: bool) -> Iterator[Row]:
    parts = Counter((row["kpi"], row["scope"], row["threshold_s"]) for row in rows)
    for row in rows:
        split = parts[row["kpi"], row["scope"], row["threshold_s"]] > 1
        if (row["kpi"] in kpis and (split or row["scope"] == "all")) or (every and row["scope"] == "all"):
            yield row


def _beside(compared: Compared) -> Iterator[str]:
    """Cost, the goals with their verdicts, and the KPIs of the trade: the base, and every variant's difference."""
    made = compared.made
    cells = [["KPI", compared.base_name, *(f"{compared.short(one)}" for one in made.variants)]]
    for title, found, goal in _lines(compared):
        row = next((row for row in found if row is not None), None)
        if row is None or (goal is None and _alike(found)):
            continue
        unit = row["unit"].partition("/")[0]  # of what stands in the title
        base = short(row["base"], ends_of(row, "base_"), unit)
        verdicts = [
            "" if goal is None else f" {BRIEF[made.runs[one.name].goals[goal]['verdict']]}" for one in made.alternatives
        ]
        moved = [f"{_moved(row, judged=goal is not None)}{said}" for row, said in zip(found, verdicts[1:], strict=True)]
        cells.append([f"{title[0].upper()}{title[1:]}", f"{base}{verdicts[0]}", *moved])
    yield from aligned(cells[: MOST_KPIS + 1])


def _lines(compared: Compared) -> Iterator[tuple[str, list[Row | None], int | None]]:
    """Title, each variant's difference, place of the goal: cost, the goals, the KPIs of the trade, those of
    waits of live work alone."""
    variants = compared.made.variants
    keys: list[Key] = [
        (kpi, *compared.facts.told_of(kpi), compared.facts.threshold_s if KPIS[kpi].by_threshold else None)
        for kpi in names_in("trade-off")
    ]
    asked = [(one.kpi, one.goal) for one in compared.questions]
    whole = {
        kpi for kpi, goal in asked if goal is None or not compared.made.goals[goal]["scope"]
    }  # of everything, so not told twice
    for key in keys:
        if key[0] == MAIN_COST and MAIN_COST not in whole:
            yield title_of(key[0], key[3]), [compared.row(one, key) for one in variants], None
    for one in compared.questions:
        yield _asked(compared, one), [compared.answer_to(one, variant) for variant in variants], one.goal
    for key in keys:
        if key[0] != MAIN_COST and (key[1] != "all" or key[0] not in whole):
            yield f"{title_of(key[0], key[3])}{work_said(key[1])}", [compared.row(one, key) for one in variants], None


def _asked(compared: Compared, question: Question) -> str:
    """`Service level, 20s (phone) >= 80 %`."""
    if question.goal is None:
        return question.words
    goal = compared.made.goals[question.goal]
    where = ", ".join(str(name) for name in goal["scope"].values())
    return f"{title_of(goal['kpi'], goal['threshold_s'])}{f' ({where})' if where else ''} {_limits(goal)}"


def _alike(found: Sequence[Row | None]) -> bool:
    return all(row is None or row["verdict"] == "equal" for row in found)


def _moved(row: Row | None, *, judged: bool) -> str:
    """A difference; of a goal's KPI without better or worse, as its verdict stands beside it."""
    if row is None:
        return "-"
    if row["verdict"] == "equal":
        return "none"
    text = _number(row)  # the unit stands with the base
    if row["verdict"] != "not decided":
        return text if judged else f"{text} {verdict(row)}"
    more = row["more_replications"]
    return f"{text} ? (+{about(more)})" if more else f"{text} ?"


def _goals(compared: Compared) -> Iterator[str]:
    """Per goal and alternative: its verdict, how likely its mean is best, and the share of replications it won."""
    made = compared.made
    heads = ["Goal: verdict, P(mean best), won", *(compared.short(one) for one in made.alternatives)]
    cells = [heads]
    for number, goal in enumerate(made.goals):
        scope = ", ".join(str(name) for name in goal["scope"].values())
        name = f"{title_of(goal['kpi'], goal['threshold_s'])}{f' ({scope})' if scope else ''}"
        line = [f"{name} {_limits(goal)}"]
        for one in made.alternatives:
            verdict = made.runs[one.name].goals[number]["verdict"]
            chance = compared.best.get((number, one.name), {})
            best, won = percent(chance.get("probability_best")), percent(chance.get("share_won"))
            line.append(f"{BRIEF[verdict]} {best}% {won}%")
        cells.append(line)
    yield from aligned(cells)


def _limits(goal: Mapping[str, Any]) -> str:
    return limits_of(goal).replace("at least", ">=").replace("at most", "<=")


def _table(rows: Sequence[Row]) -> Iterator[str]:
    head = ["  KPI", "base", "variant", "difference", "", "pairing saved"]
    cells = [head]
    for row in rows:
        where = "" if row["scope"] == "all" else f" ({row['scope']} {row['name']})"
        saved = "" if row["pairing_saved"] is None else f"x{row['pairing_saved']:.3g}"
        cells.append(
            [
                f"  {title_of(row['kpi'], row['threshold_s'])}{where}",
                short(row["base"], ends_of(row, "base_"), row["unit"]),
                short(row["value"], ends_of(row, "value_"), row["unit"]),
                _difference(row),
                verdict(row),
                saved,
            ]
        )
    yield from aligned(cells)


def _scaled(row: Row) -> tuple[float, Ends | None]:
    """Difference and ends of its interval, shares in points (hundredths)."""
    scale, ends = 100.0 if row["unit"] == "share" else 1.0, ends_of(row)
    return row["difference"] * scale, None if ends is None else (ends[0] * scale, ends[1] * scale)


def _unit(row: Row) -> str:
    return "points" if row["unit"] == "share" else str(row["unit"])


def _with_ends(value: float, ends: Ends | None) -> str:
    if ends is None or ends[0] == ends[1]:
        return three_digits(value)
    decimals = decimals_for(side_of(value, ends))
    return f"{rounded(value, decimals)} {ends_text(value, *ends, decimals)}"


def _difference(row: Row) -> str:
    if row["difference"] is None:
        return row["note"] or "-"
    return "none" if row["verdict"] == "equal" else f"{_number(row)} {_unit(row)}"


def _number(row: Row) -> str:
    """A difference with its sign and interval: `-7.7 ± 0.4`, `-7.7 (-10.1 to -6.2)`."""
    text = _with_ends(*_scaled(row))
    nothing = not text.partition(" ")[0].strip("-0.,")
    return text.lstrip("-") if nothing else f"+{text}" if row["difference"] > 0 else text
