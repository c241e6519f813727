"""Every table of a replication against sums made again in plain Python from the same logs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from ccsim.engine.statistics import Statistics
from ccsim.kernel import layout, sums
from ccsim.kernel.invariants import BrokenInvariantError
from ccsim.model import Model, compile_model
from ccsim.records import outcomes
from ccsim.records.outcomes import OF_SESSIONS, OUTCOMES, RETURN_REASONS
from ccsim.records.tables import AGE_BANDS
from ccsim.units import HOUR, MINUTE, SECOND
from tests.engine.desks import CENTRE
from tests.engine.statistics_oracle import ANSWERED, TURNED_AWAY, Recount
from tests.support.kept_logs import simulate_and_keep
from tests.support.stories import script


@cache
def _centre(interval: str = "30m") -> Model:
    return compile_model(script(CENTRE.replace("interval: 30m", f"interval: {interval}")))


def _compare(model: Model, log: np.ndarray, spans: np.ndarray, tables: dict[str, np.ndarray]) -> None:
    expected = Recount(model, log, spans).tables()
    found = {name: tables[name] for name in expected}
    found["replications"] = found["replications"][:, [0, 1, 2, 4]]
    for name, rows in expected.items():
        assert [tuple(row) for row in found[name].tolist()] == rows, name


class Logs:
    """Random rows as the kernel could write them, with instants on, just before and just after every bound."""

    def __init__(self, model: Model, seed: int) -> None:
        self.model, self.rng = model, np.random.default_rng(seed)
        grid = np.arange(0, model.span.end + HOUR, min(model.span.interval // 2, HOUR))
        self.instants = np.unique(np.concatenate([grid + d for d in (-1, 0, 1)]))[1:]

    def pick(self, values: Any) -> int:
        return int(values[self.rng.integers(len(values))])

    def visit(self) -> list[int]:
        groups, span = self.model.groups, self.model.span
        row = [0] * layout.LOG_WIDTH
        outcome = self.pick(range(len(OUTCOMES)))
        queue = self.pick(range(len(groups.flow)))
        joined = self.pick(self.instants)
        bounds = [0, 1, *self.model.thresholds, int(groups.settings[3]), 2 * HOUR, 2**20, 3 * 2**20, span.interval]
        wait = (
            max(self.pick(bounds) + self.pick((-1, 0, 1)), 0) if self.rng.random() < 0.7 else self.pick(self.instants)
        )
        row[layout.LOG_QUEUE], row[layout.LOG_OUTCOME], row[layout.LOG_JOINED] = queue, outcome, joined
        stream = self.pick(range(len(groups.case_queue)))
        row[layout.LOG_DATE], row[layout.LOG_NUMBER] = stream << 32 | self.pick((20513, 20514)), self.pick(range(500))
        row[layout.LOG_PLACE] = (self.pick((0, 0, 1)) << 16) + self.pick((0, 0, 1))
        session = OUTCOMES[outcome] in OF_SESSIONS or (OUTCOMES[outcome] == "blocked" and self.rng.random() < 0.3)
        row[layout.LOG_BOT] = self.pick((0, layout.FROM_BOT, layout.FROM_BOT | layout.WITH_CONTEXT))
        if session:
            row[layout.LOG_PLACE] |= layout.SESSION
            row[layout.LOG_BOT] = self.pick((0, layout.WITH_CONTEXT))
        if not row[layout.LOG_BOT] & layout.FROM_BOT:
            row[layout.LOG_BOT] |= self.pick((0, 0, layout.SESSIONS_FULL))
        if row[layout.LOG_PLACE] == 0:  # the first visit of a case is in the queue that its stream joins
            row[layout.LOG_QUEUE] = int(groups.case_queue[stream])
        if row[layout.LOG_PLACE] >> 16:
            row[layout.LOG_BOT] |= layout.RETURNED * self.pick(range(1, 1 + len(RETURN_REASONS)))
        turned_away = [OUTCOMES.index(name) for name in TURNED_AWAY if name != "requeued"]
        row[layout.LOG_COUNTED] = int(joined >= span.counted_from and self.rng.random() < 0.7)
        row[layout.LOG_LEFT] = joined + (0 if session or outcome in turned_away else wait)
        row[layout.LOG_TALKED] = row[layout.LOG_WRAPPED] = row[layout.LOG_LEFT]
        if OUTCOMES[outcome] in OF_SESSIONS:
            row[layout.LOG_TALKED] = row[layout.LOG_WRAPPED] = joined + wait
        row[layout.LOG_AGENT] = layout.NONE
        if OUTCOMES[outcome] in ANSWERED:
            row[layout.LOG_AGENT] = self.pick(range(len(self.model.agent_pool)))
            row[layout.LOG_TALKED] += self.pick((0, 1, MINUTE, HOUR, 24 * HOUR))
            row[layout.LOG_WRAPPED] = row[layout.LOG_TALKED] + self.pick((0, 1, SECOND, HOUR))
            row[layout.LOG_HAND_OVER] = self.pick((0, 0, 1, MINUTE))
        row[layout.LOG_HELD] = self.pick((layout.NONE, 0, SECOND)) if OUTCOMES[outcome] == "escalated" else layout.NONE
        windows = [int(groups.settings[at]) + more for at in (4, 5) for more in (0, 1, 2)]
        row[layout.LOG_WAITED], row[layout.LOG_BACK] = (
            self.pick((0, 1, layout.HELD_BACK)),
            self.pick((0, 0, layout.STOPPED, *windows)),
        )
        if row[layout.LOG_WAITED] and not session and self.rng.random() < 0.5:
            row[layout.LOG_WAITED] |= layout.OFFERED
            if OUTCOMES[outcome] in (*ANSWERED, "open_waiting", "not_reached", "expired"):
                row[layout.LOG_WAITED] |= self.pick((0, layout.CALLBACK, layout.CALLBACK + 2 * layout.ATTEMPT))
        live = int(groups.queues[queue, sums.OF_DEADLINE]) == layout.FAR  # deferred work waits on nowhere
        if live and row[layout.LOG_PLACE] & 0xFFFF == 1 and not row[layout.LOG_WAITED] & layout.OFFERED:
            row[layout.LOG_WAITED] |= self.pick((0, layout.TIMED_OUT | 1, layout.TIMED_OUT | layout.UNREACHED | 1))
            row[layout.LOG_BEFORE] = self.pick(bounds) if row[layout.LOG_WAITED] & layout.TIMED_OUT else 0
        if row[layout.LOG_WAITED] & layout.CALLBACK:
            row[layout.LOG_ON_PHONE] = self.pick((0, wait // 2, wait))
        first = row[layout.LOG_PLACE] == 0 and not row[layout.LOG_BOT] & layout.FROM_BOT
        row[layout.LOG_OPENED] = joined if first else max(joined - self.pick((0, 1, *windows)), 0)
        row[layout.LOG_HANDLED] = self.pick((0, 0, 1, 2, layout.NONE))
        row[layout.LOG_BUSY] = self.pick((0, 0, 1)) if row[layout.LOG_AGENT] >= 0 else 0
        row[layout.LOG_FIRST] = self.pick((layout.NONE, *range(len(self.model.names["pools"]))))
        of_queue = self.model.rules.queues.rows[row[layout.LOG_QUEUE]]
        row[layout.LOG_LINE] = int(
            self.model.rules.queues.line[
                of_queue[layout.QUEUE_LINES] + self.pick(range(of_queue[layout.QUEUE_LINES_N]))
            ]
        )
        return row

    def span(self) -> list[int]:
        since, until = sorted((self.pick(self.instants), self.pick(self.instants)))
        what = self.pick(
            (
                layout.SIGNED,
                layout.IN_HAND,
                layout.UNPAID_BREAK,
                layout.PAID_BREAK,
                layout.OVERTIME,
                layout.ABSENT,
                layout.STAY,
            )
        )
        cause = self.pick(range(len(self.model.names["shrinkage_causes"])))
        return [self.pick(range(len(self.model.names["pools"]))), what, since, until + 1, cause]


def _state(log: np.ndarray, spans: np.ndarray) -> Any:
    registers = np.zeros(layout.REGISTERS, np.int64)
    registers[layout.REGISTER_LOG_N], registers[layout.REGISTER_SPAN_N] = len(log), len(spans)
    return SimpleNamespace(registers=registers, log=log, spans=spans)


@pytest.fixture
def few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables of sums begin with few rows, so they grow several times."""
    monkeypatch.setattr("ccsim.engine.sums_room._MOST_FIRST_ROWS", 8)
    monkeypatch.setattr("ccsim.engine.sums_room._MOST_FIRST_DAYS", 4)


