"""Pass, fail or inconclusive: the one place that decides, for intervals and for several goals together.

A goal is held against the interval of its KPI, not against its estimate alone. What a run, its page, its workbook, a
comparison, a search, a sweep, `check-goals` and the exit codes say of goals is found by these functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, get_args

Verdict = Literal["pass", "fail", "inconclusive"]
MARKS: Final[dict[Verdict, str]] = {"pass": "✓ pass", "fail": "✗ fail", "inconclusive": "? inconclusive"}
"""How a verdict is shown on a page: by a sign and a word, not by colour alone."""
BRIEF: Final[dict[Verdict, str]] = {"pass": "pass", "fail": "fail", "inconclusive": "?"}
"""How a verdict is shown beside a number, in a cell of a table."""

Meets = Literal["yes", "probably", "probably not", "unknown", "no"]
"""Whether all goals are met: every one passes; none fails and the probability that all are met is at least `EVEN`, or
below it, or not known; one fails."""
STANDINGS: Final[tuple[Meets, ...]] = get_args(Meets)
"""The best first."""
EVEN: Final = 0.5

Direction = Literal["higher", "lower", "not decided"]


def verdict_of_interval(
    low: float, high: float, at_least: float | None, at_most: float | None = None
) -> tuple[Verdict, str]:
    """The verdict of an interval on its limits, and why it does not pass.

    Pass: the whole interval is within the limits (themselves included). Fail: the whole interval is outside. Anything
    else is inconclusive. A value that is known exactly is an interval with equal ends.
    """
    if (at_least is None or low >= at_least) and (at_most is None or high <= at_most):
        return "pass", ""
    if at_least is not None and high < at_least:
        return "fail", "the whole interval is below the limit"
    if at_most is not None and low > at_most:
        return "fail", "the whole interval is above the limit"
    return "inconclusive", "the interval straddles the limit: run more replications"


def verdict_of(goal: Mapping[str, Any]) -> tuple[Verdict, str]:
    """The verdict of a goal, and why it does not pass; inconclusive where its KPI has no interval.

    Parameters
    ----------
    goal
        `estimate`, `low`, `high` (None where they are not known), `at_least`, `at_most`, `replications`, `note`.
    """
    low, high = goal["low"], goal["high"]
    if goal["estimate"] is None:
        return "inconclusive", goal["note"] or "there is no estimate"
    if low is None or high is None:
        several = goal.get("replications", 0) > 1 and goal["note"]
        return "inconclusive", goal["note"] if several else "one replication has no interval"
    return verdict_of_interval(low, high, goal["at_least"], goal["at_most"])


def verdict_of_all(verdicts: Iterable[str]) -> Verdict:
    """One verdict of several: pass if all pass (or there are none), fail if one fails, else inconclusive.

    As each may be said with its own error, so may all of them together (intersection-union test; Berger, 1982).
    """
    found = set(verdicts)
    return "fail" if "fail" in found else "inconclusive" if "inconclusive" in found else "pass"


def verdict_of_goals(goals: Iterable[Mapping[str, Any]]) -> Verdict:
    """One verdict of several goals that were judged: each has its own as `verdict`."""
    return verdict_of_all(goal["verdict"] for goal in goals)


def meets_all(goals: Iterable[Mapping[str, Any]], likely: float | None) -> Meets:
    """Whether all goals are met, by their verdicts and the probability that all of them are; unknown without goals."""
    judged = list(goals)
    verdict = verdict_of_goals(judged)
    if verdict == "fail":
        return "no"
    if verdict == "pass" and judged:
        return "yes"
    if likely is None or not judged:
        return "unknown"
    return "probably" if likely >= EVEN else "probably not"


def excess(low: float, high: float, at_least: float | None, at_most: float | None) -> float:
    """By how much the worse end of an interval misses its limits, in parts of the limit; 0 or less if it misses none.

    There is at least one limit. Of a limit of 0 the parts are those of 1.
    """
    below = [] if at_least is None else [(at_least - low) / (abs(at_least) or 1.0)]
    above = [] if at_most is None else [(high - at_most) / (abs(at_most) or 1.0)]
    return max(below + above)


def verdict_of_difference(low: float, high: float) -> Direction:
    """Which side of 0 the whole interval of a difference lies on; not decided if it holds 0."""
    return "higher" if low > 0 else "lower" if high < 0 else "not decided"
