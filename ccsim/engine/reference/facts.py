"""The compiled scenario as plain objects: what holds for the visits of a queue."""

from __future__ import annotations

from dataclasses import dataclass

from ccsim.kernel import layout, offers
from ccsim.kernel.kinds import (
    KIND_BOT,
    KIND_CHANNEL,
    KIND_DECIDES,
    KIND_FROM_FORECAST,
    KIND_HAND_OVER,
    KIND_HANDED_AFTER,
    KIND_INSTANT,
    KIND_MAX_WAIT,
    KIND_PATIENCE_LAW,
    KIND_PEERS_LAW,
    KIND_TALK_LAW,
    KIND_TRANSFERS,
    KIND_WRAP_LAW,
    SHARE_ESCALATED,
    SHARE_HANDED_ON,
    SHARE_PEERS,
    SHARE_RESOLVED,
    SHARE_TRANSFERRED,
    SHARE_WARM,
    SHARE_WRAP_UP,
    SHARE_ZERO,
)
from ccsim.model import Model

NONE, FAR = layout.NONE, layout.FAR


@dataclass(frozen=True)
class Comeback:
    """Who comes back after one way to end."""

    share: float
    law: int
    most: int
    """Contacts of a case after which nobody returns any more."""
    mix: tuple[tuple[float, int], ...]
    """Share up to and with each channel by which they come back, and the channel; empty: by the same stream."""


@dataclass(frozen=True)
class BalkingFacts:
    """Who leaves at once at the announced wait."""

    own_patience: bool
    law: int
    """-1: a share leaves, by steps."""
    steps: tuple[tuple[int, float], ...]
    """Announced wait above which a share leaves, and the share."""


@dataclass(frozen=True)
class CallbackFacts:
    """When a callback is offered, and how who accepts it is served."""

    how: int
    """By what it is offered: OFFER_*."""
    above: int
    """From how many waiting, or above which announced wait."""
    accepted: float
    after: int
    """Wait after which it is offered; FAR: never."""
    when_idle: bool
    """Else it stays in line."""
    loses_place: bool
    window: tuple[tuple[int, int], ...]
    """From and until: when customers are called; empty: at all hours."""
    talk_law: int
    """-1: as with other contacts."""
    wrap_law: int
    attempts: int
    """After so many it is given up."""
    unanswered: int
    """Time of an attempt that nobody answers."""
    between: int
    expires: int
    """Time after acceptance at which it is dropped; FAR: never."""
    answered: float
    wrap_share: float


@dataclass(frozen=True)
class WrongQueue:
    """A queue of another workflow in which contacts begin by mistake."""

    queue: int
    until: float
    """Shares of the contacts added up to here."""
    talk_law: int
    """-1: as with other contacts there."""
    wrap_law: int
    wrap_share: float


@dataclass(frozen=True)
class TriageFacts:
    """What tells where contacts belong before they join a queue."""

    misrouted: float
    """Share of the triaged contacts that begin in a wrong queue."""
    start: int
    ramp: int


@dataclass(frozen=True)
class QueueFacts:
    """What holds for the visits of a queue (stream and tier); laws are rows of the model's table of laws."""

    stream: int
    queue_groups: tuple[int, ...]
    """Queue groups that it belongs to."""
    lines: tuple[tuple[int, float, int], ...]
    """Line, share and 16 bits of the name of each vendor; one line where no vendor is assigned."""
    kind: int
    """Kind of queues: what comes of its visits depends on it."""
    work: int
    """Column of the paces of the pools."""
    channel: int
    peers: float
    peers_law: int
    """-1: they answer at once."""
    bot: int
    """-1: its contacts meet none."""
    talk_law: int
    wrap_law: int
    """-1: wrap-up is a share of talk."""
    wrap_share: float
    from_forecast: bool
    patience_law: int
    """-1: nobody leaves."""
    zero: float
    max_wait: int
    waits_on_in: int
    """Queue in which contacts wait on after that; NONE: they leave."""
    wait_goes_on: bool
    """Whether their place there is by when they got theirs in this one."""
    mean_handle: float
    """Of talk and wrap-up; 1 where a forecast says it."""
    balking: BalkingFacts | None
    callback: CallbackFacts | None
    matters_when: bool
    """Whether anything depends on the instant of an abandonment; else it is no event."""
    by_chance: bool
    """Whether the outcome or a return is a matter of chance; else every visit is resolved."""
    escalated: float
    handed_on: float
    """Of these the share whose agent hands them on at once."""
    handed_after: int
    """Time of the agent until then."""
    warm: float
    """Of the escalated the share whose agent stays until the next one has taken over."""
    hand_over_law: int
    resolved: float
    transferred: float
    transfers: tuple[tuple[float, int], ...]
    """Share up to and with each transfer, and the queue that it goes to."""
    comebacks: tuple[Comeback, ...]
    """By reason."""
    wrong_queues: tuple[WrongQueue, ...]
    triage: TriageFacts | None
    """Where contacts may begin that are to join it first."""
    patience_on_return: tuple[float, ...]
    """Factor on the patience of the first, second, ... return; the last holds for all that follow."""


