"""The folder of a run: written whole or not at all, read back without the simulator.

```
run.json              digest, goals, what was measured, provenance
estimates.csv         KPIs with intervals (also .parquet)
estimates_by_period.csv   KPIs by day, week and month (also .parquet)
uncertain_inputs.csv  what was drawn of uncertain inputs (also .parquet); only with such
spread.csv            how KPIs differ between replications, P10, P50, P90 (also .parquet); only with such
by_channel.csv, ...   the same as one row a channel, workflow, site, ...
queue_sums.parquet, ...   tables of sums, written while the run is simulated, and of names; the short ones also as .csv
flow_intervals.parquet, ...   sums by report interval
visits.parquet        one row a visit, on request
columns.csv           every column of every table, with unit and meaning
```
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ccsim.errors import CcsimError, OutputError, WriteError
from ccsim.exits import NOT_WRITTEN
from ccsim.records.columns import Column
from ccsim.records.tables import TABLES
from ccsim.results.estimate_columns import ESTIMATES
from ccsim.results.held_tables import Tables
from ccsim.results.lock import PlaceLock, draft_of, sweep, take_place
from ccsim.results.measured import Measured
from ccsim.results.parquet import (
    CsvWriter,
    See,
    Syncs,
    TableWriter,
    count_rows,
    read_table,
    sync,
    write_csv,
    write_table,
)
from ccsim.results.period_columns import PERIOD_ESTIMATES
from ccsim.results.places import FORMAT, check_place, is_run, of_another_format, opens
from ccsim.results.spread_columns import SPREAD, UNCERTAIN_INPUTS
from ccsim.results.tables import SIMULATED, columns_of
from ccsim.results.wide import wide_tables

if TYPE_CHECKING:
    from ccsim.results.run import Run

R = TypeVar("R")

FORMAT_VERSION: Final = 7
"""Raised whenever a table gets other columns: a test knows the columns of this version."""
NO_CSV: Final = ("visits", "waits")
"""Tables that are for programs only; the others are also written as CSV, unless they are longer than `CSV_ROWS`."""
CSV_ROWS: Final = 50_000
BY_PERIOD: Final = "estimates_by_period"
"""Name of the table of KPIs by day, week and month."""
OF_UNCERTAIN: Final = {"uncertain_inputs": UNCERTAIN_INPUTS, "spread": SPREAD}
"""Tables of a run with uncertain inputs."""


class RunFolderError(CcsimError):
    """A folder that does not hold a readable run."""


class DamagedRunFolderError(RunFolderError):
    """A folder that holds a run, but a damaged one."""

    exit_code: ClassVar[int] = NOT_WRITTEN


class RunFolder:
    """A run's folder while it is made: a hidden sibling that takes the place's name once it is complete.

    Used as a context; left without `store` (an error, a stop) it leaves nothing behind.
    """

    def __init__(self, folder: str | os.PathLike[str], *, force: bool = False) -> None:
        self.shown = Path(folder)
        self.place = check_place(folder, force=force)
        self._force = force
        self._draft = draft_of(self.place)
        self._lock = PlaceLock(self.place, self.shown)
        self._made: list[Path] = []
        self._writers: dict[str, TableWriter] = {}
        self._csv: dict[str, CsvWriter] = {}
        self._ahead: list[Path] = []
        """Files of tables that are written already, but not seen on the disk."""

    def __enter__(self) -> Self:
        try:
            for folder in reversed(self.place.parents):
                self._make(folder)
            self._lock.take()
            sweep(self.place)
            check_place(self.place, force=self._force)
            self._make(self._draft)
        except OSError as error:
            self._clean()
            raise OutputError(f"{self.shown}: cannot be made: {error.strerror}") from None
        except BaseException:
            self._clean()
            raise
        return self

    def _make(self, folder: Path) -> None:
        if not folder.exists():
            folder.mkdir()
            self._made.append(folder)

    def sinks(
        self, thresholds: tuple[int, ...], *, visits: bool = False
    ) -> dict[str, Callable[[NDArray[np.int64]], None]]:
        """For every table that grows with the replications, a function that appends rows to its file.

        Parameters
        ----------
        thresholds
            Service level thresholds in microseconds.
        visits
            Whether `visits` are among them.
        """
        for name in (*SIMULATED, *(("visits",) if visits else ())):
            columns = columns_of(name, thresholds)
            self._writers[name] = TableWriter(self._draft / f"{name}.parquet", columns)
            if name not in NO_CSV:
                self._csv[name] = CsvWriter(self._draft / f"{name}.csv", columns, CSV_ROWS)
        return {name: self._sink(name) for name in self._writers}

    def _sink(self, name: str) -> Callable[[NDArray[np.int64]], None]:
        writer, also = self._writers[name], self._csv.get(name)

        def append(rows: NDArray[np.int64]) -> None:
            try:
                writer.append(rows)
                if also is not None:
                    also.append(rows)
            except OSError as error:
                raise WriteError(f"{self.shown}: could not be written: {error.strerror or error}") from None

        return append

    def written(self) -> dict[str, Path]:
        """Files of the tables that the sinks took, once every replication has been taken."""
        try:
            for writer in self._writers.values():
                writer.close()
        except OSError as error:
            raise WriteError(f"{self.shown}: could not be written: {error.strerror or error}") from None
        return {name: writer.path for name, writer in self._writers.items()}

    def store(self, run: Run) -> Run:
        """Write the run, give the folder its name, and return the run with its `folder`."""
        try:
            with Syncs() as see:
                files = self._write(run, see)
            sync(self._draft)
            self._take_the_place()
        except OSError as error:
            raise WriteError(f"{self.shown}: could not be written: {error.strerror or error}") from None
        placed = {name: self.place / path.name for name, path in files.items()}
        held = {name: run.tables[name] for name in run.tables if _held(run.tables, name)}
        return replace(run, tables=Tables(held, placed), folder=self.shown, periods=_periods_in(self.place))

    def _write(self, run: Run, see: See) -> dict[str, Path]:
        thresholds = run.measured.thresholds
        files: dict[str, Path] = {}
        for name, writer in self._writers.items():
            writer.close()
            files[name] = writer.path
            see(writer.path)
            if name in self._csv and self._csv[name].close():
                see(self._csv[name].path)
        self._writers, self._csv = {}, {}
        for path in self._ahead:
            see(path)
        for name in [name for name in run.tables if name not in files]:
            files[name] = self._draft / f"{name}.parquet"
            if files[name] not in self._ahead:
                self._write_table(run.tables, name, thresholds, see)
        write_table(self._draft / "estimates.parquet", run.estimates, ESTIMATES, see)
        write_csv(self._draft / "estimates.csv", run.estimates, see)
        if run.periods is not None:
            by_period = run.periods()
            write_table(self._draft / f"{BY_PERIOD}.parquet", by_period, PERIOD_ESTIMATES, see)
            if len(by_period) <= CSV_ROWS:
                write_csv(self._draft / f"{BY_PERIOD}.csv", by_period, see)
        for name, frame in (("uncertain_inputs", run.inputs), ("spread", run.spread)):
            if frame is not None:
                write_table(self._draft / f"{name}.parquet", frame, OF_UNCERTAIN[name], see)
                write_csv(self._draft / f"{name}.csv", frame, see)
        for scope, frame in wide_tables(run.estimates).items():
            write_csv(self._draft / f"by_{scope.replace('+', '_')}.csv", frame, see)
        columns = columns_frame(files, thresholds, uncertain=run.inputs is not None)
        write_csv(self._draft / "columns.csv", columns, see)
        text = json.dumps(_record(run, files), indent=1, ensure_ascii=False, allow_nan=False)
        text += "\n"
        (self._draft / "run.json").write_bytes(text.encode("utf-8", "replace"))  # of a path with odd bytes
        see(self._draft / "run.json")
        return {name: files[name] for name in TABLES if name in files}

    def _write_table(
        self, tables: Mapping[str, pd.DataFrame], name: str, thresholds: tuple[int, ...], see: See
    ) -> None:
        """A table in its files, as CSV too where it is not too long."""
        if _held(tables, name):
            write_table(self._draft / f"{name}.parquet", tables[name], columns_of(name, thresholds), see)
        else:
            _copy(tables, name, self._draft / f"{name}.parquet", see)
        if name not in NO_CSV and _rows_of(tables, name) <= CSV_ROWS:
            write_csv(self._draft / f"{name}.csv", tables[name], see)

    def write_ahead(self, tables: Mapping[str, pd.DataFrame]) -> None:
        """Write tables that the run will have as they are, while it is still being simulated."""
        try:
            for name in tables:
                self._write_table(tables, name, (), self._ahead.append)
        except OSError as error:
            raise WriteError(f"{self.shown}: could not be written: {error.strerror or error}") from None

    def _take_the_place(self) -> None:
        check_place(self.place, force=self._force)
        take_place(self._draft, self.place)
        self._made = []
        sync(self.place.parent)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for close in [one.close for one in self._writers.values()] + [one.close for one in self._csv.values()]:
            with suppress(OSError):  # a full disk has been told of already
                close()
        self._clean()

    def _clean(self) -> None:
        if self._draft in self._made:
            shutil.rmtree(self._draft, ignore_errors=True)
        self._lock.release()
        for folder in reversed(self._made):
            if folder != self._draft and not any(folder.iterdir()):
                folder.rmdir()
        self._made = []


def _held(tables: Mapping[str, pd.DataFrame], name: str) -> bool:
    """Whether a table is in memory, so that a long one is not brought there."""
    return tables.held(name) if isinstance(tables, Tables) else True


def _rows_of(tables: Mapping[str, pd.DataFrame], name: str) -> int:
    file = tables.file(name) if isinstance(tables, Tables) else None
    return len(tables[name]) if file is None else count_rows(file)


def _copy(tables: Mapping[str, pd.DataFrame], name: str, place: Path, see: See) -> None:
    """A table of another run's folder, as it is."""
    file = tables.file(name) if isinstance(tables, Tables) else None
    assert file is not None
    shutil.copyfile(file, place)
    see(place)


