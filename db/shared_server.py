"""What a shared server must be, looked at from outside and in, and the parts of it that a superuser's login can make.

Everything here may be done again: what is as it must be stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from db.engine import connect, verifier
from db.lock_out import KNOWN, NOBODY, RULES

OWNER = "centre_owner"
LEAST = 18
A_DESK, RESERVE = 4, 20
"""Connections of an open desk (docs/shared-server.md), and those kept for administration, backup and a standby."""

# An error repeats what was typed, and a detail holds rows: neither belongs into a log.
QUIET: Mapping[str, str] = {
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "password_encryption": "scram-sha-256",
    "lc_messages": "C",  # before a session stands a refusal has no code, only words: db/engine.py knows these
}
SAFE: Mapping[str, str] = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was looked at. ``code`` is known to ui/cli/server.py; ``stops`` where nothing may be made;
    ``advice`` where a server is ready without it."""

    code: str
    good: bool
    facts: Mapping[str, Any] = field(default_factory=dict)
    stops: bool = False
    advice: bool = False

    @property
    def ready(self) -> bool:
        """Nothing has to be mended for it."""
        return self.good or self.advice


def needed(desks: int) -> int:
    """``max_connections`` for so many desks at once."""
    return desks * A_DESK + RESERVE


def look(where: Mapping[str, Any], connection: psycopg.Connection[Any], desks: int) -> Iterator[Found]:
    """What the server is. ``connection`` is a superuser's, made by ``where``."""
    version = connection.info.server_version // 10_000
    yield Found("version", version >= LEAST, {"found": version, "needed": LEAST}, stops=True)
    row = connection.execute("select ssl, version from pg_stat_ssl where pid = pg_backend_pid()").fetchone()
    yield Found("encrypted", bool(row and row[0]), {"how": row[1] if row else ""}, stops=True)
    yield Found("plain_refused", not _hears(where), stops=True)
    yield from _rules(connection)
    for name, wanted in SAFE.items():
        found = setting(connection, name)
        yield Found("safe_setting", found == wanted, {"name": name, "found": found, "wanted": wanted})
    most, wants = int(setting(connection, "max_connections")), needed(desks)
    yield Found("connections", most >= wants, {"found": most, "needed": wants, "desks": desks})
    yield _lock_out(connection)


def _hears(where: Mapping[str, Any]) -> bool:
    """Whether the server speaks to somebody without encryption, so much as to ask for a password."""
    plain = {"connect_timeout": 5, **where, "sslmode": "disable", "gssencmode": "disable"}
    for name in (
        "sslrootcert",
        "sslnegotiation",
        "channel_binding",
        "ssl_min_protocol_version",
        "target_session_attrs",
    ):
        plain.pop(name, None)
    try:
        psycopg.connect(**plain, password="not the password").close()  # noqa: S106
    except psycopg.OperationalError as error:
        return error.pgconn is not None and bool(error.pgconn.used_password)
    return True


def _rules(connection: psycopg.Connection[Any]) -> Iterator[Found]:
    """Lines of pg_hba.conf that let somebody in by less than SCRAM, or without encryption from another machine."""
    rows = connection.execute(
        "select line_number, type, coalesce(auth_method, ''), coalesce(error, '') from pg_hba_file_rules order by 1"
    ).fetchall()
    weak = [line for line, kind, method, _fault in rows if kind != "local" and method in ("trust", "password", "md5")]
    open_ = [line for line, kind, method, _fault in rows if kind in ("host", "hostnossl") and method != "reject"]
    broken = [line for line, _kind, _method, fault in rows if fault]
    yield Found("methods", not weak, {"lines": weak})
    yield Found("only_hostssl", not open_, {"lines": open_})
    yield Found("hba_is_read", not broken, {"lines": broken})


_LOCK_OUT = """
    select (pg_stat_file(%(known)s, true)).modification < now() - interval '10 minutes',
      coalesce((select user_name = array[%(nobody)s] from pg_hba_file_rules order by rule_number limit 1), false),
      coalesce((select abbrev in ('UTC', 'GMT', 'BST') from pg_timezone_names
        where name = current_setting('log_timezone')), false), current_setting('data_directory')"""
_OF_SUCCESS = {"on", "true", "yes", "1", "all", "authentication", "authorization"}


