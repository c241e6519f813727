"""Breaks at random: how long an agent works between two of them, how long they last, when they begin."""

from __future__ import annotations

from typing import Any, Final, Literal

from ccsim.language.derive import form_for
from ccsim.language.law_forms import LawForm
from ccsim.language.laws import Exponential, Law, mean_of
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section, field
from ccsim.language.shares import percent
from ccsim.text.paths import joined
from ccsim.text.scalars import duration_text
from ccsim.text.tree import Leaf, Map
from ccsim.units import DAY, MINUTE


class _EveryForm(LawForm):
    """A law of the time between breaks: a bare duration is the mean of an exponential law."""

    def bare(self, time: int, node: Leaf, key: str, rd: Reading) -> Any:
        rd.assume(
            f"{node.text} is taken as the mean of exponential times; say {{law: ...}} for another law, "
            f"{{value: {node.text}}} where a break is due after exactly that",
            node.place,
            key,
        )
        return Exponential(mean=time)


_EVERY: Final = _EveryForm()


class RandomBreaks(Section):
    """Breaks at random of a pool's agents, off the line at no planned time: a coffee, a word with the team lead."""

    every: Law = field(form=_EVERY, label="time until the next")
    """Time from coming on the line (signing in, back from any break) until the next break is due. A bare duration and
    a mean alone are the mean of an exponential distribution: breaks fall due at random, so many an hour on average."""
    length: Law
    """Length of a break. A bare duration is exactly that."""
    when: Literal["idle", "after_contact"] = "idle"
    """When a break that is due begins: `idle` as soon as the agent has no active contact and no contact waits that they
    could take; `after_contact` as soon as the agent has no active contact, whoever waits, and until then the agent
    takes no further one."""
    paid: bool = True
    """Whether it is paid."""


def _random_breaks(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    every, length = mean_of(values["every"]), mean_of(values["length"])
    found = rd.faults.count
    for name, mean, low, high, why in (
        ("every", every, MINUTE, None, "breaks that fall due at least 1m apart on average"),
        ("length", length, 1, DAY, "breaks of more than 0s and at most 1d on average"),
    ):
        if mean < low or (high is not None and mean > high):
            got = duration_text(round(mean))
            rd.fault(f"expected {why}, got {got}", node.entries[name].node.place, joined(key, name))
    if rd.faults.count > found:
        return BAD
    if length > every:
        said = [duration_text(round(mean)) for mean in (length, every)]
        away = percent(round(length / (every + length), 3))
        rd.warn(
            f"breaks of {said[0]}, each due {said[1]} after the last one on average, take up to {away} of the time of "
            "the agents",
            node.place,
            key,
        )
    return values


form_for(RandomBreaks, finish=_random_breaks, says="a map like {every: {mean: 1h}, length: 3m, when: idle}")
