"""A study: a question, the scenarios and factors that answer it, and what is to be told; read by `ccsim sweep`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal, NamedTuple

from ccsim.kpis.definitions import KPIS, POOL_SCOPES, QUEUE_SCOPES
from ccsim.language.derive import form_for
from ccsim.language.forms import Form, ListForm, ScalarForm, Schema, WordForm
from ccsim.language.reading import Reading, good
from ccsim.language.section import Section, field
from ccsim.text.paths import parse_path
from ccsim.text.quantities import Count, Name
from ccsim.text.ranges import UnfitError, ValueSpan, ends_of_range, listed, values_of
from ccsim.text.tree import Items, Leaf, Map, Node, Place, flow

MOST_SAMPLES: Final = 10_000
KEEP_OCCUPANCY: Final = "keep occupancy"
KEEP_GOALS: Final = "keep goals"
_LINE: Final = ScalarForm(str, "a line of text", {"type": "string", "maxLength": 500})


_KPI: Final = WordForm(tuple(KPIS))
_KPI.says = "the name of a KPI"
_SPLITS: Final = tuple(dict.fromkeys((*QUEUE_SCOPES[1:], *POOL_SCOPES[1:])))


class StudiedValues(NamedTuple):
    """The values of a factor, and where they are written."""

    values: tuple[str, ...]
    """As a planner writes them; nothing for a range without its number of values."""
    span: ValueSpan | None
    """The range, where it is one: what a sampled design draws from."""
    place: Place


class ValuesForm(Form):
    """The values of a factor: a range or a list."""

    says = "a range like 8..12:5 or 10%..30%, or a list of values"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        try:
            if isinstance(node, Items):
                return StudiedValues(listed([flow(one, 10_000) for one in node.items]), None, node.place)
            if not isinstance(node, Leaf) or node.empty:
                return rd.expected(self.says, node, key)
            span = ends_of_range(node.text)
            if span is not None and not span.whole and ":" not in node.text:
                return StudiedValues((), span, node.place)
            return StudiedValues(values_of(node.text), span, node.place)
        except UnfitError as unfit:
            return rd.fault(str(unfit), node.place, key)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [{"type": ["string", "number", "boolean"]}, {"type": "array", "minItems": 1}]}


class KeysForm(Form):
    """A map from dotted keys of a scenario to equal things."""

    def __init__(self, value: Form, least: int) -> None:
        self.value, self.least = value, least
        self.says = f"a map from dotted keys like pools.desk.staffing; each value {value.says}"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not isinstance(node, Map):
            return rd.expected("a map", node, key)
        if len(node.entries) < self.least:
            return rd.fault(f"expected at least {self.least} in the map, got none", node.place, key)
        values = {}
        for name, entry in node.entries.items():
            try:
                parse_path(name)
            except ValueError as error:
                values[name] = rd.fault(str(error), entry.place, f"{key}.{name}")
                continue
            values[name] = self.value.read(entry.node, f"{key}.{name}", rd)
        return good(values)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        schema: Schema = {"type": "object", "additionalProperties": self.value.schema(defs)}
        return schema | ({"minProperties": self.least} if self.least else {})

    def parts(self) -> Sequence[Form]:
        return (self.value,)


class StudiedRule(NamedTuple):
    """What each point is played until, and where it is written."""

    text: str
    place: Place


class RuleForm(Form):
    """A stopping rule, as behind `--until`."""

    says = "decided, or a precision like precision=5%"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not isinstance(node, Leaf) or node.empty:
            return rd.expected(self.says, node, key)
        return StudiedRule(node.text, node.place)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"type": "string", "pattern": "^(decided|precision=.+)$"}


class AnyForm(Form):
    """Any value, as one line: what `--set` takes."""

    says = "a value as behind --set"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        return flow(node, 100_000)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {}


class Design(Section):
    """Which points of the factors are simulated."""

    kind: Literal["grid", "latin_hypercube", "sobol", "saltelli"] = "grid"
    """`grid`: every combination of the values. The others draw points: from ranges anywhere between the ends (whole
    numbers where both ends are), from lists one of the values. `latin_hypercube` and `sobol` spread them evenly;
    `saltelli` draws so many pairs of points and changes one factor at a time between the two, for Sobol indices: it
    simulates `points` times (factors + 2)."""
    points: Count | None = field(default=None, least=2, most=MOST_SAMPLES, none="all combinations")
    """How many points are drawn; of `sobol` and `saltelli` a power of two."""
    seed: Count = field(default=2026)
    """Seed of the drawn points; not that of the simulation."""


def _design(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    kind: str = values.get("kind", "grid")
    points: int | None = values.get("points")
    if kind == "grid" and points is not None:
        place = node.entries["points"].node.place
        return rd.fault(
            "a grid has all combinations; leave it out, or say latin_hypercube, sobol or saltelli",
            place,
            f"{key}.points",
        )
    if kind == "grid":
        return values
    if points is None:
        return rd.fault(
            f"say how many points {kind} draws, like {{kind: {kind}, points: 32}}", node.place, f"{key}.points"
        )
    if kind in ("sobol", "saltelli") and points & (points - 1):
        below = 1 << (points.bit_length() - 1)
        why = f"expected a power of two, like {below} or {2 * below}, got {points}"
        return rd.fault(why, node.entries["points"].node.place, f"{key}.points")
    return values


DESIGN: Final = form_for(Design, finish=_design)


class Study(Section):
    """A question, and the scenarios and factors that answer it; in a file of its own, for `ccsim sweep study.yaml`."""

    study: Name
    """Name of the study."""
    question: str = field(default="", form=_LINE)
    """What is to be found out, in a line; it heads the answer."""
    scenarios: tuple[str, ...] = field(form=ListForm(_LINE, one_will_do=True, least=1, distinct=True))
    """File of a scenario, or of several; `FILE:VARIANT` for a variant; relative to the study. All points are told
    against the first as written."""
    factors: dict[str, StudiedValues] = field(form=KeysForm(ValuesForm(), 1))
    """What is varied: values by any dotted key that `--set` takes."""
    design: Design = field(default_factory=Design)
    """Which points are simulated."""
    set: dict[str, str] = field(default_factory=dict, form=KeysForm(AnyForm(), 0))
    """Changes that hold for all points, as `--set` makes them."""
    staff: Literal["keep occupancy", "keep goals"] | None = field(default=None, none="as the scenario says")
    """Whether people follow the work where a factor changes it. `keep occupancy`: every pool gets people in proportion
    to the work that the plan brings it, whole people. `keep goals`: at each point the cheapest people are searched
    with which all goals pass, as `ccsim staff` does; point 0 stays as written."""
    replications: Count | None = field(default=None, least=2, most=10_000_000, none="the first scenario's")
    """Paired replications of every point; with `until` those of the first look, at least 20 (the default)."""
    until: StudiedRule | None = field(default=None, form=RuleForm(), none="all points have the same replications")
    """Each point has as many replications as it takes: `decided` (whether it meets all goals), `precision=5%`
    (half-width of the KPIs of the goals). Looks are after 20 replications, and whenever they have grown by half."""
    max_replications: Count | None = field(default=None, least=2, most=10_000_000, none="200")
    """Most replications of a point, with `until`."""
    seed: Count | None = field(default=None, none="the first scenario's")
    """Seed of the simulation."""
    outputs: tuple[str, ...] = field(default=(), form=ListForm(_KPI, one_will_do=True, distinct=True))
    """KPIs that are told point by point, beside cost and goals."""
    by: tuple[str, ...] = field(default=(), form=ListForm(WordForm(_SPLITS), one_will_do=True, distinct=True))
    """Splits by which KPIs are kept beside the whole: `channel`, `vendor`, ..."""


def _study(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    design: Design | None = values.get("design")
    if design is not None and design.kind == "saltelli" and len(values["scenarios"]) > 1:
        place = node.entries["scenarios"].node.place
        return rd.fault("a saltelli design has one scenario: indices are of one", place, "scenarios")
    if design is not None and design.kind == "saltelli" and values.get("until") is not None:
        place = node.entries["until"].node.place
        return rd.fault("a saltelli design has the same replications at all points; leave it out", place, "until")
    if values.get("max_replications") is not None and values.get("until") is None:
        place = node.entries["max_replications"].node.place
        return rd.fault("says how many `until` may take; say until, or replications", place, "max_replications")
    for name, found in values["factors"].items():
        if not found.values and (design is None or design.kind == "grid"):
            why = "say how many values, like 10%..30%:3, or a design that draws points, like {kind: sobol, points: 32}"
            return rd.fault(why, found.place, f"factors.{name}")
    return values


STUDY: Final = form_for(Study, finish=_study)
"""The form of a study's file."""
