"""The reference page of KPIs, made from their definitions."""

from __future__ import annotations

from dataclasses import replace

from ccsim.kpis.definitions import GROUPS, scopes_of, service_level
from ccsim.kpis.kpi import Kpi
from ccsim.kpis.places import PLACES, ShownIn
from ccsim.kpis.rules import RULES
from ccsim.metrics.sums import MEANINGS

_HEAD = """# KPIs

This page is made from `ccsim.kpis.definitions`; do not edit it. Its formulas are the ones that ccsim computes, over the
columns of the [tables](tables.md) and the derived columns below. "Shown in" names the places on pages and in the
terminal. The [glossary](../glossary.md) explains the terms.

* A KPI is a **ratio of sums** over all replications, never a mean of ratios. Its 95 % interval is
  about the mean of this scenario, not about one day of it.
* The interval comes from the sums of each replication, by the jackknife. Shares are on the **logit** scale; times,
  costs, counts and other ratios are on the **logarithmic** scale. So an interval never leaves 0 to 1 or falls below 0.
  Student's t is corrected for skewed replications (Hall, On the removal of skewness by transformation, 1992), so the
  two sides may differ in length. With fewer than 10 events or exceptions the interval is at least the exact one of
  independent events (Clopper and Pearson, 1934; Garwood, 1936). One replication gives no interval, and fewer
  than 10 are called few. [How often it covers](../background/verification.md) is measured.
* **A day** in a rate (contacts, cases, cost) is 24 hours of the counted time, also where clocks change: by day, a day
  of 25 hours is told with 24/25 of what came, a day in part as if all of it went on like that.
* A ratio of nothing is **missing**, with the reason in `note`; nothing is NaN.
* "Within T" is a wait <= T, counted exactly. Visits still waiting when the simulation ended are left out, and `note`
  says so.
* Handled visits are answered visits that have ended: `resolved + escalated + unresolved + transferred`.
* Quantiles of waits come from fixed bins (0.8 % or 1 ms wide). Their interval is Woodruff's (1952), inverted
  (Francisco and Fuller, 1991): every wait that the stated share may not exceed.
* Quantiles and the backlog are kept by flow (volume, workflow, channel and tier). A split that holds only a part of a
  flow has none, such as one language of a volume with several. The note says so.
* KPIs are split by everything that splits the run. A split whose only part is `all`, `any` or `none` is left out, and
  so is `queue` if there are more than 200 (ask for it: `estimate(..., scopes=["queue"])`). A region is the
  market's for KPIs of queues, the site's for KPIs of pools. An owner is the vendor's kind.
* Waits of live and of deferred work are of two kinds. A KPI **of live work** is estimated for every split that
  you ask for. If a scenario has both kinds, pages and the terminal show it for live work alone.
* Costs are paid by pool and **allocated** by queue, and so by workflow, channel, market, ... A pool's cost is spread
  over its queues in proportion to the capacity that it gave them (see `allocated_cost`). Idle time and paid time away
  are spread in the same proportion. Any split adds up to the whole cost. Answered visits are those of the counted time
  for pools, and those of counted contacts for queues.
* `P(goal)` is the share of replications that meet a goal over the counted time, with Wilson's interval.
* By **vendor, site and pool** what came of a visit (AHT, resolved, escalated, transferred) counts for who answered it;
  service level, deadlines and abandonment for whom it was **assigned** to; FCR and repeats for who **first
  answered** the case. Each says it below. Goals may ask for them by vendor, site or pool **and workflow, channel,
  market or language** together, or several of these: visits of queues of that workflow, ..., cases that opened there,
  ratings of contacts that ended there; estimates of the whole counted time are there under `vendor+channel`,
  `site+channel` and `pool+channel`. So cases and ratings are known for the whole counted time, the others also by day,
  week and month. With other scopes they are not kept together.
"""


def kpis_markdown() -> str:
    """Every KPI with its formula, unit and meaning, as Markdown."""
    parts = [_HEAD, *_rules(), "", *_made_columns(), ""]
    for title, group in GROUPS.items():
        parts += [f"## {title}", ""]
        for kpi in group:
            parts += [*_kpi(kpi), ""]
    return "\n".join(parts)


def _rules() -> list[str]:
    lines = [
        "## Rules of service level",
        "",
        "`service_level` follows the scenario's rule. The other KPIs are there whatever that rule is.",
        "",
        "| rule | within T | out of | KPI |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {rule.name} | `{rule.numerator}` | `{rule.denominator}` | `service_level_{rule.slug}` |"
        for rule in RULES.values()
    ]
    return lines


def _made_columns() -> list[str]:
    lines = ["## Derived columns", "", "The formulas also use these columns:", ""]
    return lines + [f"* `{name}`: {meaning}" for name, meaning in MEANINGS.items()]


def _kpi(kpi: Kpi) -> list[str]:
    lines = [f"### `{kpi.name}`: {kpi.title}", "", f"{kpi.meaning}.", ""]
    lines.append(f"* `{kpi.formula}` of `{kpi.table}`")
    if kpi.allocated:
        lines[-1] += f"; by queue `{kpi.allocated} / {kpi.denominator}` of `queue_sums`"
    if kpi.first_answered is not None:
        first = replace(kpi, numerator=kpi.first_answered[0], denominator=kpi.first_answered[1])
        lines[-1] += f"; by vendor, site and pool `{first.formula}` of `pool_days`"
    elif kpi.assigned:
        lines[-1] += "; by vendor, site and pool of `assigned_sums`"
    elif kpi.by_answerer:
        lines[-1] += f"; by vendor, site and pool of `{'pool_days' if kpi.of_ratings else 'assigned_sums'}`"
    if kpi.rule and kpi == service_level(kpi.rule):
        lines[-1] += ", under the default rule"
    of = "" if kpi.work == "every" else f"; of {kpi.work} work"
    lines.append(f"* unit: {kpi.unit}; better: {kpi.better}{of}")
    lines.append(f"* {kpi.anchor}; by {', '.join(scopes_of(kpi))}")
    if kpi.shown:
        places = dict.fromkeys(shown.place if isinstance(shown, ShownIn) else shown for shown in kpi.shown)
        lines.append(f"* shown in: {'; '.join(PLACES[place] for place in PLACES if place in places)}")
    return lines
