"""Receipts (A4): rows to records and back. Who may do what stands in the database's triggers and policies."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    delete,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by, insert

from coordination.assessment.receipts import (
    AskMore,
    Outcome,
    Point,
    PointId,
    PointKind,
    ReaskCase,
    ReaskRow,
    Receipt,
    ReceiptFilter,
    ReceiptId,
    ReceiptRow,
    ReceiptState,
    TeamName,
)
from coordination.errors import NotFound
from coordination.values import AssessmentId, TeamId
from db.stores import receipts_reask
from db.tables.assessment import assessment, form
from db.tables.governance import user_account
from db.tables.people import person
from db.tables.reference import team
from db.tables.trust import assessment_receipt, receipt_point, trust_agreement

_r, _p, _a = assessment_receipt, receipt_point, assessment
_settler, _replier, _raiser = (user_account.alias(name) for name in ("settler", "replier", "raiser"))
_sender, _decider, _signer, _contact = (user_account.alias(n) for n in ("sender", "decider", "signer", "contact"))
_from, _before = team.alias("from_team_of"), assessment_receipt.alias("before")
_SHOWN = 240  # characters of what was asked, in a row
# Once for each team, not for each receipt.
_MINE = _r.c.team_id.in_(select(team.c.id).where(func.acts_for_team(team.c.id)))
_OURS: ColumnElement[bool] = literal_column("on_assessing_side(assessment)")
_ME: ColumnElement[str] = literal_column("session_user")
# To answer for: what I signed; as its contact, challenges; and what would wait for somebody who is no longer here.
_FOR_ME = and_(
    _OURS,
    or_(
        _a.c.signed_by == _ME,
        and_(
            _a.c.agreement_id.in_(select(trust_agreement.c.id).where(trust_agreement.c.contact == _ME)),
            _r.c.state.in_(("challenged", "upheld")),
        ),
        _a.c.signed_by.in_(select(user_account.c.user_name).where(~user_account.c.active)),
    ),
)


class PgReceiptStore:
    """Receipts and what is said in them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_assessment(self, assessment_id: AssessmentId) -> list[Receipt]:
        query = _receipts().where(_r.c.assessment_id == assessment_id).order_by(team.c.name)
        return [_receipt(row) for row in self._connection.execute(query)]

    def get(self, receipt: ReceiptId) -> Receipt:
        row = self._connection.execute(_receipts().where(_r.c.id == receipt)).one_or_none()
        if row is None:
            raise NotFound("receipt", str(receipt))
        return _receipt(row)

    def rows(self, asked: ReceiptFilter) -> list[ReceiptRow]:
        query = _rows().where(_MINE if asked.side == "receiving" else _FOR_ME)
        if asked.team is not None:
            query = query.where(_r.c.team_id == asked.team)
        query = query.where(_unsettled(asked) if asked.waiting else ~_unsettled(asked))
        if asked.waiting:
            mine = _r.c.state == "waiting" if asked.side == "receiving" else _r.c.state.in_(("asked", "challenged"))
            query = query.order_by(case((mine, 0), else_=1), _r.c.state_since, _r.c.id)
        else:
            query = query.order_by(_r.c.state_since.desc(), _r.c.id)
        return [_row(row) for row in self._connection.execute(query.limit(asked.limit))]

    def waiting(self) -> tuple[int, int]:
        latest = _r.c.superseded_by.is_(None)
        for_me = select(func.count()).select_from(_r).where(latest, _r.c.state == "waiting", _MINE)
        of_me = (
            select(func.count())
            .select_from(_r.join(_a, _a.c.id == _r.c.assessment_id).join(_p, _p.c.receipt_id == _r.c.id))
            .where(latest, _p.c.outcome.is_(None), _p.c.reply == "", _FOR_ME)
        )
        row = self._connection.execute(select(for_me.scalar_subquery(), of_me.scalar_subquery())).one()
        return row[0], row[1]

    def teams(self, assessment_id: AssessmentId) -> list[TeamName]:
        has = select(_r.c.team_id).where(_r.c.assessment_id == assessment_id)
        own = select(func.coalesce(_a.c.signed_team, 0)).where(_a.c.id == assessment_id).scalar_subquery()
        whose = select(_a.c.person_id).where(_a.c.id == assessment_id).scalar_subquery()
        query = select(team.c.id, team.c.name).where(
            team.c.id.not_in(has), team.c.id != own, func.team_may_read(team.c.id, whose)
        )
        return [TeamName(row.id, row.name) for row in self._connection.execute(query.order_by(team.c.name))]

    def send(self, receipt: ReceiptId, assessment_id: AssessmentId, to_team: TeamId, note: str) -> bool:
        row = {"id": receipt, "assessment_id": assessment_id, "team_id": to_team, "note": note}
        done = insert(_r).values(row).on_conflict_do_nothing(index_elements=["id"])
        return self._connection.execute(done).rowcount == 1

    def unsend(self, receipt: ReceiptId) -> bool:
        return self._connection.execute(delete(_r).where(_r.c.id == receipt)).rowcount == 1

    def set_state(self, receipt: ReceiptId, seen: int, state: ReceiptState) -> bool:
        same = and_(_r.c.id == receipt, _r.c.revision == seen)
        done = update(_r).where(same).values(state=state, revision=seen + 1)
        return self._connection.execute(done).rowcount == 1

    def raise_point(self, point: PointId, receipt: ReceiptId, seen: int, kind: PointKind, ask: AskMore) -> bool:
        there = select(_p.c.id).where(_p.c.id == point)
        if self._connection.execute(there).one_or_none() is not None:
            return False
        row = {
            "id": point, "receipt_id": receipt, "kind": kind, "question": ask.question, "words": ask.words.strip(),
            "why": ask.why.strip(), "due_on": ask.due_on, "seen": seen,
        }  # fmt: skip
        return self._connection.execute(insert(_p).values(row)).rowcount == 1

    def settle(
        self, point: PointId, seen: int, *, reply: str | None = None, outcome: Outcome | None = None, words: str = ""
    ) -> bool:
        changes: dict[str, Any] = {"revision": seen + 1}
        if reply is not None:
            changes["reply"] = reply
        if outcome is not None:
            changes |= {"outcome": outcome, "outcome_words": words}
        same = and_(_p.c.id == point, _p.c.revision == seen)
        return self._connection.execute(update(_p).where(same).values(**changes)).rowcount == 1

    def reopen(self, point: PointId, seen: int) -> bool:
        same = and_(_p.c.id == point, _p.c.revision == seen)
        done = update(_p).where(same).values(outcome=None, outcome_words="", revision=seen + 1)
        return self._connection.execute(done).rowcount == 1

    def reask_days(self) -> int:
        return receipts_reask.days(self._connection)

    def reask(self, since: datetime) -> list[ReaskRow]:
        return receipts_reask.rows(self._connection, since)

    def reask_cases(self, from_team: TeamId | None, to_team: TeamId, since: datetime) -> list[ReaskCase]:
        return receipts_reask.cases(self._connection, from_team, to_team, since)


