"""What is done with loans and collections, and with what is overdue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QLineEdit

from coordination.equipment.loans_model import (
    REMINDER_HOWS,
    RETURNED,
    Collection,
    CollectionId,
    Loan,
    LoanId,
    Overdue,
    Reminder,
    ReminderHow,
    ReminderId,
)
from coordination.values import new_id
from ui.equipment import words
from ui.equipment.messages import HOW_WORDS, PLACE_WORDS
from ui.equipment.typed import whole
from ui.widgets.basics import Choice, TextArea
from ui.widgets.dates import DateEdit
from ui.widgets.fields import Form


class LendingDeeds:
    def __init__(self, deeds: Any, page: Any) -> None:
        self._deeds, self._page = deeds, page

    @property
    def _service(self) -> Any:
        return self._page.desk.services.equipment

    # ------------------------------------------------------------------ collections

    def of_collections(self) -> dict[str, Any]:
        """By the name of the command: when it may be done, and how."""
        return {
            "slot": (lambda c: c.state == "to_collect", self.slot),
            "no_slot": (lambda c: c.state == "slot_agreed", self.no_slot),
            "done": (lambda c: c.is_open, self.collected),
            "failed": (lambda c: c.is_open, self.not_collected),
            "cancel": (lambda c: c.is_open, self.call_off),
            "again": (lambda c: not c.is_open, self.again),
            "visit": (lambda c: c.state == "slot_agreed", lambda c: self._deeds.orders.slots.visit(c)),
        }

    def slot(self, one: Collection) -> None:
        """Everything of the person that is to be collected goes in one visit."""
        ready = [c for c in self._page.rows if c.person_id == one.person_id and c.state == "to_collect"]
        self._deeds.orders.slots.ask_slot((), [(c.id, c.revision) for c in ready])

    def no_slot(self, one: Collection) -> None:
        service = self._service
        self._deeds.orders.slots.give_back(one.id, lambda: service.drop_collection_slot(one.id, one.revision))

    def collected(self, one: Collection) -> None:
        """Of one thing at once; of several it is asked how many came back."""
        service = self._service

        def back(now: Collection) -> Callable[[], object]:
            return lambda: service.collection_undone(now.id, now.revision)

        said = f"{words.thing(one.name, one.serial, one.quantity)} is back."
        if one.quantity == 1:
            self._deeds.do(lambda: service.collected(one.id, one.revision), said, back)
            return
        form = Form()
        form.add("back", "How many came back?", QLineEdit(str(one.quantity)), required=True, help="The rest is lost.")
        where = Choice([(place, PLACE_WORDS[place]) for place in RETURNED if place != "lost"])
        where.set_value("cleaning")
        form.add("where", "Where do they go?", where)
        self._deeds.ask(
            f"{one.who}: collected", form, "They are back",
            lambda: service.collected(
                one.id, one.revision, back=whole(form.value("back"), "back"), returned_as=form.value("where")
            ),
            said, back,
        )  # fmt: skip

    def not_collected(self, one: Collection) -> None:
        service = self._service
        form = Form()
        form.add("reason", "What was in the way?", TextArea(2), required=True)
        self._deeds.ask(
            f"{one.who}: not collected", form, "Save",
            lambda: service.not_collected(one.id, one.revision, str(form.value("reason"))),
            "It is still to be collected, without a time.", None,
        )  # fmt: skip

    def call_off(self, one: Collection) -> None:
        service = self._service
        form = Form()
        form.add("reason", "Why does it stay?", TextArea(2), required=True)
        self._deeds.ask(
            f"{one.who}: it stays", form, "Call the collection off",
            lambda: service.cancel_collection(one.id, one.revision, str(form.value("reason"))),
            f"{one.name} stays where it is.", lambda now: lambda: service.restore_collection(now.id, now.revision),
        )  # fmt: skip

    def again(self, one: Collection) -> None:
        service = self._service
        call = service.collection_undone if one.state == "collected" else service.restore_collection
        self._deeds.do(lambda: call(one.id, one.revision), f"{one.name} is to be collected again.", None)

    # ------------------------------------------------------------------ loans

    def of_loans(self) -> dict[str, Any]:
        return {
            "edit": (lambda x: x.ended_at is None, self.extend),
            "collect": (
                lambda x: x.ended_at is None and x.collection_state not in ("to_collect", "slot_agreed"),
                lambda x: self.ask_collection(x.id, x.name, x.who),
            ),
        }

    def extend(self, loan: Loan) -> None:
        service = self._service
        form = Form()
        until = DateEdit()
        until.set_value(loan.until_on)
        form.add("until_on", "On loan until", until, help="Empty: as long as it is needed.")
        self._deeds.ask(
            f"{loan.who}: {loan.name}", form, "Save",
            lambda: service.extend(loan.id, loan.revision, form.value("until_on")), "Saved.",
            lambda now: lambda: service.extend(now.id, now.revision, loan.until_on),
        )  # fmt: skip

    def ask_collection(self, loan: LoanId, name: str, who: str) -> None:
        service, key = self._service, CollectionId(new_id())
        form = Form()
        form.add("wanted_by", "Collect by", DateEdit(), help="Empty: within a week.")
        form.add("note", "Note", TextArea(2))

        def call() -> Collection:
            v = form.values()
            return service.ask_collection(key, loan, wanted_by=v["wanted_by"], note=v["note"])  # type: ignore[no-any-return]

        self._deeds.ask(
            f"Collect {name} from {who}", form, "Have it collected", call, f"{name} is to be collected.",
            lambda now: lambda: service.cancel_collection(now.id, now.revision, "Asked for by mistake"),
        )  # fmt: skip

    # ------------------------------------------------------------------ overdue

    def of_overdue(self) -> dict[str, Any]:
        return {
            "remind": (lambda _o: True, self.remind),
            "remind_how": (lambda _o: True, self.remind_how),
            "collect": (lambda o: o.kind == "loan", lambda o: self.ask_collection(LoanId(o.key), o.name, o.who)),
        }

    def remind(self, one: Overdue) -> None:
        """One key: somebody was told on the telephone just now."""
        whom = one.who or one.store_name
        service, key = self._service, ReminderId(new_id())
        self._deeds.do(
            lambda: service.remind(key, one.kind, one.key, whom, "telephone"), f"{whom} was reminded by telephone.",
            self._back,
        )  # fmt: skip

    def remind_how(self, one: Overdue) -> None:
        service, key = self._service, ReminderId(new_id())
        form = Form()
        form.add("to_whom", "Who was reminded?", QLineEdit(one.who or one.store_name), required=True)
        how = Choice([(each, HOW_WORDS[each]) for each in REMINDER_HOWS])
        how.set_value("letter")
        form.add("how", "How", how, required=True)
        form.add("note", "What was said", TextArea(2))

        def call() -> Reminder:
            v = form.values()
            chosen: ReminderHow = v["how"] or "telephone"
            return service.remind(key, one.kind, one.key, v["to_whom"], chosen, v["note"])  # type: ignore[no-any-return]

        self._deeds.ask(f"{one.name}: reminded", form, "Save", call, "The reminder is recorded.", self._back)

    def _back(self, now: Reminder) -> Callable[[], object]:
        return lambda: self._service.unremind(now.id)
