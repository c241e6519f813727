"""Scenarios with some of their nodes replaced, taken away, doubled, renamed or grafted elsewhere."""

# Long rows of odd values read best as they are.
# ruff: noqa: E501

from __future__ import annotations

import json
import random
import re

import yaml

SCALARS = [
    "~", "", "nan", "inf", "-1", "0", "1e400", "0x10", "true", "no", "many", "12", "1.5", "80%", "300%", "90s", "-5s", "0s", "24:00",
    "09:30", "2026-03-02", "2026-03-04 14:00", "mon-fri", "24x7", "{}", "[]", "[[]]", "[a, [b]]", "{a: {b: c}}", "[1, 2, 3]", "desk",
    "billing", "t2", "x1.1", "+2", "'+2'", "\"\\u263a\"", "{law: gamma}", "{mean: 1m}", "[[00:00, 1]]", "centre.csv", "../x.csv",
    "/dev/zero", "a" * 300, "9" * 300, "12 per minute",
]  # fmt: skip
KEYS = ["law", "mean", "staffing", "tiers", "zero", "per", "steps", "x.y", "0", "on", "a b", "é", "billing", "t2", "~"]


def nodes(node: yaml.Node) -> list[yaml.Node]:
    below: list[yaml.Node] = []
    if isinstance(node, yaml.MappingNode):
        below = [child for pair in node.value for child in pair]
    elif isinstance(node, yaml.SequenceNode):
        below = list(node.value)
    return [node, *(deep for child in below for deep in nodes(child))]


def mutated(rng: random.Random, times: int, text: str) -> str:
    """A scenario with some of its nodes replaced, taken away, doubled or renamed."""
    root = yaml.compose(text, Loader=yaml.BaseLoader)
    for _ in range(times):
        target = rng.choice([node for node in nodes(root) if not isinstance(node, yaml.ScalarNode)])
        if not target.value:
            continue
        at = rng.randrange(len(target.value))
        new = yaml.compose(rng.choice(SCALARS) or "''", Loader=yaml.BaseLoader)
        deed = rng.choice(["replace", "replace", "take", "double", "rename", "graft"])
        if deed == "take":
            del target.value[at]
        elif deed == "double":
            target.value.append(target.value[at])
        elif isinstance(target, yaml.SequenceNode):
            target.value[at] = new
        else:
            key, value = target.value[at]
            if deed == "rename":
                key = yaml.compose(rng.choice(KEYS), Loader=yaml.BaseLoader)
            grafted = rng.choice(nodes(root))
            if target in nodes(grafted):
                grafted = new
            target.value[at] = (key, {"replace": new, "graft": grafted}.get(deed, value))
    return flow(root)


def flow(node: yaml.Node, depth: int = 0) -> str:
    """The nodes as YAML in flow style; shared nodes are written out, endless ones cut off."""
    if depth > 40:
        return "deep"
    if isinstance(node, yaml.ScalarNode):
        simple = node.style is None and re.fullmatch(r"[\w.+~%-][\w.+~% :-]*", node.value)
        return (
            node.value
            if simple and not node.value.endswith((":", " ")) and ": " not in node.value
            else json.dumps(node.value)
        )
    if isinstance(node, yaml.SequenceNode):
        return "[" + ", ".join(flow(child, depth + 1) for child in node.value) + "]"
    return "{" + ", ".join(f"{flow(key, depth + 1)}: {flow(child, depth + 1)}" for key, child in node.value) + "}"
