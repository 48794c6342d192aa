"""What stands beside a referral: what the rules suggested, and that nobody in the city is responsible."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from coordination.intake.model import Beside, KeptSuggestion, Suggestion
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
        t = referral_suggestion
        rows = self._connection.execute(select(t).where(t.c.referral_id == referral_id).order_by(t.c.place))
        kept = tuple(
            KeptSuggestion(
                r.rule, r.version, r.service, r.urgency, r.reason, r.taken, r.chosen_service, r.chosen_urgency
            )
            for r in rows
        )
        o = referral_outside
        outside = self._connection.execute(select(o).where(o.c.referral_id == referral_id)).one_or_none()
        return Beside(kept, outside.reason if outside else None, outside.whom if outside else "")
