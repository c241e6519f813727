"""What a search for people is asked, and who is told of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ccsim.metrics.estimates import LEVEL

if TYPE_CHECKING:
    from ccsim.experiments.prepared import Path
    from ccsim.experiments.progress import Progress
    from ccsim.experiments.replicate import Stop
    from ccsim.experiments.staffing_trials import Trial


@dataclass(frozen=True, slots=True)
class PeopleAsked:
    """What is searched, before anything is read; more of each at `ccsim.experiments.staffing_call.staff`."""

    source: Path
    """File of the scenario, `FILE:VARIANT`."""
    pools: Sequence[str] = ()
    """Pools that may change; none: all that can."""
    between: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Least and most people by pool."""
    level: float = LEVEL
    probability: float | None = None
    """That all goals are met at once; None: their means are to meet their limits."""
    most: int | None = None
    """Most replications of a plan; None: by the number of pools."""
    seed: int | None = None
    """None: the scenario's."""
    settings: Sequence[str] = ()
    workers: int | None = None
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told of a search, and may stop it."""

    progress: Progress | None = None
    stop: Stop | None = None
    say: Callable[[str], None] | None = None
    """Told in words of each phase; None: the log is."""
    told: Callable[[Trial, int], None] | None = None
    """Told of each look at a plan, and how many replications it took."""
