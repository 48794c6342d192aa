"""Contacts, the one queue and its moves, on a real database with real commits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import text

from coordination.errors import (
    AlreadyClaimed,
    BadValues,
    Conflict,
    CoordinationError,
    IllegalMove,
    NotAllowed,
    NotFound,
)
from coordination.intake.model import Advice, ContactDraft, Link, NoAction, Refer, Referral, ReferralDraft
from coordination.intake.queue import QueueFilter
from coordination.intake.views import VIEWS
from coordination.people.model import PersonDraft
from coordination.values import ContactId, PersonId, ReferralId, UserName, new_id
from tests.database import CentreDb, SignedIn
from tests.db.test_people import statements


def refer(
    desk: SignedIn,
    need: str = "Cannot manage the stairs",
    urgency: str = "24_hours",
    service: str = "reablement",
    **of: Any,
) -> Referral:
    draft = ReferralDraft(ReferralId(new_id()), service, urgency, "Alone, and weak since the fall")
    ended = desk.services.intake.take_contact(ContactDraft(need=need, **of), ContactId(new_id()), Refer((draft,)))
    return ended.referrals[0]


@pytest.fixture
def cora(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("cora.coordinator")


@pytest.fixture
def cole(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("cole.coordinator")


# ---------------------------------------------------------------- contacts


def test_every_ending_is_recorded(cora: SignedIn) -> None:
    intake = cora.services.intake
    first = refer(cora)
    endings = (
        Advice("Told the number of the sitting service"),
        NoAction("Wrong number"),
        Link(first.id, "Daughter rang"),
    )
    for ending in endings:
        contact_id = ContactId(new_id())
        open_contact = intake.record_contact(ContactDraft(need="A question"), contact_id)
        assert (open_contact.ending, open_contact.locality) == (None, "north")
        ended = intake.end_contact(contact_id, open_contact.revision, ending).contact
        assert ended.ended_at is not None
        assert ended.ending in ("advice", "no_action", "linked")
    with pytest.raises(BadValues) as told:
        intake.take_contact(ContactDraft(need="x"), ContactId(new_id()), NoAction(" "))
    assert [(p.field, p.reason) for p in told.value.problems] == [("no_action_reason", "missing")]


def test_sent_twice_it_is_taken_once(cora: SignedIn) -> None:
    intake, contact_id = cora.services.intake, ContactId(new_id())
    draft = ReferralDraft(ReferralId(new_id()), "reablement", "routine", "No hurry")
    once = intake.take_contact(ContactDraft(need="Help with bathing"), contact_id, Refer((draft,)))
    again = intake.take_contact(ContactDraft(need="Help with bathing"), contact_id, Refer((draft,)))
    assert again == once
    assert len(intake.queue().rows) == 1
    with pytest.raises(Conflict):
        intake.take_contact(ContactDraft(need="Help with bathing"), contact_id, Advice("Something else"))


def test_a_bad_referral_leaves_nothing_behind(cora: SignedIn, centre_db: CentreDb) -> None:
    intake = cora.services.intake
    good = ReferralDraft(ReferralId(new_id()), "reablement", "routine", "No hurry")
    bad = ReferralDraft(ReferralId(new_id()), "", "soon", "a\0b")
    with pytest.raises(BadValues) as told:
        intake.take_contact(ContactDraft(need="x"), ContactId(new_id()), Refer((good, bad)))
    assert {(p.field, p.reason) for p in told.value.problems} == {
        ("service", "missing"),
        ("urgency", "not_in_list"),
        ("urgency_reason", "has_unstorable_character"),
    }
    with centre_db.owner.begin() as connection:
        assert connection.execute(text("select count(*) from contact")).scalar_one() == 0


def test_long_text_is_refused_at_the_field_and_not_cut(cora: SignedIn) -> None:
    with pytest.raises(BadValues) as told:
        refer(cora, need="x" * 100_000)
    assert [(p.field, p.reason) for p in told.value.problems] == [("need", "too_long")]
    assert refer(cora, need="é🌻" * 9_999).need == "é🌻" * 9_999


def test_held_from_the_first_moment(cora: SignedIn, cole: SignedIn) -> None:
    """E3: a safeguarding concern is never just queued."""
    draft = ReferralDraft(ReferralId(new_id()), "social_work", "same_day", "Bruises", safeguarding=True, hold=True)
    ended = cora.services.intake.take_contact(ContactDraft(need="Bruises"), ContactId(new_id()), Refer((draft,)))
    assert (ended.referrals[0].state, ended.referrals[0].holder) == ("claimed", "cora.coordinator")
    with pytest.raises(AlreadyClaimed):
        cole.services.intake.claim(draft.id, ended.referrals[0].revision)
    assert [e.to_state for e in cora.services.intake.open_referral(draft.id).events] == ["waiting", "claimed"]


def test_link_needs_an_open_referral_of_the_same_person(cora: SignedIn) -> None:
    people, intake = cora.services.people, cora.services.intake
    person = people.register(PersonDraft(surname="Davies"), PersonId(new_id()))
    other = refer(cora)
    with pytest.raises(BadValues):
        intake.take_contact(ContactDraft(person_id=person.id, need="x"), ContactId(new_id()), Link(other.id))
    closed = intake.close(other.id, other.revision, "Settled").referral
    with pytest.raises(IllegalMove):
        intake.take_contact(ContactDraft(need="x"), ContactId(new_id()), Link(closed.id))
    with pytest.raises(NotFound):
        intake.take_contact(ContactDraft(need="x"), ContactId(new_id()), Link(ReferralId(new_id())))


def test_place_follows_responsibility(cora: SignedIn, centre_db: CentreDb) -> None:
    with centre_db.owner.begin() as connection:
        connection.execute(text("insert into postcode values ('M13 9WP', 'E05000688', 53.46, -2.22)"))
        connection.execute(text("insert into practice (code, name, neighbourhood_id) values ('P84001', 'Example', 9)"))
    draft = PersonDraft(surname="Davies", postcode="M13 9WP", practice_code="P84001")
    person = cora.services.people.register(draft, PersonId(new_id()))
    nursing = refer(cora, service="district_nursing", person_id=person.id)
    assert (nursing.neighbourhood_id, nursing.locality) == (9, "south")
    social = refer(cora, service="social_work", person_id=person.id)
    assert (social.neighbourhood_id, social.locality) == (5, "central")
    assert (refer(cora).neighbourhood_id, refer(cora).locality) == (None, "north")  # nobody known: where it was taken
    moved = cora.services.intake.triage(
        social.id, social.revision, "district_nursing", "two_hours", "Bleeding"
    ).referral
    assert (moved.locality, moved.urgency) == ("south", "two_hours")
    assert moved.due_at == moved.received_at + timedelta(hours=2)


# ---------------------------------------------------------------- the queue


def test_queue_is_one_query_and_pages_by_key(cora: SignedIn) -> None:
    intake = cora.services.intake
    made = [refer(cora, urgency=urgency) for urgency in ("routine", "two_hours", "72_hours", "24_hours", "two_hours")]
    expected = [r.id for r in sorted(made, key=lambda r: (r.due_at, r.id))]
    with statements(cora.engine) as seen:
        first = intake.queue(QueueFilter(limit=2))
    assert len(seen) == 1
    second = intake.queue(QueueFilter(limit=2, after=first.more))
    third = intake.queue(QueueFilter(limit=2, after=second.more))
    assert [row.id for page in (first, second, third) for row in page.rows] == expected
    assert third.more is None
    with statements(cora.engine) as seen:
        views = intake.views()
    assert len(seen) == 1
    assert {v.code: v.count for v in views} == {
        **dict.fromkeys(VIEWS, 0),
        "open": 5,
        "unclaimed": 5,
        "urgent": 2,
        "past": None,  # not counted: nobody works it off
    }


def test_an_empty_queue_knows_its_time(cora: SignedIn) -> None:
    page = cora.services.intake.queue()
    assert page.rows == ()
    assert page.as_of.utcoffset() == timedelta(0)


def test_filters(cora: SignedIn, centre_db: CentreDb) -> None:
    intake = cora.services.intake
    late, mine, safe = refer(cora), refer(cora, urgency="routine"), refer(cora, service="social_work")
    intake.claim(mine.id, mine.revision)
    with centre_db.owner.begin() as connection:
        connection.execute(
            text(
                "update referral set received_at = now() - interval '2 days', due_at = now() - interval '1 hour'"
                " where id = :i"
            ),
            {"i": late.id},
        )
        connection.execute(text("update referral set safeguarding = true where id = :i"), {"i": safe.id})

    def ids(**asked: Any) -> set[ReferralId]:
        return {row.id for row in intake.queue(QueueFilter(**asked)).rows}

    assert ids(overdue=True) == {late.id}
    assert ids(holder="me") == {mine.id}
    assert ids(holder="nobody") == {late.id, safe.id}
    assert ids(safeguarding=True) == {safe.id}
    assert ids(urgencies=frozenset({"routine"})) == {mine.id}
    assert ids(services=frozenset({"social_work"})) == {safe.id}
    assert ids(localities=frozenset({"south"})) == set()
    assert ids(states=frozenset({"claimed"})) == {mine.id}


# ---------------------------------------------------------------- moves


def test_second_claimer_is_told_who_and_since(cora: SignedIn, cole: SignedIn) -> None:
    referral = refer(cora)
    held = cora.services.intake.claim(referral.id, referral.revision).referral
    with pytest.raises(AlreadyClaimed) as told:
        cole.services.intake.claim(referral.id, referral.revision)
    assert (told.value.by, told.value.by_name, told.value.since) == (
        "cora.coordinator",
        "Cora Example",
        held.claimed_at,
    )
    assert cora.services.intake.claim(referral.id, referral.revision).referral == held  # mine already


def test_two_desks_race_for_each_referral_and_one_wins(cora: SignedIn, cole: SignedIn) -> None:
    waiting = [refer(cora, need=f"Need {n}") for n in range(15)]
    start = Barrier(2, timeout=60)

    def grab(desk: SignedIn) -> list[tuple[ReferralId, str]]:
        results = []
        for referral in waiting:
            start.wait()
            try:
                desk.services.intake.claim(referral.id, referral.revision)
                results.append((referral.id, "mine"))
            except AlreadyClaimed as told:
                assert told.by != desk.actor.user_name
                results.append((referral.id, "theirs"))
        return results

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(grab, (cora, cole))
    for (_, first), (_, second) in zip(one, other, strict=True):
        assert {first, second} == {"mine", "theirs"}


def test_claim_next_gives_different_ones_in_order_of_due(cora: SignedIn, cole: SignedIn) -> None:
    waiting = sorted((refer(cora, need=f"Need {n}") for n in range(10)), key=lambda r: (r.due_at, r.id))

    def take(desk: SignedIn) -> list[ReferralId]:
        taken = []
        while moved := desk.services.intake.claim_next():
            taken.append(moved.referral.id)
        return taken

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(take, (cora, cole))
    assert sorted([*one, *other]) == sorted(r.id for r in waiting)


def test_moves_and_their_trail(cora: SignedIn, cole: SignedIn) -> None:
    mine, theirs = cora.services.intake, cole.services.intake
    r = refer(cora)
    r = mine.claim(r.id, r.revision).referral
    with pytest.raises(AlreadyClaimed):
        theirs.hand_over(r.id, r.revision, UserName("cole.coordinator"), "Let me have it")
    r = mine.hand_over(r.id, r.revision, UserName("cole.coordinator"), "You know her").referral
    assert (r.state, r.holder, r.holder_name) == ("claimed", "cole.coordinator", "Cole Example")
    with pytest.raises(BadValues):
        mine.take_over(r.id, r.revision, " ")
    r = mine.take_over(r.id, r.revision, "Cole is off sick").referral
    r = theirs.take_over(r.id, r.revision, "Cole is off sick").referral  # the same words again are a reason too
    r = theirs.accept(r.id, r.revision).referral
    r = theirs.decline(r.id, r.revision, "Lives in Salford").referral
    assert (r.state, r.holder) == ("declined", "cora.coordinator")  # next owner: who recorded the contact
    assert [row.id for row in mine.queue(QueueFilter(states=frozenset({"declined"}), holder="me")).rows] == [r.id]
    with pytest.raises(IllegalMove):
        mine.claim(r.id, r.revision)
    r = mine.reopen(r.id, r.revision, "She has moved to Ardwick").referral
    assert (r.state, r.holder, r.closed_at) == ("waiting", None, None)
    r = mine.close(r.id, r.revision, "Settled by telephone").referral
    trail = [
        (e.to_state, e.holder, e.by) for e in mine.open_referral(r.id).events if e.reason or e.from_state != e.to_state
    ]
    cora_, cole_ = "cora.coordinator", "cole.coordinator"
    assert trail == [
        ("waiting", None, cora_),
        ("claimed", cora_, cora_),
        ("claimed", cole_, cora_),
        ("claimed", cora_, cora_),
        ("claimed", cole_, cole_),
        ("accepted", cole_, cole_),
        ("declined", cora_, cole_),
        ("waiting", None, cora_),
        ("closed", None, cora_),
    ]


def test_handing_over_to_nobody_known_is_refused_at_the_field(cora: SignedIn) -> None:
    r = refer(cora)
    with pytest.raises(BadValues) as told:
        cora.services.intake.hand_over(r.id, r.revision, UserName("no.body"), "x")
    assert told.value.problems[0].field == "to_user"


def test_stale_move_is_a_conflict_with_the_present_referral(cora: SignedIn, cole: SignedIn) -> None:
    r = refer(cora)
    now = cole.services.intake.triage(r.id, r.revision, "reablement", "two_hours", "Worse since").referral
    with pytest.raises(Conflict) as told:
        cora.services.intake.claim(r.id, r.revision)
    assert told.value.current == now


@pytest.mark.parametrize(
    "move", ["claim", "release", "hand_over", "take_over", "accept", "decline", "close", "reopen", "triage"]
)
def test_every_move_can_be_taken_back(cora: SignedIn, cole: SignedIn, move: str) -> None:
    intake, r = cora.services.intake, refer(cora)
    if move in ("release", "hand_over", "accept", "decline", "close"):
        r = intake.claim(r.id, r.revision).referral
    if move == "take_over":
        r = cole.services.intake.claim(r.id, r.revision).referral
        r = cole.services.intake.accept(r.id, r.revision).referral
    if move == "reopen":
        r = intake.close(r.id, r.revision, "Settled").referral
    extra: dict[str, tuple[Any, ...]] = {
        "hand_over": (UserName("cole.coordinator"), "You know her"),
        "take_over": ("Off sick",),
        "decline": ("Lives in Salford",),
        "close": ("Settled",),
        "reopen": ("Not settled",),
        "triage": ("district_nursing", "two_hours", "Bleeding"),
    }
    moved = getattr(intake, move)(r.id, r.revision, *extra.get(move, ()))
    assert (moved.referral.state, moved.referral.holder, moved.referral.urgency) != (r.state, r.holder, r.urgency)
    back = intake.undo(moved.undo)
    for fact in ("state", "holder", "service", "urgency", "urgency_reason", "due_at", "locality", "neighbourhood_id"):
        assert getattr(back, fact) == getattr(r, fact), fact
    assert (back.closed_at is None) == (r.closed_at is None)
    with pytest.raises(Conflict):  # once
        intake.undo(moved.undo)


def test_a_claim_sent_twice_is_one_and_either_answer_takes_it_back(cora: SignedIn) -> None:
    referral = refer(cora)
    first = cora.services.intake.claim(referral.id, referral.revision)
    second = cora.services.intake.claim(referral.id, referral.revision)
    assert second.referral == first.referral
    back = cora.services.intake.undo(second.undo)
    assert (back.state, back.holder, back.claimed_at) == ("waiting", None, None)


def test_undo_after_somebody_else_moved_is_a_conflict(cora: SignedIn, cole: SignedIn) -> None:
    r = refer(cora)
    moved = cora.services.intake.claim(r.id, r.revision)
    cole.services.intake.take_over(r.id, moved.referral.revision, "Off sick")
    with pytest.raises(Conflict):
        cora.services.intake.undo(moved.undo)


def test_detail_is_a_constant_number_of_queries_and_a_noted_view(cora: SignedIn, centre_db: CentreDb) -> None:
    r = refer(cora)
    with statements(cora.engine) as seen:
        detail = cora.services.intake.open_referral(r.id)
    assert len(seen) <= 5
    assert (detail.contact.channel, detail.original, len(detail.events)) == ("telephone", None, 1)
    with centre_db.owner.begin() as connection:
        query = text("select count(*) from audit.entry where action = 'view' and record = :r")
        assert connection.execute(query, {"r": str(r.id)}).scalar_one() == 1


def test_those_who_may_not_write_are_refused(cora: SignedIn, centre_db: CentreDb) -> None:
    r = refer(cora)
    manager = centre_db.sign_in("max.manager").services.intake
    assert len(manager.queue().rows) == 1
    with pytest.raises(NotAllowed):
        manager.claim(r.id, r.revision)
    admin = centre_db.sign_in("ada.admin").services.intake
    with pytest.raises(CoordinationError):
        admin.open_referral(r.id)
    assert admin.queue().rows == ()


def test_referral_of_a_named_teams_person_is_not_in_another_teams_queue(centre_db: CentreDb) -> None:
    mine, other = centre_db.sign_in("tess.lead"), centre_db.sign_in("dina.lead")
    person = mine.services.people.register(PersonDraft(surname="Davies"), PersonId(new_id()))
    r = refer(mine, person_id=person.id)
    with centre_db.owner.begin() as connection:
        connection.execute(text("update person set sharing_level = 'named_teams'"))
        connection.execute(
            text(
                "insert into person_sharing (person_id, team_id) select :p, id from team where name like 'North reab%'"
            ),
            {"p": person.id},
        )
    assert [row.id for row in mine.services.intake.queue().rows] == [r.id]
    assert other.services.intake.queue().rows == ()
    assert other.services.intake.views()[0].count == 0
    with pytest.raises(NotFound):
        other.services.intake.claim(r.id, r.revision)
