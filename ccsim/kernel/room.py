"""What stops the loop of the kernel: records of another width, and too little room for the next step."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.kernel import layout, offers
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.kinds import KIND_WIDTH, SHARE_WIDTH
from ccsim.kernel.time_out_rows import TIMED_WIDTH


@kernel_step
def has_other_widths(rules: Rules, state: State) -> bool:
    """Whether records have other widths than the kernel is compiled for."""
    # Nobody hands it any. But once this has been asked, LLVM knows every width: a multiplication at each access of a
    # record becomes a shift.
    return (
        state.slots.shape[1] != layout.VISIT_WIDTH
        or state.laid.shape[1] != layout.LAID_WIDTH
        or state.cases.shape[1] != layout.CASE_WIDTH
        or state.lived.shape[1] != layout.LIVED_WIDTH
        or state.warm.shape[1] != layout.WARM_WIDTH
        or state.timed.shape[1] != TIMED_WIDTH
        or state.agents.shape[1] != layout.AGENT_WIDTH
        or state.events.shape[1] != layout.EVENT_WIDTH
        or state.dues.shape[1] != layout.EVENT_WIDTH
        or state.lines.shape[1] != layout.LINE_WIDTH
        or state.pools.shape[1] != layout.POOL_WIDTH
        or state.listed.shape[1] != 2
        or state.groups.shape[1] != layout.GROUP_WIDTH
        or state.sources.shape[1] != layout.SOURCE_WIDTH
        or state.source_keys.shape[1] != 2
        or state.source_sum.shape[1] != 4
        or state.plan.shape[1] != layout.PLAN_WIDTH
        or state.log.shape[1] != layout.LOG_WIDTH
        or state.spans.shape[1] != layout.SPAN_WIDTH
        or rules.queues.rows.shape[1] != layout.QUEUE_WIDTH
        or rules.kinds.rows.shape[1] != KIND_WIDTH
        or rules.kinds.shares.shape[1] != SHARE_WIDTH
        or rules.told.rows.shape[1] != layout.TOLD_WIDTH
        or rules.callbacks.rows.shape[1] != offers.OFFER_WIDTH
        or rules.classes.rows.shape[1] != layout.CLASS_WIDTH
        or rules.classes.pools.shape[1] != layout.ENTRY_WIDTH
        or rules.classes.seats.shape[1] != 2
        or rules.pools.served.shape[1] != layout.SERVED_WIDTH
        or rules.pools.words.shape[1] != 2
        or rules.pools.lines.shape[1] != 3
        or rules.pools.agents.shape[1] != 2
        or rules.pools.breaks.shape[1] != layout.BREAKS_WIDTH
        or rules.days.curve_pieces.shape[1] != 2
        or rules.traces.of_stream.shape[1] != 2
        or rules.laws.par.shape[1] != 4
    )


@kernel_step
def _steps(state: State) -> tuple[int, int, int]:
    """For how many steps there is room in the logs, among the slots and on the event lists, whatever they do."""
    registers = state.registers
    log = (state.log.shape[0] - registers[layout.REGISTER_LOG_N]) // layout.LOG_ROOM
    spans = (state.spans.shape[0] - registers[layout.REGISTER_SPAN_N]) // layout.SPAN_ROOM
    slots = registers[layout.REGISTER_FREE_N] // layout.SLOT_ROOM
    events = (state.events.shape[0] - registers[layout.REGISTER_EVENTS_N]) // layout.EVENT_ROOM
    dues = (state.dues.shape[0] - registers[layout.REGISTER_DUES_N]) // layout.EVENT_ROOM
    return min(log, spans), slots, min(events, dues)


@kernel_step
def steps_with_room(state: State) -> int:
    """How many steps are sure to find room; asked here, so that no step has to ask."""
    logs, slots, lists = _steps(state)
    return min(logs, slots, lists)


@kernel_call
def what_is_full(state: State) -> int:
    """Where the next step might not find room, REACHED if it does."""
    logs, slots, lists = _steps(state)
    if logs == 0:
        return layout.LOG_FULL
    if slots == 0:
        return layout.SLOTS_FULL
    return layout.EVENTS_FULL if lists == 0 else layout.REACHED