def queue_facts(model: Model) -> list[QueueFacts]:
    """The facts of every queue, in order."""
    queues, kinds = model.rules.queues, model.rules.kinds
    found = []
    time_outs = model.rules.time_outs
    leads, goes_on = time_outs.to.tolist(), time_outs.goes_on.tolist()
    for number, row in enumerate(queues.rows.tolist()):
        stream, kind = row[layout.QUEUE_STREAM], row[layout.QUEUE_KIND]
        lines = slice(row[layout.QUEUE_LINES], row[layout.QUEUE_LINES] + row[layout.QUEUE_LINES_N])
        queue_groups = slice(row[layout.QUEUE_GROUPS], row[layout.QUEUE_GROUPS] + row[layout.QUEUE_GROUPS_N])
        until = kinds.transfer_until[kinds.rows[kind, KIND_TRANSFERS] :].tolist()
        to = queues.transfer[row[layout.QUEUE_TRANSFERS] :].tolist()
        found.append(
            QueueFacts(
                stream=stream,
                queue_groups=tuple(queues.group[queue_groups].tolist()),
                lines=tuple(
                    zip(
                        queues.line[lines].tolist(),
                        queues.line_share[lines].tolist(),
                        queues.line_vendor[lines].tolist(),
                        strict=True,
                    )
                ),
                kind=kind,
                work=row[layout.QUEUE_WORK],
                channel=int(kinds.rows[kind, KIND_CHANNEL]),
                peers=float(kinds.shares[kind, SHARE_PEERS]),
                peers_law=int(kinds.rows[kind, KIND_PEERS_LAW]),
                bot=int(kinds.rows[kind, KIND_BOT]),
                talk_law=int(kinds.rows[kind, KIND_TALK_LAW]),
                wrap_law=int(kinds.rows[kind, KIND_WRAP_LAW]),
                wrap_share=float(kinds.shares[kind, SHARE_WRAP_UP]),
                from_forecast=bool(kinds.rows[kind, KIND_FROM_FORECAST]),
                patience_law=int(kinds.rows[kind, KIND_PATIENCE_LAW]),
                zero=float(kinds.shares[kind, SHARE_ZERO]),
                max_wait=int(kinds.rows[kind, KIND_MAX_WAIT]),
                waits_on_in=leads[number] if leads else NONE,
                wait_goes_on=bool(leads) and goes_on[number] == 1,
                mean_handle=float(model.rules.told.mean_handle[kind]),
                balking=_balking_facts(model, kind),
                callback=_callback_facts(model, kind),
                matters_when=bool(kinds.rows[kind, KIND_INSTANT]),
                by_chance=bool(kinds.rows[kind, KIND_DECIDES]),
                escalated=float(kinds.shares[kind, SHARE_ESCALATED]),
                handed_on=float(kinds.shares[kind, SHARE_HANDED_ON]),
                handed_after=int(kinds.rows[kind, KIND_HANDED_AFTER]),
                warm=float(kinds.shares[kind, SHARE_WARM]),
                hand_over_law=int(kinds.rows[kind, KIND_HAND_OVER]),
                resolved=float(kinds.shares[kind, SHARE_RESOLVED]),
                transferred=float(kinds.shares[kind, SHARE_TRANSFERRED]),
                transfers=tuple(zip(until, to, strict=False)),
                comebacks=tuple(
                    Comeback(share, law, most, _mix(model, first))
                    for share, law, most, first in zip(
                        kinds.back_share[kind].tolist(),
                        kinds.back_law[kind].tolist(),
                        kinds.back_most[kind].tolist(),
                        model.rules.comebacks.mix[kind].tolist(),
                        strict=True,
                    )
                ),
                wrong_queues=_wrong_queues(model, kind, to),
                triage=_triage_facts(model, kind),
                patience_on_return=_factors(model, kind),
            )
        )
    return found


