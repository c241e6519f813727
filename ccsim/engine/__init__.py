"""The engine: SimPy's control plane above, the compiled kernel below, one clock for both."""

from ccsim.draws.jit import load_compiled
from ccsim.engine.played import Played
from ccsim.engine.replication import play

__all__ = ["Played", "load_compiled", "play"]
