"""Satisfaction in points: the rating that is expected of a contact, and what moves it; in place of log odds."""

from __future__ import annotations

from typing import Any, Final, Literal

from ccsim.language.derive import form_for
from ccsim.language.forms import DictForm, Form, ScalarForm
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section, field
from ccsim.language.section_forms import SectionForm
from ccsim.language.survey import RESPONSE, SurveyResponse, signed
from ccsim.records.satisfaction import HIGHEST, LOWEST
from ccsim.text import scalars
from ccsim.text.paths import joined
from ccsim.text.quantities import Duration, Name
from ccsim.text.tree import Map, shown

POINTS: Final = signed("points like 0.2 or -0.6", HIGHEST - LOWEST)
"""What is added to an expected rating."""


def _rating(example: str, *, above: bool) -> Form:
    """The form of a rating on the scale; `above`: higher than the lowest one."""
    expected = f"a rating {'above' if above else 'from'} 1 {'and up ' if above else ''}to 5, like {example}"

    def read(text: str) -> float:
        value = scalars.number(text, expected)
        if not LOWEST <= value <= HIGHEST or (above and value == LOWEST):
            raise scalars.Misread(f"expected {expected}, got {shown(text)}")
        return value

    bound = "exclusiveMinimum" if above else "minimum"
    return ScalarForm(
        read,
        expected,
        {"type": ["number", "string"], "pattern": f"^{scalars.NUMBER}$", bound: LOWEST, "maximum": HIGHEST},
    )


class PointsOfTime(Section):
    """What a time of wait adds to the expected rating, in proportion."""

    per: Duration = field(above=0)
    """The time that `by` is said of."""
    by: float = field(form=POINTS)
    """Points that so much wait adds; mostly below 0."""


form_for(PointsOfTime)


def _points(**said: Any) -> Any:
    return field(default=0.0, form=POINTS, **said)


class MovingPoints(Section):
    """Points that are added to the expected rating of a first contact that is answered at once and resolved. What is
    not written moves nothing."""

    wait: PointsOfTime | None = field(default=None, label="wait for an agent", none="moves nothing")
    """For the time that the contact waited for an agent, in all its queues of live work: `{per: 1m, by: -0.10}`."""
    deferred_wait: PointsOfTime | None = field(default=None, label="wait for deferred work", none="moves nothing")
    """For the time that it waited in queues of deferred work: `{per: 1h, by: -0.02}`."""
    unresolved: float = _points(label="not resolved")
    """Where the contact ends without a solution."""
    repeat: float = _points(label="repeat contact")
    """Where it is not the first contact of its case."""
    transfer: float = _points()
    """For each transfer to another workflow."""
    escalation: float = _points()
    """For each escalation to a higher tier."""
    translated: float = _points()
    """Where an agent did not speak the customer's language."""


form_for(MovingPoints)


class BotPoints(Section):
    """Points that a session with a bot adds. What is not written moves nothing."""

    handed_off: float = _points()
    """Where a bot handed the contact off to agents."""
    after_false_containment: float = _points()
    """Where the contact before it was one that a bot had contained falsely; those of `repeat` are added, too."""
    sessions: bool = field(default=False, label="sessions are rated")
    """Whether contacts that end with the bot are rated, too: contained, falsely contained or left. Falsely contained
    and left count as not resolved."""
    contained: float = _points()
    """Where the bot has contained the contact, truly or falsely; of rated sessions."""
    left: float = _points()
    """Where the customer left the bot; of rated sessions."""


form_for(BotPoints)


class NpsRatings(Section):
    """Whose rating makes them recommend the company, and whose advise against it."""

    promoters_from: float = field(default=5.0, form=_rating("4.5", above=True), label="promoters from")
    """Lowest rating of promoters. Ratings are whole: from 4.5 on is 5."""
    detractors_below: float = field(default=4.0, form=_rating("3.5", above=True), label="detractors below")
    """Ratings below it are those of detractors. Ratings are whole: below 3.5 is 1 to 3."""