def _lock_out(connection: psycopg.Connection[Any]) -> Found:
    """Whether db/lock_out.py is at work. A server may be guarded by other means: advice, unless it was begun, because a
    guard that sleeps lets nobody in again, and one that is set up by half lets people think that they are guarded."""
    row = connection.execute(_LOCK_OUT, {"known": KNOWN, "nobody": NOBODY}).fetchone()
    sleeps, first, dated, data = row or (None, False, False, "")
    names = {part.strip() for part in setting(connection, "log_connections").split(",")}
    done = {
        "log_destination": "jsonlog" in setting(connection, "log_destination"),
        "logging_collector": setting(connection, "logging_collector") == "on",
        "log_connections": bool(names & _OF_SUCCESS),
        "log_hostname": setting(connection, "log_hostname") == "off",
        "log_timezone": dated,
        "included": first,
        "guard": sleeps is False,
    }
    steps = [step for step, is_done in done.items() if not is_done]
    facts = {"steps": steps, "file": f"{data}/{RULES}", "data": data}
    return Found("lock_out", not steps, facts, advice=sleeps is None)


def setting(connection: psycopg.Connection[Any], name: str) -> str:
    """As the server has it now."""
    row = connection.execute("select setting from pg_settings where name = %s", (name,)).fetchone()
    return str(row[0]) if row else ""


def quieten(connection: psycopg.Connection[Any]) -> Iterator[Found]:
    """Settings by which no personal data reaches the log; changed where they differ, without a restart."""
    changed = []
    for name, wanted in QUIET.items():
        found = setting(connection, name)
        if found != wanted:
            connection.execute(sql.SQL("alter system set {} = {}").format(sql.Identifier(name), sql.Literal(wanted)))
            changed.append(name)
    if changed:
        connection.execute("select pg_reload_conf()")
    yield Found("quiet", True, {"changed": changed})


def widen(connection: psycopg.Connection[Any], desks: int) -> None:
    """``max_connections``, from the next start of the server on."""
    connection.execute(sql.SQL("alter system set max_connections = {}").format(sql.Literal(needed(desks))))


def has_owner(connection: psycopg.Connection[Any]) -> bool:
    """Whether the owner's login is there."""
    return connection.execute("select 1 from pg_roles where rolname = %s", (OWNER,)).fetchone() is not None


def make_owner(connection: psycopg.Connection[Any], password: str) -> None:
    """The owner's login; only the verifier of the password reaches the server."""
    secret = verifier(connection, OWNER, password)
    connection.execute(
        sql.SQL("create role {} login createrole password {}").format(sql.Identifier(OWNER), sql.Literal(secret))
    )


def let_owner_mark(connection: psycopg.Connection[Any]) -> None:
    """Who keeps something back is marked in all their rows, past the triggers of each (docs/decisions/kept-back.md)."""
    connection.execute(sql.SQL("grant set on parameter session_replication_role to {}").format(sql.Identifier(OWNER)))


def look_at_owner(connection: psycopg.Connection[Any]) -> Found:
    """It may make logins and pass over triggers, and is no superuser."""
    row = connection.execute(
        "select rolcanlogin and rolcreaterole and not rolsuper"
        " and has_parameter_privilege(oid, 'session_replication_role', 'set') from pg_roles where rolname = %s",
        (OWNER,),
    ).fetchone()
    if row is None:
        return Found("no_owner", good=False, facts={"owner": OWNER})
    return Found("owner", bool(row[0]), {"owner": OWNER})


def has_database(connection: psycopg.Connection[Any], name: str) -> bool:
    """Whether the database is there."""
    return connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone() is not None


def make_database(connection: psycopg.Connection[Any], name: str) -> None:
    """Empty, with the order of letters that no system library can change."""
    connection.execute(
        sql.SQL(
            "create database {} owner {} template template0 encoding 'UTF8' locale 'C' locale_provider builtin"
            " builtin_locale 'C.UTF-8'"
        ).format(sql.Identifier(name), sql.Identifier(OWNER))
    )
    connection.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(name)))


def look_at_database(connection: psycopg.Connection[Any], name: str) -> Found:
    """Whose it is, and how it is written."""
    row = connection.execute(
        "select pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datlocprovider::text, coalesce(datlocale, '')"
        " from pg_database where datname = %s",
        (name,),
    ).fetchone()
    good = row == (OWNER, "UTF8", "b", "C.UTF-8")
    return Found("database", good, {"name": name, "owner": OWNER, "found": " ".join(row or ())})


def administrators(where: Mapping[str, Any], password: str) -> int:
    """How many active ones there are. ``where``: the owner's words for the database."""
    with connect(where, password) as connection:
        row = connection.execute("select count(*) from user_account where role = 'administrator' and active").fetchone()
    return int(row[0]) if row else 0


def note_connections(inside: psycopg.Connection[Any]) -> Found:
    """Each sign-in is noted in the audit trail, which only a superuser can ask of a server (R4)."""
    row = inside.execute("select audit.watch_connections()").fetchone()
    return Found("connections_noted", bool(row and row[0]))
