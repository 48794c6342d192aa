"""``centre admin …``: what an administrator does now and then."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any

from coordination.governance.model import ROLES
from ui.cli import audit, backup, forms, guard, server
from ui.cli.opened import Opened, asked

_SUBCOMMANDS = "_admin_subcommands"


def add_parser(commands: Any) -> None:
    top = commands.add_parser("admin", help="users, schema, forms, reference data, how to connect")
    sub = top.add_subparsers(dest="admin_command", metavar="WHAT", required=True)
    commands.choices["admin"].set_defaults(**{_SUBCOMMANDS: None})
    commands._centre_admin = sub

    audit.add_parser(sub)
    backup.add_parser(sub)
    forms.add_parser(sub)
    guard.add_parser(sub)
    server.add_parser(sub)

    triage = sub.add_parser("check-triage", help="check the rules of triage; names line and rule of every fault")
    triage.add_argument("file", nargs="?", type=Path, metavar="FILE", help="default: the rules that are shipped")
    triage.set_defaults(run=check_triage)

    migrate = sub.add_parser("migrate", help="bring the database to this program's schema, as its owner")
    migrate.set_defaults(run=migrate_database)

    user = sub.add_parser("add-user", help="a new login; asks for the first password")
    user.add_argument("user_name")
    user.add_argument("display_name")
    user.add_argument("role", choices=ROLES)
    user.add_argument("--locality", choices=("north", "central", "south"))
    user.add_argument("--as-owner", action="store_true", help="as the database's owner: for the first administrator")
    user.set_defaults(run=add_user)

    password = sub.add_parser("password", help="change one's own password; asks for the present one")
    password.add_argument("user_name")
    password.add_argument("--as-owner", action="store_true", help="give somebody one, as the database's owner")
    password.set_defaults(run=change_password)

    connection = sub.add_parser("connection", help="how to reach the embedded database with psql while this runs")
    connection.set_defaults(run=show_connection)


def subcommands(commands: Any) -> Any:
    """Where another module adds a subcommand of ``admin``."""
    return commands._centre_admin


def check_triage(options: argparse.Namespace, _opened: Opened) -> int:
    """0 when the rules are sound."""
    from ui.intake.suggesting import checked_rules

    lines, sound = checked_rules(options.file)
    print("\n".join(lines))
    return 0 if sound else 1


def migrate_database(_options: argparse.Namespace, opened: Opened) -> int:
    """Prepare the schema; harmless when it is there already."""
    centre = opened.open(city=False)
    centre.migrate(opened.owner_password(), say=opened.say)
    print("The database is as this program expects.")
    return 0


def add_user(options: argparse.Namespace, opened: Opened) -> int:
    """Needs the rights of an administrator."""
    from ui import root

    centre = opened.open(city=False)
    session = None if options.as_owner else opened.sign_in("administrator")
    owner = opened.owner_password() if session is None else ""
    password = _new_password(options.user_name, f"First password of {options.user_name}: ", (options.display_name,))
    user = root.NewUser(options.user_name, options.display_name, options.role, options.locality, password)
    if session is None:
        root.add_user_as_owner(centre, owner, user)
    else:
        root.add_user(session, user)
    print(f"{options.user_name} may sign in as {options.role}.")
    if session is not None:
        print("When they first do, they choose a password of their own.")
    return 0


def change_password(options: argparse.Namespace, opened: Opened) -> int:
    """One's own, also one that must be changed; where there is a window, that asks for it."""
    centre = opened.open(city=False)
    if options.as_owner:
        from ui import root

        owner = opened.owner_password()
        given = _new_password(options.user_name, f"A password for {options.user_name}: ", ())
        root.give_password_as_owner(centre, owner, options.user_name, given)
        print(f"{options.user_name} may sign in with it, and chooses one of their own then.")
        return 0
    present = asked(f"Password of {options.user_name}: ")
    new = _new_password(options.user_name, "The new one: ", (), present)
    centre.choose_password(options.user_name, present, new)
    print("The password is changed. Windows that were open are signed out.")
    return 0


def _new_password(user: str, prompt: str, names: tuple[str, ...], present: str | None = None) -> str:
    """Typed twice, or one line of standard input. Raises BadValue where it may not be one."""
    from coordination.governance.passwords import check

    if sys.stdin.isatty():
        first = getpass.getpass(prompt)
        again = getpass.getpass("Again: ")
    else:
        first = again = sys.stdin.readline().rstrip("\r\n")
    return check(first, again, (user, *names), present)


def show_connection(_options: argparse.Namespace, opened: Opened) -> int:
    """Holds the embedded server until Enter, so that psql has something to connect to."""
    centre = opened.open()
    words = centre.where("USER")
    print(f'psql "host={words.get("host", "")} port={words.get("port", 5432)} dbname={words["dbname"]} user=USER"')
    if centre.embedded and sys.stdin.isatty():
        input("The server runs until you press Enter here, or longer while a desk is open. ")
    return 0
