"""Small scenarios that theory knows."""

from __future__ import annotations

from ccsim.language.curves import Grid, RateCurve
from ccsim.language.demand import Volume
from ccsim.language.goals import ServiceLevel
from ccsim.language.handling import HandleTime, Patience
from ccsim.language.horizon import Horizon
from ccsim.language.laws import Exponential
from ccsim.language.pools import Pool
from ccsim.language.scenario import Scenario
from ccsim.units import DAY, HOUR, MINUTE


def flat(per_minute: float) -> RateCurve:
    return RateCurve(grid=Grid(every=DAY, values=(per_minute / MINUTE,)))


def staffed(agents: int) -> Grid:
    return Grid(every=DAY, values=(float(agents),))


def erlang_a(
    *,
    servers: int = 12,
    per_minute: float = 4.2,
    service: int = 2 * MINUTE,
    patience: int | None = MINUTE,
    warm_up: int = HOUR,
    length: int = 20 * HOUR,
) -> Scenario:
    return Scenario(
        scenario="erlang-a",
        horizon=Horizon(
            start="2026-01-01T00:00:00", warm_up=warm_up, length=length, drain=3 * DAY, interval=30 * MINUTE
        ),
        service_level=ServiceLevel(within=(20_000_000,)),
        handle_time=HandleTime(talk=Exponential(mean=service)),
        patience=None if patience is None else Patience(time=Exponential(mean=patience)),
        demand={"calls": Volume(workflow="calls", rate=flat(per_minute))},
        pools={"desk": Pool(staffing=staffed(servers))},
    )
