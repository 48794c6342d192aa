"""Relied on (A4): receipts go out with the signature; who may do what, and in which order, is kept by the database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import psycopg
import pytest
from sqlalchemy import text

from coordination.assessment.receipts import AskMore, PointId, Receipt, ReceiptFilter, ReceiptId
from coordination.assessment.trust import RecognitionDraft, RecognitionId
from coordination.errors import AlreadyExists, BadValues, Conflict, IllegalMove, NotAllowed, NotFound, Refused
from coordination.values import PersonId, UserName, new_id
from tests.care_kit import add_person, add_referral, answer_all, signed_conversation
from tests.database import CentreDb, SignedIn
from tests.trust_kit import days, signed_and_received, team_of

REABLEMENT, NURSING = "North reablement test team", "North district nursing test team"
ASK = AskMore("what_matters", "Which stairs?", "The rail is ordered by them", days(2))


@pytest.fixture
def asa(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("asa.assessor")


@pytest.fixture
def tess(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("tess.lead")


@pytest.fixture
def person(centre_db: CentreDb) -> PersonId:
    """With an open referral for reablement, which the north team takes."""
    made = add_person(centre_db)
    referral = add_referral(centre_db, made, "Washing again by himself")
    with centre_db.owner.begin() as connection:
        connection.execute(text("update referral set locality = 'north' where id = :i"), {"i": referral})
    return made


def ask(desk: SignedIn, receipt: Receipt, what: AskMore = ASK) -> Receipt:
    return desk.services.reliance.ask(PointId(new_id()), receipt.id, receipt.revision, what)


def challenge(desk: SignedIn, receipt: Receipt, reason: str = "He lives on the third floor") -> Receipt:
    return desk.services.reliance.challenge(PointId(new_id()), receipt.id, receipt.revision, reason)


def test_the_receiving_side_accepts_asks_challenges_and_takes_back(
    centre_db: CentreDb, asa: SignedIn, tess: SignedIn, person: PersonId
) -> None:
    sheet, sent = signed_and_received(asa, person)
    assert (sent.team_name, sent.how, sent.state, sent.mine, sent.ours) == (
        REABLEMENT,
        "referral",
        "waiting",
        False,
        True,
    )
    assert sent.contact_name == "Max Example"
    work = tess.services.reliance
    (row,) = work.rows()
    assert (row.id, row.surname, row.state, row.mine) == (sent.id, "Pankhurst", "waiting", True)
    assert (work.waiting(), asa.services.reliance.waiting()) == ((1, 0), (0, 0))
    accepted = work.accept(sent.id, sent.revision)
    assert (accepted.state, accepted.by_name) == ("accepted", "Tess Example")
    assert work.rows() == [] and [r.state for r in work.rows(ReceiptFilter(waiting=False))] == ["accepted"]
    with pytest.raises(Conflict) as stale:
        work.accept(sent.id, sent.revision)
    assert stale.value.current == accepted
    back = work.take_back(sent.id, accepted.revision)
    assert (back.state, back.revision) == ("waiting", 3)
    with pytest.raises(BadValues) as empty:
        ask(tess, back, AskMore("", " ", "", days(-1)))
    assert [p.field for p in empty.value.problems] == ["words", "why", "due_on"]
    with pytest.raises(Refused) as unknown:
        ask(tess, back, replace(ASK, question="invented"))
    assert unknown.value.obstacles[0].code == "point_question_is_of_form"
    asked = ask(tess, back)
    assert asked.state == "asked" and asked.open_point is not None and asked.open_point.words == "Which stairs?"
    with pytest.raises(Refused):  # one named thing, not two
        challenge(tess, asked)
    again = work.take_back(sent.id, asked.revision)
    assert (again.state, again.points[0].outcome) == ("waiting", "taken_back")
    flawed = challenge(tess, again)
    assert flawed.state == "challenged"
    assert asa.services.reliance.waiting() == (0, 1)
    (mine,) = asa.services.reliance.rows(ReceiptFilter(side="assessing"))
    assert (mine.point_kind, mine.point_by_name) == ("challenge", "Tess Example")
    withdrawn = work.take_back(sent.id, flawed.revision)
    assert (withdrawn.state, withdrawn.points[-1].outcome) == ("waiting", "withdrawn")
    assert sheet.assessment.revision == asa.services.assessment.reread(sheet.assessment.id).assessment.revision


def test_each_side_keeps_to_its_own(centre_db: CentreDb, asa: SignedIn, tess: SignedIn, person: PersonId) -> None:
    """The team's lead and the co-ordinators of its centre act for it; the assessor and the contact answer."""
    _, sent = signed_and_received(asa, person)
    for stranger in ("dina.lead", "cole.coordinator", "max.manager", "asa.assessor", "pia.placement"):
        desk = centre_db.sign_in(stranger).services.reliance
        with pytest.raises((NotAllowed, Refused)):
            desk.accept(sent.id, sent.revision)
        with pytest.raises((NotAllowed, Refused)):
            desk.challenge(PointId(new_id()), sent.id, sent.revision, "No")
    cora = centre_db.sign_in("cora.coordinator")
    asked = ask(cora, sent)
    for stranger in ("cora.coordinator", "tess.lead", "dina.lead"):
        with pytest.raises(NotAllowed):
            centre_db.sign_in(stranger).services.reliance.answer(sent.id, asked.revision, "The back ones")
    # The contact of the agreement is on the assessing side, but an answer is signed, as the assessment was (A3).
    boss = centre_db.sign_in("max.manager")
    with pytest.raises(Refused) as unsigned:
        boss.services.reliance.answer(sent.id, asked.revision, "The back ones")
    assert [o.code for o in unsigned.value.obstacles] == ["assessor_not_recognised"]
    answered = asa.services.reliance.answer(sent.id, asked.revision, "The back ones, since May")
    assert (answered.state, answered.answered, answered.points[0].reply_by_name) == ("waiting", True, "Asa Example")
    assert centre_db.sign_in("tess.lead").services.reliance.rows()[0].answered
    with pytest.raises((Conflict, IllegalMove)):
        asa.services.reliance.answer(sent.id, answered.revision, "No, the front ones")
    flawed = challenge(tess, answered)
    replied = boss.services.reliance.answer(sent.id, flawed.revision, "He moved on Monday")
    assert replied.state == "challenged" and replied.open_point is not None and replied.open_point.reply
    upheld = asa.services.reliance.uphold(sent.id, replied.revision, "Right")
    assert (upheld.state, upheld.points[-1].outcome_words) == ("upheld", "Right")
    open_again = asa.services.reliance.reopen(sent.id, upheld.revision)
    assert open_again.state == "challenged" and open_again.open_point is not None
    with centre_db.psql("ida.governance") as psql:
        trail = psql.execute("select count(*) from audit.entry where area in ('assessment_receipt', 'receipt_point')")
        assert trail.fetchone()[0] > 8  # type: ignore[index]


