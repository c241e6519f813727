"""Streams of one kind on other channels: where contacts go that come back by another channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ccsim.centre.return_channels import changes_channel, channels_reached
from ccsim.centre.streams import Stream
from ccsim.language.scenario import Scenario


class Siblings:
    """Finds the stream that takes the contacts of a stream's cases on another channel.

    It has the same workflow, market, language, segment and cause: that of the same volume, else of the one other volume
    that has such contacts.
    """

    def __init__(self, scenario: Scenario, streams: Sequence[Stream]) -> None:
        self.streams = streams
        self._scenario = scenario
        self.some = any(changes_channel(scenario, name) for name in {stream.workflow for stream in streams})
        """Whether anybody may come back by another channel."""
        self._of_volume: dict[tuple[str, ...], int] = {}
        self._of_any: dict[tuple[str, ...], list[int]] = {}
        self._reached: dict[tuple[str, str], list[str]] = {}
        for i, stream in enumerate(streams if self.some else ()):
            self._of_volume[stream.volume, *_kind(stream, stream.channel)] = i
            self._of_any.setdefault(_kind(stream, stream.channel), []).append(i)

    def channels(self, stream: Stream) -> list[str]:
        """Channels on which contacts of a stream's cases may come, its own first."""
        key = (stream.workflow, stream.channel)
        if key not in self._reached:
            self._reached[key] = channels_reached(self._scenario, stream.workflow, [stream.channel])
        return self._reached[key]

    def found(self, stream: Stream, channel: str) -> list[int]:
        """Places of the streams that take these contacts: one, or none, or several of which none is meant."""
        own = self._of_volume.get((stream.volume, *_kind(stream, channel)))
        return self._of_any.get(_kind(stream, channel), []) if own is None else [own]

    def of(self, stream: Stream) -> Mapping[str, int]:
        """The stream that takes the contacts of a stream's cases, by channel; channels without one are left out."""
        found = {channel: self.found(stream, channel) for channel in self.channels(stream)}
        return {channel: places[0] for channel, places in found.items() if len(places) == 1}


def _kind(stream: Stream, channel: str) -> tuple[str, ...]:
    return stream.workflow, stream.market, stream.language, stream.segment, stream.cause, channel
