"""The folder of a comparison: runs as they get ready, `compare.json` last.

```
compare.json          alternatives with digests, method, provenance: written last
unfinished.json       instead of it while the comparison is made: resumed by the same command, never read
differences.parquet   every KPI, scope and variant (also .csv)
best.parquet          every goal and alternative (also .csv)
desk/, desk-more/     the runs
```
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ccsim.errors import CcsimError, OutputError
from ccsim.results.comparison import Alternative, Comparison
from ccsim.results.comparison_columns import BEST, DIFFERENCES
from ccsim.results.parquet import read_table, sync, write_csv, write_table
from ccsim.results.run import Run
from ccsim.results.schema import Column
from ccsim.results.store import check_place, is_run

FORMAT: Final = "ccsim comparison"
FORMAT_VERSION: Final = 2
NAME: Final = "compare.json"
UNFINISHED: Final = "unfinished.json"
FILES: Final = (
    NAME, UNFINISHED, "differences.parquet", "differences.csv", "best.parquet", "best.csv", "report.html",
)  # fmt: skip
"""Names in a comparison's folder that no run's folder may have."""


class ComparisonFolderError(CcsimError):
    """A folder that does not hold a readable comparison."""


def is_comparison(folder: Path, name: str = NAME) -> bool:
    """Whether a folder holds a comparison that ccsim wrote: a finished one, or one with another marker."""
    try:
        return bool(json.loads((folder / name).read_text(encoding="utf-8"))["format"] == FORMAT)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False


class ComparisonFolder:
    """A comparison's folder while it is made. An unfinished one is gone on with; a finished one needs `force`."""

    def __init__(self, folder: str | os.PathLike[str], *, force: bool = False) -> None:
        self.shown = Path(folder)
        self.place = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would follow a link at the place itself
        try:
            self.resumed = self._resumable()
            self._finished = not self.resumed and is_comparison(self.place)
            if self._finished and not force:
                raise OutputError(
                    f"{folder}: holds a finished comparison; choose another place, or --force to replace it"
                )
            if not self.resumed and not self._finished:
                check_place(self.place)
        except (OSError, ValueError) as error:
            raise OutputError(f"{folder}: cannot be made: {getattr(error, 'strerror', error)}") from None

    def _resumable(self) -> bool:
        if self.place.is_symlink():
            raise OutputError(f"{self.shown}: is a link; name the folder itself")
        return is_comparison(self.place, UNFINISHED) and not is_comparison(self.place)

    def begin(self) -> None:
        """Mark the folder as unfinished; a finished comparison in it is thrown away."""
        try:
            self.place.mkdir(parents=True, exist_ok=True)
            _write_json(self.place / UNFINISHED, {"format": FORMAT, "format_version": FORMAT_VERSION})
            if self._finished:
                for name in FILES:
                    if name != UNFINISHED:
                        (self.place / name).unlink(missing_ok=True)
                self.throw_away_others(())
            for draft in self.place.glob(".*.partial"):  # of a play that was killed
                shutil.rmtree(draft, ignore_errors=True)
            sync(self.place)
        except OSError as error:
            raise OutputError(f"{self.shown}: could not be written: {error.strerror or error}") from None

    def of(self, folder: str) -> Path:
        """Place of an alternative's run."""
        return self.place / folder

    def throw_away_others(self, folders: Sequence[str]) -> None:
        """Remove runs of an earlier attempt that are not among the named ones."""
        for run in sorted(self.place.iterdir()):
            if run.name not in folders and not run.is_symlink() and run.is_dir() and is_run(run):
                shutil.rmtree(run)

    def store(self, made: Comparison) -> Comparison:
        """Write what the runs say, then `compare.json`, and return the comparison with its `folder`."""
        try:
            self.throw_away_others([one.folder for one in made.alternatives])
            for name, frame, columns in (
                ("differences", made.differences, DIFFERENCES),
                ("best", made.best, BEST),
            ):
                write_table(self.place / f"{name}.parquet", frame, columns)
                write_csv(self.place / f"{name}.csv", frame)
            _write_json(self.place / NAME, _record(made))
            (self.place / UNFINISHED).unlink(missing_ok=True)
            sync(self.place)
        except OSError as error:
            raise OutputError(f"{self.shown}: could not be written: {error.strerror or error}") from None
        runs = {one.name: replace(made.runs[one.name], folder=self.shown / one.folder) for one in made.alternatives}
        return replace(made, runs=runs, folder=self.shown)


def _write_json(path: Path, value: dict[str, Any]) -> None:
    """Write a JSON file whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    try:
        draft.write_bytes(text.encode("utf-8", "replace"))
        sync(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _record(made: Comparison) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "alternatives": [
            {"name": one.name, "folder": one.folder, "digest": one.digest, "changes": list(one.changes)}
            for one in made.alternatives
        ],
        "seed": made.seed,
        "replications": made.replications,
        "method": dict(made.method),
        "provenance": dict(made.provenance),
    }


def read_comparison(folder: str | os.PathLike[str]) -> Comparison:
    """Read a stored comparison; its runs' tables are read when first asked for.

    `ComparisonFolderError` if it was not finished, or if a run is not the one that was compared.
    """
    place = Path(folder)
    if not is_comparison(place):
        begun = is_comparison(place, UNFINISHED)
        reason = "was not finished; the same `ccsim compare` goes on with it" if begun else "is not a comparison"
        raise ComparisonFolderError(f"{folder}: {reason}")
    record = json.loads((place / NAME).read_text(encoding="utf-8"))
    if record.get("format_version") != FORMAT_VERSION:
        raise ComparisonFolderError(
            f"{folder}: has format {record.get('format_version')!r}; this ccsim reads {FORMAT_VERSION}"
        )
    try:
        listed = tuple(
            Alternative(one["name"], Path(one["folder"]).name, one["digest"], tuple(one["changes"]))
            for one in record["alternatives"]
        )
        runs = {one.name: Run.read(place / one.folder) for one in listed}
        changed = [one.name for one in listed if runs[one.name].digest != one.digest]
        if changed:
            raise ComparisonFolderError(f"{folder}: the run of {', '.join(changed)} is not the one that was compared")
        return Comparison(
            alternatives=listed,
            runs=runs,
            differences=read_table(place / "differences.parquet"),
            best=read_table(place / "best.parquet"),
            method=record["method"],
            seed=record["seed"],
            replications=record["replications"],
            provenance=record["provenance"],
            folder=place,
        )
    except (KeyError, TypeError, AttributeError, ValueError, OSError) as error:
        raise ComparisonFolderError(f"{folder}: cannot be read as a comparison: {error}") from None


def frame_of_rows(rows: Sequence[dict[str, Any]], columns: Sequence[Column]) -> pd.DataFrame:
    """Rows as a DataFrame with the columns' types; None is missing."""
    made: dict[str, pd.Series[Any]] = {}
    for column in columns:
        kind = "Float64" if column.dtype == "float64" else column.dtype
        made[column.name] = pd.Series([row[column.name] for row in rows], dtype=kind)
    return pd.DataFrame(made)
