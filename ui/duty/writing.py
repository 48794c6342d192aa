"""The handover that is being written: to whom, the note, a line to what is chosen, and the signature."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPushButton, QWidget

from coordination.duty.model import Choice as Fate
from coordination.duty.model import DeskShift
from coordination.duty.rules import LONGEST_LINE, may_choose
from coordination.errors import BadValue, BadValues
from coordination.governance.model import Account
from ui.duty import words
from ui.duty.acts import AT_A_DESK
from ui.duty.lines import Line
from ui.widgets.basics import Choice, TextArea, button, column, label, plane, row, rule
from ui.widgets.chips import SegmentedChoice
from ui.widgets.fields import Form

NEXT = "next:"
"""before a locality's code (or nothing): whoever is next there"""


class WritingForm(QWidget):
    """What was typed and chosen stays through every reading of the list, and through errors."""

    typed = Signal()
    """a person changed something: keep it"""

    def __init__(
        self, sign: Callable[[], object], paper: Callable[[], object], choose: Callable[[Fate], object]
    ) -> None:
        super().__init__()
        self.choices: dict[UUID, Fate] = {}
        self.lines: dict[UUID, str] = {}
        self._line: Line | None = None
        self._filling = False
        self._to_is_chosen = False  # by a person, or kept from before
        self._listing = False  # the colleagues are being listed: that is no edit
        self.to = Choice([(NEXT, "Whoever is next on shift")])
        self.to.setSizeAdjustPolicy(self.to.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.to.setMinimumContentsLength(16)
        self.note = TextArea(3, 14, "T, and what the next one should know")
        self.line = QLineEdit()
        self.line.setMaxLength(LONGEST_LINE)
        self.of = label("", quiet=True, size="small", wrap=True)
        self.fate = SegmentedChoice(list(words.SHORT.items()), "next", "What becomes of it")
        self.fate.setToolTip("Stays (S), to the next (N), back to the queue (Q)")
        self._segments = dict(zip(words.SHORT, self.fate.findChildren(QAbstractButton), strict=True))
        self.fate.changed.connect(lambda fate: None if self._filling else choose(fate))
        self.chosen = Form()
        self.chosen.add("line", "A line to it", self.line)
        self.line.setPlaceholderText("L, and what the next should know of it")
        self.form = Form()
        self.form.add("to_user", "To", self.to)
        self.form.add("note", "Note", self.note)
        self.drafts = label("", quiet=True, size="small", wrap=True)
        self.signs = label("", quiet=True, size="small", wrap=True)
        self.sign: QPushButton = button("Sign the handover", sign, kind="main", icon="pen-nib", tip="Ctrl+Enter")
        self.paper = button("Preview", paper, icon="printer", tip="As it would be on paper  (Ctrl+P)")
        self.setLayout(
            column(
                label("What is chosen in the list", strong=True), self.of, row(self.fate, None), self.chosen, rule(),
                label("The handover", strong=True), self.form, self.drafts, None,
                gap=2.5, margins=(4, 3, 4, 3),
            )
        )  # fmt: skip
        self.foot = plane(
            column(self.signs, row(self.sign, self.paper, None), gap=2, margins=(4, 2.5, 4, 2.5)), "surface", "above"
        )
        self.line.textEdited.connect(self._line_typed)
        self.form.edited.connect(self._edited)

    # ---------------------------------------------------------------- what is shown

    def show_colleagues(
        self, accounts: Sequence[Account], on_shift: Sequence[DeskShift], me: str, home: str | None
    ) -> None:
        """To whom: who is on shift now comes first and is marked; then whoever is next; then the others."""
        there = {s.user: s for s in on_shift if s.user != me}
        here = [s for s in there.values() if s.locality == home]
        near = [*here, *(s for s in there.values() if s not in here)]
        items: list[tuple[Any, str]] = [(s.user, f"{s.user_name} · {_where(s)}") for s in near]
        items += [(f"{NEXT}{home or ''}", words.to_whom(None, home)[:1].upper() + words.to_whom(None, home)[1:])]
        if home is not None:
            items.append((NEXT, "Whoever is next on shift anywhere"))
        items += [
            (a.user_name, a.display_name)
            for a in accounts
            if a.role in AT_A_DESK and a.user_name != me and a.user_name not in there
        ]
        if [(self.to.itemData(n), self.to.itemText(n)) for n in range(self.to.count())] == items:
            return
        before = self.to.value
        self._listing = True
        self.to.set_items(items)
        kept = before if self._to_is_chosen and before in [value for value, _ in items] else f"{NEXT}{home or ''}"
        self.to.set_value(kept)
        self._listing = False

    def show_line(self, line: Line | None) -> None:
        """The row that is chosen in the list."""
        self._line = line
        can = line is not None and line.item is None and line.offer is None and line.about is not None
        self.of.setText(_of(line))
        self.chosen.setEnabled(can)
        allowed = self._allowed(line) if can else ()
        self._filling = True
        if line is not None and line.choice is not None:
            self.fate.set_value(line.choice)
        self._filling = False
        for fate, each in self._segments.items():
            each.setEnabled(fate in allowed)
            each.update()
        if not self.line.hasFocus() or line is None or self.line.property("of") != str(line.subject):
            self.line.setText(self.lines.get(line.subject, "") if line is not None else "")
            self.line.setProperty("of", str(line.subject) if line is not None else "")

    def show_signature(self, name: str, count: int, going: int, drafts: int) -> None:
        """What the signature will say and cover."""
        what = f"{going} of {count} go to the next, yours until accepted. " if going else ""
        self.signs.setText(f"{what}Signed by {name}, with the time; it stays as it is from then on.")
        begun = "1 contact" if drafts == 1 else f"{drafts} contacts"
        said = f"{begun} begun on this computer and not sent: end them first."
        self.drafts.setText(said if drafts else "")
        self.drafts.setVisible(bool(drafts))

    def show_can_sign(self, can: bool) -> None:
        self.sign.setEnabled(can)
        self.paper.setEnabled(can)

    def set_problems(self, error: BadValue | BadValues) -> list[BadValue]:
        """At the fields; gives back those of no field."""
        return self.form.set_problems(error)

    # ---------------------------------------------------------------- what was typed

    @property
    def to_user(self) -> str | None:
        value = str(self.to.value or NEXT)
        return None if value.startswith(NEXT) else value

    @property
    def to_locality(self) -> str | None:
        value = str(self.to.value or NEXT)
        return (value.removeprefix(NEXT) or None) if value.startswith(NEXT) else None

    def kept(self) -> dict[str, Any]:
        """All that was typed and chosen, to be kept on this computer; empty when nothing was."""
        if not (self.note.value.strip() or self.choices or any(self.lines.values())):
            return {}
        return {
            "note": self.note.value,
            "to": self.to.value,
            "lines": {str(key): line for key, line in self.lines.items() if line},
            "choices": {str(key): fate for key, fate in self.choices.items()},
        }

    def restore(self, kept: dict[str, Any]) -> None:
        """As it was kept."""
        self.form.fields["note"].set_value(str(kept.get("note", "")))
        if kept.get("to"):
            self._filling_to(kept["to"])
        self.lines = {UUID(key): str(line) for key, line in dict(kept.get("lines", {})).items()}
        self.choices = {UUID(key): fate for key, fate in dict(kept.get("choices", {})).items() if fate in words.CHOICES}

    def _filling_to(self, value: Any) -> None:
        if self.to.findData(value) < 0:  # the colleagues have not been read yet
            self.to.addItem("", value)
        self.form.fields["to_user"].set_value(value)
        self._to_is_chosen = True

    def clear(self) -> None:
        """After the signature."""
        self._to_is_chosen = False
        self.choices, self.lines = {}, {}
        self.form.fields["note"].set_value("")
        self.line.clear()

    def _edited(self, name: str) -> None:
        if not self._listing:
            self._to_is_chosen = self._to_is_chosen or name == "to_user"
            self.typed.emit()

    def _line_typed(self, text: str) -> None:
        if self._line is not None:
            self.lines[self._line.subject] = text
            self.typed.emit()

    @staticmethod
    def _allowed(line: Line | None) -> tuple[Fate, ...]:
        return may_choose(line.about) if line is not None and line.about is not None else ()


def _where(shift: DeskShift) -> str:
    return f"on shift, {words.place(shift.locality)}" + (", on a break" if shift.on_break else "")


def _of(line: Line | None) -> str:
    if line is None:
        return "Nothing is chosen."
    if line.offer is not None:
        said = words.handed(line.offer)
        return f"{said[0].upper()}{said[1:]}."
    return words.about(line.about) if line.about is not None else "It is not to be seen any more."
