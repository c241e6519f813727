"""What random scenarios say of bots, deflections, assists and other customers."""

from __future__ import annotations

from hypothesis import strategies as st

from ccsim.language.assists import Assist
from ccsim.language.bots import Bot, BotPrice
from ccsim.language.channels import Peers
from ccsim.language.deflections import Deflection
from ccsim.language.quality import QualityEffect
from ccsim.language.workflows import Return
from ccsim.text.quantities import LocalTime
from ccsim.units import DAY, HOUR
from tests.support.random_laws import factors, laws, shares

STARTS = (None, "2026-03-29T02:30:00", "2026-10-25T02:30:00", "2026-06-01T03:00:00")


@st.composite
def deflections(draw: st.DrawFn, work: list[str], channels: list[str]) -> dict[str, Deflection]:
    """No deflection, or one or two that overlap."""
    found = {}
    for name in ["page", "message"][: draw(st.sampled_from([0, 0, 1, 2]))]:
        start = draw(st.sampled_from(STARTS))
        found[name] = Deflection(
            share=draw(st.sampled_from([0.15, 0.5, 1.0])),
            workflows=draw(st.sampled_from([None, (work[0],)])),
            channels=draw(st.sampled_from([None, (channels[0],)])),
            start=None if start is None else LocalTime(start),
            ramp=0 if start is None else draw(st.sampled_from([0, 6 * HOUR])),
        )
    return found


@st.composite
def assists(draw: st.DrawFn, work: list[str], channels: list[str], pools: list[str]) -> dict[str, Assist]:
    """No assist, or one or two that overlap."""
    effects = st.builds(QualityEffect, times=st.sampled_from([0.5, 1.0, 1.3]), add=st.sampled_from([-0.1, 0.0, 0.2]))
    found = {}
    for name in ["copilot", "tool"][: draw(st.sampled_from([0, 0, 1, 2]))]:
        start = draw(st.sampled_from(STARTS))
        found[name] = Assist(
            pools=draw(st.sampled_from([None, (pools[0],)])),
            workflows=draw(st.sampled_from([None, (work[0],)])),
            channels=draw(st.sampled_from([None, (channels[0],)])),
            handle_time=draw(st.sampled_from([0.8, 1.0, 1.1])),
            resolved=draw(effects),
            escalated=draw(effects),
            transferred=draw(effects),
            start=None if start is None else LocalTime(start),
            ramp=0 if start is None else draw(st.sampled_from([0, 6 * HOUR])),
        )
    return found


def peers() -> st.SearchStrategy[Peers]:
    """Other customers who answer half of a channel, at once or later."""
    return st.builds(Peers, share=st.just(0.5), after=st.none() | laws())


@st.composite
def bots(draw: st.DrawFn, channels: list[str]) -> dict[str, Bot]:
    """No bot, or one on some of the channels."""
    if draw(st.integers(0, 2)) > 0:
        return {}
    start = draw(st.sampled_from(STARTS))
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
