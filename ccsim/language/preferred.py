"""Pools that contacts of some segments or severities go to first, before all others that may answer them."""

from __future__ import annotations

from typing import Any, Final

from ccsim.language.derive import form_for, quantity
from ccsim.language.forms import EitherForm, ListForm, WordForm, names_of
from ccsim.language.reading import Reading
from ccsim.language.section import Section, field
from ccsim.text.quantities import Duration, Name
from ccsim.text.tree import Leaf, Map

_AFTER: Final = EitherForm(
    (WordForm(("never",)), quantity("duration")),
    lambda node: 0 if isinstance(node, Leaf) and node.text.isalpha() else 1,
    "a duration like 5m, or never",
)


def _preferred(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    if not values.get("severity") and not values.get("segments"):
        why = "say whose contacts go first to these pools: `severity: sev1`, or `segments: gold`"
        return rd.fault(f"{why}; for all contacts of the workflow say `pools:` and `overflow:`", node.place, key)
    if values.get("others_after") == "never":
        values["others_after"] = None
    return values


class Preferred(Section):
    """Pools that contacts of some segments or severities go to first, whatever others may answer them."""

    severity: tuple[Name, ...] = field(default=(), form=names_of("severities"), label="of severity", none="all")
    """Severities of the cases whose contacts go first to the pools; with `segments` both must hold. In YAML a name or a
    list. Default: all."""
    segments: tuple[Name, ...] = field(default=(), form=names_of("segments"), none="all")
    """Segments of the customers that go first to the pools. In YAML a name or a list. Default: all."""
    tier: tuple[Name, ...] = field(default=(), form=names_of("tiers"), label="at tiers", none="all")
    """Tiers of the workflow at which it holds. In YAML a name or a list. Default: all."""
    pools: tuple[Name, ...] = field(form=names_of("pools"))
    """Pools that may answer at once, whatever vendor is assigned and whatever overflow steps there are; they rank
    equal. Who lacks skill, language or certification, or is excluded by residency, is left out. In YAML a name or a
    list."""
    others_after: Duration | None = field(default=0, form=_AFTER, label="others after", none="never")
    """Time in the queue after which all others may answer too, each as without this rule, but not before. 0 (unless
    given): others may answer at once, the pools are only asked first. `never`: nobody else answers. Where none of the
    pools may serve a visit, the rule is not for it."""


form_for(Preferred)
PREFERRED: Final = ListForm(form_for(Preferred, finish=_preferred), most=20)
