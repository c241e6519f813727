"""The names that a scenario defines or uses, taken from its tree before anything is typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

from ccsim.text.tree import Items, Leaf, Map, Node, Place

BUILT_IN_PROFILES: Final = ("flat", "business_day", "extended_day", "evening", "always_on", "weekend_shop")
"""Shapes of a week that need not be defined; `written.profiles` draws them."""

KINDS: Final = {
    "pools": ("a pool", "there is no pool"),
    "workflows": ("a workflow", "there is no workflow"),
    "channels": ("a channel", "there is no channel"),
    "segments": ("a segment", "there is no segment"),
    "severities": ("a severity", "no workflow has the severity"),
    "bots": ("a bot", "there is no bot"),
    "surges": ("a surge", "there is no surge"),
    "variants": ("a variant", "there is no variant"),
    "tiers": ("a tier", "there is no tier"),
    "streams": ("a volume", "there is no volume"),
    "markets": ("a market", "there is no market"),
    "languages": ("a language", "no market and no pool speaks"),
    "spoken": ("a language that a pool speaks", "no pool speaks"),
    "causes": ("a cause", "there is no cause"),
    "profiles": ("a profile", "there is no profile"),
    "files": ("one of `files`", "there is no file among `files` called"),
    "sites": ("a site", "there is no site"),
    "regions": ("a region with a site", "there is no site in the region"),
    "vendors": ("a vendor", "there is no vendor"),
    "patterns": ("a shift pattern", "there is no shift pattern"),
    "certifications": ("a certification that a pool holds", "no pool holds the certification"),
}
"""By kind of names: what one is, and what is said of one that nobody knows."""

SECTIONS: Final = {
    **{
        kind: kind
        for kind in (
            "pools",
            "workflows",
            "channels",
            "segments",
            "bots",
            "markets",
            "causes",
            "profiles",
            "files",
            "surges",
            "variants",
        )
    },
    **{"sites": "sites", "vendors": "vendors", "patterns": "shift_patterns", "streams": "demand"},
}
"""By kind of names: the section of a scenario whose keys they are."""


UNRESTRICTED: Final = "on_the_line"
"""Group of the activities of a roster on the line that its `activities` leave out."""
_APART: Final = re.compile(r"\W+")


def plain(activity: str) -> str:
    """An activity of a roster as part of a name: `Team Meeting` is `team_meeting`."""
    return _APART.sub("_", activity.casefold()).strip("_")


def group_names(activities: Iterable[str]) -> dict[str, str]:
    """Names of the groups that activities of a roster make, letters of English alone: `Téléphone` is `telephone`, one
    without such letters `activity_2` by its place."""
    found = {}
    for place, activity in enumerate(activities, 1):
        letters = unicodedata.normalize("NFKD", activity).encode("ascii", "ignore").decode()
        found[activity] = plain(letters)[:60] or f"activity_{place}"
    return found


class Names:
    """Known names by kind, looked up when they are first asked for."""

    def __init__(self, root: Node) -> None:
        self._root = root

    @cached_property
    def kinds(self) -> Mapping[str, frozenset[str]]:
        """By the kinds of `KINDS`; a kind that is left out is free: any name will do."""
        return _kinds(self._root)

    def of(self, kind: str) -> frozenset[str]:
        """Known names of a kind; empty where any will do."""
        return self.kinds.get(kind, frozenset())

    def knows(self, kind: str, name: str) -> bool:
        """Whether a name of a kind may be used."""
        return kind not in self.kinds or name in self.kinds[kind]


def _kinds(root: Node) -> dict[str, frozenset[str]]:
    """Names in a scenario's tree by kind.

    A workflow, channel or market that only volumes use need not be listed, as long as none is listed: then a
    volume's word defines it. A volume's own name is always a workflow, `phone` always a channel, `t1` always a
    tier, `all` always a segment. Languages are free where neither a market nor a pool names any.
    """
    keys = {kind: _keys(root, section) for kind, section in SECTIONS.items()}
    keys["pools"] |= _groups_of_pools(root)
    _add_used(root, keys)
    keys["channels"].add("phone")
    keys["segments"].add("all")
    keys["profiles"].update(BUILT_IN_PROFILES)
    pools = list(_children(root, "pools"))
    keys["tiers"] = {"t1"}.union(*(_keys(workflow, "tiers") for workflow in _children(root, "workflows")))
    keys["severities"] = set().union(*(_keys(workflow, "severity") for workflow in _children(root, "workflows")))
    keys["regions"] = {region for site in _children(root, "sites") for region in _words(site, "region")}
    keys["certifications"] = {word for pool in pools for word in _words(pool, "certifications")}
    spoken = {word for pool in pools for word in _words(pool, "languages")}
    languages = spoken.union(*(_keys(market, "languages") for market in _children(root, "markets")))
    if languages:
        keys["languages"] = languages
    # A pool that names no languages speaks them all.
    keys["spoken"] = languages if any(not _words(pool, "languages") for pool in pools) else spoken
    if not keys["spoken"]:
        del keys["spoken"]
    return {kind: frozenset(names) for kind, names in keys.items()}


def _add_used(root: Node, keys: dict[str, set[str]]) -> None:
    """Add what only volumes use."""
    free = [(kind, key) for kind, key in (("channels", "channel"), ("markets", "market")) if not keys[kind]]
    defined = bool(keys["workflows"])
    demand = root.get("demand") if isinstance(root, Map) else None
    for name, entry in demand.entries.items() if isinstance(demand, Map) else ():
        said = _text(entry.node, "workflow")
        if said is None:
            keys["workflows"].add(name)
        elif not defined:
            keys["workflows"].add(said)
        for kind, key in free:
            word = _text(entry.node, key)
            if word is not None:
                keys[kind].add(word)
            keys[kind] |= _keys(entry.node, kind)


def _groups_of_pools(root: Node) -> set[str]:
    """Names of the pools that rosters with `activities` make."""
    files = root.get("files") if isinstance(root, Map) else None
    pools = root.get("pools") if isinstance(root, Map) else None
    found: set[str] = set()
    for name, entry in pools.entries.items() if isinstance(pools, Map) else ():
        roster = entry.node.get("roster") if isinstance(entry.node, Map) else None
        if roster is None:
            continue
        named = roster.text if isinstance(roster, Leaf) else _text(roster, "file")
        file = files.get(named) if isinstance(files, Map) and named is not None else None
        written = [node for node in (roster, file) if isinstance(node, Map)]
        activities = next((keys for node in written if (keys := _in_order(node, "activities"))), [])
        lines = next((words for node in written if (words := _words(node, "on_the_line"))), set())
        found |= {f"{name}.{group}" for group in group_names(activities).values()}
        if activities and lines.difference(activities):
            found.add(f"{name}.{UNRESTRICTED}")
    return found


def _children(root: Node, key: str) -> Iterator[Node]:
    """The values of a map under a key."""
    child = root.get(key) if isinstance(root, Map) else None
    if isinstance(child, Map):
        for entry in child.entries.values():
            yield entry.node


def _keys(node: Node | None, key: str) -> set[str]:
    return set(_in_order(node, key))


def _in_order(node: Node | None, key: str) -> list[str]:
    """Keys of a map under a key, as they are written."""
    child = node.get(key) if isinstance(node, Map) else None
    return list(child.entries) if isinstance(child, Map) else []


def _text(node: Node, key: str) -> str | None:
    child = node.get(key) if isinstance(node, Map) else None
    return child.text if isinstance(child, Leaf) else None


def _words(node: Node, key: str) -> set[str]:
    """Names under a key: one, a list, or the keys of a map."""
    return {name for name, _ in _places(node, key)}


def defined_at(root: Node, kind: str, name: str) -> Place | None:
    """Where a scenario defines a name of a kind: its key in the section of the kind, else where it is first said.

    None for a name that is built in, or that nobody knows.
    """
    section = root.get(SECTIONS.get(kind, "")) if isinstance(root, Map) else None
    if isinstance(section, Map) and name in section.entries:
        return section.entries[name].place
    return next((place for word, place in _first_said(root, kind) if word == name), None)


def _first_said(root: Node, kind: str) -> Iterator[tuple[str, Place]]:
    """Names of a kind outside a section of their own, in the order in which they define one another."""
    if kind in ("workflows", "channels", "markets"):
        demand = root.get("demand") if isinstance(root, Map) else None
        for name, entry in demand.entries.items() if isinstance(demand, Map) else ():
            if kind == "workflows":
                yield name, entry.place
            yield from _places(entry.node, kind.removesuffix("s"))
            yield from _places(entry.node, kind)
    elif kind == "tiers":
        for workflow in _children(root, "workflows"):
            yield from _places(workflow, "tiers")
    elif kind == "severities":
        for workflow in _children(root, "workflows"):
            yield from _places(workflow, "severity")
    elif kind == "regions":
        for site in _children(root, "sites"):
            yield from _places(site, "region")
    elif kind in ("languages", "spoken", "certifications"):
        for market in _children(root, "markets") if kind == "languages" else ():
            yield from _places(market, "languages")
        for pool in _children(root, "pools"):
            yield from _places(pool, "certifications" if kind == "certifications" else "languages")


def _places(node: Node, key: str) -> Iterator[tuple[str, Place]]:
    """Names under a key, one, a list, or the keys of a map, and where each stands."""
    child = node.get(key) if isinstance(node, Map) else None
    if isinstance(child, Map):
        yield from ((name, entry.place) for name, entry in child.entries.items())
    for item in child.items if isinstance(child, Items) else (child,):
        if isinstance(item, Leaf) and not item.empty:
            yield item.text, item.place
