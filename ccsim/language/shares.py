"""Shares that split a whole: each a share, 100 % together."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

from ccsim.language.derive import quantity
from ccsim.language.forms import DictForm
from ccsim.language.reading import BAD, Reading
from ccsim.text.tree import Map, Node, Place

_MOST_SAID: Final = 20
"""Parts that a fault names."""
_BESIDE: Final = 2
"""Lines between parts that were probably written together."""
TOLERANCE: Final = 1e-4
"""Sums may be off by 0.01 %: 33.33 % three times is a whole."""


class SplitForm(DictForm):
    """A map from names to shares that are 100 % together; what rounding leaves is spread over them."""

    def __init__(self, of: str) -> None:
        super().__init__(quantity("share"), of=of, least=1, most=10_000)
        self.says = f"shares by {of}, 100% together"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        before = rd.faults.count
        shares = super().read(node, key, rd)
        if shares is BAD or rd.faults.count > before:
            return BAD
        whole = sum(shares.values())
        if abs(whole - 1) > TOLERANCE + 1e-9:
            assert isinstance(node, Map)
            return rd.fault(
                f"the shares add up to {percent(whole)}; expected 100%: {_parts(node, shares)}", node.place, key
            )
        return shares if abs(whole - 1) < 1e-12 else {name: share / whole for name, share in shares.items()}


def inherited_parts(node: Map, shares: dict[str, float]) -> str:
    """What a message says after a colon of parts that are too much together, where some are inherited: every part that
    is written, with its share and its place; empty where all stand beside each other."""
    said = _parts(node, {name: share for name, share in shares.items() if name in node.entries})
    return f": {said}" if said.endswith("deletes one") else ""


def _parts(node: Map, shares: dict[str, float]) -> str:
    """Every part with its share and where it is written, if not beside the others."""
    places = {name: node.entries[name].node.place for name in shares}
    said = [f"{name} {percent(share)}{_where(places[name], node.place)}" for name, share in shares.items()]
    if len(said) > _MOST_SAID:
        said = [*said[: _MOST_SAID - 1], f"{len(said) - _MOST_SAID + 1} more"]
    lines = [place.line for place in places.values()]
    together = all(0 <= b - a <= _BESIDE for a, b in pairwise([node.place.line, *lines]))
    if together and all(place.source is node.place.source for place in places.values()):
        return ", ".join(said)
    return ", ".join(said) + "; parts that are not written again are inherited; `~` deletes one"


def _where(place: Place, map_place: Place) -> str:
    if place.source is not map_place.source:
        return f" ({place})"
    return "" if place.line == map_place.line else f" (line {place.line})"


def percent(value: float) -> str:
    """A share in percent with as many decimals as it has, four at most."""
    return f"{value * 100:.4f}".rstrip("0").rstrip(".") + "%"
