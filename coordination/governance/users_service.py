"""Use cases of users and teams. For administrators; the database says so too, and that nobody administers
themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.errors import AlreadyExists, BadValue, BadValues, Conflict, NotFound
from coordination.governance import users as rules
from coordination.governance.model import ROLES
from coordination.governance.passwords import one_time
from coordination.governance.users import Changed, Scope, TeamDraft, TeamLine, UserChange, UserDraft, UserLine
from coordination.values import TeamId, UserName

if TYPE_CHECKING:
    from coordination.work import Begin, Work


class Users:
    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def all(self) -> list[UserLine]:
        """Every login, those that are switched off too. One query."""
        with self._begin() as work:
            return work.users.users()

    def scope(self) -> Scope:
        """What can be chosen."""
        with self._begin() as work:
            return work.users.scope()

    def teams(self) -> list[TeamLine]:
        with self._begin() as work:
            return work.users.teams()

    # ---------------------------------------------------------------- users

    def add(self, draft: UserDraft) -> UserLine:
        """Raises BadValues by field, NotAllowed. The first password must be changed when it is first used."""
        clean = rules.check_user(draft)
        try:
            with self._begin() as work:
                work.users.add(clean)
                return _user(work, UserName(clean.user_name))
        except AlreadyExists:
            raise BadValues((BadValue("user_name", "user_name_taken"),)) from None

    def change(self, name: UserName, change: UserChange, *, seen: int) -> Changed:
        """Name, locality, team. Raises BadValues, Conflict('user', …), NotFound, NotAllowed."""
        clean = rules.check_change(change)
        with self._begin() as work:
            before = _user(work, name)
            if before.revision != seen or not work.users.change(name, clean, seen=seen):
                raise Conflict("user", name, seen, _user(work, name))
            return Changed(before, _user(work, name))

    def undo_change(self, done: Changed) -> Changed:
        """As it was before. Conflict when somebody has changed it since."""
        was: UserLine = done.before
        back = UserChange(was.display_name, was.locality, was.team_id)
        return self.change(was.user_name, back, seen=done.after.revision)

    def set_active(self, name: UserName, active: bool, *, seen: int) -> UserLine:
        """Switched off: no rights from the next statement on, sessions ended, what the desk kept done away with at its
        next contact. Raises Conflict, NotFound, NotAllowed."""
        with self._begin() as work:
            if not work.users.set_active(name, active, seen=seen):
                raise Conflict("user", name, seen, _user(work, name))
        with self._begin() as work:
            if not active:  # once more: a desk that was quick came back before the change was committed
                work.users.end_sessions(name, "disabled")
            return _user(work, name)

    def change_role(self, name: UserName, role: str, *, seen: int) -> UserLine:
        """One role a login. Their sessions are ended. Raises BadValue, Conflict, NotFound, NotAllowed."""
        if role not in ROLES:
            raise BadValue("role", "required")
        with self._begin() as work:
            if not work.users.change_role(name, role, seen=seen):
                raise Conflict("user", name, seen, _user(work, name))
            return _user(work, name)

    def sign_out_everywhere(self, name: UserName) -> UserLine:
        """End every session of theirs."""
        with self._begin() as work:
            work.users.end_sessions(name, "signed_out")
            return _user(work, name)

    def reset_password(self, name: UserName) -> str:
        """A password to tell them, once; it is good for choosing another. Their sessions are ended."""
        password = one_time()
        with self._begin() as work:
            work.users.reset_password(name, password)
        return password

    # ---------------------------------------------------------------- teams

    def add_team(self, draft: TeamDraft) -> TeamLine:
        """Raises BadValues by field, NotAllowed."""
        clean = rules.check_team(draft)
        try:
            with self._begin() as work:
                return _team(work, work.users.add_team(clean))
        except AlreadyExists:
            raise BadValues((BadValue("name", "team_name_taken"),)) from None

    def change_team(self, id_: TeamId, draft: TeamDraft, *, seen: int) -> Changed:
        """Raises BadValues by field, Conflict('team', …), NotFound, NotAllowed."""
        clean = rules.check_team(draft)
        try:
            with self._begin() as work:
                before = _team(work, id_)
                if before.revision != seen or not work.users.change_team(id_, clean, seen=seen):
                    raise Conflict("team", str(id_), seen, _team(work, id_))
                return Changed(before, _team(work, id_))
        except AlreadyExists:
            raise BadValues((BadValue("name", "team_name_taken"),)) from None

    def undo_team(self, done: Changed) -> Changed:
        """As it was before. Conflict when somebody has changed it since."""
        was: TeamLine = done.before
        return self.change_team(
            was.id, TeamDraft(was.name, was.service, was.locality, was.phone), seen=done.after.revision
        )

    def drop_team(self, team: TeamLine) -> None:
        """One that was made in error. Raises Conflict, BrokenRule when anything hangs on it."""
        with self._begin() as work:
            if not work.users.drop_team(team.id, seen=team.revision):
                raise Conflict("team", str(team.id), team.revision, _team(work, team.id))


def _user(work: Work, name: UserName) -> UserLine:
    found = work.users.users(name)
    if not found:
        raise NotFound("user", name)
    return found[0]


def _team(work: Work, id_: TeamId) -> TeamLine:
    found = work.users.teams(id_)
    if not found:
        raise NotFound("team", str(id_))
    return found[0]
