"""One receipt in full: where it stands, what was asked or challenged, what was said to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtWidgets import QWidget

from coordination.assessment.model import AssessmentSheet
from coordination.assessment.receipts import Point, Receipt
from coordination.clock import local_date
from ui import wording
from ui.trust import words
from ui.widgets.badge import Badge
from ui.widgets.basics import column, label, row
from ui.widgets.panels import Section


def receipt_line(receipt: Receipt, now: datetime, *actions: QWidget, told: bool = False) -> QWidget:
    """Team, state, since when; what is open, unless it is ``told`` beneath; what can be done."""
    state = words.look(receipt)
    badge = Badge(words.state(receipt), state.tone, state.mark)
    badge.setMinimumWidth(badge.sizeHint().width())
    parts: list[QWidget | None] = [
        label(receipt.team_name, strong=True),
        badge,
        label(words.since(receipt, now), quiet=True, size="small"),
    ]
    point = receipt.open_point
    if point is not None and not told:
        ends = words.due(point.due_on, local_date(now))
        parts.append(label(_short(point.words) + (f", {ends}" if ends else "")))
    made = QWidget()
    made.setLayout(row(*parts, None, *actions, gap=2))
    return made


class PointView(QWidget):
    """What was raised, and what was said to it."""

    def __init__(self, point: Point, now: datetime, questions: Mapping[str, str]) -> None:
        super().__init__()
        parts: list[QWidget] = [
            label(words.raised(point, now, questions), quiet=True, size="small", wrap=True),
            label(point.words, wrap=True, selectable=True),
        ]
        if point.why:
            ends = words.due(point.due_on, local_date(now))
            parts.append(label(f"Needed for: {point.why}" + (f" ({ends})" if ends else ""), wrap=True, selectable=True))
        if point.reply:
            signed = "Signed answer" if point.kind == "more" else "Reply"
            by = f"{signed} by {point.reply_by_name}, {wording.day_time(point.reply_at)}"
            parts += [
                label(by, quiet=True, size="small", wrap=True),
                label(point.reply, wrap=True, selectable=True),
            ]
        if point.outcome is not None and point.outcome != "answered":
            said = f"{words.OUTCOMES[point.outcome]}, {point.settled_by_name}, {wording.day_time(point.settled_at)}"
            parts.append(label(said, quiet=True, size="small", wrap=True))
            if point.outcome_words:
                parts.append(label(point.outcome_words, wrap=True, selectable=True))
        self.setLayout(column(*parts, gap=1))


class ReceiptView(QWidget):
    """The whole of it, for a panel."""

    def __init__(
        self, receipt: Receipt, now: datetime, questions: Mapping[str, str], sheet: AssessmentSheet | None = None
    ) -> None:
        super().__init__()
        state = words.look(receipt)
        parts: list[object] = []
        if sheet is not None and sheet.assessment.id == receipt.assessment:
            signed = f"Signed by {sheet.assessment.signed_by_name}, {wording.day_time(sheet.assessment.signed_at)}"
            parts = [label(sheet.form.title, strong=True, wrap=True), label(signed, quiet=True, wrap=True)]
        parts += [
            label(f"At {receipt.team_name}", strong=True, wrap=True),
            row(Badge(words.state(receipt), state.tone, state.mark), None),
            label(words.since(receipt, now), quiet=True, wrap=True),
            label(words.came(receipt, now), quiet=True, wrap=True, selectable=True),
        ]
        if receipt.superseded_by is not None:
            parts.append(label("A correction has been signed since. It waits for the team by itself.", tone="amber",
                               wrap=True))  # fmt: skip
        if receipt.contact_name:
            parts.append(label(f"Contact of the agreement: {receipt.contact_name}", quiet=True, wrap=True))
        for point in reversed(receipt.points):
            title = "One thing more" if point.kind == "more" else "Challenge"
            parts.append(Section(title, content=PointView(point, now, questions)))
        self.setLayout(column(*parts, None, gap=2))  # type: ignore[arg-type]


def _short(text: str, most: int = 70) -> str:
    line = " ".join(text.split())
    return f"“{line if len(line) <= most else line[: most - 1] + '…'}”"
