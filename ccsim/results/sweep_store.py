"""The folder of a sweep: finished tasks as they come, so that nothing is lost whenever it is killed; then the tables.

`tasks.sqlite` (with a write-ahead log) says which tasks are finished; `parts/N.parquet` holds what is kept of task N.
A part is on the disk before its task is noted, so a noted task is whole. `sweep.json` comes last.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import pyarrow as pa
import pyarrow.parquet as pq

from ccsim.errors import DamagedError, OutputError, WriteError
from ccsim.results.lock import PlaceLock, draft_of, sweep_inside
from ccsim.results.parquet import read_table, sync, write_csv, write_table
from ccsim.results.places import check_place, has_format, of_another_format
from ccsim.results.sweep import Sweep
from ccsim.results.sweep_columns import INDICES, TABLES_OF_SWEEPS

FORMAT: Final = "ccsim sweep"
FORMAT_VERSION: Final = 3
NAME: Final = "sweep.json"
TASKS: Final = "tasks.sqlite"
PARTS: Final = "parts"
SHA256: Final = 64
"""Length of a digest in a question."""

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS question (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tasks (
    number INTEGER PRIMARY KEY, state TEXT NOT NULL, tries INTEGER NOT NULL, error TEXT NOT NULL,
    sha256 TEXT NOT NULL, goals TEXT NOT NULL, people TEXT NOT NULL
);
"""
_LINES: Final = pa.schema(
    [
        ("point", pa.int64()),
        ("kpi", pa.string()),
        ("scope", pa.string()),
        ("name", pa.string()),
        ("threshold_s", pa.float64()),
        ("unit", pa.string()),
        ("replications", pa.int64()),
        ("value", pa.float64()),
        ("value_low", pa.float64()),
        ("value_high", pa.float64()),
        ("note", pa.string()),
        ("moves", pa.list_(pa.float64())),
        ("taken", pa.list_(pa.bool_())),
        ("tops", pa.list_(pa.float64())),
        ("bottoms", pa.list_(pa.float64())),
    ]
)

Row = dict[str, Any]


def is_sweep(folder: Path) -> bool:
    """Whether a folder holds a sweep that ccsim began."""
    return (folder / TASKS).is_file() or has_format(folder / NAME, FORMAT)


