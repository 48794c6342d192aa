"""``centre sheets`` for a job that runs by itself: what it writes, how it is named, and its exit codes."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from sqlalchemy import text

from coordination.values import new_id
from tests.database import CentreDb
from tests.db.deployment_kit import Kit, at
from ui.cli import main as cli
from ui.cli.sheets import Wanted, write


@pytest.fixture
def tomorrow(centre_db: CentreDb):  # type: ignore[no-untyped-def]
    kit = Kit(centre_db)
    session = centre_db.sign_in("tess.lead")
    day = kit.today() + timedelta(days=1)
    amina, bola = kit.worker("Amina Yusuf", hours=[]), kit.worker("Bola Ade", hours=[])
    for worker in (amina, bola):
        kit.shift(worker, "work", at(7, day=day), at(15, day=day))
    drafts = [kit.draft(kit.person(n), at(h, day=day)) for n, h in (("Pankhurst", 9), ("Davies", 11))]
    visits = session.services.deployment.plan_visits(drafts)
    for visit, worker, hour in zip(visits, (amina, bola), (9, 11), strict=True):
        session.services.deployment.allocate(visit, worker, at(hour, day=day), seen=1)
    return kit, session, day, amina, bola, visits


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_sheets_changes_and_calendars_of_tomorrow(tomorrow, tmp_path: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    kit, session, day, amina, bola, visits = tomorrow
    services, team = session.services, session.actor.team_id
    whole = f"{day.isoformat()} North reablement test team"

    def run(folder: str, **how: object) -> int:
        return write(services, team, day, [], tmp_path / folder, Wanted(**how))  # type: ignore[arg-type]

    # a draft: paper says so, calendars and changes wait
    assert run("draft", calendars=True) == 1
    assert run("none", changes=True) == 1 and not (tmp_path / "none").exists()
    said = capsys.readouterr().err
    assert "say DRAFT" in said and "Publish the day first" in said and "no changes to print" in said

    services.published.publish(team, day, seen=0, new_id=new_id())
    assert run("nothing", changes=True) == 1
    assert "nothing has changed since version 1" in capsys.readouterr().err
    moved = services.deployment.visit(visits[0])
    services.deployment.move(moved.id, 1, amina, at(9, 30, day=day), seen=moved.revision)
    assert run("all", calendars=True) == 0
    assert names(tmp_path / "all") == [
        f"{whole}, team.pdf",
        *(f"{whole}, worker {w}.{kind}" for w in (amina, bola) for kind in ("ics", "pdf")),
    ]
    for path in (tmp_path / "all").iterdir():
        assert "Amina" not in path.name and "Pankhurst" not in path.name
        if sys.platform != "win32":
            assert path.stat().st_mode & 0o077 == 0
    calendar = Calendar.from_ical((tmp_path / "all" / f"{whole}, worker {amina}.ics").read_bytes())
    assert [e["dtstart"].dt for e in calendar.walk("VEVENT")] == [at(9, 30, day=day)]
    assert run("changed", changes=True) == 0
    assert names(tmp_path / "changed") == [f"{whole}, team, changes.pdf", f"{whole}, worker {amina}, changes.pdf"]
    # one worker, by number, name or a part of it; one that there is not
    for word in (str(bola), "bola ade", "Bola"):
        assert run(f"one {word}", workers=[word]) == 0
        assert names(tmp_path / f"one {word}") == [f"{whole}, worker {bola}.pdf"]
    assert run("zed", workers=["Zed"]) == 2 and "Nobody called “Zed”" in capsys.readouterr().err
    # where nothing can be written
    (tmp_path / "a file").write_text("")
    assert run("a file") == 1 and "not all could be written" in capsys.readouterr().err
    with kit.database.owner.begin() as c:
        noted = c.execute(text("select action, record from audit.entry where action in ('print', 'export')")).all()
    assert ("export", f"calendars {team} {day}") in noted and ("print", f"sheets {team} {day} changes") in noted


def test_a_day_that_is_none_is_said_before_anything_is_opened(tmp_path: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    given = ["--data", str(tmp_path / "data"), "sheets", "--date", "32-Feb", "--out", str(tmp_path / "out")]
    assert cli.main(given) == 2
    assert "is not a day" in capsys.readouterr().err and not (tmp_path / "data").exists()
    with pytest.raises(SystemExit) as caught:
        cli.main(["sheets"])
    assert caught.value.code == 2
