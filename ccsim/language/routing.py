"""Who gets what: preference, overflow steps, vendor shares."""

from __future__ import annotations

import itertools
from typing import Any, Final, Literal, get_args

from ccsim.language.derive import form_for
from ccsim.language.forms import DictForm, EitherForm, ListForm, NameForm, WordForm
from ccsim.language.from_until import DATED_OVERFLOW
from ccsim.language.reading import Reading
from ccsim.language.section import Section, field
from ccsim.language.shares import SplitForm
from ccsim.text import scalars
from ccsim.text.paths import joined
from ccsim.text.quantities import Duration, Factor, Money, Name, Share
from ccsim.text.tree import Items, Map

AgentRule = Literal["longest_idle", "fewest_in_hand", "least_occupied", "best_skill", "cheapest", "random"]
Preference = Literal["same_region", "cheapest", "in_house_first", "proficiency"]
_PICKERS: Final = ("longest_idle", "fewest_in_hand", "least_occupied", "random")


class Translation(Section):
    """Translation, by a person or a machine."""

    handle_time: Factor = field(default=1.0, label="handle times multiplied by")
    """AHT factor: handle times are multiplied by this."""
    price: Money = field(default=0.0, label="price of a translated contact")
    """Price of one translated contact."""


form_for(Translation)


class _Language(Section):
    """Overflow to agents who speak another language than the customer."""

    language: Name = field(form=NameForm("spoken"))
    """Language that these agents speak."""
    translated: Translation = field(default_factory=Translation)
    """What translation costs in time and money."""


_TO_LANGUAGE: Final = form_for(_Language, title="OtherLanguage")


class _ToForm(EitherForm):
    """What an overflow step opens: a word, or another language."""

    def __init__(self) -> None:
        super().__init__(
            (WordForm(("any_region", "any_vendor")), _TO_LANGUAGE),
            lambda node: 1 if isinstance(node, Map) else 0,
            "any_region, any_vendor, or {language: en, translated: {handle_time: 1.25}}",
        )


def _overflow_step(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    to = values["to"]
    if isinstance(to, _Language):
        values.update(to="language", language=to.language, translated=to.translated)
    return values


class OverflowStep(Section):
    """Overflow step: after some time in the queue, more pools may answer a contact."""

    after: Duration = field(label="opens after", decides_who_serves=False)
    """Time in the queue after which the step opens."""
    to: Literal["any_region", "any_vendor", "language"] = field(form=_ToForm(), label="opens to")
    """Which pools it adds: those in other regions, those of vendors other than the assigned one, or those that speak
    another language than the customer's, `{language: en, translated: {...}}`."""
    language: Name | None = field(default=None, written=False)
    """The other language."""
    translated: Translation = field(default_factory=Translation, written=False, decides_who_serves=False)
    """What translation costs in time and money."""


_STEP: Final = form_for(OverflowStep, finish=_overflow_step, instead=DATED_OVERFLOW)


def _routing(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    for rule in values.get("choose_agent", ())[:-1]:
        if rule in _PICKERS:
            return rd.fault(
                f"{rule} picks one agent, so it can only stand last, after rankings (best_skill, cheapest)",
                node.entries["choose_agent"].node.place,
                joined(key, "choose_agent"),
            )
    steps = values.get("overflow", ())
    for number, (earlier, later) in enumerate(itertools.pairwise(steps), 1):
        if later.after <= earlier.after:
            before = scalars.duration_text(earlier.after)
            found = scalars.duration_text(later.after)
            written = node.entries["overflow"].node
            assert isinstance(written, Items)
            return rd.fault(
                f"expected overflow steps in rising order of `after`, got {found} after {before}",
                written.items[number].place,
                joined(joined(joined(key, "overflow"), str(number)), "after"),
            )
    return values


class Routing(Section):
    """Routing: which agent answers which contact."""

    choose_agent: tuple[AgentRule, ...] = field(
        default=("longest_idle",),
        form=ListForm(WordForm(get_args(AgentRule)), one_will_do=True, least=1, distinct=True),
        label="choice of agent",
        ordered=True,
        decides_who_serves=False,
    )
    """Which agent answers a new contact, within the workflow's order of pools: rankings (`best_skill`,
    `cheapest`), then how to pick among agents that rank equal (`longest_idle`, `fewest_in_hand`, `least_occupied`,
    `random`). In YAML a word or a list."""
    choose_contact: Literal[
        "oldest",
        "priority_then_oldest",
        "level_then_oldest",
        "priority_then_level_then_oldest",
        "level_then_priority_then_oldest",
        "earliest_deadline",
        "priority_then_earliest_deadline",
    ] = field(default="priority_then_oldest", label="choice of contact", decides_who_serves=False)
    """Which waiting contact a free agent answers; live contacts go before deferred ones."""
    prefer: tuple[Preference, ...] = field(
        default=(),
        form=ListForm(WordForm(get_args(Preference)), one_will_do=True, distinct=True),
        label="preferred pools",
        ordered=True,
        decides_who_serves=False,
    )
    """Which of the eligible pools are preferred, strongest rule first; applied before `choose_agent`. In YAML a word or
    a list."""
    overflow: tuple[OverflowStep, ...] = field(default=(), form=ListForm(_STEP, most=20), label="overflow step")
    """Overflow steps, for workflows that name no pools of their own. Until `any_region` opens, only pools in the
    market's region may answer (all pools, if none there has the skill). Until `any_vendor` opens, only pools of the
    assigned vendor may answer."""
    vendor_share: dict[Name, dict[Name, Share]] = field(
        default_factory=dict,
        form=DictForm(SplitForm("vendors"), of="workflows"),
        label="vendor share of",
        decides_who_serves="names",
    )
    """Vendor shares by workflow; each contact is assigned to one vendor among those able to serve it."""


ROUTING: Final = form_for(Routing, finish=_routing, lenient=True)
