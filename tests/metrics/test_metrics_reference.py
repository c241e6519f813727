from ccsim.kpis.definitions import KPIS
from ccsim.metrics.reference import kpis_markdown
from tests.support.files import ROOT

PAGE = ROOT / "docs" / "reference" / "kpis.md"


def test_the_page_of_kpis_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == kpis_markdown()


def test_every_kpi_is_on_the_page():
    page = kpis_markdown()
    assert all(f"### `{name}`" in page for name in KPIS)
