"""What the deployment service needs of a store."""

from __future__ import annotations

from typing import Protocol


class DeploymentStore(Protocol):
    """Workers, shifts, visits, allocations."""
