"""Heatmap, flow of contacts, and the CSV behind a figure."""

import csv
import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from urllib.parse import unquote

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.metrics.sums import Sums
from ccsim.records.outcomes import TOLD_AS, TOLD_ENDS
from ccsim.report.clock import Clock
from ccsim.report.cover_map import cover_map, cover_text
from ccsim.report.csv_link import TYPE, csv_link, csv_text
from ccsim.report.drawn_map import drawn_map, shade
from ccsim.report.staffing import Staffing, staffing_of
from ccsim.report.whereabouts import whereabouts, whereabouts_text
from ccsim.results.run import Run
from ccsim.units import HOUR
from tests.support.stand_in.centre import centre_run, lab_run


def staffing_and_clock(run: Run) -> tuple[Staffing, Clock]:
    clock = Clock(run.measured)
    return staffing_of(run.tables, clock), clock


def test_a_heatmap_is_the_mean_over_weeks_of_the_agents(run: Run) -> None:
    staffing, clock = staffing_and_clock(run)
    found = cover_map(staffing, clock)
    assert found is not None
    assert (found.columns, found.width, len(found.cells)) == (24, HOUR, 168)
    nine = [i for i, t in enumerate(clock.local) if (t.weekday(), t.hour) == (0, 9)]
    assert len(nine) == 2
    row = found.cells[(found.cells["weekday"] == 0) & (found.cells["column"] == 9)].iloc[0]
    for kind in ("required", "present"):
        assert row[kind] == pytest.approx(staffing.agents[kind][:, nine].sum() / 2 / HOUR)
    assert row["present_balance"] == pytest.approx(row["present"] / row["required"] - 1)
    assert (row["day"], row["time"]) == ("Mon", "09:00")


def test_where_nothing_is_required_there_is_no_balance_and_no_division(run: Run) -> None:
    staffing, clock = staffing_and_clock(run)
    night = np.array([t.hour < 3 for t in clock.local])
    required = staffing.agents["required"] * ~night
    found = cover_map(replace(staffing, agents={**staffing.agents, "required": required}), clock)
    assert found is not None
    dark = found.cells[found.cells["column"] < 3]
    assert dark["present_balance"].isna().all()
    assert not found.cells[found.cells["column"] >= 3]["present_balance"].isna().any()
    ET.fromstring(drawn_map(found, "present", "words"))
    assert cover_map(replace(staffing, agents={**staffing.agents, "required": required * 0}), clock) is None


def test_the_worst_cell_is_named(run: Run) -> None:
    staffing, clock = staffing_and_clock(run)
    found = cover_map(staffing, clock)
    assert found is not None
    found.cells.loc[:, "present"] = found.cells["required"]
    found.cells.loc[:, "present_balance"] = 0.0
    found.cells.loc[30, ["present", "present_balance"]] = [float(found.cells["required"][30]) - 5.0, -0.2]
    text = cover_text(found, "present")
    assert "below required in 0.6 % of the cells" in text
    assert "the largest shortfall is 5 of" in text
    drawn = drawn_map(found, "present", "a & b")
    assert drawn.count("<circle") == 1 + 3  # and three in the key
    assert len(re.findall("<title>", drawn)) == 168


def test_a_short_run_has_no_heatmap() -> None:
    assert cover_map(*staffing_and_clock(lab_run())) is None


def test_shades_are_symmetric_and_do_not_hang_on_colour_alone() -> None:
    for balance in (0.07, 0.15, 0.25, 0.5):
        (below, a), (above, b) = shade(-balance), shade(balance)
        assert (below, above) == ("first", "second")
        assert a == b
    assert shade(0.049)[0] == shade(-0.049)[0] == "faint"
    strengths = [shade(x)[1] for x in (0.06, 0.11, 0.21, 0.31)]
    assert strengths == sorted(set(strengths))


def test_flow_counts_add_up_in_every_row(run: Run) -> None:
    data = whereabouts(Sums(run.tables, run.measured))
    assert len(data) == 6
    assert (data["came"] == sum(data[end.name] for end in TOLD_ENDS)).all()
    assert (data["came"] == data["from_outside"] + data["from_inside"]).all()
    assert data["from_inside"].sum() == data["escalated"].sum() + data["transferred"].sum()
    assert data["offered"].sum() == run.tables["queue_sums"]["offered"].sum()
    text = whereabouts_text(data)
    assert f"{data['from_outside'].sum():,} contacts from customers" in text


def test_columns_of_the_flow_table_are_whole_and_their_sum_is_the_last_row(html: str) -> None:
    table = html[html.index("<caption>Visits by channel, tier and outcome") :]
    body, foot = re.split("<tfoot>", table[: table.index("</table>")])
    numbers = [
        [int(cell.replace(",", "")) for cell in re.findall(r'data-value="[^"]*">([^<]*)</td>', row)]
        for row in re.findall(r"<tr>.*?</tr>", body[body.index("<tbody>") :] + foot, flags=re.DOTALL)
    ]
    assert [sum(column) for column in zip(*numbers[:-1], strict=True)] == numbers[-1]


def test_a_figures_csv_has_units_and_no_formula() -> None:
    data = pd.DataFrame({"site": ["=1+1", "@x", 'plain, "quoted"'], "present": [1 / 3, 2.0, 1e6 / 7]})
    data["low"] = pd.Series([0.5, None, 1.0], dtype="Float64")
    link = csv_link("agents", data, {"present": "agents", "low": "share"})
    assert (link.name, link.rows) == ("agents.csv", 3)
    assert link.href.startswith(TYPE)
    rows = list(csv.reader(io.StringIO(unquote(link.href.removeprefix(TYPE)))))
    assert rows[0] == ["site", "present [agents]", "low [share]"]
    assert rows[1] == ["'=1+1", "0.333333", "0.5"]
    assert rows[2] == ["'@x", "2", ""]
    assert rows[3] == ['plain, "quoted"', "142857", "1"]


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=5))
def test_any_name_survives_the_link_and_stays_inside_the_attribute(names: list[str]) -> None:
    names = [name.encode("utf-8", "ignore").decode() for name in names]
    data = pd.DataFrame({"name": pd.Series(names, dtype="object"), "x": range(len(names))})
    link = csv_link("n", data, {})
    assert unquote(link.href.removeprefix(TYPE)) == csv_text(data, {})
    assert not re.search(r"[\"<>\s&#]", link.href.removeprefix(TYPE))


def test_every_figure_of_a_page_has_its_numbers(html: str) -> None:
    figures = re.findall(r"<figure.*?</figure>", html, flags=re.DOTALL)
    names = [re.search(r'download="([^"]+)"', figure) for figure in figures]
    assert all(names)
    assert len({name[1] for name in names if name}) == len(figures)


def test_the_policy_knows_the_script_by_its_digest(html: str) -> None:
    import base64
    import hashlib

    script = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    assert len(script) == 1
    digest = base64.b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    assert f"script-src &#39;sha256-{digest.replace('+', '+')}&#39;" in policy[1]
    assert policy[1].startswith("default-src &#39;none&#39;;")


def test_one_replication_still_has_maps_and_flow() -> None:
    run = centre_run(1)
    staffing, clock = staffing_and_clock(run)
    assert cover_map(staffing, clock) is not None
    assert (whereabouts(Sums(run.tables, run.measured))["came"] > 0).all()


def test_every_outcome_is_told_somewhere() -> None:
    never_came = {"deflected"}
    assert set(TOLD_AS.values()) - never_came == {end.name for end in TOLD_ENDS}
