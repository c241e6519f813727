"""A small scenario around one forecast."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from ccsim.centre.expected import expected_contacts
from ccsim.errors import ScenarioError
from ccsim.scenario import Scenario, loads
from ccsim.scenario.load import read_text

BASE = """\
scenario: desk
time_zone: {zone}
horizon: {{start: {start}, length: {length}, interval: 30m, drain: 2h}}
handle_time: {{law: exponential, mean: 4m}}
patience: {{law: exponential, mean: 3m}}
{more}
demand:
  calls: {{{volume}}}
pools: {{desk: {{staffing: 5}}}}
"""


class Desk:
    """A small scenario around one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.start, self.length, self.zone = "2026-03-02 08:00", "2h", "UTC"

    def text(self, volume: str, more: str = "") -> str:
        return BASE.format(zone=self.zone, start=self.start, length=self.length, volume=volume, more=more)

    def file(self, content: str | bytes, name: str = "calls.csv") -> None:
        data = content if isinstance(content, bytes) else textwrap.dedent(content).encode()
        (self.folder / name).write_bytes(data)

    def read(
        self, content: str | bytes, volume: str = "forecast: calls.csv", more: str = "", name: str = "calls.csv"
    ) -> Scenario:
        self.file(content, name)
        return loads(self.text(volume, more), base_dir=self.folder)

    def contacts(self, content: str | bytes, volume: str = "forecast: calls.csv", **also: str) -> float:
        scenario = self.read(content, volume, **also)
        return round(expected_contacts(scenario)["calls"], 6)

    def fault(self, content: str | bytes, volume: str = "forecast: calls.csv", **also: str) -> str:
        with pytest.raises(ScenarioError) as caught:
            self.read(content, volume, **also)
        assert len(caught.value.faults) == 1, caught.value.faults
        return str(caught.value.faults[0])

    def said(self, volume: str = "forecast: calls.csv", more: str = "") -> list[str]:
        loaded = read_text(self.text(volume, more), base_dir=self.folder)
        return [one.message for one in loaded.remarks if one.kind == "read"]


#: Times and contacts of a morning.
FOUR = [("08:00", "12.5"), ("08:30", "18.0"), ("09:00", "24.5"), ("09:30", "22.0")]
