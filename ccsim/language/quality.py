"""Quality: who resolves more of the same contacts, escalates or transfers fewer - by vendor, pool and skill."""

from __future__ import annotations

from typing import Final

from ccsim.language.derive import FieldOrMapForm, form_for
from ccsim.language.forms import ScalarForm
from ccsim.language.section import Section, field
from ccsim.text import scalars
from ccsim.text.quantities import Factor
from ccsim.text.tree import shown

_EXPECTED: Final = "points of a share like 4% or -4%"


def _points(text: str) -> float:
    negative = text.startswith(("-", "\N{MINUS SIGN}"))
    value = scalars.ratio(text.lstrip("+-\N{MINUS SIGN}"), _EXPECTED)
    if value > 1:
        raise scalars.Misread(f"expected {_EXPECTED}, at most 100% either way, got {shown(text)}")
    return -value if negative else value


_POINTS: Final = ScalarForm(
    _points, _EXPECTED, {"type": ["number", "string"], "pattern": rf"^[+-]?{scalars.NUMBER} ?%?$"}
)


class QualityEffect(Section):
    """What becomes of a share of the tier in these hands: first multiplied, then points are added."""

    times: Factor = field(default=1.0, most=10.0, label="multiplied by")
    """Factor on the tier's share."""
    add: float = field(default=0.0, form=_POINTS, label="points added", shows="share")
    """Percentage points that are added to it: `4%` or `-4%`."""


EFFECT: Final = FieldOrMapForm(QualityEffect, "times", "a factor like 1.05, or a map like {add: 4%} or {times: 0.95}")
NO_EFFECT: Final = QualityEffect()


class Quality(Section):
    """Quality of work beside what the tiers of the workflows say. Effects of a vendor, a pool and its skill in the
    workflow add up: factors multiply, points are added after that. The shares stay within what is left of 100 %: first
    transfers, then what is resolved, then escalations. Where a tier escalates or transfers nothing, nobody does."""

    resolved: QualityEffect = field(default=NO_EFFECT, form=EFFECT, label="effect on resolved")
    """Effect on the share of handled contacts that resolve the case. In YAML a factor `1.05`, or `{add: 4%}`."""
    escalated: QualityEffect = field(default=NO_EFFECT, form=EFFECT, label="effect on escalated")
    """Effect on the share that goes on to the next tier."""
    transferred: QualityEffect = field(default=NO_EFFECT, form=EFFECT, label="effect on transferred")
    """Effect on the share that goes to another workflow, all targets in proportion (the wrong ones included), or back
    to the tier before."""


QUALITY: Final = form_for(Quality)
