"""What row security adds to planning: a look by key into each table, and what is asked before a handover.

    python -m bench.planning [--people N] [--data DIR] [--json FILE]

The baseline of a table is ``referral``, whose policy asks one thing about the person, in the same run; that of the
lists is the same statement as the owner, whom no policy concerns. See docs/decisions/policies-planned.md.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from bench.city import USER, open_city
from bench.table import Row, Table, machine, publish
from coordination.messages.record import MessageFilter
from coordination.training.users import training_password
from db.engine import open_engine
from db.setup import owner_engine
from db.stores import duty_outstanding
from db.stores.messages import PgMessageStore
from ui.root import OWNER

ROUNDS, SHOWN = 15, 12  # few enough that medians are compared: a busy machine makes the slowest worthless
ONE_DEEP = "referral"
_TABLES = """
  select c.relname from pg_class c
  where c.relrowsecurity and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
    and has_table_privilege(c.oid, 'select') order by 1"""
LISTS: dict[str, Callable[[Connection], object]] = {
    "what is outstanding": lambda c: duty_outstanding.of(c, None, None, 500),
    "messages": lambda c: PgMessageStore(c).recent(MessageFilter()),
}


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m bench.planning", description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=8_000, metavar="N", help="of the training city")
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep the city there, or find it there")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table there too")
    options = parser.parse_args()
    if options.data is not None:
        publish(measure(options.data, options.people), options.json)
    else:
        with tempfile.TemporaryDirectory(prefix="bench planning ") as folder:
            publish(measure(Path(folder), options.people), options.json)
    return 0


def measure(folder: Path, people: int) -> Table:
    """Of one login, a care co-ordinator. The notes say the memory, which does not depend on what else runs."""
    where = machine()
    centre = open_city(folder, people, 0)
    login = open_engine(lambda: centre.where(USER), training_password(USER))
    owner = owner_engine(centre.where(OWNER), centre.owner_password())
    try:
        with login.connect() as connection:
            names = connection.exec_driver_sql(_TABLES).scalars().all()
            tables = {name: planned(connection, f"select * from \"{name}\" where ctid = '(0,1)'") for name in names}
        most = sorted(tables, key=lambda name: -tables[name][1])[:SHOWN]
        rows = [Row(ONE_DEEP, tables[ONE_DEEP][0])]
        rows += [Row(name, tables[name][0], ONE_DEEP) for name in most if name != ONE_DEEP]
        notes = ["KB of planning: " + ", ".join(f"{name} {tables[name][1]:,}" for name in (ONE_DEEP, *most))]
        for name, asks in LISTS.items():
            (bare, _), (seen, memory) = (of_list(engine, asks) for engine in (owner, login))
            rows += [Row(f"{name}: owner", bare), Row(f"{name}: {USER}", seen, f"{name}: owner")]
            notes.append(f"{name}: {memory:,} KB")
        return Table("planning", tuple(rows), where, tuple(notes))
    finally:
        login.dispose()
        owner.dispose()
        centre.close()


def of_list(engine: Engine, asks: Callable[[Connection], object]) -> tuple[tuple[float, ...], int]:
    """Of the first statement that is sent for a list."""
    sent: list[tuple[str, Any]] = []
    with engine.connect() as connection:
        event.listen(
            connection, "before_cursor_execute", lambda _c, _k, words, values, *_: sent.append((words, values))
        )
        asks(connection)
        return planned(connection, *sent[0])


def planned(connection: Connection, statement: str, values: Any = None) -> tuple[tuple[float, ...], int]:
    """Seconds of planning, as often as it is done; and the memory of it in KB."""
    cursor = connection.connection.cursor()
    seconds, memory = [], 0
    for _ in range(ROUNDS + 1):
        cursor.execute(f"explain (summary, memory, format json) {statement}", values)
        [((said,),)] = cursor.fetchall()
        seconds.append(said["Planning Time"] / 1000)
        memory = said["Planning"]["Memory Used"]
    return tuple(seconds[1:]), memory


if __name__ == "__main__":
    raise SystemExit(main())
