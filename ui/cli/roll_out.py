"""``centre roll-out``: shifts from rotas and visits from patterns, of every team, for the days to come (D1).

For a job that runs by itself, once a night. Running it again makes nothing twice. What was made is said on standard
output, a line a team; what could not be made, and why, on standard error.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from typing import Any

from coordination.errors import BadValue, Refused
from coordination.services import Services
from coordination.workforce.ahead import MOST_DAYS, MadeAhead
from ui import wording
from ui.cli.opened import Opened
from ui.cli.sheets import read_day
from ui.sentences import sentence
from ui.workforce import words

DONE, IN_PART, USAGE = 0, 1, 2


def add_parser(commands: Any) -> None:
    made = commands.add_parser(
        "roll-out",
        help="make the shifts and visits of the days to come",
        epilog="Without --days and --until, shifts are made four weeks ahead and visits six. Exit codes: 0 done; 1 not"
        " now, because a desk is about it, or not all of it; 2 a day that is none, or too far away.",
    )
    reach = made.add_mutually_exclusive_group()
    reach.add_argument("--days", type=int, metavar="N", help=f"so many days from today on, at most {MOST_DAYS}")
    reach.add_argument("--until", metavar="DAY", help="up to that day, that day too: 2026-12-31 or tomorrow")
    made.set_defaults(run=run)


def run(options: argparse.Namespace, opened: Opened) -> int:
    """0 when everything is made; 1 while a desk is about it; 2 for a day that is none."""
    until = None
    if options.until is not None:
        until = read_day(options.until)
        if until is None:
            print(f"“{options.until}” is not a day. Write 2026-12-31 or tomorrow.", file=sys.stderr)
            return USAGE
    return make(opened.sign_in("team_lead").services, options.days, until)


def make(services: Services, days: int | None, until: date | None) -> int:
    """Make everything ahead and say what was made."""
    try:
        found = services.ahead.make(days, until)
    except BadValue:
        print(f"Choose a day from today on, at most {MOST_DAYS} days from now.", file=sys.stderr)
        return USAGE
    except Refused as error:
        print(sentence(error), file=sys.stderr)
        return IN_PART
    _say(found)
    return DONE


def _say(found: MadeAhead) -> None:
    for team in found.teams:
        done = team.shifts
        reach = f"{wording.day(done.first)} to {wording.day(done.last)}"
        taken = f", {done.removed:,} taken away" if done.removed else ""
        print(f"{team.name}, {reach}: {wording.count(done.added, 'shift')} made{taken}, {done.kept:,} there already.")
        for line in words.told_lines(done):
            print(f"{team.name}: {line}", file=sys.stderr)
        for left in done.stranded:
            print(f"{team.name}: {left.worker}: {words.given_words(left)}", file=sys.stderr)
    print(f"{wording.count(found.visits, 'visit')} made from recurring visits.")
