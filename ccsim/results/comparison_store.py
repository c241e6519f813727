"""The folder of a comparison: runs as they get ready, `compare.json` last.

```
compare.json          alternatives with digests, method, provenance: written last
unfinished.json       instead of it while the comparison is made: resumed by the same command, never read
differences.parquet   every KPI, scope and variant (also .csv)
best.parquet          every goal and alternative (also .csv)
alternatives.parquet  every alternative: are all goals met, at what cost (also .csv)
desk/, desk-more/     the runs
```
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, TypeVar

import pandas as pd

from ccsim.errors import CcsimError, OutputError, WriteError
from ccsim.exits import NOT_WRITTEN
from ccsim.records.columns import Column
from ccsim.results.comparison_columns import ALTERNATIVES, BEST, DIFFERENCES
from ccsim.results.lock import PlaceLock, draft_of, sweep, sweep_inside
from ccsim.results.parquet import read_table, sync, write_csv, write_table
from ccsim.results.places import check_place, has_format, is_run, of_another_format
from ccsim.results.run import Run

if TYPE_CHECKING:
    from ccsim.results.comparison import Alternative, Comparison

C = TypeVar("C")

FORMAT: Final = "ccsim comparison"
FORMAT_VERSION: Final = 3
NAME: Final = "compare.json"
UNFINISHED: Final = "unfinished.json"
SHA256: Final = 64
"""Length of a digest in a question."""
FILES: Final = (
    NAME, UNFINISHED, "differences.parquet", "differences.csv", "best.parquet", "best.csv", "alternatives.parquet",
    "alternatives.csv", "report.html",
)  # fmt: skip
"""Names in a comparison's folder that no run's folder may have."""


class ComparisonFolderError(CcsimError):
    """A folder that does not hold a readable comparison."""


class DamagedComparisonFolderError(ComparisonFolderError):
    """A folder that holds a comparison, but a damaged one."""

    exit_code: ClassVar[int] = NOT_WRITTEN


def is_comparison(folder: Path, name: str = NAME) -> bool:
    """Whether a folder holds a comparison that ccsim wrote: a finished one, or one with another marker."""
    return has_format(folder / name, FORMAT)


class ComparisonFolder:
    """A comparison's folder while it is made: a context that holds the lock of the place.

    An unfinished one is resumed if it asks the same; with `force` one that asks something else is begun anew. A
    finished one needs `force`, and is replaced only when the new one is complete: that is made in `.NAME.new` beside
    it, and an attempt at it that was stopped is resumed like any other.
    """

    def __init__(self, folder: str | os.PathLike[str], *, force: bool = False) -> None:
        self.shown = Path(folder)
        self.place = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would follow a link at the place itself
        self._new = self.place.with_name(f".{self.place.name}.new")
        self._old = self.place.with_name(f".{self.place.name}.replaced")
        self._force = force
        self._lock = PlaceLock(self.place, self.shown)
        self.work = self.place
        """Where it is made."""
        try:
            self._look()
        except (OSError, ValueError) as error:
            raise OutputError(f"{folder}: cannot be made: {getattr(error, 'strerror', error)}") from None

    def _look(self) -> None:
        """Say no to a place that may not be taken, and find where to make the comparison."""
        if self.place.is_symlink():
            raise OutputError(f"{self.shown}: is a link; name the folder itself")
        finished = is_comparison(self.place)
        if finished and not self._force:
            raise OutputError(
                f"{self.shown}: holds a finished comparison; choose another place, or --force to replace it"
            )
        if not finished and not is_comparison(self.place, UNFINISHED):
            check_place(self.place)
        self.work = self._new if finished else self.place

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()

    def begin(self, question: Mapping[str, str]) -> None:
        """Lock the place and mark what is made as unfinished.

        Parameters
        ----------
        question
            What the comparison asks, by the names that a user knows: an unfinished one is resumed if all of it
            is the same. `OutputError` with what differs, unless `force`.
        """
        try:
            self.place.parent.mkdir(parents=True, exist_ok=True)
            self._lock.take()
            self._mend()
            sweep(self.place)
            self._look()
            self._check_question(question)
            self.work.mkdir(exist_ok=True)
            mark = {"format": FORMAT, "format_version": FORMAT_VERSION, "question": dict(question)}
            _write_json(self.work / UNFINISHED, mark)
            sweep_inside(self.work)
            sync(self.work)
        except OSError as error:
            self._lock.release()
            raise WriteError(f"{self.shown}: could not be written: {error.strerror or error}") from None
        except BaseException:
            self._lock.release()
            raise

    def _mend(self) -> None:
        """Finish, or take back, a replacement during which the process was killed."""
        if not is_comparison(self._old):
            return
        if not self.place.exists():
            self._old.rename(self.place)
        elif is_comparison(self.place):
            self._empty_old()

    def _check_question(self, question: Mapping[str, str]) -> None:
        if self._force or not is_comparison(self.work, UNFINISHED):
            return
        record = json.loads((self.work / UNFINISHED).read_text(encoding="utf-8"))
        before = record.get("question")
        if not isinstance(before, dict):
            differs = "it does not say what it compares"
        else:
            keys = [key for key in {**before, **question} if before.get(key) != question.get(key)]
            if not keys:
                return
            differs = "it differs in " + ", ".join(_differs(key, before.get(key), question.get(key)) for key in keys)
        raise OutputError(
            f"{self.shown}: holds an unfinished comparison, and not this one: {differs}; "
            "choose another --out, or --force to begin anew"
        )

    def of(self, folder: str) -> Path:
        """Place of an alternative's run."""
        return self.work / folder

    def throw_away_others(self, folders: Sequence[str]) -> None:
        """Remove runs of an earlier attempt that are not among the named ones."""
        for run in sorted(self.work.iterdir()):
            if run.name not in folders and not run.is_symlink() and run.is_dir() and is_run(run):
                shutil.rmtree(run)

    def store(self, made: Comparison) -> Comparison:
        """Write what the runs say, then `compare.json`, and return the comparison with its `folder`."""
        try:
            self.throw_away_others([one.folder for one in made.alternatives])
            for name, frame, columns in (
                ("differences", made.differences, DIFFERENCES),
                ("best", made.best, BEST),
                ("alternatives", made.standings, ALTERNATIVES),
            ):
                write_table(self.work / f"{name}.parquet", frame, columns)
                write_csv(self.work / f"{name}.csv", frame)
            _write_json(self.work / NAME, _record(made))
            (self.work / UNFINISHED).unlink(missing_ok=True)
            sync(self.work)
            runs = {one.name: replace(made.runs[one.name], folder=self.shown / one.folder) for one in made.alternatives}
            if self.work != self.place:
                self._take_the_place()
                for one in made.alternatives:  # the files of their tables have another name now
                    read = Run.read(self.place / one.folder)
                    runs[one.name] = replace(runs[one.name], tables=read.tables, periods=read.periods)
        except OSError as error:
            raise WriteError(f"{self.shown}: could not be written: {error.strerror or error}") from None
        finally:
            self._lock.release()
        return replace(made, runs=runs, folder=self.shown)

    def _take_the_place(self) -> None:
        self.place.rename(self._old)
        try:
            self.work.rename(self.place)
        except BaseException:
            self._old.rename(self.place)
            raise
        sync(self.place.parent)
        self._empty_old()

    def _empty_old(self) -> None:
        """Remove the replaced comparison; what a user had put beside it moves to the new one."""
        for one in sorted(self._old.iterdir()):
            ours = one.name in FILES or (one.is_dir() and not one.is_symlink() and is_run(one))
            if not ours and not os.path.lexists(self.place / one.name):
                one.rename(self.place / one.name)
        rest = draft_of(self.place)
        self._old.rename(rest)  # killed while it is removed, it is swept: half of it would stand in the way
        shutil.rmtree(rest, ignore_errors=True)


