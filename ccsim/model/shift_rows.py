"""Rows of the plan of shifts that are worked alike: by people of one pool on one pattern."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ccsim.kernel import layout
from ccsim.kernel.layout import NONE, Ints
from ccsim.model.plan import Plan
from ccsim.model.shift_layout import ShiftLayout

LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class ShiftRows:
    """Shifts of people who work alike; kept small, made into rows when they are asked for."""

    layout: ShiftLayout
    agent: Ints
    """[shifts] Row of the agent."""
    since: Ints
    """[shifts] Instant of the start, from which breaks and blocks are counted."""
    comes: Ints
    """[shifts] Instant from which it is worked: the start, or later where the site opens later."""
    until: Ints
    """[shifts] Instant of the end."""
    paid: Ints
    """[shifts] Paid time within the horizon of one who is away all day."""
    way: Ints
    """[shifts] Which of the ways of the layout it is worked in."""
    here: NDArray[np.bool_]
    """[shifts] False: planned to be away all day."""
    causes: Mapping[str, int]
    """Number of each cause of shrinkage."""

    def write(self, plan: Plan, pool: int) -> None:
        """Add the shifts to a plan: their rows, and their agent time, rostered and scheduled on the line."""
        out, back = self._breaks()
        self._add_time(plan, pool, *self._at_work(out, back))
        times = self._times(out)
        kept = self._kept(out, back, plan.span.end)
        if kept.all():
            plan.add_agents(times.ravel(), lambda: self._rows().reshape(-1, layout.PLAN_WIDTH))
        else:
            plan.add_agents(times[kept], lambda: self._rows()[kept])

    def _add_time(self, plan: Plan, pool: int, out: Ints, back: Ints) -> None:
        plan.rostered.between(self.comes, self.until, pool)
        if self.layout.gap is not None:
            plan.rostered.between(out[:, self.layout.gap], back[:, self.layout.gap], pool, -1)
        plan.scheduled.between(self.comes[self.here], self.until[self.here], pool)
        plan.scheduled.between(out[self.here], back[self.here], pool, -1)

    def _rows(self) -> Ints:
        """[shifts, rows of a shift, PLAN_WIDTH] Sign-in, breaks and blocks, sign-out."""
        out, back = self._breaks()
        times = self._times(out)
        rows = np.empty((*times.shape, layout.PLAN_WIDTH), np.int64)
        rows[:] = self._sample()
        rows[:, :, layout.PLAN_TIME] = times
        rows[:, :, layout.PLAN_WHO] = self.agent[:, None]
        rows[:, 0, layout.PLAN_VALUE] = self.until
        rows[:, 1:-1, layout.PLAN_VALUE] = back - times[:, 1:-1]
        rows[:, 0, layout.PLAN_PAID] = self.paid
        if not self.here.all():
            rows[~self.here, 0, layout.PLAN_VALUE] = NONE
            rows[~self.here, 0, layout.PLAN_CAUSE] = self.causes.get(LEAVE, 0)
        return rows

    def _sample(self) -> Ints:
        """[rows of a shift, PLAN_WIDTH] What is the same in every shift."""
        sample = np.zeros((2 + len(self.layout.away), layout.PLAN_WIDTH), np.int64)
        sample[:, layout.PLAN_WHAT] = layout.BREAK
        sample[0, layout.PLAN_WHAT] = layout.SIGN_IN
        sample[-1, layout.PLAN_WHAT] = layout.SIGN_OUT
        sample[1:-1, layout.PLAN_PAID] = [int(one.paid) for one in self.layout.away]
        sample[1:-1, layout.PLAN_CAUSE] = [self.causes[one.cause] for one in self.layout.away]
        return sample

    def _breaks(self) -> tuple[Ints, Ints]:
        """[shifts, away] Instants at which breaks and blocks begin (after the end, if it is cut) and end."""
        out = self.since[:, None] + self.layout.at[self.way]
        return out, np.minimum(out + self.layout.lengths[self.way], self.until[:, None])

    def _at_work(self, out: Ints, back: Ints) -> tuple[Ints, Ints]:
        """The same, as far as they lie in the time that is worked."""
        low, high = self.comes[:, None], self.until[:, None]
        return np.clip(out, low, high), np.clip(back, low, high)

    def _times(self, out: Ints) -> Ints:
        """[shifts, rows of a shift] Instants; the horizon may begin in a shift or in a break."""
        times = np.empty((len(self.since), 2 + len(self.layout.away)), np.int64)
        times[:, 0] = self.comes
        times[:, 1:-1] = np.maximum(out, self.comes[:, None])
        times[:, -1] = self.until
        return np.maximum(times, 0, out=times)

    def _kept(self, out: Ints, back: Ints, horizon: int) -> NDArray[np.bool_]:
        """[shifts, rows of a shift] Whether there is such a row: within the horizon and the shift, and the agent is
        here."""
        kept = np.empty((len(self.since), 2 + len(self.layout.away)), np.bool_)
        kept[:, 0] = self.comes < horizon
        kept[:, 1:-1] = (back > np.maximum(np.maximum(out, self.comes[:, None]), 0)) & (
            out < np.minimum(self.until, horizon)[:, None]
        )
        kept[:, -1] = self.until < horizon
        kept[:, 1:] &= self.here[:, None]
        return kept
