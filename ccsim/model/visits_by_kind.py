"""How often contacts come to each kind of queue, and how long an agent is with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ccsim.centre.agent_time import is_from_forecast, mean_handle_time, misroute_time
from ccsim.centre.bots import NO_BOT, Met, met_by, sent_by_bots
from ccsim.centre.journeys import Journey, Leg, journey
from ccsim.centre.legs import Kind, begins_at, misroutes_of
from ccsim.centre.misroutes import times_misrouted
from ccsim.centre.siblings import Siblings
from ccsim.centre.streams import Stream
from ccsim.centre.warm import hand_over_work, hand_overs
from ccsim.language.scenario import Scenario
from ccsim.model.typical_week import TypicalWeek
from ccsim.model.visits import contacts_of, visits_of


@dataclass(frozen=True, slots=True)
class Coming:
    """Visits that come to a kind of queue."""

    kind: Kind
    handle: float
    """Mean handle time, microseconds."""
    by_forecast: bool
    """Whether that is a forecast's."""
    handed: Sequence[tuple[Leg, float, float]]
    """As of `ccsim.centre.warm.hand_overs`."""
    rates: dict[tuple[float, bool], dict[tuple[int, int], float]] = field(default_factory=dict)
    """By mean handle time, and whether that is a forecast's (who is in a wrong queue may be found out sooner): how
    often they come, by the row of the typical week that they follow and that of their work."""
    hand_overs: dict[int, float] = field(default_factory=dict)
    """Work of handing contacts over, by the row that they follow."""

    def add(self, handle: tuple[float, bool], rows: tuple[int, int], often: float) -> None:
        """Visits with a handle time."""
        rates = self.rates.setdefault(handle, {})
        rates[rows] = rates.get(rows, 0.0) + often


class VisitsByKind:
    """Expected visits of all streams, by kind of queue."""

    def __init__(self, scenario: Scenario, streams: list[Stream], week: TypicalWeek) -> None:
        self._scenario, self._week = scenario, week
        self._sources = _sources(scenario, streams)
        self._rows = {stream.name: week.row_of(stream) for stream in streams}
        self._met = {stream.name: met_by(scenario, stream) for stream in streams}
        self._journeys = {
            stream.name: journey(scenario, stream.workflow, stream.channel)
            for stream in streams
            if self._met[stream.name] is not NO_BOT
        }
        """Of streams that meet a bot."""
        self._begins = {stream.workflow: begins_at(scenario, stream.workflow) for stream in streams}
        self._misroutes = {stream.workflow: dict(misroutes_of(scenario, stream.workflow)) for stream in streams}
        self._reached = {name: 1.0 - channel.peers.share for name, channel in scenario.channels.items()}
        self._handles: dict[tuple[str, ...], tuple[float, bool]] = {}

    def of(self, kind: Kind, joined: Sequence[tuple[Stream, float]]) -> Coming:
        """Visits of a kind; `joined`: the streams that come to it, and what share of each."""
        handle, by_forecast = self._handle_of(kind)
        coming = Coming(kind, handle, by_forecast, hand_overs(self._scenario, kind))
        for stream, share in joined:
            self._add(coming, stream, share)
        return coming

    def _add(self, coming: Coming, joined: Stream, share: float) -> None:
        """The visits of one stream, of those that come by its channel and of those that begin on another one."""
        kind, by_forecast = coming.kind, coming.by_forecast
        leg = (kind.workflow, kind.tier)
        misroute = self._misroutes[joined.workflow].get(leg)
        first = leg in self._begins[joined.workflow]
        for stream, visits, contacts in self._sources[joined.name]:
            cases = stream.share * self._reached.get(joined.channel, 1.0) * share
            own = cases * self._after_bot(joined, first=first)
            often, row = visits.get(leg, 0.0) * own, self._rows[stream.name]
            if coming.handed and often > 0.0:
                work = own * hand_over_work(coming.handed, visits)
                coming.hand_overs[row] = coming.hand_overs.get(row, 0.0) + work
            if often > 0.0:
                coming.add((coming.handle, by_forecast), self._rows_of(stream, by_forecast=by_forecast), often)
            if misroute is None:
                continue
            often = contacts * misroute.share * cases * times_misrouted(self._scenario, joined)
            often *= self._after_bot(joined, first=False)
            if often > 0.0:
                time = misroute_time(self._scenario, kind, misroute, 1.0)
                of_forecast = by_forecast and misroute.handle_time is None
                coming.add((time, of_forecast), self._rows_of(stream, by_forecast=of_forecast), often)

    def _handle_of(self, kind: Kind) -> tuple[float, bool]:
        """Mean handle time of a kind, and whether it is a forecast's."""
        key = (*kind[:3], kind.severity)
        if key not in self._handles:
            self._handles[key] = mean_handle_time(self._scenario, kind, 1.0), is_from_forecast(self._scenario, kind)
        return self._handles[key]

    def _rows_of(self, stream: Stream, *, by_forecast: bool) -> tuple[int, int]:
        """Row of the typical week that a stream follows, and the row of its work."""
        row = self._rows[stream.name]
        return row, self._week.work_row_of(stream) if by_forecast else row

    def _after_bot(self, joined: Stream, *, first: bool) -> float:
        """Visits of a stream for one that there would be without the bot that it meets; 1 where it meets none."""
        way = self._journeys.get(joined.name)
        return 1.0 if way is None else _beside_a_bot(self._met[joined.name], way, first=first)


def _beside_a_bot(bot: Met, way: Journey, *, first: bool) -> float:
    """Visits for one that there would be without the bot; after a hand-off with context it counts as less in the first
    queue."""
    more = 1.0 if way.by_channel else bot.contacts(way) / way.contacts
    return more * bot.agents * (bot.pace if first else 1.0)


_Source = tuple[Stream, Mapping[tuple[str, str], float], float]
"""A stream, and its expected visits and contacts by the channel of another one."""


def _sources(scenario: Scenario, streams: list[Stream]) -> Mapping[str, list[_Source]]:
    """Streams whose cases come to each stream, with their expected visits and contacts there: the stream itself, and
    those whose customers come back by its channel."""
    siblings = Siblings(scenario, streams)
    visits: dict[tuple[str, str], Mapping[str, Mapping[tuple[str, str], float]]] = {}
    contacts: dict[tuple[str, str], Mapping[str, float]] = {}
    found: dict[str, list[_Source]] = {stream.name: [] for stream in streams}
    for stream in streams:
        key = (stream.workflow, stream.channel)
        if key not in visits:
            visits[key], contacts[key] = visits_of(scenario, *key), contacts_of(scenario, *key)
        taken = siblings.of(stream) if siblings.some else {}
        for channel, often in visits[key].items():
            joined = stream if channel == stream.channel else streams[taken[channel]]
            found[joined.name].append((stream, often, contacts[key][channel]))
        for channel, times in sent_by_bots(scenario, stream).items():
            joined = streams[taken[channel]]
            mine = visits_of(scenario, joined.workflow, channel)[channel]
            again = contacts_of(scenario, joined.workflow, channel)[channel]
            found[joined.name].append((stream, {leg: times * often for leg, often in mine.items()}, times * again))
    return found
