"""Who else is there: this desk says what is in front of it, and shows who has the same.

    desk.presence.say(self, "intake", referral_id, "looking")   # while self is visible; again when it changes
    desk.presence.leave(self)
    desk.presence.of("intake", referral_id)                     # others, longest first
    PresenceLine(desk).show_record("people", person_id)         # a line of words that keeps itself true

A mark stops nobody. Words that somebody types are kept whoever saves first.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QWidget
from shiboken6 import isValid

from coordination.changes import RESYNC, Change
from coordination.errors import DatabaseAway, TooBusy
from coordination.presence.model import BEAT, Doing, Mark, Present
from coordination.values import new_id
from ui import wording
from ui.at_desk import AtDesk
from ui.style import fonts
from ui.widgets.basics import set_tone

SAY_MS = 250  # what somebody passes over with the arrow keys is not said
LOOK_MS = 1_500  # how often at most the marks of others are read
WATCH_MS = 2_000  # how soon a page that has gone out of sight takes its mark along
SHOWN = 3


class PresenceKeeper(QObject):
    """The marks of this desk, and those of others as far as this desk shows the records."""

    changed = Signal(frozenset)
    """records (UUID) at which somebody came or went"""

    def __init__(self, desk: AtDesk) -> None:
        super().__init__()
        self.desk_id = new_id()
        self._desk = desk
        self._mine: dict[QWidget, Mark] = {}
        self._watchers: dict[QWidget, Callable[[], Iterable[UUID]]] = {}
        self._said: frozenset[Mark] = frozenset()
        self._others: dict[tuple[str, UUID], tuple[Present, ...]] = {}
        self._asked: set[UUID] = set()
        self._running = False
        self._beat = self._timer(int(BEAT.total_seconds() * 1000), self._send_beat, once=False)
        self._watch = self._timer(WATCH_MS, self._look_after_mine, once=False)
        self._say = self._timer(SAY_MS, self._send)
        self._read = self._timer(SAY_MS, self._read_others)
        desk.changes.batch.connect(self._changes_came)

    def _timer(self, milliseconds: int, do: Callable[[], object], *, once: bool = True) -> QTimer:
        made = QTimer(self, singleShot=once, interval=milliseconds)
        made.timeout.connect(do)
        return made

    # ---------------------------------------------------------------- what a page uses

    def say(self, owner: QWidget, area: str, record: UUID, doing: Doing) -> None:
        """``owner`` has this in front of it from now on, and nothing else."""
        mark = Mark(area, record, doing)
        if self._mine.get(owner) != mark:
            self._mine[owner] = mark
            self._say.start()

    def leave(self, owner: QWidget) -> None:
        """``owner`` has nothing in front of it any more."""
        if self._mine.pop(owner, None) is not None:
            self._say.start()

    def watch(self, owner: QWidget, records: Callable[[], Iterable[UUID]]) -> None:
        """``owner`` shows these records: what changes at others is not read."""
        self._watchers[owner] = records

    def of(self, area: str, record: UUID) -> tuple[Present, ...]:
        """Who else is there now, longest first."""
        return self._others.get((area, record), ())

    # ---------------------------------------------------------------- begin and end

    def start(self) -> None:
        """The desk is open: say so from now on."""
        self._running = True
        self._beat.start()
        self._watch.start()
        self._send_beat()

    def stop(self) -> None:
        """The desk closes. ``services.presence.leave(desk_id)`` takes its marks away; else they end by themselves."""
        self._running = False
        for timer in (self._beat, self._watch, self._say, self._read):
            timer.stop()

    # ---------------------------------------------------------------- to and fro

    def _in_sight(self) -> frozenset[Mark]:
        for gone in [owner for owner in self._mine if not isValid(owner)]:
            del self._mine[gone]
        return frozenset(mark for owner, mark in self._mine.items() if owner.isVisible())

    def _look_after_mine(self) -> None:
        if self._in_sight() != self._said:
            self._send()

    def _send(self) -> None:
        if not self._running:
            return
        marks, presence = self._in_sight(), self._desk.services.presence
        if marks != self._said:
            self._said = marks
            self._desk.tasks.run(self, lambda: presence.say(self.desk_id, marks), None, self._failed, "say")

    def _send_beat(self) -> None:
        marks, presence = self._in_sight(), self._desk.services.presence
        self._said = marks
        self._desk.tasks.run(self, lambda: presence.beat(self.desk_id, marks), self._all, self._failed, "beat")

    def _changes_came(self, changes: frozenset[Change]) -> None:
        if not self._running:
            return
        if RESYNC in changes:
            QTimer.singleShot(random.randint(0, 1_000), self, self._send_beat)  # noqa: S311
            return
        keys = {_uuid(change.key) for change in changes if change.area == "presence"} - {None}
        shown = self._shown()
        self._asked |= {key for key in keys if key in shown}
        if self._asked and not self._read.isActive():
            self._read.start()

    def _shown(self) -> set[UUID]:
        for gone in [owner for owner in self._watchers if not isValid(owner)]:
            del self._watchers[gone]
        return {record for owner, records in self._watchers.items() if owner.isVisible() for record in records()}

    def _read_others(self) -> None:
        asked, self._asked = frozenset(self._asked), set()
        presence = self._desk.services.presence
        self._read.setInterval(LOOK_MS)

        def show(found: list[Present]) -> None:
            kept = {key: marks for key, marks in self._others.items() if key[1] not in asked}
            self._adopt({**kept, **_by_record(found)})
            if not self._asked:
                self._read.setInterval(SAY_MS)

        self._desk.tasks.run(self, lambda: presence.others(self.desk_id, asked), show, self._failed)

    def _all(self, found: list[Present]) -> None:
        self._adopt(_by_record(found))

    def _adopt(self, others: dict[tuple[str, UUID], tuple[Present, ...]]) -> None:
        before, self._others = self._others, others
        moved = {key[1] for key in before.keys() | others.keys() if before.get(key) != others.get(key)}
        if moved:
            self.changed.emit(frozenset(moved))

    def _failed(self, error: Exception) -> bool:
        """The foot of the window says that the line is down; who is there is not known then."""
        self._said = frozenset()
        self._adopt({})
        return isinstance(error, DatabaseAway | TooBusy)


class SeesOthers(AtDesk, Protocol):
    """A desk that knows who else is there."""

    @property
    def presence(self) -> PresenceKeeper: ...


class PresenceLine(QLabel):
    """Who else has a record in front of them, in words; not there while nobody has."""

    def __init__(self, desk: SeesOthers, *, wrap: bool = True) -> None:
        super().__init__()
        self._desk = desk
        self._area, self._record = "", None  # type: str, UUID | None
        self.setTextFormat(Qt.TextFormat.PlainText)
        fonts.dress(self)
        self.setWordWrap(wrap)
        self.hide()
        desk.presence.changed.connect(self._moved)

    def show_record(self, area: str, record: UUID | None) -> None:
        self._area, self._record = area, record
        self._say()

    def _moved(self, records: frozenset[UUID]) -> None:
        if self._record in records:
            self._say()

    def _say(self) -> None:
        others = self._desk.presence.of(self._area, self._record) if self._record is not None else ()
        self.setText(" ".join(f"{sentence(each, self._desk.clock.now())}." for each in others[:SHOWN]))
        set_tone(self, "amber" if any(each.doing == "editing" for each in others) else "")
        self.setVisible(bool(others))


def sentence(present: Present, now: datetime) -> str:
    """``Declan Byrne is writing here, since 09:41``."""
    does = "is writing here" if present.doing == "editing" else "has this open"
    return f"{present.display_name} {does}, since {wording.near_time(present.since, now).lower()}"


def initials(name: str) -> str:
    """``DB`` of Declan Byrne."""
    parts = [part for part in name.replace("-", " ").split() if part[0].isalpha()]
    return "".join(part[0] for part in [*parts[:1], *parts[1:][-1:]]).upper()


def _by_record(found: list[Present]) -> dict[tuple[str, UUID], tuple[Present, ...]]:
    made: dict[tuple[str, UUID], tuple[Present, ...]] = {}
    for each in found:
        key = (each.area, each.record)
        others = made.get(key, ())
        if all(other.user_name != each.user_name or other.doing != each.doing for other in others):
            made[key] = (*others, each)
    return made


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


__all__ = ["PresenceKeeper", "PresenceLine", "initials", "sentence"]
