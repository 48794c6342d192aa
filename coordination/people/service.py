"""Use cases of the people area, one method each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coordination.work import Begin


class People:
    """People: finding, registering, the record."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
