"""A real IMAP server (pymap, in memory) in a process of its own, a cord to cut between it and its client, and a
certificate authority of the test's own.

Run as a program it is the server: ``python -m tests.imap_server PORT USER PASSWORD [CERT KEY]``.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
import sys
import threading
from argparse import ArgumentParser
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from imapclient import IMAPClient

from coordination.messages.inbox import SourceDraft
from coordination.values import new_id

USER, PASSWORD = "referrals@example.org", "letters & spaces “é”"


async def _serve(port: str, user: str, password: str, *tls: str) -> None:
    from pymap.backend.dict import DictBackend
    from pymap.imap import IMAPService
    from pysasl.hashing import BuiltinHash

    parser = ArgumentParser()
    DictBackend.add_subparser("dict", parser.add_subparsers())
    IMAPService.add_arguments(parser)
    secured = ["--cert", tls[0], "--key", tls[1]] if tls else ["--no-tls"]
    given = ["--host", "127.0.0.1", "--port", port, *secured, "dict", "--demo-user", user, "--demo-password", password]
    options = parser.parse_args(given)
    options.debug, options.skip_services, options.passlib_cfg = False, [], None
    backend, config = await DictBackend.init(options, hash_context=BuiltinHash(rounds=1))  # quick
    config.apply_context()
    async with AsyncExitStack() as stack:
        await backend.start(stack)
        await IMAPService(backend, config).start(stack)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)  # until whoever started it has gone


@dataclass
class ImapServer:
    """The server, and a client of its own that puts mails there and reads back what became of them."""

    port: int
    process: subprocess.Popen[bytes]
    folder: str = "INBOX"
    source_id: UUID = field(default_factory=new_id)

    def client(self) -> IMAPClient:
        made = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=30)
        made.plain_login(USER, PASSWORD)
        return made

    def put(self, *mails: bytes, folder: str | None = None) -> None:
        with self.client() as client:
            for mail in mails:
                client.append(folder or self.folder, mail)

    def flags(self, folder: str | None = None) -> dict[int, set[bytes]]:
        """By number, without \\Recent, which says that no client has heard of it yet."""
        with self.client() as client:
            client.select_folder(folder or self.folder, readonly=True)
            uids = client.search()
            return {uid: set(flags) - {b"\\Recent"} for uid, flags in client.get_flags(uids).items()} if uids else {}

    def delete(self, *uids: int) -> None:
        with self.client() as client:
            client.select_folder(self.folder)
            client.delete_messages(list(uids))
            client.expunge()

    def draft(self, **changes: Any) -> SourceDraft:
        fields: dict[str, Any] = {
            "kind": "imap", "name": "Referrals", "folder": self.folder, "host": "127.0.0.1", "port": self.port,
            "user_name": USER, "security": "plain", "since": date(2000, 1, 1),
        }  # fmt: skip
        return SourceDraft(**{**fields, **changes})

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_imap(tls: tuple[Path, Path] | None = None) -> ImapServer:
    port = free_port()
    command = [sys.executable, "-m", "tests.imap_server", str(port), USER, PASSWORD, *map(str, tls or ())]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == b"ready"
    return ImapServer(port, process)


class Cord:
    """Between a client and a server; cut after so many bytes of answers, wrapped in TLS, or silent (``flowing``)."""

    def __init__(self, port: int, cut_after: int | None = None, tls: ssl.SSLContext | None = None) -> None:
        self._to, self.cut_after, self._tls = port, cut_after, tls
        self.passed = 0
        self.connections = 0
        self.flowing = threading.Event()
        self.flowing.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._threads: list[threading.Thread] = []
        self._ends: list[socket.socket] = []
        self._begin(self._accept)

    def _begin(self, call: Any, *given: Any) -> threading.Thread:
        thread = threading.Thread(target=call, args=given, daemon=True)
        self._threads.append(thread)
        thread.start()
        return thread

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                self.connections += 1
                self._begin(self._join, client)

    def _join(self, client: socket.socket) -> None:
        try:
            if self._tls is not None:
                client = self._tls.wrap_socket(client, server_side=True)
            server = socket.create_connection(("127.0.0.1", self._to))
        except OSError:
            client.close()
            return
        self._ends += [client, server]
        asking = self._begin(self._pump, client, server, False)
        self._pump(server, client, True)
        asking.join()
        client.close()
        server.close()

    def _pump(self, source: socket.socket, target: socket.socket, answers: bool) -> None:
        with suppress(OSError):
            while data := source.recv(4096):
                if answers and self.cut_after is not None and self.passed + len(data) > self.cut_after:
                    break
                self.passed += len(data) if answers else 0
                self.flowing.wait(60)
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)


if __name__ == "__main__":
    asyncio.run(_serve(*sys.argv[1:]))
