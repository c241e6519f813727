"""A pool: its agents, who of them is free, and how many there are."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from ccsim.engine.reference.agent import Agent
from ccsim.kernel import layout

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ccsim.engine.reference.centre import Centre
    from ccsim.engine.reference.facts import QueueFacts
    from ccsim.engine.reference.lines import WaitingLine


class Team:
    """The agents of a pool."""

    def __init__(self, centre: Centre, number: int) -> None:
        pools = centre.model.rules.pools
        self.centre, self.number = centre, number
        first, count, _ = pools.lines[number].tolist()
        self.served: list[tuple[int, int, int]] = pools.served[first : first + count].tolist()
        """Line, rank and overflow step of all that it takes."""
        self.capacity = int(pools.capacity[number])
        """Units of an agent."""
        self.shares = bool(pools.shares[number])
        """Whether an agent may hold several contacts."""
        self.paces: list[float] = pools.pace[number].tolist()
        """Factor on handle times by kind of work."""
        breaks = pools.breaks[number].tolist()
        self.has_random_breaks = breaks[layout.BREAKS_EVERY] != layout.NONE
        self.breaks_wait_for_idle = breaks[layout.BREAKS_IDLE] == 1
        self.breaks_paid: int = breaks[layout.BREAKS_PAID]
        self._keep_free = int(pools.keep_free[number])
        self.agents: list[Agent] = []
        self.off: list[Agent] = []
        """Who has gone; the last of them comes back first."""
        self.free: list[Agent] = []
        """Free agents with room, by when their hands changed."""
        self.too_many = 0
        """Agents who go home as soon as they finish; who that is nobody knows yet."""

    def quality_of(self, agent: Agent, facts: QueueFacts, answered: int) -> tuple[float, float, float, float]:
        """Of a visit answered at an instant: share that it escalates, uniform numbers from and until which it resolves,
        share that it transfers."""
        rows = self.centre.model.rules.quality
        if len(rows.escalated) == 0:
            return facts.escalated, facts.escalated, facts.escalated + facts.resolved, facts.transferred
        escalated, since, until, transferred = (self._at(row, agent, facts, answered) for row in rows[3:])
        return escalated, since, until, transferred

    def pace_of(self, agent: Agent, facts: QueueFacts, answered: int) -> float:
        """Factor on the handle time of a visit answered at an instant."""
        pace = self.paces[facts.work]
        rows = self.centre.model.rules.quality
        return pace * self._at(rows.pace, agent, facts, answered) if len(rows.pace) > 0 else pace

    def _at(self, values: NDArray[np.float64], agent: Agent, facts: QueueFacts, now: int) -> float:
        """A value between two dates."""
        rows = self.centre.model.rules.quality
        dates: list[int] = rows.since.tolist()
        mine: list[float] = values[rows.of_agent[agent.row], facts.kind].tolist()
        place = bisect_right(dates, now) - 1
        if place == 0 or place == len(dates) - 1:
            return mine[place]
        part: float = (now - dates[place]) / (dates[place + 1] - dates[place])
        return mine[place] + part * (mine[place + 1] - mine[place])

    def with_room(self, line: WaitingLine) -> list[Agent]:
        """Free agents with room for a contact: fewest units in use first, then who changed first."""
        if self.keeps_free(line):
            return []
        return sorted((agent for agent in self.free if agent.has_room(line)), key=lambda agent: agent.used)

    def keeps_free(self, line: WaitingLine, choosing: Agent | None = None) -> bool:
        """Whether `keep_free` holds deferred work back; an agent who is choosing counts for that choice."""
        idle = sum(not agent.hand for agent in self.free)
        idle += choosing is not None and choosing.free == "choosing" and not choosing.hand
        return not line.live and 0 < self._keep_free >= idle

    def one_more(self) -> None:
        """The staffing rises: who was about to leave stays, else somebody comes."""
        leaving = [agent for agent in self.agents if agent.leaving == "home"]
        if leaving:
            leaving[0].stay()
        elif self.too_many > 0:
            self.too_many -= 1
        else:
            self.off.pop().come_on(layout.FAR).look()

    def one_fewer(self) -> None:
        """The staffing falls: an idle agent goes, else one on a break at random, else whoever finishes first."""
        idle = [agent for agent in self.free if not agent.hand]
        resting = [agent for agent in self.agents if agent.state == "break"]
        here = [agent for agent in self.agents if agent.state == "on" and agent.leaving != "home"]
        if idle or resting:
            (idle or resting)[0].go_home()
            return
        for agent in here:
            if (visit := agent.lay_down()) is not None:
                agent.go_home()
                visit.offer()
                return
        if not self.shares:
            self.too_many += 1
        elif here:
            leaves = min(here, key=lambda agent: len(agent.hand))
            leaves.be_free("no")
            leaves.leaving = "home"
