"""The reference page of KPIs, made from their definitions."""

from __future__ import annotations

from ccsim.kpis.definitions import GROUPS, Kpi, scopes_of, service_level
from ccsim.kpis.places import PLACES, Shown
from ccsim.kpis.rules import RULES
from ccsim.metrics.sums import MEANINGS

_HEAD = """# KPIs

Made from `ccsim.kpis.definitions`; do not edit. The formulas below are the ones that are computed, over the
columns of [tables](tables.md) and the made columns below; "shown in" says where pages and the terminal show a KPI.

* A KPI is a **ratio of sums** over all replications, never a mean of ratios. Its 95 % interval is
  about the mean of this scenario, not about one day of it. It comes from the sums of each replication, by the jackknife
  on the **logit** scale for shares and on the **logarithmic** scale for times, costs, counts and other ratios, so that
  it never leaves 0 to 1 or falls below 0. Student's t is corrected for skewed replications (Hall, On the removal of
  skewness by transformation, 1992), so the two sides may differ in length. With fewer than 10 events or exceptions it
  is at least the exact interval of independent events (Clopper and Pearson, 1934; Garwood, 1936). With one replication
  there is no interval; fewer than 10 are called few. [How often it covers](../background/verification.md) is measured.
* A ratio with nothing to divide by is **missing**, with the reason in `note`; nothing is NaN.
* "Within T" is a wait <= T, counted exactly. Visits still waiting when the run ended are left out, and named in
  `note`.
* Handled visits are answered visits that have ended: `resolved + escalated + unresolved + transferred`.
* Quantiles of waits come from fixed bins (0.8 % or 1 ms wide); their interval is Woodruff's (1952), inverted
  (Francisco and Fuller, 1991): every wait that the stated share may not exceed. They and the backlog are
  kept by flow (volume, workflow, channel and tier): a part that holds only a piece of a flow (one language of a
  volume with several) has none, and the note says so.
* KPIs are split by everything that splits the run: a split whose only part is `all`, `any` or `none` is left out,
  and `queue` where there are more than 200 of them (ask for it: `estimate(..., scopes=["queue"])`). A region is the
  market's for KPIs of queues, the site's for KPIs of pools; an owner is the vendor's kind.
* Waits of live and of deferred work are of two kinds: a KPI **of live work** is estimated of every part that
  it is asked for, but where a scenario has both kinds, pages and the terminal show it of live work alone.
* Costs are paid by pool and **allocated** by queue: by workflow, channel, market, ... each pool's cost is spread over
  the visits that it answered in proportion to their handle time; idle time and paid time away go along in that
  proportion. Any split adds up to the whole cost. Answered visits are those of the counted time for pools, and those
  of counted contacts for queues.
* `P(goal)` is the share of replications that meet a goal over the counted time, with Wilson's interval.
* First-contact and first-level resolution of cases need the log of visits and are not made from sums; the
  share of the first tier's visits that resolve is `resolved` by tier.
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
        "`service_level` follows the scenario's rule; the others are there whatever it is.",
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
    lines = ["## Made columns", "", "Formulas use these beside the columns of the tables:", ""]
    return lines + [f"* `{name}`: {meaning}" for name, meaning in MEANINGS.items()]


def _kpi(kpi: Kpi) -> list[str]:
    lines = [f"### `{kpi.name}`: {kpi.title}", "", f"{kpi.meaning}.", ""]
    lines.append(f"* `{kpi.formula}` of `{kpi.table}`")
    if kpi.allocated:
        lines[-1] += f"; by queue `{kpi.allocated} / {kpi.denominator}` of `queue_sums`"
    if kpi.rule and kpi == service_level(kpi.rule):
        lines[-1] += ", under the default rule"
    of = "" if kpi.work == "every" else f"; of {kpi.work} work"
    lines.append(f"* unit: {kpi.unit}; better: {kpi.better}{of}")
    lines.append(f"* {kpi.anchor}; by {', '.join(scopes_of(kpi))}")
    if kpi.shown:
        places = dict.fromkeys(shown.place if isinstance(shown, Shown) else shown for shown in kpi.shown)
        lines.append(f"* shown in: {'; '.join(PLACES[place] for place in PLACES if place in places)}")
    return lines
