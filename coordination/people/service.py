"""Use cases of the people area, one method each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from coordination.clock import local_date
from coordination.errors import AlreadyExists, BrokenRule, Conflict, NotFound
from coordination.people import merge_refusals, merging, rules, steps
from coordination.people.merging import Comparison, Rows
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
    PersonRow,
    Practice,
)
from coordination.people.record import (
    Merge,
    PersonRecord,
    RecordAround,
    RecordCare,
    RecordEntries,
    RecordPlaces,
    TimelineCursor,
    TimelineKind,
    TimelinePage,
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
            record = work.people.record(person_id, viewed=True)
            if record is None:
                raise NotFound("people", str(person_id))
            return record

    def timeline(
        self,
        person_id: PersonId,
        kinds: Collection[TimelineKind] = (),
        after: TimelineCursor | None = None,
        limit: int = 100,
    ) -> TimelinePage:
        """R1. What happened, newest first, of some kinds or (none given) of all; ``after`` is the ``more`` of a page
        before. Like the other tabs it goes with a record that has been opened, and is not noted by itself."""
        with self._begin() as work:
            return work.people.timeline(person_id, kinds, after, limit)

    def entries(self, person_id: PersonId) -> RecordEntries:
        """R1. Contacts and referrals, ended ones too, newest first."""
        with self._begin() as work:
            return work.people.entries(person_id)

    def care(self, person_id: PersonId) -> RecordCare:
        """R1. Assessments and the plan with its outcomes and actions."""
        with self._begin() as work:
            return work.people.care(person_id)

    def places(self, person_id: PersonId) -> RecordPlaces:
        """R1. Visits and stays, past and ahead, newest first."""
        with self._begin() as work:
            return work.people.places(person_id)

    def people_around(self, person_id: PersonId) -> RecordAround:
        """R1. Who is around the person, every alert there was, and with which teams they share."""
        with self._begin() as work:
            return work.people.people_around(person_id)

    def add_alert(self, person_id: PersonId, draft: AlertDraft, alert_id: UUID) -> Alert:
        """Raises BadValues, NotFound. The same id twice is the same alert."""
        checked = rules.check_alert(draft)
        with self._begin() as work:
            record = steps.need(work, person_id).id
            work.people.add_alert(record, alert_id, checked, local_date(work.now))
            return next(a for a in work.people.alerts(record) if a.id == alert_id)

    def end_alert(self, person_id: PersonId, alert_id: UUID, seen: int, until: date | None = None) -> None:
        """An alert is no longer in force from ``until`` (yesterday when left out). Raises Conflict, NotFound."""
        with self._begin() as work:
            last = until or date.fromordinal(local_date(work.now).toordinal() - 1)
            if not work.people.end_alert(alert_id, seen, last):
                record = steps.need(work, person_id).id
                current = next((a for a in work.people.alerts(record) if a.id == alert_id), None)
                if current is None:
                    raise NotFound("people", str(alert_id))
                raise Conflict("people", str(alert_id), seen, current)

    def add_around(self, person_id: PersonId, draft: AroundDraft, around_id: UUID) -> Around:
        """Somebody around the person. Raises BadValues, NotFound. The same id twice is the same one."""
        checked = rules.check_around(draft)
        with self._begin() as work:
            record = steps.need(work, person_id).id
            work.people.add_around(record, around_id, checked)
            return next(a for a in work.people.around(record) if a.id == around_id)

    def end_around(self, person_id: PersonId, around_id: UUID, seen: int, *, again: bool = False) -> Around:
        """Somebody is around the person no longer, from today; ``again`` takes that back. Raises Conflict, NotFound."""
        with self._begin() as work:
            record = steps.need(work, person_id).id
            yesterday = date.fromordinal(local_date(work.now).toordinal() - 1)
            changed = work.people.end_around(around_id, seen, None if again else yesterday)
            current = next((a for a in work.people.around(record) if a.id == around_id), None)
            if current is None:
                raise NotFound("people", str(around_id))
            if not changed:
                raise Conflict("people", str(around_id), seen, current)
            return current

    def practices(self) -> list[Practice]:
        """Active practices in order of name."""
        with self._begin() as work:
            return work.people.practices()

    def home(self, postcode: str) -> Home | None:
        """Where a postcode lies; None when the city's table does not know it. Raises BadValue('postcode', …)."""
        wanted = Postcode(postcode)
        with self._begin() as work:
            return work.people.home(wanted)

    # ---------------------------------------------------------------- two records of one person

    def duplicates_of(self, record: PersonRecord, limit: int = 3) -> list[LikelyDuplicate]:
        """Other records that may be of the same person, likeliest first; not those that were parted again. One query:
        what the person is called is known from the record."""
        with self._begin() as work:
            return steps.duplicates_of(work, record, limit)

    def compare(self, kept: PersonId, merged: PersonId) -> Comparison:
        """Two records side by side, before they are merged; noted as a view of the second. Raises NotFound,
        NotAllowed (a role that does not merge, or one of them is not shared with this desk in full)."""
        with self._begin() as work:
            both = [merge_refusals.need(work, each).id for each in (kept, merged)]
            found = work.people.compare(both[0], both[1])
            if found is None:
                raise NotFound("people", str(merged))
            work.governance.note("view", "person", str(merged), found.merged.id)
            return found

    def merge(self, merge_id: UUID, kept: Person, merged: Person, reason: str, taken: Iterable[str]) -> Person:
        """Two records become one: everything about ``merged`` goes to ``kept``, with the facts in ``taken`` (see
        ``merging.FACTS``). Both are given as they were seen. The same id twice is one merging. Returns the kept Person.

        Raises BadValues (reason); Conflict with the present Person; NotAllowed; NotFound; Refused('merge', …) with
        merged_already (by, at, kept), nhs_numbers_differ, both_have_a_plan, both_have_reablement, both_have_transfer or
        stays_overlap.
        """
        said = merging.check_reason(reason)
        try:
            with self._begin() as work:
                merge_refusals.need(work, kept.id), merge_refusals.need(work, merged.id)
                seen = (kept.revision, merged.revision)
                work.people.merge(merge_id, kept.id, merged.id, said, taken, seen)
                return merge_refusals.need(work, kept.id)
        except BrokenRule as broken:
            raise merge_refusals.explain(self._begin, broken, kept, merged) from None

    def part(self, merge_id: UUID, reason: str, also: Rows | None = None) -> None:
        """Two records again. What was made since the merge stays with the kept one, except what is in ``also`` (from
        ``made_since``). Raises BadValues (reason); NotAllowed; Refused('part', parted_already | merged_further)."""
        said = merging.check_reason(reason)
        try:
            with self._begin() as work:
                work.people.part(merge_id, said, also or {})
        except BrokenRule as broken:
            raise merge_refusals.explain_parting(broken) from None

    def made_since(self, merge_id: UUID) -> Rows:
        """What has been written on the kept record since a merge, by place. Raises NotAllowed."""
        with self._begin() as work:
            return work.people.rows_since_merge(merge_id)

    def merges(self, person_id: PersonId) -> list[Merge]:
        """Newest first: the mergings that a record took part in, and their partings."""
        with self._begin() as work:
            return work.people.merges(person_id)
