"""Shares that split a whole: each a share, 100 % together."""

from __future__ import annotations

from typing import Any, Final

from ccsim.scenario.derive import quantity
from ccsim.scenario.forms import DictForm
from ccsim.scenario.reading import BAD, Reading
from ccsim.scenario.tree import Node

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
            return rd.fault(f"the shares add up to {percent(whole)}; expected 100%", node.place, key)
        return shares if abs(whole - 1) < 1e-12 else {name: share / whole for name, share in shares.items()}


def percent(value: float) -> str:
    """A share in percent with as many decimals as it has, four at most."""
    return f"{value * 100:.4f}".rstrip("0").rstrip(".") + "%"
