"""Emergency access at a person's record: the bar while it lasts, the form that asks why, and its end (R3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from coordination.changes import RESYNC
from coordination.errors import BadValue, BadValues
from coordination.governance.emergency import LEAST_WORDS, MAY_BREAK
from coordination.people.emergency import KINDS, Access
from coordination.people.record import PersonRecord
from coordination.values import PersonId, new_id
from ui import wording
from ui.commands import Command
from ui.desk import Desk
from ui.page import OnDesk
from ui.people import glass_words as words
from ui.style import icons, theme
from ui.widgets.basics import Choice, TextArea, button, column, label, row
from ui.widgets.fields import Form

BEAT_MS = 10_000
_A_MOMENT = timedelta(seconds=1)


class EmergencyBar(QFrame):
    """Stands over the record as long as emergency access lasts, and says how long that is."""

    ended = Signal()
    """it is over, by the time that the database gave it"""

    def __init__(self, desk: Desk, end: Callable[[], object]) -> None:
        super().__init__()
        self._desk = desk
        self.access: Access | None = None
        self._left, self._since, self._wall = timedelta(), 0.0, desk.clock.now()
        self.setProperty("notice", "warn")
        self._picture = QLabel()
        self._said = label("", strong=True, wrap=True)
        self._why = label("", wrap=True)
        self.button = button("End it now", end, tip="End emergency access now  (Ctrl+Shift+K)")
        line = row(self._picture, self._said, self._why, self.button, gap=3, margins=(6, 1.5, 6, 1.5))
        line.setStretch(1, 2)  # both break into lines where there is little room
        line.setStretch(2, 3)
        self.setLayout(line)
        self._beat = QTimer(self, interval=BEAT_MS)
        self._beat.timeout.connect(self.look)
        self._last = QTimer(self, singleShot=True)
        self._last.timeout.connect(self.look)
        theme.hub().changed.connect(self._draw)
        self._draw()
        self.hide()

    def show_access(self, access: Access | None, as_of: datetime) -> None:
        """``as_of``: the database's time when it was read. None hides the bar."""
        self.access = access
        if access is None:
            self._beat.stop()
            self._last.stop()
            self.hide()
            return
        self._left, self._since, self._wall = access.left(as_of), monotonic(), self._desk.clock.now()
        self._why.setText(f"{words.KINDS[access.kind]}. All that is looked at and changed is reviewed.")
        self._beat.start()
        self._last.start(int((self._left + _A_MOMENT).total_seconds() * 1000))
        self.look()
        self.setVisible(self.access is not None)

    def left(self) -> timedelta:
        """By the clock that runs on, and by the wall's: a computer that slept must not think it has time."""
        gone = max(timedelta(seconds=monotonic() - self._since), self._desk.clock.now() - self._wall)
        return max(self._left - gone, timedelta())

    def look(self) -> None:
        """What is left, in words; over when nothing is."""
        if self.access is None:
            return
        left = self.left()
        if not left:
            self.show_access(None, self._wall)
            self.ended.emit()
            return
        until = wording.clock_time(self.access.ends_at)
        self._said.setText(f"Emergency access until {until}, {words.left(left)}.")
        self.setAccessibleName(f"{self._said.text()} {self._why.text()}")

    def _draw(self) -> None:
        self._picture.setPixmap(icons.pixmap("lock-key-open", "tone:amber", 20, self.devicePixelRatioF()))


class ReasonForm(Form):
    """Why it is needed: a kind, and words that its reviewer reads."""

    def __init__(self) -> None:
        super().__init__()
        self.add(
            "kind",
            "Why you need it",
            Choice([(kind, words.KINDS[kind]) for kind in KINDS], prompt="Choose"),
            required=True,
        )
        self.add(
            "words", "In your words", TextArea(3, 8), required=True,
            help=f"At least {LEAST_WORDS} letters. The information-governance lead reads it; others see the reason.",
        )  # fmt: skip


def warning(minutes: int) -> str:
    """What comes with it, before it is asked for."""
    return (
        f"The record opens to you alone, for {minutes} minutes. The person's record says that you opened it; "
        "the information-governance lead reviews why, and what you looked at and changed. The person may be told."
    )


class GlassActs:
    """The verbs at a record. ``put(title, content, *buttons)`` shows something in the panel, ``leave()`` closes it."""

    def __init__(self, page: OnDesk, put: Callable[..., None], leave: Callable[[], None]) -> None:
        self._page, self._put, self._leave = page, put, leave
        self.record: PersonRecord | None = None
        self.bar = EmergencyBar(page.desk, self.end)
        self.bar.ended.connect(self._over)

    @property
    def _service(self) -> Any:
        return self._page.desk.services.emergency

    def commands(self) -> list[Command]:
        return [
            Command("person.emergency", "Emergency access to what is kept back", self.ask, "Ctrl+Shift+G",
                    self._may, "Person", "lock-key-open", also="break glass"),
            Command("person.emergency_end", "End emergency access now", self.end, "Ctrl+Shift+K",
                    lambda: self.bar.access is not None, "Person", "lock-key", also="break glass"),
        ]  # fmt: skip

    def _may(self) -> bool:
        record = self.record
        return record is not None and record.detail_hidden and self._page.desk.actor.role in MAY_BREAK

    def beside(self, said: QWidget) -> QWidget:
        """``said``: that something is kept back; with it, for those who may, the way to emergency access."""
        if not self._may():
            return said
        made = QWidget()
        line = row(said, button("Emergency access", self.ask, kind="quiet", icon="lock-key-open"))
        line.setStretch(0, 1)
        made.setLayout(line)
        return made

    def show_record(self, record: PersonRecord | None) -> None:
        self.record = record
        access = record.emergency if record is not None else None
        as_of = record.as_of if record is not None else self._page.desk.clock.now()
        self.bar.show_access(access, as_of)

    # ---------------------------------------------------------------- open

    def ask(self) -> None:
        """The form, beside the record."""
        record = self.record
        if record is not None:
            self._page.run(lambda: self._service.minutes(), lambda minutes: self._offer(record.person.id, minutes))

    def _offer(self, person: PersonId, minutes: int) -> None:
        form, access_id = ReasonForm(), new_id()
        content = QWidget()
        content.setLayout(column(label(warning(minutes), wrap=True), form, gap=4))
        break_it = button(
            "Open the record", lambda: self._open(form, access_id, person), kind="main", icon="lock-key-open"
        )
        self._put("Emergency access", content, break_it, button("Leave it", self._leave, kind="quiet"))
        form.field("kind").editor.setFocus()

    def _open(self, form: ReasonForm, access_id: UUID, person: PersonId) -> None:
        form.clear_problems()
        values = form.values()

        def failed(error: Exception) -> bool:
            return isinstance(error, BadValue | BadValues) and not form.set_problems(error)

        self._page.run(
            lambda: self._service.open(access_id, values["kind"] or "", values["words"], person=person),
            lambda _access: self._opened(), failed,
        )  # fmt: skip

    def _opened(self) -> None:
        self._leave()
        self._page.desk.notices.say("The record is open to you for a while. It is on the record, and will be reviewed.")
        self._page.refresh()

    # ---------------------------------------------------------------- end

    def end(self) -> None:
        access = self.bar.access
        if access is not None:
            self._page.run(lambda: self._service.end(access.id), lambda _nothing: self._over())

    def _over(self) -> None:
        """Whatever is open on this desk is read again: it shows what the usual rights show."""
        self.bar.show_access(None, self._page.desk.clock.now())
        self._page.desk.notices.say("Emergency access has ended. The record shows what is shared with your team.")
        self._page.desk.changes.deliver(RESYNC)
