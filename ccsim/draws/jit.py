"""The one way to Numba.

Numba's on-disk cache does not see edits in the files of callees, so the cache folder is keyed by a digest of all
sources that are compiled: an edit anywhere gives a new, empty folder.
"""

from __future__ import annotations

import atexit
import hashlib
import logging
import os
import pickle
import shutil
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import numba
from llvmlite.binding import Linkage
from numba.core import types
from numba.core.caching import FunctionCache, IndexDataCacheFile
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.dispatcher import Dispatcher
from numba.core.lowering import Lower
from numba.core.typed_passes import NativeLowering
from numba.np import arrayobj

log: Final = logging.getLogger("ccsim.draws")

P = ParamSpec("P")
R = TypeVar("R")

_PACKAGE: Final = Path(__file__).resolve().parent.parent
_COMPILED: Final = ("draws", "kernel", "records")
"""Folders of what is compiled; `records` has codes and positions that are compiled in."""


def sources_digest() -> str:
    """Digest of every compiled source and of Numba's version, 16 hexadecimal digits."""
    digest = hashlib.blake2b(numba.__version__.encode(), digest_size=8)
    for folder in _COMPILED:
        for path in sorted((_PACKAGE / folder).glob("*.py")):
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def cache_folder() -> Path:
    """Folder of the compiled kernel: under `CCSIM_CACHE_DIR`, else the user's cache, else a temporary folder.

    What lies in it is run as code, so a folder that another user owns or may write to is not taken; where none is
    safe, the kernel is compiled into a folder of this process alone, which is removed at its end.
    """
    base = os.environ.get("CCSIM_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    for above in (Path(base) / "ccsim", Path(tempfile.gettempdir()) / f"ccsim-{os.getuid()}"):
        folder = above / sources_digest()
        try:
            above.parent.mkdir(parents=True, exist_ok=True)
            for one in (above, folder):
                one.mkdir(mode=0o700, exist_ok=True)
            if _ours_alone(above) and _ours_alone(folder):
                with tempfile.TemporaryFile(dir=folder):
                    return folder
        except OSError:
            continue
    private = Path(tempfile.mkdtemp(prefix="ccsim-"))
    atexit.register(shutil.rmtree, private, ignore_errors=True)
    log.warning("no folder for the compiled kernel that is ours alone: it is compiled again for this command")
    return private


def _ours_alone(folder: Path) -> bool:
    """Whether a folder is this user's, and nobody else may write to it."""
    facts = folder.lstat()
    return stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.getuid() and not facts.st_mode & 0o022


CACHE: Final = cache_folder()
numba.config.CACHE_DIR = str(CACHE)  # type: ignore[attr-defined]


# The kernel allocates nothing, so Numba's reference counts are switched off: counting every array of a state at every
# call cost 25 times the work itself.
_COMMON: Final[dict[str, Any]] = {"nogil": True, "fastmath": False, "error_model": "numpy", "_nrt": False}
# Said to every function, as Numba lets callees inherit it.
_APART: Final[dict[str, Any]] = {"forceinline": False}
_INNER: Final[dict[str, Any]] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def _for_any_number(compiled: Any) -> Any:
    """A function compiled once for any whole number, not anew for each constant that a caller names."""
    if not isinstance(compiled, Dispatcher):  # nothing is compiled
        return compiled
    dispatcher: Any = compiled
    template = dispatcher.get_call_template

    def get_call_template(args: Any, kws: Any) -> Any:
        plain = {name: types.unliteral(kind) for name, kind in kws.items()}
        return template(tuple(types.unliteral(kind) for kind in args), plain)

    dispatcher.get_call_template = get_call_template
    return dispatcher


def _index_as_it_is(context: Any, builder: Any, kind: Any, index: Any, size: Any) -> Any:
    """An index without Python's counting from the end: the kernel has no negative index."""
    return context.cast(builder, index, kind, types.intp)


class _LowerKernel(Lower):
    """Lowering without the wrap-around of negative indices: a third of the kernel's instructions."""

    def lower(self) -> None:
        wrapped = arrayobj.fix_integer_index
        arrayobj.fix_integer_index = _index_as_it_is  # under Numba's lock of the compiler, and put back
        try:
            super().lower()  # type: ignore[no-untyped-call]
        finally:
            arrayobj.fix_integer_index = wrapped


def _leave_to_entry(library: Any) -> None:
    """Keep a step as it was written: whatever entry it ends in links, optimizes and translates it once.

    Numba does all three for each function with all that it calls, so what lies six calls deep was done six times.
    """

    def finalize() -> None:
        library._finalized = True

    library.finalize = finalize


def _finish_with_steps(library: Any) -> None:
    """Link an entry with every step below it, and let LLVM drop the arguments that steps do not use.

    Rules and state are a hundred arrays of seven words: handed on whole, they cost more than what the steps do.
    """
    finalize, optimize = library.finalize, library._optimize_final_module

    def finalize_whole() -> None:
        library._linking_libraries = _all_below(library)
        finalize()

    def optimize_own() -> None:
        for function in library._final_module.functions:
            if not function.is_declaration and function.linkage == Linkage.linkonce_odr:
                function.linkage = Linkage.internal
        optimize()

    library.finalize = finalize_whole
    library._optimize_final_module = optimize_own


def _without_environment(_name: str, _environment: Any) -> None:
    """Where a step is not translated, there is no place to write its environment to; no step uses one."""


def _all_below(library: Any) -> list[Any]:
    """Libraries that a library calls and those that they call, each before what it calls itself."""
    # LLVM links of a library only what is called by then
    found: dict[int, Any] = {}

    def see(one: Any) -> None:
        for below in one._linking_libraries:
            if id(below) not in found:
                see(below)
                found[id(below)] = below

    see(library)
    return list(reversed(found.values()))


class _LowerEntry(_LowerKernel):
    def lower(self) -> None:
        _finish_with_steps(self.library)
        super().lower()


class _LowerStep(_LowerKernel):
    def lower(self) -> None:
        _leave_to_entry(self.library)
        super().lower()


class _LowerOutOfLine(_LowerStep):
    """Lowering that also marks a function as not to be put into its callers, which `njit` cannot say."""

    def setup_function(self, fndesc: Any) -> None:
        super().setup_function(fndesc)  # type: ignore[no-untyped-call]
        self.function.attributes.add("noinline")


@register_pass(mutates_CFG=True, analysis_only=False)
class _StepPass(NativeLowering):
    _name = "ccsim_lower_step"

    @property
    def lowering_class(self) -> type[Lower]:
        return _LowerStep

    def run_pass(self, state: Any) -> bool:
        codegen = state.targetctx.codegen()
        codegen.set_env = _without_environment  # under Numba's lock of the compiler, and put back
        try:
            return bool(super().run_pass(state))  # type: ignore[no-untyped-call]
        finally:
            del codegen.set_env


@register_pass(mutates_CFG=True, analysis_only=False)
class _EntryPass(NativeLowering):
    _name = "ccsim_lower_entry"

    @property
    def lowering_class(self) -> type[Lower]:
        return _LowerEntry


@register_pass(mutates_CFG=True, analysis_only=False)
class _OutOfLinePass(_StepPass):
    _name = "ccsim_lower_out_of_line"

    @property
    def lowering_class(self) -> type[Lower]:
        return _LowerOutOfLine


class _Step(CompilerBase):
    """Numba's own pipeline with that lowering."""

    lowering: type[NativeLowering] = _StepPass

    def define_pipelines(self) -> list[Any]:
        pipeline = DefaultPassBuilder.define_nopython_pipeline(self.state)
        pipeline.add_pass_after(self.lowering, NativeLowering)
        pipeline.passes = [entry for entry in pipeline.passes if entry[0] is not NativeLowering]
        pipeline._finalized = False
        pipeline.finalize()
        return [pipeline]


class _OutOfLine(_Step):
    lowering = _OutOfLinePass


class _Entry(_Step):
    lowering = _EntryPass


class _CheckedFiles(IndexDataCacheFile):
    """Numba's files of compiled code with a checksum: what is damaged is compiled again."""

    _SUM: Final = 16

    def load(self, key: Any) -> Any:
        try:
            return super().load(key)  # type: ignore[no-untyped-call]
        except Exception as error:  # noqa: BLE001 - unpickling garbage may raise anything
            self._forget(error)
            return None

    def save(self, key: Any, data: Any) -> None:
        try:
            super().save(key, data)  # type: ignore[no-untyped-call]
        except (pickle.UnpicklingError, EOFError, ValueError) as error:
            self._forget(error)
            super().save(key, data)  # type: ignore[no-untyped-call]

    def _forget(self, error: Exception) -> None:
        log.warning("the compiled kernel in %s is damaged (%s); it is made anew", CACHE, type(error).__name__)
        Path(self._index_path).unlink(missing_ok=True)

    def _dump(self, obj: Any) -> bytes:
        body: bytes = super()._dump(obj)  # type: ignore[no-untyped-call]
        return body + hashlib.blake2b(body, digest_size=self._SUM).digest()  # unpickling stops before it

    def _load_data(self, name: str) -> Any:
        whole = Path(self._data_path(name)).read_bytes()  # type: ignore[no-untyped-call]
        body, found = whole[: -self._SUM], whole[-self._SUM :]
        if hashlib.blake2b(body, digest_size=self._SUM).digest() != found:
            raise ValueError(f"{name}: its checksum is wrong")
        return pickle.loads(body)  # noqa: S301 - the folder is ours alone


class _AsItLies(FunctionCache):
    """Numba's cache, asked before Numba is made ready to compile: what lies there needs nothing of that.

    Ready to compile means some 100 modules, SciPy's linear algebra among them, which take longer than the whole kernel
    takes to load. What does not lie there is compiled, and the compiler makes itself ready.
    """

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)  # type: ignore[no-untyped-call]

    def lying(self, target_context: Any) -> list[Any]:
        """Signatures that lie here compiled for this machine; none where the index cannot be read."""
        codegen = target_context.codegen()
        try:
            index = self._cache_file._load_index()
            return [key[0] for key in index if key == self._index_key(key[0], codegen)]  # type: ignore[no-untyped-call]
        except Exception:  # noqa: BLE001 - whoever calls the function finds out, and says so
            return []


