"""The worklist of episodes, in one query."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from coordination.assessment import scores
from coordination.assessment.model import Form
from coordination.reablement.model import (
    EpisodeFilter,
    EpisodeId,
    EpisodeRow,
    PackageLine,
)
from coordination.values import PersonId, TeamId
from db.stores.reablement_rows import SERVICES, TODAY, answers
from db.tables.assessment import answer, assessment
from db.tables.deployment import visit, worker
from db.tables.people import person
from db.tables.reablement import (
    care_package,
    care_package_offer,
    care_provider,
    reablement_barrier,
    reablement_episode,
    reablement_review,
)
from db.tables.reference import neighbourhood, team, ward

ENDED_SINCE = 42  # days back in the list of those that have ended
MAIN_SCORE = "barthel"
_t = reablement_episode
FormOf = Callable[[tuple[str, int]], Form | None]


def read_list(connection: Connection, asked: EpisodeFilter, form_of: FormOf) -> list[EpisodeRow]:
    """One query, and one for each version of a form that scores stand on."""
    forms: dict[tuple[str, int], Form | None] = {}

    def form_once(key: tuple[str, int]) -> Form | None:
        if key not in forms:
            forms[key] = form_of(key)
        return forms[key]

    found = connection.execute(_list(asked)).all()
    return [_row(r, form_once) for r in found]


def _list(asked: EpisodeFilter) -> Select[Any]:
    review, barrier = reablement_review.c, reablement_barrier.c
    query = (
        select(
            _t.c.id, _t.c.person_id, _t.c.team_id, _t.c.kind, _t.c.aim, _t.c.started_on, _t.c.planned_end,
            _t.c.ended_on, _t.c.outcome, _t.c.revision, _t.c.start_assessment_id, _t.c.end_assessment_id,
            person.c.surname, person.c.given, person.c.title,
            neighbourhood.c.name.label("neighbourhood"), neighbourhood.c.locality,
            team.c.name.label("team_name"), worker.c.name.label("lead_name"),
            _of(select(func.min(review.due_on)).where(review.held_on.is_(None)), review, "next_review_on"),
            _of(select(func.count()).where(review.held_on.is_not(None)), review, "reviews_held"),
            _of(select(func.count()).where(barrier.resolved_on.is_(None)), barrier, "barriers"),
            _minutes(_t.c.started_on, _t.c.started_on + 6).label("minutes_start"),
            _minutes(_last_day() - 6, _last_day()).label("minutes_now"),
            _answers(_t.c.start_assessment_id).label("start_answers"),
            _answers(_t.c.end_assessment_id).label("end_answers"),
            _package().label("package"),
        )
        .join(person, person.c.id == _t.c.person_id)
        .join(team, team.c.id == _t.c.team_id)
        .outerjoin(ward, ward.c.code == person.c.ward_code)
        .outerjoin(neighbourhood, neighbourhood.c.id == ward.c.neighbourhood_id)
        .outerjoin(worker, worker.c.id == _t.c.lead_id)
        .where(*_conditions(asked))
    )  # fmt: skip
    return query.order_by(_t.c.planned_end, _t.c.id).limit(min(max(asked.limit, 1), 5000))


def _conditions(asked: EpisodeFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.person_id is not None:
        found.append(_t.c.person_id == func.kept_person(asked.person_id))
    elif asked.ended:
        found.append(_t.c.ended_on >= TODAY - ENDED_SINCE)
    else:
        found.append(_t.c.ended_on.is_(None))
    if asked.team_id is not None:
        found.append(_t.c.team_id == asked.team_id)
    if asked.localities:
        # of the home; and whoever lives outside the city is with the team's
        home = func.coalesce(neighbourhood.c.locality, team.c.locality)
        found.append(or_(home.in_(sorted(asked.localities)), home.is_(None)))
    return found


def _of(query: Select[Any], columns: Any, name: str) -> ColumnElement[Any]:
    return query.where(columns.episode_id == _t.c.id).scalar_subquery().label(name)


def _last_day() -> ColumnElement[date]:
    """Today, or the last day of what has ended; of one that began within the week, the week's end."""
    return func.greatest(func.coalesce(_t.c.ended_on - 1, TODAY), _t.c.started_on + 6)


