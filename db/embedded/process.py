"""The running server: is it there, start it, stop it. All of it under the folder's lock."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil

from db.embedded import probe, settings
from db.embedded.account import Account
from db.embedded.errors import ServerWontStart
from db.embedded.layout import Layout
from db.embedded.probe import Answer
from db.embedded.programs import tree
from db.embedded.runner import Runner

_PAUSE = 0.003
_PATIENCE = 180.0
"""Seconds for a start: recovery after a crash in the middle of a load takes its time."""
_ANSWER_PATIENCE = 30.0
"""Seconds for an answer from a server that calls itself ready."""
_NEAR = 5.0
_PORTS_TRIED = 10
_STILL_IN_USE = " F0001 "  # lock_file_exists, in the log's prefix

_children: list[subprocess.Popen[bytes]] = []
"""Servers that this process started. Kept, because one that we leave to other clients is still ours to reap."""


@dataclass(frozen=True)
class PidFile:
    """What ``postmaster.pid`` says. ``key`` is that of the shared memory, None where there is none."""

    pid: int
    started: float
    port: int
    key: int | None
    status: str

    @classmethod
    def read(cls, cluster: Path) -> PidFile | None:
        """None when there is none, or it is only half written."""
        try:
            lines = (cluster / "postmaster.pid").read_text("utf-8", "replace").splitlines()
            key = int(lines[6].split()[0]) if len(lines) > 6 and lines[6].strip() else None
            status = lines[7].strip() if len(lines) > 7 else ""
            # A program that works on the cluster alone (postgres --single) writes its number with a minus.
            return cls(abs(int(lines[0])), float(lines[2]), int(lines[3]), key, status)
        except (FileNotFoundError, IndexError, ValueError):
            return None

    def fits(self, cluster: Path, began: float) -> bool:
        """Whether a process that began then is likely the one that wrote this here, and not a copy of it: PostgreSQL
        counts the key up from the number of the cluster's inode."""
        inode = cluster.stat().st_ino
        near = self.key is None or (self.key - inode) % 2**32 < 64
        return near and abs(began - self.started) < _NEAR


def living(cluster: Path) -> tuple[PidFile, psutil.Process] | None:
    """The cluster's server, when the process named in ``postmaster.pid`` lives and is it, and not another that got the
    same number."""
    file = PidFile.read(cluster)
    if file is None:
        return None
    try:
        process = psutil.Process(file.pid)
        if not _runs(process) or not process.name().startswith("postgres"):
            return None
        try:
            same = Path(process.cwd()).samefile(cluster)
        except psutil.AccessDenied:
            same = file.fits(cluster, process.create_time())
    except (psutil.NoSuchProcess, FileNotFoundError):
        return None
    return (file, process) if same else None


def find(layout: Layout) -> int | None:
    """The port of the cluster's server if one runs and answers; None if none runs. Waits for one that is starting or
    stopping. Raises ServerWontStart('join') for one that runs and does not answer."""
    if living(layout.cluster) is None:
        return None
    nonce = probe.nonce_of(layout.cluster)
    begin = time.monotonic()
    while found := living(layout.cluster):
        file, process = found
        ready = file.status == "ready"
        if nonce and ready and probe.knock(file.port, nonce) in (Answer.THIS, Answer.FULL):
            return file.port
        if nonce is None or time.monotonic() - begin > (_ANSWER_PATIENCE if ready else _PATIENCE):
            raise ServerWontStart("join", None, layout.log)
        _wait_until(partial(_gone, process), 0.02)
    return None


def start(layout: Layout, runner: Runner, owner: Account, wanted: int = 0) -> int:
    """Start the server on a free port, ``wanted`` if that is one, and return the port when it answers. Call it when
    :func:`find` found none. Raises ServerWontStart('start')."""
    _forget_the_dead(layout)
    deadline = time.monotonic() + _PATIENCE
    for _ in range(_PORTS_TRIED):
        port = wanted if wanted and _is_free(wanted) else _free_port()
        code, said = _attempt(layout, runner, owner, port, deadline)
        while code is not None and _STILL_IN_USE in said and time.monotonic() < deadline:
            time.sleep(0.05)  # children of a server that was killed have not all noticed yet
            code, said = _attempt(layout, runner, owner, port, deadline)
        if code is None:
            return port
        if _is_free(port):
            break  # nobody took the port from under us, so it is something else
    raise ServerWontStart("start", code, layout.log)


def _attempt(layout: Layout, runner: Runner, owner: Account, port: int, deadline: float) -> tuple[int | None, str]:
    """Exit code (None: it runs and answers) and what it logged while it failed."""
    data = layout.cluster
    with layout.log_for(owner) as log:
        begin = os.fstat(log).st_size
        child = runner.start("postgres", "-D", runner.data_argument(data), *settings.running(port), data=data, log=log)
    _children.append(child)
    while child.poll() is None:
        file = PidFile.read(layout.cluster)
        if file and file.pid == child.pid and file.status == "ready":
            nonce = probe.nonce_of(layout.cluster)
            if nonce and probe.knock(port, nonce) is Answer.THIS:
                return None, ""
        if time.monotonic() > deadline:
            child.kill()
            child.wait()
            raise ServerWontStart("start", None, layout.log)
        time.sleep(_PAUSE)
    with layout.log.open("rb") as written:
        written.seek(begin)
        return child.returncode, written.read().decode("utf-8", "replace")


def stop(layout: Layout) -> None:
    """Stop the server if one runs: at once for its connections, in order for the disk; harder when it does not heed.
    Raises ServerWontStart('stop') when nothing helps."""
    ways = (partial(_ask_fast, layout), 30.0), (_ask_now, 10.0), (psutil.Process.kill, 10.0)
    for ask, patience in ways:
        found = living(layout.cluster)
        if found is None:
            break
        with suppress(psutil.NoSuchProcess):
            ask(found[1])
        if _wait_until(partial(_gone, found[1]), patience):
            break
    else:
        raise ServerWontStart("stop", None, layout.log)
    _forget_the_dead(layout)


def _forget_the_dead(layout: Layout) -> None:
    """Take away what ``postmaster.pid`` says about a server that runs no more. Left in place it would stop the next
    one, if the number had passed to another process of the same account."""
    (layout.cluster / "postmaster.pid").unlink(missing_ok=True)


def _ask_fast(layout: Layout, process: psutil.Process) -> None:
    if sys.platform != "win32":
        process.send_signal(signal.SIGINT)
        return
    data = layout.cluster
    with layout.log_for(Account()) as log:
        Runner(layout.folder, Account(), tree()).run(
            "pg_ctl", "stop", "-D", str(data), "-m", "fast", "-s", "-W", data=data, log=log
        )


def _ask_now(process: psutil.Process) -> None:
    if sys.platform != "win32":
        process.send_signal(signal.SIGQUIT)


def _runs(process: psutil.Process) -> bool:
    _children[:] = [child for child in _children if child.poll() is None]
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _gone(process: psutil.Process) -> bool:
    return not _runs(process)


def _wait_until(done: Callable[[], bool], patience: float) -> bool:
    deadline = time.monotonic() + patience
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(_PAUSE)
    return True


def _free_port() -> int:
    with socket.socket() as line:
        line.bind((probe.HOST, 0))
        return int(line.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as line:
        if sys.platform != "win32":  # as the server does: connections that linger from the last one are no bar
            line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind((probe.HOST, port))
        except OSError:
            return False
    return True
