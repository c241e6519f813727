"""Bots: what answers a contact before an agent does - chat bots, voice bots (IVR), knowledge bases."""

from __future__ import annotations

from typing import Any, Final, Literal

from ccsim.language.by_channel import LIMIT
from ccsim.language.derive import form_for, quantity
from ccsim.language.forms import DictForm, NameForm, names_of
from ccsim.language.from_ramp import LONGEST_RAMP, ramp_after_from, tell_if_never
from ccsim.language.handling import place_of
from ccsim.language.law_forms import LAW
from ccsim.language.laws import Law
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section, Short, field
from ccsim.language.section_forms import Key, elsewhere
from ccsim.language.shares import inherited_parts, percent
from ccsim.language.workflows import Return
from ccsim.text.paths import joined
from ccsim.text.quantities import Count, Duration, Factor, LocalTime, Money, Name, Share
from ccsim.text.tree import Map


class BotPrice(Section):
    """What a bot costs. Prices add up."""

    session: Money = field(default=0.0, label="price of a session")
    """Price of every session that has ended."""
    contained: Money = field(default=0.0, label="price of a contained session")
    """Price of every session that the bot ended by itself (a resolution in the words of most price lists)."""
    returned_within: Duration = field(default=0, label="not charged if followed within", none="always charged")
    """A contained session is not charged if the customer contacts the centre again within this time of its end;
    exactly that long counts as within. Default: it is always charged."""
    month: Money = field(default=0.0, label="price of a month")
    """Price of a month of 365/12 days, in proportion to the counted time."""


_RESOLUTION: Final = "the price of a session that the bot ends by itself, a resolution, is `contained`"
form_for(
    BotPrice,
    instead=dict.fromkeys(("resolution", "resolved", "per_resolution"), _RESOLUTION)
    | {"returned": "no price where the customer is back in time is `returned_within: 7d`"},
)


class ComesBack(Section):
    """Customers who come back although the bot had contained them, said in one."""

    share: Share
    """Share of the contained sessions after which the customer still needs help and comes back."""
    after: Law = field(label="delay")
    """Time until they come back."""
    channel: Name | None = field(default=None, form=NameForm("channels"), none="the same")
    """Channel by which they come back; default: the same."""
    attempts: Count | None = field(default=None, form=LIMIT, label="most returns", none="no limit")
    """Most contacts of one case after the first, as in `returns`."""


def _comes_back(values: dict[str, Any], node: Map, key: str, rd: Reading) -> bool:
    """Turn `comes_back` into the falsely contained, who all come back; whether it can be."""
    back: ComesBack | None = values.pop("comes_back", None)
    if back is None:
        return True
    for name in ("falsely_contained", "returns"):
        if name in values:
            at = node.entries[name].place
            why = "say comes_back, or falsely_contained and returns, not both"
            rd.fault(f"{why}{elsewhere(node, 'comes_back', at)}", at, joined(key, name))
            return False
    channels = {} if back.channel is None else {back.channel: 1.0}
    values["falsely_contained"] = back.share
    values["returns"] = Return(share=1.0, after=back.after, attempts=back.attempts, channels=channels)
    return True


