"""The language server as an editor meets it: a process that speaks the protocol over stdin and stdout."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ccsim.cli import app
from tests.editor.client import LIMIT, Editor
from tests.editor.cursor import BASE
from tests.support.files import SCENARIOS

FINE = (SCENARIOS / "erlang_a.yaml").read_text(encoding="utf-8")


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Editor]:
    with Editor(tmp_path) as started:
        yield started


def ranged(text: str, where: dict[str, Any]) -> str:
    """What stands in a range of one line, whose columns are counted in units of UTF-16."""
    line = text.split("\n")[where["start"]["line"]].encode("utf-16-le")
    assert where["start"]["line"] == where["end"]["line"]
    return line[2 * where["start"]["character"] : 2 * where["end"]["character"]].decode("utf-16-le")


def test_it_says_what_it_can_and_ends_in_order(editor: Editor) -> None:
    able = editor.capabilities["capabilities"]
    assert {"completionProvider", "hoverProvider", "definitionProvider", "documentSymbolProvider"} <= able.keys()
    assert editor.capabilities["serverInfo"]["name"] == "ccsim"
    assert editor.ask("shutdown", None) is None
    editor.tell("exit", None)
    assert editor.process.wait(LIMIT) == 0
    assert editor.process.stderr is not None
    assert editor.process.stderr.read() == b""


def test_completion_in_braces_and_of_names(editor: Editor) -> None:
    text = BASE + "sites: {leeds: {region: x}}\npools:\n  desk: {site: leeds, he¦}\n"
    found = editor.at("textDocument/completion", "a.yaml", text)
    one = next(item for item in found["items"] if item["label"] == "headcount")
    assert ranged(text, one["textEdit"]["range"]) == "he"
    assert one["textEdit"]["newText"] == "headcount: "
    assert one["documentation"]["value"].startswith("People employed.")
    found = editor.at("textDocument/completion", "b.yaml", text.replace("leeds, he¦", "¦"))
    assert [item["label"] for item in found["items"]] == ["leeds"]


def test_positions_are_counted_as_the_protocol_says(editor: Editor) -> None:
    """A sign outside the basic plane takes two units."""
    text = BASE + "sites: {a: {region: x}}\npools: {desk: {'𝄞𝄞': 1, site: ¦a}}\n"
    found = editor.at("textDocument/completion", "a.yaml", text)
    assert [ranged(text.replace("¦", ""), item["textEdit"]["range"]) for item in found["items"]] == ["a"]
    found = editor.at("textDocument/hover", "b.yaml", text)
    assert ranged(text.replace("¦", ""), found["range"]) == "a"
    editor.open("c.yaml", FINE.replace("staffing: 12", "'𝄞': 1, staffin: 12"))
    faults = editor.diagnostics("c.yaml")
    assert "staffin" in [ranged(FINE.replace("staffing: 12", "'𝄞': 1, staffin: 12"), one["range"]) for one in faults]


def test_hover_links_to_a_page_that_is_there(editor: Editor) -> None:
    found = editor.at("textDocument/hover", "a.yaml", BASE + "pools: {desk: {head¦count: 5}}")
    said = found["contents"]["value"]
    page, _, section = said.partition("](file://")[2].rstrip(")").partition("#")
    assert f"## {section}" in Path(page).read_text(encoding="utf-8").lower()
    editor.ask("shutdown", None)
    editor.tell("exit", None)
    editor.process.wait(LIMIT)
    assert not Path(page).exists()


def test_definition_and_symbols(editor: Editor) -> None:
    text = BASE + "sites: {leeds: {region: x}}\npools: {desk: {site: le¦eds}}\n"
    found = editor.at("textDocument/definition", "a.yaml", text)
    assert found["uri"] == editor.uri("a.yaml")
    assert found["range"]["start"] == {"line": 2, "character": 8}
    found = editor.ask("textDocument/documentSymbol", {"textDocument": {"uri": editor.uri("a.yaml")}})
    assert [one["name"] for one in found] == ["scenario", "horizon", "sites", "pools"]
    assert (
        editor.ask(
            "textDocument/hover",
            {"textDocument": {"uri": editor.uri("a.yaml")}, "position": {"line": 99, "character": 9}},
        )
        is None
    )


def test_diagnostics_follow_what_is_typed(editor: Editor) -> None:
    editor.open("a.yaml", FINE.replace("{staffing: 12}", "{staffin: 12}"))
    faults = [one for one in editor.diagnostics("a.yaml") if one["severity"] == 1]
    assert "did you mean 'staffing'" in faults[0]["message"]
    line = FINE[: FINE.index("staffing")].count("\n")
    at = FINE.split("\n")[line].index("staffing")
    where = {"start": {"line": line, "character": at + 7}, "end": {"line": line, "character": at + 7}}
    editor.change("a.yaml", 2, {"range": where, "text": "g"})
    assert [one for one in editor.diagnostics("a.yaml") if one["severity"] < 3] == []
    editor.change("a.yaml", 3, {"text": "pools: {"})
    assert "not YAML" in editor.diagnostics("a.yaml")[0]["message"]
    editor.tell("textDocument/didClose", {"textDocument": {"uri": editor.uri("a.yaml")}})
    assert editor.diagnostics("a.yaml") == []


def test_diagnostics_of_a_base_that_is_open_too(editor: Editor) -> None:
    editor.open("base.yaml", FINE)
    assert [one for one in editor.diagnostics("base.yaml") if one["severity"] == 1] == []
    (editor.folder / "base.yaml").write_text(FINE, encoding="utf-8")
    editor.open("mine.yaml", "extends: base.yaml\nscenario: mine\nsites: {a: {}}\n")
    assert {one["severity"] for one in editor.diagnostics("mine.yaml")} >= {1}
    editor.change("base.yaml", 2, {"text": FINE.replace("staffing: 12", "staffin: 12")})
    assert [one["severity"] for one in editor.diagnostics("base.yaml")][:1] == [1]


@pytest.mark.parametrize(
    "text", ["", "\u0000", "]", "{" * 3_000, "a: &x [*x]\n---\nb", "\t- : ?", "'" * 99, "pools: {a: {¦"]
)
def test_hostile_text_leaves_the_server_standing(editor: Editor, text: str) -> None:
    editor.open("a.yaml", text)
    at = {"textDocument": {"uri": editor.uri("a.yaml")}, "position": {"line": 0, "character": 1}}
    for method in ("completion", "hover", "definition"):
        editor.ask(f"textDocument/{method}", at)
    editor.ask("textDocument/documentSymbol", {"textDocument": {"uri": editor.uri("a.yaml")}})
    editor.diagnostics("a.yaml")
    assert editor.process.poll() is None


def test_a_text_that_is_not_stored_yet(editor: Editor) -> None:
    uri = "untitled:Untitled-1"
    editor.tell("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": "p"}})
    found = editor.ask(
        "textDocument/completion", {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 1}}
    )
    assert "pools" in [item["label"] for item in found["items"]]


def test_an_editor_that_goes_away_ends_it(editor: Editor) -> None:
    assert editor.process.stdin is not None
    editor.process.stdin.close()
    assert editor.process.wait(LIMIT) == 0


def test_without_its_package_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("pygls"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    result = CliRunner().invoke(app, ["lsp"])
    assert result.exit_code == 2
    assert "pip install 'ccsim[lsp]'" in result.stderr
    assert result.stdout == ""
