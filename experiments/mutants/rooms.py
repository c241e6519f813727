"""Rooms: the modules that belong together, and the tests that must see a fault in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Room:
    """Modules and their tests."""

    modules: tuple[str, ...]
    """Paths from the root of the repository."""
    tests: tuple[str, ...]
    """Files of tests that simulate uncompiled in some seconds, the fastest and those that fail most first."""


def _stories(step: str, *names: str) -> tuple[str, ...]:
    """Steps by themselves, the kernel against the reference engine, then the stories of a room."""
    return (
        f"tests/kernel/test_step_{step}.py",
        "tests/engine/test_reference_engine.py",
        *(f"tests/engine/test_stories_{name}.py" for name in names),
    )


ROOMS: Final = {
    "routing": Room(("ccsim/kernel/routing.py", "ccsim/kernel/lines.py"), _stories("lines", "routing", "choices")),
    "contacts": Room(
        ("ccsim/kernel/contacts.py", "ccsim/kernel/handling.py", "ccsim/kernel/attention.py"),
        _stories(
            "contacts",
            "queue_groups",
            "edges",
            "first",
            "global",
            "callback",
            "callback_after",
            "balking",
            "deadlines",
            "cases",
        ),
    ),
    "agents": Room(
        ("ccsim/kernel/agents.py",),
        _stories("agents", "agents", "edges", "activities", "breaks", "laid_down", "published", "backlog", "callback"),
    ),
    "statistics": Room(
        (
            "ccsim/kernel/tally.py",
            "ccsim/kernel/tally_staff.py",
            "ccsim/kernel/sums.py",
            "ccsim/kernel/table_rows.py",
            "ccsim/engine/statistics.py",
            "ccsim/engine/sum_tables.py",
            "ccsim/metrics/sums.py",
        ),
        (
            "tests/kernel/test_step_tally.py",
            "tests/engine/test_statistics.py",
            "tests/engine/test_bins.py",
            "tests/metrics/test_metrics_sums.py",
            "tests/engine/test_stories_cases.py",
            "tests/engine/test_stories_callback.py",
            "tests/engine/test_by_assignee.py",
            "tests/engine/test_ratings.py",
        ),
    ),
    "cost": Room(
        ("ccsim/metrics/cost.py", "ccsim/model/premiums.py"),
        (
            "tests/metrics/test_metrics_cost_plain.py",
            "tests/model/test_model_premiums_plain.py",
            "tests/metrics/test_metrics_cost.py",
            "tests/model/test_model_workforce_table.py",
        ),
    ),
    "intervals": Room(
        (
            "ccsim/metrics/confidence.py",
            "ccsim/metrics/ratios.py",
            "ccsim/metrics/paired.py",
            "ccsim/metrics/best.py",
            "ccsim/metrics/waits.py",
            "ccsim/metrics/estimates.py",
        ),
        (
            "tests/metrics/test_metrics_plain.py",
            "tests/metrics/test_metrics_ratios.py",
            "tests/metrics/test_metrics_best.py",
            "tests/metrics/test_metrics_kpis.py",
            "tests/metrics/test_metrics_confidence.py",
            "tests/metrics/test_metrics_paired.py",
        ),
    ),
    "rosters": Room(
        (
            "ccsim/model/roster.py",
            "ccsim/model/weekly_schedules.py",
            "ccsim/model/schedule_programme.py",
            "ccsim/model/shift_layout.py",
            "ccsim/model/shift_rows.py",
            "ccsim/model/plan_roster.py",
        ),
        (
            "tests/model/test_model_shift_layout.py",
            "tests/model/test_model_roster_plain.py",
            "tests/model/test_model_roster.py",
            "tests/model/test_model_schedule_programme.py",
            "tests/model/test_model_workforce_roster.py",
        ),
    ),
}
