"""Balking: customers who hear how long they will wait and leave at once."""

from __future__ import annotations

import itertools
from typing import Any, Final

from ccsim.language.derive import form_for
from ccsim.language.law_forms import LawForm
from ccsim.language.laws import Exponential, Law
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section, field
from ccsim.text.paths import joined
from ccsim.text.quantities import Duration, Share
from ccsim.text.tree import Leaf, Map


class _ToleratedForm(LawForm):
    """A law of the longest announced wait that is accepted: a bare duration is the mean of an exponential law."""

    def bare(self, time: int, node: Leaf, key: str, rd: Reading) -> Any:
        rd.assume(
            f"{node.text} is taken as the mean of exponential times; say {{law: ...}} for another law, "
            f"{{value: {node.text}}} where everybody accepts exactly that",
            node.place,
            key,
        )
        return Exponential(mean=time)


class BalkingStep(Section):
    """Share of customers who leave at once above an announced wait."""

    above: Duration
    """The step holds for announced waits longer than this, up to that of the next step."""
    share: Share
    """Share of these customers who leave at once."""


form_for(BalkingStep)


class Balking(Section):
    """Who leaves at once at the announced wait (balking): by steps, by a law, or by their own patience.

    The announced wait is told to whoever finds no free agent: (number already waiting in line + 1) x mean handle
    time / agents on the line. Who leaves has balked with wait 0, and has not abandoned. Who stays has the patience
    of the channel or workflow."""

    steps: tuple[BalkingStep, ...] = field(default=(), label="balking step")
    """Shares that leave at once by announced wait: `[{above: 1m, share: 20%}, {above: 3m, share: 50%}]`. Nobody leaves
    at announced waits up to the first step."""
    tolerates: Law | None = field(default=None, form=_ToleratedForm(), label="accepted wait")
    """Distribution of the longest announced wait that a customer accepts; who hears a longer one leaves at once. A bare
    duration is the mean of an exponential distribution."""
    own_patience: bool = field(default=False, label="own patience against the announced wait")
    """Whether customers compare the announced wait with their own patience and leave at once if it is longer. Who
    stays abandons when that patience ends, as without balking."""


_WAYS: Final = ("steps", "tolerates", "own_patience")


def _balking(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    said = [name for name in _WAYS if values.get(name)]
    if len(said) != 1:
        got = "got none" if not said else f"got {' and '.join(said)}"
        return rd.fault(f"expected one of {', '.join(_WAYS)} (yes), {got}", node.place, key)
    for earlier, later in itertools.pairwise(values.get("steps", ())):
        if later.above <= earlier.above:
            why = "expected balking steps in rising order of `above`"
            return rd.fault(why, node.entries["steps"].node.place, joined(key, "steps"))
        if later.share < earlier.share:
            why = "expected shares that do not fall: a longer announced wait does not keep more customers"
            rd.fault(why, node.entries["steps"].node.place, joined(key, "steps"))
            return BAD
    return values


_STEPS: Final = "steps stand in a list: steps: [{above: 2m, share: 30%}]"
form_for(
    Balking,
    finish=_balking,
    says="a map like {steps: [{above: 2m, share: 30%}]} or {tolerates: {mean: 3m}}",
    instead={**dict.fromkeys(("above", "share", "announced"), _STEPS), "patience": "say `own_patience: yes`"},
)
