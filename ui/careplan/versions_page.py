"""Versions of a plan side by side: what any two have otherwise, field by field (C2)."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from coordination.careplan.opened import VersionsOfPlan
from coordination.careplan.version_model import Difference, PlanContent
from coordination.careplan.version_rules import differences
from coordination.changes import RESYNC, Change
from coordination.clock import local_date
from coordination.values import PlanId
from ui import wording
from ui.careplan.item_words import KINDS, field_words, value_words
from ui.commands import Command
from ui.desk import Desk
from ui.page import Page
from ui.people.words import banner_facts
from ui.shell.banner import PersonBanner
from ui.style import theme
from ui.widgets.badge import Badge
from ui.widgets.basics import Choice, button, column, label, plane, row, rule
from ui.widgets.busy import Busy
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead, scrolling

NOW = 0
"""The plan as it stands, among numbers of versions."""


class VersionsPage(Page):
    """``open(plan id)``: the last two versions, or the last and what stands now."""

    id, title, icon = "plan_versions", "Versions", "columns"
    areas: ClassVar[frozenset[str]] = frozenset({"careplan"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.found: dict[int, PlanContent] = {}
        self._person: UUID | None = None
        self.was, self.is_now = Choice(), Choice()
        self.was.setAccessibleName("The earlier version")
        self.is_now.setAccessibleName("The later version")
        for choice in (self.was, self.is_now):
            choice.setMinimumWidth(theme.px(250))
            choice.chosen.connect(lambda _number: self._compare())
        back = button("Back to the plan", self._back, kind="quiet", icon="arrow-left", tip="Back to the plan  (B)")
        self.head = PageHead("Versions", "", self.was, label("and", quiet=True), self.is_now, back)
        self._area = scrolling(QWidget())
        self._empty = EmptyState("Nothing is different", "These two versions say the same.", icon="columns")
        self._empty.hide()
        self.banner = PersonBanner()
        layout = column(self.banner, self.head, self._area, self._empty, gap=0)
        layout.setStretch(2, 1)
        layout.setStretch(3, 1)
        self.setLayout(layout)
        Busy(self._area, desk.tasks, owner=self)

    def commands(self) -> list[Command]:
        return [
            Command("versions.back", "Back to the plan", self._back, "B", group="Versions", icon="arrow-left"),
            Command("versions.was", "Choose the earlier version", self.was.setFocus, "1", group="Versions"),
            Command("versions.now", "Choose the later version", self.is_now.setFocus, "2", group="Versions"),
        ]

    @property
    def whose(self) -> UUID | None:
        return self._person

    def changes_concern(self, changes: frozenset[Change]) -> bool:
        return Change("careplan", str(self.key)) in changes or RESYNC in changes

    def refresh(self) -> None:
        if isinstance(self.key, UUID):
            plan, service = PlanId(self.key), self.desk.services.careplan
            self.run(lambda: service.versions_page(plan), self._show, latest="versions")

    def _show(self, loaded: VersionsOfPlan) -> None:
        versions = loaded.versions
        self._person = loaded.record.person.id
        self.banner.show_facts(banner_facts(loaded.record), local_date(self.desk.clock.now()))
        self.found = {v.head.number: v.content for v in versions}
        self.found[NOW] = loaded.now
        named = [(NOW, "What stands now")]
        named += [
            (v.head.number, f"Version {v.head.number}, {wording.day(v.head.issued_at)}, {v.head.issued_by_name}")
            for v in versions
        ]
        numbers = [number for number, _ in named]
        before = (self.was.value, self.is_now.value)
        for choice in (self.was, self.is_now):
            choice.set_items(named)
        kept = before if set(before) <= set(numbers) and before[0] is not None else self._first(numbers)
        self.was.set_value(kept[0])
        self.is_now.set_value(kept[1])
        self._compare()

    def _first(self, numbers: list[int]) -> tuple[int, int]:
        """What somebody wants to see first: what changed since the last version, or in it."""
        last = max(numbers)
        changed = bool(differences(self.found[last], self.found[NOW]))
        return (last, NOW) if changed or last < 2 else (last - 1, last)

    def _compare(self) -> None:
        was, is_now = self.found.get(self.was.value), self.found.get(self.is_now.value)
        if was is None or is_now is None:
            return
        found = differences(was, is_now)
        self.head.say(wording.count(len(found), "difference") if found else "")
        self._area.setHidden(not found)
        self._empty.setHidden(bool(found))
        self._area.setWidget(_sheet_of(found, self.was.currentText(), self.is_now.currentText()))

    def _back(self) -> None:
        self.desk.go.to("plan", self.key)

    def activated(self) -> None:
        self.was.setFocus()


def _sheet_of(found: list[Difference], was: str, is_now: str) -> QWidget:
    paper = QWidget()
    grid = QGridLayout(paper)
    grid.setContentsMargins(theme.space(8), theme.space(5), theme.space(8), theme.space(8))
    grid.setHorizontalSpacing(theme.space(4))
    grid.setVerticalSpacing(theme.space(1.5))
    grid.setColumnMinimumWidth(0, theme.px(220))
    for number in (1, 2):
        grid.setColumnStretch(number, 1)
        grid.addWidget(label((was, is_now)[number - 1], strong=True, wrap=True), 0, number)
    for line, each in enumerate(found):
        at = 1 + line * 2
        grid.addWidget(rule(), at, 0, 1, 3)
        for place, cell in enumerate(_cells(each)):
            grid.addWidget(cell, at + 1, place, Qt.AlignmentFlag.AlignTop)
    grid.setRowStretch(2 + len(found) * 2, 1)
    return plane(column(paper), "surface")


def _cells(d: Difference) -> tuple[QWidget, QWidget, QWidget]:
    part = KINDS.get(d.part, "") if d.item is not None else field_words(d.part, d.part)  # type: ignore[call-overload]
    lines: list[QWidget] = [label(part, strong=True, wrap=True)]
    if d.name and d.what:
        lines.append(label(d.name, wrap=True, quiet=True))
    if d.item is not None and d.what:
        lines.append(label(field_words("", d.what), quiet=True, size="small"))
    about = QWidget()
    about.setLayout(column(*lines, gap=0))
    return about, _cell(d, d.was, "Not there yet"), _cell(d, d.is_now, "Taken off")


def _cell(d: Difference, value: object, absent: str) -> QWidget:
    gone = (value is None and not d.what) or (d.part == "teams" and value is None)
    if gone:
        made = QWidget()
        made.setLayout(row(Badge(absent, "neutral", ""), None))
        return made
    words = value_words(d.what, value)
    return label(words or "Nothing", wrap=True, selectable=True, quiet=not words)
