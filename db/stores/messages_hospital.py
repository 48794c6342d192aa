"""Rows of ward notices and receipts to records and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Text, case, cast, func, insert, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, distinct_on

from coordination.assessment.model import KnownFact
from coordination.intake.model import OPEN_STATES
from coordination.intake.ward import KeptNotice, KeptReceipt, NoticeId, NoticeState, ReceiptId, WardStory
from coordination.messages.hospital import AskedWithdrawal, DueReceipt, NewNotice
from coordination.values import PersonId, ReferralId, UserName
from db.tables.governance import user_account
from db.tables.hospital import hospital_notice, hospital_receipt, hospital_said
from db.tables.inbox import inbox_item, inbox_source
from db.tables.intake import referral
from db.tables.messages import message

_n, _r = hospital_notice, hospital_receipt
_MOMENTS = ("received_at", "issued_at", "discharge_at", "moft_at", "settled_at", "made_at")
_settler = user_account.alias("notice_settler")
_maker = user_account.alias("receipt_maker")
_sender = user_account.alias("receipt_sender")


def _notice_row() -> Any:
    """One notice as JSON: that is how it also stands in the one query of a referral's panel."""
    return func.jsonb_build_object(
        *(part for name in (
            "id", "message_id", "kind", "state", "received_at", "revision", "issued_at", "referral_id", "site", "ward",
            "person_consulted", "carer_consulted", "consent", "consent_source", "expected_on", "discharge_at",
            "moft_at", "withdrawal_type", "withdrawal_reason", "withdrawal_words", "answer_words", "settled_at",
            "withdrawn_by",
        ) for part in (name, _n.c[name])),
        "settled_by_name", func.coalesce(_settler.c.display_name, _n.c.settled_by, ""),
        "answer_to", func.coalesce(_n.c.head["head.referrer.answer_to"].astext, ""),
        type_=JSONB,
    )  # fmt: skip


def _receipt_row() -> Any:
    return func.jsonb_build_object(
        *(part for name in ("id", "notice_id", "response", "details", "made_at", "state", "how", "file_name",
                            "settled_at") for part in (name, _r.c[name])),
        "made_by_name", func.coalesce(_maker.c.display_name, _r.c.made_by),
        "settled_by_name", func.coalesce(_sender.c.display_name, _r.c.settled_by, ""),
        type_=JSONB,
    )  # fmt: skip


_NOTICES = _n.outerjoin(_settler, _settler.c.user_name == _n.c.settled_by)
_RECEIPTS = (
    _r.join(_n, _n.c.id == _r.c.notice_id)
    .outerjoin(_maker, _maker.c.user_name == _r.c.made_by)
    .outerjoin(_sender, _sender.c.user_name == _r.c.settled_by)
)


def story_column(referral_id: UUID) -> Any:
    """Everything between ward and centre about one referral, in one column of a query."""
    notices = (
        select(func.jsonb_agg(_notice_row()))
        .select_from(_NOTICES)
        .where(_n.c.referral_id == referral_id)
        .scalar_subquery()
    )
    receipts = (
        select(func.jsonb_agg(_receipt_row()))
        .select_from(_RECEIPTS)
        .where(_n.c.referral_id == referral_id, _r.c.state != "taken_back")
        .scalar_subquery()
    )
    return func.jsonb_build_array(notices, receipts, type_=JSONB).label("ward_story")


def story_of(found: Any) -> WardStory:
    notices, receipts = found
    kept = sorted((_notice(one) for one in notices or ()), key=lambda one: (one.received_at, one.id))
    return WardStory(tuple(kept), tuple(sorted((_receipt(one) for one in receipts or ()), key=lambda r: r.made_at)))


def said_by_wards(connection: Connection, person: PersonId) -> list[KnownFact]:
    """A1. What ward notices say of somebody's needs, the newest word at each place, with who wrote it and when."""
    query = (
        select(hospital_said, _n.c.message_id, func.coalesce(_n.c.issued_at, _n.c.received_at).label("at"), _n.c.head)
        .ext(distinct_on(hospital_said.c.place))
        .join_from(hospital_said, _n, _n.c.id == hospital_said.c.notice_id)
        .join(message, message.c.id == _n.c.message_id)
        .where(message.c.person_id == person)
        .order_by(hospital_said.c.place, func.coalesce(_n.c.issued_at, _n.c.received_at).desc())
    )
    return [
        KnownFact(r.place, r.words, _wrote(r.head), r.at.astimezone(UTC), "professional", "message", r.message_id)
        for r in connection.execute(query)
    ]


