"""Rows of reablement to records and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from coordination.assessment.forms import from_definition
from coordination.assessment.model import Form
from coordination.clock import local_date
from coordination.reablement.model import (
    Answer,
    Barrier,
    BarrierId,
    Episode,
    EpisodeDetail,
    EpisodeDraft,
    EpisodeFilter,
    EpisodeId,
    EpisodeRow,
    Offer,
    OfferId,
    PackageDraft,
    PackageId,
    Provider,
    ProviderId,
    Review,
    ReviewDraft,
    ReviewId,
    SignedScores,
)
from coordination.values import AssessmentId, PersonId, WorkerId, new_id
from db.stores import reablement_rows as rows
from db.stores.reablement_list import read_list
from db.tables.assessment import answer, assessment, form
from db.tables.deployment import worker
from db.tables.governance import user_account
from db.tables.people import person
from db.tables.reablement import (
    care_package,
    care_package_offer,
    care_provider,
    reablement_barrier,
    reablement_episode,
    reablement_review,
)


class PgReablementStore:
    """Episodes and what hangs on them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # ---------------------------------------------------------------- reading

    def rows(self, asked: EpisodeFilter) -> list[EpisodeRow]:
        return read_list(self._connection, asked, self.form)

    def get(self, episode: EpisodeId) -> Episode | None:
        return self._one(reablement_episode.c.id == episode)

    def open_of(self, person_id: PersonId) -> Episode | None:
        t = reablement_episode
        return self._one((t.c.person_id == func.kept_person(person_id)) & t.c.ended_on.is_(None))

    def _one(self, condition: Any) -> Episode | None:
        found = self._connection.execute(rows.heads().where(condition)).one_or_none()
        return None if found is None else rows.episode(found)

    def detail(self, episode: EpisodeId) -> EpisodeDetail | None:
        about = (person.c.surname, person.c.given, person.c.title, person.c.birth_date)
        query = (
            rows.heads()
            .add_columns(*about, rows.LOCALITY, func.now().label("as_of"), *rows.hanging(episode))
            .join(person, person.c.id == reablement_episode.c.person_id)
            .where(reablement_episode.c.id == episode)
        )
        r = self._connection.execute(query).one_or_none()
        if r is None:
            return None
        head = rows.episode(r)
        offers = tuple(rows.offer(o) for o in rows.read_all(r.offers))
        return EpisodeDetail(
            head,
            r.surname,
            r.given,
            r.title,
            r.birth_date,
            r.locality,
            tuple(rows.review(each) for each in rows.read_all(r.reviews)),
            tuple(rows.barrier(each) for each in rows.read_all(r.barriers)),
            next((rows.package(p, offers) for p in rows.read_all(r.packages)), None),
            tuple(rows.event(each) for each in rows.read_all(r.events)),
            rows.weeks(head, rows.read_all(r.weeks), local_date(r.as_of)),
            (),
            r.as_of,
        )

    def reviews(self, episode: EpisodeId) -> list[Review]:
        return [rows.review(r) for r in self._connection.execute(rows.reviews(episode))]

    def signed(self, episode: Episode) -> tuple[SignedScores | None, SignedScores | None]:
        ids = [i for i in (episode.start_assessment_id, episode.end_assessment_id) if i is not None]
        if not ids:
            return None, None
        values = (
            select(func.jsonb_object_agg(answer.c.question, answer.c.value))
            .where(answer.c.assessment_id == assessment.c.id)
            .scalar_subquery()
        )
        query = (
            select(
                assessment.c.id,
                assessment.c.form_id,
                assessment.c.form_version,
                assessment.c.signed_at,
                user_account.c.display_name,
                values.label("answers"),
                form.c.definition,
            )
            .join(form, (form.c.id == assessment.c.form_id) & (form.c.version == assessment.c.form_version))
            .outerjoin(user_account, user_account.c.user_name == assessment.c.signed_by)
            .where(assessment.c.id.in_(ids))
        )
        found = {
            r.id: SignedScores(
                AssessmentId(r.id),
                from_definition(r.definition),
                r.signed_at,
                r.display_name or "",
                rows.answers(r.answers),
            )
            for r in self._connection.execute(query)
        }
        start, end = episode.start_assessment_id, episode.end_assessment_id
        return found.get(start) if start else None, found.get(end) if end else None

    def form(self, key: tuple[str, int]) -> Form | None:
        query = select(form.c.definition).where(form.c.id == key[0], form.c.version == key[1])
        found = self._connection.execute(query).scalar_one_or_none()
        return None if found is None else from_definition(found)

    def providers(self) -> list[Provider]:
        t = care_provider
        found = self._connection.execute(select(t).order_by(t.c.name))
        return [Provider(ProviderId(r.id), r.name, r.phone, tuple(r.localities), r.active) for r in found]

    def leads(self, team: int) -> list[tuple[WorkerId, str]]:
        query = select(worker.c.id, worker.c.name).where(worker.c.team_id == team, worker.c.active)
        return [(WorkerId(r.id), r.name) for r in self._connection.execute(query.order_by(worker.c.name, worker.c.id))]

    # ---------------------------------------------------------------- an episode

    def insert(self, draft: EpisodeDraft) -> bool:
        values = {
            "id": draft.id,
            "person_id": draft.person_id,
            "team_id": draft.team_id,
            "referral_id": draft.referral_id,
            "plan_id": draft.plan_id,
            "kind": draft.kind,
            "aim": draft.aim,
            "complex_reason": draft.complex_reason.strip(),
            "past_six_weeks_reason": draft.past_six_weeks_reason.strip(),
            "started_on": draft.started_on,
            "planned_end": draft.planned_end,
            "lead_id": draft.lead_id,
        }
        query = insert(reablement_episode).values(values).on_conflict_do_nothing(index_elements=["id"])
        added = self._connection.execute(query.returning(reablement_episode.c.id))
        return added.scalar_one_or_none() is not None

    def take_back(self, episode: EpisodeId, seen: int) -> bool:
        done: bool = self._connection.execute(select(func.take_back_reablement(episode, seen))).scalar_one()
        return done

    def change(self, episode: EpisodeId, seen: int, changes: Mapping[str, Any]) -> bool:
        return self._update(reablement_episode, episode, seen, changes)

    def _update(self, table: Any, key: Any, seen: int, changes: Mapping[str, Any]) -> bool:
        query = update(table).where(table.c.id == key, table.c.revision == seen).values(**changes, revision=seen + 1)
        return self._connection.execute(query).rowcount == 1

    # ---------------------------------------------------------------- reviews and barriers

    def plan_reviews(self, episode: EpisodeId, days: Sequence[date]) -> None:
        if days:
            values = [{"id": new_id(), "episode_id": episode, "due_on": day} for day in days]
            self._connection.execute(insert(reablement_review).on_conflict_do_nothing(), values)

    def drop_reviews(self, reviews: Sequence[Review]) -> None:
        if reviews:
            ids = [r.id for r in reviews]
            self._connection.execute(delete(reablement_review).where(reablement_review.c.id.in_(ids)))

    def hold_review(self, review: ReviewId, seen: int, draft: ReviewDraft | None) -> bool:
        changes = {"held_on": None, "decision": None, "words": "", "with_whom": ""} if draft is None else {
            "held_on": draft.held_on, "decision": draft.decision, "words": draft.words, "with_whom": draft.with_whom,
        }  # fmt: skip
        return self._update(reablement_review, review, seen, changes)

    def add_barrier(self, episode: EpisodeId, barrier: Barrier) -> None:
        values = {
            "id": barrier.id,
            "episode_id": episode,
            "kind": barrier.kind,
            "words": barrier.words,
            "done": barrier.done,
            "resolved_on": barrier.resolved_on,
        }
        self._connection.execute(insert(reablement_barrier).values(values).on_conflict_do_nothing())

    def change_barrier(self, barrier: BarrierId, seen: int, changes: Mapping[str, Any]) -> bool:
        return self._update(reablement_barrier, barrier, seen, changes)

    # ---------------------------------------------------------------- the package

    def put_package(self, episode: EpisodeId, draft: PackageDraft, seen: int | None) -> bool:
        values = {
            "minutes_a_week": draft.minutes_a_week,
            "calls_a_day": draft.calls_a_day,
            "workers_a_call": draft.workers_a_call,
            "tasks": draft.tasks.strip(),
            "starts_on": draft.starts_on,
        }
        if seen is not None:
            return self._update(care_package, draft.id, seen, values)
        query = insert(care_package).values(id=draft.id, episode_id=episode, **values)
        self._connection.execute(query.on_conflict_do_nothing(index_elements=["id"]))
        return True

    def set_start(self, package: PackageId, starts_on: date) -> None:
        t = care_package
        changes = {"starts_on": starts_on, "revision": t.c.revision + 1}
        self._connection.execute(update(t).where(t.c.id == package).values(**changes))

    def offer(self, offer: OfferId, package: PackageId, provider: ProviderId) -> None:
        values = {"id": offer, "package_id": package, "provider_id": provider}
        query = insert(care_package_offer).values(values).on_conflict_do_nothing(index_elements=["id"])
        self._connection.execute(query)

    def answer(self, offer: OfferId, seen: int, answer: Answer, words: str) -> bool:
        return self._update(care_package_offer, offer, seen, {"state": answer, "words": words})

    def find_offer(self, offer: OfferId) -> tuple[Offer, PackageId, EpisodeId] | None:
        query = (
            rows.offers()
            .add_columns(care_package.c.episode_id)
            .join(care_package, care_package.c.id == care_package_offer.c.package_id)
            .where(care_package_offer.c.id == offer)
        )
        r = self._connection.execute(query).one_or_none()
        return None if r is None else (rows.offer(r), PackageId(r.package_id), EpisodeId(r.episode_id))
