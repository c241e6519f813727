"""From when on something works, and how it is brought in: a bot, an article, an assistant."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from ccsim.language.handling import place_of
from ccsim.language.reading import BAD, Reading
from ccsim.text.paths import joined
from ccsim.text.tree import Map
from ccsim.units import DAY

LONGEST_RAMP: Final = 3_660 * DAY


def dated(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    """The values of a section that has a `from` and a `ramp`, where these fit each other."""
    tell_if_never(values, node, key, rd)
    return values if ramp_after_from(values, node, key, rd) else BAD


def ramp_after_from(values: dict[str, Any], node: Map, key: str, rd: Reading) -> bool:
    """Whether a `ramp` has a `from` beside it."""
    if "ramp" in values and "ramp" in node.entries and "start" not in values:
        rd.fault("needs `from:` beside it", node.entries["ramp"].place, joined(key, "ramp"))
        return False
    return True


def tell_if_never(values: dict[str, Any], node: Map, key: str, rd: Reading) -> None:
    """Warn of a `from` after the end of the run."""
    if "start" in values and rd.start is not None and rd.simulated is not None:
        ends = rd.start + rd.simulated + timedelta(days=1)  # a day of room: clocks differ
        at = joined(key, "from")
        if datetime.fromisoformat(values["start"]) >= ends:
            rd.warn("it begins after the end of the run: it changes nothing", place_of(node, "from"), at)