def _wrote(head: Mapping[str, Any]) -> str:
    """``Amina Yusuf (Discharge co-ordinator, Ward J3)``."""
    of = [head.get(f"head.referrer.{part}", "") for part in ("role", "team")]
    more = ", ".join(part for part in of if part)
    name = head.get("head.referrer.name") or head.get("head.referrer.organisation") or "The ward"
    return f"{name} ({more})" if more else str(name)


class PgHospitalStore:
    """Notices and receipts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def insert(self, row: NewNotice, said: tuple[tuple[str, str], ...]) -> None:
        self._connection.execute(insert(_n).values(**{**asdict(row), "ward_keys": list(row.ward_keys)}))
        if said:
            rows = [{"notice_id": row.id, "place": place, "words": words} for place, words in said]
            self._connection.execute(insert(hospital_said), rows)

    def of_referral(self, referral_id: ReferralId) -> WardStory:
        return story_of(self._connection.execute(select(story_column(referral_id))).scalar_one())

    def referral_of(self, ward_keys: tuple[str, ...]) -> ReferralId | None:
        if not ward_keys:
            return None
        open_first = case((referral.c.state.in_(OPEN_STATES), 0), else_=1)
        query = (
            select(referral.c.id)
            .join_from(_n, referral, referral.c.id == _n.c.referral_id)
            .where(_n.c.ward_keys.op("&&")(cast(list(ward_keys), ARRAY(Text))))
            .order_by(open_first, referral.c.received_at.desc(), referral.c.id.desc())
            .limit(1)
        )
        found = self._connection.execute(query).scalar_one_or_none()
        return ReferralId(found) if found else None

    def of_message(self, message_id: UUID) -> list[KeptNotice]:
        query = select(_notice_row()).select_from(_NOTICES).where(_n.c.message_id == message_id).order_by(_n.c.place)
        return [_notice(one) for one in self._connection.execute(query).scalars()]

    def notice(self, notice_id: NoticeId, *, lock: bool = False) -> KeptNotice | None:
        if lock:
            self._connection.execute(select(_n.c.id).where(_n.c.id == notice_id).with_for_update())
        query = select(_notice_row()).select_from(_NOTICES).where(_n.c.id == notice_id)
        found = self._connection.execute(query).scalar_one_or_none()
        return _notice(found) if found else None

    def pending(self, ward_keys: tuple[str, ...]) -> list[KeptNotice]:
        if not ward_keys:
            return []
        query = (
            select(_n.c.id)
            .where(_n.c.state == "pending", _n.c.ward_keys.op("&&")(cast(list(ward_keys), ARRAY(Text))))
            .order_by(_n.c.issued_at.asc().nulls_last(), _n.c.id)
            .with_for_update()
        )
        found = [self.notice(NoticeId(one)) for one in self._connection.execute(query).scalars().all()]
        return [one for one in found if one is not None]

    def settle(
        self, notice: KeptNotice, state: NoticeState, referral_id: ReferralId | None = None, words: str = ""
    ) -> bool:
        values: dict[str, Any] = {"state": state, "answer_words": words}
        if notice.state == "pending":
            values["referral_id"] = referral_id
        query = update(_n).where(_n.c.id == notice.id, _n.c.revision == notice.revision, _n.c.state == notice.state)
        return self._connection.execute(query.values(**values)).rowcount == 1

    def answer(self, receipt_id: ReceiptId, notice_id: NoticeId, response: str, details: str) -> None:
        there = select(_r.c.id).where(_r.c.id == receipt_id)
        if self._connection.execute(there).first() is not None:  # sent again after a lost answer it is one
            return
        due = update(_r).where(_r.c.notice_id == notice_id, _r.c.state == "due")
        other = or_(_r.c.response != response, _r.c.details != details)
        self._connection.execute(due.where(other).values(state="taken_back"))
        values = {"id": receipt_id, "notice_id": notice_id, "response": response, "details": details}
        self._connection.execute(insert(_r).values(**values))

    def asked_of(self, user: UserName) -> list[AskedWithdrawal]:
        query = (
            select(_n.c.id, referral.c.id.label("referral_id"), referral.c.number)
            .join_from(_n, referral, referral.c.id == _n.c.referral_id)
            .where(_n.c.state == "asked", referral.c.claimed_by == user, referral.c.state.in_(OPEN_STATES))
            .order_by(_n.c.received_at, _n.c.id)
        )
        rows = self._connection.execute(query)
        return [AskedWithdrawal(NoticeId(r.id), ReferralId(r.referral_id), r.number) for r in rows]

    def next_due(self, source_id: UUID, after: ReceiptId | None) -> DueReceipt | None:
        came = (
            select(inbox_source.c.id)
            .join_from(inbox_item, inbox_source, inbox_source.c.id == inbox_item.c.source_id)
            .where(inbox_item.c.message_id == _n.c.message_id, inbox_source.c.kind == "folder", inbox_source.c.active)
            .order_by(inbox_item.c.found_at)
            .limit(1)
            .correlate(_n)
            .scalar_subquery()
        )
        first = (
            select(inbox_source.c.id)
            .where(inbox_source.c.kind == "folder", inbox_source.c.active)
            .order_by(func.lower(inbox_source.c.name))
            .limit(1)
            .scalar_subquery()
        )
        query = (
            select(_r.c.id)
            .join_from(_r, _n, _n.c.id == _r.c.notice_id)
            .where(_r.c.state == "due", func.coalesce(came, first) == source_id)
            .order_by(_r.c.made_at, _r.c.id)
            .limit(1)
            .with_for_update(of=_r, skip_locked=True)
        )
        if after is not None:
            made = select(_r.c.made_at).where(_r.c.id == after).scalar_subquery()
            query = query.where(tuple_(_r.c.made_at, _r.c.id) > tuple_(made, cast(after, _r.c.id.type)))
        found = self._connection.execute(query).scalar_one_or_none()
        return self.due(ReceiptId(found)) if found else None

    def due(self, receipt_id: ReceiptId) -> DueReceipt | None:
        query = (
            select(_receipt_row(), _notice_row(), _n.c.head, _n.c.sender_message)
            .select_from(_RECEIPTS.outerjoin(_settler, _settler.c.user_name == _n.c.settled_by))
            .where(_r.c.id == receipt_id)
        )
        found = self._connection.execute(query).one_or_none()
        return DueReceipt(_receipt(found[0]), _notice(found[1]), found[2], found[3]) if found else None

    def sent(self, receipt_id: ReceiptId, how: str, file_name: str, sha256: bytes) -> bool:
        query = update(_r).where(_r.c.id == receipt_id, _r.c.state == "due")
        values = {"state": "sent", "how": how, "file_name": file_name, "sha256": sha256}
        return self._connection.execute(query.values(**values)).rowcount == 1


def _plain(found: Mapping[str, Any]) -> dict[str, Any]:
    """JSON back to what it was."""
    values = dict(found)
    for name in _MOMENTS:
        if values.get(name):
            values[name] = datetime.fromisoformat(values[name])
    for name in ("id", "message_id", "notice_id", "referral_id", "withdrawn_by"):
        if values.get(name):
            values[name] = UUID(values[name])
    return values


def _notice(found: Mapping[str, Any]) -> KeptNotice:
    values = _plain(found)
    values["expected_on"] = date.fromisoformat(values["expected_on"]) if values["expected_on"] else None
    values["withdrawal_type"] = str(values["withdrawal_type"] or "")
    values["withdrawal_reason"] = values["withdrawal_reason"] or ""
    return KeptNotice(**values)


def _receipt(found: Mapping[str, Any]) -> KeptReceipt:
    values = _plain(found)
    values["how"] = values["how"] or ""
    return KeptReceipt(**values)
