"""A city of the size that is measured: the training city, and a past of referrals that it has not by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.table import said
from db.engine import connect, verifier
from ui.root import OWNER, Centre, open_embedded

SEED = 7
_AT_ONCE = 10_000
_FIRST = "00000000-0000-0000-0000-000000000000"
_WAITING = 50  # one in so many waits, the others are closed
USER = "nadia.coordinator"

_MORE = (Path(__file__).parent / "more_referrals.sql").read_text("utf-8")


def open_city(folder: Path, people: int, referrals: int) -> Centre:
    """The city of a data folder, made there if it is not yet. ``folder`` may be kept for the next run."""
    centre = open_embedded(folder)
    with connect(centre.where(OWNER), centre.owner_password()) as connection:
        found = connection.execute("select count(*) from person").fetchone()
    if not found or found[0] == 0:
        said(f"Making a city of {people:,} people")
        centre.load_training(people, SEED)
    _fill(centre, referrals)
    return centre


def _fill(centre: Centre, referrals: int) -> None:
    with connect(centre.where(OWNER), centre.owner_password(), autocommit=True) as connection:
        connection.execute("set statement_timeout = 0")
        row = connection.execute("select count(*) from referral").fetchone()
        missing = referrals - (row[0] if row else 0)
        if missing <= 0:
            return
        said(f"Adding {missing:,} referrals")
        after: Any = _FIRST
        while missing > 0:
            words = {
                "after": after,
                "count": min(missing, _AT_ONCE),
                "waiting": _WAITING,
                "by": USER,
            }
            made = [r[0] for r in connection.execute(_MORE.encode(), words)]
            after = max(made) if made else "00000000-0000-0000-0000-000000000000"
            missing -= len(made)
        connection.execute("vacuum analyze")


def desk_users(centre: Centre, count: int, owner_password: str | None = None) -> list[tuple[str, str]]:
    """Logins of so many invented care co-ordinators, with their passwords; made where they are not there yet."""
    users = [(f"bench.desk{number:03}", f"bench desk {number:03}") for number in range(count)]
    with connect(centre.where(OWNER), owner_password or centre.owner_password()) as connection:
        known = {row[0] for row in connection.execute("select user_name from user_account")}
        for user, password in users:
            if user not in known:
                secret = verifier(connection, user, password)
                name = f"Desk {user[-3:]}"
                connection.execute(
                    "select create_login(%s, %s, %s, 'care_coordinator', 'north', null)", (user, secret, name)
                )
                # As if they had chosen it themselves: a password that was given is good for choosing another.
                connection.execute("update user_sign_in set password_temporary = false where user_name = %s", (user,))
    return users
