"""``centre sheets``: the day's deployment sheets as files, one PDF a worker and one for the team, and calendars (D4).

For a job that runs by itself: files are named by team, day and number of the worker, readable by whoever runs it, whole
or not there; what went wrong is said on standard error, and by the exit code.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from coordination.clock import SystemClock, local_date
from coordination.deployment.model import Team
from coordination.deployment.sheets import SheetData, WorkerSheet
from coordination.errors import BadValue
from coordination.services import Services
from coordination.values import TeamId, WorkerId
from ui import wording
from ui.cli.opened import Opened
from ui.sheets.files import write_calendars, write_sheets

DONE, IN_PART, USAGE = 0, 1, 2


@dataclass(frozen=True)
class Wanted:
    """What to write: of which ``workers`` (names or numbers; none is everybody and the team's list), only what has
    ``changes`` since it was published, and ``calendars`` besides."""

    workers: Sequence[str] = ()
    changes: bool = False
    calendars: bool = False


def add_parser(commands: Any) -> None:
    made = commands.add_parser(
        "sheets",
        help="print the day's deployment sheets into files",
        epilog="Exit codes: 0 everything is written; 1 nothing to print, or not all of it could be written; 2 a day, a "
        "team or a worker that there is not.",
    )
    made.add_argument("--date", default="today", metavar="DAY", help="2026-11-23, today or tomorrow (default: today)")
    made.add_argument(
        "--team",
        action="append",
        metavar="NAME",
        help="a team's name or part of it, more than once for more teams",
    )
    made.add_argument(
        "--worker",
        action="append",
        metavar="NAME",
        help="a worker's number, name or part of it, more than once for more; without the team's list",
    )
    made.add_argument("--changes", action="store_true", help="only what has changed since the day was published")
    made.add_argument("--ics", action="store_true", help="also a calendar file a worker, of a published day")
    made.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to write the files")
    made.set_defaults(run=run)


def run(options: argparse.Namespace, opened: Opened) -> int:
    """0 when every sheet is written; 1 when there was nothing to print, or not all could be written; 2 for a day, a
    team or a worker that is none."""
    day = read_day(options.date)
    if day is None:
        _say(f"“{options.date}” is not a day. Write 2026-11-23, today or tomorrow.")
        return USAGE
    session = opened.sign_in("team_lead")
    wanted = Wanted(options.worker or (), options.changes, options.ics)
    return write(session.services, session.actor.team_id, day, options.team or [], options.out, wanted)


def read_day(text: str) -> date | None:
    today = local_date(SystemClock().now())
    near = {"today": 0, "tomorrow": 1, "yesterday": -1}
    if text.lower() in near:
        return today + timedelta(days=near[text.lower()])
    try:
        return wording.parse_date(text, today)
    except BadValue:
        return None


def write(
    services: Services, own: TeamId | None, day: date, teams_wanted: list[str], out: Path, wanted: Wanted | None = None
) -> int:
    """Write the sheets of the teams named, or of one's own, and put each on the audit trail."""
    what = wanted or Wanted()
    teams, unknown = choose(services.deployment.teams(), own, teams_wanted)
    for name in unknown:
        _say(f"There is no team “{name}”.")
    if unknown or not teams:
        if not teams and not unknown:
            _say("Which team? Say --team NAME.")
        return USAGE
    code, found, written = DONE, set[str](), 0
    for team in teams:
        data = services.deployment.sheets(team.id, day)
        if what.workers:
            chosen, names = _workers(data, what.workers)
            found |= names
            if not chosen:
                continue
            data = replace(data, workers=tuple(chosen), unplaced=())
        if not _is_there_anything(team, data, what):
            continue
        files, code_of = _write_team(services, team, data, out, what)
        written += files
        code = max(code, code_of)
    missing = [name for name in what.workers if name not in found]
    for name in missing:
        _say(f"Nobody called “{name}” works or visits on {wording.day(day)}.")
    if missing:
        return USAGE
    return code if written else IN_PART


def _write_team(services: Services, team: Team, data: SheetData, out: Path, what: Wanted) -> tuple[int, int]:
    """How many files were written, and the exit code of this team. Noted first: nothing leaves without a trace (R4)."""
    shown = data.changed() if what.changes else data
    record = f"sheets {team.id} {data.day.isoformat()}{' changes' if what.changes else ''}"
    code = DONE
    if data.edition is None:
        _say(f"{team.name}: {wording.day(data.day)} has not been published, so the sheets say DRAFT.")
    try:
        services.looks.note_visits("print", "deployment", record, "pdf", shown.visits)
        paths = write_sheets(shown, out, by_name=False, team=not what.workers)
        if what.calendars and data.edition is not None:
            calendars = f"calendars {team.id} {data.day.isoformat()}"
            services.looks.note_visits("export", "deployment", calendars, "ics", data.visits)
            paths += write_calendars(data, out, by_name=False)
        elif what.calendars:
            _say(f"{team.name}: no calendars of a draft. Publish the day first.")
            code = IN_PART
    except OSError as error:
        _say(f"{team.name}: not all could be written to {out}: {error.strerror or 'no room or no right'}.")
        return 0, IN_PART
    for path in paths:
        print(path)
    return len(paths), code


def _is_there_anything(team: Team, data: SheetData, what: Wanted) -> bool:
    """Whether there is something to print; if not, it says why."""
    day = wording.day(data.day)
    if not data.visits:
        _say(f"{team.name}: nobody is visited on {day}.")
    elif what.changes and data.edition is None:
        _say(f"{team.name}: {day} has not been published, so there are no changes to print.")
    elif what.changes and not data.changed().workers:
        _say(f"{team.name}: nothing has changed since version {data.edition.version if data.edition else 0}.")
    else:
        return True
    return False


def _workers(data: SheetData, wanted: Sequence[str]) -> tuple[list[WorkerSheet], set[str]]:
    """The workers meant, and which of the names found somebody. A number or the whole name goes before a part of it."""
    chosen: dict[WorkerId, WorkerSheet] = {}
    found = set()
    for name in wanted:
        plain = name.casefold()
        exact = [w for w in data.workers if str(w.worker_id) == plain or w.name.casefold() == plain]
        near = exact or [w for w in data.workers if plain in w.name.casefold() and not plain.isdigit()]
        chosen |= {w.worker_id: w for w in near}
        found |= {name} if near else set()
    return list(chosen.values()), found


def _say(words: str) -> None:
    print(words, file=sys.stderr)


def choose(teams: list[Team], own: TeamId | None, wanted: list[str]) -> tuple[list[Team], list[str]]:
    """The teams meant, and the names that are of none. Part of a name is enough; the whole name goes before."""
    if not wanted:
        return [t for t in teams if t.id == own], []
    found: dict[TeamId, Team] = {}
    unknown = []
    for name in wanted:
        plain = name.casefold()
        exact = [t for t in teams if t.name.casefold() == plain]
        near = exact or [t for t in teams if plain in t.name.casefold()]
        found |= {t.id: t for t in near}
        if not near:
            unknown.append(name)
    return list(found.values()), unknown
