"""Trusted (A3): who may sign is decided by agreement, scope and competency, in the database; and why not is said."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import text

from coordination.assessment.trust import HeldDraft, HeldId
from coordination.errors import AlreadyExists, Conflict, NotAllowed, Refused
from coordination.values import UserName, new_id
from db import migrations
from tests.care_kit import add_person, answer_all, signed_conversation
from tests.database import CentreDb
from tests.trust_kit import CONVERSATION, TODAY, agree, agreement_draft, days, recognise

CORA = "cora.coordinator"


def test_an_agreement_and_what_follows_from_its_dates_can_be_taken_back(centre_db: CentreDb) -> None:
    boss = centre_db.sign_in("max.manager")
    trust = boss.services.trust
    made = agree(boss)
    assert trust.agree(made.id, agreement_draft()) == made  # sent again
    with pytest.raises(AlreadyExists) as twice:
        agree(boss)
    assert twice.value.constraint == "trust_agreement_name"
    assert (made.standing(TODAY), made.contact_name, made.assessors) == ("in_force", "Max Example", 0)
    soon = trust.change_agreement(made.id, made.revision, agreement_draft(review_on=days(30)))
    assert soon.standing(TODAY) == "due_for_review"
    with pytest.raises(Conflict) as stale:
        trust.change_agreement(made.id, made.revision, agreement_draft())
    assert stale.value.current == soon
    ended = trust.end_agreement(made.id, soon.revision, days(-1), "Both sides agreed")
    assert (ended.standing(TODAY), ended.standing(days(-1))) == ("ended", "due_for_review")
    again = trust.resume_agreement(made.id, ended.revision)
    assert (again.standing(TODAY), again.end_reason) == ("due_for_review", "")
    cora = recognise(boss, again, CORA)
    assert next(a for a in trust.agreements() if a.id == made.id).assessors == 1
    with pytest.raises(Refused) as used:
        trust.drop_agreement(made.id, again.revision)
    assert used.value.obstacles[0].code == "relied_on"
    trust.drop_recognition(cora.id, cora.revision)
    trust.drop_agreement(made.id, again.revision)
    assert made.id not in [a.id for a in trust.agreements()]
    with centre_db.psql("max.manager") as psql, pytest.raises(psycopg.errors.CheckViolation) as wrong:
        psql.execute("update trust_agreement set forms = '{invented}'")
    assert wrong.value.diag.constraint_name == "trust_agreement_forms_are_there"


def test_what_is_missing_is_said_with_since_when_and_whom_to_ask(centre_db: CentreDb) -> None:
    """Each thing that can be missing, one after the other, until nothing is."""
    boss, cora = centre_db.sign_in("max.manager"), centre_db.sign_in(CORA)
    trust, may_sign = boss.services.trust, cora.services.assessment.may_sign

    def gaps(form: str = CONVERSATION) -> list[tuple[object, ...]]:
        return [(g.code, g.fact("subject"), g.fact("since"), g.fact("ask")) for g in may_sign(form)]

    assert [g[0] for g in gaps()] == ["assessor_not_recognised"]
    one = agree(boss, starts_on=days(3), competencies=("trusted_assessment", "care_act"))
    mine = recognise(boss, one, CORA, 5, 40)
    wanted = [
        ("agreement_not_begun", "", days(3), "Max Example"),
        ("recognition_not_begun", "", days(5), "Max Example"),
        ("competency_missing", "Care Act assessment", days(3), "Max Example"),
        ("competency_missing", "Trusted assessment training", days(3), "Max Example"),
    ]
    assert gaps() == wanted
    one = trust.change_agreement(one.id, one.revision, agreement_draft(competencies=("trusted_assessment",)))
    mine = trust.set_recognition(mine, days(-20), days(-2))
    draft = HeldDraft(UserName(CORA), "trusted_assessment", days(-400), days(-9))
    held = trust.add_competency(HeldId(new_id()), draft)
    assert [(g[0], g[2]) for g in gaps()] == [("recognition_ended", days(-2)), ("competency_expired", days(-9))]
    mine = trust.set_recognition(mine, days(-20), days(40))
    assert gaps() == [("competency_expired", "Trusted assessment training", days(-9), "Max Example")]
    assert gaps("reablement-start")[0][0] == "form_not_in_agreement"
    wide = replace(agreement_draft(), forms=("*",))
    one = trust.change_agreement(one.id, one.revision, wide)
    assert next((g[0], g[2]) for g in gaps("reablement-start")) == ("form_not_in_scope", days(-20))
    trust.set_competency_end(held, days(0))
    assert gaps() == []  # its last day counts
    ended = trust.end_agreement(one.id, one.revision, days(-1), "Over")
    assert [(g[0], g[2]) for g in gaps()] == [("agreement_ended", days(-1))]
    trust.resume_agreement(one.id, ended.revision)
    assert may_sign(CONVERSATION) == ()
    # Others may not ask about somebody; a manager may.
    with centre_db.psql("cole.coordinator") as psql:
        ask = "select count(*) from recognition_gaps(%s, %s, current_date)"
        assert psql.execute(ask, [CORA, "reablement-start"]).fetchone() == (0,)


def test_psql_signs_no_more_than_the_screen_and_is_told_why(centre_db: CentreDb) -> None:
    boss, cora = centre_db.sign_in("max.manager"), centre_db.sign_in(CORA)
    person = add_person(centre_db)
    one = agree(boss)
    recognise(boss, one, CORA)
    sheet = answer_all(cora.services, cora.services.assessment.start(person, CONVERSATION))
    held = HeldDraft(UserName(CORA), "trusted_assessment", days(-400), days(-9))
    boss.services.trust.add_competency(HeldId(new_id()), held)
    with pytest.raises(Refused) as refused:
        cora.services.assessment.sign(sheet.assessment.id, sheet.revision)
    assert [o.code for o in refused.value.obstacles] == ["competency_expired"]
    sign = (
        "update assessment set state = 'signed', signed_at = now(), signed_by = session_user,"
        " agreement_id = (select id from trust_agreement limit 1) where id = %s"
    )
    with centre_db.psql(CORA) as psql:
        with pytest.raises(psycopg.errors.CheckViolation) as broken:
            psql.execute(sign, [sheet.assessment.id])
        said = broken.value.diag
        assert said.constraint_name == "assessment_signer_is_recognised"
        assert said.message_detail == (
            f'The competency "Trusted assessment training", which "Ward to reablement" asks for, ran out on {days(-9)}.'
        )
        assert said.message_hint == "Ask Max Example."
        for forged in (
            "update assessor_competency set expires_on = null",
            "insert into assessor_competency (id, user_name, competency, gained_on)"
            " values (gen_random_uuid(), session_user, 'trusted_assessment', current_date)",
            "update recognised_assessor set forms = '{*}'",
            "update trust_agreement set competencies = '{}'",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                psql.execute(forged)
    boss.services.trust.add_competency(HeldId(new_id()), replace(held, last=days(300)))
    signed = cora.services.assessment.sign(sheet.assessment.id, sheet.revision)
    with centre_db.owner.connect() as connection:
        under = connection.execute(text("select agreement_id, recognition_id from assessment where id = :i"),
                                   {"i": signed.assessment.id}).one()  # fmt: skip
    assert under.agreement_id == one.id and under.recognition_id is not None


def test_managers_keep_it_and_nobody_recognises_themselves(centre_db: CentreDb) -> None:
    """What was relied on is ended, not rubbed out; colleagues see who is trusted, those concerned with what."""
    boss, asa = centre_db.sign_in("max.manager"), centre_db.sign_in("asa.assessor")
    trust = boss.services.trust
    one = agree(boss)
    with pytest.raises(NotAllowed):
        recognise(boss, one, "max.manager")
    with pytest.raises(NotAllowed):
        agree(asa, name="Mine")
    held = HeldDraft(UserName("asa.assessor"), "care_act", days(-10), days(20), "  Seen  ")
    kept = trust.add_competency(HeldId(new_id()), held)
    assert (kept.evidence, kept.validity(TODAY)) == ("Seen", "expires_soon")
    other = trust.add_competency(HeldId(new_id()), replace(held, competency="home_safety"))
    trust.drop_competency(other.id, other.revision)
    by_user = {a.user: a for a in trust.assessors()}
    assert by_user[UserName("asa.assessor")].held == (kept,)
    for user, sees in (("asa.assessor", True), ("tess.lead", True), (CORA, False)):
        (found,) = centre_db.sign_in(user).services.trust.assessors()
        assert (found.seen, bool(found.held)) == (sees, sees)
    signed_conversation(asa.services, add_person(centre_db))
    with pytest.raises(Refused) as relied:
        trust.drop_competency(kept.id, kept.revision)
    assert relied.value.obstacles[0].code == "relied_on"
    asas = by_user[UserName("asa.assessor")]
    with pytest.raises(Refused):
        trust.drop_recognition(asas.id, asas.revision)
    over = trust.end_recognition(asas, days(-1), "Left the ward")
    assert over.validity(TODAY) == "expired"
    assert [o.code for o in asa.services.assessment.may_sign(CONVERSATION)] == ["recognition_ended"]
    with pytest.raises(Conflict):
        trust.set_recognition(asas, days(-1), days(5))
    assert trust.assessors()[-1].id == over.id  # ended ones come last


def test_a_signature_waits_for_what_a_manager_ends_at_that_moment(centre_db: CentreDb) -> None:
    asa, person = centre_db.sign_in("asa.assessor"), add_person(centre_db)
    sheet = answer_all(asa.services, asa.services.assessment.start(person, CONVERSATION))
    sign = "update assessment set state = 'signed', signed_at = now(), signed_by = session_user where id = %s"
    with centre_db.psql("max.manager") as ending, centre_db.psql("asa.assessor") as signing:
        ending.autocommit = False
        ending.execute("update trust_agreement set ends_on = current_date - 1, end_reason = 'Over'")
        signing.execute("set lock_timeout = '200ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            signing.execute(sign, [sheet.assessment.id])
        ending.commit()
        with pytest.raises(psycopg.errors.CheckViolation) as over:
            signing.execute(sign, [sheet.assessment.id])
        assert "ended on" in str(over.value.diag.message_detail)


def test_recognitions_of_before_are_carried_on_and_back(centre_db: CentreDb) -> None:
    """0020 with data in place: nobody is recognised for less after it, nor for more when it is taken back."""
    asa, person = centre_db.sign_in("asa.assessor"), add_person(centre_db)
    signed = signed_conversation(asa.services, person)
    asa.engine.dispose()
    rows = text("select user_name, form_id, organisation, lower(valid), upper(valid) from recognised_assessor")
    with centre_db.owner.begin() as connection:
        connection.execute(
            text("insert into assessor_competency (id, user_name, competency, gained_on, expires_on) values"
                 " (uuidv7(), 'asa.assessor', 'care_act', :gained, :expires)"),
            {"gained": days(-5), "expires": days(5)},
        )  # fmt: skip
        connection.execute(text("update trust_agreement set competencies = '{care_act}', forms = '{reablement-start}'"))
        migrations.downgrade(connection, "0019")
        before = connection.execute(rows).all()
        assert before == [
            ("asa.assessor", "reablement-start", "North Manchester General", days(-5), days(6)),
        ]
        check = text("select is_recognised('asa.assessor', :f, :d)").bindparams(d=TODAY)
        assert connection.execute(check, {"f": "reablement-start"}).scalar() is True
        assert connection.execute(check, {"f": CONVERSATION}).scalar() is False
        connection.execute(
            text("insert into recognised_assessor (user_name, organisation, valid) values"
                 " ('asa.assessor', 'Elsewhere', daterange(:start, null)), ('cora.coordinator', 'Elsewhere',"
                 " daterange(null, :end))"), {"start": days(-60), "end": TODAY},
        )  # fmt: skip
        migrations.upgrade(connection)
        assert connection.execute(check, {"f": CONVERSATION}).scalar() is True
        names = text("select name from trust_agreement order by 1")
        assert connection.execute(names).scalars().all() == [
            "Elsewhere, as recognised", "North Manchester General, as recognised",
        ]  # fmt: skip
        kept = text("select a.state, g.name from assessment a join trust_agreement g on g.id = a.agreement_id")
        assert connection.execute(kept).one() == ("signed", "Elsewhere, as recognised")
    with centre_db.sign_in("asa.assessor").begin() as work:
        assert work.assessment.sheet(signed.assessment.id).assessment.state == "signed"