def _minutes(first: Any, last: Any) -> ColumnElement[int]:
    """Work of reablement for the person from one day to another, double-ups counted twice."""
    teams = select(team.c.id).where(team.c.service.in_(SERVICES)).scalar_subquery()
    done = (
        select(func.coalesce(func.sum(visit.c.minutes * visit.c.workers_needed), 0))
        .where(visit.c.person_id == _t.c.person_id, visit.c.day >= first, visit.c.day <= last)
        .where(visit.c.team_id.in_(teams), visit.c.state.in_(("planned", "done", "no_access")))
    )
    return done.scalar_subquery()


def _answers(which: Any) -> ColumnElement[Any]:
    """The form, and what was answered of the main score; null where it is not shared with me."""
    said = (
        select(func.jsonb_object_agg(answer.c.question, answer.c.value))
        .where(answer.c.assessment_id == assessment.c.id, answer.c.question.like(f"{MAIN_SCORE}%"))
        .scalar_subquery()
    )
    query = select(func.jsonb_build_array(assessment.c.form_id, assessment.c.form_version, said))
    return query.where(assessment.c.id == which).scalar_subquery()


def _package() -> ColumnElement[Any]:
    p, o = care_package.c, care_package_offer.c
    of = select(func.count()).where(o.package_id == p.id)
    accepted = (
        select(care_provider.c.name)
        .join(care_package_offer, o.provider_id == care_provider.c.id)
        .where(o.package_id == p.id, o.state == "accepted")
        .scalar_subquery()
    )
    waiting = of.where(o.state == "offered").scalar_subquery()
    declined = of.where(o.state.in_(("declined", "changed", "withdrawn"))).scalar_subquery()
    query = select(func.jsonb_build_array(p.starts_on, waiting, declined, accepted))
    return query.where(p.episode_id == _t.c.id, p.state == "open").scalar_subquery()


def _row(r: Any, form_of: FormOf) -> EpisodeRow:
    return EpisodeRow(
        id=EpisodeId(r.id),
        person_id=PersonId(r.person_id),
        surname=r.surname,
        given=r.given,
        title=r.title,
        neighbourhood=r.neighbourhood or "",
        locality=r.locality,
        team_id=TeamId(r.team_id),
        team_name=r.team_name,
        kind=r.kind,
        aim=r.aim,
        started_on=r.started_on,
        planned_end=r.planned_end,
        ended_on=r.ended_on,
        outcome=r.outcome,
        lead_name=r.lead_name or "",
        next_review_on=r.next_review_on,
        reviews_held=r.reviews_held,
        minutes_start=r.minutes_start,
        minutes_now=r.minutes_now,
        score_start=_main_score(r.start_answers, form_of),
        score_end=_main_score(r.end_answers, form_of),
        has_start=r.start_assessment_id is not None,
        has_end=r.end_assessment_id is not None,
        barriers=r.barriers,
        package=_package_line(r.package),
        revision=r.revision,
    )


def _package_line(found: list[Any] | None) -> PackageLine | None:
    if found is None:
        return None
    starts, waiting, declined, accepted = found
    return PackageLine(date.fromisoformat(starts) if starts else None, waiting, declined, accepted or "")


def _main_score(found: list[Any] | None, form_of: FormOf) -> int | None:
    if found is None or found[2] is None:
        return None
    form = form_of((found[0], found[1]))
    score = next((s for s in form.scores if s.id == MAIN_SCORE), None) if form is not None else None
    total = scores.total(form, score, answers(found[2])) if form is not None and score is not None else None
    return None if total is None else int(total)
