"""Rows of trust (A3) to records and back: agreements, assessors, competencies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, and_, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by, insert
from sqlalchemy.dialects.postgresql import distinct_on as _distinct_on

from coordination.assessment.trust import (
    Agreement,
    AgreementDraft,
    AgreementId,
    Assessor,
    Competency,
    Held,
    HeldDraft,
    HeldId,
    RecognitionDraft,
    RecognitionId,
    TrustScope,
)
from coordination.errors import NotFound
from coordination.values import UserName
from db.tables.assessment import form
from db.tables.governance import user_account
from db.tables.reference import service
from db.tables.trust import assessor_competency, competency, recognised_assessor, trust_agreement

_g, _r, _c = trust_agreement, recognised_assessor, assessor_competency
_TODAY = text("(now() at time zone 'Europe/London')::date")
_SIGNERS = ("care_coordinator", "team_lead", "trusted_assessor")


class PgTrustStore:
    """Agreements, assessors and competencies."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def scope(self) -> TrustScope:
        newest = select(form.c.id, form.c.title).ext(_distinct_on(form.c.id)).order_by(form.c.id, form.c.version.desc())
        users = select(user_account.c.user_name, user_account.c.display_name).where(
            user_account.c.active, user_account.c.role.in_((*_SIGNERS, "manager"))
        )
        run = self._connection.execute
        return TrustScope(
            tuple(sorted(((r.id, r.title) for r in run(newest)), key=lambda f: f[1])),
            tuple((r.code, r.name) for r in run(select(service).order_by(service.c.position))),
            tuple(
                Competency(r.code, r.name, r.months) for r in run(select(competency).order_by(competency.c.position))
            ),
            tuple((UserName(r.user_name), r.display_name) for r in run(users.order_by(user_account.c.display_name))),
        )

    # agreements

    def agreements(self) -> list[Agreement]:
        order = (_g.c.ends_on.asc().nulls_first(), _g.c.review_on, _g.c.name)
        return [_agreement(row) for row in self._connection.execute(_agreements().order_by(*order))]

    def agreement(self, agreement: AgreementId) -> Agreement:
        row = self._connection.execute(_agreements().where(_g.c.id == agreement)).one_or_none()
        if row is None:
            raise NotFound("trust_agreement", str(agreement))
        return _agreement(row)

    def add_agreement(self, agreement: AgreementId, draft: AgreementDraft) -> bool:
        return self._add(_g, id=agreement, **_written(draft))

    def change_agreement(self, agreement: AgreementId, seen: int, draft: AgreementDraft) -> bool:
        return self._change(_g, agreement, seen, **_written(draft))

    def end_agreement(self, agreement: AgreementId, seen: int, last: date | None, reason: str) -> bool:
        return self._change(_g, agreement, seen, ends_on=last, end_reason=reason)

    def drop_agreement(self, agreement: AgreementId, seen: int) -> bool:
        return self._drop(_g, agreement, seen)

    # assessors

    def assessors(self) -> list[Assessor]:
        return [_assessor(row) for row in self._connection.execute(_assessors())]

    def assessor(self, recognition: RecognitionId) -> Assessor:
        row = self._connection.execute(_assessors().where(_r.c.id == recognition)).one_or_none()
        if row is None:
            raise NotFound("recognition", str(recognition))
        return _assessor(row)

    def recognise(self, recognition: RecognitionId, draft: RecognitionDraft) -> bool:
        return self._add(
            _r, id=recognition, agreement_id=draft.agreement, user_name=draft.user, organisation=draft.organisation,
            forms=list(draft.forms), valid=_days(draft.first, draft.last),
        )  # fmt: skip

    def set_recognition(
        self, recognition: RecognitionId, seen: int, first: date | None, last: date | None, reason: str,
        forms: tuple[str, ...],
    ) -> bool:  # fmt: skip
        return self._change(_r, recognition, seen, valid=_days(first, last), end_reason=reason, forms=list(forms))

    def drop_recognition(self, recognition: RecognitionId, seen: int) -> bool:
        return self._drop(_r, recognition, seen)

    # competencies

    def held(self, held: HeldId) -> Held:
        query = select(_c, competency.c.name).join(competency, competency.c.code == _c.c.competency)
        row = self._connection.execute(query.where(_c.c.id == held)).one_or_none()
        if row is None:
            raise NotFound("competency", str(held))
        return Held(
            row.id, row.user_name, row.competency, row.name, row.gained_on, row.expires_on, row.evidence, row.revision
        )

    def add_held(self, held: HeldId, draft: HeldDraft) -> bool:
        return self._add(
            _c, id=held, user_name=draft.user, competency=draft.competency, gained_on=draft.gained_on,
            expires_on=draft.last, evidence=draft.evidence,
        )  # fmt: skip

    def set_held(self, held: HeldId, seen: int, last: date | None) -> bool:
        return self._change(_c, held, seen, expires_on=last)

    def drop_held(self, held: HeldId, seen: int) -> bool:
        return self._drop(_c, held, seen)

    # how

    def _add(self, table: Table, **row: Any) -> bool:
        done = insert(table).values(**row).on_conflict_do_nothing(index_elements=["id"])
        return self._connection.execute(done).rowcount == 1

    def _change(self, table: Table, key: Any, seen: int, **changes: Any) -> bool:
        same = and_(table.c.id == key, table.c.revision == seen)
        changes["revision"] = table.c.revision + 1
        return self._connection.execute(update(table).where(same).values(**changes)).rowcount == 1

    def _drop(self, table: Table, key: Any, seen: int) -> bool:
        same = and_(table.c.id == key, table.c.revision == seen)
        return self._connection.execute(delete(table).where(same)).rowcount == 1


