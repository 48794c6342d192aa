"""Making a cluster, and speaking to one that is at rest."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from db.embedded.account import Account
from db.embedded.errors import FolderUnusable, ServerWontStart, TooNew, TooOld
from db.embedded.layout import Layout, settle
from db.embedded.programs import MAJOR, program
from db.embedded.scram import verifier
from db.embedded.settings import HBA, environment, quiet

OWNER = "centre_owner"
DATABASE = "centre"
_PATIENCE = 300.0


def exists(layout: Layout) -> bool:
    """True when there is a cluster that these programs can run. Raises TooOld, TooNew, FolderUnusable('damaged')."""
    cluster = layout.cluster
    if not cluster.is_dir():
        return False
    if not any(cluster.iterdir()):
        cluster.rmdir()
        return False
    try:
        major = int((cluster / "PG_VERSION").read_text("ascii").strip())
    except (FileNotFoundError, ValueError):
        raise FolderUnusable(layout.folder, "damaged") from None
    if major < MAJOR:
        raise TooOld(major, MAJOR)
    if major > MAJOR:
        raise TooNew(major, MAJOR)
    return True


def make(layout: Layout, account: Account, programs: Path, log: int, password: str) -> None:
    """Make the cluster with its database. It comes to its place whole or not at all. Raises ServerWontStart."""
    clear(layout)
    place = layout.unfinished
    data, secret = place / "data", place / "secret"
    try:
        for path in (place, data):
            path.mkdir(mode=0o700)
            account.own(path)
        _initialise(layout, data, secret, account, programs, log, password)
        (data / "pg_hba.conf").write_text(HBA, "ascii")
        answer = speak(
            layout,
            data,
            account,
            programs,
            log,
            f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
            "REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC",
            f"SELECT datname FROM pg_database WHERE datname = '{DATABASE}'",
        )
        if f'"{DATABASE}"' not in answer:
            raise ServerWontStart("make", 0, layout.log)
        data.rename(layout.cluster)
        settle(layout.folder)
    finally:
        clear(layout)


def clear(layout: Layout) -> None:
    """Take away what a client that died left of a cluster in the making."""
    if layout.unfinished.exists():
        shutil.rmtree(layout.unfinished)


def _initialise(
    layout: Layout, data: Path, secret: Path, account: Account, programs: Path, log: int, password: str
) -> None:
    argument = account.data_argument(data)
    try:
        # Even this private, short-lived file holds no password, only what the server checks one against.
        descriptor = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(verifier(password) + "\n")
        account.own(secret)
        done = subprocess.run(
            [
                program("initdb", programs),
                f"--pgdata={argument}",
                f"--pwfile={secret if argument == str(data) else argument + '/../' + secret.name}",
                f"--username={OWNER}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--text-search-config=simple",
                "--no-instructions",
            ],
            cwd=data,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            timeout=_PATIENCE,
            check=False,
            **account.popen(),
            **apart(),
        )
    finally:
        secret.unlink(missing_ok=True)
    if done.returncode:
        raise ServerWontStart("make", done.returncode, layout.log)


def set_owner_password(layout: Layout, account: Account, programs: Path, log: int, password: str) -> None:
    """Give the owner of a cluster at rest a new password. Raises ServerWontStart."""
    kept = verifier(password)
    answer = speak(
        layout,
        layout.cluster,
        account,
        programs,
        log,
        f"ALTER ROLE {OWNER} PASSWORD '{kept}'",
        f"SELECT rolname FROM pg_authid WHERE rolname = '{OWNER}' AND rolpassword = '{kept}'",
    )
    if f'"{OWNER}"' not in answer:
        raise ServerWontStart("owner", 0, layout.log)


def speak(layout: Layout, data: Path, account: Account, programs: Path, log: int, *statements: str) -> str:
    """Run one-line statements on a cluster at rest, as superuser, and return what it printed. A statement that fails
    is not told from one that succeeds: let the last one show it."""
    done = subprocess.run(
        [program("postgres", programs), "--single", "-D", account.data_argument(data), *quiet(), "postgres"],
        cwd=data,
        env=environment(),
        input="".join(f"{line}\n" for line in statements).encode("ascii"),
        stdout=subprocess.PIPE,
        stderr=log,
        timeout=_PATIENCE,
        check=False,
        **account.popen(),
        **apart(),
    )
    if done.returncode:
        raise ServerWontStart("owner", done.returncode, layout.log)
    return done.stdout.decode("utf-8", "replace")


if sys.platform == "win32":

    def apart() -> dict[str, int]:
        """Popen arguments for a process that a Ctrl+C in our terminal does not reach."""
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}

else:

    def apart() -> dict[str, bool]:
        """Popen arguments for a process that a Ctrl+C in our terminal does not reach."""
        return {"start_new_session": True}
