"""The forms of agreements, assessors and competencies (A3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from PySide6.QtWidgets import QLineEdit

from coordination.assessment.trust import Agreement, AgreementDraft, Assessor, Held, TrustScope
from ui.intake.move_forms import MoveForm
from ui.trust.ticks import Ticks
from ui.widgets.basics import Choice, TextArea
from ui.widgets.dates import DateEdit

Do = Callable[[dict[str, Any]], object]
Leave = Callable[[], object]


def agreement_form(scope: TrustScope, before: Agreement | None, today: date, do: Do, leave: Leave) -> MoveForm:
    """A new agreement, or one that is written anew."""
    title = "A new agreement" if before is None else before.name
    made = MoveForm(title, "Keep it", do, leave)
    form = made.form
    form.add("name", "What it is called", QLineEdit(), required=True)
    form.add("assessing", "Who assesses", QLineEdit(), required=True, help="The organisation")
    form.add("receiving", "Who relies on it", QLineEdit(), required=True, help="The organisations")
    form.add("services", "Their services", Ticks(scope.services, every="All services"), required=True)
    form.add("forms", "Forms", Ticks(scope.forms, every="All forms"), required=True)
    form.add("needs", "Which needs", TextArea(1, 6))
    wanted = [(c.code, c.name) for c in scope.competencies]
    form.add("competencies", "Competencies, every one of which is required", Ticks(wanted))
    form.add("starts_on", "From", DateEdit(today=lambda: today), required=True)
    form.add("review_on", "Looked at again on", DateEdit(today=lambda: today), required=True)
    form.add("if_flawed", "What happens when a receiver finds an assessment flawed", TextArea(2, 8), required=True)
    contact = Choice([("", "Nobody here"), *scope.users])
    contact.setEditable(False)
    form.add("contact", "Challenges go to", contact)
    form.add("contact_words", "Or how to reach them", QLineEdit())
    if before is not None:
        names = ("name", "assessing", "receiving", "services", "forms", "needs", "competencies", "starts_on",
                 "review_on", "if_flawed", "contact_words")  # fmt: skip
        form.set_values({name: getattr(before, name) for name in names} | {"contact": before.contact or ""})
    else:
        form.set_values({"starts_on": today, "review_on": _in_a_year(today), "contact": ""})
    return made


def agreement_draft(values: dict[str, Any]) -> AgreementDraft:
    """What the form holds."""
    kept = {**values, "contact": values["contact"] or None}
    for name in ("services", "forms", "competencies"):
        kept[name] = tuple(values[name] or ())
    for name in ("starts_on", "review_on"):
        kept[name] = values[name] or None
    return AgreementDraft(**kept)


def recognition_form(scope: TrustScope, of: Agreement, today: date, do: Do, leave: Leave) -> MoveForm:
    """Somebody is recognised under an agreement."""
    made = MoveForm(f"Recognise an assessor under “{of.name}”", "Recognise", do, leave)
    user = Choice(scope.users, prompt="Choose somebody")
    user.setEditable(False)
    made.form.add("user", "Assessor", user, required=True)
    made.form.add("organisation", "Works for", QLineEdit(), required=True)
    made.form.add("forms", "For which forms", Ticks(*_within(scope, of)), required=True)
    made.form.add("first", "From", DateEdit(today=lambda: today), required=True)
    made.form.add("last", "Until", DateEdit(today=lambda: today), required=True)
    made.form.set_values({"organisation": of.assessing, "forms": of.forms, "first": today, "last": _in_a_year(today)})
    return made


def renewal_form(a: Assessor, today: date, do: Do, leave: Leave) -> MoveForm:
    """Recognised for longer."""
    made = MoveForm(f"Renew: {a.name}, {a.agreement_name}", "Renew", do, leave)
    made.form.add("last", "Recognised until", DateEdit(today=lambda: today), required=True)
    made.form.set_values({"last": _in_a_year(max(today, a.last or today))})
    return made


def end_form(title: str, today: date, do: Do, leave: Leave) -> MoveForm:
    """The last day, and why."""
    made = MoveForm(title, "End it", do, leave)
    made.form.add("last", "Last day", DateEdit(today=lambda: today), required=True, help="Yesterday ends it at once")
    made.form.add("reason", "Why", TextArea(1, 4), required=True)
    made.form.set_values({"last": today})
    return made


def competency_form(scope: TrustScope, a: Assessor, today: date, do: Do, leave: Leave) -> MoveForm:
    """A competency that was gained, or gained again. Those that are required and lacking come first."""
    made = MoveForm(f"A competency of {a.name}", "Record it", do, leave)
    lacking = a.lacking(today)
    first = sorted(scope.competencies, key=lambda c: c.code not in lacking)
    choice = Choice([(c.code, c.name) for c in first])
    choice.setEditable(False)
    gained, last = DateEdit(today=lambda: today), DateEdit(today=lambda: today)
    made.form.add("competency", "Competency", choice, required=True)
    made.form.add("gained_on", "Gained on", gained, required=True)
    made.form.add("last", "Holds until", last, help="Left empty, it does not run out")
    made.form.add("evidence", "What was seen", QLineEdit())
    months = {c.code: c.months for c in scope.competencies}

    def usual_end() -> None:
        held = months.get(str(choice.value))
        day = gained.value if gained.good else None
        made.form.field("last").set_value(None if held is None or day is None else _months_on(day, held))

    made.form.field("gained_on").set_value(today)
    usual_end()
    choice.chosen.connect(lambda _code: usual_end())
    gained.editingFinished.connect(usual_end)
    return made


def held_end_form(held: Held, today: date, do: Do, leave: Leave) -> MoveForm:
    """A competency ends earlier or later than was recorded."""
    made = MoveForm(f"{held.name}: until when it holds", "Keep it", do, leave)
    made.form.add("last", "Holds until", DateEdit(today=lambda: today), help="Left empty, it does not run out")
    made.form.set_values({"last": held.last or today})
    return made


def _within(scope: TrustScope, of: Agreement) -> tuple[list[tuple[str, str]]]:
    """The forms of an agreement, and the box for all of them."""
    known = dict(scope.forms)
    every = [("*", "All that the agreement covers")]
    named = list(scope.forms) if "*" in of.forms else [(code, known.get(code, code)) for code in of.forms]
    return ([*every, *named],)


def _in_a_year(day: date) -> date:
    return _months_on(day, 12) - timedelta(days=1)


def _months_on(day: date, months: int) -> date:
    """The same day some months on, or the last of that month."""
    year, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError(months)