def _record(run: Run, files: Mapping[str, Path]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "name": run.name,
        "digest": run.digest,
        "goals": list(run.goals),
        "replications": run.replications,
        "stopped": run.stopped,
        "measured": run.measured.as_dict(),
        "digests": dict(run.digests),
        "tables": {name: path.name for name, path in files.items()},
        "provenance": dict(run.provenance),
    }


def _periods_in(place: Path) -> Callable[[], pd.DataFrame] | None:
    """Reads the table of periods of a run's folder; None where it has none."""
    path = place / f"{BY_PERIOD}.parquet"
    return partial(read_table, path) if path.is_file() else None


def _table_in(place: Path, name: str) -> pd.DataFrame | None:
    """A table of a run's folder that not every run has."""
    path = place / f"{name}.parquet"
    return read_table(path) if path.is_file() else None


def columns_frame(tables: Mapping[str, Any], thresholds: tuple[int, ...], *, uncertain: bool = False) -> pd.DataFrame:
    """Every column of the tables and of the estimates: type, unit, whether it is a key, meaning."""
    rows = [_column_row(name, column) for name in TABLES if name in tables for column in columns_of(name, thresholds)]
    rows += [_column_row("estimates", column) for column in ESTIMATES]
    rows += [_column_row(BY_PERIOD, column) for column in PERIOD_ESTIMATES]
    rows += [_column_row(name, one) for name, columns in OF_UNCERTAIN.items() if uncertain for one in columns]
    return pd.DataFrame(rows)


