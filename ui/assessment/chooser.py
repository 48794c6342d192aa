"""Which form next, for a person whose conversation has been had."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from coordination.assessment.model import Assessment, Form
from ui import wording
from ui.style import fonts, theme
from ui.widgets.basics import column, label, plane
from ui.widgets.panels import scrolling
from ui.widgets.tips import plain_tip

ABREAST = 2


class FormChooser(QWidget):
    """One tile a form, with what there is of it already. ``chosen`` gives the form's id."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.tiles: list[QPushButton] = []
        self._tiles = QGridLayout()
        self._tiles.setSpacing(theme.space(2))
        for side in range(ABREAST):
            self._tiles.setColumnStretch(side, 1)
        inside = QWidget()
        inside.setMaximumWidth(theme.px(1000))
        inside.setLayout(
            column(
                label("What comes next?", size="title", strong=True),
                label("Everything known is carried in. Nothing is asked twice.", quiet=True),
                2,
                self._tiles,
                None,
                gap=1.5,
            )
        )
        page = plane(column(inside, margins=(8, 6, 8, 6)), "surface")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolling(page))

    def show_forms(self, forms: Sequence[Form], history: Sequence[Assessment], now: datetime) -> None:
        """What is under way first, then what has not been asked yet. ``history``: the person's, the newest first."""
        for old in self.tiles:
            self._tiles.removeWidget(old)
            old.hide()
            old.deleteLater()
        signed = {a.form.id for a in history if a.state == "signed"}
        titles = {form.id: form.title for form in forms}
        earlier = {form.id: [a for a in history if a.form.id == form.id] for form in forms}
        self.tiles = []
        for form in sorted(forms, key=lambda f: (_rank(earlier[f.id]), f.title)):
            waits = [titles.get(other, other) for other in form.after if other not in signed]
            self.tiles.append(self._tile(form, _so_far(earlier[form.id], waits, now)))
        for place, tile in enumerate(self.tiles):
            self._tiles.addWidget(tile, place // ABREAST, place % ABREAST)
            tile.show()

    def _tile(self, form: Form, so_far: str) -> QPushButton:
        words = f"{form.title}\n{so_far}"
        tile = QPushButton(words)
        tile.setProperty("part", "tile")
        tile.setAccessibleName(words.replace("\n", ". "))
        tile.setToolTip(plain_tip(form.intro))
        tile.setCursor(Qt.CursorShape.PointingHandCursor)
        fonts.dress(tile)
        tile.setMinimumHeight(theme.px(60))
        tile.clicked.connect(lambda _on=False: self.chosen.emit(form.id))
        return tile

    def take_focus(self) -> None:
        if self.tiles:
            self.tiles[0].setFocus(Qt.FocusReason.OtherFocusReason)


def _rank(earlier: Sequence[Assessment]) -> int:
    return 1 if not earlier else 0 if earlier[0].state == "draft" else 2


def _so_far(earlier: Sequence[Assessment], waits: Sequence[str], now: datetime) -> str:
    if not earlier:
        return f"Signed after: {', '.join(waits)}" if waits else "Nothing yet"
    last = earlier[0]
    if last.state == "draft":
        return f"Go on with the draft of {last.started_by_name}, {wording.near_time(last.started_at, now)}"
    assert last.signed_at is not None
    return f"Last signed by {last.signed_by_name}, {wording.near_time(last.signed_at, now)}. Begin a new one"