def _unsettled(asked: ReceiptFilter) -> ColumnElement[bool]:
    """The receiving side waits until it has accepted; the assessing side, until nothing is asked of it."""
    latest = _r.c.superseded_by.is_(None)
    if asked.side == "receiving":
        return and_(latest, _r.c.state != "accepted")
    return and_(latest, _r.c.state.in_(("asked", "challenged", "upheld")))


def _points() -> ColumnElement[Any]:
    """All points of a receipt, in order, as JSON."""
    one = func.jsonb_build_array(
        _p.c.id, _p.c.kind, _p.c.question, _p.c.words, _p.c.why, _p.c.due_on, _p.c.raised_at,
        func.coalesce(_raiser.c.display_name, _p.c.raised_by), _p.c.reply, _p.c.reply_at,
        func.coalesce(_replier.c.display_name, _p.c.reply_by, ""), _p.c.outcome, _p.c.outcome_words, _p.c.settled_at,
        _p.c.settled_by, func.coalesce(_settler.c.display_name, _p.c.settled_by, ""), _p.c.revision,
    )  # fmt: skip
    return (
        select(func.jsonb_agg(aggregate_order_by(one, _p.c.raised_at, _p.c.id), type_=JSONB))
        .select_from(
            _p.outerjoin(_raiser, _raiser.c.user_name == _p.c.raised_by)
            .outerjoin(_replier, _replier.c.user_name == _p.c.reply_by)
            .outerjoin(_settler, _settler.c.user_name == _p.c.settled_by)
        )
        .where(_p.c.receipt_id == _r.c.id)
        .scalar_subquery()
        .label("points")
    )


def _receipts() -> Select[Any]:
    return select(
        _r,
        _a.c.person_id,
        team.c.name.label("team_name"),
        func.coalesce(_decider.c.display_name, _r.c.state_by, "").label("by_name"),
        func.coalesce(_sender.c.display_name, _r.c.sent_by).label("sent_by_name"),
        _before.c.state.label("follows_state"),
        func.coalesce(_contact.c.display_name, trust_agreement.c.contact_words, "").label("contact_name"),
        and_(_MINE, _a.c.signed_by != _ME).label("mine"),
        _OURS.label("ours"),
        _points(),
    ).select_from(
        _r.join(_a, _a.c.id == _r.c.assessment_id)
        .join(team, team.c.id == _r.c.team_id)
        .outerjoin(_decider, _decider.c.user_name == _r.c.state_by)
        .outerjoin(_sender, _sender.c.user_name == _r.c.sent_by)
        .outerjoin(_before, _before.c.id == _r.c.follows)
        .outerjoin(trust_agreement, trust_agreement.c.id == _a.c.agreement_id)
        .outerjoin(_contact, _contact.c.user_name == trust_agreement.c.contact)
    )


