"""Slow work, off the interface thread. The one way to do it.

    tasks.run(self, lambda: services.people.find(words), self.show_hits, latest="find")

The result arrives on the interface thread, and not at all when its owner has gone or a newer call with the same
``latest`` has been made. A call given ``progress`` words takes a :class:`Progress`, shows in the foot of the window
and can be stopped there.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from typing import Any, TypeVar, overload

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from shiboken6 import isValid

T = TypeVar("T")
Failed = Callable[[Exception], "bool | None"]

SLOW_AFTER_MS = 1000
QUICK_WORKERS = 4
LONG_WORKERS = 2


class Stopped(Exception):
    """Raised inside a call that was asked to stop. Nobody is told: whoever stopped it knows."""


class Progress(QObject):
    """How far a long call has come. The call reports from its own thread; widgets read the signal on theirs."""

    moved = Signal(int, int, str)
    """done, of how many (0: unknown), words"""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title
        self._stop = Event()

    def say(self, done: int, total: int = 0, words: str = "") -> None:
        """Report, and leave by :class:`Stopped` if somebody asked to stop."""
        self.stop_if_asked()
        self.moved.emit(done, total, words)

    def stop_if_asked(self) -> None:
        if self._stop.is_set():
            raise Stopped

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask the call to stop at its next report."""
        self._stop.set()


@dataclass(eq=False)
class Task:
    """One call under way. Only the interface thread touches it, except for ``call`` and ``outcome``."""

    number: int
    owner: QObject
    call: Callable[..., Any] | None
    ok: Callable[[Any], object] | None
    failed: Failed | None
    latest: str | None
    progress: Progress | None
    outcome: tuple[Any, BaseException | None] = (None, None)
    future: Future[None] | None = None
    wanted: bool = True

    def drop(self) -> None:
        """Forget the result; a call that has not begun is not begun."""
        self.wanted = False
        if self.progress is not None:
            self.progress.stop()
        if self.future is not None:
            self.future.cancel()

    stop = drop


class Tasks(QObject):
    """Runs calls on two small pools: one for what people wait for, one for what takes its time.

    ``on_error(error)`` is told of failures that no ``failed`` took. A ``failed`` that returns False did not take it.
    """

    busy_changed = Signal(bool)
    """True as soon as anything runs, False when nothing does."""
    slow_changed = Signal(bool)
    """True when something has been running for over a second."""
    long_started = Signal(object)
    """Progress of a call that was started with ``progress`` words."""
    long_ended = Signal(object)
    owner_busy = Signal(object, int)
    """an owner, and how many of its calls are under way now"""
    _done = Signal(int)

    def __init__(self, on_error: Callable[[Exception], object] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.on_error = on_error
        self._numbers = itertools.count()
        self._tasks: dict[int, Task] = {}
        self._quick = ThreadPoolExecutor(QUICK_WORKERS, "task")
        self._long = ThreadPoolExecutor(LONG_WORKERS, "task-long")
        self._closed = False
        self._slow = False
        self._slow_timer = QTimer(self, singleShot=True, interval=SLOW_AFTER_MS)
        self._slow_timer.timeout.connect(lambda: self._set_slow(True))
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @overload
    def run(
        self, owner: QObject, call: Callable[[], T], ok: Callable[[T], object] | None = None,
        failed: Failed | None = None, latest: str | None = None,
    ) -> Task: ...  # fmt: skip

    @overload
    def run(
        self, owner: QObject, call: Callable[[Progress], T], ok: Callable[[T], object] | None = None,
        failed: Failed | None = None, latest: str | None = None, *, progress: str,
    ) -> Task: ...  # fmt: skip

    def run(
        self, owner: QObject, call: Callable[..., Any], ok: Callable[[Any], object] | None = None,
        failed: Failed | None = None, latest: str | None = None, progress: str | None = None,
    ) -> Task:  # fmt: skip
        """Begin ``call`` on a worker thread; then ``ok(result)`` or ``failed(error)`` on this one.

        ``latest`` names a question of this owner's: asking it again drops the answer to the older one.
        ``progress`` gives long work a name; ``call`` then takes a :class:`Progress`.
        """
        if latest is not None:
            self.drop(owner, latest)
        made = Progress(progress) if progress is not None else None
        task = Task(next(self._numbers), owner, call, ok, failed, latest, made)
        if self._closed:
            task.wanted = False
            return task
        self._tasks[task.number] = task
        if len(self._tasks) == 1:
            self._slow_timer.start()
            self.busy_changed.emit(True)
        self.owner_busy.emit(owner, self.running(owner))
        pool = self._quick if made is None else self._long
        if made is not None:
            self.long_started.emit(made)  # before the first report can come
        task.future = pool.submit(self._work, task.number)
        return task

    def drop(self, owner: QObject, latest: str | None = None) -> None:
        """Forget what this owner asked, or only its question ``latest``."""
        for task in list(self._tasks.values()):
            if task.owner is owner and (latest is None or task.latest == latest):
                task.drop()
                if task.future is not None and task.future.cancelled():
                    self._forget(task)

    @property
    def busy(self) -> bool:
        return bool(self._tasks)

    @property
    def slow(self) -> bool:
        return self._slow

    def running(self, owner: QObject) -> int:
        """How many wanted calls of this owner are under way."""
        return sum(task.owner is owner and task.wanted for task in self._tasks.values())

    def close(self) -> None:
        """Drop everything and wait for the threads to end. Nothing runs afterwards."""
        if self._closed:
            return
        self._closed = True
        for task in self._tasks.values():
            task.drop()
        self._quick.shutdown(wait=True, cancel_futures=True)
        self._long.shutdown(wait=True, cancel_futures=True)
        for task in list(self._tasks.values()):
            self._forget(task)

    def _work(self, number: int) -> None:
        """On a worker thread. When the message is sent, this thread holds nothing of the task any more: a widget whose
        last reference lay in the call must not be destroyed over here."""
        task = self._tasks.get(number)
        if task is not None:
            task.outcome = _perform(task)
        del task
        self._done.emit(number)

    @Slot(int)
    def _deliver(self, number: int) -> None:
        task = self._tasks.get(number)
        if task is None:
            return
        self._forget(task)
        if not task.wanted or not isValid(task.owner):
            return
        result, error = task.outcome
        if error is None:
            if task.ok is not None:
                task.ok(result)
        elif isinstance(error, Stopped):
            return
        elif isinstance(error, Exception):
            self._fail(task, error)
        else:
            raise error

    def _fail(self, task: Task, error: Exception) -> None:
        taken = task.failed(error) if task.failed is not None else False
        if taken is False:
            if self.on_error is None:
                raise error
            self.on_error(error)

    def _forget(self, task: Task) -> None:
        self._tasks.pop(task.number, None)
        if task.progress is not None:
            self.long_ended.emit(task.progress)
        if isValid(task.owner):
            self.owner_busy.emit(task.owner, self.running(task.owner))
        if not self._tasks:
            self._slow_timer.stop()
            self._set_slow(False)
            self.busy_changed.emit(False)

    def _set_slow(self, slow: bool) -> None:
        if slow != self._slow:
            self._slow = slow
            self.slow_changed.emit(slow)


def _perform(task: Task) -> tuple[Any, BaseException | None]:
    """Make the call. Whatever it raises is handed over to the interface thread."""
    call, task.call = task.call, None
    assert call is not None
    try:
        return (call() if task.progress is None else call(task.progress)), None
    except BaseException as error:
        return None, error
