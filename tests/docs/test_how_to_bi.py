"""The page on BI tools: its scenario is simulated and exported, its questions are asked, and it has the answers."""

from __future__ import annotations

from pathlib import Path

import duckdb
from typer.testing import CliRunner

from ccsim import api
from ccsim.cli import app
from tests.docs.pages import fences
from tests.support.files import ROOT

PAGE = ROOT / "docs" / "how-to" / "bi.md"


def answer(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """Rows as a table of aligned columns."""
    done = connection.execute(sql)
    heads = [column[0] for column in done.description or ()]
    cells = [heads, *([str(value) for value in row] for row in done.fetchall())]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells)
    return "".join(f"{line}\n" for line in lines)


def test_the_questions_have_the_answers_of_the_page(tmp_path: Path) -> None:
    blocks = fences(PAGE)
    (scenario,) = (text for language, _, text in blocks if language == "yaml")
    questions = [(name, text) for language, name, text in blocks if language == "sql"]
    answers = [text for language, _, text in blocks if language == "answer"]
    (tmp_path / "desk.yaml").write_text(scenario, encoding="utf-8")
    api.run(tmp_path / "desk.yaml", visits=True, workers=1, out=tmp_path / "run")
    api.export(tmp_path / "run", duckdb=tmp_path / "desk.duckdb")
    desk, compared = tmp_path / "desk.yaml", tmp_path / "compared"
    words = ["compare", desk, f"{desk}:more", "--out", compared, "--no-report", "--workers", "1"]
    assert CliRunner().invoke(app, list(map(str, words))).exit_code == 0
    api.export(compared, duckdb=tmp_path / "compared.duckdb")
    found = []
    for name, question in questions:
        with duckdb.connect(str(tmp_path / f"{name or 'desk'}.duckdb"), read_only=True) as connection:
            found.append(answer(connection, question))
    assert len(questions) == 5
    assert found == answers
