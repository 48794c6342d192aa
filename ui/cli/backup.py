"""``centre admin …`` for backups: take one, prove one, put one back."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from coordination.errors import BackupDamaged, BackupFailed, Refused
from ui.cli.opened import Opened, asked
from ui.sentences import sentence

_SHORTEST = 12


def add_parser(admin: Any) -> None:
    take = admin.add_parser("backup", help="everything into one encrypted file, while desks work, and prove it")
    take.add_argument("file", type=Path, metavar="FILE")
    take.add_argument("--no-proof", action="store_true", help="do not restore it into a scratch server to compare")
    take.set_defaults(run=take_backup)

    check = admin.add_parser("check-backup", help="restore a backup into a scratch server and compare every table")
    check.add_argument("file", type=Path, metavar="FILE")
    check.set_defaults(run=check_backup)

    restore = admin.add_parser("restore", help="put a backup into a new data folder, or an empty shared database")
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.set_defaults(run=restore_backup)


def take_backup(options: argparse.Namespace, opened: Opened) -> int:
    """0 when the file is whole and, unless that was not wanted, proved."""
    from ui import root

    passphrase = _new_passphrase()
    if passphrase is None:
        return 1
    centre = opened.open(city=False)
    try:
        taken = root.take_backup(centre, opened.owner_password(), options.file, passphrase)
    except OSError as error:
        print(f"{options.file} could not be written: {error.strerror}.", file=sys.stderr)
        return 1
    rows = sum(figures.rows for figures in taken.tables.values())
    print(f"{options.file}: {rows:,} rows of {len(taken.tables)} tables, {len(taken.logins)} logins.")
    if options.no_proof:
        print("It was not proved. Do that with: centre admin check-backup FILE")
        return 0
    return _proved(options.file, passphrase)


def check_backup(options: argparse.Namespace, _opened: Opened) -> int:
    """0 when what was restored is what was taken."""
    return _proved(options.file, asked("Passphrase of the backup: "))


def restore_backup(options: argparse.Namespace, opened: Opened) -> int:
    """0 when everything is back."""
    from ui import root

    passphrase = asked("Passphrase of the backup: ")

    def restored() -> Any:
        if opened.database is None:
            return root.restore_backup(options.file, passphrase, opened.folder)
        return root.restore_shared(options.file, passphrase, opened.open(city=False), opened.owner_password())

    return _told(options.file, restored, "is restored")


def _proved(file: Path, passphrase: str) -> int:
    from ui import root

    return _told(file, lambda: root.prove_backup(file, passphrase), "was restored into a scratch server")


def _told(file: Path, restored: Callable[[], Any], done: str) -> int:
    try:
        manifest, differences = restored()
    except OSError as error:
        print(f"{file} could not be read: {error.strerror}.", file=sys.stderr)
        return 1
    except (BackupDamaged, BackupFailed, Refused) as error:
        print(sentence(error), file=sys.stderr)
        return 1
    for difference in differences:
        found = "is not there" if difference.found is None else f"has {difference.found:,} rows"
        print(f"{difference.table} {found}; the backup has {difference.expected:,}, or others.", file=sys.stderr)
    if differences:
        return 1
    print(f"The backup of {manifest.taken_at:%d-%b-%Y %H:%M} UTC {done}; all {len(manifest.tables)} tables are alike.")
    without = sum(not login.verifier for login in manifest.logins)
    if without:
        print(f"{without} logins have no password in it: give them one before they sign in.")
        print("As the database's owner: centre admin password NAME --as-owner")
    return 0


def _new_passphrase() -> str | None:
    """Asked for twice in a terminal; a line of standard input else. None, and said why, where it will not do."""
    first = asked("Passphrase of the backup: ")
    if len(first) < _SHORTEST:
        print(f"A passphrase has at least {_SHORTEST} characters. Nothing was done.", file=sys.stderr)
        return None
    if sys.stdin.isatty() and getpass.getpass("Again: ") != first:
        print("The two passphrases differ. Nothing was done.", file=sys.stderr)
        return None
    return first