def test_a_correction_tells_everybody_who_relied_on_the_version_before(
    centre_db: CentreDb, asa: SignedIn, tess: SignedIn, person: PersonId
) -> None:
    sheet, sent = signed_and_received(asa, person)
    nursing = team_of(centre_db, NURSING)
    work = asa.services.reliance
    by_hand = work.send(ReceiptId(new_id()), sheet.assessment.id, nursing, "For the leg")
    assert (by_hand.how, by_hand.note, by_hand.sent_by_name) == ("by_hand", "For the leg", "Asa Example")
    with pytest.raises(AlreadyExists):
        work.send(ReceiptId(new_id()), sheet.assessment.id, nursing)
    work.unsend(by_hand.id)
    by_hand = work.send(ReceiptId(new_id()), sheet.assessment.id, nursing)
    dina = centre_db.sign_in("dina.lead")
    relied = dina.services.reliance.accept(by_hand.id, by_hand.revision)
    with pytest.raises(Refused) as gone:
        work.unsend(by_hand.id)
    assert gone.value.obstacles[0].code == "receipt_is_on_its_way"
    flawed = challenge(tess, sent)
    new = asa.services.assessment.correct(sheet.assessment.id, "The floor was wrong")
    new = answer_all(asa.services, new)
    with pytest.raises(Refused) as draft:
        work.send(ReceiptId(new_id()), new.assessment.id, nursing)
    assert draft.value.obstacles[0].code == "receipt_of_signed"
    signed = asa.services.assessment.sign(new.assessment.id, new.revision)
    old = {r.team: r for r in work.of_assessment(sheet.assessment.id)}
    assert (old[nursing].state, old[nursing].superseded_by) == ("accepted", signed.assessment.id)
    assert (old[sent.team].state, old[sent.team].points[-1].outcome) == ("upheld", "upheld")
    now = {r.team: r for r in work.of_assessment(signed.assessment.id)}
    assert {r.state for r in now.values()} == {"waiting"} and len(now) == 2
    assert (now[nursing].how, now[nursing].follows_state) == ("correction", "accepted")
    assert [r.correction for r in dina.services.reliance.rows()] == [True]
    for receipt in (relied, flawed):
        with pytest.raises((Refused, Conflict)):
            dina.services.reliance.take_back(receipt.id, old[receipt.team].revision)
    with pytest.raises(Refused) as older:
        work.send(ReceiptId(new_id()), sheet.assessment.id, team_of(centre_db, "Third test team"))
    assert older.value.obstacles[0].code == "receipt_is_of_latest"


