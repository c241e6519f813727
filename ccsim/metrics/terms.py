"""Formulas of KPIs, taken apart: the columns that they add and subtract."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ccsim.records.tables import threshold_label

_TERM: Final = re.compile(r"([+-]?)\s*([a-zA-Z_]\w*)")


@dataclass(frozen=True, slots=True)
class Term:
    """One column of a formula, with its sign."""

    sign: int
    column: str


def terms_of(formula: str, threshold: int | None = None) -> tuple[Term, ...]:
    """The columns that a formula adds and subtracts, `_within_T` with its threshold (microseconds)."""
    terms = []
    for sign, column in _TERM.findall(formula):
        if threshold is not None and column.endswith("_within_T"):
            column = column[:-1] + threshold_label(threshold)
        terms.append(Term(-1 if sign == "-" else 1, column))
    return tuple(terms)
