"""The tidy table of estimates: every KPI, for everything and for every part, with its interval."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ccsim.kpis.definitions import kpis_of
from ccsim.kpis.goals import POOL_SCOPES
from ccsim.kpis.kpi import OF_FLOWS, TABLES_OF_ASSIGNED, VISITS_OF, Kpi, source_within
from ccsim.metrics.confidence import Matrix
from ccsim.metrics.parts import TORN, flow_codes, labels, missing, scopes_within, tells
from ccsim.metrics.quantiles import quantiles
from ccsim.metrics.ratios import Method, Ratios, ratios
from ccsim.metrics.sums import Codes, Sums
from ccsim.metrics.waits import LONGEST, Estimate, Waits, moments_by_part, waits_by_part
from ccsim.results.estimate_columns import ESTIMATES
from ccsim.results.measured import Measured
from ccsim.results.text import few

LEVEL: Final = 0.95
"""Confidence level of the intervals."""
ROOM: Final = 1_000_000
"""Bytes of numerators whose intervals are made together; those of a single KPI may have more."""

Row = dict[str, Any]


def estimate(
    tables: Mapping[str, pd.DataFrame],
    measured: Measured,
    *,
    kpis: Sequence[str] | None = None,
    scopes: Sequence[str] | None = None,
    among: Collection[str] | None = None,
    level: float = LEVEL,
    method: Method = "jackknife",
    sums: Sums | None = None,
) -> pd.DataFrame:
    """KPIs of a run with their intervals, one a row, columns as in `ccsim.results.estimate_columns`.

    A KPI is the ratio of sums over all replications; its interval is made from the sums of each replication, on the
    scale of its kind, so that it stays within its bounds (`ccsim.metrics.ratios`). Nothing is NaN: what cannot be
    estimated is missing (`pd.NA`), and `note` says why.

    Parameters
    ----------
    tables, measured
        Of the run.
    kpis
        Names of KPIs; default all.
    scopes
        Of `ccsim.kpis.definitions.QUEUE_SCOPES` and `POOL_SCOPES`, or `vendor+channel` (or a site or pool) of KPIs that
        are split by who answered; default those that split the run: not those whose
        only part is `all` or `none`, nor `queue` where there are more than `ccsim.metrics.parts.MOST_QUEUES` of them.
    among
        Of the scopes only these; default every one.
    level
        Confidence level, between 0 and 1.
    method
        `jackknife` or `delta`: how each replication's move of a ratio is found; quantiles have their own.
    sums
        Sums of these tables, for who has them already: what is made of them is remembered there.
    """
    known = kpis_of(measured.rule)
    chosen = [known[name] for name in (known if kpis is None else kpis)]
    sums = Sums(tables, measured) if sums is None else sums
    lines = [
        line
        for kpi in chosen
        for scope in scopes_within(sums, kpi, scopes)
        if among is None or scope in among
        for line in _lines(sums, kpi.by(scope), scope)
    ]
    lines += [
        line
        for scope in POOL_SCOPES
        if _wanted(f"{scope}+channel", scopes, among) and tells(sums, scope, by_pool=True)
        for line in _lines_by_channel(sums, [kpi for kpi in chosen if kpi.by_answerer], scope)
    ]
    keys = [(line.asked.key, level, method) for line in lines]  # scopes often split alike
    asked = {key: line.asked for key, line in zip(keys, lines, strict=True) if key not in sums.memo}
    sums.memo.update(zip(asked, all_of(sums, list(asked.values()), level, method), strict=True))
    return frame_of_estimates(
        {"kpi": line.asked.kpi.name, "scope": line.scope, "name": name} | row
        for line, key in zip(lines, keys, strict=True)
        for name, row in zip(line.names, sums.memo[key], strict=True)
    )


def frame_of_estimates(rows: Iterable[Row]) -> pd.DataFrame:
    """Rows as a DataFrame with the schema's columns; None is missing."""
    listed = list(rows)
    columns: dict[str, pd.Series[Any]] = {}
    for column in ESTIMATES:
        kind = "Float64" if column.dtype == "float64" else column.dtype
        columns[column.name] = pd.Series([row[column.name] for row in listed], dtype=kind)
    return pd.DataFrame(columns)


