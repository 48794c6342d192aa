"""Rows of safeguarding to records and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from coordination.safeguarding.model import (
    Concern,
    ConcernContact,
    ConcernDetail,
    ConcernDraft,
    ConcernEvent,
    ConcernFilter,
    ConcernId,
    ConcernRow,
    DecisionKind,
    Told,
    ToldDraft,
)
from coordination.values import ContactId, PersonId, ReferralId, UserName
from db.tables.callers import contact_caller
from db.tables.governance import user_account
from db.tables.intake import contact, referral
from db.tables.people import person
from db.tables.safeguarding import (
    safeguarding_concern,
    safeguarding_decision,
    safeguarding_event,
    safeguarding_told,
)

_SHOWN = 240  # characters of what was said, in a row
_MOST_ROWS = 1000
_t = safeguarding_concern
_owner, _raiser, _decider = (user_account.alias(name) for name in ("owner_account", "raiser", "decider"))
_COLUMNS = (
    *_t.c,
    _owner.c.display_name.label("owner_name"),
    _raiser.c.display_name.label("raised_by_name"),
    _decider.c.display_name.label("decided_by_name"),
    safeguarding_decision.c.name.label("decision_name"),
)
_FROM = (
    _t.outerjoin(_owner, _owner.c.user_name == _t.c.owner)
    .outerjoin(_raiser, _raiser.c.user_name == _t.c.raised_by)
    .outerjoin(_decider, _decider.c.user_name == _t.c.decided_by)
    .outerjoin(safeguarding_decision, safeguarding_decision.c.code == _t.c.decision)
)


# Of people who are registered, or around one, the words stand with the caller (R2).
_CONTACT = (
    contact.c.channel,
    contact.c.received_at,
    contact.c.ending,
    contact.c.ending_reason,
    contact.c.details["said_to_be"].astext.label("said_to_be"),
    *(
        func.coalesce(func.nullif(contact.c[name], ""), contact_caller.c[name.removeprefix("caller_")], "").label(name)
        for name in ("caller_name", "caller_relation", "caller_phone")
    ),
)


class PgSafeguardingStore:
    """Concerns and who was told of them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def insert(self, draft: ConcernDraft, owner: UserName) -> bool:
        values = {
            "id": draft.id,
            "referral_id": draft.referral_id,
            "person_id": draft.person_id,
            "seen_or_said": draft.facts.seen_or_said,
            "danger": draft.facts.danger,
            "made_safe": draft.facts.made_safe,
            "consent": draft.facts.consent,
            "owner": owner,
            "locality": draft.locality,
            "contact_id": draft.contact_id,
        }
        return self._connection.execute(insert(_t).values(values).on_conflict_do_nothing()).rowcount == 1

    def get(self, concern_id: ConcernId) -> Concern | None:
        return self._one(_t.c.id == concern_id)

    def of_referral(self, referral_id: ReferralId) -> Concern | None:
        return self._one(_t.c.referral_id == referral_id)

    def of_contact(self, contact_id: ContactId) -> Concern | None:
        return self._one(_t.c.contact_id == contact_id)

    def _one(self, condition: ColumnElement[bool]) -> Concern | None:
        row = self._connection.execute(select(*_COLUMNS).select_from(_FROM).where(condition)).one_or_none()
        return _concern(row) if row else None

    def change(self, concern_id: ConcernId, seen: int, changes: Mapping[str, Any]) -> bool:
        query = (
            update(_t).where(_t.c.id == concern_id, _t.c.revision == seen).values(**changes, revision=seen + 1)
        )  # fmt: skip
        return self._connection.execute(query).rowcount == 1

    def tell(self, concern_id: ConcernId, told: ToldDraft) -> bool:
        values = {
            "id": told.id,
            "concern_id": concern_id,
            "name": told.name,
            "role": told.role,
            "how": told.how,
            "told_at": told.told_at,
        }
        query = insert(safeguarding_told).values(values).on_conflict_do_nothing()
        return self._connection.execute(query).rowcount == 1

    def told(self, concern_id: ConcernId) -> int:
        query = select(func.count()).where(safeguarding_told.c.concern_id == concern_id)
        return self._connection.execute(query).scalar_one()

    def detail(self, concern_id: ConcernId) -> ConcernDetail | None:
        about = (person.c.title, person.c.surname, person.c.given, person.c.birth_date)
        source = _FROM.outerjoin(person, person.c.id == _t.c.person_id).outerjoin(
            referral, referral.c.id == _t.c.referral_id
        )
        source = source.outerjoin(contact, contact.c.id == _t.c.contact_id).outerjoin(
            contact_caller, contact_caller.c.contact_id == contact.c.id
        )
        numbered = referral.c.number.label("referral_number"), func.now().label("as_of")
        query = select(*_COLUMNS, *about, *numbered, *_CONTACT)
        r = self._connection.execute(query.select_from(source).where(_t.c.id == concern_id)).one_or_none()
        if r is None:
            return None
        return ConcernDetail(
            _concern(r),
            r.title or "",
            r.surname or "",
            r.given or "",
            r.birth_date,
            r.referral_number,
            self._told(concern_id),
            self._events(concern_id),
            r.as_of,
            _contact(r),
        )

    def _told(self, concern_id: ConcernId) -> tuple[Told, ...]:
        t, by = safeguarding_told, user_account
        query = (
            select(t, by.c.display_name)
            .outerjoin(by, by.c.user_name == t.c.recorded_by)
            .where(t.c.concern_id == concern_id)
            .order_by(t.c.told_at, t.c.id)
        )
        rows = self._connection.execute(query)
        return tuple(Told(r.id, r.name, r.role, r.how, r.told_at, r.display_name or r.recorded_by) for r in rows)

    def _events(self, concern_id: ConcernId) -> tuple[ConcernEvent, ...]:
        t, by, owner = safeguarding_event, user_account.alias("by"), user_account.alias("holder")
        query = (
            select(
                t,
                by.c.display_name.label("by_name"),
                owner.c.display_name.label("owner_name"),
                safeguarding_decision.c.name.label("decision_name"),
            )
            .outerjoin(by, by.c.user_name == t.c.by_user)
            .outerjoin(owner, owner.c.user_name == t.c.owner)
            .outerjoin(safeguarding_decision, safeguarding_decision.c.code == t.c.decision)
            .where(t.c.concern_id == concern_id)
            .order_by(t.c.at, t.c.id)
        )
        return tuple(
            ConcernEvent(
                r.at,
                r.by_name or r.by_user,
                r.from_stage,
                r.to_stage,
                r.owner_name or r.owner,
                r.decision_name,
                r.reason,
            )
            for r in self._connection.execute(query)
        )

    def rows(self, asked: ConcernFilter, me: UserName) -> list[ConcernRow]:
        told = (
            select(func.count()).where(safeguarding_told.c.concern_id == _t.c.id).scalar_subquery().label("told")
        )  # fmt: skip
        query = (
            select(
                _t.c.id,
                _t.c.number,
                _t.c.person_id,
                person.c.title,
                person.c.surname,
                person.c.given,
                func.left(_t.c.seen_or_said, _SHOWN).label("seen_or_said"),
                _t.c.danger,
                _t.c.stage,
                _t.c.owner,
                _owner.c.display_name.label("owner_name"),
                _owner.c.active.label("owner_active"),
                _t.c.raised_at,
                _t.c.decided_at,
                safeguarding_decision.c.name.label("decision_name"),
                _t.c.locality,
                _t.c.revision,
                told,
            )
            .select_from(_FROM.outerjoin(person, person.c.id == _t.c.person_id))
            .where(*_conditions(asked, me))
            .limit(min(max(asked.limit, 1), _MOST_ROWS))
        )
        if asked.undecided:
            query = query.order_by(case((_t.c.danger == "yes", 0), else_=1), _t.c.raised_at, _t.c.id)
        else:
            query = query.order_by(_t.c.raised_at.desc(), _t.c.id)
        return [_row(r) for r in self._connection.execute(query)]

    def undecided(self, localities: frozenset[str]) -> int:
        query = select(func.count()).where(_t.c.stage != "decided")
        return self._connection.execute(query.where(_within(localities)) if localities else query).scalar_one()

    def decisions(self) -> list[DecisionKind]:
        t = safeguarding_decision
        rows = self._connection.execute(select(t).order_by(t.c.position, t.c.code))
        return [DecisionKind(r.code, r.name, r.asks_reason) for r in rows]


