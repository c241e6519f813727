"""Printing that no terminal and no file name can break."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ccsim.errors import CcsimError, DamagedError
from ccsim.exits import STOPPED


def say(text: str, *, err: bool = False) -> None:
    """Print a line on stdout, or on stderr; signs that the stream cannot show are written plainer, or as escapes."""
    stream = sys.stderr if err else sys.stdout
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.replace("±", "+/-").encode(encoding, "backslashreplace").decode(encoding)
    try:
        print(text, file=stream)
    except OSError as error:
        if not err:  # a full or closed stderr does not end a command
            error.filename = "stdout"
            raise


def flush() -> None:
    """Let what was printed be seen now: into a file or a pipe it would wait for more."""
    try:
        sys.stdout.flush()
    except OSError as error:
        error.filename = "stdout"
        raise


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def ending() -> Iterator[None]:
    """What goes wrong ends the command: its text on stderr, its exit code; `stopped` for a Ctrl-C without a text."""
    from typer import Exit  # a command that starts without it prints, too

    try:
        yield
    except CcsimError as error:
        say(str(error), err=True)
        raise Exit(error.exit_code) from None
    except KeyboardInterrupt as told:
        say(str(told) or "stopped", err=True)
        raise Exit(STOPPED) from None


def tell(document: Callable[[], Any], lines: Callable[[], Iterable[str]], *, as_json: bool) -> None:
    """Print an answer, as one JSON document or as lines for people."""
    if as_json:
        say(json.dumps(document(), indent=1, ensure_ascii=False, allow_nan=False))
    else:
        say("\n".join(lines()))


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Work on what a folder holds; what its contents cannot bear is a damaged folder (`CCSIM_DEBUG=1`: as it is)."""
    try:
        yield
    except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError, NotImplementedError) as error:
        if os.environ.get("CCSIM_DEBUG") == "1":
            raise
        what = (str(error).splitlines() or [""])[0][:200]
        raise DamagedError(f"{folder}: is damaged or was changed ({type(error).__name__}: {what})") from error