@dataclass(frozen=True, slots=True)
class Asked:
    """One KPI for every part of a way to split a run."""

    kpi: Kpi
    codes: Codes
    """Part of every queue (of every pool, for a KPI of pools), -1 where it belongs to none."""
    parts: int
    """Number of parts."""
    threshold: int | None = None
    """T of a service level, microseconds."""

    @property
    def key(self) -> Hashable:
        """What is asked for, whatever it is called."""
        return self.kpi.name, self.kpi.source, self.threshold, self.codes.tobytes(), self.parts


class _Line(NamedTuple):
    """What is asked for, and what its parts are called."""

    asked: Asked
    scope: str
    names: list[str]


def _lines(sums: Sums, kpi: Kpi, scope: str) -> Iterator[_Line]:
    names, codes = labels(sums, scope, by_pool=kpi.by_pool)
    for threshold in sums.measured.thresholds if kpi.by_threshold else (None,):
        yield _Line(Asked(kpi, codes, len(names), threshold), scope, names)


def _wanted(scope: str, asked: Collection[str] | None, among: Collection[str] | None) -> bool:
    return all(some is None or scope in some for some in (asked, among))


def _lines_by_channel(sums: Sums, kpis: Sequence[Kpi], scope: str) -> Iterator[_Line]:
    """KPIs of each site, vendor or pool on each channel of which it had a visit, where there are several of both."""
    channels = sorted(set(sums.queues["channel"].astype(str)))
    if not kpis or len(channels) < 2 or not sums.knows_answerers:
        return
    names, codes = labels(sums, scope, by_pool=True)
    if len(names) < 2:
        return
    for channel in channels:
        there = np.zeros(len(names), dtype=bool)
        within = (("channel", channel),)
        for table, column in (("pool_sums", "talk_us"), (TABLES_OF_ASSIGNED[VISITS_OF][scope], "offered")):
            there[codes[sums.matrix(source_within(table, within), column).any(axis=1)]] = True
        mine = np.where(there, np.cumsum(there) - 1, -1)[codes]
        parts = [f"{name}+{channel}" for name, kept in zip(names, there.tolist(), strict=True) if kept]
        for kpi in kpis if parts else ():
            for threshold in sums.measured.thresholds if kpi.by_threshold else (None,):
                asked = Asked(kpi.by(scope, within), mine, len(parts), threshold)
                yield _Line(asked, f"{scope}+channel", parts)


def of_parts(
    sums: Sums,
    kpi: Kpi,
    codes: Codes,
    parts: int,
    threshold: int | None = None,
    level: float = LEVEL,
    method: Method = "jackknife",
) -> list[Row]:
    """One KPI for every part: the columns of an estimate but its names; parameters as of `Asked` and `estimate`.

    What is kept by flow (quantiles, backlog) is missing for a part that holds a piece of a flow.
    """
    return all_of(sums, [Asked(kpi, codes, parts, threshold)], level, method)[0]


def all_of(sums: Sums, asked: Sequence[Asked], level: float = LEVEL, method: Method = "jackknife") -> list[list[Row]]:
    """Several KPIs as `of_parts` makes them one by one, in their order: together they take half the time."""
    torn = [np.zeros(one.parts, dtype=bool) for one in asked]
    mine = list(asked)
    for i, one in enumerate(asked):
        if one.kpi.table in OF_FLOWS:
            codes, torn[i] = flow_codes(sums, one.codes, one.parts)
            mine[i] = replace(one, codes=codes)
    made: dict[int, list[Row]] = {}
    for alike in _alike(mine):
        if mine[alike[0]].kpi.kind == "quantile":
            rows = _quantiles(sums, [mine[i] for i in alike], level)
        elif mine[alike[0]].kpi.kind == "spread":
            rows = iter([_spreads(sums, mine[i], level) for i in alike])
        else:
            rows = _ratios(sums, [mine[i] for i in alike], level, method)
        made.update(zip(alike, rows, strict=True))
    said = f"; {sums.replications} replications are few" if few(sums.replications) else ""
    return [_whole(sums, one, made[i], torn[i], said) for i, one in enumerate(asked)]


