"""Forms derived from the typed model: annotations say what may stand there, docstrings what it means."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from ccsim.language.currencies import MoneyForm
from ccsim.language.forms import DictForm, Form, ListForm, NameForm, ScalarForm, Schema, WordForm
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import MISSING, FieldInfo, Section
from ccsim.language.section_forms import Early, Finish, Key, SectionForm
from ccsim.language.words import kind_of
from ccsim.text import scalars
from ccsim.text.quantities import LocalTime, Quantity
from ccsim.text.tree import Leaf, Node, shown

# A pattern is for texts and bounds are for numbers: one schema says both, so that editors show one hint and not two.
_PERCENT: Final = rf"^{scalars.NUMBER} ?%$"
_SHARE_SCHEMA: Final[Schema] = {"type": ["string", "number"], "pattern": _PERCENT, "minimum": 0, "maximum": 1}
_RATIO_SCHEMA: Final[Schema] = {"type": ["string", "number"], "pattern": _PERCENT, "minimum": 0}
_FACTOR_SCHEMA: Final[Schema] = {"type": ["string", "number"], "pattern": _PERCENT, "exclusiveMinimum": 0}
_NUMBER_SCHEMA: Final[Schema] = {"type": ["number", "string"], "pattern": f"^{scalars.NUMBER}$", "minimum": 0}
_COUNT_SCHEMA: Final[Schema] = {
    "type": ["integer", "string"],
    "pattern": "^[1-9][0-9]{0,2}(_[0-9]{3})+$",
    "minimum": 0,
}

KINDS: Final[Mapping[str, tuple[Callable[[str], Any], str, Schema]]] = {
    "duration": (
        scalars.duration,
        "a duration like 90s or 6m30s",
        {"type": "string", "pattern": f"^{scalars.DURATION}$"},
    ),
    "share": (scalars.share, "a share like 80% or 0.8", _SHARE_SCHEMA),
    "ratio": (scalars.ratio, "a ratio like 0.7 or 70%", _RATIO_SCHEMA),
    "factor": (scalars.factor, "a positive number", _FACTOR_SCHEMA),
    "count": (scalars.count, "a whole number", _COUNT_SCHEMA),
    "time_of_day": (
        scalars.time_of_day,
        "a time of day like 09:30",
        {"type": "string", "pattern": f"^{scalars.TIME_OF_DAY}$"},
    ),
    "local_time": (
        scalars.local_time,
        "a local time like 2026-03-02 14:00",
        {"type": "string", "pattern": f"^{scalars.LOCAL_TIME}$"},
    ),
    "number": (scalars.number, "a number", _NUMBER_SCHEMA),
}


def quantity(kind: str, *, least: float | None = None, above: float | None = None, most: float | None = None) -> Form:
    """The form of a quantity of a kind, bounded where bounds are given."""
    if kind == "money":
        return MoneyForm()
    parse, says, schema = KINDS[kind]
    if least is None and above is None and most is None:
        return ScalarForm(parse, says, schema)

    said = [
        f"{words} {_bound(kind, bound)}"
        for words, bound in (("at least", least), ("above", above), ("at most", most))
        if bound is not None
    ]
    expected = says + (" of " if above is None else " ") + " and ".join(said)

    def bounded(text: str) -> Any:
        value = parse(text)
        low = (least is not None and value < least) or (above is not None and value <= above)
        if low or (most is not None and value > most):
            raise scalars.Misread(f"expected {expected}, got {shown(text)}")
        return value

    return ScalarForm(bounded, expected, _bounded(schema, least, above, most))


def _bounded(schema: Schema, least: float | None, above: float | None, most: float | None) -> Schema:
    """The schema with bounds where a number is written as one; texts with a unit are left to `ccsim check`."""
    if {"number", "integer"}.isdisjoint(schema.get("type", ())):
        return schema
    bounds = {"minimum": least, "exclusiveMinimum": above, "maximum": most}
    said = {word: bound for word, bound in bounds.items() if bound is not None}
    lower = {"minimum", "exclusiveMinimum"} if least is not None or above is not None else set()
    return {word: value for word, value in schema.items() if word not in lower} | said


def _bound(kind: str, value: float) -> str:
    if kind == "duration":
        return scalars.duration_text(int(value))
    if kind == "time_of_day":
        return scalars.clock_text(int(value))
    return f"{value:,g}" if isinstance(value, float) else f"{value:,}".replace(",", "_")


def form_of(info: FieldInfo) -> Form:
    """The form of a field: the one that it names, or what its type says."""
    return info.form or _form(info.annotation, (), info)


def _form(annotation: Any, metadata: tuple[Any, ...], info: FieldInfo) -> Form:
    origin, arguments = get_origin(annotation), get_args(annotation)
    form: Form | None = None
    if origin is Annotated:
        form = _form(arguments[0], (*arguments[1:], *metadata), info)
    elif origin in (Union, types.UnionType):
        # Sections that stand in for one another have one form.
        inner = [argument for argument in arguments if argument is not type(None)]
        form = _form(inner[0], metadata, info)
    elif origin is tuple:
        form = ListForm(_form(arguments[0], (), info))
    elif origin is dict:
        form = DictForm(_form(arguments[1], (), info))
    elif origin is Literal:
        form = WordForm(arguments)
    elif annotation is LocalTime:
        form = quantity("local_time")
    elif annotation is bool:
        form = ScalarForm(scalars.truth, "yes or no", {"type": ["boolean", "string"]})
    elif isinstance(annotation, type) and issubclass(annotation, Section):
        form = annotation.form
    else:
        form = _quantity(metadata, info)
    if form is None:
        raise TypeError(f"{info}: no form for {annotation!r}")
    return form


def _quantity(metadata: tuple[Any, ...], info: FieldInfo) -> Form | None:
    kind = next((item.kind for item in metadata if isinstance(item, Quantity)), None)
    if kind == "name":
        return NameForm()
    if kind is None or (kind not in KINDS and kind != "money"):
        return None
    return quantity(kind, least=info.least, above=info.above, most=info.most)


def default_text(info: FieldInfo) -> str:
    """A field's default in words; empty where it has none to speak of."""
    value: Any = info.default
    if info.default_says is not None:
        return info.default_says
    if value is MISSING or value is None or value == () or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    kind = kind_of(info)
    return ", ".join(_written(one, kind) for one in (value if isinstance(value, tuple) else (value,)))


