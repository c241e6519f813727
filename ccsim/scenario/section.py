"""The base of every section of a scenario."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A frozen part of a scenario; unknown keys are faults, attribute docstrings are the reference."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        strict=True,
        arbitrary_types_allowed=True,
        # Validators are built when a section is first made: `ccsim check` needs few of them.
        defer_build=True,
    )
