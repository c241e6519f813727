from pathlib import Path

import pandas as pd
import pytest

from tests.support.files import ROOT, SCENARIOS

BANK = SCENARIOS / "bank_1999"
RAW = ROOT.parent / "shared" / "data" / "anonymous_bank_1999_calls_jan_feb.csv.gz"


@pytest.fixture(scope="session")
def extract() -> pd.DataFrame:
    from bank_calls import read_extract

    return read_extract(BANK / "calls.csv.gz")


@pytest.fixture(scope="session")
def regular(extract: pd.DataFrame) -> pd.DataFrame:
    from bank_calls import is_open, regular_days

    return extract[is_open(extract) & extract["date"].isin(regular_days())]


@pytest.fixture(scope="session")
def raw() -> pd.DataFrame:
    if not RAW.exists():
        pytest.skip("the raw file is not here")
    from bank_calls import read_raw

    return read_raw(RAW)


@pytest.fixture(scope="session")
def scenarios() -> Path:
    return BANK
