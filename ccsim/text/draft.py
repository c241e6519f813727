"""The tree of text that is being typed: what can be made of it, whatever is missing or wrong.

`compose` reads what is YAML and refuses the rest. An editor asks about text that is no YAML yet: which keys stand
there, and where. Of a scenario both make the same tree (a test holds them together); this one never refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from ccsim.text.draft_brackets import Brackets
from ccsim.text.draft_parts import MOST_DEPTH, Box, Keyed, Spot, Stray, node_of, path_to, quoted, spots_of, uncommented
from ccsim.text.tree import Map, Place, Source

MARK: Final = "\uf8ff"
"""Stands in a text where the cursor is: a sign of the private area, which no scenario may hold."""

_COLON: Final = re.compile(r":(?=[ \t]|$)")
_BLOCK_TEXT: Final = re.compile(r"[|>][+\-0-9]*[ \t]*(?:#.*)?$")
_MARKER: Final = re.compile(r"(---|\.\.\.)([ \t]|$)")
_NO_KEY: Final = "[]{}#&*!|>%@`,"
"""Signs with which a key cannot begin."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was made of a text."""

    root: Box
    strays: tuple[Stray, ...]

    def tree(self) -> Map:
        """The tree without the key at the cursor; empty where the text is no map."""
        node = node_of(self.root, MARK)
        return node if isinstance(node, Map) else Map({}, self.root.place)

    def spots(self) -> Iterator[Spot]:
        """All words, and those that have no place yet: under the map in which they are probably meant as keys."""
        yield from spots_of(self.root)
        for stray in self.strays:
            path = path_to(self.root, stray.within) if stray.within else None
            if path is not None:
                yield Spot((*path, stray.text), True, stray.text, stray.place, len(stray.text), stray.within)

    def at(self, line: int, column: int) -> Spot | None:
        """The word at a line and column (from 1), if one stands there."""
        for spot in self.spots():
            if spot.place.line == line and spot.place.column <= column <= spot.place.column + spot.width and spot.width:
                return spot
        return None


def draft(text: str, source: Source) -> Draft:
    """What can be made of a text; never refuses."""
    lines = text.splitlines() if "\r" in text else text.split("\n")
    reader = _Reader(lines, source, mends=False).run()
    if reader.broken:
        # Where a bracket was left open, a line that looks like a key of the block around it ends it.
        reader = _Reader(lines, source, mends=True).run()
    return Draft(reader.root or Box("map", Place(source, 1, 1)), tuple(reader.strays))


@dataclass(slots=True)
class _Level:
    """A block map or list that is still open."""

    indent: int
    box: Box
    waits: bool = False
    """Whether its last key or item has no value yet."""


