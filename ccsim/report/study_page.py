"""What the pages of sweeps, drivers and searches have in common: how it was made, and what its KPIs mean."""

from __future__ import annotations

from collections.abc import Iterable

from ccsim.kpis.definitions import KPIS
from ccsim.report.method import Definition
from ccsim.results.staff import KeptStaff
from ccsim.results.sweep import Sweep

Fact = tuple[str, str]


def made_by(made: Sweep | KeptStaff) -> list[Fact]:
    """When and with which versions it was made, and the digest of all values."""
    about = made.provenance
    return [
        ("Recorded", about.get("recorded", "")),
        ("Digest", made.digest),
        ("Versions", ", ".join(f"{name} {one}" for name, one in about.get("versions", {}).items())),
    ]


def left_out(made: Sweep) -> list[str]:
    """Points that are parked, each with its error."""
    return [f"Point {point} failed and is left out: {error}" for point, error in made.parked.items()]


def definitions_of(kpis: Iterable[str]) -> list[Definition]:
    """What KPIs mean, each once."""
    return [Definition(f"kpi-{name}", KPIS[name].title, KPIS[name].meaning) for name in dict.fromkeys(kpis)]
