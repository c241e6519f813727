"""A study: a question, the scenarios and factors that answer it, and what is to be told; read by `ccsim sweep`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Final, Literal, NamedTuple

from ccsim.kpis.definitions import MAIN_COST, POOL_SCOPES, QUEUE_SCOPES
from ccsim.language.derive import form_for
from ccsim.language.forms import Form, ListForm, ScalarForm, Schema, WordForm
from ccsim.language.reading import BAD, Reading, good
from ccsim.language.section import Section, field
from ccsim.language.sought import FIND, KPI, Best, Plot
from ccsim.text.paths import joined, parse_path
from ccsim.text.quantities import Count, Name
from ccsim.text.ranges import UnfitError, ValueSpan, ends_of_range, listed, span_of, stepped, values_of
from ccsim.text.tree import Items, Leaf, Map, Node, Place, flow

MOST_SAMPLES: Final = 10_000
KEEP_OCCUPANCY: Final = "keep occupancy"
KEEP_GOALS: Final = "keep goals"
_SAID_OTHERWISE: Final = dict.fromkeys(
    ("keep_occupancy", "occupancy", "follow_the_work", "follow the work", "in_proportion", "in proportion"),
    KEEP_OCCUPANCY,
) | dict.fromkeys(("keep_goals", "goals", "keep_service_level", "keep service level"), KEEP_GOALS)
STAFF: Final = WordForm((KEEP_OCCUPANCY, KEEP_GOALS), instead=_SAID_OTHERWISE)
"""How people follow the work."""
STAFF_OF_VARIANT: Final = WordForm(
    (KEEP_OCCUPANCY,),
    instead={said: word for said, word in _SAID_OTHERWISE.items() if word == KEEP_OCCUPANCY},
)
"""How people follow the work of a variant, for which nobody is searched."""
LINE: Final = ScalarForm(str, "a line of text", {"type": "string", "maxLength": 500})


_END: Final = ScalarForm(str, "a number, a share or a time, like 20%", {"type": ["string", "number"]})
NOT_VARIED: Final = {
    "run": "give --replications or --seed: all points have the same",
    "goals": "all points are judged by the same goals: those of the scenario, or what a question keeps",
    "report": "it changes no result",
    "variants": "name variants as FILE:VARIANT",
    "extends": "name another file",
    "scenario": "it is only a name",
    "title": "it is only a name",
}
"""First parts of keys that are no factor, and what to do instead."""
_SPLITS: Final = tuple(dict.fromkeys((*QUEUE_SCOPES[1:], *POOL_SCOPES[1:])))


class StudiedValues(NamedTuple):
    """The values of a factor, and where they are written."""

    values: tuple[str, ...]
    """As a planner writes them; nothing for a range without its number of values."""
    span: ValueSpan | None
    """The range, where it is one: what a sampled design draws from."""
    place: Place


class Range(Section):
    """A range of values of a key."""

    first: str = field(key="from", form=_END)
    """First value."""
    last: str = field(key="to", form=_END)
    """Last value, written alike."""
    step: str = field(default="", form=_END, none="as many as whole numbers between, or as the design draws")
    """From value to value; the last one need not be met."""


RANGE: Final = form_for(Range)


class ValuesForm(Form):
    """The values of a factor: a range or a list."""

    says = "a range like 8..12:5, 10%..30% or {from: 20%, to: 60%, step: 5%}, or a list of values"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        try:
            if isinstance(node, Items):
                return StudiedValues(listed([flow(one, 10_000) for one in node.items]), None, node.place)
            if isinstance(node, Map):
                said = RANGE.read(node, key, rd)
                return said if said is BAD else _of_range(said, node.place)
            if not isinstance(node, Leaf) or node.empty:
                return rd.expected(self.says, node, key)
            span = ends_of_range(node.text)
            if span is not None and not span.whole and ":" not in node.text:
                return StudiedValues((), span, node.place)
            return StudiedValues(values_of(node.text), span, node.place)
        except UnfitError as unfit:
            return rd.fault(str(unfit), node.place, key)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        single = {"type": ["string", "number", "boolean"]}
        return {"anyOf": [single, {"type": "array", "minItems": 1}, RANGE.schema(defs)]}

    def parts(self) -> Sequence[Form]:
        return (RANGE,)


def _of_range(said: Range, place: Place) -> StudiedValues:
    """The values of a range that is written as a map; `UnfitError` where there are none."""
    span = span_of(said.first, said.last)
    if span.first == span.last:
        raise UnfitError(f"both ends are {said.first}; for one value say it alone")
    if said.step:
        return StudiedValues(stepped(span, said.step), span, place)
    return StudiedValues(values_of(f"{said.first}..{said.last}") if span.whole else (), span, place)


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
    """What each point is simulated until, and where it is written."""

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


class Swept(Section):
    """What a sweep varies, how its points are simulated, and what is told of them."""

    question: str = field(default="", form=LINE)
    """What is to be found out, in a line; it heads the answer."""
    over: dict[str, StudiedValues] = field(form=KeysForm(ValuesForm(), 1), formerly="factors")
    """What is varied: values by any dotted key that `--set` takes."""
    design: Design = field(default_factory=Design)
    """Which points are simulated."""
    set: dict[str, str] = field(default_factory=dict, form=KeysForm(AnyForm(), 0))
    """Changes that hold for all points, as `--set` makes them."""
    staff: str | None = field(default=None, form=STAFF, none="as the scenario says")
    """Whether people follow the work where a factor changes it. `keep occupancy`: every pool gets people in proportion
    to the work that the plan brings it, whole people. `keep goals`: at each point the cheapest people are searched
    with which all goals pass, as `ccsim staff` does; point 0 stays as written."""
    best: Best | None = field(default=None, none="the cheapest is named")
    """Which point is the best: `{minimise: KPI, keep: [goals]}`; one for each value of the key that `plot` gives lines
    of their own, as a price that nobody chooses."""
    find: str = field(default="", form=FIND, none="nothing")
    """What `ccsim solve` seeks between the ends of the one key of `over`: where a KPI reaches a value, or that of the
    base, like `{cost_per_day: base}`."""
    plot: Plot | None = field(default=None, none="cost against service")
    """What the curve on the page shows."""
    replications: Count | None = field(default=None, least=2, most=10_000_000, none="the first scenario's")
    """Paired replications of every point; with `until` those of the first look, at least 20 (the default). Of `ccsim
    solve` those of the first look (10)."""
    until: StudiedRule | None = field(default=None, form=RuleForm(), none="all points have the same replications")
    """Each point has as many replications as it takes: `decided` (whether it meets all goals), `precision=5%`
    (half-width of the KPIs of the goals). Looks are after 20 replications, and whenever they have grown by half."""
    max_replications: Count | None = field(default=None, least=2, most=10_000_000, none="200")
    """Most replications of a point, with `until`; with `find` those of `ccsim solve` (320)."""
    seed: Count | None = field(default=None, none="the first scenario's")
    """Seed of the simulation."""
    outputs: tuple[str, ...] = field(default=(), form=ListForm(KPI, one_will_do=True, distinct=True))
    """KPIs that are told point by point, beside cost and goals."""
    by: tuple[str, ...] = field(default=(), form=ListForm(WordForm(_SPLITS), one_will_do=True, distinct=True))
    """Splits by which KPIs are kept beside the whole: `channel`, `vendor`, ..."""

    @property
    def settings(self) -> list[str]:
        """Changes that hold for all points; the goals that are kept among them."""
        kept = [f"goals={self.best.keep}"] if self.best is not None and self.best.keep else []
        return [*(f"{key}={value}" for key, value in self.set.items()), *kept]

    @property
    def kpis(self) -> tuple[str, ...]:
        """KPIs that are kept beside those of cost and goals."""
        of_best = (self.best.kpi,) if self.best is not None else ()
        of_plot = self.plot.kpis if self.plot is not None else ()
        more = [one for one in (*of_best, *of_plot) if one != MAIN_COST]  # which is told anyway
        return tuple(dict.fromkeys((*self.outputs, *more)))


class Study(Swept):
    """A question, and the scenarios and factors that answer it; in a file of its own, for `ccsim sweep study.yaml`."""

    study: Name
    """Name of the study."""
    scenarios: tuple[str, ...] = field(form=ListForm(LINE, one_will_do=True, least=1, distinct=True))
    """File of a scenario, or of several; `FILE:VARIANT` for a variant; relative to the study. All points are told
    against the first as written."""


def check_swept(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    """The values of a sweep; BAD after noting what does not go together."""
    design: Design | None = values.get("design")
    drawn = design is not None and design.kind != "grid"

    def fault(name: str, why: str) -> Any:
        return rd.fault(why, node.entries[name].node.place, joined(key, name))

    bad = []
    if design is not None and design.kind == "saltelli" and len(values.get("scenarios", ())) > 1:
        bad.append(fault("scenarios", "a saltelli design has one scenario: indices are of one"))
    if design is not None and design.kind == "saltelli" and values.get("until") is not None:
        bad.append(fault("until", "a saltelli design has the same replications at all points; leave it out"))
    if values.get("max_replications") is not None and not values.get("until") and not values.get("find"):
        bad.append(fault("max_replications", "says how many `until` may take; say until, or replications"))
    for name, found in values["over"].items():
        at = joined(key, "over") + f".{name}"
        if why := not_varied(name):
            bad.append(rd.fault(f"cannot be varied: {why}", found.place, at))
        elif not found.values and not drawn and not values.get("find"):
            why = "say how many values, like 10%..30%:3, or a design that draws points, like {kind: sobol, points: 32}"
            bad.append(rd.fault(why, found.place, at))
    if values.get("find"):
        bad += _check_find(values, fault)
    return BAD if bad else values


def _check_find(values: dict[str, Any], fault: Callable[[str, str], Any]) -> list[Any]:
    """What `find` needs: one key with a range, and people that need no search of their own."""
    bad = []
    if len(values["over"]) != 1:
        bad.append(fault("find", f"needs one key in `over`, between whose ends it looks; got {len(values['over'])}"))
    else:
        try:
            between(*values["over"].values())
        except UnfitError as unfit:
            bad.append(fault("over", f"`find` looks between its first and its last value: {unfit}"))
    if values.get("staff") == KEEP_GOALS:
        bad.append(fault("staff", f"with `find` say '{KEEP_OCCUPANCY}': a search of people at every look is too much"))
    return bad


def between(found: StudiedValues) -> tuple[str, str]:
    """First and last value of a factor; `UnfitError` where they are no range."""
    span = found.span or span_of(found.values[0], found.values[-1])
    if span.first == span.last:
        raise UnfitError("both are the same")
    return span.at(Fraction(0)), span.at(Fraction(1))


def not_varied(key: str) -> str:
    """Why a key is no factor, and what to do instead; nothing where it may be one."""
    return NOT_VARIED.get(key.partition(".")[0].partition("[")[0], "")


INSTEAD: Final = {
    "people": f"people that follow the work are `staff: {KEEP_OCCUPANCY}` or `staff: {KEEP_GOALS}`",
    "vary": "say `over`",
    "minimise": "say `best: {minimise: KPI, keep: [goals]}`",
    "keep": "say `best: {minimise: KPI, keep: [goals]}`",
}
"""What to say in place of keys that a sweep does not have."""
STUDY: Final = form_for(Study, finish=check_swept, instead=INSTEAD)
"""The form of a study's file."""
