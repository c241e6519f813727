"""The desks that are simulated, and what theory says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import roots_genlaguerre

from ccsim import api
from ccsim.kpis.definitions import kpis_of
from ccsim.metrics.parts import labels
from ccsim.metrics.sums import Sums
from ccsim.scenario import loads
from ccsim.theory import erlang_a

PER_MINUTE: Final = 4.2
HANDLE_MINUTES: Final = 2.0
PATIENCE_MINUTES: Final = 1.0
WITHIN_MINUTES: Final = 1 / 3
AGENTS: Final = 12
MORE_AGENTS: Final = 13
PAID_HOUR: Final = 20.0

KPIS: Final = (
    "service_level",
    "abandonment",
    "mean_wait",
    "asa",
    "occupancy",
    "cost_per_contact",
    "answered_per_day",
)
"""What is measured: shares, waits, a cost and a count a day."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Desk:
    """One desk with impatient customers, in equilibrium, with a day factor that is drawn once for each replication."""

    name: str
    hours: int
    """Counted time."""
    day_cv: float
    """Coefficient of variation of the day factor, >= 0."""

    def scenario(self, agents: int) -> str:
        """Text of the scenario; the warm-up is 30 mean handle times."""
        return f"""\
scenario: coverage
horizon: {{start: 2026-01-01 06:00, warm_up: 1h, length: {self.hours}h, interval: 1h}}
service_level: {{within: 20s, rule: abandons count against}}
demand: {{calls: {{per_minute: {PER_MINUTE}, day_cv: {self.day_cv * 100:g}%}}}}
handle_time: {{law: exponential, mean: {HANDLE_MINUTES:g}m}}
patience: {{law: exponential, mean: {PATIENCE_MINUTES:g}m}}
pools: {{desk: {{staffing: {agents}, paid_hour: {PAID_HOUR:g}}}}}
"""


DESKS: Final = (
    Desk("calm, 2 h", 2, 0.0),
    Desk("bursty, 2 h", 2, 0.3),
    Desk("calm, 16 h", 16, 0.0),
    Desk("bursty, 16 h", 16, 0.15),
)


def exact(desk: Desk, agents: int) -> dict[str, float]:
    """Value of every KPI: Erlang A, averaged over the gamma law of the day factor with the calls as weights.

    The average is Gauss-Laguerre's, which is made for that law, with 80 points.
    """
    factors, weights = np.array([1.0]), np.array([1.0])
    if desk.day_cv:
        shape = desk.day_cv**-2
        factors, weights = roots_genlaguerre(80, shape - 1)
        factors, weights = factors / shape, weights / weights.sum()
    rates = PER_MINUTE * factors
    queues = [erlang_a(float(rate), HANDLE_MINUTES, agents, PATIENCE_MINUTES) for rate in rates]

    def mean(values: list[float]) -> float:
        return float(weights @ np.array(values))

    def per_minute(measure: str) -> float:
        return mean([rate * getattr(queue, measure) for rate, queue in zip(rates, queues, strict=True)])

    offered, answered = mean(list(rates)), per_minute("p_answered")
    waits = [r * q.p_answered * q.mean_wait_answered for r, q in zip(rates, queues, strict=True)]
    within = mean([r * q.sl_offered(WITHIN_MINUTES) for r, q in zip(rates, queues, strict=True)])
    return {
        "service_level": within / offered,
        "abandonment": per_minute("p_abandon") / offered,
        "mean_wait": per_minute("mean_wait_offered") / offered * 60,
        "asa": mean(waits) / answered * 60,
        "occupancy": mean([queue.occupancy for queue in queues]),
        "cost_per_contact": PAID_HOUR * agents / 60 / answered,
        "answered_per_day": answered * 1440,
    }


def simulated(desk: Desk, agents: int, replications: int, seed: int) -> dict[str, tuple[Matrix, Matrix]]:
    """What every KPI divides by what in each replication, its scale in the numerator, shape [replications] each."""
    run = api.run(loads(desk.scenario(agents)), replications=replications, seed=seed)
    sums, known = Sums(run.tables, run.measured), kpis_of(run.measured.rule)
    made = {}
    for name in KPIS:
        kpi = known[name]
        _, codes = labels(sums, "all", by_pool=kpi.by_pool)
        threshold = run.measured.thresholds[0] if kpi.by_threshold else None
        x, y = (sums.evaluate(one, kpi, codes, 1, threshold)[0] for one in (kpi.numerator, kpi.denominator))
        made[name] = x * (kpi.scale if kpi.counted != "rate" else 1.0), y / (kpi.scale if kpi.counted == "rate" else 1)
    return made
