"""Faults of processes, lines and clocks, each while desks save. Every kind takes so many saves and makes one line."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from bench.faults_desk import JUMPS
from bench.faults_lab import OWNER, Lab, Outcome, account, kill, processes_of, read_journals, settle
from bench.faults_line import CutLine
from coordination.people.model import PersonDraft
from coordination.training.users import training_password, users_of
from coordination.values import PersonId, new_id
from db.engine import connect

DESKS = 2


def servers_killed(lab: Lab, tries: int) -> Outcome:
    """``kill -9`` of the whole server (as when the power goes), of its head, or of one process that serves a desk."""
    data = lab.copy()
    with lab.opened(data) as centre:
        desks = [lab.desk(data, tries // DESKS, number) for number in range(DESKS)]

        def fault() -> None:
            found = processes_of(data)
            if found:
                kill(lab.chance.choice((found, found[:1], [lab.chance.choice(found)])))

        times = lab.while_they_work(desks, fault, (1, 14))
        settle(lab, data, desks)
        centre.server.revive()  # type: ignore[union-attr]
        return account("server killed", centre, desks, f"{times} kills")


def desks_killed(lab: Lab, tries: int) -> Outcome:
    """``kill -9`` of a desk at a random point of its saves; it is started again on what it left."""
    data = lab.copy()
    with lab.opened(data) as centre:
        desks = [lab.desk(data, tries // DESKS, number) for number in range(DESKS)]
        begun = [0] * DESKS

        def fault() -> None:
            number = lab.chance.randrange(DESKS)
            if desks[number].runs and desks[number].tried > begun[number]:  # one that has done something
                desks[number].kill_and_restart()
                begun[number] = desks[number].tried

        times = lab.while_they_work(desks, fault, (1, 14))
        settle(lab, data, desks)
        return account("desk killed", centre, desks, f"{times} kills")


def lines_cut(lab: Lab, tries: int) -> Outcome:
    """The line is cut after some bytes either way, before a commit has gone, and after it, before the answer."""
    data = lab.copy()
    with lab.opened(data) as centre:
        line = CutLine(int(centre.where(OWNER)["port"]), lab.chance)
        try:
            words = {**centre.where(OWNER), "port": line.port}
            words.pop("user")
            desks = [lab.desk(data, tries // DESKS, number, words=words) for number in range(DESKS)]
            for desk in desks:
                desk.finish()
            line.whole = True
            settle(lab, data, desks)
        finally:
            line.close()
        cuts = ", ".join(f"{count} {how}" for how, count in line.cuts.items() if count)
        return account("line cut", centre, desks, cuts)


def server_frozen(lab: Lab, tries: int) -> Outcome:
    """SIGSTOP of the whole server, for longer than a desk has patience; then it goes on as if nothing had been."""
    data = lab.copy()
    with lab.opened(data) as centre:
        desks = [lab.desk(data, tries // DESKS, number) for number in range(DESKS)]

        def fault() -> None:
            found = processes_of(data)
            _signal(found, signal.SIGSTOP)
            lab.rest.wait(lab.chance.choice((0.2, 1.0, lab.patience * 2 + 1)))
            _signal(found, signal.SIGCONT)

        times = lab.while_they_work(desks, fault, (5, 40))
        settle(lab, data, desks)
        return account("server frozen", centre, desks, f"{times} ×, up to {lab.patience * 2 + 1:.0f} s")


def _signal(found: list[psutil.Process], which: signal.Signals) -> None:
    for process in found:
        try:
            process.send_signal(which)
        except psutil.NoSuchProcess:
            continue


def clocks_jump(lab: Lab, tries: int) -> Outcome:
    """The clocks of the desks jump at each look at them, by up to a year and back; the server's too, where libfaketime
    is installed."""
    data = lab.copy()
    with _faked(data) as dial, lab.opened(data) as centre:
        desks = [lab.desk(data, tries // DESKS, number, jumping=True) for number in range(DESKS)]

        def fault() -> None:
            if dial is not None:
                dial.write_text(f"{lab.chance.choice(JUMPS):+d}s\n", "ascii")

        times = lab.while_they_work(desks, fault, (1, 5))
        settle(lab, data, desks)
        if dial is not None:
            dial.write_text("+0\n", "ascii")
        made = account("clock jumps", centre, desks, f"desks' at each save, server's {times} ×")
        if dial is None:
            made.faults = "desks' at each save; server's not, there is no libfaketime here"
            late = _later_than_now(lab, centre)
            made.wrong += [f"clock jumps: {late} contacts were received after now"] if late else []
        return made


def _later_than_now(lab: Lab, centre: object) -> int:
    from bench.faults_desk import NEED

    with connect(centre.where(OWNER), centre.owner_password()) as connection:  # type: ignore[attr-defined]
        query = "select count(*) from contact where received_at > now() + interval '1 minute' and need like %s"
        row = connection.execute(query, (f"{NEED} %",)).fetchone()
    return int(row[0]) if row else 0


@contextmanager
def _faked(data: Path) -> Iterator[Path | None]:
    """A server that is started inside has a clock that a file moves; None where that cannot be had."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None) if os.name != "nt" else None
    if library is None:
        yield None
        return
    dial = data.with_name(f"{data.name} clock")
    dial.write_text("+0\n", "ascii")
    dial.chmod(0o644)
    words = {
        "LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(dial), "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }  # fmt: skip
    os.environ.update(words)
    try:
        yield dial
    finally:
        for name in words:
            os.environ.pop(name, None)
        dial.unlink()


def one_record(lab: Lab, tries: int) -> Outcome:
    """Desks correct one record over what they saw, while lines are cut: what one was told is saved stays saved."""
    data = lab.copy()
    with lab.opened(data) as centre:
        user = users_of("care_coordinator")[0].user_name
        session = centre.sign_in(user, training_password(user))
        record = session.services.people.register(PersonDraft(surname="Bench"), PersonId(new_id()))
        session.close()
        line = CutLine(int(centre.where(OWNER)["port"]), lab.chance)
        try:
            words = {**centre.where(OWNER), "port": line.port}
            words.pop("user")
            more = {"words": words, "record": str(record.id)}
            desks = [lab.desk(data, tries // DESKS, number, **more) for number in range(DESKS)]
            for desk in desks:
                desk.finish()
        finally:
            line.close()
        found = read_journals([desk.journal for desk in desks])
        with connect(centre.where(OWNER), centre.owner_password()) as connection:
            row = connection.execute(
                "select p.revision, (select count(*) from audit.entry e where e.area = 'person' and e.action = 'update'"
                " and e.record = p.id::text and 'access_notes' = any(e.columns)) from person p where id = %s",
                (record.id,),
            ).fetchone()
        assert row is not None
        saves = int(row[1])
        made = Outcome("one record, two desks", len(found.tried), len(found.sent), saves)
        made.worst_wait = max(found.sent.values(), default=0.0)
        made.lost = max(0, len(found.sent) - saves)  # more: an answer was lost, and it was saved anew
        made.doubled = len(found.revisions) - len(set(found.revisions))
        made.faults = f"{sum(line.cuts.values())} lines cut"
        if row[0] != record.revision + saves:
            made.wrong.append(f"one record: at revision {row[0]} after {saves} saves")
        return made
