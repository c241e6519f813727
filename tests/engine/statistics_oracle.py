"""The tables of a replication made again in plain Python from its log of visits and its log of agent time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from ccsim.kernel import layout
from ccsim.kernel.sums import OF_CASE_CLOCK, OF_CLOCK, OF_DEADLINE, OF_FIRST_TIER
from ccsim.model import Model
from ccsim.records import outcomes
from ccsim.records.outcomes import OUTCOMES
from ccsim.records.tables import COHORT, POOL_INTERVALS
from ccsim.results import bins
from tests.engine.statistics_by_pool import (
    assigned_of,
    assigned_sums_of,
    comes_in,
    first_answers_of,
    handled_of,
    is_session,
    missed_first_of,
    open_cases_of,
    pool_days_of,
    reached_before,
    repeats_of,
    session_of,
    shrinkage_of,
    too_much_of,
    waited,
)
from tests.support.working_time import due

Table = list[tuple[int, ...]]
ANSWERED = ("resolved", "escalated", "unresolved", "transferred", "open_in_hand")
TURNED_AWAY = ("blocked", "closed", "by_peers", "requeued")
MOVES_ON = ("escalated", "transferred", "handed_off", "requeued")
WITHOUT_AGENT = ("by_peers", "contained")
POOL_COLUMNS = tuple(column.name for column in POOL_INTERVALS[3:])
MILLION = 1_000_000


class Recount:
    """Sums of one replication by the words of `records.tables`, one loop a table and no care for speed."""

    def __init__(self, model: Model, log: np.ndarray, spans: np.ndarray) -> None:
        self.model = model
        rows = [[int(cell) for cell in row] for row in log]
        self.avoided = [row for row in rows if row[layout.LOG_OUTCOME] == outcomes.DEFLECTED]
        self.log = [row for row in rows if outcomes.DEFLECTED != row[layout.LOG_OUTCOME] < layout.PART_HELD]
        self.parts = [row for row in rows if row[layout.LOG_OUTCOME] >= layout.PART_HELD]
        """Of visits that were laid down."""
        self.spans = [[int(cell) for cell in row] for row in spans]
        span = model.span
        self.first, self.end, self.width = span.counted_from, span.counted_until, span.interval

    def tables(self) -> dict[str, Table]:
        """Every table but `backlog`, without the number of events."""
        flow, queue = self._cohorts()
        pools = self._pool_intervals()
        return {
            "flow_intervals": [(*key, *self._row(sums)) for key, sums in sorted(flow.items()) if sums.total()],
            "flow_calendar": [
                (*key, *areas) for key, areas in sorted(self._calendar_by_interval().items()) if any(areas)
            ],
            "queue_sums": self._queue_sums(queue),
            "pool_intervals": [(*key, *row) for key, row in sorted(pools.items())],
            "pool_sums": [
                (
                    pool,
                    *(sum(cells) for cells in zip(*(row for (_, p), row in pools.items() if p == pool), strict=True)),
                )
                for pool in range(self._pools)
            ],
            "shrinkage": shrinkage_of(self.spans, self._overlaps),
            "routes": self._routes(),
            "assigned": assigned_of(self.model, self._offered(), self._pool_of),
            "assigned_sums": assigned_sums_of(self.model, self._offered(), too_much_of(self.parts), self._in_time),
            "pool_days": pool_days_of(self.model, self._ends()),
            "first_answers": first_answers_of(self.model, self._ends()),
            "waits": self._waits(),
            "missed_first": missed_first_of(self._ends()),
            "repeats": repeats_of(self.model, (row for row in self._counted() if comes_in(row))),
            "open_cases": open_cases_of(self.model, self._all_ends()),
            "replications": [self._replication()],
        }

    @property
    def _pools(self) -> int:
        return max(len(self.model.names["pools"]), 1)

    def _flow_of(self, row: Sequence[int]) -> int:
        return int(self.model.names["queues"][row[layout.LOG_QUEUE]][2])

    def _pool_of(self, row: Sequence[int]) -> int:
        return int(self.model.agent_pool[row[layout.LOG_AGENT]])

    def _counted(self) -> Iterable[list[int]]:
        return (row for row in self.log if row[layout.LOG_COUNTED] == 1)

    def _answered(self) -> Iterable[list[int]]:
        return (row for row in self._counted() if OUTCOMES[row[layout.LOG_OUTCOME]] in ANSWERED)

    def _cohorts(self) -> tuple[dict[tuple[int, ...], Counter[str]], dict[tuple[int, ...], Counter[str]]]:
        flow: dict[tuple[int, ...], Counter[str]] = {}
        queue: dict[tuple[int, ...], Counter[str]] = {}
        for row in [*self._counted(), *(row for row in self.avoided if row[layout.LOG_COUNTED] == 1)]:
            key = (row[layout.LOG_JOINED] - self.first) // self.width, self._flow_of(row)
            for sums in (flow.setdefault(key, Counter()), queue.setdefault((row[layout.LOG_QUEUE],), Counter())):
                if row[layout.LOG_OUTCOME] == outcomes.DEFLECTED:
                    sums["deflected"] += 1
                else:
                    self._add_visit(sums, row)
            home = self._home(row[layout.LOG_QUEUE])
            key = key[0], int(self.model.names["queues"][home][2])
            if comes_in(row) and row[layout.LOG_OUTCOME] != outcomes.DEFLECTED:
                for sums in (flow.setdefault(key, Counter()), queue.setdefault((home,), Counter())):
                    self._add_arrival(sums, row)
        for row in too_much_of(self.parts):
            key = (row[layout.LOG_JOINED] - self.first) // self.width, self._flow_of(row)
            for sums in (flow[key], queue[(row[layout.LOG_QUEUE],)]):
                sums["talk_us"] -= row[layout.LOG_TALKED]
                sums["wrap_up_us"] -= row[layout.LOG_BACK]
        self._add_cases(flow, queue)
        return flow, queue

    def _add_cases(self, flow: dict[tuple[int, ...], Counter[str]], queue: dict[tuple[int, ...], Counter[str]]) -> None:
        """What contacts have made of their cases, where these opened."""
        for row, outcome, first in self._ends():
            key = (row[layout.LOG_OPENED] - self.first) // self.width, int(self.model.names["queues"][first][2])
            for sums in (flow.setdefault(key, Counter()), queue.setdefault((first,), Counter())):
                self._add_case(sums, row, outcome, first)

    def _ends(self) -> Iterable[tuple[list[int], str, int]]:
        """Rows that end a contact of a counted case, with its outcome and the queue in which its case opened."""
        return (end for end in self._all_ends() if self.first <= end[0][layout.LOG_OPENED] < self.end)

    def _all_ends(self) -> Iterable[tuple[list[int], str, int]]:
        ends = [(row, row[layout.LOG_OUTCOME]) for row in self.log if row[layout.LOG_HANDLED] >= 0]
        ends += [(r, r[layout.LOG_WAITED]) for r in self.parts if r[layout.LOG_OUTCOME] == layout.PART_CASE]
        for row, outcome in ends:
            if OUTCOMES[outcome] not in MOVES_ON:
                yield row, OUTCOMES[outcome], int(self.model.groups.case_queue[row[layout.LOG_DATE] >> 32])

    def _add_case(self, sums: Counter[str], row: Sequence[int], outcome: str, first: int) -> None:
        groups, contact = self.model.groups, row[layout.LOG_PLACE] // 65536
        back, opened, ended = row[layout.LOG_BACK], row[layout.LOG_OPENED], row[layout.LOG_TALKED]
        limit = due(groups.working, int(groups.queues[first, OF_CASE_CLOCK]), opened, int(groups.settings[4]))
        answered_before = row[layout.LOG_HANDLED] > 0
        to_come = row[layout.LOG_OUTCOME] == layout.PART_CASE and outcome == "open_waiting"
        sums["further_contacts"] += contact > 0 and not to_come
        sums["cases_stopped"] += back < 0
        if outcome.startswith("open"):
            sums["cases_open"] += 1
            sums["cases_young"] += row[layout.LOG_WRAPPED] <= limit
            sums["first_contacts_open"] += contact == 0
            sums["cases_unanswered"] += not answered_before
            return
        sums["followed"] += contact == 0 and 0 < back <= int(groups.settings[5]) + 1
        if outcome not in ("resolved", *WITHOUT_AGENT):
            answered = row[layout.LOG_AGENT] >= 0 or reached_before(row)
            sums["cases_missed_first"] += not answered_before and (answered or back <= 0)
            sums["cases_given_up"] += back <= 0
            return
        sums["cases_without_agent"] += outcome in WITHOUT_AGENT and not answered_before
        if back <= 0:
            sums["resolution_ms"] += (ended - opened) // 1000
            sums["cases_late"] += ended > limit
            elsewhere = outcome in WITHOUT_AGENT or not groups.queues[row[layout.LOG_QUEUE], OF_FIRST_TIER]
            sums["cases_resolved_elsewhere"] += bool(elsewhere)

    def _waits_of(self) -> Iterable[list[int]]:
        """Rows that waited in a queue from joining to leaving: visits, and those that lay there."""
        waits = [list(row) for row in self.log]
        for row in waits:
            if row[layout.LOG_WAITED] & layout.CALLBACK:
                row[layout.LOG_LEFT] = row[layout.LOG_JOINED] + row[layout.LOG_ON_PHONE]
        return [*waits, *(row for row in self.parts if row[layout.LOG_OUTCOME] == layout.PART_WAITED)]

    def _in_hand(self) -> Iterable[tuple[list[int], int]]:
        """Rows with an agent, and whether their time in hand is added or taken off."""
        for row in self.log:
            if row[layout.LOG_AGENT] >= 0:
                yield row, 1
        for row in self.parts:
            if row[layout.LOG_AGENT] >= 0 and row[layout.LOG_OUTCOME] != layout.PART_CASE:
                yield row, 1 if row[layout.LOG_OUTCOME] == layout.PART_HELD else -1

    def _home(self, queue: int) -> int:
        """The queue that contacts of its stream are to join first: there they come in, wherever they begin."""
        names = self.model.names["queues"]
        return next(i for i, row in enumerate(names) if row[3] == names[queue][3])

    def _add_arrival(self, sums: Counter[str], row: Sequence[int]) -> None:
        sums["arrived"] += 1
        sums["repeated"] += row[layout.LOG_PLACE] >> 16 > 0
        sums["sessions_full"] += bool(row[layout.LOG_BOT] & layout.SESSIONS_FULL)

    def _add_visit(self, sums: Counter[str], row: Sequence[int]) -> None:
        outcome, wait = OUTCOMES[row[layout.LOG_OUTCOME]], waited(row)
        sums["returning"] += row[layout.LOG_BACK] > 0
        sums["reopened"] += row[layout.LOG_BACK] > 0 and outcome == "resolved"
        if outcome in TURNED_AWAY:
            sums[outcome] += 1
            return
        if is_session(row):
            sums.update(session_of(self.model, row, outcome))
            return
        sums["offered"] += 1
        flags = row[layout.LOG_WAITED]
        called_back = flags & layout.CALLBACK > 0
        sums["waited"] += flags != 0
        if flags & layout.HELD_BACK:
            sums["held_back"] += 1
            sums["wait_held_back_us"] += row[layout.LOG_ON_PHONE] if called_back else wait
        sums["callbacks_offered"] += flags & layout.OFFERED > 0
        sums["callbacks"] += called_back
        if called_back:
            sums["wait_other_us"] += 0 if outcome == "open_waiting" else row[layout.LOG_ON_PHONE]
            sums["callback_attempts"] += flags // layout.ATTEMPT + (row[layout.LOG_AGENT] >= 0)
        sums[outcome] += 1
        if called_back:
            if outcome in ANSWERED:
                sums["callbacks_reached"] += 1
                sums["wait_callback_us"] += wait - row[layout.LOG_ON_PHONE]
                if outcome != "open_in_hand":
                    sums.update(handled_of(row))
            return
        if outcome in ANSWERED:
            sums["answered"] += 1
            sums["wait_answered_us"] += wait
            sums["wait_answered_sq_hi"] += wait**2 // 2**40
            sums["wait_answered_sq_lo"] += wait**2 % 2**40
            sums["in_deadline"] += self._in_time(row)
            if outcome != "open_in_hand":
                sums.update(handled_of(row))
        elif outcome == "abandoned":
            sums["wait_abandoned_us"] += wait
            sums["short_abandoned"] += wait <= int(self.model.groups.settings[3])
        elif outcome in ("moved_on", "cleared"):
            sums["wait_other_us"] += wait
        for i, threshold in enumerate(self.model.thresholds):
            sums[f"answered {i}"] += outcome in ANSWERED and wait <= threshold
            sums[f"abandoned {i}"] += outcome == "abandoned" and wait <= threshold

    def _row(self, sums: Counter[str]) -> tuple[int, ...]:
        ends = [f"{what} {i}" for i in range(len(self.model.thresholds)) for what in ("answered", "abandoned")]
        return tuple(int(sums[name]) for name in (*(column.name for column in COHORT), *ends))

    def _overlaps(self, since: int, until: int) -> Iterable[tuple[int, int]]:
        """Intervals of the counted length with what a span has in common with each."""
        since, until = max(since, self.first), min(until, self.end)
        for interval in range((since - self.first) // self.width, (until - self.first) // self.width + 1):
            low = self.first + interval * self.width
            common = min(until, low + self.width) - max(since, low)
            if common > 0:
                yield interval, common

    def _calendar(self) -> Iterable[tuple[list[int], int, int]]:
        """Rows with time in a queue (0) or in a session (1), and until when."""
        for row in self._waits_of():
            session = is_session(row) and row[layout.LOG_OUTCOME] < layout.PART_HELD
            yield row, int(session), row[layout.LOG_TALKED if session else layout.LOG_LEFT]

    def _calendar_by_interval(self) -> dict[tuple[int, int], list[int]]:
        areas: dict[tuple[int, int], list[int]] = {}
        for row, what, until in self._calendar():
            for interval, common in self._overlaps(row[layout.LOG_JOINED], until):
                areas.setdefault((interval, self._flow_of(row)), [0, 0])[what] += common
        return areas

    def _queue_sums(self, queue: dict[tuple[int, ...], Counter[str]]) -> Table:
        areas = [[0, 0] for _ in self.model.names["queues"]]
        for row, what, until in self._calendar():
            areas[row[layout.LOG_QUEUE]][what] += sum(
                common for _, common in self._overlaps(row[layout.LOG_JOINED], until)
            )
        rows = [(q, *area, *self._row(queue.get((q,), Counter()))) for q, area in enumerate(areas)]
        return [row for row in rows if any(row[1:])]

    def _pool_intervals(self) -> dict[tuple[int, int], list[int]]:
        cells = [(interval, pool) for interval in range(self.model.span.intervals) for pool in range(self._pools)]
        sums: dict[tuple[int, int], Counter[str]] = {cell: Counter() for cell in cells}
        for pool, what, since, until, _ in self.spans:
            for interval, common in self._overlaps(since, until):
                cell = sums[interval, pool]
                cell["signed_in_us"] += common * (what == layout.SIGNED)
                cell["busy"] += common * (what == layout.IN_HAND)
                cell["paid_us"] += common * (what in (layout.SIGNED, layout.PAID_BREAK, layout.ABSENT))
                cell["break_us"] += common * (what in (layout.PAID_BREAK, layout.UNPAID_BREAK))
                cell["absent_us"] += common * (what == layout.ABSENT)
                cell["overtime_us"] += common * (what == layout.OVERTIME)
        for row, sign in self._in_hand():
            pool = self._pool_of(row)
            for interval, common in self._overlaps(row[layout.LOG_LEFT], row[layout.LOG_WRAPPED]):
                sums[interval, pool]["held_us"] += sign * common
                sums[interval, pool]["busy"] += common * row[layout.LOG_BUSY]
            is_visit = row[layout.LOG_OUTCOME] < layout.PART_HELD
            if is_visit and self.first <= row[layout.LOG_LEFT] < self.end:
                sums[(row[layout.LOG_LEFT] - self.first) // self.width, pool]["answered"] += 1
        for (interval, pool), cell in sums.items():
            cell["planned_us"] = int(self.model.planned_us[interval, pool])
            shares = bool(self.model.rules.pools.shares[pool])
            cell["in_hand_us"] = cell["busy"] if shares else cell["held_us"]
            if self.model.stepped[pool]:
                cell["overtime_us"] = cell["signed_in_us"] + cell["break_us"] - cell["planned_us"]
        for (interval, pool), extra in self._extra_time().items():
            sums[interval, pool]["rated_us"] = sums[interval, pool]["paid_us"] + extra
        return {cell: [int(found[name]) for name in POOL_COLUMNS] for cell, found in sums.items()}

    def _extra_time(self) -> Counter[tuple[int, int]]:
        """What premiums and billing in steps add; premiums rounded so that any sum from the start is exact."""
        exact: Counter[tuple[int, int]] = Counter()
        added: Counter[tuple[int, int]] = Counter()
        for pool, what, since, until, cause in self.spans:
            stepped = bool(self.model.stepped[pool])
            if what in (layout.SIGNED, layout.PAID_BREAK):
                self._rate(exact, pool, since, until, 0)
            there = (layout.SIGNED, layout.PAID_BREAK, layout.UNPAID_BREAK)
            if what == layout.OVERTIME or (stepped and what in there):
                self._rate(exact, pool, since, until, 1)
            step = int(self.model.groups.rates.billed_in[pool])
            if what == layout.STAY and step and self.first < until <= self.end:  # `cause`: its unpaid breaks
                added[(until - 1 - self.first) // self.width, pool] += -(until - since - cause) % step
        for pool in range(self._pools):
            so_far = rounded = 0
            for interval in range(self.model.span.intervals):
                planned = self.model.planned_overtime[interval, pool].tolist()
                off = sum(time * int(ppm) for time, ppm in zip(planned, self.model.premium[pool], strict=True))
                so_far += exact[interval, pool] - off
                added[interval, pool] += (so_far + MILLION // 2) // MILLION - rounded
                rounded = (so_far + MILLION // 2) // MILLION
        return added

    def _rate(self, exact: Counter[tuple[int, int]], pool: int, since: int, until: int, column: int) -> None:
        """Microseconds times parts per million of the premiums that hold in a span."""
        rates = self.model.groups.rates
        rows = range(int(rates.first[pool]), int(rates.first[pool + 1]))
        for row in rows:
            ends = int(rates.at[row + 1]) if row + 1 in rows else self.end
            number = int(rates.of[row, column])
            for interval, common in self._overlaps(max(since, int(rates.at[row])), min(until, ends)):
                exact[interval, pool] += common * int(self.model.premium[pool, number]) if number >= 0 else 0

    def _routes(self) -> Table:
        routes: dict[tuple[int, ...], list[int]] = {}
        for row, sign in self._in_hand():
            found = routes.setdefault(
                (row[layout.LOG_QUEUE], self._pool_of(row)), [0] * (15 + len(self.model.thresholds))
            )
            held = sum(common for _, common in self._overlaps(row[layout.LOG_LEFT], row[layout.LOG_WRAPPED]))
            found[5] += sign * held
            if row[layout.LOG_OUTCOME] >= layout.PART_HELD:
                if row[layout.LOG_OUTCOME] == layout.PART_WHOLE and row[layout.LOG_COUNTED] == 1:
                    found[2] -= row[layout.LOG_TALKED]
                    found[3] -= row[layout.LOG_BACK]
                continue
            found[4] += self.first <= row[layout.LOG_LEFT] < self.end
            if row[layout.LOG_COUNTED] == 0:
                continue
            found[0] += 1
            found[1] += row[layout.LOG_WAITED] == 0
            called = bool(row[layout.LOG_WAITED] & layout.CALLBACK)
            found[13] += called
            found[14] += not called and self._in_time(row)
            for i, threshold in enumerate(self.model.thresholds):
                found[15 + i] += not called and waited(row) <= threshold
            if OUTCOMES[row[layout.LOG_OUTCOME]] != "open_in_hand":
                for place, value in zip((2, 3, 10, 11, 12), handled_of(row).values(), strict=True):
                    found[place] += value
                handled = ("resolved", "escalated", "unresolved", "transferred")
                found[6 + handled.index(OUTCOMES[row[layout.LOG_OUTCOME]])] += 1
        return [(*key, *found) for key, found in sorted(routes.items()) if any(found)]

    def _offered(self) -> Iterable[list[int]]:
        return (r for r in self._counted() if OUTCOMES[r[layout.LOG_OUTCOME]] not in TURNED_AWAY and not is_session(r))

    def _in_time(self, row: Sequence[int]) -> bool:
        groups = self.model.groups
        deadline, clock = (int(groups.queues[row[layout.LOG_QUEUE], column]) for column in (OF_DEADLINE, OF_CLOCK))
        at = due(groups.working, clock, row[layout.LOG_JOINED], deadline)
        return deadline < layout.FAR and row[layout.LOG_LEFT] <= at

    def _waits(self) -> Table:
        waits = Counter(
            (self._flow_of(row), bins.bin_of_wait(waited(row)))
            for row in self._answered()
            if not row[layout.LOG_WAITED] & layout.CALLBACK
        )
        return [(*key, count) for key, count in sorted(waits.items())]

    def _replication(self) -> tuple[int, ...]:
        rows = list(self._counted())
        open_at_end = sum(OUTCOMES[row[layout.LOG_OUTCOME]].startswith("open") for row in rows)
        came = [row for row in rows if comes_in(row)]
        return len(came), sum(row[layout.LOG_PLACE] >> 16 == 0 for row in came), open_at_end, len(self.log)
