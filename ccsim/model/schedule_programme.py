"""The linear programme of a roster: how many people, not whole, work each schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ccsim.kernel.layout import Floats, Ints

if TYPE_CHECKING:
    import highspy


class ScheduleProgramme:
    """People on schedules, not whole, at which a convex price of the hours of a week is least: a linear programme.

    It is posed as its dual, the smaller of the two: what an hour on the line is worth, as much as possible for the
    week, such that no schedule is worth more than its group pays each of its people. What a
    schedule's row is worth there are the people on it here.
    """

    def __init__(self, hours: Floats, knots: Floats, gains: Floats, groups: list[tuple[Ints, int]]) -> None:
        """What is to be found.

        Parameters
        ----------
        hours
            [schedules, hours] Mean number on the line of one person on each schedule.
        knots
            [steps - 1, hours] Numbers on the line at which the slope of the price of an hour changes, rising.
        gains
            [steps] What one agent more takes off the price in each step, falling.
        groups
            Weekly schedules among which people are free to move, and how many people they have; together all
            schedules, each once.
        """
        import highspy

        steps = -np.diff(gains)  # of the worth of an hour, above that of a plain surplus
        schedules, slots = hours.shape
        worths, pays = steps.size * slots, len(groups)
        slot, schedule = np.nonzero(hours.T)
        members = [rows for rows, _ in groups]
        sizes = np.concatenate([np.tile(np.bincount(slot, minlength=slots), steps.size), [len(one) for one in members]])
        index = np.concatenate([np.tile(schedule, steps.size), *members])
        self._solver: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]  # not in its stubs
        self._solver.silent()
        self._solver.setOptionValue("presolve", "off")  # there is nothing to take out
        self._solver.setOptionValue("threads", 1)
        self._solver.passModel(
            worths + pays,
            schedules,
            index.size,
            int(highspy.MatrixFormat.kColwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            np.concatenate([-knots.ravel(), [float(people) for _, people in groups]]),
            np.concatenate([np.zeros(worths), np.full(pays, -np.inf)]),
            np.concatenate([np.repeat(steps, slots), np.full(pays, np.inf)]),
            np.full(schedules, -np.inf),
            -gains[-1] * hours.sum(axis=1),
            np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32),
            index.astype(np.int32),
            np.concatenate([np.tile(hours[schedule, slot], steps.size), np.full(schedules, -1.0)]),
            np.zeros(worths + pays, np.int32),
        )

    def solve(self) -> None:
        """Solve it by the simplex method of HiGHS (Huangfu and Hall 2018), which lets go of the interpreter."""
        self._solver.run()

    def people(self) -> Floats:
        """[schedules] People on each schedule."""
        import highspy

        status = self._solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError(f"HiGHS found no roster: {self._solver.modelStatusToString(status)}")
        return np.asarray(np.maximum(-np.asarray(self._solver.getSolution().row_dual), 0.0))
