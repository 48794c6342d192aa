"""Sources, readers and mails for the tests of the inbox."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from coordination.messages.inbox import Source, SourceDraft, SourceRow
from coordination.messages.inbox_folder import FolderPlace
from coordination.messages.inbox_reader import Reader
from coordination.values import new_id
from tests.database import CentreDb, SignedIn


def mail(number: int, words: str = "She fell and cannot get up the stairs.", **headers: str) -> bytes:
    lines = {"From": "Sylvia <s@example.org>", "Subject": f"Mail {number}", "Message-ID": f"<{number}@example.org>"}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in {**lines, **headers}.items())
    return f"{head}\r\n{words} {number}\r\n".encode()


def watched(db: CentreDb, folder: Path, name: str = "Watched") -> Source:
    keeper = db.sign_in("max.manager")
    return keeper.services.inbox.add(SourceDraft(name=name, folder=str(folder)), new_id())


def folder_reader(desk: SignedIn, source: Source, quiet: timedelta = timedelta(), **how: Any) -> Reader:
    """A reader that takes a file to be whole at once, unless told otherwise."""
    make = lambda where: FolderPlace(Path(where.folder), quiet=quiet)  # noqa: E731
    return Reader(desk.services.inbox.reading, source.id, make, **how)


def row(desk: SignedIn, source: Source) -> SourceRow:
    return next(r for r in desk.services.inbox.sources() if r.source.id == source.id)


def count(db: CentreDb, table: str) -> int:
    with db.owner.connect() as connection:
        found: int = connection.execute(text(f"select count(*) from {table}")).scalar_one()
        return found
