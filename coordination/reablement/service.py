"""Use cases of reablement (B2, B3). Row security decides who sees an episode; the database keeps its promises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from coordination.assessment.rules import counting
from coordination.clock import local_date
from coordination.errors import BadValues, Conflict, NotFound, Refused, obstacle
from coordination.reablement import rules, scores
from coordination.reablement.model import (
    SCORED,
    Aim,
    Answer,
    Barrier,
    BarrierId,
    BarrierKind,
    Episode,
    EpisodeDetail,
    EpisodeDraft,
    EpisodeFilter,
    EpisodeId,
    EpisodeRow,
    OfferId,
    Outcome,
    PackageDraft,
    PackageId,
    Provider,
    ProviderId,
    Review,
    ReviewDraft,
    SignedScores,
)
from coordination.values import PersonId, TeamId, UserName, WorkerId

if TYPE_CHECKING:
    from coordination.work import Begin, Work


class Reablement:
    """Episodes from the first day to the hand-over.

    What changes an episode takes the revision that the screen ``seen``; all of these raise Conflict with the present
    record, NotFound, BadValues, and BrokenRule or AlreadyExists with the name of the rule where the database refuses.
    """

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    # ---------------------------------------------------------------- reading

    def rows(self, asked: EpisodeFilter | None = None) -> list[EpisodeRow]:
        """The worklist: past its planned end on top, then by what is due first. Two or three queries, however long."""
        with self._begin() as work:
            today = local_date(work.now)
            found = work.reablement.rows(asked or EpisodeFilter())
            return sorted(found, key=lambda row: rules.urgency(row, today))

    def open_episode(self, episode: EpisodeId) -> EpisodeDetail:
        """R4. One episode in full, noted on the audit trail as a view."""
        with self._begin() as work:
            detail = _detail(work, episode)
            work.governance.note("view", "reablement_episode", str(episode), detail.episode.person_id)
            return detail

    def of_person(self, person: PersonId) -> list[EpisodeRow]:
        """Every episode of one person, the latest first."""
        with self._begin() as work:
            found = work.reablement.rows(EpisodeFilter(person_id=person))
            return sorted(found, key=lambda row: row.started_on, reverse=True)

    def providers(self) -> list[Provider]:
        """Those who may be asked, in order of name."""
        with self._begin() as work:
            return [p for p in work.reablement.providers() if p.active]

    def leads(self, team: TeamId) -> list[tuple[WorkerId, str]]:
        with self._begin() as work:
            return work.reablement.leads(team)

    # ---------------------------------------------------------------- the episode

    def start(self, draft: EpisodeDraft) -> Episode:
        """Begin it, with its reviews planned. Sending it again begins it once. Refused when another one is open."""
        with self._begin() as work:
            checked = rules.check_draft(draft, local_date(work.now))
            there = work.reablement.open_of(draft.person_id)
            if there is not None and there.id != draft.id:
                raise Refused(
                    "reablement", (obstacle("reablement_is_open", team=there.team_name, since=there.started_on),)
                )
            if work.reablement.insert(checked):
                work.reablement.plan_reviews(draft.id, rules.review_days(draft.started_on, draft.planned_end))
            return _need(work, draft.id)

    def take_back(self, begun: Episode) -> None:
        """Undo of ``start``: it was begun by mistake, and is gone with its reviews. Within the hour, by whoever began
        it, as long as nothing was built on it; else BrokenRule. Sending it again changes nothing."""
        with self._begin() as work:
            if not work.reablement.take_back(begun.id, begun.revision):
                raise Conflict("reablement", str(begun.id), begun.revision, _need(work, begun.id))

    def move_end(self, episode: EpisodeId, seen: int, planned_end: date, reason: str = "") -> Episode:
        """B2, B3. Another planned end, with the reviews that belong to it. Past six weeks only complex, with a
        reason."""
        with self._begin() as work:
            before = _seen(work, episode, seen)
            words = reason.strip() or before.past_six_weeks_reason
            _raise(rules.check_end(before.started_on, planned_end, before.kind, words))
            changes = {"planned_end": planned_end, "past_six_weeks_reason": words}
            return self._with_reviews(work, before, changes, planned_end)

    def make_complex(
        self, episode: EpisodeId, seen: int, team: TeamId, reason: str, planned_end: date | None = None, past: str = ""
    ) -> Episode:
        """B3. To the enhanced officers, with the reason; from now on the aim is a provider that can manage it."""
        with self._begin() as work:
            before = _seen(work, episode, seen)
            words, end = rules.check_reason("complex_reason", reason), planned_end or before.planned_end
            _raise(rules.check_end(before.started_on, end, "complex", past))
            changes = {
                "kind": "complex", "team_id": team, "complex_reason": words, "aim": "long_term_care",
                "planned_end": end, "past_six_weeks_reason": past.strip(), "lead_id": None,
            }  # fmt: skip
            return self._with_reviews(work, before, changes, end)

    def make_standard(self, episode: EpisodeId, seen: int, was: Episode) -> Episode:
        """Take ``make_complex`` back: as it was before."""
        with self._begin() as work:
            before = _seen(work, episode, seen)
            changes = {
                "kind": was.kind, "team_id": was.team_id, "aim": was.aim, "planned_end": was.planned_end,
                "past_six_weeks_reason": was.past_six_weeks_reason, "lead_id": was.lead_id,
            }  # fmt: skip
            return self._with_reviews(work, before, changes, was.planned_end)

    def set_lead(self, episode: EpisodeId, seen: int, lead: WorkerId | None) -> Episode:
        with self._begin() as work:
            return _change(work, _seen(work, episode, seen), {"lead_id": lead})

    def set_aim(self, episode: EpisodeId, seen: int, aim: Aim) -> Episode:
        """What it is working towards: it decides what blocks the end."""
        rules.check_aim(aim)
        with self._begin() as work:
            return _change(work, _seen(work, episode, seen), {"aim": aim})

    def end(self, episode: EpisodeId, seen: int, ended_on: date, outcome: Outcome, words: str = "") -> Episode:
        """How it ended. Without end scores only where the person could not be asked; to long-term care only with a
        package that a provider has accepted, from a day that leaves none without care (B3)."""
        with self._begin() as work:
            before = _seen(work, episode, seen)
            said = rules.check_outcome(before.started_on, ended_on, outcome, words, local_date(work.now))
            in_the_way = []
            if outcome in SCORED and before.end_assessment_id is None:
                in_the_way.append(obstacle("no_end_scores"))
            if outcome == "long_term_care":
                in_the_way += _hand_over(_detail(work, episode), ended_on)
            if in_the_way:
                raise Refused("end_reablement", tuple(in_the_way))
            return _change(work, before, {"ended_on": ended_on, "outcome": outcome, "end_words": said})

    def reopen(self, episode: EpisodeId, seen: int) -> Episode:
        """Within the hour: it has not ended after all."""
        with self._begin() as work:
            return _change(work, _seen(work, episode, seen), {"ended_on": None, "outcome": None})

    def _with_reviews(self, work: Work, before: Episode, changes: Mapping[str, Any], planned_end: date) -> Episode:
        added, dropped = rules.reviews_to_plan(work.reablement.reviews(before.id), before.started_on, planned_end)
        work.reablement.drop_reviews(dropped)
        after = _change(work, before, changes)
        work.reablement.plan_reviews(before.id, added)
        return after

    # ---------------------------------------------------------------- reviews

    def hold_review(self, episode: EpisodeId, review: Review, draft: ReviewDraft) -> EpisodeDetail:
        """What came of it. ``review`` as it was seen."""
        with self._begin() as work:
            head = _need(work, episode)
            checked = rules.check_review(draft, head.started_on, local_date(work.now))
            return self._review(work, episode, review, checked)

    def take_back_review(self, episode: EpisodeId, review: Review) -> EpisodeDetail:
        """Within the hour, by whoever wrote it down: it was not held after all."""
        with self._begin() as work:
            return self._review(work, episode, review, None)

    def _review(self, work: Work, episode: EpisodeId, review: Review, draft: ReviewDraft | None) -> EpisodeDetail:
        if not work.reablement.hold_review(review.id, review.revision, draft):
            raise Conflict("reablement", str(episode), review.revision, _detail(work, episode))
        return _detail(work, episode)

    # ---------------------------------------------------------------- what makes providers unable

    def add_barrier(
        self, episode: EpisodeId, barrier: BarrierId, kind: BarrierKind, words: str, done: str = ""
    ) -> EpisodeDetail:
        with self._begin() as work:
            rules.check_barrier(kind, words, done, None, local_date(work.now))
            made = Barrier(barrier, kind, words.strip(), done.strip(), None, UserName(""), work.now, 1)
            work.reablement.add_barrier(episode, made)
            return _detail(work, episode)

    def work_on_barrier(
        self, episode: EpisodeId, barrier: Barrier, done: str, resolved_on: date | None = None
    ) -> EpisodeDetail:
        """What has been done about it; with a day, it stands in the way no longer."""
        with self._begin() as work:
            rules.check_barrier(barrier.kind, barrier.words, done, resolved_on, local_date(work.now))
            changes = {"done": done.strip(), "resolved_on": resolved_on}
            if not work.reablement.change_barrier(barrier.id, barrier.revision, changes):
                raise Conflict("reablement", str(episode), barrier.revision, _detail(work, episode))
            return _detail(work, episode)

    # ---------------------------------------------------------------- the package

    def put_package(self, episode: EpisodeId, draft: PackageDraft, seen: int | None = None) -> EpisodeDetail:
        """What is wanted of a provider; with ``seen``, a change of what was. Not while a provider looks at it."""
        with self._begin() as work:
            if not work.reablement.put_package(episode, rules.check_package(draft), seen):
                raise Conflict("reablement", str(episode), seen or 0, _detail(work, episode))
            return _detail(work, episode)

    def offer(self, episode: EpisodeId, offer: OfferId, package: PackageId, provider: ProviderId) -> EpisodeDetail:
        """Ask a provider. Several may be asked, one after the other or at once; one can accept."""
        with self._begin() as work:
            work.reablement.offer(offer, package, provider)
            return _detail(work, episode)

    def answer(
        self, offer: OfferId, seen: int, answer: Answer, words: str = "", starts_on: date | None = None
    ) -> EpisodeDetail:
        """What a provider said. Declined, changed and withdrawn need words; accepted a day from which they come, unless
        the package has one. Of two that accept at once one is refused (AlreadyExists care_package_one_acceptance)."""
        with self._begin() as work:
            found = work.reablement.find_offer(offer)
            if found is None:
                raise NotFound("care_package_offer", str(offer))
            _, package, episode = found
            said = words.strip() if answer == "accepted" else rules.check_reason("words", words)
            if answer == "accepted" and starts_on is not None:
                work.reablement.set_start(package, starts_on)
            if not work.reablement.answer(offer, seen, answer, said):
                raise Conflict("reablement", str(episode), seen, _detail(work, episode))
            return _detail(work, episode)


# -------------------------------------------------------------------- inside a transaction


def _need(work: Work, episode: EpisodeId) -> Episode:
    found = work.reablement.get(episode)
    if found is None:
        raise NotFound("reablement", str(episode))
    return found


def _seen(work: Work, episode: EpisodeId, seen: int) -> Episode:
    found = _need(work, episode)
    if found.revision != seen:
        raise Conflict("reablement", str(episode), seen, found)
    return found


def _change(work: Work, before: Episode, changes: Mapping[str, Any]) -> Episode:
    if not work.reablement.change(before.id, before.revision, changes):
        raise Conflict("reablement", str(before.id), before.revision, _need(work, before.id))
    return _need(work, before.id)


def _detail(work: Work, episode: EpisodeId) -> EpisodeDetail:
    found = work.reablement.detail(episode)
    if found is None:
        raise NotFound("reablement", str(episode))
    start, end = work.reablement.signed(found.episode)
    return replace(found, scores=scores.compare(_side(start), _side(end)))


def _side(signed: SignedScores | None) -> scores.Side | None:
    return None if signed is None else (signed.form, counting(signed.form, signed.values))


def _hand_over(detail: EpisodeDetail, ended_on: date) -> list[Any]:
    package = detail.package
    if package is None:
        return [obstacle("package_missing")]
    if package.accepted is None:
        return [obstacle("package_not_accepted", waiting=len(package.waiting))]
    if package.starts_on is None:
        return [obstacle("package_without_start", provider=package.accepted.provider)]
    if package.starts_on > ended_on:
        return [obstacle("days_without_care", starts=package.starts_on, ended=ended_on)]
    return []


def _raise(problems: list[Any]) -> None:
    if problems:
        raise BadValues(tuple(problems))
