"""Texts with a cursor in them, and what the editor's room says there."""

from __future__ import annotations

from pathlib import Path

from ccsim.editor.completion import Proposals, complete
from ccsim.editor.document import Document
from ccsim.editor.words import definition, meaning
from ccsim.text.tree import Place

CURSOR = "¦"
BASE = "scenario: x\nhorizon: {start: 2026-06-01, length: 4w}\n"


def placed(text: str) -> tuple[str, int, int]:
    """A text without its cursor, and the cursor's line and column (from 1)."""
    before = text.partition(CURSOR)[0]
    assert before != text
    return text.replace(CURSOR, "", 1), before.count("\n") + 1, len(before) - before.rfind("\n")


def proposed(text: str, path: Path = Path("x.yaml")) -> Proposals:
    plain, line, column = placed(text)
    return complete(Document(plain, path), line, column)


def labels(text: str, path: Path = Path("x.yaml")) -> list[str]:
    return [one.label for one in proposed(text, path).items]


def typed(text: str, label: str) -> str:
    """The text after a proposal was taken."""
    plain, line, _ = placed(text)
    found = proposed(text)
    insert = next(one.insert for one in found.items if one.label == label)
    lines = plain.split("\n")
    here = lines[line - 1]
    lines[line - 1] = here[: found.start - 1] + insert + here[found.end - 1 :]
    return "\n".join(lines)


def hover(text: str) -> str:
    plain, line, column = placed(text)
    found = meaning(Document(plain, Path("x.yaml")), line, column, "file:///reference.md")
    return found.text if found else ""


def goes_to(text: str, path: Path = Path("x.yaml")) -> Place | None:
    plain, line, column = placed(text)
    return definition(Document(plain, path), line, column)
