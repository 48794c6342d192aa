"""Use cases of presence: a desk says what is in front of it, and learns who else is there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from coordination.presence.model import Mark, Present

if TYPE_CHECKING:
    from coordination.work import Begin


class Presences:
    """``desk`` is an id made once a sign-in (``values.new_id``): one person may sit at two desks."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def beat(self, desk: UUID, marks: Iterable[Mark]) -> list[Present]:
        """I am still here, with exactly these marks. Gives everybody else's that I may see."""
        with self._begin() as work:
            work.presence.renew(desk, _in_order(marks))
            return work.presence.others(desk, None)

    def say(self, desk: UUID, marks: Iterable[Mark]) -> None:
        """My marks have changed: exactly these from now on."""
        with self._begin() as work:
            work.presence.renew(desk, _in_order(marks))

    def others(self, desk: UUID, records: Iterable[UUID]) -> list[Present]:
        """Who else is at these records now."""
        with self._begin() as work:
            return work.presence.others(desk, sorted(set(records)))

    def leave(self, desk: UUID) -> None:
        """The desk goes, and all its marks."""
        with self._begin() as work:
            work.presence.renew(desk, [])


def _in_order(marks: Iterable[Mark]) -> list[Mark]:
    """Always in the same order, so that two desks never wait for each other; editing goes before looking."""
    best: dict[tuple[str, UUID], Mark] = {}
    for mark in marks:
        known = best.get((mark.area, mark.record))
        if known is None or known.doing == "looking":
            best[mark.area, mark.record] = mark
    return [best[key] for key in sorted(best)]
