"""A scenario that is open in an editor: its draft, the names that may be used in it, and what may stand at a place."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from ccsim.language.forms import DictForm, Form, ListForm, NameForm, ScalarForm, WordForm
from ccsim.language.names import Names
from ccsim.language.questions import QUESTIONS
from ccsim.language.reading import Reading
from ccsim.language.scenario import SCENARIO
from ccsim.language.section_forms import SectionForm
from ccsim.language.studies import STAFF_OF_VARIANT, KeysForm
from ccsim.scenario.opening import LONGEST_CHAIN
from ccsim.scenario.variants import STAFF_KEY
from ccsim.text.draft import MARK, Draft, draft
from ccsim.text.draft_parts import Box, Key
from ccsim.text.faults import Faults
from ccsim.text.merge import merge
from ccsim.text.paths import parse_path
from ccsim.text.tree import Items, Leaf, Map, Node, Source
from ccsim.text.within import refusal

TextOf = Callable[[Path], str | None]
"""The text of a file, as the editor holds it or as it is stored; None where there is none."""

_ONE_FORM: Final = (SectionForm, DictForm, ScalarForm, WordForm, NameForm)


def stored(path: Path) -> str | None:
    """The text of a stored file; None where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        return None


class Document:
    """One text of a scenario; whatever is wrong with it, it answers."""

    def __init__(self, text: str, path: Path, text_of: TextOf = stored) -> None:
        """`path`: the file that it is or will be; files that it extends are found from there."""
        self.text = text
        self.path = path
        self.source = Source(str(path), path.parent)
        self.text_of = text_of

    @cached_property
    def draft(self) -> Draft:
        """What can be made of the text."""
        return draft(self.text, self.source)

    @cached_property
    def tree(self) -> Map:
        """The tree, over those of the files that it extends."""
        tree, chain = self.draft.tree(), {os.path.realpath(self.path)}
        named = tree.get("extends")
        while isinstance(named, Leaf) and not named.empty and len(chain) < LONGEST_CHAIN:
            path = Path(os.path.normpath(named.place.source.folder / named.text))
            text = self._base(path, chain)
            if text is None:
                break
            base = draft(text, Source(str(path), path.parent)).tree()
            tree = merge(base, _without_extends(tree), "", Faults(), [])
            named = base.get("extends")
        return tree

    def _base(self, path: Path, chain: set[str]) -> str | None:
        """The text of a file that is extended; None where it may not be read, or was read before."""
        try:
            real = os.path.realpath(path)
            if real in chain or refusal(path, self.source.folder):
                return None
            chain.add(real)
            return self.text_of(path)
        except (OSError, ValueError):
            return None

    @cached_property
    def reading(self) -> Reading:
        """What forms ask for names."""
        return Reading(Faults(), Names(self.tree))

    def forms_at(self, path: Sequence[Key]) -> tuple[Form, ...]:
        """What may stand at a path, of a variant too: `("variants", "more", "pools.desk.headcount")`."""
        path = tuple(path)
        if path[:1] == ("variants",):
            if len(path) < 3 or path[2] == "on":
                return ()
            if path[2] == STAFF_KEY:
                return (STAFF_OF_VARIANT,)
            path = (*dotted(str(path[2])), *path[3:])
        box: Box | None = self.draft.root
        forms: tuple[Form, ...] = (SCENARIO,)
        if path and path[0] in QUESTIONS:
            forms, box, path = (QUESTIONS[str(path[0])],), _step(box, path[0]), path[1:]
        for step in path:
            inner = [one for form in forms for one in alternatives(form)]
            inner = fitting(inner, _keys(box))
            forms = _below(inner, step, self.reading)
            box = _step(box, step)
        return forms

    def takes_dotted_keys(self, path: Sequence[Key]) -> bool:
        """Whether the keys below a path are dotted keys of the scenario, as those that a question varies."""
        return bool(path) and path[0] in QUESTIONS and any(isinstance(form, KeysForm) for form in self.forms_at(path))

    def keys_at(self, path: Sequence[Key], box: Box | None) -> list[Form]:
        """Forms of the map at a path of which keys may be written, by the keys that stand there already."""
        inner = [one for form in self.forms_at(path) for one in alternatives(form)]
        return fitting(inner, _keys(box))


