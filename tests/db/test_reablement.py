"""B2, B3: an episode on a real database, from the first day to the hand-over, and what it refuses to whom."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier as Gate
from typing import Any

import psycopg
import pytest

from coordination.errors import AlreadyExists, BadValues, BrokenRule, Conflict, NotFound, Refused
from coordination.reablement.model import BarrierId, EpisodeFilter, ReviewDraft
from coordination.values import new_id
from tests.database import CentreDb
from tests.db.reablement_kit import Ward
from tests.db.test_safeguarding import refused


@pytest.fixture
def ward(centre_db: CentreDb) -> Ward:
    return Ward(centre_db)


def test_six_weeks_with_their_reviews_from_start_to_independence(ward: Ward) -> None:
    person = ward.kit.person()
    ward.visits(person, ward.day(-20), 7, 45)
    ward.visits(person, ward.day(-6), 10, 20)
    service = ward.tess.services.reablement
    draft = ward.draft(person, -20)
    episode = service.start(draft)
    assert service.start(draft) == episode, "sent twice, begun once"
    assert [(r.due_on - episode.started_on).days for r in service.open_episode(episode.id).reviews] == [14, 28, 35]
    with pytest.raises(Refused) as told:
        ward.begin(person)
    assert told.value.obstacles[0].code == "reablement_is_open"

    start = ward.sign(person, "reablement-start", barthel_transfer="1", barthel_stairs="0")
    (row,) = service.rows()
    assert (row.minutes_start, row.minutes_now, row.score_start, row.score_end) == (7 * 45, 7 * 20, 16, None)
    detail = service.open_episode(episode.id)
    assert detail.episode.start_assessment_id == start, "linked by the database when it was signed"
    assert [(w.number, w.minutes) for w in detail.weeks] == [(1, 7 * 45), (2, 0), (3, 7 * 20)]

    due = detail.reviews[0]
    came = ReviewDraft(ward.day(-1), "reduce", "Washes alone, one call less", "Ann and her daughter")
    after = service.hold_review(episode.id, due, came)
    assert (after.reviews[0].decision, after.next_review) == ("reduce", after.reviews[1])
    with pytest.raises(Conflict):
        service.hold_review(episode.id, due, came)
    assert service.take_back_review(episode.id, after.reviews[0]).next_review.due_on == due.due_on  # type: ignore[union-attr]

    with pytest.raises(Refused) as told:
        service.end(episode.id, after.episode.revision, ward.today, "independent")
    assert [o.code for o in told.value.obstacles] == ["no_end_scores"]
    ward.sign(person, "reablement-end", barthel_stairs="1")
    ready = service.open_episode(episode.id)
    barthel = next(s for s in ready.scores if s.id == "barthel")
    assert (barthel.start, barthel.end, barthel.by, barthel.genuine) == (16, 19, 3, True)
    stairs = next(i for i in barthel.items if i.words == "Stairs")
    assert (stairs.start_points, stairs.end_points, stairs.by) == (0, 1, 1)
    ended = service.end(episode.id, ready.episode.revision, ward.today, "independent", "Manages alone")
    assert (ended.outcome, ended.closed_by_name, service.rows()) == ("independent", "Tess Example", [])
    assert [r.id for r in service.rows(EpisodeFilter(ended=True))] == [episode.id]
    again = service.reopen(ended.id, ended.revision)
    assert again.is_open and not again.end_words
    what = [e.what for e in service.open_episode(episode.id).events]
    assert what == ["opened", "ended", "reopened"]


def test_past_six_weeks_only_complex_with_a_reason_and_reviews_to_the_end(ward: Ward) -> None:
    service, episode = ward.tess.services.reablement, ward.begin(began=-35)
    with pytest.raises(BadValues) as told:
        service.move_end(episode.id, episode.revision, ward.day(30), "Still improving")
    assert [(p.field, p.reason) for p in told.value.problems] == [("planned_end", "past_six_weeks")]
    team = ward.complex_team()
    with pytest.raises(BadValues) as told:
        service.make_complex(episode.id, episode.revision, team, "Two workers, and frightened of men", ward.day(30))
    assert told.value.problems[0].field == "past_six_weeks_reason"
    past = "No provider yet: two workers at night"
    longer = service.make_complex(episode.id, episode.revision, team, "Two workers", ward.day(30), past)
    assert (longer.kind, longer.team_id, longer.aim, longer.planned_end) == (
        "complex",
        team,
        "long_term_care",
        ward.day(30),
    )
    due = [(r.due_on - episode.started_on).days for r in service.open_episode(episode.id).reviews]
    assert due == [14, 28, 35, 49, 63]
    back = service.make_standard(longer.id, longer.revision, episode)
    assert (back.kind, back.planned_end) == ("standard", episode.planned_end)
    assert len(service.open_episode(episode.id).reviews) == 3
    shorter = service.move_end(back.id, back.revision, ward.day(3))
    assert shorter.planned_end == ward.day(3)
    with pytest.raises(Conflict):
        service.move_end(back.id, back.revision, ward.day(2))


def test_handed_over_only_to_a_provider_who_has_accepted_from_a_day_that_leaves_no_gap(ward: Ward) -> None:
    service, episode = ward.tess.services.reablement, ward.begin(began=-30)
    person = episode.person_id
    ward.signed(person, "reablement-start")
    ward.signed(person, "reablement-end")
    episode = service.set_aim(episode.id, service.open_episode(episode.id).episode.revision, "long_term_care")

    def in_the_way() -> list[str]:
        with pytest.raises(Refused) as told:
            service.end(episode.id, episode.revision, ward.today, "long_term_care", "Handed over")
        return [o.code for o in told.value.obstacles]

    assert in_the_way() == ["package_missing"]
    package = ward.package(episode)
    assert in_the_way() == ["package_not_accepted"]
    first, second = ward.provider("Harbour Home Care"), ward.provider("Irwell Care")
    asked = ward.offer(episode, package, first)
    with pytest.raises(BrokenRule, match="care_package_offered_stays"):
        service.put_package(episode.id, replace(package, minutes_a_week=600), 1)
    with pytest.raises(BadValues):
        service.answer(asked, 1, "declined")
    service.answer(asked, 1, "declined", "Nobody free before 09:00 in Hulme")
    changed = service.put_package(episode.id, replace(package, minutes_a_week=600), 1)
    assert changed.package is not None and changed.package.minutes_a_week == 600
    taken = ward.offer(episode, package, second)
    with pytest.raises(BrokenRule, match="care_package_has_start"):
        service.answer(taken, 1, "accepted")
    done = service.answer(taken, 1, "accepted", starts_on=ward.day(2))
    assert done.package is not None and done.package.is_complete
    assert [(o.provider, o.state) for o in done.package.offers] == [
        ("Irwell Care", "accepted"), ("Harbour Home Care", "declined"),
    ]  # fmt: skip
    (row,) = service.rows()
    assert row.package is not None
    assert (row.package.accepted_by, row.package.declined, row.package.waiting) == ("Irwell Care", 1, 0)
    assert in_the_way() == ["days_without_care"]
    ward.sql("update care_package set starts_on = :d", d=ward.today)
    assert service.end(episode.id, episode.revision, ward.today, "long_term_care", "Handed over").outcome
    with pytest.raises(BrokenRule, match="reablement_ended_stays"):
        service.answer(taken, 2, "withdrawn", "Cannot after all")


def test_of_two_providers_who_accept_at_once_one_has_it(ward: Ward) -> None:
    episode = ward.begin()
    package = ward.package(episode, starts_on=ward.day(3))
    offers = [ward.offer(episode, package, ward.provider(name)) for name in ("Harbour Home Care", "Irwell Care")]
    desks = [ward.tess.services, ward.db.sign_in("theo.lead").services]
    gate = Gate(2)

    def accept(number: int) -> Any:
        gate.wait()
        try:
            return desks[number].reablement.answer(offers[number], 1, "accepted")
        except AlreadyExists as error:
            return error.constraint

    with ThreadPoolExecutor(2) as both:
        said = list(both.map(accept, (0, 1)))
    assert said.count("care_package_one_acceptance") == 1
    found = ward.tess.services.reablement.open_episode(episode.id).package
    assert found is not None and sorted(o.state for o in found.offers) == ["accepted", "offered"]


def test_a_provider_hands_back_while_another_desk_ends_it(ward: Ward) -> None:
    """Whoever comes second finds it as the first has left it: never handed over to somebody who has withdrawn."""
    episode = ward.begin()
    ward.signed(episode.person_id, "reablement-start")
    ward.signed(episode.person_id, "reablement-end")
    package = ward.package(episode, starts_on=ward.today)
    offer = ward.offer(episode, package, ward.provider())
    ward.tess.services.reablement.answer(offer, 1, "accepted")
    with ward.db.psql("theo.lead") as theo, ward.db.psql("tess.lead") as tess:
        theo.execute("begin")
        theo.execute("update care_package_offer set state = 'withdrawn', words = 'Nobody' where id = %s", (offer,))
        with ThreadPoolExecutor(1) as beside:
            ending = beside.submit(
                refused, tess, "update reablement_episode set ended_on = %(day)s, outcome = 'long_term_care'"
                " where id = %(id)s", day=ward.today, id=episode.id,
            )  # fmt: skip
            with ward.db.psql("tess.lead") as looking:
                waits = "select count(*) from pg_locks where not granted"
                while not looking.execute(waits).fetchone()[0]:
                    assert not ending.done(), ending.result()
            theo.execute("commit")
            assert ending.result() == "reablement_package_is_accepted"


def test_what_the_database_refuses_to_somebody_with_psql(ward: Ward) -> None:
    episode = ward.begin(began=-10)
    ward.signed(episode.person_id, "reablement-start")
    other = ward.kit.person("Davies", "Ann")
    strange = ward.signed(other, "reablement-start")
    team = ward.complex_team()
    with ward.db.psql("tess.lead") as psql:

        def no(query: str, **more: Any) -> str:
            facts = {"id": episode.id, "day": ward.today, "start": episode.started_on, "new": new_id()}
            return refused(psql, query, **{**facts, **more})

        change = "update reablement_episode set {} where id = %(id)s"
        assert no(change.format("planned_end = started_on + 43")) == "reablement_six_weeks"
        assert no(change.format("planned_end = started_on + 43, past_six_weeks_reason = 'x'")) == "reablement_six_weeks"
        made_complex = f"kind = 'complex', team_id = {team}, planned_end = started_on + 43, complex_reason = 'x'"
        assert no(change.format(made_complex)) == "reablement_six_weeks"
        assert no(change.format(f"kind = 'complex', team_id = {team}")) == "reablement_complex_has_reason"
        assert no(change.format("kind = 'complex', complex_reason = 'x'")) == "reablement_team_fits_kind"
        longer = change.format(made_complex + ", past_six_weeks_reason = 'x'")
        assert no(longer) == "", "the last review is a week before"
        much = change.format("planned_end = started_on + 80")
        assert no(much) == "reablement_reviewed_every_fortnight"
        assert no("delete from reablement_review where episode_id = %(id)s") == "reablement_reviewed_every_fortnight"
        assert no(change.format("planned_end = started_on")) == "reablement_ends_after_start"
        assert no(change.format("started_on = started_on - 1")) == "reablement_stays_whose_it_is"
        assert no(change.format("end_assessment_id = start_assessment_id")) == "reablement_scores_are_signed"
        assert no(change.format("start_assessment_id = %(other)s"), other=strange) == "reablement_scores_are_signed"
        end = change.format("ended_on = %(day)s, outcome = '{}'")
        assert no(end.format("independent")) == "reablement_end_is_scored"
        assert no(end.format("long_term_care")) == "reablement_package_is_accepted"
        assert no(end.format("died"), day=ward.day(1)) == "reablement_end_has_been"
        assert no(change.format("ended_on = %(day)s")) == "reablement_end_is_whole"
        add = (
            "insert into reablement_episode (id, person_id, team_id, started_on, planned_end{}) select %(new)s,"
            " person_id, (select min(id) from team where service = 'reablement'), %(start)s, %(start)s + 10{}"
            " from reablement_episode where id = %(id)s"
        )
        assert no(add.format("", "")) == "reablement_one_open"
        assert no(add.format(", ended_on, outcome", ", %(start)s, 'died'")) == "reablement_begins_open"
        hold = (
            "update reablement_review set held_on = %(day)s, decision = 'continue', words = 'x'"
            " where episode_id = %(id)s"
        )
        assert no(hold, day=ward.day(1)) == "reablement_review_has_been"
        assert no(hold.replace("'x'", "''")) == "reablement_review_is_whole"
        late = "update reablement_review set due_on = due_on + 100 where episode_id = %(id)s"
        assert no(late) == "reablement_review_within_episode"
        barrier = (
            "insert into reablement_barrier (id, episode_id, kind, words, resolved_on)"
            " values (%(new)s, %(id)s, 'times', 'x', %(day)s)"
        )
        assert no(barrier) == "reablement_barrier_resolved_by_something"
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            psql.execute("delete from reablement_episode")
    with ward.db.psql("max.manager") as psql, pytest.raises(psycopg.errors.InsufficientPrivilege):
        psql.execute("update reablement_episode set aim = 'less_care'")


def test_it_is_not_there_for_those_with_whom_the_person_does_not_share(ward: Ward) -> None:
    hidden = ward.kit.person("Secret", "Sid", sharing_level="named_teams")
    episode = ward.begin(ward.kit.person())
    secret = new_id()
    ward.sql(
        "insert into reablement_episode (id, person_id, team_id, started_on, planned_end)"
        " values (:i, :p, :t, :d, :d + 14)", i=secret, p=hidden, t=ward.team, d=ward.today,
    )  # fmt: skip
    service = ward.tess.services.reablement
    assert [r.id for r in service.rows()] == [episode.id]
    with pytest.raises(NotFound):
        service.open_episode(secret)
    ada = ward.db.sign_in("ada.admin").services.reablement
    assert ada.rows() == []


def test_what_makes_providers_unable_is_worked_on_one_by_one(ward: Ward) -> None:
    episode, service = ward.begin(), ward.tess.services.reablement
    detail = service.add_barrier(episode.id, BarrierId(new_id()), "two_workers", "Hoist: two workers four times a day")
    (barrier,) = detail.barriers
    assert service.rows()[0].barriers == 1
    detail = service.work_on_barrier(episode.id, barrier, "Ceiling track fitted: one worker is enough", ward.today)
    assert detail.barriers[0].resolved_on == ward.today
    with pytest.raises(Conflict):
        service.work_on_barrier(episode.id, barrier, "Again")
    assert service.rows()[0].barriers == 0


def test_the_worklist_is_as_many_queries_for_two_as_for_twelve(ward: Ward) -> None:
    from tests.db.test_people import statements

    service = ward.tess.services.reablement
    for number in range(2):
        ward.begin(ward.kit.person(f"Person{number}"), began=-number)
    with statements(ward.tess.engine) as opened:
        service.open_episode(service.rows()[0].id)
    assert len(opened) == 3, "the list, the episode, and that it was looked at"
    with statements(ward.tess.engine) as few:
        service.rows()
    for number in range(2, 12):
        ward.begin(ward.kit.person(f"Person{number}"), began=-number - 30 * (number % 2))
    with statements(ward.tess.engine) as many:
        rows = service.rows()
    assert len(few) == len(many) and len(rows) == 12
    ends = [r.planned_end for r in rows]
    assert all(e - timedelta(days=42) == r.started_on for e, r in zip(ends, rows, strict=True))
    overdue = [r.planned_end <= ward.today for r in rows]
    assert overdue == sorted(overdue, reverse=True), "past their planned end on top"
