"""The views of the queue: a name and a filter each; those that come with the centre, and those that people save."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from coordination.errors import BadValue, BadValues, Conflict, NotFound
from coordination.intake.model import CHANNELS, MOVES, OPEN_STATES, State
from coordination.intake.queue import QUEUE_ORDERS, OwnView, QueueFilter
from coordination.intake.reference import URGENCIES
from coordination.people.text import check_text
from coordination.values import UserName

if TYPE_CHECKING:
    from coordination.work import Work

PAST: frozenset[State] = frozenset({"declined", "closed"})
LONGEST_NAME = 40
MOST_VIEWS = 20
SHARES = ("", "centre", "team")
_LONGEST_LOOK = 4000

VIEWS: Mapping[str, QueueFilter] = {
    "open": QueueFilter(),
    "mine": QueueFilter(holder="me"),
    "unclaimed": QueueFilter(holder="nobody"),
    "overdue": QueueFilter(overdue=True),
    "due_soon": QueueFilter(due_within=timedelta(minutes=15)),
    "urgent": QueueFilter(urgencies=frozenset({"two_hours", "same_day"})),
    "safeguarding": QueueFilter(safeguarding=True),
    # Paused, or waiting for what was asked.
    "on_hold": QueueFilter(on_hold=True),
    "accepted": QueueFilter(states=frozenset({"accepted"})),
    # Declined, and I am the next owner: to be settled by me.
    "to_settle": QueueFilter(states=frozenset({"declined"}), holder="me"),
    # Everything that was closed or declined, the last first.
    "past": QueueFilter(states=PAST, order="closed"),
}


def fitting(asked: QueueFilter) -> QueueFilter:
    """The same, in an order that there is for it: what is past, and only that, is paged from the last closed."""
    past = asked.states <= PAST and asked.holder == "anyone"
    if past == (asked.order == "closed"):
        return asked
    return replace(asked, order="closed" if past else "due", after=None)


# ---------------------------------------------------------------- as they are kept


def as_data(asked: QueueFilter) -> dict[str, Any]:
    """What a saved view keeps: never whom somebody looked for. Locality is the desk's."""
    return {
        "states": sorted(asked.states),
        "holder": asked.holder,
        "overdue": asked.overdue,
        "due_within": None if asked.due_within is None else int(asked.due_within.total_seconds()),
        "safeguarding": asked.safeguarding,
        "on_hold": asked.on_hold,
        "urgencies": sorted(asked.urgencies),
        "services": sorted(asked.services),
        "holders": sorted(asked.holders),
        "neighbourhoods": sorted(asked.neighbourhoods),
        "sources": sorted(asked.sources),
        "order": asked.order,
    }


def from_data(kept: Any) -> QueueFilter:
    """A filter as it was kept, by this program or another of its versions; what it does not know is left out."""
    kept = kept if isinstance(kept, Mapping) else {}

    def words(name: str, known: Any = None) -> frozenset[Any]:
        found = kept.get(name)
        found = found if isinstance(found, list | tuple) else ()
        return frozenset(w for w in found if isinstance(w, str) and (known is None or w in known))

    seconds = kept.get("due_within")
    whole = seconds if type(seconds) is int and 0 < seconds <= 366 * 86400 else None
    places = kept.get("neighbourhoods")
    holder, order = kept.get("holder"), kept.get("order")
    return fitting(
        QueueFilter(
            states=words("states", MOVES) or frozenset(OPEN_STATES),
            holder=holder if holder in ("me", "nobody") else "anyone",
            overdue=kept.get("overdue") is True,
            due_within=timedelta(seconds=whole) if whole else None,
            safeguarding=kept.get("safeguarding") is True,
            on_hold=kept.get("on_hold") is True,
            urgencies=words("urgencies", URGENCIES),
            services=words("services"),
            holders=frozenset(map(UserName, words("holders"))),
            neighbourhoods=frozenset(
                n for n in (places if isinstance(places, list | tuple) else ()) if type(n) is int and 1 <= n <= 12
            ),
            sources=words("sources", CHANNELS),
            order=order if order in QUEUE_ORDERS else "due",
        )
    )


# ---------------------------------------------------------------- use cases, inside an open transaction


def save(work: Work, view: OwnView) -> OwnView:
    """A new view, or one that had been forgotten; the same id twice is one. Raises BadValues (view_name)."""
    kept = _checked(work, view)
    work.intake.insert_view(kept)
    return kept


def change(work: Work, view: OwnView) -> OwnView:
    """Name, filter, look or place anew; ``view.revision`` was seen. Raises BadValues, Conflict, NotFound."""
    kept = _checked(work, view)
    if not work.intake.update_view(kept):
        there = {own.id: own for own in work.intake.choices().own}
        if view.id not in there:
            raise NotFound("views", str(view.id))
        raise Conflict("views", str(view.id), view.revision, there[view.id])
    return replace(kept, revision=view.revision + 1)


def put_in_order(work: Work, ids: list[UUID]) -> None:
    """My views in this order; one that is not named keeps its place."""
    own = {view.id: view for view in work.intake.choices().own}
    for place, view_id in enumerate(ids):
        if view_id in own and own[view_id].position != place:
            work.intake.update_view(replace(own[view_id], position=place))


def _checked(work: Work, view: OwnView) -> OwnView:
    try:
        name = check_text("view_name", view.name, LONGEST_NAME)
        if not name:
            raise BadValue("view_name", "missing")
        others = [own for own in work.intake.choices().own if own.id != view.id]
        if name in VIEWS or any(own.name.casefold() == name.casefold() for own in others):
            raise BadValue("view_name", "taken")
        if len(others) >= MOST_VIEWS:
            raise BadValue("view_name", "too_many")
        if view.shared not in SHARES:
            raise BadValue("shared", "not_in_list")
        if (view.shared == "centre" and work.actor.locality is None) or (
            view.shared == "team" and work.actor.team_id is None
        ):
            raise BadValue("shared", f"no_{view.shared}")
        if len(repr(dict(view.look))) > _LONGEST_LOOK:
            raise BadValue("look", "too_long")
    except BadValue as problem:
        raise BadValues((problem,)) from None
    return replace(view, name=name)
