"""``centre training …``: the invented city, and who signs in to it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from time import monotonic
from typing import Any, TextIO

from coordination.training.outcome import STEPS, Summary
from coordination.training.users import TRAINING_USERS, training_password
from ui.cli.opened import Opened
from ui.training.messages import STEPS as NAMES

# About how long each step takes beside the others, for a city of 20,000; the people's part grows with their number.
_SHARES = {
    "places": 2,
    "people": 40,
    "queue": 6,
    "apartments": 1,
    "plans": 12,
    "boards": 28,
    "names": 2,
    "statistics": 9,
}
_WIDTH = 30


def add_parser(subparsers: Any) -> None:
    top = subparsers.add_parser("training", help="load the invented city; list who signs in to it")
    sub = top.add_subparsers(dest="training_command", metavar="WHAT", required=True)
    load = sub.add_parser(
        "load",
        help="fill an empty database with the training city",
        description="An invented Manchester: people, referrals, plans, workers and visits around today. Nobody in it "
        "exists. The same number of people and the same seed give the same city.",
        epilog="Exit codes: 0 loaded, 1 refused (it says why), 3 no database. See docs/training-city.md.",
    )
    load.add_argument("--people", type=int, default=20_000, metavar="N", help="how many people (default 20000)")
    load.add_argument("--seed", type=int, default=7, metavar="N", help="another seed, another city (default 7)")
    load.add_argument("--replace", action="store_true", help="throw away the training city that is there first")
    load.set_defaults(run=run)
    users = sub.add_parser("users", help="user names, passwords, roles")
    users.set_defaults(run=run)


def run(options: argparse.Namespace, opened: Opened) -> int:
    """Either of the two."""
    if options.training_command == "users":
        return list_users(print)
    centre = opened.open(city=False)  # not the usual city first
    load: Callable[..., Summary] = centre.load_training
    bar = Bar(sys.stderr, options.people)
    try:
        summary = load(
            options.people,
            options.seed,
            password=opened.owner_password(),
            progress=bar.step,
            replace=options.replace,
        )
    finally:
        bar.end()
    told = {table: f"{count:,}" for table, count in summary.rows.items()}
    print(
        f"{summary.people:,} people, {told['referral']} referrals, {told['visit']} visits, {told['stay']} stays "
        f"in {summary.seconds:.1f} s (seed {summary.seed})."
    )
    print("Sign in as nadia.coordinator, or anybody that `centre training users` lists.")
    return 0


def list_users(say: Callable[[str], object]) -> int:
    """One line a login. The passwords are no secret: the city is invented."""
    say(f"{'user name':22} {'password':32} {'role':22} {'where':9} who")
    for user in TRAINING_USERS:
        role, where = user.role.replace("_", " "), user.locality or "city"
        team = f" ({user.team})" if user.team else ""
        say(f"{user.user_name:22} {training_password(user.user_name):32} {role:22} {where:9} {user.display_name}{team}")
    return 0


class Bar:
    """How far it is: a bar where somebody watches, a line a step where nobody does."""

    def __init__(self, out: TextIO, people: int) -> None:
        self._out, self._watched = out, out.isatty()
        self._shares = {**_SHARES, "people": max(_SHARES["people"] * people // 20_000, 1)}
        self._told = ""
        self._drawn = 0.0

    def step(self, step: str, done: int, total: int) -> None:
        """``done`` of ``total`` of a step."""
        if not self._watched:
            if step != self._told:
                self._told = step
                print(NAMES.get(step, step), file=self._out)
            return
        if monotonic() - self._drawn < 0.1 and done < total:
            return
        self._drawn = monotonic()
        fraction = self.fraction(step, done, total)
        filled = round(fraction * _WIDTH)
        count = f" {done:,} of {total:,}" if step == "people" else ""
        words = f"{NAMES.get(step, step)}{count}"
        self._out.write(f"\r[{'#' * filled}{'.' * (_WIDTH - filled)}] {fraction:4.0%}  {words:40}")
        self._out.flush()

    def fraction(self, step: str, done: int, total: int) -> float:
        """Of the whole, between 0 and 1."""
        before = sum(self._shares[s] for s in STEPS[: STEPS.index(step)])
        return (before + self._shares[step] * done / max(total, 1)) / sum(self._shares.values())

    def end(self) -> None:
        if self._watched and self._drawn:
            self._out.write("\r" + " " * (_WIDTH + 52) + "\r")
            self._out.flush()
