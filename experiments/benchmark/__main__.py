"""`python -m experiments.benchmark`: measure ccsim beside its peers and print every figure beside its aim."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from experiments.benchmark import stages
from experiments.benchmark.figures import Figure, Skipped, table
from experiments.benchmark.first_answer import TITLE as FIRST
from experiments.benchmark.flagship import TITLE
from experiments.benchmark.machine import facts
from experiments.benchmark.older import TITLE as OLDER
from experiments.benchmark.parts import PARTS
from experiments.benchmark.plan import Plan
from experiments.benchmark.subject import Ccsim, Subject

MARKS = ("<!-- figures -->", "<!-- end of figures -->")
OWN_MARKS = {
    TITLE: ("<!-- flagship figures -->", "<!-- end of flagship figures -->"),
    FIRST: ("<!-- first answer figures -->", "<!-- end of first answer figures -->"),
    OLDER: ("<!-- older flagship figures -->", "<!-- end of older flagship figures -->"),
}
TIMED = """\
Timed for ccsim: simulate(model) from the call to its tables: draw arrivals and attributes, simulate, log a row a visit,
add up the interval tables; contacts are all those simulated. Reading the scenario and compiling the model are apart
(start-up). Timed for a peer: the program from the call to its list with a row a contact; adding up is not timed.
Rates are per second of processor time (one core); programs of a part take turns (A B A B), figures are medians over
the rounds, ratios are taken round by round."""


def main(arguments: Sequence[str] | None = None, subject: Subject | None = None) -> int:
    """Run the parts asked for; 0 when all ran (an aim that is missed is a finding, not a failure)."""
    options = _parser().parse_args(arguments)
    only = options.only.split(",") if options.only else list(PARTS)
    unknown = [name for name in only if name not in PARTS]
    if unknown:
        print(f"no part {', '.join(unknown)}; parts are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    plan = _plan(subject or Ccsim(), quick=options.quick, rounds=options.rounds, beside=options.beside)
    plan = plan if options.runs is None else replace(plan, replications=options.runs)
    machine = facts()
    print("\n".join(f"{key}: {value}" for key, value in machine.items()), flush=True)
    print(f"\n{TIMED}\n", flush=True)
    chosen = {"profile": stages.profile} if options.profile else {name: PARTS[name] for name in only}
    figures: list[Figure] = []
    skipped: list[Skipped] = []
    for name, part in chosen.items():
        print(f"... {name}", file=sys.stderr, flush=True)
        found = part(plan)
        if isinstance(found, Skipped):
            skipped.append(found)
            print(f"{found.part}: skipped, {found.reason}\n", flush=True)
        else:
            figures += found
            print(table(found) + "\n", flush=True)
    missed = [figure for figure in figures if figure.verdict == "missed"]
    aims = sum(figure.aim is not None for figure in figures)
    print(f"{aims - len(missed)} of {aims} aims met" + "".join(f"\nmissed: {f.part}: {f.name}" for f in missed))
    if options.doc:
        _refresh(options.doc, machine, figures, skipped)
    if options.json:
        _save(options.json, machine, options.quick, figures, skipped)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m experiments.benchmark", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the size, two rounds: does it run?")
    parser.add_argument("--only", metavar="a,b,...", help=f"only these parts: {', '.join(PARTS)}")
    parser.add_argument("--rounds", type=int, help="runs of each program (default 5; quick 2)")
    parser.add_argument(
        "--runs", type=int, help="d: runs in all; sweep: runs on one worker, and on two (default 10,000; quick 500)"
    )
    parser.add_argument("--beside", type=Path, metavar="FOLDER", help="first-answer, older: another checkout, in turn")
    parser.add_argument("--profile", action="store_true", help="where the time goes, by stage and by feature")
    parser.add_argument("--doc", type=Path, metavar="FILE", help="put only this table between the marks of a page")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure with all its runs")
    return parser


def _plan(subject: Subject, *, quick: bool, rounds: int | None, beside: Path | None) -> Plan:
    beside = None if beside is None else beside.resolve()
    if quick:
        return Plan(subject, rounds or 2, 100_000, 10_000, 1_000_000, 500, beside)
    return Plan(subject, rounds or 5, 1_000_000, 100_000, 10_000_000, 10_000, beside)


def _refresh(page: Path, machine: dict[str, str], figures: list[Figure], skipped: list[Skipped]) -> None:
    """Replace what stands between the marks of a page by machine and table; some parts have marks of their own."""
    own = {title: [figure for figure in figures if figure.part.startswith(title)] for title in OWN_MARKS}
    others = [figure for figure in figures if not figure.part.startswith(tuple(OWN_MARKS))]
    text = page.read_text(encoding="utf-8")
    lines = [f"{key}: {value}" for key, value in machine.items()]
    if others or skipped or not any(own.values()):
        more = [f"{one.part}: skipped, {one.reason}" for one in skipped]
        text = _between(page, text, MARKS, [*lines, "", table(others), *more])
    for title, made in own.items():
        if made:
            text = _between(page, text, OWN_MARKS[title], [*lines, "", table(made)])
    _write(page, text)


def _between(page: Path, text: str, marks: tuple[str, str], lines: list[str]) -> str:
    before, _, rest = text.partition(marks[0])
    _, found, after = rest.partition(marks[1])
    if not found:
        raise SystemExit(f"{page} has no marks {marks[0]} and {marks[1]}")
    return before + "\n".join([marks[0], "```text", *lines, "```", marks[1]]) + after


def _write(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _save(path: Path, machine: dict[str, str], quick: bool, figures: list[Figure], skipped: list[Skipped]) -> None:
    content = {
        "machine": machine,
        "quick": quick,
        "timed": TIMED,
        "figures": [figure.as_dict() for figure in figures],
        "skipped": [{"part": one.part, "reason": one.reason} for one in skipped],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
