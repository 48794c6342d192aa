"""What the database refused: who asked for what, when. Mostly a slip; many of one user are worth a question."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from coordination.clock import LONDON
from coordination.governance.looked import Colleague
from coordination.governance.trail_notes import Refusal
from ui import wording
from ui.desk import Desk
from ui.governance import looked_words as words
from ui.widgets.basics import column, label, plane, row
from ui.widgets.empty import EmptyState
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

_SEEN = (
    "What this program was refused. Reading what one may not see is answered with nothing and leaves no mark, unless "
    "it was one person’s record. Passwords that were refused stand in the server’s log."
)


class RefusedList(QWidget):
    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._known: dict[str, Colleague] = {}
        self.model = StableTableModel[Refusal](
            [
                Column("when", "When", lambda r: wording.day_time(r.at.astimezone(LONDON)), sort=lambda r: r.at,
                       value=lambda r: r.at, width=136),
                Column("who", "Who", self._who, strong=True, width=150),
                Column("role", "Role then", lambda r: wording.role(r.role) if r.role else "No role", width=170),
                Column("what", "What", words.refusal, tip=words.refusal, stretch=True, width=300),
                Column("about", "About a person", lambda r: "Yes" if r.person else "", quiet=True, width=110),
            ],
            key=lambda r: (r.at, r.actor),
        )  # fmt: skip
        self.table = Table(
            self.model, settings=desk.settings, name="looked-refused", title="Refused",
            empty=EmptyState("Nothing was refused", "What the database refuses in this period stands here.",
                             icon="prohibit"),
        )  # fmt: skip
        said = plane(row(label(_SEEN, quiet=True, wrap=True), margins=(6, 1.5, 6, 1.5)), "surface", "below")
        layout = column(said, self.table, gap=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def _who(self, refusal: Refusal) -> str:
        known = self._known.get(refusal.actor)
        return known.display_name if known is not None else refusal.actor

    def show_found(self, found: tuple[list[Refusal], list[Colleague]]) -> None:
        refusals, colleagues = found
        self._known = {c.user_name: c for c in colleagues}
        self.model.set_rows(refusals)
