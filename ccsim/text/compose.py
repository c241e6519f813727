"""From YAML text to a tree, under limits that hold for hostile text too."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from ccsim.text.faults import Faults
from ccsim.text.tree import Entry, Items, Leaf, Map, Node, Place, Source, shown

MOST_BYTES: Final = 5_000_000
MOST_DEPTH: Final = 32
MOST_NODES: Final = 200_000
MOST_KEY: Final = 500

#: Control characters, line separators that editors do not count, marks that reorder text, non-characters.
ODD_CHARACTER: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Unreadable(Exception):  # noqa: N818
    """The text cannot be read further; the fault has been noted."""


def decode(data: bytes, source: Source, faults: Faults) -> str:
    """The text of a file: UTF-8 of bounded size, without control characters. Raises `Unreadable`."""
    if len(data) > MOST_BYTES:
        faults.add(f"the file has {len(data):,} bytes; at most {MOST_BYTES:,} are read", Place(source))
        raise Unreadable
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        column = error.start - (before.rfind(b"\n") + 1) + 1
        faults.add(
            f"expected UTF-8 text, got the byte 0x{data[error.start]:02x}",
            Place(source, before.count(b"\n") + 1, column),
        )
        raise Unreadable from None
    odd = ODD_CHARACTER.search(text)
    if odd:
        before_text = text[: odd.start()]
        place = Place(source, before_text.count("\n") + 1, odd.start() - (before_text.rfind("\n") + 1) + 1)
        faults.add(f"control or invisible character U+{ord(odd.group()):04X}; take it out", place)
        raise Unreadable
    return text


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been seen yet."""

    place: Place
    is_map: bool
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    key: str | None = None
    key_place: Place | None = None


def compose(text: str, source: Source, faults: Faults) -> Node:
    """The tree of one YAML document. Raises `Unreadable` after noting what is wrong.

    Built from the parser's events without recursion, so depth is bounded before anything grows with it. Tags,
    anchors, aliases, merge keys, equal keys and further documents are faults.
    """
    loader = _Loader(text)
    try:
        return _Composer(source, faults).build(loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(source, mark.line + 1, mark.column + 1) if mark and source.numbered else Place(source)
        faults.add(f"not YAML: {error.problem or 'unreadable'}{_remedy(error, text)}", place)
        raise Unreadable from None
    except (yaml.YAMLError, ValueError, UnicodeError) as error:
        faults.add(f"not YAML: {str(error).splitlines()[0] if str(error) else 'unreadable'}", Place(source))
        raise Unreadable from None
    finally:
        loader.dispose()


def _remedy(error: yaml.MarkedYAMLError, text: str) -> str:
    """What would do where the parser stopped, after a semicolon; nothing where that is not known."""
    problem, began = error.problem or "", error.context_mark
    if "cannot start any token" in problem and error.problem_mark:
        sign = text.split("\n")[error.problem_mark.line][error.problem_mark.column :][:1]
        return (
            "; this is a tab: indent with spaces" if sign == "\t" else f"; put a text that begins with {sign} in quotes"
        )
    if "mapping values are not allowed" in problem:
        return "; is a ':' missing in the line before, or this line indented too far? Put a text with ': ' in quotes"
    if began is None:
        return f" ({error.context})" if error.context else ""
    if "could not find expected ':'" in problem:
        return f"; {shown(text.split(chr(10))[began.line].strip())} in line {began.line + 1} needs a ':'"
    if "did not find expected ','" in problem:
        closing = problem[-2]
        return f"; the bracket of line {began.line + 1} is not closed by {closing}, or a comma is missing in it"
    if "unexpected end of stream" in problem:
        return f"; the quote of line {began.line + 1} is not closed"
    if "did not find expected key" in problem:
        return "; is this line indented like those beside it, and is there no bracket or quote too many?"
    return f" ({error.context})"


class _Composer:
    """Turns events into a tree."""

    def __init__(self, source: Source, faults: Faults) -> None:
        self.source = source
        self.faults = faults
        self.stack: list[_Open] = []
        self.nodes = 0
        self.documents = 0
        self.root: Node | None = None

    def build(self, loader: Any) -> Node:
        bad_before = self.faults.count
        get = loader.get_event
        while True:
            event = get()
            if event is None:
                break
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self.scalar(event)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self.open(event)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self.close()
            elif kind is yaml.AliasEvent:
                self.faults.add(f"aliases (*{event.anchor}) are not read; write the value out", self.place(event))
                self.add(Leaf("", False, self.place(event)))
            elif kind is yaml.DocumentStartEvent:
                self.documents += 1
                if self.documents > 1:
                    self.stop("a second document starts here; a scenario is one document", event)
            elif kind is yaml.StreamEndEvent:
                break
        if self.root is None:
            self.faults.add("the file is empty", Place(self.source))
            raise Unreadable
        if self.faults.count > bad_before:
            raise Unreadable
        return self.root

    def place(self, event: Any) -> Place:
        if not self.source.numbered:
            return Place(self.source)
        mark = event.start_mark
        return Place(self.source, mark.line + 1, mark.column + 1)

    def stop(self, message: str, event: Any) -> None:
        self.faults.add(message, self.place(event))
        raise Unreadable

    def plain_node(self, event: Any) -> None:
        """Count the node; note tags and anchors."""
        self.nodes += 1
        if self.nodes > MOST_NODES:
            self.stop(f"more than {MOST_NODES:,} values in one file", event)
        if event.anchor is not None:
            self.faults.add(f"anchors (&{event.anchor}) are not read; write the value out", self.place(event))
        if event.tag is not None:
            self.faults.add(f"tags ({event.tag}) are not read; write the value alone", self.place(event))

    def scalar(self, event: Any) -> None:
        self.plain_node(event)
        place = self.place(event)
        # The text of the file has been searched; only double quotes can hold such a sign as an escape.
        odd = ODD_CHARACTER.search(event.value) if event.style == '"' else None
        if odd:
            self.faults.add(f"control or invisible character U+{ord(odd.group()):04X}; take it out", place)
        self.add(Leaf(event.value, not event.style, place))

    def open(self, event: Any) -> None:
        self.plain_node(event)
        if len(self.stack) >= MOST_DEPTH:
            self.stop(f"nested deeper than {MOST_DEPTH} levels", event)
        top = self.stack[-1] if self.stack else None
        if top is not None and top.is_map and top.key is None:
            self.stop("a key must be text, not a list or a map", event)
        self.stack.append(_Open(self.place(event), isinstance(event, yaml.MappingStartEvent)))

    def close(self) -> None:
        done = self.stack.pop()
        self.add(Map(done.entries, done.place) if done.is_map else Items(tuple(done.items), done.place))

    def add(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        if not top.is_map:
            top.items.append(node)
        elif top.key is None:
            top.key, top.key_place = self.key_of(node), node.place
        else:
            self.put(top, node)

    def key_of(self, node: Node) -> str:
        assert isinstance(node, Leaf)
        if len(node.text) > MOST_KEY:
            self.faults.add(f"a key of {len(node.text):,} characters", node.place)
        elif node.text == "<<" and node.plain:
            self.faults.add("merge keys (<<) are not read; use `extends:` or write the values out", node.place)
        elif node.empty:
            self.faults.add("a key must be text, got nothing", node.place)
        return node.text

    def put(self, top: _Open, node: Node) -> None:
        assert top.key is not None
        assert top.key_place is not None
        first = top.entries.get(top.key)
        if first is not None:
            self.faults.add(f"key {shown(top.key)} is written twice in one map, first at {first.place}", top.key_place)
        else:
            top.entries[top.key] = Entry(node, top.key_place)
        top.key = None
