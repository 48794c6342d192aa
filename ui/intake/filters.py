"""What the queue shows: a saved view, urgencies, a service; and the views that this desk has saved for itself."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from coordination.intake.model import QueueFilter, QueueView, ServiceKind
from coordination.intake.views import VIEWS
from ui.intake import words
from ui.style import fonts, theme
from ui.widgets.basics import Choice, button, column, plane, row
from ui.widgets.chips import FilterChips

VIEW_WORDS: dict[str, tuple[str, ...]] = {
    "open": ("All open",),
    "mine": ("Mine", "user", "yours"),
    "unclaimed": ("Unclaimed",),
    "overdue": ("Overdue", "warning-octagon-fill", "red"),
    "due_soon": ("Due soon", "timer", "amber"),
    "urgent": ("Urgent",),
    "safeguarding": ("Safeguarding", "shield-warning", "plum"),
    "accepted": ("Accepted",),
    "to_settle": ("To settle", "", "plum"),  # declined, and I am the next owner
}
_OWN = "queue/own-views"


class OwnViews:
    """The views that somebody saved on this computer: name, and what they show. No personal data."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    def all(self) -> dict[str, QueueFilter]:
        """By name, in the order they were saved. What cannot be read is left out."""
        try:
            kept = json.loads(str(self._settings.value(_OWN, "{}")))
            return {str(name): _read(facts) for name, facts in kept.items()}
        except (ValueError, TypeError, KeyError, AttributeError):
            return {}

    def save(self, name: str, asked: QueueFilter) -> None:
        self._keep({**self.all(), name: asked})

    def forget(self, name: str) -> None:
        self._keep({kept: asked for kept, asked in self.all().items() if kept != name})

    def _keep(self, views: dict[str, QueueFilter]) -> None:
        self._settings.setValue(_OWN, json.dumps({name: _write(asked) for name, asked in views.items()}))


def _write(asked: QueueFilter) -> dict[str, Any]:
    return {
        "states": sorted(asked.states),
        "holder": asked.holder,
        "overdue": asked.overdue,
        "safeguarding": asked.safeguarding,
        "urgencies": sorted(asked.urgencies),
        "services": sorted(asked.services),
    }


def _read(facts: dict[str, Any]) -> QueueFilter:
    return QueueFilter(
        states=frozenset(facts["states"]),
        holder=facts["holder"],
        overdue=bool(facts["overdue"]),
        safeguarding=bool(facts["safeguarding"]),
        urgencies=frozenset(facts["urgencies"]),
        services=frozenset(facts["services"]),
    )


class QueueFilters(QWidget):
    """Two rows: the saved views with their counts, and what narrows the one that is on."""

    changed = Signal()
    saved = Signal()

    def __init__(self, settings: QSettings) -> None:
        super().__init__()
        self.own = OwnViews(settings)
        self.view = "open"
        self.views = self._view_chips()
        self.urgencies = FilterChips(list(words.URGENCIES.items()), "Urgency")
        self.urgencies.changed.connect(lambda _on: self.changed.emit())
        self.service = Choice([("", "All services")])
        self.service.setAccessibleName("Service")
        self.service.setMaximumWidth(theme.px(220))
        self.service.chosen.connect(lambda _code: self.changed.emit())
        self.keep = button("Save as a view", self._ask_name, kind="quiet", icon="plus")
        self.forget = button("Forget this view", self._forget, kind="quiet", icon="x")
        self.name = QLineEdit()
        fonts.dress(self.name)
        self.name.setPlaceholderText("Name of the view, then Enter")
        self.name.setMaximumWidth(theme.px(220))
        self.name.returnPressed.connect(self._save)
        self.name.hide()
        self._rows = column(
            self.views,
            row(self.urgencies, self.service, self.keep, self.forget, self.name, None, gap=3),
            gap=2,
            margins=(6, 2.5, 6, 2.5),
        )
        self.setLayout(column(plane(self._rows, "surface", "below"), gap=0))
        self._show_buttons()

    def _view_chips(self) -> FilterChips:
        items: list[tuple[str, ...]] = [(code, *look) for code, look in VIEW_WORDS.items()]
        items += [(name, name, "bookmark-simple") for name in self.own.all()]
        made = FilterChips(items, "Views")
        made.set_value({self.view})
        made.changed.connect(self._view_chosen)
        return made

    @property
    def asked(self) -> QueueFilter:
        """What is wanted now, in all localities."""
        base = {**VIEWS, **self.own.all()}.get(self.view, QueueFilter())
        if self.urgencies.value:
            base = replace(base, urgencies=self.urgencies.value)  # type: ignore[arg-type]
        if self.service.value:
            base = replace(base, services=frozenset({self.service.value}))
        return base

    @property
    def narrowed(self) -> bool:
        return bool(self.urgencies.value or self.service.value)

    def show_view(self, code: str) -> None:
        """Switch to a view and take the narrowing off."""
        self.view = code
        for part in (self.views, self.urgencies):
            part.blockSignals(True)
        self.views.set_value({code})
        self.urgencies.set_value(frozenset())
        self.service.blockSignals(True)
        self.service.set_value("")
        for each in (self.views, self.urgencies, self.service):
            each.blockSignals(False)
        self._show_buttons()
        self.changed.emit()

    def set_counts(self, views: list[QueueView]) -> None:
        self.views.set_counts({view.code: view.count for view in views})

    def set_services(self, services: list[ServiceKind]) -> None:
        self.service.set_items([("", "All services"), *((kind.code, kind.name) for kind in services)])

    def _view_chosen(self, on: frozenset[Any]) -> None:
        """Always exactly one: pressing the one that is on leaves it on."""
        fresh = on - {self.view}
        self.view = next(iter(fresh), self.view)
        self.views.blockSignals(True)
        self.views.set_value({self.view})
        self.views.blockSignals(False)
        self._show_buttons()
        self.changed.emit()

    def _show_buttons(self) -> None:
        self.forget.setVisible(self.view in self.own.all())
        self.keep.setVisible(self.view not in self.own.all() and not self.name.isVisible())

    def _ask_name(self) -> None:
        self.name.clear()
        self.name.show()
        self.keep.hide()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _save(self) -> None:
        name = self.name.text().strip()[:40]
        self.name.hide()
        if name and name not in VIEW_WORDS:
            self.own.save(name, self.asked)
            self._rebuild(name)
            self.saved.emit()
        self._show_buttons()

    def _forget(self) -> None:
        self.own.forget(self.view)
        self._rebuild("open")
        self.changed.emit()

    def _rebuild(self, view: str) -> None:
        self.view = view
        old, self.views = self.views, self._view_chips()
        self._rows.replaceWidget(old, self.views)
        old.deleteLater()
        self.urgencies.blockSignals(True)
        self.urgencies.set_value(frozenset())
        self.urgencies.blockSignals(False)
        self.service.blockSignals(True)
        self.service.set_value("")
        self.service.blockSignals(False)
        self._show_buttons()
