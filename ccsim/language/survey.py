"""Surveys: which customers answer them; and the numbers of either sign that move what customers think."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ccsim.language.derive import form_for, quantity
from ccsim.language.forms import Form, ScalarForm, Schema
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section
from ccsim.language.section_forms import SectionForm
from ccsim.text import scalars
from ccsim.text.quantities import Share
from ccsim.text.tree import Map, Node, shown


def signed(expected: str, most: float) -> ScalarForm:
    """The form of a number of either sign of at most `most`; `expected` says what is expected, with an example."""

    def read(text: str) -> float:
        negative = text.startswith(("-", "\N{MINUS SIGN}"))
        value = scalars.number(text[1:] if negative else text, expected)
        if value > most:
            raise scalars.Misread(f"expected {expected} from -{most:g} to {most:g}, got {shown(text)}")
        return -value if negative else value

    pattern = f"^-?{scalars.NUMBER}$"
    return ScalarForm(
        read, expected, {"type": ["number", "string"], "pattern": pattern, "minimum": -most, "maximum": most}
    )


class SurveyResponse(Section):
    """Who answers the survey."""

    satisfied: Share
    """Share of the satisfied customers who answer it."""
    not_satisfied: Share
    """Share of the others who answer it."""


_RESPONSE: Final[SectionForm] = form_for(SurveyResponse)


class _ResponseForm(Form):
    """Who answers the survey: one share for all, or one each."""

    says = "a share like 20%, or {satisfied: 12%, not_satisfied: 31%}"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if isinstance(node, Map):
            return _RESPONSE.read(node, key, rd)
        share = quantity("share").read(node, key, rd)
        return BAD if share is BAD else SurveyResponse(satisfied=share, not_satisfied=share)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [quantity("share").schema(defs), _RESPONSE.schema(defs)]}

    def child(self, name: str, rd: Reading) -> Form | None:
        return _RESPONSE.child(name, rd)

    def known(self, rd: Reading) -> Sequence[str]:
        return _RESPONSE.known(rd)

    def parts(self) -> Sequence[Form]:
        return (_RESPONSE,)


RESPONSE: Final = _ResponseForm()
