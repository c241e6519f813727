"""Where an export goes: whole or not at all, never over anything that is not one, and with a word on what is wrong."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from ccsim.cli import app
from ccsim.errors import CcsimError, DamagedError, OutputError
from ccsim.export.build import Star
from ccsim.export.written import export
from ccsim.results.held_tables import Tables
from ccsim.results.parquet import read_csv
from ccsim.results.run import Run
from tests.export.asked import Asked
from tests.support.stand_in.desk import fake_run


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A stored run of the stand-in, in a folder whose name is a pattern and has a quote."""
    return fake_run(2, visits=True).write(tmp_path_factory.mktemp("desk") / "it's [1] *?")


def ccsim(*words: object) -> Result:
    return CliRunner().invoke(app, ["export", *map(str, words)])


def content(place: Path) -> dict[str, list[tuple[object, ...]]]:
    """Rows of every table, sorted."""
    with duckdb.connect(str(place), read_only=True) as connection:
        asked = Asked(connection)
        return {name: sorted(asked.rows(f"SELECT * FROM {name}"), key=repr) for name in asked.tables}


def test_the_command_writes_all_three_and_nothing_else(
    desk: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = ccsim(desk.folder, "--duckdb", "a.duckdb", "--parquet", "pq", "--csv", "csv")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "Export: a.duckdb\nExport: pq\nExport: csv\n", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.duckdb", "csv", "pq"]
    with duckdb.connect("a.duckdb", read_only=True) as connection:
        asked = Asked(connection)
        names = {*asked.tables, *asked.views}
        for kind in ("pq", "csv"):
            ending = "parquet" if kind == "pq" else "csv"
            files = {path.stem for path in (tmp_path / kind).glob(f"*.{ending}")}
            assert files == names
            assert sorted(path.name for path in (tmp_path / kind).iterdir() if path.stem not in names) == [
                "README.md", "star.json",
            ]  # fmt: skip
        for name in sorted(names):
            order = ", ".join(str(i + 1) for i in range(len(asked.columns(name))))
            rows = asked.rows(f"SELECT * FROM {name} ORDER BY {order}")
            file = f"read_parquet('pq/{name}.parquet')"
            assert asked.rows(f"SELECT * FROM {file} ORDER BY {order}") == rows, name
            assert len(read_csv(tmp_path / "csv" / f"{name}.csv")) == len(rows)
    readme = (tmp_path / "pq" / "README.md").read_text(encoding="utf-8")
    assert all(f"#### {name}\n" in readme for name in names)


def test_the_same_run_gives_the_same_rows(desk: Run, tmp_path: Path) -> None:
    for name in ("one", "two"):
        export(desk, duckdb=tmp_path / name)
    assert content(tmp_path / "one") == content(tmp_path / "two")


def test_older_tools_can_read_the_file(desk: Run, tmp_path: Path) -> None:
    place = tmp_path / "a.duckdb"
    export(desk, duckdb=place)
    version = int.from_bytes(place.read_bytes()[12:20], "little")
    assert version == 64  # of DuckDB 1.0


def test_parquet_has_types_that_every_reader_knows(desk: Run, tmp_path: Path) -> None:
    export(desk, parquet=tmp_path / "pq")
    types = {str(field.type) for file in (tmp_path / "pq").glob("*.parquet") for field in pq.read_schema(file)}
    assert types <= {"int8", "int32", "int64", "double", "string", "date32[day]", "timestamp[us]"}


def test_a_place_that_is_taken_needs_force_and_an_export_there(desk: Run, tmp_path: Path) -> None:
    places = {kind: tmp_path / kind for kind in ("duckdb", "parquet", "csv")}
    export(desk, **places)
    for kind, place in places.items():
        with pytest.raises(OutputError, match=f"{kind}: exists already"):
            export(desk, **{kind: place})
    (tmp_path / "csv" / "old").write_text("")
    assert export(desk, **places, force=True) == list(places.values())
    assert not (tmp_path / "csv" / "old").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["csv", "duckdb", "parquet"]


@pytest.mark.parametrize("kind", ["duckdb", "parquet", "csv"])
def test_what_is_no_export_is_never_replaced(desk: Run, tmp_path: Path, kind: str) -> None:
    folder, text, other = tmp_path / "folder", tmp_path / "text", tmp_path / "other.duckdb"
    folder.mkdir()
    text.write_text("mine")
    with duckdb.connect(str(other)) as connection:
        connection.execute("CREATE TABLE mine (a INTEGER)").fetchall()
    before = other.read_bytes()
    for place in (folder, text, other, desk.folder):
        with pytest.raises(OutputError, match="is not an export of ccsim; it is not replaced"):
            export(desk, **{kind: place}, force=True)
    assert (text.read_text(), other.read_bytes(), list(folder.iterdir())) == ("mine", before, [])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "other.duckdb", "text"]


