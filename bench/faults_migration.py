"""A migration that is killed half way: the database is at the old revision or at the new one, whole, its data in place.

Run as a program it is the migration: ``python -m bench.faults_migration``, with where and password on standard input.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

from bench.faults_lab import OWNER, Lab, Outcome, kill, processes_of
from coordination.errors import CoordinationError
from db import migrations
from db.backup.contents import TableFigures, figures
from db.engine import connect
from db.setup import owner_engine, prepare_database
from ui.root import Centre

OLD = "0043"
"""Down to here and up again, each time."""
_GOES_ON = ("audit.", "public.user_sign_in", "public.alembic_version")
"""What grows while nobody works: migrating is noted too."""
Figures = dict[str, TableFigures]


def half_applied(lab: Lab, tries: int) -> Outcome:
    """``kill -9`` of the migrating program, or of the server, at a random point of it."""
    data = lab.copy()
    made = Outcome("migration killed", faults="")
    with lab.opened(data) as centre:
        new = _state(centre)
        _down(centre)
        old = _state(centre)
        took = _migrate(centre, None)
        again = _state(centre)
        in_place = {name: new[1].get(name, rows) for name, rows in old[1].items()}
        made.wrong += _differences("up again", {n: again[1][n] for n in in_place if n in again[1]}, in_place, {})
        killed = 0
        for number in range(tries):
            _down(centre)
            began = time.monotonic()
            ended = _migrate(centre, lab.chance.uniform(0, took), lab, number)
            killed += ended == 0.0
            centre.server.revive()  # type: ignore[union-attr]
            revision, found = _state(centre)
            made.worst_wait = max(made.worst_wait, time.monotonic() - began)
            made.tries += 1
            made.acknowledged += ended > 0
            before = len(made.wrong)
            if revision == old[0]:
                made.wrong += _differences("old", found, old[1], old[1])
            elif revision == new[0]:
                made.wrong += _differences("new", found, again[1], old[1])
            else:
                made.wrong.append(f"migration killed: at {revision}, neither {old[0]} nor {new[0]}")
            if revision != new[0] and ended > 0:
                made.wrong.append("migration killed: told that it was done, and it is not")
            made.found += len(made.wrong) == before
            prepare_database(centre.where(OWNER), centre.owner_password())
        made.lost = made.tries - made.found
        made.faults = f"{killed} killed under way; {OLD} to {new[0]}"
        made.acknowledged = made.tries
    return made


def _state(centre: Centre) -> tuple[str, Figures]:
    with connect(centre.where(OWNER), centre.owner_password()) as connection:
        row = connection.execute("select version_num from alembic_version").fetchone()
        found = figures(connection)
    kept = {name: rows for name, rows in found.items() if not name.startswith(_GOES_ON)}
    return (row[0] if row else ""), kept


def _differences(which: str, found: Figures, expected: Figures, old: Figures) -> list[str]:
    """Rows, and digests of the tables in which no migration writes the hour."""
    wrong = []
    for name in sorted(found.keys() | expected.keys()):
        here, there = found.get(name), expected.get(name)
        if here is None or there is None or here.rows != there.rows:
            wrong.append(f"migration killed, {which}: {name} has {here and here.rows} rows, not {there and there.rows}")
        elif name in old and old[name] == there and here != there:
            wrong.append(f"migration killed, {which}: {name} has other rows than before")
    return wrong


def _down(centre: Centre) -> None:
    engine = owner_engine(centre.where(OWNER), centre.owner_password())
    with engine.begin() as connection:
        migrations.downgrade(connection, OLD)
    engine.dispose()


def _migrate(centre: Centre, after: float | None, lab: Lab | None = None, number: int = 0) -> float:
    """Seconds that it took from its first word on; 0 when it was killed ``after`` so many."""
    given = json.dumps([centre.where(OWNER), centre.owner_password()])
    child = subprocess.Popen(
        [sys.executable, "-m", "bench.faults_migration"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdin is not None and child.stdout is not None
    child.stdin.write(given + "\n")
    child.stdin.close()
    child.stdout.readline()
    began = time.monotonic()
    try:
        child.wait(after)
    except subprocess.TimeoutExpired:
        assert lab is not None
        if number % 2:
            kill(processes_of(centre.folder))  # type: ignore[arg-type]
        else:
            child.kill()
        child.wait()
    took = time.monotonic() - began
    child.stdout.close()
    return took if child.returncode == 0 else 0.0


def main() -> int:
    """Migrate, as ``centre admin migrate`` does."""
    import alembic.command  # noqa: F401  before the word, so that what is timed is the migration

    where: dict[str, Any]
    where, password = json.loads(sys.stdin.readline())
    print("migrating", flush=True)
    try:
        prepare_database(where, password)
    except CoordinationError:  # the server was killed under it
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
