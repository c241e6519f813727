"""What is packed by gzip, unpacked no further than is read."""

from __future__ import annotations

import zlib
from typing import Final

from ccsim.tables.unfit import Unfit

_PIECE: Final = 1 << 20


def unpacked(data: bytes | bytearray, most: int) -> bytearray:
    """The content of a gzip file. Raises `Unfit` if it is none, is cut short, or unpacks to more than `most` bytes."""
    expected = f"expected a gzip file of at most {most:,} bytes unpacked"
    unpacker = zlib.decompressobj(wbits=31)
    content = bytearray()
    try:
        for start in range(0, len(data), _PIECE):
            rest = data[start : start + _PIECE]
            while rest and not unpacker.eof:
                content += unpacker.decompress(rest, _PIECE)
                rest = unpacker.unconsumed_tail
                if len(content) > most:
                    raise Unfit(f"{expected}, got more")
            if unpacker.eof and (unpacker.unused_data or start + _PIECE < len(data)):
                raise Unfit(f"{expected}, got more after its end")
        while not unpacker.eof:
            more = unpacker.decompress(unpacker.unconsumed_tail, _PIECE)
            if not more:
                raise Unfit(f"{expected}, got one that is cut short")
            content += more
            if len(content) > most:
                raise Unfit(f"{expected}, got more")
    except zlib.error:
        raise Unfit(f"{expected}, got something else") from None
    return content
