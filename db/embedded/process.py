"""The running server: is it there, start it, stop it. All of it under the folder's lock."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from db.embedded import probe, settings
from db.embedded.account import Account
from db.embedded.cluster import apart
from db.embedded.errors import ServerWontStart
from db.embedded.layout import Layout
from db.embedded.probe import Answer
from db.embedded.programs import program

_PAUSE = 0.003
_PATIENCE = 180.0
"""Seconds for a start: recovery after a crash in the middle of a load takes its time."""
_FRESH = 5.0
_PORTS_TRIED = 10
_LOCK_FILE_EXISTS = "F0001"

_children: list[subprocess.Popen[bytes]] = []
"""Servers that this process started. Kept, because one that we leave to other clients is still ours to reap."""


@dataclass(frozen=True)
class PidFile:
    """What ``postmaster.pid`` says."""

    pid: int
    started: float
    port: int
    status: str

    @classmethod
    def read(cls, cluster: Path) -> PidFile | None:
        """None when there is none, or it is only half written."""
        try:
            lines = (cluster / "postmaster.pid").read_text("utf-8", "replace").splitlines()
            status = lines[7].strip() if len(lines) > 7 else "starting"
            return cls(int(lines[0]), float(lines[2]), int(lines[3]), status)
        except (FileNotFoundError, IndexError, ValueError):
            return None


def living(cluster: Path) -> tuple[PidFile, psutil.Process] | None:
    """The cluster's server, when the process named in ``postmaster.pid`` lives and is it, and not another that got the
    same number."""
    _reap()
    file = PidFile.read(cluster)
    if file is None:
        return None
    try:
        process = psutil.Process(file.pid)
        if not _runs(process) or not process.name().startswith("postgres"):
            return None
        try:
            same = Path(process.cwd()).samefile(cluster)
        except (psutil.AccessDenied, FileNotFoundError):
            same = abs(process.create_time() - file.started) < _FRESH
    except psutil.NoSuchProcess:
        return None
    return (file, process) if same else None


def find(layout: Layout) -> int | None:
    """The port of the cluster's server if one runs and answers; None if none runs. Waits for one that is starting or
    stopping. Raises ServerWontStart('join') for one that runs and does not answer."""
    if not (layout.cluster / "postmaster.pid").exists():
        return None
    nonce = probe.nonce_of(layout.cluster)
    deadline = time.monotonic() + _PATIENCE
    while found := living(layout.cluster):
        file, process = found
        if nonce is not None and file.status == "ready" and probe.knock(file.port, nonce) is Answer.THIS:
            return file.port
        if time.monotonic() > deadline:
            raise ServerWontStart("join", None, layout.log)
        _pause(process)
    return None


def start(layout: Layout, account: Account, owner: Account, programs: Path, wanted: int = 0) -> int:
    """Start the server on a free port, ``wanted`` if that is one, and return the port when it answers. Call it when
    :func:`find` found none. Raises ServerWontStart."""
    # Nothing runs, so what is written there is about the dead. Left in place it would stop a server whose number has
    # passed to another process of the same account.
    (layout.cluster / "postmaster.pid").unlink(missing_ok=True)
    deadline = time.monotonic() + _PATIENCE
    tried = 0
    while True:
        port = wanted if wanted and _is_free(wanted) else _free_port()
        wanted = 0
        code, states = _attempt(layout, account, owner, programs, port, deadline)
        if code is None:
            return port
        tried += 1
        if _LOCK_FILE_EXISTS in states and time.monotonic() < deadline:
            time.sleep(0.05)  # children of a server that was killed have not all noticed yet
        elif _is_free(port) or tried >= _PORTS_TRIED:
            raise ServerWontStart("start", code, layout.log)


def _attempt(
    layout: Layout, account: Account, owner: Account, programs: Path, port: int, deadline: float
) -> tuple[int | None, set[str]]:
    """Exit code (None: it runs) and the SQLSTATEs that it logged while it failed."""
    log = layout.open_log(owner)
    begin = os.fstat(log).st_size
    try:
        child = subprocess.Popen(
            [
                program("postgres", programs),
                "-D",
                account.data_argument(layout.cluster),
                *settings.running(port),
            ],
            cwd=layout.cluster,
            env=settings.environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            **account.popen(),
            **apart(),
        )
    finally:
        os.close(log)
    _children.append(child)
    while child.poll() is None:
        file = PidFile.read(layout.cluster)
        if file and file.pid == child.pid and file.status == "ready":
            nonce = probe.nonce_of(layout.cluster)
            if nonce and probe.knock(port, nonce) is Answer.THIS:
                return None, set()
        if time.monotonic() > deadline:
            child.kill()
            child.wait()
            raise ServerWontStart("start", None, layout.log)
        time.sleep(_PAUSE)
    _children.remove(child)
    with layout.log.open("rb") as file_of_log:
        file_of_log.seek(begin)
        words = file_of_log.read().decode("utf-8", "replace").split()
    return child.returncode, {_LOCK_FILE_EXISTS} & set(words)


def stop(layout: Layout, programs: Path) -> None:
    """Stop the server if one runs: politely to the disk, not to its connections; harder when it does not heed."""
    for ask, patience in ((_ask_fast, 30.0), (_ask_now, 5.0), (psutil.Process.kill, 5.0)):
        found = living(layout.cluster)
        if found is None:
            return
        try:
            if ask is _ask_fast and os.name == "nt":
                _ask_windows(layout, programs)
            else:
                ask(found[1])
        except psutil.NoSuchProcess:
            return
        if _wait_until(lambda process=found[1]: not _runs(process), patience):  # type: ignore[misc]
            _reap()
            return


def _ask_fast(process: psutil.Process) -> None:
    process.send_signal(signal.SIGINT)


def _ask_now(process: psutil.Process) -> None:
    if os.name == "nt":
        process.kill()
    else:
        process.send_signal(signal.SIGQUIT)


def _ask_windows(layout: Layout, programs: Path) -> None:
    subprocess.run(
        [program("pg_ctl", programs), "stop", "-D", layout.cluster, "-m", "fast", "-s"],
        env=settings.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )


def _runs(process: psutil.Process) -> bool:
    try:
        _reap()
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _reap() -> None:
    _children[:] = [child for child in _children if child.poll() is None]


def _pause(process: psutil.Process) -> None:
    _wait_until(lambda: not _runs(process), 0.02)


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
    try:
        with socket.socket() as line:
            if os.name != "nt":  # as the server itself does: a port in TIME_WAIT is free
                line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            line.bind((probe.HOST, port))
            return True
    except OSError:
        return False
