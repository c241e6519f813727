"""Cases: what is counted of them against theory, against the visits of every case, and case by case."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from ccsim.api import run
from ccsim.model import compile_model
from ccsim.records.outcomes import OUTCOMES
from ccsim.records.tables import COHORT, QUEUE_SUMS
from ccsim.scenario import loads
from ccsim.units import HOUR
from tests.engine.desks import CENTRE
from tests.support.kept_logs import simulate_and_keep
from tests.support.stories import VISIT, script

NAMES = tuple(column.name for column in COHORT)
OF_CASES = ("reopened", *NAMES[NAMES.index("cases_given_up") : NAMES.index("cases_stopped") + 1])
FIRST = [column.name for column in QUEUE_SUMS[1:]].index(NAMES[0])


def _sums(text: str, seed: int = 1, **traces: str) -> dict[str, int]:
    """Sums of cases over all queues of one replication."""
    rows = simulate_and_keep(compile_model(script(text, **traces)), seed=seed, replication=0).tables["queue_sums"]
    totals = dict(zip(NAMES, rows[:, FIRST:].sum(axis=0).tolist(), strict=False))
    return {name: totals[name] for name in OF_CASES if totals[name]}


# Case by case

DESK = """
horizon: {start: 2026-03-02, length: 1d, drain: 3d, interval: 30m}
channels: {phone: {kind: live}}
demand: {w: {trace: one.csv, channel: phone, workflow: w}}
pools: {desk: {staffing: 5}}
"""
CALL = "time talk | 3600 60"


def _never_helped(after: str, most: int, cases: str) -> dict[str, int]:
    """One customer who calls for a minute at 01:00, is never helped, and calls again `most` times."""
    back = f"{{share: 100%, after: {after}, attempts: {most}}}"
    tiers = "tiers: {t1: {resolved: 0%}}"
    work = f"workflows: {{w: {{handle_time: 1m, {tiers}, returns: {{after_unresolved: {back}}}}}}}\n"
    return _sums(f"{DESK}{work}cases: {cases}\n", one=CALL)


@pytest.mark.parametrize(("after", "followed"), [("172799s", 1), ("172800s", 1), ("172801s", 0)])
def test_a_contact_at_the_very_end_of_the_window_follows_the_first(after: str, followed: int) -> None:
    found = _never_helped(after, 1, "{repeat_window: 2d}")
    assert found.pop("followed", 0) == followed
    assert found == {"cases_given_up": 1, "cases_missed_first": 1, "further_contacts": 1, "cases_stopped": 1}


@pytest.mark.parametrize(("limit", "young"), [("94h", 0), ("95h", 1), ("96h", 1)])
def test_a_case_with_a_contact_to_come_is_open_and_young_until_its_time_has_passed(limit: str, young: int) -> None:
    # it opened at 01:00, and the run ends after the first day and three more
    found = _never_helped("20h", 50, f"{{resolved_within: {limit}}}")
    assert found.pop("cases_young", 0) == young
    # it calls at 01:00, and 20 h and a minute after each call: at 21:01, 17:02, 13:03; the next call is to come
    assert found == {"cases_open": 1, "cases_missed_first": 1, "followed": 1, "further_contacts": 4}


@pytest.mark.parametrize(("limit", "late"), [("59s", 1), ("60s", 0)])
def test_a_case_is_in_time_up_to_the_last_instant(limit: str, late: int) -> None:
    found = _sums(f"{DESK}workflows: {{w: {{}}}}\ncases: {{resolved_within: {limit}}}\n", one=CALL)
    assert found.pop("cases_late", 0) == late
    assert found == {"resolution_ms": 60_000}


@pytest.mark.parametrize(("limit", "late"), [("59s", 1), ("60s", 0)])
def test_time_to_resolve_runs_in_working_hours_only(limit: str, late: int) -> None:
    # they call at 01:00; the desk opens at 09:00 and answers by then: an email of a minute
    text = DESK.replace("phone: {kind: live}", "mail: {kind: deferred}").replace("channel: phone", "channel: mail")
    text = text.replace("staffing: 5", "staffing: [[00:00, 0], [09:00, 5]]")
    working = f"{{working: {limit}, hours: {{mon-fri: 09:00-17:00}}}}"
    found = _sums(f"{text}workflows: {{w: {{}}}}\ncases: {{resolved_within: {working}}}\n", one=CALL)
    assert found.pop("cases_late", 0) == late
    assert found == {"resolution_ms": 8 * 3_600_000 + 60_000}


@pytest.mark.parametrize(("until", "limit", "late"), [
    ("16:59", "7h59m", 0), ("16:59", "7h58m", 1), ("17:00", "8h", 0), ("17:00", "479m", 1),
    ("20:00", "8h", 0), ("20:00", "479m", 1), ("33:00", "8h", 0), ("33:01", "8h", 1), ("33:01", "8h1m", 0),
])  # fmt: skip
def test_a_case_that_is_resolved_after_hours_took_the_working_time_until_they_ended(
    until: str, limit: str, late: int
) -> None:
    # they call on Monday at 01:00, before the hours begin, and talk until 16:59, ..., or Tuesday at 09:00 or 09:01
    hours, minutes = (int(part) for part in until.split(":"))
    call = f"time talk | 3600 {60 * (60 * (hours - 1) + minutes)}"
    working = f"{{working: {limit}, hours: {{mon-fri: 09:00-17:00}}}}"
    found = _sums(f"{DESK}workflows: {{w: {{}}}}\ncases: {{resolved_within: {working}}}\n", one=call)
    assert found.pop("cases_late", 0) == late
    assert set(found) == {"resolution_ms"}


@pytest.mark.parametrize(("limit", "late"), [("9h59m", 1), ("10h", 0)])
def test_working_time_goes_by_the_dates_among_its_hours(limit: str, late: int) -> None:
    # from Monday at 01:00 to Wednesday at 11:00: 8 h on Monday, none on Tuesday, 2 h on Wednesday
    working = f"{{working: {limit}, hours: {{mon-fri: 09:00-17:00, 2026-03-03: closed}}}}"
    call = f"time talk | 3600 {58 * 3600}"
    found = _sums(f"{DESK}workflows: {{w: {{}}}}\ncases: {{resolved_within: {working}}}\n", one=call)
    assert found.get("cases_late", 0) == late


def test_working_time_of_cases_needs_its_hours() -> None:
    with pytest.raises(Exception, match="say the hours"):
        script(f"{DESK}workflows: {{w: {{}}}}\ncases: {{resolved_within: {{working: 8h}}}}\n", one=CALL)


# Against the visits

BUSY = (
    CENTRE.replace("drain: 1d", "drain: 20d")
    .replace("kind: deferred,", "kind: deferred, peers: 20%,")
    .replace(
        "returns: {after_abandon: {share: 50%, after: {law: exponential, mean: 20m}}}",
        "returns: {after_abandon: {share: 50%, after: {law: exponential, mean: 20m}}, "
        "after_blocked: {share: 40%, after: 1h}, after_closed: {share: 30%, after: 2h, attempts: 2}, "
        "after_unresolved: {share: 60%, after: {mean: 3h}}, after_resolved: {share: 8%, after: 5h}}",
    )
)


@pytest.mark.parametrize("seed", [1, 2])
def test_cases_are_what_their_visits_say(seed: int) -> None:
    model = compile_model(script(BUSY + "cases: {resolved_within: 4h, repeat_window: 1h}\n"))
    kept = simulate_and_keep(model, seed=seed, replication=0, visits=True)
    names = [str(row[3]) for row in model.names["queues"]]
    cases: dict[tuple[str, int, int], list[list[int]]] = {}
    for row in kept.tables["visits"].tolist():
        cases.setdefault((names[row[VISIT["case_queue"]]], row[1], row[2]), []).append(row)
    found = dict.fromkeys(OF_CASES, 0)
    for rows in cases.values():
        _recount(
            found, sorted(rows, key=lambda row: (row[3], row[4])), model.span.counted_from, model.span.counted_until
        )
    found.pop("cases_stopped")  # no visit says what it might have been: stories and theory do
    sums = kept.tables["queue_sums"][:, FIRST:].sum(axis=0)
    assert {name: int(sums[NAMES.index(name)]) for name in found} == found
    assert min(found[name] for name in found if name not in OPEN) > 0


OPEN = ("cases_open", "cases_young", "cases_unanswered", "first_contacts_open")
"""Nothing is open after a drain period of weeks."""


def _recount(found: dict[str, int], rows: list[list[int]], since: int, until: int) -> None:
    """Add what one case says; columns of a row as in the table of visits."""
    columns = ("contact", "counted", "joined_us", "ended_us", "pool", "outcome", "returning")
    contact, counted, joined, ended, pool, outcome, back = (VISIT[name] for name in columns)
    for row in rows:
        if row[counted] == 1 and OUTCOMES[row[outcome]] == "resolved" and row[back] == 1:
            found["reopened"] += 1
    if not since <= rows[0][joined] < until or rows[0][contact] != 0:
        return
    contacts = [[row for row in rows if row[contact] == i] for i in range(rows[-1][contact] + 1)]
    found["further_contacts"] += len(contacts) - 1
    last = OUTCOMES[contacts[-1][-1][outcome]]
    handled = [OUTCOMES[of[-1][outcome]] for of in contacts if any(row[pool] >= 0 for row in of)]
    if len(contacts) > 1 and contacts[1][0][joined] - contacts[0][-1][ended] <= HOUR:
        found["followed"] += 1
    if last in ("resolved", "by_peers"):
        took = contacts[-1][-1][ended] - rows[0][joined]
        found["resolution_ms"] += took // 1000
        found["cases_late"] += took > 4 * HOUR
        above = last == "resolved" and contacts[-1][-1][4] > 0 and OUTCOMES[contacts[-1][-2][outcome]] == "escalated"
        found["cases_resolved_elsewhere"] += above or last == "by_peers"
    else:
        found["cases_given_up"] += 1
    if handled:
        found["cases_missed_first"] += handled[0] != "resolved"
    elif last == "by_peers":
        found["cases_without_agent"] += 1
    else:
        found["cases_missed_first"] += 1


# Against theory


def _estimates(text: str) -> dict[str, tuple[float, float]]:
    found = run(loads(text), workers=2).estimates
    found = found[found["scope"] == "all"]
    return {
        row.kpi: (float(row.estimate), float(row.standard_error)) for row in found.itertuples() if row.kpi in THEORY
    }


THEORY = ("fcr", "fcr_measured", "flr", "case_resolution", "resolved_in_time", "time_to_resolution", "reopen_rate")
LONG = """
scenario: theory
horizon: {start: 2026-06-01, warm_up: 8d, length: 20d, drain: 60d, interval: 60m}
run: {replications: 20, seed: 1}
demand: {care: {per_hour: 40}}
"""


def _agree(found: dict[str, tuple[float, float]], wanted: dict[str, float]) -> None:
    for name, value in wanted.items():
        estimate, error = found[name]
        assert abs(estimate - value) <= 4.5 * error, (name, estimate, value, error)
        assert error < 0.02 * value, name


def test_unresolved_cases_that_come_back_until_they_are_resolved() -> None:
    """A geometric number of contacts, each followed after an exponential time."""
    found = _estimates(LONG + """
