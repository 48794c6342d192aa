"""Who is speaking: whose words the answers are that are given from now on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from coordination.assessment.away import THE_PERSON
from coordination.assessment.model import SaidRole, Told
from ui.style import fonts, theme
from ui.widgets.basics import label

_ROLES: tuple[tuple[SaidRole, str, str], ...] = (
    ("person", "The person", ""),
    ("carer", "A carer", "Which carer"),
    ("professional", "A professional", "Who; empty: yourself"),
    ("record", "The record", "Which record"),
)


class Speaking(QWidget):
    """``told_changed`` with what is chosen. The person, unless somebody says otherwise."""

    told_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.role = QComboBox()
        self.role.setAccessibleName("Who is speaking")
        self.role.setToolTip("Whose words the next answers are  (F4)")
        for code, words, _hint in _ROLES:
            self.role.addItem(words, code)
        self.name = QLineEdit()
        self.name.setMaxLength(200)
        self.name.setMaximumWidth(theme.px(180))
        self.name.setAccessibleName("Name of who is speaking")
        for field in (self.role, self.name):
            fonts.dress(field)
            field.setFixedHeight(theme.px(32))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.space(2))
        for part in (label("Speaking", quiet=True), self.role, self.name):
            line.addWidget(part)
        self.name.hide()
        self.role.currentIndexChanged.connect(lambda _at: self._chosen())
        self.name.textChanged.connect(lambda _text: self.told_changed.emit(self.told))

    @property
    def told(self) -> Told:
        """What is chosen."""
        role: SaidRole = self.role.currentData()
        return THE_PERSON if role == "person" else Told(role, self.name.text().strip())

    def begin(self) -> None:
        """Another assessment: the person speaks."""
        self.role.setCurrentIndex(0)
        self.name.clear()

    def take_focus(self) -> None:
        self.role.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _chosen(self) -> None:
        hint = _ROLES[self.role.currentIndex()][2]
        self.name.setVisible(bool(hint))
        self.name.setPlaceholderText(hint)
        self.told_changed.emit(self.told)
