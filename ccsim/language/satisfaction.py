"""Satisfaction: how customers rate a contact that ended with an agent, by what they lived through."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

from ccsim.language.derive import form_for
from ccsim.language.forms import DictForm, Form, ListForm, Schema
from ccsim.language.linear_satisfaction import LINEAR_SATISFACTION, SAID_IN_POINTS
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section, field
from ccsim.language.section_forms import SectionForm, elsewhere
from ccsim.language.survey import RESPONSE, SurveyResponse, signed
from ccsim.language.words import percent
from ccsim.text.paths import joined
from ccsim.text.quantities import Name
from ccsim.text.tree import Leaf, Map, Node

MOST_ODDS: Final = 50.0
"""Log odds beyond this are certain for all purposes."""

COEFFICIENT: Final = signed("a number like 0.8 or -0.35", MOST_ODDS)
"""Log odds, or what is added to them."""


def _odds(default: float, **said: Any) -> Any:
    return field(default=default, form=COEFFICIENT, **said)


class CsatCoefficients(Section):
    """Log odds of being satisfied (a rating of 4 or 5 of 5), and what adds to them."""

    constant: float = _odds(0.3)
    """Log odds of a first contact that is answered at once and not resolved."""
    resolved: float = _odds(2.0)
    """Added where the contact ends resolved."""
    per_minute_of_wait: float = _odds(-0.15, label="a minute of wait")
    """Added for each minute that the contact waited for an agent, in all its queues of live work."""
    per_hour_of_wait: float = _odds(-0.04, label="an hour of wait for deferred work")
    """Added for each hour that it waited in queues of deferred work."""
    repeat: float = _odds(-0.6)
    """Added where it is not the first contact of its case."""
    transferred: float = _odds(-0.4)
    """Added for each transfer to another workflow, or back to the tier before."""
    escalated: float = _odds(-0.2)
    """Added for each escalation to a higher tier."""
    translated: float = _odds(-0.4)
    """Added where an agent did not speak the customer's language."""


class BotOdds(Section):
    """Log odds that a session with a bot adds."""

    handed_off: float = _odds(-0.2)
    """Added where a bot handed the contact off to agents."""
    after_false_containment: float = _odds(-0.5)
    """Added where the contact before it was one that a bot had contained falsely; `repeat` is added, too."""
    sessions: bool = field(default=False, label="sessions are rated")
    """Whether contacts that end with the bot are rated, too: contained, falsely contained or left. Falsely contained
    and left count as not resolved."""
    contained: float = _odds(-0.3)
    """Added where the bot has contained the contact, truly or falsely; of rated sessions."""
    left: float = _odds(-1.0)
    """Added where the customer left the bot; of rated sessions."""


class NpsCutPoints(Section):
    """On the same log odds: who recommends the company, and who advises against it."""

    promoter: float = _odds(1.5)
    """Log odds at which half of the customers are promoters."""
    detractor: float = _odds(-0.3)
    """Log odds at which half of the customers are detractors; those between are passive."""


class Satisfaction(Section):
    """How customers rate a contact that ended with an agent; an ordered logit of what they lived through.

    Whoever abandons, is turned away or is answered by other customers gives no rating.
    """

    csat: CsatCoefficients = field(default_factory=CsatCoefficients, label="log odds of being satisfied")
    """Log odds of being satisfied, and what adds to them. What is not written has a default, which is an assumption."""
    cut_points: tuple[float, ...] = field(
        default=(-1.5, -0.8, 0.0, 1.0),
        form=ListForm(COEFFICIENT, least=4, most=4),
        label="cut points of the ratings",
        places=("2 of 5", "3 of 5", "4 of 5", "5 of 5"),
        ordered=True,
    )
    """Log odds at which a rating of at least 2, 3, 4 and 5 of 5 is as likely as not; rising. The third is where
    satisfaction begins: leave it at 0, and the log odds of `csat` are those of a rating of 4 or 5."""
    nps: NpsCutPoints = field(default_factory=NpsCutPoints, label="cut points of the NPS")
    """On the same log odds: who is a promoter, and who a detractor."""
    bots: BotOdds = field(default_factory=BotOdds, label="added for bots")
    """What a session with a bot adds, and whether contacts that end with it are rated. What is not written has a
    default, which is an assumption."""
    vendors: dict[Name, float] = field(
        default_factory=dict, form=DictForm(COEFFICIENT, of="vendors"), label="added for the vendor"
    )
    """Added where a vendor's agent answered last."""
    pools: dict[Name, float] = field(
        default_factory=dict, form=DictForm(COEFFICIENT, of="pools"), label="added for the pool"
    )
    """Added where a pool answered last, on top of its vendor."""
    workflows: dict[Name, float] = field(
        default_factory=dict, form=DictForm(COEFFICIENT, of="workflows"), label="added for the workflow"
    )
    """Added where the contact ended in a workflow."""
    channels: dict[Name, float] = field(
        default_factory=dict, form=DictForm(COEFFICIENT, of="channels"), label="added for the channel"
    )
    """Added for contacts of a channel."""
    response: SurveyResponse | None = field(default=None, form=RESPONSE, label="survey response")
    """Share of the customers who answer the survey: one for all, `20%`, or `{satisfied: 12%, not_satisfied: 31%}`.
    Without it no survey is simulated: satisfaction is known of every contact that ended with an agent."""


