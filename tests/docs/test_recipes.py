"""Recipes and the tutorial of the command line: every command runs, and prints what the page quotes."""

from __future__ import annotations

import json
import os
import re
import tomllib
from contextlib import chdir
from pathlib import Path

import duckdb
import pytest

from ccsim import api
from tests.docs.pages import Command, simulated, unsaid
from tests.support.files import ROOT

HOW_TO = ROOT / "docs" / "how-to"
TUTORIAL = ROOT / "docs" / "tutorial-cli.md"
PAGES = [
    *sorted(page for page in HOW_TO.glob("*.md") if "```console" in page.read_text("utf-8") and page.stem != "bi"),
    TUTORIAL,
]


@pytest.fixture(scope="module", params=PAGES, ids=lambda page: page.stem)
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Command]]:
    page: Path = request.param
    return page, simulated(page, tmp_path_factory.mktemp(page.stem))


def test_every_command_runs_and_prints_what_is_quoted(shown: tuple[Path, list[Command]]) -> None:
    _, commands = shown
    assert commands
    for command in commands:
        assert command.code == command.expected, (command.words, command.printed)
        assert unsaid(command) == [], (command.words, command.printed)
    if os.environ.get("CCSIM_SHOW_PAGES"):  # for who writes a page
        for command in commands:
            print("\n".join(["$ " + " ".join(command.words), *command.printed]))


def test_its_scenarios_are_without_warnings(shown: tuple[Path, list[Command]]) -> None:
    _, commands = shown
    assert [line for command in commands for line in command.printed if ": warning: " in line] == []


def test_there_is_a_recipe_for_each_job() -> None:
    assert {"own-company", "follow-the-sun", "outage", "incident", "new-market", "three-more"} <= {
        page.stem for page in PAGES
    }


def test_the_tutorial_goes_from_new_to_check_goals() -> None:
    told = re.findall(r"^\$ ccsim ([\w-]+)", TUTORIAL.read_text(encoding="utf-8"), re.MULTILINE)
    order = ["new", "check", "run", "report", "explain", "compare", "check-goals"]
    assert [told.index(command) for command in order] == sorted(told.index(command) for command in order)


def test_the_queries_have_answers(tmp_path: Path) -> None:
    run = tmp_path / "run"
    api.run(ROOT / "scenarios" / "erlang_a.yaml", replications=2).write(run)
    queries = re.findall(r"```sql\n(.*?)```", (HOW_TO / "sql.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(queries) >= 3
    with chdir(run):
        for query in queries:
            assert duckdb.sql(query).fetchall()


def test_the_settings_of_editors_name_the_command() -> None:
    text = (HOW_TO / "editor.md").read_text(encoding="utf-8")
    settings = json.loads(re.findall(r"```json\n(.*?)```", text, re.DOTALL)[0])
    assert settings["glspc.server.commandArguments"] == ["lsp"]
    helix = tomllib.loads(re.findall(r"```toml\n(.*?)```", text, re.DOTALL)[0])
    assert [helix["language-server"]["ccsim"][key] for key in ("command", "args")] == ["ccsim", ["lsp"]]
    assert 'cmd = { "ccsim", "lsp" }' in text