def _balking_facts(model: Model, kind: int) -> BalkingFacts | None:
    told = model.rules.told
    how, row, count = told.rows[kind].tolist()
    if how == layout.TOLD_NOTHING:
        return None
    steps = slice(row, row + count)
    return BalkingFacts(
        own_patience=how == layout.TOLD_PATIENCE,
        law=row if how == layout.TOLD_LAW else NONE,
        steps=tuple(zip(told.above[steps].tolist(), told.share[steps].tolist(), strict=True)),
    )


def _triage_facts(model: Model, kind: int) -> TriageFacts | None:
    rules = model.rules.misroutes
    row = int(rules.triage[kind]) if len(rules.triage) else NONE
    if row == NONE:
        return None
    return TriageFacts(float(rules.triaged[row]), *(int(time) for time in rules.triaged_from[row]))


def _wrong_queues(model: Model, kind: int, goes_to: list[int]) -> tuple[WrongQueue, ...]:
    """`goes_to`: queues that transfers go to, then the wrong ones."""
    rules = model.rules.misroutes
    if not len(rules.first) or not rules.rows[kind]:
        return ()
    first, before = int(rules.first[kind]), int(rules.transfers[kind])
    return tuple(
        WrongQueue(
            goes_to[before + place],
            float(rules.until[first + place]),
            int(rules.talk_law[first + place]),
            int(rules.wrap_law[first + place]),
            float(rules.wrap_share[first + place]),
        )
        for place in range(int(rules.rows[kind]))
    )


def _callback_facts(model: Model, kind: int) -> CallbackFacts | None:
    known = model.rules.callbacks
    row = known.rows[kind].tolist()
    if row[offers.OFFER_HOW] == offers.OFFER_NEVER and row[offers.OFFER_AFTER] == FAR:
        return None
    return CallbackFacts(
        how=row[offers.OFFER_HOW],
        above=row[offers.OFFER_FROM],
        accepted=float(known.accepted[kind]),
        after=row[offers.OFFER_AFTER],
        when_idle=row[offers.OFFER_IDLE] == 1,
        loses_place=row[offers.OFFER_LOSES] == 1,
        window=_window(model, row[offers.OFFER_CLOCK]),
        talk_law=row[offers.OFFER_TALK],
        wrap_law=row[offers.OFFER_WRAP],
        attempts=row[offers.OFFER_ATTEMPTS],
        unanswered=row[offers.OFFER_UNANSWERED],
        between=row[offers.OFFER_BETWEEN],
        expires=row[offers.OFFER_EXPIRES],
        answered=float(known.answered[kind]),
        wrap_share=float(known.wrap_share[kind]),
    )


def _window(model: Model, clock: int) -> tuple[tuple[int, int], ...]:
    if clock == NONE:
        return ()
    working = model.rules.classes.working
    first, count = working.bounds[clock].tolist()
    opens = working.start[first : first + count].tolist()
    worked = working.worked[first : first + count].tolist()
    found: list[tuple[int, int]] = []
    for at, before, after in zip(opens, worked, worked[1:], strict=False):
        since = found.pop()[0] if found and found[-1][1] == at else at
        found.append((since, at + after - before))
    return tuple(found)


def _mix(model: Model, first: int) -> tuple[tuple[float, int], ...]:
    """The channels of a mix, from its first row on; empty where there is none."""
    comebacks = model.rules.comebacks
    if first == NONE:
        return ()
    until = comebacks.until[first:].tolist()
    return tuple(zip(until, comebacks.channel[first:].tolist(), strict=True))[: until.index(1.0) + 1]


def _factors(model: Model, kind: int) -> tuple[float, ...]:
    first, count = model.rules.comebacks.patience[kind].tolist()
    return tuple(model.rules.comebacks.times[first : first + count].tolist())
