"""``centre sheets``: the day's deployment sheets as files, one PDF a worker and one for the team (D4)."""

from __future__ import annotations

import argparse
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from coordination.clock import SystemClock, local_date
from coordination.deployment.model import Team
from coordination.errors import BadValue
from coordination.services import Services
from coordination.values import TeamId
from ui import wording
from ui.cli.opened import Opened
from ui.sheets.files import write_sheets


def add_parser(commands: Any) -> None:
    made = commands.add_parser("sheets", help="print the day's deployment sheets into files")
    made.add_argument("--date", default="today", metavar="DAY", help="2026-11-23, today or tomorrow (default: today)")
    made.add_argument(
        "--team",
        action="append",
        metavar="NAME",
        help="a team's name or part of it, more than once for more teams",
    )
    made.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to write the PDFs")
    made.set_defaults(run=run)


def run(options: argparse.Namespace, opened: Opened) -> int:
    """0 when every sheet is written; 1 when there was nothing to print; 2 for a day or a team that is none."""
    day = read_day(options.date)
    if day is None:
        print(f"“{options.date}” is not a day. Write 2026-11-23, today or tomorrow.", file=sys.stderr)
        return 2
    session = opened.sign_in("team_lead")
    return write(session.services, session.actor.team_id, day, options.team or [], options.out)


def read_day(text: str) -> date | None:
    today = local_date(SystemClock().now())
    near = {"today": 0, "tomorrow": 1, "yesterday": -1}
    if text.lower() in near:
        return today + timedelta(days=near[text.lower()])
    try:
        return wording.parse_date(text, today)
    except BadValue:
        return None


def write(services: Services, own: TeamId | None, day: date, wanted: list[str], out: Path) -> int:
    """Write the sheets of the teams named, or of one's own, and put each on the audit trail."""
    teams, unknown = choose(services.deployment.teams(), own, wanted)
    for name in unknown:
        print(f"There is no team “{name}”.", file=sys.stderr)
    if unknown or not teams:
        if not teams and not unknown:
            print("Which team? Say --team NAME.", file=sys.stderr)
        return 2
    files = 0
    for team in teams:
        data = services.deployment.sheets(team.id, day)
        if not data.visits:
            print(f"{team.name}: nobody is visited on {wording.day(day)}.", file=sys.stderr)
            continue
        written = write_sheets(data, out)
        services.governance.note("print", "deployment", f"sheets {team.id} {day.isoformat()}")
        files += len(written)
        for path in written:
            print(path)
    return 0 if files else 1


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