def _conditions(asked: ConcernFilter, me: UserName) -> list[ColumnElement[bool]]:
    """A person's concerns are shown whatever their stage."""
    found: list[ColumnElement[bool]] = []
    if asked.person_id is not None:
        found.append(_t.c.person_id == asked.person_id)
    elif asked.referral_id is not None:
        found.append(_t.c.referral_id == asked.referral_id)
    else:
        found.append(_t.c.stage != "decided" if asked.undecided else _t.c.stage == "decided")
    if asked.mine:
        found.append(_t.c.owner == me)
    if asked.localities:
        found.append(_within(asked.localities))
    return found


def _within(localities: frozenset[str]) -> ColumnElement[bool]:
    """One that is of no locality is shown in all: none may lie where nobody looks."""
    return or_(_t.c.locality.in_(sorted(localities)), _t.c.locality.is_(None))


def _contact(r: Any) -> ConcernContact | None:
    """None without one, and of one that this desk may not see."""
    if r.channel is None:
        return None
    caller = (r.caller_name, r.caller_relation, r.caller_phone)
    return ConcernContact(r.channel, r.received_at, *caller, r.ending, r.ending_reason, r.said_to_be or "")


def _concern(r: Any) -> Concern:
    return Concern(
        ConcernId(r.id),
        r.number,
        ReferralId(r.referral_id) if r.referral_id else None,
        PersonId(r.person_id) if r.person_id else None,
        r.stage,
        r.seen_or_said,
        r.found,
        r.danger,
        r.made_safe,
        r.consent,
        UserName(r.owner),
        r.owner_name or r.owner,
        r.owner_since,
        r.decision,
        r.decision_name,
        r.decision_words,
        r.decided_at,
        r.decided_by_name or r.decided_by,
        r.locality,
        r.raised_at,
        UserName(r.raised_by),
        r.raised_by_name or r.raised_by,
        r.revision,
        ContactId(r.contact_id) if r.contact_id else None,
    )


def _row(r: Any) -> ConcernRow:
    return ConcernRow(
        ConcernId(r.id),
        r.number,
        PersonId(r.person_id) if r.person_id else None,
        r.title or "",
        r.surname or "",
        r.given or "",
        r.seen_or_said,
        r.danger,
        r.stage,
        UserName(r.owner),
        r.owner_name or r.owner,
        bool(r.owner_active),
        r.raised_at,
        r.decided_at,
        r.decision_name,
        r.locality,
        r.told,
        r.revision,
    )
