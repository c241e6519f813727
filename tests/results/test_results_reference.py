from ccsim.records.tables import TABLES
from ccsim.results.reference import ABOUT, tables_markdown
from tests.support.files import ROOT

PAGE = ROOT / "docs" / "reference" / "tables.md"


def test_the_page_of_tables_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == tables_markdown()


def test_every_table_is_described():
    assert set(ABOUT) == set(TABLES)