class Default(NamedTuple):
    """A default that is assumed where nothing is written."""

    text: str
    why: str


def _share(odds: float) -> str:
    return percent(round(1.0 / (1.0 + math.exp(-odds)), 2))


_BASE: Final = CsatCoefficients.constant + CsatCoefficients.resolved


def _falls(added: float, to: str) -> str:
    return f"{to}, {_share(_BASE)} of satisfied customers become {_share(_BASE + added)}"


ASSUMED: Final[Mapping[str, str]] = {
    "csat.constant": f"of first contacts that are answered at once and not resolved {_share(CsatCoefficients.constant)}"
    " satisfy",
    "csat.resolved": f"of those that are resolved {_share(_BASE)} satisfy",
    "csat.per_minute_of_wait": _falls(5 * CsatCoefficients.per_minute_of_wait, "after 5 minutes of wait"),
    "csat.per_hour_of_wait": _falls(24 * CsatCoefficients.per_hour_of_wait, "after a day of wait for deferred work"),
    "csat.repeat": _falls(CsatCoefficients.repeat, "where it is a repeat contact"),
    "csat.transferred": _falls(CsatCoefficients.transferred, "after a transfer"),
    "csat.escalated": _falls(CsatCoefficients.escalated, "after an escalation"),
    "csat.translated": _falls(CsatCoefficients.translated, "where it is translated"),
    "cut_points": "a mean rating of 4.6 of 5 goes with 91 % of satisfied customers, one of 3.5 with 57 %",
    "nps.promoter": f"{_share(_BASE - NpsCutPoints.promoter)} of those who are resolved at once are promoters",
    "nps.detractor": f"{_share(NpsCutPoints.detractor - _BASE)} of those who are resolved at once are detractors",
}
"""What each default means, by key: no measurement stands behind them."""

_SECTIONS: Final = {"csat": CsatCoefficients, "nps": NpsCutPoints}


def _default_of(name: str) -> str:
    section, _, key = name.partition(".")
    if not key:
        return ", ".join(f"{value:g}" for value in Satisfaction.cut_points)
    return f"{getattr(_SECTIONS[section], key):g}"


