"""What is said of drafts and the outbox."""

from __future__ import annotations

from coordination.errors import Conflict
from coordination.local.outbox import OutboxItem
from ui.sentences import sentence

IN_MEMORY = {
    "disk_full": "kept in memory only: the disk is full",
    "not_writable": "kept in memory only: this computer's disk cannot be written",
    "locked_out": "kept in memory only",
}
TAKEN_OTHERWISE = (
    "It is in the database already, with another end than this one. Open it to send it as a further contact, "
    "or remove it."
)


def refusal(item: OutboxItem) -> str:
    """Why the database did not take it, in words."""
    if isinstance(item.refused, Conflict):
        return TAKEN_OTHERWISE
    if item.refused is not None:
        return sentence(item.refused)
    return (
        f"Something that the program did not expect ({item.unforeseen}). It is kept: send it again, and if it comes "
        "back, tell support the time and this name."
    )
