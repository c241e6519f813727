"""The table, the summary, and the JSON of a verification."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .measures import Result
from .runner import Answer

Z_SQUARES = (0.7, 1.4)
"""The mean of z^2 over all measures must lie between these."""

HEAD = f"{'case':<10} {'measure':<52} {'estimate':>12} {'SE':>10} {'expected':>12} {'z':>6}"


def lines_of(answer: Answer, *, quiet: bool = False, wide: bool = True) -> list[str]:
    """Lines of the table for one case; with `quiet` only what does not agree.

    `wide` marks intervals that are wider than wanted.
    """
    case = answer.case
    if answer.refused:
        return [f"{case.id:<10} not simulated: {answer.refused}"]
    lines = [_line(r, wide) for r in answer.results if not quiet or r.status == "FAIL"]
    if answer.error:
        lines.append(f"{case.id:<10} ERROR {answer.error}")
    by_reason: dict[str, list[str]] = {}
    for name, why in answer.not_asked:
        by_reason.setdefault(why, []).append(name)
    if not quiet:
        for why, names in by_reason.items():
            shown = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
            lines.append(f"{case.id:<10} not asked: {shown} ({why})")
    return lines


def _line(r: Result, wide: bool) -> str:
    z = "exact" if r.exact else "" if r.z is None else f"{r.z:+.2f}"
    mark = f"  {r.status}" if r.status == "FAIL" or (wide and r.status == "wide") else ""
    return f"{r.case:<10} {r.measure:<52.52} {r.estimate:>12.6g} {r.spread:>10.2g} {r.expected:>12.6g} {z:>6}{mark}"


def summary(answers: Sequence[Answer]) -> dict[str, Any]:
    """Counts, the mean z^2, and whether everything agrees."""
    results = [r for a in answers for r in a.results]
    z = np.array([r.z for r in results if r.z is not None])
    by_case = [
        float(np.mean([r.z**2 for r in a.results if r.z is not None]))
        for a in answers
        if any(r.z is not None for r in a.results)
    ]
    mean = float(np.mean(z**2)) if len(z) else 1.0
    enough = len(z) >= 200
    z_fits = not enough or Z_SQUARES[0] <= mean <= Z_SQUARES[1]
    failed = sorted({a.case.id for a in answers if a.failed})
    return {
        "cases": len(answers),
        "simulated": sum(not a.refused for a in answers),
        "not_simulated": {a.case.id: a.refused for a in answers if a.refused},
        "measures": len(results),
        "failed": sum(not r.passed for r in results),
        "failed_cases": failed,
        "wide": sum(r.status == "wide" for r in results),
        "exact": sum(r.exact for r in results),
        "not_asked": sum(len(a.not_asked) for a in answers),
        "with_z": len(z),
        "mean_z_squared": mean,
        "mean_z_squared_by_case": float(np.mean(by_case)) if by_case else 1.0,
        "largest_z": float(np.max(np.abs(z))) if len(z) else 0.0,
        "z_squared_judged": enough,
        "visits": sum(a.visits for a in answers),
        "seconds": sum(a.seconds for a in answers),
        "passed": not failed and z_fits,
    }


def summary_lines(total: dict[str, Any]) -> list[str]:
    """The summary in sentences."""
    judged = f"must lie in {Z_SQUARES[0]}-{Z_SQUARES[1]}" if total["z_squared_judged"] else "too few to judge"
    return [
        "",
        f"{total['simulated']} of {total['cases']} cases simulated, {total['measures']} measures "
        f"({total['exact']} exact, {total['with_z']} with a z), {total['visits']:,.0f} visits, "
        f"{total['seconds']:.0f} s",
        f"failed: {total['failed']} measures in {len(total['failed_cases'])} cases "
        f"{' '.join(total['failed_cases'])}".rstrip(),
        f"interval wider than wanted: {total['wide']} measures; expected values not asked: {total['not_asked']}",
        f"mean z^2: {total['mean_z_squared']:.3f} over measures ({judged}), "
        f"{total['mean_z_squared_by_case']:.3f} over cases; largest |z| {total['largest_z']:.2f}",
        "PASSED" if total["passed"] else "FAILED",
    ]


def write_json(path: Path, answers: Sequence[Answer], total: dict[str, Any]) -> None:
    """Everything as JSON."""
    rows = [
        {
            "case": r.case,
            "family": r.family,
            "measure": r.measure,
            "kind": r.kind,
            "estimate": r.estimate,
            "se": r.se,
            "expected": r.expected,
            "expected_se": r.expected_se,
            "z": r.z,
            "replications": r.replications,
            "status": r.status,
        }
        for a in answers
        for r in a.results
    ]
    skipped = {a.case.id: dict(a.not_asked) for a in answers if a.not_asked}
    errors = {a.case.id: a.error for a in answers if a.error}
    seconds = {a.case.id: {"seconds": round(a.seconds, 2), "visits": a.visits} for a in answers}
    content = {"summary": total, "measures": rows, "not_asked": skipped, "errors": errors, "cost": seconds}
    path.write_text(json.dumps(content, indent=1, default=str), encoding="utf-8")
