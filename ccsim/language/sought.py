"""What a question seeks: the goals that are to be kept, the best point by a KPI, the value that a KPI is to reach."""

from __future__ import annotations

from typing import Any, Final

from ccsim.kpis.definitions import KPIS, MAIN_COST
from ccsim.kpis.goals import value_of
from ccsim.language.derive import form_for
from ccsim.language.forms import Form, ListForm, ScalarForm, Schema, WordForm
from ccsim.language.goals import GOAL, GOAL_VALUES
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section, field
from ccsim.text.faults import near
from ccsim.text.paths import joined
from ccsim.text.tree import Leaf, Map, Node, flow, shown

KPI: Final = WordForm(tuple(KPIS))
KPI.says = "the name of a KPI"
BASE: Final = "base"
"""Stands for the value of the base, where a KPI is to reach it."""


class KeptForm(Form):
    """Goals, as a scenario has them: read to be checked, and kept as they are written, as `--set goals=...` takes
    them."""

    goals = ListForm(GOAL, least=1, most=200)
    says = "a list of goals, like [{kpi: service_level, at_least: 80%}]"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        value = self.goals.read(node, key, rd)
        return BAD if value is BAD else flow(node, 100_000)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return self.goals.schema(defs)

    def parts(self) -> tuple[Form, ...]:
        return (self.goals,)


KEPT: Final = KeptForm()


class Best(Section):
    """Which point of a sweep is the best: by a KPI, among those whose goals all pass."""

    minimise: str = field(default="", form=KPI, none="maximise")
    """KPI of everything that is to be low."""
    maximise: str = field(default="", form=KPI, none="minimise")
    """KPI of everything that is to be high."""
    keep: str = field(default="", form=KEPT, none="the scenario's goals")
    """Goals that the points are judged by in this question."""

    @property
    def kpi(self) -> str:
        """The KPI that decides."""
        return self.minimise or self.maximise


def _best(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    said = [name for name in ("minimise", "maximise") if name in values]
    if len(said) != 1:
        what = "one of minimise and maximise, not both" if said else "what is to be best: minimise or maximise"
        return rd.fault(f"say {what}, like {{minimise: cost_per_day}}", node.place, key)
    kpi, other = values[said[0]], "maximise" if said[0] == "minimise" else "minimise"
    wanted = {"lower": "minimise", "higher": "maximise"}.get(KPIS[kpi].better)
    if wanted is None:
        why = f"of {kpi} neither the lower nor the higher is better"
    elif wanted != said[0]:
        why = f"of {kpi} the {KPIS[kpi].better} is better: say {other}"
    else:
        return values
    return rd.fault(why, node.entries[said[0]].node.place, joined(key, said[0]))


BEST: Final = form_for(Best, finish=_best)


class FindForm(Form):
    """A KPI and the value that it is to reach: `{cost_per_day: base}`."""

    says = f"a KPI and the value that it is to reach, or `{BASE}` for that of the base, like {{cost_per_day: {BASE}}}"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not isinstance(node, Map) or len(node.entries) != 1:
            return rd.expected(self.says, node, key)
        ((kpi, entry),) = node.entries.items()
        if kpi not in KPIS:
            return rd.fault(f"there is no KPI {shown(kpi)}{near(kpi, KPIS)}", entry.place, joined(key, kpi))
        value, at = entry.node, joined(key, kpi)
        if not isinstance(value, Leaf) or value.empty:
            return rd.expected(f"a value, or `{BASE}`", value, at)
        if value.text == BASE:
            return f"{kpi} = {BASE}"
        if "base" in value.text:
            return rd.fault(f"say `{BASE}` for the value of the base, got {shown(value.text)}", value.place, at)
        read = GOAL_VALUES[value_of(KPIS[kpi])].read(value, at, rd)
        return BAD if read is BAD else f"{kpi} = {value.text}"

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {
            "type": "object",
            "propertyNames": {"enum": list(KPIS)},
            "additionalProperties": {"type": ["string", "number"]},
            "minProperties": 1,
            "maxProperties": 1,
        }


FIND: Final = FindForm()


class Plot(Section):
    """What the curve of a sweep's page shows."""

    x: str = field(default=MAIN_COST, form=KPI)
    """KPI of everything along the line below."""
    y: str = field(default="", form=KPI, none="the service of the first goal")
    """KPI of everything along the line at the left."""
    line: str = field(default="", form=ScalarForm(str, "a key of `over`", {"type": "string"}), none="one")
    """Key of `over` of which each value has a line of its own."""

    @property
    def kpis(self) -> tuple[str, ...]:
        """KPIs that have to be kept for it."""
        return tuple(kpi for kpi in (self.x, self.y) if kpi)


PLOT: Final = form_for(Plot)
