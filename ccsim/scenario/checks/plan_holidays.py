"""Public holidays in the look at a plan: hours at which a roster has nobody, though it has somebody on other days."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ccsim.centre.eligible import Eligibility, EligiblePools
from ccsim.centre.legs import first_kinds
from ccsim.centre.streams import Stream
from ccsim.language.channels import Channel
from ccsim.language.scenario import Scenario
from ccsim.scenario.checks.gap_text import likewise, on_days
from ccsim.scenario.checks.plan_demand import Known, Told, covered_by

_CHANNEL = Channel()


def public_holidays(
    scenario: Scenario,
    eligibility: Eligibility,
    known: Known,
    covered: Callable[[EligiblePools], list[int]],
) -> list[Told]:
    """Hours of public holidays at which live contacts come in and no pool that may take them works; one line a volume.

    Parameters
    ----------
    covered
        By week: hours at which an eligible pool has somebody on other days.
    """
    cover = known.cover
    away = {name: cover.holidays(pool) for name, pool in scenario.pools.items()}
    if not any(any(weeks) for weeks in away.values()):
        return []

    def on_a_holiday(pool: str) -> Sequence[int]:
        usual = cover.agents(scenario.pools[pool])[0]
        return [bits & ~off for bits, off in zip(usual, away[pool], strict=True)] if away[pool] else usual

    found: dict[str, tuple[Stream, str, list[int]]] = {}
    begun = ((flow, kind) for flow in known.by_volume.values() for kind in first_kinds(scenario, flow.stream))
    for flow, kind in begun:
        stream = flow.stream
        volume = scenario.demand[stream.volume]
        if (scenario.channels.get(stream.channel) or _CHANNEL).kind != "live" or volume.holidays == 0.0:
            continue
        market = scenario.markets.get(stream.market)
        zone = market.time_zone if market else scenario.time_zone
        eligible = eligibility.pools_for(kind)
        working = covered_by(eligible, on_a_holiday, len(cover.weeks.all))
        gaps = [
            wanted & usual & ~there for wanted, usual, there in zip(flow.open, covered(eligible), working, strict=True)
        ]
        before = found.get(stream.volume)
        if any(gaps) and (before is None or _quarters(gaps) > _quarters(before[2])):
            found[stream.volume] = (stream, zone, gaps)
    told: dict[str, list[tuple[str, str]]] = {}
    for volume_name, (stream, zone, gaps) in found.items():
        told.setdefault(on_days(cover.weeks, gaps, zone), []).append((volume_name, stream.name))
    return [
        Told(
            f"nobody is on the line for {volumes[0][1]} {when}: on public holidays of the sites no eligible pool "
            f"works; `on_holidays:` of a site says how much of the roster does"
            f"{likewise([name for name, _ in volumes[1:]])}",
            ("demand", volumes[0][0]),
        )
        for when, volumes in told.items()
    ]


def _quarters(weeks: Sequence[int]) -> int:
    """How many quarters of hours there are."""
    return sum(bits.bit_count() for bits in weeks)
