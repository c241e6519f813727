"""The folder of compiled code: never one that others may write to, and what is damaged in it is compiled again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.files import ROOT

WHERE = "from ccsim.draws.jit import CACHE; print(CACHE)"
# an entry in a module of its own, as Numba keys its cache by file
TWICE = "from ccsim.draws.jit import kernel_entry\n\n@kernel_entry\ndef twice(x):\n    return 2 * x\n"
ASK = "import logging; logging.basicConfig(); from twice_module import twice; print(twice(21))"


def ask(code: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    known = os.environ | {"CCSIM_CACHE_DIR": str(folder / "cache"), "TMPDIR": str(folder), "PYTHONPATH": str(folder)}
    known["PYTHONPATH"] += os.pathsep + str(ROOT)
    done = subprocess.run([sys.executable, "-c", code], env=known | more, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done


def test_the_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    found = Path(ask(WHERE, tmp_path, NUMBA_DISABLE_JIT="1").stdout.strip())
    assert found.parent == tmp_path / "cache" / "ccsim"
    assert [one.stat().st_mode & 0o777 for one in (found, found.parent)] == [0o700, 0o700]


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_folder_that_others_may_write_to_is_not_taken(tmp_path: Path, mode: int) -> None:
    for name in ("cache/ccsim", f"ccsim-{os.getuid()}"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name).chmod(mode)
    done = ask(WHERE, tmp_path, NUMBA_DISABLE_JIT="1")
    found = Path(done.stdout.strip())
    assert found.parent == tmp_path
    assert found.name.startswith("ccsim-")
    assert found.name != f"ccsim-{os.getuid()}"
    assert not found.exists()  # it is gone with the process
    assert "ours alone" in done.stderr


@pytest.mark.parametrize("kind", ["nbi", "nbc"])
@pytest.mark.parametrize("damage", ["empty", "short", "garbage", "changed"])
def test_a_damaged_file_is_made_anew(tmp_path: Path, kind: str, damage: str) -> None:
    (tmp_path / "twice_module.py").write_text(TWICE)
    assert ask(ASK, tmp_path).stderr == ""
    (file,) = (tmp_path / "cache").rglob(f"*.{kind}")
    whole = file.read_bytes()
    middle = len(whole) // 2
    changed = {
        "empty": b"",
        "short": whole[:middle],
        "garbage": b"\x00garbage" * 99,
        "changed": whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :],
    }
    file.write_bytes(changed[damage])
    done = ask(ASK, tmp_path)
    assert done.stdout == "42\n"
    if (kind, damage) != ("nbi", "changed"):  # a changed index may only be stale
        assert "damaged" in done.stderr
    done = ask(ASK, tmp_path)
    assert (done.stdout, done.stderr) == ("42\n", "")


def test_what_lies_compiled_is_loaded_without_what_only_compiling_needs(tmp_path: Path) -> None:
    (tmp_path / "twice_module.py").write_text(TWICE)
    needed = "; import sys; print('numba.np.arraymath' in sys.modules, 'scipy.linalg' in sys.modules)"
    assert ask(ASK + needed, tmp_path).stdout == "42\nTrue True\n"
    assert ask(ASK + needed, tmp_path).stdout == "42\nFalse False\n"
    other = ASK + "; print(twice(1.5))"  # an argument of another type is compiled beside it
    assert ask(other, tmp_path).stdout == "42\n3.0\n"


def test_what_lies_compiled_is_loaded_before_it_is_called_and_nothing_else_is_compiled(tmp_path: Path) -> None:
    (tmp_path / "twice_module.py").write_text(TWICE)
    ahead = "from twice_module import twice; from ccsim.draws import jit; jit.load_compiled(); print(twice.signatures)"
    assert ask(ahead, tmp_path).stdout == "[]\n"
    ask(ASK, tmp_path)
    assert ask(ahead, tmp_path).stdout == "[(int64,)]\n"
    assert ask(ahead, tmp_path, NUMBA_CPU_NAME="generic", NUMBA_CPU_FEATURES="").stdout == "[]\n"  # another machine
    (file,) = (tmp_path / "cache").rglob("*.nbi")
    file.write_bytes(b"\x00garbage")
    assert ask(ahead, tmp_path).stdout == "[]\n"
