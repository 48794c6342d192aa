"""The folder beside a watched one into which answers to wards are written, each file whole or not at all. No Qt."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from coordination.errors import CoordinationError
from coordination.messages.inbox import DEFAULT_FOLDER, Source

if TYPE_CHECKING:
    from coordination.messages.hospital_service import Hospital, SentRound

OUTGOING = "outgoing"


def folder_beside(source: Source, data_folder: Path) -> Path:
    """``…/outgoing`` beside ``…/inbox``: never inside it, where it would be read as something that came."""
    watched = data_folder / DEFAULT_FOLDER if source.folder == DEFAULT_FOLDER else Path(source.folder)
    return watched.parent / OUTGOING


def write_whole(path: Path | str, content: bytes) -> None:
    """The file is there with all of its bytes, or not there: whoever collects it never sees half of it.

    Raises OSError; nothing is left behind then. Written again with the same bytes it is the same file.
    """
    final = Path(path)
    half = final.with_name(f".{final.name}.{os.getpid()}.part")
    try:
        with half.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.replace(final)
    except OSError:
        with suppress(OSError):
            half.unlink()
        raise


def sender(hospital: Callable[[], Hospital], data_folder: Path) -> Callable[[Source], SentRound]:
    """What is done after each look at a source: the answers that go into the folder beside it are written.

    A folder that cannot be written to is tried again after the next look; until then the answers stay due.
    """

    def send(source: Source) -> SentRound:
        from coordination.messages.hospital_service import SentRound  # when something is due

        if source.kind != "folder":
            return SentRound()
        folder = folder_beside(source, data_folder)

        def put(name: str, content: bytes) -> None:
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(folder / name, content)

        try:
            return hospital().send_due(source.id, put)
        except (OSError, CoordinationError):
            return SentRound()

    return send
