"""Where faults are made: a data folder with a small city, desks in processes of their own, what they promised, and
what is there in the end."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from bench.faults_desk import NEED
from bench.table import said
from coordination.training.users import training_password, users_of
from db.embedded import EmbeddedServer
from db.engine import connect
from ui.root import OWNER, Centre, open_embedded

PEOPLE = 100
PATIENCE = 300.0
"""Seconds that desks get, after the last fault, to send what they still have."""
USERS = [user.user_name for user in users_of("care_coordinator")]


@dataclass
class Outcome:
    """One line of the table. ``faults`` in words, such as ``12 servers killed``."""

    kind: str
    tries: int = 0
    acknowledged: int = 0
    found: int = 0
    lost: int = 0
    doubled: int = 0
    worst_wait: float = 0.0
    faults: str = ""
    wrong: list[str] = field(default_factory=list)
    """everything that is not as it must be, in words"""

    @property
    def sound(self) -> bool:
        return not self.wrong and not self.lost and not self.doubled


@dataclass
class Promises:
    """What the desks said, read from their journals."""

    tried: dict[str, int] = field(default_factory=dict)
    """contacts, with how many referrals each"""
    told: set[str] = field(default_factory=set)
    sent: dict[str, float] = field(default_factory=dict)
    revisions: list[int] = field(default_factory=list)
    held: dict[str, str] = field(default_factory=dict)
    not_kept: int = 0

    @property
    def acknowledged(self) -> set[str]:
        """What somebody was told is safe."""
        return self.told | set(self.sent)


def read_journals(files: list[Path]) -> Promises:
    """A torn line was never said."""
    found = Promises()
    for file in files:
        for line in file.read_text("ascii").splitlines() if file.exists() else ():
            try:
                what, key, fact = json.loads(line)
            except ValueError:
                continue
            if what == "tried":
                found.tried[key] = int(fact)
            elif what == "told":
                found.told.add(key)
            elif what == "sent":
                found.sent[key] = fact
            elif what == "revision":
                found.revisions.append(int(fact))
            elif what == "not kept":
                found.not_kept += 1
            elif what.startswith("held"):
                found.held[key] = what
    return found


class DeskBroke(Exception):
    """A desk ended that nobody had killed, or did not come to an end."""


class DeskProcess:
    """One desk, started again by whoever killed it."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.given, self.most = given, int(given["most"])
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        self.given["most"] = self.most - self.tried
        return subprocess.Popen([sys.executable, "-m", "bench.faults_desk", json.dumps(self.given)])

    @property
    def journal(self) -> Path:
        return Path(self.given["journal"])

    @property
    def tried(self) -> int:
        return self.count("tried")

    def count(self, what: str) -> int:
        """How often it has said so."""
        return self.journal.read_bytes().count(f'"{what}"'.encode()) if self.journal.exists() else 0

    @property
    def runs(self) -> bool:
        return self.process.poll() is None

    def kill_and_restart(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process = self._start()

    def finish(self) -> None:
        """Wait for its end; what it could not send stays in its outbox. Raises DeskBroke."""
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        if code != 0:
            raise DeskBroke(f"a desk ended with {code}; what it said stands above")


class Lab:
    """A folder for all kinds: the city is made once, and each kind works on a copy."""

    def __init__(
        self, folder: Path, chance: random.Random, *, city: Path | None = None, beat: float = 0.5, patience: float = 1.0
    ) -> None:
        """``city``: a data folder made before. ``beat`` and ``patience`` of the desks' feeds, in seconds."""
        self.folder, self.chance, self.beat, self.patience = folder, chance, beat, patience
        self._made = city
        self.rest = threading.Event()

    @property
    def city(self) -> Path:
        """The data folder at rest that all begin with."""
        if self._made is None:
            said(f"Making a city of {PEOPLE} people")
            made = self.folder / "city"
            centre = open_embedded(made)
            try:
                centre.load_training(PEOPLE, 7)
            finally:
                centre.close()
            self._made = made
        return self._made

    def copy(self, to: Path | None = None) -> Path:
        """A data folder of one's own, with owners and modes as they are; ``to`` may be there and empty."""
        target = to or self.folder / f"copy {self.chance.randrange(2**32)}"
        target.mkdir(exist_ok=True)
        subprocess.run(["cp", "-a", f"{self.city}/.", target], check=True)
        return target

    @contextmanager
    def opened(self, data: Path) -> Iterator[Centre]:
        """The server of ``data``, and the owner's password in ``owner_password``; taken away in the end."""
        centre = open_embedded(data)
        centre.owner_password()  # for which the server is started anew, while nobody else uses it
        try:
            yield centre
        finally:
            centre.close()
            shutil.rmtree(data, ignore_errors=True)

    def desk(self, data: Path, most: int, number: int = 0, **more: Any) -> DeskProcess:
        """``more``: ``words`` of a line that leads elsewhere, other places for ``kept`` (the outbox) and ``journal``,
        a ``jumping`` clock, a ``record`` that all correct."""
        user = USERS[number % len(USERS)]
        given = {
            "data": str(data), "journal": str(data / f"journal {number}"), "kept": str(data / "kept" / str(number)),
            "stop": str(data / "stop"), "user": user, "password": training_password(user), "words": None,
            "most": most, "seed": self.chance.randrange(2**32), "beat": self.beat, "patience": self.patience,
            "jumping": False, "record": None, **more,
        }  # fmt: skip
        Path(given["kept"]).mkdir(parents=True, exist_ok=True)
        return DeskProcess(given)

    def while_they_work(self, desks: list[DeskProcess], fault: Callable[[], object], saves: tuple[int, int]) -> int:
        """``fault`` again and again until the desks are done: whenever they have saved so many more (at random between
        the two), and a moment later, so that it falls anywhere in the next. How often."""
        done = 0
        while any(desk.runs for desk in desks):
            enough = sum(desk.count("sent") for desk in desks) + self.chance.randint(*saves)
            while any(desk.runs for desk in desks) and sum(desk.count("sent") for desk in desks) < enough:
                self.rest.wait(0.02)
            self.rest.wait(self.chance.uniform(0, 0.1))
            if any(desk.runs for desk in desks):
                fault()
                done += 1
        return done


def processes_of(data: Path) -> list[psutil.Process]:
    """The server of a data folder and its children; none when it is not there."""
    try:
        server = psutil.Process(int((data / "postgres" / "postmaster.pid").read_text().splitlines()[0]))
        return [server, *server.children(recursive=True)]
    except (FileNotFoundError, psutil.NoSuchProcess, ValueError, IndexError):
        return []


def settle(lab: Lab, data: Path, desks: list[DeskProcess]) -> None:
    """Let the desks finish, then start each once more, so that what an outbox still holds is delivered."""
    for desk in desks:
        desk.finish()
    again = [lab.desk(data, 0, number, **_line(desk)) for number, desk in enumerate(desks)]
    for desk in again:
        desk.finish()


def _line(desk: DeskProcess) -> dict[str, Any]:
    return {name: desk.given[name] for name in ("kept", "words", "journal")}


def account(kind: str, centre: Centre, desks: list[DeskProcess], faults: str) -> Outcome:
    """What was promised against what is there."""
    said_ = read_journals([desk.journal for desk in desks])
    with connect(centre.where(OWNER), centre.owner_password()) as connection:
        rows = connection.execute(
            "select c.id::text, count(r.id), c.ending is not null and c.need = %s || c.id::text,"
            " (select count(*) from audit.entry e where e.area = 'contact' and e.record = c.id::text"
            "  and e.action = 'insert')"
            " from contact c left join referral r on r.contact_id = c.id where c.need like %s group by c.id",
            (f"{NEED} ", f"{NEED} %"),
        ).fetchall()
    there = {key: (referrals, whole, entries) for key, referrals, whole, entries in rows}
    made = Outcome(kind, len(said_.tried), len(said_.acknowledged), len(there), faults=faults)
    made.worst_wait = max(said_.sent.values(), default=0.0)
    for key in said_.acknowledged:
        if key not in there:
            made.lost += 1
            made.wrong.append(f"{kind}: contact {key} was promised and is not there {said_.held.get(key, '')}")
        elif there[key][0] < said_.tried[key] or not there[key][1]:
            made.lost += 1
            made.wrong.append(f"{kind}: contact {key} is there in part: {there[key]} of {said_.tried[key]}")
    for key, (referrals, _whole, entries) in there.items():
        if entries != 1 or referrals > said_.tried.get(key, referrals):
            made.doubled += 1
            made.wrong.append(f"{kind}: contact {key} is there {entries} times, with {referrals} referrals")
    made.wrong += [f"{kind}: contact {key} was {how}" for key, how in said_.held.items() if key not in there]
    return made


def kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue


def until(true: Callable[[], bool], seconds: float, rest: threading.Event) -> bool:
    """Look until it is so."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        rest.wait(0.02)
    return True


__all__ = [
    "OWNER", "Centre", "DeskProcess", "EmbeddedServer", "Lab", "Outcome", "account", "kill", "processes_of",
    "read_journals", "settle", "until",
]  # fmt: skip
