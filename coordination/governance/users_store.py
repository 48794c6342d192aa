"""What the service of users and teams needs of a store."""

from __future__ import annotations

from typing import Protocol

from coordination.governance.users import Scope, TeamDraft, TeamLine, UserChange, UserDraft, UserLine
from coordination.values import TeamId, UserName


class UserStore(Protocol):
    def users(self, name: UserName | None = None) -> list[UserLine]:
        """All in order of name, or the one. One query."""
        ...

    def scope(self) -> Scope:
        """Teams and services, in order of name. Two queries."""
        ...

    def teams(self, id_: TeamId | None = None) -> list[TeamLine]:
        """All in order of name, or the one. One query."""
        ...

    def add(self, draft: UserDraft) -> None:
        """A login and its account; the password becomes its verifier here. Raises NotAllowed, AlreadyExists."""
        ...

    def change(self, name: UserName, change: UserChange, *, seen: int) -> bool:
        """False when another revision stands."""
        ...

    def set_active(self, name: UserName, active: bool, *, seen: int) -> bool:
        """False when another revision stands. Switched off, the database ends the sessions."""
        ...

    def change_role(self, name: UserName, role: str, *, seen: int) -> bool:
        """False when another revision stands. Their sessions are ended."""
        ...

    def end_sessions(self, name: UserName, why: str) -> None: ...

    def reset_password(self, name: UserName, password: str) -> None:
        """Its verifier goes to the server, and never the password."""
        ...

    def add_team(self, draft: TeamDraft) -> TeamId: ...

    def change_team(self, id_: TeamId, draft: TeamDraft, *, seen: int) -> bool:
        """False when another revision stands."""
        ...

    def drop_team(self, id_: TeamId, *, seen: int) -> bool:
        """False when another revision stands. Raises BrokenRule when anything hangs on it."""
        ...
