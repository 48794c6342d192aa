"""Step 6. An apartment is found and booked for who waits for one; an overlapping stay is refused and explained."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QCheckBox

from coordination.apartments.model import Stay
from coordination.apartments.referrals_model import Waiting
from coordination.values import StayId
from ui.tour import hands, said
from ui.tour.desks import TourDesk
from ui.tour.hands import Unmet, expect, until
from ui.tour.tour import Tour

PLACEMENT = "grace.placement"
DAYS = 14
NOTE = "Bathroom being adapted; the daughter will help with the move."


def run(tour: Tour) -> None:
    """The best match is booked; the next one who wants the same days is refused."""
    desk = tour.desk(PLACEMENT)
    page = desk.page if desk.page.id == "apartments" else desk.go("apartments")
    desk.quiet()
    who = _choose_waiting(tour, desk, page)
    tour.picture("06-matches", desk)
    stay = _book(tour, desk, page, who)
    tour.story.stay = StayId(stay.id)
    tour.picture("06-booked", desk)
    _refused(tour, desk, page, stay)


def _choose_waiting(tour: Tour, desk: TourDesk, page: Any) -> Waiting:
    """The tour's own referral, or else the first that an apartment suits; in all the city when those near are taken."""
    rows = tour.witness.placements.waiting()
    if len(rows) < 2:
        raise Unmet("expected two referrals that wait for an apartment")
    rows.sort(key=lambda r: r.referral_id != tour.story.apartment_referral)
    for locality in ("", "All"):
        if locality:
            hands.click(hands.button_saying(desk.window.top.locality, locality))
            desk.quiet()
        for wanted in rows:
            _pick(page, wanted)
            desk.quiet()
            if any(m.possible for m in page.waiting.best()):
                _needs(page)
                return wanted  # type: ignore[no-any-return]
    raise Unmet("expected an apartment that suits one of those who wait")


def _needs(page: Any) -> None:
    """Step-free, as the referral says; taken back where no such apartment is to be had."""
    box = next(b for b in hands.shown(page.waiting.needs, QCheckBox) if b.text() == "Step-free")
    if not box.isChecked():
        hands.click(box, QPoint(8, box.height() // 2))
        if not any(m.possible for m in page.waiting.best()):
            hands.click(box, QPoint(8, box.height() // 2))


def _pick(page: Any, wanted: Waiting) -> None:
    items = page.waiting.list
    places = until(
        lambda: (
            items.isVisible()
            and [n for n in range(items.count()) if items.item(n).data(256) == str(wanted.referral_id)]
        ),
        "the referral in the list of who waits",
    )
    hands.select_row(items, places[0])
    until(lambda: page.waiting.current is not None, "somebody to be chosen")
    expect(page.waiting.current.referral_id, wanted.referral_id, "the referral that is chosen")


def _book(tour: Tour, desk: TourDesk, page: Any, who: Waiting) -> Stay:
    best = [m for m in page.waiting.best() if m.possible]
    if not best:
        raise Unmet("expected an apartment that suits")
    hands.click(hands.button_saying(page.waiting, f"Book {best[0].apartment.label}"))
    form = until(lambda: page.panel.area.widget() if page._showing == "form" else None, "the form of a booking").form
    last = form.field("start").editor.value + timedelta(days=DAYS - 1)
    hands.put(form.field("last").editor, f"{last.day}/{last.month}/{last.year}")
    hands.choose(form.field("purpose").editor, "adaptations")
    hands.put(form.field("reason").editor, NOTE)
    tour.picture("06-booking", desk)
    desk.press("Ctrl+Return")
    until(lambda: page._showing == "stay" or desk.failures(), "the stay to be booked (Ctrl+Enter)")
    desk.quiet()
    if desk.failures():
        raise Unmet(f"expected the stay to be booked, the screen says: {desk.failures()[-1]}")
    stay: Stay = tour.witness.apartments.stay(page.board.stay.id)
    expect((stay.referral_id, stay.person_id), (who.referral_id, who.person_id), "whom the stay is for")
    expect(stay.period.days, DAYS, "how many days the stay has")
    expect((stay.state, stay.purpose, stay.reason), ("booked", "adaptations", NOTE), "the stay as it is kept")
    expect(stay.apartment_id, best[0].apartment.id, "the apartment")
    return stay


def _refused(tour: Tour, desk: TourDesk, page: Any, stay: Stay) -> None:
    """Somebody else for the same days: the database refuses, the screen says who is there."""
    other = next(r for r in tour.witness.placements.waiting() if r.referral_id != stay.referral_id)
    desk.press("W")
    _pick(page, other)
    page.board.setFocus()
    page.board.choose_stay(stay.id)
    desk.press("B")
    form = until(lambda: page.panel.area.widget() if page._showing == "form" else None, "the form of a booking").form
    hands.choose(form.field("purpose").editor, "respite")
    if "override" in form.fields:  # the scheme does not take them: that is not what is to be refused here
        hands.put(form.field("override").editor, "Agreed with the scheme")
    desk.press("Ctrl+Return")
    said_why = until(desk.failures, "the overlapping stay to be refused")[-1]
    desk.quiet()
    tour.picture("06-refused", desk)
    if stay.who not in said_why:
        raise Unmet(f"expected the refusal to name {stay.who}, it reads: {said_why}")
    tour.note(f"refused: {said_why}")
    still = {r.referral_id for r in tour.witness.placements.waiting()}
    if other.referral_id not in still:
        raise Unmet("expected the second referral to go on waiting, and it has a stay")
    said.leave_text(desk)
