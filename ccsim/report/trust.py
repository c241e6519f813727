"""Can I trust this? Checks of a run that a planner would want made before believing a number of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ccsim.report import sentences
from ccsim.report.balance import flow_balance, littles_law
from ccsim.report.drift import growth, warm_up
from ccsim.report.facts import Facts
from ccsim.report.numbers import percent, shown_in
from ccsim.results.text import ends_of, few
from ccsim.text.scalars import duration_text

Verdict = Literal["fine", "look", "open", "note"]

MARKS: Final[dict[Verdict, str]] = {"look": "! check", "open": "? unclear", "fine": "✓ fine", "note": "i note"}
"""How a verdict is shown: by a sign and a word, not by colour alone."""
MOST_OPEN: Final = 0.005
"""Share of the contacts that may be open at the end without a word of warning."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    key: str
    title: str
    verdict: Verdict
    """`fine`; `look`: a reason for doubt; `open`: these data cannot tell; `note`: always so."""
    said: str
    """What was found, in a sentence."""
    how: str
    """How it was looked at."""

    @property
    def doubtful(self) -> bool:
        """Whether what was found is shown without being asked for."""
        return self.verdict in ("look", "open")

    @property
    def mark(self) -> str:
        """The verdict as it is shown."""
        return MARKS[self.verdict]


def checks(facts: Facts) -> list[Check]:
    """Every check, the doubtful ones first."""
    found = [
        precision(facts),
        Check("warm-up", "Warm-up", *warm_up(facts)),
        Check("conservation", "Contact balance", *flow_balance(facts)),
        Check("little", "Little's law", *littles_law(facts)),
        open_at_end(facts),
        caps(facts),
        Check("growth", "Queues that grow", *growth(facts)),
        warned(facts),
        inputs(facts),
    ]
    return sorted(found, key=lambda check: list(MARKS).index(check.verdict) if check.doubtful else len(MARKS))


def summary(found: Sequence[Check]) -> str:
    """All checks in a sentence."""
    counts = Counter(check.verdict for check in found)
    judged = len(found) - counts["note"]
    text = f"{counts['fine']} of {judged} checks are fine"
    if counts["look"]:
        text += f"; please check {_titles(found, 'look')}"
    if counts["open"]:
        text += f"; cannot be determined from this run: {_titles(found, 'open')}"
    return f"{text}. The inputs themselves are assumptions."


def _titles(found: Sequence[Check], verdict: Verdict) -> str:
    return ", ".join(check.title[0].lower() + check.title[1:] for check in found if check.verdict == verdict)


def precision(facts: Facts) -> Check:
    """How many replications were simulated, and how wide the intervals of the goals are."""
    replications = f"{facts.replications} replication{'s' * (facts.replications != 1)}"
    found = list(_intervals(facts))
    close = [g for g in facts.run.goals if g["verdict"] == "inconclusive" and g["estimate"] is not None]
    verdict: Verdict = "fine"
    if facts.replications < 2:
        verdict, said = "open", "One replication has no interval; run more of them."
    elif close:
        verdict = "look"
        are = "is" if len(close) == 1 else "are"
        said = f"With {replications} {len(close)} of {len(facts.run.goals)} goals {are} inconclusive."
    elif found:
        said = f"{replications} decide every goal that could be measured."
    else:
        said = f"{replications}; no goals to decide."
    if few(facts.replications):
        said = f"{said} {few(facts.replications)}"
        verdict = "look"
    how = "The 95 % intervals: " + "; ".join(found) + "." if found else ""
    return Check("precision", "Precision", verdict, said, how)


def _intervals(facts: Facts) -> Iterator[str]:
    for goal in facts.run.goals:
        if ends_of(goal) is not None:
            shown = shown_in(goal["unit"], (goal["estimate"],))
            cell = shown.of(goal)
            yield f"{sentences.goal_name(goal)} {cell.interval.strip('()') or '± 0'} {shown.unit}"


def open_at_end(facts: Facts) -> Check:
    """Counted contacts that had not ended when the replication ended."""
    table = facts.tables["replications"]
    still, whole = int(table["open_at_end"].sum()), int(table["contacts"].sum())
    share = still / whole if whole else 0.0
    said = "Every counted contact had ended." if not still else f"{still:,} of {whole:,} contacts ({percent(share)})."
    how = (
        "Contacts that arrived in the counted time and had not ended when the run ended, all "
        "replications together. Ratios exclude them, so many of them would make results look better "
        f"than they are; up to {percent(MOST_OPEN)} is fine."
    )
    return Check("open", "Open at the end", "look" if share > MOST_OPEN else "fine", said, how)


def caps(facts: Facts) -> Check:
    """Limits that cut the run short."""
    table, measured = facts.tables["replications"], facts.measured
    drain = facts.drain_us
    hit = []
    if facts.run.stopped:
        asked = facts.run.provenance.get("replications_asked")
        hit.append(f"stopped after {facts.replications} of {asked} replications")
    if drain is not None:
        end = measured.warm_up + measured.length + drain
        cut = int(((table["end_us"] >= end) & (table["open_at_end"] > 0)).sum())
        if cut:
            limit = duration_text(drain)
            hit.append(f"the drain period reached its limit of {limit} in {cut} replications")
    said = f"{'; '.join(hit)}.".capitalize() if hit else "No limit was reached."
    how = (
        "Whether all replications were run, and whether the drain period (`horizon.drain`) was long "
        "enough for all counted contacts to end."
    )
    return Check("caps", "Limits", "look" if hit else "fine", said, how)


def warned(facts: Facts) -> Check:
    """What the check of the scenario warned of before it was simulated."""
    found = [f"{one['key']}: {one['said']}" for one in remarks(facts, "warning")]
    how = "`ccsim check` looks at the scenario as written, before the simulation."
    if not found:
        return Check("warnings", "Warnings of the check", "fine", "The check of the scenario has no warnings.", how)
    said = f"{len(found)} warning{'s' * (len(found) > 1)}: {'; '.join(found)}."
    return Check("warnings", "Warnings of the check", "look", said, how)


def remarks(facts: Facts, kind: str) -> list[Mapping[str, str]]:
    """What the check of the scenario remarked: `warning`, `assumed` for what a short form was taken for, or `read`."""
    return [one for one in facts.run.provenance.get("remarks", ()) if one["kind"] == kind]


def inputs(facts: Facts) -> Check:
    """What was put in and never measured."""
    data = [str(f["name"]) for f in facts.run.provenance.get("files", ()) if str(f["name"]).endswith(".csv")]
    read = f" Read from data: {', '.join(data)}." if data else " No data file was read."
    said = "Volumes, handle times, patience, outcomes, absence and prices are inputs, taken as written."
    how = f"No interval on this page includes uncertainty about the inputs.{read} All of them are listed under"
    return Check("inputs", "Assumptions, not measured", "note", said, how)
