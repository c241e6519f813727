"""What the agents of a pool can do: skills by workflow, and languages with the proficiency in each."""

from __future__ import annotations

from typing import Any, Final

from ccsim.language.derive import FieldOrMapForm, quantity
from ccsim.language.forms import DictForm, EitherForm, ListForm, NameForm
from ccsim.language.quality import QUALITY, Quality
from ccsim.language.reading import Reading
from ccsim.language.section import Section, field
from ccsim.text.quantities import Count, Factor
from ccsim.text.tree import Map, Node


class Skill(Section):
    """A skill of a pool: its level in one workflow, its AHT factor and its quality."""

    level: Count = field(default=1, least=1, most=1_000)
    """Skill level, 1 is the best; the routing rule `best_skill` uses it."""
    handle_time: Factor = field(default=1.0, label="handle times multiplied by")
    """AHT factor: talk and wrap-up times are multiplied by this."""
    quality: Quality | None = field(default=None, form=QUALITY, none="as the tier says", decides_who_serves=False)
    """Quality in this workflow, on top of the pool's: `{resolved: 1.05}`."""


SKILL: Final = FieldOrMapForm(Skill, "level", "a level like 1, or a map like {level: 1, handle_time: 1.25}")


class LanguagesForm(EitherForm):
    """Languages: names, or a map with the proficiency in each."""

    def __init__(self) -> None:
        names = ListForm(NameForm(offers="languages"), one_will_do=True, least=1, distinct=True)
        proficiency = DictForm(quantity("share", above=0), offers="languages", least=1, most=1_000)
        super().__init__(
            (names, proficiency),
            lambda node: 1 if isinstance(node, Map) else 0,
            "languages like [en, de], or with proficiency like {de: 100%, en: 90%}",
        )

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        value = super().read(node, key, rd)
        return dict.fromkeys(value, 1.0) if isinstance(value, tuple) else value
