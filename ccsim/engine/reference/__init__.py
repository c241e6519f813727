"""The reference engine: the life of contacts and agents once more, in plain SimPy, to be read.

A process for each visit, agents and lines as ordinary objects. It is written from `docs/background/semantics.md`; with
the kernel it shares the compiled scenario and the draws, nothing else. Both give the same log, row by row.
`docs/background/how-it-works.md` explains it step by step.
"""

from ccsim.engine.reference.replication import simulate_by_reference, simulate_logs

__all__ = ["simulate_by_reference", "simulate_logs"]
