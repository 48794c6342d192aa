"""A co-ordinator's shift by keyboard only, from its first key to the colleague who takes over: no mouse anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings

from coordination.intake.model import Referral
from coordination.intake.queue import QueueFilter
from tests.made_once import Copies
from ui import root
from ui.desktop import make_app
from ui.style import theme
from ui.tour.desks import TourDesk
from ui.tour.hands import until

FIRST, NEXT = "nadia.coordinator", "declan.coordinator"
NEED = "Had a fall in the night, no injury, cannot get out of the chair"


class Shift:
    """Two desks over one database, and what the database says."""

    def __init__(self, centre: Any, folder: Path) -> None:
        self.centre = centre
        self.first, self.next = (
            TourDesk(centre, user, QSettings(str(folder / f"{user}.ini"), QSettings.Format.IniFormat))
            for user in (FIRST, NEXT)
        )

    def held(self, desk: TourDesk) -> set[Any]:
        rows = desk.services.intake.queue(QueueFilter(holder="me", limit=1000)).rows
        return {row.id for row in rows}

    def referral(self, number: int) -> Referral:
        rows = self.first.services.intake.queue(QueueFilter(limit=1000)).rows
        found: Referral = self.first.services.intake.referral(next(r.id for r in rows if r.number == number))
        return found

    def close(self) -> None:
        self.first.close()
        self.next.close()


@pytest.fixture
def shift(tmp_path: Path, larger_city: Copies) -> Iterator[Shift]:
    app = make_app()
    app.setQuitOnLastWindowClosed(False)
    theme.apply(app, "light")
    centre = root.open_embedded(larger_city(tmp_path / "a shift"))
    try:
        made = Shift(centre, tmp_path)
        yield made
        made.close()
    finally:
        centre.close()


def test_a_whole_shift_without_a_mouse(shift: Shift) -> None:
    desk = shift.first
    desk.sign_in()
    until(lambda: desk.open_desk.desk.duty.watch.known, "who is on shift")
    desk.press("F9")
    until(lambda: _mine(desk.services.duty, FIRST) is not None, "the shift to begin (F9)")
    desk.quiet()

    number = _take_a_call(desk)
    _work_it_off(shift, desk, number)
    _a_break(desk)
    _hand_over(shift, desk)


def _take_a_call(desk: TourDesk) -> int:
    """The person misspelt, the need in words, what is suggested taken: the referral's number."""
    desk.press("Ctrl+N")
    page = desk.arrive("contact")
    desk.type("pankhrust emeline")
    desk.press("Return")
    until(lambda: page.who.person is not None, "the person to be chosen")
    desk.quiet()
    desk.type(NEED)
    until(lambda: page.ending.blocks[0].suggestions.next_to_take() is not None, "a suggestion for those words")
    desk.press("F2")
    desk.press("Ctrl+Return")
    until(lambda: page.is_empty, "the contact to be ended")
    desk.quiet()
    made = [row for row in desk.services.intake.queue(QueueFilter(limit=1000)).rows if row.need.startswith(NEED)]
    assert len(made) == 1
    return made[0].number


def _work_it_off(shift: Shift, desk: TourDesk, number: int) -> None:
    """Found in the queue by its number; claimed, put back, claimed again, accepted."""
    desk.press("Alt+1")
    page = desk.arrive("queue")
    _go_to(desk, page, number)
    desk.press("C")
    until(lambda: shift.referral(number).state == "claimed", "the claim (C)")
    desk.quiet()
    desk.press("U")
    until(lambda: shift.referral(number).state == "waiting", "the claim to be taken back (U)")
    desk.quiet()
    desk.press("C")
    until(lambda: shift.referral(number).state == "claimed", "the claim (C)")
    desk.quiet()
    desk.press("A")
    until(lambda: shift.referral(number).state == "accepted", "accepting (A)")
    desk.quiet()


def _go_to(desk: TourDesk, page: Any, number: int) -> None:
    """Down the list until the row is the chosen one."""

    def there() -> bool:
        return any(row.number == number for row in page.model.all_rows)

    until(lambda: there() or page.model.held, "the referral to be announced")
    if not there():
        desk.press("N")
    until(there, "the referral to be in the list (N)")
    desk.press("Home")
    for _ in range(page.model.rowCount()):
        if page.chosen is not None and page.chosen.number == number:
            return
        desk.press("Down")
    pytest.fail("The arrow keys did not come to the referral.")


def _a_break(desk: TourDesk) -> None:
    duty = desk.services.duty
    desk.press("Shift+F9")
    until(lambda: _mine(duty, FIRST).on_break is not None, "the break to begin (Shift+F9)")
    desk.quiet()
    desk.press("Shift+F9")
    until(lambda: _mine(duty, FIRST).on_break is None, "the break to end (Shift+F9)")
    desk.quiet()


def _hand_over(shift: Shift, desk: TourDesk) -> None:
    """Everything goes to whoever comes next; until they accept it is still the first one's, and never of both."""
    desk.press("F9")
    page = desk.arrive("duty")
    until(lambda: page.sheet is not None, "what a colleague left for whoever is next (F9)")
    desk.press("Ctrl+Return")
    until(lambda: not page.sheet.waiting, "all of it to be accepted (Ctrl+Enter)")
    desk.quiet()
    desk.press("M")
    until(lambda: page.sheet is None and page.model.rowCount() > 0, "what is outstanding (M)")
    held = shift.held(desk)
    page.table.setFocus()
    desk.press("Ctrl+A")
    desk.press("N")
    desk.press("T")
    desk.type("All quiet. Mrs Pankhurst waits for a call back.")
    desk.press("Ctrl+Return")
    until(lambda: desk.services.duty.handovers()[0].from_user == FIRST, "the handover to be signed (Ctrl+Enter)")
    desk.quiet()
    assert shift.held(desk) == held

    after = shift.next
    after.sign_in()
    until(lambda: after.open_desk.desk.duty.watch.known, "who is on shift")
    after.press("F9")
    until(lambda: _mine(after.services.duty, NEXT) is not None, "the next shift to begin (F9)")
    after.quiet()
    after.press("F9")
    there = after.arrive("duty")
    until(lambda: there.sheet is not None and there.sheet.handover.from_user == FIRST, "the handover (F9)")
    after.quiet()
    after.press("Ctrl+Return")
    until(lambda: held <= shift.held(after), "all of it to be accepted (Ctrl+Enter)")
    assert not shift.held(desk) & held


def _mine(duty: Any, user: str) -> Any:
    return duty.on_duty().of(user)
