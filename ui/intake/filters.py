"""What the queue shows: a view, what narrows it, and whom or what somebody looks for in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from coordination.clock import LONDON
from coordination.intake.queue import OwnView, QueueChoices, QueueFilter, QueueOrder, QueueView
from coordination.intake.views import PAST, VIEWS, fitting
from ui.intake import words
from ui.intake.narrow import NO_CHOICES, Item, Narrowing, filter_menu, said
from ui.intake.view_strip import ViewStrip
from ui.style import fonts, icons, theme
from ui.widgets.basics import button, column, label, plane, row
from ui.widgets.chips import FilterChips, FlowBox
from ui.widgets.dates import DateEdit

VIEW_WORDS: dict[str, tuple[str, ...]] = {
    "open": ("All open",),
    "mine": ("Mine", "user", "yours"),
    "unclaimed": ("Unclaimed",),
    "overdue": ("Overdue", "warning-octagon-fill", "red"),
    "due_soon": ("Due soon", "timer", "amber"),
    "urgent": ("Urgent",),
    "safeguarding": ("Safeguarding", "shield-warning", "plum"),
    "accepted": ("Accepted",),
    "on_hold": ("On hold", "pause-circle"),  # paused, or more information was asked for
    "to_settle": ("To settle", "", "plum"),  # declined, and I am the next owner
    "past": ("Past", "archive"),
}
FIND = "Find in what is shown"
FIND_TIP = "Enter looks among all referrals, past ones too: by number, name, birth, telephone or NHS number  (/)"


class QueueFilters(QWidget):
    """Views with their counts; what narrows the one that is on; the field to find."""

    changed = Signal()
    """something else is to be read"""
    find_changed = Signal(str)
    """words to be found in what is shown"""
    find_all = Signal(str)
    """words to be looked for among all referrals"""
    view_left = Signal(str)
    """the view that was on until now"""

    def __init__(self) -> None:
        super().__init__()
        self.choices: QueueChoices = NO_CHOICES
        self.view = "open"
        self.found: tuple[str, QueueFilter] | None = None
        """what somebody looked for among all, in words, and as a filter that takes the place of the view"""
        self.narrowing = Narrowing()
        self.views: FilterChips = ViewStrip([(code, *look) for code, look in VIEW_WORDS.items()], "Views")
        self.views.set_value({self.view})
        self.views.changed.connect(self._view_chosen)
        self.urgencies = FilterChips(list(words.URGENCIES.items()), "Urgency")
        self.urgencies.changed.connect(lambda _on: self.changed.emit())
        self.more = button("Filter", self.open_menu, icon="funnel-simple", tip="Filter  (F)")
        self.until = DateEdit()
        self.until.setAccessibleName("Closed no later than")
        self.until.changed.connect(lambda _day: self.changed.emit())
        self._until = QWidget()
        self._until.setLayout(row(label("Closed by", quiet=True), self.until, gap=1.5))
        self.find = QLineEdit()
        fonts.dress(self.find)
        self.find.setPlaceholderText(FIND)
        self.find.setToolTip(FIND_TIP)
        self.find.setAccessibleName(FIND)
        self.find.setAccessibleDescription(FIND_TIP)
        self.find.setClearButtonEnabled(True)
        self._glass = self.find.addAction(icons.icon("magnifying-glass"), QLineEdit.ActionPosition.LeadingPosition)
        theme.hub().changed.connect(self._draw_glass)
        self.find.setFixedWidth(theme.px(250))
        self.find.textChanged.connect(lambda text: self.find_changed.emit(text.strip()))
        self.find.returnPressed.connect(lambda: self.find_all.emit(self.find.text().strip()))
        self.tools: list[QWidget] = []
        self._on: list[QWidget] = []
        self._line = FlowBox(gap=3)
        self._always = (self._urgencies_box(), self.more, self._until)
        second = row(self._line, self.find, gap=3)
        second.setStretch(0, 1)
        self._rows = column(self.views, second, gap=2, margins=(6, 2.5, 6, 2.5))
        self.setLayout(column(plane(self._rows, "surface", "below"), gap=0))
        self._show_on()

    def _urgencies_box(self) -> QWidget:
        """The chips of urgency, as wide as they are."""
        holder = QWidget()
        gaps = theme.space(1.5) * (len(words.URGENCIES) - 1)
        wide = sum(chip.sizeHint().width() for chip in self.urgencies.findChildren(QWidget)) + gaps
        self.urgencies.setFixedWidth(wide + 1)
        holder.setLayout(column(self.urgencies, gap=0))
        return holder

    def add_tools(self, *tools: QWidget) -> None:
        """Buttons behind the filters."""
        self.tools += tools
        self._show_on()

    # ---------------------------------------------------------------- what is wanted

    @property
    def base(self) -> QueueFilter:
        """The view that is on, or what was looked for among all."""
        if self.found is not None:
            return self.found[1]
        saved = self.saved_view
        return saved.filter if saved is not None else VIEWS.get(self.view, QueueFilter())

    @property
    def own_view(self) -> OwnView | None:
        """The view of one's own that is on."""
        return next((view for view in self.choices.own if str(view.id) == self.view), None)

    @property
    def saved_view(self) -> OwnView | None:
        """The view that somebody saved and that is on: one's own, or one that a colleague shares."""
        return next((view for view in self._saved if str(view.id) == self.view), None)

    @property
    def _saved(self) -> tuple[OwnView, ...]:
        return (*self.choices.own, *self.choices.shared)

    @property
    def asked(self) -> QueueFilter:
        """What is wanted now, in all localities."""
        asked = self.narrowing.applied(self.base)
        if self.urgencies.value:
            asked = replace(asked, urgencies=self.urgencies.value)  # type: ignore[arg-type]
        if self.is_past and self.until.value is not None:
            after = datetime.combine(self.until.value + timedelta(days=1), time(), LONDON)
            asked = replace(asked, closed_by=after.astimezone(UTC))
        return fitting(asked)

    @property
    def is_past(self) -> bool:
        return self.found is None and self.base.states <= PAST and self.base.holder == "anyone"

    @property
    def narrowed(self) -> bool:
        return bool(self.urgencies.value or self.narrowing.items or self.until.value)

    @property
    def said(self) -> str:
        """In words, for what is printed or exported."""
        parts = [f"“{self.found[0]}” among all referrals" if self.found is not None else self.view_name]
        parts += [words.URGENCIES[code] for code in words.URGENCIES if code in self.urgencies.value]
        parts += [said(item, self.choices) for item in self.narrowing.items]
        if self.is_past and self.until.value is not None:
            parts.append(f"closed by {self.until.text()}")
        return ", ".join(parts)

    @property
    def view_name(self) -> str:
        saved = self.saved_view
        return saved_name(saved) if saved is not None else VIEW_WORDS.get(self.view, (self.view,))[0]

    # ---------------------------------------------------------------- what others do with it

    def show_view(self, code: str) -> None:
        """Switch to a view, and take off what narrows it and what was looked for."""
        self._leave_view()
        self.view, self.found = code, None
        for part in (self.views, self.urgencies):
            part.blockSignals(True)
        self.views.set_value({code})
        self.urgencies.set_value(frozenset())
        for part in (self.views, self.urgencies):
            part.blockSignals(False)
        self.narrowing.clear()
        self._show_on()
        self.changed.emit()

    def step_view(self, by: int) -> None:
        """The next view, or the one before."""
        codes = [*VIEW_WORDS, *(str(view.id) for view in self._saved)]
        at = codes.index(self.view) if self.view in codes else 0
        self.show_view(codes[(at + by) % len(codes)])

    def show_found(self, said: str, asked: QueueFilter) -> None:
        """In place of the view: what was looked for among all."""
        self.found = (said, asked)
        self.narrowing.clear()
        self._show_on()
        self.changed.emit()

    def set_order(self, order: QueueOrder) -> None:
        """The order of the pages, where there is more than one."""
        if not self.is_past and self.asked.order != order:
            self.narrowing.order = order
            self._show_on()
            self.changed.emit()

    def set_counts(self, views: list[QueueView]) -> None:
        self.views.set_counts({view.code: view.count for view in views if view.count is not None})

    def set_choices(self, choices: QueueChoices) -> None:
        """What there is to choose from, and the views of one's own."""
        before = [_chip_of(view) for view in self._saved]
        self.choices = choices
        if before != [_chip_of(view) for view in self._saved]:
            self._rebuild_views()
        if self.view not in VIEWS and self.saved_view is None:
            self.show_view("open")

    def open_menu(self) -> None:
        self.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def menu(self) -> Any:
        """The menu of filters, as they are now."""
        order = None if self.is_past else self.asked.order
        return filter_menu(
            self, self.choices, self.narrowing, order, self.toggle, self.set_order, self._clear_narrowing
        )

    def toggle(self, item: Item) -> None:
        """Put a filter on, or take it off."""
        self.narrowing.toggle(item)
        self._show_on()
        self.changed.emit()

    # ---------------------------------------------------------------- inside

    def _draw_glass(self) -> None:
        self._glass.setIcon(icons.icon("magnifying-glass"))

    def _clear_narrowing(self) -> None:
        self.narrowing.clear()
        self._show_on()
        self.changed.emit()

    def _view_chosen(self, on: frozenset[Any]) -> None:
        """Always exactly one: pressing the one that is on leaves it on, and takes off what was looked for."""
        fresh = on - {self.view}
        self._leave_view()
        self.view = str(next(iter(fresh), self.view))
        self.found = None
        self.views.blockSignals(True)
        self.views.set_value({self.view})
        self.views.blockSignals(False)
        self._show_on()
        self.changed.emit()

    def _leave_view(self) -> None:
        self.view_left.emit(self.view)

    def _rebuild_views(self) -> None:
        items: list[tuple[str, ...]] = [(code, *look) for code, look in VIEW_WORDS.items()]
        items += [_chip_of(view) for view in self._saved]
        old, self.views = self.views, ViewStrip(items, "Views")
        self.views.set_value({self.view})
        self.views.changed.connect(self._view_chosen)
        self._rows.replaceWidget(old, self.views)
        old.hide()
        old.deleteLater()

    def _show_on(self) -> None:
        """The chips of what is on, between what is always there."""
        layout = self._line.layout()
        while layout.count():
            layout.takeAt(0)
        for gone in self._on:
            gone.hide()
            gone.deleteLater()
        self._on = []
        if self.found is not None:
            self._on.append(self._chip(f"“{self.found[0]}” among all referrals", lambda: self.show_view(self.view)))
        for item in self.narrowing.items:
            self._on.append(self._chip(said(item, self.choices), lambda item=item: self.toggle(item)))  # type: ignore[misc]
        for part in (*self._always, *self._on, *self.tools):
            layout.addWidget(part)
        for chip in self._on:
            chip.show()
        QTimer.singleShot(0, self._line, self._line.fit)  # when those that went are gone
        self._until.setVisible(self.is_past)
        self.more.setVisible(self.found is None)

    @staticmethod
    def _chip(text: str, off: Callable[[], object]) -> QPushButton:
        made = button(text, off, kind="quiet", icon="x", tip=f"Take “{text}” off")
        made.setAccessibleName(f"{text}: take off")
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return made


def saved_name(view: OwnView) -> str:
    """As its chip says it: one that a colleague shares with whose it is."""
    return f"{view.name} · {view.owner_name}" if view.owner is not None else view.name


def _chip_of(view: OwnView) -> tuple[str, ...]:
    """Code, words and icon: one's own, one's own that others see, and another's."""
    return str(view.id), saved_name(view), "users-three" if view.shared else "bookmark-simple"


__all__ = ["VIEW_WORDS", "QueueFilters", "saved_name"]
