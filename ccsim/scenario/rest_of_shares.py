"""Where a variant or `--set` says one share of several that are 100 % together, the others share the rest."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from ccsim.language.forms import Form
from ccsim.language.names import Names
from ccsim.language.reading import Reading
from ccsim.language.scenario import SCENARIO
from ccsim.language.shares import TOLERANCE, SplitForm
from ccsim.scenario.overrides import Override, form_below, step, with_value
from ccsim.text import scalars
from ccsim.text.deltas import decimal_text
from ccsim.text.faults import Faults
from ccsim.text.merge import Applied
from ccsim.text.paths import joined, parse_path
from ccsim.text.tree import Leaf, Map, Node, flow

_DIGITS: Final = 12
"""Decimal places of a share that is written for the others."""

Parts = tuple[str, ...]


def share_the_rest(root: Map, overrides: Sequence[Override], faults: Faults, applied: list[Applied]) -> Map:
    """The tree in which shares that are 100 % together are so again where overrides said some of them: all others have
    the rest, in proportion to what they had. Where that cannot be, the tree is left as it is, and its fault is told
    when it is read.
    """
    rd = Reading(faults, Names(root))
    said: dict[Parts, dict[str, Override]] = {}
    for override in overrides:
        parts = _parts(override.key)
        for whole in [one for one in said if one[: len(parts)] == parts]:
            del said[whole]  # it is written as a whole
        if len(parts) > 1 and isinstance(_form(root, parts[:-1], rd), SplitForm):
            said.setdefault(parts[:-1], {})[parts[-1]] = override
    for parts, some in said.items():
        node = _node(root, parts)
        if isinstance(node, Map):
            root = _shared(root, node, parts, some, applied, faults)
    return root


def _shared(
    root: Map, node: Map, parts: Parts, said: dict[str, Override], applied: list[Applied], faults: Faults
) -> Map:
    shares = {name: _share(entry.node) for name, entry in node.entries.items()}
    known = {name: share for name, share in shares.items() if share is not None}
    if len(known) < len(shares) or abs(float(sum(known.values())) - 1) <= TOLERANCE:
        return root
    others = {name: share for name, share in known.items() if name not in said}
    rest = 1 - sum(share for name, share in known.items() if name in said)
    had = sum(others.values())
    if rest < 0 or not had:
        return root
    last = list(said.values())[-1]
    key, written = ".".join(parts), []
    for name, share in others.items():
        leaf = Leaf(f"{decimal_text(round(100 * share * rest / had, _DIGITS))}%", True, last.value.place)
        old = node.entries[name].node
        root = with_value(root, (*parts, name), leaf, last.place)
        applied.append(Applied(last.by, joined(key, name), flow(old), leaf.text, last.value.place, old.place))
        written.append(f"{name} {leaf.text}")
    faults.remark(f"the others share the rest: {', '.join(written)}", last.place, key, "assumed")
    return root


def _parts(key: str) -> Parts:
    """The parts of a dotted key; nothing where it is none, or says a stretch of time."""
    try:
        path = parse_path(key)
    except ValueError:
        return ()
    return () if path.stretch is not None else path.parts


def _form(root: Map, parts: Parts, rd: Reading) -> Form | None:
    form: Form | None = SCENARIO
    node: Node | None = root
    for part in parts:
        node = step(node, part)
        form = form_below(form, part, rd) if form is not None else None
    return form if node is not None else None


def _node(root: Map, parts: Parts) -> Node | None:
    node: Node | None = root
    for part in parts:
        node = step(node, part)
    return node


def _share(node: Node) -> Fraction | None:
    """A share as it is written, exactly; None where it is none."""
    if not isinstance(node, Leaf) or node.empty:
        return None
    text = node.text.strip()
    try:
        scalars.share(text)
        return scalars.exact(text[:-1].rstrip()) / 100 if text.endswith("%") else scalars.exact(text)
    except scalars.Misread:
        return None
