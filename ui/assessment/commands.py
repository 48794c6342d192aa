"""What can be done with an assessment, and with which keys."""

from __future__ import annotations

from typing import Protocol

from ui.assessment.answering import Answering
from ui.assessment.away_acts import AwayActs
from ui.assessment.conversation import Conversation
from ui.assessment.draft import Draft
from ui.assessment.signing import SigningBar
from ui.assessment.speaking import Speaking
from ui.commands import Command

GROUP = "Assessment"


class AssessmentShown(Protocol):
    """What the commands ask of the page."""

    @property
    def answering(self) -> Answering | None: ...
    @property
    def draft(self) -> Draft | None: ...
    @property
    def conversation(self) -> Conversation: ...
    @property
    def bar(self) -> SigningBar: ...
    @property
    def away(self) -> AwayActs: ...
    @property
    def speaking(self) -> Speaking: ...
    def confirm_next(self) -> None: ...
    def show_history(self) -> None: ...
    def say_whose(self) -> None: ...
    def confirm_all(self) -> None: ...
    def to_plan(self) -> None: ...


def assessment_commands(page: AssessmentShown) -> list[Command]:
    """The commands of the page."""

    def is_draft() -> bool:
        return page.draft is not None and not page.draft.signed

    def is_signed() -> bool:
        return page.draft is not None and page.draft.signed

    def at_question() -> bool:
        return page.conversation.focused_question() is not None

    def on_question() -> bool:
        return is_draft() and at_question()

    def take_back() -> None:
        row = page.conversation.focused_question()
        if row is not None:
            row.take_back()

    walk = page.conversation

    def save() -> None:
        if page.answering is not None:
            page.answering.flush()

    return [
        Command(
            "assessment.confirm",
            "Confirm what is known",
            page.confirm_next,
            "Ctrl+Return",
            lambda: bool(page.conversation.known_here()),
            GROUP,
            "check",
            "carried in",
        ),
        Command(
            "assessment.confirm_all",
            "Confirm everything known in this section",
            page.confirm_all,
            "Ctrl+Shift+Return",
            lambda: bool(page.conversation.known_here()),
            GROUP,
            "checks",
            "carried in",
        ),
        Command("assessment.next_missing", "Next answer that is needed", page.bar.jump, "F8", is_draft, GROUP),
        Command("assessment.next", "Next section", lambda: walk.next_section(1), "Ctrl+PgDown", group=GROUP),
        Command("assessment.previous", "Section before", lambda: walk.next_section(-1), "Ctrl+PgUp", group=GROUP),
        Command("assessment.sections", "Go to the sections", walk.focus_rail, "F7", group=GROUP),
        Command(
            "assessment.take_back", "Take this answer back", take_back, "Ctrl+Shift+Backspace", on_question, GROUP
        ),
        Command(
            "assessment.history", "How do we know this?", page.show_history, "F3", at_question, GROUP,
            "clock-clockwise", "provenance source who said history",
        ),
        Command("assessment.speaking", "Who is speaking", page.speaking.take_focus, "F4", is_draft, GROUP, "users"),
        Command(
            "assessment.whose", "This answer is in the words of who is speaking", page.say_whose, "Ctrl+Shift+Y",
            on_question, GROUP, "users", "carer professional record said by",
        ),
        Command(
            "assessment.take_along", "Take along", page.away.take_along, "Ctrl+Shift+L", page.away.can_take_along,
            GROUP, "suitcase", "offline ward without a connection",
        ),
        Command("assessment.save", "Save now", save, "Ctrl+S", is_draft, GROUP, "floppy-disk"),
        Command(
            "assessment.sign", "Sign this assessment", page.bar.ask, "Ctrl+Shift+S", is_draft, GROUP, "pen-nib"
        ),
        Command(
            "assessment.correct",
            "Correct this assessment",
            page.bar.ask_reason,
            "",
            lambda: is_signed() and page.draft is not None and page.draft.sheet.assessment.corrected_by is None,
            GROUP,
            "pencil-simple",
            "new version",
        ),
        Command(
            "assessment.plan", "Care plan from this assessment", page.to_plan, "Ctrl+Shift+P", is_signed, GROUP,
            "target",
        ),
    ]  # fmt: skip