def _bot(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    if not _comes_back(values, node, key, rd):
        return BAD
    contained, left = values["contained"], values.get("left", 0.0)
    at = "contained"
    if contained + left > 1 + 1e-9:
        why = f"contained and left are {percent(contained + left)} together; they must not exceed 100%"
        short = "contained" if "contained" in node.entries else "contains"
        why += inherited_parts(node, {short: contained, "left": left})
        return rd.fault(why, place_of(node, at), joined(key, at))
    if contained + left > 1 - 1e-9:
        why = (
            f"contained and left are {percent(1.0)} together, so that nobody who meets the bot ever reaches an agent; "
            "leave a share that is handed off to agents"
        )
        return rd.fault(why, place_of(node, at), joined(key, at))
    ok = True
    for name, needed in (
        ("returns", "falsely_contained"),
        ("context_handle_time", "context"),
        ("if_full", "sessions"),
    ):
        if name in values and name in node.entries and needed not in values:
            rd.fault(f"needs `{needed}:` beside it", node.entries[name].place, joined(key, name))
            ok = False
    ok = ramp_after_from(values, node, key, rd) and ok
    tell_if_never(values, node, key, rd)
    return values if ok else BAD


class Bot(Section):
    """A bot that meets contacts before agents do: a chat bot, a voice bot (IVR), a knowledge base. Every session ends
    *contained* (the bot ends it by itself), *left* (the customer gives up in it) or *handed off* to agents."""

    channels: tuple[Name, ...] = field(form=names_of("channels"))
    """Channels that it works on."""
    workflows: tuple[Name, ...] | None = field(default=None, form=names_of("workflows"), none="all")
    """Only these workflows; default: all."""
    markets: tuple[Name, ...] | None = field(default=None, form=names_of("markets"), none="all")
    """Only these markets; default: all."""
    languages: tuple[Name, ...] | None = field(default=None, form=names_of("languages"), none="all")
    """Only these languages; default: all."""
    segments: tuple[Name, ...] | None = field(default=None, form=names_of("segments"), none="all")
    """Only these segments; default: all."""
    share: Share = field(
        default=1.0,
        label="share that meets it",
        short=Short("takes", quantity("share"), "Share that meets it, as `share`.", lambda share: share),
    )
    """Share of these contacts, returns included, that meet it; the others go straight to agents."""
    start: LocalTime | None = field(default=None, key="from", label="from", none="the beginning")
    """From when on contacts meet it, in the scenario's time zone. In YAML `from: 2026-06-01`."""
    ramp: Duration = field(default=0, most=LONGEST_RAMP, label="ramp-up")
    """Time from `from` on in which the share that meets it rises evenly from 0 to `share`."""
    session: Law = field(short=Short("handle_time", LAW, "Time of a session, as `session`.", lambda law: law))
    """Time of a session, whatever its end."""
    contained: Share = field(
        short=Short("contains", quantity("share"), "Share contained, as `contained`.", lambda share: share)
    )
    """Share of sessions that the bot ends by itself. What is neither contained nor left is handed off to agents."""
    left: Share = 0.0
    """Share of sessions in which the customer gives up and leaves."""
    falsely_contained: Share = field(default=0.0, label="falsely contained")
    """Share of the *contained* sessions after which the customer still needs help: the bot counts them as solved."""
    returns: Return | None = field(default=None, label="return after false containment", none="nobody comes back")
    """How many of the falsely contained come back, and when."""
    context: Share = field(default=0.0, label="hand-offs with context")
    """Share of hand-offs after which the agent knows what was said."""
    misrouted: Share | None = field(default=None, label="misrouted hand-offs", none="as contacts without a bot")
    """Share of the hand-offs without context that begin in a wrong queue, divided among the wrong queues of the
    workflow (`workflows.X.misrouted`) in proportion to their shares there; default: these shares, or that of
    `triage`."""
    context_handle_time: Factor = field(default=1.0, label="AHT factor with context")
    """Factor on talk and wrap-up of the visit that follows a hand-off with context."""
    sessions: Count | None = field(default=None, least=1, label="sessions at once", none="no limit")
    """Most sessions at the same time."""
    if_full: Literal["agents", "turn_away"] = field(default="agents", label="if all sessions are taken")
    """What happens to a contact that finds all sessions taken: it goes straight to agents (without context), or is
    turned away (blocked)."""
    price: BotPrice = field(default_factory=BotPrice)
    """What it costs."""

    told_first = ("channels", "contained", "left")

    def meets(self, workflow: str, market: str, language: str, segment: str, channel: str) -> bool:
        """Whether contacts of a kind may meet it."""
        return (
            channel in self.channels
            and (self.workflows is None or workflow in self.workflows)
            and (self.markets is None or market in self.markets)
            and (self.languages is None or language in self.languages)
            and (self.segments is None or segment in self.segments)
        )

    @property
    def handed_off(self) -> float:
        """Share of sessions that are handed off to agents."""
        return max(1.0 - self.contained - self.left, 0.0)


_COMES_BACK: Final = Key(
    form_for(ComesBack),
    "Who comes back after being contained, as one share of the contained: in place of `falsely_contained` and "
    "`returns`, where all of the falsely contained come back.",
)
_INSTEAD: Final = {
    **dict.fromkeys(("handed_off", "hand_off"), "what is neither `contained` nor `left` is handed off to agents"),
    "abandoned": "the share of customers who give up in a session is `left`",
    **dict.fromkeys(("max_sessions", "limit"), "the most sessions at the same time are `sessions: 40`"),
    "containment": "the share of sessions that the bot ends by itself is `contained`",
    "false_containment": "the share of the contained who still need help is `falsely_contained`",
    **dict.fromkeys(("starts", "start", "start_date", "live_from", "at"), "the date from which it answers is `from`"),
    **dict.fromkeys(("ends", "end", "to"), "the date from which it no longer answers is `until`"),
    "session_time": "the time of a session is `session`",
    "with_context": "the share of hand-offs after which the agent knows what was said is `context`",
    "causes": "contacts meet it by channel, workflow, market, language and segment; give these a workflow of their own",
}
BOTS: Final = DictForm(
    form_for(Bot, also={"comes_back": _COMES_BACK}, finish=_bot, lenient=True, instead=_INSTEAD), most=500
)