def _without_extends(tree: Map) -> Map:
    return Map({key: entry for key, entry in tree.entries.items() if key != "extends"}, tree.place)


def dotted(text: str) -> tuple[Key, ...]:
    """The path of a dotted key that a variant changes; empty where it is none yet."""
    try:
        parts = parse_path(text).parts
    except ValueError:
        return ()
    return tuple(int(part) if part.isdecimal() and len(part) < 8 else part for part in parts)


def node_at(node: Node | None, path: Sequence[Key]) -> Node | None:
    """What is written at a path, or None."""
    for step in path:
        if isinstance(node, Items):
            node = node.items[step] if isinstance(step, int) and step < len(node.items) else None
        else:
            node = node.get(str(step)) if isinstance(node, Map) else None
    return node


def alternatives(form: Form) -> Iterator[Form]:
    """A form and all that may stand in its place."""
    seen: set[int] = set()
    todo = [form]
    while todo:
        one = todo.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        if isinstance(one, ListForm):
            todo += [one.item] if one.one_will_do else []
        elif not isinstance(one, _ONE_FORM):
            todo += one.parts()


def fitting(forms: Sequence[Form], keys: dict[str, str]) -> list[Form]:
    """Of several forms of a map those that the written keys leave: `law: weibull` leaves one law."""
    sections = [form for form in forms if isinstance(form, SectionForm)]
    if len(sections) < 2 or not keys:
        return list(forms)
    left = [form for form in sections if keys.keys() <= form.keys.keys() and _words_fit(form, keys)]
    return [form for form in forms if not isinstance(form, SectionForm) or not left or form in left]


def _words_fit(form: SectionForm, keys: dict[str, str]) -> bool:
    """Whether keys that take one word of a list have one."""
    for key, text in keys.items():
        words = words_of(form.keys[key].form) if isinstance(form.keys[key].form, (WordForm, ScalarForm)) else ()
        if words and text and text not in words:
            return False
    return True


def words_of(form: Form) -> tuple[str, ...]:
    """Words that a form takes, alone or beside a text of another kind: `24x7`, `never`; none for `true` and numbers."""
    if isinstance(form, WordForm):
        return form.words
    if form.says == "yes or no":
        return ("yes", "no")
    defs: dict[str, Any] = {}
    schema = form.schema(defs)
    schema = defs.get(schema["$ref"].rpartition("/")[2], {}) if "$ref" in schema else schema
    return tuple(
        word
        for one in (schema, *schema.get("anyOf", ()))
        for word in (*one.get("enum", ()), one.get("const"))
        if isinstance(word, str)
    )


def _keys(box: Box | None) -> dict[str, str]:
    """Keys of a map that is being typed, with their texts."""
    if box is None:
        return {}
    return {part.key: part.value.text for part in box.parts if MARK not in part.key and MARK not in part.value.text}


def _step(box: Box | None, step: Key) -> Box | None:
    if box is None:
        return None
    if isinstance(step, int):
        return box.items[step] if step < len(box.items) else None
    return next((part.value for part in box.parts if part.key == step), None)


def _below(forms: Sequence[Form], step: Key, reading: Reading) -> tuple[Form, ...]:
    """What may stand under a key, or as an item."""
    found: dict[int, Form] = {}
    perhaps: dict[int, Form] = {}
    for form in forms:
        if isinstance(step, int):
            if isinstance(form, ListForm):
                found[id(form.item)] = form.item
        elif isinstance(form, SectionForm):
            key = form.keys.get(form.renamed.get(step, step))
            if key is not None:
                found[id(key.form)] = key.form
        elif isinstance(form, DictForm):
            known = form.of is not None and reading.names.knows(form.of, step)
            (found if known else perhaps)[id(form.value)] = form.value
        else:
            child = form.child(step, reading)
            if child is not None:
                perhaps[id(child)] = child
    return tuple((found or perhaps).values())
