"""What can be said of a model before anything is simulated: its queues and pools, and whether goals can be judged."""

from __future__ import annotations

import pandas as pd

from ccsim.experiments.plan import ModelLike, Plan
from ccsim.metrics.by_interval import inside_of
from ccsim.metrics.goals import kpi_of_goal, scope_of
from ccsim.metrics.sums import Sums
from ccsim.metrics.time_goals import in_time
from ccsim.records.tables import TABLES
from ccsim.results.tables import names_frame


def without_replications(plan: Plan, model: ModelLike) -> Sums:
    """The queues and pools of what is to be simulated, with nothing simulated."""
    frames = {name: names_frame(rows, TABLES[name]) for name, rows in model.names.items()}
    return Sums({"replications": pd.DataFrame()} | frames, plan.measured)


def faults_by_time(plan: Plan, model: ModelLike) -> list[str]:
    """Why goals by time cannot be judged: sums by interval are kept by flow, and a goal is about a part of one."""
    faults = []
    for number, goal in enumerate(plan.goals):
        if in_time(goal):
            try:
                inside_of(without_replications(plan, model), kpi_of_goal(goal, plan.measured)[0], scope_of(goal))
            except ValueError as error:
                faults.append(f"{plan.name}: goals.{number}: {error}")
    return faults
