"""Where a run comes from: everything that is needed to simulate it again, and to trust it."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import ccsim
from ccsim.errors import Remark

PACKAGES: Final = (
    "numpy",
    "numba",
    "llvmlite",
    "pandas",
    "pyarrow",
    "scipy",
    "simpy",
    "tzdata",
    "holidays",
)
"""Packages whose version may change a result or a file."""


def versions() -> dict[str, str]:
    """Versions of ccsim, of Python and of the packages below it that are installed."""
    return {"ccsim": ccsim.__version__, "python": platform.python_version()} | _installed()


@cache
def _installed() -> dict[str, str]:
    """Looked up once: what this process has imported does not change when something is installed beside it."""
    found = {}
    for package in PACKAGES:
        with suppress(metadata.PackageNotFoundError):
            found[package] = metadata.version(package)
    return found


def machine() -> dict[str, Any]:
    """Operating system, processor and C library: digests are promised for one combination of them."""
    return {
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "processor": _processor(),
        "c_library": " ".join(platform.libc_ver()).strip(),
        "cpus": os.cpu_count() or 1,
    }


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor()


def sha256_of_value(value: Any) -> str:
    """SHA-256 of a plain value as JSON with sorted keys: equal scenarios have equal sums."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def recorded_now(command: Sequence[str] | None, elapsed_seconds: float) -> dict[str, Any]:
    """What is recorded of everything that is stored, as plain values for JSON.

    Parameters
    ----------
    command
        The command line; None: this process's.
    elapsed_seconds
        Time it took.
    """
    return {
        "versions": versions(),
        "machine": machine(),
        "recorded": datetime.now(UTC).isoformat(timespec="seconds"),
        "elapsed_seconds": round(elapsed_seconds, 3),
        "command": list(sys.argv if command is None else command),
    }


def provenance(
    *,
    scenario: Mapping[str, Any],
    files: Mapping[str, str] | None = None,
    variants: Sequence[str] = (),
    settings: Sequence[str] = (),
    overrides: Sequence[str] = (),
    remarks: Sequence[Remark] = (),
    seed: int,
    replications_asked: int,
    replications: int,
    workers: int,
    elapsed_seconds: float,
    command: Sequence[str] | None = None,
    holidays: Mapping[str, Sequence[str]] | None = None,
    engine: str = "kernel",
) -> dict[str, Any]:
    """Everything about how a run came to be, as plain values for JSON.

    Parameters
    ----------
    scenario
        The scenario as canonical plain values, every setting in it.
    files
        SHA-256 of the files that were read, by name.
    variants, settings
        What was asked for beside the file, in order.
    overrides
        What these changed, in order, each as a sentence.
    remarks
        Warnings of the scenario's check, and what short forms were taken for.
    seed, replications_asked, replications, workers
        How it was simulated; fewer `replications` than asked for means that it was stopped.
    elapsed_seconds
        Time it took.
    command
        The command line; default: this process's.
    holidays
        Public holidays that were used: ISO dates by calendar.
    engine
        What simulated it: `kernel` or `reference`.
    """
    return recorded_now(command, elapsed_seconds) | {
        "files": [{"name": name, "sha256": digest} for name, digest in (files or {}).items()],
        "variants": list(variants),
        "settings": list(settings),
        "overrides": list(overrides),
        "remarks": [{"kind": one.kind, "key": one.key, "said": one.message} for one in remarks],
        "holidays": {name: list(dates) for name, dates in (holidays or {}).items()},
        "engine": engine,
        "seed": seed,
        "replications_asked": replications_asked,
        "replications": replications,
        "stopped": replications < replications_asked,
        "workers": workers,
        "scenario_sha256": sha256_of_value(scenario),
        "scenario": dict(scenario),
    }
