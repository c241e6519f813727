"""Where the facts of each alternative stand: those of a run in the open, those of a comparison each in its own schema.

So that nobody adds up alternatives by mistake, there is no table that has rows of two.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

_MOST: Final = 48
"""Characters of a schema's name: PostgreSQL keeps 63."""
OPEN: Final = "main"
"""Schema of DuckDB that needs not be named: of dimensions, and of the facts of a single run."""


def schema_of(key: int, name: str, alternatives: int) -> str:
    """Schema of an alternative's facts, and in an export of files its folder.

    Parameters
    ----------
    key
        `scenario_key`.
    name
        Of the scenario with its variants.
    alternatives
        How many there are; of a single run it is `main`.
    """
    if alternatives == 1:
        return OPEN
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return f"scenario_{key}_{plain}"[:_MOST].rstrip("_")


def placed(sql: str, own: Collection[str], schema: str) -> str:
    """A view's SQL with the schema of each table that it reads: `schema` for its own, else `main`."""

    def named(found: re.Match[str]) -> str:
        before, name = found.groups()
        return f"{before}{schema if name in own else OPEN}.{name}"

    return re.sub(r"\b((?:FROM|JOIN)\s+)([a-z]\w*)\b", named, sql)


def searched(schemas: Sequence[str]) -> str:
    """The statement that lets tables be named without their schema, where it is one of these."""
    return f"SET search_path = '{','.join(dict.fromkeys(schemas))}'"
