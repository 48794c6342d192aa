"""Handovers on a real database: signed once, accepted once, and no referral with two owners or none."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from coordination.duty.model import Answered, HandoverDraft, HandoverSheet, ItemDraft, Outstanding, Wanted
from coordination.errors import BadValues, Conflict, CoordinationError, NotAllowed, Refused
from coordination.intake.clocks import PauseId, RequestId
from coordination.intake.model import ContactDraft, NoAction, Referral
from coordination.people.model import PersonDraft
from coordination.safeguarding.model import Concern, ConcernDraft, ConcernFacts, ConcernId
from coordination.values import ContactId, PersonId, UserName, new_id
from tests.database import CentreDb, SignedIn
from tests.db.test_duty import CORA, codes, cole, cora, now, refused_by, start
from tests.db.test_intake import refer
from tests.db.test_people import statements

__all__ = ["cole", "cora"]
PIA = UserName("pia.placement")


@pytest.fixture
def pia(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in(PIA)


def held(desk: SignedIn, accepted: bool = False, **of: Any) -> Referral:
    referral = refer(desk, **of)
    referral = desk.services.intake.claim(referral.id, referral.revision).referral
    return desk.services.intake.accept(referral.id, referral.revision).referral if accepted else referral


def item(of: Outstanding, choice: Any = "next", line: str = "") -> ItemDraft:
    return ItemDraft(new_id(), of.kind, of.id, choice, of.revision, line)


def sign(desk: SignedIn, choice: Any = "next", note: str = "", **of: Any) -> HandoverSheet:
    """All that is outstanding, one choice for everything."""
    duty = desk.services.duty
    items = tuple(item(found, choice) for found in duty.outstanding(of.get("from_user")))
    return duty.sign(HandoverDraft(new_id(), items, note, locality="north", **of))


def all_of(sheet: HandoverSheet) -> tuple[Wanted, ...]:
    return tuple(Wanted(i.id, i.now.revision) for i in sheet.waiting if i.now is not None)


def holder(desk: SignedIn, referral: Referral) -> str | None:
    return desk.services.intake.referral(referral.id).holder


# ---------------------------------------------------------------- what is outstanding


def test_everything_outstanding_in_one_query(centre_db: CentreDb, cora: SignedIn, cole: SignedIn) -> None:
    claimed, accepted = held(cora, need="Claimed"), held(cora, accepted=True, need="Accepted", urgency="two_hours")
    theirs = held(cole)
    declined = refer(cora, need="Declined")
    declined = cole.services.intake.decline(declined.id, declined.revision, "Lives in Salford").referral
    open_contact = cora.services.intake.record_contact(ContactDraft(need="Rang off"), ContactId(new_id()))
    with statements(cora.engine) as seen:
        found = cora.services.duty.outstanding()
    assert len(seen) <= 2  # the list, and the server's time
    assert [(o.kind, o.id, o.state) for o in found] == [
        ("referral", accepted.id, "accepted"),
        ("referral", declined.id, "declined"),
        ("referral", claimed.id, "claimed"),
        ("contact", open_contact.id, "open"),
    ]
    assert {o.holder for o in found} == {CORA}
    everybody = cora.services.duty.outstanding(locality="")
    assert {o.id for o in everybody} == {o.id for o in found} | {theirs.id}


def test_many_may_ask_at_once(cora: SignedIn) -> None:
    held(cora)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _n: cora.services.duty.outstanding(), range(60)))
    assert all(found == answers[0] and len(found) == 1 for found in answers)


def test_a_hidden_person_is_in_no_list(centre_db: CentreDb) -> None:
    mine, other = centre_db.sign_in("tess.lead"), centre_db.sign_in("dina.lead")
    person = mine.services.people.register(PersonDraft(surname="Davies"), PersonId(new_id()))
    referral = refer(mine, person_id=person.id)
    mine.services.intake.claim(referral.id, referral.revision)
    with centre_db.owner.begin() as connection:
        connection.execute(text("update person set sharing_level = 'named_teams'"))
        connection.execute(
            text("insert into person_sharing (person_id, team_id) select :p, id from team where name like '% reab%'"),
            {"p": person.id},
        )
    sheet = sign(mine, note="Ring the daughter")
    assert len(sheet.items) == 1
    assert other.services.duty.outstanding(mine.actor.user_name) == []
    assert other.services.duty.handover(sheet.handover.id).items == ()


# ---------------------------------------------------------------- from hand to hand


def test_a_handover_from_signature_to_acceptance(centre_db: CentreDb, cora: SignedIn, cole: SignedIn) -> None:
    shift = start(centre_db, cora)
    going, staying, back = held(cora, accepted=True, need="A"), held(cora, need="B"), held(cora, need="C")
    choices: dict[Any, Any] = {going.id: "next", staying.id: "stays", back.id: "queue"}
    items = tuple(item(o, choices[o.id], f"Line {o.words}") for o in cora.services.duty.outstanding())
    draft = HandoverDraft(
        new_id(), items, "All quiet", UserName("cole.coordinator"), "north", drafts=1
    )  # fmt: skip
    before = now(centre_db)
    sheet = cora.services.duty.sign(draft)
    signed = sheet.handover
    assert before - timedelta(seconds=5) <= signed.signed_at <= now(centre_db)
    assert (signed.signed_by_name, signed.to_name, signed.state, signed.note, signed.drafts) == (
        "Cora Example", "Cole Example", "offered", "All quiet", 1
    )  # fmt: skip
    assert {i.subject: i.state for i in sheet.items} == {going.id: "offered", staying.id: "stays", back.id: "queued"}
    assert (holder(cole, going), holder(cole, staying), holder(cole, back)) == (CORA, CORA, None)
    assert cora.services.duty.sign(draft) == sheet  # sent twice
    offered = cole.services.duty.on_duty().offered
    assert [(o.from_name, o.waiting, o.subjects) for o in offered] == [("Cora Example", 1, frozenset({going.id}))]
    assert cora.services.duty.end(shift.id, shift.revision).ended_how == "signed_off"  # nothing is without a word

    answered = cole.services.duty.accept(signed.id, all_of(cole.services.duty.handover(signed.id)))
    assert (len(answered.accepted), answered.changed, answered.gone) == (1, (), ())
    assert (answered.sheet.handover.state, answered.sheet.handover.settled_by_name) == ("settled", "Cole Example")
    now_theirs = cole.services.intake.referral(going.id)
    assert (now_theirs.holder, now_theirs.state, now_theirs.state_reason) == (
        "cole.coordinator", "accepted", "Shift handover: Line A"
    )  # fmt: skip
    assert cole.services.duty.on_duty().offered == ()
    with pytest.raises(Refused) as told:
        cole.services.duty.accept(signed.id, ())
    assert codes(told) == ["handover_settled"]


def test_item_by_item_with_one_returned(cora: SignedIn, cole: SignedIn) -> None:
    one, other = held(cora, need="One"), held(cora, need="Other")
    sheet = sign(cora)
    first, second = cole.services.duty.handover(sheet.handover.id).waiting
    assert first.now is not None
    part = cole.services.duty.accept(sheet.handover.id, (Wanted(first.id, first.now.revision),)).sheet
    assert (part.handover.state, [i.state for i in part.items]) == ("offered", ["accepted", "offered"])
    with pytest.raises(BadValues):
        cole.services.duty.return_item(sheet.handover.id, second.id, "  ")
    done = cole.services.duty.return_item(sheet.handover.id, second.id, "You promised to ring at six")
    assert (done.handover.state, done.items[1].state, done.items[1].answer) == (
        "settled", "returned", "You promised to ring at six"
    )  # fmt: skip
    assert {holder(cora, one), holder(cora, other)} == {CORA, "cole.coordinator"}


def test_what_changed_meanwhile_says_so_and_the_rest_is_accepted(cora: SignedIn, cole: SignedIn) -> None:
    kept, worse, taken, shut = (held(cora, need=name) for name in ("kept", "worse", "taken", "shut"))
    sheet = sign(cora)
    wanted = all_of(cole.services.duty.handover(sheet.handover.id))
    cora.services.intake.triage(worse.id, worse.revision, "reablement", "two_hours", "Worse")
    cole.services.intake.take_over(taken.id, taken.revision, "She rang me")
    cora.services.intake.close(shut.id, shut.revision, "Settled by telephone")
    by_subject = {i.subject: i for i in cole.services.duty.handover(sheet.handover.id).items}
    assert [by_subject[r.id].changed for r in (kept, worse, taken, shut)] == [False, True, True, True]
    answered = cole.services.duty.accept(sheet.handover.id, wanted)
    name = {i.id: i.subject for i in answered.sheet.items}
    assert {name[i] for i in answered.accepted} == {kept.id}
    assert {name[i] for i in answered.changed} == {worse.id}
    assert {name[i] for i in answered.gone} == {taken.id, shut.id}
    assert answered.sheet.handover.state == "offered"
    again = cole.services.duty.accept(sheet.handover.id, all_of(answered.sheet))
    assert {name[i] for i in again.accepted} == {worse.id}
    assert again.sheet.handover.state == "settled"


def test_a_note_alone_is_read_and_then_settled(cora: SignedIn, cole: SignedIn) -> None:
    sheet = sign(cora, note="The lift at the North centre is broken")
    assert sheet.handover.state == "offered"
    assert cole.services.duty.accept(sheet.handover.id, ()).sheet.handover.state == "settled"
    assert sign(cora).handover.state == "settled"  # neither items nor a note: nothing to accept


def test_a_declined_referral_and_an_open_contact_change_hands(cora: SignedIn, cole: SignedIn) -> None:
    declined = refer(cora)
    declined = cole.services.intake.decline(declined.id, declined.revision, "Lives in Salford").referral
    contact = cora.services.intake.record_contact(ContactDraft(need="Rang off"), ContactId(new_id()))
    sheet = sign(cora)
    cole.services.duty.accept(sheet.handover.id, all_of(sheet))
    assert cora.services.duty.outstanding() == []
    theirs = cole.services.duty.outstanding()
    assert {(o.kind, o.id) for o in theirs} == {("referral", declined.id), ("contact", contact.id)}
    settled = cole.services.intake.referral(declined.id)
    assert (settled.state, settled.state_reason) == ("declined", "Lives in Salford (Shift handover)")
    cole.services.intake.end_contact(contact.id, contact.revision, NoAction("Did not ring again"))
    assert {o.kind for o in cole.services.duty.outstanding()} == {"referral"}


def test_withdrawn_before_and_handed_back_after(cora: SignedIn, cole: SignedIn) -> None:
    referral = held(cora)
    first = sign(cora)
    gone = cora.services.duty.withdraw(first.handover.id)
    assert (gone.handover.state, gone.items[0].state, holder(cora, referral)) == ("withdrawn", "withdrawn", CORA)
    with pytest.raises(Refused) as told:
        cole.services.duty.accept(first.handover.id, all_of(first))
    assert codes(told) == ["handover_withdrawn"]
    second = sign(cora)
    taken = cole.services.duty.accept(second.handover.id, all_of(second)).sheet
    with pytest.raises(Refused) as told:
        cora.services.duty.withdraw(second.handover.id)
    assert codes(told) == ["handover_settled"]
    with pytest.raises(Refused):
        cora.services.duty.hand_back(second.handover.id, (taken.items[0].id,), "It is not mine to give")
    back = cole.services.duty.hand_back(second.handover.id, (taken.items[0].id,), "She asked for you")
    assert (back.items[0].state, back.items[0].answer, holder(cora, referral)) == (
        "returned",
        "She asked for you",
        CORA,
    )


def test_a_lead_hands_over_for_one_who_went_home_ill(centre_db: CentreDb, cora: SignedIn, cole: SignedIn) -> None:
    referral, back = held(cora, need="A"), held(cora, need="B")
    with pytest.raises(NotAllowed):
        sign(cole, from_user=CORA)
    lead = centre_db.sign_in("tess.lead")
    duty = lead.services.duty
    items = tuple(item(o, "queue" if o.id == back.id else "next") for o in duty.outstanding(CORA))
    sheet = duty.sign(HandoverDraft(new_id(), items, "Ill", None, "north", from_user=CORA))
    assert (sheet.handover.from_name, sheet.handover.signed_by_name) == ("Cora Example", "Tess Example")
    assert holder(cora, back) is None
    cole.services.duty.accept(sheet.handover.id, all_of(sheet))
    assert holder(cora, referral) == "cole.coordinator"


def test_nothing_is_offered_twice_and_a_stale_screen_does_not_sign(cora: SignedIn) -> None:
    referral = held(cora)
    seen = cora.services.duty.outstanding()
    sign(cora)
    with pytest.raises(Refused) as told:
        sign(cora)
    assert codes(told) == ["offered_already"]
    other = held(cora, need="Other")
    stale = tuple(item(o) for o in cora.services.duty.outstanding() if o.id == other.id)
    cora.services.intake.triage(other.id, other.revision, "reablement", "two_hours", "Worse")
    with pytest.raises(Conflict):
        cora.services.duty.sign(HandoverDraft(new_id(), stale))
    cora.services.intake.release(referral.id, referral.revision)
    with pytest.raises(Refused) as told:
        cora.services.duty.sign(HandoverDraft(new_id(), tuple(item(o) for o in seen)))
    assert codes(told) == ["not_held"]


# ---------------------------------------------------------------- races


def race(*calls: Callable[[], object]) -> list[object]:
    """All at once; what each gave back or raised."""
    at_once = Barrier(len(calls), timeout=60)

    def run(call: Callable[[], object]) -> object:
        at_once.wait()
        try:
            return call()
        except CoordinationError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def owners(db: CentreDb, referrals: list[Referral]) -> set[str | None]:
    with db.owner.begin() as connection:
        query = text("select claimed_by from referral where id = any(:ids)")
        return set(connection.execute(query, {"ids": [r.id for r in referrals]}).scalars())


def test_two_accept_at_once_and_one_has_everything(
    centre_db: CentreDb, cora: SignedIn, cole: SignedIn, pia: SignedIn
) -> None:
    for _ in range(6):
        mine = [held(cora, need=f"Need {n}") for n in range(4)]
        sheet = sign(cora)
        wanted = all_of(sheet)
        results = race(*(partial(desk.services.duty.accept, sheet.handover.id, wanted) for desk in (cole, pia)))
        won = [r for r in results if isinstance(r, Answered)]
        lost = [r for r in results if isinstance(r, Refused)]
        assert (len(won), len(lost), len(won[0].accepted)) == (1, 1, 4)
        assert len(owners(centre_db, mine)) == 1 and owners(centre_db, mine) <= {"cole.coordinator", PIA}


def test_accept_against_withdraw(centre_db: CentreDb, cora: SignedIn, cole: SignedIn) -> None:
    for _ in range(6):
        mine = [held(cora, need=f"Need {n}") for n in range(3)]
        sheet = sign(cora)
        key, wanted = sheet.handover.id, all_of(sheet)
        results = race(partial(cole.services.duty.accept, key, wanted), partial(cora.services.duty.withdraw, key))
        assert sum(isinstance(r, Refused) for r in results) == 1
        accepted = isinstance(results[0], Answered)
        assert owners(centre_db, mine) == {"cole.coordinator" if accepted else CORA}
        for referral in mine:
            desk = cole if accepted else cora
            present = desk.services.intake.referral(referral.id)
            desk.services.intake.close(present.id, present.revision, "Done")


def test_accept_against_a_take_over_by_a_third(
    centre_db: CentreDb, cora: SignedIn, cole: SignedIn, pia: SignedIn
) -> None:
    for _ in range(8):
        referral, other = held(cora, need="Wanted by two"), held(cora, need="Quiet")
        sheet = sign(cora)
        wanted = all_of(sheet)
        results = race(
            partial(cole.services.duty.accept, sheet.handover.id, wanted),
            partial(pia.services.intake.take_over, referral.id, referral.revision, "He rang me"),
        )
        answered = results[0]
        assert isinstance(answered, Answered)
        present = cora.services.intake.referral(referral.id)
        states = {i.subject: i.state for i in answered.sheet.items}
        if isinstance(results[1], Conflict | CoordinationError) and not hasattr(results[1], "referral"):
            assert (present.holder, states[referral.id]) == ("cole.coordinator", "accepted")
        else:
            assert present.holder in (PIA, "cole.coordinator")
            assert (states[referral.id] == "gone") == (present.holder == PIA)
        assert holder(cora, other) == "cole.coordinator"
        for mine in (referral, other):
            now_held = cora.services.intake.referral(mine.id)
            desk = pia if now_held.holder == PIA else cole
            desk.services.intake.close(now_held.id, now_held.revision, "Done")


# ---------------------------------------------------------------- with psql


def test_what_is_signed_stays_and_plain_sql_moves_nothing(centre_db: CentreDb, cora: SignedIn, cole: SignedIn) -> None:
    referral = held(cora)
    sheet = sign(cora, note="All quiet")
    key, line = sheet.handover.id, sheet.items[0].id
    with centre_db.psql(CORA) as plain:
        for statement, values, refusal in (
            ("update handover set note = 'Not quiet' where id = %s", (key,), "42501"),
            ("update handover set signed_at = now() - interval '1 h' where id = %s", (key,), "42501"),
            ("update handover_item set line = 'x' where id = %s", (line,), "42501"),
            ("delete from handover where id = %s", (key,), "42501"),
            ("insert into handover_item (id, handover_id, position, kind, subject_id, choice, seen)"
             " values (%s, %s, 5, 'contact', %s, 'stays', 1)", (new_id(), key, new_id()), "handover_is_signed"),
            ("insert into handover (id, from_user) values (%s, 'cole.coordinator')", (new_id(),),
             "handover_is_anothers"),
            ("update handover_item set state = 'accepted' where id = %s", (line,), "handover_answered_by_another"),
            ("update handover set state = 'settled' where id = %s", (key,), "handover_is_answered"),
        ):  # fmt: skip
            assert refused_by(plain, statement, *values) == refusal, statement
    with centre_db.psql("cole.coordinator") as plain:
        # an answer without the change of holder is refused when it would be committed
        accept = "update handover_item set state = 'accepted' where id = %s"
        assert refused_by(plain, accept, line) == "handover_changes_holder"
        for statement, refusal in (
            ("update handover_item set state = 'stays' where id = %s", "handover_item_move_is_legal"),
            ("update handover_item set state = 'returned' where id = %s", "handover_item_return_has_reason"),
            ("update handover_item set state = 'withdrawn' where id = %s", "handover_is_anothers"),
        ):
            assert refused_by(plain, statement, line) == refusal
    with centre_db.owner.connect() as connection:  # not even by the owner, while the triggers stand
        with pytest.raises(psycopg.Error) as told:
            raw: Any = connection.connection.driver_connection
            raw.execute("update handover set note = 'Not quiet'")
        assert told.value.diag.constraint_name == "handover_is_signed"
    assert holder(cole, referral) == CORA
    assert cole.services.duty.handover(key).handover.note == "All quiet"


def test_those_who_read_only_answer_nothing(centre_db: CentreDb, cora: SignedIn) -> None:
    held(cora)
    sheet = sign(cora)
    manager, governance = centre_db.sign_in("max.manager"), centre_db.sign_in("ida.governance")
    assert manager.services.duty.handover(sheet.handover.id) is not None
    for desk in (manager, governance):
        with pytest.raises(NotAllowed):
            desk.services.duty.accept(sheet.handover.id, all_of(sheet))
    assert centre_db.sign_in("ada.admin").services.duty.on_duty().offered == ()
    assert manager.services.duty.withdraw(sheet.handover.id).handover.state == "withdrawn"


def test_a_line_of_any_length_says_which(cora: SignedIn) -> None:
    held(cora)
    found = cora.services.duty.outstanding()[0]
    long = item(found, line="x" * 1001)
    with pytest.raises(BadValues) as told:
        cora.services.duty.sign(HandoverDraft(new_id(), (long,), "n" * 8001, CORA))
    fields = [(p.field, p.reason) for p in told.value.problems]
    assert fields == [("note", "too_long"), (f"line.{long.id}", "too_long"), ("to_user", "hands_over_to_self")]


# ---------------------------------------------------------------- concerns, questions, people whom one may not see


def concern(desk: SignedIn) -> Concern:
    draft = ConcernDraft(ConcernId(new_id()), ConcernFacts("Bruises on both arms"))
    return desk.services.safeguarding.raise_concern(draft)


def test_a_concern_stands_first_and_has_an_owner_at_every_moment(
    centre_db: CentreDb, cora: SignedIn, cole: SignedIn
) -> None:
    shift = start(centre_db, cora)
    held(cora, urgency="two_hours")
    raised = concern(cora)
    found = cora.services.duty.outstanding()
    assert [o.kind for o in found] == ["concern", "referral"]
    with pytest.raises(Refused):
        cora.services.duty.end(shift.id, shift.revision)
    with pytest.raises(BadValues):
        sign(cora, "queue")  # a concern is never just queued (E3)
    sheet = sign(cora)
    assert cora.services.duty.end(shift.id, shift.revision).ended_at is not None
    assert cole.services.safeguarding.open_concern(raised.id).concern.owner == CORA
    answered = cole.services.duty.accept(sheet.handover.id, all_of(sheet))
    assert len(answered.accepted) == 2
    assert cole.services.safeguarding.open_concern(raised.id).concern.owner == "cole.coordinator"
    back = next(i.id for i in answered.sheet.items if i.kind == "concern")
    cole.services.duty.hand_back(sheet.handover.id, (back,), "You know the family")
    assert cole.services.safeguarding.open_concern(raised.id).concern.owner == CORA


def test_a_concern_is_not_accepted_without_a_new_owner(cora: SignedIn, centre_db: CentreDb) -> None:
    concern(cora)
    line = sign(cora).items[0].id
    with centre_db.psql("cole.coordinator") as plain:
        accept = "update handover_item set state = 'accepted' where id = %s"
        assert refused_by(plain, accept, line) == "handover_changes_holder"


def test_what_one_may_not_see_is_left_for_somebody_who_may(cora: SignedIn, cole: SignedIn, pia: SignedIn) -> None:
    held(cora)
    concern(cora)
    sheet = sign(cora)
    seen = pia.services.duty.handover(sheet.handover.id)  # a placement co-ordinator sees no concerns of others
    assert [i.kind for i in seen.items] == ["referral"]
    assert pia.services.duty.accept(sheet.handover.id, all_of(seen)).sheet.handover.state == "offered"
    rest = cole.services.duty.handover(sheet.handover.id)
    assert cole.services.duty.accept(sheet.handover.id, all_of(rest)).sheet.handover.state == "settled"


def test_a_paused_referral_says_why_and_a_question_what(cora: SignedIn, cole: SignedIn) -> None:
    paused, asked, given = (held(cora, need=name) for name in ("paused", "asked", "given"))
    clocks = cora.services.intake
    clocks.pause(paused.id, paused.revision, PauseId(new_id()), "unreachable")
    clocks.ask(asked.id, asked.revision, RequestId(new_id()), "sender", "", "Which tablets?")
    moved = clocks.ask(given.id, given.revision, RequestId(new_id()), "sender", "", "Which ward?").referral
    clocks.release(given.id, moved.revision)
    found = {o.words: o for o in cora.services.duty.outstanding()}
    assert found["paused"].waits_for and found["paused"].waits_until
    assert found["asked"].waits_for == "Which tablets?"
    assert (found["Which ward?"].kind, found["Which ward?"].state) == (
        "request",
        "open",
    )  # mine while nobody holds the referral
    sheet = sign(cora)
    cole.services.duty.accept(sheet.handover.id, all_of(sheet))
    assert cora.services.duty.outstanding() == []
