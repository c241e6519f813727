"""Quality by vendor, pool, skill and tenure: who resolves more of the same contacts, or satisfies more customers."""

from __future__ import annotations

from typing import Any, Final

from ccsim.language.derive import FieldOrMapForm, form_for
from ccsim.language.forms import ScalarForm, Schema
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section, field
from ccsim.language.survey import signed
from ccsim.text import scalars
from ccsim.text.quantities import Factor
from ccsim.text.tree import Leaf, Node, shown

_SIGNS: Final = ("+", "-", "\N{MINUS SIGN}")
"""The first says more, the others less."""
_EXPECTED: Final = "points of a share like 4% or -4%"


def _points(text: str) -> float:
    value = scalars.ratio(text.lstrip("".join(_SIGNS)), _EXPECTED)
    if value > 1:
        raise scalars.Misread(f"expected {_EXPECTED}, at most 100% either way, got {shown(text)}")
    return -value if text.startswith(_SIGNS[1:]) else value


_POINTS: Final = ScalarForm(
    _points, _EXPECTED, {"type": ["number", "string"], "pattern": rf"^[+-]?{scalars.NUMBER} ?%?$"}
)


class QualityEffect(Section):
    """What becomes of a share of the tier in these hands: first multiplied, then points are added."""

    times: Factor = field(default=1.0, most=10.0, label="multiplied by")
    """Factor on the tier's share."""
    add: float = field(default=0.0, form=_POINTS, label="points added", shows="share")
    """Percentage points that are added to it: `4%` or `-4%`."""


class _EffectForm(FieldOrMapForm):
    """A factor, points with their sign, or a map of both."""

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not (isinstance(node, Leaf) and node.text.startswith(_SIGNS) and node.text.endswith("%")):
            return super().read(node, key, rd)
        points = _POINTS.read(node, key, rd)
        return BAD if points is BAD else QualityEffect(add=points)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        signed_points = {"type": "string", "pattern": rf"^[+-]{scalars.NUMBER} ?%$"}
        return {"anyOf": [self.alone.schema(defs), signed_points, self.full.schema(defs)]}


EFFECT: Final = _EffectForm(
    QualityEffect, "times", "a factor like 1.05, points like +4% or -4%, or a map like {add: 4%} or {times: 0.95}"
)
MOST_ADDED: Final = 50.0
"""Log odds beyond this are certain for all purposes."""
_ADDED: Final = signed("log odds like -0.3, or points of rating", MOST_ADDED)
NO_EFFECT: Final = QualityEffect()


class Quality(Section):
    """Quality of work beside what the tiers of the workflows say. Effects of a vendor, a pool and its skill in the
    workflow add up: factors multiply, points are added after that. The shares stay within what is left of 100 %: first
    transfers, then what is resolved, then escalations. Where a tier escalates or transfers nothing, nobody does."""

    resolved: QualityEffect = field(default=NO_EFFECT, form=EFFECT, label="effect on resolved")
    """Effect on the share of handled contacts that resolve the case. In YAML a factor `1.05`, or points `+4%`, which is
    `{add: 4%}`."""
    escalated: QualityEffect = field(default=NO_EFFECT, form=EFFECT, label="effect on escalated")
    """Effect on the share that goes on to the next tier."""
    transferred: QualityEffect = field(default=NO_EFFECT, form=EFFECT, label="effect on transferred")
    """Effect on the share that goes to another workflow, all targets in proportion (the wrong ones included), or back
    to the tier before."""
    satisfaction: float = field(
        default=0.0,
        form=_ADDED,
        label="added to satisfaction",
        shows="number",
    )
    """Added to the rating of contacts that end with them: log odds, where `satisfaction` is in points of rating points;
    on top of the `vendors` and `pools` there."""


_BESIDE: Final = "what their work makes of the shares of the tiers is `quality: {resolved: +4%, escalated: 0.9}`"
IN_QUALITY: Final = dict.fromkeys(("resolved", "resolution", "fcr", "escalated", "transferred"), _BESIDE) | {
    "csat": "what they add to the ratings of their contacts is `quality: {satisfaction: -0.2}`"
}
"""What to say of keys that are meant for `quality`, where that is a key."""
QUALITY: Final = form_for(
    Quality,
    instead={
        **dict.fromkeys(("resolution", "fcr"), "the effect on the share that resolves the case is `resolved`"),
        "escalation": "the effect on the share that goes on to the next tier is `escalated`",
        "misrouted": "the effect on the share that goes to another workflow, rightly or wrongly, is `transferred`",
        "csat": "what is added to the rating of their contacts is `satisfaction`",
        "handle_time": "the factor on handle times stands beside `quality`, of a pool, skill or tenure",
    },
)
