"""What a formula of a single queue gives: long-run shares, waits and service levels, by their full names."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from ccsim.theory.arguments import inner_share, not_negative, refuse


@dataclass(frozen=True, kw_only=True)
class QueueMeasures(ABC):
    """Long-run measures of one queue and its agents; times in the unit of the arguments.

    *Offered* are all contacts, those turned away included; *entered* those not turned away; a contact that
    leaves at once counts as abandoned with wait 0. A mean over nobody is None.
    """

    arrival_rate: float
    """Contacts a unit of time."""
    mean_service: float
    """Mean handle time."""
    agents: int
    """Agents on the line."""
    offered_load: float
    """Arrival rate x mean handle time, in agents."""
    p_wait: float
    """Share of the offered that find no agent free and are not turned away (leaving at once included)."""
    p_block: float
    """Share of the offered that are turned away."""
    p_abandon: float
    """Share of the offered that leave before an agent takes them."""
    p_answered: float
    """Share of the offered that reach an agent."""
    p_empty: float
    """Share of time with nobody in the system."""
    busy: float
    """Mean number of busy agents."""
    occupancy: float
    """Busy agents / agents."""
    mean_queue: float
    """Mean number of waiting contacts."""
    mean_in_system: float
    """Mean number of contacts waiting or with an agent."""
    mean_wait_offered: float
    """Mean time in queue of all offered: abandoners with the time they waited, the turned away with 0."""
    mean_wait_entered: float
    """The same over contacts not turned away."""
    mean_wait_answered: float
    """Mean wait of the answered (ASA), zeros included."""
    mean_wait_abandoned: float | None
    """Mean wait of those who abandoned; None if nobody can."""
    mean_wait_delayed: float | None
    """Mean time in queue of those counted in `p_wait`; None if nobody can wait."""
    mean_virtual_wait: float
    """Mean over all entered of the wait that an endlessly patient contact would bear."""
    var_wait: float
    """Variance of the time in queue over all entered."""

    @property
    def p_all_busy(self) -> float:
        """Share of time, and of the offered, with every agent busy."""
        return self.p_wait + self.p_block

    @abstractmethod
    def answered_within(self, within: float) -> float:
        """Share of the offered that are answered after a wait of at most `within` (>= 0)."""

    @abstractmethod
    def abandoned_within(self, within: float) -> float:
        """Share of the offered that abandon after a wait of at most `within` (>= 0)."""

    def sl_offered(self, within: float) -> float:
        """Service level: answered within / offered. Abandoned and turned away count against."""
        return self.answered_within(within)

    def sl_entered(self, within: float) -> float:
        """Service level: answered within / not turned away."""
        return self._ratio(self.answered_within(within), self.p_answered + self.p_abandon)

    def sl_served(self, within: float) -> float:
        """Service level: answered within / answered."""
        return self._ratio(self.answered_within(within), self.p_answered)

    def sl_excl_short_ab(self, within: float, short: float | None = None) -> float:
        """Service level: answered within / (not turned away, less those who abandon within `short`).

        `short` is `within` unless given.
        """
        left = self.abandoned_within(within if short is None else short)
        return self._ratio(self.answered_within(within), self.p_answered + max(self.p_abandon - left, 0.0))

    def sl_all_le(self, within: float) -> float:
        """Share of the offered whose time in queue ends within, by an answer or by leaving."""
        return min(self.answered_within(within) + self.abandoned_within(within), 1.0)

    def wait_percentile(self, share: float) -> float:
        """Time within which that share (between 0 and 1) of all entered are answered or have left."""
        refuse(inner_share("share", share))
        return self._time_for(lambda t: self.sl_all_le(t), share * (self.p_answered + self.p_abandon))

    def answered_wait_percentile(self, share: float) -> float:
        """Wait within which that share (between 0 and 1) of the answered were answered."""
        refuse(inner_share("share", share))
        return self._time_for(self.answered_within, share * self.p_answered)

    def _time_for(self, reached: Callable[[float], float], level: float) -> float:
        """Find the smallest time at which a rising function reaches a level, by bisection."""
        if reached(0.0) >= level:
            return 0.0
        high = self.mean_service / self.agents
        while reached(high) < level:
            high *= 2
            if high > 1e300:
                raise ValueError("share: too close to 1 for this queue")
        low = 0.0
        while high - low > 4e-16 * high:
            middle = (low + high) / 2
            if reached(middle) < level:
                low = middle
            else:
                high = middle
        return high

    @staticmethod
    def _ratio(part: float, whole: float) -> float:
        return min(part / whole, 1.0) if whole > 0 else 0.0


def check_within(within: float) -> None:
    """Refuse a threshold that is negative or not finite."""
    refuse(not_negative("within", within))
