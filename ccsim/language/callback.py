"""Callbacks: customers who find no free agent are offered to be called back."""

from __future__ import annotations

from typing import Any, Final, Literal

from ccsim.language.derive import form_for
from ccsim.language.forms import EitherForm, WordForm
from ccsim.language.from_until import DATED
from ccsim.language.handling import AHT, FromForecast, HandleTime
from ccsim.language.hours import HoursForm, WeekHours
from ccsim.language.reading import Reading
from ccsim.language.section import Section, Short, field
from ccsim.text.paths import joined
from ccsim.text.quantities import Count, Duration, Share
from ccsim.text.tree import Leaf, Map

WHILE_OPEN: Final = "opening_hours"
"""Customers are called while the queue group of their queue is open."""
_PLACES: Final = {"kept": "keeps_place", "lost": "loses_place"}
_SERVED: Final = {"keeps_place": "place: kept", "loses_place": "place: lost", "keeps": "place: kept"}


_HOURS: Final = HoursForm()
CALLED: Final = EitherForm(
    (WordForm((WHILE_OPEN,)), _HOURS),
    lambda node: 0 if isinstance(node, Leaf) and node.text.startswith("open") else 1,
    f"{_HOURS.says}; or {WHILE_OPEN}",
)


class Callback(Section):
    """The offer of a callback to whoever finds no free agent: when it is made, who accepts, when they are called.

    It is made once in a queue, and accepted at once or not at all. Who accepts hangs up, does not abandon and is not
    cleared at closing. An agent who takes the callback calls at once; a customer who answers talks at once."""

    waiting: Count | None = field(default=None, label="waiting before it is offered")
    """Offered where at least so many wait already on the line that the customer would join (itself not counted)."""
    counts: Literal["all", "live"] = "all"
    """What `waiting` counts: all who wait, callbacks among them, or those alone who wait on the phone."""
    announced: Duration | None = field(default=None, label="announced wait above which it is offered")
    """Offered where the announced wait is longer than this, in place of `waiting`; see `balking`."""
    after: Duration | None = field(default=None, above=0, label="wait after which it is offered")
    """Offered to whoever still waits so long after joining the queue. Beside `waiting` or `announced`: to those whom
    that has not offered one."""
    accepted: Share = field(label="share that accepts")
    """Share of these customers who accept."""
    served: Literal["keeps_place", "loses_place", "when_idle"] = field(
        default="keeps_place",
        form=WordForm(("keeps_place", "loses_place", "when_idle"), instead=_PLACES),
        short=Short(
            "place",
            WordForm((*_PLACES,), instead=_SERVED | {"when_idle": "served: when_idle", "idle": "served: when_idle"}),
            "Place in line, in place of `served`: `kept` is `keeps_place`, `lost` is `loses_place`.",
            lambda word: _PLACES[word],
        ),
    )
    """`keeps_place`: the callback stays in line as if the customer waited. `loses_place`, with `after`: it goes to the
    end of the line as it is accepted. `when_idle`: it is taken as deferred work is, only where no live contact waits
    that the agent may take, and only while more than `deferred.keep_free` agents of the pool are idle."""
    hours: WeekHours | Literal["opening_hours"] | None = field(
        default=None, form=CALLED, label="hours in which customers are called", none="at all hours"
    )
    """Hours in which customers are called, in local time of the contact's market; or `opening_hours`: those of its
    queue group, by that group's clock and with its special days. A callback that is accepted outside them, is in line
    when they end or is due for another attempt outside them waits until they begin again."""
    handle_time: HandleTime | None = field(default=None, short=AHT, none="that of the other contacts")
    """Handle time of a callback that the customer answers."""
    answered: Share = 1.0
    """Share of attempts that the customer answers, each independently."""
    attempts: Count = field(default=1, least=1, most=100, label="most attempts")
    """Attempts after which a callback that was not answered is given up (never reached)."""
    unanswered: Duration = field(default=30_000_000, label="length of an unanswered attempt")
    """Agent time that an attempt without an answer takes."""
    between: Duration = field(default=1_800_000_000, label="time between attempts")
    """Time from the end of an attempt until the callback waits for the next one."""
    expires: Duration | None = field(default=None, above=0, label="expires after", none="never")
    """Time after acceptance at which a callback that waits for an agent is dropped."""


def _callback(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    if "waiting" in values and "announced" in values:
        return rd.fault("expected `waiting:` or `announced:` (when it is offered), got both", node.place, key)
    if not {"waiting", "announced", "after"} & {*values}:
        why = "expected `waiting:`, `announced:` or `after:` (when it is offered), got none of them"
        return rd.fault(why, node.place, key)
    if values.get("served") == "loses_place" and "after" not in values:
        at = "served" if "served" in node.entries else "place"
        why = "who is offered a callback on joining is at the end of the line already; say `after:`, or leave it out"
        return rd.fault(why, node.entries[at].place, joined(key, at))
    if "counts" in values and "waiting" not in values:
        return rd.fault("belongs to `waiting:`", node.entries["counts"].place, joined(key, "counts"))
    handle = values.get("handle_time")
    if handle is not None and isinstance(handle.talk, FromForecast):
        at = "handle_time"
        why = "a forecast says no handle times of callbacks; leave it out, or give a mean"
        return rd.fault(why, node.entries[at].place, joined(key, at))
    return values


_ALWAYS: Final = (
    "it is offered at all times; for some days say it in a variant that counts these alone, with a `horizon:` of "
    "its own"
)
_OFFERED: Final = "say when it is offered: `waiting: 5` (so many wait), `announced: 2m` or `after: 1m`"
form_for(
    Callback,
    finish=_callback,
    says="a map like {waiting: 5, accepted: 40%, served: keeps_place}",
    instead={
        "keep_free": "it is a setting of pools, as for deferred work: pools.NAME.deferred.keep_free",
        "window": "the hours in which customers are called are `hours`",
        "keeps_place": "say `served: keeps_place`",
        "when_idle": "say `served: when_idle`",
        "loses_place": "say `served: loses_place`",
        "within": "say `expires`",
        **dict.fromkeys(
            ("reattempts", "retries"), "all attempts are counted, the first one too: 2 more are `attempts: 3`"
        ),
        "share": "the share that accepts is `accepted`",
        "wait": "offered after a wait is `after: 1m`, at an announced wait `announced: 2m`, where n wait `waiting: n`",
        **dict.fromkeys(("reached", "answers"), "the share of attempts that the customer answers is `answered`"),
        **dict.fromkeys(("every", "retry_after", "interval", "delay"), "the time between attempts is `between`"),
        **dict.fromkeys(("at", "for", *DATED), _ALWAYS),
        **dict.fromkeys(
            ("offered", "offer", "offered_when_waiting", "offered_after", "threshold", "n", "queue_size"),
            _OFFERED,
        ),
    },
)
