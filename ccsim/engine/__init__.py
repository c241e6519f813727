"""The engine: SimPy's control plane above, the compiled kernel below, one clock for both."""

from ccsim.draws.jit import load_compiled
from ccsim.engine.replication import simulate
from ccsim.engine.simulated import Simulated

__all__ = ["Simulated", "load_compiled", "simulate"]
