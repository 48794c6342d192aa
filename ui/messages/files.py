"""From a path to a :class:`Taken`: the size is asked for before anything is read."""

from __future__ import annotations

from pathlib import Path

from coordination.messages.reading import MAX_FILE, not_read
from coordination.messages.record import Taken
from coordination.messages.service import Messages


def take_in(messages: Messages, path: Path) -> Taken:
    """Read and take in one file. A file that cannot be read is refused with the reason. Raises as Messages.take_in."""
    try:
        if path.is_dir():
            return Taken(not_read(path.name, "file_is_folder"), "refused")
        size = path.stat().st_size
        if size > MAX_FILE:
            return Taken(not_read(path.name, "file_too_large", size, size=size, limit=MAX_FILE), "refused")
        if not path.is_file():  # a pipe or a device has no end
            return Taken(not_read(path.name, "file_unreadable"), "refused")
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)  # it may have grown since
    except FileNotFoundError:
        return Taken(not_read(path.name, "file_not_found"), "refused")
    except OSError:
        return Taken(not_read(path.name, "file_unreadable"), "refused")
    return messages.take_in(path.name, data)
