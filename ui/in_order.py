"""What is done on a board, one thing after another: a key that is pressed twice acts twice, the second time on what the
first left behind, and what is undone is what was done last."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ui.page import OnDesk
from ui.tasks import Failed

Call = Callable[[], Any]


@dataclass(frozen=True)
class _Deed:
    prepare: Callable[[], Call | None]
    ok: Callable[[Any], object]
    failed: Failed | None


class InOrder:
    """``prepare`` is asked on the interface thread when its turn has come; what it gives runs on another one. None:
    there is nothing to do after all."""

    def __init__(self, page: OnDesk) -> None:
        self._page = page
        self._waiting: deque[_Deed] = deque()
        self._running = False

    def do(self, prepare: Callable[[], Call | None], ok: Callable[[Any], object], failed: Failed | None = None) -> None:
        """Do it when everything before it is done."""
        self._waiting.append(_Deed(prepare, ok, failed))
        self._next()

    @property
    def busy(self) -> bool:
        return self._running

    def _next(self) -> None:
        while self._waiting and not self._running:
            deed = self._waiting.popleft()
            call = deed.prepare()
            if call is not None:
                self._start(deed, call)

    def _start(self, deed: _Deed, call: Call) -> None:
        self._running = True

        def done(found: Any) -> None:
            self._running = False
            try:
                deed.ok(found)
            finally:
                self._next()

        def failed(error: Exception) -> bool:
            self._running = False
            try:
                return deed.failed is not None and deed.failed(error) is not False
            finally:
                self._next()

        self._page.run(call, done, failed)
