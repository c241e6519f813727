"""What each variant of a comparison changes, what it gives up, and what it costs, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ccsim.kpis.verdicts import verdict_of_difference
from ccsim.report.compare_answer import FEW, status
from ccsim.report.compare_sizes import amount, cost_words, half, listed, none_shown, way
from ccsim.report.compared import Compared, Question, Row, verdict
from ccsim.report.numbers import percent
from ccsim.results.comparison import Alternative
from ccsim.results.text import short

MOST_CHANGES: Final = 4
"""Changes of one section that are told in full; of more, some names and how many."""
MOST_NAMES: Final = 3
MIX_TOLD: Final = 0.1
"""A mix effect is told where it is at least this share of what the same work does, and significant."""


def sentence(compared: Compared, variant: Alternative) -> str:
    """Whether a variant meets the goals, what it costs, and what it gains and gives up against the base."""
    told = []
    if compared.made.goals:
        told.append(status(compared, variant))
    told.append(cost_words(compared, variant))
    if not compared.made.goals:
        asked = compared.questions[0]
        row = compared.answer_to(asked, variant)
        told += [] if row is None else [f"{asked.words} is {way(row)}"]
    told += [*_gained(compared, variant), *_given_up(compared, variant)]
    text = "; ".join(told)
    mixed = " ".join(_mixed(compared, variant))
    return f"{text[0].upper()}{text[1:]}.{f' {mixed}' if mixed else ''}"


def _verdicts(compared: Compared, variant: Alternative) -> Iterator[tuple[str, str, Question]]:
    """Verdicts of the base and of a variant, goal by goal."""
    base, own = compared.made.goals, compared.made.runs[variant.name].goals
    for one in compared.questions:
        if one.goal is not None:
            yield base[one.goal]["verdict"], own[one.goal]["verdict"], one


def _gained(compared: Compared, variant: Alternative) -> Iterator[str]:
    """Goals that the base fails and a variant meets."""
    names = [one.words for was, now, one in _verdicts(compared, variant) if (was, now) == ("fail", "pass")]
    if names:
        yield f"now meets {_some(names)}"


def _given_up(compared: Compared, variant: Alternative) -> Iterator[str]:
    """Goals that the base meets and a variant fails; and what is significantly worse, but still meets its goal."""
    names = [one.words for was, now, one in _verdicts(compared, variant) if (was, now) == ("pass", "fail")]
    if names:
        yield f"gives up {_some(names)}, which {compared.base_name} meets"
    within = []
    for was, now, one in _verdicts(compared, variant):
        row = compared.answer_to(one, variant)
        if was == now == "pass" and row is not None and verdict(row) == "worse" and not none_shown(row):
            within.append((one, row))
    if within:
        told = [f"{one.words} is {_moved(row)}" for one, row in within[:FEW]]
        more = f" and {len(within) - FEW} more" if len(within) > FEW else ""
        yield f"within {'its goal' if len(within) == 1 else 'their goals'}, {listed(told)}{more}"


def _moved(row: Row) -> str:
    return f"{amount(row)} {'higher' if row['difference'] > 0 else 'lower'} ({half(row)})"


def _given(part: Row) -> str:
    """A part without a sign, as its interval is told: `0.25 points more`."""
    more = "" if none_shown(part) else " more" if part["difference"] > 0 else " less"
    return f"{amount(part)}{more}"


def _some(names: Sequence[str]) -> str:
    return f"{', '.join(names[:FEW])} and {len(names) - FEW} more" if len(names) > FEW else listed(names)


def _mixed(compared: Compared, variant: Alternative) -> Iterator[str]:
    """Of the first question that it matters for: what the same work does, and what its mix adds."""
    for one in compared.questions:
        row = None if one.goal is None else compared.answer_to(one, variant)
        if row is not None and is_mixed(row):
            same, mix = part_of(row, "same_work"), part_of(row, "mix")
            new = "" if row["new_work"] is None else f"; the new work: {_rounded(row['new_work'], row['unit'])}"
            yield (
                f"Of the change in {one.words}, the same work gives {_given(same)} ({half(same)}), other work "
                f"{_given(mix)} ({half(mix)}{new})."
            )
            return


def is_mixed(row: Row) -> bool:
    """Whether a difference on a goal comes in part from other work: significantly, and not by next to nothing."""
    if row["mix"] is None or row["mix_low"] is None:
        return False
    if verdict_of_difference(row["mix_low"], row["mix_high"]) == "not decided":
        return False
    return abs(row["mix"]) >= MIX_TOLD * abs(row["same_work"]) and not none_shown(part_of(row, "mix"))


def part_of(row: Row, part: str) -> Row:
    """One part of a difference on a goal (`same_work` or `mix`), as a row of its own."""
    return {**row, "difference": row[part], "low": row[f"{part}_low"], "high": row[f"{part}_high"]}


def _rounded(value: float, unit: str) -> str:
    """A value that has no interval."""
    return percent(value) if unit == "share" else short(value, None, unit)


def changes_in_short(changes: Sequence[str]) -> str:
    """What a variant changes: few changes in full, of many in one section the first names and how many."""
    if not changes:
        return "no difference that changes results"
    sections: dict[str, list[str]] = {}
    for change in changes:
        sections.setdefault(change.partition(": ")[0].partition(" / ")[0], []).append(change)
    told: list[str] = []
    for section, mine in sections.items():
        if len(mine) <= MOST_CHANGES:
            told += mine
            continue
        names = list(dict.fromkeys(one.partition(": ")[0].partition(" / ")[2] for one in mine))
        some = ", ".join(name for name in names[:MOST_NAMES] if name)
        more = ", ..." if len(names) > MOST_NAMES else ""
        told.append(f"{section}: {len(mine)} changes" + (f" ({some}{more})" if some else ""))
    return "; ".join(told)
