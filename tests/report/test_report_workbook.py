"""The workbook holds the run's numbers as numbers, says their units, and nothing of a scenario is live in it."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim import api
from ccsim.errors import OutputError
from ccsim.report import workbook
from ccsim.report.workbook import check_workbook_place, workbook_bytes, write_workbook
from ccsim.report.workbook_sheet import Column, Number, number
from ccsim.results.parquet import plain_rows
from ccsim.results.run import Run
from tests.support.stand_in.centre import centre_run, lab_run
from tests.support.workbook_reader import Page, pages_of, parts_of

HOSTILE = (
    '=HYPERLINK("http://example.org","x")', "+1+1", "-2+3", "@SUM(A1)", "{=1+1}", "http://example.org/a",
    "internal:Goals!A1", "<r><t>rich</t></r>", "<r></t></si><si><t>injected</r>", "a\x00b\x07c", "_x0041_", "1e5",
    "007", "a comma, a tab\t", "￾", "'quoted", "line\nbreak", "=" * 40_000,
)  # fmt: skip
ODD = "a path with an odd byte: \udce9"


@pytest.fixture(scope="module")
def made(run: Run) -> bytes:
    return workbook_bytes(run)


@pytest.fixture(scope="module")
def pages(made: bytes) -> dict[str, Page]:
    return pages_of(made)


def excel_date(value: object) -> date:
    return date.fromordinal(int(value) + datetime(1899, 12, 30).toordinal())  # type: ignore[call-overload]


def test_every_table_has_its_sheet(pages: dict[str, Page]) -> None:
    assert list(pages) == [
        "About", "Contents", "Goals", "Estimates", "By kind of work", "By channel", "By tier", "By language",
        "By market", "By region of market", "By segment", "By cause", "By site", "By owner", "By vendor", "By pool",
        "Service by day", "By day, week, month", "Workforce plan", "Backlog", "Cost", "Vendor shares", "Shrinkage",
        "KPI definitions", "Provenance",
    ]  # fmt: skip
    contents = pages["Contents"]
    assert contents.column("Sheet") == list(pages)[2:]
    assert contents.column("Rows") == [len(pages[name].rows) for name in list(pages)[2:]]
    assert contents.links == [f"'{name}'!A1" for name in list(pages)[2:]]


def test_sheets_are_frozen_filtered_and_wide_enough(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        assert page.frozen.endswith("2"), name
        assert page.frozen != "A2", name
        assert page.filtered.startswith("A1:"), name
        assert len(page.widths) >= 1
        assert all(9 <= width <= 64 for width in page.widths), name
        assert len(set(page.head)) == len(page.head), name
        assert len(page.rows) >= 1, name


def test_splits_hold_what_the_run_estimates(run: Run, pages: dict[str, Page]) -> None:
    vendors = pages["By vendor"]
    heads = ("Vendor", *(f"Occupancy{end} (%)" for end in ("", " low", " high")))
    for name, occupancy, low, high in zip(*(vendors.column(head) for head in heads), strict=True):
        row = run.estimate("occupancy", "vendor", str(name))
        assert occupancy == pytest.approx(row["estimate"], rel=1e-12)
        assert (low, high) == (pytest.approx(row["low"], rel=1e-12), pytest.approx(row["high"], rel=1e-12))
    channels = pages["By channel"]
    phone = channels.column("Channel").index("phone")
    assert channels.column("Service level within 60 s, live (%)")[phone] == pytest.approx(
        run.estimate("service_level", "channel", "phone", 60)["estimate"]
    )
    email = channels.column("Channel").index("email")
    assert channels.column("Service level within 60 s, live (%)")[email] is None
    assert channels.column("Deadline met, deferred (%)")[phone] is None
    pools = pages["By pool"]
    assert len(pools.rows) == 8


def test_by_day_the_visits_of_the_run_add_up(run: Run, pages: dict[str, Page]) -> None:
    page = pages["Service by day"]
    assert excel_date(page.column("Date")[0]) == date(2026, 3, 23)
    assert len(page.rows) == 14 * 3
    assert page.formats[1, 0] == "yyyy-mm-dd"
    sums = run.tables["flow_intervals"].merge(run.tables["flows"][["flow", "channel"]], on="flow")
    first = sums[(sums["interval"] < 24) & (sums["channel"] == "phone")]
    place = next(i for i, row in enumerate(page.rows) if row[1] == "phone")
    assert page.column("Offered (contacts)")[place] == pytest.approx(first["offered"].sum() / run.replications)
    assert page.column("Abandonment (%)")[place] == pytest.approx(first["abandoned"].sum() / first["offered"].sum())


def test_the_plan_is_the_plan(run: Run, pages: dict[str, Page]) -> None:
    page = pages["Workforce plan"]
    assert len(page.rows) == 8 * 168
    assert page.column("Weekday")[:24] == ["Mon"] * 24
    assert page.column("Time in Europe/Berlin")[:2] == ["00:00", "01:00"]
    plan = run.tables["workforce_plan"]
    noons = plan[(plan["pool"] == 0) & plan["interval"].isin([12, 7 * 24 - 1 + 12])]  # the clock changes between
    for kind in ("required", "scheduled"):
        assert page.column(f"{kind.capitalize()} (agents)")[12] == pytest.approx(noons[f"{kind}_us"].mean() / 3.6e9)
    over = page.column("Scheduled less required (agents)")[12]
    assert over == pytest.approx((noons["scheduled_us"] - noons["required_us"]).mean() / 3.6e9)


def test_costs_of_a_split_add_up_to_all(pages: dict[str, Page]) -> None:
    page = pages["Cost"]
    shares: dict[object, float] = {}
    for split, share in zip(page.column("Split"), page.column("Share of all cost (%)"), strict=True):
        shares[split] = shares.get(split, 0.0) + float(share)  # type: ignore[arg-type]
    assert len(shares) > 8
    assert all(share == pytest.approx(1) for share in shares.values())


def test_goals_and_estimates(run: Run, pages: dict[str, Page]) -> None:
    goals = pages["Goals"]
    assert goals.column("Verdict") == [goal["verdict"] for goal in run.goals]
    assert goals.column("Limited to")[0] == "channel phone"
    assert goals.formats[1, goals.head.index("At least")].endswith("%")
    wanted = [row for row in plain_rows(run.estimates) if row["scope"] == "all"]
    estimates = pages["Estimates"]
    assert estimates.column("KPI") == [row["kpi"] for row in wanted]
    for value, row in zip(estimates.column("Estimate"), wanted, strict=True):
        assert value == (None if row["estimate"] is None else pytest.approx(row["estimate"], rel=1e-12))


def test_backlog_shares_and_time_away(pages: dict[str, Page]) -> None:
    backlog = pages["Backlog"]
    assert excel_date(backlog.column("Midnight before")[0]) == date(2026, 3, 23)
    for row in backlog.rows:
        assert sum(row[1:7]) == pytest.approx(row[7])  # type: ignore[arg-type]
    vendors = pages["Vendor shares"]
    assert sum(vendors.column("Assigned (%)")) == pytest.approx(1)  # type: ignore[arg-type]
    assert set(pages["Shrinkage"].column("Cause")) == {"break", "absence", "training"}


def test_same_run_same_bytes(run: Run, made: bytes) -> None:
    assert workbook_bytes(run) == made


def test_a_run_read_back_gives_the_same_workbook(tmp_path: Path) -> None:
    run = centre_run(2)
    run.write(tmp_path / "run")
    assert workbook_bytes(Run.read(tmp_path / "run")) == workbook_bytes(run)


def test_a_laboratory_run_has_few_sheets_and_one_replication_no_intervals() -> None:
    few = pages_of(workbook_bytes(lab_run()))
    assert "Cost" not in few
    assert "By vendor" not in few
    assert few["Workforce plan"].rows
    alone = pages_of(workbook_bytes(centre_run(1)))
    assert set(alone["By vendor"].column("Occupancy low (%)")) == {None}
    assert None not in alone["By vendor"].column("Occupancy (%)")


def renamed(run: Run, names: Sequence[str]) -> Run:
    """The run with hostile names for everything that a scenario names."""
    tables = dict(run.tables)
    for table, columns in (("pools", ("name", "site", "vendor")), ("queues", ("market", "cause"))):
        frame = tables[table].copy()
        for column in columns:
            known = list(dict.fromkeys(frame[column]))
            other = dict(zip(known, names, strict=False))
            frame[column] = pd.Series([other.get(name, name) for name in frame[column]], dtype=object)
        tables[table] = frame
    scenario = {"title": names[0], "routing": {"vendor_share": {names[0]: {names[1]: 0.5}}}}
    record = dict(run.provenance) | {"command": [*names, ODD], "overrides": [*names, ODD], "scenario": scenario}
    return replace(run, name=names[0], tables=tables, provenance=record)


@pytest.mark.parametrize("first", [0, 8, len(HOSTILE) - 8])
def test_no_name_of_a_scenario_is_live(run: Run, first: int) -> None:
    names = HOSTILE[first : first + 8]
    made = workbook_bytes(renamed(run, names))
    pages, parts = pages_of(made), parts_of(made)
    assert not any(page.formulas for page in pages.values())
    assert pages["Contents"].links
    assert not any(page.links for title, page in pages.items() if title != "Contents")
    relations = b"".join(part for path, part in parts.items() if path.endswith(".rels"))
    assert b"External" not in relations
    assert not any("externalLink" in path or "vba" in path.lower() for path in parts)
    texts = {cell for page in pages.values() for cell in page.cells.values() if isinstance(cell, str)}
    assert "injected" not in texts
    found = pages["By pool"].column("Pool")
    assert len(found) == 8
    for name in names:
        if name.isprintable() and len(name) < 1_000 and not name.startswith(("<r>", "_x")):
            assert name in found


@given(st.text(max_size=30))
@settings(max_examples=60, derandomize=True, deadline=None)
def test_any_text_stays_text(text: str) -> None:
    import io

    import xlsxwriter

    buffer = io.BytesIO()
    drawn = xlsxwriter.Workbook(buffer, {"in_memory": True})
    page = drawn.add_worksheet("One")
    page.write_string(0, 0, "head")
    page.write_string(1, 0, workbook._clean(text))
    drawn.close()
    found = pages_of(buffer.getvalue())["One"]
    assert not found.formulas
    assert isinstance(found.cells.get((1, 0), ""), str)


@given(
    st.floats(-1e12, 1e12), st.sampled_from(["share", "s", ""]), st.none() | st.floats(0, 1e9) | st.floats(1e-12, 1e-3)
)
@settings(derandomize=True)
def test_numbers_keep_their_value_and_show_no_more_than_their_interval(
    value: float, unit: str, half: float | None
) -> None:
    made = number(value, unit, half)
    assert made is not None
    assert made.value == value
    assert made.share == (unit == "share")
    assert 0 <= made.decimals <= 6
    if half:
        scale = 100 if unit == "share" else 1
        assert made.decimals == 0 or 10.0**-made.decimals >= half * scale / 100


def test_formats_and_heads() -> None:
    assert Number(0.5, share=True, decimals=1).format == "0.0%"
    assert Number(12.5, decimals=2).format == "#,##0.00"
    assert Number(3).format == "#,##0"
    assert Column("Occupancy", "share").head == "Occupancy (%)"
    assert Column("Cost a day", "EUR/day").head == "Cost a day (EUR per day)"
    assert Column("KPI").head == "KPI"
    assert number(None, "s", 1.0) is None


def test_what_is_not_a_number_is_never_written(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from ccsim.report.workbook_sheet import Sheet

    bad = Sheet("Bad", "", [Column("x")], [[Number(math.nan)]])
    monkeypatch.setattr(workbook, "sheets", lambda _: [bad])
    with pytest.raises(TypeError):
        workbook_bytes(run)


def test_long_tables_are_cut_and_the_contents_say_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 100)
    pages = pages_of(workbook_bytes(run))
    place = pages["Contents"].column("Sheet").index("Workforce plan")
    assert "the first 100 of 1,344" in str(pages["Contents"].column("A row is")[place])
    assert len(pages["Workforce plan"].rows) == 100
    assert pages["Contents"].column("Rows")[place] == 100


def test_a_workbook_replaces_only_a_workbook_of_ccsim(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "new" / "run.xlsx"
    write_workbook(run, place)
    check_workbook_place(place)
    write_workbook(run, place)
    assert [path.name for path in place.parent.iterdir()] == ["run.xlsx"]
    other = tmp_path / "mine.xlsx"
    for content in (b"mine", b"PK\x03\x04 broken"):
        other.write_bytes(content)
        with pytest.raises(OutputError, match="not a workbook of ccsim"):
            check_workbook_place(other)
    with pytest.raises(OutputError, match="is a folder"):
        check_workbook_place(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="could not be written"):
        write_workbook(run, tmp_path / "file" / "run.xlsx")


def test_the_verb_makes_page_and_workbook(run: Run, tmp_path: Path) -> None:
    stored = run.write(tmp_path / "run")
    assert api.report(stored) == tmp_path / "run" / "report.html"
    workbook = api.report(str(tmp_path / "run"), tmp_path / "x.xlsx")
    assert workbook.read_bytes() == workbook_bytes(run)
    with pytest.raises(OutputError, match="not stored"):
        api.report(run)
    with pytest.raises(OutputError, match=r"ends with \.html or \.xlsx"):
        api.report(run, tmp_path / "x.pdf")
    (tmp_path / "mine.html").write_text("mine")
    with pytest.raises(OutputError, match="not a page of ccsim"):
        api.report(run, tmp_path / "mine.html")
