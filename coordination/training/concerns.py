"""Safeguarding concerns of the training city: the path of every referral that says "safeguarding" (E3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from coordination.training.batches import Batch, Pile, later
from coordination.training.chance import Chance
from coordination.training.queue import TrainingReferral
from coordination.training.sources import source

_OPEN = ("waiting", "claimed", "accepted")
_HOWS = ("telephone", "telephone", "email", "secure_system", "in_person")


class Concerns:
    """What triggers would have filled is filled here: history, who was involved, when it was decided."""

    def __init__(self, chance: Chance, now: datetime) -> None:
        self._chance, self._now = chance, now
        self._words = source("words")["safeguarding"]
        self._concerns = Pile(
            "safeguarding_concern",
            "id referral_id person_id stage seen_or_said found danger made_safe consent owner owner_since involved"
            " decision decision_words decided_at decided_by locality raised_at raised_by revision",
        )
        self._told = Pile("safeguarding_told", "id concern_id name role told_at how recorded_at recorded_by")
        self._events = Pile(
            "safeguarding_event", "id concern_id at by_user from_stage to_stage owner decision reason"
        )  # fmt: skip

    def of(self, referrals: Sequence[TrainingReferral]) -> Iterator[Batch]:
        """One concern for each of those that say so, in the order in which they came."""
        for referral in sorted(referrals, key=lambda r: (r.received, r.id)):
            if referral.safeguarding:
                self._write(referral)
        yield self._concerns.take()
        yield self._told.take()
        yield self._events.take()

    def _write(self, r: TrainingReferral) -> None:
        chance, key = self._chance, self._chance.id()
        raised = min(later(r.received, chance.between(1, 6)), self._now)
        stages = self._stages(r)
        times = [raised]
        for _ in stages[1:]:
            ahead = int((self._now - times[-1]).total_seconds() // 60)
            times.append(later(times[-1], chance.between(0, max(0, min(ahead, 1_800)))))
        told = self._tell(key, r, times[-1]) if stages[-1] != "raised" and (
            stages[-1] == "decided" or chance.happens(0.6)
        ) else 0  # fmt: skip
        decided = stages[-1] == "decided"
        decision, why = chance.one_of(self._words["decision"]) if decided else (None, "")
        danger = chance.one_of(("no", "no", "not_known", "yes")) if not decided else "no"
        owner = r.holder or r.recorder
        self._concerns.add(
            key, r.id, r.resident.id, stages[-1], chance.one_of(self._words["said"]),
            chance.one_of(self._words["found"]) if len(stages) > 1 else "", danger,
            chance.one_of(self._words["made_safe"]) if danger == "yes" else "", chance.one_of(self._words["consent"]),
            owner, raised, sorted({owner, r.recorder}), decision, why, times[-1] if decided else None,
            owner if decided else None, r.place.locality if r.place else None, raised, r.recorder,
            len(stages) + told,
        )  # fmt: skip
        self._events.add(chance.id(), key, raised, r.recorder, None, "raised", owner, None, "")
        for (before, after), at in zip(pairwise(stages), times[1:], strict=True):
            reason = why if after == "decided" else ""
            self._events.add(chance.id(), key, at, owner, before, after, owner, decision if reason else None, reason)

    def _stages(self, r: TrainingReferral) -> list[str]:
        """Of a referral that is closed, all is decided; of an open one, some are being looked into."""
        if r.state == "closed":
            return ["raised", "looking", "decided"]
        if r.state in _OPEN and r.holder is None:
            return ["raised"]
        return ["raised", "looking"] if self._chance.happens(0.7) else ["raised"]

    def _tell(self, key: str, r: TrainingReferral, until: datetime) -> int:
        name, role = self._chance.one_of(self._words["told"])
        how = self._chance.one_of(_HOWS)
        owner = r.holder or r.recorder
        self._told.add(self._chance.id(), key, name, role, until, how, until, owner)
        return 1
