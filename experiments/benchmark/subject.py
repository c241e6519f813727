"""The side that is measured: ccsim, through its public functions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
SCENARIOS = HERE / "scenarios"


class Subject(Protocol):
    """What the benchmark asks of a simulator; the tests put a fake in its place."""

    def prepare(self, scenario: Path, settings: Sequence[str] = ()) -> Any:
        """A compiled model of a scenario file with `key=value` settings."""

    def simulate(self, model: Any, seed: int = 1, replication: int = 0) -> int:
        """Simulate one replication, tables included; the contacts simulated."""

    def replicate(self, model: Any, replications: int, workers: int) -> int:
        """Simulate replications over worker threads and join their tables; contacts simulated in all."""


class Ccsim:
    """The real one. Heavy imports wait until something is measured."""

    def prepare(self, scenario: Path, settings: Sequence[str] = ()) -> Any:
        from ccsim.model import compile_model
        from ccsim.scenario import load

        return compile_model(load(scenario, settings=list(settings)))

    def simulate(self, model: Any, seed: int = 1, replication: int = 0) -> int:
        from ccsim.engine import simulate

        return contacts_of(simulate(model, seed=seed, replication=replication))

    def replicate(self, model: Any, replications: int, workers: int) -> int:
        from ccsim.engine import simulate
        from ccsim.experiments.replicate import replicate
        from ccsim.results.tables import Assembler

        made = Assembler(model.names, model.workforce_plan, model.thresholds)
        replicate(partial(_one, simulate, model), replications, made.add, workers=workers)
        frames, _ = made.finish()
        return int(frames["replications"]["visits"].sum())


def _one(simulate: Any, model: Any, replication: int) -> Any:
    return simulate(model, seed=1, replication=replication)


def contacts_of(simulated: Any) -> int:
    """Contacts that one replication simulated, drain period included: every contact of these scenarios is one visit.

    The counted contacts alone would make a short horizon look slow: the replication goes on until the last of them has
    ended.
    """
    from ccsim.records.tables import REPLICATIONS

    names = [column.name for column in REPLICATIONS]
    return int(simulated.tables["replications"][0, names.index("visits") - 1])
