"""Pass, fail or inconclusive: a goal against the interval of its KPI, not against its estimate alone.

The one place that decides. What a run, its page, its workbook, a comparison and `check-goals` say of a goal is what is
found here when it is judged and kept with the run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from ccsim.language.goals import Goal

Verdict = Literal["pass", "fail", "inconclusive"]
MARKS: Final[dict[Verdict, str]] = {"pass": "✓ pass", "fail": "✗ fail", "inconclusive": "? inconclusive"}
"""How a verdict is shown on a page: by a sign and a word, not by colour alone."""


def verdict_of(goal: Mapping[str, Any]) -> tuple[Verdict, str]:
    """Whether a goal passes beyond the chance of the replications, and why not where it does not.

    Pass: the whole interval meets the goal (its limits included). Fail: the whole interval misses it. Anything else is
    inconclusive: the interval straddles a limit, or there is none.

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
    least, most = goal["at_least"], goal["at_most"]
    if (least is None or low >= least) and (most is None or high <= most):
        return "pass", ""
    if least is not None and high < least:
        return "fail", "the whole interval is below the limit"
    if most is not None and low > most:
        return "fail", "the whole interval is above the limit"
    return "inconclusive", "the interval straddles the limit: run more replications"


def meets(goal: Goal, value: float) -> bool:
    """Whether a value meets a goal; a value at the limit does."""
    above = goal.at_least is None or value >= goal.at_least
    return above and (goal.at_most is None or value <= goal.at_most)
