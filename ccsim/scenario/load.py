"""From a file to a scenario: read, extend, override, type, check; all faults at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ccsim.errors import Remark
from ccsim.language.names import Names
from ccsim.language.reading import FileUse, Reading, Remembered
from ccsim.language.scenario import Scenario, read_scenario
from ccsim.scenario.checks import check
from ccsim.scenario.drawn import check_correlations
from ccsim.scenario.followed_work import PeopleTold, following
from ccsim.scenario.opening import Opening
from ccsim.scenario.overrides import Override, apply
from ccsim.scenario.question_names import check_names, split_off, written_questions
from ccsim.scenario.rest_of_shares import share_the_rest
from ccsim.scenario.variants import STAFF_KEY, check_variants, key_of_staff, overrides_of, with_bases
from ccsim.text.compose import Unreadable, compose, decode
from ccsim.text.faults import Faults
from ccsim.text.merge import Applied
from ccsim.text.tree import Entry, Leaf, Map, Place, Source

Settings = Mapping[str, str] | Sequence[str]


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
    remarks: tuple[Remark, ...] = ()
    """Warnings, then what short forms were taken for; each with its place."""
    questions: Map | None = None
    """Questions of the file, as they are written."""

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
    file, named = split_variants(os.fspath(path))
    return Opened(file).loaded([*named, *variants], settings)


def read_text(
    text: str,
    *,
    name: str = "<text>",
    base_dir: str | os.PathLike[str] | None = None,
    variants: Sequence[str] = (),
    settings: Settings = (),
) -> Loaded:
    """As `loads`, with the origins of all values."""
    folder = Path(base_dir) if base_dir is not None else Path()
    return Opened(name, text=text, folder=folder).loaded(variants, settings)


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


class Opened:
    """A scenario file that is read once; each of its variants is a reading of the same tree.

    Sections that a variant leaves alone are the same objects as in the readings before, and files are those of all
    readings so far. Raises `ScenarioError` where the file cannot be read.
    """

    def __init__(
        self,
        name: str,
        *,
        text: str | None = None,
        folder: Path | None = None,
        texts: Mapping[str, str] | None = None,
    ) -> None:
        self.source = Source(name, folder or Path(name).parent)
        self._opening = Opening(self.source.folder, texts)
        self._memory = Remembered()
        try:
            if text is None:
                root = self._opening.file(self.source, [], None)
            else:
                root = self._opening.data(text.encode("utf-8", "surrogatepass"), self.source, [])
        except Unreadable:
            self._opening.faults.raise_if_any()
            raise AssertionError("unreadable without a fault") from None
        root, self.questions = split_off(root)
        variants = root.get("variants")
        check_variants(variants, self._opening.faults)
        check_names(self.questions, variants, self._opening.faults)
        self._variants = variants if isinstance(variants, Map) else None
        self._root = Map({key: entry for key, entry in root.entries.items() if key != "variants"}, root.place)
        self._followed: dict[tuple[tuple[str, str], ...], tuple[list[Override], list[PeopleTold]]] = {}

    @property
    def variants(self) -> tuple[str, ...]:
        """Names of all variants."""
        return tuple(self._variants.entries) if self._variants else ()

    @property
    def written_variants(self) -> dict[str, Entry]:
        """The section of variants as it is written; nothing where there is none."""
        return {"variants": Entry(self._variants, self._variants.place)} if self._variants else {}

    def loaded(
        self,
        variants: Sequence[str] = (),
        settings: Settings = (),
        draws: Callable[[Map, Faults], list[Override]] | None = None,
    ) -> Loaded:
        """The scenario with variants and settings applied. Raises `ScenarioError` with every fault.

        `draws`: overrides of uncertain inputs that are applied last, from the tree with all others. Such a reading is
        not remembered, and may be made on several threads at once.
        """
        memory = self._memory if draws is None else self._memory.copy()
        faults = self._opening.faults.copy()
        asked = {name: section for section, name, _ in written_questions(self.questions)}
        overrides = overrides_of(self._variants, variants, Place(self.source), faults, asked) if not faults else []
        overrides = [*self._with_people(overrides, faults), *_settings(settings, self.source, faults)]
        return self._read(overrides, draws, memory, faults)

    def _with_people(self, overrides: Sequence[Override], faults: Faults) -> list[Override]:
        """Overrides of variants, with the people of those by whose work people follow; what was found is remarked.

        People follow once: of a variant and those that it is on the last that asks, by the work of all of them.
        """
        made: list[tuple[Override, bool]] = []  # whether people were worked out
        told: dict[str, tuple[Override, list[PeopleTold]]] = {}
        for override in overrides:
            if override.key != STAFF_KEY or self._variants is None:
                made.append((override, False))
                continue
            chain = with_bases(override.by, self._variants)
            made = [(one, follows) for one, follows in made if not (follows and one.by in chain)]
            told = {by: one for by, one in told.items() if by not in chain}
            people, told[override.by] = self._people([one for one, _ in made], chain, override)
            made += [(one, True) for one in people]
        for asked, remarks in told.values():
            for remark in remarks:
                faults.remark(remark.text, asked.value.place, key_of_staff(asked), remark.kind)
        return [one for one, _ in made]

    def _people(
        self, made: Sequence[Override], chain: Collection[str], asked: Override
    ) -> tuple[list[Override], tuple[Override, list[PeopleTold]]]:
        """Overrides by which people follow, and what is told of them; `chain`: who changes the work."""
        said = (*((one.by, one.key) for one in made), (asked.by, asked.key))
        if said not in self._followed:
            before = self._scenario([one for one in made if one.by not in chain])
            own = [one.key for one in made if one.by in chain]
            self._followed[said] = following(before, self._scenario(made), own, asked)
        people, told = self._followed[said]
        return people, (asked, told)

    def _scenario(self, overrides: Sequence[Override]) -> Scenario:
        return self._read(overrides, None, self._memory, self._opening.faults.copy()).scenario

    def _read(
        self,
        overrides: Sequence[Override],
        draws: Callable[[Map, Faults], list[Override]] | None,
        memory: Remembered,
        faults: Faults,
    ) -> Loaded:
        """The scenario with overrides, and drawn ones last."""
        applied = list(self._opening.applied)
        root = self._root
        for override in overrides:
            root = apply(root, override, faults, applied)
        drawn = draws(root, faults) if draws is not None else []
        for override in drawn:
            root = apply(root, override, faults, applied)
        if overrides or drawn:
            root = share_the_rest(root, [*overrides, *drawn], faults, applied)
        rd = Reading(faults, Names(root), dict(self._opening.files), home=self.source.folder, memory=memory)
        scenario = read_scenario(root, rd)
        if scenario is not None:
            check(scenario, root, faults, memory)
            check_correlations(root, faults)
        memory.files.update(rd.files)
        faults.raise_if_any()
        assert scenario is not None
        return Loaded(
            scenario=scenario,
            tree=root,
            applied=tuple(applied),
            files=tuple(memory.files[name] for name in sorted(memory.files)),
            variants=self.variants,
            name=self.source.name,
            remarks=faults.sorted_remarks,
            questions=self.questions,
        )


def _settings(settings: Settings, source: Source, faults: Faults) -> list[Override]:
    """Overrides given on the command line."""
    pairs = [f"{key}={value}" for key, value in settings.items()] if isinstance(settings, Mapping) else settings
    overrides = []
    for pair in pairs:
        here = Source(setting_label(pair), source.folder, numbered=False)
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


def setting_label(pair: str) -> str:
    """How a fault of a setting names its place."""
    return f"--set {pair}" if len(pair) <= 80 else f"--set {pair[:77]}..."
