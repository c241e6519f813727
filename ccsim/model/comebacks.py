"""By which channel customers come back and how patient they are then, as arrays."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from ccsim.centre.precedence import patience_of
from ccsim.centre.return_channels import mix_after, share_after
from ccsim.centre.siblings import Siblings
from ccsim.errors import Fault, ScenarioError
from ccsim.kernel import layout
from ccsim.kernel.arrays import Comebacks
from ccsim.kernel.layout import Floats, Ints
from ccsim.language.workflows import Return
from ccsim.model.routes import Queue, Routes
from ccsim.records.outcomes import OF_WORKFLOWS, RETURN_REASONS


def returns_after(routes: Routes, queue: Queue) -> list[Return | None]:
    """Returns of a queue's contacts by code of their reason; the last is that of the bot that they met before."""
    after_contained = None if queue.bot is None else routes.scenario.bots[queue.bot].returns
    return [*(getattr(queue.workflow.returns, name) for name in OF_WORKFLOWS), after_contained]


def comebacks_of(routes: Routes, kinds: Sequence[Queue]) -> Comebacks:
    """The arrays of `Comebacks`; `kinds`: a queue of each kind, in order.

    Raises `ScenarioError` where customers come back by a channel on which nobody takes them (the reader finds these
    first).
    """
    channels = {name: i for i, name in enumerate(routes.channels)}
    siblings = Siblings(routes.scenario, routes.streams)
    mix = np.full((max(len(kinds), 1), len(RETURN_REASONS)), layout.NONE, np.int64)
    rows: dict[tuple[tuple[str, float], ...], int] = {}
    channel: list[int] = []
    until: list[float] = []
    for i, queue in enumerate(kinds):
        for code, back in enumerate(returns_after(routes, queue)):
            came = queue.stream.channel
            if back is None or share_after(back, came) <= 0.0:
                continue
            shares = tuple(sorted((name, one) for name, one in mix_after(back, came).items() if one > 0))
            if [name for name, _ in shares] == [came]:
                continue
            if shares not in rows:
                rows[shares] = len(until)
                channel.extend(channels.get(name, layout.NONE) for name, _ in shares)
                # the last one takes what rounding leaves
                until.extend([*itertools.accumulate(one for _, one in shares[:-1]), 1.0])
            mix[i, code] = rows[shares]
    patience, times = _patience(routes, kinds)
    return Comebacks(
        mix=mix,
        channel=np.array(channel or [layout.NONE], np.int64),
        until=np.array(until or [1.0], np.float64),
        sibling=_siblings(routes, siblings, channels) if rows else np.full((1, 1), layout.NONE, np.int64),
        patience=patience,
        times=times,
    )


def _siblings(routes: Routes, siblings: Siblings, channels: dict[str, int]) -> Ints:
    found = np.full((len(routes.streams), len(channels)), layout.NONE, np.int64)
    faults = []
    for rank, stream in enumerate(routes.streams):
        taken = siblings.of(stream)
        for name in siblings.channels(stream):
            if name in taken:
                found[rank, channels[name]] = taken[name]
            else:
                why = f"customers of {stream.name} come back by {name}, and no stream takes them there"
                faults.append(Fault(why, f"workflows.{stream.workflow}.returns"))
    if faults:
        raise ScenarioError(faults)
    return found


def _patience(routes: Routes, kinds: Sequence[Queue]) -> tuple[Ints, Floats]:
    """First row and number of rows of each kind, and the factors on the patience of returns."""
    rows: dict[tuple[float, ...], int] = {}
    times: list[float] = []
    bounds = np.zeros((max(len(kinds), 1), 2), np.int64)
    for i, queue in enumerate(kinds):
        patience = patience_of(routes.scenario, queue.workflow, queue.channel)
        if patience is None or not patience.after_return:
            continue
        if patience.after_return not in rows:
            rows[patience.after_return] = len(times)
            times.extend(patience.after_return)
        bounds[i] = rows[patience.after_return], len(patience.after_return)
    return bounds, np.array(times or [1.0], np.float64)
