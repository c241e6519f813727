"""Printing that no terminal and no file name can break."""

from __future__ import annotations

import sys


def say(text: str, *, err: bool = False) -> None:
    """Print a line on stdout, or on stderr; signs that the stream cannot show are written as escapes."""
    stream = sys.stderr if err else sys.stdout
    encoding = getattr(stream, "encoding", None) or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream)