def _alike(asked: Sequence[Asked]) -> Iterator[list[int]]:
    """Places of those that are made together: quantiles of the same parts, ratios on the same scale."""
    groups: dict[Hashable, list[int]] = {}
    for i, one in enumerate(asked):
        kpi = one.kpi
        of_ratio = (kpi.interval_scale, kpi.counted)
        key: Hashable = of_ratio if kpi.kind == "ratio" else (kpi.kind, one.codes.tobytes(), one.parts)
        groups.setdefault((kpi.kind, key), []).append(i)
    yield from groups.values()


def _whole(sums: Sums, asked: Asked, rows: Iterable[Row], torn: NDArray[np.bool_], few_replications: str) -> list[Row]:
    """Rows with what is the same in all of them, those of pieces of flows emptied."""
    common = {
        "threshold_s": None if asked.threshold is None else asked.threshold / 1e6,
        "replications": sums.replications,
        "unit": asked.kpi.unit.replace("money", sums.measured.currency),
    }
    return [
        common | (missing(TORN) if piece else _told(row, few_replications))
        for row, piece in zip(rows, torn.tolist(), strict=True)
    ]


def _told(row: Row, few_replications: str) -> Row:
    """The row, with a word on few replications where it has an interval that chance had a part in."""
    return row | {"method": f"{row['method']}{few_replications}"} if row["standard_error"] else row


def _ratios(sums: Sums, asked: Sequence[Asked], level: float, method: Method) -> Iterator[list[Row]]:
    """Rows of ratios whose intervals are made alike."""
    waiting: list[tuple[Asked, Matrix, Matrix]] = []
    held = 0
    for one in asked:
        x, y = (
            sums.evaluate(formula, one.kpi, one.codes, one.parts, one.threshold)
            for formula in (one.kpi.numerator, one.kpi.denominator)
        )
        waiting.append((one, x, y))
        held += x.nbytes
        if held >= ROOM:
            yield from _ratios_of(sums, waiting, level, method)
            waiting, held = [], 0
    if waiting:
        yield from _ratios_of(sums, waiting, level, method)


def _ratios_of(
    sums: Sums, asked: Sequence[tuple[Asked, Matrix, Matrix]], level: float, method: Method
) -> Iterator[list[Row]]:
    kpi = asked[0][0].kpi
    x, y = (np.concatenate(cells) for cells in ([x for _, x, _ in asked], [y for _, _, y in asked]))
    made = ratios(x, y, level, kpi.interval_scale, counted=kpi.counted, method=method)
    first = 0
    for one, tops, bottoms in asked:
        mine = slice(first, first + one.parts)
        yield _ratio_rows(sums, one, made[mine], tops.sum(axis=1).tolist(), bottoms.sum(axis=1).tolist())
        first = mine.stop


def _ratio_rows(sums: Sums, asked: Asked, made: Ratios, tops: list[float], bottoms: list[float]) -> list[Row]:
    kpi = asked.kpi
    why_absent = absent(sums, kpi)
    open_at_end = _left_out(sums, kpi, asked.codes, asked.parts)
    exact = kpi.table == "workforce_plan"
    no_value = f"no value: {kpi.denominator} is 0"
    scale_of = [shown_scale(formula) for formula in (kpi.numerator, kpi.denominator)]
    rows = []
    for i, (row, how, why) in enumerate(
        zip(_intervals(made, kpi.scale, shown=not why_absent), made.how, made.note, strict=True)
    ):
        note = why_absent or (no_value if bottoms[i] == 0 else "")
        if exact and row["estimate"] is not None and sums.replications > 1:
            row |= {"low": row["estimate"], "high": row["estimate"], "standard_error": 0.0}
        elif not (exact or note):
            note = "; ".join(filter(None, (open_at_end[i], why)))
        row["method"] = (
            "exact: the same in every replication"
            if exact
            else f"{kpi.rule}; {how}"
            if kpi.rule and how
            else kpi.rule or how
        )
        row |= {"numerator": tops[i] * scale_of[0], "denominator": bottoms[i] * scale_of[1], "note": note}
        rows.append(row)
    return rows


