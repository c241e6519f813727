"""Every mutant of a module by the operators of cosmic-ray, without those that are the same program by definition."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

Place = tuple[int, int]


@dataclass(frozen=True)
class Mutation:
    """One change of one module."""

    module: str
    operator: str
    occurrence: int
    line: int

    def source(self) -> str:
        """The whole module with the change."""
        changed = mutate_code(Path(self.module).read_text("utf-8"), get_operator(self.operator)(), self.occurrence)
        assert changed is not None, self
        return str(changed)

    def difference(self) -> str:
        """The lines that the change takes out and puts in."""
        before = Path(self.module).read_text("utf-8").splitlines()
        lines = list(difflib.unified_diff(before, self.source().splitlines(), lineterm="", n=0))[2:]
        return "\n".join(line for line in lines if not line.startswith("@@"))


def mutations(module: str) -> Iterator[Mutation]:
    """Mutants of a module in the order of cosmic-ray.

    Left out are changes of annotations (they are never evaluated), of decorators (compiled or not, frozen or not), and
    `==` or `<` made `is`: whether equal whole numbers are one object is a matter of the interpreter.
    """
    text = Path(module).read_text("utf-8")
    tree = get_ast(text)
    idle = list(_idle(ast.parse(text)))
    for name in operator_names():
        kind = get_operator(name)
        if kind.arguments() or _of_identity(name):
            continue
        operator = kind()
        places = (start for node in ast_nodes(tree) for start, _ in operator.mutation_positions(node))
        for occurrence, start in enumerate(places):
            if not any(first <= start < last for first, last in idle):
                yield Mutation(module, name, occurrence, start[0])


def _of_identity(operator: str) -> bool:
    kind, *names = operator.split("/")[-1].split("_")
    return kind == "ReplaceComparisonOperator" and ("Is" in names[0]) != ("Is" in names[1])


def _idle(tree: ast.Module) -> Iterator[tuple[Place, Place]]:
    """First and last place of annotations and decorators."""
    for node in ast.walk(tree):
        marked: list[ast.expr | None] = []
        if isinstance(node, ast.AnnAssign | ast.arg):
            marked.append(node.annotation)
        if isinstance(node, ast.FunctionDef):
            marked.append(node.returns)
        for one in marked:
            if one is not None:
                yield (one.lineno, one.col_offset), (one.end_lineno or 0, one.end_col_offset or 0)
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            for one in node.decorator_list:
                yield (one.lineno, one.col_offset - 1), (one.end_lineno or 0, one.end_col_offset or 0)
