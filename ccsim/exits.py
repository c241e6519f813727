"""Exit codes of every command, and the last word on an error that no command expected."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Final, NoReturn, TextIO

from ccsim import interrupts

DONE: Final = 0
NOT_POSSIBLE: Final = 1
"""What was asked for cannot be had within the bounds that were set."""
BAD_INPUT: Final = 2
GOAL_FAILED: Final = 3
NOT_REACHED: Final = 4
"""A cap was reached before the goal of the command, or a goal is inconclusive."""
NOT_WRITTEN: Final = 5
"""Output could not be written, or a stored folder is damaged."""
OUT_OF_MEMORY: Final = 6
UNEXPECTED: Final = 70
STOPPED: Final = interrupts.STOPPED
CLOSED_PIPE: Final = 141
"""Who read the output has gone, as `head` does: nothing is said."""
TERMINATED: Final = interrupts.TERMINATED

OF_EVERY_COMMAND: Final = (
    f"Exit codes that every command has: {NOT_WRITTEN}: a file, a folder or the output could not be read or written; "
    f"{OUT_OF_MEMORY}: out of memory; {UNEXPECTED}: an error in ccsim; {STOPPED}: stopped by Ctrl-C; "
    f"{CLOSED_PIPE}: the reader of the output has gone; {TERMINATED}: stopped by SIGTERM."
)
"""Said once, below the help of each command; what a command's own codes mean is in its own text."""


OF_VERDICT: Final = {"pass": DONE, "fail": GOAL_FAILED, "inconclusive": NOT_REACHED}
"""Exit code of a command that was asked whether goals pass, by the verdict of all of them."""


def guarded(command: Callable[[], object]) -> NoReturn:
    """Call a command and end the process with its exit code; whatever goes wrong is a line on stderr, no traceback.

    `CCSIM_DEBUG=1` prints the traceback of an unexpected fault; otherwise it is written to a file that is named.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who called
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - for the whole process
    interrupts.listen()
    try:
        code = _flushed(_code_of_call(command))
    except KeyboardInterrupt:
        _say("stopped")
        code = STOPPED
    if code == STOPPED or (code and interrupts.exit_code() == TERMINATED):
        interrupts.end_now(interrupts.exit_code())
    if code and threading.active_count() > 1:  # of what failed, other threads may simulate on
        interrupts.end_now(code)
    interrupts.deafen()
    sys.exit(code)


def _code_of_call(command: Callable[[], object]) -> int:
    try:
        command()
    except SystemExit as ended:
        if isinstance(getattr(ended.__context__, "__cause__", None), KeyboardInterrupt):  # nobody but Click has seen it
            raise KeyboardInterrupt from None
        if ended.code == 1 and type(sys.stdout).__name__ == "PacifyFlushWrapper":  # what Click makes of a closed pipe
            return CLOSED_PIPE
        if isinstance(ended.code, str):
            _say(ended.code)
            return 1
        return ended.code or DONE
    except Exception as error:  # noqa: BLE001 - the last one who can
        if isinstance(error.__cause__, KeyboardInterrupt):  # of Python 3.11, where a class was being made just then
            raise KeyboardInterrupt from None
        return code_of(error)
    return DONE


def _flushed(code: int) -> int:
    """Print what is still to be printed; the exit code after that."""
    if code == STOPPED:  # a pipe that nobody reads would hold it
        return code
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    try:
        sys.stdout.flush()
    except (OSError, ValueError) as error:
        _to_nowhere(sys.stdout)
        if isinstance(error, OSError):
            error.filename = "stdout"
        return code or code_of(error)
    return code


def code_of(error: Exception) -> int:
    """Say what went wrong, and the exit code for it."""
    if isinstance(error, BrokenPipeError):
        _to_nowhere(sys.stdout)
        return CLOSED_PIPE
    if isinstance(error, MemoryError):
        _say("out of memory: try fewer --workers or replications, or a shorter horizon")
        return OUT_OF_MEMORY
    if isinstance(error, OSError):
        where = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
        _say(f"{where}could not be read or written: {error.strerror or error}")
        return NOT_WRITTEN
    known = getattr(error, "exit_code", None)
    if isinstance(known, int):
        _say(str(error))
        return known
    _fault(error)
    return UNEXPECTED


def _fault(error: Exception) -> None:
    text = "".join(traceback.format_exception(error))
    what = (str(error).splitlines() or [""])[0][:200]
    line = f"unexpected fault, please report it: {type(error).__name__}: {what}"
    if os.environ.get("CCSIM_DEBUG") == "1":
        _say(f"{text}{line}")
        return
    try:
        handle, place = tempfile.mkstemp(prefix="ccsim-fault-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError:
        _say(f"{line} (CCSIM_DEBUG=1 shows where)")
    else:
        _say(f"{line} (where: {place})")


def _say(text: str) -> None:
    with suppress(OSError, ValueError):
        encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
        print(text.encode(encoding, "backslashreplace").decode(encoding), file=sys.stderr, flush=True)


def _to_nowhere(stream: TextIO) -> None:
    """Let what a stream still holds go nowhere, so that Python's own end does not trip over it."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
