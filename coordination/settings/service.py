"""Use cases of settings: see them, change one, take that back. Who may is the database's to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.errors import Conflict, NotFound
from coordination.settings import rules
from coordination.settings.model import BY_NAME, KINDS, Changed, Setting, Value

if TYPE_CHECKING:
    from coordination.work import Begin, Work


class Settings:
    """Numbers that the centre works by."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def all(self) -> list[Setting]:
        """In the order of ``KINDS``. One query."""
        with self._begin() as work:
            found = {s.name: s for s in work.settings.all([kind.name for kind in KINDS])}
        return [found[kind.name] for kind in KINDS if kind.name in found]

    def change(self, name: str, value: Value, *, seen: int) -> Changed:
        """Raises BadValues by the name of a part (``value`` without parts), Conflict('setting', …) with the Setting as
        it stands, NotFound('setting', …), NotAllowed for whoever is no administrator."""
        if name not in BY_NAME:
            raise NotFound("setting", name)
        clean = rules.check(BY_NAME[name], value)
        with self._begin() as work:
            before = _standing(work, name)
            if before.revision != seen or not work.settings.put(name, clean, seen=seen):
                raise Conflict("setting", name, seen, _standing(work, name))
            return Changed(before, _standing(work, name))

    def undo(self, done: Changed) -> Changed:
        """As it was before. Conflict when somebody has changed it since."""
        return self.change(done.after.name, done.before.value, seen=done.after.revision)


def _standing(work: Work, name: str) -> Setting:
    found = work.settings.all([name])
    if not found:
        raise NotFound("setting", name)
    return found[0]