def _column_row(table: str, column: Column) -> dict[str, str]:
    return {
        "table": table,
        "column": column.name,
        "type": column.dtype,
        "unit": column.unit,
        "role": "key" if column.key else "value",
        "meaning": column.meaning,
    }


def read_run(folder: str | os.PathLike[str], run: Callable[..., R]) -> R:
    """Read a stored run, made by `run` (the class of runs); its tables are read when first asked for.

    `RunFolderError` if the folder does not hold a complete run of a format that this version knows.
    """
    place = Path(folder)
    if not is_run(place):
        raise RunFolderError(f"{folder}: is not a run of ccsim (no run.json that says so)")
    if not opens(place):
        raise RunFolderError(f"{folder}: has bytes in its path that are not UTF-8; move it")
    record = json.loads((place / "run.json").read_text(encoding="utf-8"))
    if other := of_another_format(folder, record.get("format_version"), FORMAT_VERSION):
        raise RunFolderError(other)
    try:
        files = {name: place / Path(file).name for name, file in record["tables"].items()}
        missing = sorted(path.name for path in files.values() if not path.is_file())
        if missing:
            raise DamagedRunFolderError(f"{folder}: {', '.join(missing)} missing")
        return run(
            name=record["name"],
            measured=Measured.from_dict(record["measured"]),
            tables=Tables({}, files),
            estimates=read_table(place / "estimates.parquet"),
            goals=tuple(record["goals"]),
            digests=record["digests"],
            provenance=record["provenance"],
            folder=place,
            periods=_periods_in(place),
            inputs=_table_in(place, "uncertain_inputs"),
            spread=_table_in(place, "spread"),
        )
    except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError, NotImplementedError, OSError) as error:
        raise DamagedRunFolderError(f"{folder}: cannot be read as a run: {error}") from None
