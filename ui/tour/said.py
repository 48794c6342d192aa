"""What is said on the tour, and ways of getting about that several steps share."""

from __future__ import annotations

from typing import Any

from PySide6.QtTest import QTest

from ui.tour import hands
from ui.tour.desks import TourDesk
from ui.tour.hands import Unmet, until
from ui.tour.story import Story

NEED = (
    "Home from hospital since Friday after a fall in the kitchen. Manages the frame, but washing and the stairs are "
    "hard. Wants to get back to the library on foot."
)
APARTMENT_NEED = "The bathroom is being adapted for six weeks. Needs a step-free apartment until then, close to family."

# By question of the form; a question that is not here is left out.
ANSWERS: dict[str, object] = {
    "what_happened": "A fall in the kitchen two weeks ago, four days in hospital, home since Friday.",
    "who_is_here": "{daughter}, the daughter. Wanted, and stays for all of it.",
    "how_we_talk": ("time", "glasses"),
    "what_matters": "I want to be in my own home and to see the children on Sundays. I like a proper cup of tea.",
    "good_day": "Up at seven, the paper, a walk to the library, Coronation Street. A bad one is when nobody calls.",
    "dont_want": "I do not want to be put to bed at six.",
    "do_well": "Thirty years on the looms, four children brought up, still does the crossword in pen.",
    "manage_myself": "My own breakfast, the bills, the tomatoes on the window sill.",
    "what_worked": "A neighbour who knocked each morning, and exercises written down large.",
    "people": "{daughter}, two streets away, every day. Mr Khan next door takes the bins out.",
    "places": "The library on Thursdays, the church hall for bingo.",
    "has_carer": True,
    "carer_does": "Shopping, the washing, a meal on Sunday. Would like to go on with the Sunday meal.",
    "carer_needs": "tired",
    "washing": "some_help",
    "washing_more": "Getting in and out of the bath. A seat, and somebody near for the first weeks.",
    "dressing": "alone",
    "eating": "alone",
    "appetite": False,
    "weight": "61",
    "moving": "aids",
    "fallen": "once",
    "fall_how": "Turned too fast with the kettle. Could not get up; the neighbour heard the knocking.",
    "fall_action": ("strength", "alarm"),
    "feels_safe": True,
    "home_suits": ("stairs", "bathroom"),
    "home_more": "Fourteen steep stairs with a rail on one side only; the bath is high.",
    "getting_in": "Key safe; the daughter knows it.",
    "medication": "nurse",
    "medication_more": "Insulin each morning, and a dressing on the left heel that the nurse changes.",
    "continence": "fine",
    "mood": "up_and_down",
    "memory": "fine",
    "lonely": "sometimes",
    "outcomes_wanted": "Walk to the library and back on my own.\nSleep upstairs in my own bed.",
    "other_help": "Daughter brings the bath seat on Tuesday.",
    "if_wrong": "First sign is not answering the phone at nine. Ring the daughter, then Mr Khan next door.",
    "agrees": True,
}


def open_record(desk: TourDesk, story: Story) -> Any:
    """Find the newcomer by NHS number with Ctrl+K, and open the record."""
    find(desk, story.who.nhs_number, story.who.surname.upper())
    desk.press("Return")
    return record_of(desk, story.person)


def find(desk: TourDesk, words: str, wanted: str) -> list[str]:
    """Ctrl+K and the words; waits for somebody whose line holds ``wanted``, chosen. Gives all titles shown."""
    finder = desk.window.finder

    def found() -> bool:
        if not finder.isVisible():  # it closes when the cursor is taken from it, as by a window that has just come up
            desk.press("Ctrl+K")
            desk.type(words)
        return any(wanted in title for title in finder.shown())

    until(
        found,
        f"{wanted} to be found for “{words}”; found {finder.shown()}",
    )
    for _ in range(len(finder.shown())):
        if wanted in str(finder.list.currentIndex().data() or ""):
            break
        desk.press("Down")
    return finder.shown()


def record_of(desk: TourDesk, person: Any) -> Any:
    """Wait for a person's record to be open."""
    page = desk.arrive("person")
    until(lambda: person is None or str(page.key) == str(person), "the record of the person who was found")
    desk.quiet()
    return page


def do(desk: TourDesk, command: str) -> None:
    """A command by its keys, or where it has none by the palette, as one does."""
    try:
        wanted = desk.open_desk.desk.commands.get(command)
    except KeyError:
        raise Unmet(f"expected a command {command}") from None
    until(wanted.enabled_when, f"“{wanted.title}” to be possible")
    if wanted.shortcut:
        desk.press(wanted.shortcut)
        return
    find(desk, wanted.title, wanted.title)
    desk.press("Return")


def leave_text(desk: TourDesk) -> None:
    """Out of a text field, so that single keys are commands again."""
    hands.settle()
    focus = desk.window.focusWidget()
    if focus is not None:
        focus.clearFocus()
    QTest.qWait(0)
