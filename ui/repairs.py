"""Repairs of what lies beneath us, each with the version that needs it. Run on importing ``ui``.

PySide6 6.12.0 drops one reference to ``True`` with every ``Signal.emit`` (measured; 6.11.3 does not). From Python 3.12 on
``True`` is immortal and nothing happens; on 3.11 the process aborts after a few hundred signals. So there it is given more
references than a year of shifts can drop, which is what 3.12 does for good.
"""

from __future__ import annotations

import ctypes
import sys

_PLENTY = 1 << 40


def keep_true_alive() -> None:
    """Give ``True`` so many references that a leak of them cannot free it."""
    if sys.implementation.name == "cpython" and sys.version_info < (3, 12):
        count = ctypes.c_ssize_t.from_address(id(True))
        if count.value < _PLENTY:
            count.value += _PLENTY
