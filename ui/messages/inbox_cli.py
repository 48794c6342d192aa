"""``centre inbox …``: read the sources of machine-made contacts, and say where to look."""

from __future__ import annotations

import argparse
import getpass
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

from coordination.errors import BadValues
from coordination.messages.inbox import PassResult, Source, SourceDraft, SourceRow
from coordination.messages.inbox_reader import MakePlace, Reader
from coordination.messages.inbox_service import Inbox
from coordination.values import new_id
from ui.messages import inbox_words
from ui.messages.inbox_places import given_password, keep_password, kept_password, place_maker
from ui.messages.outgoing import sender
from ui.sentences import sentence

DONE, REFUSED, USAGE = 0, 1, 2
Say = Callable[[str], None]
After = Callable[[Source], object]


def _nothing(_source: Source) -> None:
    """Nothing goes out."""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "inbox",
        help="read watched folders and mailboxes",
        description="Messages that arrive by themselves: read once, never deleted. See docs/importing.md.",
    )
    commands = parser.add_subparsers(dest="inbox_command", metavar="COMMAND", required=True)
    run_ = commands.add_parser(
        "run",
        help="read the sources, again and again or once",
        description="Reads until it is stopped (Ctrl+C, SIGTERM). The password of a mailbox comes from the variable "
        "CENTRE_INBOX_PASSWORD (with one --source), from the keyring, or is asked for at a terminal.",
        epilog="Exit codes: 0 all is read; 1 something was refused, or a source cannot be read; 2 no such source; "
        "3 no database; 4 not signed in or not allowed; 130 stopped.",
    )
    run_.add_argument("--source", action="append", metavar="NAME", help="only this one; may be given again")
    run_.add_argument("--once", action="store_true", help="one look at each, then end")
    run_.add_argument("--again", action="store_true", help="also what was given up, such as a refused password")
    run_.set_defaults(run=run)
    sources = commands.add_parser("sources", help="where is looked, and how it stands")
    sources.set_defaults(run=list_sources)
    add = commands.add_parser("add", help="say where to look (managers and administrators)")
    add.add_argument("name")
    add.add_argument("--folder", required=True, help="a whole path; or the folder of the mailbox, such as INBOX")
    add.add_argument("--host", default="", help="of the mail server; without it a folder is watched")
    add.add_argument("--port", type=int)
    add.add_argument("--mailbox-user", default="", metavar="NAME")
    add.add_argument("--security", choices=("tls", "starttls", "plain"), default="tls")
    add.add_argument("--plain-reason", default="", metavar="WORDS", help="why a password may go in clear")
    add.add_argument("--every", type=int, default=60, metavar="SECONDS")
    add.set_defaults(run=add_source)
    keep = commands.add_parser("password", help="keep the password of a mailbox in this computer's keyring")
    keep.add_argument("source")
    keep.set_defaults(run=remember)


def run(options: argparse.Namespace, opened: Any) -> int:
    """As a care co-ordinator unless ``--user`` says who: whoever reads takes contacts, and stands on each of them."""
    services = opened.sign_in("care_coordinator").services
    inbox: Inbox = services.inbox
    sources = _chosen(inbox, options.source)
    if not sources:
        return USAGE
    after = sender(lambda: services.hospital, opened.folder)
    if options.again:
        for source in sources:
            inbox.ask_to_look(source.id)
    make = place_maker(opened.folder, _passwords(sources))
    if options.once:
        return read_once(inbox, sources, make, _say, after)
    with _stopped_by_signals() as stop:
        return read_on(inbox, sources, make, _say, stop, after)


def read_once(inbox: Inbox, sources: list[Source], make: MakePlace, say: Say, after: After = _nothing) -> int:
    """One look at each. The exit code."""
    bad = False
    for source in sources:
        result = Reader(inbox.reading, source.id, make, after=after).once()
        say(f"{source.name}  {inbox_words.outcome(result)}")
        bad = bad or bool(result.refused or result.problem)
    return REFUSED if bad else DONE


