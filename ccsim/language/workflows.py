"""Kinds of work: tiers, returns, and the pools that may take them."""

from __future__ import annotations

import itertools
from typing import Any, Final

from ccsim.language.balking import Balking
from ccsim.language.by_channel import CHANNELS, LIMIT, SHARE, by_channel_apart
from ccsim.language.callback import Callback
from ccsim.language.channels import MOST_PRIORITY
from ccsim.language.deadlines import DEADLINE, WorkingTime
from ccsim.language.derive import form_for, quantity
from ccsim.language.forms import DictForm, EitherForm, ListForm, NameForm, names_of
from ccsim.language.from_until import DATED_OVERFLOW
from ccsim.language.handling import AHT_BY_CHANNEL, ByChannelForm, HandleTime, Patience, place_of
from ccsim.language.laws import Law
from ccsim.language.preferred import PREFERRED, Preferred
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Needs, Section, field
from ccsim.language.section_forms import Key, elsewhere
from ccsim.language.severities import SEVERITIES, Severity
from ccsim.language.shares import inherited_parts, percent
from ccsim.language.time_outs import TIME_OUT, TimeOut
from ccsim.language.transfers import ESCALATED_AS, MISROUTED, EscalatedAs, Misroute
from ccsim.text.paths import joined
from ccsim.text.quantities import Count, Duration, Name, Share
from ccsim.text.tree import Items, Map


def _by_channel(values: dict[str, Any], key: str, rd: Reading) -> None:
    """A handle time written by channel has a field of its own, and so has what is resolved."""
    if isinstance(values.get("handle_time"), dict):
        values["by_channel"] = values.pop("handle_time")
    by_channel_apart(values, "resolved", "resolved_by_channel")
    by_channel_apart(values, "warm", "warm_by_channel")


def _warm_transfers(values: dict[str, Any], node: Map, key: str, rd: Reading) -> None:
    """A warm transfer has a hand-over, and only that."""
    shares = [values.get("warm", 0.0), *values.get("warm_by_channel", {}).values()]
    if max(shares) > 0.0 and "hand_over" not in values:
        said = "`warm` needs `hand_over`: how long both agents are with the customer, like 90s or {mean: 2m, cv: 0.5}"
        rd.fault(said, place_of(node, "warm"), joined(key, "warm"))
    elif "hand_over" in values and not {"warm", "warm_by_channel"} & values.keys():
        said = "`hand_over` needs `warm`: the share of the escalated that are handed over so, like `warm: 100%`"
        rd.fault(said, place_of(node, "hand_over"), joined(key, "hand_over"))
    elif max(shares) > 0.0 and not values.get("escalated", 0.0):
        rd.warn("nobody is handed over: nothing is `escalated`", place_of(node, "warm"), joined(key, "warm"))


