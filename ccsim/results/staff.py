"""A search for people as it is kept: its answer, and every plan that was simulated."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ccsim.results.parquet import plain_rows
from ccsim.results.staff_columns import TABLES_OF_STAFF

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class KeptStaff:
    """What a search for people found; nothing here needs the simulator."""

    name: str
    told: Mapping[str, Any]
    """The answer: `lead` (in a sentence), `binds` (lines), `variant` (lines of YAML), `goal` (number of the goal that
    decides), `certified`, `stopped`, `confidence`, `probability`, `seed`, `currency` (empty: nobody has a price),
    `guessed`, `question`, `notes`, `plans` and `replications` that were simulated, and `answer`, what `--json` prints.
    """
    people: pd.DataFrame
    """The numbers of people that could change; see `ccsim.results.staff_columns.PEOPLE`."""
    plans: pd.DataFrame
    """See `PLANS`."""
    people_of_plans: pd.DataFrame
    """See `PEOPLE_OF_PLANS`."""
    goals_of_plans: pd.DataFrame
    """See `GOALS_OF_PLANS`."""
    values: pd.DataFrame
    """See `VALUES`."""
    agents: pd.DataFrame
    """See `AGENTS_ON_DUTY`."""
    provenance: Mapping[str, Any] = field(default_factory=dict)
    """Versions, machine, time, command."""
    folder: Path | None = None
    """Where it is stored, if it is."""

    @property
    def money(self) -> str:
        """Unit of costs, `EUR a day`; empty where nobody has a price."""
        return f"{self.told['currency']} a day" if self.told["currency"] else ""

    @property
    def digest(self) -> str:
        """SHA-256 of all values, to the last digit, in hexadecimal."""
        made = hashlib.sha256(f"{self.told['seed']}\n".encode())
        for name, columns in TABLES_OF_STAFF.items():
            frame: pd.DataFrame = getattr(self, name)
            for row in plain_rows(frame[[column.name for column in columns]]):
                made.update(f"{name} {list(row.values())!r}\n".encode())
        return made.hexdigest()

    def plan_of(self, role: str) -> dict[str, Any] | None:
        """The first plan with a role, `found` or `now`; None where there is none."""
        return next((row for row in plain_rows(self.plans) if role in row["role"].split(", ")), None)

    def goals_of(self, plan: int) -> list[dict[str, Any]]:
        """The goals of a plan, in their order."""
        return self._goals.get(plan, [])

    @cached_property
    def _goals(self) -> dict[int, list[dict[str, Any]]]:
        found: dict[int, list[dict[str, Any]]] = {}
        for row in plain_rows(self.goals_of_plans):
            found.setdefault(row["plan"], []).append(row)
        return found