def test_places_that_cannot_be(desk: Run, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for place, said in ((tmp_path / "link", "is a link"), (tmp_path / "no" / "a.duckdb", "there is no folder")):
        done = ccsim(desk.folder, "--duckdb", place)
        assert done.exit_code == 2
        assert said in done.stderr
    done = ccsim(desk.folder)
    assert (done.exit_code, done.stderr) == (2, "name a place: --duckdb FILE, --parquet FOLDER or --csv FOLDER\n")
    done = ccsim(desk.folder, "--csv", tmp_path / "a", "--parquet", tmp_path / "a")
    assert (done.exit_code, done.stderr) == (2, "name another place for each form\n")
    done = ccsim(tmp_path, "--csv", tmp_path / "a")
    assert done.exit_code == 2
    assert "is not a run of ccsim" in done.stderr


def test_without_duckdb_it_says_how_to_get_it(desk: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    done = ccsim(desk.folder, "--duckdb", tmp_path / "a.duckdb")
    assert done.exit_code == 2
    assert "needs the package duckdb" in done.stderr
    assert "pip install duckdb" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", ["duckdb", "parquet"])
def test_a_stop_leaves_what_was_there(desk: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    place = tmp_path / "place"
    export(desk, **{kind: place})
    before = sorted((path.name, path.stat().st_size) for path in tmp_path.rglob("*"))

    def stopped(self: Star) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Star, "_tell", stopped)
    with pytest.raises(KeyboardInterrupt):
        export(desk, **{kind: place}, force=True)
    assert sorted((path.name, path.stat().st_size) for path in tmp_path.rglob("*")) == before


def test_ctrl_c_that_duckdb_takes_is_a_stop(desk: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: Star, sql: str) -> None:
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr(Star, "ask", interrupted)
    with pytest.raises(KeyboardInterrupt):
        export(desk, duckdb=tmp_path / "a.duckdb")
    assert not list(tmp_path.iterdir())


def test_drafts_of_killed_exports_are_swept(desk: Run, tmp_path: Path) -> None:
    left = tmp_path / ".a.duckdb.999999999.partial"
    left.mkdir()
    (left / ".star").write_text("half")
    export(desk, duckdb=tmp_path / "a.duckdb")
    assert [path.name for path in tmp_path.iterdir()] == ["a.duckdb"]


def test_a_damaged_run_is_said_to_be(desk: Run, tmp_path: Path) -> None:
    copy = Run.read(desk.folder or Path()).write(tmp_path / "copy")
    (tmp_path / "copy" / "flow_intervals.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(DamagedError, match="is damaged"):
        export(Run.read(copy.folder or Path()), duckdb=tmp_path / "a.duckdb")
    done = ccsim(copy.folder, "--duckdb", tmp_path / "a.duckdb")
    assert done.exit_code == 5
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy"]


def test_a_run_that_is_not_stored_has_no_files_to_read(tmp_path: Path) -> None:
    with pytest.raises(CcsimError, match="only a stored run"):
        export(fake_run(2), duckdb=tmp_path / "a.duckdb")


def test_names_are_only_names(tmp_path: Path) -> None:
    names = ["'; DROP TABLE dim_pool; --", "=1+1"]
    run = fake_run(2, visits=True)
    frames = {name: run.tables[name].copy() for name in ("pools", "queues")}
    frames["pools"]["name"] = names
    frames["queues"]["channel"] = ["NA", '"x"', "Zürich ☎"]
    stored = replace(run, tables=Tables(dict(run.tables) | frames)).write(tmp_path / "run")
    export(stored, duckdb=tmp_path / "a.duckdb", csv=tmp_path / "csv")
    with duckdb.connect(str(tmp_path / "a.duckdb"), read_only=True) as connection:
        asked = Asked(connection)
        assert [name for (name,) in asked.rows("SELECT pool_name FROM dim_pool ORDER BY pool_key")] == names
        assert {row[0] for row in asked.rows("SELECT pool_name FROM kpi_by_pool")} == set(names)
        assert {row[0] for row in asked.rows("SELECT channel_name FROM kpi_by_channel")} == {"NA", '"x"', "Zürich ☎"}
    written = (tmp_path / "csv" / "dim_pool.csv").read_text(encoding="utf-8")
    assert ",'=1+1," in written


def test_the_mark_of_a_folder_names_the_run(desk: Run, tmp_path: Path) -> None:
    export(desk, csv=tmp_path / "csv")
    mark = json.loads((tmp_path / "csv" / "star.json").read_text(encoding="utf-8"))
    assert mark["runs"] == [{"name": desk.name, "digest": desk.digest}]
    assert os.access(tmp_path / "csv" / "README.md", os.R_OK)
