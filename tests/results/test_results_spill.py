"""A run that is not stored: in memory while it is short, in a temporary folder beyond that, and gone with the run."""

import gc

import pandas as pd
import pytest

from ccsim.errors import OutputError
from ccsim.results import spill, tables
from tests.support.stand_in.desk import desk_model, fake_replication, fake_run
from tests.support.stand_in.engine import FakeSimulated


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(tables, "IN_MEMORY_VALUES", 2_000)
    monkeypatch.setattr(tables, "BATCH_REPLICATIONS", 2)
    return tmp_path


def test_a_long_run_goes_to_a_temporary_folder_and_is_the_same(temporary):
    spilled = fake_run(7, visits=True)
    (folder,) = temporary.iterdir()
    assert folder.name.startswith("ccsim-")
    assert not spilled.tables.held("flow_intervals")
    monkeypatched = tables.IN_MEMORY_VALUES
    tables.IN_MEMORY_VALUES = spill.IN_MEMORY_VALUES
    kept = fake_run(7, visits=True)
    tables.IN_MEMORY_VALUES = monkeypatched
    assert spilled.digests == kept.digests
    pd.testing.assert_frame_equal(spilled.estimates, kept.estimates)
    assert spilled.goals == kept.goals
    for name in kept.tables:
        pd.testing.assert_frame_equal(spilled.tables[name], kept.tables[name])


def test_the_folder_is_gone_with_the_run_and_a_stored_copy_stays(temporary, tmp_path):
    run = fake_run(7)
    stored = run.write(tmp_path / "kept")
    del run
    gc.collect()
    assert [path.name for path in temporary.iterdir()] == ["kept"]
    assert len(stored.tables["flow_intervals"]) > 0


def test_a_short_run_leaves_the_disk_alone(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    fake_run(3)
    assert list(tmp_path.iterdir()) == []


def test_a_temporary_folder_without_room_is_said(temporary, monkeypatch):
    def full(self, rows):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ccsim.results.parquet.TableWriter.append", full)
    with pytest.raises(OutputError, match=r"could not be written there: No space left on device; .* TMPDIR"):
        fake_run(7)


def test_memory_does_not_grow_with_replications(temporary, monkeypatch):
    model, one = desk_model(), fake_replication(0).tables
    rows = one["queue_sums"].repeat(300, axis=0)

    def kept(replications):
        made = tables.Assembler(model.names, model.workforce_plan, model.thresholds)
        most = 0
        for _ in range(replications):
            made.add(FakeSimulated(one | {"queue_sums": rows}))
            most = max(most, sum(part.nbytes for table in made._tables.values() for part in table.kept))
        return most

    assert kept(20) == kept(4)
