"""The database was brought to another revision under an open desk: it is told so, and what to do, and saves nothing.

The feed says the line is down meanwhile (db/listen.py), so that everything typed is kept as while the database is away.
"""

from __future__ import annotations

from PySide6.QtCore import QObject

from coordination.changes import SCHEMA, Change
from ui.at_desk import AtDesk

AHEAD = (
    "The database has been brought up to date for a newer version of this program. From here nothing is saved any "
    "more: what you type is kept on this computer. Close the window, have the program updated, and sign in again; what "
    "is kept will be there."
)
BEHIND = (
    "The database has been taken back to an older version than this program works with. From here nothing is saved for "
    "now: what you type is kept on this computer, and goes when the database is up to date again."
)


class SchemaWatch(QObject):
    """``revision``: of the schema that this program was written for. Lives as long as the desk."""

    def __init__(self, desk: AtDesk, revision: str) -> None:
        super().__init__()
        self._desk, self._revision, self._said = desk, revision, ""
        desk.changes.changed.connect(self._changed)
        desk.foot.changed.connect(self._line_changed)

    def _changed(self, change: Change) -> None:
        if change.area != SCHEMA or change.key == self._revision:
            return
        self._withdraw()
        self._said = AHEAD if change.key > self._revision else BEHIND
        self._desk.foot.set_away_words("Another version")
        self._desk.notices.warn(self._said, do=lambda: self._desk.go.to("unsent"), do_words="What is kept here")

    def _line_changed(self) -> None:
        line = self._desk.foot.connection
        if self._said and line is not None and line.up:
            self._withdraw()

    def _withdraw(self) -> None:
        """The line is up only where program and database fit again."""
        if self._said:
            said, self._said = self._said, ""
            self._desk.notices.withdraw(said)
            self._desk.foot.set_away_words("")
