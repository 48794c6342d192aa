"""The foot of the window: connection and its age, what is not sent, what falls due, long work, the hour."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QProgressBar, QSizePolicy, QWidget

from coordination.clock import local_date
from ui import wording
from ui.desk import Desk
from ui.local.kept_link import KeptLink
from ui.style import theme
from ui.tasks import Progress
from ui.widgets.badge import Badge
from ui.widgets.basics import LinkLabel, button, label, row

BEAT_MS = 10_000
TRAINING = "TRAINING – invented people"


class LongWork(QWidget):
    """One long call: its name, how far it is, and Stop."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self.progress = progress
        self._words = label(progress.title, quiet=True, size="small")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(theme.px(96))
        self._bar.setRange(0, 0)
        stop = button("Stop", progress.stop, kind="quiet")
        stop.setAccessibleName(f"Stop {progress.title}")
        self.setLayout(row(self._words, self._bar, stop, gap=2))
        progress.moved.connect(self._moved)

    def _moved(self, done: int, total: int, words: str) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._words.setText(f"{self.progress.title}  {words}".strip())


class FootBar(QFrame):
    """Draws ``desk.foot``. ``go_due(source)`` is called when somebody asks for what falls due, ``go_unsent`` for what
    is kept on this computer."""

    def __init__(self, desk: Desk, go_due: Callable[[str], object], go_unsent: Callable[[], object]) -> None:
        super().__init__()
        self._desk, self._go_due = desk, go_due
        self.setProperty("part", "foot")
        self._line_state = Badge("Connecting", "neutral", "plugs")
        self._age = label(quiet=True, size="small")
        self._drafts = KeptLink(go_unsent)
        self._due = LinkLabel("", self._open_due)
        self._reminder = Badge("", "amber", "clock")
        self._working = label("Working…", quiet=True, size="small")
        self._long = row(gap=2)
        self._works: dict[Progress, LongWork] = {}
        self._training = Badge(TRAINING, "plum", "student")
        self._hour = label(quiet=True, size="small")
        layout = row(
            self._line_state, self._age, self._drafts, self._due, self._reminder, None, self._working, self._long,
            self._training, self._hour, gap=3, margins=(4, 0.5, 4, 0.5),
        )  # fmt: skip
        self.setLayout(layout)
        self.setFixedHeight(theme.px(36))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._training.setVisible(desk.training)
        self._working.hide()
        desk.foot.changed.connect(self.show_state)
        desk.tasks.slow_changed.connect(self._working.setVisible)
        desk.tasks.long_started.connect(self._begin_long)
        desk.tasks.long_ended.connect(self._end_long)
        theme.hub().changed.connect(self._fit)
        beat = QTimer(self, interval=BEAT_MS)
        beat.timeout.connect(self.show_state)
        beat.start()
        self.show_state()

    def _fit(self) -> None:
        self.setFixedHeight(theme.px(36))

    def show_state(self) -> None:
        now = self._desk.clock.now()
        foot = self._desk.foot
        line = foot.connection
        if line is None:
            self._line_state.set("Connecting", "neutral", "circle-dashed")
            self._age.setText("")
        elif line.up:
            self._line_state.set("Connected", "ok", "check-circle")
            self._age.setText(f"since {wording.near_time(line.since, now)}")
        else:
            self._line_state.set(foot.away_words or "No connection", "red", "wifi-slash")
            self._age.setText(f"for {wording.length(now - line.since)}. What you type is kept here.")
        self._drafts.show_kept(foot)
        self._reminder.setVisible(bool(foot.reminder))
        self._reminder.set(foot.reminder, "amber", "clock")
        self._due.setVisible(bool(foot.due))
        self._due.setText(f"{foot.due:,} due in the next 15 minutes")
        today = local_date(now)
        self._hour.setText(f"{wording.weekday(today)}  {wording.clock_time(now)}")

    def _open_due(self) -> None:
        sources = self._desk.foot.due_of()
        if sources:
            self._go_due(max(sources, key=lambda source: sources[source]))

    def _begin_long(self, progress: Progress) -> None:
        self._works[progress] = LongWork(progress)
        self._long.addWidget(self._works[progress])

    def _end_long(self, progress: Progress) -> None:
        work = self._works.pop(progress, None)
        if work is not None:
            self._long.removeWidget(work)
            work.hide()
            work.deleteLater()
