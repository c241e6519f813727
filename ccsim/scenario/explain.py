"""Where the value at a key comes from: file, variant, `--set` or default; and what it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ccsim.errors import Fault, ScenarioError
from ccsim.language.demand import SHAPED, SOURCES
from ccsim.language.forms import DictForm, Form
from ccsim.language.names import Names
from ccsim.language.pools import Pool
from ccsim.language.questions import MEANS, QUESTIONS
from ccsim.language.reading import Reading
from ccsim.language.scenario import SCENARIO
from ccsim.language.section_forms import Key, SectionForm
from ccsim.language.zones import CALENDAR
from ccsim.scenario.load import Loaded
from ccsim.scenario.overrides import form_below, step, written_keys
from ccsim.text.faults import Faults, near
from ccsim.text.merge import Applied
from ccsim.text.paths import joined, parse_path
from ccsim.text.tree import Items, Leaf, Map, Node, flow, shown


@dataclass(frozen=True, slots=True)
class Part:
    """One value at or below a key."""

    key: str
    value: str
    """As one line of YAML, or the default in words."""
    origin: str
    """`FILE:LINE:COLUMN`, with the variant or `--set` that put it there, or `default`."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The value at a key and its story."""

    key: str
    meaning: str
    """What the key means, from the reference."""
    expects: str
    """What may stand there."""
    parts: tuple[Part, ...]
    """Every value at or below the key."""
    story: tuple[Applied, ...]
    """Values that were replaced on the way, in order."""
    read: tuple[str, ...] = ()
    """What was read from the file that stands there, in sentences."""
    dates: tuple[str, ...] | None = None
    """Of a calendar: ISO dates of its public holidays from the start of the warm-up to the end of the counted time."""


def explain(loaded: Loaded, key: str) -> Explanation:
    """The value at a dotted key after all merging, and where each part comes from.

    Raises `ScenarioError` where the language has no such key.
    """
    try:
        path = parse_path(key)
    except ValueError as error:
        raise ScenarioError([Fault(str(error), key, loaded.name)]) from None
    parts = path.parts
    inherited = _inherited(loaded, parts)
    if inherited is not None:
        return explain(loaded, inherited)
    rd = Reading(Faults(), Names(loaded.tree))
    if len(parts) == 3 and (parts[0], parts[2]) in _CURVES and step(step(loaded.tree, parts[0]), parts[1]):
        return _curve(loaded, key, parts)
    node: Node | None = loaded.tree
    form: Form | None = SCENARIO
    described: Key | None = None
    at, meaning, below_root = "", "", parts
    if parts[0] in QUESTIONS and loaded.questions is not None:
        node, form, at = loaded.questions.get(parts[0]), QUESTIONS[parts[0]], parts[0]
        meaning, below_root = MEANS[parts[0]], parts[1:]
    for number, part in enumerate(below_root, len(parts) - len(below_root)):
        other = _otherwise_said(form, node, parts[number:])
        if other is not None:
            return explain(loaded, _key_of((*parts[:number], *other)))
        below = step(node, part)
        described = _key(form, part) or described
        next_form = form_below(form, part, rd) if below is not None else form.child(part, rd) if form else None
        if below is None and next_form is None:
            known = [*written_keys(node), *(form.known(rd) if form else ())]
            where = f"there is no key {shown(part)}" + (f" in {at}" if at else "") + near(part, known)
            raise ScenarioError([Fault(where, key, loaded.name)])
        node, form, at = below, next_form, joined(at, part)
    return Explanation(
        key=at,
        meaning=described.doc if described else meaning,
        expects=form.says if form else "",
        parts=tuple(_parts(node, form, at, described, loaded)),
        story=_story(loaded, at),
        read=_read(loaded, at, node),
        dates=_holidays(loaded, node.text) if form is CALENDAR and isinstance(node, Leaf) else None,
    )


def _otherwise_said(form: Form | None, node: Node | None, parts: tuple[str, ...]) -> tuple[str, ...] | None:
    """The key below a section that says what `parts` asks for, where that is not written but its short form is, or the
    other way round."""
    if not isinstance(form, SectionForm) or not isinstance(node, Map):
        return None
    for name, key in form.keys.items():
        long = key.stands_for
        if not long:
            continue
        for asked, said in ((long, (name,)), ((name,), long)):
            both = min(len(asked), len(parts))
            if parts[:both] == asked[:both] and _at(node, parts[:both]) is None and _at(node, said) is not None:
                rest: tuple[str, ...] = ()
                for part in parts[both:]:
                    if _at(node, (*said, *rest, part)) is None:
                        break
                    rest = (*rest, part)
                return (*said, *rest)
    return None


def _at(node: Node | None, parts: Sequence[str]) -> Node | None:
    """The value at a key, or None."""
    for part in parts:
        node = step(node, part)
    return node


def _key_of(parts: Sequence[str]) -> str:
    key = ""
    for part in parts:
        key = joined(key, part)
    return key


