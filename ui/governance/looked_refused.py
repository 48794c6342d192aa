"""What the database refused: who asked for what, when. Mostly a slip; many of one user are worth a question."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from coordination.clock import LONDON
from coordination.governance.looked import Colleague
from coordination.governance.trail_notes import DoorList, Refusal
from ui import wording
from ui.desk import Desk
from ui.governance import looked_words as words
from ui.widgets.basics import column, label, plane, row
from ui.widgets.chips import SegmentedChoice
from ui.widgets.empty import EmptyState
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

_SEEN = (
    "What this program was refused. Reading what one may not see is answered with nothing and leaves no mark, unless "
    "it was one person’s record. Passwords that were refused stand in the server’s log."
)


_HIDDEN = (
    "Looks for a record by an exact number, or by exact names and a birth date, before it is opened in an emergency. "
    "What was typed is not kept. Opened ones stand on the page Emergency review."
)
_IN_AND_OUT = (
    "Each connection with the name that its program gave itself, and each sitting of this program. Many connections "
    "without a sitting, at odd hours, are worth a question."
)
SHOWN: tuple[tuple[DoorList, str], ...] = (
    ("refused", "Refused"), ("in_and_out", "Signed in and out"), ("hidden", "Looks for hidden records"),
)  # fmt: skip
_WORDS = {
    "refused": (_SEEN, "Nothing was refused", "What the database refuses in this period stands here."),
    "in_and_out": (_IN_AND_OUT, "Nobody connected", "Who connects and signs in within this period stands here."),
    "hidden": (_HIDDEN, "Nobody looked", "Looks for hidden records within this period stand here."),
}


class RefusedList(QWidget):
    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._known: dict[str, Colleague] = {}
        self.model = StableTableModel[Refusal](
            [
                Column("when", "When", lambda r: wording.day_time(r.at.astimezone(LONDON)), sort=lambda r: r.at,
                       value=lambda r: r.at, width=164),
                Column("who", "Who", self._who, strong=True, width=150),
                Column("role", "Role then", lambda r: wording.role(r.role) if r.role else "No role", width=212),
                Column("what", "What", words.refusal, tip=words.refusal, stretch=True, width=300),
                Column("about", "About a person", lambda r: "Yes" if r.person else "", quiet=True, width=110),
            ],
            key=lambda r: (r.at, r.actor),
        )  # fmt: skip
        self._empty = EmptyState(*_WORDS["refused"][1:], icon="prohibit")
        self.table = Table(
            self.model, settings=desk.settings, name="looked-refused", title="Refused", empty=self._empty,
        )  # fmt: skip
        self.shown = SegmentedChoice(SHOWN, "refused", "Which")
        self._said = label(_SEEN, quiet=True, wrap=True)
        said = plane(column(row(self.shown, None), self._said, margins=(6, 1.5, 6, 1.5), gap=1), "surface", "below")
        layout = column(said, self.table, gap=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def _who(self, refusal: Refusal) -> str:
        known = self._known.get(refusal.actor)
        return known.display_name if known is not None else refusal.actor

    @property
    def of(self) -> DoorList:
        return next(code for code, _said in SHOWN if code == self.shown.value)

    def show_next(self) -> None:
        """The next of the three lists."""
        codes = [code for code, _said in SHOWN]
        self.shown.set_value(codes[(codes.index(self.of) + 1) % len(codes)])

    def show_found(self, found: tuple[list[Refusal], list[Colleague]]) -> None:
        refusals, colleagues = found
        self._known = {c.user_name: c for c in colleagues}
        said, title, hint = _WORDS[self.of]
        self._said.setText(said)
        self._empty.say(title, hint)
        self.model.set_rows(refusals)
