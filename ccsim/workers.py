"""How many threads simulate where nobody says so."""

from __future__ import annotations

import os


def default_workers() -> int:
    """Processors that this process may use."""
    counted = getattr(os, "process_cpu_count", None)
    if counted is not None:
        return int(counted() or 1)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
