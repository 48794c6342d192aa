"""What somebody with psql and their own password cannot pretend, skip or see sideways (R2, R4, E5, A3, D2)."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from coordination.errors import Refused
from coordination.people.model import PersonDraft
from coordination.values import PersonId, new_id
from db.work import beginner
from tests.care_kit import add_person, add_referral, answer_all, signed_conversation
from tests.database import USERS, CentreDb
from tests.db.deployment_kit import Kit, at

CORA, COLE = "cora.coordinator", "cole.coordinator"
DENIED = psycopg.errors.InsufficientPrivilege
LONG_AGO = "2001-01-01 00:00Z"


def refused(connection: Any, statement: str, *parameters: Any) -> str:
    """The constraint that refused it."""
    with pytest.raises(psycopg.errors.IntegrityError) as caught:
        connection.execute(statement, parameters)
    return caught.value.diag.constraint_name or ""


def one(connection: Any, statement: str, *parameters: Any) -> Any:
    return connection.execute(statement, parameters).fetchone()


def as_owner(db: CentreDb, statement: str, **values: Any) -> Any:
    with db.owner.begin() as connection:
        return connection.execute(text(statement), values)


# ---------------------------------------------------------------- who did it


def test_who_registered_recorded_and_began_is_the_login_and_stays_so(centre_db: CentreDb) -> None:
    person, contact, alert, plan = new_id(), new_id(), new_id(), new_id()
    made = {
        "person": ("registered_by, registered_at, id, surname", "'Example'", person, "registered_by"),
        "contact": ("recorded_by, recorded_at, id, channel, received_at", "'gp', now()", contact, "recorded_by"),
        "person_alert": ("recorded_by, since, id, person_id, kind", f"'{person}', 'access'", alert, "recorded_by"),
        "care_plan": ("created_by, created_at, id, person_id", f"'{person}'", plan, "created_by"),
    }
    with centre_db.psql(CORA) as c:
        for table, (columns, values, key, who) in made.items():
            insert = f"insert into {table} ({columns}) values (%s, %s, %s, {values})"
            c.execute(insert, [COLE, LONG_AGO, key])
            assert one(c, f"select {who} from {table} where id = %s", key)[0] == CORA, table
            c.execute(f"update {table} set {who} = %s, revision = 7 where id = %s", [COLE, key])
            assert one(c, f"select {who}, revision from {table} where id = %s", key) == (CORA, 7), table
        times = one(c, "select registered_at, recorded_at from person, contact where person.id = %s", person)
        assert all(time.year > 2001 for time in times)
        agreed = (
            "insert into sharing_agreement (id, person_id, level, teams, how, recorded_by, recorded_at)"
            " values (%s, %s, 'summary', '{1}', 'phone', %s, '2001-01-01')"
        )
        c.execute(agreed, [new_id(), person, COLE])
        for table in ("sharing_agreement", "person_sharing"):
            assert one(c, f"select recorded_by from {table} where person_id = %s", person)[0] == CORA
        assert one(c, "select recorded_at from sharing_agreement where person_id = %s", person)[0].year > 2001


def test_a_correction_by_a_colleague_does_not_become_their_registration(centre_db: CentreDb) -> None:
    person = new_id()
    with centre_db.psql(CORA) as c:
        c.execute("insert into person (id, surname) values (%s, 'Example')", [person])
    with centre_db.psql(COLE) as c:
        c.execute("update person set given = 'Other' where id = %s", [person])
        assert one(c, "select registered_by, given from person where id = %s", person) == (CORA, "Other")


def test_what_came_in_was_taken_in_by_the_login(centre_db: CentreDb) -> None:
    original, message = new_id(), new_id()
    keep = "insert into original (id, sha256, name, media_type, size, content{}) values (%s, 'x', 'x', 'x', 1, 'x'{})"
    with centre_db.psql(CORA) as c:
        with pytest.raises(DENIED):
            c.execute(keep.format(", received_by", ", 'cole.coordinator'"), [original])
        c.execute(keep.format("", ""), [original])
        c.execute(
            "insert into message (id, original_id, kind, outcome, read_by) values (%s, %s, 'mail', 'refused', %s)",
            [message, original, COLE],
        )
        assert one(c, "select received_by, read_by from original, message") == (CORA, CORA)


# ---------------------------------------------------------------- claims (E5)


def test_nobody_claims_in_anothers_name(centre_db: CentreDb) -> None:
    referral = add_referral(centre_db, add_person(centre_db), "Help at home")
    claim = "update referral set state = 'claimed', claimed_by = %s, claimed_at = %s, state_reason = %s where id = %s"
    with centre_db.psql(CORA) as c:
        assert refused(c, claim, COLE, LONG_AGO, "", referral) == "referral_hand_over_has_reason"
        c.execute(claim, [CORA, LONG_AGO, "", referral])
        c.execute("update referral set claimed_at = %s where id = %s", [LONG_AGO, referral])
        assert one(c, "select claimed_at from referral")[0].year > 2001
        c.execute(claim, [COLE, LONG_AGO, "", referral])  # from its holder's hand


def test_a_referral_begins_in_the_queue(centre_db: CentreDb) -> None:
    add_referral(centre_db, add_person(centre_db), "Help at home")
    again = (
        "insert into referral (id, contact_id, service, urgency, urgency_reason, need, source, received_at, due_at,"
        " state, claimed_by, claimed_at, state_reason, closed_at) select gen_random_uuid(), id, 'reablement',"
        " 'routine', 'x', 'x', 'gp', now(), now(), {} from contact"
    )
    with centre_db.psql(CORA) as c:
        for ending in ("'claimed', 'cole.coordinator', now(), '', null", "'closed', null, null, 'x', now()"):
            assert refused(c, again.format(ending)) == "referral_begins_waiting"


def test_what_was_taken_over_goes_back_by_undo(centre_db: CentreDb) -> None:
    referral = add_referral(centre_db, add_person(centre_db), "Help at home")
    cora, cole = centre_db.sign_in(CORA).services.intake, centre_db.sign_in(COLE).services.intake
    held = cora.accept(referral, 1).referral
    taken = cole.take_over(referral, held.revision, "Cora went home")
    back = cole.undo(taken.undo)
    assert (back.state, back.holder, back.state_reason) == ("accepted", CORA, held.state_reason)


# ---------------------------------------------------------------- signatures (A1, A3)


def test_answers_do_not_leave_a_signed_assessment(centre_db: CentreDb) -> None:
    asa, person = centre_db.sign_in("asa.assessor").services, add_person(centre_db)
    signed = signed_conversation(asa, person).assessment
    other = asa.assessment.start(add_person(centre_db, "Davison", "Emily"), "strengths-conversation").assessment
    with centre_db.psql("asa.assessor") as c:
        move = "update answer set assessment_id = %s where assessment_id = %s"
        assert refused(c, move, other.id, signed.id) == "answer_stays_where_it_is"


def test_an_answer_is_said_by_who_gives_it(centre_db: CentreDb) -> None:
    asa, person = centre_db.sign_in("asa.assessor").services, add_person(centre_db)
    earlier = signed_conversation(asa, person).assessment
    draft = asa.assessment.start(person, "strengths-conversation").assessment
    put = (
        "insert into answer (assessment_id, question, value, source, said_by, said_at, from_assessment)"
        " values (%s, %s, '\"x\"', %s, %s, %s, %s)"
    )
    with centre_db.psql(CORA) as c:
        c.execute(put, [draft.id, "new", "asked", COLE, LONG_AGO, None])
        said = one(c, "select said_by, said_at from answer where question = 'new'")
        assert said[0] == CORA and said[1].year > 2001
        invented = refused(c, put, draft.id, "invented", "carried_in", "asa.assessor", LONG_AGO, earlier.id)
        assert invented == "answer_is_as_it_was_said"
        c.execute("update answer set value = '\"y\"', said_by = %s where question = 'new'", [COLE])
        assert one(c, "select said_by from answer where question = 'new'")[0] == CORA


def test_a_signature_has_its_own_time_and_its_own_person(centre_db: CentreDb) -> None:
    asa = centre_db.sign_in("asa.assessor").services
    mine = add_person(centre_db)
    sheet = answer_all(asa, asa.assessment.start(mine, "strengths-conversation"))
    key = sheet.assessment.id
    other = add_person(centre_db, "Davison", "Emily")
    with centre_db.psql("asa.assessor") as c:
        moved = refused(c, "update assessment set person_id = %s where id = %s", other, key)
        assert moved == "assessment_stays_what_it_is"
        c.execute(
            "update assessment set state = 'signed', signed_by = session_user, signed_at = %s where id = %s",
            [LONG_AGO, key],
        )
        assert one(c, "select signed_at from assessment where id = %s", key)[0].year > 2001
        wrong = refused(
            c,
            "insert into assessment (id, person_id, form_id, form_version, corrects, correction_reason)"
            " select gen_random_uuid(), %s, form_id, form_version, id, 'x' from assessment where id = %s",
            other,
            key,
        )
        assert wrong == "assessment_corrects_signed"


def test_recognition_is_on_the_audit(centre_db: CentreDb) -> None:
    with centre_db.psql("max.manager") as c:
        c.execute("delete from recognised_assessor where user_name = 'asa.assessor'")
    with centre_db.psql("ida.governance") as c:
        entry = one(
            c, "select actor, action, record from audit.entry where area = 'recognised_assessor' order by id desc"
        )
    assert entry == ("max.manager", "delete", "asa.assessor")


# ---------------------------------------------------------------- legal moves (C1, N4, D2)


def test_an_ended_plan_stays_ended(centre_db: CentreDb) -> None:
    person, plan = add_person(centre_db), new_id()
    with centre_db.psql(CORA) as c:
        c.execute("insert into care_plan (id, person_id) values (%s, %s)", [plan, person])
        c.execute("update care_plan set state = 'ended', activated_at = %s", [LONG_AGO])
        assert one(c, "select activated_at from care_plan")[0] is None
        assert refused(c, "update care_plan set state = 'draft'") == "care_plan_move_is_legal"


def two_apartments(db: CentreDb) -> None:
    as_owner(db, "insert into scheme (name, kind, locality) values ('Test Court', 'extra_care', 'north')")
    as_owner(db, "insert into apartment (scheme_id, name) select id, n from scheme, (values ('1'), ('2')) v(n)")


def test_a_stay_does_not_end_before_it_began(centre_db: CentreDb) -> None:
    person = add_person(centre_db)
    two_apartments(centre_db)
    with centre_db.psql("pia.placement") as c:
        c.execute(
            "insert into stay (id, apartment_id, person_id, period, booked_by)"
            " select %s, min(id), %s, '[2026-12-01,2026-12-08)', 'pip.placement' from apartment",
            [new_id(), person],
        )
        assert one(c, "select booked_by from stay")[0] == "pia.placement"
        assert refused(c, "update stay set state = 'ended'") == "stay_move_is_legal"


def test_a_visit_does_not_change_under_the_worker_who_has_it(centre_db: CentreDb) -> None:
    kit = Kit(centre_db)
    kit.skill("insulin")
    worker = kit.worker("Wanda Worker")
    draft = kit.draft(kit.person(), at(9))
    tess = centre_db.sign_in("tess.lead")
    with beginner(tess.engine, tess.actor)() as work:
        work.deployment.add_visits([draft])
    with centre_db.psql("tess.lead") as c:
        c.execute(
            "insert into allocation (id, visit_id, worker_id, period, allocated_by)"
            " select gen_random_uuid(), id, %s, tstzrange(lower(arrive), lower(arrive) + interval '45 minutes'),"
            " 'theo.lead' from visit",
            [worker],
        )
        assert one(c, "select allocated_by from allocation")[0] == "tess.lead"
        for change in ("minutes = 60", "workers_needed = 2", "gender_asked = 'male'"):
            assert refused(c, f"update visit set {change}") == "visit_is_allocated"
        skill = refused(c, "insert into visit_skill select id, 'insulin' from visit")
        assert skill == "allocation_worker_has_skill"
        with pytest.raises(DENIED):
            c.execute("update worker set gender = 'male'")
    with centre_db.psql("theo.lead") as c:
        c.execute("update allocation set pinned = true, allocated_by = 'tess.lead'")
        assert one(c, "select allocated_by from allocation")[0] == "theo.lead", "whoever changed it last"


# ---------------------------------------------------------------- sideways looks (R2)


def named_teams(db: CentreDb, surname: str) -> PersonId:
    return add_person(db, surname, "Quintilla", sharing_level="named_teams")


def test_a_hidden_persons_name_is_not_found_by_spelling(centre_db: CentreDb) -> None:
    named_teams(centre_db, "Featherstonehaugh")
    add_person(centre_db, "Fotheringay")
    with centre_db.psql(CORA) as c:
        with pytest.raises(DENIED):
            c.execute("select * from name_lexicon")
        spelt = "select name_key from spelt_like(array['featherstonhaugh', 'fotheringey'])"
        assert c.execute(spelt).fetchall() == [("fotheringay",)]
    with centre_db.psql("ada.admin") as c:
        assert c.execute(spelt).fetchall() == []


def test_nothing_is_hung_on_a_hidden_person(centre_db: CentreDb) -> None:
    hidden = named_teams(centre_db, "Hidden")
    contact = "insert into contact (id, channel, received_at, person_id) values (%s, 'gp', now(), %s)"
    with centre_db.psql(CORA) as c:
        with pytest.raises(DENIED):
            c.execute(contact, [new_id(), hidden])
        c.execute(contact, [new_id(), None])
        with pytest.raises(DENIED):
            c.execute("update contact set person_id = %s", [hidden])


@pytest.mark.parametrize("known_by", ["message", "contact"])
def test_the_original_about_a_hidden_person_is_hidden_even_from_who_took_it_in(
    centre_db: CentreDb, known_by: str
) -> None:
    person, original, contact, message = add_person(centre_db), new_id(), new_id(), new_id()
    with centre_db.psql(CORA) as c:
        c.execute("insert into contact (id, channel, received_at) values (%s, 'email', now())", [contact])
        c.execute(
            "insert into original (id, sha256, name, media_type, size, content) values (%s, 'x', 'x', 'x', 1, 'x')",
            [original],
        )
        c.execute(
            "insert into message (id, original_id, kind, outcome, contact_id) values (%s, %s, 'mail', 'taken_in', %s)",
            [message, original, contact],
        )
        c.execute(f"update {known_by} set person_id = %s", [person])
        assert one(c, "select count(*) from original")[0] == 1
        as_owner(centre_db, "update person set sharing_level = 'named_teams'")
        assert one(c, "select (select count(*) from original), (select count(*) from message)") == (0, 0)


def test_a_stay_tells_nothing_of_a_hidden_persons_other_stay(centre_db: CentreDb) -> None:
    hidden = named_teams(centre_db, "Hidden")
    two_apartments(centre_db)
    book = (
        "insert into stay (id, apartment_id, person_id, period)"
        " select {}, {}(id), {}, '[2026-12-01,2026-12-08)' from apartment"
    )
    as_owner(centre_db, book.format(":i", "min", ":p"), i=new_id(), p=hidden)
    with centre_db.psql("pia.placement") as c, pytest.raises(DENIED):
        c.execute(book.format("%s", "max", "%s"), [new_id(), hidden])


# ---------------------------------------------------------------- accounts


def test_a_switched_off_login_changes_nothing_anywhere(centre_db: CentreDb) -> None:
    as_owner(centre_db, "update user_account set active = false")
    changes = {
        "max.manager": "delete from recognised_assessor",
        "ada.admin": "update practice set name = 'x'",
        "tess.lead": "delete from worker_skill",
        "pia.placement": "update apartment set name = name",
    }
    for user, change in changes.items():
        with centre_db.psql(user) as c, pytest.raises(DENIED):
            c.execute(change)


def test_an_account_whose_role_the_login_does_not_have_has_none(centre_db: CentreDb) -> None:
    add_person(centre_db)
    with centre_db.psql("ada.admin") as c:
        c.execute("update user_account set role = 'ig_lead' where user_name = %s", [CORA])
    with centre_db.psql(CORA) as c:
        assert one(c, "select my_role(), (select count(*) from person)") == (None, 0)


def test_a_verifier_is_a_whole_one_and_a_note_is_short(centre_db: CentreDb) -> None:
    with centre_db.psql("ada.admin") as c:
        make = "select create_login('new.person', 'SCRAM-SHA-256$ my password', 'New', 'manager', null, null)"
        assert refused(c, make) == "verifier_is_scram"
        assert refused(c, "select audit.note('view', 'person', repeat('a name ', 100))") == "audit_action"


def test_everybody_changes_their_own_password_and_nobody_elses(centre_db: CentreDb) -> None:
    with centre_db.psql(CORA) as c, c.transaction(force_rollback=True):
        c.execute("alter role current_user password 'another of my own'")
        with pytest.raises(DENIED), c.transaction():
            c.execute("alter role \"cole.coordinator\" password 'x'")


def test_there_is_no_store_beside_the_tables(centre_db: CentreDb) -> None:
    for user in sorted(USERS):
        with centre_db.psql(user) as c:
            for attempt in (
                "select lo_from_bytea(0, 'a name')",
                "create temporary table mine (name text)",
                "create temporary view person as select 1",
                "create schema mine",
                "copy (select 1) to '/tmp/x'",
            ):
                with pytest.raises(DENIED):
                    c.execute(attempt)


def test_a_hidden_persons_nhs_number_is_taken_by_nobody_in_particular(centre_db: CentreDb) -> None:
    person = add_person(centre_db, "Hidden", nhs_number="9990000018", sharing_level="named_teams")
    people = centre_db.sign_in(CORA).services.people
    with pytest.raises(Refused) as caught:
        people.register(PersonDraft(surname="Example", given="Eve", nhs_number="9990000018"), PersonId(new_id()))
    assert [o.code for o in caught.value.obstacles] == ["nhs_number_taken_unseen"]
    assert "Hidden" not in repr(caught.value) and str(person) not in repr(caught.value)
