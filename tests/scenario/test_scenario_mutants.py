"""Two hundred slips of the pen in the flagship scenario: `check` names the file, the line and the key."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import yaml

from ccsim.errors import Fault, ScenarioError
from ccsim.language.forms import Form
from ccsim.language.scenario import SCENARIO
from ccsim.language.section_forms import SectionForm
from ccsim.scenario.load import Opened
from ccsim.text.paths import joined
from tests.support.files import SCENARIOS

FLAGSHIP = SCENARIOS / "global_support.yaml"
WANTED = 200
RIGHT = 0.95


@dataclass(frozen=True)
class Spot:
    """A value in the text, and where it hangs."""

    path: tuple[str, ...]
    node: yaml.Node
    key: yaml.Node | None
    parent: yaml.Node


@dataclass(frozen=True)
class Slip:
    """A mutated text, and where it should be told."""

    kind: str
    text: str
    keys: tuple[str, ...]
    first: int
    last: int


def spots(node: yaml.Node, path: tuple[str, ...] = ()) -> Iterator[Spot]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield Spot((*path, key.value), value, key, node)
            yield from spots(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield Spot((*path, str(number)), value, None, node)
            yield from spots(value, (*path, str(number)))


def words_of_the_language() -> set[str]:
    """Keys that have a meaning, against names that a planner chose."""
    words: set[str] = set()
    todo: list[Form] = [SCENARIO]
    done: set[int] = set()
    while todo:
        form = todo.pop()
        if id(form) not in done:
            done.add(id(form))
            todo.extend(form.parts())
            if isinstance(form, SectionForm):
                words.update(form.keys)
    return words


TEXT = FLAGSHIP.read_text(encoding="utf-8")
WORDS = words_of_the_language()
SPOTS = [
    spot
    for spot in spots(yaml.compose(TEXT, Loader=yaml.BaseLoader))
    if spot.path[0] not in ("variants", "scenario", "title")
]
SCALARS = [spot for spot in SPOTS if isinstance(spot.node, yaml.ScalarNode)]
KEYED = [spot for spot in SPOTS if spot.key is not None and spot.path[-1] in WORDS and len(spot.path) != 2]
REFERENCES = ("site", "vendor", "workflow", "channel", "segment", "market", "profile", "tier", "language", "cause")
LISTS = ("shifts", "workflows", "channels", "languages", "markets", "segments", "certifications", "residency", "tier")


def keyed(path: tuple[str, ...]) -> str:
    key = ""
    for part in path:
        key = joined(key, part)
    return key


def put(start: int, end: int, new: str) -> str:
    return TEXT[:start] + new + TEXT[end:]


def misspelt(word: str, rng: random.Random) -> str:
    at = rng.randrange(len(word))
    deed = rng.choice(("drop", "double", "swap", "change"))
    if deed == "drop" and len(word) > 2:
        return word[:at] + word[at + 1 :]
    if deed == "swap" and at + 1 < len(word) and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if deed == "change":
        return word[:at] + ("x" if word[at] != "x" else "y") + word[at + 1 :]
    return word[:at] + word[at] + word[at:]


def at(spot: Spot, kind: str, new: str, *more: str) -> Slip:
    """The value replaced by another text."""
    mark, end = spot.node.start_mark, spot.node.end_mark
    return Slip(kind, put(mark.index, end.index, new), (keyed(spot.path), *more), mark.line + 1, mark.line + 1)


def a_misspelt_key(rng: random.Random) -> Slip:
    spot = rng.choice(KEYED)
    assert spot.key is not None
    new = misspelt(spot.path[-1], rng)
    mark, end = spot.key.start_mark, spot.key.end_mark
    key = keyed((*spot.path[:-1], new))
    return Slip("misspelt key", put(mark.index, end.index, new), (key,), mark.line + 1, mark.line + 1)


def a_lost_unit(rng: random.Random) -> Slip:
    spot = rng.choice([one for one in SCALARS if re.fullmatch(r"[0-9.]+(%|[a-z]+)", one.node.value)])
    return at(spot, "lost unit", re.sub(r"(%|[a-z]+)$", "", spot.node.value))


def a_wrong_unit(rng: random.Random) -> Slip:
    spot = rng.choice([one for one in SCALARS if re.fullmatch(r"[0-9.]+(%|[a-z]+)", one.node.value)])
    number = re.sub(r"(%|[a-z]+)$", "", spot.node.value)
    return at(spot, "wrong unit", number + rng.choice(("x", "sec", "%%", " hours", "M", "€")))


def a_wrong_type(rng: random.Random) -> Slip:
    spot = rng.choice(SCALARS)
    return at(spot, "wrong type", rng.choice(("[1, 2]", "{a: 1}", "many words here", "''", "-3", "~")))


def an_unknown_name(rng: random.Random) -> Slip:
    known = [one for one in SCALARS if one.path[-1] in REFERENCES or (len(one.path) > 1 and one.path[-2] in LISTS)]
    spot = rng.choice([one for one in known if one.node.value.isidentifier()])
    return at(spot, "unknown name", misspelt(spot.node.value, rng))


def an_unknown_part(rng: random.Random) -> Slip:
    """A name that is the key of a share."""
    shares = ("markets", "channels", "segments", "causes", "vendor_share", "transfers")
    spot = rng.choice([one for one in SCALARS if len(one.path) > 2 and shares_of(one, shares)])
    assert spot.key is not None
    new = misspelt(spot.path[-1], rng)
    mark, end = spot.key.start_mark, spot.key.end_mark
    key = keyed((*spot.path[:-1], new))
    return Slip("unknown part", put(mark.index, end.index, new), (key,), mark.line + 1, mark.line + 1)


def shares_of(spot: Spot, names: tuple[str, ...]) -> bool:
    return spot.key is not None and (spot.path[-2] in names or spot.path[-3] in names) and spot.node.value.endswith("%")


def a_lost_key(rng: random.Random) -> Slip:
    """A required key taken out of a flow map."""
    needed = ("region", "time_zone", "hours", "at", "for", "times", "kpi", "paid", "starts", "to", "after", "share",
              "mean", "start", "length", "site", "shifts", "headcount")  # fmt: skip
    spot = rng.choice([one for one in KEYED if one.path[-1] in needed and one.parent.flow_style])
    assert spot.key is not None
    pairs = spot.parent.value
    number = next(n for n, (key, _) in enumerate(pairs) if key is spot.key)
    if number + 1 < len(pairs):
        start, end = spot.key.start_mark.index, pairs[number + 1][0].start_mark.index
    else:
        start, end = (
            pairs[number - 1][1].end_mark.index if number else spot.key.start_mark.index,
            spot.node.end_mark.index,
        )
    first, last = spot.parent.start_mark.line + 1, spot.parent.end_mark.line + 1
    return Slip("lost key", put(start, end, ""), (keyed(spot.path), keyed(spot.path[:-1])), first, last)


def a_sum_that_is_off(rng: random.Random) -> Slip:
    names = ("markets", "channels", "segments", "causes", "languages")
    one_of = [
        one for one in SCALARS if len(one.path) > 2 and shares_of(one, names) and one.path[0] in ("demand", "markets")
    ]
    spot = rng.choice([one for one in one_of if one.path[-2] in names])
    value = float(spot.node.value[:-1])
    slip = at(spot, "sum", f"{value / 2 + 3:g}%")
    return Slip("sum", slip.text, (keyed(spot.path[:-1]), keyed(spot.path)), *lines(spot.parent))


def lines(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.end_mark.line + 1


def a_bad_time(rng: random.Random) -> Slip:
    times = [one for one in SCALARS if re.fullmatch(r"[0-9]{2}:[0-9]{2}(-[0-9]{2}:[0-9]{2})?|2026-.*", one.node.value)]
    spot = rng.choice(times)
    old = spot.node.value
    new = rng.choice((old.replace(":", "h", 1), "25:00", "9am", "2026-02-30", old + ":99", "noon"))
    if old.startswith("2026"):
        new = rng.choice(("2026-02-30", "2026-3-2", "02.03.2026", "tomorrow", "2026-03-02 25:00"))
    return at(spot, "bad time", new, keyed(spot.path[:-1]))


def a_doubled_key(rng: random.Random) -> Slip:
    spot = rng.choice([one for one in KEYED if one.parent.flow_style and isinstance(one.node, yaml.ScalarNode)])
    assert spot.key is not None
    start, end = spot.key.start_mark.index, spot.node.end_mark.index
    line = spot.node.end_mark.line + 1
    return Slip("doubled key", put(end, end, ", " + TEXT[start:end]), ("",), line, line)


SLIPS: tuple[Callable[[random.Random], Slip], ...] = (
    a_misspelt_key, a_lost_unit, a_wrong_unit, a_wrong_type, an_unknown_name, an_unknown_part, a_lost_key,
    a_sum_that_is_off, a_bad_time, a_doubled_key,
)  # fmt: skip


def faults_of(text: str) -> list[Fault]:
    try:
        Opened("flagship.yaml", text=text, folder=FLAGSHIP.parent).loaded()
    except ScenarioError as error:
        return error.faults
    return []


def told(slip: Slip, fault: Fault) -> bool:
    """Whether a fault names the file, the line and the key of a slip, or a key right below it."""
    return (
        fault.file == "flagship.yaml"
        and slip.first <= fault.line <= slip.last
        and any(fault.key == key or fault.key.startswith(f"{key}.") for key in slip.keys if key or not fault.key)
    )


def test_slips_are_told_at_their_place() -> None:
    rng = random.Random(2026)
    right: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    alone = 0
    wrong: list[str] = []
    while counted.total() < WANTED:
        slip = SLIPS[counted.total() % len(SLIPS)](rng)
        faults = faults_of(slip.text)
        if not faults:
            continue  # it is as good a scenario as before
        counted[slip.kind] += 1
        if any(told(slip, fault) for fault in faults):
            right[slip.kind] += 1
            alone += len(faults) == 1
        else:
            wrong.append(f"{slip.kind} at {slip.keys[0]} in line {slip.first}: {'; '.join(map(str, faults[:3]))}")
    share = right.total() / counted.total()
    print(f"\n{share:.1%} of {counted.total()} slips are told at their file, line and key; {alone} of them alone")
    print("\n".join(wrong))
    assert share >= RIGHT
    assert all(right[kind] >= 0.8 * counted[kind] for kind in counted)
