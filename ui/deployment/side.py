"""Beside the board: the visit that is chosen, and who could take it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from coordination.clock import LONDON
from coordination.deployment.board_warnings import BoardWarning
from coordination.deployment.discretion import discreet
from coordination.deployment.model import Board, Visit
from coordination.errors import BadValue, BadValues
from ui import wording
from ui.deployment import words
from ui.deployment.candidates import CandidateList
from ui.deployment.messages import ALERTS, STATES
from ui.style import theme
from ui.widgets import (
    Badge,
    Choice,
    DateEdit,
    EmptyState,
    Facts,
    FlowBox,
    Form,
    TextArea,
    TimeEdit,
    button,
    column,
    label,
    plane,
    row,
    scrolling,
)

STATE_BADGES = {"unplaced": "Not placed", "allocated": "Given", "pinned": "Pinned"}


class VisitSide(QWidget):
    """What is to be known of one visit, and the list of workers. Shown in the side panel of the page."""

    record_asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.list = CandidateList()
        self._person = label("", strong=True, wrap=True)
        self._badges = FlowBox()
        self._facts = Facts()
        self._record = button("Open the record", self._ask_record, kind="quiet", icon="arrow-right")
        self._visit: Visit | None = None
        self._fit_soon = QTimer(self, singleShot=True, interval=0)
        self._fit_soon.timeout.connect(self._fit)
        about = column(self._person, self._badges, self._facts, row(self._record, None), gap=2, margins=(4, 3, 4, 2))
        self._layout, self._content = about, plane(about, "surface")
        self._about = scrolling(self._content)
        self._question = label("Who could take this?", strong=True)
        self._count = label("", quiet=True, size="small")
        self._who = plane(row(self._question, None, self._count, margins=(4, 1.5, 4, 1.5)), "sunken", "above")
        self._nothing = EmptyState(
            "No visit is chosen", "Arrow keys go from visit to visit. P asks who could take the one that is chosen.",
            icon="cursor",
        )  # fmt: skip
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part, stretch in ((self._nothing, 1), (self._about, 0), (self._who, 0), (self.list, 1)):
            layout.addWidget(part, stretch)
        self.show_visit(None, None)

    def _ask_record(self) -> None:
        if self._visit is not None:
            self.record_asked.emit(self._visit.person.id)

    def show_visit(self, board: Board | None, visit: Visit | None, warned: Sequence[BoardWarning] = ()) -> None:
        """The facts at once; the candidates come when they are known."""
        other = visit is None or self._visit is None or visit.id != self._visit.id
        self._visit = visit
        self._nothing.setVisible(visit is None)
        self._about.setVisible(visit is not None)
        if visit is None or board is None:
            self._who.hide()
            self.list.hide()
            return
        self._person.setText(visit.person.listed)
        _refill(self._badges, badges(board, visit))
        look = [("Look at", "\n".join(dict.fromkeys(words.full(w.found) for w in warned)))] if warned else []
        self._facts.set([*look, *facts(board, visit)])
        self._fit()
        self._fit_soon.start()  # badges and wrapped lines know their height only once they are laid out
        asks = not visit.is_over
        self._who.setVisible(asks)
        self.list.setVisible(asks)
        if other:
            self.list.show_candidates(())
            self._count.setText("")
            self._about.verticalScrollBar().setValue(0)

    def _fit(self) -> None:
        """As high as the facts need, up to half of the panel; the list has the rest."""
        content = self._content
        self._layout.activate()
        width = self._about.viewport().width()
        wanted = content.heightForWidth(width) if content.hasHeightForWidth() else content.sizeHint().height()
        self._about.setFixedHeight(min(wanted, max(theme.px(80), self.height() // 2)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def show_candidates(self, found: object) -> None:
        """Candidates of the visit that is shown."""
        rows = list(found)  # type: ignore[call-overload]
        able = sum(c.start is not None for c in rows)
        self._count.setText(f"{able} of {wording.count(len(rows), 'worker')}")
        self.list.show_candidates(rows)


def _refill(box: FlowBox, parts: list[QWidget]) -> None:
    layout = box.layout()
    assert layout is not None
    while (item := layout.takeAt(0)) is not None:
        old = item.widget()
        if old is not None:
            old.deleteLater()
    for part in parts:
        layout.addWidget(part)


def badges(board: Board, visit: Visit) -> list[QWidget]:
    """State first, then what makes the visit special, then what to be careful of."""
    state = words.state_of(visit)
    made: list[QWidget] = [Badge.of_state(state, STATE_BADGES.get(state) or STATES[state].capitalize())]
    if visit.time_critical:
        made.append(Badge("Time-critical", "neutral", "alarm"))
    if visit.workers_needed == 2:
        made.append(Badge("Two workers", "neutral", "users"))
    if visit.gender_asked:
        made.append(Badge(f"Asked for a {visit.gender_asked} worker", "neutral", "user"))
    made += [Badge(board.skills.get(code, code), "teal", "star") for code in visit.skills]
    made += [Badge(ALERTS[a.kind].split(":")[0], "plum", "warning") for a in visit.person.alerts]
    return made


def facts(board: Board, visit: Visit) -> list[tuple[str, object | None]]:
    """What a lead needs; a code that somebody typed into the notes is not shown here either."""
    about = visit.person
    going = [
        f"{words.span(a.window)}, {board.worker_by_id[a.worker_id].name}"
        for a in visit.allocations
        if a.worker_id in board.worker_by_id
    ]
    rows: list[tuple[str, object | None]] = [
        ("Goes", "\n".join(going) if going else "Nobody yet"),
        ("Should begin", f"{words.arrival(visit)}, {visit.minutes} min"),
        ("Need", visit.need),
        ("Address", ", ".join(part for part in (about.address, about.postcode) if part)),
        ("Getting in", discreet(words.way_in(visit)) or "Nothing noted"),
    ]
    gaps = words.gaps(board, visit)
    if gaps:
        rows.insert(2, ("Gap", "\n".join(gaps)))
    if visit.pattern_id is not None:
        rows.append(("Planned", "Recurring, changed by hand since" if visit.modified else "Recurring"))
    if about.language or about.interpreter:
        rows.append(("Language", about.language + (", interpreter" if about.interpreter else "")))
    said = [
        discreet(a.words, 160) for a in about.alerts if a.words and a.kind in ("do_not_visit_alone", "access", "other")
    ]
    if said:
        rows.append(("Careful", "\n".join(said)))
    if visit.state_reason:
        rows.append(("Reason", visit.state_reason))
    return rows


class OutcomeForm(QWidget):
    """Why a visit ends other than done; for another day also when. ``saved`` with the values, by Ctrl+Enter too."""

    saved = Signal(dict)
    left = Signal()

    def __init__(self, title: str, hint: str, *, visit: Visit, another_day: bool = False) -> None:
        super().__init__()
        self.form = Form()
        self.code = Choice(prompt="Choose one, or say it below")
        if another_day:
            self.form.add("day", "Day", DateEdit(visit.day), required=True)
            self.form.add("from", "From", TimeEdit(_local(visit.arrive.start)), required=True)
            self.form.add("until", "Begin until", TimeEdit(_local(visit.arrive.end)), required=True)
        self.form.add("code", "Reason", self.code)
        self.form.add("reason", "In words", TextArea(2), help=hint)
        self._save = button("Save", self.save, kind="main", tip="Save  (Ctrl+Enter)")
        self._leave = button("Leave it", self.left.emit, kind="quiet", tip="Leave it  (Esc)")
        self.setLayout(
            column(
                label(title, strong=True, wrap=True), label(visit.person.listed, quiet=True, wrap=True), self.form,
                row(self._save, self._leave, None), None, gap=3, margins=4,
            )
        )  # fmt: skip

    def begin(self) -> None:
        next(iter(self.form.fields.values())).editor.setFocus()

    def offer(self, reasons: Sequence[tuple[str, str]]) -> None:
        """Coded reasons to choose from; none is chosen by itself."""
        before = self.code.value
        self.code.set_items(reasons)
        self.code.set_value(before)

    def set_problems(self, error: Exception) -> bool:
        """Mark what the service finds wrong; False when it is about none of the fields."""
        found = error.problems if isinstance(error, BadValues) else (error,)
        names = {"why": "reason", "reason": "code"}
        problems = tuple(
            BadValue(names.get(p.field, p.field), p.reason) for p in found if isinstance(p, BadValue)
        )  # fmt: skip
        return bool(problems) and not self.form.set_problems(BadValues(problems))

    def save(self) -> None:
        """Hand over what is typed, or say at the field what is wrong with it."""
        self.form.clear_problems()
        try:
            values = self.form.values()
        except (BadValue, BadValues) as error:
            self.form.set_problems(error)
            return
        if not values["reason"] and not values["code"]:
            self.form.set_problems(BadValue("reason", "missing"))
            return
        self.saved.emit(values)

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.save()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _local(moment: datetime) -> time:
    return moment.astimezone(LONDON).time()
