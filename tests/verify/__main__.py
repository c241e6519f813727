"""`python -m tests.verify`: simulates the reference cases and says whether the engine agrees."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from .backend import Scenario
from .cases import REFERENCE, Library
from .report import HEAD, lines_of, summary, summary_lines, write_json
from .runner import Answer, Effort, answer


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 if everything agrees, 1 if not, 2 if there is nothing to simulate."""
    said = _parser().parse_args(arguments)
    library = Library(said.cases)
    cases = [case for case in library.cases if case.engine]
    if said.only:
        wanted = set(said.only.split(","))
        cases = [c for c in cases if c.id in wanted or c.family in wanted]
    if not cases:
        print(f"no cases asked of the engine in {said.cases}", file=sys.stderr)
        return 2
    effort = Effort(workers=said.workers, quick=said.quick, budget=said.budget)
    print(HEAD, flush=True)
    answers: list[Answer] = []
    for case in cases:
        found = answer(case, library, Scenario, effort)
        answers.append(found)
        lines = lines_of(found, quiet=said.quiet, wide=not said.quick)
        if lines:
            print("\n".join(lines), flush=True)
    total = summary(answers)
    print("\n".join(summary_lines(total)))
    if said.json:
        write_json(said.json, answers, total)
    return 0 if total["passed"] else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.verify", description=__doc__)
    parser.add_argument("--cases", type=Path, default=REFERENCE, help="folder with files of cases")
    parser.add_argument("--only", help="ids or families, with commas between")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="threads")
    parser.add_argument("--json", type=Path, help="write everything to this file")
    parser.add_argument("--quick", action="store_true", help="one short replication of each case")
    parser.add_argument("--quiet", action="store_true", help="print only what does not agree")
    parser.add_argument("--budget", type=float, default=1.2e7, help="most visits of one replication")
    return parser


if __name__ == "__main__":
    sys.exit(main())
