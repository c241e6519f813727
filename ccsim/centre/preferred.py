"""Pools that contacts of some segments or severities go to first: how a rule changes who may answer them, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ccsim.language.preferred import Preferred
from ccsim.language.workflows import Workflow


class Entry(NamedTuple):
    """A pool that may serve a visit."""

    step: int
    """0: open at once; 1, 2, ...: opens with that overflow step."""
    rank: tuple[float, ...]
    """Order of preference within the overflow step, the smallest first."""
    pool: str
    level: int
    """Level of the pool's skill, 1 is the best."""
    translated: bool
    """Whether it does not speak the customer's language."""


def rule_for(workflow: Workflow, tier: str, segment: str, severity: str) -> Preferred | None:
    """The first rule of a workflow that is for the contacts of a segment and a severity at a tier."""
    for rule in workflow.preferred:
        if (
            (not rule.tier or tier in rule.tier)
            and (not rule.segments or segment in rule.segments)
            and (not rule.severity or severity in rule.severity)
        ):
            return rule
    return None


def asked_first(
    rule: Preferred, first: Sequence[Entry], steps: Sequence[int], by_vendor: Mapping[str, Sequence[Entry]]
) -> tuple[tuple[int, ...], dict[str, tuple[Entry, ...]]]:
    """Steps, and pools by assigned vendor, where those of a rule are asked first.

    Parameters
    ----------
    first
        Pools of the rule that may serve the visits.
    steps
        Microseconds after which step 1, 2, ... opens without the rule.
    by_vendor
        Pools by assigned vendor without the rule.
    """
    named = {entry.pool for entry in first}
    opens = [0, *steps]
    others = {
        vendor: [] if rule.others_after is None else [entry for entry in entries if entry.pool not in named]
        for vendor, entries in by_vendor.items()
    }
    least = rule.others_after or 0
    times = sorted({max(opens[entry.step], least) for entries in others.values() for entry in entries} | {0})
    step_at = {time: number for number, time in enumerate(times)}
    made = {
        vendor: tuple(
            sorted(
                [entry._replace(step=0, rank=(0.0, *entry.rank)) for entry in first]
                + [
                    entry._replace(
                        step=step_at[max(opens[entry.step], least)], rank=(1.0, float(entry.step), *entry.rank)
                    )
                    for entry in entries
                ]
            )
        )
        for vendor, entries in others.items()
    }
    return tuple(times[1:]), made
