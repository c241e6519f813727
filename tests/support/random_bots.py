"""What random scenarios say of bots."""

from __future__ import annotations

from hypothesis import strategies as st

from ccsim.language.bots import Bot, BotPrice
from ccsim.language.workflows import Return
from ccsim.text.quantities import LocalTime
from ccsim.units import DAY, HOUR
from tests.support.random_laws import factors, laws, shares


@st.composite
def bots(draw: st.DrawFn, channels: list[str]) -> dict[str, Bot]:
    """No bot, or one on some of the channels."""
    if draw(st.integers(0, 2)) > 0:
        return {}
    start = draw(st.sampled_from([None, "2026-03-29T02:30:00", "2026-10-25T02:30:00", "2026-06-01T03:00:00"]))
    back = Return(share=draw(shares), after=draw(laws()), attempts=draw(st.none() | st.integers(1, 3)))
    bot = Bot(
        channels=tuple(channels[: draw(st.integers(1, len(channels)))]),
        share=draw(st.sampled_from([0.3, 1.0])),
        start=None if start is None else LocalTime(start),
        ramp=0 if start is None else draw(st.sampled_from([0, 6 * HOUR])),
        session=draw(laws()),
        contained=draw(shares),
        left=draw(st.sampled_from([0.0, 0.1])),
        falsely_contained=draw(shares),
        returns=draw(st.none() | st.just(back)),
        context=draw(shares),
        context_handle_time=draw(factors),
        sessions=draw(st.none() | st.integers(1, 4)),
        if_full=draw(st.sampled_from(["agents", "turn_away"])),
        price=BotPrice(session=0.1, contained=0.9, returned_within=draw(st.sampled_from([0, DAY])), month=100.0),
    )
    return {"robot": bot}
