"""Tuples of arrays as compiled functions find them in memory.

At every call Numba looks at each array of its arguments and makes a description of it: rules and state are 160 arrays,
which took 25 microseconds a call. What is held is described once, and a call reads the descriptions.
"""

from __future__ import annotations

from typing import Any, Final, TypeVar, cast

import numba
import numpy as np
from llvmlite import ir
from numba.core import types
from numba.core.datamodel import models
from numba.core.dispatcher import Dispatcher
from numba.extending import NativeValue, intrinsic, register_model, unbox

from ccsim.draws.jit import kernel_entry

T = TypeVar("T", bound=tuple[Any, ...])

_WORDS_OF_ARRAY: Final = 12
"""Words that Numba's description of an array has at most: five, and two for each of its dimensions."""


class _HeldTuple(types.NamedTuple):
    """Numba's type of a tuple of arrays that is held: the same to compiled code, other to who calls it."""

    def __init__(self, plain: types.NamedTuple) -> None:
        super().__init__(plain.types, plain.instance_class)  # type: ignore[no-untyped-call]
        self.name = f"held {self.name}"


register_model(_HeldTuple)(models.TupleModel)


def _loaded(builder: ir.IRBuilder, kind: ir.Type, place: ir.Value) -> ir.Value:
    """What lies at a place, word by word, so that words which nobody uses are not loaded."""
    if not isinstance(kind, ir.Aggregate):
        return builder.load(place)
    whole = ir.Constant(kind, ir.Undefined)
    for at, part in enumerate(kind.elements):
        inner = builder.gep(place, [ir.IntType(32)(0), ir.IntType(32)(at)], inbounds=True)
        whole = builder.insert_value(whole, _loaded(builder, part, inner), at)
    return whole


@unbox(_HeldTuple)  # type: ignore[untyped-decorator]
def _read(kind: Any, held: Any, context: Any) -> NativeValue:
    """The tuple that an argument holds."""
    number = context.pyapi.object_getattr_string(held, "address")
    address = context.pyapi.long_as_longlong(number)
    context.pyapi.decref(number)
    native = context.context.get_value_type(kind)
    place = context.builder.inttoptr(address, native.as_pointer())
    return NativeValue(_loaded(context.builder, native, place))


@intrinsic
def _write(_context, address, value):  # type: ignore[no-untyped-def]
    """Write the descriptions of a tuple to an address."""

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        native = context.get_value_type(signature.args[1])
        builder.store(arguments[1], builder.inttoptr(arguments[0], native.as_pointer()))
        return context.get_dummy_value()

    return types.void(types.intp, value), generate


@kernel_entry
def _describe(address: int, value: Any) -> None:
    """Write the descriptions of a tuple of arrays to where there is room for them."""
    _write(address, value)  # type: ignore[call-arg]


class _Held:
    """A tuple of arrays with its descriptions; to Python the tuple itself."""

    __slots__ = ("_numba_type_", "_room", "_value", "address")
    describe = staticmethod(_describe)

    def __init__(self, value: tuple[Any, ...]) -> None:
        arrays = _arrays(value)
        self._value = value  # the arrays live as long as their descriptions
        self._room = np.empty(_WORDS_OF_ARRAY * len(arrays), np.int64)
        self.address = int(self._room.ctypes.data)
        self._numba_type_ = _type_of(value, arrays)
        self.describe(self.address, value)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._value, name)

    def __getitem__(self, place: Any) -> Any:
        return self._value[place]

    def __len__(self) -> int:
        return len(self._value)


def _arrays(value: tuple[Any, ...]) -> list[Any]:
    """Arrays of a tuple and of the tuples in it."""
    found: list[Any] = []
    for one in value:
        if isinstance(one, tuple):
            found += _arrays(one)
        else:
            found.append(one)
    return found


_TYPES: Final[dict[tuple[Any, ...], _HeldTuple]] = {}


def _type_of(value: tuple[Any, ...], arrays: list[Any]) -> _HeldTuple:
    """Numba's type of a tuple that is held, looked up by what it depends on: finding it out takes long."""
    key = (type(value), *((one.ndim, one.dtype.num, one.flags.num) for one in arrays))
    if key not in _TYPES:
        _TYPES[key] = _HeldTuple(numba.typeof(value))
    return _TYPES[key]


def held(value: T) -> T:
    """A tuple of arrays (and of such tuples), ready to be handed to compiled functions often.

    It is read as the tuple is. What is handed on are its arrays: another array in the tuple needs another call of this.
    """
    if isinstance(value, _Held) or not isinstance(_Held.describe, Dispatcher):  # or nothing is compiled
        return value
    return cast(T, _Held(value))
