"""What is found in a scenario that cannot be meant, and where it is said."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

ANYWAY: Final = "`run` refuses it without --anyway"


class Finding(NamedTuple):
    """Something that never ends, and where it is said."""

    message: str
    parts: tuple[str, ...]
    """Key."""
    weight: Literal["fault", "refused", "warning"] = "refused"
    """Whether nothing can simulate it, `run` simulates it only where told to, or it is only told."""
