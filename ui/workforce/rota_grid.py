"""A rota as a grid: a line a week, a cell a day, hours as people type them. Arrows and Enter go from cell to cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from coordination.errors import BadValue, BadValues
from coordination.workforce.model import Spell
from ui import sentences
from ui.style import fonts, theme
from ui.widgets.basics import label, restyle
from ui.workforce import words
from ui.workforce.messages import WEEKDAYS


class RotaGrid(QWidget):
    """``spells()`` reads it, or raises BadValues by ``spells.<week>.<weekday>``. Ctrl+D fills a cell from the one at
    its left, Ctrl+U a week from the one above."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.space(1))
        self._grid.setVerticalSpacing(theme.space(1.5))
        self._cells: list[list[QLineEdit]] = []
        self._sums: list[QLabel] = []
        self._heads: list[QLabel] = []
        self._filling = False
        self._locked = False
        for day, name in enumerate(WEEKDAYS):
            self._grid.addWidget(label(name, size="small", strong=True), 0, day + 1)
            self._grid.setColumnStretch(day + 1, 1)
        self._grid.addWidget(label("Hours", size="small", strong=True), 0, 8)
        self.said = label("", tone="red", wrap=True)
        self.said.hide()

    @property
    def weeks(self) -> int:
        return len(self._cells)

    def set_weeks(self, weeks: int) -> None:
        """More weeks are empty; fewer are gone with what stood in them."""
        while len(self._cells) < weeks:
            self._add_week()
        while len(self._cells) > weeks:
            for cell in (*self._cells.pop(), self._sums.pop(), self._heads.pop()):
                self._grid.removeWidget(cell)
                cell.hide()
                cell.deleteLater()
        self._add_up()

    def _add_week(self) -> None:
        week = len(self._cells)
        head = label(f"Week {week + 1}", size="small", quiet=True)
        self._grid.addWidget(head, week + 1, 0)
        cells = []
        for day in range(7):
            cell = QLineEdit()
            fonts.dress(cell, "small")
            cell.setPlaceholderText("off")
            cell.setAccessibleName(f"Week {week + 1} {WEEKDAYS[day]}")
            cell.setReadOnly(self._locked)
            cell.setMinimumWidth(theme.px(64))
            cell.textEdited.connect(lambda _text, c=cell: self._edited(c))
            cell.editingFinished.connect(lambda c=cell: self._settle(c))
            cell.installEventFilter(self)
            self._grid.addWidget(cell, week + 1, day + 1)
            cells.append(cell)
        total = label("", size="small", quiet=True)
        total.setMinimumWidth(theme.px(54))
        total.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(total, week + 1, 8)
        self._cells.append(cells)
        self._sums.append(total)
        self._heads.append(head)

    def lock(self, locked: bool) -> None:
        """Only to be read."""
        self._locked = locked
        for line in self._cells:
            for cell in line:
                cell.setReadOnly(locked)
                restyle(cell)

    # ------------------------------------------------------------------ what stands in it

    def set_spells(self, weeks: int, spells: Iterable[Spell]) -> None:
        self._filling = True
        self.set_weeks(weeks)
        of_day: dict[tuple[int, int], list[Spell]] = {}
        for spell in spells:
            of_day.setdefault((spell.week, spell.weekday), []).append(spell)
        for week, line in enumerate(self._cells):
            for day, cell in enumerate(line):
                cell.setText(words.cell_words(of_day.get((week, day), ())))
        self.clear_problems()
        self._filling = False
        self._add_up()

    def spells(self) -> tuple[Spell, ...]:
        found: list[Spell] = []
        problems: list[BadValue] = []
        for week, line in enumerate(self._cells):
            for day, cell in enumerate(line):
                try:
                    hours = words.parse_hours(cell.text(), f"spells.{week}.{day}")
                except BadValue as problem:
                    problems.append(problem)
                else:
                    found += [Spell(week, day, starts, ends) for starts, ends in hours]
        if problems:
            raise BadValues(tuple(problems))
        return tuple(found)

    def _add_up(self) -> None:
        for week, total in enumerate(self._sums):
            minutes = 0
            for day, cell in enumerate(self._cells[week]):
                try:
                    minutes += sum(Spell(week, day, a, b).minutes for a, b in words.parse_hours(cell.text(), ""))
                except BadValue:
                    continue
            total.setText(words.as_hours(minutes))

    # ------------------------------------------------------------------ problems

    def set_problems(self, problems: Sequence[BadValue]) -> list[BadValue]:
        """Mark the cells that are wrong, say the first; gives back what is of no cell."""
        self.clear_problems()
        elsewhere, said = [], ""
        for problem in problems:
            cell = self._cell_of(problem.field)
            if cell is None and not problem.field.startswith("spells"):
                elsewhere.append(problem)
                continue
            said = said or sentences.sentence(BadValue("spells", problem.reason))
            if cell is not None:
                cell.setProperty("wrong", True)
                cell.setAccessibleDescription(said)
                restyle(cell)
        self.said.setText(said)
        self.said.setVisible(bool(said))
        first = next((c for line in self._cells for c in line if c.property("wrong")), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        return elsewhere

    def clear_problems(self) -> None:
        self.said.hide()
        for line in self._cells:
            for cell in line:
                if cell.property("wrong"):
                    cell.setProperty("wrong", False)
                    restyle(cell)

    def _cell_of(self, field: str) -> QLineEdit | None:
        parts = field.split(".")
        if len(parts) != 3 or not (parts[1].isdigit() and parts[2].isdigit()):
            return None
        week, day = int(parts[1]), int(parts[2])
        return self._cells[week][day] if week < len(self._cells) and day < 7 else None

    # ------------------------------------------------------------------ keys

    def start(self) -> None:
        if self._cells:
            self._cells[0][0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _edited(self, cell: QLineEdit) -> None:
        if cell.property("wrong"):
            cell.setProperty("wrong", False)
            restyle(cell)
        self._add_up()
        if not self._filling:
            self.changed.emit()

    def _settle(self, cell: QLineEdit) -> None:
        """Show how it was read."""
        try:
            cell.setText(words.cell_words(words.parse_hours(cell.text(), "")))
        except BadValue:
            return

    def _place(self, cell: QObject) -> tuple[int, int]:
        return next((w, d) for w, line in enumerate(self._cells) for d, c in enumerate(line) if c is cell)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(watched, QLineEdit):
            return self._key(watched, event)
        return False

    def _key(self, cell: QLineEdit, event: QKeyEvent) -> bool:
        week, day = self._place(cell)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        key = Qt.Key(event.key())
        step = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}.get(key)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control:
            step = (0, 1) if day < 6 else (1, -6)
        if step is not None:
            week, day = week + step[0], day + step[1]
            if 0 <= week < len(self._cells):
                self._cells[week][day].setFocus(Qt.FocusReason.TabFocusReason)
                self._cells[week][day].selectAll()
            return True
        if control and not self._locked and key == Qt.Key.Key_D and day > 0:
            self._put(cell, self._cells[week][day - 1].text())
            return True
        if control and not self._locked and key == Qt.Key.Key_U and week > 0:
            for mine, above in zip(self._cells[week], self._cells[week - 1], strict=True):
                self._put(mine, above.text())
            return True
        return False

    def _put(self, cell: QLineEdit, text: str) -> None:
        cell.setText(text)
        self._edited(cell)