def absent(sums: Sums, kpi: Kpi) -> str:
    """Why a KPI is missing for every part; empty where it is not."""
    if kpi.table == "workforce_plan" and sums.tables["workforce_plan"].empty:
        return "nothing was planned"
    if kpi.of_ratings and not sums.matrix("queue_sums", "rated").any():
        return "nothing is rated: the scenario has no `satisfaction`, or no contact ended with an agent"
    if kpi.of_surveys and not sums.matrix("queue_sums", "responded").any():
        return "nobody answers a survey: `satisfaction.response` says who does"
    prices = [*sums.measured.paid_hour.values(), *(price for _, price in sums.measured.translations)]
    prices += [price for _, price in sums.measured.minimum_hours.values()]
    return "no pool has a paid_hour" if kpi.unit.startswith("money") and not any(prices) else ""


def _intervals(made: Ratios, scale: float, *, shown: bool) -> Iterator[Row]:
    """Estimates with their intervals, each part's in a row of its own."""
    ends = ((values * scale).tolist() for values in (made.estimate, made.low, made.high, made.error))
    flags = (values.tolist() for values in (made.known, made.has_interval))
    for estimate, low, high, error, known, has in zip(*ends, *flags, strict=True):
        known, has = known and shown, has and known and shown
        yield {
            "estimate": estimate if known else None,
            "low": low if has else None,
            "high": high if has else None,
            "standard_error": error if has else None,
        }


def shown_scale(formula: str) -> float:
    """Times are shown in seconds, counts and money as they are."""
    return 1e-6 if formula.endswith("_us") or formula in ("length", "full_time") else 1.0


def _left_out(sums: Sums, kpi: Kpi, codes: Codes, parts: int) -> list[str]:
    """Names the visits that a cohort's ratio leaves out, because they had not ended when the replication ended."""
    if "open_waiting" not in kpi.denominator and kpi.denominator != "due":
        return [""] * parts
    column = "open_due" if kpi.denominator == "due" else "open_waiting"
    table = kpi.source if kpi.of_answerer else "queue_sums"
    counts = sums.parts(table, column, codes, parts).sum(axis=1)
    return [f"{int(n)} visits still waiting when the run ended are left out" if n else "" for n in counts]


def _quantiles(sums: Sums, asked: Sequence[Asked], level: float) -> Iterator[list[Row]]:
    """Rows of quantiles of the same parts."""
    answered: list[float] = []

    def seen() -> Iterator[Waits]:
        for waits in waits_by_part(sums, asked[0].codes, asked[0].parts):
            answered.append(float(waits.counts.sum()))
            yield waits

    found = list(quantiles(seen(), [one.kpi.share for one in asked], level))
    for which in range(len(asked)):
        yield [_wait_row(made[which], count) for made, count in zip(found, answered, strict=True)]


def _wait_row(made: Estimate, answered: float) -> Row:
    return {
        "estimate": made.value,
        "low": made.low,
        "high": made.high,
        "standard_error": made.error,
        "method": f"Woodruff{LONGEST}" if made.at_longest else "Woodruff",
        "numerator": None,
        "denominator": answered,
        "note": "nobody was answered" if made.value is None else made.note,
    }


def _spreads(sums: Sums, asked: Asked, level: float) -> list[Row]:
    rows = []
    for moments in moments_by_part(sums, asked.codes, asked.parts):
        made = moments.spread(level)
        rows.append(
            _wait_row(made, float(sum(moments.count))) | {"method": made.how, "numerator": sum(moments.total) / 1e6}
        )
    return rows
