"""Anybody on to the list: whom a ward told us of, who is known from their record or the queue, or who is found here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from coordination.clock import LONDON, at_local, local_date
from coordination.errors import BadValue, BadValues
from coordination.transfer.model import Told, Transfer, TransferDraft, TransferId
from coordination.values import PersonId, ReferralId, new_id
from ui import wording
from ui.side_acts import SideActs
from ui.widgets.basics import Choice, column
from ui.widgets.dates import DateEdit, TimeEdit
from ui.widgets.fields import Form


@dataclass(frozen=True, slots=True)
class PutOn:
    """The key with which the transfer page is opened to put somebody on its list."""

    person_id: PersonId
    who: str
    referral_id: ReferralId | None = None


class PuttingOn(SideActs):
    """Verbs of the transfer page that begin a way home."""

    def look(self) -> None:
        """Something is read at the side; Esc or Back leaves it."""
        self._save = lambda: self._page.desk.go.to("caseload", None)

    def take(self) -> None:
        """Put whom a ward told us of on the list."""
        told = self._page.told.current
        if isinstance(told, Told) and told.person_id is None:
            self._page.desk.go.to("queue", told.referral_id)
            self._page.desk.notices.say("Say first whose referral this is (I).")
        elif isinstance(told, Told) and told.person_id is not None:
            self._begin(told.person_id, told.who, told.referral_id, told.site, told.ward, told.ready_at)

    def find(self) -> None:
        """Somebody of whom no ward told us: find them."""
        from ui.people.finder import PersonFinder

        finder = PersonFinder(self._page.desk)
        finder.setMinimumHeight(320)
        finder.chosen.connect(lambda row: self.put_on(PutOn(row.id, wording.name(row.surname, row.given, row.title))))
        holder = QWidget()
        holder.setLayout(column(finder, None))
        self._save = finder.take_first
        self._page.panel.ask("Who is ready to go home?", holder, "Go on", finder.take_first, self.leave)
        finder.field.setFocus()

    def put_on(self, whom: PutOn) -> None:
        """Ask what is needed to put this person on the list; to where they stand, if they are on it."""
        page = self._page

        def show(there: Transfer | None) -> None:
            if there is None:
                self._begin(whom.person_id, whom.who, whom.referral_id, "", "", page.desk.clock.now())
                return
            if self.asking:
                self.leave()
            page.show_row(there.id)
            page.desk.notices.say(f"{whom.who} is on the list already.")

        page.run(lambda: page.desk.services.transfer.of_person(whom.person_id), show, latest="put_on")

    def _begin(
        self, person: PersonId, who: str, referral: ReferralId | None, site: str, ward: str, ready_at: datetime
    ) -> None:
        page = self._page

        def show(hospitals: dict[str, str]) -> None:
            form = begin_form(hospitals, site, ward, ready_at)
            self._ask_begin(form, person, who, referral, ready_at)

        page.run(page.desk.services.transfer.hospitals, show, latest="hospitals")

    def _ask_begin(
        self, form: Form, person: PersonId, who: str, referral: ReferralId | None, ready_at: datetime
    ) -> None:
        key, service = TransferId(new_id()), self._page.desk.services.transfer

        def call() -> Transfer:
            v = form.values()
            if not v["hospital"]:
                raise BadValues((BadValue("hospital", "required"),))
            at = moment_of(v, ready_at)
            return service.begin(  # type: ignore[no-any-return]
                key, TransferDraft(person, v["hospital"], at, v["ward"], referral, v["expected_on"], v["admitted_on"])
            )

        def back(now: Transfer) -> Callable[[], object]:
            return lambda: service.take_off(now)

        self.ask(f"{who} is ready to go home", form, "Put on the list", call, f"{who} is on the list.", back)


def begin_form(hospitals: dict[str, str], site: str, ward: str, ready_at: datetime) -> Form:
    """Hospital, ward, ready since, expected to leave."""
    form = Form()
    sites = Choice(list(hospitals.items()), prompt="Choose")
    sites.set_value(site_of(site, hospitals))
    form.add("hospital", "Hospital", sites, required=True)
    form.add("ward", "Ward", QLineEdit(ward))
    day, clock = DateEdit(), TimeEdit()
    day.set_value(local_date(ready_at))
    clock.set_value(ready_at.astimezone(LONDON).time().replace(second=0, microsecond=0))
    form.add("day", "Ready since", day, required=True)
    form.add("at", "At", clock)
    form.add("expected_on", "Expected to leave on", DateEdit())
    form.add("admitted_on", "In hospital since", DateEdit(), help="Empty: as the ward’s notice says, if it does.")
    return form


def moment_of(values: dict[str, Any], given: datetime) -> datetime:
    """``day`` and ``at`` of the form; what was given, as long as nobody wrote another minute."""
    if values["day"] is None or values["at"] is None:
        return given
    written = at_local(values["day"], values["at"].hour, values["at"].minute)
    return given if written == given.replace(second=0, microsecond=0) else written


def site_of(said: str, hospitals: dict[str, str]) -> str | None:
    """The hospital that a ward's notice means, if its words say so."""
    wanted = said.casefold()

    def means(code: str, name: str) -> bool:
        return wanted == code.casefold() or name.casefold() in wanted or wanted in name.casefold()

    return next((code for code, name in hospitals.items() if wanted and means(code, name)), None)
