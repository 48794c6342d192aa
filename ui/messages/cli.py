"""``centre import FILE…``: messages into the queue, from the command line."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from coordination.errors import CoordinationError, DatabaseAway, NotAllowed, SignInFailed
from coordination.messages.model import Finding
from coordination.messages.reading import not_read
from coordination.messages.record import Taken
from coordination.messages.service import Messages
from ui.messages import wording
from ui.messages.files import take_in
from ui.sentences import sentence

DONE, REFUSED, USAGE = 0, 1, 2
_WIDTH = 14


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "import",
        help="take in BaRS messages, e-mails and online forms",
        description="Each file becomes a contact and, when it asks for care, a referral in the queue; or it is refused "
        "with the reasons. The original is kept. The same message twice makes no second referral.",
        epilog="Exit codes: 0 every file is in, 1 some were refused, 2 usage. See docs/importing.md.",
    )
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="BaRS (XML or JSON), .eml, or online form (JSON)"
    )
    parser.add_argument("--quiet", action="store_true", help="one line a file, without what was found")
    parser.add_argument("--json", action="store_true", help="one JSON object a file, on one line")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, opened: Any) -> int:
    """Take the files in, in the order given. ``opened`` signs in a care co-ordinator unless ``--user`` says who."""
    missing = [path for path in options.files if not path.exists()]
    if missing:
        for path in missing:
            _say(f"{'not found':{_WIDTH}}{path}")
        return USAGE
    session = opened.sign_in("care_coordinator")
    return import_files(session.services.messages, options.files, quiet=options.quiet, as_json=options.json)


def import_files(
    messages: Messages,
    files: list[Path],
    *,
    quiet: bool = False,
    as_json: bool = False,
    say: Callable[[str], None] | None = None,
) -> int:
    """The exit code. One file that the database refuses does not stop the others."""
    say = say or _say
    refused = 0
    for path in files:
        taken = _take(messages, path)
        refused += taken.outcome == "refused"
        if as_json:
            say(json.dumps(_plain(path, taken), ensure_ascii=False))
            continue
        say(_line(path, taken))
        for finding in [] if quiet else wording.worst_first(taken.findings):
            say(_finding(finding))
    if len(files) > 1 and not as_json:
        say(f"{len(files) - refused} of {len(files)} files are in, {refused} refused.")
    return REFUSED if refused else DONE


def _take(messages: Messages, path: Path) -> Taken:
    try:
        return take_in(messages, path)
    except (DatabaseAway, NotAllowed, SignInFailed):
        raise
    except CoordinationError as error:
        return Taken(not_read(path.name, "not_stored", why=sentence(error)), "refused")


def _line(path: Path, taken: Taken) -> str:
    told = [wording.KINDS[taken.message.kind]]
    record = taken.record
    if record is not None and record.referral_number:
        told.append(f"referral {record.referral_number}")
    elif record is not None and record.contact_id:
        told.append("contact, no referral")
    elif taken.outcome == "again":
        told.append("taken in before, about somebody whom you may not see")
    return f"{wording.outcome(taken.outcome).lower():{_WIDTH}}{path}  {', '.join(told)}"


def _finding(finding: Finding) -> str:
    return f"{'':{_WIDTH}}{wording.place(finding)}: {wording.finding_words(finding)} [{wording.weight(finding)}]"


def _plain(path: Path, taken: Taken) -> dict[str, Any]:
    record = taken.record
    return {
        "file": str(path),
        "outcome": taken.outcome,
        "kind": taken.message.kind.value,
        "referral": record.referral_number if record else None,
        "message": str(record.id) if record else None,
        "findings": [
            {
                "path": f.path,
                "severity": f.severity.value,
                "code": f.code,
                "facts": dict(f.facts),
                "words": wording.finding_words(f),
            }
            for f in taken.findings
        ],
    }


def _say(line: str) -> None:
    print(line)  # noqa: T201 - results of a command go to standard output
