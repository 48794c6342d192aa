"""Step 2. It is in the one queue with urgency and a due time; another desk sees it come; one of two claims it."""

from __future__ import annotations

from typing import Any

from coordination.intake.model import OPEN_STATES, Referral
from coordination.intake.queue import ReferralRow
from ui.intake.detail import HeldNote
from ui.tour import hands
from ui.tour.desks import TourDesk
from ui.tour.hands import Unmet, expect, until
from ui.tour.tour import Tour

FIRST, SECOND = "nadia.coordinator", "declan.coordinator"


def run(tour: Tour) -> None:
    """Two desks, one referral."""
    one, other = tour.desk(FIRST), tour.desk(SECOND)
    wanted = _wanted(tour)
    _see_it_come(tour, other, wanted)
    one.go("queue")
    for desk in (one, other):
        _stand_on(desk, wanted)
    _race(one, other)
    held = until(lambda: _claimed(tour, wanted), "the database to say who has the referral")
    winner, loser = (one, other) if held.holder == one.user else (other, one)
    expect(held.state, "claimed", "the state of the referral")
    said = until(
        lambda: [hands.reads(note) for note in hands.shown(loser.page, HeldNote)],
        "the second desk to be told who has the referral",
    )[0]
    if winner.display_name not in said:
        raise Unmet(f"expected the second desk to be told of {winner.display_name}, it read: {said}")
    until(lambda: _row(winner.page, wanted).holder == winner.user, "the first desk to show its claim")
    winner.quiet()
    tour.picture("02-queue", winner, dark=True)
    tour.picture("02-told-who-has-it", loser)
    events = tour.witness.intake.open_referral(wanted).events
    claims = [e for e in events if e.to_state == "claimed"]
    expect([e.by for e in claims], [winner.user], "who claimed it, by its history")
    tour.note(f"{winner.display_name} has it; {loser.display_name} read: {said.splitlines()[0]}")
    winner.press("A")
    until(lambda: tour.witness.intake.referral(wanted).state == "accepted", "the referral to be accepted (A)")
    winner.quiet()


def _wanted(tour: Tour) -> Any:
    if tour.story.referral is None:
        raise Unmet("expected a referral from step 1, and there is none")
    found: Referral = tour.witness.intake.referral(tour.story.referral)
    if found.state not in OPEN_STATES or found.due_at <= found.received_at:
        raise Unmet(f"expected an open referral with a due time, found {found.state}, due {found.due_at}")
    return found.id


def _see_it_come(tour: Tour, other: TourDesk, wanted: Any) -> None:
    """It was announced on the other desk by itself, and stands there with urgency and due time when asked for."""
    story = tour.story
    until(lambda: story.seen_at, "the other desk to announce the new referral by itself")
    until(lambda: other.page.model.held or _has(other.page, wanted), "the new referral to wait on the other desk")
    if not _has(other.page, wanted):
        tour.picture("02-announced", other)
        other.press("N")
        until(lambda: _has(other.page, wanted), "the new referral in the list of the other desk (N)")
    row = _row(other.page, wanted)
    kept = tour.witness.intake.referral(wanted)
    expect((row.urgency, row.due_at), (kept.urgency, kept.due_at), "urgency and due time on the other desk")
    tour.note(f"seen on the other desk {max(0.0, story.seen_at[0] - story.sent_at):.2f} s after it was recorded")


def _stand_on(desk: TourDesk, wanted: Any) -> None:
    page = desk.page
    if not _has(page, wanted):
        desk.press("N")
    until(lambda: _has(page, wanted), f"the referral in the queue of {desk.user}")
    hands.select_row(page.table, page.model.number_of(wanted))
    until(lambda: page.chosen is not None and page.chosen.id == wanted, "the referral to be chosen")
    if not page.panel.isVisible():
        desk.press("Space")
    until(lambda: page.detail is not None and page.detail.referral.id == wanted, "its details beside the list")
    desk.quiet()


def _race(one: TourDesk, other: TourDesk) -> None:
    """Both press Claim before either hears of the other."""
    buttons = [hands.command_button(desk.page.head, "queue.claim") for desk in (one, other)]
    for button in buttons:
        until(button.isEnabled, "Claim to be possible on both desks")
    for button in buttons:
        hands.click(button)


def _claimed(tour: Tour, wanted: Any) -> Referral | None:
    found: Referral = tour.witness.intake.referral(wanted)
    return found if found.holder else None


def _has(page: Any, wanted: Any) -> bool:
    return page.model.number_of(wanted) is not None


def _row(page: Any, wanted: Any) -> ReferralRow:
    found: ReferralRow | None = page.model.by_key(wanted)
    if found is None:
        raise Unmet("expected the referral in the queue")
    return found
