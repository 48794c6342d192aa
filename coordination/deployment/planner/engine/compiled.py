"""numba where it can be imported, else the same functions as plain Python (see docs/decisions/planner-engine.md).

Functions marked with :func:`compiled` use only what both understand: numbers, flat arrays (plain lists without numba)
and tuples of them.
"""

# mypy: disable-error-code="no-untyped-call,attr-defined,call-arg"

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar, cast

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

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compiled when first called, and kept on disk; runs without the interpreter's lock."""
    if not HAS_NUMBA:
        return function
    made = numba.njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)(function)
    return cast(F, made)


def inlined(function: F) -> F:
    """As :func:`compiled`, and made part of whoever calls it: for what is called a million times a second."""
    if not HAS_NUMBA:
        return function
    made = numba.njit(cache=True, nogil=True, error_model="numpy", boundscheck=False, forceinline=True)(function)
    return cast(F, made)


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
