"""What is being typed within `{...}` and `[...]`, over one line or several."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from ccsim.text.draft_parts import MOST_DEPTH, Box, Keyed, quoted
from ccsim.text.tree import Place, Source

_PLAIN: Final = re.compile(
    r"(?:[^,\[\]{}:# \t]|:(?![ \t,\[\]{}]|$)|(?<=[^ \t,\[\]{}])#|[ \t]+(?=[^#,\[\]{}: \t]|:[^ \t,\[\]{}]))+"
)
_COLON: Final = re.compile(r"[ \t]*:(?=[ \t,\[\]{}]|$)")
_CLOSES: Final = {"}": "map", "]": "list"}


@dataclass(slots=True)
class _Open:
    """A bracket that is open."""

    box: Box
    waits: bool = True
    """Whether a new key or item comes next."""
    colon: bool = False
    """Of a map: whether the colon behind the last key has come."""
    filled: bool = False
    """Of a map: whether the last key has its value."""
    single: bool = False
    """The map of one key without braces that may stand in a list: `[a: 1]`."""


@dataclass(slots=True)
class Brackets:
    """Reads brackets line by line."""

    box: Box
    """The value that they are."""
    source: Source
    broken: bool = False
    stack: list[_Open] = field(default_factory=list)
    quote: tuple[Box, str] | None = None
    """A quoted text that goes on in the next line: its leaf, and the quotes."""

    def read(self, line: str, column: int, number: int) -> bool:
        """Read a line from a column on; whether the first bracket is closed."""
        if self.quote is not None:
            column = self.closing_quote(line)
            if not self.stack and self.quote is None:  # of a block: what follows is no part of it
                return True
        while column < len(line):
            sign = line[column]
            if sign in " \t":
                column += 1
            elif sign == "#" and (column == 0 or line[column - 1] in " \t"):
                return False
            elif sign in "{[":
                if len(self.stack) >= MOST_DEPTH:
                    self.broken = True
                    return True
                self.open(sign, number, column)
                column += 1
            elif sign in "}]":
                self.close(_CLOSES[sign])
                if not self.stack:
                    return True
                column += 1
            elif sign == ",":
                self.next()
                column += 1
            elif _COLON.match(line, column):
                self.colon()
                column += 1
            else:
                column = self.word(line, column, number)
        return False

    def open(self, sign: str, number: int, column: int) -> None:
        box = Box("map" if sign == "{" else "list", Place(self.source, number + 1, column + 1))
        if not self.stack:
            self.box.kind = box.kind
            box = self.box
        else:
            self.put(box)
        self.stack.append(_Open(box))

    def close(self, kind: str) -> None:
        if self.stack[-1].single:
            self.stack.pop()
        if self.stack[-1].box.kind != kind:
            self.broken = True
            if all(one.box.kind != kind for one in self.stack):
                return
            while self.stack[-1].box.kind != kind:
                self.stack.pop()
        self.stack.pop()

    def next(self) -> None:
        if self.stack[-1].single:
            self.stack.pop()
        self.stack[-1].waits = True

    def colon(self) -> None:
        top = self.stack[-1]
        if top.box.kind == "map":
            top.colon = True
        elif not top.waits and top.box.items[-1].kind == "leaf":
            leaf = top.box.items[-1]
            part = Keyed(leaf.text, leaf.place, leaf.width, Box("leaf", leaf.place))
            top.box.items[-1] = Box("map", leaf.place, parts=[part])
            self.stack.append(_Open(top.box.items[-1], waits=False, colon=True, single=True))
        else:
            self.broken = True

    def put(self, box: Box) -> None:
        """Put a value where it belongs."""
        top = self.stack[-1]
        if top.box.kind == "list":
            self.broken = self.broken or not top.waits
            top.box.items.append(box)
        elif top.waits or not top.colon:  # a key without a colon yet, or a map for a key
            self.broken = self.broken or box.kind != "leaf"
            value = Box("leaf", Place(self.source, box.place.line, box.place.column + box.width))
            top.box.parts.append(Keyed(box.text, box.place, box.width, value))
            top.colon = top.filled = False
        else:
            self.broken = self.broken or top.filled
            top.box.fill(box)
            top.filled = True
        top.waits = False

    def word(self, line: str, column: int, number: int) -> int:
        """Read a text; the column behind it."""
        place = Place(self.source, number + 1, column + 1)
        if line[column] in "\"'":
            text, end = quoted(line, column)
            leaf = Box("leaf", place, text, False, (end if end > 0 else len(line)) - column)
            self.put(leaf)
            if end < 0:
                self.quote = leaf, line[column]
                return len(line)
            return end
        match = _PLAIN.match(line, column)
        if match is None:
            self.broken = True
            return column + 1
        text = match[0].rstrip()
        if not self.goes_on(text, line, match.end()):
            self.put(Box("leaf", place, text, True, len(text)))
        return match.end()

    def goes_on(self, text: str, line: str, end: int) -> bool:
        """Whether a text is the next line of the one before; one with a colon behind it is the next key."""
        top = self.stack[-1]
        if top.waits or (top.box.kind == "map" and top.colon and not top.filled):
            return False
        if top.box.kind == "map" and top.filled and _COLON.match(line, end):
            self.broken = True
            top.waits = True
            return False
        if top.box.kind == "map" and not top.colon:
            top.box.parts[-1].key += " " + text
            return True
        last = top.box.items[-1] if top.box.kind == "list" else top.box.parts[-1].value
        if last.kind != "leaf":
            return False
        last.text += " " + text
        return True

    def closing_quote(self, line: str) -> int:
        """Go on with a quoted text; the column behind its quotes, or behind the line."""
        assert self.quote is not None
        leaf, sign = self.quote
        text, end = quoted(sign + line.lstrip(), 0)
        leaf.text += " " + text
        if end < 0:
            return len(line)
        self.quote = None
        return end - 1 + len(line) - len(line.lstrip())