def _differs(key: str, before: str | None, now: str | None) -> str:
    """One difference of two questions; digests are not shown, as they say nothing."""
    if before is None or now is None:
        return f"{key} (only {'asked now' if before is None else 'in the unfinished one'})"
    return key if len(before) == SHA256 else f"{key} ({before}, not {now})"


def _write_json(path: Path, value: dict[str, Any]) -> None:
    """Write a JSON file whole or not at all."""
    draft = draft_of(path)
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


def read_comparison(folder: str | os.PathLike[str], comparison: Callable[..., C], alternative: type[Alternative]) -> C:
    """Read a stored comparison, made by these classes; its runs' tables are read when first asked for.

    `ComparisonFolderError` if it was not finished, or if a run is not the one that was compared.
    """
    place = Path(folder)
    if not is_comparison(place):
        begun = is_comparison(place, UNFINISHED)
        reason = "was not finished; the same `ccsim compare` goes on with it" if begun else "is not a comparison"
        raise ComparisonFolderError(f"{folder}: {reason}")
    record = json.loads((place / NAME).read_text(encoding="utf-8"))
    if other := of_another_format(folder, record.get("format_version"), FORMAT_VERSION):
        raise ComparisonFolderError(other)
    try:
        listed = tuple(
            alternative(one["name"], Path(one["folder"]).name, one["digest"], tuple(one["changes"]))
            for one in record["alternatives"]
        )
        runs = {one.name: Run.read(place / one.folder) for one in listed}
        changed = [one.name for one in listed if runs[one.name].digest != one.digest]
        if changed:
            raise ComparisonFolderError(f"{folder}: the run of {', '.join(changed)} is not the one that was compared")
        return comparison(
            alternatives=listed,
            runs=runs,
            differences=read_table(place / "differences.parquet"),
            best=read_table(place / "best.parquet"),
            standings=read_table(place / "alternatives.parquet"),
            method=record["method"],
            seed=record["seed"],
            replications=record["replications"],
            provenance=record["provenance"],
            folder=place,
        )
    except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError, NotImplementedError, OSError) as error:
        raise DamagedComparisonFolderError(f"{folder}: cannot be read as a comparison: {error}") from None


def frame_of_rows(rows: Sequence[dict[str, Any]], columns: Sequence[Column]) -> pd.DataFrame:
    """Rows as a DataFrame with the columns' types; None is missing."""
    made: dict[str, pd.Series[Any]] = {}
    for column in columns:
        kind = "Float64" if column.dtype == "float64" else column.dtype
        made[column.name] = pd.Series([row[column.name] for row in rows], dtype=kind)
    return pd.DataFrame(made)
