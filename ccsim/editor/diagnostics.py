"""What `ccsim check` says of a scenario, each at its place in its file."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from ccsim.centre.expected import expected_by_stream
from ccsim.centre.foresee import foresee, memory_of_machine, reasons_against
from ccsim.centre.shapes import without_holidays
from ccsim.errors import Fault, Remark
from ccsim.scenario.load import Loaded
from ccsim.scenario.look import look
from ccsim.workers import default_workers

_WORD: Final = re.compile(r"""[^\s,\[\]{}:#"']+|"[^"]*"|'[^']*'""")

Weight = Literal["fault", "warning", "assumed"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that is to be said of a place; line and column from 1, 0 for the whole file."""

    weight: Weight
    message: str
    line: int
    column: int


def findings(text: str, path: Path, texts: Mapping[str, str]) -> dict[Path, list[Notice]]:
    """What is to be said of a scenario that is open, by file: of what it extends, too.

    Args:
        text: The scenario, as the editor holds it.
        path: The file that it is or will be.
        texts: Other scenarios that are open, by the real paths of their files.
    """
    looked = look(str(path), text=text, texts=texts)
    remarks: Sequence[Remark] = looked.remarks
    if looked.loaded is not None and not looked.faults:
        remarks = [*remarks, *_too_much(looked.loaded)]
    found: dict[Path, list[Notice]] = {path: []}
    for fault in looked.faults:
        _add(found, path, fault, "fault")
    for remark in remarks:
        if remark.kind != "read":
            _add(found, path, remark, remark.kind)
    return found


def _add(found: dict[Path, list[Notice]], path: Path, said: Fault, weight: Weight) -> None:
    """Sort what was found under its file; what has no file of its own is said of the scenario."""
    file = Path(said.file) if said.file and os.path.isfile(said.file) else path  # noqa: PTH113 - it may be no path
    key = f"{said.key}: " if said.key else ""
    finding = Notice(weight, key + said.message, said.line if said.file else 0, said.column)
    if finding not in found.setdefault(file, []):
        found[file].append(finding)


def _too_much(loaded: Loaded) -> list[Remark]:
    """Warnings of a run that would take too long or too much memory."""
    scenario = loaded.scenario
    seen = foresee(scenario, workers=default_workers(), expected=expected_by_stream(without_holidays(scenario)))
    return [Remark(one, file=loaded.name) for one in reasons_against(seen, memory_of_machine())]


def extent(lines: Sequence[str], finding: Notice) -> tuple[int, int, int]:
    """Line (from 0) and first and last column (from 0) of what a finding is said of: the word that stands there."""
    line = min(max(finding.line, 1), max(len(lines), 1)) - 1
    text = lines[line].rstrip("\r\n") if lines else ""
    start = min(max(finding.column, 1) - 1, len(text))
    if not finding.line:
        return line, 0, len(text)
    word = _WORD.match(text, start)
    return line, start, word.end() if word else min(start + 1, len(text))
