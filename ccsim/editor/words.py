"""What the word at a place of a scenario means, and where it is defined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ccsim.editor.document import Document, alternatives, dotted, node_at
from ccsim.language.forms import DictForm, Form, WordForm
from ccsim.language.names import BUILT_IN_PROFILES, KINDS, SECTIONS, defined_at
from ccsim.language.questions import MEANS
from ccsim.language.section_forms import Key, SectionForm
from ccsim.scenario.schema import EXTENDS, ON, STAFF, VARIANTS
from ccsim.scenario.variants import STAFF_KEY
from ccsim.text.draft_parts import Spot
from ccsim.text.tree import Map, Node, Place, flow

_LONGEST: Final = 160
"""Characters of a definition that is shown."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word means, as Markdown, and where it stands."""

    text: str
    spot: Spot


def meaning(document: Document, line: int, column: int, link: str = "") -> Meaning | None:
    """What the word at a line and column (from 1) means; `link`: address of the reference page."""
    spot = document.draft.at(line, column)
    if spot is None:
        return None
    told = list(_told(document, spot, link))
    return Meaning("\n\n".join(told), spot) if told else None


def definition(document: Document, line: int, column: int) -> Place | None:
    """Where the name at a line and column (from 1) is defined; of a variant's key, what it changes."""
    spot = document.draft.at(line, column)
    if spot is None:
        return None
    if spot.is_key and (_of_dotted_keys(document, spot) or (spot.path[:1] == ("variants",) and len(spot.path) == 3)):
        return _changed(document, spot, column)
    if spot.path[:1] == ("variants",) and len(spot.path) > 2 and spot.path[2] == "on":
        variants = document.tree.get("variants")
        entry = variants.entries.get(spot.text) if isinstance(variants, Map) else None
        return entry.place if entry else None
    for kind in _kinds(document, spot):
        place = defined_at(document.tree, kind, spot.text)
        if place is not None:
            return place
    return None


def _kinds(document: Document, spot: Spot) -> Iterator[str]:
    """Kinds of names of which a word may be one."""
    if spot.is_key:
        for form in document.keys_at(spot.path[:-1], spot.within):
            if isinstance(form, DictForm) and form.offers:
                yield form.offers
        if len(spot.path) == 2:
            yield from (kind for kind, section in SECTIONS.items() if section == spot.path[0])
        return
    for form in document.forms_at(spot.path):
        yield from (one.offers for one in alternatives(form) if one.offers and not isinstance(one, DictForm))


def _told(document: Document, spot: Spot, link: str) -> Iterator[str]:
    if spot.path[:1] == ("variants",) and len(spot.path) < 4:
        yield from _of_variant(document, spot, link)
        return
    if spot.is_key and _of_dotted_keys(document, spot):
        yield from _of_dotted(document, spot, link)
        return
    if len(spot.path) == 1 and spot.path[0] in MEANS:
        yield f"**{spot.text}**\n\n{MEANS[str(spot.path[0])]}"
        return
    if spot.path == ("extends",):
        yield f"**extends**\n\n{EXTENDS}"
        return
    if spot.is_key:
        key = _key(document.keys_at(spot.path[:-1], spot.within), str(spot.path[-1]))
        if key is not None:
            yield _of_key(spot.text, *key, link)
            return
    else:
        for form in document.forms_at(spot.path):
            for one in alternatives(form):
                if isinstance(one, WordForm) and spot.text in one.words:
                    yield f"**{spot.text}**" + (f"\n\n{one.meanings[spot.text]}" if spot.text in one.meanings else "")
                    return
    yield from _of_name(document, spot)


def _of_name(document: Document, spot: Spot) -> Iterator[str]:
    for kind in _kinds(document, spot):
        if kind == "profiles" and spot.text in BUILT_IN_PROFILES:
            yield f"**{spot.text}**: a profile that is built in"
            return
        if spot.text in document.reading.names.of(kind):
            yield f"**{spot.text}**: {KINDS[kind][0]}"
            node = document.tree.get(SECTIONS.get(kind, ""))
            written = node.get(spot.text) if isinstance(node, Map) else None
            if written is not None:
                yield f"```yaml\n{spot.text}: {flow(written, _LONGEST)}\n```"
            return


def _key(forms: list[Form], name: str) -> tuple[SectionForm, Key] | None:
    for form in forms:
        if isinstance(form, SectionForm):
            key = form.keys.get(form.renamed.get(name, name))
            if key is not None:
                return form, key
    return None


def _of_key(name: str, form: SectionForm, key: Key, link: str) -> str:
    """What a key means, what may stand there and what holds without it."""
    info = key.info
    words = key.head(name).removeprefix(name)
    head = f"**{name}**{words}"
    facts = [key.form.says[:1].upper() + key.form.says[1:]] if key.form.says else []
    if info is not None and info.unit:
        facts.append(f"unit: {info.unit}")
    if key.required:
        facts.append("required")
    elif key.default:
        facts.append(f"default: {key.default}")
    elif key.unsaid:
        facts.append(f"without it: {key.unsaid}")
    if form.renamed.get(name, name) != name:
        facts.append(f"now `{form.renamed[name]}`")
    where = f"[{form.title} in the reference]({link}#{form.title.lower()})" if link else ""
    return "\n\n".join(part for part in (head, key.doc, "; ".join(facts) + "." if facts else "", where) if part)


def _of_variant(document: Document, spot: Spot, link: str) -> Iterator[str]:
    if len(spot.path) < 3:
        yield f"**{spot.text}**\n\n{VARIANTS}" if spot.path == ("variants",) else f"**{spot.text}**: a variant"
    elif spot.path[2] == "on":
        yield f"**{spot.text}**: {ON if spot.is_key else 'a variant'}"
    elif spot.path[2] == STAFF_KEY:
        yield f"**{spot.text}**: {STAFF}"
    elif spot.is_key:
        yield from _of_dotted(document, spot, link)
    else:
        yield from _of_name(document, spot)


def _of_dotted_keys(document: Document, spot: Spot) -> bool:
    """Whether a word is a dotted key of a question."""
    return document.takes_dotted_keys(spot.path[:-1])


def _of_dotted(document: Document, spot: Spot, link: str) -> Iterator[str]:
    """What a dotted key means, and what the scenario says there."""
    path = dotted(spot.text)
    key = _key(document.keys_at(path[:-1], None), str(path[-1])) if path else None
    if key is not None:
        yield _of_key(str(path[-1]), *key, link)
    old = node_at(document.tree, path) if path else None
    if old is not None:
        yield f"The scenario says\n\n```yaml\n{spot.text}: {flow(old, _LONGEST)}\n```"


def _changed(document: Document, spot: Spot, column: int) -> Place | None:
    """What a dotted key changes, as far as the part under the cursor."""
    path = dotted(spot.text)
    before = spot.text[: max(column - spot.place.column, 0)].count(".") + 1
    node: Node | None = document.tree
    place: Place | None = None
    for step in path[:before]:
        entry = node.entries.get(str(step)) if isinstance(node, Map) else None
        node = node_at(node, (step,))
        if node is None:
            break
        place = entry.place if entry else node.place
    return place
