"""Rows of the intake area to records and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from coordination.intake.alike import BeingWritten, Referred
from coordination.intake.choices import ContactChoices
from coordination.intake.detail import OriginalLink, ReferralDetail
from coordination.intake.model import Contact, EndingKind, GivenAdvice, Referral, ServiceKind
from coordination.intake.queue import (
    OwnView,
    QueueChoices,
    QueueCursor,
    QueueFilter,
    QueuePage,
    QueueRows,
    QueueView,
    Wall,
)
from coordination.intake.store import ContactRow, NewReferral
from coordination.values import ContactId, OriginalId, PersonId, ReferralId, UserName
from db.stores import intake_alike, intake_callers, intake_choices, intake_queue, intake_views, intake_wall
from db.stores.intake_beside import PgBesideStore, beside_columns, beside_of
from db.stores.intake_clocks import PgClockStore, clocks_of, events_of, surroundings
from db.stores.intake_rows import (
    CONTACT_COLUMNS,
    CONTACT_FROM,
    REFERRAL_COLUMNS,
    REFERRAL_FROM,
    contact_of,
    referral_of,
)
from db.stores.messages_hospital import story_column, story_of
from db.stores.people_rows import PERSON_COLUMNS, PERSON_FROM, person_of
from db.tables.intake import contact, referral
from db.tables.messages import message, original
from db.tables.people import person
from db.tables.reference import hospital, service


class PgIntakeStore(PgClockStore, PgBesideStore):
    """Contacts and referrals."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # ---------------------------------------------------------------- contacts

    def insert_contact(self, row: ContactRow) -> bool:
        values, caller = intake_callers.split(row)
        query = insert(contact).values(values).on_conflict_do_nothing(index_elements=["id"])
        made = self._connection.execute(query.returning(contact.c.id)).first() is not None
        if made:
            intake_callers.add_caller(self._connection, caller)
        return made

    def contact(self, contact_id: ContactId) -> Contact | None:
        query = select(*CONTACT_COLUMNS).select_from(CONTACT_FROM).where(contact.c.id == contact_id)
        row = self._connection.execute(query).one_or_none()
        return contact_of(row) if row else None

    def end_contact(
        self, contact_id: ContactId, seen: int, ending: EndingKind, reason: str, linked: ReferralId | None
    ) -> bool:
        changes = {"ending": ending, "ending_reason": reason, "linked_referral_id": linked, "ended_at": func.now()}
        return self._change_contact(contact_id, seen, changes)

    def update_contact(self, row: ContactRow, seen: int) -> bool:
        changes, caller = intake_callers.split(row)
        changed = self._change_contact(changes.pop("id"), seen, changes)
        if changed:
            intake_callers.set_caller(self._connection, row.id, caller)
        return changed

    def give_advice(self, contact_id: ContactId, advice: Sequence[GivenAdvice]) -> None:
        intake_callers.give_advice(self._connection, contact_id, advice)

    def say_whose(self, contact_id: ContactId, before: PersonId | None, after: PersonId | None) -> bool:
        """Both lines of a contact that came as a message; each only where it is still about ``before``."""
        told = update(contact).where(contact.c.id == contact_id, contact.c.person_id.is_not_distinct_from(before))
        sent = update(message).where(message.c.contact_id == contact_id)
        sent = sent.where(message.c.person_id.is_not_distinct_from(before))
        changed = self._connection.execute(told.values(person_id=after, revision=contact.c.revision + 1)).rowcount
        if changed:
            self._connection.execute(sent.values(person_id=after, revision=message.c.revision + 1))
        return changed == 1

    def _change_contact(self, contact_id: ContactId, seen: int, changes: Mapping[str, Any]) -> bool:
        query = (
            update(contact)
            .where(contact.c.id == contact_id, contact.c.revision == seen, contact.c.ending.is_(None))
            .values(**changes, revision=seen + 1)
        )
        return self._connection.execute(query).rowcount == 1

    # ---------------------------------------------------------------- referrals

    def insert_referral(self, row: NewReferral) -> bool:
        query = insert(referral).values(asdict(row)).on_conflict_do_nothing(index_elements=["id"])
        return self._connection.execute(query.returning(referral.c.id)).first() is not None

    def referral(self, referral_id: ReferralId) -> Referral | None:
        query = select(*REFERRAL_COLUMNS).select_from(REFERRAL_FROM).where(referral.c.id == referral_id)
        row = self._connection.execute(query).one_or_none()
        return referral_of(row) if row else None

    def referrals_of_contact(self, contact_id: ContactId) -> list[Referral]:
        query = select(*REFERRAL_COLUMNS).select_from(REFERRAL_FROM).where(referral.c.contact_id == contact_id)
        return [referral_of(r) for r in self._connection.execute(query.order_by(referral.c.number))]

    def move(self, referral_id: ReferralId, seen: int, changes: Mapping[str, Any]) -> bool:
        query = (
            update(referral)
            .where(referral.c.id == referral_id, referral.c.revision == seen)
            .values(**_with_time_of_claim(changes), revision=seen + 1)
        )
        return self._connection.execute(query).rowcount == 1

    def lock_next(self, asked: QueueFilter, me: UserName) -> Referral | None:
        locked = intake_queue.first_free(self._connection, asked, me)
        return self.referral(locked) if locked else None

    def detail(self, referral_id: ReferralId) -> ReferralDetail | None:
        found = self.referral(referral_id)
        came_with = self.contact(found.contact_id) if found else None
        if found is None or came_with is None:
            return None
        query = select(
            *surroundings(referral_id),
            _original(found.contact_id),
            *beside_columns(referral_id),
            story_column(referral_id),
        )
        r = None
        if found.person_id is not None:
            with_person = query.add_columns(*PERSON_COLUMNS).select_from(PERSON_FROM)
            r = self._connection.execute(with_person.where(person.c.id == found.person_id)).one_or_none()
        about = person_of(r) if r is not None else None
        r = r or self._connection.execute(query).one()
        original = _original_of(r.original)
        return ReferralDetail(
            found,
            came_with,
            events_of(r.events),
            original,
            clocks_of(r),
            beside_of(r.suggestions, r.outside),
            about,
            story_of(r.ward_story),
        )

    # ---------------------------------------------------------------- the queue

    def queue(self, asked: QueueFilter, me: UserName) -> QueuePage:
        return intake_queue.page(self._connection, asked, me)

    def views(self, views: Mapping[str, QueueFilter], me: UserName) -> list[QueueView]:
        return intake_queue.views(self._connection, views, me)

    def rows_now(
        self, ids: frozenset[ReferralId], asked: QueueFilter, me: UserName, upto: QueueCursor | None
    ) -> QueueRows:
        return intake_queue.rows_now(self._connection, ids, asked, me, upto)

    def choices(self) -> QueueChoices:
        return intake_views.choices(self._connection)

    def insert_view(self, view: OwnView) -> bool:
        return intake_views.insert_view(self._connection, view)

    def update_view(self, view: OwnView) -> bool:
        return intake_views.update_view(self._connection, view)

    def delete_view(self, view_id: UUID) -> None:
        intake_views.delete_view(self._connection, view_id)

    def wall(self, localities: frozenset[str], most: int) -> Wall:
        return intake_wall.wall(self._connection, localities, most)

    def hospitals(self) -> list[tuple[str, str]]:
        rows = self._connection.execute(select(hospital.c.code, hospital.c.name).order_by(hospital.c.name))
        return [(r.code, r.name) for r in rows]

    def alike_candidates(self, written: BeingWritten) -> list[Referred]:
        return intake_alike.candidates(self._connection, written)

    def contact_choices(self) -> ContactChoices:
        return intake_choices.read(self._connection)

    def services(self) -> list[ServiceKind]:
        rows = self._connection.execute(select(service).order_by(service.c.position, service.c.code))
        return [ServiceKind(r.code, r.name, r.side) for r in rows]


def _with_time_of_claim(changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """A holder comes with a time, by the server's clock; the trigger keeps the old one while the holder stays."""
    if changes.get("claimed_by") is not None and "claimed_at" not in changes:
        return {**changes, "claimed_at": func.coalesce(referral.c.claimed_at, func.clock_timestamp())}
    return changes


def _original(contact_id: ContactId) -> Any:
    row = func.jsonb_build_array(original.c.id, message.c.id, original.c.name, original.c.media_type)
    return (
        select(row)
        .join_from(message, original, original.c.id == message.c.original_id)
        .where(message.c.contact_id == contact_id)
        .order_by(message.c.read_at, message.c.id)
        .limit(1)
        .scalar_subquery()
        .label("original")
    )


def _original_of(found: Any) -> OriginalLink | None:
    return OriginalLink(OriginalId(UUID(found[0])), UUID(found[1]), found[2], found[3]) if found else None
