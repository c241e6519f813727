"""The kernel and the reference engine on the same scenario: where their logs differ first."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
import yaml

from ccsim.engine.reference import simulate_logs
from ccsim.kernel import layout
from ccsim.language.scenario import Scenario
from ccsim.model import Model, compile_model
from ccsim.records.outcomes import OUTCOMES
from ccsim.records.satisfaction import OF_RATINGS, RATED
from ccsim.records.tables import AGE_BANDS
from ccsim.results.tables import columns_of
from ccsim.scenario import to_canonical
from ccsim.units import HOUR
from tests.support.kept_logs import Kept, simulate_and_keep

VISIT = (
    *("queue", "case", "number", "place", "counted", "joined", "left", "talked", "wrapped", "agent", "waited"),
    *("outcome", "returning", "line", "opened", "bot", "handled", "first", "on_phone", "held", "hand_over", "before"),
)
SPAN = ("pool", "what", "since", "until", "cause")
RATED_NAMES = {column.name for column in RATED}
PARTS = {
    layout.PART_HELD: "part: held",
    layout.PART_WAITED: "part: lay",
    layout.PART_WHOLE: "part: laid down",
    layout.PART_CASE: "end of a case",
    layout.PART_RATED: "part: lived through before",
}


def difference(model: Model, seed: int, replication: int = 0) -> tuple[Kept, str]:
    """What the kernel simulated, and the first row in which the reference engine differs from it; empty where none."""
    kept = simulate_and_keep(model, seed=seed, replication=replication)
    logs = simulate_logs(model, seed=seed, replication=replication)
    visits = _first("visits", VISIT, kept.log, logs.visits, by=("joined", "queue", "case", "number", "place"))
    spans = _first("spans of agent time", SPAN, kept.spans, logs.spans, by=("since", "pool"))
    ends = ""
    simulated = tuple(kept.tables["replications"][0, [3, 5]].tolist())
    if simulated != (logs.events, logs.end):
        ends = f"events and end of the run: kernel {simulated}, reference {(logs.events, logs.end)}"
    ratings = _ratings(model, kept, logs.ratings)
    backlog = _backlog(model, kept, logs.backlogs)
    return kept, "\n".join(said for said in (visits, spans, ends, ratings, backlog) if said)


def _backlog(model: Model, kept: Kept, by_hand: Iterable[tuple[int, np.ndarray]]) -> str:
    """Backlogs by midnight, flow and band of age that are not the reference engine's: [queue, age] of who waits."""
    bands = np.array(AGE_BANDS, np.int64) * HOUR
    wanted = Counter(
        (model.midnights.index(midnight), int(model.groups.flow[queue]), int((bands <= age).sum()) - 1)
        for midnight, waiting in by_hand
        for queue, age in waiting.tolist()
    )
    found = Counter({(day, flow, band): n for day, flow, band, n in kept.tables["backlog"].tolist()})
    lines = (
        f"backlog {key} (midnight, flow, band of age): kernel {found[key]}, reference {wanted[key]}"
        for key in sorted({*found, *wanted})
        if found[key] != wanted[key]
    )
    return "\n".join(itertools.islice(lines, 5))


def _ratings(model: Model, kept: Kept, by_hand: Mapping[tuple[int, int, int, str], int]) -> str:
    """Sums of ratings by queue and pool, by queue and by interval and flow that are not the reference engine's."""
    names = [column.name for column in OF_RATINGS]
    expected: dict[str, Counter[tuple[int, ...]]] = {"ratings": Counter(), "queue_sums": Counter()}
    expected["flow_intervals"] = Counter()
    for (interval, queue, pool, name), value in by_hand.items():
        expected["ratings"][queue, pool, names.index(name)] += value
        if name in RATED_NAMES:
            expected["queue_sums"][queue, names.index(name)] += value
            expected["flow_intervals"][interval, int(model.groups.flow[queue]), names.index(name)] += value
    lines = []
    for table, wanted in expected.items():
        columns = [column.name for column in columns_of(table, model.thresholds)][1:]
        keys = [i for i, name in enumerate(columns) if name in ("interval", "queue", "flow", "pool")]
        found: Counter[tuple[int, ...]] = Counter()
        for row in kept.tables[table].tolist():
            for number, name in enumerate(names):
                if name in columns and row[columns.index(name)] != 0:
                    found[*(row[i] for i in keys), number] = row[columns.index(name)]
        there = Counter({key: value for key, value in wanted.items() if value != 0})
        for key in sorted({*found, *there}):
            if found[key] != there[key]:
                name, at = names[key[-1]], key[:-1]
                lines.append(f"{table} {at} {name}: kernel {found[key]}, reference {there[key]}")
    return "\n".join(lines[:5])


def compare(model: Model, seed: int, replication: int = 0) -> Kept:
    """What the kernel simulated, after every visit and span of agent time was found to be the reference engine's."""
    kept, said = difference(model, seed, replication)
    assert not said, said
    return kept


def _first(
    what: str, columns: tuple[str, ...], kernel: np.ndarray, reference: np.ndarray, *, by: tuple[str, ...]
) -> str:
    """The first row in time that one log has and the other has not, in words."""
    ours, theirs = (Counter(map(tuple, rows.tolist())) for rows in (kernel, reference))
    if ours == theirs:
        return ""
    places = [columns.index(one) for one in by]
    name = places[1:]

    def in_time(row: tuple[int, ...]) -> tuple[int, ...]:
        return (*(row[place] for place in places), *row)

    first = min([*(ours - theirs), *(theirs - ours)], key=in_time)
    lines = [f"{what}: {sum((ours - theirs).values())} rows of the kernel only, {sum((theirs - ours).values())} of the"]
    lines[0] += " reference engine only; the first in time:"
    for engine, rows in (("kernel", ours - theirs), ("reference", theirs - ours)):
        alike = sorted((row for row in rows if [row[i] for i in name] == [first[i] for i in name]), key=in_time)
        lines += [f"  {engine}: {_shown(columns, row)}" for row in alike[:1]] or [f"  {engine}: no such row"]
    return "\n".join(lines)


def _shown(columns: tuple[str, ...], row: tuple[int, ...]) -> str:
    named = dict(zip(columns, map(str, row), strict=True))
    if "outcome" in named:
        code = int(named["outcome"])
        named["outcome"] = PARTS[code] if code in PARTS else OUTCOMES[code]
    return " ".join(f"{name}={value}" for name, value in named.items())


def told(number: int, scenario: Scenario, said: str) -> str:
    """A difference of a random scenario: the scenario, its seed, the rows, and the command that simulates it again."""
    text = yaml.safe_dump(to_canonical(scenario), sort_keys=False, allow_unicode=True)
    return (
        f"{text}\nrandom scenario {number}, seed {scenario.run.seed}:\n{said}\n"
        f"again: python -m experiments.engines --first-seed {number} --count 1"
    )


def checked(number: int, scenario: Scenario) -> tuple[Kept, str]:
    """Simulate a random scenario with both engines; what was simulated, and how they differ in words, empty if not."""
    kept, said = difference(compile_model(scenario), scenario.run.seed)
    return kept, said and told(number, scenario, said)
