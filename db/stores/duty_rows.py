"""Rows of shifts and handovers to records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select

from coordination.duty.model import Break, Correction, DeskShift, Handover
from coordination.values import UserName
from db.tables.duty import desk_break, desk_correction, desk_shift, handover
from db.tables.governance import user_account


def shifts_query() -> Select[Any]:
    """Shifts with their breaks, one row a break, in order."""
    who, by, cover = user_account.alias("who"), user_account.alias("by"), user_account.alias("cover")
    s, b = desk_shift, desk_break
    return (
        select(
            s,
            who.c.display_name.label("display_name"),
            who.c.role.label("role"),
            by.c.display_name.label("ended_by_name"),
            b.c.id.label("break_id"),
            b.c.started_at.label("break_started"),
            b.c.planned_end.label("break_planned"),
            b.c.ended_at.label("break_ended"),
            b.c.cover,
            cover.c.display_name.label("cover_name"),
            b.c.revision.label("break_revision"),
        )
        .join_from(s, who, who.c.user_name == s.c.user_name)
        .outerjoin(by, by.c.user_name == s.c.ended_by)
        .outerjoin(b, b.c.shift_id == s.c.id)
        .outerjoin(cover, cover.c.user_name == b.c.cover)
    )


def shifts_of(rows: Iterable[Any]) -> list[DeskShift]:
    """Rows of ``shifts_query``, breaks of one shift beside each other, as shifts in the order of the rows."""
    found: dict[Any, tuple[Any, list[Break]]] = {}
    for r in rows:
        _, breaks = found.setdefault(r.id, (r, []))
        if r.break_id is not None:
            breaks.append(_break_of(r))
    return [_shift_of(r, breaks) for r, breaks in found.values()]


def _break_of(r: Any) -> Break:
    cover = UserName(r.cover) if r.cover else None
    return Break(
        r.break_id, r.break_started, r.break_planned, r.break_ended, cover, r.cover_name or r.cover, r.break_revision
    )


def _shift_of(r: Any, breaks: list[Break]) -> DeskShift:
    return DeskShift(
        r.id,
        UserName(r.user_name),
        r.display_name,
        r.role,
        r.locality,
        r.started_at,
        r.planned_end,
        r.ended_at,
        r.ended_how,
        r.ended_by_name or r.ended_by,
        r.revision,
        tuple(sorted(breaks, key=lambda b: b.started_at)),
    )


def corrections_query() -> Select[Any]:
    by = user_account.alias("by")
    c = desk_correction
    return select(c, by.c.display_name.label("by_name")).outerjoin(by, by.c.user_name == c.c.by_user)


def correction_of(r: Any) -> Correction:
    return Correction(
        r.id,
        r.shift_id,
        r.break_id,
        r.at,
        r.by_name or r.by_user,
        r.kind,
        (r.was_started_at, r.was_ended_at),
        (r.started_at, r.ended_at),
        r.reason,
    )


def handovers_query() -> Select[Any]:
    names = {n: user_account.alias(n) for n in ("leaver", "signer", "taker", "settler")}
    h = handover
    return (
        select(h, *(names[n].c.display_name.label(f"{n}_name") for n in names))
        .join_from(h, names["leaver"], names["leaver"].c.user_name == h.c.from_user)
        .outerjoin(names["signer"], names["signer"].c.user_name == h.c.signed_by)
        .outerjoin(names["taker"], names["taker"].c.user_name == h.c.to_user)
        .outerjoin(names["settler"], names["settler"].c.user_name == h.c.settled_by)
    )


def handover_of(r: Any) -> Handover:
    return Handover(
        r.id,
        r.shift_id,
        UserName(r.from_user),
        r.leaver_name,
        UserName(r.signed_by),
        r.signer_name or r.signed_by,
        r.signed_at,
        UserName(r.to_user) if r.to_user else None,
        r.taker_name or r.to_user,
        r.locality,
        r.note,
        r.drafts,
        r.corrects,
        r.state,
        r.settled_at,
        r.settler_name or r.settled_by,
        r.revision,
    )
