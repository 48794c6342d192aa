"""Making a cluster, and speaking to one that is at rest."""

from __future__ import annotations

import os
from pathlib import Path

from db.embedded.errors import FolderUnusable, ServerWontStart, TooNew, TooOld
from db.embedded.layout import Layout, settle
from db.embedded.programs import MAJOR
from db.embedded.runner import Runner
from db.embedded.scram import verifier
from db.embedded.settings import HBA, quiet

OWNER = "centre_owner"
DATABASE = "centre"


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


def make(layout: Layout, runner: Runner, log: int, password: str) -> None:
    """Make the cluster with its database. It comes to its place whole or not at all. Raises ServerWontStart('make')."""
    with layout.workshop(runner.account) as place:
        data = place / "data"
        data.mkdir(mode=0o700)
        runner.account.own(data)
        _initialise(layout, runner, data, log, password)
        (data / "pg_hba.conf").write_text(HBA, "ascii")
        answer = _speak(
            runner,
            data,
            log,
            f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
            "REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC",
            "SELECT datname FROM pg_database",
        )
        if f'"{DATABASE}"' not in answer:
            raise ServerWontStart("make", None, layout.log)
        data.rename(layout.cluster)
        settle(layout.folder)


def set_owner_password(layout: Layout, runner: Runner, log: int, password: str) -> None:
    """Give the owner of a cluster at rest a new password. Raises ServerWontStart('owner')."""
    kept = verifier(password)
    answer = _speak(
        runner,
        layout.cluster,
        log,
        f"ALTER ROLE {OWNER} PASSWORD '{kept}'",
        f"SELECT rolpassword FROM pg_authid WHERE rolname = '{OWNER}'",  # noqa: S608  our own constant
    )
    if f'"{kept}"' not in answer:
        raise ServerWontStart("owner", None, layout.log)


def _initialise(layout: Layout, runner: Runner, data: Path, log: int, password: str) -> None:
    secret = data.parent / "secret"
    argument = runner.data_argument(data)
    beside = argument == str(data)
    try:
        # Even this private, short-lived file holds no password, only what the server checks one against.
        with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(verifier(password) + "\n")
        runner.account.own(secret)
        code, _ = runner.run(
            "initdb",
            f"--pgdata={argument}",
            f"--pwfile={secret if beside else f'{argument}/../{secret.name}'}",
            f"--username={OWNER}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--text-search-config=simple",
            "--no-instructions",
            data=data,
            log=log,
        )
    finally:
        secret.unlink(missing_ok=True)
    if code != 0:
        raise ServerWontStart("make", code, layout.log)


def _speak(runner: Runner, data: Path, log: int, *statements: str) -> str:
    """Run one-line statements on a cluster at rest, as superuser, and return what was printed. One that fails is not
    told from one that succeeds: let the last one show it."""
    lines = "".join(f"{statement}\n" for statement in statements)
    _, answer = runner.run(
        "postgres", "--single", "-D", runner.data_argument(data), *quiet(), "postgres", data=data, log=log, feed=lines
    )
    return answer
