"""Dotted keys: `pools.desk.staffing`, with a stretch of time where an override addresses one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MOST_PARTS: Final = 24

_BARE: Final = re.compile(r"""[^."'\[\]\s](?:[^."'\[\]]*[^."'\[\]\s])?""")


@dataclass(frozen=True, slots=True)
class Path:
    """A dotted key taken apart."""

    parts: tuple[str, ...]
    stretch: str | None = None
    """What stood in brackets at the end, `2026-03-04 14:00..15:00`."""

    def __str__(self) -> str:
        key = ""
        for part in self.parts:
            key = joined(key, part)
        return key if self.stretch is None else f"{key}[{self.stretch}]"


def joined(key: str, part: str) -> str:
    """The dotted key one level further down; a part with a dot or a bracket goes into quotes."""
    if not _BARE.fullmatch(part):
        part = '"' + part + '"'
    return f"{key}.{part}" if key else part


def parse_path(text: str) -> Path:
    """Take a dotted key apart.

    A name that contains a dot is quoted, with either quote: `workflows."a.b".priority`. Items of lists are
    numbered from 0: `goals.0.at_least`. A stretch of time may stand at the end in brackets. Raises
    `ValueError` with a message for the user.
    """
    parts: list[str] = []
    rest = text.strip()
    stretch = None
    while True:
        if rest[:1] in ('"', "'"):
            end = rest.find(rest[0], 1)
            if end < 2:
                raise ValueError(f"expected a closing {rest[0]} and a name in the quotes")
            parts.append(rest[1:end])
            rest = rest[end + 1 :]
        else:
            match = _BARE.match(rest)
            if not match:
                raise ValueError("expected names joined by dots, like pools.desk.staffing")
            parts.append(match.group())
            rest = rest[match.end() :]
        if len(parts) > MOST_PARTS:
            raise ValueError(f"more than {MOST_PARTS} names in one key")
        if rest.startswith(".") and len(rest) > 1:
            rest = rest[1:]
            continue
        break
    if rest.startswith("[") and rest.endswith("]") and len(rest) > 2:
        stretch, rest = rest[1:-1].strip(), ""
    if rest:
        raise ValueError(
            "expected names joined by dots, like pools.desk.staffing, and at the end at most a stretch of "
            "time in brackets, like [2026-03-04 14:00..15:00]"
        )
    return Path(tuple(parts), stretch)
