"""The small forms of relying on an assessment: one thing more, a challenge, the answer, another team."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from coordination.assessment.receipts import Point, TeamName
from coordination.assessment.receipts import Receipt as Of
from ui import wording
from ui.intake.move_forms import MoveForm, reason_form
from ui.widgets.basics import Choice, TextArea, label
from ui.widgets.dates import DateEdit

Do = Callable[[dict[str, object]], object]
Leave = Callable[[], object]


def ask_form(receipt: Of, questions: Sequence[tuple[str, str]], today: date, do: Do, leave: Leave) -> MoveForm:
    """One named thing: a question of the form or something else, in words, why, and by when."""
    made = MoveForm(f"Ask for one thing more, for {receipt.team_name}", "Ask", do, leave)  # type: ignore[arg-type]
    made.form.add("words", "The one thing", TextArea(1, 6), required=True)
    if questions:
        about = Choice([("", "Not one of its questions"), *((q, _short(words)) for q, words in questions)])
        about.setEditable(False)
        about.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        about.setMinimumContentsLength(20)
        about.set_value("")
        made.form.add("question", "About the question", about)
    made.form.add("why", "What it is needed for", TextArea(1, 4), required=True)
    made.form.add("due_on", "By", DateEdit(today=lambda: today), required=True)
    return made


def challenge_form(receipt: Of, do: Do, leave: Leave) -> MoveForm:
    """A challenge and its reason; who will read it is said."""
    readers = wording.listing([name for name in ("the assessor", receipt.contact_name) if name])
    asked = f"What is flawed, and how you know. {readers[:1].upper()}{readers[1:]} will read it."
    return reason_form("Challenge this assessment", "Challenge", asked, do, leave)  # type: ignore[arg-type]


def answer_form(point: Point, signer: str, do: Do, leave: Leave) -> MoveForm:
    """The answer. To what was asked it is signed, and cannot be changed; the assessment stays as it was signed."""
    more = point.kind == "more"
    verb = f"Sign as {signer}" if more else "Reply"
    made = MoveForm("Answer what is asked" if more else "Reply to the challenge", verb, do, leave)  # type: ignore[arg-type]
    made.form.add_widget(label(f"“{point.words}”", wrap=True, selectable=True))
    made.form.add("reply", "Answer", TextArea(2, 10), required=True)
    said = "Signed, the answer can't be changed." if more else "It stands beside the challenge and can't be changed."
    made.form.add_widget(label(f"{said} The assessment stays as it was signed.", quiet=True, size="small", wrap=True))
    return made


def uphold_form(do: Do, leave: Leave) -> MoveForm:
    """The challenge is right."""
    made = MoveForm("Uphold the challenge: a correction follows", "Uphold", do, leave)  # type: ignore[arg-type]
    made.form.add("words", "What you say to it, if anything", TextArea(1, 6))
    return made


def send_form(teams: Sequence[TeamName], do: Do, leave: Leave) -> MoveForm:
    """To another team, by hand."""
    made = MoveForm("Send it to a team", "Send", do, leave)  # type: ignore[arg-type]
    choice = Choice([(t.id, t.name) for t in teams], prompt="Choose a team")
    choice.setEditable(False)
    made.form.add("team", "Team", choice, required=True)
    made.form.add("note", "What they should look at", TextArea(1, 3))
    return made


def _short(words: str, most: int = 90) -> str:
    return words if len(words) <= most else words[: most - 1].rsplit(" ", 1)[0] + "…"
