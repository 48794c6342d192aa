"""What stands beside a referral: what the rules suggested, and that nobody in the city is responsible."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert

from coordination.intake.detail import Beside, KeptSuggestion
from coordination.intake.model import Suggestion
from coordination.values import ReferralId
from db.tables.safeguarding import referral_outside, referral_suggestion

_MOST = 20


class PgBesideStore:
    """Written with the referral, in its transaction; read with it."""

    _connection: Connection

    def keep_suggestions(self, referral_id: ReferralId, suggestions: Sequence[Suggestion]) -> None:
        rows = [
            {
                "referral_id": referral_id,
                "place": place,
                "rule": made.rule,
                "version": made.version,
                "service": made.service,
                "urgency": made.urgency,
                "reason": made.reason,
                "taken": made.taken,
            }
            for place, made in enumerate(suggestions[:_MOST], start=1)
        ]
        if rows:
            self._connection.execute(insert(referral_suggestion).on_conflict_do_nothing(), rows)

    def keep_outside(self, referral_id: ReferralId, reason: str, whom: str) -> None:
        values = {"referral_id": referral_id, "reason": reason, "whom": whom}
        self._connection.execute(insert(referral_outside).values(values).on_conflict_do_nothing())

    def beside(self, referral_id: ReferralId) -> Beside:
        r = self._connection.execute(select(*beside_columns(referral_id))).one()
        return beside_of(r.suggestions, r.outside)


def beside_columns(referral_id: ReferralId) -> list[Any]:
    """Columns ``suggestions`` and ``outside`` of one referral, for a query of one row."""
    t, o = referral_suggestion, referral_outside
    row = func.jsonb_build_array(
        t.c.rule, t.c.version, t.c.service, t.c.urgency, t.c.reason, t.c.taken, t.c.chosen_service, t.c.chosen_urgency
    )
    suggestions = select(func.jsonb_agg(aggregate_order_by(row, t.c.place))).where(t.c.referral_id == referral_id)
    outside = select(func.jsonb_build_array(o.c.reason, o.c.whom)).where(o.c.referral_id == referral_id)
    return [suggestions.scalar_subquery().label("suggestions"), outside.scalar_subquery().label("outside")]


def beside_of(suggestions: Any, outside: Any) -> Beside:
    kept = tuple(KeptSuggestion(*row) for row in suggestions or ())
    return Beside(kept, outside[0] if outside else None, outside[1] if outside else "")
