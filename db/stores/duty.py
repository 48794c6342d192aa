"""Shifts at the desk and handovers: rows to records and back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from coordination.duty.model import (
    Correction,
    DeskShift,
    Handover,
    HandoverDraft,
    HandoverItem,
    NewCorrection,
    Offered,
    OnDuty,
    Outstanding,
)
from coordination.duty.store import Held
from coordination.values import UserName
from db.stores import duty_outstanding
from db.stores.duty_rows import (
    correction_of,
    corrections_query,
    handover_of,
    handovers_query,
    shifts_of,
    shifts_query,
)
from db.tables.duty import desk_break, desk_correction, desk_shift, handover, handover_item
from db.tables.governance import user_account
from db.tables.intake import referral
from db.tables.safeguarding import safeguarding_concern


class PgDutyStore:
    """Shifts at the desk, breaks and handovers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # ---------------------------------------------------------------- shifts

    def on_duty(self) -> OnDuty:
        query = shifts_query().where(desk_shift.c.ended_at.is_(None))
        rows = self._connection.execute(query).all()
        found = sorted(shifts_of(rows), key=lambda s: (s.locality or "~", s.user_name))
        return OnDuty(tuple(found), self._offered())

    def _offered(self) -> tuple[Offered, ...]:
        h, i = handover, handover_item
        leaver, taker = user_account.alias("leaver"), user_account.alias("taker")
        query = (
            select(
                h.c.id, h.c.from_user, leaver.c.display_name.label("from_name"), h.c.signed_at, h.c.to_user,
                taker.c.display_name.label("to_name"), h.c.locality, h.c.revision,
                func.count(i.c.id).label("waiting"),
                func.array_remove(func.array_agg(i.c.subject_id), None).label("about"),
            )
            .join_from(h, leaver, leaver.c.user_name == h.c.from_user)
            .outerjoin(taker, taker.c.user_name == h.c.to_user)
            .outerjoin(i, and_(i.c.handover_id == h.c.id, i.c.state == "offered"))
            .where(h.c.state == "offered")
            .group_by(h.c.id, leaver.c.display_name, taker.c.display_name)
            .order_by(h.c.signed_at, h.c.id)
        )  # fmt: skip
        return tuple(
            Offered(
                r.id, UserName(r.from_user), r.from_name, r.signed_at, UserName(r.to_user) if r.to_user else None,
                r.to_name, r.locality, r.waiting, frozenset(r.about), r.revision,
            )
            for r in self._connection.execute(query)
        )  # fmt: skip

    def shift(self, shift_id: UUID) -> DeskShift | None:
        found = shifts_of(self._connection.execute(shifts_query().where(desk_shift.c.id == shift_id)))
        return found[0] if found else None

    def open_shift(self, user: UserName) -> DeskShift | None:
        query = shifts_query().where(desk_shift.c.user_name == user, desk_shift.c.ended_at.is_(None))
        found = shifts_of(self._connection.execute(query))
        return found[0] if found else None

    def shifts(self, user: UserName | None, since: datetime) -> list[DeskShift]:
        query = shifts_query().where(or_(desk_shift.c.started_at >= since, desk_shift.c.ended_at.is_(None)))
        if user is not None:
            query = query.where(desk_shift.c.user_name == user)
        return shifts_of(self._connection.execute(query.order_by(desk_shift.c.started_at.desc(), desk_shift.c.id)))

    def start(self, shift_id: UUID, locality: str | None, planned_end: datetime) -> bool:
        row = {"id": shift_id, "locality": locality, "planned_end": planned_end}
        query = insert(desk_shift).values(row).on_conflict_do_nothing(index_elements=["id"])
        return self._connection.execute(query.returning(desk_shift.c.id)).first() is not None

    def change_shift(self, shift_id: UUID, seen: int, changes: Mapping[str, object]) -> bool:
        query = (
            update(desk_shift)
            .where(desk_shift.c.id == shift_id, desk_shift.c.revision == seen)
            .values(**changes, revision=seen + 1)
        )
        return self._connection.execute(query).rowcount == 1

    def start_break(self, break_id: UUID, shift_id: UUID, planned_end: datetime, cover: UserName | None) -> bool:
        row = {"id": break_id, "shift_id": shift_id, "planned_end": planned_end, "cover": cover}
        query = insert(desk_break).values(row).on_conflict_do_nothing(index_elements=["id"])
        return self._connection.execute(query.returning(desk_break.c.id)).first() is not None

    def change_break(self, break_id: UUID, seen: int, changes: Mapping[str, object]) -> bool:
        query = (
            update(desk_break)
            .where(desk_break.c.id == break_id, desk_break.c.revision == seen)
            .values(**changes, revision=seen + 1)
        )
        return self._connection.execute(query).rowcount == 1

    def correct(self, correction: NewCorrection) -> bool:
        row = {
            "id": correction.id,
            "shift_id": correction.shift_id,
            "break_id": correction.break_id,
            "started_at": correction.started_at,
            "ended_at": correction.ended_at,
            "reason": correction.reason,
        }
        known = select(desk_correction.c.id).where(desk_correction.c.id == correction.id)
        if self._connection.execute(known).first() is not None:  # sent again: the trigger must not act twice
            return False
        self._connection.execute(desk_correction.insert().values(row))
        return True

    def corrections(self, shift_id: UUID) -> list[Correction]:
        query = corrections_query().where(desk_correction.c.shift_id == shift_id)
        rows = self._connection.execute(query.order_by(desk_correction.c.at, desk_correction.c.id))
        return [correction_of(r) for r in rows]

    # ---------------------------------------------------------------- handovers

    def outstanding(self, user: UserName | None, locality: str | None, limit: int) -> list[Outstanding]:
        return duty_outstanding.of(self._connection, user, locality, limit)

    def lock_referrals(self, ids: Collection[UUID]) -> dict[UUID, Held]:
        if not ids:
            return {}
        r = referral
        query = (
            select(r.c.id, r.c.claimed_by, r.c.state, r.c.state_reason, r.c.revision)
            .where(r.c.id.in_(sorted(ids)))
            .order_by(r.c.id)
            .with_for_update()
        )
        return {
            row.id: Held(
                UserName(row.claimed_by) if row.claimed_by else None, row.state, row.state_reason, row.revision
            )
            for row in self._connection.execute(query)
        }

    def lock_concerns(self, ids: Collection[UUID]) -> dict[UUID, Held]:
        if not ids:
            return {}
        c = safeguarding_concern
        query = (
            select(c.c.id, c.c.owner, c.c.stage, c.c.reason, c.c.revision)
            .where(c.c.id.in_(sorted(ids)))
            .order_by(c.c.id)
            .with_for_update()
        )
        return {
            row.id: Held(UserName(row.owner), row.stage, row.reason, row.revision)
            for row in self._connection.execute(query)
        }

    def insert_handover(self, draft: HandoverDraft, from_user: UserName, shift_id: UUID | None) -> bool:
        row = {
            "id": draft.id,
            "shift_id": shift_id,
            "from_user": from_user,
            "to_user": draft.to_user,
            "locality": draft.locality,
            "note": draft.note,
            "drafts": draft.drafts,
            "corrects": draft.corrects,
        }
        query = insert(handover).values(row).on_conflict_do_nothing(index_elements=["id"])
        return self._connection.execute(query.returning(handover.c.id)).first() is not None

    def insert_items(self, draft: HandoverDraft) -> None:
        rows = [
            {
                "id": item.id,
                "handover_id": draft.id,
                "position": position,
                "kind": item.kind,
                "subject_id": item.subject,
                "choice": item.choice,
                "line": item.line,
                "seen": item.seen,
            }
            for position, item in enumerate(draft.items)
        ]
        if rows:
            self._connection.execute(handover_item.insert(), rows)

    def handover(self, handover_id: UUID) -> Handover | None:
        row = self._connection.execute(handovers_query().where(handover.c.id == handover_id)).one_or_none()
        return handover_of(row) if row else None

    def lock_handover(self, handover_id: UUID) -> Handover | None:
        self._connection.execute(select(handover.c.id).where(handover.c.id == handover_id).with_for_update())
        return self.handover(handover_id)

    def items(self, handover_id: UUID) -> list[HandoverItem]:
        i, by = handover_item, user_account.alias("by")
        query = (
            select(i, by.c.display_name.label("by_name"))
            .outerjoin(by, by.c.user_name == i.c.settled_by)
            .where(i.c.handover_id == handover_id)
            .order_by(i.c.position, i.c.id)
        )
        rows = self._connection.execute(query).all()
        now = duty_outstanding.as_they_stand(self._connection, [(r.kind, r.subject_id) for r in rows])
        return [
            HandoverItem(
                r.id, r.handover_id, r.position, r.kind, r.subject_id, r.choice, r.line, r.seen, r.state, r.answer,
                r.settled_at, UserName(r.settled_by) if r.settled_by else None, r.by_name or r.settled_by, r.revision,
                now.get(r.subject_id),
            )
            for r in rows
        ]  # fmt: skip

    def answer(self, items: Sequence[UUID], state: str, answer: str = "") -> int:
        if not items:
            return 0
        i = handover_item
        query = (
            update(i).where(i.c.id.in_(items)).values(state=state, answer=answer, revision=i.c.revision + 1)
        )  # fmt: skip
        return self._connection.execute(query).rowcount

    def waiting(self, handover_id: UUID) -> int:
        return int(self._connection.execute(select(func.handover_waiting(handover_id))).scalar_one())

    def settle(self, handover_id: UUID, state: str) -> None:
        h = handover
        query = update(h).where(h.c.id == handover_id).values(state=state, revision=h.c.revision + 1)
        self._connection.execute(query)

    def handovers(self, user: UserName, since: datetime) -> list[Handover]:
        h, i = handover, handover_item
        took = select(i.c.id).where(i.c.handover_id == h.c.id, i.c.settled_by == user).exists()
        part = or_(h.c.from_user == user, h.c.signed_by == user, h.c.to_user == user, h.c.settled_by == user, took)
        query = handovers_query().where(or_(h.c.state == "offered", and_(h.c.signed_at >= since, part)))
        return [handover_of(r) for r in self._connection.execute(query.order_by(h.c.signed_at.desc(), h.c.id))]