def _receipt(row: Row[Any]) -> Receipt:
    return Receipt(
        row.id,
        row.assessment_id,
        row.person_id,
        row.team_id,
        row.team_name,
        row.how,
        row.note,
        row.state,
        row.state_since.astimezone(UTC),
        row.by_name,
        row.sent_at.astimezone(UTC),
        row.sent_by,
        row.sent_by_name,
        row.follows_state,
        row.superseded_by,
        row.contact_name,
        tuple(_point(each) for each in row.points or ()),
        row.mine,
        bool(row.ours),
        row.revision,
    )


def _point(parts: list[Any]) -> Point:
    (key, kind, question, words, why, due, raised_at, raised_by, reply, reply_at, reply_by, outcome, outcome_words,
     settled_at, settled_by, settled_name, revision) = parts  # fmt: skip
    return Point(
        PointId(UUID(key)), kind, question, words, why, None if due is None else date.fromisoformat(due),
        datetime.fromisoformat(raised_at).astimezone(UTC), raised_by, reply, _moment(reply_at), reply_by, outcome,
        outcome_words, _moment(settled_at), settled_by, settled_name, revision,
    )  # fmt: skip


def _moment(words: str | None) -> datetime | None:
    return None if words is None else datetime.fromisoformat(words).astimezone(UTC)


def _rows() -> Select[Any]:
    upheld = and_(_r.c.state == "upheld", _p.c.outcome == "upheld")  # what is to be corrected
    open_point = and_(_p.c.receipt_id == _r.c.id, or_(_p.c.outcome.is_(None), upheld))
    answered = (
        select(_p.c.outcome == "answered")
        .where(_p.c.receipt_id == _r.c.id)
        .order_by(_p.c.raised_at.desc())
        .limit(1)
        .correlate(_r)
        .scalar_subquery()
    )
    return select(
        _r.c.id, _r.c.assessment_id, _r.c.team_id, _r.c.how, _r.c.state, _r.c.state_since, _r.c.sent_at,
        _r.c.follows, _r.c.revision, _a.c.person_id, _a.c.signed_at, person.c.title, person.c.surname, person.c.given,
        form.c.title.label("form_title"),
        func.coalesce(_signer.c.display_name, _a.c.signed_by).label("signed_by_name"),
        func.coalesce(_from.c.name, "").label("from_name"),
        team.c.name.label("team_name"),
        and_(_r.c.state == "waiting", func.coalesce(answered, False)).label("answered"),
        _p.c.id.label("point"), _p.c.kind.label("point_kind"), func.left(_p.c.words, _SHOWN).label("point_words"),
        _p.c.due_on.label("point_due"), _p.c.revision.label("point_revision"), (_p.c.reply != "").label("replied"),
        func.coalesce(_raiser.c.display_name, _p.c.raised_by, "").label("point_by_name"),
        and_(_MINE, _a.c.signed_by != _ME).label("mine"),
        _OURS.label("ours"),
    ).select_from(
        _r.join(_a, _a.c.id == _r.c.assessment_id)
        .join(person, person.c.id == _a.c.person_id)
        .join(form, and_(form.c.id == _a.c.form_id, form.c.version == _a.c.form_version))
        .join(team, team.c.id == _r.c.team_id)
        .outerjoin(_from, _from.c.id == _r.c.from_team)
        .outerjoin(_signer, _signer.c.user_name == _a.c.signed_by)
        .outerjoin(_p, open_point)
        .outerjoin(_raiser, _raiser.c.user_name == _p.c.raised_by)
    )  # fmt: skip


def _row(row: Row[Any]) -> ReceiptRow:
    return ReceiptRow(
        row.id, row.assessment_id, row.person_id, row.title or "", row.surname or "", row.given or "", row.form_title,
        row.signed_by_name, row.signed_at.astimezone(UTC), row.from_name, row.team_id, row.team_name, row.how,
        row.state, row.state_since.astimezone(UTC), row.sent_at.astimezone(UTC), row.answered,
        row.follows is not None, row.point, row.point_kind, row.point_words or "", row.point_due, row.point_by_name,
        bool(row.replied), row.point_revision or 0, row.mine, bool(row.ours), row.revision,
    )  # fmt: skip
