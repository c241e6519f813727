"""Processes of their own that may import the tests' support."""

from __future__ import annotations

import os

from tests.support.files import ROOT


def environment() -> dict[str, str]:
    """The environment of a child process, with the repository among the places of imports."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}
