"""Lets these tests use the stand-in for the engine, and the file of a small centre."""

import sys
from pathlib import Path

import pytest
from small_centre import SMALL

sys.path.insert(0, str(Path(__file__).parent.parent / "results"))


@pytest.fixture
def small_file(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL + "variants: {no_help: {routing.vendor_share.help: {own: 100%}}}\n")
    return path
