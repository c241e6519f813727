"""Stories of rosters whose activities say what agents serve: one person, several pools, never two at a time."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from ccsim.model import compile_model
from tests.support.engines import compare
from tests.support.stories import Story, script, tell

HEAD = "agent date start end activity"
NINE, TEN, ELEVEN = 9 * 3600, 10 * 3600, 11 * 3600
ROSTER = "roster: {file: roster.csv, unpaid: [Lunch], activities: {Phone: {channels: phone}, Cases: {channels: mail}}}"
CENTRE = """
channels: {phone: {}, mail: {kind: deferred}}
demand:
  calls: {trace: calls.csv, channel: phone, workflow: work}
  mails: {trace: mails.csv, channel: mail, workflow: work}
handle_time: 60s
"""


def desk(
    *rows: str, calls: str = "80000 1", mails: str = "80000 1", pool: str = ROSTER, more: str = "", seed: int = 1
) -> Story:
    """A desk with a roster of 2026-01-05, a Monday; rows like `Ann 09:00 10:00 Phone`."""
    dated = [row.replace(" ", " 2026-01-05 ", 1) for row in rows]
    return tell(
        f"{CENTRE}pools: {{desk: {{{pool}}}}}\n{more}", seed=seed,
        calls=f"time talk | {calls}", mails=f"time talk | {mails}", roster=" | ".join([HEAD, *dated]),
    )  # fmt: skip


def answered(story: Story) -> list[tuple[object, ...]]:
    """Queue, when answered, when ended, and pool, of all that were answered."""
    lives = story.lives("queue left ended pool")
    return sorted((row for row in lives if row[3] is not None), key=lambda row: row[1])


def total(story: Story, *columns: str) -> dict[str, list[float]]:
    return {pool: [round(story.total(column, pool), 4) for column in columns] for pool in ("desk.phone", "desk.cases")}


def test_each_activity_serves_its_own_work() -> None:
    story = desk(
        "Ann 09:00 10:00 Phone", "Ann 10:00 11:00 Cases", calls=f"{NINE + 60} 10 | {TEN + 60} 10", mails=f"{NINE} 10"
    )
    assert answered(story) == [
        ("calls/t1", NINE + 60, NINE + 70, "desk.phone"),
        ("mails/t1", TEN, TEN + 10, "desk.cases"),
    ]  # fmt: skip
    assert total(story, "planned", "paid", "overtime") == {"desk.phone": [60, 60, 0], "desk.cases": [60, 60, 0]}


def test_a_call_in_hand_at_the_change_is_finished_and_the_mail_waits_for_it() -> None:
    """One person is never in two places: the mail begins when the call ends, at 10:01, and no time is paid twice."""
    story = desk("Ann 09:00 10:00 Phone", "Ann 10:00 11:00 Cases", calls=f"{TEN - 60} 120", mails=f"{TEN - 30} 10")
    assert answered(story) == [
        ("calls/t1", TEN - 60, TEN + 60, "desk.phone"),
        ("mails/t1", TEN + 60, TEN + 70, "desk.cases"),
    ]
    assert total(story, "signed_in", "paid", "overtime") == {"desk.phone": [61, 61, 0], "desk.cases": [59, 59, 0]}


def test_a_call_in_hand_at_the_end_of_the_shift_is_overtime() -> None:
    story = desk("Ann 09:00 10:00 Cases", "Ann 10:00 11:00 Phone", calls=f"{ELEVEN - 60} 120")
    assert total(story, "signed_in", "overtime") == {"desk.phone": [61, 1], "desk.cases": [60, 0]}


def test_a_call_that_takes_the_whole_of_the_next_activity() -> None:
    """Cases from 10:00 to 11:00 are never begun; at 11:00 the next call is answered by the row that is due then."""
    story = desk(
        "Ann 09:00 10:00 Phone", "Ann 10:00 11:00 Cases", "Ann 11:00 12:00 Phone",
        calls=f"{TEN - 60} 5400 | {ELEVEN} 10", mails=f"{TEN} 10",
    )  # fmt: skip
    assert answered(story) == [
        ("calls/t1", TEN - 60, ELEVEN + 1740, "desk.phone"),
        ("calls/t1", ELEVEN + 1740, ELEVEN + 1750, "desk.phone"),
    ]
    assert total(story, "signed_in", "overtime") == {"desk.phone": [180, 0], "desk.cases": [0, 0]}


def test_a_row_that_never_came_does_not_come_later() -> None:
    story = desk("Ann 09:00 10:00 Phone", "Ann 10:00 10:30 Cases", calls=f"{TEN - 60} 5400", mails=f"{TEN} 10")
    assert answered(story) == [("calls/t1", TEN - 60, TEN + 5340, "desk.phone")]
    assert total(story, "signed_in", "overtime") == {"desk.phone": [149, 59], "desk.cases": [0, 0]}


def test_a_break_belongs_to_what_comes_before_it() -> None:
    rows = (
        "Ann 09:00 10:00 Phone",
        "Ann 10:00 10:15 Break",
        "Ann 10:15 11:00 Cases",
        "Ann 11:00 11:30 Lunch",
        "Ann 11:30 12:00 Phone",
    )
    story = desk(*rows, mails=f"{TEN} 10", calls=f"{ELEVEN} 10")  # fmt: skip
    assert answered(story) == [
        ("mails/t1", TEN + 900, TEN + 910, "desk.cases"),
        ("calls/t1", ELEVEN + 1800, ELEVEN + 1810, "desk.phone"),
    ]
    assert total(story, "planned", "break", "paid") == {"desk.phone": [90, 15, 105], "desk.cases": [45, 0, 45]}
    assert sum(story.model.workforce_plan[:, 3]) / 60_000_000 == 150


@pytest.mark.parametrize(("one", "other"), [("Cases", "Phone"), ("Phone", "Cases")])
def test_a_shift_begins_with_a_meeting_for_what_comes_after_it(one: str, other: str) -> None:
    story = desk("Ann 09:00 09:30 Meeting", f"Ann 09:30 10:00 {one}", f"Ann 10:00 11:00 {other}",
                 mails=f"{NINE} 10", calls=f"{NINE} 10")  # fmt: skip
    assert answered(story)[0][1:] == (NINE + 1800, NINE + 1810, f"desk.{one.lower()}")
    found = total(story, "planned", "break", "paid")
    assert found == {f"desk.{one.lower()}": [30, 30, 60], f"desk.{other.lower()}": [60, 0, 60]}


def test_a_day_of_leave_is_paid_once() -> None:
    story = desk("Ann 09:00 17:00 Leave", "Ben 09:00 10:00 Phone", "Ben 10:00 11:00 Cases")
    assert total(story, "absent", "paid") == {"desk.phone": [0, 60], "desk.cases": [480, 540]}


@pytest.mark.parametrize("seed", range(6))
def test_who_is_absent_is_so_in_every_pool(seed: int) -> None:
    """Over midnight too: what begins after it goes by the date on which the shift began."""
    rows = [f"{name}{n} {start}" for n in range(8) for name, start in (
        ("Ann", "22:00 23:00 Phone"), ("Ann", "23:00 23:30 Cases"), ("Ann", "23:30 24:00 Phone"),
    )]  # fmt: skip
    story = desk(*rows, pool=f"{ROSTER}, shrinkage: {{absence: 40%}}", seed=seed)
    absent = {pool: story.total("absent", pool) for pool in ("desk.phone", "desk.cases")}
    signed = {pool: story.total("signed_in", pool) for pool in ("desk.phone", "desk.cases")}
    away = absent["desk.cases"] / 30
    assert away == int(away)
    assert absent["desk.phone"] == 90 * away
    assert (signed["desk.phone"], signed["desk.cases"]) == (90 * (8 - away), 30 * (8 - away))


def test_absences_of_a_shift_over_midnight_go_by_its_first_date() -> None:
    """The same people are away before and after midnight: no date is drawn anew."""
    stretches = ("2026-01-05 22:00 24:00 Phone", "2026-01-06 00:00 02:00 Cases")
    rows = [f"Ann{n} {stretch}" for n in range(12) for stretch in stretches]
    found = set()
    for seed in range(8):
        story = tell(
            f"horizon: {{start: 2026-01-05 12:00, length: 1d, drain: 1d, interval: 15m}}\n{CENTRE}"
            f"pools: {{desk: {{{ROSTER}, shrinkage: {{absence: 50%}}}}}}\n",
            seed=seed, calls="time talk | 80000 1", mails="time talk | 80000 1", roster=" | ".join([HEAD, *rows]),
        )  # fmt: skip
        phone, cases = (story.total("absent", pool) / 120 for pool in ("desk.phone", "desk.cases"))
        assert phone == cases
        found.add(phone)
    assert len(found) > 1


def test_an_unrestricted_activity_serves_all() -> None:
    pool = ROSTER.replace("unpaid:", "on_the_line: [Any], unpaid:")
    story = desk("Ann 09:00 10:00 Any", "Ann 10:00 11:00 Cases", pool=pool,
                 calls=f"{NINE + 60} 10 | {TEN + 60} 10", mails=f"{NINE + 120} 10 | {TEN + 120} 10")  # fmt: skip
    assert answered(story) == [
        ("calls/t1", NINE + 60, NINE + 70, "desk.on_the_line"),
        ("mails/t1", NINE + 120, NINE + 130, "desk.on_the_line"),
        ("mails/t1", TEN + 120, TEN + 130, "desk.cases"),
    ]


def test_an_escalated_visit_does_not_pass_those_who_wait_when_its_agent_changes() -> None:
    """Ann ends a call at 10:01 that goes on to tier 2. In her other pool she first takes who waits since 09:59:30."""
    story = tell(
        "demand: {calls: {trace: calls.csv}}\n"
        "handle_time: 60s\n"
        "workflows: {calls: {tiers: {t1: {escalated: 100%}, t2: {}}}}\n"
        "pools: {desk: {tier: [t1, t2], roster: {file: roster.csv, activities: {One: {channels: phone}, "
        "Two: {channels: phone}}}}}\n",
        calls=f"time talk | {TEN - 60} 120 | {TEN - 30} 90",
        roster=" | ".join([HEAD, "Ann 2026-01-05 09:00 10:00 One", "Ann 2026-01-05 10:00 11:00 Two"]),
    )
    assert answered(story)[:3] == [
        ("calls/t1", TEN - 60, TEN + 60, "desk.one"),
        ("calls/t1", TEN + 60, TEN + 150, "desk.two"),
        ("calls/t2", TEN + 150, TEN + 210, "desk.two"),
    ]


def mixed() -> str:
    """Rows of people who change what they do every quarter of an hour to an hour, for some ten times."""
    rows = []
    rng = np.random.default_rng(7)
    for n in range(9):
        at = 8 * 4 + int(rng.integers(0, 8))
        for _ in range(10):
            length = int(rng.integers(1, 5))
            what = ("Phone", "Cases", "Break", "Phone", "Cases")[int(rng.integers(0, 5))]
            end = min(at + length, 95)
            rows.append(f"A{n} 2026-01-05 {at // 4:02d}:{at % 4 * 15:02d} {end // 4:02d}:{end % 4 * 15:02d} {what}")
            at = end
    return " | ".join([HEAD, *rows])


BUSY = """
channels: {phone: {patience: {mean: 2m}}, mail: {kind: deferred, interruptible: INTERRUPTIBLE}}
demand:
  calls: {per_day: 420, profile: flat, channel: phone, workflow: work}
  mails: {per_day: 260, profile: flat, channel: mail, workflow: work}
