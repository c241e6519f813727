"""One random scenario, in a process of its own maybe."""

from __future__ import annotations

import signal
import traceback
from threading import current_thread, main_thread

from tests.support.engines import checked
from tests.support.random_numbered import random_scenario


def leave_ctrl_c() -> None:
    """For processes of a pool: Ctrl-C is for the one that began them."""
    if current_thread() is main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def simulate_one(number: int) -> tuple[int, str]:
    """Visits of a random scenario, and how the engines differ, or why it cannot be simulated, in words."""
    try:
        kept, said = checked(number, random_scenario(number))
    except Exception:  # noqa: BLE001 - whatever it is, the others are to be simulated
        return 0, f"random scenario {number}:\n{traceback.format_exc()}"
    return len(kept.log), said
