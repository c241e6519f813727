"""From volumes to streams: the product of the shares that split a volume."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from ccsim.centre.return_channels import unstarted_channels
from ccsim.language.demand import Volume
from ccsim.language.scenario import Scenario

ANY_LANGUAGE = "any"
ALL = "all"


class Stream(NamedTuple):
    """Demand of one kind: workflow x market x language x segment x channel x cause."""

    name: str
    """The volume, then the parts that split it: `ads_basic.us.en.premium.phone`."""
    volume: str
    """The volume that it is a part of."""
    draws_as: str
    """Name that it draws by."""
    share: float
    """Share of the volume; 0 where contacts come back by a channel on which nobody starts."""
    workflow: str
    market: str
    language: str
    segment: str
    channel: str
    cause: str


def streams_of(scenario: Scenario) -> list[Stream]:
    """Every stream of a scenario, in the order of their names; parts with a share of 0 are left out, but for
    channels by which customers come back."""
    unstarted = {name: unstarted_channels(scenario, volume) for name, volume in scenario.demand.items()}
    key: tuple[object, ...] = tuple(
        (name, id(one)) for part in (scenario.demand, scenario.markets) for name, one in part.items()
    )
    key += tuple((name, channels) for name, channels in unstarted.items() if channels)
    known = _KEPT.get(key)
    if known is None:
        found = [
            stream
            for name, volume in scenario.demand.items()
            for stream in split(name, volume, scenario, unstarted[name])
        ]
        found.sort(key=lambda stream: stream.name)
        while len(_KEPT) >= _MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        # The sections are kept with them, so that an id means one section.
        known = _KEPT[key] = (found, [*scenario.demand.values(), *scenario.markets.values()])
    return known[0].copy()


_MOST_KEPT: Final = 4
_KEPT: Final[dict[tuple[object, ...], tuple[list[Stream], list[object]]]] = {}
"""Streams of the last few scenarios by their volumes and markets: variants share these."""


def split(name: str, volume: Volume, scenario: Scenario, unstarted: frozenset[str] = frozenset()) -> Iterator[Stream]:
    """The streams of one volume: by market, language, segment, channel and cause, as far as it is split; also those of
    `unstarted` channels, on which nobody starts."""
    draws_as = volume.draws_as or name
    for market, of_market in _parts(volume.markets, volume.market):
        for language, of_language in _languages(volume, market, scenario):
            for segment, of_segment in _parts(volume.segments, volume.segment):
                for channel, of_channel in _parts(volume.channels, volume.channel):
                    for cause, of_cause in _parts(volume.causes, volume.cause or ALL):
                        share = of_market * of_language * of_segment * of_channel * of_cause
                        if share <= 0.0 and (
                            channel not in unstarted or of_market * of_language * of_segment * of_cause <= 0.0
                        ):
                            continue
                        parts = (
                            market if volume.markets else "",
                            language if _speaks(volume, market, scenario) else "",
                            segment if volume.segments else "",
                            channel if volume.channels else "",
                            cause if volume.causes else "",
                        )
                        suffix = "".join(f".{part}" for part in parts if part)
                        yield Stream(
                            name + suffix,
                            name,
                            draws_as + suffix,
                            share,
                            volume.workflow,
                            market,
                            language,
                            segment,
                            channel,
                            cause,
                        )


def _parts(shares: Mapping[str, float] | None, alone: str) -> list[tuple[str, float]]:
    return [(alone, 1.0)] if shares is None else sorted(shares.items())


def _speaks(volume: Volume, market: str, scenario: Scenario) -> bool:
    """Whether a volume is split by the languages of a market; recorded contacts are not split."""
    known = scenario.markets.get(market)
    return volume.language is None and volume.trace is None and known is not None and bool(known.languages)


def _languages(volume: Volume, market: str, scenario: Scenario) -> list[tuple[str, float]]:
    if volume.language is not None:
        return [(volume.language, 1.0)]
    if not _speaks(volume, market, scenario):
        return [(ANY_LANGUAGE, 1.0)]
    return sorted(scenario.markets[market].languages.items())
