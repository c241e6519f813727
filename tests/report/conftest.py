"""Makes the run and the comparison of the made-up centre, their pages and a browser once."""

import os
from collections.abc import Iterator

import pytest

from ccsim.experiments.compare import compare
from ccsim.report.run_page import run_page
from ccsim.results.comparison import Comparison
from ccsim.results.run import Run
from tests.report.browser import Browser, browsing, find_browser
from tests.report.contestants import contestant
from tests.support.stand_in.centre import centre_run


@pytest.fixture(scope="session")
def run() -> Run:
    return centre_run()


@pytest.fixture(scope="session")
def html(run: Run) -> str:
    return run_page(run)


@pytest.fixture(scope="session")
def made() -> Comparison:
    return compare(
        contestant("centre"),
        [contestant("centre+less", 0.8, changes=("Demand / ads: -20 %",)), contestant("centre+same")],
    )


@pytest.fixture(scope="module")
def browser(html: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if find_browser() is None:
        if os.environ.get("CCSIM_BROWSER") == "required":
            pytest.fail("CCSIM_BROWSER=required, but there is no chromium, chromium-browser or google-chrome on PATH")
        pytest.skip("no Chromium on PATH: the page was not tried in a browser")
    with browsing(tmp_path_factory.mktemp("profile")) as made:
        yield made
