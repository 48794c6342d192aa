"""Files brought in by hand, one after the other, and what became of each in this sitting."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtWidgets import QFileDialog, QWidget

from coordination.errors import CoordinationError
from coordination.messages.reading import not_read
from coordination.messages.record import MessageRecord, Taken
from ui import wording as plain
from ui.messages import lines
from ui.messages.files import take_in
from ui.messages.lines import Line
from ui.page import OnDesk
from ui.sentences import sentence
from ui.tasks import Progress


class MessagesListed(OnDesk, Protocol):
    """What bringing in asks of the page of messages."""

    def brought(self, first: MessageRecord | None) -> None:
        """All are in. ``first``: the one to look at first."""


class Bringing:
    """``unkept``: what was refused before the database kept anything of it, the latest first."""

    def __init__(self, page: MessagesListed) -> None:
        self._page = page
        self._outcomes: dict[UUID, str] = {}
        self._files = 0
        self.unkept: list[Line] = []

    def outcome_of(self, record: MessageRecord) -> str:
        """What became of it in this sitting; empty where it came in another."""
        return self._outcomes.get(record.id, "")

    def choose(self, over: QWidget) -> None:
        """Ask for files, and bring them in."""
        kinds = "Messages (*.xml *.json *.eml);;All files (*)"
        names, _kind = QFileDialog.getOpenFileNames(over, "Import messages", "", kinds)
        if names:
            self.take_in([Path(name) for name in names])

    def take_in(self, paths: list[Path]) -> None:
        """One file after the other, on a thread of its own; stopping keeps what is in by then."""
        messages = self._page.desk.services.messages
        done: list[Taken] = []

        def work(progress: Progress) -> list[Taken]:
            for number, path in enumerate(paths):
                if progress.stopping:
                    break
                progress.moved.emit(number, len(paths), "")
                done.append(_take(messages, path))
            return done

        title = f"Importing {plain.count(len(paths), 'file')}"
        self._page.run(work, lambda taken: self._came(taken, len(paths)), progress=title)

    def _came(self, taken: list[Taken], asked: int) -> None:
        desk = self._page.desk
        for one in taken:
            if one.record is not None:
                self._outcomes[one.record.id] = one.outcome
            else:
                self._files += 1
                self.unkept.insert(0, lines.of_taken(one, self._files, desk.clock.now(), desk.actor.display_name))
        self._page.brought(lines.first_to_look_at(taken))
        said, look = lines.summary(taken, asked)
        desk.notices.warn(said) if look else desk.notices.say(said)


def _take(messages: Any, path: Path) -> Taken:
    """One file that the database refuses must not stop the others."""
    try:
        return take_in(messages, path)
    except CoordinationError as error:
        return Taken(not_read(path.name, "not_stored", why=sentence(error)), "refused")
