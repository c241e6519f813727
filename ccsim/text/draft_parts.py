"""The parts of a draft: what is being typed, before it is a tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from ccsim.text.tree import Entry, Items, Leaf, Map, Node, Place

MOST_DEPTH: Final = 64
"""What is nested deeper is left alone."""

_ESCAPES: Final = {"n": "\n", "t": "\t", "0": "\0", '"': '"', "\\": "\\", "/": "/"}
_REMARK: Final = re.compile(r"(?:^|[ \t])#")

Key = str | int
"""A step of a path: the key of a map, the number of an item."""


@dataclass(slots=True, eq=False)
class Box:
    """A value, whole or not."""

    kind: Literal["leaf", "map", "list"]
    place: Place
    text: str = ""
    plain: bool = True
    width: int = 0
    """Characters of a leaf in the line in which it begins, quotes included."""
    parts: list[Keyed] = field(default_factory=list)
    items: list[Box] = field(default_factory=list)

    def fill(self, value: Box) -> None:
        """Give the last key or item its value."""
        if self.kind == "map":
            self.parts[-1].value = value
        else:
            self.items[-1] = value


@dataclass(slots=True, eq=False)
class Keyed:
    """A key with its value."""

    key: str
    place: Place
    width: int
    """Characters of the key as it is written, quotes included."""
    value: Box


@dataclass(frozen=True, slots=True)
class Spot:
    """A word of a draft: a key, or a value."""

    path: tuple[Key, ...]
    """Path of the key itself, or of the value."""
    is_key: bool
    text: str
    place: Place
    width: int
    within: Box | None
    """The map or list in which it stands."""
    box: Box | None = None
    """The value, of a key too; None for a word that has no place yet: a key that is being typed."""
    plain: bool = True


@dataclass(frozen=True, slots=True)
class Stray:
    """A word that is no value and no key yet."""

    within: Box | None
    text: str
    place: Place


def node_of(box: Box, without: str = "\0") -> Node:
    """The tree of a value; words in which `without` stands are left out, of equal keys the first counts."""
    if box.kind == "leaf":
        return Leaf("" if without in box.text else box.text, box.plain, box.place)
    if box.kind == "list":
        return Items(tuple(node_of(item, without) for item in box.items if without not in item.text), box.place)
    entries: dict[str, Entry] = {}
    for part in box.parts:
        if part.key not in entries and without not in part.key:
            entries[part.key] = Entry(node_of(part.value, without), part.place)
    return Map(entries, box.place)


def spots_of(box: Box, path: tuple[Key, ...] = (), within: Box | None = None) -> Iterator[Spot]:
    """All words of a value."""
    if box.kind == "leaf":
        yield Spot(path, False, box.text, box.place, box.width, within, box, box.plain)
    for part in box.parts:
        below = (*path, part.key)
        yield Spot(below, True, part.key, part.place, part.width, box, part.value)
        yield from spots_of(part.value, below, box)
    for number, item in enumerate(box.items):
        yield from spots_of(item, (*path, number), box)


def path_to(root: Box, wanted: Box) -> tuple[Key, ...] | None:
    """The path of a map or list within a draft; None where it hangs nowhere."""
    todo: list[tuple[Box, tuple[Key, ...]]] = [(root, ())]
    while todo:
        box, path = todo.pop()
        if box is wanted:
            return path
        todo += [(part.value, (*path, part.key)) for part in box.parts]
        todo += [(item, (*path, number)) for number, item in enumerate(box.items)]
    return None


def quoted(line: str, start: int) -> tuple[str, int]:
    """The text between quotes that begin at a column, and the column behind them; -1 where they do not close."""
    sign, text, at = line[start], [], start + 1
    while at < len(line):
        if line[at] == "\\" and sign == '"' and at + 1 < len(line):
            text.append(_ESCAPES.get(line[at + 1], line[at + 1]))
            at += 2
        elif line[at] != sign:
            text.append(line[at])
            at += 1
        elif sign == "'" and line[at + 1 : at + 2] == "'":
            text.append("'")
            at += 2
        else:
            return "".join(text), at + 1
    return "".join(text), -1


def uncommented(line: str, start: int) -> str:
    """What stands in a line from a column on, without a comment and the blanks behind it."""
    remark = _REMARK.search(line, start)
    return (line[start : remark.start()] if remark else line[start:]).rstrip()