@pytest.fixture(autouse=True)
def _third_team(centre_db: CentreDb) -> None:
    with centre_db.owner.begin() as connection:
        connection.execute(text("insert into team (name, service) values ('Third test team', 'social_work')"))


def test_two_of_a_team_cannot_both_decide(centre_db: CentreDb, asa: SignedIn, person: PersonId) -> None:
    """Real commits, at the same time: one decides, the other is shown what was decided."""
    _, sent = signed_and_received(asa, person)
    tess, theo, cora = (centre_db.sign_in(u) for u in ("tess.lead", "theo.lead", "cora.coordinator"))
    start = Barrier(3, timeout=60)

    def at_once(act: object) -> object:
        start.wait(30)
        try:
            return act()  # type: ignore[operator]
        except Conflict as late:
            return late

    with ThreadPoolExecutor(3) as pool:
        ends = list(
            pool.map(
                at_once,
                [
                    lambda: tess.services.reliance.accept(sent.id, sent.revision),
                    lambda: challenge(theo, sent),
                    lambda: ask(cora, sent),
                ],
            )
        )
    done = [end for end in ends if isinstance(end, Receipt)]
    late = [end for end in ends if isinstance(end, Conflict)]
    assert (len(done), len(late)) == (1, 2)
    assert {end.current.state for end in late} == {done[0].state}
    now = tess.services.reliance.get(sent.id)
    assert (now.revision, len(now.points)) == (2, 0 if done[0].state == "accepted" else 1)


