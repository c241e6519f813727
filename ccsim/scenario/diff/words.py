"""Amounts with their units, one or more."""

from __future__ import annotations

from typing import Final

ONE: Final = {"people": "person", "contacts a week": "contact a week", "agents": "agent"}
"""Units of a single one."""


def counted(amount: str, unit: str) -> str:
    """An amount with its unit: `1 agent`, `12 agents`."""
    return f"{amount} {ONE.get(unit, unit) if amount == '1' else unit}"
