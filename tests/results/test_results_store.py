import csv
import hashlib
import json
import os
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from ccsim.errors import OutputError
from ccsim.language.goals import Goal
from ccsim.records.columns import Column
from ccsim.records.tables import TABLES
from ccsim.results import store
from ccsim.results.parquet import CsvWriter, harmless, plain_rows, write_csv
from ccsim.results.places import check_place, free_place
from ccsim.results.run import Run
from ccsim.results.store import RunFolder, RunFolderError
from ccsim.results.tables import columns_of, digests_of_frames, frame_of
from tests.support.stand_in.desk import fake_run


@pytest.fixture(scope="module")
def run():
    return fake_run(3, visits=True, goals=(Goal(kpi="asa", at_most=1.0),))


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_run_is_read_back_as_it_was_written(run, tmp_path):
    stored = run.write(tmp_path / "deep" / "run")
    back = Run.read(tmp_path / "deep" / "run")
    assert stored.digest == back.digest == run.digest
    assert set(back.tables) == set(TABLES)
    for name, frame in run.tables.items():
        pd.testing.assert_frame_equal(back.tables[name], frame)
    pd.testing.assert_frame_equal(back.estimates, run.estimates)
    assert back.goals == run.goals
    assert back.measured == run.measured
    assert back.provenance == run.provenance
    assert digests_of_frames(back.tables) == dict(run.digests)
    assert back.replications == 3
    assert repr(back).startswith(f"<Run fake: 3 replications, digest {run.digest[:12]}, 0 of 1 goals pass")


def test_nothing_but_the_folder_is_left(run, tmp_path):
    run.write(tmp_path / "run")
    assert [p.name for p in tmp_path.iterdir()] == ["run"]
    assert {"run.json", "estimates.csv", "estimates.parquet", "columns.csv", "visits.parquet"} <= {
        p.name for p in (tmp_path / "run").iterdir()
    }


def test_every_column_is_documented_with_its_unit(run, tmp_path):
    run.write(tmp_path / "run")
    with (tmp_path / "run" / "columns.csv").open(newline="") as file:
        rows = {(row["table"], row["column"]): row for row in csv.DictReader(file)}
    for name in TABLES:
        for column in columns_of(name, run.measured.thresholds):
            row = rows[name, column.name]
            assert row["unit"] == column.unit
            assert row["meaning"]
    for column in run.estimates.columns:
        assert rows["estimates", column]["unit"]


def test_a_folder_that_exists_is_left_alone(run, tmp_path):
    place = tmp_path / "run"
    place.mkdir()
    (place / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="exists already"):
        run.write(place)
    with pytest.raises(OutputError, match="is not a run of ccsim"):
        run.write(place, force=True)
    assert files(tmp_path) == ["run", "run/mine.txt"]


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"format": "other"}', "[" * 100_000])
def test_a_folder_with_another_run_json_is_not_replaced(run, tmp_path, text):
    place = tmp_path / "run"
    place.mkdir()
    (place / "run.json").write_text(text)
    with pytest.raises(OutputError, match="is not a run of ccsim"):
        run.write(place, force=True)
    with pytest.raises(RunFolderError, match="is not a run of ccsim"):
        Run.read(place)


