"""``centre``: the desktop, and the same use cases from a command line.

Exit codes: 0 done; 1 done in part, or refused (it says what); 2 wrong usage; 3 the database cannot be reached or used;
4 not signed in, or not allowed; 130 stopped by the user.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from coordination.errors import CoordinationError, DatabaseAway, LockedOut, NotAllowed, SignInFailed
from ui.cli import tour
from ui.cli.opened import Opened
from ui.sentences import sentence

DONE, REFUSED, USAGE, NO_DATABASE, NOT_ALLOWED, STOPPED = 0, 1, 2, 3, 4, 130
_OF_ALL = ("--data", "--database", "--user")  # each with a value


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    # With all that the commands bring with them: the windows open without.
    from ui.cli import admin, reference, roll_out, sheets, training
    from ui.messages import cli as messages
    from ui.messages import inbox_cli as inbox

    top = _top()
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    for module in (tour, messages, inbox, sheets, roll_out, training, admin):
        module.add_parser(commands)
    reference.add_parser(admin.subcommands(commands))
    return top


def _top() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="centre",
        description="The co-ordination centre: one queue, one record, the day's visits, the apartments.",
        epilog="Without a command, the desktop opens. Exit codes: 0 done, 1 refused or in part, 2 usage, "
        "3 no database, 4 not signed in or not allowed, 130 stopped.",
    )
    top.add_argument("--data", type=Path, metavar="DIR", help="data folder (default: this system's own place for it)")
    top.add_argument(
        "--database",
        metavar="URL",
        help="a shared server, postgresql://[user@]host[:port]/name, in place of the embedded one",
    )
    top.add_argument("--user", metavar="NAME", help="who signs in (asks for the password; training users need none)")
    top.set_defaults(command=None)
    return top


def _is_desktop(given: Sequence[str]) -> bool:
    """Whether no command is named, as far as can be seen without knowing the commands."""
    words = iter(given)
    for word in words:
        if word in _OF_ALL:
            if next(words, "-").startswith("-"):
                return False
        elif word.partition("=")[0] not in _OF_ALL:
            return False
    return True


def data_folder(chosen: Path | None) -> Path:
    """The folder that everything is written to."""
    if chosen is not None:
        return chosen.expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("coordination-centre", appauthor=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    options = (_top() if _is_desktop(given) else parser()).parse_args(given)
    opened = Opened(data_folder(options.data), options.database, options.user)
    try:
        return _run(options, opened)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return STOPPED
    except (SignInFailed, NotAllowed, LockedOut) as error:
        print(sentence(error), file=sys.stderr)
        return NOT_ALLOWED
    except DatabaseAway as error:
        print(sentence(error), file=sys.stderr)
        return NO_DATABASE
    except CoordinationError as error:
        print(sentence(error), file=sys.stderr)
        return NO_DATABASE if opened.centre is None else REFUSED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return REFUSED
    finally:
        opened.close()


def _run(options: argparse.Namespace, opened: Opened) -> int:
    if options.command in (None, "tour"):
        from ui.logs import log_to

        log_to(opened.folder)
    if options.command is None:
        return _desktop(opened)
    run: Callable[[argparse.Namespace, Opened], int] = options.run
    return run(options, opened)


def _desktop(opened: Opened) -> int:
    """The windows; where they cannot be seen, the tour through them."""
    if not tour.has_display() and "QT_QPA_PLATFORM" not in os.environ:
        pictures = opened.folder / "tour-pictures"
        print(f"There is no display here, so this is the tour; its pictures and sheets go to {pictures}.")
        return tour.run(argparse.Namespace(out=pictures, slow=False, unseen=True), opened)
    from ui.desktop import run_desktop

    return run_desktop(opened)


if __name__ == "__main__":
    sys.exit(main())
