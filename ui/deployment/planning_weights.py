"""Beside the board: what matters in a plan, in plain words, and what another opinion of it would do to the day."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QSlider, QVBoxLayout, QWidget

from coordination.deployment.planner.figures import Figures
from coordination.deployment.planner.weights import LEAST, MOST, TERMS, USUAL, TeamWeights, Term
from ui.deployment.planning_messages import TERMS as WORDS
from ui.deployment.planning_panel import LEAST_HIGH, FiguresTable
from ui.style import theme
from ui.widgets import button, column, label, plane, row, scrolling
from ui.widgets.tips import plain_tip

STEP = 10


def in_words(value: int) -> str:
    """``as usual``, ``twice as much``."""
    if value == USUAL:
        return "as usual"
    if value == 0:
        return "not at all"
    return f"{value / USUAL:.1f} times".replace(".0 times", " times")


class _Slider(QSlider):
    """Says when the keyboard has come to it."""

    reached = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.reached.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling the panel must not change what matters."""
        event.ignore()


class WeightRow(QWidget):
    """One term: its name, and how much it matters. ``about`` says what it counts."""

    changed = Signal()
    reached = Signal(str)

    def __init__(self, term: Term, value: int, *, own: bool) -> None:
        super().__init__()
        self.term = term
        name, self.about = WORDS[term]
        self.slider = _Slider(Qt.Orientation.Horizontal)
        self.slider.setRange(LEAST.get(term, 0), MOST)
        self.slider.setSingleStep(STEP)
        self.slider.setPageStep(2 * STEP)
        self.slider.setAccessibleName(name)
        self.slider.setAccessibleDescription(self.about)
        self.said = label("", quiet=True, size="small")
        self._name: QLabel = label(name)
        self._name.setBuddy(self.slider)
        self.setToolTip(plain_tip(self.about))
        self.setLayout(column(row(self._name, None, self.said), self.slider, gap=0.5))
        self.show_value(value, own=own)
        self.slider.valueChanged.connect(self._moved)
        self.slider.reached.connect(lambda: self.reached.emit(f"{name}. {self.about}"))

    @property
    def value(self) -> int:
        return self.slider.value()

    def show_value(self, value: int, *, own: bool) -> None:
        self._own = own
        self.slider.blockSignals(True)
        self.slider.setValue(value)
        self.slider.blockSignals(False)
        self._say()

    def _moved(self) -> None:
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        self.said.setText(in_words(self.value) + (", own" if self._own else ""))


class WeightsPanel(QWidget):
    """``tried`` asks what the values would do; ``saved`` keeps them for the team; ``usual`` goes back to the city's."""

    tried = Signal(dict)
    saved = Signal(dict)
    usual = Signal()
    left = Signal()

    def __init__(self, weights: TeamWeights, *, may_change: bool) -> None:
        super().__init__()
        self.weights = weights
        self._may_change = may_change
        self.rows = {
            term: WeightRow(term, weights.row(term).value, own=weights.row(term).own)
            for term in TERMS
        }  # fmt: skip
        for each in self.rows.values():
            each.changed.connect(self._ask)
        self.about = label("", quiet=True, size="small", wrap=True)
        for each in self.rows.values():
            each.reached.connect(self.about.setText)
        inner = column(*self.rows.values(), gap=2, margins=(4, 2, 4, 2))
        self.effect = QWidget()
        self._effect = QVBoxLayout(self.effect)
        self._effect.setContentsMargins(*(theme.space(4), theme.space(2), theme.space(4), theme.space(2)))
        self.effect.hide()
        about = "Skills, shifts and leave are kept whatever stands here. Arrow keys change a weight, Tab goes on."
        if not may_change:
            about += " Only a team lead saves them; you can try them out."
        self.try_out = button(
            "See the effect", self._try, icon="flask", tip="Plan with these, change nothing  (Ctrl+E)"
        )
        self.save = button("Save", self._save, kind="main", tip="For this team  (Ctrl+Enter)")
        self.back = button("Reset", self.usual.emit, kind="quiet", tip="As the city has them")
        if not may_change:
            self.save.hide()
            self.back.hide()
        foot = column(self.about, row(self.try_out, self.save, self.back, None, gap=2), gap=2, margins=(4, 2, 4, 3))
        top = plane(column(label(about, quiet=True, size="small", wrap=True), margins=(4, 3, 4, 3)), "surface", "below")
        holder = QWidget()
        holder.setLayout(inner)
        sliders = scrolling(holder)
        sliders.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        sliders.setMinimumHeight(theme.px(120))
        whole = column(top, sliders, self.effect, plane(foot, "surface", "above"), gap=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.setMinimumHeight(theme.px(LEAST_HIGH))
        self._ask()

    @property
    def values(self) -> dict[str, int]:
        return {term: each.value for term, each in self.rows.items()}

    @property
    def differ(self) -> bool:
        return any(self.weights.row(term).value != each.value for term, each in self.rows.items())

    def begin(self) -> None:
        self.rows[TERMS[0]].slider.setFocus()

    def show_weights(self, weights: TeamWeights) -> None:
        """As they stand now."""
        self.weights = weights
        for term, each in self.rows.items():
            found = weights.row(term)
            each.show_value(found.value, own=found.own)
        self._ask()

    def show_working(self) -> None:
        self._fill(label("Planning twice: as the weights stand, and with yours…", quiet=True, size="small", wrap=True))
        self.try_out.setEnabled(False)

    def show_effect(self, boards: Sequence[Figures]) -> None:
        """The board now, planned as the weights stand, and planned with those that are shown."""
        self._fill(FiguresTable(("Now", "As saved", "Yours"), boards))
        self.try_out.setEnabled(True)

    def stop_working(self) -> None:
        self.effect.hide()
        self.try_out.setEnabled(True)

    def _fill(self, widget: QWidget) -> None:
        while (item := self._effect.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.deleteLater()
        self._effect.addWidget(widget)
        self.effect.show()

    def _ask(self) -> None:
        self.save.setEnabled(self.differ)
        self.back.setEnabled(any(r.own for r in self.weights.rows))

    def _try(self) -> None:
        if self.try_out.isEnabled():
            self.tried.emit(self.values)

    def _save(self) -> None:
        if self._may_change and self.differ:
            self.saved.emit(self.values)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._save()
        elif control and event.key() == Qt.Key.Key_E:
            self._try()
        else:
            super().keyPressEvent(event)
