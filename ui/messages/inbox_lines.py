"""The two tables of the inbox: where messages come from, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from coordination.messages.inbox import InboxItem, SourceRow
from ui import wording as plain
from ui.messages import inbox_words, wording
from ui.style.tokens import State
from ui.widgets.table_model import Column

_KINDS = {"folder": "Folder", "imap": "Mailbox"}


def source_columns(now: Callable[[], datetime]) -> list[Column[SourceRow]]:
    return [
        Column("name", "Source", lambda r: r.source.name, width=130, strong=True),
        Column("state", "Stands", _stands, badge=_look, width=150, tip=inbox_words.standing),
        Column("good", "Last read", lambda r: _near(r.state.good_at, now()), sort=lambda r: r.state.good_at, width=76),
        Column("next", "Next look", lambda r: inbox_words.next_look(r, now()), width=80, hidden=True),
        Column("read", "Read", lambda r: f"{r.state.read:,}", sort=lambda r: r.state.read, numeric=True, width=60),
        Column("open", "To see to", lambda r: f"{r.state.refused:,}", sort=lambda r: r.state.refused, numeric=True,
               width=76),
        Column("kind", "Kind", lambda r: _KINDS[r.source.kind], width=76, quiet=True, hidden=True),
        Column("place", "Where", lambda r: inbox_words.place(r.source), width=130, quiet=True, stretch=True,
               tip=lambda r: inbox_words.place(r.source)),
    ]  # fmt: skip


def item_columns(now: Callable[[], datetime]) -> list[Column[InboxItem]]:
    return [
        Column("state", "Stands", _item_stands, badge=_item_look, width=150),
        Column("why", "Why", inbox_words.item_words, width=240, stretch=True, tip=inbox_words.item_words),
        Column("kind", "What it is", _kind, width=120, hidden=True),
        Column("name", "Name", lambda r: r.name, width=130, tip=lambda r: r.name),
        Column("source", "From", lambda r: r.source_name, width=100, quiet=True),
        Column("found", "Since", lambda r: _near(r.found_at, now()), sort=lambda r: r.found_at, width=70),
        Column("tries", "Tries", lambda r: str(r.tries), sort=lambda r: r.tries, numeric=True, width=56, hidden=True),
    ]


def _near(moment: datetime | None, now: datetime) -> str:
    return plain.near_time(moment, now) if moment is not None else "Never"


def _stands(row: SourceRow) -> str:
    state = row.state
    if not row.source.active:
        return "Switched off"
    if state.given_up:
        return "Given up"
    if state.problem:
        return "Not reached"
    if state.looked_at is None:
        return "Not yet read"
    return "All read"


def _look(row: SourceRow) -> State:
    state = row.state
    if not row.source.active:
        return State("neutral", "pause")
    if state.given_up:
        return State("red", "warning")
    if state.problem:
        return State("amber", "warning")
    return State("neutral", "circle-dashed") if state.looked_at is None else State("ok", "check")


def _item_stands(item: InboxItem) -> str:
    return "Tried again" if item.state == "waiting" else "Not taken in"


def _item_look(item: InboxItem) -> State:
    return State("neutral", "arrows-clockwise") if item.state == "waiting" else State("plum", "x")


def _kind(item: InboxItem) -> str:
    return wording.KINDS[item.message_kind] if item.message_kind else "–"
