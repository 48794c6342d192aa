"""One case of nobody found: its steps with their clocks, what is known of the person, and the way it went."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLayout, QWidget

from coordination.deployment.outcomes import rules
from coordination.deployment.outcomes.model import Case, CaseDetail, CaseStep, Choices, Known
from ui import wording
from ui.outcomes import words
from ui.style import theme
from ui.widgets import Badge, Facts, FlowBox, Section, column, label, plane, row
from ui.widgets.basics import LinkLabel
from ui.widgets.tips import plain_tip

BESIDE = 640
Act = Callable[[str, str], object]
"""What to do, and to which step: ``done``, ``take``, ``leave``, ``undo``."""


class CaseView(QWidget):
    """``act(what, step)`` is asked to do something, ``record()`` to open the person's record."""

    def __init__(
        self, detail: CaseDetail, choices: Choices, now: datetime, me: str, act: Act, record: Callable[[], object],
        *, may_act: bool,
    ) -> None:  # fmt: skip
        super().__init__()
        self.detail, self._now, self._me, self._act, self._may = detail, now, me, act, may_act
        case = detail.case
        left: list[QWidget] = [self._steps(case)]
        if not case.is_open:
            left.insert(0, self._ending(case, choices))
        left.append(self._path(choices))
        self._both = row(column(*left, None, gap=5), column(self._known(detail.known, case), None), gap=6)
        self._both.setStretch(0, 3)
        self._both.setStretch(1, 2)
        self.setLayout(column(self._head(case, record), self._both, None, gap=5))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside the steps what is known of the person, where there is room for both; else below them."""
        super().resizeEvent(event)
        wide = self.width() >= theme.px(BESIDE)
        way = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if self._both.direction() != way:
            self._both.setDirection(way)

    # ------------------------------------------------------------------ what it is about

    def _head(self, case: Case, record: Callable[[], object]) -> QWidget:
        badges = FlowBox()
        if case.urgent:
            badges.layout().addWidget(Badge("Shorter times: time-critical or high risk", "red", "alarm"))  # type: ignore[union-attr]
        link = LinkLabel("Open the record", record)
        who = row(label(case.person.listed, size="title", strong=True, wrap=True), link)
        who.setStretch(0, 1)
        facts = Facts(
            [
                ("Nobody found", wording.near_time(case.since, self._now)),
                ("Planned", f"{wording.near_time(case.planned.start, self._now)}, {_sent(case)}"),
                ("Need", case.need),
                ("Address", ", ".join(part for part in (case.person.address, case.person.postcode) if part)),
                ("Has it", case.owner_name or f"Nobody yet; every lead of {case.team_name} is asked"),
            ]
        )
        made = QWidget()
        made.setLayout(column(who, *([badges] if case.urgent else []), facts, gap=2))
        return made

    # ------------------------------------------------------------------ steps

    def _steps(self, case: Case) -> Section:
        done = sum(step.done_at is not None for step in case.steps)
        section = Section(f"Steps, {done} of {len(case.steps)} done")
        following = rules.next_step(case)
        for number, step in enumerate(case.steps, start=1):
            section.add(self._step(number, step, is_next=step is following, is_open=case.is_open))
        return section

    def _step(self, number: int, step: CaseStep, *, is_next: bool, is_open: bool) -> QWidget:
        """The one that is due next in full; the others on as few lines as they need."""
        look = words.step_look(step, self._now)
        name = label(f"{number}  {step.name}", strong=True)
        badge = Badge(words.time_left(step, self._now), look.tone, look.mark)
        who = label(words.who_does(step, self._now), quiet=True, size="small")
        buttons = self._buttons(number, step) if is_open and self._may else []
        lines: list[QWidget | QLayout] = []
        if step.done_at is not None:
            lines = [label(step.words, wrap=True, selectable=True), row(who, None, *buttons, gap=2)]
        elif is_next and is_open:
            lines = [label(step.hint, quiet=True, wrap=True), who, row(*buttons, None, gap=2)]
        else:
            lines = [row(who, None, *buttons, gap=2)]
        content = column(row(name, None, badge, gap=2), *lines, gap=1, margins=(3, 1.5, 3, 1.5))
        return plane(content, "sunken" if is_next and is_open else "surface", "")

    def _buttons(self, number: int, step: CaseStep) -> list[QWidget]:
        def does(what: str) -> Callable[[], object]:
            return lambda: self._act(what, step.code)

        if step.done_at is not None:
            return [LinkLabel("Not done after all", does("undo"))]
        if step.owner is not None and step.owner != self._me:
            return [LinkLabel(f"Take over from {step.owner_name}", does("take_over"))]
        done = LinkLabel("Done…", does("done"))
        done.setToolTip(plain_tip(f"Done, with what came of it  ({number})"))
        if step.owner == self._me:
            return [done, LinkLabel("Leave it", does("leave"))]
        return [done, LinkLabel("I am on it", does("take"))]

    # ------------------------------------------------------------------ the rest

    def _ending(self, case: Case, choices: Choices) -> Section:
        ending = choices.ending(case.ending or "")
        when = wording.near_time(case.ended_at, self._now) if case.ended_at else ""
        said = f"{ending.name if ending else ''}. {case.ending_words}".strip()
        return Section("How it ended", content=Facts([("Ending", said), ("By", f"{case.ended_by}, {when}")]))

    def _known(self, known: Known, case: Case) -> Section:
        facts: list[tuple[str, object | None]] = []
        for phone in known.phones:
            relation = ", ".join(part for part in (phone.relation, "carer" if phone.is_carer else "") if part)
            facts.append((phone.whose or "Their phone", f"{phone.number}  {relation}".strip()))
        if not any(not phone.whose for phone in known.phones):
            facts.append(("Their phone", None))
        if known.detail_hidden:
            facts.append(("Around them", "They share a summary only: ask the lead worker's team"))
        elif not any(phone.whose for phone in known.phones):
            facts.append(("Next of kin", "Nobody with a number is noted"))
        facts += [
            ("Key safe", "There is one: ring the centre for the code" if known.key_safe else "None noted"),
            ("Getting in", known.access_notes or "Nothing noted"),
            ("Last visits", "\n".join(words.seen(s, self._now) for s in known.seen) or "None in two months"),
            ("In hospital?", "\n".join(map(words.hospital, known.hospital)) or "No hospital has told of a stay"),
        ]
        if known.stay:
            facts.append(("Apartment", f"Staying at {known.stay}"))
        facts.append(("Lead worker", known.lead_worker or "Nobody leads a plan"))
        return Section("What is known", content=Facts(facts))

    def _path(self, choices: Choices) -> Section:
        steps = {step.code: step.name for step in self.detail.case.steps}
        endings = {ending.code: ending.name.lower() for ending in choices.endings}
        section = Section("The way it went")
        for found in self.detail.events:
            section.add(label(words.event(found, steps, endings, self._now), quiet=True, wrap=True, selectable=True))
        return section


def _sent(case: Case) -> str:
    return wording.listing(list(case.workers)) if case.workers else "nobody was sent"
