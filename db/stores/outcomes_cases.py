"""Rows of cases of nobody found, to records and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, update

from coordination.clock import local_date
from coordination.deployment.discretion import discreet
from coordination.deployment.model import PersonBrief
from coordination.deployment.outcomes.model import (
    Case,
    CaseDetail,
    CaseEvent,
    CaseId,
    CaseStep,
    HospitalWord,
    Known,
    Phone,
    SeenVisit,
)
from coordination.values import PersonId, TeamId, UserName, VisitId
from db.stores.deployment_rows import window_of
from db.tables.apartments import apartment, scheme, stay
from db.tables.careplan import care_plan
from db.tables.deployment import allocation, visit, worker
from db.tables.governance import user_account
from db.tables.hospital import hospital_notice
from db.tables.intake import referral
from db.tables.outcomes import no_access_case, no_access_event, no_access_step
from db.tables.people import person, person_alert, person_around, person_sharing
from db.tables.reference import team

_c, _s, _e = no_access_case, no_access_step, no_access_event
_MOST_SEEN, _TOLD_WITHIN = 5, timedelta(days=60)
_owner, _opener, _ender = (user_account.alias(name) for name in ("case_owner", "case_opener", "case_ender"))


class PgCases:
    """Cases: a list is two queries, whatever its size."""

    _connection: Connection

    # ------------------------------------------------------------------ reading

    def cases(self, team_id: TeamId | None, locality: str = "", *, ended_since: datetime | None = None) -> list[Case]:
        which = _c.c.ended_at.is_(None) if ended_since is None else _c.c.ended_at >= ended_since
        if team_id is not None:
            which &= visit.c.team_id == team_id
        if locality:
            which &= team.c.locality.is_(None) | (team.c.locality == locality)
        return self._cases(which)

    def case(self, case: CaseId) -> Case | None:
        return next(iter(self._cases(_c.c.id == case)), None)

    def case_of_visit(self, visit_id: VisitId) -> Case | None:
        found = self._cases(_c.c.visit_id == visit_id)
        return max(found, key=lambda c: (c.is_open, c.since), default=None)

    def case_of_person(self, who: PersonId) -> CaseId | None:
        query = select(_c.c.id).join(visit, visit.c.id == _c.c.visit_id)
        query = query.where(visit.c.person_id == who, _c.c.ended_at.is_(None)).order_by(_c.c.since.desc()).limit(1)
        found = self._connection.execute(query).scalar()
        return CaseId(found) if found is not None else None

    def _cases(self, which: ColumnElement[bool]) -> list[Case]:
        sent = (
            select(func.array_agg(worker.c.name))
            .select_from(allocation.join(worker, worker.c.id == allocation.c.worker_id))
            .where(allocation.c.visit_id == visit.c.id)
            .scalar_subquery()
        )
        begins = (
            select(func.range_merge(func.range_agg(allocation.c.period)))
            .where(allocation.c.visit_id == visit.c.id)
            .scalar_subquery()
        )
        query = (
            select(
                _c,
                visit.c.team_id, visit.c.day, visit.c.need, visit.c.arrive, visit.c.person_id,
                person.c.surname, person.c.given, person.c.title, person.c.known_as, person.c.address,
                person.c.postcode, person.c.access_notes, person.c.language, person.c.interpreter,
                team.c.name.label("team_name"), sent.label("sent"), begins.label("period"),
                _owner.c.display_name.label("owner_name"),
                func.coalesce(_opener.c.display_name, _c.c.opened_by).label("opened_by_name"),
                func.coalesce(_ender.c.display_name, _c.c.ended_by, "").label("ended_by_name"),
            )
            .join(visit, visit.c.id == _c.c.visit_id)
            .join(person, person.c.id == visit.c.person_id)
            .join(team, team.c.id == visit.c.team_id)
            .outerjoin(_owner, _owner.c.user_name == _c.c.owner)
            .outerjoin(_opener, _opener.c.user_name == _c.c.opened_by)
            .outerjoin(_ender, _ender.c.user_name == _c.c.ended_by)
            .where(which)
            .order_by(_c.c.since, _c.c.id)
        )  # fmt: skip
        rows = self._connection.execute(query).all()
        steps = self._steps([r.id for r in rows])
        return [_case(r, tuple(steps.get(r.id, ()))) for r in rows]

    def _steps(self, cases: Sequence[UUID]) -> dict[UUID, list[CaseStep]]:
        if not cases:
            return {}
        query = (
            select(
                _s,
                func.coalesce(_owner.c.display_name, _s.c.owner, "").label("owner_name"),
                func.coalesce(_ender.c.display_name, _s.c.done_by, "").label("done_by_name"),
            )
            .outerjoin(_owner, _owner.c.user_name == _s.c.owner)
            .outerjoin(_ender, _ender.c.user_name == _s.c.done_by)
            .where(_s.c.case_id.in_(cases))
            .order_by(_s.c.due, _s.c.position)
        )
        found: dict[UUID, list[CaseStep]] = defaultdict(list)
        for r in self._connection.execute(query):
            found[r.case_id].append(_step(r))
        return found

    def detail(self, case: Case, now: datetime) -> CaseDetail:
        return CaseDetail(case, self._events(case.id), self._known(case.person.id, now), now)

    def _events(self, case: CaseId) -> tuple[CaseEvent, ...]:
        name = func.coalesce(user_account.c.display_name, _e.c.by_user).label("name")
        query = select(_e, name).outerjoin(user_account, user_account.c.user_name == _e.c.by_user)
        rows = self._connection.execute(query.where(_e.c.case_id == case).order_by(_e.c.at, _e.c.id))
        return tuple(CaseEvent(r.at, r.name, r.what, r.step, r.words) for r in rows)

    def _known(self, who: PersonId, now: datetime) -> Known:
        """What each part may tell is for row security to say: a hidden row is as one that is not there."""
        today = local_date(now)
        own = self._connection.execute(
            select(
                person.c.phone, person.c.other_phone, person.c.access_notes, person.c.sharing_level,
                self._any_key_safe(who, today), self._any_sharing(who), self._stay(who, today), self._lead(who),
            ).where(person.c.id == who)
        ).one()  # fmt: skip
        around = select(person_around).where(
            person_around.c.person_id == who, person_around.c.phone != "",
            person_around.c.until.is_(None) | (person_around.c.until > today),
        )  # fmt: skip
        around = around.order_by(person_around.c.is_carer.desc(), person_around.c.name)
        phones = [Phone(number) for number in (own.phone, own.other_phone) if number]
        phones += [Phone(r.phone, r.name, r.relation, r.is_carer) for r in self._connection.execute(around)]
        return Known(
            tuple(phones),
            own.key_safe,
            discreet(own.access_notes),
            self._seen(who, today),
            self._told(who, now),
            own.stay or "",
            own.lead or "",
            own.sharing_level == "summary" and not own.shared,
        )

    @staticmethod
    def _any_key_safe(who: PersonId, today: date) -> Any:
        a = person_alert.c
        here = select(a.id).where(a.person_id == who, a.kind == "key_safe", a.since <= today)
        return here.where(a.until.is_(None) | (a.until >= today)).exists().label("key_safe")

    @staticmethod
    def _any_sharing(who: PersonId) -> Any:
        mine = person_sharing.c.team_id == func.my_team()
        named = select(person_sharing.c.team_id).where(person_sharing.c.person_id == who, mine).exists()
        return or_(named, func.emergency_into(who)).label("shared")

    @staticmethod
    def _stay(who: PersonId, today: date) -> Any:
        words = scheme.c.name + ", " + apartment.c.name
        return (
            select(words)
            .select_from(stay.join(apartment, apartment.c.id == stay.c.apartment_id).join(
                scheme, scheme.c.id == apartment.c.scheme_id))
            .where(stay.c.person_id == who, stay.c.state.in_(("booked", "in_stay")), stay.c.period.contains(today))
            .limit(1)
            .scalar_subquery()
            .label("stay")
        )  # fmt: skip

    @staticmethod
    def _lead(who: PersonId) -> Any:
        name = func.coalesce(user_account.c.display_name, care_plan.c.lead_worker)
        return (
            select(name)
            .select_from(care_plan.outerjoin(user_account, user_account.c.user_name == care_plan.c.lead_worker))
            .where(care_plan.c.person_id == who, care_plan.c.state == "active")
            .limit(1)
            .scalar_subquery()
            .label("lead")
        )

    def _seen(self, who: PersonId, today: date) -> tuple[SeenVisit, ...]:
        begins = func.min(func.lower(allocation.c.period))
        query = (
            select(visit.c.day, visit.c.state, begins.label("at"), func.array_agg(worker.c.name).label("sent"))
            .join(allocation, allocation.c.visit_id == visit.c.id)
            .join(worker, worker.c.id == allocation.c.worker_id)
            .where(visit.c.person_id == who, visit.c.day.between(today - timedelta(days=60), today))
            .where(visit.c.state.in_(("done", "no_access", "declined", "missed")))
            .group_by(visit.c.id)
            .order_by(begins.desc())
            .limit(_MOST_SEEN)
        )
        return tuple(SeenVisit(r.day, r.at, r.state, tuple(r.sent)) for r in self._connection.execute(query))

    def _told(self, who: PersonId, now: datetime) -> tuple[HospitalWord, ...]:
        n = hospital_notice.c
        told = func.coalesce(n.issued_at, n.received_at)
        query = (
            select(n.site, n.ward, told.label("told"), n.discharge_at, n.expected_on)
            .join(referral, referral.c.id == n.referral_id)
            .where(and_(referral.c.person_id == who, n.kind != "withdrawal", n.withdrawn_by.is_(None)))
            .where(told >= now - _TOLD_WITHIN)
            .order_by(told.desc())
            .limit(3)
        )
        return tuple(
            HospitalWord(
                r.site, r.ward, r.told, local_date(r.discharge_at) if r.discharge_at is not None else r.expected_on
            )
            for r in self._connection.execute(query)
        )

    # ------------------------------------------------------------------ changing

    def own_case(self, case: CaseId, owner: UserName | None, *, seen: int) -> bool:
        return self._change_case(case, seen, owner=owner)

    def end_case(self, case: CaseId, ending: str | None, words: str, *, seen: int) -> bool:
        return self._change_case(case, seen, ending=ending, ending_words=words)

    def _change_case(self, case: CaseId, seen: int, **values: object) -> bool:
        statement = update(_c).where(_c.c.id == case, _c.c.revision == seen)
        return self._connection.execute(statement.values(**values, revision=seen + 1)).rowcount == 1

    def own_step(self, case: CaseId, code: str, owner: UserName | None, *, seen: int) -> bool:
        return self._change_step(case, code, seen, owner=owner)

    def do_step(self, case: CaseId, code: str, done_at: datetime | None, words: str, *, seen: int) -> bool:
        return self._change_step(case, code, seen, done_at=done_at, words=words)

    def _change_step(self, case: CaseId, code: str, seen: int, **values: object) -> bool:
        statement = update(_s).where(_s.c.case_id == case, _s.c.code == code, _s.c.revision == seen)
        return self._connection.execute(statement.values(**values, revision=seen + 1)).rowcount == 1


def _case(r: Row[Any], steps: tuple[CaseStep, ...]) -> Case:
    who = PersonBrief(
        PersonId(r.person_id), r.surname, r.given, r.title, r.known_as, address=r.address, postcode=r.postcode or "",
        language=r.language, interpreter=r.interpreter, access_notes=discreet(r.access_notes),
    )  # fmt: skip
    return Case(
        id=CaseId(r.id),
        visit_id=VisitId(r.visit_id),
        person=who,
        team_id=TeamId(r.team_id),
        team_name=r.team_name,
        day=r.day,
        planned=window_of(r.period or r.arrive),
        need=r.need,
        workers=tuple(r.sent or ()),
        since=r.since,
        urgent=r.urgent,
        owner=UserName(r.owner) if r.owner else None,
        owner_name=r.owner_name or "",
        opened_by=r.opened_by_name,
        steps=steps,
        ending=r.ending,
        ending_words=r.ending_words,
        ended_at=r.ended_at,
        ended_by=r.ended_by_name,
        revision=r.revision,
    )


def _step(r: Row[Any]) -> CaseStep:
    return CaseStep(
        r.code, r.name, r.hint, r.who, r.due, UserName(r.owner) if r.owner else None, r.owner_name, r.owner_since,
        r.done_at, r.done_by_name, r.words, r.revision,
    )  # fmt: skip
