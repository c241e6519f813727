"""Commands that play nothing start at once: nothing heavy is loaded for them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from small_centre import GLOBE

HEAVY = ("numba", "pandas", "scipy", "numpy", "matplotlib", "pyarrow", "simpy", "jinja2")


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["explain", "--help"],
        ["run", "--help"],
        ["check", str(GLOBE)],
        ["explain", str(GLOBE), "route", "ads.us.en.premium.phone.bug"],
        ["explain", str(GLOBE), "route", "ads", "--json"],
        ["explain", str(GLOBE), "pools.manila_t1"],
        ["schema"],
    ],
)
def test_nothing_heavy_is_loaded(words: list[str]) -> None:
    code = (
        "import sys, atexit\n"
        f"atexit.register(lambda: print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr))\n"
        "from ccsim.start import main\n"
        "sys.argv = ['ccsim', *sys.argv[1:]]\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == "[]"
    assert done.stdout
