"""What went wrong, where, and what would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ccsim.exits import BAD_INPUT, NOT_WRITTEN


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of an input: its place, its key and a sentence that says what would do."""

    message: str
    """What was expected and what was found."""
    key: str = ""
    """Dotted path of the key in the scenario, `pools.desk.staffing`; empty for a fault of the file."""
    file: str = ""
    """The file as the user named it."""
    line: int = 0
    """Line, from 1; 0 if the fault has no line."""
    column: int = 0
    """Column, from 1; 0 if the fault has no column."""

    @property
    def place(self) -> str:
        """File, line and column as far as they are known."""
        place = self.file or "scenario"
        if self.line:
            place += f":{self.line}"
            if self.column:
                place += f":{self.column}"
        return place

    def __str__(self) -> str:
        return f"{self.place}: {self.key + ': ' if self.key else ''}{self.message}"


RemarkKind = Literal["warning", "assumed", "read"]


@dataclass(frozen=True, slots=True)
class Remark(Fault):
    """Something that can be simulated and that its author should know before it is; it refuses nothing."""

    kind: RemarkKind = "warning"
    """`warning`: probably not what was meant; `assumed`: what ccsim took a short form for; `read`: what was read from a
    file."""
    refused: bool = False
    """Whether `run` and `compare` simulate it only where they are told to."""

    def __str__(self) -> str:
        return f"{self.place}: {self.kind}: {self.key + ': ' if self.key else ''}{self.message}"


class CcsimError(Exception):
    """Anything that ccsim says no to; its text is for the user, without a traceback."""

    exit_code: ClassVar[int] = BAD_INPUT
    """Exit code of a command that ends with it."""


class ScenarioError(CcsimError):
    """A scenario, CSV or trace with faults: all of them, in the order of their places."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(set(faults), key=lambda f: (f.file, f.line, f.column, f.key, f.message))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class OutputError(CcsimError):
    """A result that cannot be written: the place exists already, or cannot be made."""


class WriteError(OutputError):
    """A result that could not be written: a full disk, a permission."""

    exit_code: ClassVar[int] = NOT_WRITTEN


class DamagedError(CcsimError):
    """A stored folder whose contents do not fit together."""

    exit_code: ClassVar[int] = NOT_WRITTEN
