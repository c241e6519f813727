"""Tables of visits by who answered them, and by whom they were assigned to, made again in plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from ccsim.kernel import layout
from ccsim.kernel.sums import OF_FREE_WITHIN, OF_HOME
from ccsim.model import Model
from ccsim.records.day_tables import OF_ASSIGNEES, OF_FIRST_ANSWERS
from ccsim.records.outcomes import OUTCOMES
from ccsim.records.satisfaction import RATED
from ccsim.records.tables import CASE_AGE_BANDS
from ccsim.units import HOUR

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


def assigned_sums_of(
    model: Model, offered: Iterable[Row], parts: Iterable[Row], in_time: Callable[[Row], bool]
) -> Table:
    """Visits by day, assignee and who answered; `parts`: counted rows that say what others say too much of."""
    sums: dict[tuple[int, int, int], Counter[str]] = {}
    ends = [f"{what} {i}" for i in range(len(model.thresholds)) for what in ("answered", "abandoned")]

    def cells_of(row: Row) -> Counter[str]:
        vendor = int(model.groups.assigned[row[layout.LOG_LINE]])
        assignee = int(model.groups.assignee[row[layout.LOG_QUEUE], vendor])  # the last where no vendor is assigned
        agent = row[layout.LOG_AGENT]
        pool = int(model.agent_pool[agent]) if agent >= 0 else -1
        return sums.setdefault((day_of(model, row[layout.LOG_JOINED]), assignee, pool), Counter())

    for row in offered:
        cells, outcome = cells_of(row), OUTCOMES[row[layout.LOG_OUTCOME]]
        wait, answered = waited(row), row[layout.LOG_AGENT] >= 0
        called = bool(row[layout.LOG_WAITED] & layout.CALLBACK)
        cells["offered"] += 1
        cells["callbacks_reached"] += answered and called
        cells["answered"] += answered and not called
        cells["in_deadline"] += answered and not called and in_time(row)
        if not answered:
            cells[outcome] += 1
            cells["short_abandoned"] += outcome == "abandoned" and wait <= int(model.groups.settings[3])
        elif outcome != "open_in_hand":
            cells[outcome] += 1
            cells.update(handled_of(row))
        for i, threshold in enumerate(model.thresholds):
            cells[f"answered {i}"] += answered and not called and wait <= threshold
            cells[f"abandoned {i}"] += outcome == "abandoned" and wait <= threshold
    for row in parts:
        cells_of(row).subtract({"talk_us": row[layout.LOG_TALKED], "wrap_up_us": row[layout.LOG_BACK]})
    names = [*(column.name for column in OF_ASSIGNEES), *ends]
    return [(*key, *(int(cells[name]) for name in names)) for key, cells in sorted(sums.items())]


def too_much_of(parts: Iterable[Row]) -> list[Row]:
    """Rows that say what the rows of counted visits say too much of."""
    return [row for row in parts if row[layout.LOG_OUTCOME] == layout.PART_WHOLE and row[layout.LOG_COUNTED] == 1]


def shrinkage_of(spans: Iterable[Row], overlaps: Callable[[int, int], Iterable[tuple[int, int]]]) -> Table:
    """Time away by pool and cause."""
    away: Counter[tuple[int, int]] = Counter()
    for pool, what, since, until, cause in spans:
        if what in (layout.PAID_BREAK, layout.UNPAID_BREAK, layout.ABSENT):
            away[pool, cause] += sum(common for _, common in overlaps(since, until))
    return [(*key, time) for key, time in sorted(away.items()) if time]


def day_of(model: Model, at: int) -> int:
    """Day of the report's clock of an instant."""
    first, _, width = model.groups.settings[:3]
    return int(model.groups.day_of[min((at - int(first)) // int(width), len(model.groups.day_of) - 1)])


def pool_days_of(model: Model, ends: Iterable[tuple[Row, str, int]]) -> Table:
    """Cases by day and the pool that first answered, where nothing is rated; `ends` as in `first_answers_of`."""
    by_day: dict[int, list[tuple[Row, str, int]]] = {}
    for end in ends:
        by_day.setdefault(day_of(model, end[0][layout.LOG_OPENED]), []).append(end)
    found: dict[tuple[int, int], list[int]] = {}
    for day, these in by_day.items():
        for _, pool, *cells in first_answers_of(model, these):
            so_far = found.setdefault((day, pool), [0] * len(cells))
            found[day, pool] = [a + b for a, b in zip(so_far, cells, strict=True)]
    return [(*key, *cells, *([0] * len(RATED))) for key, cells in sorted(found.items())]


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
        contact = row[layout.LOG_PLACE] // 65536
        reached = row[layout.LOG_AGENT] >= 0 or reached_before(row)
        if outcome.startswith("open") or earlier or not reached:
            continue
        cells["cases"] += 1
        cells["cases_missed_first"] += outcome != "resolved"
        cells["first_contacts"] += contact == 0
        cells["followed"] += contact == 0 and 0 < row[layout.LOG_BACK] <= int(model.groups.settings[5]) + 1
    names = [column.name for column in OF_FIRST_ANSWERS]
    return [(*key, *(int(cells[name]) for name in names)) for key, cells in sorted(sums.items()) if cells.total()]


def missed_first_of(ends: Iterable[tuple[Row, str, int]]) -> Table:
    """Cases that were not resolved at first contact, by how it ended; `ends` as in `first_answers_of`."""
    found: Counter[tuple[int, int, int]] = Counter()
    for row, outcome, queue in ends:
        reached, later = row[layout.LOG_AGENT] >= 0, reached_before(row)
        counts = (reached or later or row[layout.LOG_BACK] <= 0) and row[layout.LOG_HANDLED] <= 0
        if counts and not outcome.startswith("open") and outcome not in ("resolved", "by_peers", "contained"):
            found[queue, OUTCOMES.index(outcome), int(later)] += 1
    return [(*key, count) for key, count in sorted(found.items())]


def repeats_of(model: Model, came: Iterable[Row]) -> Table:
    """Contacts that are not the first of their case, by why they came; `came`: counted rows of contacts coming in."""
    found = Counter(
        (
            int(model.groups.queues[row[layout.LOG_QUEUE], OF_HOME]),
            (row[layout.LOG_BOT] & layout.RETURNS) // layout.RETURNED - 1,
        )
        for row in came
        if row[layout.LOG_PLACE] >> 16
    )
    return [(*key, count) for key, count in sorted(found.items())]


def open_cases_of(model: Model, ends: Iterable[tuple[Row, str, int]]) -> Table:
    """Cases that were open at each midnight, by flow and age."""
    found: Counter[tuple[int, int, int]] = Counter()
    for row, outcome, queue in ends:
        if row[layout.LOG_BACK] > 0:
            continue
        opened, closed = row[layout.LOG_OPENED], row[layout.LOG_TALKED]
        for day, midnight in enumerate(model.midnights):
            if opened < midnight and (outcome.startswith("open") or midnight <= closed):
                band = max(i for i, hours in enumerate(CASE_AGE_BANDS) if hours * HOUR <= midnight - opened)
                found[day, int(model.names["queues"][queue][2]), band] += 1
    return [(*key, count) for key, count in sorted(found.items())]


def handled_of(row: Row) -> dict[str, int]:
    """Sums of a visit that an agent has handled."""
    held, (left, talked, wrapped) = row[layout.LOG_HELD], row[layout.LOG_LEFT : layout.LOG_WRAPPED + 1]
    parts = (talked - left, wrapped - talked, int(held >= 0), max(held, 0), row[layout.LOG_HAND_OVER])
    return dict(zip(("talk_us", "wrap_up_us", "warm", "warm_wait_us", "hand_over_us"), parts, strict=True))


def waited(row: Row) -> int:
    """The whole wait of a contact until it left a queue, that before a time-out included."""
    return row[layout.LOG_LEFT] - row[layout.LOG_JOINED] + row[layout.LOG_BEFORE]


def reached_before(row: Row) -> bool:
    """Whether an earlier visit of the contact of a row reached an agent."""
    return 0 < row[layout.LOG_PLACE] % 65536 < layout.SESSION and not row[layout.LOG_WAITED] & layout.UNREACHED


def is_session(row: Row) -> bool:
    """Whether a row is a session with a bot."""
    return row[layout.LOG_PLACE] % 65536 == layout.SESSION


def comes_in(row: Row) -> bool:
    """Whether a contact comes in with a row: its session, or its first visit if it had none."""
    first = row[layout.LOG_PLACE] % 65536 == 0 and not row[layout.LOG_BOT] & layout.FROM_BOT
    return is_session(row) or first


def session_of(model: Model, row: Row, outcome: str) -> Counter[str]:
    """Sums of a session."""
    sums = Counter({"sessions": 1, outcome: 1})
    if outcome == "open_in_session":
        return sums
    sums["session_us"] += row[layout.LOG_TALKED] - row[layout.LOG_JOINED]
    sums["with_context"] += outcome == "handed_off" and bool(row[layout.LOG_BOT] & layout.WITH_CONTEXT)
    if outcome == "falsely_contained" and row[layout.LOG_BACK] > 0:
        back = row[layout.LOG_BACK] - 1
        sums["false_followed_24h"] += back <= 24 * HOUR
        sums["false_followed_7d"] += back <= 168 * HOUR
        sums["free_of_charge"] += back <= int(model.groups.queues[row[layout.LOG_QUEUE], OF_FREE_WITHIN])
    return sums
