"""The folder of a search for people, written whole or not at all.

```
staff.json             the answer, how it was made, digest
people.parquet         people by pool, today and found (also .csv)
plans.parquet          every plan that was simulated (also .csv)
people_of_plans.parquet, goals_of_plans.parquet   its people and goals (also .csv)
agents.parquet         agents required and scheduled by pool and interval, of the plan that was found (also .csv)
values.parquet         where there are decisions: the values that were looked at (also .csv)
```
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from ccsim.errors import DamagedError, OutputError, WriteError
from ccsim.results.lock import PlaceLock, draft_of, sweep, take_place
from ccsim.results.parquet import read_table, sync, write_csv, write_table
from ccsim.results.places import check_place, has_format, of_another_format
from ccsim.results.staff import KeptStaff
from ccsim.results.staff_columns import TABLES_OF_STAFF

FORMAT: Final = "ccsim staff"
FORMAT_VERSION: Final = 2
NAME: Final = "staff.json"


def is_staff(folder: Path) -> bool:
    """Whether a folder holds a search for people that ccsim wrote."""
    return has_format(folder / NAME, FORMAT)


class StaffFolder:
    """Where a search for people goes. Made before the search, so that a place that will not do is told at once."""

    def __init__(self, folder: str | os.PathLike[str], *, force: bool = False) -> None:
        """`OutputError` if the place is taken, unless by another search that `force` lets go, or cannot be made."""
        self.shown = Path(folder)
        self.place = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would follow a link at the place itself
        self._force = force
        self._check()

    def _check(self) -> None:
        if not self.place.is_symlink() and self.place.exists():
            if not is_staff(self.place):
                raise OutputError(f"{self.shown}: exists already and holds no search for people; choose another --out")
            if not self._force:
                raise OutputError(
                    f"{self.shown}: exists already; choose another --out, or --force to replace the search"
                )
        else:
            check_place(self.shown)

    def store(self, made: KeptStaff) -> KeptStaff:
        """Write the search, give the folder its name, and return the search with its `folder`; `WriteError` where the
        disk is full or may not be written to: what was there before stays.
        """
        draft, lock = draft_of(self.place), PlaceLock(self.place, self.shown)
        try:
            self.place.parent.mkdir(parents=True, exist_ok=True)
            lock.take()
            sweep(self.place)
            self._check()
            draft.mkdir()
            for name, columns in TABLES_OF_STAFF.items():
                write_table(draft / f"{name}.parquet", getattr(made, name), columns)
                write_csv(draft / f"{name}.csv", getattr(made, name))
            text = json.dumps(_record(made), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
            (draft / NAME).write_bytes(text.encode("utf-8", "replace"))
            sync(draft / NAME)
            sync(draft)
            take_place(draft, self.place)
        except OSError as error:
            raise WriteError(f"{self.shown}: could not be written: {error.strerror or error}") from None
        finally:
            shutil.rmtree(draft, ignore_errors=True)
            lock.release()
        return replace(made, folder=self.shown)


def _record(made: KeptStaff) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "name": made.name,
        "digest": made.digest,
        **made.told,
        "provenance": dict(made.provenance),
    }


_NOT_TOLD: Final = ("format", "format_version", "name", "digest", "provenance")


def read_staff(folder: str | os.PathLike[str]) -> KeptStaff:
    """Read a stored search; `OutputError` if there is none, `DamagedError` if its tables are not what was made."""
    place = Path(folder)
    if not is_staff(place):
        raise OutputError(f"{folder}: is no search for people")
    try:
        record = json.loads((place / NAME).read_text(encoding="utf-8"))
        if other := of_another_format(folder, record["format_version"], FORMAT_VERSION):
            raise OutputError(other)
        made = KeptStaff(
            name=record["name"],
            told={key: value for key, value in record.items() if key not in _NOT_TOLD},
            **{name: read_table(place / f"{name}.parquet") for name in TABLES_OF_STAFF},
            provenance=record["provenance"],
            folder=place,
        )
        same = made.digest == record["digest"]
    except (LookupError, TypeError, ValueError, OSError, pa.ArrowException) as error:
        raise DamagedError(f"{folder}: cannot be read as a search for people: {error}") from None
    if not same:
        raise DamagedError(f"{folder}: its tables are not those that were made")
    return made
