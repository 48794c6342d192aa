"""Reading one episode, and all that hangs on it, in one query."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from coordination.assessment.model import AnswerValue
from coordination.reablement.model import (
    Barrier,
    BarrierId,
    Episode,
    EpisodeEvent,
    EpisodeId,
    Offer,
    OfferId,
    Package,
    PackageId,
    ProviderId,
    Review,
    ReviewId,
    Week,
)
from coordination.values import AssessmentId, PersonId, PlanId, ReferralId, TeamId, WorkerId
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
SERVICES = ("reablement", "complex_reablement")
_t = reablement_episode
_opener, _closer = user_account.alias("opener"), user_account.alias("closer")
TODAY = func.timezone("Europe/London", func.now()).cast(_t.c.started_on.type)

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


def answers(found: Mapping[str, Any] | None) -> dict[str, AnswerValue]:
    """As the rules of forms know them: what was chosen of several is a tuple."""
    return {q: tuple(v) if isinstance(v, list) else v for q, v in (found or {}).items() if not isinstance(v, dict)}


# ---------------------------------------------------------------- what hangs on one


def hanging(which: EpisodeId) -> tuple[ColumnElement[Any], ...]:
    """Everything that hangs on one episode, as columns of one query: a page is opened by it."""
    return (
        _all(reviews(which), "reviews"),
        _all(_barriers(which), "barriers"),
        _all(_packages(which), "packages"),
        _all(_offers(which), "offers"),
        _all(_events(which), "events"),
        _all(_weeks(which), "weeks"),
    )


def _all(query: Select[Any], name: str) -> ColumnElement[Any]:
    rows = query.subquery()
    return select(func.jsonb_agg(func.to_jsonb(rows.table_valued()))).scalar_subquery().label(name)


def read_all(found: list[dict[str, Any]] | None) -> list[SimpleNamespace]:
    """Rows out of a column of ``hanging``, with days, moments and ids as such."""
    return [SimpleNamespace(**{name: _typed(name, value) for name, value in each.items()}) for each in found or ()]


def _typed(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name == "planned_end" or name.endswith("_on"):
        return date.fromisoformat(value)
    if name == "at" or name.endswith("_at"):
        return datetime.fromisoformat(value).astimezone(UTC)
    return UUID(value) if name == "id" or name.endswith("_id") else value


def reviews(which: EpisodeId) -> Select[Any]:
    """In order of when they are due."""
    t, by = reablement_review, user_account
    query = select(t, by.c.display_name).outerjoin(by, by.c.user_name == t.c.recorded_by)
    return query.where(t.c.episode_id == which).order_by(t.c.due_on, t.c.id)


def _barriers(which: EpisodeId) -> Select[Any]:
    """Those that stand first, each kind in order of when they were written down."""
    t, by = reablement_barrier, user_account
    query = select(t, by.c.display_name).outerjoin(by, by.c.user_name == t.c.added_by).where(t.c.episode_id == which)
    return query.order_by(t.c.resolved_on.is_not(None), t.c.added_at, t.c.id)


def _packages(which: EpisodeId) -> Select[Any]:
    return select(care_package).where(care_package.c.episode_id == which, care_package.c.state == "open")


def _offers(which: EpisodeId) -> Select[Any]:
    p, o = care_package.c, care_package_offer.c
    query = offers().join(care_package, p.id == o.package_id).where(p.episode_id == which, p.state == "open")
    return query.order_by(o.offered_at.desc(), o.id.desc())


def _events(which: EpisodeId) -> Select[Any]:
    t, by = reablement_event, user_account
    query = select(t, by.c.display_name).outerjoin(by, by.c.user_name == t.c.by_user)
    return query.where(t.c.episode_id == which).order_by(t.c.at, t.c.id)


def _weeks(which: EpisodeId) -> Select[Any]:
    """Weeks of the episode in which there are visits."""
    teams = select(team.c.id).where(team.c.service.in_(SERVICES)).scalar_subquery()
    number = ((visit.c.day - _t.c.started_on) // 7).label("number")
    minutes = func.sum(visit.c.minutes * visit.c.workers_needed)
    return (
        select(number, minutes.label("minutes"), func.count().label("visits"))
        .select_from(_t)
        .join(visit, (visit.c.person_id == _t.c.person_id) & (visit.c.day >= _t.c.started_on))
        .where(_t.c.id == which, visit.c.team_id.in_(teams), visit.c.state.in_(("planned", "done", "no_access")))
        .group_by(number)
    )


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


# ---------------------------------------------------------------- rows to records


def review(r: Any) -> Review:
    by = r.display_name or r.recorded_by or ""
    return Review(ReviewId(r.id), r.due_on, r.held_on, r.decision, r.with_whom, r.words, by, r.revision)


def barrier(r: Any) -> Barrier:
    by = r.display_name or r.added_by
    return Barrier(BarrierId(r.id), r.kind, r.words, r.done, r.resolved_on, by, r.added_at, r.revision)


def package(r: Any, given: tuple[Offer, ...]) -> Package:
    return Package(
        PackageId(r.id), r.minutes_a_week, r.calls_a_day, r.workers_a_call, r.tasks, r.starts_on, r.revision, given
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


def event(r: Any) -> EpisodeEvent:
    return EpisodeEvent(r.at, r.display_name or r.by_user, r.what, r.planned_end, r.words)


def weeks(of: Episode, found: list[SimpleNamespace], today: date) -> tuple[Week, ...]:
    """Every week of the episode up to the one that runs now, or in which it ended; those without visits too."""
    done = {r.number: (r.minutes, r.visits) for r in found}
    last = max(today, of.started_on) if of.ended_on is None else max(of.ended_on - _DAY, of.started_on)
    count = (last - of.started_on).days // 7 + 1
    return tuple(Week(n + 1, of.started_on + 7 * n * _DAY, *done.get(n, (0, 0))) for n in range(count))
