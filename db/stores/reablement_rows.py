"""Reading episodes: the worklist in one query, and what hangs on one episode."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from coordination.assessment import scores
from coordination.assessment.model import AnswerValue, Form
from coordination.reablement.model import (
    Barrier,
    BarrierId,
    Episode,
    EpisodeEvent,
    EpisodeFilter,
    EpisodeId,
    EpisodeRow,
    Offer,
    OfferId,
    Package,
    PackageId,
    PackageLine,
    ProviderId,
    Review,
    ReviewId,
    Week,
)
from coordination.values import AssessmentId, PersonId, PlanId, ReferralId, TeamId, WorkerId
from db.tables.assessment import answer, assessment
from db.tables.deployment import visit, worker
from db.tables.governance import user_account
from db.tables.people import person
from db.tables.reablement import (
    care_package,
    care_package_offer,
    care_provider,
    reablement_barrier,
    reablement_episode,
    reablement_event,
    reablement_review,
)
from db.tables.reference import neighbourhood, team, ward

_DAY = timedelta(days=1)
ENDED_SINCE = 42  # days back in the list of those that have ended
MAIN_SCORE = "barthel"
SERVICES = ("reablement", "complex_reablement")
_t = reablement_episode
_opener, _closer = user_account.alias("opener"), user_account.alias("closer")
_today = func.timezone("Europe/London", func.now()).cast(_t.c.started_on.type)
FormOf = Callable[[tuple[str, int]], Form | None]

LOCALITY = (
    select(neighbourhood.c.locality)
    .join(ward, ward.c.neighbourhood_id == neighbourhood.c.id)
    .where(ward.c.code == person.c.ward_code)
    .scalar_subquery()
    .label("locality")
)


def heads() -> Select[Any]:
    """Episodes with the names that belong to them."""
    return (
        select(
            _t,
            team.c.name.label("team_name"),
            worker.c.name.label("lead_name"),
            _opener.c.display_name.label("opened_by_name"),
            _closer.c.display_name.label("closed_by_name"),
        )
        .join(team, team.c.id == _t.c.team_id)
        .outerjoin(worker, worker.c.id == _t.c.lead_id)
        .outerjoin(_opener, _opener.c.user_name == _t.c.opened_by)
        .outerjoin(_closer, _closer.c.user_name == _t.c.closed_by)
    )


def episode(r: Any) -> Episode:
    return Episode(
        id=EpisodeId(r.id),
        person_id=PersonId(r.person_id),
        team_id=TeamId(r.team_id),
        team_name=r.team_name,
        kind=r.kind,
        aim=r.aim,
        complex_reason=r.complex_reason,
        past_six_weeks_reason=r.past_six_weeks_reason,
        started_on=r.started_on,
        planned_end=r.planned_end,
        lead_id=WorkerId(r.lead_id) if r.lead_id is not None else None,
        lead_name=r.lead_name or "",
        referral_id=ReferralId(r.referral_id) if r.referral_id else None,
        plan_id=PlanId(r.plan_id) if r.plan_id else None,
        start_assessment_id=AssessmentId(r.start_assessment_id) if r.start_assessment_id else None,
        end_assessment_id=AssessmentId(r.end_assessment_id) if r.end_assessment_id else None,
        ended_on=r.ended_on,
        outcome=r.outcome,
        end_words=r.end_words,
        opened_at=r.opened_at,
        opened_by_name=r.opened_by_name or r.opened_by,
        closed_at=r.closed_at,
        closed_by_name=r.closed_by_name or r.closed_by or "",
        revision=r.revision,
    )


# ---------------------------------------------------------------- the worklist


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
        found.append(_t.c.ended_on >= _today - ENDED_SINCE)
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
    return func.greatest(func.coalesce(_t.c.ended_on - 1, _today), _t.c.started_on + 6)


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


def answers(found: Mapping[str, Any] | None) -> dict[str, AnswerValue]:
    """As the rules of forms know them: what was chosen of several is a tuple."""
    return {q: tuple(v) if isinstance(v, list) else v for q, v in (found or {}).items() if not isinstance(v, dict)}


# ---------------------------------------------------------------- what hangs on one


def review(r: Any) -> Review:
    by = r.display_name or r.recorded_by or ""
    return Review(ReviewId(r.id), r.due_on, r.held_on, r.decision, r.with_whom, r.words, by, r.revision)


def barriers(connection: Connection, which: EpisodeId) -> tuple[Barrier, ...]:
    """Those that stand first, each kind in order of when they were written down."""
    t, by = reablement_barrier, user_account
    query = (
        select(t, by.c.display_name)
        .outerjoin(by, by.c.user_name == t.c.added_by)
        .where(t.c.episode_id == which)
        .order_by(t.c.resolved_on.is_not(None), t.c.added_at, t.c.id)
    )
    return tuple(
        Barrier(
            BarrierId(r.id),
            r.kind,
            r.words,
            r.done,
            r.resolved_on,
            r.display_name or r.added_by,
            r.added_at,
            r.revision,
        )
        for r in connection.execute(query)
    )


def package(connection: Connection, which: EpisodeId) -> Package | None:
    t = care_package
    r = connection.execute(select(t).where(t.c.episode_id == which, t.c.state == "open")).one_or_none()
    if r is None:
        return None
    query = offers().where(care_package_offer.c.package_id == r.id)
    made = connection.execute(query.order_by(care_package_offer.c.offered_at.desc(), care_package_offer.c.id.desc()))
    return Package(
        PackageId(r.id), r.minutes_a_week, r.calls_a_day, r.workers_a_call, r.tasks, r.starts_on, r.revision,
        tuple(offer(each) for each in made),
    )  # fmt: skip


def offers() -> Select[Any]:
    asker, told = user_account.alias("asker"), user_account.alias("told")
    t = care_package_offer
    return (
        select(
            t,
            care_provider.c.name.label("provider"),
            asker.c.display_name.label("asker_name"),
            told.c.display_name.label("told_name"),
        )
        .join(care_provider, care_provider.c.id == t.c.provider_id)
        .outerjoin(asker, asker.c.user_name == t.c.offered_by)
        .outerjoin(told, told.c.user_name == t.c.answered_by)
    )


def offer(r: Any) -> Offer:
    return Offer(
        OfferId(r.id),
        ProviderId(r.provider_id),
        r.provider,
        r.state,
        r.words,
        r.offered_at,
        r.asker_name or r.offered_by,
        r.answered_at,
        r.told_name or r.answered_by or "",
        r.revision,
    )


def events(connection: Connection, which: EpisodeId) -> tuple[EpisodeEvent, ...]:
    t, by = reablement_event, user_account
    query = (
        select(t, by.c.display_name)
        .outerjoin(by, by.c.user_name == t.c.by_user)
        .where(t.c.episode_id == which)
        .order_by(t.c.at, t.c.id)
    )
    return tuple(
        EpisodeEvent(r.at, r.display_name or r.by_user, r.what, r.planned_end, r.words)
        for r in connection.execute(query)
    )


def weeks(connection: Connection, of: Episode, today: date) -> tuple[Week, ...]:
    """Every week of the episode up to the one that runs now, or in which it ended; those without visits too."""
    teams = select(team.c.id).where(team.c.service.in_(SERVICES)).scalar_subquery()
    number = (visit.c.day - of.started_on) // 7
    minutes = func.sum(visit.c.minutes * visit.c.workers_needed)
    query = (
        select(number.label("number"), minutes.label("minutes"), func.count().label("visits"))
        .where(visit.c.person_id == of.person_id, visit.c.day >= of.started_on)
        .where(visit.c.team_id.in_(teams), visit.c.state.in_(("planned", "done", "no_access")))
        .group_by(number)
    )
    found = {int(r.number): (r.minutes, r.visits) for r in connection.execute(query)}
    last = max(today, of.started_on) if of.ended_on is None else max(of.ended_on - _DAY, of.started_on)
    count = (last - of.started_on).days // 7 + 1
    return tuple(Week(n + 1, of.started_on + 7 * n * _DAY, *found.get(n, (0, 0))) for n in range(count))
