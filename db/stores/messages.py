"""Rows of the messages area to records and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, Text, case, cast, exists, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from coordination.errors import AlreadyExists
from coordination.intake.model import OPEN_STATES
from coordination.messages.model import Finding, Kind, Severity
from coordination.messages.record import MessageFilter, MessageRecord
from coordination.messages.store import NewMessage
from coordination.values import ContactId, OriginalId, PersonId, Postcode, ReferralId, UserName
from db.tables.governance import user_account
from db.tables.intake import contact, referral
from db.tables.messages import message, original
from db.tables.people import person
from db.tables.reference import postcode as postcode_table

_reader = user_account.alias("reader")
_COLUMNS = (
    *(c for c in message.c if c.name not in ("keys",)),
    original.c.name.label("file_name"),
    original.c.media_type,
    original.c.size,
    original.c.sha256,
    _reader.c.display_name.label("read_by_name"),
    person.c.surname,
    person.c.given,
    contact.c.ending,
    referral.c.number,
)
_FROM = (
    message.join(original, original.c.id == message.c.original_id)
    .outerjoin(_reader, _reader.c.user_name == message.c.read_by)
    .outerjoin(person, person.c.id == message.c.person_id)
    .outerjoin(contact, contact.c.id == message.c.contact_id)
    .outerjoin(referral, referral.c.id == message.c.referral_id)
)

_TAKEN_FIRST = (case((message.c.outcome == "taken_in", 0), else_=1), message.c.read_at.desc())


class PgMessageStore:
    """Messages and their originals."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def queue_up(self, keys: Iterable[str]) -> None:
        for key in sorted(set(keys)):  # in order, so that two desks never wait for each other
            self._connection.execute(
                text("select pg_advisory_xact_lock(hashtextextended(:key, 1869768))"), {"key": f"message {key}"}
            )

    def keep_original(
        self, original_id: OriginalId, name: str, media_type: str, sha256: str, content: bytes
    ) -> OriginalId:
        digest = bytes.fromhex(sha256)
        row = {"id": original_id, "sha256": digest, "name": name, "media_type": media_type}
        query = insert(original).values(**row, size=len(content), content=content)
        if self._connection.execute(query.on_conflict_do_nothing(index_elements=["sha256"])).rowcount == 1:
            return original_id
        found = self._connection.execute(select(original.c.id).where(original.c.sha256 == digest)).scalar_one_or_none()
        if found is None:
            raise AlreadyExists("original_once")
        return OriginalId(found)

    def of_bytes(self, sha256: str) -> MessageRecord | None:
        return self._first(_read().where(original.c.sha256 == bytes.fromhex(sha256)).order_by(*_TAKEN_FIRST))

    def of_key(self, message_key: str) -> MessageRecord | None:
        return self._first(_read().where(message.c.message_key == message_key))

    def spoken_of(self, keys: Sequence[str], kind: Kind | None = None) -> MessageRecord | None:
        open_first = case((referral.c.state.in_(OPEN_STATES), 0), (referral.c.state.is_not(None), 1), else_=2)
        query = _read().where(
            message.c["keys"].op("&&")(cast(list(keys), ARRAY(Text))), message.c.outcome == "taken_in"
        )
        if kind is not None:
            query = query.where(message.c.kind == kind.value)
        return self._first(query.order_by(open_first, message.c.read_at, message.c.id))

    def insert(self, row: NewMessage) -> None:
        self._connection.execute(
            insert(message).values(
                id=row.id,
                original_id=row.original_id,
                kind=row.kind,
                message_key=row.message_key,
                content_key=row.content_key,
                keys=list(row.keys),
                outcome=row.outcome,
                person_id=row.person_id,
                contact_id=row.contact_id,
                referral_id=row.referral_id,
                findings=[_plain(finding) for finding in row.findings],
            )
        )

    def get(self, message_id: UUID) -> MessageRecord | None:
        return self._first(_read().where(message.c.id == message_id))

    def of_original(self, original_id: UUID) -> MessageRecord | None:
        return self._first(_read().where(original.c.id == original_id).order_by(*_TAKEN_FIRST))

    def recent(self, asked: MessageFilter) -> list[MessageRecord]:
        query = _read().order_by(message.c.read_at.desc(), message.c.id.desc()).limit(asked.limit)
        if asked.outcome is not None:
            query = query.where(message.c.outcome == asked.outcome)
        if asked.undecided:
            query = query.where(message.c.contact_id.is_not(None), contact.c.ending.is_(None))
        if asked.whose == "unknown":
            query = query.where(message.c.outcome == "taken_in", message.c.person_id.is_(None))
        return [_record(r) for r in self._connection.execute(query)]

    def content(self, original_id: OriginalId) -> bytes | None:
        found = self._connection.execute(select(original.c.content).where(original.c.id == original_id))
        content = found.scalar_one_or_none()
        return bytes(content) if content is not None else None

    def say_whose(self, record: MessageRecord, person_id: PersonId) -> bool:
        changed = self._connection.execute(
            update(message)
            .where(message.c.id == record.id, message.c.revision == record.revision, message.c.person_id.is_(None))
            .values(person_id=person_id, revision=record.revision + 1)
        ).rowcount
        if changed != 1:
            return False
        self._connection.execute(
            update(contact)
            .where(contact.c.id == record.contact_id, contact.c.person_id.is_(None))
            .values(person_id=person_id, revision=contact.c.revision + 1)
        )
        return True

    def belongs_to(self, record: MessageRecord, referral_id: ReferralId | None) -> bool:
        changed = update(message).where(message.c.id == record.id, message.c.revision == record.revision)
        values = {"referral_id": referral_id, "revision": record.revision + 1}
        return self._connection.execute(changed.values(**values)).rowcount == 1

    def knows_postcode(self, postcode: Postcode) -> bool | None:
        any_at_all = select(exists(select(postcode_table.c.postcode)))
        this_one = select(exists(select(postcode_table.c.postcode).where(postcode_table.c.postcode == postcode.text)))
        if self._connection.execute(this_one).scalar_one():
            return True
        return False if self._connection.execute(any_at_all).scalar_one() else None

    def _first(self, query: Select[Any]) -> MessageRecord | None:
        row = self._connection.execute(query.limit(1)).one_or_none()
        return _record(row) if row else None


