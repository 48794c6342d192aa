"""Questions that follow the typing: at once, one at a time, only the newest of those that had to wait."""

from threading import Event

import pytest
from PySide6.QtCore import QObject

from tests.ui.fakes import wait_idle
from ui.widgets.asking import AskAsTyped


class Register:
    """Answers when it is let; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.may_answer = Event()

    def find(self, text: str) -> str:
        self.asked.append(text)
        assert self.may_answer.wait(30)
        if text == "bad":
            raise ValueError
        return text.upper()


@pytest.fixture
def register():
    made = Register()
    yield made
    made.may_answer.set()


def asking(desk, register, shown, failed=None):
    owner = QObject(desk.tasks)
    return AskAsTyped(desk.tasks, owner, "find", register.find, lambda text, found: shown.append((text, found)), failed)


def test_the_first_is_asked_at_once_and_of_those_that_wait_only_the_last(desk, qtbot, register):
    shown: list[tuple[str, str]] = []
    ask = asking(desk, register, shown)
    for text in ("p", "pa", "pan", "pank"):
        ask.ask(text)
    qtbot.waitUntil(lambda: register.asked == ["p"], timeout=30_000)
    register.may_answer.set()
    qtbot.waitUntil(lambda: len(shown) == 2, timeout=30_000)
    assert register.asked == ["p", "pank"]
    assert shown == [("p", "P"), ("pank", "PANK")]


def test_the_same_words_again_are_not_a_second_question(desk, qtbot, register):
    shown: list[tuple[str, str]] = []
    ask = asking(desk, register, shown)
    ask.ask("pank")
    ask.ask("pankh")
    ask.ask("pank")
    register.may_answer.set()
    qtbot.waitUntil(lambda: bool(shown), timeout=30_000)
    wait_idle(qtbot, desk)
    assert register.asked == ["pank"]


def test_what_is_dropped_is_never_shown(desk, qtbot, register):
    shown: list[tuple[str, str]] = []
    ask = asking(desk, register, shown)
    ask.ask("pank")
    qtbot.waitUntil(lambda: register.asked == ["pank"], timeout=30_000)
    ask.ask("pankh")
    ask.drop()
    register.may_answer.set()
    wait_idle(qtbot, desk)
    assert shown == [] and register.asked == ["pank"]
    ask.ask("garrett")
    qtbot.waitUntil(lambda: shown == [("garrett", "GARRETT")], timeout=30_000)


def test_after_an_error_the_next_question_is_asked(desk, qtbot, register):
    shown: list[tuple[str, str]] = []
    errors: list[Exception] = []
    ask = asking(desk, register, shown, errors.append)
    ask.ask("bad")
    ask.ask("good")
    register.may_answer.set()
    qtbot.waitUntil(lambda: shown == [("good", "GOOD")], timeout=30_000)
    assert [type(error) for error in errors] == [ValueError]
