"""Trusted assessments on the real database: carrying in, autosave, signing, refusing, correcting (A1-A3)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from threading import Event

import psycopg
import pytest
from sqlalchemy import Engine, event, text

from coordination.assessment import rules
from coordination.assessment.faults import FormFaults
from coordination.assessment.model import Answer, AssessmentSheet, FormKey
from coordination.errors import BadValue, BadValues, Conflict, IllegalMove, NotAllowed, NotFound, Refused
from coordination.values import AssessmentId, PersonId, new_id
from db.stores.forms import publish_forms
from tests.care_kit import add_person, add_referral, answer_all, signed_conversation
from tests.database import CentreDb, SignedIn

CONVERSATION = "strengths-conversation"


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def asa(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("asa.assessor")


@pytest.fixture
def emmeline(centre_db: CentreDb) -> PersonId:
    return add_person(centre_db)


def recognise(db: CentreDb, user: str, first: str, end: str, form: str = "*") -> None:
    with db.owner.begin() as connection:
        connection.execute(
            text(
                "insert into recognised_assessor (user_name, agreement_id, forms, organisation, valid)"
                " select :u, id, array[:f], 'Test trust', daterange(cast(:a as date), cast(:b as date))"
                " from trust_agreement where name = 'Test agreement'"
            ),
            {"u": user, "f": form, "a": first, "b": end},
        )


def test_shipped_forms_are_published_once(centre_db: CentreDb, asa: SignedIn) -> None:
    forms = asa.services.assessment.forms()
    assert {"reablement-start": 2, CONVERSATION: 2}.items() <= {form.id: form.version for form in forms}.items()
    assert [form.title for form in forms] == sorted(form.title for form in forms)
    with centre_db.owner.begin() as connection:
        assert publish_forms(connection) == []


def test_a_published_version_never_changes(centre_db: CentreDb, asa: SignedIn, emmeline: PersonId) -> None:
    one = 'id = "small"\nversion = 1\ntitle = "Small"\n[[section]]\nid = "a"\ntitle = "A"\nkind = "conversation"\n'
    one += '[[section.question]]\nid = "q"\ntype = "text"\ntext = "Well?"\n'
    with centre_db.owner.begin() as connection:
        assert publish_forms(connection, {"small.toml": one}) == [FormKey("small", 1)]
        with pytest.raises(Refused) as refused:
            publish_forms(connection, {"small.toml": one.replace("Well?", "How?")})
        assert refused.value.obstacles[0].code == "form_version_differs"
        assert refused.value.obstacles[0].fact("version") == 1
        with pytest.raises(FormFaults):
            publish_forms(connection, {"bad.toml": 'id = "bad"'})
    old = asa.services.assessment.start(emmeline, "small")
    with centre_db.owner.begin() as connection:
        publish_forms(connection, {"small.toml": one.replace("Well?", "How?").replace("version = 1", "version = 2")})
    assert asa.services.assessment.reread(old.assessment.id).form.questions()[0].text == "Well?"
    assert {f.version for f in asa.services.assessment.forms() if f.id == "small"} == {2}


def test_answers_survive_with_who_and_when(asa: SignedIn, emmeline: PersonId) -> None:
    sheet = asa.services.assessment.start(emmeline, CONVERSATION)
    key = sheet.assessment.id
    for question, value in {
        "what_matters": "  Her garden, naïve & ‘proud’ 🌹 אמא  ",
        "how_we_talk": ("interpreter", "time"),
        "has_carer": False,
        "weight": 61.5,
        "washing": "alone",
    }.items():
        saved = asa.services.assessment.answer(key, question, value, 0)
        assert saved.revision == 1
    again = asa.services.assessment.answer(key, "fall_when", date(2026, 10, 3), 0)
    assert again.value == date(2026, 10, 3)
    sheet = asa.services.assessment.open(key)
    assert sheet.values == {
        "what_matters": "Her garden, naïve & ‘proud’ 🌹 אמא",
        "how_we_talk": ("time", "interpreter"),
        "has_carer": False,
        "weight": 61.5,
        "washing": "alone",
        "fall_when": date(2026, 10, 3),
    }
    answer = sheet.answers["washing"]
    assert (answer.said_by, answer.said_by_name, answer.source) == ("asa.assessor", "Asa Example", "asked")
    assert abs(answer.said_at - datetime.now(UTC)) < timedelta(minutes=2)


def test_bad_answers_are_refused_by_name(asa: SignedIn, emmeline: PersonId) -> None:
    key = asa.services.assessment.start(emmeline, CONVERSATION).assessment.id
    for question, value, reason in [
        ("weight", 3000, "too_large"),
        ("washing", "with pleasure", "not_an_option"),
        ("what_matters", "x" * 100_000, "too_long"),
        ("what_matters", "a\0b", "has_unstorable_character"),
        ("has_carer", "yes", "not_yes_or_no"),
    ]:
        with pytest.raises(BadValue) as bad:
            asa.services.assessment.answer(key, question, value, 0)
        assert (bad.value.field, bad.value.reason) == (question, reason)
    with pytest.raises(NotFound):
        asa.services.assessment.answer(key, "no_such", "x", 0)


def test_two_desks_on_one_answer(centre_db: CentreDb, asa: SignedIn, emmeline: PersonId) -> None:
    cora = centre_db.sign_in("cora.coordinator")
    key = asa.services.assessment.start(emmeline, CONVERSATION).assessment.id
    asa.services.assessment.answer(key, "what_matters", "Roses", 0)
    with pytest.raises(Conflict) as first:
        cora.services.assessment.answer(key, "what_matters", "Tulips", 0)
    current = first.value.current
    assert isinstance(current, Answer) and current.value == "Roses"
    changed = cora.services.assessment.answer(key, "what_matters", "Tulips", current.revision)
    assert (changed.revision, changed.said_by) == (2, "cora.coordinator")
    with pytest.raises(Conflict):
        asa.services.assessment.answer(key, "what_matters", "Lilies", 1)
    # A save whose commit was in doubt is sent again: nothing happens twice.
    assert cora.services.assessment.answer(key, "what_matters", "Tulips", 1).revision == 2
    taken_back = asa.services.assessment.answer(key, "what_matters", None, 2)
    assert taken_back.value is None
    assert "what_matters" not in asa.services.assessment.reread(key).values


def test_start_goes_on_with_the_open_draft(centre_db: CentreDb, asa: SignedIn, emmeline: PersonId) -> None:
    cora = centre_db.sign_in("cora.coordinator")
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(d.services.assessment.start, emmeline, CONVERSATION) for d in (asa, cora)]
        keys = {one.result().assessment.id for one in both}
    assert len(keys) == 1


def test_known_answers_are_carried_in_with_their_source(centre_db: CentreDb, asa: SignedIn, emmeline: PersonId) -> None:
    referral = add_referral(centre_db, emmeline, "Fell in the kitchen", "Sylvia Test", "daughter")
    sheet = asa.services.assessment.start(emmeline, CONVERSATION, referral)
    known = sheet.answers["what_happened"]
    assert (known.value, known.source, known.said_by_name) == (
        "Fell in the kitchen",
        "carried_in",
        "Sylvia Test (daughter)",
    )
    assert known.said_at == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    assert "not_confirmed" in {p.reason for p in rules.missing(sheet)}
    confirmed = asa.services.assessment.confirm(sheet.assessment.id, "what_happened", 1)
    assert (confirmed.source, confirmed.said_by, confirmed.said_at) == ("confirmed", known.said_by, known.said_at)
    first = signed_conversation(asa.services, emmeline, outcomes_wanted="Walk to the shop\nSleep upstairs")

    cora = centre_db.sign_in("cora.coordinator")
    second = cora.services.assessment.start(emmeline, "reablement-start")
    carried = second.answers["outcomes_wanted"]
    assert carried.value == "Walk to the shop\nSleep upstairs"
    assert (carried.source, carried.from_assessment, carried.said_by) == (
        "carried_in",
        first.assessment.id,
        "asa.assessor",
    )
    assert carried.said_at == first.answers["outcomes_wanted"].said_at
    changed = cora.services.assessment.answer(second.assessment.id, "outcomes_wanted", "Dance", carried.revision)
    assert (changed.source, changed.said_by, changed.from_assessment) == (
        "asked",
        "cora.coordinator",
        first.assessment.id,
    )


def test_signing_says_what_is_missing_then_signs_for_good(asa: SignedIn, emmeline: PersonId) -> None:
    service = asa.services.assessment
    sheet = service.start(emmeline, CONVERSATION)
    with pytest.raises(BadValues) as missing:
        service.sign(sheet.assessment.id, sheet.revision)
    assert missing.value.problems[0] == BadValue("what_happened", "required")
    sheet = answer_all(asa.services, sheet)
    with pytest.raises(Conflict) as stale:
        service.sign(sheet.assessment.id, sheet.revision - 1)
    assert isinstance(stale.value.current, AssessmentSheet)
    signed = service.sign(sheet.assessment.id, sheet.revision)
    assert (signed.assessment.state, signed.assessment.signed_by_name) == ("signed", "Asa Example")
    assert signed.assessment.signed_at is not None
    with pytest.raises(Refused) as over:
        service.answer(sheet.assessment.id, "what_matters", "Else", 1)
    assert over.value.obstacles[0].code == "assessment_signed"
    with pytest.raises(IllegalMove):
        service.sign(sheet.assessment.id, signed.revision)


@pytest.mark.parametrize(
    ("dates", "code"),
    [
        (None, "assessor_not_recognised"),
        (("2024-01-01", "2025-01-01"), "recognition_ended"),
        (("2096-01-01", "2097-01-01"), "recognition_not_begun"),
    ],
)
def test_only_a_recognised_assessor_in_date_signs(
    centre_db: CentreDb, emmeline: PersonId, dates: tuple[str, str] | None, code: str
) -> None:
    if dates:
        recognise(centre_db, "cora.coordinator", *dates)
    cora = centre_db.sign_in("cora.coordinator")
    sheet = answer_all(cora.services, cora.services.assessment.start(emmeline, CONVERSATION))
    assert [o.code for o in cora.services.assessment.may_sign(CONVERSATION)] == [code]
    with pytest.raises(Refused) as refused:
        cora.services.assessment.sign(sheet.assessment.id, sheet.revision)
    assert [o.code for o in refused.value.obstacles] == [code]
    with centre_db.psql("cora.coordinator") as psql, pytest.raises(psycopg.errors.CheckViolation) as broken:
        psql.execute(
            "update assessment set state = 'signed', signed_at = now(), signed_by = session_user where id = %s",
            [sheet.assessment.id],
        )
    assert broken.value.diag.constraint_name == "assessment_signer_is_recognised"


def test_recognition_covers_its_form_only(centre_db: CentreDb, emmeline: PersonId) -> None:
    recognise(centre_db, "cora.coordinator", "2024-01-01", "2096-01-01", form="reablement-start")
    cora = centre_db.sign_in("cora.coordinator")
    assert cora.services.assessment.may_sign("reablement-start") == ()
    (other,) = cora.services.assessment.may_sign(CONVERSATION)
    assert (other.code, other.fact("since")) == ("form_not_in_scope", date(2024, 1, 1))


def test_strengths_come_first(asa: SignedIn, emmeline: PersonId) -> None:
    sheet = answer_all(asa.services, asa.services.assessment.start(emmeline, "reablement-start"))
    with pytest.raises(Refused) as refused:
        asa.services.assessment.sign(sheet.assessment.id, sheet.revision)
    assert [(o.code, o.fact("form")) for o in refused.value.obstacles] == [("conversation_first", CONVERSATION)]
    signed_conversation(asa.services, emmeline)
    signed = asa.services.assessment.sign(sheet.assessment.id, sheet.revision)
    barthel = next(score for score in signed.form.scores if score.id == "barthel")
    assert rules.total(signed.form, barthel, signed.values) == 20


@pytest.mark.parametrize(
    "statement",
    [
        "update assessment set state = 'draft', signed_at = null, signed_by = null where id = %(id)s",
        "update assessment set revision = 99 where id = %(id)s",
        "delete from assessment where id = %(id)s",
        "update answer set value = '\"other\"' where assessment_id = %(id)s",
        "delete from answer where assessment_id = %(id)s",
        "insert into answer (assessment_id, question, value) values (%(id)s, 'invented', '1')",
    ],
)
def test_signed_is_immutable_for_its_own_assessor_in_sql(
    centre_db: CentreDb, asa: SignedIn, emmeline: PersonId, statement: str
) -> None:
    signed = signed_conversation(asa.services, emmeline)
    with centre_db.psql("asa.assessor") as psql, pytest.raises(psycopg.errors.CheckViolation) as broken:
        psql.execute(statement, {"id": signed.assessment.id})
    assert broken.value.diag.constraint_name == "assessment_signed_is_immutable"
    assert asa.services.assessment.reread(signed.assessment.id) == signed


def test_nobody_signs_for_another(centre_db: CentreDb, asa: SignedIn, emmeline: PersonId) -> None:
    sheet = answer_all(asa.services, asa.services.assessment.start(emmeline, CONVERSATION))
    with centre_db.psql("cora.coordinator") as psql, pytest.raises(psycopg.errors.CheckViolation) as broken:
        psql.execute(
            "update assessment set state = 'signed', signed_at = now(), signed_by = 'asa.assessor' where id = %s",
            [sheet.assessment.id],
        )
    assert broken.value.diag.constraint_name == "assessment_signed_by_self"


def test_an_answer_racing_with_the_signature_waits_and_is_refused(
    centre_db: CentreDb, asa: SignedIn, emmeline: PersonId
) -> None:
    """Whoever comes second: the signature never covers what its signer did not see."""
    cora = centre_db.sign_in("cora.coordinator")
    sheet = answer_all(asa.services, asa.services.assessment.start(emmeline, CONVERSATION))
    key = sheet.assessment.id
    may_commit = Event()

    def sign_slowly(signed: Event) -> None:
        with asa.begin() as work:
            work.assessment.sheet(key, lock=True)
            work.assessment.sign(key)
            signed.set()
            assert may_commit.wait(30)

    signed = Event()
    with ThreadPoolExecutor(2) as pool:
        signing = pool.submit(sign_slowly, signed)
        assert signed.wait(30)
        answering = pool.submit(cora.services.assessment.answer, key, "good_day", "Fish on Friday", 1)
        _until_somebody_waits(centre_db)
        assert not answering.done()
        may_commit.set()
        signing.result()
        with pytest.raises(Refused):
            answering.result()
    assert asa.services.assessment.reread(key).answers == sheet.answers


def test_an_answer_that_came_first_makes_the_signature_look_again(
    centre_db: CentreDb, asa: SignedIn, emmeline: PersonId
) -> None:
    cora = centre_db.sign_in("cora.coordinator")
    sheet = answer_all(asa.services, asa.services.assessment.start(emmeline, CONVERSATION))
    key, may_commit, saved = sheet.assessment.id, Event(), Event()

    def answer_slowly() -> None:
        with cora.begin() as work:
            _, form, _ = work.assessment.hold_question(key, "good_day")
            question = form.question("good_day")
            assert question is not None
            assert work.assessment.put_answer(key, question, "Fish on Friday", "asked", seen=1)
            saved.set()
            assert may_commit.wait(30)

    with ThreadPoolExecutor(2) as pool:
        answering = pool.submit(answer_slowly)
        assert saved.wait(30)
        signing = pool.submit(asa.services.assessment.sign, key, sheet.revision)
        _until_somebody_waits(centre_db)
        may_commit.set()
        answering.result()
        with pytest.raises(Conflict) as stale:
            signing.result()
    assert stale.value.current.values["good_day"] == "Fish on Friday"


def test_a_correction_is_a_new_version_that_says_what_changed(asa: SignedIn, emmeline: PersonId) -> None:
    service = asa.services.assessment
    signed = signed_conversation(asa.services, emmeline, what_matters="Roses")
    with pytest.raises(BadValue):
        service.correct(signed.assessment.id, "  ")
    key = AssessmentId(new_id())
    draft = service.correct(signed.assessment.id, "She said tulips", key=key)
    assert draft.assessment.id == key and draft.assessment.corrects == signed.assessment.id
    assert draft.values == signed.values
    assert {a.from_assessment for a in draft.answers.values()} == {signed.assessment.id}
    assert rules.missing(draft) == [] and rules.differences(draft) == []
    assert service.correct(signed.assessment.id, "Again").assessment.id == key
    service.answer(key, "what_matters", "Tulips", 1)
    draft = service.reread(key)
    assert [(d.question, d.was, d.is_now) for d in rules.differences(draft)] == [("what_matters", "Roses", "Tulips")]
    service.sign(key, draft.revision)
    assert [(a.id, a.corrected_by) for a in service.history(emmeline)] == [(key, None), (signed.assessment.id, key)]
    with pytest.raises(IllegalMove):
        service.correct(service.start(emmeline, "reablement-start").assessment.id, "Not signed yet")


def test_opening_is_three_queries_whatever_its_size(asa: SignedIn, emmeline: PersonId) -> None:
    signed = signed_conversation(asa.services, emmeline)
    correction = asa.services.assessment.correct(signed.assessment.id, "To look at")
    for key in (signed.assessment.id, correction.assessment.id):
        with counted(asa.engine) as statements:
            asa.services.assessment.open(key)
        assert len(statements) <= 3, statements


def test_who_may_not(centre_db: CentreDb, asa: SignedIn, emmeline: PersonId) -> None:
    key = asa.services.assessment.start(emmeline, CONVERSATION).assessment.id
    max_ = centre_db.sign_in("max.manager")
    with pytest.raises(NotAllowed):
        max_.services.assessment.start(emmeline, "reablement-start")
    with pytest.raises(NotAllowed):
        max_.services.assessment.answer(key, "what_matters", "x", 0)
    with pytest.raises(NotFound):
        centre_db.sign_in("ada.admin").services.assessment.open(key)
    hidden = add_person(centre_db, "Hidden", "Person", sharing_level="summary")
    with pytest.raises(NotAllowed):
        asa.services.assessment.start(hidden, CONVERSATION)


def _until_somebody_waits(db: CentreDb) -> None:
    """Until a connection of this database waits for a lock, without sleeping: asks the server again and again."""
    query = text(
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    )
    deadline = datetime.now(UTC) + timedelta(seconds=20)
    while datetime.now(UTC) < deadline:
        with db.owner.begin() as connection:
            if connection.execute(query).scalar_one():
                return
    raise AssertionError("nobody waited")


def test_sql_too_cannot_slip_an_answer_beside_a_signature(centre_db, asa, emmeline):
    sheet = answer_all(asa.services, asa.services.assessment.start(emmeline, CONVERSATION))
    with centre_db.psql("asa.assessor") as signing, centre_db.psql("cora.coordinator") as answering:
        signing.autocommit = answering.autocommit = False
        signing.execute(
            "update assessment set state = 'signed', signed_at = now(), signed_by = session_user where id = %s",
            [sheet.assessment.id],
        )
        answering.execute("set local lock_timeout = '300ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            answering.execute("update answer set value = '\"late\"' where assessment_id = %s", [sheet.assessment.id])
        answering.rollback()
        signing.commit()
        with pytest.raises(psycopg.errors.CheckViolation):
            answering.execute("update answer set value = '\"late\"' where assessment_id = %s", [sheet.assessment.id])
        answering.rollback()
