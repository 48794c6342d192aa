"""What a source must be, and when to try again. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import PurePosixPath, PureWindowsPath

from coordination.errors import BadValue, BadValues
from coordination.messages.inbox import DEFAULT_FOLDER, SourceDraft

PORTS = {"tls": 993, "starttls": 143, "plain": 143}
LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))
SHORTEST, LONGEST = timedelta(seconds=10), timedelta(hours=1)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=15)
_HOST = re.compile(r"(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_.\-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]{2,45}")
_CONTROL = re.compile("[\x00-\x1f\x7f]")


def check_source(draft: SourceDraft) -> SourceDraft:
    """The source, tidied: fields that its kind does not have are emptied. Raises BadValues."""
    problems: list[BadValue] = []

    def wrong(field: str, reason: str) -> None:
        problems.append(BadValue(field, reason))

    name, folder = draft.name.strip(), draft.folder.strip()
    if not name or len(name) > 100:
        wrong("name", "too_long" if name else "required")
    if draft.kind not in ("folder", "imap"):
        wrong("kind", "unknown_choice")
    if not SHORTEST <= draft.every <= LONGEST:
        wrong("every", "out_of_range")
    if draft.kind == "imap":
        made = _mailbox(replace(draft, name=name, folder=folder or "INBOX"), wrong)
    else:
        if not folder:
            wrong("folder", "required")
        elif not is_place(folder):
            wrong("folder", "not_a_whole_path")
        made = SourceDraft("folder", name, folder, every=draft.every)
    for field in ("name", "folder", "host", "user_name"):
        if _CONTROL.search(getattr(made, field)):
            wrong(field, "has_unstorable_character")
    if len(made.folder) > 1000:
        wrong("folder", "too_long")
    if problems:
        raise BadValues(tuple(problems))
    return made


def _mailbox(draft: SourceDraft, wrong: object) -> SourceDraft:
    say = wrong if callable(wrong) else lambda *_: None
    host, user, security = draft.host.strip().strip("[]"), draft.user_name.strip(), draft.security or "tls"
    if not host:
        say("host", "required")
    elif not _HOST.fullmatch(host):
        say("host", "not_a_host")
    if not user:
        say("user_name", "required")
    elif len(user) > 320:
        say("user_name", "too_long")
    if security not in PORTS:
        say("security", "unknown_choice")
        security = "tls"
    port = draft.port or PORTS[security]
    if not 1 <= port <= 65535:
        say("port", "out_of_range")
    reason = draft.plain_reason.strip() if security == "plain" and host.lower() not in LOOPBACK else ""
    if security == "plain" and host.lower() not in LOOPBACK and not 10 <= len(reason) <= 500:
        say("plain_reason", "too_short" if len(reason) < 10 else "too_long")
    return replace(draft, host=host, user_name=user, security=security, port=port, plain_reason=reason)


def is_place(folder: str) -> bool:
    """A whole path, of whichever system; or the one folder that lies in the data folder."""
    return folder == DEFAULT_FOLDER or PurePosixPath(folder).is_absolute() or PureWindowsPath(folder).is_absolute()


def wait_after(failures: int, chance: float) -> timedelta:
    """How long to leave a source alone after so many failures in a row: doubling, with a third up or down by chance
    (0 to 1), so that many desks do not come back in the same second."""
    doubled = FIRST_WAIT * (1 << min(max(failures, 1) - 1, 10))
    return min(doubled, LONGEST_WAIT) * (2 / 3 + chance * 2 / 3)
