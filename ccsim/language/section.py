"""The base of every section of a scenario: a frozen record; its attribute docstrings are the reference.

Sections are made by the forms that read them, which have looked at every value. So a section checks no types when it
is made, and loading the language costs little: `ccsim check` starts in no time.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Self, dataclass_transform

if TYPE_CHECKING:
    from ccsim.language.forms import Form


class _Missing:
    """Stands for a default that does not exist."""


MISSING = _Missing()


class Short(NamedTuple):
    """A key that is short for a field: `workflows: [a, b]` for `skills`."""

    key: str
    form: Form
    means: str
    """What the key means, in a sentence."""
    make: Callable[[Any], Any]
    """The field's value from the one that was read."""


class Needs(NamedTuple):
    """What has to be said beside a field."""

    field: str
    why: str
    """Why, after `needs `paid_hour:`, `: `the price of the hours that are missing`."""
    others: tuple[str, ...] = ()
    """Fields of which one will do instead."""


@dataclass(slots=True, eq=False, kw_only=True)
class FieldInfo:
    """One field of a section and all that is said of it beside its type and its docstring: the one home of a setting.

    The reader, the JSON Schema, the reference page, `explain`, the words of `diff`, the page of assumptions and what
    a variant may reuse follow from it.
    """

    default: Any = MISSING
    """Value where nothing is written; without one the field must be given."""
    default_factory: Callable[[], Any] | None = None
    """Makes the default, where each section needs one of its own."""
    default_says: str | None = None
    """The default in words, where its value does not say it."""
    form: Form | None = None
    """How it is read, where its type does not say: a name of something, a written form of its own."""
    least: float | None = None
    """Smallest value, in the unit of the type: microseconds, shares from 0 to 1."""
    above: float | None = None
    """Values must be above this."""
    most: float | None = None
    """Largest value."""
    label: str | None = None
    """What it is called when two scenarios are laid side by side; without one its name, with spaces."""
    heading: str = ""
    """Of a part of the scenario: the heading that it stands under, where that is not what it is called."""
    places: tuple[str, ...] = ()
    """Names of its items, where the places of a list have names: months, days."""
    none: str = "none"
    """What it means that nothing is said."""
    unit: str = ""
    """Of what it is an amount: `people`. Told as so many more or fewer."""
    shows: str = ""
    """Kind of quantity in texts, where the type says another or none: `weekdays`, `trend`."""
    key: str = ""
    """What a planner writes, below the section, where it is not the field's name: `deferred.keep_free`."""
    formerly: str = ""
    """An older name of its key, which is still understood, and told."""
    written: bool = True
    """Whether its name is a key; not so where only a short form or another key sets it."""
    needs: Needs | None = None
    """What has to be said beside it."""
    short: Short | None = None
    """Another key that is short for it."""
    ordered: bool = False
    """Whether the order of its items means something of its own."""
    silent: bool = False
    """Whether it can change no result."""
    decides_who_serves: bool | Literal["names"] = True
    """Whether the pools that may serve a visit depend on it; `names`: on the names of its map alone. A variant that
    changes none of these keeps the eligible pools that were found before, so the safe answer is yes."""
    section: type[Section] = dataclasses.field(default_factory=lambda: Section)
    """Where it stands."""
    name: str = ""

    def __str__(self) -> str:
        return f"{self.section.__name__}.{self.name}"

    @property
    def words(self) -> str:
        """What it is called when two scenarios are laid side by side: `price of a paid hour`."""
        return self.name.replace("_", " ") if self.label is None else self.label

    @property
    def title(self) -> str:
        """The heading that a part of the scenario stands under: `Shift patterns`."""
        return self.heading or self.words[:1].upper() + self.words[1:]

    @property
    def annotation(self) -> Any:
        """The type, with what `Annotated` says of it."""
        written = self.section.__annotations__[self.name]
        if isinstance(written, str):
            written = eval(written, vars(sys.modules[self.section.__module__]))  # noqa: S307
        return written

    @property
    def description(self) -> str:
        """The field's docstring as one line."""
        return _docstrings(self.section.__module__).get(self.section.__name__, {}).get(self.name, "")

    def is_required(self) -> bool:
        """Whether it has no default."""
        return self.default is MISSING and self.default_factory is None


