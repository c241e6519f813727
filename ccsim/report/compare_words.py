"""A comparison in sentences: the question, the answer, and what each variant changes and does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ccsim.report.compared import COST, Compared, Row, about, unit_of
from ccsim.results.comparison import Alternative
from ccsim.results.text import Ends, ends_of

MOST_CHANGES: Final = 2
"""Changes of one section that are told in full; of more, some names and how many."""
MOST_NAMES: Final = 3
MOST_WINNERS: Final = 3
FEW: Final = 2
"""So many variants are each told of in the answer."""


def question(compared: Compared) -> str:
    """What was asked: `Is more_agents better than desk?`."""
    names = [compared.short(one) for one in compared.made.variants]
    what = " or ".join(names) if len(names) <= FEW else f"one of {len(names)} variants"
    return f"Is {what} better than {compared.base_name}?"


def answer(compared: Compared) -> str:
    """Which variant is better, on how many goals, and at what cost: one sentence."""
    base, variants = compared.base_name, compared.made.variants
    winners = [one for one in variants if _wins(compared, one)]
    if len(winners) == 1:
        return f"Yes, {compared.short(winners[0])}: it {_gains(compared, winners[0])}."
    if winners:
        told = [f"{compared.short(one)} ({cost_words(compared, one)})" for one in winners[:MOST_WINNERS]]
        more = f" and {len(winners) - MOST_WINNERS} more" if len(winners) > MOST_WINNERS else ""
        return (
            f"Yes, {len(winners)} of {len(variants)} are significantly better than {base} on a goal or on cost and "
            f"worse on no goal: {', '.join(told)}{more}."
        )
    if not any(_moves(compared, one) for one in variants):
        return _undecided(compared)
    goods = any(part for one in variants for part in _parts(compared, one)[0])
    start = "Not on everything" if goods else "No"
    if len(variants) <= FEW:
        return f"{start}: {'; '.join(f'{compared.short(one)} {_effects(compared, one)}' for one in variants)}."
    return (
        f"{start}: none of {len(variants)} variants is significantly better than {base} without being worse elsewhere."
    )


def _wins(compared: Compared, variant: Alternative) -> bool:
    verdicts, cost = compared.verdicts(variant), compared.row(variant, COST)
    saves = cost is not None and cost["good"] == "better"
    return ("better" in verdicts or saves) and "worse" not in verdicts


def _moves(compared: Compared, variant: Alternative) -> bool:
    cost = compared.row(variant, COST)
    decided = [*compared.verdicts(variant), *([] if cost is None else [cost["verdict"]])]
    return any(one not in ("equal", "not decided") for one in decided)


def _undecided(compared: Compared) -> str:
    made = compared.made
    rows = [compared.row(one, key) for one in made.variants for _, key in (*compared.goal_keys, ("", COST))]
    known = [row for row in rows if row is not None]
    if known and all(row["verdict"] == "equal" for row in known):
        one = len(made.variants) == 1
        if (made.differences["verdict"] == "equal").all():
            return f"{'The variant gives' if one else 'All variants give'} the same results as {compared.base_name}."
        same = "every goal" if made.goals else "the service level"
        who = "the variant is" if one else "all variants are"
        return f"On {same} {who} equal to {compared.base_name}; other KPIs differ."
    what = "no goal or cost" if made.goals else "neither service level nor cost"
    text = f"Not decided: with {made.replications} replications {what} differs significantly from {compared.base_name}"
    more = [row["more_replications"] for row in known if row["more_replications"]]
    return f"{text}; about {about(min(more))} more would decide the first of them." if more else f"{text}."


def _parts(compared: Compared, variant: Alternative) -> tuple[list[str], list[str]]:
    """What is significantly better, and what is significantly worse."""
    verdicts, cost = compared.verdicts(variant), compared.row(variant, COST)
    goods, bads = [], []
    if cost is not None and cost["good"] == "better":
        goods.append(f"saves {_amount(cost)} ({_half(cost)})")
    if cost is not None and cost["good"] == "worse":
        bads.append(f"costs {_amount(cost)} more ({_half(cost)})")
    whole = len(verdicts)
    for kind, verb, told in (("better", "improves", goods), ("worse", "worsens", bads)):
        if count := verdicts.count(kind):
            of = "" if kind == "worse" and "better" in verdicts else f" of {whole} goals"
            told.append(f"{verb} {f'{count}{of}' if whole > 1 else compared.goal_keys[0][0]}")
    return goods, bads


def _effects(compared: Compared, variant: Alternative) -> str:
    """`saves 9 USD a day (±1) and improves 1 of 7 goals but worsens 2 of 7 goals`."""
    goods, bads = _parts(compared, variant)
    text = " but ".join(part for part in (" and ".join(goods), " and ".join(bads)) if part)
    return text or "shows no significant difference"


def _gains(compared: Compared, variant: Alternative) -> str:
    """What a variant that is better does: how much on the first goal it improves, and what that costs."""
    goods, _ = _parts(compared, variant)
    text = " and ".join(goods)
    for words, key in compared.goal_keys:
        row = compared.row(variant, key)
        if row is not None and compared.verdict(row) == "better":
            size = f"by {_amount(row)}"
            text += f" ({words} {size}, {_half(row)})" if " of " in goods[-1] else f" {size} ({_half(row)})"
            break
    if compared.made.goals:
        text += " and worsens none" if "improves" in goods[-1] else " and worsens no goal"
    cost = compared.row(variant, COST)
    if cost is None:
        return text
    if cost["verdict"] in ("equal", "not decided"):
        return f"{text}{', at the same cost' if cost['verdict'] == 'equal' else '; its cost is not decided'}"
    return text if cost["good"] == "better" else f"{text}, for {_amount(cost)} more ({_half(cost)})"


def sentence(compared: Compared, variant: Alternative) -> str:
    """What a variant costs, what it does for the first goal that is not a cost, and on how many goals it is better."""
    told = []
    words = cost_words(compared, variant)
    if words:
        told.append(words)
    if compared.service is not None:
        title, key = compared.service
        row = compared.row(variant, key)
        if row is not None:
            told.append(f"{title} is {_way(row)}")
    text = "; ".join(told)
    counts = goal_counts(compared, variant)
    text = f"{text}. {counts}" if counts else f"{text}." if text else "Nothing in it can be compared."
    return text[0].upper() + text[1:]


def cost_words(compared: Compared, variant: Alternative) -> str:
    """What a variant costs more or less, and whether that is significant; nothing where cost is not simulated."""
    row = compared.row(variant, COST)
    if row is None:
        return "cost is not known"
    if row["verdict"] == "equal":
        return "costs the same"
    if _none_shown(row):
        return f"costs about the same ({_sure(row)})"
    return f"costs {_amount(row)} {'more' if row['difference'] > 0 else 'less'} ({_sure(row)})"


def goal_counts(compared: Compared, variant: Alternative) -> str:
    """On how many goals a variant is better and worse; empty with a single goal."""
    verdicts = compared.verdicts(variant)
    if len(verdicts) < 2:
        return ""
    kinds = {"better": "better", "worse": "worse", "higher": "moved", "lower": "moved", "equal": "the same"}
    counts: dict[str, int] = {}
    for one in verdicts:
        kind = kinds.get(one, one)
        counts[kind] = counts.get(kind, 0) + 1
    order = ("better", "worse", "moved", "the same", "not decided")
    return f"Goals: {', '.join(f'{counts[kind]} {kind}' for kind in order if kind in counts)}."


def _way(row: Row) -> str:
    if row["verdict"] == "equal":
        return "the same"
    if _none_shown(row):
        return f"about the same ({_sure(row)})"
    return f"{_amount(row)} {'higher' if row['difference'] > 0 else 'lower'} ({_sure(row)})"


def _amount(row: Row) -> str:
    """Size of a difference: `8,980 USD a day`."""
    shown = unit_of(row)
    return f"{shown.cell(*_positive(row)).text} {shown.unit}"


def _none_shown(row: Row) -> bool:
    """Whether nothing is left of a difference when it is rounded to what its interval justifies."""
    return not unit_of(row).cell(row["difference"], ends_of(row)).text.strip("-0.,")


def _half(row: Row) -> str:
    """The interval of a size, to stand in brackets: `±7`, `11 to 24`."""
    text = unit_of(row).cell(*_positive(row)).interval.strip("()").replace("± ", "±")
    return f"{text}{f' {unit_of(row).unit}' if _none_shown(row) else ''}" if text else "±0"


def _positive(row: Row) -> tuple[float, Ends | None]:
    """Size of a difference and the ends of its interval, turned with it."""
    value, ends = float(row["difference"]), ends_of(row)
    return (-value, None if ends is None else (-ends[1], -ends[0])) if value < 0 else (value, ends)


def _sure(row: Row) -> str:
    if ends_of(row) is None:
        return "one replication, not decided"
    return f"{_half(row)}, {'not decided' if row['verdict'] == 'not decided' else 'significant'}"


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
