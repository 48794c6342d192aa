"""Right on the page of the shift: what I write, what I read, or a small form in place of either."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.duty.reading import ReadingView
from ui.duty.writing import WritingForm
from ui.widgets.basics import column
from ui.widgets.panels import scrolling

_WRITING, _READING, _ASKING = range(3)


class Side(QStackedWidget):
    """One of the three is in front."""

    def __init__(self, form: WritingForm) -> None:
        super().__init__()
        for inner, foot in ((form, form.foot), (QWidget(), None), (QWidget(), None)):
            self.addWidget(_with_foot(inner, foot))

    @property
    def asks(self) -> bool:
        """A small form is in front."""
        return self.currentIndex() == _ASKING

    def show_writing(self) -> None:
        self.setCurrentIndex(_WRITING)

    def show_reading(self, view: ReadingView | None = None) -> None:
        """Another handover; None for the one that was read before."""
        if view is not None:
            self._put(_READING, view, view.foot)
        self.setCurrentIndex(_READING)

    def ask(self, form: QWidget) -> None:
        """A small form."""
        holder = QWidget()
        holder.setLayout(column(form, None, gap=0, margins=(4, 3, 4, 3)))
        self._put(_ASKING, holder)
        self.setCurrentIndex(_ASKING)
        start: Any = getattr(form, "move_form", form)
        start.start()

    def _put(self, place: int, content: QWidget, foot: QWidget | None = None) -> None:
        before: Any = self.widget(place)
        self.insertWidget(place, _with_foot(content, foot))
        self.removeWidget(before)
        before.deleteLater()


def _with_foot(inner: QWidget, foot: QWidget | None) -> QWidget:
    """What scrolls, and beneath it what always stays in sight."""
    made = QWidget()
    layout = column(scrolling(inner), *([foot] if foot is not None else []), gap=0)
    layout.setStretch(0, 1)
    made.setLayout(layout)
    return made
