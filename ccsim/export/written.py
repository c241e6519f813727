"""Where a star goes: a DuckDB file, folders of Parquet or CSV files; whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from ccsim.errors import CcsimError, DamagedError, OutputError, WriteError
from ccsim.export.build import MOST_MEMORY, Star, alternatives_of, differences_of
from ccsim.export.columns import quoted, text
from ccsim.export.homes import OPEN
from ccsim.export.reference import readme
from ccsim.results.comparison import Comparison
from ccsim.results.lock import PlaceLock, draft_of, sweep, take_place
from ccsim.results.parquet import FORMULA_STARTS, sync
from ccsim.results.places import has_format
from ccsim.results.run import Run

FORMAT: Final = "ccsim star"
FORMAT_VERSION: Final = 2
MARK: Final = "star.json"
"""Marks a folder as ours, so that it may be replaced; written last."""
STORAGE: Final = "v1.0.0"
"""Version of DuckDB's files that is written: every later DuckDB reads it, and so do tools with an older one."""

Kind = Literal["duckdb", "parquet", "csv"]


@dataclass(frozen=True, slots=True)
class Target:
    """One place for a star, and its form."""

    kind: Kind
    shown: Path
    """As the user named it."""

    @property
    def place(self) -> Path:
        """Its absolute path."""
        return Path(os.path.abspath(self.shown))  # noqa: PTH100 - resolve() would follow a link at the place itself


def export(
    made: Run | Comparison,
    *,
    duckdb: str | os.PathLike[str] | None = None,
    parquet: str | os.PathLike[str] | None = None,
    csv: str | os.PathLike[str] | None = None,
    force: bool = False,
) -> list[Path]:
    """Write a stored run or comparison as a star schema, and return its places.

    Parameters
    ----------
    made
        A stored run or comparison.
    duckdb
        File of a DuckDB database.
    parquet, csv
        Folder of files, one for each table and view, with `README.md`.
    force
        Replace a star that is there, once the new one is complete. Anything else that is there never is.

    `OutputError` if a place is taken or cannot be made, `WriteError` if it could not be written, `DamagedError` if the
    run's files cannot be read, `CcsimError` without the package duckdb or if the run is not stored.
    """
    runs = made.runs.values() if isinstance(made, Comparison) else (made,)
    if any(run.measured.drawn is not None and run.measured.drawn.bots for run in runs):
        raise CcsimError("the prices of bots are uncertain inputs; a star has one price of each")
    given: dict[Kind, str | os.PathLike[str] | None] = {"duckdb": duckdb, "parquet": parquet, "csv": csv}
    targets = [Target(kind, Path(place)) for kind, place in given.items() if place is not None]
    if not targets:
        raise OutputError("name a place: --duckdb FILE, --parquet FOLDER or --csv FOLDER")
    if len({target.place for target in targets}) < len(targets):
        raise OutputError("name another place for each form")
    engine = _engine()
    for target in targets:
        _check(engine, target, force=force)
    with _errors(engine, targets[0]), _drafts(targets) as drafts:
        _write(engine, made, targets, drafts)
        for target, draft in zip(targets, drafts, strict=True):
            _check(engine, target, force=force)
            take_place(draft, target.place)
            sync(target.place.parent)
    return [target.shown for target in targets]


def _engine() -> Any:
    try:
        import duckdb
    except ImportError:
        raise CcsimError(
            "the export needs the package duckdb, which is not installed: `pip install duckdb`, or ccsim with "
            "`pip install '.[duckdb]'`"
        ) from None
    return duckdb


def _check(engine: Any, target: Target, *, force: bool) -> None:
    """`OutputError` if the place is taken by anything but a star that may be replaced."""
    place, shown = target.place, target.shown
    try:
        if place.is_symlink():
            raise OutputError(f"{shown}: is a link; name the place itself")
        if place.exists():
            if not force:
                raise OutputError(f"{shown}: exists already; choose another place, or --force to replace it")
            if not (_is_database(engine, place) if target.kind == "duckdb" else has_format(place / MARK, FORMAT)):
                raise OutputError(f"{shown}: exists and is not an export of ccsim; it is not replaced")
        if not place.parent.is_dir():
            raise OutputError(f"{shown}: cannot be made, there is no folder {shown.parent}")
        if not os.access(place.parent, os.W_OK | os.X_OK):
            raise OutputError(f"{shown}: cannot be made, no permission to write in {shown.parent}")
        str(place).encode()
    except (OSError, ValueError) as error:
        raise OutputError(f"{shown}: cannot be used: {getattr(error, 'strerror', None) or error}") from None


