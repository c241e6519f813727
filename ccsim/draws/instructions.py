"""What is one instruction of the processor in compiled code, and has no name in Python."""

from __future__ import annotations

from typing import Any

import numba
from llvmlite import ir
from numba.core import cgutils, types
from numba.cpython.unsafe.numbers import leading_zeros, trailing_zeros


def lowest_bit(mask: int) -> int:
    """Position of the lowest bit that is set; the mask is positive. Compiled, one instruction."""
    return int(mask & -mask).bit_length() - 1


@numba.extending.overload(lowest_bit, inline="always")
def _lowest_bit(mask):  # type: ignore[no-untyped-def]
    return lambda mask: trailing_zeros(mask)  # type: ignore[call-arg]


def highest_bit(mask: int) -> int:
    """Position of the highest bit that is set; the mask is positive. Compiled, one instruction."""
    return int(mask).bit_length() - 1


@numba.extending.overload(highest_bit, inline="always")
def _highest_bit(mask):  # type: ignore[no-untyped-def]
    return lambda mask: 63 - leading_zeros(mask)  # type: ignore[call-arg]


def fetch(rows: Any, row: int, column: int) -> None:
    """Ask the processor for the line of memory in which a word of a table lies; it goes on meanwhile.

    Compiled, one instruction that changes nothing; else nothing at all.
    """


@numba.extending.intrinsic
def _fetch(_context, rows, row, column):  # type: ignore[no-untyped-def]
    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        kind = signature.args[0]
        array = context.make_array(kind)(context, builder, arguments[0])
        place = cgutils.get_item_pointer(context, builder, kind, array, arguments[1:], wraparound=False)
        byte = builder.bitcast(place, cgutils.voidptr_t)
        word = ir.IntType(32)
        prefetch = builder.module.declare_intrinsic(
            "llvm.prefetch", [cgutils.voidptr_t], ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, word, word, word])
        )
        to_write, close, data = 1, 3, 1
        builder.call(prefetch, [byte, word(to_write), word(close), word(data)])
        return context.get_dummy_value()

    return types.void(rows, types.intp, types.intp), generate


@numba.extending.overload(fetch, inline="always")
def _fetch_line(rows, row, column):  # type: ignore[no-untyped-def]
    return lambda rows, row, column: _fetch(rows, row, column)  # type: ignore[call-arg]
