"""Printing that no terminal and no file name can break."""

from __future__ import annotations

import sys


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
    except OSError:
        if not err:  # a full or closed stderr does not end a command
            raise