def read_on(
    inbox: Inbox, sources: list[Source], make: MakePlace, say: Say, stop: Event, after: After = _nothing
) -> int:
    """A thread a source, until asked to stop. A line whenever there is something new to say."""
    failed: list[Exception] = []

    def read(source: Source) -> None:
        last = ""

        def said(result: PassResult) -> None:
            nonlocal last
            words = inbox_words.outcome(result)
            if words != last or result.taken or result.refused:
                say(f"{source.name}  {words}")
            last = words

        try:
            Reader(inbox.reading, source.id, make, stop=stop, after=after).run(said)
        except Exception as error:
            failed.append(error)
            stop.set()

    threads = [Thread(target=read, args=(source,), name=f"inbox {source.id}") for source in sources]
    for thread in threads:
        thread.start()
    try:
        while any(thread.is_alive() for thread in threads):
            for thread in threads:
                thread.join(0.5)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    if failed:
        raise failed[0]
    return DONE


def list_sources(_options: argparse.Namespace, opened: Any) -> int:
    rows: list[SourceRow] = opened.sign_in("care_coordinator").services.inbox.sources()
    for row in rows:
        state = row.state
        _say(f"{row.source.name}  ({inbox_words.place(row.source)})")
        _say(f"    {inbox_words.standing(row)}")
        counted = f"    {state.read:,} read, {state.refused:,} to see to"
        _say(f"{counted}, read by {state.held_by} now" if state.held_by else counted)
    if not rows:
        _say("No source yet. Add one with: centre inbox add NAME --folder PATH")
    return DONE


def add_source(options: argparse.Namespace, opened: Any) -> int:
    inbox: Inbox = opened.sign_in("manager").services.inbox
    mailbox = bool(options.host)
    folder = options.folder if mailbox else str(Path(options.folder).expanduser().absolute())
    draft = SourceDraft(
        kind="imap" if mailbox else "folder", name=options.name, folder=folder, host=options.host, port=options.port,
        user_name=options.mailbox_user, security=options.security if mailbox else None,
        plain_reason=options.plain_reason, every=timedelta(seconds=options.every),
    )  # fmt: skip
    try:
        source = inbox.add(draft, new_id())
    except BadValues as error:
        for problem in error.problems:
            print(f"{problem.field}: {sentence(problem)}", file=sys.stderr)  # noqa: T201
        return USAGE
    _say(f"{source.name}  {inbox_words.place(source)}")
    return DONE


def remember(options: argparse.Namespace, opened: Any) -> int:
    """The password is asked for, never given on a command line that others can see."""
    inbox: Inbox = opened.sign_in("care_coordinator").services.inbox
    sources = _chosen(inbox, [options.source])
    if not sources or sources[0].kind != "imap":
        return USAGE
    asked = sys.stdin.isatty()
    password = getpass.getpass() if asked else sys.stdin.readline().rstrip("\r\n")
    if not password or not keep_password(sources[0], password):
        _say("Not kept: this computer has no keyring. Give it with CENTRE_INBOX_PASSWORD for the run.")
        return REFUSED
    inbox.ask_to_look(sources[0].id)
    _say("Kept in the keyring of this computer.")
    return DONE


def _chosen(inbox: Inbox, names: list[str] | None) -> list[Source]:
    """Those that are named, else all that are switched on; none when one of the names is no source."""
    sources = {row.source.name.casefold(): row.source for row in inbox.sources()}
    if not names:
        found = [source for source in sources.values() if source.active]
        if not found:
            _say("No source is switched on.")
        return found
    missing = [name for name in names if name.casefold() not in sources]
    for name in missing:
        _say(f"There is no source called {name}.")
    return [] if missing else [sources[name.casefold()] for name in names]


def _passwords(sources: list[Source]) -> Callable[[Source], str | None]:
    """The environment's, where it can only be meant for one mailbox; the keyring's; else asked for, once."""
    mailboxes = [source for source in sources if source.kind == "imap"]
    known = given_password if len(mailboxes) == 1 else kept_password
    asked: dict[str, str] = {}
    if sys.stdin.isatty():
        for source in mailboxes:
            if known(source) is None:
                asked[source.account] = getpass.getpass(f"Password of {source.user_name} at {source.host}: ")
    return lambda source: asked.get(source.account) or known(source)


@contextmanager
def _stopped_by_signals() -> Iterator[Event]:
    stop = Event()
    before = signal.signal(signal.SIGTERM, lambda *_: stop.set())
    try:
        yield stop
    finally:
        signal.signal(signal.SIGTERM, before)


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - results of a command go to standard output