def _written(draft: AgreementDraft) -> dict[str, Any]:
    return {
        "name": draft.name,
        "assessing": draft.assessing,
        "receiving": draft.receiving,
        "services": list(draft.services),
        "forms": list(draft.forms),
        "needs": draft.needs,
        "competencies": list(draft.competencies),
        "if_flawed": draft.if_flawed,
        "contact": draft.contact,
        "contact_words": draft.contact_words,
        "starts_on": draft.starts_on,
        "review_on": draft.review_on,
    }


def _days(first: date | None, last: date | None) -> ColumnElement[Any]:
    return func.daterange(first, last, "[]")


def _agreements() -> Select[Any]:
    today = _r.c.valid.op("@>")(_TODAY)
    count = select(func.count(_r.c.user_name.distinct())).where(_r.c.agreement_id == _g.c.id, today).scalar_subquery()
    return select(_g, user_account.c.display_name.label("contact_name"), count.label("assessors")).outerjoin(
        user_account, user_account.c.user_name == _g.c.contact
    )


def _agreement(row: Row[Any]) -> Agreement:
    return Agreement(
        row.id,
        row.name,
        row.assessing,
        row.receiving,
        tuple(row.services),
        tuple(row.forms),
        tuple(row.competencies),
        row.needs,
        row.if_flawed,
        row.contact,
        row.contact_name or "",
        row.contact_words,
        row.starts_on,
        row.review_on,
        row.ends_on,
        row.end_reason,
        row.assessors,
        row.revision,
    )


def _assessors() -> Select[Any]:
    """Each recognition with all that its holder can do, as JSON: one query for the whole list."""
    one = func.jsonb_build_array(
        _c.c.id, _c.c.competency, competency.c.name, _c.c.gained_on, _c.c.expires_on, _c.c.evidence, _c.c.revision
    )
    held = (
        select(func.jsonb_agg(aggregate_order_by(one, competency.c.position, _c.c.gained_on), type_=JSONB))
        .select_from(_c.join(competency, competency.c.code == _c.c.competency))
        .where(_c.c.user_name == _r.c.user_name)
        .scalar_subquery()
    )
    seen = or_(
        _r.c.user_name == text("session_user"), text("(select my_role()) in ('manager', 'team_lead', 'ig_lead')")
    )
    return select(
        _r,
        func.lower(_r.c.valid).label("first"),
        func.upper(_r.c.valid).label("end"),
        user_account.c.display_name,
        user_account.c.active,
        _g.c.name.label("agreement_name"),
        _g.c.starts_on,
        _g.c.ends_on,
        _g.c.competencies,
        held.label("held"),
        seen.label("seen"),
    ).select_from(
        _r.join(_g, _g.c.id == _r.c.agreement_id).join(user_account, user_account.c.user_name == _r.c.user_name)
    )


def _assessor(row: Row[Any]) -> Assessor:
    user = UserName(row.user_name)
    return Assessor(
        row.id,
        user,
        row.display_name,
        row.active,
        row.organisation,
        row.agreement_id,
        row.agreement_name,
        row.starts_on,
        row.ends_on,
        tuple(row.competencies),
        tuple(row.forms),
        row.first,
        None if row.end is None else row.end - timedelta(days=1),
        row.end_reason,
        tuple(_held(user, each) for each in row.held or ()),
        row.seen,
        row.revision,
    )


def _held(user: UserName, parts: list[Any]) -> Held:
    key, code, name, gained, last, evidence, revision = parts
    read: Callable[[str], date] = date.fromisoformat
    return Held(
        HeldId(UUID(key)), user, code, name, read(gained), None if last is None else read(last), evidence, revision
    )
