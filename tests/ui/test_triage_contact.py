"""E3 and P2 in the contact form: what is suggested and who decides, several needs in one call, how many keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from coordination.clock import FixedClock
from coordination.people.model import PersonDraft
from coordination.values import PersonId, new_id
from tests.database import CentreDb
from tests.ui.test_intake_contact import Call, shown_words

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MOST_KEYS = 25


@dataclass
class Keys:
    """A keyboard that counts: each key that goes down is one, Ctrl too; the words themselves are not counted."""

    call: Call
    pressed: int = 0

    def words(self, typed: str) -> None:
        self.call.qtbot.keyClicks(self.focus, typed)

    def press(self, key: Qt.Key, *, ctrl: bool = False, times: int = 1) -> None:
        for _ in range(times):
            held = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
            self.pressed += 1 + ctrl
            self.call.qtbot.keyClick(self.focus, key, held)

    @property
    def focus(self) -> QWidget:
        found = self.call.page.focusWidget()
        assert found is not None
        return found


@pytest.fixture
def call(centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: object) -> Iterator[Call]:
    made = Call(centre_db, qtbot, tmp_path)
    yield made
    made.desk.tasks.close()


def need(call: Call, words: str) -> None:
    call.page.fields.need.setPlainText(words)
    call.page.ending.suggest()


def kept(call: Call, service: str) -> list[tuple[str, bool, str]]:
    (row,) = [r for r in call.intake.queue().rows if r.service == service and r.id != call.referral.id]
    return [(k.rule, k.taken, k.chosen_service) for k in call.intake.beside(row.id).suggestions]


# ---------------------------------------------------------------- by keyboard alone


def test_known_person_routine_need_with_what_is_suggested(call: Call) -> None:
    keys = Keys(call)
    keys.pressed += 2  # Ctrl+N, from wherever one is
    keys.words("pankhurst emmeline")
    keys.press(Qt.Key.Key_Return)
    call.qtbot.waitUntil(lambda: call.page.who.record is not None, timeout=30_000)
    keys.words("Cannot get in and out of the bath")
    keys.press(Qt.Key.Key_F2)
    block = call.page.ending.blocks[0]
    assert (block.service.value, block.urgency.value) == ("therapy", "routine")
    keys.press(Qt.Key.Key_Return, ctrl=True)
    call.idle()
    (row,) = [r for r in call.intake.queue().rows if r.service == "therapy"]
    assert (row.urgency, row.surname, row.need) == ("routine", "Pankhurst", "Cannot get in and out of the bath")
    assert keys.pressed <= 6, keys.pressed
    assert kept(call, "therapy") == [("bathing", True, "therapy")]


def test_known_person_routine_need_chosen_by_hand(call: Call) -> None:
    keys = Keys(call)
    keys.pressed += 2  # Ctrl+N
    keys.words("pankhurst emmeline")
    keys.press(Qt.Key.Key_Return)
    call.qtbot.waitUntil(lambda: call.page.who.record is not None, timeout=30_000)
    keys.words("Would like to talk about what comes next")
    ending = call.page.ending
    keys.press(Qt.Key.Key_Tab, times=2)  # how it ends, then the service
    assert ending.blocks[0].service.hasFocus(), keys.focus
    keys.pressed += 2
    keys.words("in")  # Integrated neighbourhood team
    assert ending.blocks[0].service.value == "int"
    keys.press(Qt.Key.Key_Tab)
    keys.pressed += 1
    keys.words("r")
    assert ending.blocks[0].urgency.value == "routine"
    keys.press(Qt.Key.Key_Tab, times=2)  # past who has it, to why
    keys.words("No hurry")
    keys.press(Qt.Key.Key_Return, ctrl=True)
    call.idle()
    (row,) = [r for r in call.intake.queue().rows if r.service == "int"]
    assert row.urgency == "routine"
    assert keys.pressed <= MOST_KEYS, keys.pressed
    assert kept(call, "int") == []


# ---------------------------------------------------------------- what is suggested, and who decides


def test_a_suggestion_stands_beside_the_referral_and_waits(call: Call) -> None:
    call.desk.clock = FixedClock(NOON)
    call.find("pankhurst")
    need(call, "Fell in the kitchen, no injury. Also asks for a commode.")
    block = call.page.ending.blocks[0]
    said = shown_words(block.suggestions)
    assert "Suggested: Urgent community response, within 2 hours – a fall with no injury, 08:00–20:00" in said, said
    assert "Or: Equipment and adaptations, routine – equipment or a change to the home" in said
    assert (block.service.value, block.urgency.value) == (None, None), "nothing is filled in by itself"
    call.page.ending.take()
    assert (block.service.value, block.urgency.value) == ("urgent_community_response", "two_hours")
    assert block.form.value("urgency_reason") == "A fall with no injury, 08:00–20:00"
    call.page.ending.take()  # again: the next
    assert block.service.value == "equipment"
    call.page.ending.take()  # and round
    assert block.service.value == "urgent_community_response"


def test_what_was_chosen_by_hand_stays_and_both_are_kept(call: Call) -> None:
    call.find("pankhurst")
    call.refer_to("social_work", "24_hours", "She asked for a social worker")
    need(call, "Cannot get in and out of the bath")
    block = call.page.ending.blocks[0]
    assert (block.service.value, block.urgency.value) == ("social_work", "24_hours")
    assert "Suggested was: Occupational therapy and physiotherapy, routine. Your choice stands; both are kept." in (
        shown_words(block.suggestions)
    )
    call.end()
    assert kept(call, "social_work") == [("bathing", False, "social_work")]


def test_words_of_ones_own_are_not_written_over(call: Call) -> None:
    call.find("pankhurst")
    need(call, "Cannot get in and out of the bath")
    block = call.page.ending.blocks[0]
    block.form.field("urgency_reason").set_value("Her own words")
    call.page.ending.take()
    assert block.form.value("urgency_reason") == "Her own words"


def test_a_question_first_and_a_concern_never_silently(call: Call) -> None:
    call.desk.clock = FixedClock(NOON)
    call.find("pankhurst")
    need(call, "Fell and hit her head, bleeding. Bruises on both arms, afraid of her son.")
    ending = call.page.ending
    said = shown_words(ending)
    assert "Is an ambulance needed first?" in said
    assert "May be a safeguarding concern – words of harm, threat or neglect by somebody else" in said
    block = ending.blocks[0]
    assert not block.safeguarding.isChecked()
    ending.raise_concern()
    assert block.safeguarding.isChecked()
    assert "May be a safeguarding concern" not in shown_words(ending)
    assert (block.who.value, block.urgency.value) == ("me", "same_day")


def test_a_concern_opens_its_path_with_the_contact(call: Call) -> None:
    call.find("pankhurst")
    need(call, "Bruises on both arms")
    call.refer_to("social_work", "same_day", "Afraid of her grandson")
    block = call.page.ending.blocks[0]
    block.safeguarding.setChecked(True)
    block.concern.form.set_values({"danger": "yes", "consent": "Knows, and agrees", "made_safe": "Neighbour is there"})
    block.who.set_value("")
    call.end()
    assert "never just queued" in block.form.field("give_to").problem
    assert call.stored() == []
    block.who.set_value("me")
    call.end()
    (concern,) = call.signed_in.services.safeguarding.concerns()
    detail = call.signed_in.services.safeguarding.open_concern(concern.id).concern
    assert (detail.seen_or_said, detail.danger, detail.consent, detail.made_safe, detail.owner) == (
        "Bruises on both arms",
        "yes",
        "Knows, and agrees",
        "Neighbour is there",
        "cora.coordinator",
    )


# ---------------------------------------------------------------- several needs in one call


def test_two_needs_are_both_in_sight_each_with_its_own_suggestion(call: Call) -> None:
    """Nothing that one needs lies below the fold at 1366 x 768: what the window leaves to the page."""
    page = call.page
    page.resize(1366 - 196, 768 - 52 - 36)
    call.find("pankhurst")
    need(call, "Cannot get in and out of the bath. Asks for a commode. Very lonely.")
    keys = Keys(call)
    page.fields.need.setFocus()
    keys.press(Qt.Key.Key_F2)
    keys.press(Qt.Key.Key_F3)
    one, two = page.ending.blocks
    assert two.service.hasFocus()
    assert [r.first.rule for r in two.suggestions.routes] == ["equipment", "loneliness"], "not what the first is for"
    keys.press(Qt.Key.Key_F2)
    assert [(b.service.value, b.urgency.value) for b in (one, two)] == [
        ("therapy", "routine"),
        ("equipment", "routine"),
    ]
    call.qtbot.waitUntil(
        lambda: two.height() > 0 and two.visibleRegion().boundingRect().height() == two.height(), timeout=30_000
    )
    assert one.visibleRegion().boundingRect().height() == one.height()
    keys.press(Qt.Key.Key_Return, ctrl=True)
    call.idle()
    assert {r.service for r in call.intake.queue().rows if r.id != call.referral.id} == {"therapy", "equipment"}


def test_left_out_and_brought_back(call: Call) -> None:
    call.find("pankhurst")
    need(call, "Fell, and cannot wash")
    call.refer_to("falls", "72_hours", "Second fall")
    call.page.ending.another()
    second = call.page.ending.blocks[1]
    second.service.set_value("reablement")
    second.urgency.set_value("24_hours")
    second.form.field("urgency_reason").set_value("Alone")
    second.remove.click()
    assert [b.service.value for b in call.page.ending.blocks] == ["falls"]
    assert call.said[-1] == ("say", "Left out: Reablement.")
    call.desk.notices.undo()  # type: ignore[attr-defined,misc]
    assert [b.service.value for b in call.page.ending.blocks] == ["falls", "reablement"]
    assert call.page.ending.blocks[1].form.value("urgency_reason") == "Alone"
    call.end()
    assert {r.service for r in call.intake.queue().rows if r.id != call.referral.id} == {"falls", "reablement"}


def test_each_is_mine_in_the_queue_or_a_colleagues(call: Call) -> None:
    call.find("pankhurst")
    need(call, "Three things")
    for number, (service, who) in enumerate((("social_work", "me"), ("falls", ""), ("equipment", "pia.placement"))):
        block = call.page.ending.blocks[number] if number == 0 else call.page.ending.add_block()
        block.service.set_value(service)
        block.urgency.set_value("routine")
        block.form.field("urgency_reason").set_value("No hurry")
        block.who.set_value(who)
    last = call.page.ending.blocks[2]
    assert last.more.field("give_reason").isVisibleTo(last)
    call.end()
    assert last.more.field("give_reason").problem == "Say why they are the one: they will read it."
    assert call.stored() == []
    last.more.field("give_reason").set_value("She orders these")
    call.end()
    rows = {r.service: r for r in call.intake.queue().rows if r.id != call.referral.id}
    assert {s: (r.state, r.holder) for s, r in rows.items()} == {
        "social_work": ("claimed", "cora.coordinator"),
        "falls": ("waiting", None),
        "equipment": ("claimed", "pia.placement"),
    }
    assert call.intake.referral(rows["equipment"].id).state_reason == "She orders these"


def test_all_of_it_is_in_the_draft(call: Call) -> None:
    call.find("pankhurst")
    need(call, "Cannot get in and out of the bath")
    ending = call.page.ending
    ending.take()
    block = ending.blocks[0]
    block.safeguarding.setChecked(True)
    block.concern.form.set_values({"danger": "yes", "consent": "Agrees"})
    block.who.set_value("pia.placement")
    block.more.field("give_reason").set_value("Knows her")
    raw = ending.raw()
    ending.restore({})
    assert ending.is_empty
    ending.restore(raw)
    assert ending.raw() == raw
    assert ending.blocks[0].draft() == block.draft()


# ---------------------------------------------------------------- responsibility


def test_nobody_in_the_city_is_responsible_says_so_at_the_field(call: Call) -> None:
    away = call.signed_in.services.people.register(
        PersonDraft(surname="Farrow", given="Nell", birth_date="3/3/1950", postcode="M6 1AA", address="1 Example Road"),
        PersonId(new_id()),
    )
    call.find("farrow")
    need(call, "Needs a social worker")
    call.refer_to("social_work", "72_hours", "As asked")
    block = call.page.ending.blocks[0]
    said = shown_words(block)
    assert "Lives in Salford" in said
    assert (
        "Nobody in the city is responsible. Contact Salford City Council, adult social care, number: look up." in said
    )
    call.end()
    assert block.more.field("outside_reason").problem.startswith("Nobody in the city is responsible: say why")
    block.more.field("outside_reason").set_value("In a hospital bed here")
    call.end()
    (row,) = [r for r in call.intake.queue().rows if r.person_id == away.id]
    beside = call.intake.beside(row.id)
    assert (beside.outside_reason, beside.outside_whom) == (
        "In a hospital bed here",
        "Salford City Council, adult social care, number: look up",
    )


def test_a_resident_sees_where_it_goes_and_is_asked_nothing_more(call: Call, centre_db: CentreDb) -> None:
    from sqlalchemy import text

    with centre_db.owner.begin() as connection:
        connection.execute(text("insert into postcode values ('M4 6AA', 'E05000687', 53.48, -2.2)"))
    call.signed_in.services.people.register(
        PersonDraft(surname="Inside", given="Ida", postcode="M4 6AA"), PersonId(new_id())
    )
    call.find("inside")
    call.refer_to("social_work", "72_hours", "As asked")
    block = call.page.ending.blocks[0]
    assert "Goes to Ancoats, Clayton and Bradford, North" in shown_words(block)
    assert not block.more.isVisibleTo(block)
    glance = shown_words(call.page.who)
    assert "Ancoats, Clayton and Bradford, North (no GP: by residence)" in glance


def test_a_concern_ticked_by_mistake_leaves_things_as_they_were(call: Call) -> None:
    call.find("pankhurst")
    call.refer_to("equipment", "routine", "No hurry")
    block = call.page.ending.blocks[0]
    block.safeguarding.setChecked(True)
    assert (block.who.value, block.urgency.value) == ("me", "same_day")
    block.safeguarding.setChecked(False)
    assert (block.who.value, block.urgency.value) == ("", "routine")
    assert not block.concern.isVisibleTo(block)
    assert not block.draft().safeguarding
