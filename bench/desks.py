"""Many desks on one server, while server and desks are killed: is a contact lost, or twice, or a referral held by two?

    python -m bench.desks [--shared] [--desks N] [--minutes M] [--kill-every SECONDS] [--pace SECONDS] [--json FILE]

With ``--shared`` the server is one as a centre has it, with TLS and SCRAM, else the embedded one.

Exit code 0 only when nothing was lost, nothing is there twice, and nobody held what another held.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.city import desk_users
from bench.desks_place import Place, SharedPlace
from bench.table import Row, machine, machine_line, said, shown
from db.engine import connect
from ui.root import OWNER, Centre

IN_A_PROCESS = 10


@dataclass
class Tally:
    """What was promised and what is there."""

    kept: dict[str, int] = field(default_factory=dict)
    """contacts that a desk had in its outbox, with how many referrals each"""
    refused: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    held: dict[str, list[tuple[float, str, str]]] = field(default_factory=lambda: defaultdict(list))
    waits: list[float] = field(default_factory=list)
    """seconds from sending until acknowledged"""
    faults: list[str] = field(default_factory=list)


def main() -> int:
    """Run, kill, verify, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.desks", description=__doc__.splitlines()[0])
    parser.add_argument("--shared", action="store_true", help="a server with TLS and SCRAM, not the embedded one")
    parser.add_argument("--desks", type=int, default=120, metavar="N")
    parser.add_argument("--minutes", type=float, default=10, metavar="M")
    parser.add_argument("--kill-every", type=float, default=20, metavar="SECONDS", help="server and desks in turn")
    parser.add_argument("--pace", type=float, default=4, metavar="SECONDS", help="between a desk's deeds, on average")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench desks ", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # a server runs under another account than root
        where = machine()
        kills, found = run(Path(folder, "data"), options)
    report = {
        "bench": "desks", "machine": where, "shared": options.shared, "desks": options.desks,
        "minutes": options.minutes, **kills, **found,
    }  # fmt: skip
    for name, value in {**kills, **found}.items():
        print(f"{name.replace('_', ' '):34} {value}")
    print(machine_line(where))
    if options.json is not None:
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 1 if found["faults"] else 0


def run(data: Path, options: argparse.Namespace) -> tuple[dict[str, int], dict[str, Any]]:
    """The desks at work until the time is over; then what they were promised against what is there."""
    place = SharedPlace(data, options.desks) if options.shared else Place(data)
    try:
        users = desk_users(place.centre, options.desks, place.owner_password)
        for folder in ("journal", "kept"):
            (data / folder).mkdir()
        groups = [users[at : at + IN_A_PROCESS] for at in range(0, len(users), IN_A_PROCESS)]
        with place.counted() as connections:
            desks = [_start(place, options.pace, group) for group in groups]
            kills = _kill_now_and_then(place, options, groups, desks)
            (data / "stop").touch()
            for desk in desks:
                if desk.wait(300) != 0:
                    said(f"A process of desks ended with {desk.returncode}.")
        tally = read_journals(data / "journal")
        found = verify(place.centre, place.owner_password, tally)
        most = {"connections_at_most": connections.most, "connections_of_a_desk_at_most": connections.of_a_desk}
        return kills, {**most, **_waits(tally.waits), **found}
    finally:
        place.close()


def _waits(waits: list[float]) -> dict[str, str]:
    """How long it took from sending a contact until the database had acknowledged it."""
    if len(waits) < 2:
        return {}
    row = Row("", tuple(waits))
    return {"a_save_median": shown(row.median), "a_save_p95": shown(row.p95), "a_save_longest": shown(max(waits))}


def _start(place: Place, pace: float, group: list[tuple[str, str]]) -> subprocess.Popen[str]:
    arguments = json.dumps({"data": str(place.data), "address": place.address, "pace": pace, "users": group})
    return subprocess.Popen(
        [sys.executable, "-m", "bench.desk_worker", arguments], stdout=subprocess.DEVNULL, text=True
    )


def _kill_now_and_then(
    place: Place, options: argparse.Namespace, groups: list[list[tuple[str, str]]], desks: list[subprocess.Popen[str]]
) -> dict[str, int]:
    """SIGKILL, server and desks in turn. Killed desks start again."""
    chance = random.Random(7)
    end = time.monotonic() + options.minutes * 60
    kills = {"servers_killed": 0, "desk_processes_killed": 0}
    pause = threading.Event()
    while (left := end - time.monotonic()) > options.kill_every:
        pause.wait(min(options.kill_every, left))
        if kills["servers_killed"] <= kills["desk_processes_killed"]:
            place.kill()
            kills["servers_killed"] += 1
        else:
            number = chance.randrange(len(desks))
            desks[number].send_signal(signal.SIGKILL)
            desks[number].wait()
            desks[number] = _start(place, options.pace, groups[number])
            kills["desk_processes_killed"] += 1
        said(f"{end - time.monotonic():.0f} s left, {kills}")
    pause.wait(max(0.0, end - time.monotonic()))
    return kills


def read_journals(folder: Path) -> Tally:
    """Every line of every desk; a torn last line was never promised."""
    tally = Tally()
    for file in sorted(folder.glob("*.log")):
        for line in file.read_text("ascii").splitlines():
            try:
                what, key, at, fact = json.loads(line)
            except ValueError:
                continue
            if what.startswith("kept"):
                tally.kept[key] = int(what.split()[1])
            elif what == "refused":
                tally.refused.add(key)
            elif what == "acknowledged":
                tally.acknowledged.add(key)
                tally.waits.append(fact)
            else:
                tally.held[key].append((at, what, file.stem))
    return tally


def verify(centre: Centre, owner_password: str, tally: Tally) -> dict[str, Any]:
    """What is there, and every fault in words."""
    with connect(centre.where(OWNER), owner_password) as connection:
        rows = connection.execute(
            "select c.need, count(distinct c.id), count(distinct c.id) filter (where c.ending = 'referral'),"
            " count(r.id)"
            " from contact c left join referral r on r.contact_id = c.id where c.need like 'bench call %' group by 1"
        ).fetchall()
    there = {need.rsplit(" ", 1)[1]: (contacts, ended, referrals) for need, contacts, ended, referrals in rows}
    faults = list(tally.faults)
    faults += [f"contact {key} is lost" for key in tally.kept if key not in there]
    faults += [f"contact {key} was refused" for key in tally.refused]
    faults += [
        f"contact {key}: {found} instead of (1, 1, {tally.kept[key]})"
        for key, found in there.items()
        if key in tally.kept and found != (1, 1, tally.kept[key])
    ]
    faults += [fault for key, steps in tally.held.items() for fault in _two_holders(key, sorted(steps))]
    return {
        "contacts_promised": len(tally.kept),
        "contacts_there": len(there),
        "acknowledged": len(tally.acknowledged),
        "referrals_held_at_some_time": len(tally.held),
        "claims": sum(what == "holds" for steps in tally.held.values() for _, what, _ in steps),
        "faults": len(faults),
        "first_faults": faults[:10],
    }


def _two_holders(key: str, steps: list[tuple[float, str, str]]) -> list[str]:
    """A desk was told that it holds what another had not begun to let go."""
    holder: str | None = None
    faults = []
    for _at, what, desk in steps:
        if what == "lets go":
            holder = None if holder == desk else holder
            continue
        if holder is not None and holder != desk:
            faults.append(f"referral {key} was held by {holder} and {desk}")
        holder = desk
    return faults


if __name__ == "__main__":
    sys.exit(main())
