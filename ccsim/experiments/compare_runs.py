"""Compares runs that are stored: nothing is simulated."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ccsim.errors import CcsimError
from ccsim.experiments.compare import comparison_of
from ccsim.experiments.compare_alternatives import (
    NotComparable,
    changes_between,
    drain_reasons,
    folder_of,
    reasons,
    told_apart,
)
from ccsim.metrics.goals import goal_of, judge
from ccsim.metrics.paired import simultaneous
from ccsim.results.comparison import Alternative, Comparison
from ccsim.results.places import is_run
from ccsim.results.run import Run
from ccsim.scenario.canonical import from_canonical

if TYPE_CHECKING:
    from ccsim.language.goals import Goal

log: Final = logging.getLogger("ccsim.compare")
MOST_TEXT: Final = 60
"""Characters of a value that a change tells."""


def compare_runs(folders: Sequence[str | os.PathLike[str]], *, command: Sequence[str] | None = None) -> Comparison:
    """Compare stored runs, replication by replication: the first is the base, by whose goals all are judged.

    Parameters
    ----------
    folders
        Of two runs or more, with the same seed and the same number of replications.
    command
        For the provenance; default this process's.

    Raises
    ------
    CcsimError
        A folder holds no readable run.
    NotComparable
        A difference would mean nothing, with every reason.
    """
    runs = [_read(Path(folder)) for folder in folders]
    if len(runs) < 2:
        raise NotComparable("there is nothing to compare with: name another run's folder")
    base, *others = runs
    faults = [
        f"{folder} cannot be compared with {folders[0]}: {reason}"
        for folder, one in zip(folders[1:], others, strict=True)
        for reason in _reasons(base, one)
    ]
    if faults:
        raise NotComparable("\n".join(faults))
    for folder, one in zip(folders[1:], others, strict=True):
        if one.provenance.get("versions") != base.provenance.get("versions"):
            log.warning("%s was simulated with other versions than %s; a difference may be theirs", folder, folders[0])
    names = told_apart([(one.name, os.fspath(folder)) for one, folder in zip(runs, folders, strict=True)])
    goals = [goal_of(goal) for goal in base.goals]
    judged = {name: _judged(one, goals) for name, one in zip(names, runs, strict=True)}
    alternatives = [
        Alternative(name, folder_of(name), one.digest, () if one is base else changes(base, one))
        for name, one in zip(names, runs, strict=True)
    ]
    return comparison_of(alternatives, judged, goals, simultaneous(len(others)), {}, command=command)


def _read(folder: Path) -> Run:
    if not is_run(folder):
        raise CcsimError(f"{folder}: holds no run; name the folder of a run, or files of scenarios only")
    return Run.read(folder)


def _reasons(base: Run, one: Run) -> Iterator[str]:
    ours, theirs = base.provenance.get("seed"), one.provenance.get("seed")
    if ours != theirs:
        yield f"seed {theirs}, not {ours}, so its contacts draw other random numbers; run it with --seed {ours}"
    if base.replications != one.replications:
        most = max(base.replications, one.replications)
        yield f"{one.replications} replications, not {base.replications}; run both with --replications {most}"
    yield from reasons(base.measured, one.measured)
    yield from drain_reasons(base.provenance.get("scenario"), one.provenance.get("scenario"))


def _judged(run: Run, goals: Sequence[Goal]) -> Run:
    return replace(run, goals=judge(goals, run.tables, run.measured))


def changes(base: Run, one: Run) -> tuple[str, ...]:
    """What differs between the scenarios of two runs, in the planner's words; key by key where a run's scenario cannot
    be made again, as that of another version, or one with a recorded trace.
    """
    try:
        ours, theirs = (from_canonical(run.provenance.get("scenario", {})) for run in (base, one))
    except ValueError:
        return tuple(_canonical_changes(base, one))
    return changes_between(ours, theirs)


def _canonical_changes(base: Run, one: Run) -> Iterator[str]:
    """The same key by key in canonical values (times in microseconds)."""
    ours, theirs = (dict(_flat(run.provenance.get("scenario", {}), "")) for run in (base, one))
    for key in sorted(ours.keys() | theirs.keys()):
        if ours.get(key) != theirs.get(key) and key.partition(".")[0] not in ("scenario", "title", "run"):
            section, _, rest = key.partition(".")
            yield f"{section.capitalize()} / {rest or section}: {_text(ours.get(key))} -> {_text(theirs.get(key))}"


def _flat(value: Any, key: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _flat(inner, f"{key}.{name}" if key else str(name))
    else:
        yield key, value


def _text(value: Any) -> str:
    if isinstance(value, list) and len(value) == 1:
        return _text(value[0])
    if isinstance(value, float):
        return f"{value:.10g}"
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= MOST_TEXT else f"{text[: MOST_TEXT - 3]}..."
