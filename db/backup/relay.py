"""PostgreSQL's own programs, as they are brought along, know no TLS: a relay on this computer speaks it for them.

It takes connections on the loopback address only and hands them on encrypted, to a server that has proved its name as
the address asks. Signing in stays between program and server (SCRAM): the relay learns no password.
"""

from __future__ import annotations

import asyncio
import ssl
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

_SSL_REQUEST = struct.pack(">ii", 8, 80877103)
_SASL = (10).to_bytes(4, "big")
_PIECE = 65_536
_PATIENCE = 15.0
_TLS_WORDS = (
    "sslrootcert", "sslcert", "sslkey", "sslnegotiation", "channel_binding", "ssl_min_protocol_version", "gssencmode",
    "target_session_attrs",
)  # fmt: skip
HERE = "127.0.0.1"


@contextmanager
def without_tls(where: Mapping[str, Any], host: str, port: int) -> Iterator[dict[str, Any]]:
    """Words for a program without TLS, good while this lasts. ``host`` and ``port``: the server that was chosen of
    those in the address. Where the address asks for no TLS, they are the same words."""
    mode = where.get("sslmode", "prefer")
    if mode in ("disable", "allow", "prefer"):
        yield dict(where)
        return
    relay = _Relay(host, port, _context(where, mode))
    try:
        plain = {name: value for name, value in where.items() if name not in _TLS_WORDS}
        yield {**plain, "host": HERE, "hostaddr": HERE, "port": relay.port, "sslmode": "disable"}
    finally:
        relay.close()


def _context(where: Mapping[str, Any], mode: str) -> ssl.SSLContext:
    authority = where.get("sslrootcert", "system")
    made = ssl.create_default_context(cafile=None if authority == "system" else str(authority))
    made.check_hostname = mode == "verify-full"
    if mode == "require" and "sslrootcert" not in where:
        made.verify_mode = ssl.CERT_NONE
    if "sslcert" in where:
        made.load_cert_chain(str(where["sslcert"]), str(where["sslkey"]) if "sslkey" in where else None)
    return made


class _Relay:
    """A connection that the server does not take, or whose other end goes, ends for the program too."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext) -> None:
        self._host, self._to, self._context = host, port, context
        self.port = 0
        self._joined: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="tls-relay", daemon=True)
        self._thread.start()
        self._ready.wait()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._begin, HERE, 0)
        self.port = int(server.sockets[0].getsockname()[1])
        self._ready.set()
        await self._over.wait()
        server.close()
        while self._joined:
            for back in self._joined.values():
                back.transport.abort()
            await asyncio.wait(self._joined)

    def _begin(self, program: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        task = self._loop.create_task(self._join(program, back))
        self._joined[task] = back
        task.add_done_callback(self._joined.pop)

    async def _join(self, program: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        try:
            server, out = await asyncio.wait_for(self._reach(), _PATIENCE)
        except (OSError, TimeoutError):  # ssl.SSLError is one: a server that has not proved itself gets nothing
            back.transport.abort()
            return
        await asyncio.gather(_pump(program, out), _answer(server, back))

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        server, out = await asyncio.open_connection(self._host, self._to)
        out.write(_SSL_REQUEST)
        if await server.read(1) != b"S":
            out.close()
            raise ConnectionRefusedError
        await out.start_tls(self._context, server_hostname=self._host)
        return server, out


async def _answer(server: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
    """The first message without the one way of signing in that only a program with TLS can go; then everything."""
    with suppress(OSError, asyncio.IncompleteReadError):
        head = await server.readexactly(5)
        body = await server.readexactly(int.from_bytes(head[1:], "big") - 4)
        if head[:1] == b"R" and body[:4] == _SASL:
            body = body.replace(b"SCRAM-SHA-256-PLUS\0", b"")
        back.write(head[:1] + (len(body) + 4).to_bytes(4, "big") + body)
    await _pump(server, back)


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await source.read(_PIECE):
            target.write(piece)
            await target.drain()
    target.close()
