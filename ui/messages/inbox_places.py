"""From a source to the place itself: which folder on this computer, and with which password. No Qt."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from coordination.messages.inbox import DEFAULT_FOLDER, Source
from coordination.messages.inbox_place import Place
from ui import remembered

PASSWORD_IN = "CENTRE_INBOX_PASSWORD"  # noqa: S105 - the name of a variable, for one run of one source
Password = Callable[[Source], "str | None"]


def place_maker(data_folder: Path, password: Password) -> Callable[[Source], Place]:
    """``data_folder`` holds the folder that an embedded database comes with."""

    def make(source: Source) -> Place:
        if source.kind == "folder":
            from coordination.messages.inbox_folder import FolderPlace  # with all that reads messages

            own = source.folder == DEFAULT_FOLDER
            return FolderPlace(data_folder / DEFAULT_FOLDER if own else Path(source.folder))
        from coordination.messages.inbox_imap import ImapPlace  # with the library: only where there is a mailbox

        return ImapPlace(source, lambda: password(source))

    return make


def kept_password(source: Source) -> str | None:
    """From the keyring of this computer, under the account and its host; nothing else is ever asked."""
    return remembered.recall(source.account, source.user_name)


def given_password(source: Source) -> str | None:
    """For a run without anybody: the environment's, else the keyring's."""
    return os.environ.get(PASSWORD_IN) or kept_password(source)


def keep_password(source: Source, password: str) -> bool:
    """False where there is no keyring to keep it in."""
    return remembered.remember(source.account, source.user_name, password)


def forget_password(source: Source) -> None:
    remembered.forget(source.account, source.user_name)
