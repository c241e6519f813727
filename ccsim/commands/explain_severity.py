"""How severities are told by `ccsim explain`: one line for each, with what it changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ccsim.language.deadlines import deadline_text
from ccsim.language.preferred import Preferred
from ccsim.language.severities import Severity, shares_of
from ccsim.language.shares import percent
from ccsim.language.workflows import Workflow
from ccsim.text.scalars import duration_text


def severity_lines(workflow: Workflow | None) -> Iterator[str]:
    """`severity  sev1 3%: priority 1, handle times x 1.5`, in order of names; nothing where there are none."""
    if workflow is None:
        return
    for name, share in shares_of(workflow.severity).items():
        said = ", ".join(_changes(workflow.severity[name])) or "as above"
        yield f"  severity  {name} {percent(share)}: {said}"


def preferred_text(severities: Sequence[str], rule: Preferred | None) -> str:
    """Whose pools are told next, and which are asked first: `severity sev1: swarm asked first, others after 5m`."""
    whose = f"severity {', '.join(severities)}" if severities else "all"
    if rule is None:
        return f"{whose}: no pool is asked first"
    first = f"{', '.join(rule.pools)} asked first"
    if rule.others_after is None:
        return f"{whose}: {', '.join(rule.pools)} alone"
    return (
        f"{whose}: {first}, others after {duration_text(rule.others_after)}"
        if rule.others_after
        else f"{whose}: {first}"
    )


def _changes(one: Severity) -> Iterator[str]:
    if one.priority is not None:
        yield f"priority {one.priority}"
    if one.deadline is not None:
        yield f"deferred work to be answered within {deadline_text(one.deadline)}"
    if one.handle_time != 1.0:
        yield f"handle times x {one.handle_time:g}"
    if one.begins_at is not None:
        yield f"begins at {one.begins_at}"
    if one.escalated is not None:
        yield f"{percent(one.escalated)} escalated by the first tier"
    if one.handed_on is not None:
        part = f"{percent(one.handed_on.share)} of the escalated " if one.handed_on.share < 1.0 else "the escalated "
        yield f"{part}handed on after {duration_text(one.handed_on.after)}"
