"""Assessing away from the line: taken along, answered and signed there, brought back once (A1, A3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import text

from coordination.assessment.away import Begun, Given, Returning, SignedHere, TakenAlong, begin_here, signed_of
from coordination.assessment.model import Told
from coordination.assessment.rules import asked_questions
from coordination.clock import local_date
from coordination.errors import BadValue
from coordination.values import AssessmentId, PersonId, new_id
from tests.care_kit import add_person, add_referral, answer_all, some_answer
from tests.database import CentreDb, SignedIn

CONVERSATION = "strengths-conversation"


@pytest.fixture
def asa(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("asa.assessor")


@pytest.fixture
def emmeline(centre_db: CentreDb) -> PersonId:
    return add_person(centre_db)


def an_hour_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


def given(question: str, value: object, seen: int = 0, **more: object) -> Given:
    return Given(question, value, seen, an_hour_ago(), **more)  # type: ignore[arg-type]


def all_given(along: TakenAlong) -> list[Given]:
    """Whatever a signature needs, answered or confirmed on the ward."""
    found: dict[str, Given] = {}
    values = dict(along.sheet.values)
    while True:
        todo = [q for q in asked_questions(along.sheet.form, values) if q.required and q.id not in found]
        if not todo:
            return list(found.values())
        for question in todo:
            known = along.sheet.answers.get(question.id)
            value = some_answer(question) if known is None else known.value
            seen = 0 if known is None else known.revision
            found[question.id] = given(
                question.id, value, seen, confirmed=known is not None, saw=value if known else None
            )
            values[question.id] = value


def test_a_conversation_begun_and_signed_on_a_ward_comes_back_once(
    centre_db: CentreDb, asa: SignedIn, emmeline: PersonId
) -> None:
    referral = add_referral(centre_db, emmeline, "Fell in the kitchen", "Sylvia Test", "daughter")
    taken = asa.services.away.take_along(emmeline, referral)
    assert all(one.blank for one in taken) and len(taken) == len(asa.services.assessment.forms())
    blank = next(one for one in taken if one.sheet.form.id == CONVERSATION)
    assert blank.obstacles == () and blank.first == () and blank.record.contacts == ()
    assert blank.sheet.answers["what_happened"].said_by == "Sylvia Test (daughter)"
    here = begin_here(blank, AssessmentId(new_id()), an_hour_ago())
    answers = all_given(here)
    answers = [replace(g, told=Told("carer", "Sylvia")) if g.question == "what_matters" else g for g in answers]
    at = an_hour_ago() + timedelta(minutes=50)
    back = Returning(here.id, tuple(answers), here.begun, signed_of(here.sheet, answers, at))
    done = asa.services.away.bring_back(back)
    assert done.is_signed, (done.in_the_way, done.missing, done.differing, done.refused)
    head = done.sheet.assessment
    assert (head.id, head.away_signed_at, head.signed_by) == (here.id, at, "asa.assessor")
    assert head.signed_at is not None and head.signed_at > at
    assert here.begun is not None and head.away_started_at == here.begun.at
    matters = done.sheet.answers["what_matters"]
    assert (matters.said_role, matters.said_name, matters.away_at) == (
        "carer",
        "Sylvia",
        answers[0].at,
    ) or matters.away_at
    happened = done.sheet.answers["what_happened"]
    assert (happened.source, happened.said_by, happened.away_at) == ("confirmed", "Sylvia Test (daughter)", None)
    # The answer was lost, and it is sent again.
    again = asa.services.away.bring_back(back)
    assert again.sheet == done.sheet and set(again.saved) == {g.question for g in answers}
    with centre_db.owner.begin() as connection:
        assert connection.execute(text("select count(*) from assessment")).scalar_one() == 1
    assert done.sheet.assessment.signed_at == again.sheet.assessment.signed_at


def test_what_somebody_else_answered_meanwhile_is_not_overwritten(
    centre_db: CentreDb, asa: SignedIn, emmeline: PersonId
) -> None:
    sheet = answer_all(asa.services, asa.services.assessment.start(emmeline, CONVERSATION), good_day="Up at seven")
    key = sheet.assessment.id
    along = asa.services.away.open(key)
    cora = centre_db.sign_in("cora.coordinator").services.assessment
    seen = along.sheet.answers["good_day"].revision
    cora.answer(key, "good_day", "Up at nine", seen)
    other = next(q for q, a in along.sheet.answers.items() if q not in ("good_day", "what_matters"))
    mine = [given("good_day", "Up at six", seen, saw="Up at seven"), given("what_matters", "Roses", 1)]
    back = Returning(key, tuple(mine), signed=signed_of(along.sheet, mine, an_hour_ago()))
    done = asa.services.away.bring_back(back)
    assert not done.is_signed and done.saved == ("what_matters",)
    assert done.differing["good_day"] is not None and done.differing["good_day"].value == "Up at nine"
    assert done.sheet.values["good_day"] == "Up at nine" and done.sheet.values["what_matters"] == "Roses"
    # Ours is kept over theirs, and signed again; another one that was signed has changed meanwhile.
    mine = [given("good_day", "Up at six", done.differing["good_day"].revision)]
    present = done.sheet.answers[other]
    cora.answer(key, other, present.value, present.revision, Told("carer"))
    back = Returning(key, tuple(mine), signed=signed_of(done.sheet, mine, an_hour_ago()))
    done = asa.services.away.bring_back(back)
    assert not done.is_signed and done.changed == (other,) and done.sheet.values["good_day"] == "Up at six"
    back = Returning(key, (), signed=signed_of(done.sheet, (), an_hour_ago()))
    assert asa.services.away.bring_back(back).is_signed


def test_an_answer_that_cannot_be_and_one_that_came_after_the_signature_stay_with_their_giver(
    centre_db: CentreDb, asa: SignedIn, emmeline: PersonId
) -> None:
    sheet = answer_all(asa.services, asa.services.assessment.start(emmeline, CONVERSATION))
    key = sheet.assessment.id
    bad = Returning(key, (given("weight", "heavy"), given("no_such_question", "x"), given("weight", 61)))
    done = asa.services.away.bring_back(bad)
    assert done.refused == (BadValue("weight", "not_a_number"), BadValue("no_such_question", "not_in_form"))
    cora = centre_db.sign_in("cora.coordinator").services
    asa.services.assessment.sign(key, done.sheet.revision)
    late = cora.away.bring_back(Returning(key, (given("what_matters", "Roses", 1),)))
    assert late.is_signed and late.saved == () and list(late.differing) == ["what_matters"]
    assert late.in_the_way[0].code == "assessment_signed"


def test_begun_on_a_ward_it_goes_on_in_what_was_begun_meanwhile(
    centre_db: CentreDb, asa: SignedIn, emmeline: PersonId
) -> None:
    blank = next(o for o in asa.services.away.take_along(emmeline) if o.sheet.form.id == CONVERSATION)
    here = begin_here(blank, AssessmentId(new_id()), an_hour_ago())
    cora = centre_db.sign_in("cora.coordinator").services
    other = cora.assessment.start(emmeline, CONVERSATION).assessment.id
    cora.assessment.answer(other, "good_day", "Up at nine", 0)
    mine = (given("good_day", "Up at six"), given("what_matters", "Roses"))
    done = asa.services.away.bring_back(Returning(here.id, mine, here.begun))
    assert done.sheet.assessment.id == other and done.saved == ("what_matters",)
    assert done.differing["good_day"] is not None and done.differing["good_day"].value == "Up at nine"


@pytest.fixture
def yesterday() -> Callable[[], datetime]:
    return lambda: datetime.now(UTC) - timedelta(days=1)


def test_who_signs_is_recognised_on_the_day_of_signing_and_today(
    centre_db: CentreDb, asa: SignedIn, emmeline: PersonId, yesterday: Callable[[], datetime]
) -> None:
    sheet = answer_all(asa.services, asa.services.assessment.start(emmeline, CONVERSATION))
    key, today = sheet.assessment.id, local_date(datetime.now(UTC))

    def recognised(first: int, last: int) -> None:
        with centre_db.owner.begin() as connection:
            valid = text("update recognised_assessor set valid = daterange(:a, :b) where user_name = 'asa.assessor'")
            connection.execute(valid, {"a": today + timedelta(days=first), "b": today + timedelta(days=last)})

    def sent(at: datetime) -> list[str]:
        done = asa.services.away.bring_back(Returning(key, (), signed=signed_of(sheet, (), at)))
        return [one.code for one in done.in_the_way]

    recognised(0, 300)
    assert sent(yesterday()) == ["not_recognised_when_signed"]
    with centre_db.psql("asa.assessor") as c, pytest.raises(psycopg.errors.CheckViolation) as refused:
        c.execute(
            "update assessment set state = 'signed', signed_by = session_user, signed_at = now(),"
            " away_signed_at = now() - interval '1 day'"
        )
    assert refused.value.diag.constraint_name == "assessment_away_signer_is_recognised"
    recognised(-100, 0)
    assert len(sent(yesterday())) >= 1
    recognised(-100, 1)
    # A clock that runs ahead signs at the server's time; one that is months behind is not believed.
    done = asa.services.away.bring_back(
        Returning(
            key, (), signed=SignedHere(datetime.now(UTC) - timedelta(days=40), signed_of(sheet, (), yesterday()).seen)
        )
    )
    assert not done.is_signed
    assert sent(datetime.now(UTC) + timedelta(days=1)) == []
    head = asa.services.assessment.reread(key).assessment
    assert head.away_signed_at is not None and head.away_signed_at == head.signed_at


def test_the_conversation_still_comes_first(centre_db: CentreDb, asa: SignedIn, emmeline: PersonId) -> None:
    taken = asa.services.away.take_along(emmeline)
    blank = next(one for one in taken if one.first == (CONVERSATION,))
    here = begin_here(blank, AssessmentId(new_id()), an_hour_ago())
    answers = all_given(here)
    back = Returning(here.id, tuple(answers), here.begun, signed_of(here.sheet, answers, an_hour_ago()))
    done = asa.services.away.bring_back(back)
    assert not done.is_signed and "conversation_first" in [one.code for one in done.in_the_way]
    assert {g.question for g in answers} <= set(done.saved)
    assert isinstance(here.begun, Begun)
