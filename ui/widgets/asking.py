"""Questions that follow the typing: asked at once, one at a time.

While an answer is under way, what is typed meanwhile waits, and only the last of it is asked. So the first answer is as
quick as the database, and fast typing never queues up work.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject

from ui.tasks import Tasks

T = TypeVar("T")


class AskAsTyped(Generic[T]):
    """``show(text, answer)`` is called for each question that was asked and not dropped since.

    ``name`` tells the question from others of its owner.

    An error goes to ``failed``, or to the notices of the desk where there is none or it returns False.
    """

    def __init__(
        self, tasks: Tasks, owner: QObject, name: str, call: Callable[[str], T], show: Callable[[str, T], object],
        failed: Callable[[Exception], bool | None] | None = None,
    ) -> None:  # fmt: skip
        self._tasks, self._owner, self._name, self._call, self._show = tasks, owner, name, call, show
        self._on_failed = failed
        self._wanted: str | None = None
        self._under_way: str | None = None

    def ask(self, text: str) -> None:
        """Find the answer to ``text``: now, or as soon as the question under way has been answered."""
        self._wanted = None if text == self._under_way else text
        if self._under_way is None:
            self._next()

    def drop(self) -> None:
        """Nothing is wanted any more, whatever comes back."""
        self._wanted, self._under_way = None, None
        self._tasks.drop(self._owner, self._name)

    def _next(self) -> None:
        text, self._wanted = self._wanted, None
        if text is not None:
            self._under_way = text
            self._tasks.run(
                self._owner, lambda: self._call(text), lambda answer: self._came(text, answer), self._failed,
                latest=self._name,
            )  # fmt: skip

    def _came(self, text: str, answer: T) -> None:
        self._under_way = None
        self._next()
        self._show(text, answer)

    def _failed(self, error: Exception) -> bool | None:
        self._under_way = None
        self._next()
        return self._on_failed(error) if self._on_failed is not None else False
