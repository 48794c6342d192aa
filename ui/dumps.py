"""When the program dies, what it had in memory (names, what was typed, a password) must not be left on a disk."""

from __future__ import annotations

import sys
from contextlib import suppress

_NO_FAULT_BOX = 0x0001 | 0x0002  # neither a box for the fault nor the report that goes with it


def no_dumps() -> None:
    """No core files of this process and of what it starts, and no reports of the system's that hold its memory."""
    if sys.platform == "win32":
        import ctypes

        with suppress(OSError, AttributeError):
            ctypes.windll.kernel32.SetErrorMode(ctypes.windll.kernel32.GetErrorMode() | _NO_FAULT_BOX)
        return
    import resource

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
