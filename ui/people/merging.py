"""Two records side by side, to make them one: what differs is chosen fact by fact, and what moves is counted."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLabel, QRadioButton, QWidget

from coordination.errors import BadValue, BadValues, Conflict, Refused, obstacle
from coordination.people.merging import FACTS, SPARE_PHONE, Comparison
from coordination.people.model import Person, PersonFields
from coordination.values import new_id
from ui import sentences, wording
from ui.desk import Desk
from ui.people import words
from ui.style import fonts, theme
from ui.widgets.basics import TextArea, button, column, label, plane, row, rule
from ui.widgets.fields import Form
from ui.widgets.panels import scrolling

CAPTIONS = {
    "surname": "Surname",
    "given": "First names",
    "title": "Title",
    "known_as": "Likes to be called",
    "birth_date": "Born",
    "gender": "Gender",
    "nhs_number": "NHS No.",
    "address": "Address",
    "phone": "Phone",
    "other_phone": "Another phone",
    "email": "E-mail",
    "language": "Language",
    "communication": "Communication",
    "access_notes": "Getting in",
    "practice_code": "GP practice",
    "deceased_on": "Died",
}
EMPTY = "Nothing"
_CAPITALS = frozenset({"nhs_number", "practice_code"})


class MergeView(QWidget):
    """``merged`` gives the id of the merging and the kept Person; ``other_way``: the other record is to be kept."""

    merged = Signal(object, object)
    other_way = Signal()
    left = Signal()
    stale = Signal()
    """somebody changed one of the two: to be compared again"""

    def __init__(self, desk: Desk, compared: Comparison) -> None:
        super().__init__()
        self._desk, self.compared = desk, compared
        self._id = new_id()
        self._sending = False
        self.choices: dict[str, QRadioButton] = {}
        self._groups: list[QButtonGroup] = []
        self._wrong = label("", tone="red", wrap=True)
        self._wrong.hide()
        self.reason = Form()
        self.reason.add("reason", "Why they are one person", TextArea(1, 4), required=True,
                        help="Who said so, or what shows it.")  # fmt: skip
        self.confirm = button("Merge", self.merge, kind="main", icon="check", tip="Merge  (Ctrl+Enter)")
        self.confirm.setEnabled(not compared.obstacles)
        swap = button("Keep the other one instead", self.other_way.emit, icon="arrows-left-right")
        leave = button("Leave it", self.left.emit, kind="quiet")
        foot = plane(row(self.confirm, swap, leave, None, margins=(6, 2, 6, 2)), "surface", "above")
        body = QWidget()
        body.setLayout(column(*self._parts(), None, gap=4, margins=(6, 4, 6, 4)))
        layout = column(scrolling(body), foot, gap=0)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def focus(self) -> None:
        """To the first fact that differs, or the reason."""
        first = next(iter(self.choices.values()), None)
        group = next((g.checkedButton() for g in self._groups), None)
        (group or first or self.reason.field("reason").editor).setFocus(Qt.FocusReason.OtherFocusReason)

    def _parts(self) -> list[QWidget]:
        said = "One record is kept and takes over everything of the other. The other stays as a trace that leads to it."
        parts: list[QWidget] = [
            label("Make one record of two", size="title", strong=True),
            label(said, quiet=True, wrap=True),
        ]
        parts += [
            label(sentences.obstacle_words(obstacle(code)), tone="red", wrap=True) for code in self.compared.obstacles
        ]
        parts.append(self._table())
        alike = [
            CAPTIONS[fact] if CAPTIONS[fact].isupper() or fact in _CAPITALS else CAPTIONS[fact].lower()
            for fact in FACTS
            if fact not in self.compared.differing and self._has(fact)
        ]
        if alike:
            parts.append(label(f"The same in both: {wording.listing(alike)}.", quiet=True, wrap=True))
        moves = words.moved(self.compared.moves)
        self.moves = label(f"What moves to the kept record: {moves}." if moves else "Nothing else moves.", wrap=True)
        parts += [self.moves, label(self._sharing(), quiet=True, wrap=True), rule(), self._wrong, self.reason]
        return parts

    def _has(self, fact: str) -> bool:
        return said(self.compared.kept, fact) != EMPTY

    def _sharing(self) -> str:
        levels = {self.compared.kept.sharing_level, self.compared.merged.sharing_level}
        strict = next(each for each in ("named_teams", "summary", "everything") if each in levels)
        return f"{words.SHARING[strict]}: the stricter of the two agreements holds." if len(levels) > 1 else ""

    def _table(self) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, theme.space(2), 0, 0)
        grid.setHorizontalSpacing(theme.space(6))
        grid.setVerticalSpacing(theme.space(2))
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        for place, (caption, person) in enumerate(
            (("Is kept", self.compared.kept), ("Is merged into it", self.compared.merged))
        ):
            head = label(f"{caption}: {wording.name(person.fields.surname, person.fields.given, person.fields.title)}",
                         strong=True, wrap=True)  # fmt: skip
            since = label(
                f"Registered {wording.day_time(person.registered_at)} by {person.registered_by}",
                quiet=True,
                size="small",
            )
            box = QWidget()
            box.setLayout(column(head, since, gap=0))
            grid.addWidget(box, 0, place + 1)
        for number, fact in enumerate(self.compared.differing, start=1):
            self._fact(grid, number, fact)
        if self.compared.kept.fields.phone and SPARE_PHONE in self.compared.taken:
            note = label("The telephone that is not chosen is kept as the other phone.", quiet=True, size="small")
            grid.addWidget(note, len(self.compared.differing) + 1, 1, 1, 2)
        if not self.compared.differing:
            grid.addWidget(label("Both say the same.", quiet=True), 1, 1)
        return made

    def _fact(self, grid: QGridLayout, number: int, fact: str) -> None:
        caption = CAPTIONS[fact]
        grid.addWidget(label(caption, quiet=True), number, 0)
        group = QButtonGroup(self)
        taken = fact in self.compared.taken
        for place, person in enumerate((self.compared.kept, self.compared.merged)):
            text = said(person, fact)
            choice = QRadioButton()
            choice.setAccessibleName(f"{caption}: {text}, {'kept' if place == 0 else 'merged'} record")
            choice.setChecked(bool(place) == taken)
            group.addButton(choice)
            grid.addWidget(_beside(choice, text), number, place + 1)
            if place:
                self.choices[fact] = choice
        self._groups.append(group)

    # ---------------------------------------------------------------- doing

    @property
    def taken(self) -> frozenset[str]:
        """The facts that are chosen from the merged record."""
        chosen = {fact for fact, choice in self.choices.items() if choice.isChecked()}
        return frozenset(chosen | ({SPARE_PHONE} & self.compared.taken))

    def merge(self) -> None:
        """Once. What is in the way is said here."""
        if self._sending or self.compared.obstacles:
            return
        self.reason.clear_problems()
        self._say_wrong("")
        kept, gone, people = self.compared.kept, self.compared.merged, self._desk.services.people
        reason, taken = str(self.reason.field("reason").value), self.taken
        self._sending = True
        self._desk.tasks.run(
            self, lambda: people.merge(self._id, kept, gone, reason, taken), self._done, self._failed, latest="merge"
        )

    def _done(self, kept: Person) -> None:
        self._sending = False
        self.merged.emit(self._id, kept)

    def _failed(self, error: Exception) -> bool:
        self._sending = False
        if isinstance(error, BadValue | BadValues):
            return not self.reason.set_problems(error)
        if isinstance(error, Refused):
            self._say_wrong(" ".join(sentences.obstacle_words(found) for found in error.obstacles))
            return True
        if isinstance(error, Conflict):
            self.stale.emit()
            return True
        return False

    def _say_wrong(self, said: str) -> None:
        self._wrong.setText(said)
        self._wrong.setVisible(bool(said))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.merge()
        else:
            super().keyPressEvent(event)


class _Said(QLabel):
    """The words of a choice, which can be pressed like the button, and break where there is no room."""

    def __init__(self, choice: QRadioButton, text: str) -> None:
        super().__init__(words.soft(text))
        self._choice = choice
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setBuddy(choice)
        fonts.dress(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choice.setFocus(Qt.FocusReason.MouseFocusReason)
        self._choice.setChecked(True)


def _beside(choice: QRadioButton, text: str) -> QWidget:
    made = QWidget()
    line = row(choice, _Said(choice, text), gap=1)
    line.setStretch(1, 1)
    made.setLayout(line)
    return made


def said(person: Person, fact: str) -> str:
    """A fact of a record in words, with what goes with it."""
    f: PersonFields = person.fields
    match fact:
        case "nhs_number":
            found = f"{f.nhs_number}, {words.NHS_STATUSES[f.nhs_status].lower()}" if f.nhs_number else ""
        case "address":
            found = ", ".join(part for part in (*f.address.splitlines(), str(f.postcode or "")) if part)
        case "language":
            found = ", ".join(part for part in (f.language, "interpreter" if f.interpreter else "") if part)
        case "gender":
            found = words.GENDERS[f.gender]
        case "practice_code":
            found = person.practice.name if person.practice else ""
        case "birth_date" | "deceased_on":
            value = getattr(f, fact)
            found = wording.day(value) if value else ""
        case _:
            found = getattr(f, fact)
    return found or EMPTY
