"""The lines of a text file, of whichever encoding, a piece at a time."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final

from ccsim.tables.unfit import MOST_LINE, Unfit
from ccsim.text.compose import ODD_CHARACTER
from ccsim.text.tree import shown

_PIECE: Final = 1 << 18
_PLAIN: Final = bytes((9, 10, 13, *range(32, 127)))
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8", ""),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16 text"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16 text"),
)
_STATED: Final = re.compile(
    r"ascii|utf-?(8(-sig)?|16(-?[lb]e)?|32(-?[lb]e)?)|cp\d+|iso8859-\d+|koi8-[rtu]|mac-\w+|"
    r"shift_jis(x0213|_2004)?|euc_(jp|kr|jis_2004|jisx0213)|big5(hkscs)?|gb(k|2312|18030)|iso2022_\w+|hz|johab|tis-620"
)
_INVISIBLE: Final = re.compile("[\u200b\u200e\u200f\u2060]")
"""Marks of direction that some systems write around dates; they are left out."""


def encoding_of(data: bytes | bytearray, stated: str | None) -> tuple[str, int, str]:
    """The encoding of a text, the bytes of its mark, and what is told of it (UTF-8 needs no word).

    Raises `Unfit` where no encoding is stated and the text is neither UTF-8 nor UTF-16 nor that of Windows.
    """
    for mark, codec, told in _MARKS:
        if data.startswith(mark) and data[:4] != codecs.BOM_UTF32_LE:
            return codec, len(mark), told
    if stated is not None:
        return _known(stated), 0, ""
    sample = bytes(data[:4096])
    pairs = max(len(sample) // 2, 1)
    if b"\0" in sample:
        first, second = sample[::2].count(0) / pairs, sample[1::2].count(0) / pairs
        if second > 0.3 > 10 * first:
            return "utf-16-le", 0, "UTF-16 text"
        if first > 0.3 > 10 * second:
            return "utf-16-be", 0, "UTF-16 text"
        raise Unfit("expected text with cells and lines, got a file of another kind (it holds bytes 0)", 1, 1)
    return _of_eight_bits(data)


def _known(stated: str) -> str:
    try:
        codec = codecs.lookup(stated.strip()).name
    except LookupError:
        codec = ""
    if not _STATED.fullmatch(codec):
        raise Unfit(f"expected an encoding like utf-8, utf-16 or cp1252, got {shown(stated)}")
    return codec


def _of_eight_bits(data: bytes | bytearray) -> tuple[str, int, str]:
    if data.isascii():
        return "utf-8", 0, ""
    decoder = codecs.getincrementaldecoder("utf-8")()
    several = False
    start = 0
    try:
        for start in range(0, len(data), _PIECE):
            piece = data[start : start + _PIECE]
            decoder.decode(piece, start + _PIECE >= len(data))
            several = several or not piece.isascii()
    except UnicodeDecodeError as error:
        # the piece that the decoder saw begins with what it had kept of the one before
        at = start + error.start - (len(error.object) - len(data[start : start + _PIECE]))
        several = several or not data[start:at].isascii()
        line = len(data[:at].splitlines()) or 1
        found = f"the byte 0x{data[at]:02x} in line {line}"
        if several:
            why = f"UTF-8 text, but for {found}, which is none; save the file anew as CSV UTF-8, or say encoding"
            raise Unfit(why, line) from None
        try:
            for start in range(0, len(data), _PIECE):
                data[start : start + _PIECE].decode("cp1252")
        except UnicodeDecodeError:
            why = f"the text is neither UTF-8 nor that of Windows (cp1252): {found}; say encoding"
            raise Unfit(why, line) from None
        return "cp1252", 0, "the text is that of Windows (cp1252)"
    return "utf-8", 0, ""


def pieces(data: bytes | bytearray, codec: str, start: int) -> Iterator[list[str]]:
    """The lines of a text without their ends, some thousands at a time; ends are those of Unix, Windows, old Macs.

    Raises `Unfit` for what is not of the encoding, for control characters and for lines beyond the limit.
    """
    decoder = codecs.getincrementaldecoder(codec)()
    rest = ""
    line = 1
    for at in range(start, len(data), _PIECE):
        last = at + _PIECE >= len(data)
        try:
            fresh = decoder.decode(data[at : at + _PIECE], last)
        except UnicodeDecodeError as error:
            found = error.object[error.start]
            why = f"the text is not {codec}, as it seemed or is stated: the byte 0x{found:02x} is none of it"
            raise Unfit(why, line) from None
        if last:
            fresh = fresh.rstrip("\x1a")  # the end of a file of old systems
        fresh = _checked(fresh, rest, line)
        text = rest + fresh
        cut = len(text)
        if not last:
            cut = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
        lines = text[:cut].splitlines()
        rest = text[cut:]
        longest = max(map(len, lines), default=0)
        if longest > MOST_LINE or len(rest) > MOST_LINE:
            line += next((i for i, one in enumerate(lines) if len(one) > MOST_LINE), len(lines))
            raise Unfit(f"the line has more than {MOST_LINE:,} characters; no more are read", line)
        line += len(lines)
        if lines:
            yield lines


def _checked(fresh: str, rest: str, line: int) -> str:
    """The text if it holds no control characters; a few invisible marks are taken out."""
    if fresh.isascii():
        if not fresh.encode().translate(None, _PLAIN):
            return fresh
    elif _INVISIBLE.search(fresh):
        fresh = _INVISIBLE.sub("", fresh)
    odd = ODD_CHARACTER.search(fresh)
    if odd is None:
        return fresh
    before = rest + fresh[: odd.start()]
    begun = max(before.rfind("\n"), before.rfind("\r")) + 1
    line += len(before[:begun].splitlines())
    what = f"control or invisible character U+{ord(odd.group()):04X}; take it out"
    raise Unfit(what, line, len(before) - begun + 1)
