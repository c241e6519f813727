"""Sections as they are written: a map with fixed keys, each with its form, its meaning and its default."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from types import MappingProxyType
from typing import Any

from ccsim.language.forms import Form, Schema
from ccsim.language.reading import BAD, Bad, Reading, good
from ccsim.language.section import FieldInfo, Needs, Section
from ccsim.text.faults import nearest
from ccsim.text.paths import joined
from ccsim.text.tree import Entry, Leaf, Map, Node, Place, shown


def _instead(name: str, entry: Entry) -> str:
    """What to say in place of a key that is none but was plainly meant; nothing where that is not known."""
    if len(name) == 3 and name.isdecimal() and isinstance(entry.node, Leaf) and entry.node.empty:
        return "a comma ends a value within braces; group digits with underscores, as in 84_000"
    if len(name) < 3 and name.isdecimal() and isinstance(entry.node, Leaf) and entry.node.empty:
        return "a comma ends a value within braces; the decimal sign is a point, as in 4.2"
    return ""


class Key:
    """One key of a section."""

    __slots__ = ("_doc", "_formerly", "default", "field", "form", "make", "needs", "required", "stands_for")

    def __init__(
        self,
        form: Form,
        doc: str | FieldInfo,
        required: bool = False,
        default: str = "",
        *,
        field: str = "",
        make: Callable[[Any], Any] | None = None,
        needs: Needs | None = None,
        formerly: str = "",
        stands_for: tuple[str, ...] = (),
    ) -> None:
        self.form = form
        self._doc = doc
        self._formerly = formerly
        self.required = required
        self.default = default
        """The default in words; empty where there is none to speak of."""
        self.field = field
        """The field that it sets, where it has another name; empty: the one of its own name."""
        self.make = make
        """Makes the field's value from the one that was read; None: it is the same."""
        self.needs = needs
        """What has to be said beside it."""
        self.stands_for = stands_for
        """The key, below the section, that says the same in more words; empty where there is none."""

    @property
    def info(self) -> FieldInfo | None:
        """The field that it is, with all that is said of it; None for a key that is none."""
        return None if isinstance(self._doc, str) else self._doc

    @property
    def doc(self) -> str:
        """What the key means: the docstring of a field, which is only looked up when somebody asks."""
        return self._doc if isinstance(self._doc, str) else self._doc.description

    def head(self, name: str) -> str:
        """What stands above its meaning, where it is called `name`: `headcount: people`."""
        words = self.info.words if self.info is not None else ""
        return f"{name}: {words}" if words and words != name.replace("_", " ") else name

    @property
    def unsaid(self) -> str:
        """What it means that nothing is said where there is no default, `all`; empty where that needs no words."""
        return "" if isinstance(self._doc, str) or self._doc.none == "none" else self._doc.none

    @property
    def formerly(self) -> str:
        """An older name of the key, which is still understood; empty where there is none."""
        return self._formerly if isinstance(self._doc, str) else self._doc.formerly

    def optional(self) -> Key:
        """The same key, which need not be written."""
        return Key(
            self.form,
            self._doc,
            default=self.default,
            field=self.field,
            make=self.make,
            needs=self.needs,
            formerly=self._formerly,
            stands_for=self.stands_for,
        )


Finish = Callable[[dict[str, Any], Map, str, Reading], Any]
Early = Callable[[dict[str, Any], str, Reading], None]


