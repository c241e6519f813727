"""All that is to be said of a scenario before it is run: its faults, and what its author should know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ccsim.errors import Fault, Remark, ScenarioError
from ccsim.scenario.load import Loaded, Opened, split_variants
from ccsim.scenario.questions import faults_of_questions


@dataclass(slots=True)
class Looked:
    """What was found."""

    loaded: Loaded | None = None
    """The scenario; None where it has faults of its own."""
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def look(
    scenario: str,
    variants: Sequence[str] = (),
    settings: Sequence[str] = (),
    *,
    text: str | None = None,
    texts: Mapping[str, str] | None = None,
) -> Looked:
    """Look at a scenario file, and at its variants where none is named.

    Args:
        scenario: The file; `FILE:VARIANT` for a variant.
        variants: Further variants, applied on top.
        settings: Values that are changed, `key=value`.
        text: What the file will hold, in place of what is stored.
        texts: The same of files that it extends, by their real paths.
    """
    looked = Looked()
    try:
        file, named = (scenario, []) if text is not None else split_variants(scenario)
        opened = Opened(file, text=text, texts=texts)
    except ScenarioError as error:
        looked.faults = error.faults
        return looked
    try:
        looked.loaded = opened.loaded([*named, *variants], settings)
        looked.remarks = list(looked.loaded.remarks)
    except ScenarioError as error:
        looked.faults = error.faults
    if not variants and not named:
        _look_at_variants(opened, settings, looked)
        if looked.loaded is not None:
            looked.faults = list(dict.fromkeys([*looked.faults, *faults_of_questions(opened, settings)]))
    return looked


def _look_at_variants(opened: Opened, settings: Sequence[str], looked: Looked) -> None:
    """Faults of the variants of a scenario, and remarks, that it does not have itself without them."""
    known = frozenset(looked.remarks)
    faults: dict[Fault, list[str]] = {}
    remarks: dict[Remark, None] = {}
    for name in opened.variants:
        try:
            for remark in opened.loaded([name], settings).remarks:
                if remark not in known and looked.loaded is not None:
                    remarks[replace(remark, message=f"{remark.message} (variant {name})")] = None
        except ScenarioError as error:
            for fault in error.faults:
                faults.setdefault(fault, []).append(name)
    for fault, names in faults.items():
        if fault not in looked.faults:
            of = f"variant{'s' * (len(names) > 1)} {', '.join(names)}"
            looked.faults.append(replace(fault, message=f"{fault.message} ({of})"))
    looked.remarks += remarks
