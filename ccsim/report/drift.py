"""Checks of a run against time: is the warm-up long enough, and does a queue grow without bound."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from ccsim.report.facts import Facts
from ccsim.report.numbers import Shown, amount, number
from ccsim.report.waiting import Floats, Paired, Periods, by_period, paired, periods_of
from ccsim.text.scalars import duration_text

Verdict = Literal["fine", "look", "open"]
Found = tuple[Verdict, str, str]
"""Verdict, what was found, how it was looked at."""

SAME_DEMAND: Final = 0.03
"""Relative difference of the demand up to which the first period is compared with the others."""
WORTH_A_WORD: Final = 0.10
"""Relative difference of the number waiting from which a warm-up is called too short."""
BLIND: Final = 0.5
"""Relative half-width from which the replications say nothing."""
GROWN: Final = 1.5
"""Ratio of the last third to the first from which a queue is said to grow."""


def warm_up(facts: Facts) -> Found:
    """Whether the first counted week or day differs from the others, which a short warm-up would make it do."""
    measured, periods = facts.measured, periods_of(facts.measured.length)
    before = f"warm-up {duration_text(measured.warm_up)}" if measured.warm_up else "no warm-up"
    name = "week" if periods is None else periods.name
    how = (
        f"Contacts waiting in the first counted {name} less the mean of the other whole {name}s, by "
        "replication, with Student's 95 % interval of the mean paired difference (for live and "
        "deferred work together, Bonferroni). The warm-up is too short if the interval excludes 0 and "
        "the difference is above 10 %. If demand differs by more than 3 %, the check cannot tell."
    )
    if periods is None:
        return "open", f"Less than two days are counted, so there is nothing to compare ({before}).", how
    kinds = ("live", "deferred")
    parts = [kinds.index(kind) for kind in facts.tables["flows"]["kind"]]
    waiting = by_period(facts.tables, measured, "flow_calendar", "waiting_us", parts, periods) / periods.width
    demand = by_period(facts.tables, measured, "flow_intervals", "arrived", parts, periods).sum(axis=(0, 1))
    made = [_first_against_rest(kind, waiting[i]) for i, kind in enumerate(kinds[: len(waiting)]) if waiting[i].any()]
    if not made:
        return "fine", f"Nobody waited ({before}).", how
    said = f"First {name} against the others, contacts waiting: {'; '.join(text for _, text in made)} ({before})."
    change = float(demand[0] / demand[1:].mean() - 1) if demand[1:].any() else 0.0
    verdicts = [verdict for verdict, _ in made]
    if "look" in verdicts and abs(change) > SAME_DEMAND:
        return (
            "open",
            f"{said} But demand in it differs by {change * 100:+.1f} %, so the warm-up cannot be judged from this.",
            how,
        )
    verdict: Verdict = "look" if "look" in verdicts else "open" if "open" in verdicts else "fine"
    return verdict, said, how


def _first_against_rest(kind: str, waiting: Floats) -> tuple[Verdict, str]:
    """Verdict and words for one kind of work; `waiting` has the shape [replications, periods]."""
    rest = waiting[:, 1:].mean(axis=1)
    found = paired(waiting[:, 0] - rest, 2)
    usual = float(rest.mean())
    text = f"{kind} {_said(float(waiting[:, 0].mean()), found)} against {_said(usual, found)}"
    text += _half(found)
    if found.half is None or (found.holds_zero and found.half > BLIND * usual > 0):
        return "open", text
    return ("look" if not found.holds_zero and abs(found.mean) > WORTH_A_WORD * usual else "fine"), text


def _said(value: float, found: Paired) -> str:
    return number(value, found.half)


def _half(found: Paired) -> str:
    if not found.half:
        return ""
    cell = Shown("contacts").cell(found.mean, (found.mean - found.half, found.mean + found.half))
    return f" (difference {cell.text} {cell.interval})"


def growth(facts: Facts) -> Found:
    """Whether the number waiting on a channel rises from the first third of the counted time to the last."""
    periods = periods_of(facts.measured.length)
    name = "week" if periods is None else periods.name
    how = (
        f"Contacts waiting by channel in the last third of the whole {name}s against the first third. "
        "A queue grows if it is more than 50 % and more than one contact longer, the interval of the "
        "paired difference (95 % for all channels together) is above 0, and the middle third is not above the last."
    )
    if periods is None:
        return "open", "Less than two days are counted.", how
    channels = sorted(set(facts.tables["flows"]["channel"]))
    parts = [channels.index(channel) for channel in facts.tables["flows"]["channel"]]
    waiting = by_period(facts.tables, facts.measured, "flow_calendar", "waiting_us", parts, periods) / periods.width
    grown: list[str] = []
    doubtful: list[str] = []
    for channel, rows in zip(channels, waiting, strict=True):
        verdict, text = _grows(rows, periods, len(channels))
        if verdict != "fine":
            (grown if verdict == "look" else doubtful).append(f"{channel} {text}")
    if grown:
        return "look", f"Queues grow: {'; '.join(grown)}. Staffing is below the load, so they will not recover.", how
    if doubtful:
        return (
            "open",
            (f"More contacts wait at the end, but the difference is not significant: {'; '.join(doubtful)}."),
            how,
        )
    return "fine", f"No queue grows from the first {name}s to the last.", how


def _grows(rows: Floats, periods: Periods, tests: int) -> tuple[Verdict, str]:
    """Verdict and words for one channel; `rows` has the shape [replications, periods]."""
    third = max(1, periods.count // 3)
    first, last = rows[:, :third].mean(axis=1), rows[:, -third:].mean(axis=1)
    middle = rows[:, third : periods.count - third]
    a, b = float(first.mean()), float(last.mean())
    peaked = middle.size > 0 and float(np.mean(middle)) > b
    if b <= GROWN * a or b - a <= 1 or peaked:
        return "fine", ""
    found = paired(last - first, tests)
    drifts = found.half is not None and not found.holds_zero
    return ("look" if drifts else "open"), f"from {amount(a)} to {amount(b)}{_half(found)}"
