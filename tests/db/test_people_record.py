"""R1: each tab of a person's record is one query, and the timeline is whole, from page to page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from coordination.intake.model import Advice, ContactDraft, NoAction, Refer, ReferralDraft
from coordination.people.model import AlertDraft, AroundDraft, Person, PersonDraft
from coordination.people.record import TIMELINE_KINDS, TimelineItem
from coordination.people.service import People
from coordination.values import ContactId, PersonId, ReferralId, new_id
from tests.care_kit import signed_conversation
from tests.database import CentreDb
from tests.db.test_people import statements

EMMELINE = PersonDraft(surname="Pankhurst", given="Emmeline", birth_date="14/7/1945", phone="0161 496 0000")


@pytest.fixture
def full(centre_db: CentreDb) -> tuple[CentreDb, Person]:
    """A person to whom something of every kind has happened."""
    cora = centre_db.sign_in("cora.coordinator").services
    asa = centre_db.sign_in("asa.assessor").services
    person = cora.people.register(EMMELINE, PersonId(new_id()))
    alert = cora.people.add_alert(person.id, AlertDraft("allergy", "Nuts"), new_id())
    cora.people.end_alert(person.id, alert.id, alert.revision)
    cora.people.add_around(person.id, AroundDraft("Sylvia", "daughter"), new_id())
    for ending in (Advice("The lunch club"), NoAction("Wrong number")):
        cora.intake.take_contact(ContactDraft(person_id=person.id, need="A call"), ContactId(new_id()), ending)
    draft = ReferralDraft(ReferralId(new_id()), "reablement", "routine", "Weak", safeguarding=True)
    contact = ContactDraft(person_id=person.id, need="Cannot manage")
    referral = cora.intake.take_contact(contact, ContactId(new_id()), Refer((draft,))).referrals[0]
    cora.intake.claim(referral.id, referral.revision)
    signed_conversation(asa, person.id)
    cora.careplan.start(person.id)
    with centre_db.owner.begin() as connection:
        run = connection.execute
        visits = (
            "insert into visit (id, person_id, team_id, day, arrive, minutes, need, state)"
            " select gen_random_uuid(), :p, (select min(id) from team), (d at time zone 'Europe/London')::date,"
            " tstzrange(d, d + interval '1 hour'), 30, 'Help', 'done'"
            " from unnest(array[now() - interval '3 days', now() - interval '2 days', now() + interval '2 days']) d"
        )
        run(text(visits), {"p": person.id})
        run(text("insert into scheme (name, kind, locality) values ('Hall Lane', 'sheltered', 'north')"))
        run(text("insert into apartment (scheme_id, name) select id, '1' from scheme"))
        run(
            text(
                "insert into stay (id, apartment_id, person_id, period, state) select gen_random_uuid(), a.id, :p,"
                " daterange(current_date - 20, current_date - 5), 'ended' from apartment a"
            ),
            {"p": person.id},
        )
        message = (
            "with o as (insert into original (id, sha256, name, media_type, size, content)"
            " values (gen_random_uuid(), 'x', 'letter.eml', 'message/rfc822', 1, 'x') returning id)"
            " insert into message (id, original_id, kind, outcome, person_id)"
            " select gen_random_uuid(), id, 'email', 'refused', :p from o"
        )
        run(text(message), {"p": person.id})
    other = cora.people.register(PersonDraft("Pankhurst", "Emily"), PersonId(new_id()))
    merge_id = new_id()
    cora.people.merge(merge_id, person, other, "The same woman", ())
    cora.people.part(merge_id, "Her sister")
    return centre_db, person


def test_each_tab_is_one_statement(full: tuple[CentreDb, Person]) -> None:
    db, person = full
    desk = db.sign_in("cora.coordinator")
    people = desk.services.people
    tabs: list[Callable[[], object]] = [
        lambda: people.timeline(person.id),
        lambda: people.timeline(person.id, ("visit", "contact"), people.timeline(person.id, limit=2).more),
        lambda: people.entries(person.id),
        lambda: people.care(person.id),
        lambda: people.places(person.id),
        lambda: people.people_around(person.id),
    ]
    for number, tab in enumerate(tabs):
        with statements(desk.engine) as seen:
            tab()
        assert len(seen) == (2 if number == 1 else 1), seen
    with statements(desk.engine) as seen:
        people.open_record(person.id)
    assert len(seen) == 1  # the note on the audit trail is taken by the same
    assert "audit.note" in seen[0]


def test_the_tabs_say_what_is_there(full: tuple[CentreDb, Person]) -> None:
    db, person = full
    people = db.sign_in("cora.coordinator").services.people
    record = people.open_record(person.id)
    assert (len(record.referrals), len(record.contacts), len(record.visits), record.alerts) == (1, 3, 1, ())
    assert (record.plan is not None, record.stay, len(record.assessments)) == (True, None, 1)
    assert [m.stands for m in record.merges] == [False]
    entries = people.entries(person.id)
    assert (len(entries.contacts), entries.referrals) == (3, record.referrals)
    care = people.care(person.id)
    assert (care.plan, care.assessments) == (record.plan, record.assessments)
    places = people.places(person.id)
    assert (len(places.visits), len(places.stays)) == (3, 1)
    around = people.people_around(person.id)
    assert ([a.name for a in around.around], [a.words for a in around.alerts]) == (["Sylvia"], ["Nuts"])
    assert around.merges == record.merges


def test_the_timeline_tells_everything(full: tuple[CentreDb, Person]) -> None:
    db, person = full
    page = db.sign_in("cora.coordinator").services.people.timeline(person.id, limit=500)
    assert set(page.counts) == set(TIMELINE_KINDS) - {"made"}
    assert page.more is None
    happened = {(item.what, item.state) for item in page.items}
    assert happened >= {
        ("contact", "advice"), ("contact", "no_action"), ("contact", "referral"), ("advice", "given"),
        ("referral", "waiting"), ("referral", "claimed"), ("safeguarding", "raised"), ("assessment", "draft"),
        ("assessment", "signed"), ("plan", "draft"), ("visit", "done"), ("stay", "booked"), ("stay", "ended"),
        ("alert", "added"), ("alert", "ended"), ("message", "refused"), ("record", "registered"), ("record", "merged"),
        ("record", "parted"),
    }  # fmt: skip
    words = {(item.what, item.state): item.words for item in page.items}
    assert words["contact", "no_action"] == "A call\nWrong number"
    assert words["advice", "given"] == "The lunch club"
    assert words["record", "parted"] == "Pankhurst, Emily: Her sister"
    assert words["message", "refused"] == "letter.eml"


@settings(max_examples=10, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate),
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.integers(1, 9), st.sets(st.sampled_from(TIMELINE_KINDS), max_size=3))
def test_page_after_page_is_the_whole(full: tuple[CentreDb, Person], limit: int, kinds: set[str]) -> None:
    db, person = full
    people = _people(db)
    whole = people.timeline(person.id, kinds, limit=500)  # type: ignore[arg-type]
    assert len(whole.items) == sum(n for kind, n in whole.counts.items() if not kinds or kind in kinds)
    got: list[TimelineItem] = []
    page = people.timeline(person.id, kinds, limit=limit)  # type: ignore[arg-type]
    got += page.items
    while page.more:
        page = people.timeline(person.id, kinds, page.more, limit)  # type: ignore[arg-type]
        got += page.items
    assert tuple(got) == whole.items


_signed_in: dict[str, People] = {}


def _people(db: CentreDb) -> People:
    key = f"{db.name} {id(db)}"
    if key not in _signed_in:
        _signed_in.clear()
        _signed_in[key] = db.sign_in("cora.coordinator").services.people
    return _signed_in[key]


def test_what_is_not_shared_is_told_to_nobody_else(full: tuple[CentreDb, Person]) -> None:
    db, person = full
    with db.owner.begin() as connection:
        connection.execute(text("update person set sharing_level = 'summary'"))
    people = db.sign_in("cora.coordinator").services.people
    counts = people.timeline(person.id).counts
    assert "assessment" not in counts
    assert "plan" not in counts
    assert counts["record"] == 1  # neither the merging
    with db.owner.begin() as connection:
        connection.execute(text("update person set sharing_level = 'named_teams'"))
    page = people.timeline(person.id)
    assert (page.items, page.counts, page.more) == ((), {}, None)
