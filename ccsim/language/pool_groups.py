"""Pools by name. One whose people serve other work by activity of their roster is a pool for each of these groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ccsim.language.activities import ActivitySkills
from ccsim.language.forms import DictForm
from ccsim.language.pools import POOL, Pool
from ccsim.language.reading import BAD, Bad, Reading
from ccsim.language.rosters import PublishedRoster
from ccsim.language.skills import Skill
from ccsim.text.paths import joined
from ccsim.text.tree import Map, Node


class PoolsForm(DictForm):
    """Pools by name, with groups in place of a pool that has some: `desk.phone`, `desk.back_office` for `desk`."""

    def __init__(self) -> None:
        super().__init__(POOL, least=1, most=2_000)

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        pools = super().read(node, key, rd)
        if pools is BAD or not isinstance(node, Map):
            return pools
        found: dict[str, Pool] = {}
        for name, pool in pools.items():
            roster = pool.roster
            if not isinstance(roster, PublishedRoster) or not roster.groups:
                found[name] = pool
                continue
            groups = _remembered(name, pool, node.entries[name].node, joined(key, name), rd)
            rd.pool_groups[name] = tuple(groups)
            for group, its in groups.items():
                if group in pools:
                    at = joined(joined(key, name), "roster")
                    rd.fault(f"makes a pool {group}, and there is one of this name", node.entries[name].place, at)
                found[group] = its
        return found


POOLS: Final = PoolsForm()


def _remembered(name: str, pool: Pool, node: Node, key: str, rd: Reading) -> dict[str, Pool]:
    """The groups of a pool; the same objects as in readings before, if the pool is the same."""
    at = joined(key, "roster")
    known, remarks = rd.memory.get(node, at)
    if known is not None and known[0] is pool:
        rd.faults.remarks += remarks
        return dict(known[1])
    before, remarked = rd.faults.count, len(rd.faults.remarks)
    made = _groups(name, pool, node, at, rd)
    if rd.faults.count == before:
        rd.memory.put(node, at, (pool, made), rd.faults.remarks[remarked:])
    return made


def _groups(name: str, pool: Pool, node: Node, key: str, rd: Reading) -> dict[str, Pool]:
    """A pool for each group: what it serves, and the roster with its own time on the line."""
    roster = pool.roster
    assert roster is not None
    place = (node.get("roster") if isinstance(node, Map) else None) or node
    found = {}
    for group, skills in roster.groups.items():
        update: dict[str, Any] = {"draws_as": pool.draws_as or name, "roster": _of_group(roster, group, name)}
        for what, has in (("channels", pool.channels), ("skills", pool.skills), ("languages", pool.languages)):
            some = _some(what, skills, has)
            if isinstance(some, Bad):
                word = "workflows" if what == "skills" else what
                asked = ", ".join(getattr(skills, word) or ())
                why = f"in the activity {group} people serve {word} {asked}, of which pool {name} does not have all"
                rd.fault(f"{why}; it has {', '.join(has or ())}", place.place, key)
            elif some is not None:
                update[what] = some
        found[f"{name}.{group}"] = pool.model_copy(update=update)
    said = [f"{group} ({_said(skills)})" for group, skills in zip(found, roster.groups.values(), strict=True)]
    rd.mirror(f"{name} is a pool for each of its activities, of the same people: {', '.join(said)}", place.place, key)
    return found


def _said(skills: ActivitySkills) -> str:
    """What a group serves, in words."""
    parts = [", ".join(names) for names in (skills.channels, skills.workflows, skills.languages) if names]
    return "; ".join(parts) or "all work of the pool"


def _some(what: str, skills: ActivitySkills, has: Any) -> Any:
    """What a group has of what the pool has; None where that is all, BAD where the pool lacks some of it."""
    wanted = skills.workflows if what == "skills" else getattr(skills, what)
    if wanted is None:
        return None
    if has is not None and not set(wanted) <= set(has):
        return BAD
    if what == "channels":
        return wanted
    default: Any = Skill() if what == "skills" else 1.0
    return {name: default if has is None else has[name] for name in wanted}


def _of_group(roster: PublishedRoster, group: str, pool: str) -> PublishedRoster:
    """The roster as one group has it: the time on the line of the others is elsewhere."""
    kinds = tuple(
        "elsewhere" if kind == "line" and own != group else kind
        for kind, own in zip(roster.kinds, roster.group, strict=True)
    )
    return roster.model_copy(update={"kinds": kinds, "groups": {}, "group": (), "group_of": pool})


def name_groups(values: dict[str, Any], key: str, rd: Reading) -> None:
    """A workflow that names a pool with groups means all of them, in the same place."""
    workflows = values.get("workflows")
    if not rd.pool_groups or not isinstance(workflows, Mapping):
        return
    found = {}
    for name, workflow in workflows.items():
        update: dict[str, Any] = {}
        named = tuple(_all_of(rank, rd) for rank in workflow.pools)
        if named != workflow.pools:
            update["pools"] = named
        steps = tuple(step.model_copy(update={"pools": _all_of(step.pools, rd)}) for step in workflow.overflow)
        if steps != workflow.overflow:
            update["overflow"] = steps
        found[name] = workflow.model_copy(update=update) if update else workflow
    values["workflows"] = found


def _all_of(pools: tuple[str, ...], rd: Reading) -> tuple[str, ...]:
    return tuple(dict.fromkeys(group for pool in pools for group in rd.pool_groups.get(pool, (pool,))))
