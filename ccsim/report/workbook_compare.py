"""Sheets of a comparison: its answer, what differs, goals, chances to be best, every difference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ccsim.report import compare_answer, compare_words, sentences
from ccsim.report.compared import Compared, Goal, Row, verdict
from ccsim.report.workbook_sheet import SHARE, Cell, Column, Number, Sheet, count, number, with_ends, with_heads
from ccsim.report.workbook_text import definition_sheet, part_of, records_of
from ccsim.results.comparison import Alternative, Comparison

READ: Final = (
    "Differences are the variant less the base, paired replication by replication; low and high are the ends of an "
    "interval that holds for all variants at once, KPI by KPI. Shares are numbers from 0 to 1 shown in per cent, so a "
    "difference of 1% is one point. Columns low and high hold the ends of the 95 % interval of the number before them. "
    "An empty cell means that there is no value. Cells hold all digits and show as many as the interval justifies."
)
_MOVED: Final = ("Difference", "Low", "High")


def comparison_sheets(made: Comparison) -> list[Sheet | None]:
    """Every sheet but the list of them, in order; None where there is nothing to put in one."""
    compared = Compared(made)
    return [
        _about(compared),
        _alternatives(compared),
        _changes(compared),
        _goals(compared),
        _best(compared),
        _differences(compared),
        definition_sheet(compared.facts),
        _provenance(compared),
    ]


def _about(compared: Compared) -> Sheet:
    made = compared.made
    rows = [
        ("Title", compared.facts.title),
        ("Question", compare_answer.question(compared)),
        ("Answer", compare_answer.answer(compared)),
        ("Base", made.alternatives[0].name),
        ("Intervals", str(made.method["text"])),
        ("Probability that the mean is best", str(made.method.get("best", "not recorded"))),
        *_until(made),
        ("How to read", READ),
    ]
    facts: list[list[Cell]] = [list(row) for row in rows]
    facts[3:3] = [["Paired", made.replications_told], ["Seed", str(made.seed)]]
    columns = [Column("Item"), Column("Value")]
    return Sheet("About", "One fact about the comparison", columns, facts)


def _until(made: Comparison) -> Iterator[tuple[str, str]]:
    if made.decided is not None:
        yield "Simulated until", f"{made.method['until']}: {made.method['why']}"


def _alternatives(compared: Compared) -> Sheet:
    rows: list[list[Cell]] = []
    for i, one in enumerate(compared.made.alternatives):
        said = compare_words.sentence(compared, one) if i else "The base"
        rows.append([one.name, "variant" if i else "base", said, count(len(one.changes)), one.digest, one.folder])
    titles = ("Alternative", "Role", "What it does", "Changes", "Digest of its run", "Folder of its run")
    return Sheet("Alternatives", "The base or a variant", [Column(title) for title in titles], rows)


def _changes(compared: Compared) -> Sheet:
    rows: list[list[Cell]] = []
    for one in compared.made.variants:
        for change in one.changes:
            where, _, what = change.partition(": ")
            section, _, name = where.partition(" / ")
            rows.append([one.name, section, name, what])
        if not one.changes:
            rows.append([one.name, "", "", compare_words.changes_in_short(())])
    titles = ("Variant", "Section", "Name", "Change from the base")
    return Sheet("What differs", "A setting that a variant does not share with the base", _columns(titles), rows, 3)


def _goals(compared: Compared) -> Sheet | None:
    made = compared.made
    rows = [
        _goal(compared, made.runs[one.name].goals[i], i, one)
        for i in range(len(made.goals))
        for one in made.alternatives
    ]  # fmt: skip
    titles = ("Goal", "KPI", "Limited to", "Alternative", "Threshold", "At least", "At most", "Verdict", "Why",
              *with_heads("Estimate"), *_MOVED, "Decided", "More replications to decide", "P(mean is best)",
              "Won", "P(goal)", "Unit")  # fmt: skip
    about = "A goal of the base and an alternative; pass and fail where the whole 95 % interval says so"
    return Sheet("Goals", about, _columns(titles), rows, 4) if rows else None


def _goal(compared: Compared, goal: Goal, i: int, one: Alternative) -> list[Cell]:
    unit, chance, row = goal["unit"], compared.best.get((i, one.name), {}), compared.goal_row(i, one)
    return [
        count(i + 1),
        goal["kpi"],
        part_of(goal),
        one.name,
        number(goal["threshold_s"]),
        number(goal["at_least"], unit),
        number(goal["at_most"], unit),
        goal["verdict"],
        goal["why"],
        *with_ends(goal),
        *_moved(row),
        "" if row is None else verdict(row),
        _more(row),
        number(chance.get("probability_best"), SHARE),
        number(chance.get("share_won"), SHARE),
        number(goal["probability"], SHARE),
        unit,
    ]


def _best(compared: Compared) -> Sheet | None:
    goals = compared.made.goals
    rows: list[list[Cell]] = []
    for (i, name), row in compared.best.items():
        rows.append(
            [
                count(i + 1),
                f"{sentences.goal_name(goals[i])}, {sentences.goal_target(goals[i])}",
                name,
                number(row["estimate"], goals[i]["unit"]),
                goals[i]["unit"],
                number(row["probability_best"], SHARE),
                number(row["share_won"], SHARE),
                count(row["replications"]),
            ]
        )
    titles = ("Goal", "In words", "Alternative", "Estimate", "Unit", "P(mean is best)", "Won", "Replications")
    about = "A goal and an alternative: how likely its mean is best, and the share of replications it won"
    return Sheet("Best", about, _columns(titles), rows, 3) if rows else None


def _differences(compared: Compared) -> Sheet:
    titles = ("Variant", "KPI", "Scope", "Name", "Threshold", "Title", *with_heads("Base"),
              *with_heads("Value"),
              *_MOVED, "Verdict", "Good", "More replications to decide", "Pairing saved", "Unit", "Replications",
              "Note")  # fmt: skip
    rows = [_difference(compared, row) for row in compared.rows]
    about = "A KPI of one part and a variant, against the base; the parts of flows are in differences.csv only"
    kept = [cells for cells, row in zip(rows, compared.rows, strict=True) if row["scope"] != "flow"]
    return Sheet("Differences", about, _columns(titles), kept, 4)


def _difference(compared: Compared, row: Row) -> list[Cell]:
    unit = row["unit"]
    return [
        row["variant"],
        row["kpi"],
        row["scope"],
        row["name"],
        number(row["threshold_s"]),
        compared.facts.kpis[row["kpi"]].title,
        *with_ends(row, "base", "base_"),
        *with_ends(row, "value", "value_"),
        *_moved(row),
        row["verdict"],
        row["good"],
        _more(row),
        number(row["pairing_saved"]),
        unit,
        count(row["replications"]),
        row["note"],
    ]


def _moved(row: Row | None) -> list[Cell]:
    if row is None or row["difference"] is None:
        return [None, None, None]
    return list(with_ends(row, "difference"))


def _more(row: Row | None) -> Number | None:
    return None if row is None or row["more_replications"] is None else count(row["more_replications"])


def _columns(titles: tuple[str, ...]) -> list[Column]:
    units = {"Threshold": "s", "P(mean is best)": SHARE, "Won": SHARE, "P(goal)": SHARE, "Pairing saved": "times"}
    return [Column(title, units.get(title, "")) for title in titles]


def _provenance(compared: Compared) -> Sheet:
    made = compared.made
    rows: list[list[Cell]] = [list(row) for row in records_of(made.provenance)]
    rows += [["digest", one.name, one.digest] for one in made.alternatives]
    about = "One fact about how the comparison was made; each run's folder has the rest"
    return Sheet("Provenance", about, [Column("About"), Column("Item"), Column("Value")], rows, 2)
