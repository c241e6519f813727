"""What is to be simulated and what is to be told of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from ccsim.errors import Remark
from ccsim.results.measured import Measured

if TYPE_CHECKING:
    from ccsim.experiments.drawn import Uncertainty
    from ccsim.language.goals import Goal
    from ccsim.metrics.sums import Sums
    from ccsim.results.run import Run


ENGINES: Final = ("kernel", "reference")
"""What can simulate a scenario: the compiled kernel, or the slow reference engine; both give the same results."""


class ModelLike(Protocol):
    """What the results need of a compiled model; see `ccsim.model`."""

    @property
    def names(self) -> Mapping[str, Sequence[Sequence[Any]]]:
        """Rows of the tables of names: `queues`, `flows`, `pools`, `vendors`, `shrinkage_causes`."""

    @property
    def workforce_plan(self) -> NDArray[np.int64]:
        """Rows of the table `workforce_plan`."""

    @property
    def thresholds(self) -> tuple[int, ...]:
        """Service level thresholds in microseconds."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be simulated, and what is to be said about it."""

    name: str
    """Name of the run: the scenario with its variants."""
    measured: Measured
    goals: Sequence[Goal]
    seed: int
    replications: int
    workers: int | None = None
    """Threads; None: one for each processor."""
    visits: bool = False
    """Whether every visit is kept."""
    scenario: Mapping[str, Any] | None = None
    """Canonical plain values of the scenario, for the provenance."""
    files: Mapping[str, str] | None = None
    """SHA-256 of the files that were read, by name."""
    variants: Sequence[str] = ()
    settings: Sequence[str] = ()
    overrides: Sequence[str] = ()
    remarks: Sequence[Remark] = ()
    """Warnings of the scenario's check, and what short forms were taken for."""
    holidays: Mapping[str, Sequence[str]] | None = None
    """Public holidays that were used: ISO dates by calendar."""
    command: Sequence[str] | None = None
    engine: str = "kernel"
    """One of `ENGINES`."""
    uncertainty: Uncertainty | None = None
    """The uncertain inputs; None where there are none."""
    again: int = 0
    """So many of the first replications a run simulates again, with the same uncertain inputs and other contacts."""


@dataclass(frozen=True, slots=True)
class FirstWord:
    """What is told of a run before it is stored, and a part of it before its other estimates are made."""

    kpis: Sequence[str]
    """KPIs that are told."""
    scopes: Collection[str]
    """Scopes that are told, where they split the run."""
    meanwhile: Sequence[Callable[[], object]]
    """Called one after the other while long replications are simulated: what can be made ready for their end."""
    begin: Callable[[Run, Sums], None]
    """Called with the run, which has no estimates yet, and its sums; what it raises ends the run."""
    tell: Callable[[Run], None]
    """Called with the run, which then holds these estimates only; what it raises ends the run."""
    whole: Callable[[Run], None]
    """Called with the run and all its estimates, before it is stored; what it raises ends the run."""
