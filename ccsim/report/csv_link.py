"""The numbers behind a figure as a CSV file inside the page: a `data:` link that needs no network."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import pandas as pd

from ccsim.results.parquet import harmless

DIGITS: Final = 6
"""Significant digits of the numbers."""
TYPE: Final = "data:text/csv;charset=utf-8,"
_QUOTED: Final = re.compile(r"[^A-Za-z0-9,:;\[\]().\-_'~]+")
"""What a link may not hold as it is: little, which is why it is looked for instead of every sign asked."""


@dataclass(frozen=True, slots=True)
class CsvLink:
    """A file that the page holds."""

    name: str
    """File name that a browser saves it under."""
    href: str
    rows: int


def csv_text(data: pd.DataFrame, units: Mapping[str, str]) -> str:
    """Figure data as CSV: units in the heads, missing numbers empty, texts that a spreadsheet would run defused."""
    made = data.copy()
    for label, kind in data.dtypes.items():
        if isinstance(kind, pd.StringDtype) or kind.kind == "O":
            made[label] = data[label].map(harmless, na_action="ignore")
    made.columns = pd.Index([_head(str(label), units) for label in data.columns])
    return made.to_csv(index=False, lineterminator="\n", float_format=f"%.{DIGITS}g")


def _head(label: str, units: Mapping[str, str]) -> str:
    return f"{harmless(label)} [{units[label]}]" if label in units else str(harmless(label))


def csv_link(name: str, data: pd.DataFrame, units: Mapping[str, str]) -> CsvLink:
    """A link that holds the numbers; `name` is that of the file without its ending."""
    text = _QUOTED.sub(lambda found: quote(found[0], safe=""), csv_text(data, units))
    return CsvLink(f"{name}.csv", TYPE + text, len(data))
