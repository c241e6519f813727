"""Routing as it is written: preference, rings, vendor shares."""

from __future__ import annotations

import itertools
from typing import Any, Final

from ccsim.language.derive import keys_of, section_form
from ccsim.language.forms import DictForm, EitherForm, Key, ListForm, NameForm, SectionForm, WordForm
from ccsim.language.reading import Reading
from ccsim.language.routing import Ring, Routing, Translation
from ccsim.language.section import Section
from ccsim.language.written.shares import SplitForm
from ccsim.text import scalars
from ccsim.text.paths import joined
from ccsim.text.tree import Items, Map

_PICKERS: Final = ("longest_idle", "fewest_in_hand", "least_occupied", "random")


class _Language(Section):
    """Agents who speak another language than the customer."""

    language: str
    """Language that they speak."""
    translated: Translation
    """What translating costs."""


def _language(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    values.setdefault("translated", Translation())
    return values


_TO_LANGUAGE: Final = SectionForm(
    _Language,
    {
        "language": Key(NameForm("spoken"), "Language that they speak.", required=True),
        "translated": Key(section_form(Translation, {}), "What translating costs."),
    },
    finish=_language,
    title="OtherLanguage",
)


class _ToForm(EitherForm):
    """What a ring opens: a word, or another language."""

    def __init__(self) -> None:
        super().__init__(
            (WordForm(("any_region", "any_vendor")), _TO_LANGUAGE),
            lambda node: 1 if isinstance(node, Map) else 0,
            "any_region, any_vendor, or {language: en, translated: {handle_time: 1.25}}",
        )


def _ring(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    to = values["to"]
    if isinstance(to, _Language):
        values.update(to="language", language=to.language, translated=to.translated)
    return values


_RING: Final = SectionForm(
    Ring,
    {
        **{name: key for name, key in keys_of(Ring, {}).items() if name == "after"},
        "to": Key(
            _ToForm(),
            "What it opens: pools in other regions, pools of vendors other than the one that was assigned, or pools "
            "that speak another language than the customer's.",
            required=True,
        ),
    },
    finish=_ring,
)


def _routing(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    for rule in values.get("choose_agent", ())[:-1]:
        if rule in _PICKERS:
            return rd.fault(
                f"{rule} picks one agent, so it can only stand last, after rankings (best_skill, cheapest)",
                node.entries["choose_agent"].node.place,
                joined(key, "choose_agent"),
            )
    rings = values.get("overflow", ())
    for number, (earlier, later) in enumerate(itertools.pairwise(rings), 1):
        if later.after <= earlier.after:
            before = scalars.duration_text(earlier.after)
            found = scalars.duration_text(later.after)
            written = node.entries["overflow"].node
            assert isinstance(written, Items)
            return rd.fault(
                f"expected rings in rising order of `after`, got {found} after {before}",
                written.items[number].place,
                joined(joined(joined(key, "overflow"), str(number)), "after"),
            )
    return values


def _routing_form() -> SectionForm:
    keys = keys_of(
        Routing,
        {},
        forms={"overflow": ListForm(_RING, most=20), "vendor_share": DictForm(SplitForm("vendors"), of="workflows")},
    )
    for name in ("choose_agent", "prefer"):
        words = keys[name].form
        assert isinstance(words, ListForm)
        several = ListForm(words.item, one_will_do=True, least=1 if name == "choose_agent" else 0, distinct=True)
        keys[name] = keys[name].but(form=several)
    return SectionForm(Routing, keys, finish=_routing, lenient=True)


ROUTING: Final = _routing_form()