@dataclass(slots=True)
class _Reader:
    lines: list[str]
    source: Source
    mends: bool
    levels: list[_Level] = field(default_factory=list)
    root: Box | None = None
    strays: list[Stray] = field(default_factory=list)
    broken: bool = False
    flow: Brackets | None = None
    within: int = -1
    """Indentation of the map in which brackets or a block of text stand."""
    in_text: bool = False
    plain: Box | None = None
    """A plain value that may go on in the next line."""
    bare: tuple[_Level, Box, int] | None = None
    """A value alone on its line, where it was put, and its column: perhaps a key that is being typed."""

    def run(self) -> _Reader:
        for number, line in enumerate(self.lines):
            self.line(number, line.rstrip("\r"))
        self.broken = self.broken or self.flow is not None
        return self

    def line(self, number: int, line: str) -> None:
        column = len(line) - len(line.lstrip(" \t"))
        blank = column == len(line)
        if self.flow is not None:
            if not (self.mends and not blank and column <= self.within and self.starts(line, column)):
                self.go_on(number, line, 0)
                return
            self.flow = None
        if self.in_text:
            if blank or column > self.within:
                return
            self.in_text = False
        if blank or line[column] == "#" or (column == 0 and (line[0] == "%" or _MARKER.match(line))):
            return
        self.content(number, line, column)

    def starts(self, line: str, column: int) -> bool:
        """Whether a key or an item of a block stands at a column."""
        return line.startswith("- ", column) or self.key_at(line, column) is not None

    def content(self, number: int, line: str, column: int) -> None:
        """What stands in a line from a column on: dashes, a key, a value."""
        level: _Level | None = None
        while column < len(line) and line[column] != "#":
            if line[column] == "-" and line[column + 1 : column + 2] in ("", " ", "\t"):
                level = self.open("list", column, number)
                level.box.items.append(Box("leaf", self.place(number, column + 1)))
                column += 1
            else:
                key = self.key_at(line, column)
                if key is None:
                    break
                level = self.open("map", column, number)
                text, width, end = key
                level.box.parts.append(
                    Keyed(text, self.place(number, column), width, Box("leaf", self.place(number, end)))
                )
                column = end
            level.waits = True
            self.plain = self.bare = None
            column += len(line[column:]) - len(line[column:].lstrip(" \t"))
            if level.box.kind == "map":
                break
        if column < len(line) and line[column] != "#":
            self.value(number, line, column, level)

    def key_at(self, line: str, column: int) -> tuple[str, int, int] | None:
        """The key at a column, its width as it is written, and the column behind its colon."""
        if line[column] in "\"'":
            text, end = quoted(line, column)
            colon = _COLON.match(line, end + len(line[end:]) - len(line[end:].lstrip(" \t"))) if end > 0 else None
            return (text, end - column, colon.end()) if colon else None
        if line[column] in _NO_KEY:
            return None
        colon = _COLON.search(line, column)
        if colon is None or colon.start() == column or len(uncommented(line, column)) < colon.start() - column:
            return None
        text = line[column : colon.start()].rstrip()
        return text, len(text), colon.end()

    def value(self, number: int, line: str, column: int, level: _Level | None) -> None:
        """A value: of the key or item before it, else of the one that waits, else a key that is being typed."""
        alone = level is None
        if level is None:
            self.close(column, "map")
            level = self.levels[-1] if self.levels else None
            if self.plain is not None and (level is None or column > level.indent):
                self.plain.text += " " + uncommented(line, column)
                return
        box = Box("leaf", self.place(number, column))
        if level is None and self.root is None:
            self.root = box
        elif level is None or not level.waits or (alone and column <= level.indent):
            self.strays.append(Stray(level.box if level else self.root, uncommented(line, column), box.place))
            self.broken = True
            return
        else:
            level.box.fill(box)
            level.waits = False
        self.within = level.indent if level else -1
        if line[column] in "{[":
            self.brackets(box, number, line, column)
        elif line[column] in "\"'":
            text, end = quoted(line, column)
            box.text, box.plain, box.width = text, False, (end if end > 0 else len(line)) - column
            if end < 0:
                self.flow = Brackets(box, self.source, quote=(box, line[column]))
        elif _BLOCK_TEXT.match(line, column):
            box.plain, self.in_text = False, True
        else:
            box.text = uncommented(line, column)
            box.width = len(box.text)
            self.plain = box
            self.bare = (level, box, column) if alone and level else None

    def brackets(self, box: Box, number: int, line: str, column: int) -> None:
        self.flow = Brackets(box, self.source)
        self.go_on(number, line, column)

    def go_on(self, number: int, line: str, column: int) -> None:
        """Read on within brackets or quotes; what stands behind them is left alone."""
        assert self.flow is not None
        if self.flow.read(line, column, number):
            self.broken = self.broken or self.flow.broken
            self.flow = None

    def open(self, kind: Literal["map", "list"], column: int, number: int) -> _Level:
        """The block map or list at a column, made if there is none."""
        self.close(column, kind)
        top = self.levels[-1] if self.levels else None
        if top is None:
            if self.root is None or self.root.kind != kind:
                self.root = Box(kind, self.place(number, column))
            level = _Level(column, self.root)
        elif top.box.kind == kind and top.indent == column:
            return top
        else:
            level = _Level(column, Box(kind, self.place(number, column)))
            if self.bare and self.bare[0] is top and self.bare[2] >= column > top.indent:
                self.strays.append(Stray(level.box, self.bare[1].text, self.bare[1].place))
                top.waits = True
                self.broken = True
            if top.waits and (top.indent < column or kind == "list"):
                top.box.fill(level.box)
                top.waits = False
            else:
                self.broken = True
                if top.box.kind == kind:
                    return top
        if len(self.levels) < MOST_DEPTH:
            self.levels.append(level)
        return level

    def close(self, column: int, kind: Literal["map", "list"]) -> None:
        """Close what is indented deeper than a column; a list at the column goes on only with a dash."""
        while self.levels:
            top = self.levels[-1]
            if top.indent < column or (top.indent == column and (top.box.kind == "map" or kind == "list")):
                return
            self.levels.pop()

    def place(self, number: int, column: int) -> Place:
        return Place(self.source, number + 1, column + 1)
