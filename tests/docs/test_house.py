"""Rules of the house that no tool holds: how long things are, and that no modules import each other in a circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.support.files import ROOT

MODULES = sorted((ROOT / "ccsim").rglob("*.py"))
MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 110


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def at_import(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements that run as a module is imported, those for type checkers left out."""
    for statement in body:
        if isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.unparse(statement.test):
            continue
        yield statement
        if isinstance(statement, (ast.If, ast.Try)):
            yield from at_import(statement.body)


def imported_by(path: Path, known: frozenset[str]) -> set[str]:
    found: set[str] = set()
    for statement in at_import(tree_of(path).body):
        if isinstance(statement, ast.Import):
            found |= {alias.name for alias in statement.names}
        elif isinstance(statement, ast.ImportFrom) and statement.module:
            below = {f"{statement.module}.{alias.name}" for alias in statement.names}
            found |= (below & known) or {statement.module}
    return found & known


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_and_functions_are_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES
    long = {
        node.name: node.end_lineno - node.lineno
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef) and node.end_lineno is not None
        if node.end_lineno - node.lineno > MOST_LINES_OF_A_FUNCTION
    }
    assert not long


def test_no_modules_import_each_other_in_a_circle() -> None:
    known = frozenset(map(name_of, MODULES))
    edges = {name_of(path): imported_by(path, known) - {name_of(path)} for path in MODULES}
    while True:
        ends = {name for name, below in edges.items() if not below & edges.keys()}
        if not ends:
            break
        edges = {name: below for name, below in edges.items() if name not in ends}
    assert not edges, f"a circle among {', '.join(sorted(edges))}"
