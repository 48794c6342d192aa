"""Repairs of what lies beneath us, each with the version that needs it. Run on importing ``ui``.

The wheels of PySide6 6.12.0 are built against the headers of Python 3.12, where ``None``, ``True``, ``False`` and
``NotImplemented`` are immortal and returning one takes no reference. On Python 3.11 every signal emitted, every empty
property read, drops a reference too many (measured; 6.11.3 does not), and after some thousands the process aborts with
"deallocating None". So on 3.11 these four are given more references than a year of shifts can drop: what 3.12 does for
good.
"""

from __future__ import annotations

import ctypes
import sys

_PLENTY = 1 << 40


def keep_singletons_alive() -> None:
    """Give the singletons so many references that dropping too many cannot free them."""
    if sys.implementation.name != "cpython" or sys.version_info >= (3, 12):
        return
    for singleton in (None, True, False, NotImplemented):
        count = ctypes.c_ssize_t.from_address(id(singleton))
        if count.value < _PLENTY:
            count.value += _PLENTY
