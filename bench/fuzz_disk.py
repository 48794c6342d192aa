"""Doors to this computer: its disk, workbooks that somebody opens, a watched folder."""

from __future__ import annotations

import io
import json
import os
import tempfile
import zipfile
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bench.fuzz_door import NOW, Door, must_be_keepable
from coordination.values import new_id

if TYPE_CHECKING:
    from coordination.messages.inbox import Held

# -------------------------------------------------------------------- what lies on this computer's disk

_PASSWORD = "a passphrase of several words"


@cache
def _draft_files() -> tuple[bytes, ...]:
    from coordination.local.model import Entry, Put
    from db.local.store import EncryptedStore
    from db.local.wraps import Cost

    with tempfile.TemporaryDirectory() as folder:
        store = EncryptedStore(Path(folder) / "u", _PASSWORD, None, Cost(2, 1, 1))
        for number in range(4):
            store.write([Put(Entry("contact", f"c{number}", {"need": "fell"}, NOW))])
        content = next((Path(folder) / "u").glob("*.log")).read_bytes()
        store.close()
    return (content,)


def draft_file(content: bytes) -> None:
    """Drafts and outbox, tampered with: the store opens, gives what is sound, and keeps what it could not read."""
    from db.local.store import EncryptedStore
    from db.local.wraps import Cost

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "u"
        place.mkdir()
        (place / "0123456789abcdef.log").write_bytes(content)
        store = EncryptedStore(place, _PASSWORD, None, Cost(2, 1, 1))
        found = store.take_in()
        left = [path for path in place.iterdir() if path.stem == "0123456789abcdef" and path.suffix != ".lock"]
        assert not (found.damaged or found.under_other_key) or left, "what could not be read is gone"
        store.close()


@cache
def _outbox() -> tuple[bytes, ...]:
    from coordination.intake.model import ContactDraft, NoAction
    from coordination.local.outbox import OutboxItem
    from coordination.values import ContactId

    item = OutboxItem(
        ContactId(new_id()), ContactDraft(need="fell"),
        NoAction("nothing"), NOW, "A contact", {"need": "fell"},
    )  # fmt: skip
    return (json.dumps(item.entry().data).encode(),)


def outbox_entry(content: bytes) -> None:
    """A contact that waits, as another version of the program wrote it. May raise ``wire.Unreadable``."""
    from coordination.local import assessments, outbox, wire
    from coordination.local.model import Entry

    try:
        kept = json.loads(content)
    except (ValueError, RecursionError):
        return
    data = kept if isinstance(kept, dict) else {"value": kept}
    entry = Entry("outbox", "a", data, NOW)
    with suppress(wire.Unreadable):
        outbox.read(entry)
    for kind in assessments.KINDS:
        assessments.read([Entry(kind, "a/b", {"value": kept}, NOW), Entry(kind, "a/b", data, NOW)])
    wire.decode_what_can_be(data)


@cache
def _backups() -> tuple[bytes, ...]:
    from db.backup.contents import Login, Manifest, TableFigures
    from db.backup.sealed import Writer

    login = Login("ann.lead", "", True, ("manager",))
    manifest = Manifest("0043", NOW, (login,), {"public.x": TableFigures(1, "a-b")}).as_json()
    made = [manifest]
    for inside in (b"short", manifest):
        with tempfile.TemporaryFile() as file:
            writer = Writer(file, _PASSWORD, {"n": 2, "r": 1, "p": 1})
            writer.write(len(inside).to_bytes(8, "big") + inside)
            writer.finish()
            file.seek(0)
            made.append(file.read())
    return tuple(made)


def backup(content: bytes) -> None:
    """A backup file that somebody altered, cut or made up; and what stands in its first piece."""
    from db.backup.contents import Manifest
    from db.backup.sealed import pieces

    with suppress(ValueError, KeyError, TypeError):
        Manifest.from_json(content)
    for _piece in pieces(io.BytesIO(content), _PASSWORD):
        pass


