"""The handover sheet before it is printed."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from coordination.duty.model import HandoverSheet
from ui.desk import Desk
from ui.duty.paper import paper, pdf
from ui.governance.whose import people_of
from ui.sheets.window import PaperWindow


class HandoverPreview(PaperWindow):
    """``signed`` False: what is being written; it says so on the paper."""

    def __init__(self, parent: QWidget, desk: Desk, sheet: HandoverSheet, signed: bool = True) -> None:
        self.data = paper(sheet, desk.clock.now(), desk.actor.display_name, signed)
        record = f"handover {sheet.handover.id if signed else 'not signed'}"
        super().__init__(
            parent,
            desk,
            "Shift handover",
            self.data.file,
            lambda: pdf(self.data),
            lambda taken: desk.services.looks.note_people(
                taken, "duty", record, "paper" if taken == "print" else "pdf", people_of(sheet.items)
            ),
        )