def _finish(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    bad = False
    cuts = values.get("cut_points", Satisfaction.cut_points)
    if any(low >= high for low, high in pairwise(cuts)):
        why = f"expected four rising numbers like [-1.5, -0.8, 0, 1], got {', '.join(f'{cut:g}' for cut in cuts)}"
        rd.fault(why, node.entries["cut_points"].place, joined(key, "cut_points"))
        bad = True
    nps = values.get("nps", NpsCutPoints())
    if nps.detractor > nps.promoter:
        why = (
            f"expected the cut point of detractors at or below that of promoters, got {nps.detractor:g} above "
            f"{nps.promoter:g}"
        )
        rd.fault(why, node.entries["nps"].place, joined(key, "nps"))
        bad = True
    if bad:
        return BAD
    _tell_defaults(node, key, rd)
    return values


def _tell_defaults(node: Map, key: str, rd: Reading) -> None:
    """Tell every coefficient that is not written: it is an assumption."""
    for name, meaning in ASSUMED.items():
        written: Node | None = node
        at = key
        for part in name.split("."):
            written = written.get(part) if isinstance(written, Map) else None
            at = joined(at, part)
        if written is None:
            rd.assume(f"not written; {_default_of(name)} is assumed, not measured: {meaning}", node.place, at)


ASSUMED_OF_BOTS: Final[Mapping[str, str]] = {
    "handed_off": _falls(BotOdds.handed_off, "where a bot handed the contact off"),
    "after_false_containment": _falls(
        CsatCoefficients.repeat + BotOdds.after_false_containment, "after false containment, as a repeat contact"
    ),
    "contained": _falls(BotOdds.contained, "where a bot solves it in place of an agent"),
    "left": "beside that it is not resolved, "
    f"{_share(CsatCoefficients.constant)} of satisfied customers become "
    f"{_share(CsatCoefficients.constant + BotOdds.left)}",
}
"""The same of `bots`; those of sessions only where these are rated."""


def tell_of_bots(said: Satisfaction, node: Node, rd: Reading) -> None:
    """Tell every coefficient of bots that is not written, in a scenario with bots; `node`: that of the section."""
    within = node.get("bots") if isinstance(node, Map) else None
    for name, meaning in ASSUMED_OF_BOTS.items():
        if (within.get(name) if isinstance(within, Map) else None) is None and (
            said.bots.sessions or name not in ("contained", "left")
        ):
            why = f"not written; {getattr(BotOdds, name):g} is assumed, not measured: {meaning}"
            rd.assume(why, (within or node).place, f"satisfaction.bots.{name}")


class _Both(Form):
    """What stands below a key that both ways of rating have: found in either. It is read by the section's own."""

    def __init__(self, first: Form, second: Form) -> None:
        self._first, self._second, self.says = first, second, first.says

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        return self._first.read(node, key, rd)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [self._first.schema(defs), self._second.schema(defs)]}

    def child(self, name: str, rd: Reading) -> Form | None:
        return self._first.child(name, rd) or self._second.child(name, rd)

    def known(self, rd: Reading) -> Sequence[str]:
        return list(dict.fromkeys([*self._first.known(rd), *self._second.known(rd)]))

    def parts(self) -> Sequence[Form]:
        return (self._first, self._second)


class SatisfactionForm(Form):
    """The section by log odds, or the word `defaults` for one in which nothing is written; or the one in points."""

    says = (
        "a map with csat, cut_points, nps, vendors, pools, workflows, channels, response; one with base and moved_by, "
        "in points of rating; or the word defaults"
    )

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if isinstance(node, Leaf) and node.text == "defaults":
            node = Map({}, node.place)
        if not isinstance(node, Map):
            return rd.expected(self.says, node, key)
        marks = [name for name in SAID_IN_POINTS if name in node.entries]
        odds = [name for name in ("csat", "cut_points") if name in node.entries]
        if marks and odds:
            at = node.entries[odds[0]].place
            why = f"say {odds[0]} (log odds) or {marks[0]} (points of rating), not both"
            return rd.fault(f"{why}{elsewhere(node, marks[0], at)}", at, joined(key, odds[0]))
        return (LINEAR_SATISFACTION if marks else _SECTION).read(node, key, rd)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [{"enum": ["defaults"]}, _SECTION.schema(defs), LINEAR_SATISFACTION.schema(defs)]}

    def child(self, name: str, rd: Reading) -> Form | None:
        found = [form for form in (one.child(name, rd) for one in self.parts()) if form is not None]
        return _Both(*found) if len(found) > 1 else next(iter(found), None)

    def known(self, rd: Reading) -> Sequence[str]:
        return list(dict.fromkeys([*_SECTION.known(rd), *LINEAR_SATISFACTION.known(rd)]))

    def parts(self) -> Sequence[Form]:
        return (_SECTION, LINEAR_SATISFACTION)


form_for(
    CsatCoefficients,
    instead={
        "wait": "say `per_minute_of_wait: -0.15`, and of deferred work `per_hour_of_wait`",
        **{name: f"it stands beside csat: satisfaction.{name}s" for name in ("vendor", "pool", "workflow", "channel")},
        **{
            name: f"it stands beside csat: satisfaction.{name}"
            for name in ("vendors", "pools", "workflows", "channels")
        },
    },
)
form_for(NpsCutPoints)
form_for(BotOdds)
_SECTION: Final[SectionForm] = form_for(Satisfaction, finish=_finish)
SATISFACTION: Final = SatisfactionForm()
