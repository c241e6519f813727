"""Forms derived from the typed model: annotations say what may stand there, docstrings what it means."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from ccsim.language.forms import (
    DictForm,
    Finish,
    Form,
    Key,
    ListForm,
    NameForm,
    ScalarForm,
    Schema,
    SectionForm,
    WordForm,
)
from ccsim.language.section import MISSING, Bounds, FieldInfo, Section
from ccsim.text import scalars
from ccsim.text.quantities import LocalTime, Quantity
from ccsim.text.tree import shown
from ccsim.units import HOUR, MINUTE

_SHARE_SCHEMA: Final[Schema] = {
    "anyOf": [
        {"type": "string", "pattern": rf"^{scalars.NUMBER} ?%$"},
        {"type": "number", "minimum": 0, "maximum": 1},
    ]
}
_RATIO_SCHEMA: Final[Schema] = {
    "anyOf": [{"type": "string", "pattern": rf"^{scalars.NUMBER} ?%$"}, {"type": "number", "minimum": 0}]
}
_FACTOR_SCHEMA: Final[Schema] = {
    "anyOf": [
        {"type": "string", "pattern": rf"^{scalars.NUMBER} ?%$"},
        {"type": "number", "exclusiveMinimum": 0},
    ]
}
_NUMBER_SCHEMA: Final[Schema] = {
    "anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": f"^{scalars.NUMBER}$"}]
}
_COUNT_SCHEMA: Final[Schema] = {
    "anyOf": [
        {"type": "integer", "minimum": 0},
        {"type": "string", "pattern": "^[1-9][0-9]{0,2}(_[0-9]{3})+$"},
    ]
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
    "money": (
        lambda text: scalars.number(text, "an amount like 41.50"),
        "an amount like 41.50",
        _NUMBER_SCHEMA,
    ),
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

    return ScalarForm(bounded, expected, schema)


def _bound(kind: str, value: float) -> str:
    if kind == "duration":
        return scalars.duration_text(int(value))
    if kind == "time_of_day":
        return f"{int(value) // HOUR:02d}:{int(value) // MINUTE % 60:02d}"
    return f"{value:,g}" if isinstance(value, float) else f"{value:,}".replace(",", "_")


def form_of(annotation: Any, special: Mapping[type, Form], metadata: tuple[Any, ...] = ()) -> Form:
    """The form of an annotation; `special` says how sections with a written form of their own are read."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    form: Form | None = None
    if origin is Annotated:
        form = form_of(arguments[0], special, (*arguments[1:], *metadata))
    elif origin in (Union, types.UnionType):
        inner = [argument for argument in arguments if argument is not type(None)]
        form = special[inner[0]] if len(inner) > 1 else form_of(inner[0], special, metadata)
    elif origin is tuple:
        form = ListForm(form_of(arguments[0], special))
    elif origin is dict:
        form = DictForm(form_of(arguments[1], special))
    elif origin is Literal:
        form = WordForm(arguments)
    elif annotation is LocalTime:
        form = quantity("local_time")
    elif annotation is bool:
        form = ScalarForm(scalars.truth, "yes or no", {"type": ["boolean", "string"]})
    elif isinstance(annotation, type) and annotation in special:
        form = special[annotation]
    elif isinstance(annotation, type) and issubclass(annotation, Section):
        form = section_form(annotation, special)
    else:
        form = _quantity_of(metadata)
    if form is None:
        raise TypeError(f"no form for {annotation!r}")
    return form


def _quantity_of(metadata: tuple[Any, ...]) -> Form | None:
    kind: str | None = None
    least: Any = None
    above: Any = None
    most: Any = None
    for item in metadata:
        if isinstance(item, Quantity):
            kind = item.kind
        elif isinstance(item, Bounds):
            # 0 and 1 are in the words of the quantity itself.
            least = item.ge or least
            above = item.gt or above
            most = item.le if item.le not in (None, 1) else most
    if kind == "name":
        return NameForm()
    if kind is None or kind not in KINDS:
        return None
    return quantity(kind, least=least, above=above, most=most)


def keys_of(
    section: type[Section],
    special: Mapping[type, Form],
    *,
    without: tuple[str, ...] = (),
    forms: Mapping[str, Form] | None = None,
) -> dict[str, Key]:
    """The keys of a section, in the order of its fields; `forms` replaces what the annotations say."""
    keys = {}
    for name, info in section.model_fields.items():
        if name in without:
            continue
        form = (forms or {}).get(name) or form_of(info.annotation, special)
        keys[name] = Key(form, info, info.is_required(), default_text(info))
    return keys


def default_text(info: FieldInfo) -> str:
    """A field's default in words; empty where it has none to speak of."""
    value: Any = info.default
    if value is MISSING or value is None or value == () or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    kinds = _kinds(info.annotation)
    if "duration" in kinds or value == (20_000_000,):
        return scalars.duration_text(value[0] if isinstance(value, tuple) else value)
    if isinstance(value, float):
        return f"{value:.0%}" if "share" in kinds else f"{value:g}"
    return ", ".join(str(item) for item in value) if isinstance(value, tuple) else str(value)


def _kinds(annotation: Any) -> list[str]:
    """Kinds of quantity that an annotation names itself."""
    arguments = get_args(annotation) if get_origin(annotation) is Annotated else ()
    return [item.kind for item in arguments if isinstance(item, Quantity)]


def section_form(
    section: type[Section],
    special: Mapping[type, Form],
    *,
    without: tuple[str, ...] = (),
    forms: Mapping[str, Form] | None = None,
    extra: Mapping[str, Key] | None = None,
    finish: Finish | None = None,
    lenient: bool = False,
) -> SectionForm:
    """The form of a section whose keys are its fields, less `without`, plus `extra`."""
    keys = {**keys_of(section, special, without=without, forms=forms), **(extra or {})}
    return SectionForm(section, keys, finish=finish, lenient=lenient)
