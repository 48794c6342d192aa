"""Deadlines, pauses and requests for information; what surrounds a referral, in one row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, ScalarSelect, and_, func, insert, literal, select, text, update
from sqlalchemy.dialects.postgresql import distinct_on

from coordination.intake.clocks import Clocks, Deadline, InformationRequest, Pause, PauseId, RequestId, in_order
from coordination.intake.model import Referral, ReferralEvent
from coordination.values import ReferralId, UserName
from db.stores.intake_rows import REFERRAL_COLUMNS, REFERRAL_FROM, referral_of
from db.tables.governance import user_account
from db.tables.intake import referral, referral_event
from db.tables.intake_clocks import clock_pause, information_request, referral_clock
from db.tables.reference import service

_TAKEN_BACK = {"pause": "withdrawn", "resume": ""}
_ASKED_AGAIN = {"ask": "withdrawn", "answer": "open", "stop_asking": "open"}


class PgClockStore:
    """The part of the intake store that is about clocks."""

    _connection: Connection

    # ---------------------------------------------------------------- locks

    def lock(self, referral_id: ReferralId) -> Referral | None:
        found = self.lock_many([referral_id])
        return found[0] if found else None

    def lock_many(self, ids: Sequence[ReferralId]) -> list[Referral]:
        # Locked first and read afterwards: a lock that was waited for shows what the other desk has left.
        locks = select(referral.c.id).where(referral.c.id.in_(list(ids))).order_by(referral.c.id).with_for_update()
        self._connection.execute(locks).all()
        query = select(*REFERRAL_COLUMNS).select_from(REFERRAL_FROM).where(referral.c.id.in_(list(ids)))
        return [referral_of(r) for r in self._connection.execute(query)]

    def taking_back(self) -> None:
        self._connection.execute(select(func.set_config("centre.undo", "on", True)))

    def take_back(self, move: str, thing: UUID) -> None:
        if move in _TAKEN_BACK:
            self.end_pause(PauseId(thing), _TAKEN_BACK[move])
        else:
            self._connection.execute(
                update(information_request).where(information_request.c.id == thing).values(state=_ASKED_AGAIN[move])
            )

    # ---------------------------------------------------------------- pauses and requests

    def has_pause(self, pause_id: PauseId) -> bool:
        return bool(self._connection.execute(select(clock_pause.c.id).where(clock_pause.c.id == pause_id)).first())

    def insert_pause(
        self, pause_id: PauseId, referral_id: ReferralId, reason: str, words: str, until: datetime
    ) -> None:
        row = {"id": pause_id, "referral_id": referral_id, "reason": reason, "words": words, "planned_until": until}
        self._connection.execute(insert(clock_pause).values(row))

    def end_pause(self, pause_id: PauseId, ended: str) -> None:
        self._connection.execute(update(clock_pause).where(clock_pause.c.id == pause_id).values(ended=ended))

    def has_request(self, request_id: RequestId) -> bool:
        query = select(information_request.c.id).where(information_request.c.id == request_id)
        return bool(self._connection.execute(query).first())

    def insert_request(
        self, request_id: RequestId, referral_id: ReferralId, ask_of: str, named: str, question: str, reply_by: datetime
    ) -> None:
        row = {
            "id": request_id, "referral_id": referral_id, "ask_of": ask_of, "named": named, "question": question,
            "reply_by": reply_by,
        }  # fmt: skip
        self._connection.execute(insert(information_request).values(row))

    def change_request(self, request_id: RequestId, state: str, answer: str) -> None:
        changes = {"state": state, "answer": answer}
        query = update(information_request).where(information_request.c.id == request_id).values(changes)
        self._connection.execute(query)

    # ---------------------------------------------------------------- reading

    def clocks(self, referral_id: ReferralId) -> Clocks:
        r = self._connection.execute(select(*_clock_columns(literal(referral_id)))).one()
        return clocks_of(r)

    def last_event(self, referral_id: ReferralId) -> ReferralEvent | None:
        r = self._connection.execute(select(_events(literal(referral_id), last=True).label("events"))).scalar_one()
        return events_of(r)[-1] if r else None

    def events(self, referral_id: ReferralId) -> tuple[ReferralEvent, ...]:
        return events_of(self._connection.execute(select(_events(literal(referral_id)).label("events"))).scalar_one())


def _clock_columns(referral_id: ColumnElement[Any]) -> list[Any]:
    return [
        _deadlines(referral_id).label("deadlines"),
        _pause(referral_id).label("pause"),
        _request(referral_id).label("request"),
    ]


def surroundings(referral_id: ReferralId) -> list[Any]:
    """Columns ``deadlines``, ``pause``, ``request`` and ``events`` of one referral, for a query of one row."""
    key = literal(referral_id)
    return [*_clock_columns(key), _events(key).label("events")]


def _deadlines(referral_id: ColumnElement[Any]) -> ScalarSelect[Any]:
    """The newest of each kind, one that runs before one that does not."""
    t, p = referral_clock.alias("clock"), clock_pause.alias("still")
    runs = and_(t.c.met_at.is_(None), t.c.stopped_at.is_(None))
    newest = (
        select(t)
        .where(t.c.referral_id == referral_id)
        .ext(distinct_on(t.c.kind))
        .order_by(t.c.kind, runs.desc(), t.c.started_at.desc(), t.c.id.desc())
    ).subquery("newest")
    going = and_(
        p.c.referral_id == newest.c.referral_id, newest.c.pausable, newest.c.met_at.is_(None),
        newest.c.stopped_at.is_(None), p.c.from_at <= func.now(), p.c.until_at > func.now(),
    )  # fmt: skip
    row = func.jsonb_build_object(
        "kind", newest.c.kind, "started_at", newest.c.started_at, "due_at", newest.c.due_at,
        "pausable", newest.c.pausable, "governs", newest.c.governs, "met_at", newest.c.met_at,
        "stopped_at", newest.c.stopped_at, "stop_reason", newest.c.stop_reason, "paused_from", p.c.from_at,
        "paused_until", p.c.until_at, "paused_reason", p.c.reason,
    )  # fmt: skip
    return select(func.jsonb_agg(row)).select_from(newest.outerjoin(p, going)).scalar_subquery()


def _pause(referral_id: ColumnElement[Any]) -> ScalarSelect[Any]:
    p, by = clock_pause, user_account.alias("paused_by")
    row = func.jsonb_build_object(
        "id", p.c.id, "reason", p.c.reason, "words", p.c.words, "from_at", p.c.from_at,
        "planned_until", p.c.planned_until, "until_at", p.c.until_at, "by", p.c.by_user,
        "by_name", func.coalesce(by.c.display_name, p.c.by_user),
    )  # fmt: skip
    return (
        select(row)
        .select_from(p.outerjoin(by, by.c.user_name == p.c.by_user))
        .where(p.c.referral_id == referral_id, p.c.ended == "", p.c.until_at > func.now())
        .limit(1)
        .scalar_subquery()
    )


def _request(referral_id: ColumnElement[Any]) -> ScalarSelect[Any]:
    q, by = information_request, user_account.alias("requested_by")
    row = func.jsonb_build_object(
        "id", q.c.id, "ask_of", q.c.ask_of, "named", q.c.named, "question", q.c.question, "reply_by", q.c.reply_by,
        "asked_at", q.c.asked_at, "by", q.c.asked_by, "by_name", func.coalesce(by.c.display_name, q.c.asked_by),
    )  # fmt: skip
    return (
        select(row)
        .select_from(q.outerjoin(by, by.c.user_name == q.c.asked_by))
        .where(q.c.referral_id == referral_id, q.c.state == "open")
        .limit(1)
        .scalar_subquery()
    )


def _events(referral_id: ColumnElement[Any], *, last: bool = False) -> ScalarSelect[Any]:
    """With the names that the words need, of people and of services."""
    t = referral_event
    newest = select(t).where(t.c.referral_id == referral_id).order_by(t.c.at.desc(), t.c.id.desc())
    e = (newest.limit(1) if last else newest).subquery("e")
    by, holder = user_account.alias("by"), user_account.alias("event_holder")
    to, from_ = service.alias("to_service"), service.alias("from_service")
    named = func.jsonb_strip_nulls(
        func.jsonb_build_object("service_name", to.c.name, "from_service_name", from_.c.name)
    )
    row = func.jsonb_build_object(
        "at", e.c.at, "by", e.c.by_user, "by_name", func.coalesce(by.c.display_name, e.c.by_user),
        "from_state", e.c.from_state, "to_state", e.c.to_state, "holder", e.c.holder,
        "holder_name", func.coalesce(holder.c.display_name, e.c.holder), "reason", e.c.reason, "kind", e.c.kind,
        "details", e.c.details.op("||")(named),
    )  # fmt: skip
    joined = (
        e.outerjoin(by, by.c.user_name == e.c.by_user)
        .outerjoin(holder, holder.c.user_name == e.c.holder)
        .outerjoin(to, to.c.code == e.c.details["service"].astext)
        .outerjoin(from_, from_.c.code == e.c.details["from_service"].astext)
    )
    ordered = func.jsonb_agg(text("x.entry order by x.at, x.id"))
    inner = select(row.label("entry"), e.c.at, e.c.id).select_from(joined).subquery("x")
    return select(ordered).select_from(inner).scalar_subquery()


# ---------------------------------------------------------------- rows to records


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value).astimezone(UTC) if value else None


def _sure(value: str) -> datetime:
    return datetime.fromisoformat(value).astimezone(UTC)


def deadlines_of(found: Sequence[dict[str, Any]] | None) -> tuple[Deadline, ...]:
    made = [
        Deadline(
            d["kind"], _sure(d["started_at"]), _sure(d["due_at"]), d["pausable"], d["governs"],
            _moment(d.get("met_at")), _moment(d.get("stopped_at")), d.get("stop_reason", ""),
            _moment(d.get("paused_from")), _moment(d.get("paused_until")), d.get("paused_reason"),
        )
        for d in found or ()
    ]  # fmt: skip
    return in_order(made)


def clocks_of(r: Any) -> Clocks:
    """From a row with the columns of ``surroundings``."""
    pause, request = r.pause, r.request
    return Clocks(
        deadlines_of(r.deadlines),
        Pause(
            PauseId(UUID(pause["id"])), pause["reason"], pause["words"], _sure(pause["from_at"]),
            _sure(pause["planned_until"]), _sure(pause["until_at"]), UserName(pause["by"]), pause["by_name"],
        ) if pause else None,
        InformationRequest(
            RequestId(UUID(request["id"])), request["ask_of"], request["named"], request["question"],
            _sure(request["reply_by"]), _sure(request["asked_at"]), UserName(request["by"]), request["by_name"],
        ) if request else None,
    )  # fmt: skip


def events_of(found: Sequence[dict[str, Any]] | None) -> tuple[ReferralEvent, ...]:
    return tuple(
        ReferralEvent(
            _sure(e["at"]), UserName(e["by"]), e["by_name"], e["from_state"], e["to_state"],
            UserName(e["holder"]) if e["holder"] else None, e["holder_name"], e["reason"], e["kind"], e["details"],
        )
        for e in found or ()
    )  # fmt: skip
