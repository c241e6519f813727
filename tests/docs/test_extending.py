"""What `docs/background/extending.md` says that a change takes: told by doing it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.files import ROOT

CODE = """
REQUEUED: Final = 21
QUEUE_FULL: Final = 22
"""
DECLARED = """
    Outcome(
        "queue_full", QUEUE_FULL, "entry", "turned away: the places in the queue were taken",
        "Visits turned away because the places in the queue were taken", after="blocked", told_as="turned_away",
    ),
)  # fmt: skip


@dataclass"""
WHERE_IT_HAPPENS = "        return outcomes.QUEUE_FULL\n"
RECIPE = (
    ("ccsim/records/outcomes.py", "\nREQUEUED: Final = 21\n", CODE),
    ("ccsim/records/outcomes.py", "\n)  # fmt: skip\n\n\n@dataclass", DECLARED),
    (
        "ccsim/kernel/contacts.py",
        "    if _too_many_wait(rules, state, queue):\n        return outcomes.BLOCKED\n",
        f"    if _too_many_wait(rules, state, queue):\n{WHERE_IT_HAPPENS}",
    ),
    (
        "ccsim/engine/reference/visit.py",
        "group.max_waiting for group in self.queue_groups):\n            return outcomes.BLOCKED\n",
        f"group.max_waiting for group in self.queue_groups):\n    {WHERE_IT_HAPPENS}",
    ),
)
"""In which file what is written in place of what: places in the queue that are taken, apart from trunks that are."""


def told(copy: Path) -> dict[str, Any]:
    """What the copy of ccsim in a folder tells of the desk, uncompiled."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.docs.changed_copy"],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=copy, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    assert Path(found["where"]).resolve() == copy.resolve()
    return found


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a copy with the new outcome tells."""
    copy = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "ccsim", copy / "ccsim", ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "tests").symlink_to(ROOT / "tests")
    for name, old, new in RECIPE:
        text = (copy / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, name
        (copy / name).write_text(text.replace(old, new), encoding="utf-8")
    return told(copy)


@pytest.fixture(scope="module")
def before() -> dict[str, Any]:
    return told(ROOT)


def test_a_new_outcome_takes_three_files() -> None:
    assert len({name for name, _, _ in RECIPE}) == 3


def test_both_engines_and_the_tables_count_the_new_outcome(before: dict[str, Any], changed: dict[str, Any]) -> None:
    now, then = changed["tables"], before["tables"]
    assert now == changed["reference"]
    assert then == before["reference"]
    assert min(now["queue_full"], now["blocked"]) > 5
    assert then["blocked"] == now["blocked"] + now["queue_full"]
    assert {name: now[name] for name in then if name != "blocked"} == {
        name: then[name] for name in then if name != "blocked"
    }


def test_tables_pages_and_exports_have_it(before: dict[str, Any], changed: dict[str, Any]) -> None:
    columns = list(before["columns"])
    columns.insert(columns.index("blocked") + 1, "queue_full")
    assert changed["columns"] == columns
    assert "Visits turned away because the places in the queue were taken" in changed["page"]
    assert "| 22 | queue_full |" in changed["page"]
    assert [row[:2] for row in changed["star"]] == [[i, row[1]] for i, row in enumerate(changed["star"])]
    assert changed["star"][-1] == [22, "queue_full", "turned away: the places in the queue were taken", "turned_away"]
    assert changed["told_as"] == {**before["told_as"], "queue_full": "turned_away"}
