"""The tree of text that is being typed: of YAML the same as the reader's, of all else what can be made of it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.text.compose import Unreadable, compose
from ccsim.text.draft import draft
from ccsim.text.faults import Faults
from ccsim.text.tree import Items, Leaf, Map, Node, Source
from tests.support.files import CENTRE, GLOBE, SCENARIOS

SOURCE = Source("x.yaml", Path())
SMALL = (SCENARIOS / "regional_desk.yaml").read_text(encoding="utf-8")
SHIPPED = [*sorted(SCENARIOS.glob("*.yaml")), CENTRE, GLOBE]


def plain(node: Node) -> object:
    """A tree with the lines and columns of all that is not empty."""
    if isinstance(node, Leaf):
        return node.text, node.plain, node.place[1:] if node.text else None
    if isinstance(node, Items):
        return [plain(item) for item in node.items], node.place[1:]
    return {key: (plain(entry.node), entry.place[1:]) for key, entry in node.entries.items()}, node.place[1:]


def agrees(text: str) -> bool:
    """Whether a text is YAML; then both readers have made the same tree."""
    made = draft(text, SOURCE)
    list(made.spots())
    try:
        node = compose(text, SOURCE, Faults())
    except Unreadable:
        return False
    if isinstance(node, Map):
        assert plain(made.tree()) == plain(node)
    return True


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_of_a_scenario_both_readers_make_one_tree(path: Path) -> None:
    assert agrees(path.read_text(encoding="utf-8"))


def test_of_a_scenario_cut_off_anywhere_both_readers_make_one_tree() -> None:
    assert sum(agrees(SMALL[:end]) for end in range(0, len(SMALL), 5)) > 100


@pytest.mark.parametrize("path", [SCENARIOS / "web_shop.yaml", GLOBE], ids=lambda path: path.stem)
def test_of_scenarios_with_slips_of_the_pen_both_readers_make_one_tree(path: Path) -> None:
    text, chance, fine = path.read_text(encoding="utf-8"), random.Random(5), 0
    for _ in range(100):
        lines = text.split("\n")
        for _ in range(chance.randint(1, 3)):
            del lines[chance.randrange(len(lines))]
        fine += agrees("\n".join(lines))
        at = chance.randrange(len(text))
        fine += agrees(text[:at] + chance.choice("{}[],:#- \n\"'x|") + text[at + chance.randint(0, 1) :])
    assert fine > 40


@given(st.text(alphabet="ab:-#,{}[]\"'|>&*!%@? \n\t\r\\0é", max_size=80))
@settings(max_examples=400, deadline=None, derandomize=True)
def test_no_text_is_refused(text: str) -> None:
    made = draft(text, SOURCE)
    list(made.spots())
    made.tree()


@pytest.mark.parametrize(
    "text", ["[" * 5_000, "{a: " * 5_000, "- " * 5_000, '"' * 9_999, "a" + " " * 100_000 + "b", "x: " + "y " * 50_000]
)
def test_hostile_text_is_read_to_its_end(text: str) -> None:
    made = draft(text, SOURCE)
    list(made.spots())
    made.tree()


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("sites:\n  a: {region: x, \n  b: {region: y}\npools: {}", {"sites", "pools"}),
        ("sites:\n  a: [1, {region: 'x\n  b: {region: y}\npools: {}", {"sites", "pools"}),
        ("sites:\n  a:\n    reg\n    hours: 24x7\npools: {}", {"sites", "pools"}),
        ("sites:\n  a: }\npools: {}", {"sites", "pools"}),
    ],
)
def test_what_follows_a_slip_is_still_read(text: str, keys: set[str]) -> None:
    assert set(draft(text, SOURCE).tree().entries) == keys


def test_a_bracket_left_open_ends_at_the_next_key_of_its_block() -> None:
    tree = draft("sites:\n  a: {region: x, hours: 24x7\n  b: {region: y}\n", SOURCE).tree()
    sites = tree.get("sites")
    assert isinstance(sites, Map)
    assert list(sites.entries) == ["a", "b"]
