"""The contact centre of one replication: everything that there is, and the plan that is known beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ccsim.engine.reference.agent import Agent
from ccsim.engine.reference.calendar import Calendar, Process, Rank
from ccsim.engine.reference.draws import Draws
from ccsim.engine.reference.facts import queue_facts
from ccsim.engine.reference.lines import GroupState, WaitingLine
from ccsim.engine.reference.log import Log
from ccsim.engine.reference.ratings import Rater
from ccsim.engine.reference.session import WorkingBot, come_in
from ccsim.engine.reference.severity import first_queue
from ccsim.engine.reference.team import Team
from ccsim.engine.reference.to_come import ToCome
from ccsim.engine.reference.visit import Visit
from ccsim.kernel import layout
from ccsim.model import Model
from ccsim.records import outcomes

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Centre:
    """Agents, lines and queue groups on one clock."""

    def __init__(self, model: Model, seed: int, replication: int) -> None:
        self.model = model
        self.calendar = Calendar()
        self.draws = Draws(model, seed, replication)
        self.log = Log()
        self.ratings = Rater(model, self.draws)
        self.facts = queue_facts(model)
        self.lines = [WaitingLine(model, number) for number in range(len(model.rules.classes.rows))]
        self.queue_groups = [GroupState(model, number) for number in range(len(model.rules.groups.lines))]
        self.teams = [Team(self, number) for number in range(len(model.rules.pools.agents))]
        self.bots = [WorkingBot(self, number) for number in range(len(model.rules.bots.share))]
        self.agents: list[Agent] = []
        self.under_way: set[Visit] = set()
        """Visits that have joined, or are about to, and have not ended."""
        self.to_come: set[ToCome] = set()
        """Contacts of customers who come back later."""
        for row, pool in enumerate(model.agent_pool.tolist()):
            team = self.teams[pool]
            self.agents.append(Agent(team, row, len(team.agents)))
            team.agents.append(self.agents[row])
            team.off.insert(0, self.agents[row])
        for agent in self.agents:
            row = int(model.agent_twin[agent.row])
            while row not in (layout.NONE, agent.row):
                agent.person.append(self.agents[row])
                row = int(model.agent_twin[row])

    @property
    def now(self) -> int:
        """Microseconds since the start of the horizon."""
        return int(self.calendar.now)

    def counts(self, arrived: int) -> int:
        """1 if a contact that arrives at an instant counts."""
        first, end = self.model.rules.counted.tolist()
        return int(first <= arrived < end)

    def follow_plan(self) -> None:
        """Begin a process for each agent, pool and group that the plan names."""
        rows_of: dict[tuple[str, int], list[int]] = {}
        for row, (what, who) in enumerate(self.model.plan[:, [layout.PLAN_WHAT, layout.PLAN_WHO]].tolist()):
            whom = "group" if what >= layout.CLOSES else "team" if what <= layout.STAFF_DOWN else "agent"
            rows_of.setdefault((whom, who), []).append(row)
        for (whom, who), rows in rows_of.items():
            process = {"group": self._hours_of_group, "team": self._staffing, "agent": self._shifts}[whom]
            self.calendar.process(process(who, rows))

    def _staffing(self, pool: int, rows: list[int]) -> Process:
        for row in rows:
            time, what = self.model.plan[row, [layout.PLAN_TIME, layout.PLAN_WHAT]].tolist()
            yield self.calendar.at(time, Rank.PLAN_OF_AGENTS, (row,))
            if what == layout.STAFF_UP:
                self.teams[pool].one_more()
            else:
                self.teams[pool].one_fewer()

    def _shifts(self, who: int, rows: list[int]) -> Process:
        agent = self.agents[who]
        for row in rows:
            time, what, _, value, paid, cause = self.model.plan[row].tolist()
            yield self.calendar.at(time, Rank.PLAN_OF_AGENTS, (row,))
            if what == layout.SIGN_OUT:
                agent.sign_out()
            elif what == layout.BREAK:
                agent.start_break(value, paid, cause)
            elif agent.sign_in(value, paid, cause) and not self._begins_with_break(who, row):
                agent.look()

    def _begins_with_break(self, who: int, row: int) -> bool:
        """Whether a shift begins with time away: then no contact is taken before it."""
        following = self.model.plan[row + 1 : row + 2, : layout.PLAN_VALUE].tolist()
        return [self.now, layout.BREAK, who] in following

    def _hours_of_group(self, number: int, rows: list[int]) -> Process:
        group = self.queue_groups[number]
        for row in rows:
            time, what = self.model.plan[row, [layout.PLAN_TIME, layout.PLAN_WHAT]].tolist()
            yield self.calendar.at(time, Rank.GROUPS, (row,))
            group.open = what == layout.OPENS
            if not group.open and group.clears:
                for line in group.live_lines:
                    for visit in list(self.lines[line].visits):
                        if not visit.is_callback:
                            visit.lose(outcomes.CLEARED)

    def comes_back(self, later: ToCome) -> Process:
        """A customer returns."""
        visit = later.after
        self.to_come.add(later)
        name = later.queue, visit.stream, visit.date, visit.number, later.place
        yield self.calendar.at(later.due, Rank.RETURN, name)
        self.to_come.discard(later)
        contact = visit.followed_by(later.queue, later.place, self.counts(self.now), later.handled)
        contact.bot_flags = layout.RETURNED * (1 + later.reason)
        come_in(contact)

    def has_ended(self, visit: Visit, wrapped: int) -> None:
        """A visit has ended, or is open as the run ends."""
        self.log.visit(visit, wrapped)
        if visit.before and self.ratings.rates(visit):
            self.log.rated(visit, wrapped, sum(self.ratings.translated(one) for one in visit.before))
        self.ratings.rate(visit)
        self.under_way.discard(visit)

    def lay_backlog(self) -> None:
        """The opening backlog stands in line, the oldest first."""
        for joined, stream, date, number in self.model.backlog.tolist():
            queue = first_queue(self, stream, (stream, date, number))
            Visit(self, queue, stream, date, number).stand_in_backlog(joined)

    def waiting_deferred(self) -> NDArray[np.int64]:
        """[visits, 2] Queue and age of the deferred visits that wait now."""
        waiting = [
            (visit.queue, self.now - visit.joined)
            for line in self.lines
            if not line.live and not line.of_callbacks
            for visit in line.visits
        ]
        return np.array(waiting, np.int64).reshape(-1, 2)

    def counted_under_way(self) -> bool:
        """Whether a counted contact, or one of a counted case, has not ended or is to come."""
        return any(visit.counted or self.counts(visit.opened) for visit in self.under_way) or any(
            self.counts(later.after.opened) for later in self.to_come
        )

    def close(self) -> None:
        """The run ends now: log what is open."""
        for visit in list(self.under_way):
            visit.close(self.now)
        for later in self.to_come:
            self.log.case_to_come(later, self.now)
        for agent in self.agents:
            agent.next = None
        for agent in self.agents:
            agent.close(self.now)