form_for(NpsRatings)


class LinearSatisfaction(Section):
    """How customers rate a contact that ended with an agent, in points: what they lived through moves the rating that
    is expected of them, which ends at 1 and at 5. Each rating is the whole number below or above what is expected of
    it, by chance, so that their mean is what is expected.

    Whoever abandons, is turned away or is answered by other customers gives no rating.
    """

    scale: Literal["1-5"] = field(default="1-5", silent=True)
    """Scale of the ratings."""
    base: float = field(form=_rating("4.6", above=False), label="expected rating")
    """Rating that is expected of a first contact that is answered at once and resolved."""
    moved_by: MovingPoints = field(default_factory=MovingPoints, label="moved by")
    """What adds to it."""
    nps: NpsRatings = field(default_factory=NpsRatings, label="NPS")
    """Whose rating makes a promoter, and whose a detractor; those between are passive."""
    bots: BotPoints = field(default_factory=BotPoints, label="points of bots")
    """Points of a session with a bot, and whether contacts that end with it are rated."""
    vendors: dict[Name, float] = field(
        default_factory=dict, form=DictForm(POINTS, of="vendors"), label="points of the vendor"
    )
    """Points where a vendor's agent answered last."""
    pools: dict[Name, float] = field(
        default_factory=dict, form=DictForm(POINTS, of="pools"), label="points of the pool"
    )
    """Points where a pool answered last, on top of its vendor."""
    workflows: dict[Name, float] = field(
        default_factory=dict, form=DictForm(POINTS, of="workflows"), label="points of the workflow"
    )
    """Points where the contact ended in a workflow."""
    channels: dict[Name, float] = field(
        default_factory=dict, form=DictForm(POINTS, of="channels"), label="points of the channel"
    )
    """Points of contacts of a channel."""
    response: SurveyResponse | None = field(default=None, form=RESPONSE, label="survey response")
    """Share of the customers who answer the survey, as in `satisfaction` by log odds."""


def _finish(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    nps: NpsRatings = values.get("nps", NpsRatings())
    if nps.detractors_below > nps.promoters_from:
        why = (
            f"expected detractors below at most {nps.promoters_from:g}, where promoters begin, got "
            f"{nps.detractors_below:g}"
        )
        at = node.entries["nps"].place
        rd.fault(why, at, joined(key, "nps"))
        return BAD
    _tell(values, node, key, rd)
    return values


def _tell(values: dict[str, Any], node: Map, key: str, rd: Reading) -> None:
    """Tell what the numbers are taken for, and what is not written."""
    said = node.entries.get("moved_by")
    written = set(said.node.entries) if said is not None and isinstance(said.node, Map) else set()
    missing = [name for name in MovingPoints.model_fields if name not in written]
    place = said.place if said is not None else node.place
    if missing:
        all_but = f"{', '.join(missing[:-1])} and {missing[-1]}" if len(missing) > 1 else missing[0]
        one = len(missing) == 1
        rd.assume(
            f"{all_but} {'is' if one else 'are'} not written: {'it does' if one else 'they do'} not move the rating",
            place,
            joined(key, "moved_by"),
        )
    rd.assume(
        f"a first contact that is answered at once and resolved is rated {values['base']:g} on average; each rating is "
        "a whole number, the one below or the one above what is expected of it, and NPS is of these",
        node.entries["base"].place,
        joined(key, "base"),
    )
    written = set(node.entries["nps"].node.entries) if "nps" in values else set()  # type: ignore[union-attr]
    for name, info in NpsRatings.model_fields.items():
        if name not in written:
            rd.assume(f"not written; {info.default:g} is assumed", node.place, joined(joined(key, "nps"), name))


LINEAR_SATISFACTION: Final[SectionForm] = form_for(LinearSatisfaction, finish=_finish)
SAID_IN_POINTS: Final = ("scale", "base", "moved_by")
"""Keys that tell ratings in points from those by log odds."""