handle_time: {talk: {mean: 5m, cv: 1}, wrap_up: {mean: 40s}}
pools: {desk: {POOL}}
"""


@pytest.mark.parametrize("interruptible", ["yes", "no"])
@pytest.mark.parametrize("seed", range(3))
def test_nobody_is_in_two_pools_and_all_time_is_paid_once(interruptible: str, seed: int) -> None:
    """Random rosters of nine people without gaps, at a busy desk, under the kernel's invariants: what both pools pay
    is the time of the shifts and overtime, to the microsecond, and no person holds two contacts at a time."""
    text = BUSY.replace("POOL", ROSTER.replace("unpaid: [Lunch], ", "")).replace("INTERRUPTIBLE", interruptible)
    story = tell(text, seed=seed, roster=mixed())
    paid, overtime = (
        sum(story.total(what, f"desk.{of}") for of in ("phone", "cases")) for what in ("paid", "overtime")
    )
    rostered = float(story.model.workforce_plan[:, 3].sum() / 60_000_000)
    assert paid - overtime == pytest.approx(rostered, abs=1e-6)
    if interruptible == "yes":
        return
    taken: dict[int, list[tuple[float, float, str]]] = {}
    for agent, left, wrapped, pool in story.lives("agent left wrapped pool"):
        if pool is not None:
            taken.setdefault(int(story.model.agent_number[agent]), []).append((left, wrapped, pool))
    changes = 0
    for spans in taken.values():
        for (_, end, before), (start, _, after) in itertools.pairwise(sorted(spans)):
            assert start >= end
            changes += before != after
    assert changes > 20


@pytest.mark.parametrize("interruptible", ["yes", "no"])
@pytest.mark.parametrize("seed", range(3))
def test_the_reference_engine_agrees_visit_by_visit(interruptible: str, seed: int) -> None:
    pool = ROSTER.replace("unpaid: [Lunch], ", "").replace("channels: phone", "channels: [phone, chat]")
    text = BUSY.replace("POOL", f"{pool}, shrinkage: {{absence: 15%}}").replace("INTERRUPTIBLE", interruptible)
    text = text.replace("{patience: {mean: 2m}}", "{patience: {mean: 2m}}, chat: {concurrency: 2, speed: [1, 0.6]}")
    text = text.replace(
        "handle_time:", "  chats: {per_day: 160, profile: flat, channel: chat, workflow: work}\nhandle_time:"
    )
    text += "workflows: {work: {tiers: {t1: {escalated: 20%}, t2: {}}}}\nrun: {replications: 1}\n"
    text = text.replace("desk: {", "desk: {tier: [t1, t2], ")
    compare(compile_model(script(text, roster=mixed())), seed)


def test_who_lays_a_mail_down_and_takes_it_up_in_the_next_activity_has_it_alone() -> None:
    """The colleague who is free at that instant is not offered it too. Each order of the two activities by name."""
    text = CENTRE.replace("{kind: deferred}", "{kind: deferred, interruptible: yes}")
    roster = "roster: {file: roster.csv, activities: {Cases: {channels: mail}, Mixed: {channels: [mail, phone]}}}"
    pools = f"pools: {{desk: {{{roster}}}, other: {{staffing: [[00:00, 0], [09:58, 1], [12:00, 0]], channels: mail}}}}"
    found = []
    for first, second in (("Cases", "Mixed"), ("Mixed", "Cases")):
        rows = f"{HEAD} | Ann 2026-01-05 09:00 10:00 {first} | Ann 2026-01-05 10:00 11:00 {second}"
        traces = {"calls": "time talk | 80000 1", "mails": f"time talk | {TEN - 300} 600", "roster": rows}
        compare(compile_model(script(f"{text}{pools}", **traces)), 1)
        found.append(answered(tell(f"{text}{pools}", **traces)))
    assert found[0] == [("mails/t1", TEN - 300, TEN + 300, "other")]
    assert found[1] == [("mails/t1", TEN - 300, TEN + 300, "desk.cases")]