def field(**said: Any) -> Any:
    """Declare a field of a section: `people: Count | None = field(default=None, unit="people")`; see `FieldInfo`."""
    return FieldInfo(**said)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
class Section:
    """A frozen part of a scenario, made with named values; fields without a default must be given."""

    model_fields: ClassVar[Mapping[str, FieldInfo]] = {}
    """Fields by name, in the order in which they are declared."""
    told_first: ClassVar[tuple[str, ...]] = ()
    """Fields that come first where a section is told in a line."""
    form: ClassVar[Form | None] = None
    """How it is read, once its form is made."""
    _required: ClassVar[frozenset[str]] = frozenset()
    _factories: ClassVar[Mapping[str, Callable[[], Any]]] = {}

    def __init_subclass__(cls) -> None:
        fields: dict[str, FieldInfo] = {}
        for name, annotation in cls.__dict__.get("__annotations__", {}).items():  # noqa: RUF063
            if str(annotation).startswith("ClassVar"):
                continue
            said = cls.__dict__.get(name, MISSING)
            info = fields[name] = said if isinstance(said, FieldInfo) else FieldInfo(default=said)
            info.section, info.name = cls, name
            if isinstance(said, FieldInfo):
                delattr(cls, name)
            if info.default is not MISSING and info.default_factory is None:
                setattr(cls, name, info.default)
        for base in cls.__mro__[1:]:  # its own fields first, then those of the section that it extends
            for name, info in getattr(base, "model_fields", {}).items():
                fields.setdefault(name, info)
        cls.model_fields = fields
        cls._required = frozenset(name for name, info in fields.items() if info.is_required())
        cls._factories = {name: info.default_factory for name, info in fields.items() if info.default_factory}

    def __init__(self, **values: Any) -> None:
        unknown = values.keys() - self.model_fields.keys()
        missing = self._required - values.keys()
        if unknown or missing:
            said = [f"unknown {', '.join(sorted(unknown))}"] if unknown else []
            said += [f"missing {', '.join(sorted(missing))}"] if missing else []
            raise TypeError(f"{type(self).__name__}: {'; '.join(said)}")
        self._fill(values)

    def _fill(self, values: dict[str, Any]) -> None:
        for name, make in self._factories.items():
            if name not in values:
                values[name] = make()
        self.__dict__.update(values)

    @classmethod
    def model_construct(cls, **values: Any) -> Self:
        """A section that may lack values, for checks that look at what could be read."""
        section = cls.__new__(cls)
        section._fill(values)
        return section

    def model_copy(self, *, update: Mapping[str, Any]) -> Self:
        """The section with other values in some fields."""
        return type(self)(**{**self.__dict__, **update})

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen; model_copy(update=...) makes another one")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.model_fields)

    def __hash__(self) -> int:
        values = (getattr(self, name) for name in self.model_fields)
        return hash(tuple(frozenset(value.items()) if isinstance(value, dict) else value for value in values))

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.model_fields)
        return f"{type(self).__name__}({values})"


@cache
def _docstrings(module: str) -> dict[str, dict[str, str]]:
    """By class and field: the text that stands below the field in the source of a module."""
    import ast

    path = sys.modules[module].__file__
    assert path is not None
    found: dict[str, dict[str, str]] = {}
    for node in ast.parse(Path(path).read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.ClassDef):
            continue
        texts = found.setdefault(node.name, {})
        for field, below in zip(node.body, node.body[1:], strict=False):
            if not (isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)):
                continue
            if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
                texts[field.target.id] = " ".join(str(below.value.value).split())
    return found