@pytest.mark.parametrize(
    ("seed", "rows", "interval"),
    [(2, 40, "30m"), (3, 1, "30m"), (4, 1000, "30m"), (5, 300, "8h"), (1, 2500, "30m")],
    ids=["few", "one", "many", "the last interval cut short", "very many"],
)
def test_tables_are_the_sums_of_their_logs(seed: int, rows: int, interval: str) -> None:
    _compare_sums(seed, rows, interval)


@pytest.mark.usefixtures("few_rows")
def test_tables_that_grow_are_the_sums_of_their_logs() -> None:
    _compare_sums(1, 2500, "30m")


def _compare_sums(seed: int, rows: int, interval: str) -> None:
    model = _centre(interval)
    logs = Logs(model, seed)
    log = np.array([logs.visit() for _ in range(rows)], np.int64)
    spans = np.array([logs.span() for _ in range(rows // 4)], np.int64).reshape(-1, layout.SPAN_WIDTH)
    statistics = Statistics(model, seed=1, replication=0, visits=True)
    cut = rows // 3
    for part, some in ((log[:cut], spans[:1]), (log[cut:cut], spans[1:]), (log[cut:], spans[:0])):
        state = _state(np.ascontiguousarray(part), np.ascontiguousarray(some))
        statistics.flush(state)
        assert state.registers[layout.REGISTER_LOG_N] == state.registers[layout.REGISTER_SPAN_N] == 0
    _compare(model, log, spans, statistics.tables(events=0, end=1))


@pytest.mark.usefixtures("few_rows")
@pytest.mark.parametrize("interval", ["30m", "1m"])
def test_sums_in_the_room_of_another_replication_are_those_of_their_own_log(interval: str) -> None:
    """Whatever that one has used, also of what it has grown; and its tables stay what they are."""
    model, before = _centre(interval), None
    for seed, rows in ((3, 900), (4, 300), (5, 20)):
        logs = Logs(model, seed)
        log = np.array([logs.visit() for _ in range(rows)], np.int64)
        spans = np.array([logs.span() for _ in range(rows // 4)], np.int64).reshape(-1, layout.SPAN_WIDTH)
        statistics = Statistics(model, seed=1, replication=0, visits=False)
        sums_of = statistics._tally.sums
        assert before is None or np.shares_memory(sums_of, before)
        statistics.add(log, spans)
        tables, before = statistics.tables(events=0, end=1), statistics._tally.sums
        arrays = [array for array in statistics._tally if array.size]
        assert not any(np.shares_memory(table, array) for table in tables.values() for array in arrays)
        statistics.give_back()
        _compare(model, log, spans, tables)


def test_what_is_taken_again_is_nothing_but_0() -> None:
    """All that may be read of it: a row of a key is written before."""
    model = _centre("1m")
    statistics = Statistics(model, seed=1, replication=0, visits=False)
    for array in statistics._tally:
        array[...] = 1
    for total, most in ((sums.TOTAL_ROWS, "sums"), (sums.TOTAL_ROUTES, "routes"), (sums.TOTAL_DAYS, "days")):
        statistics._tally.totals[total] = getattr(statistics._tally, most).shape[0] - 1
    for keys, rows in (("route_keys", "route_rows"), ("day_keys", "day_rows")):
        array = getattr(statistics._tally, keys)
        array[1:] = np.arange(array.size - 1) % getattr(statistics._tally, rows).size
    statistics.give_back()
    again = Statistics(model, seed=1, replication=0, visits=False)._tally._asdict()
    assert [name for name, array in again.items() if array.any()] == ["row_keys", "route_keys", "day_keys"]


def test_a_model_of_other_sizes_and_another_thread_get_room_of_their_own() -> None:
    def taken(model: Model) -> np.ndarray:
        return Statistics(model, seed=1, replication=0, visits=False)._tally.sums

    statistics = Statistics(_centre(), seed=1, replication=0, visits=False)
    given = statistics._tally.sums
    statistics.give_back()
    with ThreadPoolExecutor(1) as pool:
        assert not np.shares_memory(pool.submit(taken, _centre()).result(), given)
    assert not np.shares_memory(taken(_centre("1m")), given)
    assert not np.shares_memory(taken(_centre()), given)  # what does not fit is given up


@pytest.mark.usefixtures("few_rows")
def test_one_visit_that_waits_for_the_whole_horizon_fills_no_table() -> None:
    """The room that is asked for is that of every interval in which a visit waits."""
    model = _centre()
    logs = Logs(model, 5)
    log = np.array([logs.visit() for _ in range(600)], np.int64)
    log[:, layout.LOG_JOINED], log[:, layout.LOG_LEFT] = 0, model.span.end
    log[:, layout.LOG_COUNTED], log[:, layout.LOG_OUTCOME], log[:, layout.LOG_AGENT] = (
        0,
        outcomes.ABANDONED,
        layout.NONE,
    )
    log[:, layout.LOG_QUEUE] = np.arange(600) % len(model.groups.flow)
    statistics = Statistics(model, seed=1, replication=0, visits=False)
    statistics.flush(_state(log, np.zeros((0, layout.SPAN_WIDTH), np.int64)))
    _compare(model, log, np.zeros((0, 5)), statistics.tables(events=0, end=1))


@pytest.mark.usefixtures("few_rows")
def test_many_intervals_have_rows_of_their_own() -> None:
    """More intervals than the table of sums has rows at first."""
    model = _centre("1m")
    logs = Logs(model, 8)
    log = np.array([logs.visit() for _ in range(150)], np.int64)
    statistics = Statistics(model, seed=1, replication=0, visits=False)
    for part in (log[:60], log[60:61], log[61:]):
        statistics.flush(_state(np.ascontiguousarray(part), np.zeros((0, layout.SPAN_WIDTH), np.int64)))
    _compare(model, log, np.zeros((0, 5)), statistics.tables(events=0, end=1))


def test_rows_of_visits_are_the_log_in_order_of_their_names() -> None:
    model = _centre()
    logs = Logs(model, 6)
    log = np.array([logs.visit() for _ in range(300)], np.int64)
    statistics = Statistics(model, seed=1, replication=0, visits=True)
    statistics.flush(_state(log[:100].copy(), log[:0]))
    statistics.flush(_state(log[100:].copy(), log[:0]))
    expected = []
    for row in log.tolist():
        agent = row[layout.LOG_AGENT]
        whose = (int(model.agent_pool[agent]), int(model.agent_number[agent])) if agent >= 0 else (-1, -1)
        contact, visit = divmod(row[layout.LOG_PLACE], 65536)
        place = contact, -1 if visit == layout.SESSION else visit
        times = row[layout.LOG_COUNTED : layout.LOG_WRAPPED + 1]
        waited = row[layout.LOG_WAITED]
        callback = 2 if waited & layout.CALLBACK else int(waited & layout.OFFERED > 0)
        hung_up = row[layout.LOG_JOINED] + row[layout.LOG_ON_PHONE] if callback == 2 else row[layout.LOG_LEFT]
        warm = row[layout.LOG_HELD], row[layout.LOG_HAND_OVER], row[layout.LOG_BEFORE]
        ends = int(waited > 0), callback, hung_up, *warm, row[layout.LOG_OUTCOME], int(row[layout.LOG_BACK] > 0)
        stream, date = divmod(row[layout.LOG_DATE], 1 << 32)
        case = int(model.groups.case_queue[stream])
        expected.append((row[layout.LOG_QUEUE], date, row[layout.LOG_NUMBER], *place, *times, *whose, *ends, 0, case))
    found = statistics.tables(events=0, end=7)
    assert sorted(map(tuple, found["visits"].tolist())) == sorted(expected)
    names = [(*row[:5], row[-1]) for row in found["visits"].tolist()]
    assert names == sorted(names)
    assert found["replications"][0, [3, 5]].tolist() == [0, 7]


def test_a_log_of_another_width_is_refused() -> None:
    statistics = Statistics(_centre(), seed=1, replication=0, visits=False)
    with pytest.raises(BrokenInvariantError, match="wide"):
        statistics.add(np.zeros((1, layout.LOG_WIDTH + 1), np.int64), np.zeros((0, layout.SPAN_WIDTH), np.int64))


def test_visits_long_after_the_counted_time_have_rows_of_their_own() -> None:
    model = _centre("1m")
    log = np.array([Logs(model, 8).visit()] * 3, np.int64)
    log[:, [layout.LOG_COUNTED, layout.LOG_PLACE, layout.LOG_BOT, layout.LOG_OUTCOME]] = 1, 0, 0, outcomes.RESOLVED
    log[:, layout.LOG_AGENT], log[:, layout.LOG_FIRST], log[:, layout.LOG_WAITED] = 0, 0, 0
    for column in (layout.LOG_JOINED, layout.LOG_LEFT, layout.LOG_TALKED, layout.LOG_WRAPPED, layout.LOG_OPENED):
        log[:, column] = model.span.counted_until + np.array([0, 5, 20 * 24 * 60]) * MINUTE
    statistics = Statistics(model, seed=1, replication=0, visits=False)
    statistics.flush(_state(log, np.zeros((0, layout.SPAN_WIDTH), np.int64)))
    found = statistics.tables(events=0, end=1)["flow_intervals"]
    assert np.unique(found[:, 0] - model.span.intervals).tolist() == [0, 5, 20 * 24 * 60]


def test_nothing_was() -> None:
    model = _centre()
    empty = np.zeros((0, layout.LOG_WIDTH), np.int64)
    tables = Statistics(model, seed=1, replication=0, visits=True).tables(events=0, end=0)
    _compare(model, empty, np.zeros((0, 5), np.int64), tables)
    assert tables["visits"].shape == (0, 22)
    assert tables["backlog"].shape == (0, 4)
    assert "visits" not in Statistics(model, seed=1, replication=0, visits=False).tables(events=0, end=0)


def test_backlog_is_counted_by_flow_and_age_on_both_sides_of_every_band() -> None:
    model = _centre()
    rng = np.random.default_rng(7)
    live = model.rules.classes.rows[:, layout.CLASS_LIVE]
    statistics = Statistics(model, seed=1, replication=0, visits=False)
    expected = []
    for day, now in enumerate(model.midnights):
        slots = np.zeros((400, layout.VISIT_WIDTH), np.int64)
        slots[:, layout.VISIT_PHASE] = rng.choice(
            [layout.WAITING, layout.WAITING, layout.TALKING, layout.AWAY, layout.GONE], 400
        )
        slots[:, layout.VISIT_LINE] = rng.integers(0, len(live), 400)
        slots[:, layout.VISIT_QUEUE] = rng.integers(0, len(model.groups.flow), 400)
        ages = rng.choice(AGE_BANDS, 400) * HOUR + rng.integers(-1, 2, 400)
        slots[:, layout.VISIT_JOINED] = now - np.maximum(ages, 0)
        statistics.count_backlog(SimpleNamespace(slots=slots), now)  # type: ignore[arg-type]
        cells: dict[tuple[int, int], int] = {}
        for slot, age in zip(slots, np.maximum(ages, 0), strict=True):
            if slot[layout.VISIT_PHASE] == layout.WAITING and not live[slot[layout.VISIT_LINE]]:
                band = max(i for i, hours in enumerate(AGE_BANDS) if hours * HOUR <= age)
                key = int(model.names["queues"][slot[layout.VISIT_QUEUE]][2]), band
                cells[key] = cells.get(key, 0) + 1
        expected += [(day, *key, count) for key, count in sorted(cells.items())]
    assert [tuple(row) for row in statistics.tables(events=0, end=0)["backlog"].tolist()] == expected


@pytest.mark.parametrize("log_rows", [7, 5000])
def test_a_simulated_centre_adds_up(log_rows: int) -> None:
    model = _centre()
    kept = simulate_and_keep(model, seed=3, replication=0, visits=True, log_rows=log_rows)
    wanted = {
        outcomes.RESOLVED,
        outcomes.ABANDONED,
        outcomes.MOVED_ON,
        outcomes.CLEARED,
        outcomes.BLOCKED,
        outcomes.CLOSED,
    }
    assert set(kept.log[:, layout.LOG_OUTCOME].tolist()) >= wanted
    assert set(kept.spans[:, layout.SPAN_WHAT].tolist()) >= {
        layout.SIGNED,
        layout.IN_HAND,
        layout.PAID_BREAK,
        layout.UNPAID_BREAK,
    }
    _compare(model, kept.log, kept.spans, kept.tables)
    _compare_backlog(model, kept.log, kept.tables["backlog"])


def _compare_backlog(model: Model, log: np.ndarray, backlog: np.ndarray) -> None:
    """Who had joined before a midnight and had not left: what happens at midnight comes after the count."""
    live = model.rules.classes.rows[:, layout.CLASS_LIVE]
    cells: dict[tuple[int, int, int], int] = {}
    for day, now in enumerate(model.midnights):
        for row in log:
            if not live[row[layout.LOG_LINE]] and row[layout.LOG_JOINED] < now <= row[layout.LOG_LEFT]:
                age = now - row[layout.LOG_JOINED]
                band = max(i for i, hours in enumerate(AGE_BANDS) if hours * HOUR <= age)
                key = day, int(model.names["queues"][row[layout.LOG_QUEUE]][2]), band
                cells[key] = cells.get(key, 0) + 1
    assert cells
    assert [tuple(row) for row in backlog.tolist()] == [(*key, count) for key, count in sorted(cells.items())]
