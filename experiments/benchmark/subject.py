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

    def play(self, model: Any, seed: int = 1, replication: int = 0) -> int:
        """Play one replication, tables included; the contacts played."""

    def replicate(self, model: Any, replications: int, workers: int) -> int:
        """Play replications over worker threads and join their tables; contacts played in all."""


class Ccsim:
    """The real one. Heavy imports wait until something is measured."""

    def prepare(self, scenario: Path, settings: Sequence[str] = ()) -> Any:
        from ccsim.model import compile_model
        from ccsim.scenario import load

        return compile_model(load(scenario, settings=list(settings)))

    def play(self, model: Any, seed: int = 1, replication: int = 0) -> int:
        from ccsim.engine import play

        return contacts_of(play(model, seed=seed, replication=replication))

    def replicate(self, model: Any, replications: int, workers: int) -> int:
        from ccsim.engine import play
        from ccsim.experiments.replicate import replicate
        from ccsim.results.tables import Assembler

        made = Assembler(model.names, model.workforce_plan, model.thresholds)
        replicate(partial(_one, play, model), replications, made.add, workers=workers)
        frames, _ = made.finish()
        return int(frames["replications"]["visits"].sum())


def _one(play: Any, model: Any, replication: int) -> Any:
    return play(model, seed=1, replication=replication)


def contacts_of(played: Any) -> int:
    """Contacts that one replication played, run-out included: every contact of these scenarios is one visit.

    The counted contacts alone would make a short horizon look slow: play goes on until the last of them has ended.
    """
    from ccsim.records.tables import REPLICATIONS

    names = [column.name for column in REPLICATIONS]
    return int(played.tables["replications"][0, names.index("visits") - 1])
