"""What `docs/background/extending.md` says that a change takes: told by doing it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from itertools import chain
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
OUTCOME = (
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
"""Places in the queue that are taken, apart from trunks that are."""

SUM = (
    (
        "ccsim/records/tables.py",
        '    total("wait_answered_us", ',
        '    total("answered_free", "count", "Visits that found a free agent"),\n    total("wait_answered_us", ',
    ),
    (
        "ccsim/kernel/sums.py",
        "COHORT_ABANDONED: Final",
        'COHORT_FREE: Final = _cohort("answered_free")\nCOHORT_ABANDONED: Final',
    ),
    (
        "ccsim/kernel/tally.py",
        "        count_route(tally, route, sums.ROUTE_AT_ONCE, 1)\n",
        "        count_route(tally, route, sums.ROUTE_AT_ONCE, 1)\n"
        "        count(tally, row, queue, sums.COHORT_FREE, 1)\n",
    ),
)
KPI = (
    (
        "ccsim/kpis/definitions.py",
        '    Kpi("balking", ',
        """    Kpi("did_not_wait", "Did not wait", "share", "offered - waited", "offered",
        "Share of offered contacts that found a free agent", "higher", work="live", shown=("main KPIs",)),
    Kpi("balking", """,
    ),
)
SETTING = (
    (
        "ccsim/language/pools.py",
        "    staffing: Grid | None = field(",
        """    desks: Count | None = field(default=None, least=1, none="no limit", decides_who_serves=False)
    \"\"\"Desks that there are.\"\"\"
    staffing: Grid | None = field(""",
    ),
)
COMMAND = (
    ("ccsim/commands/hello.py", "", 'def hello() -> None:\n    """Say hello."""\n    print("hello")\n'),
    ("ccsim/cli.py", "from ccsim.commands.lsp", "from ccsim.commands.hello import hello\nfrom ccsim.commands.lsp"),
    ("ccsim/cli.py", '    (new, "Write', '    (hello, "Say hello."),\n    (new, "Write'),
)
RECIPES = {"setting": SETTING, "sum": SUM, "outcome": OUTCOME, "KPI": KPI, "command": COMMAND}
"""Of each kind of change: in which file what is written in place of what; a file that is new in place of nothing."""


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
    """What a copy with all changes tells."""
    copy = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "ccsim", copy / "ccsim", ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "tests").symlink_to(ROOT / "tests")
    for name, old, new in chain.from_iterable(RECIPES.values()):
        text = (copy / name).read_text(encoding="utf-8") if old else ""
        assert not old or text.count(old) == 1, (name, old)
        (copy / name).write_text(text.replace(old, new) if old else new, encoding="utf-8")
    return told(copy)


@pytest.fixture(scope="module")
def before() -> dict[str, Any]:
    return told(ROOT)


@pytest.mark.parametrize("kind", RECIPES)
def test_the_page_says_how_many_files_each_takes(kind: str) -> None:
    text = (ROOT / "docs" / "background" / "extending.md").read_text(encoding="utf-8")
    (row,) = re.findall(rf"^\| {kind}[^|]*\| (\d)[^|]*\| ([^|]*) \|$", text, re.MULTILINE)
    files = {name for name, _, _ in RECIPES[kind]}
    assert int(row[0]) == len(files)
    told = re.findall(r"`(ccsim/[\w/.]+)`", row[1])
    assert all((ROOT / place).exists() for place in told)
    assert all(any(name.startswith(place) for place in told) for name in files)
    assert all(any(name.startswith(place) for name in files) for place in told)


def test_both_engines_and_the_tables_count_the_new_outcome(before: dict[str, Any], changed: dict[str, Any]) -> None:
    now, then = changed["tables"], before["tables"]
    assert now == changed["reference"]
    assert then == before["reference"]
    assert min(now["queue_full"], now["blocked"]) > 5
    assert then["blocked"] == now["blocked"] + now["queue_full"]
    assert {name: now[name] for name in then if name != "blocked"} == {
        name: then[name] for name in then if name != "blocked"
    }


def test_tables_references_and_exports_have_the_new_outcome(before: dict[str, Any], changed: dict[str, Any]) -> None:
    columns = list(before["columns"])
    columns.insert(columns.index("blocked") + 1, "queue_full")
    columns.insert(columns.index("wait_answered_us"), "answered_free")
    assert changed["columns"] == columns
    assert "Visits turned away because the places in the queue were taken" in changed["page"]
    assert "| 22 | queue_full |" in changed["page"]
    assert [row[:2] for row in changed["star"]] == [[i, row[1]] for i, row in enumerate(changed["star"])]
    assert changed["star"][-1] == [22, "queue_full", "turned away: the places in the queue were taken", "turned_away"]
    assert changed["told_as"] == {**before["told_as"], "queue_full": "turned_away"}


def test_the_new_sum_is_counted(before: dict[str, Any], changed: dict[str, Any]) -> None:
    assert changed["sums"]["answered_free"] == changed["routes"]["answered_at_once"] > 5
    assert "answered_free" not in before["sums"]
    assert "| **answered_free** |" in changed["page"] or "| answered_free |" in changed["page"]


def test_the_new_kpi_is_estimated(before: dict[str, Any], changed: dict[str, Any]) -> None:
    assert changed["kpis"]["did_not_wait"] == pytest.approx(1.0 - changed["kpis"]["waited"])
    assert "did_not_wait" not in before["kpis"]
    assert "did_not_wait" in changed["kpi page"]


def test_the_new_setting_is_read_and_in_the_schema(before: dict[str, Any], changed: dict[str, Any]) -> None:
    assert (before["setting"], changed["setting"]) == (None, 6)
    assert '"desks"' in changed["schema"]


def test_the_new_command_is_there(before: dict[str, Any], changed: dict[str, Any]) -> None:
    assert changed["commands"] == ["Say hello.", *before["commands"]]