workflows:
  care: {handle_time: 6m, tiers: {t1: {resolved: 74%}},
         returns: {after_unresolved: {share: 60%, after: {law: exponential, mean: 20h}}}}
pools: {desk: {staffing: 60}}
cases: {repeat_window: 1d}
""")  # fmt: skip
    resolved, again, handled = 0.74, 0.26 * 0.6, 0.1
    k = np.arange(60)
    shares = resolved * again**k
    in_time = stats.gamma.cdf(24.0 - (k + 1) * handled, np.maximum(k, 1), scale=20.0)
    in_time[0] = 1.0
    mean = float((shares * ((k + 1) * handled + 20.0 * k)).sum() / shares.sum())
    _agree(found, {
        "fcr": resolved,
        "fcr_measured": 1 - again * (1 - np.exp(-24.0 / 20.0)),
        "flr": resolved / (1 - again),
        "case_resolution": resolved / (1 - again),
        "resolved_in_time": float((shares * in_time).sum()),
        "time_to_resolution": mean * 3600,
    })  # fmt: skip


def test_two_tiers_and_cases_that_are_reopened() -> None:
    found = _estimates(LONG + """
workflows:
  care: {handle_time: 6m, tiers: {t1: {resolved: 68%, escalated: 20%}, t2: {resolved: 85%}},
         returns: {after_unresolved: {share: 60%, after: {law: exponential, mean: 3h}},
                   after_resolved: {share: 7%, after: 5h}}}
pools: {desk: {staffing: 60}, high: {tier: t2, staffing: 30}}
cases: {repeat_window: 30d}
""")  # fmt: skip
    resolved = 0.68 + 0.2 * 0.85
    again = (1 - resolved) * 0.6 + resolved * 0.07
    _agree(found, {
        "fcr": resolved,
        "fcr_measured": 1 - again,
        "case_resolution": resolved * 0.93 / (1 - again),
        "flr": 0.68 * 0.93 / (1 - again),
        "reopen_rate": 0.07,
    })  # fmt: skip


def test_where_every_case_is_one_visit_every_case_is_resolved_by_its_first_contact() -> None:
    found = _estimates(
        LONG.replace("8d, length: 20d", "0d, length: 1d")
        + "workflows: {care: {handle_time: 6m}}\npools: {desk: {staffing: 60}}\n"
    )
    assert {name: found[name][0] for name in ("fcr", "fcr_measured", "flr", "resolved_in_time")} == {
        "fcr": 1.0, "fcr_measured": 1.0, "flr": 1.0, "resolved_in_time": 1.0,
    }  # fmt: skip
    assert found["time_to_resolution"][0] == 360.0
