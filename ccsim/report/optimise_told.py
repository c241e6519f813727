"""A search in words and cells, for terminal and page: its answer, the certified plans, what was not looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ccsim.kpis.verdicts import BRIEF
from ccsim.metrics.paired import title_of
from ccsim.report.sweep_told import AS_WRITTEN, SweepTold, asked_in_short
from ccsim.results.parquet import plain_rows
from ccsim.results.summary import aligned
from ccsim.results.sweep import Sweep
from ccsim.results.text import difference_text, ends_of, short, shown

MOST_PASTED: Final = 5
"""Variants that are written out."""

Row = Mapping[str, Any]


def asked_of(objectives: Sequence[tuple[str, str]]) -> str:
    """What is asked: `minimise cost_per_day and maximise service_level`."""
    return " and ".join(f"{sense} {kpi}" for sense, kpi in objectives)


class SearchTold:
    """A search, by its certified plans."""

    def __init__(self, made: Sweep) -> None:
        self.made = made
        self.told = SweepTold(made)
        self.search: dict[str, Any] = made.provenance["search"]
        self.plans: list[dict[str, Any]] = self.search["plans"]
        self.answer = [one for one in self.plans if one["standing"] in ("best", "front")]
        self.met_by_means = any(one["standing"] != "misses a goal" for one in self.plans)
        self.unseen: dict[str, Any] = self.search["not_looked_at"]

    def document(self) -> dict[str, Any]:
        """The search as one JSON document."""
        return {
            "search": self.made.name,
            "folder": None if self.made.folder is None else str(self.made.folder),
            "digest": self.made.digest,
            **self.search,
            "replications_of_the_certificate": self.made.replications,
            "seed_of_the_certificate": self.made.seed,
            "goals": plain_rows(self.made.goals),
        }

    @property
    def objectives(self) -> list[tuple[str, str]]:
        """`minimise` or `maximise`, and the KPI, of each objective."""
        return [(one["sense"], one["kpi"]) for one in self.search["objectives"]]

    def head(self) -> list[str]:
        """What was asked and done."""
        grid, tried = self.unseen["grid"], self.unseen["tried"]
        return [
            f"{self.made.name}: {asked_of(self.objectives)}; {tried} of {grid:,} plans tried, "
            f"{self.search['replications']} replications each, seed {self.search['seed']}",
            f"{len(self.plans)} simulated again, {self.made.replications} fresh replications each: "
            "all figures are from these",
        ]

    def lead(self) -> str:
        """The answer in a sentence."""
        if not self.answer:
            if self.met_by_means:
                return "No plan was certified to meet all goals; more replications may decide."
            return "No plan that was tried meets all goals by its means; the nearest is shown."
        if len(self.search["objectives"]) > 1:
            return (
                f"{len(self.answer)} plan{'s' * (len(self.answer) != 1)} on the front: none certified is significantly "
                "better in one objective and as good in all others."
            )
        one = self.answer[0]
        values = ", ".join(f"{key}={value}" for key, value in one["values"].items())
        return f"The best: plan {one['point']} ({values})."

    def lines(self) -> Iterator[str]:
        """The search for people, line by line."""
        yield from self.head()
        yield self.lead()
        yield ""
        yield from aligned(self.table())
        yield ""
        yield "Differences are from the scenario as written, paired, of shares in points. They hold with 95 % for all"
        yield "plans here at once, and so do the goals."
        yield ""
        yield "Not looked at:"
        yield from (f"  {one}" for one in self.not_looked_at())
        if self.answer:
            yield ""
            yield "To paste into the scenario:"
            yield from (f"  {one}" for one in self.variants())
        yield ""
        yield f"Results: {self.made.folder}" if self.made.folder is not None else "Results were not stored"

    def table(self) -> list[list[str]]:
        """A row for the scenario as written and each certified plan."""
        keys = [one["key"] for one in self.search["decisions"]]
        goals = self.told.first_goals
        heads = ["plan", *keys, "standing"]
        for one in self.search["as_written"]:
            heads += [title_of(one["kpi"], one["threshold_s"]), "difference"]
        cells = [[*heads, *(asked_in_short(goal) for goal in goals)]]
        base = {"point": 0, "values": {}, "standing": "", "objectives": self.search["as_written"]}
        for plan in (base, *self.plans):
            said = [plan["values"].get(key, "") for key in keys]
            row = [str(plan["point"]), *(said if plan["point"] else [AS_WRITTEN, *said[1:]]), plan["standing"]]
            for one in plan["objectives"]:
                unit = one["unit"].partition("/")[0] if one["unit"] else ""
                row += [
                    shown(one["value"], ends_of(one, "value_"), unit).replace(" in every replication", ""),
                    _moved(one),
                ]
            row += [_judged(goal) for goal in self.told.goals.get(plan["point"], [])]
            cells.append([*row, *([""] * (len(cells[0]) - len(row)))])
        return cells

    def not_looked_at(self) -> Iterator[str]:
        """What the search did not see, line by line."""
        unseen = self.unseen
        share = 100 * unseen["tried"] / unseen["grid"]
        left = unseen["grid"] - unseen["tried"]
        yield (
            f"{left:,} of {unseen['grid']:,} plans of the grid ({share:.3g} % were tried)"
            if left
            else "no plan of the grid"
        )
        if unseen["refused"]:
            yield f"{unseen['refused']} plans that cannot be simulated, or failed: see `why` with --json"
        if unseen["not_certified"]:
            yield f"{unseen['not_certified']} plans that the search could not tell from these were not certified"
        for one in unseen["at_ends"]:
            of = (
                "the best lies"
                if one["of"] == 1
                else (f"{one['plans']} of {one['of']} plans of the answer {'lies' if one['plans'] == 1 else 'lie'}")
            )
            yield f"beyond {one['key']}={one['value']}: {of} at this end of the range"
        for one in unseen["binding"]:
            many = one["plans"]
            yield (
                f"{one['goal']} binds: {many} plan{'s' * (many != 1)} that may be better "
                f"{'are' if many != 1 else 'is'} not shown to meet it"
            )
        if unseen["not_varied"]:
            names: Sequence[str] = unseen["not_varied"]
            more = f" and {len(names) - 12} more" if len(names) > 12 else ""
            yield f"keys that were left as they are: {', '.join(names[:12])}{more}"

    def variants(self) -> Iterator[str]:
        """The answer as variants of the scenario."""
        yield "variants:"
        for number, one in enumerate(self.answer[:MOST_PASTED], 1):
            name = "best" if len(self.search["objectives"]) == 1 else f"front-{number}"
            yield f"  {name}: {{{', '.join(f'{key}: {value}' for key, value in one['values'].items())}}}"


def _judged(goal: Row) -> str:
    return f"{short(goal['estimate'], ends_of(goal), goal['unit'].partition('/')[0])} {BRIEF[goal['verdict']]}"


def _moved(one: Row) -> str:
    if one["difference"] is None:
        return ""
    return "none" if one["verdict"] == "equal" else difference_text(one)
