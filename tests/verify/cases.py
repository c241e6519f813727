"""The reference cases as they stand in their folder, one file a family."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errata import NAME, load_errata

REFERENCE = Path(__file__).resolve().parent.parent / "reference"
"""Cases that come with the repository."""

Leaf = tuple[tuple[str, ...], Any]


@dataclass(frozen=True)
class Case:
    """One reference case."""

    id: str
    family: str
    title: str
    model: dict[str, Any]
    expected: Any
    """What should come out; empty where nothing is stated."""
    published: dict[str, Any]
    """Printed by somebody else's program, with its own rounding or interval."""
    with_se: bool
    """Whether `expected` holds [estimate, standard error(, standard deviation)] in place of exact values."""
    asked_of: tuple[str, ...]
    notes: str

    @property
    def engine(self) -> bool:
        """Whether the engine is asked, the check before it, or the measures of what it did."""
        return any(who.startswith(("engine", "check", "metrics")) for who in self.asked_of)


class Library:
    """The cases of a folder, and those of the repository that they may be based on."""

    def __init__(self, folder: Path) -> None:
        self.cases = _load(folder)
        self.errata = load_errata(folder)
        """Right values of measures that the reference states wrongly, by case and measure."""
        self._base = {case.id: case for case in _load(REFERENCE)} if REFERENCE.is_dir() else {}
        self._base |= {case.id: case for case in self.cases}

    def base(self, name: str) -> Case | None:
        """The case that another one is based on."""
        return self._base.get(name)


def _load(folder: Path) -> list[Case]:
    found = []
    for path in sorted(folder.glob("*.json")):
        if path.name == NAME:
            continue
        content = json.loads(path.read_text(encoding="utf-8"))
        found += [_case(row) for row in content]
    return found


def _case(row: dict[str, Any]) -> Case:
    asked, notes = row.get("asked_of", []), row.get("notes") or ""
    return Case(
        id=row["id"],
        family=row["family"],
        title=row.get("title", ""),
        model=row.get("model", {}),
        expected=row.get("expected_with_se") or row.get("expected") or {},
        published=row.get("published") or {},
        with_se="expected_with_se" in row,
        asked_of=tuple([asked] if isinstance(asked, str) else asked),
        notes=" ".join(notes) if isinstance(notes, list) else notes,
    )


def leaves(values: Any, path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """Every number (or text, or null) of nested lists and objects, with its path."""
    if isinstance(values, dict):
        for key, value in values.items():
            yield from leaves(value, (*path, str(key)))
    elif isinstance(values, list):
        for i, value in enumerate(values):
            yield from leaves(value, (*path, str(i)))
    else:
        yield path, values
