"""Use cases of the people area, one method each."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from coordination.clock import local_date
from coordination.errors import AlreadyExists, Conflict, NotFound
from coordination.people import rules, steps
from coordination.people.model import (
    Alert,
    AlertDraft,
    Around,
    AroundDraft,
    DraftCheck,
    Home,
    LikelyDuplicate,
    Person,
    PersonDraft,
    PersonRecord,
    PersonRow,
    Practice,
)
from coordination.people.search import parse
from coordination.values import PersonId, Postcode

if TYPE_CHECKING:
    from coordination.work import Begin


class People:
    """People: finding, registering, the record."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def find(self, text: str, limit: int = 50) -> list[PersonRow]:
        """People by any of surname, given name, birth date, postcode, telephone, NHS number; misspelt too.

        Best first, each with why it matched. Empty when nothing can be read from the text.
        """
        with self._begin() as work:
            query = parse(text, local_date(work.now))
            return [] if query.is_empty else work.people.find(query, limit)

    def likely_duplicates(self, draft: PersonDraft, limit: int = 8) -> list[LikelyDuplicate]:
        """Registered people who may be the one in a draft, however unfinished it is, likeliest first."""
        with self._begin() as work:
            return steps.likely_duplicates(work, draft, limit)

    def check(self, draft: PersonDraft) -> DraftCheck:
        """Problems, warnings and responsibility of a draft while it is typed. Saves nothing."""
        with self._begin() as work:
            return steps.check_draft(work, draft)

    def register(self, draft: PersonDraft, person_id: PersonId) -> Person:
        """A new person. The same id twice is the same person.

        Raises BadValues with a problem a field; Refused('register', nhs_number_taken) with who has the number, or
        nhs_number_taken_unseen when that person shares with named teams only. A postcode that the city's table does
        not know is a warning on the Person, not an error.
        """
        with self._begin() as work:
            return steps.register(work, draft, person_id)

    def update(self, person_id: PersonId, seen: int, draft: PersonDraft) -> Person:
        """Correct a person's identity. Raises as ``register`` does; Conflict with the present Person; NotFound."""
        try:
            with self._begin() as work:
                return steps.update(work, person_id, seen, draft)
        except AlreadyExists as taken:
            if taken.constraint == "person_nhs_number":
                raise steps.taken_unseen() from None
            raise

    def get(self, person_id: PersonId) -> Person:
        """Identity only, not noted as a view. Raises NotFound."""
        with self._begin() as work:
            return steps.need(work, person_id)

    def open_record(self, person_id: PersonId) -> PersonRecord:
        """R1, R4. Everything in place around a person, noted on the audit trail as a view. Raises NotFound."""
        with self._begin() as work:
            record = work.people.record(person_id, local_date(work.now))
            if record is None:
                raise NotFound("people", str(person_id))
            work.governance.note("view", "person", str(person_id), person_id)
            return record

    def add_alert(self, person_id: PersonId, draft: AlertDraft, alert_id: UUID) -> Alert:
        """Raises BadValues, NotFound. The same id twice is the same alert."""
        checked = rules.check_alert(draft)
        with self._begin() as work:
            steps.need(work, person_id)
            work.people.add_alert(person_id, alert_id, checked, local_date(work.now))
            return next(a for a in work.people.alerts(person_id) if a.id == alert_id)

    def end_alert(self, person_id: PersonId, alert_id: UUID, seen: int, until: date | None = None) -> None:
        """An alert is no longer in force from ``until`` (yesterday when left out). Raises Conflict, NotFound."""
        with self._begin() as work:
            last = until or date.fromordinal(local_date(work.now).toordinal() - 1)
            if not work.people.end_alert(alert_id, seen, last):
                current = next((a for a in work.people.alerts(person_id) if a.id == alert_id), None)
                if current is None:
                    raise NotFound("people", str(alert_id))
                raise Conflict("people", str(alert_id), seen, current)

    def add_around(self, person_id: PersonId, draft: AroundDraft, around_id: UUID) -> Around:
        """Somebody around the person. Raises BadValues, NotFound. The same id twice is the same one."""
        checked = rules.check_around(draft)
        with self._begin() as work:
            steps.need(work, person_id)
            work.people.add_around(person_id, around_id, checked)
            return next(a for a in work.people.around(person_id) if a.id == around_id)

    def practices(self) -> list[Practice]:
        """Active practices in order of name."""
        with self._begin() as work:
            return work.people.practices()

    def home(self, postcode: str) -> Home | None:
        """Where a postcode lies; None when the city's table does not know it. Raises BadValue('postcode', …)."""
        wanted = Postcode(postcode)
        with self._begin() as work:
            return work.people.home(wanted)
