"""Lines, slots and the row of the log: what one step writes."""

from __future__ import annotations

import numpy as np
import pytest

from ccsim.kernel import agents, layout, lines, opening
from tests.kernel.small_centre import MINUTE, PHONE, SECOND, Centre

DESK = PHONE + "pools: {desk: {staffing: 1}}\n"


def waiting(centre: Centre) -> list[int]:
    """Slots of the first line, head first."""
    found, i = [], int(centre.state.lines[0, layout.LINE_HEAD])
    while i >= 0:
        found.append(i)
        i = int(centre.state.slots[i, layout.VISIT_NEXT])
    return found


def test_a_visit_leaves_its_line_wherever_it_stands() -> None:
    centre = Centre(DESK)
    first, second, third = (centre.arrives(at * SECOND) for at in (1, 2, 3))
    for gone, left in ((second, [first, third]), (first, [third]), (third, [])):
        lines.leave_line(centre.rules.classes, centre.state, gone, 0)
        assert waiting(centre) == left
        assert centre.state.lines[0, layout.LINE_TAIL] == (left[-1] if left else layout.NONE)
        assert centre.state.registers[layout.REGISTER_WAITING] == len(left)
        assert lines.somebody_waits(centre.rules.pools, centre.state.waiting, 0) == bool(left)


def test_a_line_shows_what_its_head_is_chosen_by() -> None:
    centre = Centre(DESK)
    first, second = centre.arrives(SECOND), centre.arrives(2 * SECOND)
    assert centre.state.heads[0] == SECOND
    centre.state.slots[second, layout.VISIT_OVERFLOW] = 3
    lines.leave_line(centre.rules.classes, centre.state, first, 0)
    assert (centre.state.heads[0], centre.state.lines[0, layout.LINE_OVERFLOW]) == (2 * SECOND, 3)


def test_a_slot_is_free_only_once_no_event_names_it() -> None:
    centre = Centre(DESK)
    slots, registers = centre.state.slots, centre.state.registers
    free = int(registers[layout.REGISTER_FREE_N])
    i = lines.take_slot(slots, registers)
    slots[i, layout.VISIT_EVENTS] = 1
    lines.give_back(slots, registers, i)
    assert slots[i, layout.VISIT_PHASE] == layout.GONE
    assert registers[layout.REGISTER_FREE_N] == free - 1
    slots[i, layout.VISIT_EVENTS] = 0
    lines.give_back(slots, registers, i)
    assert (registers[layout.REGISTER_FREE], registers[layout.REGISTER_FREE_N]) == (i, free)


@pytest.mark.parametrize(
    ("flags", "held", "hand_over"),
    [
        (0, layout.NONE, 0),
        (layout.HANDED_OVER, layout.NONE, 88),
        (layout.HANDS_OVER, 77, 88),
        (layout.HANDED_OVER | layout.HANDS_OVER, 77, 88),
        (layout.TIMED_OUT, layout.NONE, 0),
    ],
)
def test_the_row_of_the_log_has_every_column_from_its_own(flags: int, held: int, hand_over: int) -> None:
    centre = Centre(DESK)
    state = centre.state._replace(
        slots=np.arange(100, 100 + layout.VISIT_WIDTH, dtype=np.int64).reshape(1, -1),
        cases=np.array([[55, 66, 99], [0, 0, 0]], np.int64),
        warm=np.array([[0, 77, 88], [0, 0, 0]], np.int64),
        timed=np.array([[11, 22, 33, 44]], np.int64),
        log=np.zeros((2, layout.LOG_WIDTH), np.int64),
    )
    log, registers = state.log, state.registers
    registers[layout.REGISTER_LOG_N] = 1
    state.slots[0, layout.VISIT_WAITED] |= flags
    lines.write_visit(state, 0, 7)
    names = [name.removeprefix("LOG_") for name in vars(layout) if name.startswith("LOG_")]
    columns = {name: getattr(layout, f"LOG_{name}") for name in names if name not in ("FULL", "ROOM", "WIDTH")}
    assert sorted(columns.values()) == list(range(layout.LOG_WIDTH))
    for name, column in columns.items():
        waited = 100 + layout.VISIT_WAITED  # and flags
        own = {"WRAPPED": 7, "OPENED": 55, "HANDLED": 66, "FIRST": 99, "COUNTED": (100 + layout.VISIT_COUNTED) & 1}
        own |= {"HELD": held, "HAND_OVER": hand_over, "BEFORE": 0, "BUSY": 0}
        own |= {"JOINED": 22, "BEFORE": 44} if flags & layout.TIMED_OUT else {}
        own |= {
            "WAITED": flags & layout.TIMED_OUT | waited & ~(layout.LAID_DOWN | layout.NO_ANSWER | layout.OF_BOT),
            "BOT": waited & layout.OF_BOT,
            "ON_PHONE": layout.VISIT_HUNG_UP - layout.VISIT_JOINED,  # a callback is among the flags
        }
        assert log[1, column] == (own[name] if name in own else 100 + getattr(layout, f"VISIT_{name}", 0))
    assert (log[0] == 0).all()
    assert registers[layout.REGISTER_LOG_N] == 2


def test_a_span_of_no_time_is_not_logged() -> None:
    centre = Centre(DESK)
    spans, registers = centre.state.spans, centre.state.registers
    agents.write_span(spans, registers, 0, layout.SIGNED, SECOND, SECOND, layout.NONE)
    agents.write_span(spans, registers, 0, layout.SIGNED, SECOND, MINUTE, layout.NONE)
    assert centre.spans() == [(layout.SIGNED, SECOND, MINUTE)]


def test_the_opening_backlog_stands_in_line_in_the_order_in_which_it_came() -> None:
    centre = Centre(
        "demand: {mails: {per_hour: 1, channel: email, backlog: {contacts: 3, oldest: 2h}}}\nhandle_time: 1m\n"
        "channels: {email: {kind: deferred}}\npools: {desk: {staffing: 1}}\n"
    )
    assert waiting(centre) == []
    opening.lay_backlog(centre.rules, centre.state, centre.model.backlog)
    ages = [-centre.visit(i, "JOINED")[0] // MINUTE for i in waiting(centre)]
    assert ages == [120, 60, 0]
    assert [centre.visit(i, "PHASE", "WAITED", "COUNTED", "EVENTS") for i in waiting(centre)] == [
        (layout.WAITING, 1, 0, 0),
        (layout.WAITING, 1, 0, 0),
        (layout.WAITING, 1, layout.CASE_COUNTS, 0),  # its case opens as the counted time begins
    ]
    assert centre.state.registers[layout.REGISTER_COUNTED] == 1
    assert centre.state.heads[0] == -120 * MINUTE
