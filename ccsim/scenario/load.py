"""From a file to a scenario: read, extend, override, type, check; all faults at once."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ccsim.scenario.checks import check
from ccsim.scenario.compose import MOST_BYTES, Unreadable, compose, decode
from ccsim.scenario.faults import Faults
from ccsim.scenario.merge import Applied, merge
from ccsim.scenario.names import names_in
from ccsim.scenario.overrides import Override, apply
from ccsim.scenario.reading import FileUse, Reading, reason
from ccsim.scenario.sections import Scenario
from ccsim.scenario.tree import Leaf, Map, Place, Source, kind_of
from ccsim.scenario.variants import check_variants, overrides_of
from ccsim.scenario.written.scenario import read_scenario

Settings = Mapping[str, str] | Sequence[str]

LONGEST_CHAIN = 20


@dataclass(frozen=True, slots=True)
class Loaded:
    """A scenario with the story of its values."""

    scenario: Scenario
    """The typed scenario."""
    tree: Map
    """What is written after all merging; every node knows its place."""
    applied: tuple[Applied, ...]
    """Every value that took the place of another, in order: by `extends`, then variants, then `--set`."""
    files: tuple[FileUse, ...]
    """Files that were read, with their digests, by name."""
    variants: tuple[str, ...]
    """Names of all variants that the scenario knows."""
    name: str
    """The file as the user named it."""

    @property
    def overrides(self) -> tuple[Applied, ...]:
        """What variants and `--set` changed."""
        return tuple(one for one in self.applied if one.by != "extends")


def load(path: str | os.PathLike[str], *, variants: Sequence[str] = (), settings: Settings = ()) -> Scenario:
    """Read a scenario from a YAML file, with variants and settings applied.

    `path` may end in `:VARIANT`. Precedence: base < extending file < variants in the order named < settings
    in the order given. Raises `ScenarioError` with every fault and its place.
    """
    return read(path, variants=variants, settings=settings).scenario


def loads(
    text: str,
    *,
    name: str = "<text>",
    base_dir: str | os.PathLike[str] | None = None,
    variants: Sequence[str] = (),
    settings: Settings = (),
) -> Scenario:
    """Read a scenario from YAML text.

    `base_dir` is where its file names are looked up (default: the current folder). Raises `ScenarioError`
    with every fault and its place.
    """
    return read_text(text, name=name, base_dir=base_dir, variants=variants, settings=settings).scenario


def read(path: str | os.PathLike[str], *, variants: Sequence[str] = (), settings: Settings = ()) -> Loaded:
    """As `load`, with the origins of all values."""
    faults = Faults()
    file, named = split_variants(os.fspath(path))
    files: dict[str, FileUse] = {}
    applied: list[Applied] = []
    source = Source(file, Path(file).parent)
    try:
        root = _read_file(source, faults, files, applied, [], None)
    except Unreadable:
        faults.raise_if_any()
        raise AssertionError("unreadable without a fault") from None
    return _finish(root, source, [*named, *variants], settings, faults, files, applied)


def read_text(
    text: str,
    *,
    name: str = "<text>",
    base_dir: str | os.PathLike[str] | None = None,
    variants: Sequence[str] = (),
    settings: Settings = (),
) -> Loaded:
    """As `loads`, with the origins of all values."""
    faults = Faults()
    files: dict[str, FileUse] = {}
    applied: list[Applied] = []
    source = Source(name, Path(base_dir) if base_dir is not None else Path())
    try:
        root = _read_bytes(text.encode("utf-8", "surrogatepass"), source, faults, files, applied, [])
    except Unreadable:
        faults.raise_if_any()
        raise AssertionError("unreadable without a fault") from None
    return _finish(root, source, variants, settings, faults, files, applied)


def split_variants(path: str) -> tuple[str, list[str]]:
    """File and variants in `file.yaml:variant`; a file whose name has the colon goes first."""
    named: list[str] = []
    while ":" in path and not _is_file(path):
        head, _, tail = path.rpartition(":")
        if not head or not tail or "/" in tail or "\\" in tail:
            break
        path = head
        named.insert(0, tail)
    return path, named


def _is_file(path: str) -> bool:
    try:
        return Path(path).is_file()
    except (OSError, ValueError):
        return False


def _read_file(
    source: Source,
    faults: Faults,
    files: dict[str, FileUse],
    applied: list[Applied],
    chain: list[str],
    asked: Place | None,
) -> Map:
    """The tree of a file and of all that it extends; `asked` is where another file names it."""
    place, key = (asked, "extends") if asked else (Place(source), "")
    try:
        path = Path(source.name)
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            faults.add("not a file" if asked is None else f"'{source.name}' is not a file", place, key)
            raise Unreadable
        if status.st_size > MOST_BYTES:
            faults.add(f"{status.st_size:,} bytes; at most {MOST_BYTES:,} are read", Place(source), "")
            raise Unreadable
        data = path.read_bytes()
        real = os.path.realpath(path)
    except (OSError, ValueError) as error:
        what = "cannot be read" if asked is None else f"cannot read '{source.name}'"
        faults.add(f"{what}: {reason(error)}", place, key)
        raise Unreadable from None
    if real in chain:
        faults.add(f"'{source.name}' extends itself", place, key)
        raise Unreadable
    if len(chain) >= LONGEST_CHAIN:
        faults.add(f"more than {LONGEST_CHAIN} files extend one another", place, key)
        raise Unreadable
    return _read_bytes(data, source, faults, files, applied, [*chain, real])


def _read_bytes(
    data: bytes,
    source: Source,
    faults: Faults,
    files: dict[str, FileUse],
    applied: list[Applied],
    chain: list[str],
) -> Map:
    files[source.name] = FileUse(source.name, hashlib.sha256(data).hexdigest())
    root = compose(decode(data, source, faults), source, faults)
    if not isinstance(root, Map):
        faults.add(f"expected a map with scenario, horizon, demand, pools, got {kind_of(root)}", root.place)
        raise Unreadable
    extends = root.entries.get("extends")
    if extends is None:
        return root
    named = extends.node
    own = Map({key: entry for key, entry in root.entries.items() if key != "extends"}, root.place)
    if not isinstance(named, Leaf) or named.empty:
        faults.add(f"expected the name of a scenario file, got {kind_of(named)}", named.place, "extends")
        raise Unreadable
    name = os.path.normpath(source.folder / named.text)
    base = _read_file(Source(name, Path(name).parent), faults, files, applied, chain, named.place)
    return merge(base, own, "", faults, applied)


def _settings(settings: Settings, source: Source, faults: Faults) -> list[Override]:
    """Overrides given on the command line."""
    pairs = [f"{key}={value}" for key, value in settings.items()] if isinstance(settings, Mapping) else settings
    overrides = []
    for pair in pairs:
        here = Source(f"--set {pair}" if len(pair) <= 80 else f"--set {pair[:77]}...", source.folder, numbered=False)
        key, equals, text = pair.partition("=")
        if not equals:
            faults.add("expected key=value, like pools.desk.staffing=+2", Place(here))
            continue
        if not text.strip():
            overrides.append(Override("--set", key.strip(), Place(here), Leaf("", True, Place(here))))
            continue
        try:
            value = compose(decode(text.encode("utf-8", "surrogatepass"), here, faults), here, faults)
        except Unreadable:
            continue
        overrides.append(Override("--set", key.strip(), Place(here), value))
    return overrides


def _finish(
    root: Map,
    source: Source,
    chosen: Sequence[str],
    settings: Settings,
    faults: Faults,
    files: dict[str, FileUse],
    applied: list[Applied],
) -> Loaded:
    variants = root.get("variants")
    check_variants(variants, faults)
    known = variants if isinstance(variants, Map) else None
    root = Map({key: entry for key, entry in root.entries.items() if key != "variants"}, root.place)
    overrides = overrides_of(known, chosen, Place(source), faults) if not faults else []
    overrides += _settings(settings, source, faults)
    for override in overrides:
        root = apply(root, override, faults, applied)
    rd = Reading(faults, names_in(root), files)
    scenario = read_scenario(root, rd)
    if scenario is not None:
        check(scenario, root, faults)
    faults.raise_if_any()
    assert scenario is not None
    return Loaded(
        scenario=scenario,
        tree=root,
        applied=tuple(applied),
        files=tuple(files[name] for name in sorted(files)),
        variants=tuple(known.entries) if known else (),
        name=source.name,
    )
