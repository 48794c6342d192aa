"""A line to a server that is cut: after so many bytes, before a commit has gone, or after it and before the answer."""

from __future__ import annotations

import random
import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass

COMMIT = b"COMMIT"
HOWS = ("whole", "up", "down", "commit unsent", "answer lost")
_ONE_PIECE = 65_536


@dataclass
class Plan:
    """What becomes of one connection. ``left``: bytes, or commits, that still pass."""

    how: str
    left: int
    hard: bool
    """by a reset, as when a router forgets the connection; else by an end"""


class CutLine:
    """Listens on ``port`` of this machine; every connection goes on to ``to`` and comes to its planned end."""

    def __init__(self, to: int, chance: random.Random) -> None:
        self._to, self._chance = to, chance
        self.cuts: dict[str, int] = dict.fromkeys(HOWS[1:], 0)
        self.whole = False
        """from now on nothing is cut"""
        self._guard = threading.Lock()
        self._ends: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()
        with self._guard:
            for end in self._ends:
                end.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _from = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._to))
                for end in (client, server):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with self._guard:
                    self._ends += [client, server]
                    plan = self._plan()
                for call in (self._up, self._down):
                    threading.Thread(target=call, args=(client, server, plan), daemon=True).start()

    def _plan(self) -> Plan:
        how = self._chance.choices(HOWS, (1, 3, 3, 3, 5))[0]
        left = int(10 ** self._chance.uniform(0, 5.3)) if how in ("up", "down") else self._chance.randrange(8)
        return Plan(how, left, self._chance.random() < 0.5)

    def _up(self, client: socket.socket, server: socket.socket, plan: Plan) -> None:
        """What the desk says."""
        with suppress(OSError):
            while piece := client.recv(_ONE_PIECE):
                if self.whole or plan.how in ("whole", "down"):
                    server.sendall(piece)
                elif plan.how == "up":
                    server.sendall(piece[: plan.left])
                    plan.left -= len(piece)
                    if plan.left <= 0:
                        self._cut(client, server, plan)
                        return
                elif COMMIT not in piece or plan.left != 0:
                    plan.left -= COMMIT in piece
                    server.sendall(piece)
                else:
                    if plan.how == "commit unsent":
                        self._cut(client, server, plan)
                        return
                    plan.left = -1  # it is carried out, and the next answer passes no more
                    server.sendall(piece)
        _end(client, server)

    def _down(self, client: socket.socket, server: socket.socket, plan: Plan) -> None:
        """What the server answers."""
        with suppress(OSError):
            while piece := server.recv(_ONE_PIECE):
                if plan.how == "answer lost" and plan.left < 0:
                    self._cut(client, server, plan)
                    return
                if plan.how == "down" and not self.whole:
                    client.sendall(piece[: plan.left])
                    plan.left -= len(piece)
                    if plan.left <= 0:
                        self._cut(client, server, plan)
                        return
                else:
                    client.sendall(piece)
        _end(client, server)

    def _cut(self, client: socket.socket, server: socket.socket, plan: Plan) -> None:
        with self._guard:
            if plan.how in self.cuts and plan.left != -2:
                self.cuts[plan.how] += 1
                plan.left = -2
        if plan.hard:
            for end in (client, server):
                with suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        _end(client, server)


def _end(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
