"""Rows of outcomes and of sheets to be entered, to records and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, func, literal, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from coordination.deployment.model import PersonBrief, Visit
from coordination.deployment.outcomes.model import (
    Choices,
    DeclinedOften,
    Ending,
    Entry,
    Former,
    Happened,
    OtherVisit,
    PaperSheet,
    Pending,
    ProtocolStep,
    Reason,
    SheetRow,
)
from coordination.deployment.outcomes.reference import numbers
from coordination.errors import AlreadyExists, BrokenRule
from coordination.values import PersonId, TeamId, UserName, VisitId, Window, WorkerId
from db.errors import domain_errors
from db.stores.deployment_rows import read_visits, window_of
from db.stores.outcomes_cases import PgCases
from db.tables.careplan import care_plan
from db.tables.deployment import allocation, visit, worker
from db.tables.governance import user_account
from db.tables.outcomes import (
    no_access_ending,
    no_access_protocol,
    outcome_reason,
    visit_outcome,
    visit_outcome_former,
)
from db.tables.people import person
from db.tables.reference import team

_o = visit_outcome
_KEPT = ("outcome", "reason", "words", "began", "ended", "from_paper", "moved_to")


class PgOutcomeStore(PgCases):
    """Outcomes, sheets to be entered, and cases of nobody found."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # ------------------------------------------------------------------ what can be chosen

    def choices(self) -> Choices:
        """One query for both lists."""
        r, e = outcome_reason.c, no_access_ending.c
        reasons = select(r.position, r.code, r.outcome, r.name, r.asks_words, literal(False).label("needs_all_steps"))
        endings = select(e.position, e.code, literal(""), e.name, e.asks_words, e.needs_all_steps)
        rows = self._connection.execute(reasons.union_all(endings).order_by("outcome", "position", "code")).all()
        return Choices(
            tuple(Reason(x.code, x.outcome, x.name, x.asks_words) for x in rows if x.outcome),
            tuple(Ending(x.code, x.name, x.needs_all_steps, x.asks_words) for x in rows if not x.outcome),
        )

    def protocol(self) -> tuple[ProtocolStep, ...]:
        p = no_access_protocol.c
        rows = self._connection.execute(select(no_access_protocol).order_by(p.position, p.code))
        return tuple(
            ProtocolStep(x.code, x.name, x.hint, x.who, x.minutes, x.minutes_urgent, x.only_urgent) for x in rows
        )

    # ------------------------------------------------------------------ one visit

    def lock(self, ids: Sequence[VisitId]) -> None:
        query = select(visit.c.id).where(visit.c.id.in_(ids)).order_by(visit.c.id)
        self._connection.execute(query.with_for_update(key_share=True))

    @contextmanager
    def alone(self) -> Iterator[None]:
        savepoint = self._connection.begin_nested()
        try:
            with domain_errors():
                yield
        except (BrokenRule, AlreadyExists):
            savepoint.rollback()
            raise
        savepoint.commit()

    def visits(self, ids: Sequence[VisitId]) -> dict[VisitId, Visit]:
        return {v.id: v for v in read_visits(self._connection, visit.c.id.in_(ids))} if ids else {}

    def put(self, entry: Entry, *, from_paper: bool) -> None:
        values = {
            "outcome": entry.outcome,
            "reason": entry.reason,
            "words": entry.words.strip(),
            "began": entry.began,
            "ended": entry.ended,
            "from_paper": from_paper,
            "moved_to": None,
        }
        self._put(entry.visit, values)

    def put_former(self, visit_id: VisitId, outcome: str) -> None:
        f = visit_outcome_former.c
        newest = (
            select(visit_outcome_former)
            .where(f.visit_id == visit_id, f.outcome == outcome)
            .order_by(f.replaced_at.desc(), f.id.desc())
            .limit(1)
        )
        row = self._connection.execute(newest).one_or_none()
        if row is not None:
            self._put(visit_id, {name: row._mapping[name] for name in _KEPT})

    def _put(self, visit_id: VisitId, values: dict[str, Any]) -> None:
        statement = upsert(_o).values(visit_id=visit_id, **values)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["visit_id"], set_={**values, "revision": _o.c.revision + 1})
        )

    def link(self, visit_id: VisitId, moved_to: VisitId, reason: str | None = None) -> None:
        statement = update(_o).where(_o.c.visit_id == visit_id)
        self._connection.execute(statement.values(moved_to=moved_to, reason=reason, revision=_o.c.revision + 1))

    def happened(self, visit_id: VisitId) -> Happened | None:
        return self._happened([visit_id]).get(visit_id)

    def moved(self, visit_id: VisitId) -> tuple[OtherVisit | None, OtherVisit | None]:
        here = (visit.c.id, visit.c.team_id, visit.c.day, visit.c.arrive, visit.c.state)
        query = (
            select(*here, (_o.c.moved_to == visit_id).label("before"))
            .join(_o, or_(
                and_(_o.c.moved_to == visit_id, _o.c.visit_id == visit.c.id),
                and_(_o.c.visit_id == visit_id, _o.c.moved_to == visit.c.id),
            ))
        )  # fmt: skip
        found: dict[bool, OtherVisit] = {
            r.before: OtherVisit(VisitId(r.id), TeamId(r.team_id), r.day, window_of(r.arrive), r.state)
            for r in self._connection.execute(query)
        }
        return found.get(True), found.get(False)

    def former(self, visit_id: VisitId) -> list[Former]:
        f, by, instead = visit_outcome_former.c, user_account.alias("by"), user_account.alias("instead")
        query = (
            select(
                visit_outcome_former,
                func.coalesce(by.c.display_name, f.entered_by).label("by_name"),
                func.coalesce(instead.c.display_name, f.replaced_by).label("instead_name"),
            )
            .outerjoin(by, by.c.user_name == f.entered_by)
            .outerjoin(instead, instead.c.user_name == f.replaced_by)
            .where(f.visit_id == visit_id)
            .order_by(f.replaced_at.desc())
        )
        return [
            Former(r.outcome, r.reason, r.words, r.by_name, r.entered_at, r.instead_name, r.replaced_at)
            for r in self._connection.execute(query)
        ]

    def _happened(self, ids: Sequence[VisitId]) -> dict[VisitId, Happened]:
        query = (
            select(_o, func.coalesce(user_account.c.display_name, _o.c.entered_by).label("by_name"))
            .outerjoin(user_account, user_account.c.user_name == _o.c.entered_by)
            .where(_o.c.visit_id.in_(ids))
        )
        return {VisitId(r.visit_id): _happened(r) for r in self._connection.execute(query)}

    # ------------------------------------------------------------------ sheets

    def sheet(self, team_id: TeamId, day: date, worker_id: WorkerId | None) -> PaperSheet | None:
        name, now = "", self._connection.execute(select(func.now())).scalar_one()
        if worker_id is None:
            sent = allocation.alias("sent")  # a name of its own: the readers join allocations too
            nobody = ~select(sent.c.id).where(sent.c.visit_id == visit.c.id).correlate(visit).exists()
            which = and_(visit.c.team_id == team_id, visit.c.day == day, visit.c.state == "planned", nobody)
        else:
            found = self._connection.execute(select(worker.c.name).where(worker.c.id == worker_id)).scalar()
            if found is None:
                return None
            name = found
            sent = allocation.alias("sent")
            mine = select(sent.c.visit_id).where(sent.c.worker_id == worker_id)
            which = and_(visit.c.day == day, visit.c.id.in_(mine))
        visits = read_visits(self._connection, which)
        happened = self._happened([v.id for v in visits])
        rows = [SheetRow(v, _planned(v, worker_id), happened.get(v.id)) for v in visits]
        rows.sort(key=lambda r: (r.planned or r.visit.arrive).start)
        return PaperSheet(team_id, day, worker_id, name, tuple(rows), now)

    def pending(self, team_id: TeamId, since: date, now: datetime) -> tuple[tuple[Pending, ...], int]:
        """One query: the visits of the team until today, with whoever was sent."""
        ends = func.coalesce(
            func.upper(allocation.c.period), func.upper(visit.c.arrive) + visit.c.minutes * text("interval '1 minute'")
        )
        late = now - timedelta(minutes=numbers().missing_after)
        open_ = visit.c.state == "planned"
        query = (
            select(
                visit.c.day,
                allocation.c.worker_id,
                worker.c.name,
                func.count().label("visits"),
                func.count().filter(open_ & (ends <= now)).label("open"),
                func.array_agg(visit.c.id).filter(open_ & (ends <= late)).label("missing"),
            )
            .outerjoin(allocation, allocation.c.visit_id == visit.c.id)
            .outerjoin(worker, worker.c.id == allocation.c.worker_id)
            .where(visit.c.team_id == team_id, visit.c.day >= since, func.lower(visit.c.arrive) <= now)
            .where(or_(open_, allocation.c.id.is_not(None)))
            .group_by(visit.c.day, allocation.c.worker_id, worker.c.name)
            .order_by(visit.c.day.desc(), worker.c.name)
        )
        missing: set[Any] = set()
        rows = []
        for r in self._connection.execute(query):
            late_ones = set(r.missing or ())
            missing |= late_ones
            of = WorkerId(r.worker_id) if r.worker_id is not None else None
            rows.append(Pending(r.day, of, r.name or "", r.visits, r.open, len(late_ones)))
        return tuple(rows), len(missing)

    # ------------------------------------------------------------------ who declines

    def declined(self, since: date, until: date) -> list[DeclinedOften]:
        query = (
            select(
                visit.c.person_id, visit.c.day, visit.c.state_reason, person.c.surname, person.c.given, person.c.title,
                team.c.name.label("team_name"), care_plan.c.lead_worker, user_account.c.display_name,
            )
            .join(person, person.c.id == visit.c.person_id)
            .join(team, team.c.id == visit.c.team_id)
            .outerjoin(care_plan, and_(care_plan.c.person_id == visit.c.person_id, care_plan.c.state == "active"))
            .outerjoin(user_account, user_account.c.user_name == care_plan.c.lead_worker)
            .where(visit.c.state == "declined", visit.c.day.between(since, until))
            .order_by(visit.c.day, func.lower(visit.c.arrive))
        )  # fmt: skip
        of: dict[Any, list[Any]] = defaultdict(list)
        for r in self._connection.execute(query):
            of[r.person_id].append(r)
        return [_declined(PersonId(who), rows) for who, rows in of.items()]


def _planned(v: Visit, worker_id: WorkerId | None) -> Window | None:
    held = v.of_worker(worker_id) if worker_id is not None else None
    return held.window if held else None


def _happened(r: Row[Any]) -> Happened:
    return Happened(
        VisitId(r.visit_id), r.outcome, r.reason, r.words, r.began, r.ended, r.from_paper,
        VisitId(r.moved_to) if r.moved_to else None, r.by_name, r.entered_at,
    )  # fmt: skip


def _declined(who: PersonId, rows: Sequence[Any]) -> DeclinedOften:
    last = rows[-1]
    return DeclinedOften(
        who,
        PersonBrief(who, last.surname, last.given, last.title).listed,
        tuple(r.day for r in rows),
        tuple(dict.fromkeys(r.state_reason for r in rows if r.state_reason)),
        UserName(last.lead_worker) if last.lead_worker else None,
        last.display_name or "",
        last.team_name,
    )
