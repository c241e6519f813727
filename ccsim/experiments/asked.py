"""What studies are asked: what they change and how much they simulate, which all say alike, and what a sweep adds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ccsim.experiments.sweep_factors import Values, Varied
    from ccsim.metrics.decide import Until


@dataclass(frozen=True, slots=True)
class Changes:
    """What is put on top of every scenario of a study, in this order."""

    variants: Sequence[str] = ()
    """Names of variants of its file."""
    settings: Sequence[str] = ()
    """`key=value`."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much a study simulates, with which random numbers and on how many threads."""

    replications: int | None = None
    """Of every point; None: the scenario's."""
    seed: int | None = None
    """None: the scenario's."""
    workers: int | None = None
    """None: one for each processor."""
    anyway: bool = False
    """Whether it simulates what is foreseen never to end, to take too long, or not to fit into memory."""

    def over(self, replications: int | None, seed: int | None) -> Effort:
        """The same, with what a study says where nothing is said here."""
        return replace(
            self,
            replications=replications if self.replications is None else self.replications,
            seed=seed if self.seed is None else self.seed,
        )


@dataclass(frozen=True, slots=True)
class SweepOptions:
    """What a sweep is asked beside its scenarios and their values; a study or a question may say the same, and what
    is given here goes before that."""

    changes: Changes = field(default_factory=Changes)
    effort: Effort = field(default_factory=Effort)
    """With `until` its replications are those of the first look."""
    until: str | None = None
    """`decided` or `precision=5%`; None: all points have the same replications."""
    max_replications: int | None = None
    """Most replications of a point, with `until`."""
    kpis: Sequence[str] = ()
    scopes: Sequence[str] = ()
    staff: str = ""
    """`keep occupancy`, `keep goals`, or nothing: people do not follow the work."""


@dataclass(frozen=True, slots=True)
class SweepAsked:
    """What is to be swept, before anything is read."""

    scenarios: Sequence[str]
    """Files, `FILE:VARIANT`; the first is what all are compared with."""
    factors: Sequence[Varied]
    rows: Sequence[Sequence[str]] | None = None
    """Values of all factors point by point, for a sampled design; None: every combination."""
    changes: Changes = field(default_factory=Changes)
    effort: Effort = field(default_factory=Effort)
    """With `until` its replications say nothing."""
    kpis: Sequence[str] = ()
    scopes: Sequence[str] = ()
    question: str = ""
    points: Sequence[Values] | None = None
    """The points themselves, each with keys of its own; the factors then say where keys come from."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """As in `SweepPlan`."""
    staff: str = ""
    """`keep occupancy`, `keep goals`, or nothing."""
    until: Until | None = None
    """What each point is simulated until; None: all have the same replications."""
    written_only: int = 0
    """So many of the first scenarios are simulated as written, without the values."""
    staff_of: str = ""
    """File of the scenario whose occupancy is kept; nothing: that of each as written."""

    def combinations(self) -> Iterator[Values]:
        """The values of every point but the scenario as written."""
        if self.points is not None:
            yield from self.points
            return
        keys = [one.key for one in self.factors]
        rows = product(*(one.values for one in self.factors)) if self.rows is None else self.rows
        yield from (tuple(zip(keys, row, strict=True)) for row in rows) if keys else ()

    def count(self) -> int:
        """Points of each scenario, without the scenario as written."""
        if self.points is not None or self.rows is not None:
            return len(self.points or self.rows or ())
        counted = 1 if self.factors else 0
        for one in self.factors:
            counted *= len(one.values)
        return counted
