"""The text of a scenario as a tree: scalars stay text and every node knows where it was written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias


@dataclass(frozen=True, slots=True)
class Source:
    """Where text came from: a file, or a `--set`."""

    name: str
    """As the user named it."""
    folder: Path
    """Folder from which paths written in it are looked up."""
    numbered: bool = True
    """Whether its lines mean something to the user; those of a `--set` do not."""


class Place(NamedTuple):
    """A place in a source; line and column count from 1, 0 where there is none."""

    source: Source
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.source.name}:{self.line}:{self.column}" if self.line else self.source.name


class Leaf(NamedTuple):
    """A scalar, as text."""

    text: str
    plain: bool
    """Written without quotes; only plain text can be empty or a relative change such as `+2`."""
    place: Place

    @property
    def empty(self) -> bool:
        """Whether nothing stands there."""
        return self.plain and self.text in ("", "~", "null")


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    place: Place


class Entry(NamedTuple):
    """A value under a key, and where the key stands."""

    node: Node
    place: Place


@dataclass(frozen=True, slots=True)
class Map:
    """A map from text keys, in the order they were written."""

    entries: dict[str, Entry]
    place: Place

    def get(self, key: str) -> Node | None:
        """The value under a key, or None."""
        entry = self.entries.get(key)
        return entry.node if entry else None


Node: TypeAlias = Leaf | Items | Map


def kind_of(node: Node) -> str:
    """What stands there, in words for a message."""
    if isinstance(node, Leaf):
        return "nothing" if node.empty else shown(node.text)
    return "a list" if isinstance(node, Items) else "a map"


def shown(text: str) -> str:
    """A text in quotes, cut to what fits a message."""
    return f"'{text}'" if len(text) <= 60 else f"'{text[:57]}...'"


def flow(node: Node, limit: int = 100) -> str:
    """The node as one line of YAML, cut at `limit` characters."""
    text = _flow(node, limit + 1)
    return text if len(text) <= limit else text[: limit - 3] + "..."


def _flow(node: Node, limit: int) -> str:
    """One line of YAML; stops adding parts once `limit` characters are there."""
    if isinstance(node, Leaf):
        return node.text if node.plain else '"' + node.text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    parts: list[str] = []
    length = 0
    pairs = (
        ((key + ": ", entry.node) for key, entry in node.entries.items())
        if isinstance(node, Map)
        else (("", item) for item in node.items)
    )
    for key, child in pairs:
        parts.append(key + _flow(child, limit))
        length += len(parts[-1])
        if length > limit:
            break
    return ("{%s}" if isinstance(node, Map) else "[%s]") % ", ".join(parts)
