"""The saved views of the queue: a name and a filter each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from coordination.intake.model import QueueFilter

VIEWS: Mapping[str, QueueFilter] = {
    "open": QueueFilter(),
    "mine": QueueFilter(holder="me"),
    "unclaimed": QueueFilter(holder="nobody"),
    "overdue": QueueFilter(overdue=True),
    "due_soon": QueueFilter(due_within=timedelta(minutes=15)),
    "urgent": QueueFilter(urgencies=frozenset({"two_hours", "same_day"})),
    "safeguarding": QueueFilter(safeguarding=True),
    "accepted": QueueFilter(states=frozenset({"accepted"})),
    # Declined, and I am the next owner: to be settled by me.
    "to_settle": QueueFilter(states=frozenset({"declined"}), holder="me"),
}
