"""Who takes whom: an agent for a contact, and a contact for an agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccsim.draws import keys
from ccsim.kernel import layout

if TYPE_CHECKING:
    from ccsim.engine.reference.agent import Agent
    from ccsim.engine.reference.visit import Visit


def agent_for(visit: Visit) -> Agent | None:
    """The agent who takes a contact now: the first rank of its pools in which anybody has room decides."""
    teams = visit.centre.teams
    opened = [(rank, teams[pool]) for pool, rank, step in visit.line.eligible if step <= visit.step]
    for best in dict.fromkeys(rank for rank, _ in opened):
        groups = [team.with_room(visit.line) for rank, team in opened if rank == best]
        if any(groups):
            return _pick(visit, [agents for agents in groups if agents])
    return None


def _pick(visit: Visit, groups: list[list[Agent]]) -> Agent:
    """One of equally preferred agents, given pool by pool; the first of equals, which is by name of pool."""
    everybody = [agent for agents in groups for agent in agents]
    rule = int(visit.centre.model.rules.pick[0])
    if rule == layout.PICK_FEWEST_IN_HAND:
        return min(everybody, key=lambda agent: (agent.used, agent.since))
    if rule == layout.PICK_LEAST_OCCUPIED:
        return min(everybody, key=lambda agent: (agent.occupancy(), agent.used > 0, agent.since))
    if rule == layout.PICK_LONGEST_IDLE:
        return min(everybody, key=lambda agent: (agent.used > 0, agent.since))
    number = int(visit.centre.draws.of(visit, keys.ROUTE + visit.step)[0] * len(everybody))
    for agents in groups:
        if number < len(agents):
            # where everybody holds one contact or none, those of a pool are alike: the one who idles the longest
            return agents[number] if agents[0].team.shares else agents[0]
        number -= len(agents)
    raise AssertionError("the number of an agent is below their count")


def contact_for(agent: Agent) -> Visit | None:
    """The waiting contact that an agent takes: the best rank, then the most urgent, then by name."""
    if agent.free == "no":
        return None
    heads = []
    for number, rank, step in agent.team.served:
        line = agent.centre.lines[number]
        if line.visits and agent.has_room(line) and not agent.team.keeps_free(line, agent):
            head = line.visits[0]
            if head.step >= step:
                heads.append((rank, line.urgency(head.stands), head.name, head))
    return min(heads)[3] if heads else None
