"""Step 1. A call: somebody is found although the name is misspelt; a newcomer is registered while one types; the
contact is recorded once and ends with referrals."""

from __future__ import annotations

from time import monotonic
from typing import Any

from coordination.intake.queue import QueueFilter
from coordination.people.model import PersonRow
from coordination.values import PersonId, ReferralId
from ui.tour import hands, said
from ui.tour.desks import TourDesk
from ui.tour.hands import Unmet, expect, until
from ui.tour.step_2_queue import FIRST, SECOND
from ui.tour.story import PANKHURST_MISSPELT
from ui.tour.tour import Tour

REFERRALS = (
    ("reablement", "same_day", "Home alone since Friday, not safe on the stairs.", said.NEED),
    ("neighbourhood_apartment", "24_hours", "Step-free and close to family, while the bathroom is adapted.", said.NEED),
)


def run(tour: Tour) -> None:
    """A desk takes the call; another one only looks at its queue."""
    desk = tour.desk(FIRST)
    _watch(tour)
    _find_misspelt(tour, desk)
    page = _new_contact(desk)
    _write_down(tour, desk, page)
    _register(tour, desk, page)
    _end(tour, desk, page)
    _read_back(tour)


def _watch(tour: Tour) -> None:
    """The other desk's queue is open before anything happens; when it announces something, the time is kept."""
    other = tour.desk(SECOND)
    page = other.page if other.page.id == "queue" else other.go("queue")
    seen_at = tour.story.seen_at

    def told(held: int) -> None:
        if held and tour.story.sent_at and not seen_at:
            seen_at.append(monotonic())

    page.model.held_changed.connect(told)


def _find_misspelt(tour: Tour, desk: TourDesk) -> None:
    said.find(desk, PANKHURST_MISSPELT, "PANKHURST")
    tour.picture("01-find", desk)
    desk.press("Return")
    page = said.record_of(desk, None)
    words = hands.reads(page)
    if "PANKHURST" not in words:
        raise Unmet("expected the record of Mrs Pankhurst")
    tour.picture("01-record", desk)


def _new_contact(desk: TourDesk) -> Any:
    desk.press("Ctrl+N")
    page = desk.arrive("contact")
    until(lambda: page.ending.blocks and page.ending.blocks[0].service.count(), "the services to refer to")
    return page


def _write_down(tour: Tour, desk: TourDesk, page: Any) -> None:
    """What the caller says first: who calls, and what it is about."""
    who = tour.story.who
    fields = page.fields
    hands.put(fields.head.field("caller_name").editor, who.daughter)
    hands.put(fields.head.field("caller_relation").editor, "daughter")
    hands.put(fields.head.field("caller_phone").editor, who.phone)
    hands.put(fields.need, said.NEED)
    expect(page.fields.need.value, said.NEED, "what is written down")


def _register(tour: Tour, desk: TourDesk, page: Any) -> None:
    """Nobody of that name: registered in place, while what was typed stays."""
    who, finder = tour.story.who, page.who.finder
    hands.put(finder.field, f"{who.given} {who.surname}")
    until(lambda: finder._answered == finder.field.text().strip(), "an answer to the name typed")
    if any(row.surname == who.surname and row.given == who.given for row in finder.list.people.rows):
        raise Unmet("expected nobody of the newcomer's name")
    desk.press("Ctrl+Shift+R")
    form = page.who.register.fields.form
    until(lambda: form.field("surname").editor.isVisible(), "the form of a new person (Ctrl+Shift+R)")
    practice = form.field("practice_code").editor
    until(lambda: practice.count() > 1, "the practices to choose from")
    for name, words in (
        ("surname", who.surname), ("given", who.given), ("birth_date", who.born_as_said),
        ("nhs_number", who.nhs_number), ("postcode", who.postcode), ("phone", who.phone), ("address", who.address),
        ("title", who.title),
    ):  # fmt: skip
        hands.put(form.field(name).editor, words)
    hands.choose(form.field("gender").editor, who.gender)
    hands.choose(practice, who.practice)
    desk.quiet()
    tour.picture("01-register", desk)
    hands.click(page.who.register.confirm)
    person: PersonRow = until(
        lambda: page.who.person, f"the newcomer to be registered; the form reads {hands.reads(page.who.register)!r}"
    )
    desk.quiet()
    tour.story.person = PersonId(person.id)
    expect(page.fields.need.value, said.NEED, "what was typed before registering")


def _end(tour: Tour, desk: TourDesk, page: Any) -> None:
    """Ends with two referrals, by Ctrl+2 and Ctrl+Enter."""
    desk.press("Ctrl+2")
    for number, (service, urgency, why, _need) in enumerate(REFERRALS):
        if number:
            hands.click(hands.button_saying(page.ending, "Another service as well"))
        block = page.ending.blocks[number]
        hands.choose(block.service, service)
        hands.choose(block.urgency, urgency)
        hands.put(block.form.field("urgency_reason").editor, why)
    hands.into_sight(page.fields)
    tour.picture("01-contact", desk)
    tour.story.sent_at = monotonic()
    desk.press("Ctrl+Return")
    until(lambda: page.is_empty, f"the contact to end (Ctrl+Enter); the page reads {hands.reads(page.ending)!r}")
    desk.quiet()


def _read_back(tour: Tour) -> None:
    """By another session: the person, one contact, both referrals in the one queue."""
    who, services = tour.story.who, tour.witness
    found = services.people.find(who.nhs_number, 5)
    expect([row.id for row in found], [tour.story.person], "who has that NHS number")
    fields = services.people.get(found[0].id).fields
    expect((fields.surname, fields.given, fields.birth_date), (who.surname, who.given, who.born), "the newcomer")
    record = services.people.open_record(found[0].id)
    expect([c.need for c in record.contacts], [said.NEED], "the contacts of the newcomer")
    expect(record.contacts[0].ending, "referral", "how the contact ended")
    rows = services.intake.queue(QueueFilter(person_id=found[0].id)).rows
    expect({(r.service, r.urgency) for r in rows}, {(s, u) for s, u, *_ in REFERRALS}, "the referrals in the queue")
    by = {row.service: ReferralId(row.id) for row in rows}
    tour.story.referral, tour.story.apartment_referral = by["reablement"], by["neighbourhood_apartment"]
