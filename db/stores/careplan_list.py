"""The worklist of active plans: a page of it and the counts of its views are one statement."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, text, true, tuple_

from coordination.careplan.version_model import (
    PLAN_VIEWS,
    PlanAsked,
    PlanCounts,
    PlanRow,
    PlanView,
    PlanWorklist,
)
from coordination.values import PersonId, PlanId
from db.stores import careplan_rows as rows
from db.stores.careplan_sheet import many
from db.tables.careplan import (
    care_plan,
    lead_worker_standing,
    plan_acknowledgement,
    plan_agreement,
    plan_on_team,
    plan_version,
)
from db.tables.people import person
from db.tables.reference import neighbourhood, practice, team, ward

_MOST_ROWS = 1000
_TODAY: ColumnElement[Any] = text("(now() at time zone 'Europe/London')::date")  # type: ignore[assignment]
_ME: ColumnElement[Any] = text("session_user")  # type: ignore[assignment]
_MY_TEAM = select(func.my_team()).scalar_subquery()


def worklist(connection: Connection, asked: PlanAsked) -> PlanWorklist:
    """In order of review date; the next page begins after ``more``."""
    limit = min(max(asked.limit, 1), _MOST_ROWS)
    all_ = _plans(asked).cte("plans").prefix_with("materialized", dialect="postgresql")
    tests = _tests(all_.c, asked.days)
    counts = [
        select(func.count()).select_from(all_).where(tests[view]).scalar_subquery().label(f"n_{view}")
        for view in PLAN_VIEWS
    ]
    page = select(all_).where(tests[asked.view]).order_by(all_.c.review_on, all_.c.id).limit(limit + 1)
    if asked.after is not None:
        page = page.where(tuple_(all_.c.review_on, all_.c.id) > tuple_(asked.after.review_on, asked.after.id))
    found: Any = connection.execute(select(func.now().label("as_of"), *counts, many(_with_people(page), "page"))).one()
    lines = tuple(map(_row, found.page))
    more = None
    if len(lines) > limit:
        lines = lines[:limit]
        more = lines[-1].cursor
    said = PlanCounts(**{view: getattr(found, f"n_{view}") for view in PLAN_VIEWS})
    return PlanWorklist(lines, said, found.as_of.astimezone(UTC), more)


def _plans(asked: PlanAsked) -> Select[Any]:
    """Every active plan that the filters let through, with what the views ask of it. Nothing personal yet, nor what
    only a row that is shown needs: this is done for thousands, the rest for a page (``_with_people``)."""
    p, s, mine = care_plan, lead_worker_standing, _my_team_on_it()
    home, care = neighbourhood.alias("home"), neighbourhood.alias("care")
    agreed = _agreed()
    alarm = or_(~s.c.active, s.c.away_kind.is_not(None), s.c.plans > s.c.most)
    # P2: where somebody lives; who lives outside, by their practice.
    locality = func.coalesce(home.c.locality, care.c.locality)
    query = (
        select(p.c.id, p.c.person_id, p.c.review_on, p.c.revision, locality.label("place"))
        .add_columns(s, func.coalesce(alarm, False).label("alarm"))
        .add_columns(func.coalesce(mine.c.waits, False).label("mine_waits"))
        .add_columns(func.coalesce(agreed.c.agreed, False).label("agreed"), agreed.c.why_not)
        .select_from(p)
        .join(person, person.c.id == p.c.person_id)
        .outerjoin(ward, ward.c.code == person.c.ward_code)
        .outerjoin(home, home.c.id == ward.c.neighbourhood_id)
        .outerjoin(practice, practice.c.code == person.c.practice_code)
        .outerjoin(care, care.c.id == practice.c.neighbourhood_id)
        .join(s, s.c.user_name == p.c.lead_worker)
        .outerjoin(mine, mine.c.plan_id == p.c.id)
        .outerjoin(agreed, true())
        .where(p.c.state == text("'active'"))
    )
    if asked.localities:
        query = query.where(or_(locality.in_(sorted(asked.localities)), locality.is_(None)))
    if asked.whose == "mine":
        query = query.where(p.c.lead_worker == _ME)
    if asked.whose == "team":
        query = query.where(or_(mine.c.plan_id.is_not(None), s.c.team_id == _MY_TEAM))
    return query


def _version(plan: Any) -> Any:
    t = plan_version
    last = select(t.c.id, t.c.number, t.c.issued_at).where(t.c.plan_id == plan)
    return last.order_by(t.c.number.desc()).limit(1).lateral("version")


def _said(version: Any) -> ColumnElement[bool]:
    """This team has acknowledged this version."""
    t, a = plan_on_team, plan_acknowledgement
    said = select(a.c.team_id).where(a.c.version_id == version.c.id, a.c.team_id == t.c.team_id)
    return said.correlate(version, t).exists()


def _my_team_on_it() -> Any:
    """The plans that my team is on, and whether it has the version that stands still to acknowledge."""
    t = plan_on_team
    version = _version(t.c.plan_id)
    mine = select(t.c.plan_id, and_(version.c.id.is_not(None), ~_said(version)).label("waits"))
    return mine.select_from(t).outerjoin(version, true()).where(t.c.team_id == _MY_TEAM).subquery("mine")


def _teams(plan: Any, version: Any) -> Any:
    """How many are on it, and who has not acknowledged the version that stands."""
    t = plan_on_team
    return (
        select(func.count().label("on_it"), func.array_agg(team.c.name).filter(~_said(version)).label("waiting"))
        .select_from(t)
        .join(team, team.c.id == t.c.team_id)
        .where(t.c.plan_id == plan)
        .lateral("on_it")
    )


def _agreed() -> Any:
    t = plan_agreement
    return (
        select(
            func.bool_or(t.c.agreed).label("agreed"),
            func.string_agg(t.c.why_not, "; ").filter(~t.c.agreed).label("why_not"),
        )
        .where(t.c.plan_id == care_plan.c.id)
        .lateral("agreed")
    )


def _tests(c: Any, days: int) -> dict[PlanView, ColumnElement[bool]]:
    return {
        "reviews": c.review_on <= _ahead(days),
        "overdue": c.review_on < _TODAY,
        "to_acknowledge": c.mine_waits,
        "alarms": c.alarm,
        "unagreed": ~c.agreed,
        "all": true(),
    }


def _ahead(days: int) -> ColumnElement[Any]:
    return text(f"(now() at time zone 'Europe/London')::date + {int(days)}")  # type: ignore[return-value]


def _with_people(page: Select[Any]) -> Select[Any]:
    """Names, versions and teams only of those that are shown."""
    p = page.subquery("page")
    version = _version(p.c.id)
    on_it = _teams(p.c.id, version)
    return (
        select(p, person.c.title, person.c.surname, person.c.given, person.c.birth_date)
        .add_columns(version.c.number, version.c.issued_at, on_it.c.on_it, on_it.c.waiting)
        .join(person, person.c.id == p.c.person_id)
        .join(version, true())
        .outerjoin(on_it, true())
        .order_by(p.c.review_on, p.c.id)
    )


def _row(r: Any) -> PlanRow:
    return PlanRow(
        PlanId(rows.key(r["id"])), PersonId(rows.key(r["person_id"])), r["title"], r["surname"], r["given"],
        rows.day(r["birth_date"]), r["place"], rows.a_day(r["review_on"]), rows.standing_of(r),
        r["number"], rows.moment(r["issued_at"]), r["on_it"] or 0, tuple(sorted(r["waiting"] or ())),
        bool(r["mine_waits"]), bool(r["agreed"]), r["why_not"] or "", r["revision"],
    )  # fmt: skip