def _written(value: Any, kind: str) -> str:
    """One value of a default as a planner would write it."""
    if kind == "duration":
        return scalars.duration_text(value)
    if isinstance(value, float):
        return f"{value:.0%}" if kind == "share" else f"{value:g}"
    return str(value)


def keys_of(section: type[Section]) -> dict[str, Key]:
    """The keys of a section in the order of its fields; keys that are short for a field come last."""
    keys, shorts = {}, {}
    for name, info in section.model_fields.items():
        if info.written:
            keys[info.key or name] = Key(
                form_of(info), info, info.is_required(), default_text(info), field=name, needs=info.needs
            )
        if info.short:
            short = info.short
            stands_for = (info.key or name,) if info.written else ()
            shorts[short.key] = Key(short.form, short.means, field=name, make=short.make, stands_for=stands_for)
    return {**keys, **shorts}


def form_for(
    section: type[Section],
    *,
    also: Mapping[str, Key] | None = None,
    finish: Finish | None = None,
    early: Early | None = None,
    lenient: bool = False,
    says: str = "",
    title: str = "",
    instead: Mapping[str, str] = types.MappingProxyType({}),
) -> SectionForm:
    """The form of a section, from its fields; from here on the section is read by it wherever it stands.

    Args:
        section: Whose keys they are.
        also: Further keys, which `finish` turns into fields.
        finish: See `SectionForm`, as `early`, `lenient`, `says`, `title` and
            `instead`.
    """
    keys = keys_of(section) | dict(also or {})
    form = SectionForm(
        section, keys, finish=finish, early=early, lenient=lenient, says=says, title=title, instead=instead
    )
    section.form = form
    return form


class OrFullForm(Form):
    """A form of a map that a shorter text may stand for; its keys are those of the map."""

    full: SectionForm

    def child(self, name: str, rd: Reading) -> Form | None:
        return self.full.child(name, rd)

    def known(self, rd: Reading) -> Sequence[str]:
        return self.full.known(rd)

    def meant(self, name: str) -> str:
        return self.full.meant(name)

    def parts(self) -> Sequence[Form]:
        return (self.full,)


class FieldOrMapForm(OrFullForm):
    """A section, or the value of one of its fields alone, all others as they are by default."""

    def __init__(
        self,
        section: type[Section],
        name: str,
        says: str,
        finish: Finish | None = None,
        instead: Mapping[str, str] = types.MappingProxyType({}),
    ) -> None:
        self.section, self.name, self.says = section, name, says
        self.full = form_for(section, finish=finish, instead=instead)
        self.alone = self.full.keys[name].form

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if isinstance(node, Leaf):
            value = self.alone.read(node, key, rd)
            return BAD if value is BAD else self.section(**{self.name: value})
        return self.full.read(node, key, rd)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [self.alone.schema(defs), self.full.schema(defs)]}
