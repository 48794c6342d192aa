"""The order form: what is needed, found as it is typed, with what is free where, and what does instead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from coordination.clock import local_date
from coordination.equipment import rules
from coordination.equipment.model import Order, OrderDraft, OrderId
from coordination.equipment.search import search
from coordination.equipment.stock_model import Availability, CatalogueItem, StockLine
from coordination.equipment.store import PlanWish
from coordination.errors import BadValue, BadValues, Refused
from coordination.values import PlanId, new_id
from ui import wording
from ui.desk import Desk
from ui.equipment import store_words
from ui.equipment.ordering import OrderFor
from ui.sentences import sentence
from ui.style import theme
from ui.widgets.basics import LinkLabel, TextArea, button, column, label, plane, row
from ui.widgets.dates import DateEdit
from ui.widgets.empty import EmptyState
from ui.widgets.fields import Form
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

Wishes = tuple[tuple[PlanWish, tuple[CatalogueItem, ...]], ...]
_ROWS = 4


class OrderForm(QWidget):
    """For one person. ``ordered`` gives the order; it is put by at once where the store has it."""

    ordered = Signal(object)

    def __init__(self, desk: Desk, wanted: OrderFor) -> None:
        super().__init__()
        self._desk, self.wanted = desk, wanted
        self._key = OrderId(new_id())
        self._catalogue: tuple[CatalogueItem, ...] = ()
        self._stock: dict[str, list[StockLine]] = {}
        self._wish: PlanWish | None = None
        self.instead: Callable[[], None] | None = None
        """takes what is offered instead, while something is"""
        self.what = _Words()
        self.what.setPlaceholderText("Commode, hoist, rail …")
        self.what.setAccessibleName("What is needed")
        self.model = StableTableModel[CatalogueItem](self._columns(), key=lambda m: m.code)
        self.table = Table(
            self.model, settings=desk.settings, name="equipment-catalogue", title="Catalogue", inset=2,
            empty=EmptyState("Nothing like it", "Try another word for it, or less of it.", icon="package"),
        )  # fmt: skip
        self.said = label("", wrap=True)
        self.other = label("", wrap=True)
        self.offer = button("Take that instead", self.take_instead, tip="Ctrl+I")
        self.on_day = button("", self._take_day)
        self.otherwise = plane(column(self.other, row(self.offer, self.on_day, None), gap=1.5), "", "")
        self.otherwise.hide()
        self._day: date | None = None
        self.wishes = QWidget()
        self.wishes.hide()
        self.form = Form(columns=2)
        self.form.add("wanted_by", "Wanted by", DateEdit(), help="Empty: within a week")
        self.form.add("until_on", "On loan until", DateEdit(), help="Empty: while needed")
        self.form.add("quantity", "How many", QLineEdit("1"))
        self.at_once = QCheckBox("Reserve it at once")
        self.at_once.setChecked(True)
        self.form.add_widget(self.at_once, span=1)
        self.form.add("note", "Note", TextArea(2), span=2)
        self.problem = label("", tone="red", wrap=True)
        self.problem.hide()
        whole = column(
            self.wishes, label("What is needed", quiet=True, size="small"), self.what, self.table, self.said,
            self.otherwise, self.problem, self.form, None, gap=2,
        )  # fmt: skip
        self.setLayout(whole)
        self.what.textChanged.connect(self._typed)
        self.what.stepped.connect(self._step)
        self.table.current_changed.connect(lambda _row: self._chosen())
        self.form.field("quantity").edited.connect(self._chosen)
        self.form.field("wanted_by").edited.connect(self._chosen)

    def begin(self) -> None:
        """Read the catalogue, what is free, and what the plan asks for."""
        self.what.setFocus()
        service, person, wish = self._desk.services.equipment, self.wanted.person_id, self.wanted.wish

        def read() -> tuple[tuple[CatalogueItem, ...], Sequence[StockLine], Wishes]:
            return service.catalogue(), service.stock(), service.wishes(person)

        def show(found: tuple[tuple[CatalogueItem, ...], Sequence[StockLine], Wishes]) -> None:
            self._catalogue = found[0]
            for line in found[1]:
                self._stock.setdefault(line.model, []).append(line)
            self._show_wishes(found[2])
            if self.wanted.words and not self.what.text():
                self.what.setText(self.wanted.words)
            self._wish = next((w for w, _ in found[2] if w.id == wish), None)
            self._typed()

        self._desk.tasks.run(self, read, show, latest="catalogue")

    def _columns(self) -> list[Column[CatalogueItem]]:
        return [
            Column("name", "What", lambda m: m.name, strong=True, width=150, stretch=True,
                   tip=lambda m: f"{m.name}: {m.purpose}"),
            Column("free", "Free", lambda m: str(self._free(m)) if self._free(m) else "None", sort=self._free,
                   numeric=True, width=64, tip=lambda m: store_words.free_words(self._stock.get(m.code, ()))),
        ]  # fmt: skip

    def _show_wishes(self, found: Wishes) -> None:
        parts: list[Any] = [label("The care plan asks for", quiet=True, size="small")] if found else []
        parts += [row(LinkLabel(w.what, partial(self._from_plan, w, models)), None) for w, models in found]
        self.wishes.setLayout(column(*parts, gap=1))
        self.wishes.setVisible(bool(found))

    def _from_plan(self, wish: PlanWish, models: tuple[CatalogueItem, ...]) -> None:
        """A row of the plan: its words are looked for, and the order says that it came from there."""
        self._wish = wish
        self.what.setText(models[0].name if models else wish.what)
        self.table.setFocus()

    # ------------------------------------------------------------------ what

    def _typed(self) -> None:
        rows = search(self.what.text(), self._catalogue)
        self.model.set_rows(rows)
        lines = min(len(rows), _ROWS) or _ROWS
        self.table.setFixedHeight(self.table.verticalHeader().defaultSectionSize() * lines + theme.px(38))
        if rows:
            self.table.selectRow(0)
        self._chosen()

    @property
    def chosen(self) -> CatalogueItem | None:
        found: CatalogueItem | None = self.table.current
        return found

    @property
    def quantity(self) -> int:
        typed = str(self.form.value("quantity") or "1").strip()
        return int(typed) if typed.isdecimal() else 1

    @property
    def _wanted(self) -> date | None:
        try:
            typed = self.form.value("wanted_by")
        except BadValue:
            return None  # it is being typed
        return typed if isinstance(typed, date) else None

    @property
    def day(self) -> date | None:
        """The day of a later week on which it is wanted; None: now."""
        wanted, today = self._wanted, local_date(self._desk.clock.now())
        return wanted if wanted is not None and wanted > today + rules.PUT_BY_AHEAD else None

    def _free(self, model: CatalogueItem) -> int:
        return sum(line.free for line in self._stock.get(model.code, ()))

    def _chosen(self) -> None:
        """What is free of it, at once as far as it is known here, then as it is on the day."""
        self._problem("")
        self.instead, self._day = None, None
        model, day = self.chosen, self.day
        self.otherwise.hide()
        self.form.field("quantity").setVisible(model is not None and not model.single)
        if model is None:
            self.said.setText("")
            return
        codes = (model.code, *(s.code for s in model.substitutes))
        lines = [line for code in codes for line in self._stock.get(code, ())]
        if day is None:
            self._show_free(rules.availability(model, lines, self.quantity))
        service, code, many = self._desk.services.equipment, model.code, self.quantity

        def show(found: Availability) -> None:
            if self.chosen is not None and (self.chosen.code, self.day) == (found.model.code, day):
                self._show_free(found)

        self._desk.tasks.run(self, lambda: service.available(code, many, "", day), show, latest="available")

    def _show_free(self, found: Availability) -> None:
        """What is free; when nothing is, from which day on it can be promised and what does instead."""
        model = found.model
        extra = " It has to be fitted." if model.fitting else ""
        self.said.setText(store_words.availability_words(found) + extra)
        enough = any(line.free >= self.quantity for line in found.lines)
        soonest = min((x.soonest for x in found.lines if x.soonest is not None), default=None)
        wanted = self._wanted
        in_time = soonest is not None and wanted is not None and soonest <= wanted
        self.at_once.setEnabled(enough or in_time)
        self._day = None if enough or in_time else soonest
        self.on_day.setVisible(self._day is not None)
        if self._day is not None:
            self.on_day.setText(f"For {wording.day(self._day)}")
        self.instead = None
        if not enough and found.substitutes:
            other, line = found.substitutes[0]
            note = f" ({other.note})" if other.note else ""
            self.other.setText(f"Instead: {other.name}{note}, {line.free} free, {line.store_name}.")
            self.instead = lambda: self._take(other.code, other.name)
        else:
            self.other.setText("")
        self.other.setVisible(self.instead is not None)
        self.offer.setVisible(self.instead is not None)
        self.otherwise.setVisible(self.instead is not None or self._day is not None)

    def take_instead(self) -> None:
        """Ctrl+I: the substitute in the place of what is not there."""
        if self.instead is not None:
            self.instead()

    def _take(self, code: str, name: str) -> None:
        self.what.setText(name)
        self.table.select_key(code)

    def _take_day(self) -> None:
        """The nearest day from which it can be promised."""
        self.form.set_values({"wanted_by": self._day})
        self._chosen()

    def _problem(self, said: str) -> None:
        self.problem.setText(said)
        self.problem.setVisible(bool(said))

    # ------------------------------------------------------------------ to order

    def save(self) -> None:
        """Ctrl+Enter."""
        self.form.clear_problems()
        try:
            draft = self._draft()
        except (BadValue, BadValues) as error:
            self._refused(error)
            return
        service, key, at_once = self._desk.services.equipment, self._key, self.at_once.isChecked()
        may = at_once and self.at_once.isEnabled()

        def call() -> Order:
            order = service.place(key, draft)
            if not may or order.state != "ordered":
                return order
            try:
                return service.reserve(order.id, order.revision)
            except Refused:
                return order  # somebody took the last one: it waits on the list

        self._desk.tasks.run(self, call, self.ordered.emit, self._refused, latest="order")

    def _draft(self) -> OrderDraft:
        model, v = self.chosen, self.form.values()
        if model is None:
            raise BadValues((BadValue("model", "not_in_the_catalogue"),))
        typed = str(v["quantity"] or "1").strip()
        if not typed.isdecimal():
            raise BadValues((BadValue("quantity", "not_a_number"),))
        wanted, wish = self.wanted, self._wish
        return OrderDraft(
            wanted.person_id, model.code, 1 if model.single else int(typed), v["wanted_by"], v["until_on"], v["note"],
            "plan" if wish is not None else wanted.source, None if wish is None else PlanId(wish.plan_id),
            None if wish is None else wish.id, None, wanted.transfer_id, wanted.stay_id, wanted.referral_id,
        )  # fmt: skip

    def _refused(self, error: Exception) -> bool:
        if not isinstance(error, BadValue | BadValues):
            return False
        left = self.form.set_problems(error)
        self._problem(" ".join(sentence(each) for each in left))
        return True

    def _step(self, step: int) -> None:
        """Up and down in the list while one types."""
        number = self.table.currentIndex().row() + step
        if 0 <= number < self.model.rowCount():
            self.table.selectRow(number)


class _Words(QLineEdit):
    """Where one types what is needed; up and down go to the list."""

    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if step:
            self.stepped.emit(step)
        else:
            super().keyPressEvent(event)
