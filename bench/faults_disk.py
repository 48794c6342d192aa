"""Disks that are full for a while: that of the server, and that of a desk with its outbox. Small file systems in
memory, which only root may mount; elsewhere the line of the table says that they were not tried."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.faults_lab import DeskProcess, Lab, Outcome, account, settle

DESKS = 2
_ROOM = 48
"""MB that the server has beside its data: three pieces of its log."""
_OUTBOX_KB = 256


def server_disk_full(lab: Lab, tries: int) -> Outcome:
    """No byte is left on the server's disk for a second or two, again and again: it may even end, and start again."""
    taken = sum(path.stat().st_size for path in lab.city.rglob("*") if path.is_file()) // 2**20
    with _small_disk(lab, f"{taken + _ROOM}m") as disk:
        if disk is None:
            return Outcome("server's disk full", faults="not tried: no small disk can be made here")
        data = lab.copy(disk / "data")
        side = _side(lab)
        with lab.opened(data) as centre:
            desks = [
                lab.desk(
                    data, tries // DESKS, number,
                    kept=str(side / f"kept {number}"), journal=str(side / f"journal {number}"),
                )
                for number in range(DESKS)
            ]  # fmt: skip
            times = _fill_now_and_then(lab, disk, desks)
            settle(lab, data, desks)
            centre.server.revive()  # type: ignore[union-attr]
            return account("server's disk full", centre, desks, f"{times} ×")


def outbox_disk_full(lab: Lab, tries: int) -> Outcome:
    """No byte is left on the disk of a desk: what is not kept is promised by the database alone; what was, stays."""
    with _small_disk(lab, f"{_OUTBOX_KB}k") as disk:
        if disk is None:
            return Outcome("desk's disk full", faults="not tried: no small disk can be made here")
        data, side = lab.copy(), _side(lab)
        with lab.opened(data) as centre:
            desks = [
                lab.desk(
                    data, tries // DESKS, number,
                    kept=str(disk / f"kept {number}"), journal=str(side / f"journal {number}"),
                )
                for number in range(DESKS)
            ]  # fmt: skip
            times = _fill_now_and_then(lab, disk, desks)
            settle(lab, data, desks)
            return account("desk's disk full", centre, desks, f"{times} ×")


def _fill_now_and_then(lab: Lab, disk: Path, desks: list[DeskProcess]) -> int:
    ballast = disk / "ballast"

    def fault() -> None:
        _fill(ballast)
        lab.rest.wait(lab.chance.uniform(0.3, 2.0))
        ballast.unlink()

    try:
        return lab.while_they_work(desks, fault, (1, 6))
    finally:
        ballast.unlink(missing_ok=True)


def _fill(file: Path) -> None:
    """Until not a byte more goes in."""
    with file.open("wb", buffering=0) as out:
        for size in (2**20, 4096, 1):
            try:
                while out.write(b"\0" * size):
                    pass
            except OSError:
                continue


def _side(lab: Lab) -> Path:
    """Where what must not be lost with the disk lies."""
    made = lab.folder / f"side {lab.chance.randrange(2**32)}"
    made.mkdir()
    return made


@contextmanager
def _small_disk(lab: Lab, size: str) -> Iterator[Path | None]:
    mount = shutil.which("mount")
    place = lab.folder / f"disk {lab.chance.randrange(2**32)}"
    place.mkdir()
    done = mount is not None and _ran([mount, "-t", "tmpfs", "-o", f"size={size},mode=0755", "tmpfs", str(place)])
    try:
        yield place if done else None
    finally:
        if done:
            _ran([str(shutil.which("umount")), "-l", str(place)])
        place.rmdir()


def _ran(command: list[str]) -> bool:
    return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0
