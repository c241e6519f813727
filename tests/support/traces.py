"""A small scenario around one file of recorded contacts."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.errors import Fault, Remark, ScenarioError
from ccsim.language.traces import Trace
from ccsim.scenario.load import Loaded, read_text
from ccsim.units import MINUTE

BASE = """\
scenario: recorded
time_zone: {zone}
horizon: {{start: {start}, length: {length}}}
handle_time: {{law: exponential, mean: 4m}}
patience: {{law: exponential, mean: 3m}}
{more}
demand: {{calls: {{trace: {trace}}}}}
pools: {{desk: {{staffing: 5}}}}
"""


class Desk:
    """A small scenario around one trace."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.start, self.length, self.zone, self.more = "2026-03-02", "7d", "UTC", ""

    def load(self, content: str | bytes | None, trace: str = "t.csv", name: str = "t.csv") -> Loaded:
        if content is not None:
            (self.folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_text(
            BASE.format(zone=self.zone, start=self.start, length=self.length, more=self.more, trace=trace),
            base_dir=self.folder,
        )

    def read(self, content: str | bytes | None, trace: str = "t.csv", name: str = "t.csv") -> Trace:
        found = self.load(content, trace, name).scenario.demand["calls"].trace
        assert found is not None
        return found

    def minutes(self, content: str | bytes, trace: str = "t.csv") -> list[float]:
        return [time / MINUTE for time in self.read(content, trace).time]

    def remarks(self, content: str | bytes | None = None, trace: str = "t.csv") -> list[tuple[str, str]]:
        found: list[Remark] = list(self.load(content, trace).remarks)
        return [(one.kind, one.message.replace(f"{self.folder}/", "")) for one in found]

    def said(self, content: str | bytes | None = None, trace: str = "t.csv") -> list[str]:
        return [text for kind, text in self.remarks(content, trace) if kind == "read"]

    def faults(self, content: str | bytes, trace: str = "t.csv") -> list[Fault]:
        with pytest.raises(ScenarioError) as caught:
            self.load(content, trace)
        return caught.value.faults

    def fault(self, content: str | bytes, trace: str = "t.csv") -> str:
        (only,) = self.faults(content, trace)
        return f"{only.line}: {only.message}"
