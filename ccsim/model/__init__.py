"""From a scenario to flat arrays: everything that is the same in every replication."""

from ccsim.model.compile import compile_model
from ccsim.model.model import Model

__all__ = ["Model", "compile_model"]