def test_force_replaces_a_run_only_when_the_new_one_is_complete(run, tmp_path, monkeypatch):
    place = tmp_path / "run"
    run.write(place)
    before = files(tmp_path)

    def broken(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(store, "_record", broken)
        with pytest.raises(OutputError, match="No space left"):
            fake_run(5).write(place, force=True)
    assert files(tmp_path) == before
    assert Run.read(place).digest == run.digest
    other = fake_run(5).write(place, force=True)
    assert Run.read(place).digest == other.digest != run.digest
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_the_old_run_comes_back_if_the_new_one_cannot_take_its_place(run, tmp_path, monkeypatch):
    place = tmp_path / "run"
    run.write(place)
    real = os.rename

    def rename(self, target):
        if self.name.endswith(".partial"):
            raise OSError(5, "Input/output error")
        real(self, target)
        return target

    monkeypatch.setattr(type(place), "rename", rename)
    with pytest.raises(OutputError, match="Input/output"):
        fake_run(5).write(place, force=True)
    monkeypatch.undo()
    assert Run.read(place).digest == run.digest
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_an_error_leaves_nothing_behind_not_even_the_folders_above(run, tmp_path):
    def fail():
        with RunFolder(tmp_path / "a" / "b" / "run") as folder:
            folder.sinks((20_000_000,), visits=True)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert files(tmp_path) == []


def test_places_that_cannot_be_made(run, tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "runlink").symlink_to(tmp_path)
    for place, why in [
        (tmp_path / "file", "exists already"),
        (tmp_path / "file" / "run", "is not a folder"),
        (tmp_path / "link", "is a link"),
        (tmp_path / "runlink", "is a link"),
        (tmp_path / "link" / "run", "is not a folder"),
    ]:
        with pytest.raises(OutputError, match=why):
            check_place(place)
    assert check_place(tmp_path / "new" / "deep") == tmp_path / "new" / "deep"
    assert not (tmp_path / "new").exists()


def test_a_name_that_is_too_long_is_an_output_error(run, tmp_path):
    with pytest.raises(OutputError):
        run.write(tmp_path / ("x" * 300))
    assert files(tmp_path) == []


def test_free_places_are_counted(tmp_path):
    assert free_place(tmp_path, "a").name == "a-1"
    (tmp_path / "a-1").mkdir()
    (tmp_path / "a-2").symlink_to("nowhere")
    assert free_place(tmp_path, "a").name == "a-3"


def test_the_format_has_another_number_whenever_tables_have_other_columns():
    """Another digest? Then raise `FORMAT_VERSION`, so that folders of before are told as such and not as damaged."""
    columns = [f"{table}.{one.name} {one.dtype}" for table in sorted(TABLES) for one in TABLES[table]]
    digest = hashlib.sha256("\n".join(columns).encode()).hexdigest()[:12]
    assert (store.FORMAT_VERSION, digest) == (7, "1fb3560e71c8")


def test_damaged_runs_are_said_to_be_damaged(run, tmp_path):
    place = tmp_path / "run"
    run.write(place)
    record = json.loads((place / "run.json").read_text())
    (place / "waits.parquet").rename(tmp_path / "aside")
    with pytest.raises(RunFolderError, match=r"waits\.parquet missing"):
        Run.read(place)
    (tmp_path / "aside").rename(place / "waits.parquet")
    (place / "run.json").write_text(json.dumps(record | {"format_version": 99}))
    with pytest.raises(RunFolderError, match="has format 99"):
        Run.read(place)
    (place / "run.json").write_text(json.dumps(record | {"measured": {}}))
    with pytest.raises(RunFolderError, match="cannot be read"):
        Run.read(place)
    (place / "run.json").write_text(json.dumps(record))
    (place / "estimates.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(RunFolderError, match="cannot be read"):
        Run.read(place)


def test_names_that_look_like_formulas_are_made_harmless_in_csv(tmp_path):
    names = ["=1+1", "+1", "-1", "@x", "\tx", "plain", "a=b"]
    frame = pd.DataFrame({"name": pd.Series(names, dtype="str"), "n": [-1] * len(names)})
    write_csv(tmp_path / "t.csv", frame)
    with (tmp_path / "t.csv").open(newline="") as file:
        back = list(csv.DictReader(file))
    assert [row["name"] for row in back] == ["'" + n for n in names[:5]] + names[5:]
    assert {row["n"] for row in back} == {"-1"}
    assert harmless("\rx") == "'\rx"
    assert harmless(None) is None


def test_missing_values_are_empty_cells_nulls_and_none_never_nan(tmp_path):
    run = fake_run(1)
    run.write(tmp_path / "run")
    with (tmp_path / "run" / "estimates.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kpi"] == "asa"]
    assert {row["low"] for row in rows} == {""}
    for name in ("estimates.csv", "run.json"):
        text = (tmp_path / "run" / name).read_text().lower()
        assert not re.search(r"\b(nan|inf|infinity)\b", text)
    back = Run.read(tmp_path / "run")
    assert back.estimate("asa")["low"] is None
    assert back.estimates["low"].dtype == "Float64"
    assert {row["low"] for row in plain_rows(back.estimates)} == {None}


def test_one_estimate_is_looked_up_by_name(run):
    row = run.estimate("service_level", threshold_s=20)
    assert row["threshold_s"] == 20
    assert row["method"].startswith("abandons count against")
    with pytest.raises(KeyError, match="2 estimates of 'service_level'"):
        run.estimate("service_level")
    with pytest.raises(KeyError, match="0 estimates"):
        run.estimate("asa", "channel", "fax")


def test_a_stored_run_is_read_without_the_simulator(run, tmp_path):
    run.write(tmp_path / "run")
    code = (
        "import sys; from ccsim.results.run import Run; r = Run.read(sys.argv[1]); r.tables['waits'];"
        "heavy = ('numba', 'simpy', 'scipy', 'matplotlib', 'ccsim.engine', 'ccsim.model');"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "run")], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_what_killed_runs_left_is_swept_and_what_they_moved_away_is_put_back(tmp_path):
    from ccsim.results.lock import sweep

    place = tmp_path / "run"
    for name in (".run.99999997.partial", ".run.99999998.old", ".run.x.partial", ".runner.7.partial"):
        (tmp_path / name).mkdir()
    (tmp_path / ".run.99999998.old" / "run.json").write_text("kept")
    sweep(place)
    assert (place / "run.json").read_text() == "kept"
    (tmp_path / ".run.99999999.old").mkdir()
    sweep(place)
    assert sorted(one.name for one in tmp_path.iterdir()) == [".run.x.partial", ".runner.7.partial", "run"]


@pytest.mark.parametrize(("most", "kept"), [(9, True), (10, True), (8, False), (3, False)])
def test_a_csv_that_grows_is_that_of_the_whole_table_or_there_is_none(tmp_path, most, kept):
    """Nine rows in three parts."""
    columns = (Column("queue", "int32", "id", "", key=True), Column("=offered", "int64", "count", ""))
    rows = np.arange(-9, 9).reshape(9, 2)
    grown = CsvWriter(tmp_path / "grown.csv", columns, most)
    for part in np.split(rows, 3):
        grown.append(part)
    assert grown.close() is kept
    write_csv(tmp_path / "whole.csv", frame_of(rows, columns))
    assert not kept or (tmp_path / "grown.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert (tmp_path / "grown.csv").exists() is kept


def test_a_csv_without_rows_has_its_heads(tmp_path):
    columns = (Column("queue", "int32", "id", "", key=True), Column("offered", "int64", "count", ""))
    assert CsvWriter(tmp_path / "grown.csv", columns, 0).close()
    assert (tmp_path / "grown.csv").read_text() == "queue,offered\n"