def _read(loaded: Loaded, at: str, node: Node | None) -> tuple[str, ...]:
    """What was read from the files that are named at or below a key, and what was recognised in them."""
    found = [one for one in loaded.remarks if one.kind == "read"]
    here = [one.message for one in found if f"{one.key}.".startswith(f"{at}.")]
    named = step(node, "file") if at.startswith("files.") else None
    files = [named.text] if isinstance(named, Leaf) else []
    for one in found:
        file = one.message.partition(": ")[0]
        of = file in files or any(message.startswith((f"{file}: ", f"{file}, ")) for message in here)
        if one.key == "files" and one.message not in here and of:
            here.append(one.message)
    return tuple(here)


def _holidays(loaded: Loaded, calendar: str) -> tuple[str, ...]:
    """Dates of a calendar within the horizon."""
    from ccsim.centre.calendars import holidays_between

    horizon = loaded.scenario.horizon
    first = datetime.fromisoformat(horizon.start)
    last = first + timedelta(microseconds=horizon.warm_up + horizon.length - 1)
    return tuple(day.isoformat() for day in sorted(holidays_between(calendar, first.date(), last.date())))


#: Fields of a pool that are its vendor's where it does not say them.
_FROM_VENDOR = tuple(name for name, info in Pool.model_fields.items() if info.none == "the vendor's")


def _inherited(loaded: Loaded, parts: Sequence[str]) -> str | None:
    """The key of the vendor that a pool takes a value from."""
    if len(parts) < 3 or parts[0] != "pools" or parts[2] not in _FROM_VENDOR:
        return None
    holder = step(step(loaded.tree, "pools"), parts[1])
    vendor = step(holder, "vendor")
    if step(holder, parts[2]) is not None or not isinstance(vendor, Leaf):
        return None
    above = ("vendors", vendor.text, *parts[2:])
    return _key_of(above) if _at(loaded.tree, above) is not None else None


#: Curves that overrides may change for a stretch of time: their sources, and what they mean.
_CURVES = {
    ("demand", "rate"): (
        (*SOURCES, "interpolate", "profile", *SHAPED),
        "Arrival rate of the volume, from whichever source it has, and what shapes it.",
    ),
    ("pools", "staffing"): (("staffing",), "Agents on the line over local time, and their changes."),
}


def _curve(loaded: Loaded, key: str, parts: tuple[str, ...]) -> Explanation:
    """A curve stands for its source and the changes made to it."""
    sources, meaning = _CURVES[parts[0], parts[2]]
    holder = step(step(loaded.tree, parts[0]), parts[1])
    at = joined(parts[0], parts[1])
    found: list[Part] = []
    stories: set[Applied] = set(_story(loaded, joined(at, parts[2])))
    for name in (*sources, "changes"):
        node = step(holder, name)
        if node is not None:
            found.extend(_written(node, joined(at, name), loaded))
        stories.update(_story(loaded, joined(at, name)))
    story = tuple(one for one in loaded.applied if one in stories)
    return Explanation(key, meaning, "", tuple(found), story)


def _key(form: Form | None, part: str) -> Key | None:
    """What the language says about a key of a form."""
    if isinstance(form, SectionForm):
        return form.keys.get(part)
    if isinstance(form, (DictForm, type(None))):
        return None
    found = (_key(choice, part) for choice in form.parts())
    return next((key for key in found if key), None)


def _parts(node: Node | None, form: Form | None, key: str, described: Key | None, loaded: Loaded) -> list[Part]:
    if node is None:
        return [Part(key, _default(described), "default")]
    parts = _written(node, key, loaded)
    if isinstance(form, SectionForm) and isinstance(node, Map):
        parts += [
            Part(joined(key, name), known.default, "default")
            for name, known in form.keys.items()
            if name not in node.entries and known.default
        ]
    return parts


def _default(described: Key | None) -> str:
    if described is None:
        return "not set"
    return described.default or (f"not set: {described.unsaid}" if described.unsaid else "not set")


def _written(node: Node, key: str, loaded: Loaded) -> list[Part]:
    """Every scalar or list of scalars at or below a key."""
    if isinstance(node, Map) and node.entries:
        return [p for name, entry in node.entries.items() for p in _written(entry.node, joined(key, name), loaded)]
    if isinstance(node, Items) and any(isinstance(item, Map) for item in node.items):
        return [p for n, item in enumerate(node.items) for p in _written(item, joined(key, str(n)), loaded)]
    return [Part(key, flow(node, 200), _origin(node, key, loaded))]


def _origin(node: Node, key: str, loaded: Loaded) -> str:
    by = ""
    for one in loaded.applied:
        if one.place == node.place and one.by != "extends":
            by = one.by
    inside = isinstance(node, (Leaf, Items))
    if not by and inside:
        above = [one for one in loaded.overrides if key == one.key or key.startswith(one.key + ".")]
        by = above[-1].by if above and above[-1].new is not None else ""
    place = str(node.place)
    return place if not by or place.startswith(by) else f"{place}, {by}"


def _story(loaded: Loaded, key: str) -> tuple[Applied, ...]:
    """What was replaced at, below or above a key."""
    return tuple(
        one
        for one in loaded.applied
        if one.key == key or one.key.startswith((key + ".", key + "[")) or key.startswith(one.key + ".")
    )
