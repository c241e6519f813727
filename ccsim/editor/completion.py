"""What may be typed at a place of a scenario: keys, words, and the scenario's own names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from ccsim.editor.document import Document, alternatives, dotted, node_at, words_of
from ccsim.language.calendar_codes import known_calendars
from ccsim.language.forms import DictForm, Form, ListForm, NameForm, ScalarForm, WordForm
from ccsim.language.names import KINDS
from ccsim.language.questions import MEANS
from ccsim.language.scenario import SCENARIO
from ccsim.language.section_forms import Key, SectionForm
from ccsim.language.zones import CALENDAR, ZoneForm, known_zones
from ccsim.scenario.schema import EXTENDS, ON, STAFF, VARIANTS
from ccsim.scenario.variants import STAFF_KEY
from ccsim.text.draft import MARK
from ccsim.text.draft_parts import Spot
from ccsim.text.tree import Items, Map, Node


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing that may be typed."""

    label: str
    insert: str
    kind: Literal["key", "name", "word"]
    detail: str = ""
    """What it is, in a few words."""
    means: str = ""
    """What it means, in a line."""


@dataclass(frozen=True, slots=True)
class Proposals:
    """What may be typed, best first, in place of what stands between two columns (from 1) of a line."""

    items: tuple[Proposal, ...] = ()
    start: int = 0
    end: int = 0


def complete(document: Document, line: int, column: int) -> Proposals:
    """What may be typed at a line and column (from 1)."""
    lines = document.text.split("\n")
    if not 1 <= line <= len(lines):
        return Proposals()
    here = lines[line - 1]
    lines[line - 1] = here[: column - 1] + MARK + here[column - 1 :]
    marked = Document("\n".join(lines), document.path, document.text_of)
    spot = next((spot for spot in marked.draft.spots() if MARK in spot.text), None)
    if spot is None:
        return Proposals()
    found = _unique(_at(marked, spot, here[: spot.place.column - 1].rstrip()))
    start = spot.place.column if spot.place.line == line and spot.width and spot.plain else column
    behind = spot.text.partition(MARK)[2]
    end = column + (len(behind) if spot.plain and here.startswith(behind, column - 1) else 0)
    colon = here[end - 1 :].lstrip(" ").startswith(":")
    if colon:
        found = [Proposal(one.label, one.insert.removesuffix(": "), one.kind, one.detail, one.means) for one in found]
    return Proposals(tuple(found), start, end)


def _unique(found: Iterable[Proposal]) -> list[Proposal]:
    unique: dict[str, Proposal] = {}
    for one in found:
        unique.setdefault(one.label, one)
    return list(unique.values())


def _at(document: Document, spot: Spot, before: str) -> Iterator[Proposal]:
    """What may stand at a word; `before`: what stands before it in its line."""
    if spot.is_key or not spot.path:
        yield from _keys(document, spot)
        return
    if spot.path[:1] == ("variants",) and len(spot.path) < 3:
        if len(spot.path) == 2:
            yield from _dotted_keys(document, spot.text, ())
        return
    if spot.path[:1] == ("variants",) and spot.path[2] == "on":
        yield from _variants(document, spot.path[1])
        return
    listed = {item.text for item in spot.within.items} if spot.within else set()
    for form in document.forms_at(spot.path):
        for one in alternatives(form):
            yield from (word for word in _values(one, document) if word.label not in listed)
            if not before.lstrip("- "):  # alone in its line: a map may begin here
                yield from _keys_of(one, document, frozenset())
    key = _key_of(document, spot)
    if key is not None and key.default:
        yield Proposal(key.default, key.default, "word", "default")


def _key_of(document: Document, spot: Spot) -> Key | None:
    """The key under which a plain value stands."""
    if not spot.path or not isinstance(spot.path[-1], str):
        return None
    for form in document.keys_at(spot.path[:-1], spot.within):
        if isinstance(form, SectionForm) and spot.path[-1] in form.keys:
            key = form.keys[spot.path[-1]]
            return key if isinstance(key.form, (ScalarForm, WordForm, NameForm)) else None
    return None


