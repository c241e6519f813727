"""Checks of a run's counts: contacts add up, and queues obey Little's law."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from ccsim.metrics.sums import Sums
from ccsim.metrics.terms import terms_of
from ccsim.report.facts import Facts
from ccsim.report.numbers import amount, percent
from ccsim.report.waiting import paired
from ccsim.results.held_tables import select

Found = tuple[Literal["fine", "look", "open"], str, str]
"""Verdict, what was found, how it was looked at."""

_LEFT: Final = "moved_on + cleared + not_reached + expired"
OF_EVERY_QUEUE: Final = (
    ("offered", f"answered + callbacks_reached + abandoned + balked + {_LEFT} + open_waiting"),
    ("answered + callbacks_reached", "resolved + escalated + unresolved + transferred + open_in_hand"),
    ("sessions", "contained + falsely_contained + left_bot + handed_off + open_in_session"),
)
OF_ALL_QUEUES: Final = (
    (
        "arrived + escalated + transferred + requeued",
        "offered + requeued + blocked + closed + by_peers + contained + falsely_contained + left_bot + open_in_session",
    ),
)
WAITS: Final = "wait_answered_us + wait_abandoned_us + wait_other_us"
CLOSE: Final = 0.01
"""Relative difference that the ends of the counted time may make."""


def flow_balance(facts: Facts) -> Found:
    """Whether every contact that came in went out, counted exactly."""
    wrong = []
    for whole, (left, right) in [(False, e) for e in OF_EVERY_QUEUE] + [(True, e) for e in OF_ALL_QUEUES]:
        off = _evaluated(facts.sums, left) - _evaluated(facts.sums, right)
        missing = int(np.abs(off.sum(axis=0) if whole else off).sum())
        if missing:
            wrong.append(f"{left} differs from {right} by {missing:,} visits")
    routed = _routed(facts)
    answered = int(_evaluated(facts.sums, "answered + callbacks_reached").sum())
    if routed is not None and routed != answered:
        wrong.append(f"pools answered {routed:,} visits, but queues count {answered:,} answered visits")
    how = (
        "Exact counts for every queue and replication: offered = answered + called back + abandoned + balked + "
        "timed out + cleared at closing + callbacks not reached or expired + "
        "still waiting; answered + called back = resolved + escalated + unresolved + "
        "transferred + still active. Over all queues: from customers + escalated + transferred "
        "+ queued on at a time-out = offered + queued on + turned away + community deflection + contained or left in a "
        "bot. Pools and queues count the same number of answered visits."
    )
    if wrong:
        return "look", f"{'; '.join(wrong)}.", how
    offered = int(facts.sums.matrix("queue_sums", "offered").sum())
    return "fine", f"All {offered:,} visits are accounted for.", how


def _routed(facts: Facts) -> int | None:
    """Visits that pools answered; None where the run does not say who answered whom."""
    if "routes" not in facts.tables:
        return None
    routes = select(facts.tables, "routes", ["answered"])
    return None if routes.empty else int(routes["answered"].sum())


def _evaluated(sums: Sums, formula: str) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """A formula of whole numbers, shape [queues, replications]."""
    total = np.zeros((len(sums.queues), sums.replications), dtype=np.int64)
    for term in terms_of(formula):
        total += term.sign * np.asarray(sums.matrix("queue_sums", term.column), dtype=np.int64)
    return total


def littles_law(facts: Facts) -> Found:
    """Whether the area under the queues agrees with the waits of those who were in them."""
    sums = facts.sums
    how = (
        "Total time spent waiting, computed in two ways: from the number waiting at each moment, and "
        "from the wait of each counted visit. A contact that waits across the start or end of the "
        "counted time is in only one of them, so a small difference is allowed: within "
        f"{percent(CLOSE)}, or within the 95 % interval of the paired difference of the replications."
    )
    area, waits = _evaluated(sums, "waiting_us"), _evaluated(sums, WAITS)
    if not area.any():
        return ("fine", "Nobody waited.", how) if not waits.any() else ("open", "Queue lengths were not recorded.", how)
    texts, verdicts = [], []
    kinds = [kind for kind in ("live", "deferred") if (sums.queues["kind"] == kind).any()]
    for kind in kinds:
        inside = (sums.queues["kind"] == kind).to_numpy(dtype=bool)
        under, waited = area[inside].sum(axis=0) / 3600e6, waits[inside].sum(axis=0) / 3600e6
        if not under.any() and not waited.any():
            continue
        off = paired(under - waited, len(kinds))
        relative = abs(off.mean) / max(float(waited.mean()), float(under.mean()))
        still = int(_evaluated(sums, "open_waiting")[inside].sum())
        fine = relative <= CLOSE or off.holds_zero
        verdicts.append("fine" if fine else "open" if off.half is None or still or kind == "deferred" else "look")
        texts.append(f"{kind} {_off(float(under.mean()), float(waited.mean()))}" + _why(fine, kind, still))
    worst: Literal["fine", "look", "open"] = "look" if "look" in verdicts else "open" if "open" in verdicts else "fine"
    return worst, f"Queue length over time against the sum of waits: {'; '.join(texts)}.", how


def _off(area: float, waits: float) -> str:
    if not waits:
        return f"{amount(area)} h against none"
    off = abs(area / waits - 1) * 100
    return f"{'under 0.01' if off < 0.01 else f'{off:.2f}' if off < 1 else f'{off:.3g}'} % apart"


def _why(fine: bool, kind: str, still: int) -> str:
    if fine:
        return ""
    if still:
        return f" ({still:,} visits were still waiting when the run ended)"
    return " (it waits across days, so the start and end of the counted time matter more)" if kind == "deferred" else ""
