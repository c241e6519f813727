"""A sweep on a real file system that is full, or read only: it says so, keeps what is finished, and goes on later."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccsim import api
from ccsim.errors import OutputError, WriteError
from tests.support.sweep_desk import DESK

VARY = {"pools.a.staffing": "2..13"}


def mount(*options: str) -> bool:
    return subprocess.run(["mount", *options], capture_output=True, check=False).returncode == 0


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A small file system of its own, where this machine lets one be made."""
    monkeypatch.chdir(tmp_path)
    Path("desk.yaml").write_text(DESK)
    place = tmp_path / "disk"
    place.mkdir()
    if not mount("-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)):
        pytest.skip("no file system may be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def swept(**given):
    return api.sweep("desk.yaml", VARY, **({"replications": 2, "workers": 1} | given))


def test_a_disk_that_is_full_keeps_what_is_finished_and_the_store_goes_on(disk: Path) -> None:
    (disk / "others.bin").write_bytes(bytes(96 * 1024))
    with pytest.raises(
        WriteError, match=r"out: could not be written: .*(No space left|full).* finished scenarios are kept"
    ):
        swept(out=disk / "out")
    kept = len(list((disk / "out" / "parts").glob("*.parquet")))
    assert 0 < kept < 12
    (disk / "others.bin").unlink()
    assert mount("-o", "remount,size=16m", str(disk))
    assert swept(out=disk / "out", resume=True).digest == swept(out=None).digest


def test_a_read_only_file_system_is_said_and_nothing_is_harmed(disk: Path) -> None:
    assert mount("-o", "remount,size=16m", str(disk))
    whole = swept(out=disk / "out").digest
    assert mount("-o", "remount,ro", str(disk))
    with pytest.raises(WriteError, match=r"out: could not be written: .*[Rr]ead-only"):
        swept(out=disk / "out", resume=True)
    with pytest.raises(OutputError, match="no permission to write"):
        swept(out=disk / "other")
    assert mount("-o", "remount,rw", str(disk))
    assert swept(out=disk / "out", resume=True).digest == whole