def _keys(document: Document, spot: Spot) -> Iterator[Proposal]:
    """Keys of the map in which a key is being typed."""
    above = spot.path[:-1]
    written = frozenset(part.key for part in spot.within.parts) if spot.within else frozenset()
    if not above:
        yield from _keys_of(SCENARIO, document, written)
        for name, means in (("extends", EXTENDS), ("variants", VARIANTS), *MEANS.items()):
            if name not in written:
                yield Proposal(name, f"{name}: ", "key", "", means)
        return
    if above[:1] == ("variants",) and len(above) < 3:
        if len(above) == 2:
            yield from _dotted_keys(document, spot.text, written)
        return
    if document.takes_dotted_keys(above):
        yield from _dotted_keys(document, spot.text, written, on=False)
        return
    for form in document.keys_at(above, spot.within):
        yield from _keys_of(form, document, written)


def _keys_of(form: Form, document: Document, written: frozenset[str]) -> Iterator[Proposal]:
    """Keys that a form takes, required ones first."""
    if isinstance(form, SectionForm):
        for name, key in sorted(form.keys.items(), key=lambda pair: not pair[1].required):
            if name not in written:
                yield Proposal(name, f"{name}: ", "key", _detail(key), _means(key))
    elif isinstance(form, DictForm) and form.offers:
        for name in sorted(document.reading.names.of(form.offers) - written):
            yield Proposal(name, f"{name}: ", "key", KINDS[form.offers][0])
    elif not isinstance(form, (DictForm, ListForm)):
        known = {name for one in alternatives(form) if isinstance(one, SectionForm) for name in one.keys}
        for name in form.known(document.reading):
            if name not in known and name not in written:
                child = form.child(name, document.reading)
                yield Proposal(name, f"{name}: ", "key", child.says if child else "")


def _detail(key: Key) -> str:
    return ("required: " if key.required else "") + _short(key.form.says)


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."


def _means(key: Key) -> str:
    return key.doc + (f" Default: {key.default}." if key.default and "Default:" not in key.doc else "")


def _values(form: Form, document: Document) -> Iterator[Proposal]:
    """Words and names that a form takes."""
    if isinstance(form, WordForm):
        for word in form.words:
            yield Proposal(word, word, "word", "", form.meanings.get(word, ""))
    elif isinstance(form, ZoneForm):
        for zone in sorted(known_zones()):
            yield Proposal(zone, zone, "word", "time zone")
    elif form is CALENDAR:
        for code in known_calendars():
            yield Proposal(code, code, "word", "holiday calendar")
    elif form.offers and not isinstance(form, DictForm):
        for name in sorted(document.reading.names.of(form.offers)):
            yield Proposal(name, name, "name", KINDS[form.offers][0])
    elif not isinstance(form, (SectionForm, DictForm, ListForm, NameForm)):
        for word in words_of(form):
            yield Proposal(word, word, "word")


def _variants(document: Document, but: object) -> Iterator[Proposal]:
    variants = document.tree.get("variants")
    for name in variants.entries if isinstance(variants, Map) else ():
        if name != but:
            yield Proposal(name, name, "name", "a variant")


def _dotted_keys(document: Document, text: str, written: Iterable[str], *, on: bool = True) -> Iterator[Proposal]:
    """Dotted keys that a variant, or a question, may change, one step further than what is typed; `on`: whether it may
    build on others by that key."""
    typed = text.partition(MARK)[0]
    above = typed.rpartition(".")[0]
    path = dotted(above)
    if above and not path:
        return
    node = node_at(document.tree, path)
    forms = [one for form in (document.forms_at(path) if path else (SCENARIO,)) for one in alternatives(form)]
    found: dict[str, Proposal] = {}
    for name in _written(node):
        found[name] = Proposal(name, name, "name", "written")
    for form in forms:
        for one in _keys_of(form, document, frozenset()):
            found[one.label] = one
    used = set(written)
    for name, one in found.items():
        key = f"{above}.{name}" if above else name
        if key not in used and "." not in name and key not in ("variants", "extends", *MEANS):
            yield Proposal(key, _ending(document, key), one.kind, one.detail, one.means)
    for key, means in (("on", ON), (STAFF_KEY, STAFF)) if on and not above else ():
        if key not in used:
            yield Proposal(key, f"{key}: ", "key", "", means)


def _ending(document: Document, key: str) -> str:
    """A dotted key with a colon where a value may follow, else with the dot before its next part."""
    forms = document.forms_at(dotted(key))
    single = any(not isinstance(form, (SectionForm, DictForm, ListForm)) for form in forms)
    return f"{key}: " if single or not forms else f"{key}."


def _written(node: Node | None) -> list[str]:
    if isinstance(node, Items):
        return [str(number) for number in range(len(node.items))]
    return list(node.entries) if isinstance(node, Map) else []
