"""A desk without a database, for tests of widgets and pages. Threads, timers and signals are the real ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings

from coordination.clock import FixedClock
from coordination.values import UserName
from coordination.work import Actor, Role
from ui.at_desk import Changes
from ui.desk import Desk
from ui.tasks import Tasks

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@dataclass
class RecordedNotices:
    """What was said, in order: ("say", words), ("warn", words), ("error", exception)."""

    said: list[tuple[str, Any]] = field(default_factory=list)
    undo: Callable[[], object] | None = None
    do: Callable[[], object] | None = None

    def say(
        self, words: str, *, undo: Callable[[], object] | None = None, undo_words: str = "Undo",
        do: Callable[[], object] | None = None, do_words: str = "",
    ) -> None:  # fmt: skip
        self.said.append(("say", words))
        self.undo, self.do = undo, do

    def warn(self, words: str, *, do: Callable[[], object] | None = None, do_words: str = "") -> None:
        self.said.append(("warn", words))
        self.do = do

    def error(self, error: Exception) -> None:
        self.said.append(("error", error))

    def withdraw(self, words: str) -> None:
        """Nothing to take back from a record."""


@dataclass
class RecordedNavigator:
    """Where somebody wanted to go, in order."""

    went: list[tuple[str, object]] = field(default_factory=list)

    def to(self, page: str, key: object = None, *, new_window: bool = False) -> None:
        self.went.append((page, key))

    def back(self) -> None:
        self.went.append(("back", None))


class NoServices:
    """Stands for the services of an area that a test does not use; asking for one fails."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"this test has no services.{name}")


def actor(name: str = "nadia.coordinator", role: Role = "care_coordinator") -> Actor:
    return Actor(UserName(name), "Nadia Hussain", role, "North", None, training=True)


def make_desk(folder: Path, services: Any = None, changes_wait_ms: int = 1) -> Desk:
    """A desk whose notices and goings are recorded. Close it with ``desk.tasks.close()``."""
    notices = RecordedNotices()
    desk = Desk(
        services=services if services is not None else NoServices(),
        tasks=Tasks(on_error=lambda error: desk.notices.error(error)),
        clock=FixedClock(NOW),
        actor=actor(),
        changes=Changes(wait_ms=changes_wait_ms),
        settings=QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat),
        training=True,
    )
    desk.notices = notices
    desk.go = RecordedNavigator()
    return desk


def wait_idle(qtbot: Any, desk: Desk) -> None:
    """Until nothing runs any more and all results are in."""
    qtbot.waitUntil(lambda: not desk.tasks.busy, timeout=30_000)
