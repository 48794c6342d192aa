"""Everybody who signs in with one click: where the city is invented."""

from __future__ import annotations

from coordination.training.users import TRAINING_USERS, training_password
from ui.shell.signin import Trainee

_CENTRES = {"north": "North", "central": "Central", "south": "South", None: "City"}


def trainees() -> list[Trainee]:
    """In the order of the tiles."""
    return [
        Trainee(u.user_name, u.display_name, u.role, _CENTRES[u.locality], training_password(u.user_name))
        for u in TRAINING_USERS
    ]
