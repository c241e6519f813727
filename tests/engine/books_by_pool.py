"""Tables of visits by who answered them, and by whom they were assigned to, made again in plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from ccsim.kernel import layout
from ccsim.model import Model
from ccsim.records.outcomes import OUTCOMES
from ccsim.records.tables import OF_ASSIGNEES, OF_FIRST_ANSWERS

Row = Sequence[int]
Table = list[tuple[int, ...]]


def assigned_of(model: Model, offered: Iterable[Row], pool_of: Callable[[Row], int]) -> Table:
    """Visits by the vendor that shares assign them to; `offered`: counted rows that joined their queue."""
    assigned: dict[tuple[int, ...], list[int]] = {}
    for row in offered:
        vendor = int(model.groups.assigned[row[layout.LOG_LINE]])
        if vendor >= 0:
            found = assigned.setdefault((row[layout.LOG_QUEUE], vendor), [0, 0])
            found[0] += 1
            found[1] += row[layout.LOG_AGENT] >= 0 and int(model.groups.vendor[pool_of(row)]) == vendor
    return [(*key, *found) for key, found in sorted(assigned.items())]


def assigned_sums_of(model: Model, offered: Iterable[Row], in_time: Callable[[Row], bool]) -> Table:
    """Visits by assignee."""
    sums: dict[int, Counter[str]] = {}
    ends = [f"{what} {i}" for i in range(len(model.thresholds)) for what in ("answered", "abandoned")]
    for row in offered:
        vendor = int(model.groups.assigned[row[layout.LOG_LINE]])
        assignee = int(model.groups.assignee[row[layout.LOG_QUEUE], vendor])  # the last where no vendor is assigned
        if assignee < 0:
            continue
        cells, outcome = sums.setdefault(assignee, Counter()), OUTCOMES[row[layout.LOG_OUTCOME]]
        wait, answered = row[layout.LOG_LEFT] - row[layout.LOG_JOINED], row[layout.LOG_AGENT] >= 0
        called = bool(row[layout.LOG_WAITED] & layout.CALLBACK)
        cells["offered"] += 1
        cells["callbacks_reached"] += answered and called
        cells["answered"] += answered and not called
        cells["in_deadline"] += answered and not called and in_time(row)
        if not answered:
            cells[outcome] += 1
            cells["short_abandoned"] += outcome == "abandoned" and wait <= int(model.groups.settings[3])
        for i, threshold in enumerate(model.thresholds):
            cells[f"answered {i}"] += answered and not called and wait <= threshold
            cells[f"abandoned {i}"] += outcome == "abandoned" and wait <= threshold
    names = [*(column.name for column in OF_ASSIGNEES), *ends]
    return [(one, *(int(cells[name]) for name in names)) for one, cells in sorted(sums.items())]


def first_answers_of(model: Model, ends: Iterable[tuple[Row, str, int]]) -> Table:
    """Cases by who first answered; `ends`: rows that end a contact of a case, its outcome, where it opened."""
    sums: dict[tuple[int, int], Counter[str]] = {}
    for row, outcome, queue in ends:
        pool, earlier = row[layout.LOG_FIRST], row[layout.LOG_HANDLED] > 0
        if pool < 0:
            continue
        cells = sums.setdefault((queue, pool), Counter())
        to_come = row[layout.LOG_OUTCOME] == layout.PART_CASE and outcome == "open_waiting"
        cells["further_contacts"] += earlier and not to_come
        contact, visit = divmod(row[layout.LOG_PLACE], 65536)
        reached = row[layout.LOG_AGENT] >= 0 or 0 < visit < layout.SESSION
        if outcome.startswith("open") or earlier or not reached:
            continue
        cells["cases"] += 1
        cells["cases_missed_first"] += outcome != "resolved"
        cells["first_contacts"] += contact == 0
        cells["followed"] += contact == 0 and 0 < row[layout.LOG_BACK] <= int(model.groups.settings[5]) + 1
    names = [column.name for column in OF_FIRST_ANSWERS]
    return [(*key, *(int(cells[name]) for name in names)) for key, cells in sorted(sums.items()) if cells.total()]
