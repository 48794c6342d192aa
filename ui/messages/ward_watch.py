"""Whoever works on a referral is told when the ward withdraws it, on whatever page they are."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from coordination.changes import RESYNC, Change
from coordination.intake.ward import NoticeId
from coordination.messages.hospital import AskedWithdrawal
from ui.desk import Desk


class WardWatch(QObject):
    """One a desk. One query when a message has come; what has been told in this sitting is not told again."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._told: set[NoticeId] = set()
        desk.changes.batch.connect(self._came)
        self.look()

    def look(self) -> None:
        services = self._desk.services
        self._desk.tasks.run(self, lambda: services.hospital.asked_of_me(), self._tell, lambda _error: True, "ward")

    def _came(self, changes: frozenset[Change]) -> None:
        if RESYNC in changes or any(change.area == "messages" for change in changes):
            self.look()

    def _tell(self, asked: list[AskedWithdrawal]) -> None:
        for one in asked:
            if one.notice_id not in self._told:
                self._told.add(one.notice_id)
                words = f"The ward withdraws referral no. {one.number}, which you work on. Agree, or keep it on."
                self._desk.notices.warn(words, do=self._shower(one), do_words="Show it")

    def _shower(self, asked: AskedWithdrawal) -> Callable[[], object]:
        return lambda: self._desk.go.to("queue", asked.referral_id)