class SectionForm(Form):
    """A map with fixed keys that becomes a `Section`.

    `finish` turns the values that were read into the arguments of the section; it runs only when every key
    could be read, and may note further faults and return BAD; `early` runs before it, faults or not, to give
    values their final names. A faulty section is BAD too, unless `lenient`: then what could be read is kept,
    so that further checks can look at it.
    """

    def __init__(
        self,
        section: type[Section],
        keys: Mapping[str, Key],
        *,
        finish: Finish | None = None,
        title: str = "",
        lenient: bool = False,
        early: Early | None = None,
        says: str = "",
        instead: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.section = section
        self.keys = dict(keys)
        self.finish = finish
        self.title = title or section.__name__
        self.lenient = lenient
        self.renamed = {known.formerly: name for name, known in self.keys.items() if known.formerly}
        """New names of keys, by the old ones."""
        self.early = early
        self.says = says or "a map with " + ", ".join(self.keys)
        self.instead = instead
        """What to say in place of words that are no keys here but are plainly meant."""

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not isinstance(node, Map):
            return rd.expected(self.says, node, key)
        node = self.with_new_names(node, key, rd)
        values = self.values(node, key, rd)
        self._by_field(values, node, key, rd)
        if self.early:
            self.early(values, key, rd)
        said = frozenset(values)
        if any(value is BAD for value in values.values()):
            self._all_beside(said, node, key, rd)
            return self.partial(values)
        arguments = self.finish(values, node, key, rd) if self.finish else values
        if isinstance(arguments, Bad) or not self._all_beside(said, node, key, rd):
            return self.partial(values)
        return self.section(**arguments)

    def meant(self, name: str) -> str:
        return self.instead.get(name, "")

    def with_new_names(self, node: Map, key: str, rd: Reading) -> Map:
        """The map with the new names of keys; each old one is told."""
        if self.renamed.keys().isdisjoint(node.entries):
            return node
        entries: dict[str, Entry] = {}
        for name, entry in node.entries.items():
            new = self.renamed.get(name, name)
            if new != name and new in node.entries:
                rd.fault(f"`{name}` is now called `{new}`; say {new} alone", entry.place, joined(key, name))
                continue
            if new != name:
                rd.warn(f"`{name}` is now called `{new}`", entry.place, joined(key, name))
            entries[new] = entry
        return Map(entries, node.place)

    def values(self, node: Map, key: str, rd: Reading) -> dict[str, Any]:
        """Every value that is written; BAD where it could not be read, is unknown or is missing."""
        values: dict[str, Any] = {}
        meant: set[str] = set()
        for name, entry in node.entries.items():
            if name not in self.keys:
                instead, at = self.meant(name) or _instead(name, entry), joined(key, name)
                values[name] = (
                    rd.fault(f"unknown key {shown(name)}; {instead}", entry.place, at)
                    if instead
                    else rd.unknown("unknown key", name, self.keys, entry.place, at)
                )
                if not rd.faults.full:
                    meant.update(nearest(name, self.keys))
        said = {self.keys[name].field for name in node.entries if name in self.keys}
        for name, known in self.keys.items():
            found = node.entries.get(name)
            if found is not None:
                values[name] = known.form.read(found.node, joined(key, name), rd)
            elif name in said:
                continue
            elif known.required and name in meant:
                values[name] = BAD
            elif known.required:
                values[name] = rd.fault(f"is missing: expected {known.form.says}", node.place, joined(key, name))
        return values

    def _by_field(self, values: dict[str, Any], node: Map, key: str, rd: Reading) -> None:
        """Values under the names of their fields; a field that two keys say is a fault."""
        for name, known in self.keys.items():
            if known.field in ("", name) or name not in values:
                continue
            value = values.pop(name)
            if known.field in values:
                place = node.entries[name].place
                why = f"say {known.field} or {name}, not both{elsewhere(node, known.field, place)}"
                values[known.field] = rd.fault(why, place, joined(key, name))
            else:
                values[known.field] = value if value is BAD or known.make is None else known.make(value)

    def _all_beside(self, said: Set[str], node: Map, key: str, rd: Reading) -> bool:
        """Whether every key stands beside what it needs."""
        sound = True
        for name, known in self.keys.items():
            if known.needs and name in node.entries and said.isdisjoint((known.needs.field, *known.needs.others)):
                wanted = " or ".join(f"`{field}:`" for field in (known.needs.field, *known.needs.others))
                why = f"needs {wanted}, {known.needs.why}"
                rd.fault(why, node.entries[name].place, joined(key, name))
                sound = False
        return sound

    def partial(self, values: Mapping[str, Any]) -> Any:
        """What could be read, for checks that look further; the scenario is refused anyway."""
        if not self.lenient:
            return BAD
        fields = self.section.model_fields
        # A key of a field's name that is not the field, like `trace: calls.csv`, holds what `finish` makes it from.
        raw = {name for name, known in self.keys.items() if known.field == ""}
        known = {name: value for name, value in good(values).items() if name in fields and name not in raw}
        missing = {name: None for name, info in fields.items() if name not in known and info.is_required()}
        return self.section.model_construct(**known, **missing)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        name = self.title
        if name not in defs:
            defs[name] = {}
            properties = {}
            for key, known in self.keys.items():
                property_schema = known.form.schema(defs) | {"title": known.head(key)}
                if known.doc:
                    property_schema["description"] = known.doc
                properties[key] = property_schema
            defs[name] = {
                "type": "object",
                "title": name,
                "description": " ".join((self.section.__doc__ or "").split()),
                "properties": properties,
                "additionalProperties": False,
            }
            for old, new in self.renamed.items():
                properties[old] = {**properties[new], "title": old, "description": f"Now `{new}`.", "deprecated": True}
            short = {known.field for key, known in self.keys.items() if known.field != key}
            required = [key for key, known in self.keys.items() if known.required and key not in short]
            # Elsewhere a file that extends another need not say what its base says.
            if required and self.listed:
                defs[name]["required"] = required
        return {"$ref": f"#/$defs/{name}"}

    def child(self, name: str, rd: Reading) -> Form | None:
        name = self.renamed.get(name, name)
        return self.keys[name].form if name in self.keys else None

    def known(self, rd: Reading) -> Sequence[str]:
        return list(self.keys)

    def other_name(self, name: str) -> str:
        known = self.keys.get(name)
        return known.formerly if known else self.renamed.get(name, "")

    def parts(self) -> Sequence[Form]:
        return [key.form for key in self.keys.values()]


def elsewhere(node: Map, name: str, here: Place) -> str:
    """`; handle_time stands in line 12`: where a map says a key, seen from a place; empty where it does not."""
    entry = node.entries.get(name)
    if entry is None:
        return ""
    place = entry.place
    same = place.source == here.source and place.line
    return f"; {name} stands in {f'line {place.line}' if same else place}"