class SweepFolder:
    """A sweep's folder while it is made: a context that holds the lock of the place.

    `OutputError` if the place is taken, holds another sweep, or another process is writing there; `WriteError` where
    the disk is full or may not be written to: what was kept before stays, and a later attempt goes on with it.
    """

    def __init__(self, folder: str | os.PathLike[str], *, resume: bool = False) -> None:
        self.shown = Path(folder)
        self.place = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would follow a link at the place itself
        self._resume = resume
        self._lock = PlaceLock(self.place, self.shown)
        self._base: sqlite3.Connection | None = None
        self._finished = 0
        if self.place.is_symlink():
            raise OutputError(f"{folder}: is a link; name the folder itself")
        if not is_sweep(self.place):
            if self.place.exists():
                raise OutputError(f"{folder}: exists already and holds no sweep; choose another --out")
            check_place(self.place)
        elif not resume:
            raise OutputError(f"{folder}: holds a sweep; --resume goes on with it, or choose another --out")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._base is not None:
            with suppress(sqlite3.Error):
                self._base.close()
        self._lock.release()

    def begin(self, question: Mapping[str, str]) -> None:
        """Lock the place and open the store; `OutputError` with what differs if it holds another question."""
        with self._writing():
            self.place.parent.mkdir(parents=True, exist_ok=True)
            self._lock.take()
            (self.place / PARTS).mkdir(parents=True, exist_ok=True)
            sweep_inside(self.place)
            sweep_inside(self.place / PARTS)
            self._base = sqlite3.connect(self.place / TASKS, isolation_level=None, timeout=10)
            self._base.execute("PRAGMA journal_mode=WAL")
            self._base.execute("PRAGMA synchronous=FULL")
            self._base.executescript(_SCHEMA)
            before = dict(self._base.execute("SELECT name, value FROM question"))
            question = {"format": str(FORMAT_VERSION), **question}
            self._check(before, question)
            if not before:
                with self._base:
                    self._base.execute("BEGIN")
                    self._base.executemany("INSERT INTO question VALUES (?, ?)", question.items())
            sync(self.place)
            self._finished = len(self._noted("done"))

    def _check(self, before: Mapping[str, str], question: Mapping[str, str]) -> None:
        differs = [key for key in {**before, **question} if before.get(key) != question.get(key)] if before else []
        if differs:
            told = ", ".join(_differs(key, before.get(key), question.get(key)) for key in differs)
            raise OutputError(f"{self.shown}: holds another sweep; it differs in {told}; choose another --out")

    def _noted(self, state: str) -> list[int]:
        assert self._base is not None
        return [number for (number,) in self._base.execute("SELECT number FROM tasks WHERE state = ?", (state,))]

    def part_of(self, number: int) -> Path:
        """The file of a task's part."""
        return self.place / PARTS / f"{number:06d}.parquet"

    def kept(self, number: int) -> tuple[list[Row], list[Row], list[Row]] | None:
        """The lines, goals and people of a finished task; None where it is not finished, or its file is damaged."""
        assert self._base is not None
        try:
            found = self._base.execute(
                "SELECT sha256, goals, people FROM tasks WHERE number = ? AND state = 'done'", (number,)
            ).fetchone()
            if found is None or _sha256(self.part_of(number)) != found[0]:
                return None
            return pq.read_table(self.part_of(number)).to_pylist(), json.loads(found[1]), json.loads(found[2])
        except (OSError, pa.ArrowException, ValueError):
            return None
        except sqlite3.DatabaseError as error:
            raise DamagedError(f"{self.shown}/{TASKS}: cannot be read ({error}); choose another --out") from None

    def keep(self, number: int, lines: Sequence[Row], goals: Sequence[Row], people: Sequence[Row]) -> None:
        """Keep a finished task: once this returns, it is on the disk."""
        with self._writing():
            place = self.part_of(number)
            draft = draft_of(place)
            try:
                pq.write_table(pa.Table.from_pylist(list(lines), schema=_LINES), draft, compression="zstd")
                sync(draft)
                draft.replace(place)
            finally:
                draft.unlink(missing_ok=True)
            sync(place.parent)
            texts = [json.dumps(list(rows), allow_nan=False) for rows in (goals, people)]
            self._note(number, "done", 1, "", _sha256(place), *texts)
            self._finished += 1

    def park(self, number: int, error: str, tries: int) -> None:
        """Note a task that failed each time; the next attempt tries it again."""
        with self._writing():
            self._note(number, "parked", tries, error, "", "[]", "[]")

    def _note(self, *row: Any) -> None:
        assert self._base is not None
        self._base.execute("INSERT OR REPLACE INTO tasks VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def store(self, made: Sweep) -> Sweep:
        """Write the tables, then `sweep.json`, and return the sweep with its `folder`."""
        with self._writing():
            tables = TABLES_OF_SWEEPS if made.indices is None else TABLES_OF_SWEEPS | {"indices": INDICES}
            for name, columns in tables.items():
                frame = getattr(made, name)
                for file, write in ((f"{name}.parquet", _parquet(columns)), (f"{name}.csv", write_csv)):
                    draft = draft_of(self.place / file)
                    try:
                        write(draft, frame)
                        draft.replace(self.place / file)
                    finally:
                        draft.unlink(missing_ok=True)
            draft = draft_of(self.place / NAME)
            text = json.dumps(_record(made), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
            try:
                draft.write_bytes(text.encode("utf-8", "replace"))
                sync(draft)
                draft.replace(self.place / NAME)
            finally:
                draft.unlink(missing_ok=True)
            sync(self.place)
        return replace(made, folder=self.shown)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """What cannot be written is a `WriteError` that says what is kept."""
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            why = getattr(error, "strerror", None) or str(error)
            kept = f"; {self._finished} finished scenarios are kept, and --resume goes on" if self._finished else ""
            raise WriteError(f"{self.shown}: could not be written: {why}{kept}") from None


def _parquet(columns: Sequence[Any]) -> Any:
    return lambda path, frame: write_table(path, frame, columns)


def _differs(key: str, before: str | None, now: str | None) -> str:
    """One difference of two questions; digests are not shown, as they say nothing."""
    if before is None or now is None:
        return key
    return key if len(before) == SHA256 else f"{key} ({before}, not {now})"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _record(made: Sweep) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "name": made.name,
        "digest": made.digest,
        "seed": made.seed,
        "replications": made.replications,
        "until": made.until,
        "parked": [{"point": point, "error": error} for point, error in made.parked.items()],
        "provenance": dict(made.provenance),
    }


def lines_in(folder: str | os.PathLike[str], kpi: str) -> Iterator[Row]:
    """What is kept of a KPI of everything at each point of a finished sweep; `DamagedError` where a part is not what
    was noted."""
    place = Path(folder)
    base = sqlite3.connect(f"{(place / TASKS).resolve().as_uri()}?mode=ro", uri=True)
    try:
        noted = base.execute("SELECT number, sha256 FROM tasks WHERE state = 'done' ORDER BY number").fetchall()
        for number, digest in noted:
            part = place / PARTS / f"{number:06d}.parquet"
            if _sha256(part) != digest:
                raise DamagedError(f"{folder}: {PARTS}/{part.name} is not what was kept; --resume makes it again")
            yield from pq.read_table(part, filters=[("kpi", "=", kpi), ("scope", "=", "all")]).to_pylist()
    except (OSError, pa.ArrowException, sqlite3.Error) as error:
        raise DamagedError(f"{folder}: cannot be read: {error}") from None
    finally:
        base.close()


def read_sweep(folder: str | os.PathLike[str]) -> Sweep:
    """Read a stored sweep; `OutputError` if it was not finished, `DamagedError` if its tables are not what was made."""
    place = Path(folder)
    if not has_format(place / NAME, FORMAT):
        begun = "was not finished; the same `ccsim sweep` with --resume goes on" if is_sweep(place) else "is no sweep"
        raise OutputError(f"{folder}: {begun}")
    try:
        record = json.loads((place / NAME).read_text(encoding="utf-8"))
        if other := of_another_format(folder, record["format_version"], FORMAT_VERSION):
            raise OutputError(other)
        made = Sweep(
            name=record["name"],
            **{name: read_table(place / f"{name}.parquet") for name in TABLES_OF_SWEEPS},
            seed=record["seed"],
            replications=record["replications"],
            parked={one["point"]: one["error"] for one in record["parked"]},
            provenance=record["provenance"],
            indices=read_table(place / "indices.parquet") if (place / "indices.parquet").is_file() else None,
            folder=place,
            until=record.get("until", ""),
        )
        same = made.digest == record["digest"]
    except (LookupError, TypeError, ValueError, OSError, pa.ArrowException) as error:
        raise DamagedError(f"{folder}: cannot be read as a sweep: {error}") from None
    if not same:
        raise DamagedError(f"{folder}: its tables are not those that were made")
    return made