_ENTRIES: Final[list[Any]] = []
"""Functions that Python calls, of all modules that are loaded."""


def load_compiled() -> None:
    """Load what lies compiled of all functions that Python calls, and compile nothing."""
    for entry in _ENTRIES:
        if isinstance(cache := getattr(entry, "_cache", None), _AsItLies):
            for signature in cache.lying(entry.targetctx):
                entry.compile(signature)


def kernel_entry(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function that Python calls: cached, free of the GIL, never with relaxed arithmetic."""
    compiled: Any = numba.njit(cache=True, pipeline_class=_Entry, **_COMMON, **_APART)(function)
    cache = getattr(compiled, "_cache", None)  # none where nothing is compiled
    if cache is not None:
        cache.__class__ = _AsItLies
        cache._cache_file.__class__ = _CheckedFiles
    _ENTRIES.append(compiled)
    return _for_any_number(compiled)


def kernel_step(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a step that only compiled functions call, into its callers: for what every contact passes."""
    compiled = numba.njit(forceinline=True, pipeline_class=_Step, **_COMMON, **_INNER)(function)
    return _for_any_number(compiled)


def kernel_call(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a step that only compiled functions call, apart from them: for what is bulky or rare.

    Kept out of line, it leaves the loop of the common steps short enough for the processor's instruction cache.
    """
    compiled = numba.njit(pipeline_class=_OutOfLine, **_COMMON, **_INNER, **_APART)(function)
    return _for_any_number(compiled)


def compiled_before(name: str) -> bool:
    """Whether a compiled version of a kernel function lies in the cache already."""
    return any(CACHE.rglob(f"*{name}*.nbi"))
