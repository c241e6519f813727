"""Shrinkage: what each cause takes of the rostered time, and what they make together.

The one rule: causes add up as shares of the rostered time. A cause that is said of the worked time takes that share of
what whole days away leave.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ccsim.language.derive import quantity
from ccsim.language.files import is_file_name
from ccsim.language.forms import DictForm, Form, Schema, WordForm
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section
from ccsim.language.section_forms import Key, SectionForm
from ccsim.language.shares import percent
from ccsim.text import scalars
from ccsim.text.quantities import Share
from ccsim.text.tree import Leaf, Map, Node, Place, shown

if TYPE_CHECKING:
    from ccsim.language.pools import Pool
    from ccsim.language.scenario import Scenario


class WorkedShare(Section):
    """Shrinkage by a cause, of the time that is worked: of what whole days away leave. In YAML
    `{share: 10%, of: worked}`."""

    share: Share
    """Share of the worked time."""


WHOLE_DAYS: Final = ("absence", "leave")
"""Causes of shrinkage that take whole days; every other one is a block in each shift that is worked."""


UNSPECIFIED: Final = "unspecified"
"""Cause of a total that says none."""

Said = Mapping[str, "float | WorkedShare"]


def shrinkage_of(scenario: Scenario, pool: Pool) -> tuple[Said, str]:
    """What is said of a pool's people by cause, and whose it is: its own (empty), else its vendor's name."""
    if pool.shrinkage is not None:
        return pool.shrinkage, ""
    vendor = scenario.vendors.get(pool.vendor) if pool.vendor is not None else None
    said = vendor.shrinkage if vendor is not None else None
    return (said, pool.vendor or "") if said is not None else ({}, "")


def rostered_shares(said: Said) -> dict[str, float]:
    """What each cause takes of the rostered time, from 0 to 1; they add up to the shrinkage before breaks.

    Holidays on which people are at home come beside it: their shifts are no part of the rostered time here.
    """
    first = {cause: share for cause, share in said.items() if not isinstance(share, WorkedShare)}
    left = 1.0 - sum(share for cause, share in first.items() if cause in WHOLE_DAYS)
    whole = {c: s.share * left for c, s in said.items() if isinstance(s, WorkedShare) and c in WHOLE_DAYS}
    left -= sum(whole.values())
    blocks = {c: s.share * left for c, s in said.items() if isinstance(s, WorkedShare) and c not in WHOLE_DAYS}
    found = first | whole | blocks
    return {cause: found[cause] for cause in said}


def whole_day_shares(scenario: Scenario, pool: Pool) -> dict[str, float]:
    """What whole days away take of the rostered time of a pool, by cause: all that comes on top of a published
    roster."""
    shares = rostered_shares(shrinkage_of(scenario, pool)[0])
    return {cause: share for cause, share in shares.items() if cause in WHOLE_DAYS}


def block_shares(rostered: Mapping[str, float]) -> dict[str, float]:
    """What each cause that is a block takes of the paid time of a shift that is worked.

    More than its share of the rostered time, since the shifts of those who are away all day have no block.

    Parameters
    ----------
    rostered
        Shares of the rostered time by cause, less than 1 together.
    """
    there = 1.0 - sum(share for cause, share in rostered.items() if cause in WHOLE_DAYS)
    return {cause: share / there for cause, share in rostered.items() if cause not in WHOLE_DAYS}


_OF_TIME: Final = re.compile(
    rf"[0-9]{{4}}[-_./].*|(?:[0-9]{{4}}[-_ ]?)?(?:w|wk|kw|week)[-_ ]?[0-9]{{1,2}}|{scalars.WEEKDAY}(?:day)?"
    rf"|(?:{'|'.join(scalars.MONTHS)})[-_ ]?(?:[0-9]{{2,4}})?",
    re.IGNORECASE,
)
"""What is no cause: when it is."""


class AwayForm(Form):
    """A share of the rostered time, or of the worked time where it is said so."""

    says = "a share like 6%, or {share: 6%, of: worked}"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if isinstance(node, Leaf):
            return _SHARE.read(node, key, rd)
        if not isinstance(node, Map):
            return rd.expected(self.says, node, key)
        values = {"of": "rostered"} | _AWAY.values(node, key, rd)
        if BAD in values.values():
            return BAD
        return values["share"] if values["of"] == "rostered" else WorkedShare(share=values["share"])

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [_SHARE.schema(defs), _AWAY.schema(defs)]}

    def child(self, name: str, rd: Reading) -> Form | None:
        return _AWAY.keys[name].form if name in _AWAY.keys else None

    def known(self, rd: Reading) -> list[str]:
        return list(_AWAY.keys)

    def parts(self) -> tuple[Form, ...]:
        return (_AWAY,)


_SHARE: Final = quantity("share")
_AWAY: Final = SectionForm(
    WorkedShare,
    {
        "share": Key(_SHARE, "Share of the rostered or of the worked time.", required=True),
        "of": Key(WordForm(("rostered", "worked")), "Of which time; default the rostered.", default="rostered"),
    },
    instead=dict.fromkeys(
        ("from", "until", "at", "for", "on", "dates"),
        "shrinkage is the same at all times; who is away for some days, paid, is a pool with `leave_on: [2026-06-15]`, "
        "or a part of a site: sites.NAME.special_days: {2026-06-15: 80%}",
    ),
)


class ShrinkageForm(DictForm):
    """Paid time away by cause, or a total without causes; less than 100 %."""

    def __init__(self) -> None:
        super().__init__(AwayForm(), most=50)
        self.says = "shares by cause like {absence: 6%, training: 3%}, or a total like 30%"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        before = rd.faults.count
        by_time = self._by_time(node)
        if by_time is not None:
            text, place = by_time
            return rd.fault(
                f"{shown(text)} is no cause: shrinkage is the same throughout; where it differs, say a pool for each "
                "time, with `from:` and `until:` and its own `shrinkage:`",
                place,
                key,
            )
        shares = super().read(node, key, rd) if isinstance(node, Map) else self._total(node, key, rd)
        if shares is BAD or rd.faults.count > before:
            return BAD
        if sum(rostered_shares(shares).values()) >= 1:
            away = percent(sum(rostered_shares(shares).values()))
            return rd.fault(f"{away} of the paid time is away; expected less than 100%", node.place, key)
        return shares

    @staticmethod
    def _by_time(node: Node) -> tuple[str, Place] | None:
        """A date, a week, a weekday or a file in place of causes, and where it stands."""
        if isinstance(node, Map):
            name = next((name for name in node.entries if _OF_TIME.fullmatch(name)), None)
            return None if name is None else (name, node.entries[name].place)
        text = node.text if isinstance(node, Leaf) else ""
        return (text, node.place) if is_file_name(text) else None

    def _total(self, node: Node, key: str, rd: Reading) -> Any:
        """A total stands under a name of its own."""
        if not isinstance(node, Leaf) or node.empty:
            return rd.expected(self.says, node, key)
        share = _SHARE.read(node, key, rd)
        if share is BAD:
            return BAD
        rd.assume(
            f"{percent(share)} of the rostered time is taken as a block in each shift, staggered over the agents; of "
            "named causes `absence` and `leave` are whole days at random",
            node.place,
            key,
        )
        return {UNSPECIFIED: share}

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [_SHARE.schema(defs), super().schema(defs)]}


SHRINKAGE: Final = ShrinkageForm()
