"""Days and hours that a command line chooses: read, checked, and laid onto what was simulated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ccsim.errors import CcsimError

if TYPE_CHECKING:
    from ccsim.centre.periods import ChosenTime
    from ccsim.results.comparison import Comparison
    from ccsim.results.run import Run


def chosen_time(days: Sequence[str], hours: str | None) -> ChosenTime:
    """What `--days` and `--hours` say; `CcsimError` with every fault."""
    from ccsim.centre.periods import ChosenTime
    from ccsim.language.chosen_time import days_of, in_order
    from ccsim.language.hours import day_spans, week_of
    from ccsim.text.scalars import Misread
    from ccsim.units import DAY

    faults: list[str] = []
    chosen: list[str] = []
    for text in _items(days):
        try:
            chosen.extend(days_of(text))
        except Misread as misread:
            faults.append(f"--days: {misread}")
    spans = []
    for text in _items([hours] if hours is not None else []):
        try:
            spans += day_spans(text)
        except Misread as misread:
            faults.append(f"--hours: {misread}")
    if faults:
        raise CcsimError("\n".join(faults))
    week = week_of([(day * DAY + start, day * DAY + end) for day in range(7) for start, end in spans])
    return ChosenTime(in_order(chosen), week)


def as_settings(days: Sequence[str], hours: str | None) -> list[str]:
    """The same as settings of a scenario, to be checked before anything is simulated."""
    chosen_time(days, hours)
    made = [f"report.days=[{', '.join(_items(days))}]"] if days else []
    return made + ([f"report.hours=[{', '.join(_items([hours]))}]"] if hours is not None else [])


def _items(texts: Sequence[str]) -> Iterator[str]:
    """What stands between commas."""
    yield from (item.strip() for text in texts for item in text.split(","))


def looking_at(made: Run | Comparison, chosen: ChosenTime) -> Run | Comparison:
    """The same, with a report that looks at a chosen time.

    `CcsimError` where its sums by interval do not tell that.
    """
    from ccsim.centre.periods import faults_of_chosen
    from ccsim.results.run import Run

    one = made if isinstance(made, Run) else made.base
    faults = list(faults_of_chosen(chosen, one.measured.counted(), one.measured.interval))
    if faults:
        raise CcsimError("\n".join(faults))
    if isinstance(made, Run):
        return _looking(made, chosen)
    return replace(made, runs={name: _looking(run, chosen) for name, run in made.runs.items()})


def _looking(run: Run, chosen: ChosenTime) -> Run:
    return replace(run, measured=replace(run.measured, chosen=chosen))


def chosen_lines(made: Run | Comparison) -> Iterator[str]:
    """KPIs and losses in the time that the report chooses, as text; nothing where it chooses none."""
    from ccsim.commands.section_text import section_lines
    from ccsim.report.chosen_compared import chosen_of_comparison
    from ccsim.report.chosen_days import chosen_section
    from ccsim.report.compared import Compared
    from ccsim.report.facts import Facts
    from ccsim.results.run import Run

    section = chosen_section(Facts(made)) if isinstance(made, Run) else chosen_of_comparison(Compared(made))
    if section:
        yield from section_lines(section)