def _tier(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    _warm_transfers(values, node, key, rd)
    resolved, escalated = values.get("resolved"), values.get("escalated", 0.0)
    back = values.get("sent_back", 0.0)
    transferred = sum(values.get("transfers", {}).values()) + back
    gone = escalated + transferred
    words = "escalated and transferred" if transferred > back else "escalated"
    words = f"{words} and sent back" if back else words
    at = next((one for one in ("escalated", "transfers") if one in values), "sent_back")
    parts = {"escalated": escalated, "transfers": transferred - back, "sent_back": back}
    if resolved is None:
        if gone > 1 + 1e-9:
            why = f"{words} are {percent(gone)} together; they must not exceed 100%{inherited_parts(node, parts)}"
            return rd.fault(why, place_of(node, at), joined(key, at))
        values["resolved"] = min(max(1.0 - gone, 0.0), 1.0) if transferred else 1.0 - escalated
    shares = {"": resolved} if resolved is not None else values.get("resolved_by_channel", {})
    for channel, share in shares.items():
        if share + gone > 1 + 1e-9:
            said = f"resolved, {words}" if transferred else f"resolved and {words}"
            on = f" on {channel}" if channel else ""
            more = inherited_parts(node, {"resolved": share, **parts})
            return rd.fault(
                f"{said} are {percent(share + gone)} together{on}; they must not exceed 100%{more}",
                place_of(node, at if gone > 0 else "resolved"),
                joined(key, at if gone > 0 else "resolved"),
            )
    return values


_CERTIFICATION: Final = NameForm("certifications")


def _return_by_channel(values: dict[str, Any], key: str, rd: Reading) -> None:
    """What is written by the channel of the contact before has a field of its own; who is not named stays away."""
    by_channel_apart(values, "share", "share_by_channel")
    if "share_by_channel" in values:
        values["share"] = 0.0
    by_channel_apart(values, "channels", "channels_after")


class Return(Section):
    """Repeat contacts for one reason: a share of the customers comes back, as a new contact of the same case."""

    share: Share = field(form=SHARE)
    """Share of these customers that comes back. In YAML also by the channel of the contact that ended, `{phone: 55%,
    chat: 65%}`: after a channel that is not named nobody comes back."""
    share_by_channel: dict[Name, Share] = field(default_factory=dict, label="share after", key="share", written=False)
    """The same by the channel of the contact that ended; overrides `share`."""
    after: Law = field(label="delay")
    """Time until they come back."""
    attempts: Count | None = field(default=None, form=LIMIT, label="most returns", none="no limit")
    """Most contacts of one case after the first, of all reasons together, up to which it comes back for this one;
    `none`: no limit. A return that is drawn but no longer allowed is stopped by this cap."""
    channels: dict[Name, Share] = field(default_factory=dict, form=CHANNELS, label="come back by")
    """Channels by which they come back, as shares of 100 %; without them by the same channel. In YAML also by the
    channel of the contact that ended: `{phone: {phone: 60%, email: 40%}, chat: {phone: 100%}}`; after a channel that is
    not named they come back by the same one."""
    channels_after: dict[Name, dict[Name, Share]] = field(
        default_factory=dict, label="come back, after", key="channels", written=False
    )
    """The same by the channel of the contact that ended; overrides `channels`."""


form_for(
    Return,
    early=_return_by_channel,
    instead={
        "delay": "the time until they come back is `after`",
        **dict.fromkeys(("max", "most", "limit", "cap"), "the most contacts of a case after the first is `attempts`"),
        "patience": "the patience of those who come back is `patience: {after_return: 50%}` of the workflow",
    },
)


class Returns(Section):
    """Repeat contacts by cause."""

    after_abandon: Return | None = None
    """After abandoning."""
    after_blocked: Return | None = None
    """After being blocked: no trunk or place in the queue was free."""
    after_closed: Return | None = None
    """After arriving outside opening hours, or being sent away at closing."""
    after_unresolved: Return | None = None
    """After a contact that was handled but not resolved."""
    after_resolved: Return | None = None
    """Reopened: after a contact that seemed to be resolved."""


form_for(
    Returns,
    instead={
        "attempts": "it stands with each reason, like after_abandon: {share: 50%, after: 1h, attempts: 3}",
        "after_cleared": "who is sent away at closing comes back as `after_closed` says",
        "after_clearing": "who is sent away at closing comes back as `after_closed` says",
        "after_false_containment": "it stands with the bot: bots.NAME.returns",
    },
)


class Tier(Section):
    """Handling of a workflow at one tier."""

    handle_time: HandleTime | None = field(default=None, form=ByChannelForm(), short=AHT_BY_CHANNEL)
    """Handle time at this tier, on every channel."""
    by_channel: dict[Name, HandleTime] = field(
        default_factory=dict, label="handle time on", key="handle_time", written=False
    )
    """Handle time at this tier by channel; overrides `handle_time`. In YAML `handle_time: {chat: ...}`."""
    resolved: Share = field(default=1.0, form=SHARE)
    """Share of handled contacts that resolve the case. Default: all that are not escalated or transferred. In YAML also
    by channel, `{phone: 80%, chat: 68%}`: a channel that is not named has the default."""
    resolved_by_channel: dict[Name, Share] = field(
        default_factory=dict, label="resolved on", key="resolved", written=False
    )
    """The same by channel; overrides `resolved`."""
    escalated: Share = 0.0
    """Share of handled contacts that go on to the next tier. What is neither resolved, escalated nor transferred closes
    unresolved."""
    escalated_as: EscalatedAs | None = field(
        default=None, form=ESCALATED_AS, needs=Needs("escalated", "whose contacts it is about"), none="live"
    )
    """What escalated contacts are at the next tier, and at those after it: deferred work, for which the customer does
    not stay. In YAML a deferred channel `email`, or `{channel: email, deadline: 24h}`."""
    warm: Share = field(default=0.0, form=SHARE, label="warm transfers")
    """Share of the escalated that are handed over warm: after the talk the agent stays with the customer until an agent
    of the next tier is free, then both are held for the `hand_over`, then the first is free. The others join the next
    queue alone (cold). Live channels without contacts in parallel only. In YAML also by channel, `{phone: 100%}`:
    a channel that is not named has none."""
    warm_by_channel: dict[Name, Share] = field(
        default_factory=dict, label="warm transfers on", key="warm", written=False
    )
    """The same by channel; overrides `warm`."""
    hand_over: Law | None = field(default=None, label="hand-over")
    """Time for which both agents are with a customer who is handed over warm, as it is: no AHT factor is applied."""
    transfers: dict[Name, Share] = field(
        default_factory=dict, form=DictForm(quantity("share"), of="workflows", least=1), label="transfers to"
    )
    """Shares of handled contacts that go to the first tier of another workflow; the customer joins a queue there (a
    cold transfer)."""
    sent_back: Share = 0.0
    """Share of handled contacts that are sent back to the tier before (bounced). They join its queue like new ones, may
    be escalated again, and count as transferred."""
    certification: Name | None = field(default=None, form=_CERTIFICATION)
    """Certification that a pool needs for this tier; overrides the workflow's."""
    priority: Count | None = field(default=None, least=1, most=MOST_PRIORITY)
    """1 is served first; overrides the workflow's."""

    @property
    def transferred(self) -> float:
        """Share of handled contacts that go to another workflow, or back to the tier before."""
        return sum(self.transfers.values()) + self.sent_back


_BACK: Final = "the share that is sent back to the tier before is `sent_back`"
TIER: Final = form_for(
    Tier,
    finish=_tier,
    early=_by_channel,
    lenient=True,
    instead={
        "bounced": _BACK,
        "bounce_back": _BACK,
        "bounce": _BACK,
        "cold": "who is escalated and not `warm` joins the next queue alone",
        "misrouted": "it stands with the workflow: workflows.NAME.misrouted",
        "transferred": "say where to, by workflow: transfers: {billing: 5%}",
    },
)
_POOL_NAMES: Final = ListForm(NameForm("pools"), least=1, distinct=True)
_PREFERENCE: Final = ListForm(
    EitherForm(
        (NameForm("pools"), _POOL_NAMES),
        lambda node: 1 if isinstance(node, Items) else 0,
        "a name of a pool, or a list of pools that rank equal",
    ),
    least=1,
)


def _first_contact(values: dict[str, Any], node: Map, key: str, rd: Reading) -> bool:
    """Turn `fcr` into what the only tier resolves; whether it can be."""
    share = values.pop("fcr", None)
    if share is None:
        return True
    at, place = joined(key, "fcr"), node.entries["fcr"].place
    if "tiers" in values:
        why = f"say fcr or tiers, not both{elsewhere(node, 'tiers', place)}"
        rd.fault(f"{why}: `fcr` is for a workflow of one tier, each tier says its own `resolved`", place, at)
        return False
    values["tiers"] = {"t1": Tier(resolved_by_channel=share) if isinstance(share, dict) else Tier(resolved=share)}
    returns = values.get("returns")
    reopened = returns.after_resolved if returns is not None else None
    if reopened is not None and reopened.share > 0 and not isinstance(share, dict):
        first = percent(share * (1 - reopened.share))
        why = f"{percent(reopened.share)} of these come back (`returns.after_resolved`), so that {first} stay resolved"
        rd.warn(f"{percent(share)} is the share that seems resolved; {why}", place, at)
    return True


def _severities(values: dict[str, Any], node: Map, key: str, rd: Reading) -> bool:
    """What a severity escalates goes to another tier, and leaves room for what the first one transfers."""
    tiers = values.get("tiers", {})
    first = next(iter(tiers.values()), Tier())
    for name, one in values.get("severity", {}).items():
        entries = node.entries["severity"].node
        entry = entries.entries[name].node if isinstance(entries, Map) else node
        place, at = (
            place_of(entry, "escalated") if isinstance(entry, Map) else node.place,
            joined(joined(joined(key, "severity"), name), "escalated"),
        )
        if one.begins_at is not None and one.begins_at not in (tiers or {"t1": first}):
            known = ", ".join(tiers) or "t1"
            why = f"the workflow has no tier {one.begins_at}; known: {known}"
            begins = place_of(entry, "begins_at") if isinstance(entry, Map) else node.place
            rd.fault(why, begins, joined(joined(joined(key, "severity"), name), "begins_at"))
            return False
        escalates = first.escalated if one.escalated is None else one.escalated
        if one.handed_on is not None and not (escalates and len(tiers) > 1):
            told = place_of(entry, "handed_on") if isinstance(entry, Map) else node.place
            why = "nobody is handed on: the first tier escalates none of it; say `escalated: 100%` beside it"
            rd.fault(why, told, at.removesuffix("escalated") + "handed_on")
            return False
        if one.escalated and len(tiers) < 2:
            why = "there is no tier to escalate to: say `tiers: {t1: {...}, t2: {...}}`, or leave it out"
            rd.fault(why, place, at)
            return False
        if one.escalated is not None and one.escalated + first.transferred > 1 + 1e-9:
            why = f"escalated and transferred are {percent(one.escalated + first.transferred)} together"
            rd.fault(f"{why}; they must not exceed 100%", place, at)
            return False
    return True


def _workflow(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    if not _first_contact(values, node, key, rd):
        return BAD
    if "pools" in values:
        groups = tuple((group,) if isinstance(group, str) else group for group in values["pools"])
        named = [pool for group in groups for pool in group]
        if len(set(named)) < len(named):
            return rd.fault("a pool appears twice in the order", node.entries["pools"].node.place, joined(key, "pools"))
        values["pools"] = groups
    wrong = sum(one.share for one in values.get("misrouted", {}).values())
    if wrong > 1 + 1e-9:
        why = f"misrouted are {percent(wrong)} together; they must not exceed 100%"
        return rd.fault(why, place_of(node, "misrouted"), joined(key, "misrouted"))
    if not _severities(values, node, key, rd):
        return BAD
    known = [*values.get("tiers", {})] or ["t1"]
    for number, rule in enumerate(values.get("preferred", ())):
        for tier in rule.tier:
            if tier not in known:
                why = f"the workflow has no tier {tier}; known: {', '.join(known)}"
                at = joined(joined(joined(key, "preferred"), str(number)), "tier")
                return rd.fault(why, place_of(node, "preferred"), at)
    steps = values.get("overflow", ())
    at = joined(key, "overflow")
    seen = {pool for group in values.get("pools", ()) for pool in group}
    for step in steps:
        for pool in step.pools:
            if pool in seen:
                return rd.fault(
                    f"{pool} may already answer when this overflow step opens", place_of(node, "overflow"), at
                )
            seen.add(pool)
    if any(later.after <= earlier.after for earlier, later in itertools.pairwise(steps)):
        return rd.fault(
            "expected overflow steps in rising order of `after`",
            place_of(node, "overflow"),
            at,
        )
    return values


class WorkflowOverflowStep(Section):
    """An overflow step of a workflow: further pools after some time in the queue."""

    after: Duration = field(label="opens after")
    """Time in this queue after which the step opens."""
    pools: tuple[Name, ...] = field(form=names_of("pools"))
    """Pools that it opens. They rank equal, after those of the earlier steps."""


form_for(WorkflowOverflowStep, instead=DATED_OVERFLOW)


class Workflow(Section):
    """A workflow: a kind of work with its tiers, handle times and pools."""

    tiers: dict[Name, Tier] = field(
        default_factory=dict, form=DictForm(TIER, of="tiers", least=1, most=20), ordered=True
    )
    """Tiers in order of escalation; without any there is one tier, t1, that resolves everything."""
    misrouted: dict[Name, Misroute] = field(default_factory=dict, form=MISROUTED, label="misrouted to")
    """Shares of its contacts that begin in the queue of a wrong workflow, by that workflow: `{billing: 10%}`, or
    `{billing: {share: 10%, aht: 90s}}` with the time until an agent has found out."""
    severity: dict[Name, Severity] = field(default_factory=dict, form=SEVERITIES, label="severity")
    """Severities of its cases, by name: `{sev1: {share: 3%, priority: 1, handle_time: 1.5}, sev2: 20%, sev3: {}}`. Each
    case draws one as it opens, also one that is recorded; all its contacts have it."""
    handle_time: HandleTime | None = field(default=None, form=ByChannelForm(), short=AHT_BY_CHANNEL)
    """Handle time at every tier and channel that gives none."""
    by_channel: dict[Name, HandleTime] = field(
        default_factory=dict, label="handle time on", key="handle_time", written=False
    )
    """Handle time by channel at every tier that gives none."""
    patience: Patience | None = field(default=None, none="the channel's")
    """Patience of this workflow's contacts; overrides the channel's and the scenario's."""
    balking: Balking | None = field(default=None, none="the channel's")
    """Who leaves at once at the announced wait; overrides the channel's."""
    callback: Callback | None = field(default=None, none="the channel's")
    """Offer of a callback; overrides the channel's."""
    max_wait: TimeOut | None = field(default=None, form=TIME_OUT, label="longest wait", none="the channel's")
    """Queue time-out of its live contacts; overrides the channel's. In YAML `5m`, or where they wait on:
    `{after: 5m, then: {workflow: general}}`."""
    deadline: Duration | WorkingTime | None = field(default=None, form=DEADLINE, none="the segment's or the channel's")
    """Time within which its deferred work is to be answered, from joining the queue; overrides the segment's and the
    channel's. In YAML `2d`, or working time as on a channel."""
    priority: Count | None = field(default=None, least=1, most=MOST_PRIORITY)
    """1 is served first."""
    pools: tuple[tuple[Name, ...], ...] = field(
        default=(), form=_PREFERENCE, label="order of pools", none="all equal", ordered=True
    )
    """Pools in order of preference, those that rank equal grouped; empty: every pool with the skill, all equal. In
    YAML: `pools: [a, [b, c]]`."""
    overflow: tuple[WorkflowOverflowStep, ...] = field(default=(), label="overflow step")
    """Overflow steps: further pools that may answer a contact after it has waited some time in this queue."""
    preferred: tuple[Preferred, ...] = field(default=(), form=PREFERRED, label="preferred pools")
    """Pools that contacts of some segments or severities go to first, and after which time others may answer them:
    `[{severity: sev1, pools: [swarm], others_after: 5m}]`. The first rule that fits a contact holds."""
    returns: Returns = field(default_factory=Returns)
    """Repeat contacts."""
    certification: Name | None = field(default=None, form=_CERTIFICATION)
    """Certification that a pool needs."""


_FCR: Final = Key(
    SHARE,
    "First contact resolution of a workflow of one tier: the share of handled contacts that resolve the case, in place "
    "of `tiers: {t1: {resolved: 80%}}`; in YAML also by channel, `{phone: 80%, chat: 68%}`.",
    stands_for=("tiers", "t1", "resolved"),
)
WORKFLOW: Final = form_for(Workflow, also={"fcr": _FCR}, finish=_workflow, early=_by_channel, lenient=True)
