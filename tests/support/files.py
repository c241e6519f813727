"""Where files lie that tests of several folders read."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The repository."""
SCENARIOS = ROOT / "scenarios"
CENTRE = ROOT / "tests" / "scenario" / "centre.yaml"
GLOBE = ROOT / "tests" / "scenario" / "globe.yaml"