def _read() -> Select[Any]:
    return select(*_COLUMNS).select_from(_FROM)


def _record(r: Any) -> MessageRecord:
    return MessageRecord(
        id=r.id,
        original_id=OriginalId(r.original_id),
        name=r.file_name,
        media_type=r.media_type,
        size=r.size,
        sha256=bytes(r.sha256).hex(),
        kind=Kind(r.kind),
        outcome=r.outcome,
        read_at=r.read_at,
        read_by=UserName(r.read_by),
        read_by_name=r.read_by_name or r.read_by,
        person_id=PersonId(r.person_id) if r.person_id else None,
        person_name=(r.surname or "", r.given or ""),
        contact_id=ContactId(r.contact_id) if r.contact_id else None,
        contact_ended=r.ending is not None,
        referral_id=ReferralId(r.referral_id) if r.referral_id else None,
        referral_number=r.number,
        findings=tuple(_finding(plain) for plain in r.findings),
        message_key=r.message_key,
        content_key=r.content_key,
        revision=r.revision,
    )


def _plain(finding: Finding) -> dict[str, Any]:
    return {
        "path": finding.path,
        "severity": finding.severity.value,
        "code": finding.code,
        "facts": dict(finding.facts),
    }


def _finding(plain: dict[str, Any]) -> Finding:
    return Finding(plain["path"], Severity(plain["severity"]), plain["code"], tuple(plain["facts"].items()))
