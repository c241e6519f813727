"""Which points of the grid are tried next: Optuna proposes them in batches of one size, so that workers do not matter.

Optuna is imported here alone, and only where a grid is larger than the trials.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice, product
from typing import Any, Final, Protocol

import numpy as np

from ccsim.errors import CcsimError
from ccsim.experiments.optimise_asked import Cell, Decision, Objective, cells_in

BATCH: Final = 10
"""Points that are proposed before the results of any of them are told."""
RETRIES: Final = 10
"""So often the sampler may propose what is tried already; then a point is drawn at random among the others."""
INSTALL: Final = "the search needs one more package: pip install 'ccsim[optimise]' (or pip install 'optuna>=5,<6')"


class Samples(Protocol):
    """Proposes points and learns from them."""

    name: str
    """What it is, for people."""

    def ask(self, many: int) -> list[Cell]:
        """Up to so many points that were not proposed before."""

    def tell(self, cell: Cell, losses: Sequence[float] | None, excess: Sequence[float]) -> None:
        """The objectives of a point, less is better, None where it has none; and by how much it misses each
        constraint, 0 or less where it meets it.
        """


def sampler_for(decisions: Sequence[Decision], objectives: Sequence[Objective], trials: int, seed: int) -> Samples:
    """Every point in order where the grid has no more than the trials; else Optuna. `CcsimError` where it is needed
    and not installed.
    """
    return Every(decisions) if cells_in(decisions) <= trials else Proposed(decisions, len(objectives), seed)


class Every:
    """The whole grid in order."""

    name = "every plan of the grid"

    def __init__(self, decisions: Sequence[Decision]) -> None:
        self._cells = product(*(range(len(one.values)) for one in decisions))

    def ask(self, many: int) -> list[Cell]:
        return list(islice(self._cells, many))

    def tell(self, cell: Cell, losses: Sequence[float] | None, excess: Sequence[float]) -> None: ...


class Proposed:
    """Points by Optuna's tree-structured Parzen estimator, for one objective or several, with constraints.

    Ranges are whole numbers (the place on the range), lists are categories. The same seed proposes the same points if
    it is told the same.
    """

    name = "Optuna, tree-structured Parzen estimator"

    def __init__(self, decisions: Sequence[Decision], objectives: int, seed: int) -> None:
        with _silent():
            try:
                import optuna
            except ImportError:
                raise CcsimError(INSTALL) from None
            optuna.logging.set_verbosity(optuna.logging.ERROR)
            self._fail = optuna.trial.TrialState.FAIL
            self._forms: dict[str, Any] = {
                str(place): optuna.distributions.IntDistribution(0, len(one.values) - 1)
                if one.ordered
                else optuna.distributions.CategoricalDistribution(tuple(range(len(one.values))))
                for place, one in enumerate(decisions)
            }
            self._study = optuna.create_study(
                directions=["minimize"] * objectives, sampler=optuna.samplers.TPESampler(seed=seed % 2**32)
            )
        self._sizes = [len(one.values) for one in decisions]
        self._rng = np.random.default_rng(seed)
        self._told: dict[Cell, tuple[Sequence[float] | None, Sequence[float]]] = {}
        self._open: dict[Cell, list[Any]] = {}

    def ask(self, many: int) -> list[Cell]:
        left = int(np.prod(self._sizes, dtype=object)) - len(self._told) - len(self._open)
        with _silent():
            return [self._next() for _ in range(min(many, left))]

    def _next(self) -> Cell:
        for _ in range(RETRIES):
            cell = self._proposal()
            if cell is not None:
                return cell
        while True:
            cell = tuple(int(self._rng.integers(size)) for size in self._sizes)
            if cell not in self._told and cell not in self._open:
                break
        self._study.enqueue_trial({str(place): number for place, number in enumerate(cell)})
        found = self._proposal()
        assert found == cell
        return cell

    def _proposal(self) -> Cell | None:
        """What the study proposes; None where that was proposed before: it learns again what is known of it."""
        trial = self._study.ask(self._forms)
        cell = tuple(int(trial.params[name]) for name in self._forms)
        if cell in self._told:
            self._tell(trial, *self._told[cell])
            return None
        new = cell not in self._open
        self._open.setdefault(cell, []).append(trial)
        return cell if new else None

    def tell(self, cell: Cell, losses: Sequence[float] | None, excess: Sequence[float]) -> None:
        self._told[cell] = (losses, excess)
        with _silent():
            for trial in self._open.pop(cell):
                self._tell(trial, losses, excess)

    def _tell(self, trial: Any, losses: Sequence[float] | None, excess: Sequence[float]) -> None:
        if losses is None:
            self._study.tell(trial, state=self._fail)
            return
        for number, over in enumerate(excess):
            trial.set_constraint(str(number), over)
        self._study.tell(trial, list(losses))


@contextmanager
def _silent() -> Iterator[None]:
    """Its warnings are about how it is used, and nothing that a planner can change."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
