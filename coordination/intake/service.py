"""Use cases of the intake area, one method each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coordination.work import Begin


class Intake:
    """Contacts and referrals."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
