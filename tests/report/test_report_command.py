"""`ccsim report`: remake the page from the folder."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from ccsim.commands.report import report
from tests.support.stand_in.centre import centre_run

app = typer.Typer()
app.command()(report)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("runs") / "one"
    centre_run(2).write(place)
    return place


def test_the_page_is_made_in_the_folder_and_elsewhere_the_same(folder: Path, tmp_path: Path) -> None:
    first = CliRunner().invoke(app, [str(folder)])
    assert first.exit_code == 0, first.output
    page, other = folder / "report.html", tmp_path / "new" / "page.html"
    assert f"Report: {page}" in first.output
    other.parent.mkdir()
    other.write_bytes(page.read_bytes().replace(b"<h1>", b"<h1>old "))
    assert CliRunner().invoke(app, [str(folder), "--out", str(other)]).exit_code == 0
    assert other.read_bytes() == page.read_bytes()


def test_bad_input_is_a_sentence(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.html").write_text("mine")
    for arguments, words in (
        ([str(tmp_path)], "is not a run of ccsim"),
        ([str(tmp_path / "nowhere")], "is not a run of ccsim"),
        ([str(folder), "--out", str(tmp_path / "notes.html")], "not a page of ccsim"),
        ([str(folder), "--out", str(tmp_path)], "is a folder"),
    ):
        found = CliRunner().invoke(app, arguments)
        assert found.exit_code == 2
        assert words in found.output
        assert "Traceback" not in found.output
    assert (tmp_path / "notes.html").read_text() == "mine"


def test_the_workbook_lies_beside_the_page(folder: Path, tmp_path: Path) -> None:
    made = CliRunner().invoke(app, [str(folder), "--xlsx"])
    assert made.exit_code == 0, made.output
    assert f"Workbook: {folder / 'report.xlsx'}" in made.output
    page = tmp_path / "a.html"
    assert CliRunner().invoke(app, [str(folder), "--xlsx", "--out", str(page)]).exit_code == 0
    assert (tmp_path / "a.xlsx").read_bytes() == (folder / "report.xlsx").read_bytes()


def test_a_workbook_that_cannot_be_made_is_a_sentence_and_nothing_is_written(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("mine")
    for arguments, words in (
        ([str(folder), "--xlsx", "--out", str(tmp_path / "a.html")], "not a workbook of ccsim"),
        ([str(folder), "--xlsx", "--out", str(tmp_path / "b.xlsx")], "name an HTML file"),
        ([str(folder), "--xlsx", "--out", ""], "is a folder"),
    ):
        found = CliRunner().invoke(app, arguments)
        assert found.exit_code == 2, found.output
        assert words in found.output
        assert "Traceback" not in found.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.xlsx"]
