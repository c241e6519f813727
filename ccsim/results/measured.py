"""What a run measured: the counted time, the thresholds and the prices that its ratios need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from ccsim.results.schema import threshold_label


@dataclass(frozen=True, slots=True)
class Measured:
    """The frame of a run's tables, kept in `run.json`: a stored run is judged without its simulator."""

    start: str
    """First instant of the horizon (warm-up included), ISO text in `time_zone`."""
    time_zone: str
    """IANA name."""
    warm_up: int
    """Microseconds played before anything is counted."""
    length: int
    """Microseconds that are counted, > 0."""
    interval: int
    """Microseconds of a report interval, > 0."""
    thresholds: tuple[int, ...]
    """Service level thresholds in microseconds."""
    rule: str
    """Rule of the KPI `service_level`."""
    short_abandon: int
    """An abandon within these microseconds is short."""
    currency: str = "USD"
    """ISO code of money."""
    paid_hour: Mapping[str, float] = field(default_factory=dict)
    """Price of a paid hour by pool; a pool that is missing costs nothing."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Thresholds as they stand in column names: `20s`."""
        return tuple(threshold_label(t) for t in self.thresholds)

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self) | {"thresholds": list(self.thresholds), "paid_hour": dict(self.paid_hour)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Measured:
        """The frame again, from `as_dict`; unknown keys are left out, missing ones raise TypeError."""
        known = {f.name for f in fields(cls)}
        taken = {key: value for key, value in values.items() if key in known}
        return cls(**(taken | {"thresholds": tuple(taken["thresholds"])}))
