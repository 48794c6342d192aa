"""numba where it can be imported, else the same functions as plain Python (see docs/decisions/planner-engine.md).

Functions marked with :func:`compiled` use only what both understand: numbers, flat arrays (plain lists without numba)
and tuples of them.
"""

# mypy: disable-error-code="no-untyped-call,attr-defined,call-arg"

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, cast

from coordination.deployment.planner import cache

HAS_NUMBA = os.environ.get("CENTRE_PLANNER") != "plain"
"""False where numba is not installed or does not run, or ``CENTRE_PLANNER=plain`` asks to go without."""

if HAS_NUMBA:
    try:
        import numba
        from numba.core import types
        from numba.core.imputils import impl_ret_borrowed
        from numba.extending import intrinsic
    except ImportError:
        HAS_NUMBA = False
    else:
        numba.config.CACHE_DIR = str(cache.folder())

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compiled when first called, and kept on disk; runs without the interpreter's lock."""
    return _made(function, forceinline=False)


def inlined(function: F) -> F:
    """As :func:`compiled`, and made part of whoever calls it: for what is called a million times a second."""
    return _made(function, forceinline=True)


def _made(function: F, forceinline: bool) -> F:
    if not HAS_NUMBA:
        return function
    made = partial(numba.njit, nogil=True, error_model="numpy", boundscheck=False, forceinline=forceinline)
    try:
        return cast(F, made(cache=True)(function))
    except RuntimeError:  # no folder to keep it in: compiled again each time
        return cast(F, made()(function))


if HAS_NUMBA:

    @intrinsic
    def _pointer(typingctx: Any, array: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            made = context.make_array(signature.args[0])(context, builder, value=args[0])
            return impl_ret_borrowed(context, builder, signature.return_type, made.data)

        return types.CPointer(array.dtype)(array), codegen

    @compiled
    def bare(array: Any) -> Any:
        """The same memory as an array that nobody counts references to: handing it on costs nothing.

        Only while the array itself is alive, so only within the function that was given it.
        """
        return numba.carray(_pointer(array), array.shape)

else:

    def bare(array: Any) -> Any:
        return array
