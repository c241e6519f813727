"""Tenure: agents of a pool who are new, or learning, and handle contacts otherwise than the rest of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ccsim.language.derive import form_for
from ccsim.language.forms import DictForm
from ccsim.language.quality import QUALITY, Quality
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section, field
from ccsim.language.shares import TOLERANCE, percent
from ccsim.text.quantities import Factor, Share
from ccsim.text.tree import Node


class Tenure(Section):
    """Agents of a pool who have been there for about as long. They stay so for the whole run."""

    share: Share = field(above=0)
    """Share of the pool's agents."""
    handle_time: Factor = field(default=1.0, label="handle times multiplied by")
    """AHT factor of these agents, beside that of the pool; recorded times stay as they are."""
    quality: Quality | None = field(default=None, form=QUALITY, none="as the rest of the pool")
    """Quality of their work, on top of the pool's: `{resolved: {add: -6%}}`."""


class _TenureForm(DictForm):
    """Agents by tenure: their shares are 100 % at most."""

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        before = rd.faults.count
        found = super().read(node, key, rd)
        if found is BAD or rd.faults.count > before:
            return found
        said = sum(one.share for one in found.values())
        if said > 1 + TOLERANCE:
            return rd.fault(f"the shares add up to {percent(said)}; expected 100% at most", node.place, key)
        return found


_INSTEAD: Final = {"aht": "the factor on their handle times is `handle_time: 1.2`"}
TENURE: Final = _TenureForm(form_for(Tenure, instead=_INSTEAD), least=1, most=10)


def tenure_of(shares: Mapping[str, float], agents: int) -> list[str]:
    """Tenure of the first so many agents of a pool, `""` for the rest of it: the next agent has the one that lags most
    behind its share, so any first few of them are as mixed as all."""
    whole = max(sum(shares.values()), 1.0)
    wanted = {name: share / whole for name, share in sorted(shares.items())}
    wanted[""] = max(1.0 - sum(wanted.values()), 0.0)
    there = dict.fromkeys(wanted, 0)
    found = []
    for number in range(1, agents + 1):
        name = max(wanted, key=lambda one: round(wanted[one] * number - there[one], 9))
        there[name] += 1
        found.append(name)
    return found


def pace_by_tenure(tenure: Mapping[str, Tenure]) -> float:
    """Factor on the mean handle time of a pool whose agents are all as busy: the harmonic mean, as who is slower
    handles less."""
    others = max(1.0 - sum(one.share for one in tenure.values()), 0.0)
    return 1.0 / (others + sum(one.share / one.handle_time for one in tenure.values()))
