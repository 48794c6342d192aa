"""A handover that is signed: who, when, the note, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from coordination.duty.model import HandoverSheet
from ui import wording
from ui.duty import words
from ui.duty.lines import Line
from ui.widgets.basics import column, label, plane, rule
from ui.widgets.panels import Facts, Section


class ReadingView(QWidget):
    """Built once for each handover that is shown; the line that is chosen changes beneath."""

    def __init__(self, sheet: HandoverSheet, buttons: Sequence[QWidget]) -> None:
        super().__init__()
        found = sheet.handover
        waiting = len(sheet.waiting)
        said = f"{waiting} of {wording.count(len(sheet.items), 'item')} to accept" if waiting else ""
        self.facts = Facts(
            [
                ("From", found.from_name),
                ("To", words.capital(words.to_whom(found.to_name, found.locality))),
                ("State", words.handover_state(found)),
                *([("Left on the desk", f"{wording.count(found.drafts, 'contact')} not sent")] if found.drafts else []),
            ]
        )
        note = label(found.note or "No note.", wrap=True, selectable=True, quiet=not found.note)
        signature = label(words.signature(found), strong=True, wrap=True)
        self._of = label("", wrap=True)
        self._line = label("", wrap=True, selectable=True)
        self._answer = label("", quiet=True, size="small", wrap=True)
        parts: list[QWidget | int | None] = [
            self.facts, Section("Note", content=note), signature, rule(),
            label("What is chosen in the list", strong=True), self._of, self._line, self._answer, None,
        ]  # fmt: skip
        self.setLayout(column(*parts, gap=2.5, margins=(4, 3, 4, 3)))
        head = [label(said, quiet=True, size="small")] if said else []
        self.foot = plane(column(*head, *buttons, gap=2, margins=(4, 2.5, 4, 2.5)), "surface", "above")

    def show_line(self, line: Line | None) -> None:
        """The row that is chosen in the list."""
        about = line.about if line is not None else None
        self._of.setText(words.about(about) if about is not None else "Nothing is chosen.")
        self._line.setText(f"“{line.words}”" if line is not None and line.words else "")
        self._line.setVisible(bool(line is not None and line.words))
        said = ""
        if line is not None and line.item is not None:
            said = words.item_state(line.item) + (f": {line.item.answer}" if line.item.answer else "")
            if line.waits and line.item.changed:
                said += ". It was changed after it was signed: this is how it stands now"
        self._answer.setText(said)