def test_psql_moves_nothing_that_the_screen_would_not(
    centre_db: CentreDb, asa: SignedIn, tess: SignedIn, person: PersonId
) -> None:
    _, sent = signed_and_received(asa, person)
    asked = ask(tess, sent)
    point = asked.points[0].id
    refused = {
        "tess.lead": [
            ("update assessment_receipt set state = 'challenged', revision = revision + 1", "receipt_move_is_legal"),
            ("update assessment_receipt set state = 'upheld', revision = revision + 1", "receipt_move_is_legal"),
            ("update receipt_point set outcome = 'answered', revision = revision + 1", "receipt_move_is_legal"),
            ("update receipt_point set outcome = 'upheld', revision = revision + 1", "point_is_answered_by_assessor"),
            ("update receipt_point set reply = 'Mine', revision = revision + 1", "point_is_answered_by_assessor"),
        ],
        "asa.assessor": [
            ("update receipt_point set outcome = 'taken_back', revision = revision + 1", "receipt_is_of_another_team"),
            ("update receipt_point set outcome = 'answered', revision = revision + 1", "receipt_move_is_legal"),
            ("delete from assessment_receipt", "receipt_is_on_its_way"),
        ],
        "dina.lead": [
            ("update receipt_point set outcome = 'taken_back', revision = revision + 1", "receipt_is_of_another_team"),
        ],
    }
    for user, tries in refused.items():
        with centre_db.psql(user) as psql:
            for statement, constraint in tries:
                with pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.InsufficientPrivilege)) as no:
                    psql.execute(statement)
                assert no.value.diag.constraint_name == constraint, statement
            for statement in (
                "update receipt_point set words = 'other'",
                "update assessment_receipt set team_id = team_id",
                "update assessment_receipt set superseded_by = assessment_id",
                "delete from receipt_point",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    psql.execute(statement)
    answered = asa.services.reliance.answer(sent.id, asked.revision, "The back ones")
    with centre_db.psql("asa.assessor") as psql, pytest.raises(psycopg.errors.CheckViolation) as settled:
        psql.execute("update receipt_point set reply = 'else', revision = revision + 1 where id = %s", [point])
    assert settled.value.diag.constraint_name == "point_is_settled"
    assert answered.points[0].reply == "The back ones"


def test_what_the_person_does_not_share_goes_to_no_team(centre_db: CentreDb, asa: SignedIn, person: PersonId) -> None:
    nursing = team_of(centre_db, NURSING)
    with centre_db.owner.begin() as connection:
        connection.execute(text("update person set sharing_level = 'everything' where id = :p"), {"p": person})
    sheet, sent = signed_and_received(asa, person)
    names = [t.name for t in asa.services.reliance.teams(sheet.assessment.id)]
    assert names == [NURSING, "Third test team"]
    with centre_db.owner.begin() as connection:
        connection.execute(text("update person set sharing_level = 'summary' where id = :p"), {"p": person})
        connection.execute(
            text("insert into person_sharing (person_id, team_id, recorded_by) select :p, id, 'x' from team"
                 " where name = :t"), {"p": person, "t": REABLEMENT},
        )  # fmt: skip
    with centre_db.psql("dina.lead") as psql:
        for table in ("assessment_receipt", "receipt_point"):
            assert psql.execute(f"select count(*) from {table}").fetchone() == (0,)
    with pytest.raises(NotFound):
        centre_db.sign_in("dina.lead").services.reliance.get(sent.id)
    assert [r.id for r in centre_db.sign_in("tess.lead").services.reliance.rows()] == [sent.id]
    with centre_db.psql("cora.coordinator") as psql, pytest.raises(psycopg.Error) as no:
        psql.execute(
            "insert into assessment_receipt (id, assessment_id, team_id) values (%s, %s, %s)",
            [new_id(), sheet.assessment.id, nursing],
        )
    assert no.value.diag.constraint_name == "links_to_what_i_see"


def test_asked_again_is_counted_by_sending_and_receiving_team(
    centre_db: CentreDb, asa: SignedIn, tess: SignedIn, person: PersonId
) -> None:
    """More asked, a challenge upheld, the same form again, the same question afresh; not what was taken back."""
    social, reablement = team_of(centre_db, "Third test team"), team_of(centre_db, REABLEMENT)
    with centre_db.owner.begin() as connection:
        connection.execute(text("update user_account set team_id = :t where user_name = 'asa.assessor'"), {"t": social})
    _, sent = signed_and_received(asa, person)
    (row,) = tess.services.reliance.reask(90)
    assert (row.from_name, row.to_name, row.sent, row.waiting, row.decided) == ("Third test team", REABLEMENT, 1, 1, 0)
    assert row.rate is None
    taken = ask(tess, sent)
    now = tess.services.reliance.take_back(sent.id, taken.revision)
    now = tess.services.reliance.accept(sent.id, now.revision)
    (row,) = tess.services.reliance.reask(90)
    assert (row.asked, row.reasked, row.decided, row.rate) == (0, 0, 1, 0)
    asked = ask(tess, now)
    (row,) = tess.services.reliance.reask(90)
    assert (row.asked, row.reasked, row.rate) == (1, 1, 1.0)
    tess.services.reliance.take_back(sent.id, asked.revision)
    # The team assesses once more, with the same form: counted where it was sent, and once.
    one = next(a for a in centre_db.sign_in("max.manager").services.trust.agreements())
    draft = RecognitionDraft(one.id, UserName("tess.lead"), "Reablement", ("*",), days(-5), days(50))
    centre_db.sign_in("max.manager").services.trust.recognise(RecognitionId(new_id()), draft)
    repeat = signed_conversation(tess.services, person)
    (row,) = tess.services.reliance.reask(90)
    assert (row.sent, row.repeated, row.reasked) == (1, 1, 1)
    (case,) = tess.services.reliance.reask_cases(social, reablement, 90)
    assert (case.repeat, case.surname, case.reasked, case.asked) == (repeat.assessment.id, "Pankhurst", True, False)
    # Outside the days of the setting it is no repeat.
    with centre_db.owner.begin() as connection:
        connection.execute(text("update setting set value = '0' where name = 'reask_days'"))
    assert tess.services.reliance.reask_days() == 0
    assert [r.repeated for r in tess.services.reliance.reask(90) if r.sent] == [0]


def test_a_question_asked_afresh_is_asking_again_and_one_that_was_carried_in_is_not(
    centre_db: CentreDb, asa: SignedIn, tess: SignedIn, person: PersonId
) -> None:
    social = team_of(centre_db, "Third test team")
    with centre_db.owner.begin() as connection:
        connection.execute(text("update user_account set team_id = :t where user_name = 'asa.assessor'"), {"t": social})
    boss = centre_db.sign_in("max.manager")
    one = next(a for a in boss.services.trust.agreements())
    draft = RecognitionDraft(one.id, UserName("tess.lead"), "Reablement", ("*",), days(-5), days(50))
    boss.services.trust.recognise(RecognitionId(new_id()), draft)
    _, sent = signed_and_received(asa, person)
    tess.services.reliance.accept(sent.id, sent.revision)

    def signed_by_tess(*, afresh: bool) -> None:
        """Another form of which nothing was asked before, or one question that was."""
        other = answer_all(tess.services, tess.services.assessment.start(person, "reablement-start"))
        with centre_db.owner.begin() as connection:
            if afresh:
                add = "insert into answer (assessment_id, question, value, said_by) values (:k, 'good_day', '1', 'x')"
                connection.execute(text(add), {"k": other.assessment.id})
            sign = "update assessment set state = 'signed', signed_at = now(), signed_by = 'tess.lead' where id = :k"
            connection.execute(text(sign), {"k": other.assessment.id})

    signed_by_tess(afresh=False)
    (row,) = [r for r in tess.services.reliance.reask(90) if r.from_team == social]
    assert (row.repeated, row.reasked, row.decided) == (0, 0, 1)
    signed_by_tess(afresh=True)
    (row,) = [r for r in tess.services.reliance.reask(90) if r.from_team == social]
    assert (row.sent, row.repeated, row.reasked, row.rate) == (1, 1, 1, 1.0)
