"""The base of every section of a scenario: a frozen record; its attribute docstrings are the reference.

Sections are made by the forms that read them, which have looked at every value. So a section checks no types when it
is made, and loading the language costs little: `ccsim check` starts in no time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Self, dataclass_transform


class Bounds:
    """Bounds of a number, and how a default is made."""

    __slots__ = ("default_factory", "ge", "gt", "le", "lt")

    def __init__(
        self,
        default_factory: Callable[[], Any] | None,
        ge: float | None,
        gt: float | None,
        le: float | None,
        lt: float | None,
    ) -> None:
        self.default_factory = default_factory
        self.ge = ge
        self.gt = gt
        self.le = le
        self.lt = lt


def Field(  # noqa: N802
    *,
    default_factory: Callable[[], Any] | None = None,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
) -> Any:
    """In an annotation the bounds of a number; in place of a default, how one is made for every section."""
    return Bounds(default_factory, ge, gt, le, lt)


class FieldInfo:
    """One field of a section."""

    __slots__ = ("default", "default_factory", "name", "section")

    def __init__(self, section: type[Section], name: str, default: Any) -> None:
        self.section = section
        self.name = name
        made = isinstance(default, Bounds)
        self.default_factory = default.default_factory if made else None
        self.default = MISSING if made else default

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


class _Missing:
    """Stands for a default that does not exist."""


MISSING = _Missing()


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(Field,))
class Section:
    """A frozen part of a scenario, made with named values; fields without a default must be given."""

    model_fields: ClassVar[Mapping[str, FieldInfo]] = {}
    """Fields by name, in the order in which they are declared."""
    _required: ClassVar[frozenset[str]] = frozenset()
    _factories: ClassVar[Mapping[str, Callable[[], Any]]] = {}

    def __init_subclass__(cls) -> None:
        fields: dict[str, FieldInfo] = {}
        # `inspect.get_annotations` would load `inspect`, which takes as long as reading a scenario.
        for name, annotation in cls.__dict__.get("__annotations__", {}).items():  # noqa: RUF063
            if not str(annotation).startswith("ClassVar"):
                fields[name] = FieldInfo(cls, name, cls.__dict__.get(name, MISSING))
        cls.model_fields = fields
        cls._required = frozenset(name for name, info in fields.items() if info.is_required())
        cls._factories = {name: info.default_factory for name, info in fields.items() if info.default_factory}
        for name in cls._factories:
            delattr(cls, name)

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
        return hash(tuple(getattr(self, name) for name in self.model_fields))

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
