"""Slow work off the interface thread."""

import threading

import pytest
from PySide6.QtCore import QObject
from shiboken6 import delete

from ui.tasks import Stopped, Tasks


@pytest.fixture
def errors():
    return []


@pytest.fixture
def tasks(qapp, errors):
    made = Tasks(on_error=errors.append)
    yield made
    made.close()


@pytest.fixture
def owner(qapp):
    return QObject()


class Gate:
    """A call that waits until it is let through."""

    def __init__(self, answer=None):
        self.answer, self.begun, self.open = answer, threading.Event(), threading.Event()

    def __call__(self, *_args):
        self.begun.set()
        assert self.open.wait(30)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def idle(qtbot, tasks):
    qtbot.waitUntil(lambda: not tasks.busy, timeout=30_000)


def test_result_arrives_on_the_interface_thread(qtbot, tasks, owner):
    got = []
    tasks.run(owner, threading.get_ident, lambda ident: got.append((ident, threading.get_ident())))
    idle(qtbot, tasks)
    [(worker, here)] = got
    assert here == threading.get_ident() != worker


def test_error_goes_to_failed(qtbot, tasks, owner, errors):
    got = []
    tasks.run(owner, lambda: 1 / 0, failed=got.append)
    idle(qtbot, tasks)
    assert isinstance(got[0], ZeroDivisionError)
    assert errors == []


@pytest.mark.parametrize("failed", [None, lambda _error: False])
def test_error_that_nobody_took_goes_to_the_desk(qtbot, tasks, owner, errors, failed):
    tasks.run(owner, lambda: 1 / 0, failed=failed)
    idle(qtbot, tasks)
    assert [type(error) for error in errors] == [ZeroDivisionError]


def test_newer_supersedes_older(qtbot, tasks, owner):
    got, slow = [], Gate("old")
    tasks.run(owner, slow, got.append, latest="find")
    assert slow.begun.wait(30)
    tasks.run(owner, lambda: "new", got.append, latest="find")
    slow.open.set()
    idle(qtbot, tasks)
    assert got == ["new"]


def test_the_same_latest_of_another_owner_is_another_question(qtbot, tasks, owner):
    got, other = [], QObject()
    tasks.run(owner, lambda: 1, got.append, latest="find")
    tasks.run(other, lambda: 2, got.append, latest="find")
    idle(qtbot, tasks)
    assert sorted(got) == [1, 2]


def test_result_is_dropped_when_the_owner_is_gone(qtbot, tasks, owner, errors):
    got, slow = [], Gate(ValueError())
    tasks.run(owner, slow, got.append, got.append)
    assert slow.begun.wait(30)
    delete(owner)
    slow.open.set()
    idle(qtbot, tasks)
    assert got == [] == errors


def test_a_call_that_has_not_begun_is_not_begun(qtbot, tasks, owner):
    gates = [Gate() for _ in range(4)]
    for gate in gates:
        tasks.run(owner, gate)
    ran = []
    waiting = tasks.run(owner, lambda: ran.append(1))
    for gate in gates:
        assert gate.begun.wait(30)
    tasks.drop(owner)
    assert not waiting.wanted
    for gate in gates:
        gate.open.set()
    idle(qtbot, tasks)
    assert ran == []


def test_busy_is_said_once(qtbot, tasks, owner):
    said = []
    tasks.busy_changed.connect(said.append)
    tasks.run(owner, lambda: 1)
    tasks.run(owner, lambda: 2)
    idle(qtbot, tasks)
    assert said == [True, False]


def test_slow_work_is_said(qtbot, tasks, owner):
    tasks._slow_timer.setInterval(1)
    gate = Gate()
    with qtbot.waitSignal(tasks.slow_changed) as said:
        tasks.run(owner, gate)
    assert said.args == [True]
    with qtbot.waitSignal(tasks.slow_changed) as said:
        gate.open.set()
    assert said.args == [False]


def test_owner_busy_counts(qtbot, tasks, owner):
    said = []
    tasks.owner_busy.connect(lambda who, number: said.append(number) if who is owner else None)
    tasks.run(owner, lambda: 1)
    idle(qtbot, tasks)
    assert said == [1, 0]


def test_long_work_reports(qtbot, tasks, owner):
    moves, got = [], []

    def work(progress):
        progress.say(1, 2, "first")
        progress.say(2, 2, "second")
        return "done"

    tasks.long_started.connect(lambda progress: progress.moved.connect(lambda *move: moves.append(move)))
    tasks.run(owner, work, got.append, progress="Printing")
    idle(qtbot, tasks)
    assert moves == [(1, 2, "first"), (2, 2, "second")]
    assert got == ["done"]


def test_long_work_can_be_stopped(qtbot, tasks, owner, errors):
    begun, ended, started = threading.Event(), [], []

    def work(progress):
        begun.set()
        try:
            while True:
                progress.stop_if_asked()
                threading.Event().wait(0.001)
        except Stopped:
            ended.append(True)
            raise

    got = []
    tasks.long_started.connect(started.append)
    tasks.run(owner, work, got.append, progress="Planning")
    assert begun.wait(30)
    started[0].stop()
    idle(qtbot, tasks)
    assert ended == [True]
    assert got == [] == errors


def test_nothing_runs_after_closing(qtbot, errors, owner):
    tasks = Tasks(on_error=errors.append)
    tasks.run(owner, lambda: 1)
    tasks.close()
    assert not tasks.busy
    assert not tasks.run(owner, lambda: 1).wanted
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("task")]


def test_a_widget_dies_on_the_interface_thread(qtbot, tasks):
    """The last reference to an owner may lie in the call itself."""
    died = []

    class Owner(QObject):
        def __del__(self):
            died.append(threading.get_ident())

    for _ in range(20):
        thing = Owner()
        tasks.run(thing, lambda thing=thing: thing.objectName())
        del thing
    idle(qtbot, tasks)
    assert died == [threading.get_ident()] * 20
