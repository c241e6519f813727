"""Exact formulas of single queues: what the simulator is tested against, and first guesses for planners.

Every function takes rates a unit of time and times in that unit: any unit, the same in one call.
"""

from ccsim.theory.custom_law import FromSurvival
from ccsim.theory.erlang_b import LossQueue, blocking_probability, erlang_b
from ccsim.theory.erlang_c import PatientQueue, delay_probability, erlang_c
from ccsim.theory.impatient import ImpatientQueue, erlang_a, mmn_g, mmnk
from ccsim.theory.laws import (
    Constant,
    Exponential,
    Gamma,
    Hyperexponential,
    Law,
    Lognormal,
    Uniform,
    Weibull,
)
from ccsim.theory.many_agents import ConstantServiceQueue, mdn, mmn_priorities
from ccsim.theory.measures import QueueMeasures
from ccsim.theory.offered_load import offered_load, offered_load_steps
from ccsim.theory.one_agent import (
    OneAgentQueue,
    PriorityQueue,
    mg1,
    mg1_preemptive_sojourns,
    mg1_priorities,
)
from ccsim.theory.sensitivity import (
    Bridge,
    NamedSplit,
    bridge,
    exact_variance_shares,
    one_at_a_time,
    variance_shares,
)
from ccsim.theory.staffing import (
    agents_by_interval,
    agents_for_abandonment,
    agents_for_blocking,
    agents_for_mean_wait,
    agents_for_service_level,
    fewest_agents,
    scheduled_agents,
)

__all__ = [
    "Bridge",
    "Constant",
    "ConstantServiceQueue",
    "Exponential",
    "FromSurvival",
    "Gamma",
    "Hyperexponential",
    "ImpatientQueue",
    "Law",
    "Lognormal",
    "LossQueue",
    "NamedSplit",
    "OneAgentQueue",
    "PatientQueue",
    "PriorityQueue",
    "QueueMeasures",
    "Uniform",
    "Weibull",
    "agents_by_interval",
    "agents_for_abandonment",
    "agents_for_blocking",
    "agents_for_mean_wait",
    "agents_for_service_level",
    "blocking_probability",
    "bridge",
    "delay_probability",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "exact_variance_shares",
    "fewest_agents",
    "mdn",
    "mg1",
    "mg1_preemptive_sojourns",
    "mg1_priorities",
    "mmn_g",
    "mmn_priorities",
    "mmnk",
    "offered_load",
    "offered_load_steps",
    "one_at_a_time",
    "scheduled_agents",
    "variance_shares",
]
