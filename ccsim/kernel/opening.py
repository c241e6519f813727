"""The opening backlog: contacts that stand in line before the first event."""

from __future__ import annotations

from ccsim.draws.jit import kernel_entry
from ccsim.kernel import layout
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.contacts import leaves_at, line_of, open_steps_before, patience_of
from ccsim.kernel.draw import named_date
from ccsim.kernel.events import push
from ccsim.kernel.kinds import KIND_INSTANT
from ccsim.kernel.layout import FAR, NONE, Ints
from ccsim.kernel.lines import count_in_groups, stand_in_line, take_slot
from ccsim.kernel.severities import first_queue_of


@kernel_entry
def lay_backlog(rules: Rules, state: State, backlog: Ints) -> None:
    """Let the contacts of the opening backlog stand in line, in the order in which they came; there is room.

    Nobody is signed in yet. `backlog`: [rows, 4] when each came (0 or before), stream, local date, number.
    """
    slots, queues, classes = state.slots, rules.queues, rules.classes
    for row in range(backlog.shape[0]):
        joined = backlog[row, 0]
        i = take_slot(slots, state.registers)
        slots[i, layout.VISIT_PLACE] = 0
        slots[i, layout.VISIT_TRACE] = NONE
        slots[i, layout.VISIT_DATE] = named_date(backlog[row, 1], backlog[row, 2])
        slots[i, layout.VISIT_NUMBER] = backlog[row, 3]
        queue = first_queue_of(rules, state, i, backlog[row, 1])
        slots[i, layout.VISIT_QUEUE] = queue
        counts = rules.counted[0] <= joined < rules.counted[1]  # its case, if it came as the counted time began
        slots[i, layout.VISIT_COUNTED] = layout.CASE_COUNTS if counts else 0
        state.registers[layout.REGISTER_COUNTED] += counts
        slots[i, layout.VISIT_JOINED] = joined
        slots[i, layout.VISIT_WAITED] = 1
        slots[i, layout.VISIT_BACK] = 0
        line = line_of(rules, state, i)
        slots[i, layout.VISIT_LINE] = line
        slots[i, layout.VISIT_LEAVES] = leaves_at(rules, state, i, joined, patience_of(rules, state, i))
        open_steps_before(rules, state, i, 0)
        stand_in_line(classes, state, i, line)
        count_in_groups(queues, state.groups, queue, 1, 1)
        if (
            rules.kinds.rows[queues.rows[queue, layout.QUEUE_KIND], KIND_INSTANT] == 1
            and slots[i, layout.VISIT_LEAVES] < FAR
        ):
            push(state, slots[i, layout.VISIT_LEAVES], layout.PATIENCE, i)
