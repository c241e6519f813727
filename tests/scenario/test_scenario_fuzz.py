"""Hostile and mutated scenarios: faults with a place, never a traceback."""

# Long rows of odd values read best as they are.
# ruff: noqa: E501

from __future__ import annotations

import contextlib
import json
import random
import re

import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from scenario_texts import CENTRE, LAB

from ccsim.errors import ScenarioError
from ccsim.scenario import loads, read_text, to_canonical
from ccsim.scenario.explain import explain

TEXT = CENTRE.read_text()
PHASES = (Phase.explicit, Phase.generate, Phase.shrink)

SCALARS = [
    "~", "", "nan", "inf", "-1", "0", "1e400", "0x10", "true", "no", "many", "12", "1.5", "80%", "300%", "90s", "-5s", "0s", "24:00",
    "09:30", "2026-03-02", "2026-03-04 14:00", "mon-fri", "24x7", "{}", "[]", "[[]]", "[a, [b]]", "{a: {b: c}}", "[1, 2, 3]", "desk",
    "billing", "t2", "x1.1", "+2", "'+2'", "\"\\u263a\"", "{law: gamma}", "{mean: 1m}", "[[00:00, 1]]", "centre.csv", "../x.csv",
    "/dev/zero", "a" * 300, "9" * 300, "12 per minute",
]  # fmt: skip
KEYS = ["law", "mean", "staffing", "tiers", "zero", "per", "steps", "x.y", "0", "on", "a b", "é", "billing", "t2", "~"]


def judge(text: str, **options: object) -> None:
    """Load a text; whatever is wrong with it comes as faults with their places."""
    faults = []
    try:
        found = read_text(text, **options)  # type: ignore[arg-type]
    except ScenarioError as error:
        faults = error.faults
    else:
        to_canonical(found.scenario)
        return
    assert faults
    assert all(fault.message and fault.file and fault.line >= 0 for fault in faults)


def nodes(node: yaml.Node) -> list[yaml.Node]:
    below: list[yaml.Node] = []
    if isinstance(node, yaml.MappingNode):
        below = [child for pair in node.value for child in pair]
    elif isinstance(node, yaml.SequenceNode):
        below = list(node.value)
    return [node, *(deep for child in below for deep in nodes(child))]


def mutated(luck: random.Random, times: int) -> str:
    """The centre with some of its nodes replaced, taken away, doubled or renamed."""
    root = yaml.compose(TEXT, Loader=yaml.BaseLoader)
    for _ in range(times):
        target = luck.choice([node for node in nodes(root) if not isinstance(node, yaml.ScalarNode)])
        if not target.value:
            continue
        at = luck.randrange(len(target.value))
        new = yaml.compose(luck.choice(SCALARS) or "''", Loader=yaml.BaseLoader)
        deed = luck.choice(["replace", "replace", "take", "double", "rename", "graft"])
        if deed == "take":
            del target.value[at]
        elif deed == "double":
            target.value.append(target.value[at])
        elif isinstance(target, yaml.SequenceNode):
            target.value[at] = new
        else:
            key, value = target.value[at]
            if deed == "rename":
                key = yaml.compose(luck.choice(KEYS), Loader=yaml.BaseLoader)
            grafted = luck.choice(nodes(root))
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


@given(st.integers(0, 2**48), st.integers(1, 4))
@settings(derandomize=True, max_examples=250, deadline=None, phases=PHASES)
def test_mutated_scenarios(luck: int, times: int) -> None:
    text = mutated(random.Random(luck), times)
    judge(text)
    judge(text, variants=["wednesday"])


@given(
    st.integers(0, len(TEXT)),
    st.integers(0, 40),
    st.text(alphabet=" \n\t:-[]{},'\"#&*!|>%@`~?x0\x00\u2028é", max_size=8),
)
@settings(derandomize=True, max_examples=250, deadline=None, phases=PHASES)
def test_damaged_text(start: int, length: int, put: str) -> None:
    judge(TEXT[:start] + put + TEXT[start + length :])


@given(st.text(max_size=200))
@settings(derandomize=True, max_examples=150, deadline=None, phases=PHASES)
def test_any_text(text: str) -> None:
    judge(text)
    judge(LAB + text)


PATHS = [
    "pools.desk.staffing", "pools.desk.staffing[2026-03-04 14:00..15:00]", "demand.billing.rate", "demand.sales.rate[2026-03-04]",
    "demand.billing.rates.steps.1.1", "handle_time", "handle_time.talk.mean", "workflows.billing.tiers.t1.handle_time.phone.talk",
    "workflows.billing.pools.1.0", "goals.0.within", "goals", "queue_groups.voice.hours", "pools.south.shifts.0.breaks.1", "horizon",
    "horizon.start", "run", "routing.choose_agent", "channels.chat.speed.2", "pools", "demand", "scenario", "time_zone", "x", "pools.x",
    "pools.desk.skills", "pools.desk.skills.sales.level", "workflows.sales.tiers.t1", "demand.mail.rate", "segments.basic.priority",
]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(PATHS), st.sampled_from(SCALARS)), min_size=1, max_size=4))
@settings(derandomize=True, max_examples=300, deadline=None, phases=PHASES)
def test_any_setting(pairs: list[tuple[str, str]]) -> None:
    judge(TEXT, settings=[f"{key}={value}" for key, value in pairs])


@given(st.text(alphabet="pools.desk[]'\"=+ 0x~", max_size=30))
@settings(derandomize=True, max_examples=150, deadline=None, phases=PHASES)
def test_any_key(text: str) -> None:
    judge(LAB, settings=[text])
    judge(LAB, variants=[text])
    with contextlib.suppress(ScenarioError):
        explain(read_text(LAB), text)


@given(
    st.text(alphabet='time,stream\n0123456789.-"neverclsa Z:T+\r', max_size=120),
    st.sampled_from(["trace", "intervals"]),
)
@settings(derandomize=True, max_examples=200, deadline=None, phases=PHASES)
def test_any_csv(tmp_path_factory, text: str, kind: str) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.getbasetemp()
    header = "time,stream\n" if kind == "trace" else "start,contacts\n"
    for content in (text, header + text):
        (folder / "any.csv").write_text(content, newline="")
        judge(re.sub(r"\{calls: .*", "{calls: {" + kind + ": any.csv}}", LAB), base_dir=folder)


def test_wide_scenarios_are_read_in_no_time() -> None:
    many = "".join(f"  d{n}: {{per_minute: 1, workflow: w{n}}}\n" for n in range(2_000))
    pools = "".join(f"  p{n}: {{staffing: 1, workflows: [w{n}]}}\n" for n in range(2_000))
    text = LAB.replace("demand:  {calls: {per_minute: 4.2, profile: flat}}", "demand:\n" + many)
    found = loads(text.replace("pools:   {desk: {staffing: 12}}", "pools:\n" + pools))
    assert len(found.pools) == 2_000
