"""``centre admin prepare-server``: a shared server made ready by one command; line by line what is wrong with it."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Any

from coordination.errors import BadValue
from ui.cli.opened import Opened, asked

_GOOD = {
    "version": "PostgreSQL {found}.",
    "encrypted": "This connection is encrypted ({how}), and the server has proved its name.",
    "plain_refused": "A connection without encryption is refused.",
    "methods": "Every line of pg_hba.conf asks for SCRAM.",
    "only_hostssl": "No line of pg_hba.conf lets anybody in from outside without encryption.",
    "hba_is_read": "pg_hba.conf is read without an error.",
    "safe_setting": "{name} is {found}.",
    "connections": "max_connections is {found}; {desks} desks need {needed}.",
    "lock_out": "Whoever tries too many passwords is locked out for a while.",
    "quiet": "No personal data reaches the server's log.",
    "owner": "The owner {owner} is there, and no superuser.",
    "owner_made": "The owner {owner} was made.",
    "too_few": "max_connections is {found}; {desks} desks need {needed}.",
    "no_owner": "There is no owner {owner}.",
    "database": "The database {name} is there and belongs to {owner}.",
    "database_made": "The database {name} was made.",
    "schema": "Schema, reference data and forms are as this program expects ({revision}).",
    "connections_noted": "Each connection is noted in the audit trail.",
    "administrator": "There are {count} who administer users.",
    "administrator_made": "{user} may sign in as administrator.",
}
_TO_MEND = {
    "version": "This is PostgreSQL {found}. Install {needed} or later.",
    "encrypted": "This connection is not encrypted. Give the server a certificate for its name (ssl_cert_file, "
    "ssl_key_file), set ssl = on, and use an address with sslmode=verify-full.",
    "plain_refused": "The server speaks without encryption, so passwords and records could be read on the way. In "
    "pg_hba.conf, write hostssl in place of host, and take out every hostnossl; then: select pg_reload_conf();",
    "methods": "pg_hba.conf lets somebody in with trust, password or md5, in line {lines}. Write scram-sha-256 there.",
    "only_hostssl": "pg_hba.conf lets somebody in without encryption, in line {lines}. Write hostssl there.",
    "hba_is_read": "pg_hba.conf has a mistake in line {lines}; that line does not count.",
    "safe_setting": "{name} is {found}. Set it to {wanted}, or what was saved can be gone after a power cut.",
    "connections": "max_connections is {found}, and {desks} desks need {needed}. It is set for the next start: restart "
    "the server when nobody works.",
    "lock_out": "Nobody is locked out for trying passwords, or not for sure. What it takes (docs/shared-server.md, "
    "Signing in): {steps}.",
    "too_few": "max_connections is {found}, and {desks} desks need {needed}. Without --look-only it is "
    "set for the next start.",
    "no_owner": "There is no owner {owner} yet: without --look-only it is made.",
    "owner": "The login {owner} must have login and createrole, be no superuser, and may pass over triggers: "
    "alter role {owner} login createrole nosuperuser; grant set on parameter session_replication_role to {owner};",
    "database": "The database {name} is not as it must be ({found}). It needs owner {owner}, encoding UTF8 and the "
    "builtin locale C.UTF-8: dump it, and restore it into one that this command makes.",
    "connections_noted": "Connections are not noted in the audit trail: the event trigger connections_are_noted is "
    "off. As superuser, in the database: alter event trigger connections_are_noted enable;",
    "administrator": "Nobody can administer users yet. Run this again with --administrator USER NAME.",
}
_STEPS = {
    "log_destination": "alter system set log_destination = 'stderr,jsonlog'",
    "logging_collector": "alter system set logging_collector = on, and start the server anew",
    "log_connections": "alter system set log_connections = 'authentication'",
    "log_hostname": "alter system set log_hostname = off",
    "log_timezone": "alter system set log_timezone = 'UTC'",
    "included": "as the first rule of pg_hba.conf, include_if_exists {file}",
    "guard": "on the server's machine, keep centre admin guard-sign-ins --server-data {data} running",
}


def add_parser(admin: Any) -> None:
    make = admin.add_parser("prepare-server", help="make a shared server ready, and say what is wrong with it")
    make.add_argument("--superuser", default="postgres", metavar="NAME", help="of the server (default: postgres)")
    make.add_argument("--desks", type=int, default=120, metavar="N", help="open at once (default: 120)")
    make.add_argument("--administrator", nargs=2, metavar=("USER", "NAME"), help="the first one, where there is none")
    make.add_argument("--look-only", action="store_true", help="make and change nothing")
    make.set_defaults(run=prepare_server)


def prepare_server(options: argparse.Namespace, opened: Opened) -> int:
    """0 when everything is as it must be, 1 when something is to be mended: each in a line."""
    from ui import root

    if opened.database is None:
        raise BadValue("database", "shared_address_needed")
    ask = Passwords()
    first = tuple(options.administrator) if options.administrator else None
    found_so_far = root.prepare_server(
        opened.open(city=False), options.superuser, options.desks, first, ask, opened.say, look_only=options.look_only
    )
    wrong = 0
    for found in found_so_far:
        words = (_GOOD if found.good else _TO_MEND)[found.code]
        facts = {**found.facts, "lines": ", ".join(map(str, found.facts.get("lines", ())))}
        facts["steps"] = "; ".join(_STEPS[step].format(**found.facts) for step in found.facts.get("steps", ()))
        mark = "   ok  " if found.good else " NOTE  " if found.advice else " MEND  "
        print(mark + words.format(**facts), flush=True)
        wrong += not found.ready
    print("The server is ready." if not wrong else f"{wrong} to mend; then run this again: it does no harm.")
    return 1 if wrong else 0


class Passwords:
    """Asked for when they are first needed: a new one twice in a terminal, one line of standard input else."""

    def superuser(self, name: str) -> str:
        return asked(f"Password of the server's superuser {name}: ")

    def owner(self, *, new: bool) -> str:
        if not new:
            return asked("Password of the database's owner: ")
        return self._twice("New password of the database's owner")

    def administrator(self, user: str) -> str:
        return self._twice(f"First password of {user}")

    def _twice(self, words: str) -> str:
        while True:
            first = asked(f"{words}: ")
            if not sys.stdin.isatty() or getpass.getpass("Again: ") == first:
                return first
            print("The two differ.", file=sys.stderr)
