"""One agreement, or one assessor, in full."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QWidget

from coordination.assessment.trust import Agreement, Assessor, Held, HeldId, TrustScope
from ui import wording
from ui.trust import words
from ui.widgets.badge import Badge
from ui.widgets.basics import button, column, label, row
from ui.widgets.panels import Facts, Section


class AgreementView(QWidget):
    def __init__(self, a: Agreement, scope: TrustScope | None, today: date) -> None:
        super().__init__()
        look = words.STANDING_LOOKS[a.standing(today)]
        known = {c.code: c.name for c in scope.competencies} if scope is not None else {}
        facts: list[tuple[str, object | None]] = [
            ("Assesses", a.assessing),
            ("For", a.receiving),
            ("Services", words.named(scope, "services", a.services)),
            ("Forms", words.named(scope, "forms", a.forms)),
            ("Needs", a.needs or "As the forms ask"),
            ("Competencies", wording.listing([known.get(c, c) for c in a.competencies]) or "None required"),
            ("From", wording.day(a.starts_on)),
            ("Review", wording.day(a.review_on)),
            ("Contact", " · ".join(part for part in (a.contact_name, a.contact_words) if part)),
            ("Assessors", f"{a.assessors} recognised today"),
        ]
        if a.ends_on is not None:
            facts.insert(7, ("Ends", f"{wording.day(a.ends_on)}: {a.end_reason}"))
        flawed = label(a.if_flawed or "Not written down", wrap=True, selectable=True)
        self.setLayout(
            column(
                label(a.name, size="title", strong=True, wrap=True, selectable=True),
                row(Badge(words.standing(a, today), look.tone, look.mark), None),
                Facts(facts),
                Section("When an assessment is found flawed", content=flawed),
                None,
                gap=2,
            )
        )


class AssessorView(QWidget):
    """``change``: what a press on a competency does; None for whoever only reads."""

    def __init__(
        self, a: Assessor, scope: TrustScope | None, today: date, change: Callable[[HeldId], object] | None
    ) -> None:
        super().__init__()
        look = words.sign_look(a, today)
        until = wording.day(a.last) if a.last else "No end"
        facts: list[tuple[str, object | None]] = [
            ("Under", a.agreement_name),
            ("Works for", a.organisation),
            ("Forms", words.scope_of(a, scope)),
            ("Recognised", f"{wording.day(a.first) if a.first else 'from the beginning'} to {until}"),
        ]
        if a.end_reason and a.end_reason != "-":
            facts.append(("Ended because", a.end_reason))
        known = {c.code: c.name for c in scope.competencies} if scope is not None else {}
        section = Section("Competencies")
        if not a.seen:
            section.add(label("Shown to the assessor, team leads and managers.", quiet=True, wrap=True))
        for code in a.required if a.seen else ():
            if a.best(code) is None:
                badge = Badge("Not on record", "red", "prohibit")
                section.add(_line(label(known.get(code, code), strong=True), label("required", quiet=True), badge))
        for held in sorted(a.held, key=lambda h: (h.last or date.max, h.name)):
            section.add(_held(held, a, today, change))
        self.setLayout(
            column(
                label(a.name, size="title", strong=True, wrap=True, selectable=True),
                row(Badge(words.can_sign(a, today), look.tone, look.mark), None),
                Facts(facts),
                section,
                None,
                gap=2,
            )
        )


def _held(h: Held, a: Assessor, today: date, change: Callable[[HeldId], object] | None) -> QWidget:
    look = words.held_look(h, today)
    said = f"gained {wording.day(h.gained_on)}" + (f", {h.evidence[:1].lower()}{h.evidence[1:]}" if h.evidence else "")
    need = " (required)" if h.competency in a.required else ""
    made = QWidget()
    top = row(label(h.name + need, strong=True, wrap=True), None, Badge(words.held(h, today), look.tone, look.mark))
    below: list[QWidget | None] = [label(said, quiet=True, size="small", wrap=True)]
    if change is not None:
        below += [None, button("Change", lambda: change(h.id), kind="quiet", tip=f"Until when {h.name} holds")]
    made.setLayout(column(top, row(*below), gap=0))
    return made


def _line(*parts: QWidget) -> QWidget:
    made = QWidget()
    made.setLayout(row(parts[0], parts[1], None, parts[2]))
    return made
