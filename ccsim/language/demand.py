"""Demand: volumes of contacts, planned or recorded, and what shapes them."""

from __future__ import annotations

from typing import Literal

from ccsim.language.curves import Change, Grid, RateCurve
from ccsim.language.section import Section
from ccsim.text.quantities import Duration, Factor, LocalTime, Name, Ratio, Share


class Trace(Section):
    """Recorded contacts, played as they came."""

    time: tuple[int, ...]
    """Microseconds since the start of the horizon, not falling."""
    talk: tuple[int, ...] = ()
    """Recorded talk in microseconds by contact, -1 where drawn; empty: all drawn."""
    wrap_up: tuple[int, ...] = ()
    """Recorded wrap-up in microseconds, -1 where drawn; empty: all drawn (none where talk is recorded)."""
    patience: tuple[int, ...] = ()
    """Recorded patience in microseconds, -1 where drawn, -2 for never; empty: all drawn."""
    source: str = ""
    """File it came from."""


class DayFactor(Section):
    """Random busyness of a local day: gamma with mean 1, one draw a volume (or a shared name) and date."""

    cv: Ratio
    """Coefficient of variation; 0: every day as planned."""
    shared: Name | None = None
    """Volumes that name the same factor are busy together."""
    correlation: Share = 1.0
    """How closely the day follows the shared factor: the correlation of the normal scores of two volumes that share
    it (a Gaussian copula); 1: the same factor."""


class Cause(Section):
    """Why customers get in touch."""

    kind: Literal["defect", "policy", "how_to", "other"] = "other"
    """Kind of cause."""
    fixed: LocalTime | None = None
    """Local time of the market from which it makes no more contacts."""
    remaining: Share = 0.0
    """Share of its contacts that still come once it is fixed."""


class Profile(Section):
    """The shape of a week: how a volume spreads over the hours of a day and the days of a week."""

    hours: Grid
    """Weights over the local day, linear between steps; only their proportions count. In YAML steps
    `[[00:00, 1], [08:00, 6], [18:00, 3]]`."""
    weekdays: tuple[Ratio, Ratio, Ratio, Ratio, Ratio, Ratio, Ratio] = (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
    """Weights of the days from Monday to Sunday; only their proportions count. In YAML `{mon-fri: 1, sat: 40%}`;
    days that are not named have weight 0."""


class Surge(Section):
    """Something that multiplies demand for a while: a launch, a campaign, an incident."""

    at: LocalTime
    """First instant, local time of `time_zone`, or of each market where none is given."""
    time_zone: str | None = None
    """Zone of `at`; none: the market's own, so that a campaign follows the sun."""
    length: Duration
    """How long it is in full force. In YAML `for: 4h`."""
    times: Ratio
    """Demand is multiplied by this."""
    fades: Duration = 0
    """After `length` what is above (or below) normal falls to 37 % in this time, again and again (exponentially)."""
    workflows: tuple[Name, ...] | None = None
    """Only these workflows; none: all."""
    markets: tuple[Name, ...] | None = None
    """Only these markets; none: all."""
    channels: tuple[Name, ...] | None = None
    """Only these channels; none: all."""
    segments: tuple[Name, ...] | None = None
    """Only these segments; none: all."""
    causes: tuple[Name, ...] | None = None
    """Only these causes; none: all."""


class Volume(Section):
    """Demand as it is written: of one kind, or split by shares into streams."""

    workflow: Name
    """Workflow. Default: the volume's name."""
    channel: Name = "phone"
    """Channel, where `channels` does not split it."""
    segment: Name = "all"
    """Segment, where `segments` does not split it."""
    market: Name = "all"
    """Market, where `markets` does not split it."""
    language: Name | None = None
    """Language; none: the languages of its markets by their shares, `any` without a market."""
    cause: Name | None = None
    """Cause, where `causes` does not split it."""
    channels: dict[Name, Share] | None = None
    """Shares of channels, 100 % together."""
    segments: dict[Name, Share] | None = None
    """Shares of segments, 100 % together."""
    markets: dict[Name, Share] | None = None
    """Shares of markets, 100 % together."""
    causes: dict[Name, Share] | None = None
    """Shares of causes, 100 % together."""
    rate: RateCurve | None = None
    """Arrival rate by the market's clock; either this, a `profile` or a trace."""
    per_week: Factor | None = None
    """Contacts in a normal week, spread by `profile`; in YAML also `per_day` with a profile (times 7)."""
    profile: Profile | None = None
    """Shape of the week, by the market's clock. In YAML a name: one of `profiles`, or built in."""
    season: tuple[Ratio, ...] = ()
    """Factors of the twelve months, 1 where not named; empty: none. In YAML `{jan: 110%, dec: 140%}`."""
    trend: float = 0.0
    """Growth of the logarithm of demand per microsecond since the start of the horizon. In YAML `2% per month`."""
    holidays: Ratio = 1.0
    """Factor on public holidays of the market."""
    changes: tuple[Change, ...] = ()
    """Changes of the rate, in the order they were written."""
    trace: Trace | None = None
    """Recorded contacts in place of a rate."""
    day_factor: DayFactor | None = None
    """Random busyness of the day. `day_cv: 9%` is short for `day_factor: {cv: 9%}`."""
    draws_as: Name | None = None
    """Keep the luck of a volume that was renamed: its old name."""
