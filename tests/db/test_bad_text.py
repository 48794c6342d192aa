"""Characters that cannot be stored, wherever they are typed: a field is named, and nothing is lost or logged."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from coordination.apartments.model import StayDraft
from coordination.errors import BadValue, BadValues
from coordination.people.model import PersonDraft
from coordination.values import ApartmentId, DateRange, PersonId, StayId, new_id
from tests.care_kit import add_person
from tests.database import CentreDb

UNSTORABLE = ["before\0after", "before\ud800after", "\udfff"]


@pytest.mark.parametrize("typed", UNSTORABLE)
def test_a_search_reads_past_them(centre_db: CentreDb, typed: str) -> None:
    people = centre_db.sign_in("cora.coordinator").services.people
    people.register(PersonDraft(surname="Before", given="After"), PersonId(new_id()))
    assert len(people.find(typed)) == (1 if "before" in typed else 0)


@pytest.mark.parametrize("typed", UNSTORABLE)
def test_an_answer_with_them_is_refused_by_name(centre_db: CentreDb, typed: str) -> None:
    assessment = centre_db.sign_in("asa.assessor").services.assessment
    sheet = assessment.start(add_person(centre_db), "strengths-conversation")
    question = next(q for q in sheet.form.questions() if q.type == "long_text")
    with pytest.raises(BadValue) as caught:
        assessment.answer(sheet.assessment.id, question.id, typed, 0)
    assert (caught.value.field, caught.value.reason) == (question.id, "has_unstorable_character")


def test_a_stay_is_cancelled_with_words_that_can_be_kept(centre_db: CentreDb) -> None:
    with centre_db.owner.begin() as c:
        c.execute(text("insert into scheme (name, kind, locality) values ('Test Court', 'extra_care', 'north')"))
        flat = c.execute(
            text("insert into apartment (scheme_id, name) select id, '1' from scheme returning id")
        ).scalar()
    apartments = centre_db.sign_in("pia.placement").services.apartments
    days = DateRange(date(2026, 12, 1), date(2026, 12, 8))
    booked = apartments.book(
        StayId(new_id()), StayDraft(ApartmentId(flat), days, "stay", add_person(centre_db), purpose="respite")
    )
    for reason, fault in [
        *((typed, "has_unstorable_character") for typed in UNSTORABLE),
        ("x" * 100_000, "too_long"),
        ("   ", "required"),
    ]:
        with pytest.raises(BadValues) as caught:
            apartments.cancel(booked.id, booked.revision, reason)
        assert [(p.field, p.reason) for p in caught.value.problems] == [("reason", fault)]
    kept = "O'Neill’s مريم 👩🏽‍⚕️"
    assert apartments.cancel(booked.id, booked.revision, kept).reason == kept


@pytest.mark.parametrize("typed", UNSTORABLE)
def test_what_no_rule_looked_at_is_still_an_error_of_the_domain(centre_db: CentreDb, typed: str) -> None:
    with pytest.raises(BadValue) as caught:
        centre_db.sign_in("cora.coordinator").services.governance.note("print", "people", typed)
    assert caught.value.reason == "has_unstorable_character"
    assert typed not in str(caught.value)


def test_marks_that_turn_words_round_are_left_out_and_scripts_from_the_right_are_kept(centre_db: CentreDb) -> None:
    people = centre_db.sign_in("cora.coordinator").services.people
    turned = people.register(PersonDraft(surname="\u202eOver\u2066ride\x07", given="A\x1b[31m"), PersonId(new_id()))
    assert (turned.fields.surname, turned.fields.given) == ("Override", "A[31m")
    kept = PersonDraft(surname="مريم الحسيني", given="👩🏽‍⚕️ O'Neill-D’Arcy", known_as="e\u0301\u200fx")
    shown = people.register(kept, PersonId(new_id())).fields
    assert (shown.surname, shown.given, shown.known_as) == (kept.surname, kept.given, kept.known_as)
