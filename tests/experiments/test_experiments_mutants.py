"""Mutation testing: rooms are whole, and what is changed is what can matter."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from experiments.mutants.rooms import ROOMS
from tests.support.files import ROOT

MODULE = '''
"""A module."""
from __future__ import annotations

@njit(cache=True)
def later(time: int | None, more: tuple[int, int] = (0, 1)) -> int | None:
    found: int | None = time + 1
    return found if found != more[0] else None
'''


@pytest.mark.parametrize("name", list(ROOMS))
def test_modules_and_tests_of_a_room_are_there(name: str) -> None:
    room = ROOMS[name]
    assert all((ROOT / path).is_file() for path in (*room.modules, *room.tests))
    assert len(set(room.modules)) == len(room.modules)


def test_a_module_belongs_to_one_room() -> None:
    modules = [module for room in ROOMS.values() for module in room.modules]
    assert len(set(modules)) == len(modules)


def test_annotations_decorators_and_identity_are_not_changed(tmp_path: Path) -> None:
    pytest.importorskip("cosmic_ray", reason="an extra: pip install -e '.[mutation]'")
    from experiments.mutants.mutations import mutations

    path = tmp_path / "module.py"
    path.write_text(MODULE)
    found = list(mutations(str(path)))
    changed = {one.source() for one in found}
    assert len(changed) == len(found) > 20
    assert path.read_text() == MODULE
    for text in changed:
        ast.parse(text)
        assert "@njit(cache=True)" in text
        assert "time: int | None, more: tuple[int, int]" in text
        assert "-> int | None:" in text
        assert " is " not in text
    assert any("time - 1" in text for text in changed)
    assert any("found == more[0]" in text for text in changed)
    assert any("more[ 1]" in text for text in changed)
    assert any("= ( 1, 1)" in text for text in changed)