def _seals() -> tuple[bytes, ...]:
    from coordination.governance.sealing import KeptSeal

    return (KeptSeal(7, b"0" * 32).as_json().encode(),)


def kept_seal(content: bytes) -> None:
    """A seal of the audit trail that was kept elsewhere. May raise ValueError."""
    from coordination.governance.sealing import KeptSeal

    with suppress(ValueError):
        KeptSeal.from_json(content.decode("utf-8", "replace"))


# -------------------------------------------------------------------- workbooks


@cache
def _books() -> tuple[bytes, ...]:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Table 2: Number of patients who no longer meet criteria to reside and number of patients discharged"],
        [None, None, None, date(2026, 11, 1), None],
        ["Region", "Org Code", "Org Name", "Number of patients remaining", "Number of patients discharged"],
        ["North West", "R0A", "Manchester", 12, 3.5], ["North West", "RBV", "Christie", "-", "*"],
    ):  # fmt: skip
        sheet.append(row)
    made = io.BytesIO()
    book.save(made)
    return (made.getvalue(),)


def workbook(content: bytes) -> None:
    """A published workbook, damaged or made up: its parts unpacked, edited and packed again; or the raw file."""
    from coordination.reference import standing
    from coordination.transfer.workbook import read_book
    from ui.transfer.workbook_file import read_file

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        path.write_bytes(content)
        found = read_file(path)
    lists = standing.read()
    for table in read_book(found, lists.delay_reasons, lists.destinations).tables:
        for row in table.rows:
            for value in row.values.values():
                assert value is None or 0 <= value < float("inf")


@cache
def _book_parts() -> tuple[bytes, ...]:
    """Each part of a sound workbook, after a byte that says which it is."""
    with zipfile.ZipFile(io.BytesIO(_books()[0])) as whole:
        return tuple(bytes([number]) + whole.read(name) for number, name in enumerate(whole.namelist()))


def workbook_parts(content: bytes) -> None:
    """One part of a workbook (its sheet, its list of sheets, its styles), altered within a sound archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_books()[0])) as whole, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        names = whole.namelist()
        which = names[content[0] % len(names)] if content else names[0]
        for name in names:
            new.writestr(name, content[1:] if name == which else whole.read(name))
    workbook(made.getvalue())


# -------------------------------------------------------------------- a watched folder, a mailbox


def _names() -> tuple[bytes, ...]:
    return b"a.eml\nb\xff.json\nlink\nc\xe2\x80\xaed.xml\nCON", b"x" * 190


def folder(content: bytes) -> None:
    """Names of files in a watched folder, as bytes; and what lies under them."""
    from coordination.messages.inbox import ItemTrouble
    from coordination.messages.inbox_folder import FolderPlace

    with tempfile.TemporaryDirectory() as place:
        inbox = Path(place) / "inbox"
        inbox.mkdir()
        for number, name in enumerate(content.split(b"\n")[:6]):
            name = name.replace(b"\0", b"").replace(b"/", b"_")[:200]
            if name in (b"", b".", b".."):
                continue
            with suppress(OSError):
                path = inbox / os.fsdecode(name)
                if number % 3 == 2:
                    path.symlink_to("/etc/passwd" if number % 2 else os.fsdecode(b"loop" + name))
                else:
                    path.write_bytes(name)
        watched = FolderPlace(inbox)
        watched.open(cast("Held", None))  # nothing of it is asked
        for found in watched.found(0):
            must_be_keepable((found.key, found.name))
            assert "/" not in found.name
            with suppress(ItemTrouble):
                assert b"root:" not in watched.read(found, lambda: None), "a link that leads out was followed"


DISK = (
    Door("outbox_entry", _outbox, outbox_entry),
    Door("kept_seal", _seals, kept_seal),
    Door("backup", _backups, backup),
    Door("draft_file", _draft_files, draft_file, slow=True),
    Door("workbook", _books, workbook, slow=True),
    Door("workbook_parts", _book_parts, workbook_parts, slow=True),
    Door("folder", _names, folder, slow=True),
)
