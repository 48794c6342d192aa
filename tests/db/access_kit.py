"""Every table tried as every role: what who_may.txt says is what a login gets.

``PROBER`` is a login that was granted all the roles there are, so that no missing grant helps: what stops it is the
policy of the role that its account has just then. Triggers are passed over in its session, so that no guard helps.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import text

from db.engine import connect, verifier
from tests.database import CentreDb

ROLES = {
    "c": "care_coordinator", "p": "placement_coordinator", "l": "team_lead", "a": "trusted_assessor", "m": "manager",
    "g": "ig_lead", "d": "administrator",
}  # fmt: skip
PROBER, PASSWORD = "prober.of.policies", "test password of the prober"
DOING = ("reads", "adds", "changes", "removes")
# A reader to whom team, locality or involvement leaves nothing of what the training city has.
NOTHING_HERE = {
    *((f"safeguarding_{what}", letter) for what in ("concern", "event", "told") for letter in "pa"),
    *((f"desk_{what}", letter) for what in ("shift", "break") for letter in "gd"),
    *(("assessor_competency", letter) for letter in "cpa"), ("visit_skill", "p"),
    *(("person_sharing", letter) for letter in "cplamg"),
}  # fmt: skip


def who_may() -> dict[str, dict[str, str]]:
    """By table: the letters of those who read, add, change, remove."""
    lines = Path(__file__).with_name("who_may.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return {row[0]: dict(zip(DOING, row[1:], strict=True)) for row in rows}


@contextmanager
def prober(db: CentreDb) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the login with all roles; it is gone afterwards. Roles belong to the whole server."""
    with db.owner.begin() as owner:
        driver: Any = owner.connection.driver_connection
        secret = verifier(driver, PROBER, PASSWORD)
        owner.execute(text("select create_login(:u, :v, 'Prober', 'manager', null, null)"), {"u": PROBER, "v": secret})
        for role in ROLES.values():
            owner.execute(text(f'grant {role} to "{PROBER}"'))
        owner.execute(text(f'grant set on parameter session_replication_role to "{PROBER}"'))
    connection = connect(db.where(PROBER), PASSWORD, autocommit=True)
    try:
        connection.execute("set session_replication_role = replica")
        yield connection
    finally:
        connection.close()
        with db.owner.begin() as owner:
            owner.execute(text(f"delete from user_account where user_name = '{PROBER}'"))
            owner.execute(text(f'revoke set on parameter session_replication_role from "{PROBER}"'))
            owner.execute(text(f'drop role "{PROBER}"'))


def become(db: CentreDb, role: str) -> None:
    with db.owner.begin() as owner:
        owner.execute(text("set local session_replication_role = replica"))
        owner.execute(text("update user_account set role = :r where user_name = :u"), {"r": role, "u": PROBER})


def row_of_each(db: CentreDb) -> dict[str, tuple[dict[str, Any], tuple[str, ...]]]:
    """By table that has any: one row, and the columns that PROBER could write of it."""
    found = {}
    writable = (
        "select attname from pg_attribute where attrelid = cast(:t as regclass) and attnum > 0 and not attisdropped"
        f" and attgenerated = '' and has_column_privilege('{PROBER}', attrelid, attnum, 'insert')"
    )
    with db.owner.connect() as owner:
        for table in who_may():
            row = owner.execute(text(f"select to_jsonb(t) from {table} t limit 1")).scalar_one_or_none()
            if row is not None:
                found[table] = (row, tuple(owner.execute(text(writable), {"t": table}).scalars()))
    return found


# Each statement tried and taken back; what came of it is a notice. One journey for all of them.
_TRY = """
do $$
declare one jsonb; n int; said text;
begin
  for one in select * from jsonb_array_elements(current_setting('probe.asked')::jsonb) loop
    begin
      execute one ->> 'try' using one -> 'row';
      get diagnostics n = row_count;
      raise exception '%', n using errcode = 'PROBE';
    exception
      when insufficient_privilege then
        get stacked diagnostics said = message_text;
        raise notice '% refused %', one ->> 'name', said;
      when sqlstate 'PROBE' then
        raise notice '% % rows', one ->> 'name', sqlerrm;
      when others then
        raise notice '% failed', one ->> 'name';
    end;
  end loop;
end $$"""
_POLICY = re.compile(r'violates row-level security policy "(\w+)"')


def tried(connection: psycopg.Connection[Any], asked: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """By name: what came of each statement (``try``, with ``row`` as $1): "rows", "no rows", "failed" for a reason that
    is none of rights, the policy that refused it, or "refused"."""
    found: dict[str, str] = {}

    def told(notice: psycopg.errors.Diagnostic) -> None:
        name, said = (notice.message_primary or "").split(" ", 1)
        policy = _POLICY.search(said)
        if policy:
            found[name] = policy[1]
        else:
            found[name] = {"0 rows": "no rows", "failed": "failed"}.get(
                said, "refused" if "refused" in said else "rows"
            )

    connection.add_notice_handler(told)
    connection.execute("select set_config('probe.asked', %s, false)", [json.dumps(asked, default=str)])
    connection.execute(_TRY)
    connection.remove_notice_handler(told)
    return found
