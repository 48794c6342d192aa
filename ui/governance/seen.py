"""R4: what stood on the screen in detail is noted, once it has stood for a moment.

A record that is opened is noted by the service that reads it. What a board, a list's side or a search shows of one
person was read long before, so the page says here when somebody has it in front of them. Going through a list with the
arrow keys notes where one stops. The same again within half an hour is one look.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, QTimer

from coordination.clock import Clock
from coordination.governance.looked import ListArea
from ui.tasks import Tasks

if TYPE_CHECKING:  # read in late, as in ui/desk.py
    from coordination.services import Services

STOOD_MS = 1500
AGAIN_MS = 60_000
SAME_LOOK = timedelta(minutes=30)
FEW = 3
"""of so many people found, each is in front of whoever searches; more are a list"""
Look = tuple[str, str, UUID]
"""kind of record, its id, whose it is"""
ListLook = tuple[ListArea, int, date, int | None]
"""what it is, team, day, worker"""


class Sitting(Protocol):
    """What of a desk is needed here."""

    @property
    def clock(self) -> Clock: ...
    @property
    def services(self) -> Services: ...
    @property
    def tasks(self) -> Tasks: ...


class Seen(QObject):
    """One a desk. What cannot be noted because the database is away is noted when it answers again."""

    def __init__(self, desk: Sitting) -> None:
        super().__init__()
        self._desk = desk
        self._now: tuple[Look, ...] = ()
        self._waiting: list[Look] = []
        self._noted: dict[Look | ListLook, datetime] = {}
        self._stood = QTimer(self, interval=STOOD_MS, singleShot=True)
        self._stood.timeout.connect(self._has_stood)
        self._list_now: ListLook | None = None
        self._lists_waiting: list[ListLook] = []
        self._list_stood = QTimer(self, interval=STOOD_MS, singleShot=True)
        self._list_stood.timeout.connect(self._list_has_stood)
        self._again = QTimer(self, interval=AGAIN_MS, singleShot=True)
        self._again.timeout.connect(self._send)

    def saw_list(self, area: ListArea, team: int | None, day: date | None, worker: int | None = None) -> None:
        """A team's day on a board, or a worker's sheet (0: of nobody): one look, however many people stand on it."""
        if team is None or day is None:
            self._list_now = None
            self._list_stood.stop()
        elif self._list_now != (area, team, day, worker):
            self._list_now = (area, team, day, worker)
            self._list_stood.start()

    def saw(self, area: str, record: object, *people: UUID | None) -> None:
        """This is in front of whoever sits here now; nobody in particular when there are no people."""
        self._now = tuple((area, str(record), person) for person in people if person is not None)
        if self._now:
            self._stood.start()
        else:
            self._stood.stop()

    def _has_stood(self) -> None:
        self._waiting += [look for look in self._now if self._is_new(look)]
        self._now = ()
        self._send()

    def _list_has_stood(self) -> None:
        if self._list_now is not None and self._is_new(self._list_now):
            self._lists_waiting.append(self._list_now)
        self._list_now = None
        self._send()

    def _is_new(self, look: Look | ListLook) -> bool:
        """Not the same again within half an hour; remembered from now on."""
        moment, before = self._desk.clock.now(), self._noted.get(look)
        if before is not None and moment - before <= SAME_LOOK:
            return False
        self._noted[look] = moment
        return True

    def _send(self) -> None:
        if not (self._waiting or self._lists_waiting) or self._desk.tasks.running(self):
            return
        looks, self._waiting = self._waiting, []
        lists, self._lists_waiting = self._lists_waiting, []
        service = self._desk.services.looks

        def note() -> None:
            while lists:
                service.note_list(*lists[0])
                lists.pop(0)
            for area, record in dict.fromkeys((area, record) for area, record, _ in looks):
                people = [person for a, r, person in looks if (a, r) == (area, record)]
                service.note_people("view", area, record, "screen", people)

        def failed(_error: Exception) -> bool:
            self._waiting = looks + self._waiting
            self._lists_waiting = lists + self._lists_waiting
            self._again.start()
            return True

        self._desk.tasks.run(self, note, lambda _none: self._send(), failed)
