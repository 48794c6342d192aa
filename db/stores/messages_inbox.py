"""Rows of the inbox to records and back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, case, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from coordination.messages.inbox import (
    Begun,
    Found,
    Held,
    InboxItem,
    SettledHow,
    Source,
    SourceDraft,
    SourceRow,
    SourceState,
)
from coordination.messages.model import Kind
from db.tables.governance import user_account
from db.tables.inbox import inbox_found, inbox_item, inbox_source, inbox_state
from db.tables.intake import contact
from db.tables.messages import message, original

_NOW = func.now()
_MOMENT = func.clock_timestamp()  # a lease is measured in real time, not from the start of a transaction
_OPEN = inbox_item.c.state == "refused"
_reader = user_account.alias("reader")
_settler = user_account.alias("settler")


class PgInboxStore:
    """Sources, how far they are read, and items."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def now(self) -> datetime:
        moment: datetime = self._connection.execute(select(_NOW)).scalar_one()
        return moment.astimezone(UTC)

    # ------------------------------------------------------------------ sources

    def sources(self) -> list[SourceRow]:
        counted = (
            select(
                inbox_item.c.source_id,
                func.count().filter(_OPEN).label("refused"),
                func.count().filter(inbox_item.c.state.in_(("waiting", "reading"))).label("waiting"),
            )
            .where(inbox_item.c.state.in_(("reading", "waiting", "refused")))
            .group_by(inbox_item.c.source_id)
            .subquery()
        )
        held = inbox_state.c.lease_until > _MOMENT
        query = (
            select(
                inbox_source,
                *(c for c in inbox_state.c if c.name not in ("source_id", "holder", "held_by", "lease_until")),
                case((held, inbox_state.c.lease_until)).label("held_until"),
                case((held, func.coalesce(_reader.c.display_name, inbox_state.c.held_by))).label("reader"),
                counted.c.refused,
                counted.c.waiting,
                _MOMENT.label("as_of"),
            )
            .select_from(
                inbox_source.outerjoin(inbox_state, inbox_state.c.source_id == inbox_source.c.id)
                .outerjoin(_reader, _reader.c.user_name == inbox_state.c.held_by)
                .outerjoin(counted, counted.c.source_id == inbox_source.c.id)
            )
            .order_by(func.lower(inbox_source.c.name))
        )
        return [SourceRow(_source(r), _state(r), r.as_of) for r in self._connection.execute(query)]

    def source(self, source_id: UUID) -> Source | None:
        row = self._connection.execute(select(inbox_source).where(inbox_source.c.id == source_id)).one_or_none()
        return _source(row) if row else None

    def insert_source(self, source_id: UUID, draft: SourceDraft) -> None:
        query = insert(inbox_source).values(id=source_id, **_columns(draft))
        self._connection.execute(query.on_conflict_do_nothing(index_elements=["id"]))

    def change_source(self, source_id: UUID, seen: int, draft: SourceDraft | None, active: bool) -> bool:
        query = update(inbox_source).where(inbox_source.c.id == source_id, inbox_source.c.revision == seen)
        values = _columns(draft) if draft is not None else {}
        return self._connection.execute(query.values(**values, active=active, revision=seen + 1)).rowcount == 1

    def ask_to_look(self, source_id: UUID) -> None:
        query = insert(inbox_state).values(source_id=source_id, look_asked_at=_NOW, given_up=False)
        self._connection.execute(
            query.on_conflict_do_update(index_elements=["source_id"], set_={"look_asked_at": _NOW, "given_up": False})
        )

    # ------------------------------------------------------------------ one reader at a time

    def hold(self, source_id: UUID, runner: UUID, lease: timedelta) -> Held | None:
        self._connection.execute(insert(inbox_state).values(source_id=source_id).on_conflict_do_nothing())
        free = or_(inbox_state.c.holder.is_(None), inbox_state.c.holder == runner, inbox_state.c.lease_until <= _MOMENT)
        active = select(inbox_source.c.id).where(inbox_source.c.id == source_id, inbox_source.c.active)
        row = self._connection.execute(
            update(inbox_state)
            .where(inbox_state.c.source_id == source_id, free, active.exists())
            .values(holder=runner, lease_until=_MOMENT + lease)
            .returning(inbox_state)
        ).one_or_none()
        source = self.source(source_id) if row is not None else None
        if row is None or source is None:
            return None
        # What was given up is worth another try when somebody has changed the source since.
        given_up = row.given_up and row.tried_revision == source.revision
        return Held(source, runner, row.uid_validity, row.uid_done, row.failures, given_up)

    def keep(self, source_id: UUID, runner: UUID, lease: timedelta) -> bool:
        active = select(inbox_source.c.id).where(inbox_source.c.id == source_id, inbox_source.c.active)
        return (
            self._connection.execute(
                update(inbox_state)
                .where(inbox_state.c.source_id == source_id, inbox_state.c.holder == runner, active.exists())
                .values(lease_until=_MOMENT + lease)
            ).rowcount
            == 1
        )

    def is_asked(self, source: Source) -> bool:
        asked = or_(inbox_state.c.looked_at.is_(None), inbox_state.c.look_asked_at > inbox_state.c.looked_at)
        query = select(or_(asked, inbox_source.c.revision != source.revision)).select_from(
            inbox_state.join(inbox_source, inbox_source.c.id == inbox_state.c.source_id)
        )
        return bool(self._connection.execute(query.where(inbox_state.c.source_id == source.id)).scalar_one())

    def let_go(self, source_id: UUID, runner: UUID) -> None:
        self._connection.execute(
            update(inbox_state)
            .where(inbox_state.c.source_id == source_id, inbox_state.c.holder == runner)
            .values(holder=None, lease_until=None)
        )

    def looked(self, held: Held, wait: timedelta, problem: str, facts: Mapping[str, Any], *, give_up: bool) -> None:
        well = not problem
        self._connection.execute(
            update(inbox_state)
            .where(inbox_state.c.source_id == held.source.id)
            .values(
                looked_at=_MOMENT,
                next_at=_MOMENT + wait,
                problem=problem,
                facts=dict(facts),
                given_up=give_up,
                tried_revision=held.source.revision,
                failures=0 if well else inbox_state.c.failures + 1,
                **({"good_at": _MOMENT} if well else {}),
            )
        )

    def start_over(self, source_id: UUID, uid_validity: int) -> None:
        self._connection.execute(
            update(inbox_state)
            .where(inbox_state.c.source_id == source_id)
            .values(uid_validity=uid_validity, uid_done=0)
        )

    # ------------------------------------------------------------------ items

    def known(self, source_id: UUID, keys: Collection[str]) -> set[str]:
        query = text("select inbox_known(:source, :keys)")
        return set(self._connection.execute(query, {"source": source_id, "keys": list(keys)}).scalars())

    def unfinished(self, source_id: UUID) -> list[Found]:
        due = or_(inbox_item.c.state == "reading", inbox_item.c.retry_at <= _MOMENT)
        query = (
            select(inbox_found.c.key, inbox_found.c.name)
            .join_from(inbox_item, inbox_found, inbox_found.c.id == inbox_item.c.id)
            .where(inbox_item.c.source_id == source_id, inbox_item.c.state.in_(("reading", "waiting")), due)
            .order_by(inbox_item.c.found_at, inbox_item.c.id)
        )
        return [Found(r.key, r.name) for r in self._connection.execute(query)]

    def begin(self, source_id: UUID, found: Found) -> Begun | None:
        query = text("select id, tries, crashed from inbox_begin(:source, :key, :name)")
        asked = {"source": source_id, "key": found.key, "name": found.name}
        row = self._connection.execute(query, asked).one_or_none()
        if found.uid:
            self._connection.execute(
                update(inbox_state)
                .where(inbox_state.c.source_id == source_id)
                .values(uid_done=func.greatest(inbox_state.c.uid_done, found.uid))
            )
        return Begun(row.id, found.key, row.tries, row.crashed) if row is not None else None

    def done(self, item_id: UUID, message_id: UUID | None) -> None:
        self._count(item_id, message_id)
        self._change(item_id, state="done", message_id=message_id, name="", problem="", facts={}, retry_at=None)

    def refuse(self, item_id: UUID, problem: str, facts: Mapping[str, Any], message_id: UUID | None) -> None:
        self._count(item_id, message_id)
        kept = {"message_id": message_id, "name": ""} if message_id is not None else {}
        self._change(item_id, state="refused", problem=problem, facts=dict(facts), retry_at=None, **kept)

    def wait(self, item_id: UUID, problem: str, facts: Mapping[str, Any], wait: timedelta) -> None:
        self._change(item_id, state="waiting", problem=problem, facts=dict(facts), retry_at=_MOMENT + wait)

    def supersede(self, newer: UUID) -> None:
        self._connection.execute(select(func.inbox_supersede(newer)))

    def item(self, item_id: UUID) -> InboxItem | None:
        row = self._connection.execute(_items().where(inbox_item.c.id == item_id)).one_or_none()
        return _item(row) if row else None

    def items(self, *, settled: bool, limit: int) -> list[InboxItem]:
        if settled:
            query = _items().where(inbox_item.c.state == "settled").order_by(inbox_item.c.settled_at.desc())
        else:
            query = _items().where(inbox_item.c.state.in_(("refused", "waiting"))).order_by(inbox_item.c.found_at)
        return [_item(r) for r in self._connection.execute(query.limit(limit))]

    def settle(self, item_id: UUID, seen: int, how: SettledHow, reason: str) -> bool:
        found = inbox_item.c.state.in_(("refused", "waiting"))
        return self._changed(
            item_id, seen, found, state="settled", settled_how=how, settled_reason=reason, retry_at=None
        )

    def reopen(self, item_id: UUID, seen: int) -> bool:
        return self._changed(
            item_id, seen, inbox_item.c.state == "settled", state="refused", settled_how=None, settled_reason="",
            problem=case((inbox_item.c.problem == "", "inbox_reopened"), else_=inbox_item.c.problem),
        )  # fmt: skip

    def try_again(self, item_id: UUID, seen: int) -> bool:
        found = inbox_item.c.state.in_(("refused", "waiting"))
        return self._changed(item_id, seen, found, state="waiting", tries=0, retry_at=_MOMENT)

    def counts_open(self) -> tuple[int, int]:
        refused = select(func.count()).select_from(inbox_item).where(_OPEN).scalar_subquery()
        undecided = (
            select(func.count())
            .select_from(message.join(contact, contact.c.id == message.c.contact_id))
            .where(contact.c.ending.is_(None))
            .scalar_subquery()
        )
        found = self._connection.execute(select(refused, undecided)).one()
        return found[0], found[1]

    def _count(self, item_id: UUID, message_id: UUID | None) -> None:
        """One more became a message, unless this item was counted before."""
        counted = select(inbox_item.c.source_id).where(inbox_item.c.id == item_id, inbox_item.c.message_id.is_(None))
        if message_id is not None:
            self._connection.execute(
                update(inbox_state)
                .where(inbox_state.c.source_id == counted.scalar_subquery())
                .values(read_count=inbox_state.c.read_count + 1)
            )

    def _change(self, item_id: UUID, **values: Any) -> None:
        self._connection.execute(update(inbox_item).where(inbox_item.c.id == item_id).values(**values))

    def _changed(self, item_id: UUID, seen: int, found: Any, **values: Any) -> bool:
        query = update(inbox_item).where(inbox_item.c.id == item_id, inbox_item.c.revision == seen, found)
        return self._connection.execute(query.values(**values)).rowcount == 1