def _is_database(engine: Any, place: Path) -> bool:
    if not place.is_file():
        return False
    try:
        with engine.connect(str(place), read_only=True) as connection:
            found = "SELECT count(*) FROM duckdb_tables() WHERE table_name IN ('about_columns', 'dim_scenario')"
            return bool(connection.execute(found).fetchall()[0][0] == 2)
    except engine.Error:
        return False


@contextmanager
def _errors(engine: Any, first: Target) -> Iterator[None]:
    """Say what DuckDB and the system say in the words of ccsim."""
    try:
        yield
    except (engine.InterruptException, RuntimeError) as error:
        if "interrupted" not in str(error).lower():
            raise
        raise KeyboardInterrupt from None  # DuckDB has taken Ctrl-C for itself
    except (engine.IOException, engine.OutOfMemoryException) as error:
        raise WriteError(f"{first.shown}: could not be written: {_first_line(error)}") from None
    except (engine.InvalidInputException, engine.BinderException, engine.ConversionException) as error:
        if os.environ.get("CCSIM_DEBUG") == "1":
            raise
        raise DamagedError(f"the run is damaged or was changed: {_first_line(error)}") from error
    except OSError as error:
        raise WriteError(f"{first.shown}: could not be written: {error.strerror or error}") from None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:300]


@contextmanager
def _drafts(targets: list[Target]) -> Iterator[list[Path]]:
    """A draft beside each place, under the lock of the place; what is left of them is removed."""
    locks = [PlaceLock(target.place, target.shown) for target in targets]
    drafts = [draft_of(target.place) for target in targets]
    try:
        for lock, target, draft in zip(locks, targets, drafts, strict=True):
            lock.take()
            sweep(target.place)
            draft.mkdir()
        yield drafts
    finally:
        for draft in drafts:
            _remove(draft)
        for lock in locks:
            lock.release()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _write(engine: Any, made: Run | Comparison, targets: list[Target], drafts: list[Path]) -> None:
    """Build the star once, in the first draft, and copy it into the others; each draft becomes what its place is."""
    file, spill = drafts[0] / ".star", drafts[0] / ".spill"
    limits = {"memory_limit": MOST_MEMORY, "temp_directory": str(spill), "storage_compatibility_version": STORAGE}
    with engine.connect(str(file), config=limits) as connection:
        connection.execute("SET enable_progress_bar = false").fetchall()  # it would be printed on stdout
        star = Star(connection, alternatives_of(made))
        star.build(differences_of(made))
        for target, draft in zip(targets, drafts, strict=True):
            if target.kind != "duckdb":
                _copy(star, target.kind, draft)
                _tell(star, target.kind, draft)
    shutil.rmtree(spill, ignore_errors=True)
    sync(file)
    if targets[0].kind == "duckdb":
        away = drafts[0].with_name(f"{drafts[0].name}.tmp")
        drafts[0].rename(away)
        (away / file.name).rename(drafts[0])
        away.rmdir()
    else:
        file.unlink()


def _copy(star: Star, kind: Kind, folder: Path) -> None:
    """Every table and view as a file, those of each alternative in a folder of its own where there are several."""
    form = "FORMAT parquet, COMPRESSION zstd" if kind == "parquet" else "FORMAT csv, HEADER"
    for schema, name in star.named():
        known = [(row[0], row[1]) for row in star.ask(f"DESCRIBE {schema}.{name}")]
        chosen = "*" if kind == "parquet" else ", ".join(_harmless(column, sql_type) for column, sql_type in known)
        place = (folder if schema == OPEN else folder / schema) / f"{name}.{kind}"
        place.parent.mkdir(exist_ok=True)
        star.ask(f"COPY (SELECT {chosen} FROM {schema}.{name}) TO {text(str(place))} ({form})")
        sync(place)


def _harmless(column: str, sql_type: str) -> str:
    """A column of a CSV: an apostrophe before texts that a spreadsheet would run as a formula."""
    if sql_type != "VARCHAR":
        return quoted(column)
    starts = ", ".join(text(sign) for sign in FORMULA_STARTS)
    name = quoted(column)
    return f"CASE WHEN left({name}, 1) IN ({starts}) THEN '''' || {name} ELSE {name} END AS {name}"


def _tell(star: Star, kind: Kind, folder: Path) -> None:
    """What is in a folder, and that it is an export."""
    (folder / "README.md").write_text(readme(star, kind), encoding="utf-8")
    runs = [{"name": one.run.name, "digest": one.run.digest} for one in star.alternatives]
    mark = {"format": FORMAT, "format_version": FORMAT_VERSION, "runs": runs}
    (folder / MARK).write_text(json.dumps(mark, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sync(folder / MARK)
