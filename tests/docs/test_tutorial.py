"""The tutorial's blocks run, in order, and print what the tutorial says they print."""

import contextlib
import io
import re
from typing import NamedTuple

import pytest

from tests.support.files import ROOT

TEXT = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
FENCES = re.compile(r"^```(\w*)\n(.*?)^```$\n(?:\n```\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    language: str
    code: str
    printed: str


BLOCKS = [Block(*(part or "" for part in match.groups())) for match in FENCES.finditer(TEXT)]


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, object], list[str]]:
    """Names that the blocks leave, and what each printed; they see the scenarios, and leave nothing behind."""
    place = tmp_path_factory.mktemp("tutorial")
    (place / "scenarios").symlink_to(ROOT / "scenarios")
    names: dict[str, object] = {}
    printed = []
    with contextlib.chdir(place):
        for i, block in enumerate(block for block in BLOCKS if block.language == "python"):
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(block.code, f"tutorial.md, block {i + 1}", "exec"), names)
            printed.append(out.getvalue())
    names["place_of_the_tutorial"] = place
    return names, printed


def test_every_block_runs_and_prints_what_the_tutorial_says(simulated) -> None:
    python = [block for block in BLOCKS if block.language == "python"]
    assert len(python) >= 10
    shown = [(block.printed, text) for block, text in zip(python, simulated[1], strict=True) if block.printed]
    assert len(shown) >= 2
    for said, text in shown:
        assert text == said


def test_the_run_prints_goals_and_main_kpis(simulated) -> None:
    text = next(text for text in simulated[1] if text.startswith("regional-desk"))
    assert "service_level, 20 s (channel phone)" in text
    assert re.search(r"abandonment \(live\) +\d[\d.]* % (± [\d.]+ %|\([\d.]+ to [\d.]+ %\))", text)


def test_the_figure_and_the_files_are_made(simulated) -> None:
    names = simulated[0]
    assert (names["place_of_the_tutorial"] / "service_level.png").stat().st_size > 5_000
    assert names["workbook"].read_bytes()[:2] == b"PK"
    assert names["page"].read_text(encoding="utf-8").startswith("<!doctype html>")


def test_more_agents_help_and_cost(simulated) -> None:
    text = next(text for text in simulated[1] if text.startswith("regional-desk against 2 variants: 6 paired"))
    lines = text[text.index("regional-desk+more_agents:") : text.index("regional-desk+bari")].splitlines()
    phone = next(line for line in lines if line.startswith("  abandonment (channel phone)"))
    cost = next(line for line in lines if line.startswith("  cost_per_day"))
    assert re.search(r" -\d.* points +better$", phone)
    assert re.search(r" \+\d.* EUR/day +worse$", cost)
    assert simulated[0]["row"]["pairing_saved"] > 5


def test_the_commands_of_the_tutorial_are_commands() -> None:
    from ccsim.cli import app

    commands = {command.callback.__name__ for command in app.registered_commands}
    commands |= {command.name for command in app.registered_commands if command.name}
    told = re.findall(r"^ccsim (\w+)", TEXT, re.MULTILINE)
    assert told
    assert set(told) <= commands
