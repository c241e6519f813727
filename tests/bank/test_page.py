"""The page, from replications that are made up: complete, self-contained, the same bytes each time."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from unittest.mock import Mock

import make_page
import numpy as np
import pandas as pd
import pytest
from bank_calls import is_open
from bank_compare import real_calls

from ccsim.report.page import render_page, write_page


@pytest.fixture(scope="module")
def html(extract: pd.DataFrame) -> str:
    return page(extract)


def page(extract: pd.DataFrame) -> str:
    base = real_calls(extract[is_open(extract)])

    def simulator(simulate: make_page.Simulation, replications: int) -> pd.DataFrame:
        factor = 0.2 if simulate.key == make_page.FREE else 0.9
        replications = [
            base.assign(replication=r, wait=base["wait"] * (factor + 0.01 * r), waited=np.roll(base["waited"], r))
            for r in range(replications)
        ]
        return pd.concat(replications)

    values = make_page.page_values(extract, 3, simulator)
    return render_page(make_page.HERE / "bank_page.html", **values)


def test_the_page_needs_nothing_from_elsewhere(html: str) -> None:
    assert not re.search(r"(?:src|href)\s*=\s*[\"'](?!#)", html)
    assert not re.search(r"@import|url\((?!#)", html)
    assert "<script" not in html
    assert 'name="viewport"' in html
    assert "prefers-color-scheme: dark" in html


def test_the_figures_are_well_formed_and_take_the_pages_colours(html: str) -> None:
    figures = re.findall(r"<svg.*?</svg>", html, flags=re.DOTALL)
    assert len(figures) == 7
    for figure in figures:
        ET.fromstring(figure)
        assert 'role="img"' in figure
        assert "var(--ink)" in figure
        assert "#010101" not in figure
    ids = re.findall(r' id="([^"]+)"', "".join(figures))
    assert len(ids) == len(set(ids)) > 0
    assert set(re.findall(r'(?:url\(|href=")#([^")]+)', "".join(figures))) == set(ids)


def test_no_number_is_missing(html: str) -> None:
    text = re.sub(r"<[^>]+>", " ", re.sub(r"<(svg|style).*?</\1>", "", html, flags=re.DOTALL))
    assert not re.search(r"\b(nan|inf|None)\b", text)
    assert "45.8 ± 6.9" in text
    assert "18 regular weekdays" in text
    assert "Technion" in text


def test_equal_data_give_equal_bytes(html: str, extract: pd.DataFrame) -> None:
    assert page(extract) == html


def test_one_simulate_has_no_interval(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        make_page.main(["--replications", "1"])
    assert stopped.value.code == 2
    assert "at least 2" in capsys.readouterr().err


def test_text_is_escaped_and_a_missing_name_is_an_error(tmp_path: Path) -> None:
    template = tmp_path / "small.html"
    template.write_text('{% extends "page.html" %}{% block body %}{{ name }}{% endblock %}')
    assert "&lt;b&gt;" in render_page(template, name="<b>")
    with pytest.raises(Exception, match="name"):
        render_page(template)


def test_a_page_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new" / "index.html"
    write_page("one", path)
    monkeypatch.setattr(Path, "replace", Mock(side_effect=OSError("no room")))
    with pytest.raises(OSError, match="no room"):
        write_page("two", path)
    assert path.read_text() == "one"
    assert [p.name for p in path.parent.iterdir()] == ["index.html"]
