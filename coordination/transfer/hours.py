"""T5: social work is there seven days a week, 08:00 to 22:00. The 24 and the 4 hours of T1 and T2 run through the night
all the same; what falls due while nobody works must be done before.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from coordination.clock import LONDON, at_local, local_date

OPENS, CLOSES = 8, 22


def at_work(moment: datetime) -> bool:
    """Whether social work is there, on the wall clock of the centre."""
    wall = moment.astimezone(LONDON)
    return OPENS <= wall.hour < CLOSES


def last_moment(due: datetime) -> datetime:
    """The last moment at which somebody works, no later than ``due``: itself, or 22:00 before it."""
    wall, day = due.astimezone(LONDON), local_date(due)
    if at_work(due) or (wall.hour, wall.minute, wall.second) == (CLOSES, 0, 0):
        return due
    return at_local(day if wall.hour >= CLOSES else day - timedelta(days=1), CLOSES)
