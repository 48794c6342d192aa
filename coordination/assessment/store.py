"""What the assessment service needs of a store."""

from __future__ import annotations

from typing import Protocol


class AssessmentStore(Protocol):
    """Forms, assessments, answers."""
