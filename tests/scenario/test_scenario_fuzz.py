"""Hostile and mutated scenarios: faults with a place, never a traceback."""

# Long rows of odd values read best as they are.
# ruff: noqa: E501

from __future__ import annotations

import contextlib
import random
import re

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ccsim.errors import ScenarioError
from ccsim.scenario import loads, read_text, to_canonical
from ccsim.scenario.explain import explain
from tests.scenario.scenario_mutants import SCALARS, mutated
from tests.support.files import CENTRE, GLOBE
from tests.support.scenario_texts import LAB, conforms

TEXT = CENTRE.read_text()
PHASES = (Phase.explicit, Phase.generate, Phase.shrink)


def judge(text: str, **options: object) -> None:
    """Load a text; whatever is wrong with it comes as faults with their places."""
    faults = []
    try:
        found = read_text(text, **options)  # type: ignore[arg-type]
    except ScenarioError as error:
        faults = error.faults
    else:
        to_canonical(found.scenario)
        conforms(found.scenario)
        return
    assert faults
    assert all(fault.message and fault.file and fault.line >= 0 for fault in faults)


@given(st.integers(0, 2**48), st.integers(1, 4))
@settings(derandomize=True, max_examples=80, deadline=None, phases=PHASES)
def test_mutated_scenarios(seed: int, times: int) -> None:
    text = mutated(random.Random(seed), times, TEXT)
    judge(text)
    judge(text, variants=["wednesday"])


@given(st.integers(0, 2**48), st.integers(1, 4))
@settings(derandomize=True, max_examples=80, deadline=None, phases=PHASES)
def test_mutated_scenarios_of_planners(seed: int, times: int) -> None:
    text = mutated(random.Random(seed), times, GLOBE.read_text())
    judge(text)
    judge(text, variants=["more"])


@given(
    st.integers(0, len(TEXT)),
    st.integers(0, 40),
    st.text(alphabet=" \n\t:-[]{},'\"#&*!|>%@`~?x0\x00\u2028é", max_size=8),
)
@settings(derandomize=True, max_examples=150, deadline=None, phases=PHASES)
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
@settings(derandomize=True, max_examples=150, deadline=None, phases=PHASES)
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
