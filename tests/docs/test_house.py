"""Rules of the house that no tool holds: how long things are, circles of imports, names with one meaning, tests."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from ccsim.records.outcomes import OUTCOMES
from tests.support.files import ROOT

MODULES = sorted((ROOT / "ccsim").rglob("*.py"))
MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 110
TESTS = sorted((ROOT / "tests").rglob("*.py"))
LONG_TESTS = {}

SAME_CLASS = {
    "Clock": "experiments report",  # a time limit; local times of a page
    "Column": "records report report tables",  # of a table; of a table of a page; of a sheet; of a file that is read
    "Constant": "language theory",  # a law as it is written; a law with its moments: so with the six others
    "Cover": "centre report",  # a plan's shortfall and surplus; hours of pools week by week
    "Days": "centre kernel",  # compiled; as foreseen
    "Difference": "metrics scenario",  # of a KPI; of a setting
    "Entry": "centre text",  # of eligible pools; of a tree of texts
    "Exponential": "language theory",
    "Gamma": "language theory",
    "GoalLine": "report report",  # of one run; of a comparison
    "Groups": "kernel kernel",  # queue groups; what visits are added up by
    "Hyperexponential": "language theory",
    "Known": "model scenario",  # what replications of variants share; what checks of variants share
    "Lognormal": "language theory",
    "Misread": "tables text",  # a cell of a column; the text of a scalar
    "Part": "scenario scenario",  # below a key; of the demand
    "Plan": "experiments model",  # of a run; of the workforce
    "Simulated": "engine experiments metrics",  # given by the engine; asked of it; an alternative's sums
    "Queue": "model theory",  # of a centre; of a formula
    "Section": "language report",  # of a page; of a scenario
    "Source": "experiments text",  # of a scenario; of a text
    "Stop": "experiments scenario",  # of a run; of an override
    "Table": "report tables",  # of a page; of a file that is read
    "Uniform": "language theory",
    "Weibull": "language theory",
}
"""Public classes that share a name today, by the rooms that have one. No new ones: what goes is taken out here."""

SAME_TABLE = {
    "AGENTS": "report report",  # units of a figure, twice the same
    "CHECKS": " ".join(["scenario"] * 14),  # plugs
    "COLUMNS": "metrics metrics metrics report",  # of the table that a module makes
    "COST": "kpis report",  # KPIs of cost; the key of the first of them
    "KINDS": "language language report",  # of hours; of quantities; of differences; of names
    "MARKS": "kpis report",  # of verdicts; of checks
    "OF_POOLS": "kpis records",  # tables; columns; measures
    "POOL_SCOPES": "kpis kpis",  # splits of KPIs; limits of goals
    "QUEUE_SCOPES": "kpis kpis",
    "ROUTES": "metrics records",  # the columns that cost needs; all
}
"""Public tables (maps, lists, sets) that share a name today, likewise."""


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def but_for_type_checkers(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes below, those in functions too, without what type checkers alone import."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)):
            yield child
            yield from but_for_type_checkers(child)


def imported_by(path: Path, known: frozenset[str]) -> set[str]:
    found: set[str] = set()
    for node in but_for_type_checkers(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            below = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (below & known) or {node.module}
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


def test_the_map_of_rooms_is_that_of_the_contract() -> None:
    text = (ROOT / "docs" / "background" / "extending.md").read_text("utf-8")
    rows = text.partition("| rooms |")[2].partition("\n\n")[0].splitlines()[2:]
    told = [name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    (layers,) = [
        one["layers"]
        for one in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
        if one["type"] == "layers"
    ]
    assert told == [name.removeprefix("ccsim.") for layer in layers for name in layer.split(" | ")]


def room_of(path: Path) -> str:
    """The part of ccsim that a module belongs to."""
    return name_of(path).split(".")[1]


def is_table(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        made = ast.unparse(value.func)
        return made.split(".")[0] in ("dict", "frozenset", "list", "set", "sorted", "tuple") or made.endswith(
            "ProxyType"
        )
    return isinstance(value, (ast.Dict, ast.DictComp, ast.List, ast.ListComp, ast.Set, ast.SetComp, ast.Tuple))


def public_classes(tree: ast.Module) -> Iterator[str]:
    yield from (one.name for one in tree.body if isinstance(one, ast.ClassDef) and not one.name.startswith("_"))


def public_tables(tree: ast.Module) -> Iterator[str]:
    for statement in tree.body:
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and is_table(statement.value):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            names = (target.id for target in targets if isinstance(target, ast.Name))
            yield from (name for name in names if name.isupper() and not name.startswith("_"))


@pytest.mark.parametrize(("named_in", "allowed"), [(public_classes, SAME_CLASS), (public_tables, SAME_TABLE)])
def test_one_public_name_has_one_meaning(
    named_in: Callable[[ast.Module], Iterator[str]], allowed: dict[str, str]
) -> None:
    rooms = defaultdict(list)
    for path in MODULES:
        for name in named_in(tree_of(path)):
            rooms[name].append(room_of(path))
    shared = {name: " ".join(sorted(where)) for name, where in rooms.items() if len(where) > 1}
    assert shared == allowed


def decided_verdicts(path: Path) -> Iterator[str]:
    """Where a module chooses a verdict, or makes one of several."""
    words = {"pass", "fail", "inconclusive"}
    for node in ast.walk(tree_of(path)):
        chosen = [node.body, node.orelse] if isinstance(node, ast.IfExp) else []
        if isinstance(node, ast.Return) and node.value is not None:
            chosen.append(node.value)
        if any(isinstance(one, ast.Constant) and one.value in words for one in chosen):
            yield ast.unparse(node)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("all", "any") and "'verdict'" in ast.unparse(node):
            told = {one.value for one in ast.walk(node) if isinstance(one, ast.Constant)} & {"pass", "fail"}
            if told:
                yield ast.unparse(node)


def test_verdicts_are_made_in_one_module() -> None:
    made = {name_of(path): list(decided_verdicts(path)) for path in MODULES}
    assert {name for name, where in made.items() if where} == {"ccsim.kpis.verdicts"}


def listed_outcomes(path: Path) -> Iterator[str]:
    """Lists of outcomes that are written by hand: three or more by their names, or by their codes."""
    codes = {f"outcomes.{name.upper()}" for name in OUTCOMES}
    for node in ast.walk(tree_of(path)):
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)) and len(node.elts) > 2:
            named = (
                one.value in OUTCOMES if isinstance(one, ast.Constant) else ast.unparse(one) in codes
                for one in node.elts
            )
            if all(named):
                yield ast.unparse(node)


def test_the_registry_alone_lists_outcomes() -> None:
    found = {name_of(path): list(listed_outcomes(path)) for path in MODULES}
    assert not {name: lists for name, lists in found.items() if lists}


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def imported_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module or ''}.{alias.name}".lstrip(".") for alias in node.names]
    return []


def private_names_of_others(path: Path) -> Iterator[str]:
    """Private names of ccsim that a module imports, or takes from a module that it imports."""
    known, modules = frozenset(map(name_of, MODULES)), set()
    for node in ast.walk(tree_of(path)):
        for name in imported_names(node):
            if name.startswith("ccsim.") and is_private(name.split(".")[-1]):
                yield name
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            pairs = zip(node.names, imported_names(node), strict=True)
            modules |= {alias.asname or alias.name for alias, name in pairs if name in known}
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in modules and is_private(node.attr):
            yield ast.unparse(node)


def test_no_module_takes_a_private_name_of_another() -> None:
    taken = {name_of(path): list(private_names_of_others(path)) for path in MODULES}
    assert not {name: names for name, names in taken.items() if names}


def test_the_contracts_of_imports_know_every_room() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    named = {one["name"]: one for one in contracts}
    rooms = {f"ccsim.{room_of(path)}" for path in MODULES if path.parent != ROOT / "ccsim" or path.stem != "__init__"}
    layers = [room.strip() for layer in named["Imports run downward"]["layers"] for room in layer.split("|")]
    assert sorted(layers) == sorted(rooms)
    for rule, free in (
        ("Only the kernel and the draws are compiled", {"ccsim.kernel", "ccsim.draws"}),
        ("Only the engine knows SimPy", {"ccsim.engine"}),
    ):
        assert sorted(named[rule]["source_modules"]) == sorted(rooms - free), rule


def test_modules_of_tests_are_short() -> None:
    long = {name_of(path) for path in TESTS if len(path.read_text("utf-8").splitlines()) > MOST_LINES}
    assert long == LONG_TESTS.keys()


def wrong_imports(path: Path) -> Iterator[str]:
    folder = path.relative_to(ROOT).parts[1]
    if path != Path(__file__).resolve() and "sys.path." in path.read_text("utf-8"):
        yield "changes the places of imports, or lets a child process do so"
    for name in (name for node in ast.walk(tree_of(path)) for name in imported_names(node)):
        parts = name.split(".")
        if any(part.startswith("test_") for part in parts):
            yield f"imports tests: {name}"
        if parts[0] == "tests" and parts[1] not in (folder, "support"):
            yield f"imports what is not in tests.support: {name}"


def test_tests_share_helpers_through_support_and_import_no_tests() -> None:
    wrong = {name_of(path): list(wrong_imports(path)) for path in TESTS}
    assert not {name: faults for name, faults in wrong.items() if faults}