def _items() -> Select[Any]:
    return select(
        *(c for c in inbox_item.c if c.name not in ("key", "name")),
        inbox_found.c.name,
        inbox_source.c.name.label("source_name"),
        inbox_source.c.kind.label("source_kind"),
        message.c.kind.label("message_kind"),
        original.c.name.label("original_name"),
        func.coalesce(_settler.c.display_name, inbox_item.c.settled_by, "").label("settler"),
    ).select_from(
        inbox_item.join(inbox_source, inbox_source.c.id == inbox_item.c.source_id)
        .outerjoin(inbox_found, inbox_found.c.id == inbox_item.c.id)
        .outerjoin(message, message.c.id == inbox_item.c.message_id)
        .outerjoin(original, original.c.id == message.c.original_id)
        .outerjoin(_settler, _settler.c.user_name == inbox_item.c.settled_by)
    )


def _columns(draft: SourceDraft) -> dict[str, Any]:
    columns = asdict(draft)
    columns["every_seconds"] = round(columns.pop("every").total_seconds())
    return columns


def _source(r: Any) -> Source:
    return Source(
        r.id, r.kind, r.name, r.folder, r.host, r.port, r.user_name, r.security, r.plain_reason, r.since,
        timedelta(seconds=r.every_seconds), r.active, r.revision,
    )  # fmt: skip


def _state(r: Any) -> SourceState:
    return SourceState(
        looked_at=r.looked_at,
        good_at=r.good_at,
        next_at=r.next_at,
        look_asked_at=r.look_asked_at,
        held_by=r.reader or "",
        held_until=r.held_until,
        problem=r.problem or "",
        facts=r.facts or {},
        failures=r.failures or 0,
        given_up=bool(r.given_up) and r.tried_revision == r.revision,
        read=r.read_count or 0,
        refused=r.refused or 0,
        waiting=r.waiting or 0,
    )


def _item(r: Any) -> InboxItem:
    return InboxItem(
        id=r.id,
        source_id=r.source_id,
        source_name=r.source_name,
        source_kind=r.source_kind,
        name=r.name or r.original_name or "",
        state=r.state,
        tries=r.tries,
        found_at=r.found_at,
        tried_at=r.tried_at,
        retry_at=r.retry_at,
        problem=r.problem,
        facts=r.facts,
        message_id=r.message_id,
        message_kind=Kind(r.message_kind) if r.message_kind else None,
        settled_how=r.settled_how,
        settled_reason=r.settled_reason,
        settled_by_name=r.settler,
        settled_at=r.settled_at,
        revision=r.revision,
    )
