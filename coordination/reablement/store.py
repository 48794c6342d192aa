"""What the reablement service needs of a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from coordination.assessment.model import Form
from coordination.reablement.model import (
    Answer,
    Barrier,
    BarrierId,
    Episode,
    EpisodeDetail,
    EpisodeDraft,
    EpisodeFilter,
    EpisodeId,
    EpisodeRow,
    Offer,
    OfferId,
    PackageDraft,
    PackageId,
    Provider,
    ProviderId,
    Review,
    ReviewDraft,
    ReviewId,
    SignedScores,
)
from coordination.values import PersonId, WorkerId


class ReablementStore(Protocol):
    """Episodes and what hangs on them. What the database refuses is raised as BrokenRule or AlreadyExists."""

    def rows(self, asked: EpisodeFilter) -> list[EpisodeRow]:
        """One query. In no order that means anything to a reader."""
        ...

    def get(self, episode: EpisodeId) -> Episode | None: ...

    def open_of(self, person: PersonId) -> Episode | None:
        """The one that has not ended."""
        ...

    def detail(self, episode: EpisodeId) -> EpisodeDetail | None:
        """Without its scores."""
        ...

    def signed(self, episode: Episode) -> tuple[SignedScores | None, SignedScores | None]:
        """The answers at the start and at the end; None where there are none, or they are not shared with me."""
        ...

    def form(self, form: tuple[str, int]) -> Form | None: ...

    def take_back(self, episode: EpisodeId, seen: int) -> bool:
        """Gone, as if it had never been begun. False when it is not as it was seen; raises BrokenRule."""
        ...

    def reviews(self, episode: EpisodeId) -> list[Review]:
        """In order of when they are due."""
        ...

    def insert(self, draft: EpisodeDraft) -> bool:
        """False when the id is there already: the same create, sent again."""
        ...

    def change(self, episode: EpisodeId, seen: int, changes: Mapping[str, Any]) -> bool:
        """Change it only if it is still at revision ``seen``."""
        ...

    def plan_reviews(self, episode: EpisodeId, days: Sequence[date]) -> None: ...

    def drop_reviews(self, reviews: Sequence[Review]) -> None: ...

    def hold_review(self, review: ReviewId, seen: int, draft: ReviewDraft | None) -> bool:
        """``draft`` None takes it back."""
        ...

    def add_barrier(self, episode: EpisodeId, barrier: Barrier) -> None: ...

    def change_barrier(self, barrier: BarrierId, seen: int, changes: Mapping[str, Any]) -> bool: ...

    def put_package(self, episode: EpisodeId, draft: PackageDraft, seen: int | None) -> bool:
        """Insert it, or change the one at revision ``seen``. False when that is stale."""
        ...

    def set_start(self, package: PackageId, starts_on: date) -> None: ...

    def offer(self, offer: OfferId, package: PackageId, provider: ProviderId) -> None: ...

    def answer(self, offer: OfferId, seen: int, answer: Answer, words: str) -> bool: ...

    def find_offer(self, offer: OfferId) -> tuple[Offer, PackageId, EpisodeId] | None: ...

    def providers(self) -> list[Provider]:
        """In order of name."""
        ...

    def leads(self, team: int) -> list[tuple[WorkerId, str]]:
        """Who may lead an episode of a team, in order of name."""
        ...
