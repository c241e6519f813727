"""The outline of a scenario: its sections, and what each defines."""

from __future__ import annotations

from dataclasses import dataclass

from ccsim.editor.document import Document
from ccsim.text.tree import Map, Place


@dataclass(frozen=True, slots=True)
class Symbol:
    """A key of the scenario and those below it."""

    name: str
    place: Place
    inner: tuple[Symbol, ...] = ()


def symbols(document: Document) -> list[Symbol]:
    """Sections of the text itself, each with the names that it defines."""
    return [
        Symbol(
            key,
            entry.place,
            tuple(Symbol(name, below.place) for name, below in entry.node.entries.items())
            if isinstance(entry.node, Map)
            else (),
        )
        for key, entry in document.draft.tree().entries.items()
    ]
