"""The packages that are slow to import, and what a command of its own process loads."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

from tests.support.files import ROOT

_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
NEEDED = frozenset(re.match(r"[\w-]+", line)[0] for line in _PROJECT["dependencies"])  # type: ignore[index]
"""Every package that ccsim needs."""
COMMANDS = frozenset({"typer", "rich", "holidays"})
"""Packages that a command may load which simulates nothing; `ccsim check` in its plain form does without them."""
HEAVY = NEEDED - COMMANDS - {"pyyaml", "tzdata"}
"""Packages that only simulating, judging and drawing may load. A new one is heavy until it is said not to be."""


def loaded_by(*words: str, entry: str = "start") -> frozenset[str]:
    """Which of `NEEDED` are loaded by the end of `ccsim WORDS`, entered at `ccsim.ENTRY`; it must end well."""
    code = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print(*sorted({set(NEEDED)!r} & sys.modules.keys()), file=sys.stderr))\n"
        f"from ccsim.{entry} import main\n"
        "sys.argv = ['ccsim', *sys.argv[1:]]\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout
    return frozenset(done.stderr.splitlines()[-1].split())
