"""Pass, fail or inconclusive: a goal against the interval of its KPI, not against its estimate alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

Verdict = Literal["pass", "fail", "inconclusive"]


def verdict_of(goal: Mapping[str, Any]) -> tuple[Verdict, str]:
    """Whether a judged goal is met, whatever the luck of the replications, and why not where it is not.

    A pass: the whole interval meets the goal (its limits included). A fail: the whole interval misses it. Anything
    else is inconclusive: the interval straddles a limit, or there is none.
    """
    low, high = goal["low"], goal["high"]
    if goal["estimate"] is None:
        return "inconclusive", goal["note"] or "there is no estimate"
    if low is None or high is None:
        several = goal.get("replications", 0) > 1 and goal["note"]
        return "inconclusive", goal["note"] if several else "one replication has no interval"
    least, most = goal["at_least"], goal["at_most"]
    if (least is None or low >= least) and (most is None or high <= most):
        return "pass", ""
    if least is not None and high < least:
        return "fail", "the whole interval is below the limit"
    if most is not None and low > most:
        return "fail", "the whole interval is above the limit"
    return "inconclusive", "the interval straddles the limit: play more replications"
