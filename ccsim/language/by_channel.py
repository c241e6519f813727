"""What may be said for all channels or channel by channel, and limits that may be none."""

from __future__ import annotations

from typing import Any, Final

from ccsim.language.derive import quantity
from ccsim.language.forms import DictForm, EitherForm, ScalarForm
from ccsim.language.shares import SplitForm
from ccsim.text import scalars
from ccsim.text.tree import Map, Node


def _is_map(node: Node) -> int:
    return int(isinstance(node, Map))


def _holds_maps(node: Node) -> int:
    """Whether the values of a map are maps: then its names are those of the contact before."""
    return int(isinstance(node, Map) and any(isinstance(entry.node, Map) for entry in node.entries.values()))


def by_channel_apart(values: dict[str, Any], name: str, by_channel: str) -> None:
    """Give what is written by channel to the field `by_channel`; a map of maps where `name` itself is a map."""
    value = values.get(name)
    if isinstance(value, dict) and (name != "channels" or any(isinstance(one, dict) for one in value.values())):
        values[by_channel] = values.pop(name)


def _limit(text: str) -> int | None:
    return None if text == "none" else scalars.count(text)


SHARE: Final = EitherForm(
    (quantity("share"), DictForm(quantity("share"), of="channels", least=1)),
    _is_map,
    "a share like 80%, or shares by channel like {phone: 80%, chat: 68%}",
)
"""A share, or one for each channel; read as a float or a dict of them."""

CHANNELS: Final = EitherForm(
    (SplitForm("channels"), DictForm(SplitForm("channels"), of="channels", least=1)),
    _holds_maps,
    "shares by channel like {phone: 60%, email: 40%}, or such by the channel of the contact before",
)
"""Shares of channels, or such for each channel of the contact before; read as a dict of floats or of dicts."""

LIMIT: Final = ScalarForm(
    _limit,
    "a whole number, or none",
    {"anyOf": [quantity("count").schema({}), {"const": "none"}]},
)
"""A whole number, or the word `none`."""
