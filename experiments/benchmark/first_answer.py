"""How long a warm `ccsim run` takes to its goals and KPIs, and to its page, beside the imports of three libraries."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.benchmark.figures import Figure
from experiments.benchmark.plan import Plan
from experiments.benchmark.subject import REPOSITORY

TITLE = "first answer"
IMPORTS = "import numpy, pandas, matplotlib"
START = "from ccsim.start import main; main()"  # what the installed command does
SMALL = ("erlang_a", "regional_desk")
FLAGSHIP = "global_support"
AIM_S = 2.0
"""Seconds to goals and KPIs, and from there to the page, of the small scenarios."""
FLAGSHIP_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Process:
    """One process, from its start."""

    wall: float
    """Seconds to its end."""
    cpu: float
    """Seconds of processor time, user and system, of it and its children."""
    told: float = 0.0
    """Seconds until goals and KPIs were printed."""
    page: float = 0.0
    """Seconds until the page stood."""
    simulated: float = 0.0
    """Seconds of the replications, the kernel's loading among them."""

    @property
    def fixed(self) -> float:
        """Seconds until the page stood, without the replications."""
        return self.page - self.simulated


def first_answer(plan: Plan) -> list[Figure]:
    """Imports and runs in turn, every one once a round; so takes its turn a checkout to be measured beside this one.

    Its flagship is run by this version, too: what a run costs beside its replications is then that of the same file.
    """
    checkouts = {"": REPOSITORY} | ({} if plan.beside is None else {" (beside)": plan.beside})
    quick = plan.rounds < 3
    for root in checkouts.values():  # nobody compiles, or writes byte code, in what is measured
        check_taken(root)
        run_of(root, SMALL[0], quick=quick)
        run_of(root, FLAGSHIP, quick=True)
    imports: list[Process] = []
    runs: dict[tuple[str, str], list[Process]] = {}
    for turn in range(plan.rounds):
        imports.append(process_of([sys.executable, "-c", IMPORTS], environment(REPOSITORY), REPOSITORY))
        for name in (*SMALL, *([FLAGSHIP] if turn < FLAGSHIP_ROUNDS else [])):
            for label, root in checkouts.items():
                runs.setdefault((name, label), []).append(run_of(root, name, quick=quick))
            if plan.beside is not None and name == FLAGSHIP:
                made = run_of(REPOSITORY, name, of=plan.beside, quick=quick)
                runs.setdefault((f"{name} of {plan.beside.name}", ""), []).append(made)
    figures = [
        Figure(TITLE, IMPORTS, "s", tuple(one.wall for one in imports)),
        Figure(TITLE, "the same, processor", "s of processor", tuple(one.cpu for one in imports)),
    ]
    for (name, label), made in runs.items():
        figures += _figures(f"{TITLE}: {name}{label}", made, imports, small=name in SMALL)
    return figures


def _figures(part: str, runs: Sequence[Process], imports: Sequence[Process], *, small: bool) -> list[Figure]:
    aim = AIM_S if small else None

    def times(values: Sequence[float], of: Sequence[float]) -> tuple[float, ...]:
        return tuple(a / b for a, b in zip(values, of, strict=False))  # the flagship has fewer rounds

    walls, cpus = [one.wall for one in imports], [one.cpu for one in imports]
    told, after = [one.told for one in runs], [one.page - one.told for one in runs]
    found = [
        Figure(part, "goals and KPIs are printed", "s", tuple(told), aim, "at most"),
        Figure(part, "from there to the page", "s", tuple(after), aim, "at most"),
        Figure(part, "goals and KPIs / imports", "times", times(told, walls)),
        Figure(part, "from there to the page / imports", "times", times(after, walls)),
        Figure(part, "processor time of it all / that of the imports", "times", times([r.cpu for r in runs], cpus)),
    ]
    if not small:
        fixed = [one.fixed for one in runs]
        found += [
            Figure(part, "replications", "s", tuple(one.simulated for one in runs)),
            Figure(part, "all but the replications, to the page", "s", tuple(fixed)),
            Figure(part, "all but the replications / imports", "times", times(fixed, walls)),
        ]
    return found


def run_of(root: Path, scenario: str, *, quick: bool, of: Path | None = None) -> Process:
    """A run of a scenario by a checkout, with its page, in a process of its own; `of`: another checkout, whose scenario
    it is."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "run"
        command = [sys.executable, "-c", START, "run", str((of or root) / "scenarios" / f"{scenario}.yaml")]
        command += ["--out", str(folder), *(["--replications", "1"] if quick else [])]
        found = process_of(command, environment(root), root)
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        simulated = float(record["provenance"]["elapsed_seconds"])
    return Process(found.wall, found.cpu, found.told, found.page, simulated)


def check_taken(root: Path) -> None:
    """Python finds the checkout that is to be measured, not the one that is installed or that it is started from."""
    ask = [sys.executable, "-c", "import ccsim; print(ccsim.__file__)"]
    done = subprocess.run(ask, env=environment(root), cwd=root, stdout=subprocess.PIPE, text=True, check=True)
    if not Path(done.stdout.strip()).resolve().is_relative_to(root.resolve()):
        raise RuntimeError(f"{root} is to be measured, but Python takes {done.stdout.strip()}")


def process_of(command: Sequence[str], of: Mapping[str, str], root: Path) -> Process:
    """Run a command, in a folder, that has to succeed and note when its lines come."""
    began = time.perf_counter()
    process = subprocess.Popen(command, env=dict(of), cwd=root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    told = page = last = 0.0
    with process.stdout as lines:
        for line in lines:
            now = time.perf_counter() - began
            if line.startswith(b"Results:"):
                told = last
            elif line.startswith(b"Report:"):
                page = now
            elif line.strip():
                last = now
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command))
    return Process(wall, used.ru_utime + used.ru_stime, told, page)


def environment(root: Path) -> dict[str, str]:
    """This process's, with a checkout's packages first, byte code written, and every line seen when it is printed."""
    found = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    found["PYTHONPATH"] = os.pathsep.join(filter(None, [str(root), found.get("PYTHONPATH", "")]))
    return found | {"PYTHONUNBUFFERED": "1"}
