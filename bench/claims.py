"""How soon a claim shows on another desktop while many are connected.

One real desktop with the queue open; the others listen and read the changed row as a desktop does, each over its own
login and connections. The claims are made over one more login.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

import psycopg

from bench.city import desk_users
from bench.table import said
from coordination.intake.queue import QueueFilter
from ui.root import Centre, open_embedded

CLAIMS = 80
EVERY = 0.4  # seconds between claims: many more than a city makes
WARM = 12
GATHER = 0.03  # a desktop waits as long before it reads what changed


def measure(data: Path, centre: Centre, desks: int) -> list[float]:
    """Seconds from the call that claims to the row painted on the other desktop."""
    users = desk_users(centre, desks + 1)
    claimer, others = users[0], users[1:]
    session = centre.sign_in(*claimer)
    intake = session.services.intake
    waiting = intake.queue(QueueFilter(states=frozenset({"waiting"}), holder="nobody", limit=CLAIMS + 1)).rows
    begun: dict[str, float] = {}
    try:
        with _process("--watch", data) as watcher:
            _line(watcher)
            first = waiting[0]
            intake.claim(first.id, first.revision)  # the watcher tells by it what a desktop reads
            read = json.loads(_line(watcher))
            with _process("--listen", data) as listeners:
                assert listeners.stdin is not None
                listeners.stdin.write(json.dumps({"users": others, "read": read}) + "\n")
                listeners.stdin.flush()
                _line(listeners)
                said(f"{len(others)} desks listen; {len(waiting) - 1} claims")
                pause = threading.Event()
                for row in waiting[1:]:
                    begun[str(row.id)] = time.time()
                    intake.claim(row.id, row.revision)
                    pause.wait(EVERY)
                pause.wait(1.0)
            assert watcher.stdin is not None
            watcher.stdin.write("enough\n")
            watcher.stdin.flush()
            seen = dict(json.loads(_line(watcher)))
    finally:
        session.close()
    missed = begun.keys() - seen.keys()
    if missed:
        raise SystemExit(f"{len(missed)} of {len(begun)} claims never showed on the other desktop.")
    return [seen[key] - began for key, began in begun.items()]


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise SystemExit("A desk of the benchmark ended early.")
    return line


@contextmanager
def _process(what: str, data: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "bench.claims", what, str(data)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


# ---------------------------------------------------------------- the real desktop


def watch(data: Path) -> int:
    """A desktop with the queue open: says what it reads after a change, then when each claim was painted."""
    from bench.screens import Screens

    screens = Screens(data)
    screens.window.desk.locality.set("")  # the whole city
    screens.window.to("queue", None)
    screens.until(lambda: screens.window.page is not None and screens.window.page.id == "queue")
    screens.idle()
    page = screens.window.page
    page.filters.show_view("unclaimed")
    screens.idle()
    before = {row.id for row in page.model.all_rows if row.state == "claimed"}
    seen: dict[str, float] = {}

    def look(*_: object) -> None:
        claimed = [row.id for row in page.model.all_rows if row.state == "claimed" and row.id not in before]
        fresh = [key for key in claimed if str(key) not in seen]
        if fresh:
            page.table.viewport().repaint()
            at = time.time()
            seen.update({str(key): at for key in fresh})

    page.model.dataChanged.connect(look)
    page.model.layoutChanged.connect(look)
    page.model.modelReset.connect(look)
    _tell({"ready": True})
    with screens.recording() as statements:
        screens.until(lambda: bool(seen))
    _tell({"id": next(iter(seen)), "statements": [[s, _plain(p)] for s, p in statements]})
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), over.set()), daemon=True).start()
    while not over.is_set():
        screens.app.processEvents()
        screens.app.thread().msleep(1)
    _tell(list(seen.items()))
    screens.close()
    return 0


def _plain(parameters: Any) -> dict[str, Any]:
    """Parameters of a statement as JSON knows them; ids are marked."""
    return {name: _marked(value) for name, value in dict(parameters or {}).items()}


def _marked(value: Any) -> Any:
    if isinstance(value, list | tuple | set | frozenset):
        return [_marked(each) for each in value]
    return {"id": str(value)} if isinstance(value, UUID) else value


def _tell(what: Any, out: TextIO = sys.stdout) -> None:
    print(json.dumps(what, default=str), file=out, flush=True)


# ---------------------------------------------------------------- the others


def listen(data: Path) -> int:
    """Many desks in one process: each listens, and reads each changed row over its own connection."""
    told = json.loads(sys.stdin.readline())
    centre = open_embedded(data)
    asyncio.run(_listen(centre, told["users"], told["read"]))
    return 0


async def _listen(centre: Centre, users: list[list[str]], read: dict[str, Any]) -> None:
    ready: asyncio.Queue[None] = asyncio.Queue()
    desks = [asyncio.create_task(_desk(centre, user, password, read, ready)) for user, password in users]
    for _ in desks:
        await ready.get()
    _tell({"listening": len(desks)})
    await asyncio.gather(*desks)


async def _desk(centre: Centre, user: str, password: str, read: dict[str, Any], ready: asyncio.Queue[None]) -> None:
    where = {**centre.where(user), "password": password}
    questions = read["statements"]
    ear = await psycopg.AsyncConnection.connect(**where, autocommit=True)
    hand = await psycopg.AsyncConnection.connect(**where, autocommit=True)
    await ear.execute("listen centre")
    for _ in range(WARM):  # as in the first minutes of a shift: after these the server keeps its plans
        await _read(hand, questions, read["id"], read["id"])
    ready.put_nowait(None)
    async for notice in ear.notifies():
        area, _, key = notice.payload.partition(":")
        if area == "intake":
            await asyncio.sleep(GATHER)
            await _read(hand, questions, read["id"], key)


async def _read(hand: psycopg.AsyncConnection[Any], questions: list[Any], was: str, now: str) -> None:
    async with hand.transaction(), hand.cursor() as cursor:
        for statement, parameters in questions:
            await cursor.execute(statement, _about(parameters, was, now))
            if cursor.description:
                await cursor.fetchall()


def _about(parameters: dict[str, Any], was: str, now: str) -> dict[str, Any]:
    """The same question about another referral."""

    def put(value: Any) -> Any:
        if isinstance(value, list):
            return [put(each) for each in value]
        if isinstance(value, dict) and "id" in value:
            return UUID(now if value["id"] == was else value["id"])
        return value

    return {name: put(value) for name, value in parameters.items()}


if __name__ == "__main__":
    sys.exit({"--watch": watch, "--listen": listen}[sys.argv[1]](Path(sys.argv[2])))
