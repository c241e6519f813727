"""The kernel against the reference engine: every visit and span of agent time, to the microsecond."""

from __future__ import annotations

import pytest

from ccsim.kernel import layout
from ccsim.model import compile_model
from ccsim.records.outcomes import OUTCOMES
from tests.engine.busy_centres import centre
from tests.support.engines import compare

HAPPENS = {
    "desk": {
        "abandoned",
        "blocked",
        "closed",
        "escalated",
        "transferred",
        "unresolved",
        "open_in_hand",
    },
    "chats": {"abandoned", "blocked", "closed", "moved_on", "open_waiting", "open_in_hand"},
    "globe": {"abandoned", "by_peers", "closed", "escalated", "transferred", "unresolved"},
}
"""What every one of these centres sees, besides `resolved`."""


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", ["desk", "chats", "globe"])
def test_busy_centres(kind: str, seed: int) -> None:
    kept = compare(compile_model(centre(kind, seed)), seed)
    ended = {code for code in kept.log[:, layout.LOG_OUTCOME].tolist() if code < layout.PART_HELD}
    assert {OUTCOMES[code] for code in ended} >= HAPPENS[kind] | {"resolved"}
    assert len(kept.log) > 250


@pytest.mark.parametrize("seed", range(2))
def test_staffing_that_falls_while_others_are_idle(seed: int) -> None:
    kept = compare(compile_model(centre("quiet", seed)), seed)
    assert len(kept.log) > 150
