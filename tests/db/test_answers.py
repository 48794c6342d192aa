"""Where every answer comes from, and that nobody rewrites it (A1, A3, R4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import event, text

from coordination.assessment.away import Returning
from coordination.assessment.model import Told
from coordination.values import AssessmentId, PersonId, new_id
from db import migrations
from db.stores.forms import publish_forms
from tests.care_kit import add_person, add_referral, signed_conversation
from tests.database import CentreDb, SignedIn

CONVERSATION = "strengths-conversation"
KNOWN = """
id = "known"
version = 1
title = "What is known"
[[section]]
id = "a"
title = "A"
kind = "conversation"
""" + "".join(
    f'[[section.question]]\nid = "{name}"\ntype = "{kind}"\ntext = "{name}?"\nknown = "{place}"\n'
    for name, kind, place in (
        ("speaks", "text", "person.language"),
        ("interpreter", "yes_no", "person.interpreter"),
        ("communication", "long_text", "person.communication"),
        ("carers", "long_text", "person.carers"),
        ("carer", "yes_no", "person.has_carer"),
        ("gp", "text", "person.gp"),
        ("alerts", "long_text", "person.alerts"),
        ("lives", "text", "person.address"),
        ("need", "long_text", "referral.need"),
    )
)


@pytest.fixture
def asa(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("asa.assessor")


@pytest.fixture
def emmeline(centre_db: CentreDb) -> PersonId:
    return add_person(centre_db, address="12 Nelson Street", language="Urdu", communication="Large print")


def refused(connection: Any, statement: str, *values: object) -> str:
    with pytest.raises(psycopg.Error) as error:
        connection.execute(statement, list(values))
    return error.value.diag.constraint_name or error.value.sqlstate or ""


def test_each_step_of_an_answer_is_kept_with_who_and_from_what_to_what(
    centre_db: CentreDb, asa: SignedIn, emmeline: PersonId
) -> None:
    referral = add_referral(centre_db, emmeline, "Fell in the kitchen", "Sylvia Test", "daughter")
    service, key = asa.services.assessment, AssessmentId(new_id())
    sheet = service.start(emmeline, CONVERSATION, referral, key=key)
    carried = sheet.answers["what_happened"]
    assert (carried.said_role, carried.said_by, carried.from_kind, carried.from_id) == (
        "carer", "Sylvia Test (daughter)", "referral", referral,
    )  # fmt: skip
    confirmed = service.confirm(key, "what_happened", 1)
    assert (confirmed.said_by, confirmed.said_at, confirmed.said_role) == (
        carried.said_by, carried.said_at, carried.said_role,
    )  # fmt: skip
    cora = centre_db.sign_in("cora.coordinator").services.assessment
    changed = cora.answer(key, "what_happened", "Slipped on the mat", 2, Told("carer", " Sylvia "))
    assert (changed.said_by, changed.said_role, changed.said_name) == ("cora.coordinator", "carer", "Sylvia")
    # The same words again, and this time they are the person's own.
    own = cora.answer(key, "what_happened", "Slipped on the mat", 3, Told("person"))
    assert (own.said_role, own.said_name, own.revision) == ("person", "", 4)
    assert cora.answer(key, "what_happened", "Slipped on the mat", 4, Told("person")) == own
    service.answer(key, "what_happened", None, 4)
    steps = asa.services.away.changes(key, "what_happened")
    assert [(s.step, s.by, s.was, s.is_now) for s in steps] == [
        ("carried_in", "asa.assessor", None, "Fell in the kitchen"),
        ("confirmed", "asa.assessor", "Fell in the kitchen", "Fell in the kitchen"),
        ("changed", "cora.coordinator", "Fell in the kitchen", "Slipped on the mat"),
        ("attributed", "cora.coordinator", "Slipped on the mat", "Slipped on the mat"),
        ("taken_back", "asa.assessor", "Slipped on the mat", None),
    ]
    assert steps[0].said_by_name == "Sylvia Test (daughter)" and steps[0].from_id == referral
    assert steps[2].by_name == "Cora Example" and steps[2].said_name == "Sylvia"


def test_history_follows_an_answer_into_later_assessments(asa: SignedIn, emmeline: PersonId) -> None:
    first = signed_conversation(asa.services, emmeline, what_matters="Her garden")
    correction = asa.services.assessment.correct(first.assessment.id, "It was roses")
    key = correction.assessment.id
    asa.services.assessment.answer(key, "what_matters", "Her roses", correction.answers["what_matters"].revision)
    steps = asa.services.away.changes(key, "what_matters")
    assert [(s.assessment, s.step, s.is_now) for s in steps] == [
        (first.assessment.id, "asked", "Her garden"), (key, "copied", "Her garden"), (key, "changed", "Her roses"),
    ]  # fmt: skip
    # What a correction copies was confirmed by nobody new.
    assert correction.answers["what_matters"].said_role == "person"


def test_psql_rewrites_no_history_and_invents_no_origin(centre_db: CentreDb, asa: SignedIn, emmeline: PersonId) -> None:
    referral = add_referral(centre_db, emmeline, "Fell in the kitchen", "Sylvia Test", "daughter")
    key = asa.services.assessment.start(emmeline, CONVERSATION, referral).assessment.id
    asa.services.assessment.confirm(key, "what_happened", 1)
    other = add_person(centre_db, "Davison", "Emily")
    put = (
        "insert into answer (assessment_id, question, value, source, said_by, said_at, said_role, from_kind, from_id)"
        " values (%s, %s, to_jsonb(%s::text), %s, %s, '2001-01-01', %s, %s, %s)"
    )
    with centre_db.psql("asa.assessor") as c:
        for statement in (
            "update answer_change set changed_by = 'cora.coordinator'", "delete from answer_change",
            "truncate answer_change",
                "insert into answer_change (assessment_id, question) select assessment_id, question from answer",
        ):  # fmt: skip
            assert refused(c, statement) == "42501"
        known = "answer_is_as_it_is_known"
        assert refused(c, put, key, "q", "Said so", "carried_in", "cora.coordinator", "record", "", None) == known
        assert refused(c, put, key, "q", "X", "carried_in", "x", "record", "referral", referral) == known
        assert refused(c, put, key, "q", "X", "carried_in", "x", "record", "person", other) == known
        assert refused(c, put, key, "q", "X", "carried_in", "x", "record", "message", uuid4()) == known
        # What is asked has no origin but the asking, whatever is claimed; a time away is never ahead of the server's.
        c.execute(put, [key, "q", "X", "confirmed", "cora.coordinator", "record", "referral", referral])
        c.execute("update answer set value = '\"Y\"', away_at = now() + interval '1 year' where question = 'q'")
        row = c.execute(
            "select source, said_by, from_kind, away_at <= now(), revision from answer where question = 'q'"
        )
        assert row.fetchone() == ("asked", "asa.assessor", "", True, 2)
        c.execute("update answer set said_by = 'cora.coordinator', revision = 1, away_at = null where question = 'q'")
        row = c.execute("select said_by, revision from answer where question = 'q'")
        assert row.fetchone() == ("asa.assessor", 3)
        assert refused(c, "update answer set from_kind = '', from_id = null") == "answer_stays_where_it_is"
        # A confirmed answer is still as it was said.
        c.execute(
            "update answer set said_by = 'me', said_at = now(), source = 'confirmed' where question = 'what_happened'"
        )
        row = c.execute("select said_by, source from answer where question = 'what_happened'")
        assert row.fetchone() == ("Sylvia Test (daughter)", "confirmed")
    with centre_db.owner.begin() as owner, pytest.raises(Exception, match="append-only"):
        owner.execute(text("update answer_change set changed_by = 'x'"))


def test_a_person_not_shared_has_no_history_to_read(centre_db: CentreDb, asa: SignedIn, emmeline: PersonId) -> None:
    signed_conversation(asa.services, emmeline)
    with centre_db.owner.begin() as connection:
        connection.execute(text("update person set sharing_level = 'summary'"))
    with centre_db.psql("cora.coordinator") as c:
        assert c.execute("select count(*) from answer_change").fetchone() == (0,)


def test_what_the_record_knows_comes_in_with_who_wrote_it_there(
    centre_db: CentreDb, asa: SignedIn, emmeline: PersonId
) -> None:
    with centre_db.owner.begin() as connection:
        publish_forms(connection, {"known.toml": KNOWN})
        connection.execute(text("insert into practice (code, name, phone) values ('P84999', 'The Surgery', '0161 1')"))
        connection.execute(text("update person set practice_code = 'P84999', interpreter = true"))
        around = "insert into person_around (id, person_id, name, relation, is_carer) values (:id, :p, :n, :r, :c)"
        for name, relation, carer in (("Sylvia Test", "daughter", True), ("Mr Green", "neighbour", False)):
            row = {"id": new_id(), "p": emmeline, "n": name, "r": relation, "c": carer}
            connection.execute(text(around), row)
        alert = "insert into person_alert (id, person_id, kind, words) values (:id, :p, 'access', 'Big dog')"
        connection.execute(text(alert), {"id": new_id(), "p": emmeline})
    with centre_db.psql("cora.coordinator") as c:
        c.execute("update person set language = 'Punjabi' where id = %s", [emmeline])
    add_referral(centre_db, emmeline, "Fell in the kitchen")
    sheet = asa.services.assessment.start(emmeline, "known")
    assert sheet.values == {
        "speaks": "Punjabi", "interpreter": True, "communication": "Large print", "carers": "Sylvia Test (daughter)",
        "carer": True, "gp": "The Surgery, 0161 1", "alerts": "access: Big dog", "lives": "12 Nelson Street",
        "need": "Fell in the kitchen",
    }  # fmt: skip
    spoken = sheet.answers["speaks"]
    assert (spoken.said_by, spoken.said_role, spoken.from_kind, spoken.from_id) == (
        "cora.coordinator", "record", "person", emmeline,
    )  # fmt: skip
    assert sheet.answers["need"].said_by == "cora.coordinator"
    assert {a.source for a in sheet.answers.values()} == {"carried_in"}


def test_opening_one_is_three_statements(asa: SignedIn, emmeline: PersonId) -> None:
    key = signed_conversation(asa.services, emmeline).assessment.id
    correction = asa.services.assessment.correct(key, "To see").assessment.id
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(asa.engine, "before_cursor_execute", note)
    opened = asa.services.away.open(correction)
    event.remove(asa.engine, "before_cursor_execute", note)
    assert len(statements) == 3, statements
    assert opened.record.person.id == emmeline and opened.obstacles == () and opened.first == ()
    assert opened.sheet == asa.services.assessment.reread(correction)
    cora = asa.services.away.open(key)
    assert cora.sheet.assessment.state == "signed"


def test_a_signature_from_away_keeps_both_times(asa: SignedIn, emmeline: PersonId) -> None:
    """More of the way back: tests/db/test_away.py."""
    signed = signed_conversation(asa.services, emmeline)
    assert signed.assessment.away_signed_at is None
    back = asa.services.away.bring_back(Returning(signed.assessment.id, ()))
    assert back.is_signed and back.sheet.assessment.signed_at is not None
    assert datetime.now(UTC) - back.sheet.assessment.signed_at < timedelta(minutes=2)


def test_the_step_is_taken_back_and_made_again_with_answers_in_place(
    centre_db: CentreDb, asa: SignedIn, emmeline: PersonId
) -> None:
    signed = signed_conversation(asa.services, emmeline, what_matters="Her garden").assessment
    with centre_db.owner.begin() as connection:
        migrations.downgrade(connection, "0022")
        kept = text("select value from answer where assessment_id = :a and question = 'what_matters'")
        assert connection.execute(kept, {"a": signed.id}).scalar_one() == "Her garden"
        assert not connection.execute(text("select to_regclass('answer_change')")).scalar_one()
    with centre_db.owner.begin() as connection:
        migrations.upgrade(connection)
    steps = asa.services.away.changes(signed.id, "what_matters")
    assert [(s.step, s.by, s.is_now, s.said_role) for s in steps] == [("asked", "asa.assessor", "Her garden", "")]
