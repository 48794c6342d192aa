"""``centre admin guard-sign-ins``: on a shared server's machine; who tries many passwords is shut out a while."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from coordination.governance.lock_out import Limits, Lock
from ui.cli.opened import Opened

_PAUSE = 1.0  # seconds between two looks at the log
_NO_LOG = (
    "The server writes no log as JSON, so nobody is locked out. As superuser: alter system set log_destination = "
    "'stderr,jsonlog'; alter system set logging_collector = on; then start the server anew."
)
_CLOSED = "{what} cannot be read or written ({why}). Run this as the account that runs PostgreSQL."
_NAMES_OFF = (
    "One password tried for many names is not caught. --names N shuts out an address at which N names were refused, "
    "with every desk that comes from it."
)
_NAMES_ON = "An address at which {names} names are refused is shut out, with every desk that comes from it."


def add_parser(admin: Any) -> None:
    make = admin.add_parser("guard-sign-ins", help="on a shared server's machine: lock out who tries many passwords")
    make.add_argument("--server-data", type=Path, metavar="DIR", required=True, help="the server's data folder")
    make.add_argument("--once", action="store_true", help="one look, for cron; else until stopped")
    make.add_argument("--tries", type=_number(3, 1000), default=10, metavar="N", help="for a login (default: 10)")
    make.add_argument(
        "--minutes", type=_number(1, 1440), default=15, metavar="N", help="counted within, shut out for (default: 15)"
    )
    make.add_argument("--names", type=_number(0, 1000), default=0, metavar="N", help="for an address (default: 0, off)")
    instead = make.add_mutually_exclusive_group()
    instead.add_argument("--list", action="store_true", help="who is locked out now")
    instead.add_argument("--release", metavar="LOGIN", help="let a login, or all from an address, in again")
    make.set_defaults(run=guard_sign_ins)


def _number(least: int, most: int) -> Callable[[str], int]:
    def number(typed: str) -> int:
        if not least <= int(typed) <= most:
            raise argparse.ArgumentTypeError(f"from {least} to {most}")
        return int(typed)

    return number


def guard_sign_ins(options: argparse.Namespace, _opened: Opened) -> int:
    """0 when it was done; 1 when the log or the server's folder cannot be used, and says so."""
    from ui import root

    asked = options.list or options.release
    limits = None if asked else Limits(options.tries, options.minutes, options.names)
    guard = root.sign_in_guard(options.server_data, limits)
    try:
        if not guard.is_there():
            print(f"{options.server_data} is not the data folder of a PostgreSQL server.", file=sys.stderr)
            return 1
        if options.list:
            print("\n".join(map(_is_out, guard.locks())) or "Nobody is locked out.")
            return 0
        if options.release:
            found = guard.release(options.release)
            print(f"{options.release} is let in again." if found else f"{options.release} was not locked out.")
            print("".join(f"{_is_out(lock)}\n" for lock in guard.locks() if not lock.login), end="")
            return 0
        said = Said(guard.locks())
        if options.once:
            return said.tell(guard.turn())
        print(_NAMES_ON.format(names=options.names) if options.names else _NAMES_OFF, flush=True)
        return _watch(guard, said)
    except OSError as error:
        print(_CLOSED.format(what=options.server_data, why=error.strerror), file=sys.stderr)
        return 1


def _watch(guard: Any, said: Said) -> int:
    """Look until stopped. Whoever stops it lets everybody in again: nobody would, later."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        said.tell(guard.turn())
        while True:
            time.sleep(_PAUSE)
            try:
                said.tell(guard.turn())
            except OSError as error:  # a full disk has room again one day
                said.fault(_CLOSED.format(what="The server's folder", why=error.strerror))
    except KeyboardInterrupt:
        guard.leave()
        print("Nobody guards the sign-ins any more, and nobody is locked out.")
        return 0
    finally:
        signal.signal(signal.SIGTERM, before)


class Said:
    """What was told already is not told again: cron sends each line as a mail."""

    def __init__(self, before: list[Lock]) -> None:
        self._out = {(lock.login, lock.address): lock for lock in before}
        self._fault = ""

    def tell(self, turn: Any) -> int:
        """The exit code of a single turn."""
        now = {(lock.login, lock.address): lock for lock in turn.locks}
        for who, lock in now.items():
            if who not in self._out:
                print(_is_out(lock), flush=True)
        for who in self._out.keys() - now.keys():
            print(f"{_who(self._out[who])} may sign in again.", flush=True)
        self._out = now
        self.fault("" if turn.fault is None else _fault(turn.fault))
        return 1 if turn.fault else 0

    def fault(self, words: str) -> None:
        if words and words != self._fault:
            print(words, file=sys.stderr, flush=True)
        self._fault = words


def _fault(error: Exception) -> str:
    if isinstance(error, OSError):
        return _CLOSED.format(what="The server's log", why=error.strerror)
    return _NO_LOG


def _who(lock: Lock) -> str:
    return f"{lock.login or 'Everybody'} at {lock.address}"


def _is_out(lock: Lock) -> str:
    return f"{_who(lock)} is locked out until {lock.until.astimezone():%H:%M:%S}."
