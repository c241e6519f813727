"""The file of a small centre."""

from pathlib import Path

import pytest

from tests.cli.small_centre import SMALL


@pytest.fixture
def small_file(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL + "variants: {no_help: {routing.vendor_share.help: {own: 100%}}}\n")
    return path
