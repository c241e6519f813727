"""Values of the reference that were found to be wrong, each with a derivation that a test repeats."""

from __future__ import annotations

import json
from pathlib import Path

NAME = "errata.json"
"""File beside the cases."""


def load_errata(folder: Path) -> dict[tuple[str, str], float]:
    """Right value by case and measure; empty where the folder has no errata."""
    path = folder / NAME
    if not path.is_file():
        return {}
    rows = json.loads(path.read_text(encoding="utf-8"))
    return {(row["case"], row["measure"]): float(row["exact"]) for row in rows}
