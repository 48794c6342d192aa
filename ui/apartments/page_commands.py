"""What can be done on the board of the apartments: declared once, for keys, menu, palette and buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ui.apartments.page_tools import ChoiceBar
from ui.commands import Command, always

if TYPE_CHECKING:
    from ui.apartments.booking import Booking
    from ui.apartments.page_view import DoingPage

# of the menu of a stay, of a free day; "" is a line between
OF_STAY = ("arrive", "move_on", "reopen", "", "pick_up", "days", "end", "split", "swap", "cancel", "", "record", "undo")
OF_DAY = ("book", "close", "pause", "accept", "", "undo", "redo")


def apartment_commands(page: DoingPage, booking: Booking) -> list[Command]:
    """All of them, ids ``apartments.book`` and so on."""
    undo = page.undo_stack

    def make(
        name: str, title: str, run: Callable[[], object], keys: str = "", when: Callable[[], bool] = always,
        icon: str = "", also: str = "",
    ) -> Command:  # fmt: skip
        return Command(f"apartments.{name}", title, run, keys, when, "Apartments", icon, also)

    def is_(*states: str, person: bool = False) -> Callable[[], bool]:
        def check() -> bool:
            stay = page.board.stay
            known = stay is not None and not stay.hidden and stay.state in states
            return known and stay is not None and (stay.kind == "stay" or not person)

        return check

    def free() -> bool:
        return page.board.apartment is not None and page.board.stay is None

    def flat() -> bool:
        return page.board.apartment is not None

    def known() -> bool:
        return page.chosen_person is not None

    changes = is_("booked", "in_stay", "ended")
    inside = is_("booked", "in_stay", person=True)
    made = [
        make("book", "Book a stay", booking.book, "B", always, "calendar-plus"),
        make("close", "Close days for cleaning or repair", booking.close_days, "X", free, "prohibit"),
        make("pause", "Takes nobody in: not accepting", page.pause, "N", flat, "door", "vacant accepting closed"),
        make("accept", "Accepts again", page.accept, "Shift+N", lambda: page.chosen_pause is not None, "door-open"),
        make("arrive", "Moved in", page.arrive, "A", is_("booked", person=True), "sign-in"),
        make("end", "Change the last day", page.end, "E", is_("booked", "in_stay"), "calendar", "extend shorten"),
        make("days", "Change the days", page.days, "D", changes, "calendar-blank", "first day correct retrospective"),
        make("pick_up", "Pick up to move or extend", lambda: page.board.pick_up(), "P", changes, "hand-grabbing",
             "drag move extend shorten"),
        make("swap", "Change places with another stay", page.swap, "S", inside, "swap"),
        make("split", "Go on in another apartment", page.split, "G", inside, "arrow-bend-down-right"),
        make("move_on", "Moved on", page.move_on, "M", is_("in_stay", person=True), "sign-out"),
        make("cancel", "Cancel the stay", page.cancel, "Del", is_("booked"), "x"),
        make("reopen", "Back in the apartment", page.reopen, "", is_("ended", person=True)),
        make("record", "Open the person's record", page.open_record, "R", known, "user"),
        make("waiting", "Who waits for an apartment", page.show_waiting, "W", always, "users"),
        make("today", "Go to today", page.go_today, "T", always, "calendar-check"),
        make("jump", "Go to a day", page.jump, "J", always, "calendar"),
        make("wider", "Wider days", lambda: page.board.zoom(1), "+", always, "magnifying-glass-plus"),
        make("wider_too", "Wider days", lambda: page.board.zoom(1), "="),
        make("narrower", "Narrower days", lambda: page.board.zoom(-1), "-", always, "magnifying-glass-minus"),
        make("undo", "Undo on the calendar", undo.undo, "U", lambda: undo.can_undo, "arrow-u-up-left"),
        make("redo", "Do again", undo.redo, "Ctrl+Y", lambda: undo.can_redo, "arrow-u-up-right"),
        make("redo_too", "Do again", undo.redo, "Ctrl+Shift+Z", lambda: undo.can_redo),
        make("history", "What was done here", page.show_history, "Shift+U", always, "clock-counter-clockwise"),
        make("copy", "Copy what is seen", page.copy, "Ctrl+C", always, "copy"),
        make("as_list", "All that is seen, as a list", page.as_list, "Ctrl+Shift+E", always, "table",
             "export print excel workbook csv"),
        make("paper", "Print the calendar as it is seen", page.print_board, "Ctrl+P", always, "printer", "pdf paper"),
        make("save", "Save what is typed", page.save, "Ctrl+Return", lambda: page.showing == "form"),
    ]  # fmt: skip
    return made + [_choice(page, number) for number in range(1, ChoiceBar.MOST + 1)]


def _choice(page: DoingPage, number: int) -> Command:
    return Command(
        f"apartments.choice_{number}", f"Choose number {number} of what is free instead",
        lambda: page.choices.pick(number), str(number), lambda: page.choices.count >= number, "Apartments",
        in_palette=False,
    )  # fmt: skip
