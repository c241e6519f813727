"""Faults of the points of a sweep, each told once, at the value that it comes from where it is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ccsim.errors import CcsimError, Fault, ScenarioError
from ccsim.experiments.sweep_factors import Values, Varied
from ccsim.scenario.load import setting_label


class FaultsOfPoints:
    """Faults of points as they are found."""

    def __init__(self, factors: Sequence[Varied]) -> None:
        self.found: dict[tuple[Fault, bool], list[Values]] = {}
        self._factors = {one.key: one for one in factors}

    def add(self, values: Values, error: CcsimError) -> None:
        faults = error.faults if isinstance(error, ScenarioError) else [Fault(str(error), file="sweep")]
        for fault in faults:
            at = next((pair for pair in values if fault.file == setting_label(f"{pair[0]}={pair[1]}")), None)
            if at is None:
                self.found.setdefault((fault, False), []).append(values)
            else:
                factor = self._factors[at[0]]
                said = replace(fault, file=factor.place, line=factor.line, column=factor.column)
                said = said if factor.line else replace(said, file=f"--vary {at[0]}={at[1]}")
                self.found.setdefault((said, True), []).append(values)

    def add_texts(self, values: Values, texts: Sequence[str]) -> None:
        for text in texts:
            self.found.setdefault((Fault(f"cannot be compared: {text}", file="sweep"), False), []).append(values)

    def raise_if_any(self) -> None:
        if not self.found:
            return
        told = []
        for (fault, placed), points in self.found.items():
            first = ", ".join(f"{key}={value}" for key, value in points[0])
            more = f", and at {len(points) - 1} more points" if len(points) > 1 else ""
            told.append(fault if placed else replace(fault, message=f"{fault.message} (with {first}{more})"))
        raise ScenarioError(told)
